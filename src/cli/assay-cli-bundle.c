/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-bundle-import.h"
#include "assay-bundle-writer.h"
#include "assay-cli-bundle.h"
#include "assay-cli-truth.h"
#include "assay-cli.h"
#include "assay-error.h"
#include "assay-label-match.h"
#include "assay-label.h"
#include "assay-limits.h"
#include "assay-revival.h"

/* Invariant: sources and given have an element for each image of the bundle. */
typedef struct {
  const AssayCliBundleOptions *options;
  AssayCliTruth *truth;
  AssayBundle *bundle;        /* (nullable) once it is being written */
  AssayKeptRun *kept;         /* (nullable): the run that is loaded */
  GPtrArray *sources;         /* (element-type AssaySource) */
  GPtrArray *given;           /* (element-type GRefString), elements may be NULL */
  AssayLabelMatch *labels[2]; /* of each run */
  guint run;                  /* that is loaded, or whose marks are looked at */
  guint image;                /* the next one whose mark is looked for */
  guint until;                /* behind the last one that is being looked for */
} Export;

static void find_next (AssayCliPast *past);
static void load_page (AssayCliPast *past, gint64 after);
static void look_for_marks (AssayCliPast *past);

static void
release_given (gpointer given)
{
  if (given != NULL)
    assay_label_release (given);
}

static void
export_clear (Export *self)
{
  g_clear_pointer (&self->truth, assay_cli_truth_free);
  g_clear_pointer (&self->bundle, assay_bundle_free);
  g_clear_pointer (&self->kept, assay_kept_run_free);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->given, g_ptr_array_unref);
  for (guint i = 0; i < G_N_ELEMENTS (self->labels); i++)
    g_clear_pointer (&self->labels[i], assay_label_match_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Export, export_clear)

/* ---- the file ---- */

static void
saved_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  AssayCliPast *past = data;
  g_autoptr (GError) error = NULL;

  assay_bundle_save_finish (result, &error);
  assay_cli_past_end (past, error);
}

static void
save (AssayCliPast *past)
{
  Export *self = past->data;
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (self->options->file);
  g_autofree char *folder = assay_bundle_dup_thumbnail_folder (past->history);

  /* Whoever has judged them has told it. */
  if (!self->options->no_marks)
    assay_cli_truth_tell (self->truth);
  assay_bundle_save_async (g_steal_pointer (&self->bundle), self->sources, folder, file,
                           assay_cli_loop_get_cancellable (past->loop), saved_cb, past);
}

/* ---- truth ---- */

/* A table's path is nobody's business. */
static const char *
get_source_word (const AssayCliBundleOptions *options)
{
  if (options->no_truth)
    return "none";
  return options->from == NULL || g_str_equal (options->from, "folders") ? "folders" : "table";
}

/* Once all labels are known. */
static void
read_truth (Export *self)
{
  const char *word = get_source_word (self->options);

  for (guint i = 0; i < self->bundle->images->len; i++)
    {
      const char *given = g_ptr_array_index (self->given, i);
      const char *label = given != NULL ? assay_cli_truth_read (self->truth, given) : NULL;

      if (label != NULL)
        assay_bundle_set_truth (self->bundle, i, label, word);
      else if (given != NULL)
        assay_cli_truth_give_up (self->truth, given);
    }
}

/* A mark is about this image and stands above what its folder or a table says. */
static void
marks_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  AssayCliPast *past = data;
  Export *self = past->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) marks =
    assay_history_truths_finish (ASSAY_HISTORY (source), result, &error);

  if (marks == NULL)
    {
      assay_cli_past_end (past, error);
      return;
    }
  for (; self->image < self->until; self->image++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->bundle->images, self->image);
      const AssayKeptTruth *mark =
        image->sha256 != NULL ? g_hash_table_lookup (marks, image->sha256) : NULL;

      if (mark != NULL && assay_label_match_has (self->labels[self->run], mark->label))
        assay_bundle_set_truth (self->bundle, self->image, mark->label, mark->source);
    }
  look_for_marks (past);
}

static void
look_for_marks (AssayCliPast *past)
{
  Export *self = past->data;
  g_autoptr (GPtrArray) hashes = g_ptr_array_new ();
  g_autofree char *key = NULL;

  for (; self->run < self->options->n_runs; self->run++, self->image = 0)
    {
      key = assay_label_match_dup_key (self->labels[self->run]);
      if (key != NULL && self->image < self->bundle->images->len)
        break;
      g_clear_pointer (&key, g_free);
    }
  if (key == NULL)
    {
      save (past);
      return;
    }
  self->until = MIN (self->image + ASSAY_LIMIT_HISTORY_HASHES, self->bundle->images->len);
  for (guint i = self->image; i < self->until; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->bundle->images, i);

      if (image->sha256 != NULL)
        g_ptr_array_add (hashes, image->sha256);
    }
  g_ptr_array_add (hashes, NULL);
  assay_history_truths_async (past->history, (const char *const *) hashes->pdata, key,
                              assay_cli_loop_get_cancellable (past->loop), marks_cb, past);
}

/* ---- answers ---- */

static void
learn (Export *self,
       const AssayPrediction *prediction)
{
  assay_cli_truth_learn (self->truth, prediction);
  for (guint i = 0; i < assay_prediction_get_n (prediction); i++)
    assay_label_match_add (self->labels[self->run], assay_prediction_get_sent_label (prediction, i));
}

/* What is left has no answer, and is no evidence. */
static void
take_item (Export *self,
           const AssayKeptItem *kept)
{
  g_autoptr (AssayItem) item = NULL;
  AssaySource *source;

  if (kept->answer == NULL)
    return;
  item = assay_revive_item (kept, self->kept->target);
  source = assay_item_get_source (item);
  if (kept->answer->prediction != NULL)
    learn (self, kept->answer->prediction);
  if (assay_bundle_add_kept (self->bundle, kept) < self->sources->len)
    return;
  g_ptr_array_add (self->sources, g_object_ref (source));
  g_ptr_array_add (self->given, self->options->no_truth
                                  ? NULL
                                  : assay_cli_truth_get_given (self->truth, source));
}

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  AssayCliPast *past = data;
  Export *self = past->data;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;

  items = assay_history_load_finish (ASSAY_HISTORY (source), result, &error);
  if (items == NULL)
    {
      assay_cli_past_end (past, error);
      return;
    }
  for (guint i = 0; i < items->len; i++)
    take_item (self, g_ptr_array_index (items, i));
  if (items->len == ASSAY_LIMIT_HISTORY_PAGE)
    {
      load_page (past, ((AssayKeptItem *) g_ptr_array_index (items, items->len - 1))->position);
      return;
    }
  g_clear_pointer (&self->kept, assay_kept_run_free);
  self->run++;
  find_next (past);
}

static void
load_page (AssayCliPast *past,
           gint64 after)
{
  Export *self = past->data;

  assay_history_load_async (past->history, self->kept->id, ASSAY_HISTORY_ALL, after,
                            ASSAY_LIMIT_HISTORY_PAGE, assay_cli_loop_get_cancellable (past->loop),
                            loaded_cb, past);
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  AssayCliPast *past = data;
  Export *self = past->data;
  g_autoptr (GError) error = NULL;

  self->kept = assay_history_find_finish (ASSAY_HISTORY (source), result, &error);
  if (self->kept == NULL)
    {
      assay_cli_past_end (past, error);
      return;
    }
  assay_bundle_take_run (self->bundle, assay_bundle_run_new_kept (self->kept));
  load_page (past, -1);
}

static void
find_next (AssayCliPast *past)
{
  Export *self = past->data;

  if (self->run < self->options->n_runs)
    {
      assay_history_find_async (past->history, self->options->runs[self->run],
                                assay_cli_loop_get_cancellable (past->loop), found_cb, past);
      return;
    }
  read_truth (self);
  self->run = 0;
  if (self->options->no_marks)
    save (past);
  else
    look_for_marks (past);
}

/**
 * assay_cli_bundle_export:
 *
 * Writes the evidence of one kept run, or of two that are compared.
 *
 * Returns: the exit status
 */
int
assay_cli_bundle_export (const AssayCliBundleOptions *options)
{
  g_auto (Export) self = { .options = options };
  g_autoptr (GError) error = NULL;
  const char *from = options->from != NULL ? options->from : "folders";

  self.truth = assay_cli_truth_new (from, &error);
  if (self.truth == NULL)
    return assay_cli_complain_usage ("history export", error);
  self.bundle = assay_bundle_new (ASSAY_VERSION, options->threshold, get_source_word (options));
  self.sources = g_ptr_array_new_with_free_func (g_object_unref);
  self.given = g_ptr_array_new_with_free_func (release_given);
  for (guint i = 0; i < G_N_ELEMENTS (self.labels); i++)
    self.labels[i] = assay_label_match_new ();
  return assay_cli_past_run (find_next, &self);
}

/**
 * assay_cli_bundle_judged:
 * @options: of a command that has asked and judged
 * @n_runs: it made
 * @from: (nullable): where its truth came from, nowhere for none
 * @status: with which it would end
 *
 * Writes the evidence of what the command has printed, if that was asked for.
 *
 * Returns: the exit status
 */
int
assay_cli_bundle_judged (AssayCliOptions *options,
                         guint n_runs,
                         const char *from,
                         int status)
{
  AssayCliBundleOptions bundle = {
    .n_runs = n_runs,
    .file = options->bundle,
    .from = (char *) from,
    .threshold = options->threshold,
    .no_truth = from == NULL,
    .no_marks = TRUE,
  };
  int written;

  if (options->bundle == NULL
      || (status != ASSAY_CLI_OK && status != ASSAY_CLI_SOME_FAILED && status != ASSAY_CLI_GATE))
    return status;
  for (guint i = 0; i < n_runs; i++)
    {
      bundle.runs[i] = options->kept[i];
      if (bundle.runs[i] != 0)
        continue;
      assay_cli_complain (NULL, _("There is no bundle, because the run was not kept"));
      return MAX (status, (int) ASSAY_CLI_SOME_FAILED);
    }
  written = assay_cli_bundle_export (&bundle);
  return MAX (status, written);
}
