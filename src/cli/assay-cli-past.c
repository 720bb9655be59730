/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-past.h"
#include "assay-cli.h"
#include "assay-error.h"
#include "assay-json.h"

/* What the loop calls back with. */
typedef struct {
  AssayCliPast past;
  AssayCliPastStart start;
} Command;

/* Every wait here ends by the loop's cancellable. */
static void
interrupted_cb (gpointer data)
{
}

static void
closed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  AssayCliPast *self = data;
  g_autoptr (GError) error = NULL;

  if (!assay_history_close_finish (ASSAY_HISTORY (source), result, &error))
    assay_cli_complain (NULL, error->message);
  assay_cli_loop_quit (self->loop, self->status);
}

static int
choose_status (const GError *error)
{
  if (error == NULL)
    return ASSAY_CLI_OK;
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND)
      || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_USAGE))
    return ASSAY_CLI_USAGE;
  return ASSAY_CLI_SOME_FAILED;
}

/**
 * assay_cli_past_end:
 * @error: (nullable): what kept the command from doing its part; it is said
 *
 * Closes the history and ends the loop.
 */
void
assay_cli_past_end (AssayCliPast *self,
                    const GError *error)
{
  self->status = choose_status (error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    assay_cli_complain (NULL, error->message);
  assay_history_close_async (self->history, NULL, closed_cb, self);
}

static void
opened_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Command *command = data;
  g_autoptr (GError) error = NULL;

  if (assay_history_open_finish (ASSAY_HISTORY (source), result, &error))
    command->start (&command->past);
  else
    assay_cli_past_end (&command->past, error);
}

/**
 * assay_cli_past_run:
 * @start: the command's own part, once the history is open
 * @data: becomes the data of what @start gets
 *
 * Returns: the exit status
 */
int
assay_cli_past_run (AssayCliPastStart start,
                    gpointer data)
{
  g_autofree char *path = assay_history_dup_default_path ();
  Command command = { .past = { .data = data }, .start = start };
  int status;

  command.past.loop = assay_cli_loop_new (interrupted_cb, NULL);
  command.past.history = assay_history_new (path);
  assay_history_open_async (command.past.history,
                            assay_cli_loop_get_cancellable (command.past.loop), opened_cb,
                            &command);
  status = assay_cli_loop_run (command.past.loop);
  g_clear_object (&command.past.history);
  assay_cli_loop_free (command.past.loop);
  return status;
}

/**
 * assay_cli_past_parse_run:
 * @words: (nullable): what was typed after the options
 * @run: (out): the number of the run
 * @error: %ASSAY_ERROR_USAGE unless it is exactly one number
 *
 * Returns: whether it is one
 */
gboolean
assay_cli_past_parse_run (char **words,
                          gint64 *run,
                          GError **error)
{
  guint64 number;

  if (words != NULL && words[0] != NULL && words[1] == NULL
      && g_ascii_string_to_unsigned (words[0], 10, 1, G_MAXINT64, &number, NULL))
    {
      *run = (gint64) number;
      return TRUE;
    }
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       _("Give the number of one run, as “assay-cli history list” shows it"));
  return FALSE;
}

/**
 * assay_cli_past_dup_time:
 * @when: microseconds since 1970 (UTC)
 *
 * Returns: (transfer full): in local time, the same in every language, sortable
 */
char *
assay_cli_past_dup_time (gint64 when)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (when / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("-");
}

/**
 * assay_cli_past_dup_what:
 *
 * Returns: (transfer full): what was given, and whom it was shown
 */
char *
assay_cli_past_dup_what (const AssayKeptRun *run)
{
  const char *model = assay_target_get_model (run->target);
  const char *version = assay_target_get_version (run->target);

  return g_strdup_printf (C_ ("run", "%s, %s %s"), run->name,
                          *model != '\0' ? model : _("stock model"), version);
}

static void
append_count (GString *text,
              guint count,
              const char *word)
{
  if (count > 0)
    g_string_append_printf (text, ", %u %s", count, word);
}

/**
 * assay_cli_past_dup_result:
 *
 * Returns: (transfer full): "588 of 1000 answered, 412 left (interrupted)"
 */
char *
assay_cli_past_dup_result (const AssayKeptRun *run)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _("%u of %u answered"), run->n_answered, run->given);
  append_count (text, run->n_rejected, _("rejected"));
  append_count (text, run->n_failed, _("failed"));
  append_count (text, run->n_canceled, _("canceled"));
  append_count (text, assay_kept_run_get_left (run), _("left"));
  if (run->state == ASSAY_KEPT_RUNNING)
    g_string_append_printf (text, " (%s)", _("running"));
  else if (run->state == ASSAY_KEPT_INTERRUPTED)
    g_string_append_printf (text, " (%s)", _("interrupted"));
  return g_string_free (text, FALSE);
}

/* RFC 3339, or "" for what hasn't been yet. */
static void
append_time (GString *out,
             const char *name,
             gint64 when)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (when / G_USEC_PER_SEC);
  g_autofree char *text = when != 0 && utc != NULL ? g_date_time_format_iso8601 (utc) : NULL;

  assay_json_add_string (out, name, text != NULL ? text : "");
}

/**
 * assay_cli_past_dup_json:
 *
 * Returns: (transfer full): the run as a JSON object, in one line
 */
char *
assay_cli_past_dup_json (const AssayKeptRun *run)
{
  static const char *const states[] = { "running", "interrupted", "finished" };
  GString *out = g_string_new ("{");

  assay_json_add_whole (out, "run", run->id);
  assay_json_add_string (out, "name", run->name);
  assay_json_add_string (out, "state", states[run->state]);
  append_time (out, "started", run->started);
  append_time (out, "ended", run->ended);
  assay_json_add_string (out, "connection", run->connection_name);
  assay_json_add_string (out, "url", run->url);
  assay_json_add_string (out, "protocol", run->protocol);
  assay_json_add_string (out, "model", assay_target_get_model (run->target));
  assay_json_add_string (out, "version", assay_target_get_version (run->target));
  assay_json_add_whole (out, "given", run->given);
  assay_json_add_whole (out, "answered", run->n_answered);
  assay_json_add_whole (out, "failed", run->n_failed);
  assay_json_add_whole (out, "rejected", run->n_rejected);
  assay_json_add_whole (out, "canceled", run->n_canceled);
  assay_json_add_whole (out, "left", assay_kept_run_get_left (run));
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}
