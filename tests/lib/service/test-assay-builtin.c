/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Programs are found beside the one that looks for them.  So this test copies
 * itself into a folder of its own, goes on from there, and lays services that
 * misbehave beside itself.  The real service is started by the test as it lies
 * in the build tree, in a process of its own. */

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assay-builtin.h"
#include "assay-error.h"

#define WAIT_SECONDS 40
#define EXIT_SKIP 77

static char *folder;        /* of the copy */
static char *original;      /* this program in the build tree */
static char mark[32];       /* the file that the service at hand makes */

typedef struct {
  AssayTransport *transport;
  AssayConnection *connection;
  AssayCredentials *credentials;
  AssayBuiltin *builtin;
} Fixture;

typedef struct {
  gboolean done;
  gboolean ok;
  GError *error;
} Started;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->transport = assay_transport_new (2, 10, NULL, NULL);
  fixture->connection = assay_connection_new (ASSAY_CONNECTION_BUILTIN, "Built-in");
  fixture->credentials = assay_credentials_new (fixture->connection, fixture->transport);
  fixture->builtin = assay_builtin_new ();
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  if (fixture->builtin != NULL)
    g_assert_finalize_object (fixture->builtin);
  g_assert_finalize_object (fixture->credentials);
  g_assert_finalize_object (fixture->connection);
  g_assert_finalize_object (fixture->transport);
}

static void
started_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  Started *started = user_data;

  started->ok = assay_builtin_start_finish (ASSAY_BUILTIN (source), result, &started->error);
  g_assert_true (started->ok == (started->error == NULL));
  started->done = TRUE;
}

static gboolean
out_of_time_cb (gpointer user_data)
{
  g_error ("Nothing happened for %d seconds", WAIT_SECONDS);
  return G_SOURCE_REMOVE;
}

static gboolean
look_again_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Turns the main loop until @reached says so. */
static void
wait_until (gboolean (*reached) (gpointer data),
            gpointer data)
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);
  guint look = g_timeout_add (20, look_again_cb, NULL);

  while (!reached (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (look);
  g_source_remove (bound);
}

static gboolean
is_done (gpointer data)
{
  return ((Started *) data)->done;
}

static gboolean
exists (gpointer data)
{
  g_autofree char *path = g_build_filename (folder, data, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
is_stopped (gpointer data)
{
  return !assay_builtin_is_running (data);
}

static char *
read_file (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
forget_file (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_unlink (path);
}

/* Lays a shell script beside this program as the service.  Its mark is a file
 * that no earlier one makes, however late that ends. */
static void
lay_service (const char *script)
{
  static int services;
  g_autofree char *path = g_build_filename (folder, "assay-serve", NULL);
  g_autofree char *text = NULL;

  g_snprintf (mark, sizeof mark, "mark-%d", ++services);
  text = g_strdup_printf ("#!/bin/sh\ncd '%s'\nmark=%s\n%s", folder, mark, script);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
}

#define KEY \
  "{\"clientid\":\"assay\",\"url\":\"http://127.0.0.1:4711\",\"serviceurls\":{" \
  "\"IMAGE_CLASSIFICATION_URL\":\"http://127.0.0.1:4711/api/v2/image/classification\"," \
  "\"IMAGE_RETRAIN_API_URL\":\"http://127.0.0.1:4711/api/v2/image/retraining\"}}"

#define WELL_BEHAVED \
  "read secret; echo \"$* $secret\" > told-$mark\n" \
  "echo '" KEY "'\n" \
  "while read line; do :; done; echo > $mark\n"

static void
start (Fixture *fixture,
       Started *started)
{
  g_clear_error (&started->error);
  started->done = FALSE;
  assay_builtin_start_async (fixture->builtin, fixture->connection, fixture->credentials, NULL,
                             started_cb, started);
  wait_until (is_done, started);
}

static void
test_keeps_the_contract (Fixture *fixture,
                         gconstpointer data)
{
  Started started = { 0 };
  g_autofree char *name = NULL;
  g_autofree char *told = NULL;
  g_autofree char *models = g_build_filename (folder, "..", "share", "assay", "models", NULL);
  g_autofree char *canonical = g_canonicalize_filename (models, NULL);
  g_autofree char *own = assay_builtin_dup_own_models_dir ();
  g_autofree char *expected = g_strdup_printf (
      "--models %s --listen 127.0.0.1:0 --client assay --client-secret-file - --print-connection "
      "--models %s ", canonical, own);

  lay_service (WELL_BEHAVED);
  start (fixture, &started);
  g_assert_no_error (started.error);
  g_assert_true (assay_builtin_is_running (fixture->builtin));
  g_assert_cmpint (assay_builtin_get_pid (fixture->builtin), >, 0);
  g_assert_cmpint (assay_connection_get_auth (fixture->connection), ==, ASSAY_AUTH_OAUTH);
  g_assert_cmpstr (assay_connection_get_client_id (fixture->connection), ==, "assay");
  g_assert_cmpstr (assay_connection_get_token_url (fixture->connection), ==,
                   "http://127.0.0.1:4711/oauth/token");
  g_assert_cmpstr (assay_connection_get_url (fixture->connection), ==,
                   "http://127.0.0.1:4711/api/v2/image/classification");
  g_assert_cmpstr (assay_connection_get_models_url (fixture->connection), ==,
                   "http://127.0.0.1:4711/api/v2/image/retraining");
  /* The user's own models may come later; what is not there can't be watched. */
  g_assert_true (g_file_test (own, G_FILE_TEST_IS_DIR));
  g_assert_true (assay_credentials_has_secret (fixture->credentials));
  name = g_strconcat ("told-", mark, NULL);
  told = read_file (name);
  g_strchomp (told);
  g_assert_true (g_str_has_prefix (told, expected));
  g_assert_cmpuint (strspn (told + strlen (expected), "0123456789abcdef"), ==, 64);
  g_assert_cmpuint (strlen (told + strlen (expected)), ==, 64);

  /* Gone when its input ends, without being asked twice. */
  g_clear_object (&fixture->builtin);
  wait_until (exists, mark);
}

static void
test_one_for_all (Fixture *fixture,
                  gconstpointer data)
{
  Started started[3] = { 0 };
  Started later = { 0 };
  GPid pid;

  lay_service (WELL_BEHAVED);
  for (guint i = 0; i < G_N_ELEMENTS (started); i++)
    assay_builtin_start_async (fixture->builtin, fixture->connection, fixture->credentials, NULL,
                               started_cb, &started[i]);
  pid = assay_builtin_get_pid (fixture->builtin);
  for (guint i = 0; i < G_N_ELEMENTS (started); i++)
    {
      wait_until (is_done, &started[i]);
      g_assert_no_error (started[i].error);
    }
  start (fixture, &later);
  g_assert_no_error (later.error);
  g_assert_cmpint (assay_builtin_get_pid (fixture->builtin), ==, pid);
}

static void
test_says_why_it_ended (Fixture *fixture,
                        gconstpointer data)
{
  Started started = { 0 };

  lay_service ("read secret; echo 'the models are missing' >&2; exit 3\n");
  start (fixture, &started);
  g_assert_error (started.error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
  g_assert_nonnull (strstr (started.error->message, "the models are missing"));
  g_assert_false (assay_builtin_is_running (fixture->builtin));
  g_assert_cmpint (assay_builtin_get_pid (fixture->builtin), ==, 0);
  g_clear_error (&started.error);

  /* And it may do better the next time. */
  lay_service (WELL_BEHAVED);
  start (fixture, &started);
  g_assert_no_error (started.error);
}

static void
test_ends_without_reading (Fixture *fixture,
                           gconstpointer data)
{
  Started started = { 0 };

  lay_service ("exit 0\n");
  start (fixture, &started);
  g_assert_error (started.error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
  g_clear_error (&started.error);
}

static void
test_refuses_nonsense (Fixture *fixture,
                       gconstpointer data)
{
  static const char *const lines[] = {
    "hello",
    "{}",
    "[[[[",
    "{\"clientid\":\"assay\",\"url\":\"http://192.0.2.1:80\",\"serviceurls\":{"
    "\"IMAGE_CLASSIFICATION_URL\":\"http://127.0.0.1:1/c\",\"IMAGE_RETRAIN_API_URL\":\"http://127.0.0.1:1/r\"}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      Started started = { 0 };
      g_autofree char *script = g_strdup_printf ("echo '%s'; read secret; read end\n", lines[i]);

      lay_service (script);
      start (fixture, &started);
      g_assert_error (started.error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
      g_clear_error (&started.error);
    }
}

static void
test_endless_line (Fixture *fixture,
                   gconstpointer data)
{
  Started started = { 0 };

  lay_service ("while echo -n xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 2>/dev/null; do :; done\n");
  start (fixture, &started);
  g_assert_error (started.error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
  g_clear_error (&started.error);
}

static void
test_cancel (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *go = g_build_filename (folder, "go", NULL);
  Started first = { 0 };
  Started second = { 0 };

  lay_service ("read secret; echo > $mark; while [ ! -e go ]; do sleep 0.02; done; echo '" KEY "'; read end\n");
  forget_file ("go");
  assay_builtin_start_async (fixture->builtin, fixture->connection, fixture->credentials, cancellable,
                             started_cb, &first);
  wait_until (exists, mark);
  g_cancellable_cancel (cancellable);
  wait_until (is_done, &first);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&first.error);

  assay_builtin_start_async (fixture->builtin, fixture->connection, fixture->credentials, NULL,
                             started_cb, &second);
  g_assert_true (g_file_set_contents (go, "", 0, NULL));
  wait_until (is_done, &second);
  g_assert_no_error (second.error);
}

static void
test_starts_again_after_a_crash (Fixture *fixture,
                                 gconstpointer data)
{
  Started started = { 0 };
  GPid pid;

  lay_service (WELL_BEHAVED);
  start (fixture, &started);
  pid = assay_builtin_get_pid (fixture->builtin);
  kill (pid, SIGKILL);
  wait_until (is_stopped, fixture->builtin);
  start (fixture, &started);
  g_assert_no_error (started.error);
  g_assert_cmpint (assay_builtin_get_pid (fixture->builtin), !=, pid);
}

typedef struct {
  guint restarts;
  GError *gone;
} News;

static void
restarted_cb (AssayBuiltin *builtin,
              News *news)
{
  g_assert_true (assay_builtin_is_running (builtin));
  g_assert_null (news->gone);
  news->restarts++;
}

static void
gone_cb (AssayBuiltin *builtin,
         const GError *error,
         News *news)
{
  g_assert_false (assay_builtin_is_running (builtin));
  g_assert_null (news->gone);
  news->gone = g_error_copy (error);
}

static gboolean
is_restarted (gpointer data)
{
  return ((News *) data)->restarts > 0;
}

static gboolean
has_gone (gpointer data)
{
  return ((News *) data)->gone != NULL;
}

static void
follow (Fixture *fixture,
        News *news)
{
  g_signal_connect (fixture->builtin, "restarted", G_CALLBACK (restarted_cb), news);
  g_signal_connect (fixture->builtin, "gone", G_CALLBACK (gone_cb), news);
}

static void
kill_and_wait (Fixture *fixture,
               News *news)
{
  GPid pid = assay_builtin_get_pid (fixture->builtin);

  news->restarts = 0;
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  wait_until (is_restarted, news);
  g_assert_cmpuint (news->restarts, ==, 1);
  g_assert_cmpint (assay_builtin_get_pid (fixture->builtin), !=, pid);
}

static char *
read_told (void)
{
  g_autofree char *name = g_strconcat ("told-", mark, NULL);

  return read_file (name);
}

/* Who used it follows without asking, with another secret. */
static void
test_is_started_again (Fixture *fixture,
                       gconstpointer data)
{
  Started started = { 0 };
  News news = { 0 };
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  lay_service (WELL_BEHAVED);
  follow (fixture, &news);
  start (fixture, &started);
  first = read_told ();
  g_object_set (fixture->connection, "url", "http://127.0.0.1:1/old", NULL);
  kill_and_wait (fixture, &news);
  second = read_told ();
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpstr (assay_connection_get_url (fixture->connection), ==,
                   "http://127.0.0.1:4711/api/v2/image/classification");
  g_assert_true (assay_credentials_has_secret (fixture->credentials));
}

static void
header_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  Started *asked = user_data;
  char *header = NULL;

  asked->ok = assay_credentials_get_header_finish (ASSAY_CREDENTIALS (source), result, &header,
                                                   &asked->error);
  asked->done = TRUE;
  g_free (header);
}

static void
test_is_left_alone_after_three (Fixture *fixture,
                                gconstpointer data)
{
  Started started = { 0 };
  Started asked = { 0 };
  News news = { 0 };

  lay_service (WELL_BEHAVED);
  follow (fixture, &news);
  start (fixture, &started);
  kill_and_wait (fixture, &news);
  kill_and_wait (fixture, &news);
  kill (assay_builtin_get_pid (fixture->builtin), SIGKILL);
  wait_until (has_gone, &news);
  g_assert_error (news.gone, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  g_assert_cmpint (assay_builtin_get_pid (fixture->builtin), ==, 0);

  /* Nothing is sent to where it was. */
  assay_credentials_get_header_async (fixture->credentials, NULL, header_cb, &asked);
  wait_until (is_done, &asked);
  g_assert_error (asked.error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  g_assert_cmpstr (asked.error->message, ==, news.gone->message);
  g_clear_error (&asked.error);
  g_clear_error (&news.gone);

  /* Somebody asks for it, and it counts from the beginning. */
  start (fixture, &started);
  g_assert_no_error (started.error);
  kill_and_wait (fixture, &news);
}

/* What does not start again is gone at once, and who waits for it meanwhile hears. */
static void
test_does_not_start_again (Fixture *fixture,
                           gconstpointer data)
{
  Started started = { 0 };
  Started asked = { 0 };
  News news = { 0 };

  lay_service (WELL_BEHAVED);
  follow (fixture, &news);
  start (fixture, &started);
  lay_service ("read secret; echo nonsense\n");
  kill (assay_builtin_get_pid (fixture->builtin), SIGKILL);
  wait_until (is_stopped, fixture->builtin);
  assay_credentials_get_header_async (fixture->credentials, NULL, header_cb, &asked);
  wait_until (has_gone, &news);
  wait_until (is_done, &asked);
  g_assert_error (asked.error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  g_assert_nonnull (strstr (asked.error->message, "not understood"));
  g_assert_cmpuint (news.restarts, ==, 0);
  g_clear_error (&asked.error);
  g_clear_error (&news.gone);
}

static void
test_stubborn (Fixture *fixture,
               gconstpointer data)
{
  Started started = { 0 };

  lay_service ("trap 'echo > $mark; exit' TERM; read secret; echo '" KEY "'; while :; do sleep 0.05; done\n");
  start (fixture, &started);
  g_assert_no_error (started.error);
  g_clear_object (&fixture->builtin);
  wait_until (exists, mark);
}

static void
test_missing (Fixture *fixture,
              gconstpointer data)
{
  Started started = { 0 };

  forget_file ("assay-serve");
  start (fixture, &started);
  g_assert_error (started.error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
  g_assert_nonnull (strstr (started.error->message, "assay-serve"));
  g_clear_error (&started.error);
}

/* Nothing of ours runs any code when we are killed. */
static void
test_gone_with_a_killed_parent (Fixture *fixture,
                                gconstpointer data)
{
  g_autofree char *self = g_build_filename (folder, "test", NULL);
  g_autoptr(GSubprocess) parent = NULL;
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;

  lay_service (WELL_BEHAVED);
  parent = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, self, "--start-and-wait", NULL);
  g_assert_nonnull (parent);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (parent));
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_cmpstr (line, ==, "started");
  g_subprocess_send_signal (parent, SIGKILL);
  g_subprocess_wait (parent, NULL, NULL);
  wait_until (exists, mark);
}

static void
test_real_service (Fixture *fixture,
                   gconstpointer data)
{
  g_autoptr(GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, original,
                                                     "--real", NULL);
  g_autofree char *output = NULL;

  g_assert_nonnull (process);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, NULL));
  g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_if_exited (process));
  if (g_subprocess_get_exit_status (process) == EXIT_SKIP)
    {
      g_test_skip ("assay-serve is not built");
      return;
    }
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
}

static int
start_and_wait (void)
{
  Fixture fixture = { NULL };
  Started started = { 0 };

  set_up (&fixture, NULL);
  start (&fixture, &started);
  g_assert_no_error (started.error);
  puts ("started");
  fflush (stdout);
  wait_until (is_stopped, fixture.builtin);
  return EXIT_FAILURE;
}

typedef struct {
  gboolean done;
  GPtrArray *models;
  GError *error;
} Listed;

static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  Listed *listed = user_data;

  listed->models = assay_client_list_finish (ASSAY_CLIENT (source), result, &listed->error);
  listed->done = TRUE;
}

static gboolean
is_listed (gpointer data)
{
  return ((Listed *) data)->done;
}

static gboolean
is_gone (gpointer data)
{
  return kill (*(GPid *) data, 0) != 0 && errno == ESRCH;
}

/* The service that we ship, with the models that we ship. */
static int
run_real (void)
{
  g_autofree char *program = assay_builtin_dup_program ("assay-serve", NULL);
  g_autofree char *models = assay_builtin_dup_models_dir ();
  g_autoptr(AssayClient) client = NULL;
  Fixture fixture = { NULL };
  Started started = { 0 };
  Listed listed = { 0 };
  GPid pid;

  if (program == NULL || !g_file_test (models, G_FILE_TEST_IS_DIR))
    return EXIT_SKIP;
  set_up (&fixture, NULL);
  start (&fixture, &started);
  g_assert_no_error (started.error);
  pid = assay_builtin_get_pid (fixture.builtin);
  client = assay_client_new (fixture.connection, fixture.credentials, fixture.transport);
  assay_client_list_async (client, NULL, listed_cb, &listed);
  wait_until (is_listed, &listed);
  g_assert_no_error (listed.error);
  g_assert_cmpuint (listed.models->len, >, 0);
  for (guint i = 0; i < listed.models->len; i++)
    {
      const AssayModelVersion *version = listed.models->pdata[i];

      printf ("%s %s %s\n", version->model, version->version, version->state);
    }
  g_ptr_array_unref (listed.models);
  g_clear_object (&client);
  g_clear_object (&fixture.builtin);
  wait_until (is_gone, &pid);
  tear_down (&fixture, NULL);
  return EXIT_SUCCESS;
}

/* Goes on as a copy in a folder of its own. */
static void
move_out (char **argv)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *top = g_dir_make_tmp ("assay-builtin-XXXXXX", NULL);
  g_autofree char *bin = g_build_filename (top, "bin", NULL);
  g_autofree char *copy = g_build_filename (bin, "test", NULL);
  g_autoptr(GFile) from = g_file_new_for_path (self);
  g_autoptr(GFile) to = g_file_new_for_path (copy);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir (bin, 0700), ==, 0);
  g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_setenv ("ASSAY_TEST_ORIGINAL", self, TRUE);
  g_setenv ("XDG_DATA_HOME", bin, TRUE);   /* nobody's own models */
  execv (copy, argv);
  g_error ("%s: %s", copy, g_strerror (errno));
}

static void
clean_up (void)
{
  g_autofree char *top = g_path_get_dirname (folder);
  g_autofree char *own = assay_builtin_dup_own_models_dir ();
  g_autofree char *data = g_path_get_dirname (own);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    forget_file (name);
  g_rmdir (own);
  g_rmdir (data);
  g_rmdir (folder);
  g_rmdir (top);
}

int
main (int argc,
      char **argv)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  int result;

  folder = g_path_get_dirname (self);
  if (argc == 2 && g_str_equal (argv[1], "--start-and-wait"))
    return start_and_wait ();
  if (argc == 2 && g_str_equal (argv[1], "--real"))
    return run_real ();
  if (g_getenv ("ASSAY_TEST_ORIGINAL") == NULL)
    move_out (argv);
  original = g_strdup (g_getenv ("ASSAY_TEST_ORIGINAL"));

  g_test_init (&argc, &argv, NULL);
#define TEST(name, function) \
  g_test_add ("/assay/builtin/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("keeps-the-contract", test_keeps_the_contract);
  TEST ("one-for-all", test_one_for_all);
  TEST ("says-why-it-ended", test_says_why_it_ended);
  TEST ("ends-without-reading", test_ends_without_reading);
  TEST ("refuses-nonsense", test_refuses_nonsense);
  TEST ("endless-line", test_endless_line);
  TEST ("cancel", test_cancel);
  TEST ("starts-again-after-a-crash", test_starts_again_after_a_crash);
  TEST ("is-started-again", test_is_started_again);
  TEST ("is-left-alone-after-three", test_is_left_alone_after_three);
  TEST ("does-not-start-again", test_does_not_start_again);
  TEST ("stubborn", test_stubborn);
  TEST ("missing", test_missing);
  TEST ("gone-with-a-killed-parent", test_gone_with_a_killed_parent);
  TEST ("real-service", test_real_service);
#undef TEST
  result = g_test_run ();
  clean_up ();
  g_free (folder);
  g_free (original);
  return result;
}
