/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-connect.h"
#include "assay-cli-connection.h"
#include "assay-cli-loop.h"
#include "assay-cli.h"
#include "assay-client-test.h"
#include "assay-error.h"

typedef struct {
  AssayCliConnect *connect;
  AssayCliLoop *loop;
  char *model;
  char *version;
} Test;

static void
test_free (Test *self)
{
  g_clear_pointer (&self->connect, assay_cli_connect_free);
  g_clear_pointer (&self->loop, assay_cli_loop_free);
  g_free (self->model);
  g_free (self->version);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Test, test_free)

static void
print_certificate (const AssayCertificate *certificate)
{
  g_autofree char *fingerprint = assay_fingerprint_format (certificate->fingerprint);
  g_autofree char *from = certificate->not_before != NULL
                              ? g_date_time_format_iso8601 (certificate->not_before)
                              : g_strdup ("?");
  g_autofree char *until = certificate->not_after != NULL
                               ? g_date_time_format_iso8601 (certificate->not_after)
                               : g_strdup ("?");

  printf (_("  Subject: %s\n"), certificate->subject);
  printf (_("  Issuer: %s\n"), certificate->issuer);
  printf (_("  Valid: %s to %s\n"), from, until);
  printf (_("  SHA-256: %s\n"), fingerprint);
}

static const char *
name_state (AssayStepState state)
{
  switch (state)
    {
    case ASSAY_STEP_PASSED:
      return _("passed");
    case ASSAY_STEP_SKIPPED:
      return _("skipped");
    case ASSAY_STEP_FAILED:
      return _("failed");
    case ASSAY_STEP_OPEN:
    default:
      return "";
    }
}

/* A line as soon as a step is known. */
static void
tested_step_cb (const AssayClientTest *test,
                AssayStep step,
                gpointer data)
{
  const AssayStepResult *result = &test->steps[step];

  printf ("%s: %s: %s\n", assay_step_get_title (step), name_state (result->state), result->text);
  if (step == ASSAY_STEP_CERTIFICATE && result->state == ASSAY_STEP_FAILED
      && test->certificate != NULL)
    print_certificate (test->certificate);
  if (result->remedy != NULL)
    printf ("  %s\n", result->remedy);
  fflush (stdout);
}

static int
find_status (const AssayClientTest *test)
{
  if (test->error == NULL)
    return ASSAY_CLI_OK;
  return test->steps[ASSAY_STEP_MODEL].state == ASSAY_STEP_FAILED ? ASSAY_CLI_SOME_FAILED
                                                                  : ASSAY_CLI_NO_SERVICE;
}

static void
tested_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Test *self = data;
  g_autoptr (AssayClientTest) test = assay_client_test_finish (ASSAY_CLIENT (source), result, NULL);

  assay_cli_loop_quit (self->loop, test != NULL ? find_status (test) : ASSAY_CLI_INTERRUPTED);
}

static void
opened_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Test *self = data;
  g_autoptr (GError) error = NULL;

  if (assay_cli_connect_open_finish (self->connect, result, &error))
    {
      assay_client_test_async (assay_cli_connect_get_client (self->connect), self->model,
                               self->version, tested_step_cb, NULL,
                               assay_cli_loop_get_cancellable (self->loop), tested_cb, self);
      return;
    }
  if (assay_cli_status_for_error (error) != ASSAY_CLI_INTERRUPTED)
    assay_cli_complain (NULL, error->message);
  assay_cli_loop_quit (self->loop, assay_cli_status_for_error (error));
}

/* Every wait here ends by the loop's cancellable. */
static void
interrupted_cb (gpointer data)
{
}

static gboolean
prepare (Test *self,
         int argc,
         char **argv,
         GError **error)
{
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &self->model, N_("Ask this model"), N_("NAME") },
    { "model-version", 0, 0, G_OPTION_ARG_STRING, &self->version, N_("Ask this version of it"),
      N_("V") },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (
      _("NAME — try a connection step by step"));
  g_autoptr (GError) reason = NULL;

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  self->connect = assay_cli_connect_new ();
  assay_cli_connect_add_options (self->connect, context);
  if (!g_option_context_parse (context, &argc, &argv, &reason))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, reason->message);
  else if (argc > 2)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("The command takes one name or file"));
  else if ((self->model == NULL) != (self->version == NULL))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("--model and --model-version go together"));
  else
    {
      if (argc == 2)
        assay_cli_connect_set_name (self->connect, argv[1]);
      return assay_cli_connect_check (self->connect, error);
    }
  return FALSE;
}

/**
 * assay_cli_connection_test:
 *
 * "assay-cli connection test NAME": a line for each step, and the remedy for the
 * one that failed.
 *
 * Returns: the exit status: 3 unless the service can be reached and permits to
 *   ask it, 1 when only the model is missing
 */
int
assay_cli_connection_test (int argc,
                           char **argv)
{
  g_autoptr (Test) self = g_new0 (Test, 1);
  g_autoptr (GError) error = NULL;

  if (!prepare (self, argc, argv, &error))
    return assay_cli_complain_usage ("connection test", error);
  self->loop = assay_cli_loop_new (interrupted_cb, self);
  assay_cli_connect_open_async (self->connect, 2, assay_cli_loop_get_cancellable (self->loop),
                                opened_cb, self);
  return assay_cli_loop_run (self->loop);
}
