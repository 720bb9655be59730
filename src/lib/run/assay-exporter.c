/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-exporter.h"

/* Lines are written so many bytes at a time, and collected for so long in one turn of the
 * main loop. */
#define CHUNK (256 * 1024)
#define SLICE (4 * G_TIME_SPAN_MILLISECOND)

/* Invariant: text has the lines before next that are not in the stream yet; there is one for
 * each item and target. */
typedef struct {
  GPtrArray *items;           /* (element-type AssayItem) */
  GPtrArray *targets;         /* (element-type AssayTarget) (nullable): the one on show */
  AssayTarget *baseline;      /* (nullable): of what is compared */
  AssayTarget *candidate;     /* (nullable): whose answers are judged; NULL if none are */
  AssayTrimmer *trimmer;      /* (nullable) */
  AssayExporterFormat format;
  GFile *file;
  GOutputStream *stream;      /* (nullable) until it is open */
  GString *text;
  guint next;
  gboolean ended;             /* what stands below the lines is in the text too */
} Export;

static Export *
export_new (GPtrArray *items,
            AssayExporterFormat format,
            GFile *file)
{
  Export *self = g_new0 (Export, 1);

  self->items = g_ptr_array_ref (items);
  self->format = format;
  self->file = g_object_ref (file);
  self->text = g_string_new (NULL);
  return self;
}

static void
export_free (Export *self)
{
  g_ptr_array_unref (self->items);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_clear_pointer (&self->baseline, assay_target_unref);
  g_clear_pointer (&self->candidate, assay_target_unref);
  g_clear_object (&self->trimmer);
  g_clear_object (&self->stream);
  g_object_unref (self->file);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/**
 * assay_exporter_find_format:
 * @name: of a file, in any case
 * @format: (out)
 *
 * Returns: whether its ending says how to write it
 */
gboolean
assay_exporter_find_format (const char *name,
                            AssayExporterFormat *format)
{
  const struct {
    const char *ending;
    AssayExporterFormat format;
  } endings[] = {
    { ".csv", ASSAY_EXPORTER_CSV },
    { ".ndjson", ASSAY_EXPORTER_NDJSON },
    { ".jsonl", ASSAY_EXPORTER_NDJSON },
    { ".json", ASSAY_EXPORTER_JSON },
  };
  g_autofree char *lower = NULL;

  g_return_val_if_fail (name != NULL && format != NULL, FALSE);

  lower = g_ascii_strdown (name, -1);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i].ending))
      {
        *format = endings[i].format;
        return TRUE;
      }
  return FALSE;
}

/* ---- the lines ---- */

static void
fill_answer (AssayExportRow *row,
             AssayAnswer *answer)
{
  AssayTarget *target = assay_answer_get_target (answer);

  row->state = assay_answer_get_state (answer);
  row->model = assay_target_get_model (target);
  row->version = assay_target_get_version (target);
  row->attempts = assay_answer_get_attempts (answer);
  row->seconds = assay_answer_get_seconds (answer);
  row->error = assay_answer_get_error (answer);
}

/**
 * assay_exporter_dup_line:
 * @format: %ASSAY_EXPORTER_CSV, or one of the others for an object in JSON
 * @item: whose line
 * @answer: (nullable): of @item; %NULL where nobody was asked
 * @prediction: (nullable): what @answer says, or all of it where that is trimmed
 * @path: what to call it, any bytes
 * @top: labels to write, 0 for all
 *
 * Returns: (transfer full): what is known of it, as "assay-cli classify" writes it, without
 *   the end of the line
 */
char *
assay_exporter_dup_line (AssayExporterFormat format,
                         AssayItem *item,
                         AssayAnswer *answer,
                         AssayPrediction *prediction,
                         const char *path,
                         guint top)
{
  g_autofree char *sha256 = NULL;
  g_autofree char *sent = NULL;
  AssayExportRow row;

  g_return_val_if_fail (ASSAY_IS_ITEM (item), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  sha256 = assay_item_dup_sha256 (item);
  sent = assay_item_dup_sent_sha256 (item);
  row = (AssayExportRow) {
    .path = path,
    .member = assay_source_get_member (assay_item_get_source (item)),
    .sha256 = sha256,
    /* Where that is something else than the file or member. */
    .sent_sha256 = g_strcmp0 (sent, sha256) != 0 ? sent : NULL,
    .fitted = assay_item_get_fitted (item),
    .bytes = assay_item_get_size (item),
    .state = ASSAY_ANSWER_QUEUED,
    .prediction = prediction,
    .top = top,
    .model = "",
    .version = "",
  };
  if (answer != NULL)
    fill_answer (&row, answer);
  return format == ASSAY_EXPORTER_CSV ? assay_export_csv (&row) : assay_export_ndjson (&row);
}

static guint
count_targets (Export *self)
{
  return self->targets != NULL ? self->targets->len : 1;
}

static guint
count_lines (Export *self)
{
  return self->items->len * count_targets (self);
}

static AssayItem *
get_item (Export *self)
{
  return g_ptr_array_index (self->items, self->next / count_targets (self));
}

static AssayAnswer *
get_answer (Export *self)
{
  AssayItem *item = get_item (self);

  if (self->targets == NULL)
    return assay_item_get_answer (item);
  return assay_item_find_answer (
    item, g_ptr_array_index (self->targets, self->next % self->targets->len));
}

static AssayPrediction *
find_prediction (AssayItem *item,
                 AssayTarget *target)
{
  AssayAnswer *answer = target != NULL ? assay_item_find_answer (item, target) : NULL;

  return answer != NULL ? assay_answer_get_prediction (answer) : NULL;
}

/* The label with the highest score stays in an answer that is trimmed. */
static char *
dup_judged_line (Export *self,
                 AssayItem *item,
                 const char *path)
{
  g_autofree char *sha256 = assay_item_dup_sha256 (item);
  const AssayExportJudged row = {
    .path = path,
    .member = assay_source_get_member (assay_item_get_source (item)),
    .sha256 = sha256,
    .truth = assay_item_get_truth (item),
    .a = find_prediction (item, self->baseline),
    .b = find_prediction (item, self->candidate),
    .model_a = self->baseline != NULL ? assay_target_get_model (self->baseline) : NULL,
    .version_a = self->baseline != NULL ? assay_target_get_version (self->baseline) : NULL,
    .model_b = assay_target_get_model (self->candidate),
    .version_b = assay_target_get_version (self->candidate),
  };

  return self->format == ASSAY_EXPORTER_CSV ? assay_export_judged_csv (&row)
                                            : assay_export_judged_ndjson (&row);
}

static void
append_line (Export *self,
             AssayPrediction *prediction)
{
  AssayItem *item = get_item (self);
  const char *path = assay_source_get_path (assay_item_get_source (item));
  g_autofree char *line = NULL;

  /* What was pasted lies nowhere. */
  if (path == NULL)
    path = assay_item_get_name (item);
  line = self->candidate != NULL
           ? dup_judged_line (self, item, path)
           : assay_exporter_dup_line (self->format, item, get_answer (self), prediction, path, 0);
  if (self->format == ASSAY_EXPORTER_JSON)
    g_string_append (self->text, self->next == 0 ? "[\n  " : ",\n  ");
  g_string_append (self->text, line);
  if (self->format != ASSAY_EXPORTER_JSON)
    g_string_append_c (self->text, '\n');
  self->next++;
}

static void
append_begin (Export *self)
{
  g_autofree char *header = self->candidate != NULL
                              ? assay_export_judged_csv_header (self->baseline != NULL)
                              : assay_export_csv_header ();

  if (self->format == ASSAY_EXPORTER_CSV)
    g_string_append_printf (self->text, "%s\n", header);
}

static void
append_end (Export *self)
{
  self->ended = TRUE;
  if (self->format == ASSAY_EXPORTER_JSON)
    g_string_append (self->text, count_lines (self) == 0 ? "[]\n" : "\n]\n");
}

/* ---- the file ---- */

static void go_on (GTask *task);

static void
fail (GTask *task,
      GError *error)
{
  Export *self = g_task_get_task_data (task);
  g_autoptr (GError) owned = error;
  g_autoptr (GCancellable) canceled = g_cancellable_new ();
  g_autofree char *name = NULL;
  g_autofree char *shown = NULL;

  /* What is closed so leaves the file as it was. */
  g_cancellable_cancel (canceled);
  if (self->stream != NULL)
    g_output_stream_close (self->stream, canceled, NULL);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || error->domain == ASSAY_ERROR)
    {
      g_task_return_error (task, g_steal_pointer (&owned));
      return;
    }
  name = g_file_get_basename (self->file);
  shown = assay_display_name (name);
  g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED,
                           _("“%s” can’t be written: %s. Make room, or choose another place."),
                           shown, error->message);
}

static void
closed_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (g_output_stream_close_finish (G_OUTPUT_STREAM (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    fail (task, error);
}

static void
written_cb (GObject *object,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (GTask) task = data;
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    {
      fail (task, error);
      return;
    }
  g_string_truncate (self->text, 0);
  go_on (g_steal_pointer (&task));
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (AssayPrediction) whole =
    assay_trimmer_load_finish (ASSAY_TRIMMER (object), result, &error);

  if (whole == NULL)
    {
      fail (task, error);
      return;
    }
  append_line (g_task_get_task_data (task), whole);
  go_on (g_steal_pointer (&task));
}

static AssayPrediction *
get_prediction (Export *self)
{
  AssayAnswer *answer = get_answer (self);

  return answer != NULL ? assay_answer_get_prediction (answer) : NULL;
}

static gboolean
must_load (Export *self,
           AssayPrediction *prediction)
{
  return self->trimmer != NULL && prediction != NULL && assay_prediction_is_trimmed (prediction);
}

/* As many lines as there is time for; FALSE when one of them has to be loaded first. */
static gboolean
append_lines (Export *self)
{
  gint64 end = g_get_monotonic_time () + SLICE;

  while (self->next < count_lines (self) && self->text->len < CHUNK
         && g_get_monotonic_time () < end)
    {
      AssayPrediction *prediction = get_prediction (self);

      if (must_load (self, prediction))
        return FALSE;
      append_line (self, prediction);
    }
  if (self->next == count_lines (self) && !self->ended)
    append_end (self);
  return TRUE;
}

static gboolean
step_cb (gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  Export *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    fail (task, error);
  else if (!append_lines (self))
    assay_trimmer_load_async (self->trimmer, get_prediction (self), cancellable, loaded_cb,
                              g_steal_pointer (&task));
  else if (self->text->len >= CHUNK || (self->ended && self->text->len > 0))
    g_output_stream_write_all_async (self->stream, self->text->str, self->text->len,
                                     G_PRIORITY_LOW, cancellable, written_cb,
                                     g_steal_pointer (&task));
  else if (self->ended)
    g_output_stream_close_async (self->stream, G_PRIORITY_LOW, cancellable, closed_cb,
                                 g_steal_pointer (&task));
  else
    return G_SOURCE_CONTINUE;
  return G_SOURCE_REMOVE;
}

/* Swallows the task. */
static void
go_on (GTask *task)
{
  g_idle_add_full (G_PRIORITY_LOW, step_cb, task, g_object_unref);
}

static void
open_cb (GObject *object,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (GTask) task = data;
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->stream = G_OUTPUT_STREAM (g_file_replace_finish (G_FILE (object), result, &error));
  if (self->stream == NULL)
    {
      fail (task, error);
      return;
    }
  append_begin (self);
  go_on (g_steal_pointer (&task));
}

/* Takes @self. */
static void
begin (Export *self,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, begin);
  g_task_set_task_data (task, self, (GDestroyNotify) export_free);
  g_file_replace_async (self->file, NULL, FALSE, G_FILE_CREATE_NONE, G_PRIORITY_DEFAULT,
                        cancellable, open_cb, task);
}

/**
 * assay_exporter_write_async:
 * @items: (element-type AssayItem) (transfer none): whose answers to write, in this order;
 *   not to be changed meanwhile
 * @targets: (nullable) (element-type AssayTarget) (transfer none): whose answers, a line for
 *   each; %NULL for the one on show
 * @file: what to write; what is there stays whole until all is written
 * @trimmer: (nullable) (transfer none): what loads the answers that were trimmed; without
 *   it they are written as they are
 *
 * Writes the lines that "assay-cli classify" writes, a little at a time.  Main thread.
 */
void
assay_exporter_write_async (GPtrArray *items,
                            GPtrArray *targets,
                            AssayExporterFormat format,
                            GFile *file,
                            AssayTrimmer *trimmer,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  Export *self;

  g_return_if_fail (items != NULL);
  g_return_if_fail (targets == NULL || targets->len > 0);
  g_return_if_fail (G_IS_FILE (file));

  self = export_new (items, format, file);
  self->targets = targets != NULL ? g_ptr_array_ref (targets) : NULL;
  self->trimmer = trimmer != NULL ? g_object_ref (trimmer) : NULL;
  begin (self, cancellable, callback, data);
}

/**
 * assay_exporter_write_judged_async:
 * @items: (element-type AssayItem) (transfer none): what to write, in this order; not to be
 *   changed meanwhile
 * @baseline: (nullable) (transfer none): what @candidate is compared with
 * @candidate: (transfer none): whose answers are judged
 * @file: what to write; what is there stays whole until all is written
 *
 * Writes a line for each item: what it shows, what was said of it, and what became of it
 * or whether that is right, as assay_export_judged_ndjson() has it.  It ends by
 * assay_exporter_write_finish().  Main thread.
 */
void
assay_exporter_write_judged_async (GPtrArray *items,
                                   AssayTarget *baseline,
                                   AssayTarget *candidate,
                                   AssayExporterFormat format,
                                   GFile *file,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data)
{
  Export *self;

  g_return_if_fail (items != NULL);
  g_return_if_fail (candidate != NULL);
  g_return_if_fail (G_IS_FILE (file));

  self = export_new (items, format, file);
  self->baseline = baseline != NULL ? assay_target_ref (baseline) : NULL;
  self->candidate = assay_target_ref (candidate);
  begin (self, cancellable, callback, data);
}

/**
 * assay_exporter_write_finish:
 * @error: %ASSAY_ERROR_NOT_SAVED; %ASSAY_ERROR_UNREADABLE or %ASSAY_ERROR_NOT_FOUND where an
 *   answer can't be loaded; the file is as it was then
 *
 * Returns: whether all is written
 */
gboolean
assay_exporter_write_finish (GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
