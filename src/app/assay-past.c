/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-limits.h"
#include "assay-past.h"
#include "assay-trimmer.h"

typedef struct {
  gint64 run;
  GPtrArray *items;           /* (element-type AssayKeptItem) */
  AssayTrimmer *trimmer;
} Load;

static void
load_free (gpointer data)
{
  Load *self = data;

  g_ptr_array_unref (self->items);
  g_object_unref (self->trimmer);
  g_free (self);
}

/* They are on disk: page by page, so that a long run never stands in memory whole. */
static void
trim_page (Load *self,
           GPtrArray *page)
{
  for (guint i = 0; i < page->len; i++)
    {
      AssayKeptItem *item = g_ptr_array_index (page, i);
      g_autoptr (AssayPrediction) whole = NULL;

      if (item->answer == NULL || item->answer->prediction == NULL)
        continue;
      whole = g_steal_pointer (&item->answer->prediction);
      item->answer->prediction =
        assay_trimmer_shorten (self->trimmer, whole, NULL, self->run, item->position);
    }
}

static void load_page (GTask *task);

static void
page_cb (GObject *object,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (GTask) task = data;
  Load *load = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *page = assay_history_load_finish (ASSAY_HISTORY (object), result, &error);
  gboolean last;

  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  last = page->len < ASSAY_LIMIT_HISTORY_PAGE;
  trim_page (load, page);
  g_ptr_array_extend_and_steal (load->items, page);
  if (last)
    g_task_return_pointer (task, g_ptr_array_ref (load->items), (GDestroyNotify) g_ptr_array_unref);
  else
    load_page (g_steal_pointer (&task));
}

/* Takes @task. */
static void
load_page (GTask *task)
{
  Load *load = g_task_get_task_data (task);
  gint64 after = -1;

  if (load->items->len > 0)
    {
      AssayKeptItem *item = g_ptr_array_index (load->items, load->items->len - 1);

      after = item->position;
    }
  assay_history_load_async (g_task_get_source_object (task), load->run, ASSAY_HISTORY_ALL, after,
                            ASSAY_LIMIT_HISTORY_PAGE, g_task_get_cancellable (task), page_cb, task);
}

/**
 * assay_past_load_async:
 * @run: an id
 *
 * Loads all items of a run with their answers, those with many labels trimmed.
 */
void
assay_past_load_async (AssayHistory *history,
                       gint64 run,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer data)
{
  Load *load;
  GTask *task;

  g_return_if_fail (ASSAY_IS_HISTORY (history));

  load = g_new0 (Load, 1);
  load->run = run;
  load->trimmer = assay_trimmer_new (history);
  load->items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_kept_item_free);
  task = g_task_new (history, cancellable, callback, data);
  g_task_set_source_tag (task, assay_past_load_async);
  g_task_set_task_data (task, load, load_free);
  load_page (task);
}

/**
 * assay_past_load_finish:
 * @error: as assay_history_load_finish()
 *
 * Returns: (transfer full) (element-type AssayKeptItem): in the order given
 */
GPtrArray *
assay_past_load_finish (GAsyncResult *result,
                        GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- in words ---- */

/**
 * assay_past_dup_name:
 *
 * Returns: (transfer full): its name, safe to show
 */
char *
assay_past_dup_name (const AssayKeptRun *run)
{
  g_return_val_if_fail (run != NULL, NULL);

  return assay_display_name (run->name != NULL && *run->name != '\0' ? run->name : _("Unnamed"));
}

/**
 * assay_past_dup_when:
 *
 * Returns: (transfer full): day and time of its beginning
 */
char *
assay_past_dup_when (const AssayKeptRun *run)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  char *text;

  g_return_val_if_fail (run != NULL, NULL);

  utc = g_date_time_new_from_unix_utc (run->started / G_USEC_PER_SEC);
  local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  text = local != NULL ? g_date_time_format (local, "%x %X") : NULL;
  return text != NULL ? text : g_strdup (_("unknown"));
}

/**
 * assay_past_dup_whom:
 *
 * Returns: (transfer full): "flowers 2 · QA", safe to show
 */
char *
assay_past_dup_whom (const AssayKeptRun *run)
{
  g_autofree char *model = NULL;
  g_autofree char *version = NULL;
  g_autofree char *connection = NULL;
  GString *text;

  g_return_val_if_fail (run != NULL, NULL);

  model = assay_display_name (assay_target_get_model (run->target));
  version = assay_display_name (assay_target_get_version (run->target));
  connection = assay_display_name (run->connection_name != NULL ? run->connection_name : "");
  text = g_string_new (*model != '\0' ? model : _("the service’s own model"));
  if (*version != '\0')
    g_string_append_printf (text, " %s", version);
  if (*connection != '\0')
    g_string_append_printf (text, " · %s", connection);
  return g_string_free (text, FALSE);
}

/* Takes @count. */
static void
append_count (GString *text,
              guint n,
              char *count)
{
  if (n > 0)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", count);
  g_free (count);
}

/**
 * assay_past_dup_counts:
 *
 * Returns: (transfer full): "588 answered, 412 left": each that there is
 */
char *
assay_past_dup_counts (const AssayKeptRun *run)
{
  GString *text;
  guint left;

  g_return_val_if_fail (run != NULL, NULL);

  text = g_string_new (NULL);
  left = assay_kept_run_get_left (run);
  append_count (text, run->n_answered, g_strdup_printf (_("%'u answered"), run->n_answered));
  append_count (text, run->n_failed, g_strdup_printf (_("%'u failed"), run->n_failed));
  append_count (text, run->n_rejected, g_strdup_printf (_("%'u rejected"), run->n_rejected));
  append_count (text, run->n_canceled, g_strdup_printf (_("%'u canceled"), run->n_canceled));
  append_count (text, left, g_strdup_printf (_("%'u left"), left));
  return g_string_free (text, FALSE);
}

/**
 * assay_past_can_go_on:
 *
 * Returns: whether it was interrupted, with something left
 */
gboolean
assay_past_can_go_on (const AssayKeptRun *run)
{
  g_return_val_if_fail (run != NULL, FALSE);

  return run->state == ASSAY_KEPT_INTERRUPTED && assay_kept_run_get_left (run) > 0;
}
