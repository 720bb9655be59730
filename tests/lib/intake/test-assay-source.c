/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-source.h"
#include "pictures.h"

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

static AssaySource *
source_for (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return assay_source_new_file (file, NULL, 0, NULL, NULL);
}

static AssayPrepared *
prepare_path (const char *path,
              gboolean convert,
              GError **error)
{
  g_autoptr (AssaySource) source = source_for (path);

  return assay_source_prepare (source, convert, NULL, error);
}

static GBytes *
read_payload (AssayPayload *payload,
              GError **error)
{
  g_autoptr (GInputStream) stream = assay_payload_open (payload, NULL, error);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  if (stream == NULL)
    return NULL;
  g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

/* GLib's own checksum is the judge of nettle's. */
static void
assert_sha256 (GBytes *bytes,
               const char *hex)
{
  g_autofree char *expected = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  g_assert_cmpstr (hex, ==, expected);
}

static void
sends_as_it_is (Fixture *fixture,
                gconstpointer data)
{
  g_autoptr (GBytes) picture = pictures_encode ("jpeg", 40, 30, 1);
  g_autofree char *path = pictures_write (fixture->folder, "a flower.jpg",
                                          g_bytes_get_data (picture, NULL),
                                          g_bytes_get_size (picture));
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GBytes) sent = NULL;
  g_autoptr (GError) error = NULL;

  prepared = prepare_path (path, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (prepared->size, ==, g_bytes_get_size (picture));
  g_assert_false (prepared->converted);
  assert_sha256 (picture, prepared->sha256);
  g_assert_cmpstr (prepared->sent_sha256, ==, prepared->sha256);
  g_assert_cmpint (prepared->facts.format, ==, ASSAY_FORMAT_JPEG);
  g_assert_cmpuint (prepared->facts.width, ==, 40);
  g_assert_cmpuint (prepared->facts.height, ==, 30);
  g_assert_cmpstr (assay_payload_get_name (prepared->payload), ==, "a flower.jpg");
  g_assert_cmpstr (assay_payload_get_media_type (prepared->payload), ==, "image/jpeg");
  g_assert_nonnull (assay_payload_get_bytes (prepared->payload));
  sent = read_payload (prepared->payload, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (sent, picture));
}

static void
converts_on_a_copy (Fixture *fixture,
                    gconstpointer data)
{
  g_autoptr (GBytes) picture = pictures_encode ("tiff", 20, 10, 2);
  g_autofree char *path = pictures_write (fixture->folder, "scan.old.tif",
                                          g_bytes_get_data (picture, NULL),
                                          g_bytes_get_size (picture));
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *after = NULL;
  gsize length;
  AssayFacts facts;

  prepared = prepare_path (path, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (prepared->converted);
  assert_sha256 (picture, prepared->sha256);
  assert_sha256 (assay_payload_get_bytes (prepared->payload), prepared->sent_sha256);
  g_assert_cmpstr (prepared->sent_sha256, !=, prepared->sha256);
  g_assert_cmpint (prepared->facts.format, ==, ASSAY_FORMAT_TIFF);
  g_assert_cmpstr (assay_payload_get_name (prepared->payload), ==, "scan.old.png");
  g_assert_cmpstr (assay_payload_get_media_type (prepared->payload), ==, "image/png");
  g_assert_true (assay_probe_bytes (assay_payload_get_bytes (prepared->payload), &facts, &error));
  g_assert_cmpint (facts.handling, ==, ASSAY_HANDLING_SEND);
  g_assert_cmpuint (facts.width, ==, 20);

  g_assert_true (g_file_get_contents (path, &after, &length, NULL));
  g_assert_cmpmem (after, length, g_bytes_get_data (picture, NULL), g_bytes_get_size (picture));
}

static void
converts_nothing_when_told (Fixture *fixture,
                            gconstpointer data)
{
  g_autofree char *path = pictures_write_picture (fixture->folder, "scan.tif", "tiff", 3);
  g_autofree char *jpeg = pictures_write_picture (fixture->folder, "photo.jpg", "jpeg", 3);
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (prepare_path (path, FALSE, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "switched off"));
  g_clear_error (&error);
  prepared = prepare_path (jpeg, FALSE, &error);
  g_assert_no_error (error);
}

static void
names_what_has_no_ending (Fixture *fixture,
                          gconstpointer data)
{
  static const struct {
    const char *name;
    const char *type;
    const char *sent;
  } cases[] = {
    { "photo", "jpeg", "photo.jpg" },
    { "photo.jpeg", "jpeg", "photo.jpeg" },
    { "photo.txt", "png", "photo.txt" },
    { ".hidden", "png", ".hidden.png" },
    { "scan", "tiff", "scan.png" },
    { "caf\xe9.bmp", "bmp", "caf\xe9.bmp" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = pictures_write_picture (fixture->folder, cases[i].name,
                                                      cases[i].type, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayPrepared) prepared = prepare_path (path, TRUE, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (assay_payload_get_name (prepared->payload), ==, cases[i].sent);
    }
}

/* Noise doesn't compress: 1400 × 1400 × 3 is well over what is held. */
static char *
write_large (const char *folder,
             GBytes **picture)
{
  *picture = pictures_encode ("png", 1400, 1400, 4);
  g_assert_cmpuint (g_bytes_get_size (*picture), >, ASSAY_LIMIT_MEMORY_PAYLOAD);
  return pictures_write (folder, "large.png", g_bytes_get_data (*picture, NULL),
                         g_bytes_get_size (*picture));
}

static void
leaves_a_large_file_on_disk (Fixture *fixture,
                             gconstpointer data)
{
  g_autoptr (GBytes) picture = NULL;
  g_autofree char *path = write_large (fixture->folder, &picture);
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GError) error = NULL;

  prepared = prepare_path (path, TRUE, &error);
  g_assert_no_error (error);
  assert_sha256 (picture, prepared->sha256);
  g_assert_null (assay_payload_get_bytes (prepared->payload));
  g_assert_cmpuint (assay_payload_get_length (prepared->payload), ==, g_bytes_get_size (picture));
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GBytes) sent = read_payload (prepared->payload, &error);

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (sent, picture));
    }
}

static void
notices_a_change (Fixture *fixture,
                  gconstpointer data)
{
  enum { GROWN, REWRITTEN, REPLACED, GONE, N_WAYS };

  for (int way = 0; way < N_WAYS; way++)
    {
      g_autoptr (GBytes) picture = NULL;
      g_autofree char *path = write_large (fixture->folder, &picture);
      g_autofree char *other = g_build_filename (fixture->folder, "other.png", NULL);
      g_autoptr (AssayPrepared) prepared = NULL;
      g_autoptr (GBytes) sent = NULL;
      g_autoptr (GError) error = NULL;
      struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 1000000000 } };
      int fd;

      prepared = prepare_path (path, TRUE, &error);
      g_assert_no_error (error);
      switch (way)
        {
        case GROWN:
          fd = open (path, O_WRONLY | O_APPEND);
          g_assert_cmpint (write (fd, "x", 1), ==, 1);
          close (fd);
          break;
        case REWRITTEN:
          g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
          break;
        case REPLACED:
          g_assert_cmpint (g_rename (path, other), ==, 0);
          g_free (pictures_write (fixture->folder, "large.png", g_bytes_get_data (picture, NULL),
                                  g_bytes_get_size (picture)));
          break;
        case GONE:
        default:
          g_assert_cmpint (g_unlink (path), ==, 0);
        }
      sent = read_payload (prepared->payload, &error);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
      g_assert_null (sent);
    }
}

static void
refuses_what_is_too_large (Fixture *fixture,
                           gconstpointer data)
{
  g_autofree char *path = pictures_write_picture (fixture->folder, "huge.jpg", "jpeg", 5);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (AssaySource) memory = NULL;
  g_autoptr (GError) error = NULL;

  /* A hole: nothing is written. */
  g_assert_cmpint (truncate (path, (off_t) ASSAY_LIMIT_FILE_BYTES + 1), ==, 0);
  g_assert_null (prepare_path (path, TRUE, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);

  bytes = g_bytes_new_take (g_malloc0 (ASSAY_LIMIT_FILE_BYTES + 1), ASSAY_LIMIT_FILE_BYTES + 1);
  memory = assay_source_new_bytes (ASSAY_SOURCE_STDIN, "stdin", bytes);
  g_assert_error (assay_source_get_error (memory), ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
}

static void
make_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  close (fd);
}

/* A pipe without a writer would hold a reader for ever. */
static void
never_reads_what_is_no_file (Fixture *fixture,
                             gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (fixture->folder, "pipe.jpg", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link.jpg", NULL);
  g_autofree char *connection = g_build_filename (fixture->folder, "socket.jpg", NULL);
  g_autofree char *nothing = g_build_filename (fixture->folder, "nothing.jpg", NULL);
  const struct {
    const char *path;
    int code;
  } cases[] = {
    { fifo, ASSAY_ERROR_NOT_AN_IMAGE },        { link, ASSAY_ERROR_NOT_AN_IMAGE },
    { connection, ASSAY_ERROR_NOT_AN_IMAGE },  { "/dev/zero", ASSAY_ERROR_NOT_AN_IMAGE },
    { fixture->folder, ASSAY_ERROR_NOT_AN_IMAGE }, { nothing, ASSAY_ERROR_UNREADABLE },
    { "/dev/null/x.jpg", ASSAY_ERROR_UNREADABLE },
  };

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink (fifo, link), ==, 0);
  make_socket (connection);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssaySource) source = source_for (cases[i].path);
      g_autoptr (GError) error = NULL;

      g_assert_null (assay_source_prepare (source, TRUE, NULL, &error));
      g_assert_error (error, ASSAY_ERROR, cases[i].code);
      g_clear_error (&error);
      g_assert_null (assay_source_open (source, NULL, &error));
      g_assert_error (error, ASSAY_ERROR, cases[i].code);
    }
}

static void
says_what_is_damaged (Fixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GBytes) picture = pictures_encode ("png", 30, 30, 6);
  g_autofree char *path = pictures_write (fixture->folder, "cut.png",
                                          g_bytes_get_data (picture, NULL),
                                          g_bytes_get_size (picture) - 20);
  g_autofree char *text = pictures_write (fixture->folder, "text.png", "Hello there", -1);
  g_autoptr (GError) error = NULL;

  g_assert_null (prepare_path (path, TRUE, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_null (prepare_path (text, TRUE, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE);
}

static void
stops_when_canceled (Fixture *fixture,
                     gconstpointer data)
{
  g_autofree char *path = pictures_write_picture (fixture->folder, "a.jpg", "jpeg", 7);
  g_autoptr (AssaySource) source = source_for (path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (assay_source_prepare (source, TRUE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
takes_bytes (void)
{
  g_autoptr (GBytes) picture = pictures_encode ("png", 10, 10, 8);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (AssaySource) source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, "Pasted", picture);
  g_autoptr (AssaySource) empty = assay_source_new_bytes (ASSAY_SOURCE_STDIN, "stdin", nothing);
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_no_error (assay_source_get_error (source));
  g_assert_cmpint (assay_source_get_facts (source)->format, ==, ASSAY_FORMAT_PNG);
  g_assert_cmpuint (assay_source_get_size (source), ==, g_bytes_get_size (picture));
  g_assert_null (assay_source_get_file (source));
  g_assert_null (assay_source_get_path (source));
  prepared = assay_source_prepare (source, TRUE, NULL, &error);
  g_assert_no_error (error);
  assert_sha256 (picture, prepared->sha256);
  g_assert_cmpstr (assay_payload_get_name (prepared->payload), ==, "Pasted.png");

  g_assert_error (assay_source_get_error (empty), ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE);
  g_assert_null (assay_source_prepare (empty, TRUE, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE);
}

static void
keeps_what_it_was_given (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/caf\xe9.jpg");
  AssayFacts facts = { .format = ASSAY_FORMAT_JPEG, .orientation = 6 };
  g_autoptr (GError) reason = g_error_new (ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, "no");
  AssaySource *source = assay_source_new_file (file, "holiday/beach", 12, &facts, reason);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (assay_source_get_kind (source), ==, ASSAY_SOURCE_FILE);
  g_assert_cmpstr (assay_source_get_name (source), ==, "caf\xe9.jpg");
  g_assert_cmpstr (assay_source_get_path (source), ==, "/nowhere/caf\xe9.jpg");
  g_assert_cmpstr (assay_source_get_group (source), ==, "holiday/beach");
  g_assert_cmpuint (assay_source_get_size (source), ==, 12);
  g_assert_cmpuint (assay_source_get_facts (source)->orientation, ==, 6);
  g_assert_true (assay_source_get_file (source) == file);
  g_assert_null (assay_source_prepare (source, TRUE, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_finalize_object (source);
}

/* What lies in a resource is reached through GIO alone, as over sftp:. */
static void
reads_what_only_gio_reaches (void)
{
  g_autoptr (GFile) file = g_file_new_for_uri ("resource:///foreign/dot.png");
  g_autoptr (GFile) missing = g_file_new_for_uri ("resource:///foreign/none.png");
  g_autoptr (GFile) folder = g_file_new_for_uri ("resource:///foreign");
  g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 0, NULL, NULL);
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (assay_source_get_path (source), ==, "resource:///foreign/dot.png");
  prepared = assay_source_prepare (source, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (prepared->facts.width, ==, 3);
  g_assert_cmpstr (assay_payload_get_name (prepared->payload), ==, "dot.png");
  bytes = g_file_load_bytes (file, NULL, NULL, NULL);
  assert_sha256 (bytes, prepared->sha256);
  stream = assay_source_open (source, NULL, &error);
  g_assert_no_error (error);

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (AssaySource) other = assay_source_new_file (i == 0 ? missing : folder, NULL, 0,
                                                             NULL, NULL);

      int code = i == 0 ? ASSAY_ERROR_UNREADABLE : ASSAY_ERROR_NOT_AN_IMAGE;

      g_assert_null (assay_source_prepare (other, TRUE, NULL, &error));
      g_assert_error (error, ASSAY_ERROR, code);
      g_clear_error (&error);
    }
}

#define ADD(path, function) \
  g_test_add ("/assay/source/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("sends-as-it-is", sends_as_it_is);
  ADD ("converts-on-a-copy", converts_on_a_copy);
  ADD ("converts-nothing-when-told", converts_nothing_when_told);
  ADD ("names-what-has-no-ending", names_what_has_no_ending);
  ADD ("leaves-a-large-file-on-disk", leaves_a_large_file_on_disk);
  ADD ("notices-a-change", notices_a_change);
  ADD ("refuses-what-is-too-large", refuses_what_is_too_large);
  ADD ("never-reads-what-is-no-file", never_reads_what_is_no_file);
  ADD ("says-what-is-damaged", says_what_is_damaged);
  ADD ("stops-when-canceled", stops_when_canceled);
  g_test_add_func ("/assay/source/takes-bytes", takes_bytes);
  g_test_add_func ("/assay/source/keeps-what-it-was-given", keeps_what_it_was_given);
  g_test_add_func ("/assay/source/reads-what-only-gio-reaches", reads_what_only_gio_reaches);
  return g_test_run ();
}
