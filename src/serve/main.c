/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-locale.h"
#include "assay-model-check.h"
#include "assay-serve-key.h"
#include "assay-serve-options.h"
#include "assay-server.h"

#define STOP_MS 2000  /* for requests under way when the service is told to stop */
#define STOP_LOOK_MS 10

enum {
  STATUS_OK = 0,
  STATUS_FAILED = 1,
  STATUS_USAGE = 2,
};

/* The service's life: it runs until it is told to stop, then until nothing is
 * under way or its time is over. */
typedef struct {
  GMainLoop *loop;
  AssayServer *server;
  AssayModelStore *store;
  gint64 give_up;     /* monotonic; 0 until it is told to stop */
  gboolean gave_up;
} Life;

/* One line each, to standard error: standard output has the service key. */
/* Names of models and folders are in it: safe for a terminal. */
static void
complain (const char *message)
{
  g_autofree char *safe = assay_display_text (message, -1, 0);

  g_printerr ("assay-serve: %s\n", safe);
}

static GLogWriterOutput
write_log (GLogLevelFlags level,
           const GLogField *fields,
           gsize n_fields,
           gpointer data)
{
  const char *domain = G_LOG_DOMAIN;

  for (gsize i = 0; i < n_fields; i++)
    if (g_strcmp0 (fields[i].key, "GLIB_DOMAIN") == 0)
      domain = fields[i].value;
  if (g_log_writer_default_would_drop (level, domain))
    return G_LOG_WRITER_HANDLED;
  if (level > G_LOG_LEVEL_MESSAGE || level < G_LOG_LEVEL_MESSAGE)
    return g_log_writer_standard_streams (level, fields, n_fields, data);
  for (gsize i = 0; i < n_fields; i++)
    if (g_strcmp0 (fields[i].key, "MESSAGE") == 0)
      complain (fields[i].value);
  return G_LOG_WRITER_HANDLED;
}

static gboolean
look_cb (gpointer data)
{
  Life *life = data;

  life->gave_up = g_get_monotonic_time () >= life->give_up;
  if (!life->gave_up && (assay_server_is_busy (life->server) ||
                         assay_model_store_is_busy (life->store)))
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (life->loop);
  return G_SOURCE_REMOVE;
}

static void
stop (Life *life,
      const char *why)
{
  if (life->give_up != 0)
    return;
  g_message ("stopping: %s", why);
  life->give_up = g_get_monotonic_time () + STOP_MS * 1000;
  assay_server_stop (life->server);
  assay_model_store_stop (life->store);
  g_timeout_add (STOP_LOOK_MS, look_cb, life);
}

static gboolean
signal_cb (gpointer data)
{
  stop (data, "signal");
  return G_SOURCE_CONTINUE;
}

/* Whoever holds the other end is our life line: it closes when that process
 * ends, however it ends. */
static gboolean
stdin_cb (int descriptor,
          GIOCondition condition,
          gpointer data)
{
  char thrown_away[1024];
  gssize n = read (descriptor, thrown_away, sizeof thrown_away);

  if (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)))
    return G_SOURCE_CONTINUE;
  stop (data, "end of standard input");
  return G_SOURCE_REMOVE;
}

static void
print_connection (const AssayServeOptions *options,
                  AssayServer *server)
{
  g_autofree char *key = assay_serve_key_format (assay_server_get_url (server),
                                                 assay_server_get_auth (server),
                                                 !options->secret_on_stdin);

  printf ("%s\n", key);
  fflush (stdout);
}

static void
run (Life *life,
     const AssayServeOptions *options)
{
  life->loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGTERM, signal_cb, life);
  g_unix_signal_add (SIGINT, signal_cb, life);
  if (options->secret_on_stdin)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, stdin_cb, life);
  g_message ("listening on %s", assay_server_get_url (life->server));
  if (options->print_connection)
    print_connection (options, life->server);
  g_main_loop_run (life->loop);
  assay_server_disconnect (life->server);
  g_clear_pointer (&life->loop, g_main_loop_unref);
}

static int
serve (AssayServeOptions *options)
{
  g_autoptr (AssayModelStore) store = NULL;
  g_autoptr (AssayWorkers) workers = NULL;
  g_autoptr (AssayServer) server = NULL;
  g_autoptr (GError) error = NULL;
  Life life = { 0 };

  store = assay_model_store_new ((const char *const *) options->folders);
  workers = assay_workers_new (options->workers);
  server = assay_server_new (store, workers, g_steal_pointer (&options->auth));
  assay_server_set_patience (server, options->timeout * 1000);
  assay_server_set_names (server, (const char *const *) options->hosts);
  if (!assay_server_listen (server, options->address, &error))
    {
      complain (error->message);
      return STATUS_FAILED;
    }
  life.server = server;
  life.store = store;
  run (&life, options);
  /* A thread that is still busy would be torn down under its feet. */
  if (life.gave_up)
    _exit (STATUS_OK);
  return STATUS_OK;
}

/* Should the file take more time or memory than there is, it is this process that
 * goes, and nobody keeps its corpse. */
static void
be_expendable (void)
{
  static const char most[] = "1000";
  const struct rlimit no_core = { 0, 0 };
  const struct rlimit seconds = { ASSAY_LIMIT_MODEL_CHECK_SECONDS,
                                  ASSAY_LIMIT_MODEL_CHECK_SECONDS };
  int descriptor = open ("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

  if (descriptor >= 0 && write (descriptor, most, sizeof most - 1) < 0)
    g_debug ("the kernel takes no wish");
  if (descriptor >= 0)
    close (descriptor);
  setrlimit (RLIMIT_CORE, &no_core);
  setrlimit (RLIMIT_CPU, &seconds);
}

static int
check (const AssayServeOptions *options)
{
  const AssayModelCheck asked = { options->check, options->labels, options->preprocess };
  g_autoptr (GString) answer = g_string_new (NULL);

  be_expendable ();
  assay_model_check_run (&asked, answer);
  printf ("%s\n", answer->str);
  return fflush (stdout) == 0 ? STATUS_OK : STATUS_FAILED;
}

int
main (int argc,
      char **argv)
{
  g_auto (AssayServeOptions) options = { 0 };
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GError) error = NULL;

  assay_locale_init ();
  signal (SIGPIPE, SIG_IGN);
  g_log_writer_default_set_use_stderr (TRUE);
  g_log_set_writer_func (write_log, NULL, NULL);

  arguments = g_strdupv (argv);
  if (!assay_serve_options_read (&options, arguments, &error))
    {
      complain (error->message);
      return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FAILED) ? STATUS_FAILED
                                                                      : STATUS_USAGE;
    }
  if (options.version)
    {
      printf ("assay-serve %s\n", ASSAY_VERSION);
      return STATUS_OK;
    }
  return options.check != NULL ? check (&options) : serve (&options);
}
