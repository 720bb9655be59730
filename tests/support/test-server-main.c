/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* assay-test-server: the misbehaving server for tests of whole programs.
 *
 *   assay-test-server [--cert FILE --key FILE]
 *
 * It writes its address as the first line, and a line for each request it has
 * read: METHOD TAB PATH TAB BYTES TAB SHA256 TAB AUTHORIZATION.  Each line of
 * standard input says what to do with one request, or after "always" with every
 * one that nothing else is said about, as fields between TABs:
 *
 *   PATH TAB answer TAB STATUS TAB TYPE TAB BODY [TAB NAME: VALUE]…
 *   PATH TAB gzip   TAB STATUS TAB TYPE TAB BODY [TAB NAME: VALUE]…
 *   PATH TAB raw    TAB BYTES          then the connection is closed
 *   PATH TAB drip   TAB BYTES          one every 50 ms
 *   PATH TAB close | close-early | silent
 *
 * PATH may be "*"; BODY and BYTES have C escapes.  "release" lets go what was
 * held.  The server ends at the end of standard input. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay-test-server.h"

static AssayTestAnswer *
make_answer (char **fields)
{
  guint n = g_strv_length (fields);
  g_autofree char *text = NULL;
  AssayTestAnswer *answer;

  if (g_str_equal (fields[0], "silent"))
    return assay_test_answer_new_silent ();
  if (g_str_equal (fields[0], "close"))
    return assay_test_answer_new_close ();
  if (g_str_equal (fields[0], "close-early"))
    return assay_test_answer_new_close_early ();
  if (n >= 2 && g_str_equal (fields[0], "raw"))
    {
      text = g_strcompress (fields[1]);
      return assay_test_answer_new_raw (text, strlen (text), TRUE);
    }
  if (n >= 2 && g_str_equal (fields[0], "drip"))
    {
      text = g_strcompress (fields[1]);
      return assay_test_answer_new_drip (text, 50);
    }
  if (n < 4 || !(g_str_equal (fields[0], "answer") || g_str_equal (fields[0], "gzip")))
    return NULL;
  text = g_strcompress (fields[3]);
  answer = assay_test_answer_new (atoi (fields[1]), fields[2], text);
  if (g_str_equal (fields[0], "gzip"))
    assay_test_answer_gzip (answer);
  for (guint i = 4; i < n; i++)
    {
      g_auto(GStrv) header = g_strsplit (fields[i], ": ", 2);

      if (g_strv_length (header) == 2)
        assay_test_answer_add_header (answer, header[0], header[1]);
    }
  return answer;
}

static gboolean
obey (AssayTestServer *server,
      char *line)
{
  g_auto(GStrv) fields = g_strsplit (g_strchomp (line), "\t", -1);
  char **rest = fields;
  gboolean always = fields[0] != NULL && g_str_equal (fields[0], "always");
  AssayTestAnswer *answer;
  const char *path;

  if (fields[0] != NULL && g_str_equal (fields[0], "release"))
    {
      assay_test_server_release (server);
      return TRUE;
    }
  rest += always ? 1 : 0;
  if (g_strv_length (rest) < 2 || (answer = make_answer (rest + 1)) == NULL)
    return FALSE;
  path = g_str_equal (rest[0], "*") ? NULL : rest[0];
  if (always)
    assay_test_server_set (server, path, answer);
  else
    assay_test_server_push (server, path, answer);
  return TRUE;
}

static gpointer
report_worker (gpointer user_data)
{
  AssayTestServer *server = user_data;

  for (guint i = 0;; i++)
    {
      const AssayTestRequest *request;
      const char *authorization;

      assay_test_server_await_request (server, i);
      request = assay_test_server_get_request (server, i);
      authorization = g_hash_table_lookup (request->headers, "authorization");
      printf ("%s\t%s%s%s\t%" G_GUINT64_FORMAT "\t%s\t%s\n", request->method, request->path,
              request->query != NULL ? "?" : "", request->query != NULL ? request->query : "",
              request->length, request->sha256, authorization != NULL ? authorization : "");
      fflush (stdout);
    }
  return NULL;
}

int
main (int argc,
      char **argv)
{
  g_autofree char *cert = NULL;
  g_autofree char *key = NULL;
  g_autofree char *url = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  const GOptionEntry entries[] = {
    { "cert", 0, 0, G_OPTION_ARG_FILENAME, &cert, "Speak TLS with this certificate", "FILE" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, "Its key", "FILE" },
    { NULL },
  };
  AssayTestServer *server;
  char *line = NULL;
  size_t size = 0;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "assay-test-server: %s\n", error->message);
      return 2;
    }
  server = assay_test_server_new (cert, key);
  url = assay_test_server_dup_url (server, "");
  printf ("%s\n", url);
  fflush (stdout);
  g_thread_unref (g_thread_new ("report", report_worker, server));
  while (getline (&line, &size, stdin) >= 0)
    if (!obey (server, line))
      fprintf (stderr, "assay-test-server: not understood: %s\n", line);
  free (line);
  /* The thread that reports may be waiting for one more request. */
  fflush (stdout);
  _Exit (EXIT_SUCCESS);
}
