/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-judge.h"
#include "assay-cli-loop.h"
#include "assay-cli-output.h"
#include "assay-cli-store.h"
#include "assay-cli.h"
#include "assay-error.h"
#include "assay-verifier.h"

typedef struct {
  AssayCliLoop *loop;
  char *path;
  AssayCliFormat format;
} Verify;

/* The wait here ends by the loop's cancellable. */
static void
interrupted_cb (gpointer data)
{
}

static void
print_text (const AssayVerification *found)
{
  const AssayFindings *findings = found->findings;

  if (findings->n == 0)
    {
      guint n = found->bundle->images->len;
      g_autofree char *images =
        g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u image", "%u images", n), n);
      guint n_runs = found->bundle->runs->len;
      g_autofree char *versions = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%u version", "%u versions", n_runs), n_runs);

      printf (_("The bundle is whole: %s, %s, every figure is the same\n"), images, versions);
      return;
    }
  printf ("%s\n", _("The bundle is not whole:"));
  for (guint i = 0; i < findings->list->len; i++)
    printf ("%s\n", ((AssayFinding *) g_ptr_array_index (findings->list, i))->words);
  if (findings->n > findings->list->len)
    {
      guint n = findings->n - findings->list->len;

      printf (g_dngettext (GETTEXT_PACKAGE, "… and %u more", "… and %u more", n), n);
      printf ("\n");
    }
}

static void
append_finding (GString *out,
                const AssayFinding *finding)
{
  static const char *const kinds[] = { "file", "changed", "missing", "extra", "figure" };

  g_string_append_c (out, '{');
  assay_cli_json_string (out, "kind", kinds[finding->kind]);
  assay_cli_json_string (out, "member", finding->member);
  assay_cli_json_string (out, "message", finding->words);
  g_string_append_c (out, '}');
}

static void
print_json (const AssayVerification *found)
{
  g_autoptr (GString) out = g_string_new ("{");
  const AssayBundle *bundle = found->bundle;

  assay_cli_json_name (out, "whole");
  g_string_append (out, found->findings->n == 0 ? "true" : "false");
  assay_cli_json_count (out, "images", bundle != NULL ? bundle->images->len : 0);
  assay_cli_json_count (out, "versions", bundle != NULL ? bundle->runs->len : 0);
  assay_cli_json_count (out, "n_findings", found->findings->n);
  assay_cli_json_name (out, "findings");
  g_string_append_c (out, '[');
  for (guint i = 0; i < found->findings->list->len; i++)
    {
      g_string_append (out, i > 0 ? ", " : "");
      append_finding (out, g_ptr_array_index (found->findings->list, i));
    }
  g_string_append (out, "]}");
  printf ("%s\n", out->str);
}

static int
choose_status (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ASSAY_CLI_INTERRUPTED;
  return ASSAY_CLI_USAGE;
}

static void
verified_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  Verify *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayVerification) found = assay_verify_finish (result, &error);

  if (found == NULL)
    {
      int status = choose_status (error);

      if (status != ASSAY_CLI_INTERRUPTED)
        assay_cli_complain (NULL, error->message);
      assay_cli_loop_quit (self->loop, status);
      return;
    }
  if (self->format == ASSAY_CLI_JSON)
    print_json (found);
  else
    print_text (found);
  fflush (stdout);
  assay_cli_loop_quit (self->loop, found->findings->n == 0 ? ASSAY_CLI_OK : ASSAY_CLI_GATE);
}

static gboolean
prepare (Verify *self,
         int argc,
         char **argv,
         GError **error)
{
  g_autofree char *format = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("table (default) or json"), N_("FORMAT") },
    { NULL },
  };

  self->path = assay_cli_parse_words (_("FILE — check a bundle of evidence"), entries, argc, argv,
                                      error);
  if (self->path == NULL)
    return FALSE;
  if (assay_cli_format_parse (format, &self->format)
      && (self->format == ASSAY_CLI_TABLE || self->format == ASSAY_CLI_JSON))
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("--format takes table or json"));
  return FALSE;
}

/**
 * assay_cli_verify:
 *
 * "assay-cli verify FILE": tells whether a bundle is whole and its figures follow from
 * its answers.
 *
 * Returns: the exit status
 */
int
assay_cli_verify (int argc,
                  char **argv)
{
  Verify self = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = NULL;
  int status = ASSAY_CLI_USAGE;

  if (prepare (&self, argc, argv, &error))
    {
      file = g_file_new_for_commandline_arg (self.path);
      self.loop = assay_cli_loop_new (interrupted_cb, NULL);
      assay_verify_async (file, assay_cli_loop_get_cancellable (self.loop), verified_cb, &self);
      status = assay_cli_loop_run (self.loop);
      assay_cli_loop_free (self.loop);
    }
  else
    assay_cli_complain_usage ("verify", error);
  g_free (self.path);
  return status;
}
