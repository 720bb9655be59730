/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* bare-soup: the least that a libsoup client can do to upload pictures with
 * kept connections: one thread, N in flight, each answer read whole and not
 * looked at.  What Assay adds to it is what the benchmark measures.
 *
 *   bare-soup [--jobs N] [--repeat N] [--ca-file FILE] URL FILE…
 *
 * Writes "requests failed seconds". */

#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
  SoupSession *session;
  GMainLoop *loop;
  const char *url;
  char **files;
  guint n_files;
  guint next;
  guint total;
  guint flying;
  guint failed;
} Bench;

typedef struct {
  Bench *bench;
  SoupMessage *message;
} Upload;

static void start_next (Bench *bench);

static GBytes *
make_body (const char *path,
           char **media_type)
{
  g_autofree char *contents = NULL;
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *boundary = g_strdup_printf ("bare-%08x%08x", g_random_int (), g_random_int ());
  GString *body;
  gsize length;
  g_autoptr(GError) error = NULL;

  if (!g_file_get_contents (path, &contents, &length, &error))
    {
      fprintf (stderr, "bare-soup: %s\n", error->message);
      exit (EXIT_FAILURE);
    }
  body = g_string_sized_new (length + 512);
  g_string_append_printf (body,
                          "--%s\r\nContent-Disposition: form-data; name=\"files\"; filename=\"%s\"\r\n"
                          "Content-Type: image/jpeg\r\n\r\n",
                          boundary, name);
  g_string_append_len (body, contents, length);
  g_string_append_printf (body, "\r\n--%s--\r\n", boundary);
  *media_type = g_strdup_printf ("multipart/form-data; boundary=%s", boundary);
  return g_string_free_to_bytes (body);
}

static void
upload_end (Upload *upload,
            gboolean ok)
{
  Bench *bench = upload->bench;

  if (!ok || soup_message_get_status (upload->message) != SOUP_STATUS_OK)
    bench->failed++;
  g_object_unref (upload->message);
  g_free (upload);
  bench->flying--;
  start_next (bench);
  if (bench->flying == 0)
    g_main_loop_quit (bench->loop);
}

static void
answered_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  if (error != NULL)
    fprintf (stderr, "bare-soup: %s\n", error->message);
  upload_end (user_data, bytes != NULL);
}

static void
start_next (Bench *bench)
{
  Upload *upload;
  g_autofree char *media_type = NULL;
  g_autoptr(GBytes) body = NULL;

  if (bench->next == bench->total)
    return;
  body = make_body (bench->files[bench->next++ % bench->n_files], &media_type);
  bench->flying++;
  upload = g_new0 (Upload, 1);
  upload->bench = bench;
  upload->message = soup_message_new (SOUP_METHOD_POST, bench->url);
  soup_message_add_flags (upload->message, SOUP_MESSAGE_IDEMPOTENT);
  soup_message_set_request_body_from_bytes (upload->message, media_type, body);
  soup_session_send_and_read_async (bench->session, upload->message, G_PRIORITY_DEFAULT, NULL,
                                    answered_cb, upload);
}

static SoupSession *
make_session (int jobs,
              const char *ca_file)
{
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  SoupSession *session = soup_session_new_with_options ("max-conns", jobs,
                                                        "max-conns-per-host", jobs, NULL);

  if (ca_file == NULL)
    return session;
  path = g_canonicalize_filename (ca_file, NULL);
  database = g_tls_file_database_new (path, &error);
  if (database == NULL)
    {
      fprintf (stderr, "bare-soup: %s\n", error->message);
      exit (EXIT_FAILURE);
    }
  soup_session_set_tls_database (session, database);
  return session;
}

int
main (int argc,
      char **argv)
{
  int jobs = 8;
  int repeat = 1;
  g_autofree char *ca_file = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new ("URL FILE…");
  const GOptionEntry entries[] = {
    { "jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "Requests in flight", "N" },
    { "repeat", 0, 0, G_OPTION_ARG_INT, &repeat, "Send each file so often", "N" },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &ca_file, "Trust this authority", "FILE" },
    { NULL },
  };
  Bench bench = { NULL };
  gint64 start;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc < 3 || jobs < 1 || repeat < 1)
    {
      fprintf (stderr, "bare-soup: %s\n", error != NULL ? error->message : "URL and files are needed");
      return 2;
    }
  start = g_get_monotonic_time ();
  bench.session = make_session (jobs, ca_file);
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.url = argv[1];
  bench.files = argv + 2;
  bench.n_files = argc - 2;
  bench.total = bench.n_files * repeat;
  for (int i = 0; i < jobs; i++)
    start_next (&bench);
  g_main_loop_run (bench.loop);
  printf ("%u %u %.3f\n", bench.total, bench.failed,
          (g_get_monotonic_time () - start) / (double) G_USEC_PER_SEC);
  g_main_loop_unref (bench.loop);
  g_object_unref (bench.session);
  return bench.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
