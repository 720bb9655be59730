/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <locale.h>
#include <string.h>

#include "assay-archive.h"
#include "assay-error.h"
#include "assay-limits.h"

static GFile *
get_archive (const char *name)
{
  return g_file_new_build_filename (g_test_get_dir (G_TEST_BUILT), "fixtures", "archives", name,
                                    NULL);
}

static AssayFormat
get_format (GFile *file)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  guint8 head[ASSAY_LIMIT_PROBE_HEAD];
  AssayFacts facts = { 0 };
  gsize got = 0;

  g_assert_nonnull (stream);
  g_assert_true (g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head, &got, NULL,
                                          NULL));
  assay_probe_head (head, got, &facts, NULL);
  return facts.format;
}

/* A stream that can't be sought, as a pipe or a download is. */
static GInputStream *
make_forward (GInputStream *stream)
{
  g_autoptr (GConverter) same = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 0));
  g_autoptr (GConverter) back = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW));
  g_autoptr (GInputStream) there = g_converter_input_stream_new (stream, same);

  return g_converter_input_stream_new (there, back);
}

static AssayArchive *
open_archive (const char *name,
              gboolean forward,
              GError **error)
{
  g_autoptr (GFile) file = get_archive (name);
  g_autoptr (GInputStream) stream = G_INPUT_STREAM (g_file_read (file, NULL, NULL));
  g_autoptr (GInputStream) way = forward ? make_forward (stream) : g_object_ref (stream);

  g_assert_nonnull (stream);
  return assay_archive_new (way, name, get_format (file), NULL, error);
}

static gssize
read_all (AssayArchive *archive,
          GError **error)
{
  g_autofree guint8 *buffer = g_malloc (64 * 1024);
  gssize total = 0;
  gssize got;

  while ((got = assay_archive_read (archive, buffer, 64 * 1024, error)) > 0)
    total += got;
  return got < 0 ? -1 : total;
}

static void
append_member (GString *text,
               AssayArchive *archive,
               const AssayArchiveMember *member,
               gboolean read)
{
  static const char kinds[] = { '\0', '/', '@', '%' };
  g_autoptr (GError) error = NULL;
  gssize size;

  g_assert_true (g_utf8_validate (member->name, -1, NULL));
  g_assert_nonnull (member->raw_name);
  g_string_append_printf (text, "%s%s", text->len > 0 ? "|" : "", member->name);
  if (kinds[member->kind] != '\0')
    g_string_append_c (text, kinds[member->kind]);
  if (member->encrypted)
    g_string_append_c (text, '*');
  if (!read || member->kind == ASSAY_ARCHIVE_FOLDER)
    return;
  size = read_all (archive, &error);
  if (size < 0)
    g_string_append_printf (text, "!%s", assay_error_code_name (error->code));
  else
    g_string_append_printf (text, "=%" G_GSSIZE_FORMAT, size);
}

/* "name=bytes|name!error|…", and the archive's own error after a blank. */
static char *
describe (const char *name,
          gboolean forward,
          gboolean read,
          GError **error)
{
  g_autoptr (AssayArchive) archive = open_archive (name, forward, error);
  GString *text = g_string_new (NULL);
  const AssayArchiveMember *member;
  guint n = 0;

  while (archive != NULL && (member = assay_archive_next (archive, error)) != NULL)
    {
      g_assert_cmpuint (member->index, ==, n++);
      append_member (text, archive, member, read);
    }
  if (archive != NULL)
    g_assert_true (assay_archive_is_broken (archive) == (*error != NULL));
  if (*error != NULL)
    g_string_append_printf (text, " %s", assay_error_code_name ((*error)->code));
  return g_string_free (text, FALSE);
}

#define X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* What each gives, read to the end; and when it can't be sought, where that
 * differs.  tests/fixtures/README.md says how each is made. */
static const struct {
  const char *name;
  const char *wanted;
  const char *forward;
} archives[] = {
  { "plain.zip", "a.png=71|b.png=71|notes.txt=39" },
  { "stored.zip", "a.png=71|b.png=71" },
  { "streamed.zip", "a.png=71|b.png=71" },
  { "folders.zip", "roses//|roses/1.png=71|tulips/1.png=71" },
  { "utf8-name.zip", "комната 花.png=71" },
  { "unmarked-utf8-name.zip", "комната 花.png=71" },
  { "unicode-extra.zip", "Blüte 花.png=71" },
  { "cp437-name.zip", "Blüte.png=71" },
  { "japanese-name.zip", "ë╘.png=71" },
  { "invalid-utf8-name.zip", "=71" },
  { "control-name.zip", "a\nb\x1b[31m\xe2\x80\xaegpj.png=71" },
  { "no-name.zip", "=71" },
  { "parent.zip", "../../evil.png=71|..=71" },
  { "absolute.zip", "/etc/evil.png=71" },
  { "backslash.zip", "../evil.png=71|C:/evil.png=71" },
  { "duplicate.zip", "a.png=71|a.png=71|A.png=71" },
  { "links.zip", "a.png=71|link.png@=0", "a.png=71|link.png=5" },
  { "macosx.zip",
    "a.png=71|__MACOSX/._a.png=64|.hidden.png=71|.thumbs/c.png=71|.DS_Store=9" },
  { "nested.zip", "a.png=71|inner.zip=434|inner.tar=10240|inner.png=434|inner.tgz=258" },
  { "no-pictures.zip", "notes.txt=7|more.txt=7" },
  { "broken-pictures.zip", "cut.png=20|words.jpg=7|empty.png=0|good.txt=71" },
  { "empty.zip", "" },
  { "comment.zip", "a.png=71" },
  { "encrypted.zip", "secret.png*!unsupported|open.png=71" },
  { "encrypted-aes.zip", "secret.png*!unsupported" },
  { "lying-size.zip", "a.png!damaged|b.png!damaged|c.png=71" },
  { "bad-crc.zip", "a.png=71|b.png!damaged|c.png=71" },
  { "bad-deflate.zip", "a.png=71|b.png!damaged damaged" },
  { "unknown-method.zip", "a.png=71|b.png!unsupported|c.png=71" },
  { "wants-memory.zip", "a.png=71|b.png!unsupported|c.png=71" },
  { "garbage.zip", " damaged" },
  { "truncated.zip", "a.png=4000|b.png=4000|c.png!damaged damaged" },
  { "truncated-head.zip", " damaged" },
  { "truncated-directory.zip", "a.png=4000|b.png=4000|c.png=4000" },
  { "bomb.zip",
    "0.bmp=50331702|1.bmp=50331702|2.bmp=50331702|3.bmp=50331702|4.bmp=50331702|"
    "5.bmp!too-large too-large" },
  { "bomb-overlapping.zip", "0.bmp=50331702" },
  { "plain.tar", "a.png=71|b.png=71|notes.txt=7" },
  { "plain.tgz", "a.png=71|b.png=71|notes.txt=7" },
  { "pax.tar", "roses/" X50 X50 X50 "/花.png=71" },
  { "gnu-long.tar", "roses/" X50 X50 X50 "/花.png=71" },
  { "latin-name.tar", "Blüte.png=71" },
  { "links.tar",
    "a.png=71|symbolic.png@=0|hard.png@=0|pipe.png%=0|character.png%=0|block.png%=0|folder//" },
  { "parent.tar", "../../evil.png=71|/etc/evil.png=71" },
  { "duplicate.tar", "a.png=71|a.png=71" },
  { "sparse.tar", "hole.png!too-large too-large" },
  { "truncated.tar", "a.png=4000|b.png!damaged damaged" },
  { "truncated.tgz", "a.png=80000|b.png!damaged damaged" },
  { "bad-checksum.tar", "a.png=4000 damaged" },
  { "lone.png.gz", "lone.png=71" },
  { "named.gz", "Blüte.png=71" },
  { "empty.gz", "" },
  { "twice.png.gz", " unsupported" },
  { "holds-zip.gz", "holds-zip=434" },
  { "truncated.png.gz", " damaged" },
  { "bad-crc.png.gz", "bad-crc.png=71" },
  { "trailing.png.gz", "trailing.png=71" },
  { "bomb.png.gz", "bomb.png!too-large too-large" },
  { "bomb-skipped.tgz", "a.png=71|zeros.bin!too-large too-large" },
};

static void
gives_what_is_in_each (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (archives); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = describe (archives[i].name, FALSE, TRUE, &error);

      g_test_message ("%s", archives[i].name);
      g_assert_cmpstr (text, ==, archives[i].wanted);
    }
}

static void
gives_the_same_without_seeking (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (archives); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = describe (archives[i].name, TRUE, TRUE, &error);

      g_test_message ("%s", archives[i].name);
      g_assert_cmpstr (text, ==, archives[i].forward != NULL ? archives[i].forward
                                                             : archives[i].wanted);
    }
}

/* What is skipped is neither unpacked for nothing nor left uncounted. */
static void
skips_what_is_not_read (void)
{
  static const char *const skipped[][2] = {
    { "plain.tgz", "a.png|b.png|notes.txt" },
    { "streamed.zip", "a.png|b.png" },
    { "bad-crc.zip", "a.png|b.png|c.png" },
    { "bad-deflate.zip", "a.png|b.png|c.png" },
    { "encrypted.zip", "secret.png*|open.png" },
    { "sparse.tar", "hole.png" },
    { "truncated.zip", "a.png|b.png|c.png damaged" },
    { "truncated.tar", "a.png|b.png damaged" },
    { "bomb-skipped.tgz", "a.png|zeros.bin too-large" },
    { "bomb.png.gz", "bomb.png too-large" },
  };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (skipped); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = describe (skipped[i / 2][0], i % 2, FALSE, &error);

      g_test_message ("%s", skipped[i / 2][0]);
      g_assert_cmpstr (text, ==, skipped[i / 2][1]);
    }
}

/* However it is read: libarchive forgets a hole at the end when what came
 * before it was read by itself. */
static void
misses_nothing_of_a_hole (void)
{
  g_autoptr (AssayArchive) archive = open_archive ("sparse.tar", FALSE, NULL);
  g_autoptr (GError) error = NULL;
  guint8 buffer[4096];

  assay_archive_next (archive, NULL);
  g_assert_cmpint (assay_archive_read (archive, buffer, sizeof buffer, NULL), ==, sizeof buffer);
  g_assert_cmpint (assay_archive_read (archive, buffer, sizeof buffer, &error), ==, -1);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
  g_assert_false (assay_archive_is_broken (archive));
  g_assert_null (assay_archive_next (archive, NULL));
}

static void
says_where_it_broke (void)
{
  static const struct {
    const char *name;
    const char *words;
  } broken[] = {
    { "truncated.zip", "inside the member “c.png”, 10000 bytes in" },
    { "truncated.tar", "inside the member “b.png”, 7000 bytes in" },
    { "truncated.tgz", "inside the member “b.png”, 180000 bytes in" },
    { "bad-checksum.tar", "after the member “a.png”, 8704 bytes in" },
    { "truncated-head.zip", "before its first member, 0 bytes in" },
    { "truncated.png.gz", "before its first member, 3000 bytes in" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = describe (broken[i].name, FALSE, TRUE, &error);

      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
      g_assert_nonnull (strstr (error->message, broken[i].words));
      g_assert_nonnull (strstr (error->message, broken[i].name));
    }
}

static void
says_the_same_again (void)
{
  g_autoptr (AssayArchive) archive = open_archive ("truncated.tar", FALSE, NULL);
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;
  g_autoptr (GError) third = NULL;
  guint8 byte;

  while (assay_archive_next (archive, &first) != NULL)
    {
    }
  g_assert_null (assay_archive_next (archive, &second));
  g_assert_cmpint (assay_archive_read (archive, &byte, 1, &third), ==, -1);
  g_assert_cmpstr (first->message, ==, second->message);
  g_assert_cmpstr (first->message, ==, third->message);
}

static void
bounds_long_names (void)
{
  g_autoptr (AssayArchive) archive = open_archive ("long-name.zip", FALSE, NULL);
  const AssayArchiveMember *member = assay_archive_next (archive, NULL);

  g_assert_cmpuint (strlen (member->name), ==, ASSAY_LIMIT_MEMBER_NAME_BYTES);
  g_assert_true (g_str_has_suffix (member->name, "x.png"));
}

static void
gives_many_members (void)
{
  g_autoptr (AssayArchive) archive = open_archive ("many.zip", FALSE, NULL);
  g_autoptr (GError) error = NULL;
  const AssayArchiveMember *member;
  guint n = 0;

  while ((member = assay_archive_next (archive, &error)) != NULL)
    {
      g_autofree char *name = g_strdup_printf ("folder/%04u.png", n++);

      g_assert_cmpstr (member->name, ==, name);
      g_assert_true (member->size_known);
      g_assert_cmpuint (member->size, ==, 71);
    }
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2000);
}

static void
keeps_raw_names (void)
{
  g_autoptr (AssayArchive) archive = open_archive ("cp437-name.zip", FALSE, NULL);

  g_assert_cmpstr (assay_archive_next (archive, NULL)->raw_name, ==, "Bl\x81te.png");
}

static void
gives_the_bytes_themselves (void)
{
  g_autoptr (AssayArchive) archive = open_archive ("streamed.zip", TRUE, NULL);
  guint8 bytes[128];
  AssayFacts facts = { 0 };
  g_autoptr (GBytes) picture = NULL;
  g_autoptr (GError) error = NULL;

  assay_archive_next (archive, NULL);
  g_assert_cmpint (assay_archive_read (archive, bytes, 10, NULL), ==, 10);
  g_assert_cmpint (assay_archive_read (archive, bytes + 10, sizeof bytes - 10, NULL), ==, 61);
  g_assert_cmpint (assay_archive_read (archive, bytes, 1, NULL), ==, 0);
  picture = g_bytes_new_static (bytes, 71);
  g_assert_true (assay_probe_bytes (picture, &facts, &error));
  g_assert_no_error (error);
}

static void
stops_when_canceled (void)
{
  g_autoptr (GFile) file = get_archive ("bomb.zip");
  g_autoptr (GInputStream) stream = G_INPUT_STREAM (g_file_read (file, NULL, NULL));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayArchive) archive = NULL;

  archive = assay_archive_new (stream, "bomb.zip", ASSAY_FORMAT_ZIP, cancellable, &error);
  g_assert_no_error (error);
  g_assert_nonnull (assay_archive_next (archive, &error));
  g_cancellable_cancel (cancellable);
  while (assay_archive_next (archive, &error) != NULL && read_all (archive, NULL) >= 0)
    {
    }
  if (error == NULL)
    assay_archive_next (archive, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
says_what_could_not_be_read (void)
{
  g_autoptr (GInputStream) noise = g_memory_input_stream_new_from_data ("no zlib", 7, NULL);
  g_autoptr (GConverter) unpacker =
    G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (noise, unpacker);
  g_autoptr (GError) error = NULL;

  g_assert_null (assay_archive_new (stream, "far.zip", ASSAY_FORMAT_ZIP, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
}

/* Names are found as they are where the program's locale is C, and the
 * thread's own locale is as it was. */
static void
leaves_the_locale_alone (void)
{
  locale_t before = uselocale ((locale_t) 0);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpstr (setlocale (LC_CTYPE, NULL), ==, "C");
  text = describe ("utf8-name.zip", FALSE, TRUE, &error);
  g_assert_cmpstr (text, ==, "комната 花.png=71");
  g_assert_true (uselocale ((locale_t) 0) == before);
  g_assert_cmpstr (setlocale (LC_CTYPE, NULL), ==, "C");
}

#define TEST(name, function) g_test_add_func ("/assay/archive/" name, function)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C");

  TEST ("gives-what-is-in-each", gives_what_is_in_each);
  TEST ("gives-the-same-without-seeking", gives_the_same_without_seeking);
  TEST ("skips-what-is-not-read", skips_what_is_not_read);
  TEST ("misses-nothing-of-a-hole", misses_nothing_of_a_hole);
  TEST ("says-where-it-broke", says_where_it_broke);
  TEST ("says-the-same-again", says_the_same_again);
  TEST ("bounds-long-names", bounds_long_names);
  TEST ("gives-many-members", gives_many_members);
  TEST ("keeps-raw-names", keeps_raw_names);
  TEST ("gives-the-bytes-themselves", gives_the_bytes_themselves);
  TEST ("stops-when-canceled", stops_when_canceled);
  TEST ("says-what-could-not-be-read", says_what_could_not_be_read);
  TEST ("leaves-the-locale-alone", leaves_the_locale_alone);
  return g_test_run ();
}
