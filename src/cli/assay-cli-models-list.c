/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-connect.h"
#include "assay-cli-list.h"
#include "assay-cli-loop.h"
#include "assay-cli-models.h"
#include "assay-cli-output.h"
#include "assay-cli-table.h"
#include "assay-cli.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"

/* One call of the command. */
typedef struct {
  AssayCliConnect *connect;
  AssayCliLoop *loop;
  AssayCliFormat format;
  char *format_name;
  char **rest;
} Models;

static void
models_free (Models *self)
{
  g_clear_pointer (&self->connect, assay_cli_connect_free);
  g_clear_pointer (&self->loop, assay_cli_loop_free);
  g_strfreev (self->rest);
  g_free (self->format_name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Models, models_free)

static void
append_member (GString *out,
               const char *name,
               const char *value)
{
  g_string_append_printf (out, "%s\"%s\": ", g_str_equal (name, "model") ? "" : ", ", name);
  assay_json_append_string (out, value);
}

static void
append_labels (GString *out,
               char **labels)
{
  g_string_append (out, ", \"labels\": [");
  for (guint i = 0; labels[i] != NULL; i++)
    {
      g_string_append (out, i > 0 ? ", " : "");
      assay_json_append_string (out, labels[i]);
    }
  g_string_append_c (out, ']');
}

static void
write_json (GPtrArray *versions)
{
  g_autoptr (GString) out = g_string_new ("[");

  for (guint i = 0; i < versions->len; i++)
    {
      AssayModelVersion *version = g_ptr_array_index (versions, i);

      g_string_append (out, i > 0 ? ",\n  {" : "\n  {");
      append_member (out, "model", version->model);
      append_member (out, "version", version->version);
      append_member (out, "state", version->state);
      if (version->labels != NULL)
        append_labels (out, version->labels);
      g_string_append_c (out, '}');
    }
  g_string_append (out, versions->len > 0 ? "\n]\n" : "]\n");
  fputs (out->str, stdout);
}

static void
write_table (GPtrArray *versions)
{
  const char *const titles[] = { _("MODEL"), _("VERSION"), _("STATE"), _("LABELS") };
  g_autoptr (AssayCliTable) table = assay_cli_table_new (titles);
  g_autofree char *text = NULL;

  for (guint i = 0; i < versions->len; i++)
    {
      AssayModelVersion *version = g_ptr_array_index (versions, i);
      g_autofree char *labels = NULL;
      const char *cells[] = { version->model, version->version, version->state, "-" };

      if (*version->state == '\0')
        cells[2] = _("not deployed");
      if (version->labels != NULL)
        cells[3] = labels = g_strjoinv (", ", version->labels);
      assay_cli_table_add (table, i, cells);
    }
  text = assay_cli_table_format (table);
  fputs (text, stdout);
}

static void
give_up (Models *self,
         const GError *error)
{
  int status = assay_cli_status_for_error (error);

  if (status != ASSAY_CLI_INTERRUPTED)
    assay_cli_complain (NULL, error->message);
  assay_cli_loop_quit (self->loop, status);
}

static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Models *self = data;
  g_autoptr (GPtrArray) versions = NULL;
  g_autoptr (GError) error = NULL;

  versions = assay_cli_list_finish (result, &error);
  if (versions == NULL)
    {
      give_up (self, error);
      return;
    }
  if (self->format == ASSAY_CLI_JSON)
    write_json (versions);
  else
    write_table (versions);
  if (fflush (stdout) != 0)
    {
      assay_cli_complain (NULL, _("The list can't be written"));
      assay_cli_loop_quit (self->loop, ASSAY_CLI_SOME_FAILED);
      return;
    }
  assay_cli_loop_quit (self->loop, ASSAY_CLI_OK);
}

static void
opened_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Models *self = data;
  g_autoptr (GError) error = NULL;

  if (assay_cli_connect_open_finish (self->connect, result, &error))
    assay_cli_list_async (self->connect, assay_cli_loop_get_cancellable (self->loop), listed_cb,
                          self);
  else
    give_up (self, error);
}

/* Every wait here ends by the loop's cancellable. */
static void
interrupted_cb (gpointer data)
{
}

static gboolean
check_rest (Models *self,
            GError **error)
{
  const char *problem = NULL;

  if (self->rest != NULL)
    problem = _("“models list” takes no path");
  else if (!assay_cli_format_parse (self->format_name, &self->format)
           || self->format > ASSAY_CLI_JSON)
    problem = _("--format takes table or json");
  if (problem != NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, problem);
  return problem == NULL;
}

static gboolean
prepare (Models *self,
         int argc,
         char **argv,
         GError **error)
{
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &self->format_name, N_("table (default) or json"),
      N_("FORMAT") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->rest, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) reason = NULL;

  context = g_option_context_new (_("— models, their versions and states"));
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  self->connect = assay_cli_connect_new ();
  assay_cli_connect_add_options (self->connect, context);
  if (!g_option_context_parse (context, &argc, &argv, &reason))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, reason->message);
      return FALSE;
    }
  return check_rest (self, error) && assay_cli_connect_check (self->connect, error);
}

/**
 * assay_cli_models_list:
 *
 * "assay-cli models list": what the service can be asked.
 *
 * Returns: the exit status
 */
int
assay_cli_models_list (int argc,
                       char **argv)
{
  g_autoptr (Models) self = g_new0 (Models, 1);
  g_autoptr (GError) error = NULL;

  if (!prepare (self, argc, argv, &error))
    return assay_cli_complain_usage ("models list", error);
  self->loop = assay_cli_loop_new (interrupted_cb, self);
  assay_cli_connect_open_async (self->connect, ASSAY_DEFAULT_JOBS,
                                assay_cli_loop_get_cancellable (self->loop), opened_cb, self);
  return assay_cli_loop_run (self->loop);
}
