/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assay-error.h"
#include "assay-intake.h"
#include "assay-limits.h"
#include "pictures.h"

#define NOBODY 65534

typedef struct {
  char *folder;
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  self->folder = pictures_make_folder ();
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  pictures_remove_folder (self->folder);
  g_free (self->folder);
}

/* What a walk gave. */
typedef struct {
  GPtrArray *sources;
  AssayIntakeSummary *summary;
  GError *error;
  GMainLoop *loop;
  GThread *thread;
  GCancellable *cancel_at_first;
  guint n_batches;
  guint largest;
  gboolean destroyed;
} Walk;

static void
batch_cb (GPtrArray *sources,
          gpointer data)
{
  Walk *self = data;

  g_assert_true (g_thread_self () == self->thread);
  g_assert_false (self->destroyed);
  g_assert_null (self->summary);
  for (guint i = 0; i < sources->len; i++)
    g_ptr_array_add (self->sources, g_object_ref (g_ptr_array_index (sources, i)));
  self->n_batches++;
  self->largest = MAX (self->largest, sources->len);
  if (self->cancel_at_first != NULL)
    g_cancellable_cancel (self->cancel_at_first);
}

static void
destroy_cb (gpointer data)
{
  Walk *self = data;

  g_assert_true (g_thread_self () == self->thread);
  self->destroyed = TRUE;
}

static void
walked_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Walk *self = data;

  g_assert_true (self->destroyed);
  self->summary = assay_intake_walk_finish (result, &self->error);
  g_main_loop_quit (self->loop);
}

static void
walk_init (Walk *self)
{
  *self = (Walk) { 0 };
  self->sources = g_ptr_array_new_with_free_func (g_object_unref);
  self->loop = g_main_loop_new (NULL, FALSE);
  self->thread = g_thread_self ();
}

static void
walk_clear (Walk *self)
{
  g_ptr_array_unref (self->sources);
  g_main_loop_unref (self->loop);
  g_clear_pointer (&self->summary, assay_intake_summary_free);
  g_clear_error (&self->error);
}

static void
walk_run (Walk *self,
          const char *const *paths,
          GCancellable *cancellable)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; paths[i] != NULL; i++)
    g_ptr_array_add (files, strstr (paths[i], "://") != NULL ? g_file_new_for_uri (paths[i])
                                                             : g_file_new_for_path (paths[i]));
  assay_intake_walk_async ((GFile *const *) files->pdata, files->len, batch_cb, self, destroy_cb,
                           cancellable, walked_cb, self);
  g_main_loop_run (self->loop);
  if (self->summary != NULL)
    g_assert_cmpuint (self->summary->n_sources, ==, self->sources->len);
}

static void
walk_path (Walk *self,
           const char *path)
{
  const char *const paths[] = { path, NULL };

  walk_init (self);
  walk_run (self, paths, NULL);
  g_assert_no_error (self->error);
}

/* The sources as "group/name" or "group/name:error", in order. */
static char *
describe (Walk *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->sources->len; i++)
    {
      AssaySource *source = g_ptr_array_index (self->sources, i);
      const char *group = assay_source_get_group (source);
      const GError *error = assay_source_get_error (source);

      g_string_append_printf (text, "%s%s%s%s%s%s", i > 0 ? " " : "", group != NULL ? group : "",
                              group != NULL ? "/" : "", assay_source_get_name (source),
                              error != NULL ? ":" : "",
                              error != NULL ? assay_error_code_name (error->code) : "");
    }
  return g_string_free (text, FALSE);
}

static void
assert_walk (const char *path,
             const char *expected,
             guint n_left_out)
{
  Walk walk;
  g_autofree char *got = NULL;

  walk_path (&walk, path);
  got = describe (&walk);
  g_assert_cmpstr (got, ==, expected);
  g_assert_cmpuint (walk.summary->n_left_out, ==, n_left_out);
  g_assert_cmpuint (walk.summary->left_out->len, ==, n_left_out);
  for (guint i = 0; i < n_left_out; i++)
    {
      AssayLeftOut *left_out = g_ptr_array_index (walk.summary->left_out, i);

      g_assert_cmpint (left_out->path[0], ==, '/');
      g_assert_cmpint (strlen (left_out->reason), >, 5);
    }
  walk_clear (&walk);
}

static void
walks_folders_in_order (Fixture *fixture,
                        gconstpointer data)
{
  static const char *const names[] = {
    "img10.jpg", "img2.jpg", "img02.jpg", "IMG1.jpg", "a.jpg", "img.jpg", "img2b.jpg",
    "\xc3\xa9.jpg",
    "img99999999999999999999999999.jpg", "img100000000000000000000000000.jpg",
  };
  g_autofree char *top = pictures_make_below (fixture->folder, "holiday");
  g_autofree char *beach = pictures_make_below (top, "beach");
  g_autofree char *above = pictures_make_below (top, "Above");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (pictures_write_picture (top, names[i], "jpeg", i));
  g_free (pictures_write_picture (beach, "z.png", "png", 1));
  g_free (pictures_write_picture (above, "y.png", "png", 1));
  assert_walk (top,
               "holiday/IMG1.jpg holiday/a.jpg holiday/img.jpg holiday/img02.jpg holiday/img2.jpg "
               "holiday/img2b.jpg holiday/img10.jpg "
               "holiday/img99999999999999999999999999.jpg "
               "holiday/img100000000000000000000000000.jpg holiday/\xc3\xa9.jpg "
               "holiday/Above/y.png holiday/beach/z.png",
               0);
}

/* Everything that isn't simply a picture, and what is said about it: when it is
 * named, and in a folder (NULL: it is left out there). */
static const struct {
  const char *name;
  const char *named;
  const char *inside;
} zoo[] = {
  { "archive.jpg", "damaged", "damaged" },
  { "archive.zip", "damaged", "damaged" },
  { "circle", "unreadable", "unreadable" },
  { "dangling.png", "unreadable", "unreadable" },
  { "document.pdf", "not-an-image", NULL },
  { "drawing.svg", "unsupported", "unsupported" },
  { "empty", "not-an-image", NULL },
  { "empty.jpg", "not-an-image", "not-an-image" },
  { "good.jpg", "", "" },
  { "huge.jpg", "too-large", "too-large" },
  { "link.jpg", "", "" },
  { "no-ending", "", "" },
  { "notes.txt", "not-an-image", NULL },
  { "pipe", "not-an-image", NULL },
  { "pipe.jpg", "not-an-image", "not-an-image" },
  { "program.png", "not-an-image", "not-an-image" },
  { "wide.png", "too-large", "too-large" },
  { "wrong.txt", "", "" },
};

static void
make_link (const char *folder,
           const char *name,
           const char *target)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
make_fifo (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
}

/* A PNG that says it is 40,000 pixels wide. */
static void
make_wide (const char *folder)
{
  static const guint8 head[] = {
    0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R',
    0, 0, 0x9c, 0x40, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0, 0, 0, 0,
  };

  g_free (pictures_write (folder, "wide.png", head, sizeof head));
}

static void
make_zoo (const char *folder)
{
  static const char zip[] = "PK\003\004\024\0\0\0\0\0aaaaaaaaaaaaaaaaaaaa";
  g_autofree char *huge = NULL;

  g_free (pictures_write (folder, "archive.zip", zip, sizeof zip));
  g_free (pictures_write (folder, "archive.jpg", zip, sizeof zip));
  make_link (folder, "circle", "circle");
  make_link (folder, "dangling.png", "nowhere.png");
  g_free (pictures_write (folder, "document.pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", -1));
  g_free (pictures_write (folder, "drawing.svg",
                          "<?xml version=\"1.0\"?>\n"
                          "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", -1));
  g_free (pictures_write (folder, "empty", "", 0));
  g_free (pictures_write (folder, "empty.jpg", "", 0));
  g_free (pictures_write_picture (folder, "good.jpg", "jpeg", 1));
  huge = pictures_write_picture (folder, "huge.jpg", "jpeg", 2);
  g_assert_cmpint (truncate (huge, (off_t) ASSAY_LIMIT_FILE_BYTES + 1), ==, 0);
  make_link (folder, "link.jpg", "good.jpg");
  g_free (pictures_write_picture (folder, "no-ending", "png", 3));
  g_free (pictures_write (folder, "notes.txt", "Dear diary,\n", -1));
  make_fifo (folder, "pipe");
  make_fifo (folder, "pipe.jpg");
  g_free (pictures_write (folder, "program.png", "\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0", 16));
  make_wide (folder);
  g_free (pictures_write_picture (folder, "wrong.txt", "jpeg", 4));
}

static void
gives_a_reason_for_all_that_is_named (Fixture *fixture,
                                      gconstpointer data)
{
  const char *paths[G_N_ELEMENTS (zoo) + 1] = { NULL };
  Walk walk;

  make_zoo (fixture->folder);
  for (guint i = 0; i < G_N_ELEMENTS (zoo); i++)
    paths[i] = g_build_filename (fixture->folder, zoo[i].name, NULL);
  walk_init (&walk);
  walk_run (&walk, paths, NULL);
  g_assert_cmpuint (walk.sources->len, ==, G_N_ELEMENTS (zoo));
  g_assert_cmpuint (walk.summary->n_left_out, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (zoo); i++)
    {
      AssaySource *source = g_ptr_array_index (walk.sources, i);
      const GError *error = assay_source_get_error (source);

      g_test_message ("%s: %s", zoo[i].name, error != NULL ? error->message : "sent");
      g_assert_cmpstr (assay_source_get_name (source), ==, zoo[i].name);
      g_assert_null (assay_source_get_group (source));
      g_assert_cmpstr (error != NULL ? assay_error_code_name (error->code) : "", ==, zoo[i].named);
      g_free ((char *) paths[i]);
    }
  walk_clear (&walk);
}

static void
leaves_out_what_is_no_picture_inside (Fixture *fixture,
                                      gconstpointer data)
{
  g_autofree char *folder = pictures_make_below (fixture->folder, "zoo");
  g_autoptr (GString) expected = g_string_new (NULL);
  guint n_left_out = 0;

  make_zoo (folder);
  for (guint i = 0; i < G_N_ELEMENTS (zoo); i++)
    {
      if (zoo[i].inside == NULL)
        n_left_out++;
      else
        g_string_append_printf (expected, "%szoo/%s%s%s", expected->len > 0 ? " " : "", zoo[i].name,
                                *zoo[i].inside != '\0' ? ":" : "", zoo[i].inside);
    }
  assert_walk (folder, expected->str, n_left_out);
}

static void
leaves_out_what_is_hidden (Fixture *fixture,
                           gconstpointer data)
{
  g_autofree char *top = pictures_make_below (fixture->folder, ".top");
  g_autofree char *hidden = pictures_make_below (top, ".thumbnails");
  g_autofree char *named = pictures_write_picture (top, ".hidden.jpg", "jpeg", 1);

  g_free (pictures_write_picture (hidden, "a.jpg", "jpeg", 2));
  g_free (pictures_write_picture (top, "b.jpg", "jpeg", 3));
  assert_walk (top, ".top/b.jpg", 2);
  assert_walk (named, ".hidden.jpg", 0);
}

static void
follows_links_to_files_only (Fixture *fixture,
                             gconstpointer data)
{
  g_autofree char *top = pictures_make_below (fixture->folder, "top");
  g_autofree char *below = pictures_make_below (top, "below");
  g_autofree char *named = g_build_filename (fixture->folder, "way", NULL);

  g_free (pictures_write_picture (below, "a.jpg", "jpeg", 1));
  make_link (below, "b.jpg", "a.jpg");
  make_link (below, "up", "..");
  make_link (top, "self", ".");
  make_link (top, "other", "below");
  make_link (fixture->folder, "way", "top");
  assert_walk (top, "top/below/a.jpg top/below/b.jpg", 3);
  /* What is named is followed. */
  assert_walk (named, "way/below/a.jpg way/below/b.jpg", 3);
}

static void
ends_at_a_depth (Fixture *fixture,
                 gconstpointer data)
{
  g_autofree char *top = pictures_make_below (fixture->folder, "d");
  g_autofree char *path = g_strdup (top);
  AssaySource *last;
  Walk walk;

  for (guint depth = 1; depth <= ASSAY_LIMIT_WALK_DEPTH + 3; depth++)
    {
      char *below = pictures_make_below (path, "d");

      g_free (pictures_write_picture (path, "a.png", "png", depth));
      g_free (path);
      path = below;
    }
  walk_path (&walk, top);
  g_assert_cmpuint (walk.sources->len, ==, ASSAY_LIMIT_WALK_DEPTH + 1);
  last = g_ptr_array_index (walk.sources, ASSAY_LIMIT_WALK_DEPTH);
  g_assert_error (assay_source_get_error (last), ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_nonnull (strstr (assay_source_get_error (last)->message, "too deep"));
  walk_clear (&walk);
}

static void
gives_a_row_for_an_empty_folder (Fixture *fixture,
                                 gconstpointer data)
{
  g_autofree char *empty = pictures_make_below (fixture->folder, "empty");
  g_autofree char *notes = pictures_make_below (fixture->folder, "notes");
  g_autofree char *below = pictures_make_below (notes, "below");
  g_autofree char *nowhere = g_build_filename (fixture->folder, "nowhere", NULL);

  g_free (pictures_write (below, "notes.txt", "Dear diary,\n", -1));
  assert_walk (empty, "empty:not-an-image", 0);
  assert_walk (notes, "notes:not-an-image", 1);
  assert_walk (nowhere, "nowhere:unreadable", 0);
}

static char *
get_archive (const char *name)
{
  return g_test_build_filename (G_TEST_BUILT, "fixtures", "archives", name, NULL);
}

/* What a walk gives of each when it is named: "group/member" or, with a reason,
 * "group/member:error"; and how many members are left out. */
static const struct {
  const char *name;
  const char *wanted;
  guint n_left_out;
} archives[] = {
  { "plain.zip", "plain.zip/a.png plain.zip/b.png", 1 },
  { "plain.tar", "plain.tar/a.png plain.tar/b.png", 1 },
  { "plain.tgz", "plain.tgz/a.png plain.tgz/b.png", 1 },
  { "streamed.zip", "streamed.zip/a.png streamed.zip/b.png", 0 },
  { "folders.zip", "folders.zip/roses/1.png folders.zip/tulips/1.png", 0 },
  { "cp437-name.zip", "cp437-name.zip/Blüte.png", 0 },
  { "no-name.zip", "no-name.zip/without a name", 0 },
  { "parent.zip", "parent.zip/../../evil.png parent.zip/..", 0 },
  { "absolute.zip", "absolute.zip//etc/evil.png", 0 },
  { "duplicate.zip", "duplicate.zip/a.png duplicate.zip/a.png duplicate.zip/A.png", 0 },
  { "links.zip", "links.zip/a.png", 1 },
  { "links.tar", "links.tar/a.png", 5 },
  { "macosx.zip", "macosx.zip/a.png", 4 },
  { "nested.zip", "nested.zip/a.png", 4 },
  { "no-pictures.zip", "no-pictures.zip:not-an-image", 2 },
  { "empty.zip", "empty.zip:not-an-image", 0 },
  { "empty.gz", "empty.gz:not-an-image", 0 },
  { "broken-pictures.zip",
    "broken-pictures.zip/cut.png broken-pictures.zip/words.jpg:not-an-image "
    "broken-pictures.zip/empty.png:not-an-image broken-pictures.zip/good.txt", 0 },
  { "encrypted.zip", "encrypted.zip/open.png", 1 },
  { "encrypted-aes.zip", "encrypted-aes.zip:unsupported", 1 },
  { "lying-size.zip",
    "lying-size.zip/a.png:damaged lying-size.zip/b.png:damaged lying-size.zip/c.png", 0 },
  { "bad-crc.zip", "bad-crc.zip/a.png bad-crc.zip/b.png:damaged bad-crc.zip/c.png", 0 },
  { "bad-deflate.zip", "bad-deflate.zip/a.png bad-deflate.zip/bad-deflate.zip:damaged", 0 },
  { "unknown-method.zip",
    "unknown-method.zip/a.png unknown-method.zip/b.png:unsupported unknown-method.zip/c.png", 0 },
  { "wants-memory.zip",
    "wants-memory.zip/a.png wants-memory.zip/b.png:unsupported wants-memory.zip/c.png", 0 },
  { "garbage.zip", "garbage.zip:damaged", 0 },
  { "truncated-head.zip", "truncated-head.zip:damaged", 0 },
  { "bomb.zip",
    "bomb.zip/0.bmp bomb.zip/1.bmp bomb.zip/2.bmp bomb.zip/3.bmp bomb.zip/4.bmp "
    "bomb.zip/bomb.zip:too-large", 0 },
  { "bomb-overlapping.zip", "bomb-overlapping.zip/0.bmp", 0 },
  { "bomb-skipped.tgz", "bomb-skipped.tgz/a.png bomb-skipped.tgz/bomb-skipped.tgz:too-large", 1 },
  { "bomb.png.gz", "bomb.png.gz/bomb.png:too-large bomb.png.gz/bomb.png.gz:too-large", 0 },
  { "sparse.tar", "sparse.tar/hole.png:damaged", 0 },
  { "lone.png.gz", "lone.png.gz/lone.png", 0 },
  { "named.gz", "named.gz/Blüte.png", 0 },
  { "twice.png.gz", "twice.png.gz:unsupported", 0 },
  { "holds-zip.gz", "holds-zip.gz:not-an-image", 1 },
  { "truncated.png.gz", "truncated.png.gz:damaged", 0 },
};

static void
opens_archives (Fixture *fixture,
                gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (archives); i++)
    {
      g_autofree char *path = get_archive (archives[i].name);

      g_test_message ("%s", archives[i].name);
      assert_walk (path, archives[i].wanted, archives[i].n_left_out);
    }
}

/* Puts the archive there under its own name. */
static void
take_archive (const char *folder,
              const char *name)
{
  g_autofree char *path = get_archive (name);

  make_link (folder, name, path);
}

static void
opens_archives_in_folders (Fixture *fixture,
                           gconstpointer data)
{
  static const char *const names[] = {
    "plain.zip", "no-pictures.zip", "empty.zip", "encrypted-aes.zip", "garbage.zip",
    "bad-deflate.zip",
  };
  g_autofree char *folder = pictures_make_below (fixture->folder, "f");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    take_archive (folder, names[i]);
  /* Left out: one of plain.zip, two of no-pictures.zip, empty.zip itself, and
   * the one behind a password. */
  assert_walk (folder,
               "f/bad-deflate.zip/a.png f/bad-deflate.zip/bad-deflate.zip:damaged "
               "f/encrypted-aes.zip:unsupported f/garbage.zip:damaged "
               "f/plain.zip/a.png f/plain.zip/b.png",
               5);
}

static AssayIntakeSummary *
walk_with (Walk *walk,
           const char *path,
           const AssayIntakeOptions *options)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  walk_init (walk);
  assay_intake_walk_full_async (&file, 1, options, batch_cb, walk, destroy_cb, NULL, walked_cb,
                                walk);
  g_main_loop_run (walk->loop);
  g_assert_no_error (walk->error);
  return walk->summary;
}

static void
keeps_archives_when_told (Fixture *fixture,
                          gconstpointer data)
{
  const AssayIntakeOptions options = { .keep_archives = TRUE };
  g_autofree char *path = get_archive ("plain.zip");
  g_autofree char *text = NULL;
  Walk walk;

  walk_with (&walk, path, &options);
  text = describe (&walk);
  g_assert_cmpstr (text, ==, "plain.zip:unsupported");
  walk_clear (&walk);
}

/* What is fit gives its members, and anything else itself. */
static const struct {
  const char *name;
  const char *wanted;
} parcels[] = {
  { "plain.zip", "plain.zip:unsupported" },      /* words among the pictures */
  { "streamed.zip", "streamed.zip/a.png streamed.zip/b.png" },
  { "cp437-name.zip", "cp437-name.zip/Blüte.png" },
  { "duplicate.zip", "duplicate.zip/a.png duplicate.zip/a.png duplicate.zip/A.png" },
  { "lone.png.gz", "lone.png.gz/lone.png" },
  { "named.gz", "named.gz/Blüte.png" },
  { "folders.zip", "folders.zip:unsupported" },
  { "parent.zip", "parent.zip:unsupported" },
  { "parent.tar", "parent.tar:unsupported" },
  { "absolute.zip", "absolute.zip:unsupported" },
  { "backslash.zip", "backslash.zip:unsupported" },
  { "links.tar", "links.tar:unsupported" },
  { "macosx.zip", "macosx.zip:unsupported" },
  { "nested.zip", "nested.zip:unsupported" },
  { "holds-zip.gz", "holds-zip.gz:unsupported" },
  { "twice.png.gz", "twice.png.gz:unsupported" },
  { "no-pictures.zip", "no-pictures.zip:unsupported" },
  { "empty.zip", "empty.zip:not-an-image" },
  { "empty.gz", "empty.gz:not-an-image" },
  { "broken-pictures.zip", "broken-pictures.zip:unsupported" },
  { "encrypted.zip", "encrypted.zip:unsupported" },
  { "bad-crc.zip", "bad-crc.zip:damaged" },
  { "lying-size.zip", "lying-size.zip:damaged" },
  { "garbage.zip", "garbage.zip:damaged" },
  { "truncated.zip", "truncated.zip:damaged" },
  { "truncated-directory.zip", "truncated-directory.zip:damaged" },
  { "truncated.tar", "truncated.tar:unsupported" },
  { "truncated.tgz", "truncated.tgz:unsupported" },
  { "truncated.png.gz", "truncated.png.gz:damaged" },
  { "bomb-skipped.tgz", "bomb-skipped.tgz:too-large" },
};

static void
checks_what_is_sent_as_it_is (Fixture *fixture,
                              gconstpointer data)
{
  const AssayIntakeOptions options = { .send_archives = TRUE };

  for (guint i = 0; i < G_N_ELEMENTS (parcels); i++)
    {
      g_autofree char *path = get_archive (parcels[i].name);
      g_autofree char *text = NULL;
      Walk walk;

      g_test_message ("%s", parcels[i].name);
      walk_with (&walk, path, &options);
      text = describe (&walk);
      g_assert_cmpstr (text, ==, parcels[i].wanted);
      for (guint j = 0; j < walk.sources->len; j++)
        {
          AssaySource *source = g_ptr_array_index (walk.sources, j);
          gboolean sent = assay_source_get_parcel (source, NULL) != NULL;

          g_assert_true (sent == (assay_source_get_error (source) == NULL));
          g_assert_true (sent != assay_source_is_unfit (source));
        }
      walk_clear (&walk);
    }
}

/* All members share a parcel whose payload is the file, and that notices when it
 * is another file by now. */
static void
parcels_are_the_file (Fixture *fixture,
                      gconstpointer data)
{
  const AssayIntakeOptions options = { .send_archives = TRUE };
  g_autofree char *archive = get_archive ("streamed.zip");
  g_autofree char *path = g_build_filename (fixture->folder, "copy.zip", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *sum = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  const char *const *names;
  AssayParcel *parcel = NULL;
  AssayPayload *payload;
  gsize length;
  guint n_names, place;
  Walk walk;

  g_assert_true (g_file_get_contents (archive, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (path, contents, length, NULL));
  walk_with (&walk, path, &options);
  g_assert_cmpuint (walk.sources->len, ==, 2);
  for (guint i = 0; i < walk.sources->len; i++)
    {
      g_autoptr (AssayPrepared) prepared = NULL;

      parcel = assay_source_get_parcel (g_ptr_array_index (walk.sources, i), &place);
      g_assert_cmpuint (place, ==, i);
      prepared = assay_source_prepare (g_ptr_array_index (walk.sources, i), FALSE, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (prepared->payload == assay_parcel_get_payload (parcel));
      g_assert_cmpstr (prepared->sent_sha256, ==, assay_parcel_get_sha256 (parcel));
      g_assert_cmpuint (prepared->facts.width, >, 0);
    }
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, length);
  g_assert_cmpstr (assay_parcel_get_sha256 (parcel), ==, sum);
  names = assay_parcel_get_names (parcel, &n_names);
  g_assert_cmpuint (n_names, ==, 2);
  g_assert_cmpstr (names[0], ==, "a.png");
  g_assert_cmpstr (names[1], ==, "b.png");

  payload = assay_parcel_get_payload (parcel);
  g_assert_cmpstr (assay_payload_get_name (payload), ==, "copy.zip");
  g_assert_cmpuint (assay_payload_get_length (payload), ==, length);
  stream = assay_payload_open (payload, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&stream);
  g_assert_true (g_file_set_contents (path, contents, length, NULL));
  g_assert_null (assay_payload_open (payload, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  walk_clear (&walk);
}

static char *
hash_of (AssaySource *source)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPrepared) prepared = assay_source_prepare (source, TRUE, NULL, &error);

  g_assert_no_error (error);
  return g_strdup (prepared->sha256);
}

/* The same bytes come from the spool and, where that has no room, from the
 * archive; for a preview and for sending, after the archive is gone or not. */
static void
gives_members_again (Fixture *fixture,
                     gconstpointer data)
{
  static const char *const names[] = { "duplicate.zip", "duplicate.tar", "streamed.zip" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = get_archive (names[i]);
      g_autoptr (AssaySpool) roomy = assay_spool_new (fixture->folder, 1 << 20, NULL);
      g_autoptr (AssaySpool) full = assay_spool_new (fixture->folder, 80, NULL);
      const AssayIntakeOptions kept = { .spool = roomy };
      const AssayIntakeOptions again = { .spool = full };
      Walk one, two;

      walk_with (&one, path, &kept);
      walk_with (&two, path, &again);
      g_assert_cmpuint (assay_spool_get_used (full), ==, 71);
      g_assert_cmpuint (assay_spool_get_used (roomy), ==, 71 * one.sources->len);
      g_assert_cmpuint (one.sources->len, ==, two.sources->len);
      for (guint n = 0; n < one.sources->len; n++)
        {
          AssaySource *first = g_ptr_array_index (one.sources, n);
          AssaySource *second = g_ptr_array_index (two.sources, n);
          g_autofree char *a = hash_of (first);
          g_autofree char *b = hash_of (second);
          g_autoptr (GInputStream) stream = assay_source_open (second, NULL, NULL);
          guint8 bytes[100];
          gsize got;

          g_assert_cmpstr (a, ==, b);
          g_assert_true (g_input_stream_read_all (stream, bytes, sizeof bytes, &got, NULL, NULL));
          g_assert_cmpuint (got, ==, 71);
          g_assert_cmpuint (assay_source_get_size (second), ==, 71);
          g_assert_cmpint (assay_source_get_kind (second), ==, ASSAY_SOURCE_MEMBER);
          g_assert_cmpstr (assay_source_get_path (second), ==, path);
        }
      walk_clear (&one);
      walk_clear (&two);
      g_assert_cmpuint (assay_spool_get_used (roomy), ==, 0);
    }
}

static void
says_when_the_archive_has_changed (Fixture *fixture,
                                   gconstpointer data)
{
  g_autoptr (AssaySpool) full = assay_spool_new (fixture->folder, 1, NULL);
  const AssayIntakeOptions options = { .spool = full };
  g_autofree char *from = get_archive ("plain.zip");
  g_autofree char *other = get_archive ("folders.zip");
  g_autofree char *path = g_build_filename (fixture->folder, "a.zip", NULL);
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GError) error = NULL;
  Walk walk;

  make_link (fixture->folder, "a.zip", from);
  walk_with (&walk, path, &options);
  g_unlink (path);
  make_link (fixture->folder, "a.zip", other);
  prepared = assay_source_prepare (g_ptr_array_index (walk.sources, 0), TRUE, NULL, &error);
  g_assert_null (prepared);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_clear_error (&error);

  g_unlink (path);
  g_free (pictures_write_picture (fixture->folder, "a.zip", "png", 1));
  g_assert_null (assay_source_open (g_ptr_array_index (walk.sources, 1), NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  walk_clear (&walk);
}

static void
sends_members_under_their_last_name (Fixture *fixture,
                                     gconstpointer data)
{
  static const char *const names[][2] = {
    { "parent.zip", "evil.png" },
    { "absolute.zip", "evil.png" },
    { "folders.zip", "1.png" },
    { "lone.png.gz", "lone.png" },
    { "no-name.zip", "without a name.png" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = get_archive (names[i][0]);
      g_autoptr (AssayPrepared) prepared = NULL;
      Walk walk;

      walk_path (&walk, path);
      prepared = assay_source_prepare (g_ptr_array_index (walk.sources, 0), TRUE, NULL, NULL);
      g_assert_cmpstr (assay_payload_get_name (prepared->payload), ==, names[i][1]);
      walk_clear (&walk);
    }
}

static void
says_where_an_archive_broke (Fixture *fixture,
                             gconstpointer data)
{
  g_autofree char *path = get_archive ("bad-checksum.tar");
  const GError *error;
  Walk walk;

  walk_path (&walk, path);
  error = assay_source_get_error (g_ptr_array_index (walk.sources, walk.sources->len - 1));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, "after the member “a.png”, 8704 bytes in"));
  walk_clear (&walk);
}

static void
stops_inside_an_archive (Fixture *fixture,
                         gconstpointer data)
{
  g_autofree char *path = get_archive ("many.zip");
  const char *const paths[] = { path, NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Walk walk;

  walk_init (&walk);
  walk.cancel_at_first = cancellable;
  walk_run (&walk, paths, cancellable);
  g_assert_error (walk.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (walk.n_batches, ==, 1);
  walk_clear (&walk);
}

/* A member that is too large to be held is sent from the spool itself. */
static void
streams_large_members (Fixture *fixture,
                       gconstpointer data)
{
  g_autofree char *path = get_archive ("bomb-overlapping.zip");
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  Walk walk;

  walk_path (&walk, path);
  prepared = assay_source_prepare (g_ptr_array_index (walk.sources, 0), TRUE, NULL, &error);
  walk_clear (&walk);
  g_assert_no_error (error);
  g_assert_false (prepared->converted);
  g_assert_null (assay_payload_get_bytes (prepared->payload));
  g_assert_cmpuint (assay_payload_get_length (prepared->payload), ==, 50331702);
  stream = assay_payload_open (prepared->payload, NULL, &error);
  g_assert_cmpint (g_input_stream_skip (stream, 100 << 20, NULL, &error), >, 0);
  g_assert_no_error (error);
}

static void
comes_in_batches (Fixture *fixture,
                  gconstpointer data)
{
  g_autoptr (GBytes) picture = pictures_encode ("png", 4, 4, 1);
  Walk walk;

  for (guint i = 0; i < 2 * ASSAY_LIMIT_WALK_BATCH + 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);

      g_free (pictures_write (fixture->folder, name, g_bytes_get_data (picture, NULL),
                              g_bytes_get_size (picture)));
    }
  walk_path (&walk, fixture->folder);
  g_assert_cmpuint (walk.sources->len, ==, 2 * ASSAY_LIMIT_WALK_BATCH + 10);
  g_assert_cmpuint (walk.largest, <=, ASSAY_LIMIT_WALK_BATCH);
  g_assert_cmpuint (walk.n_batches, >=, 3);
  for (guint i = 0; i < walk.sources->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);

      g_assert_cmpstr (assay_source_get_name (g_ptr_array_index (walk.sources, i)), ==, name);
    }
  walk_clear (&walk);
}

static void
bounds_the_list_of_what_is_left_out (Fixture *fixture,
                                     gconstpointer data)
{
  Walk walk;

  for (guint i = 0; i < ASSAY_LIMIT_LEFT_OUT + 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.txt", i);

      g_free (pictures_write (fixture->folder, name, "text\n", -1));
    }
  walk_path (&walk, fixture->folder);
  g_assert_cmpuint (walk.summary->n_left_out, ==, ASSAY_LIMIT_LEFT_OUT + 5);
  g_assert_cmpuint (walk.summary->left_out->len, ==, ASSAY_LIMIT_LEFT_OUT);
  walk_clear (&walk);
}

static void
stops_when_canceled (Fixture *fixture,
                     gconstpointer data)
{
  const char *const paths[] = { fixture->folder, NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) picture = pictures_encode ("png", 4, 4, 1);
  Walk walk;

  for (guint i = 0; i < 3 * ASSAY_LIMIT_WALK_BATCH; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);

      g_free (pictures_write (fixture->folder, name, g_bytes_get_data (picture, NULL),
                              g_bytes_get_size (picture)));
    }
  walk_init (&walk);
  walk.cancel_at_first = cancellable;
  walk_run (&walk, paths, cancellable);
  g_assert_error (walk.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (walk.summary);
  g_assert_cmpuint (walk.n_batches, ==, 1);
  walk_clear (&walk);
}

/* root may read everything; a walk as somebody else happens in a process of its
 * own. */
static void
says_what_may_not_be_read (Fixture *fixture,
                           gconstpointer data)
{
  g_autofree char *top = NULL;
  g_autofree char *closed = NULL;
  g_autofree char *file = NULL;
  g_autofree char *text = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  top = pictures_make_below (fixture->folder, "top");
  closed = pictures_make_below (top, "closed");
  g_free (pictures_write_picture (top, "a.jpg", "jpeg", 1));
  g_free (pictures_write_picture (closed, "b.jpg", "jpeg", 2));
  file = pictures_write_picture (top, "c.jpg", "jpeg", 3);
  text = pictures_write (top, "d.txt", "secret", -1);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (closed, 0), ==, 0);
  g_assert_cmpint (g_chmod (file, 0), ==, 0);
  g_assert_cmpint (g_chmod (text, 0), ==, 0);
  if (geteuid () == 0)
    {
      g_assert_cmpint (setresgid (-1, NOBODY, -1), ==, 0);
      g_assert_cmpint (setresuid (-1, NOBODY, -1), ==, 0);
    }

  assert_walk (top, "top/a.jpg top/c.jpg:unreadable top/d.txt:unreadable top/closed:unreadable", 0);
  assert_walk (closed, "closed:unreadable", 0);
  assert_walk (file, "c.jpg:unreadable", 0);

  /* Back to who may remove it all. */
  if (getuid () == 0)
    g_assert_cmpint (setresuid (-1, 0, -1), ==, 0);
  g_chmod (closed, 0755);
}

static void
walks_what_only_gio_reaches (void)
{
  Walk walk;
  g_autofree char *got = NULL;

  walk_path (&walk, "resource:///foreign");
  got = describe (&walk);
  g_assert_cmpstr (got, ==, "foreign/dot.png foreign/below/dot.png");
  g_assert_cmpuint (walk.summary->n_left_out, ==, 1);
  walk_clear (&walk);
}

static void
takes_nothing (void)
{
  const char *const paths[] = { NULL };
  Walk walk;

  walk_init (&walk);
  walk_run (&walk, paths, NULL);
  g_assert_no_error (walk.error);
  g_assert_cmpuint (walk.summary->n_sources, ==, 0);
  g_assert_cmpuint (walk.n_batches, ==, 0);
  walk_clear (&walk);
}

#define ADD(path, function) \
  g_test_add ("/assay/intake/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("walks-folders-in-order", walks_folders_in_order);
  ADD ("gives-a-reason-for-all-that-is-named", gives_a_reason_for_all_that_is_named);
  ADD ("leaves-out-what-is-no-picture-inside", leaves_out_what_is_no_picture_inside);
  ADD ("leaves-out-what-is-hidden", leaves_out_what_is_hidden);
  ADD ("follows-links-to-files-only", follows_links_to_files_only);
  ADD ("ends-at-a-depth", ends_at_a_depth);
  ADD ("gives-a-row-for-an-empty-folder", gives_a_row_for_an_empty_folder);
  ADD ("opens-archives", opens_archives);
  ADD ("opens-archives-in-folders", opens_archives_in_folders);
  ADD ("keeps-archives-when-told", keeps_archives_when_told);
  ADD ("checks-what-is-sent-as-it-is", checks_what_is_sent_as_it_is);
  ADD ("parcels-are-the-file", parcels_are_the_file);
  ADD ("gives-members-again", gives_members_again);
  ADD ("says-when-the-archive-has-changed", says_when_the_archive_has_changed);
  ADD ("sends-members-under-their-last-name", sends_members_under_their_last_name);
  ADD ("says-where-an-archive-broke", says_where_an_archive_broke);
  ADD ("stops-inside-an-archive", stops_inside_an_archive);
  ADD ("streams-large-members", streams_large_members);
  ADD ("comes-in-batches", comes_in_batches);
  ADD ("bounds-the-list-of-what-is-left-out", bounds_the_list_of_what_is_left_out);
  ADD ("stops-when-canceled", stops_when_canceled);
  ADD ("says-what-may-not-be-read", says_what_may_not_be_read);
  g_test_add_func ("/assay/intake/walks-what-only-gio-reaches", walks_what_only_gio_reaches);
  g_test_add_func ("/assay/intake/takes-nothing", takes_nothing);
  return g_test_run ();
}
