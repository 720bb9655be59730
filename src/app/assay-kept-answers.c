/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-kept-answers.h"
#include "assay-past.h"

/* In place of a connection's id, which never has a colon. */
#define KEPT_PREFIX "history:"

struct _AssayKeptAnswers {
  GObject parent_instance;

  AssayTarget *target;
  gint64 run;
  char *when;
  GHashTable *by_hash;        /* (element-type utf8 AssayKeptAnswer) (nullable) until loaded */
  GPtrArray *items;           /* (element-type AssayKeptItem) (nullable): who own them */
  GError *error;              /* (nullable) */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (AssayKeptAnswers, assay_kept_answers, G_TYPE_OBJECT)

static guint loaded_signal;

static void
assay_kept_answers_dispose (GObject *object)
{
  g_cancellable_cancel (ASSAY_KEPT_ANSWERS (object)->cancellable);
  G_OBJECT_CLASS (assay_kept_answers_parent_class)->dispose (object);
}

static void
assay_kept_answers_finalize (GObject *object)
{
  AssayKeptAnswers *self = ASSAY_KEPT_ANSWERS (object);

  g_clear_pointer (&self->target, assay_target_unref);
  g_clear_pointer (&self->by_hash, g_hash_table_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_object_unref (self->cancellable);
  g_free (self->when);
  G_OBJECT_CLASS (assay_kept_answers_parent_class)->finalize (object);
}

static void
assay_kept_answers_class_init (AssayKeptAnswersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_kept_answers_dispose;
  object_class->finalize = assay_kept_answers_finalize;

  loaded_signal = g_signal_new ("loaded", ASSAY_TYPE_KEPT_ANSWERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
assay_kept_answers_init (AssayKeptAnswers *self)
{
  self->cancellable = g_cancellable_new ();
}

/* Of the same picture twice, the later answer counts. */
static void
index_items (AssayKeptAnswers *self)
{
  self->by_hash = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < self->items->len; i++)
    {
      AssayKeptItem *item = g_ptr_array_index (self->items, i);

      if (item->answer != NULL && item->answer->sha256 != NULL)
        g_hash_table_replace (self->by_hash, item->answer->sha256, item->answer);
    }
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayKeptAnswers) self = data;

  self->items = assay_past_load_finish (result, &self->error);
  if (self->items != NULL)
    index_items (self);
  g_signal_emit (self, loaded_signal, 0);
}

/**
 * assay_kept_answers_new:
 * @history: (transfer none): where it is kept
 * @run: (transfer none): a kept one
 *
 * Starts to load it.
 *
 * Returns: (transfer full): what it said, as soon as that is loaded
 */
AssayKeptAnswers *
assay_kept_answers_new (AssayHistory *history,
                        const AssayKeptRun *run)
{
  AssayKeptAnswers *self;
  g_autofree char *id = NULL;

  g_return_val_if_fail (ASSAY_IS_HISTORY (history), NULL);
  g_return_val_if_fail (run != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_KEPT_ANSWERS, NULL);
  id = g_strdup_printf (KEPT_PREFIX "%" G_GINT64_FORMAT, run->id);
  self->target = assay_target_new (id, assay_target_get_model (run->target),
                                   assay_target_get_version (run->target));
  self->run = run->id;
  self->when = assay_past_dup_when (run);
  assay_past_load_async (history, run->id, self->cancellable, loaded_cb, g_object_ref (self));
  return self;
}

/**
 * assay_kept_answers_get_target:
 *
 * Returns: (transfer none): whom items have these answers of; nobody can be asked by it
 */
AssayTarget *
assay_kept_answers_get_target (AssayKeptAnswers *self)
{
  g_return_val_if_fail (ASSAY_IS_KEPT_ANSWERS (self), NULL);

  return self->target;
}

const char *
assay_kept_answers_get_when (AssayKeptAnswers *self)
{
  g_return_val_if_fail (ASSAY_IS_KEPT_ANSWERS (self), NULL);

  return self->when;
}

const GError *
assay_kept_answers_get_error (AssayKeptAnswers *self)
{
  g_return_val_if_fail (ASSAY_IS_KEPT_ANSWERS (self), NULL);

  return self->error;
}

/**
 * assay_kept_answers_give:
 * @item: one that may have been read
 *
 * Gives it what the run said of the same bytes, if that isn't there yet.
 *
 * Returns: whether it has a new answer
 */
gboolean
assay_kept_answers_give (AssayKeptAnswers *self,
                         AssayItem *item)
{
  g_autofree char *hash = NULL;
  const AssayKeptAnswer *kept;

  g_return_val_if_fail (ASSAY_IS_KEPT_ANSWERS (self), FALSE);
  g_return_val_if_fail (ASSAY_IS_ITEM (item), FALSE);

  hash = assay_item_dup_sha256 (item);
  if (hash == NULL || self->by_hash == NULL || assay_item_find_answer (item, self->target) != NULL)
    return FALSE;
  kept = g_hash_table_lookup (self->by_hash, hash);
  return kept != NULL
         && assay_kept_answer_restore (kept, assay_item_ensure_answer (item, self->target));
}

/**
 * assay_target_is_kept:
 *
 * Returns: whether it stands for a kept run, which nobody can ask
 */
gboolean
assay_target_is_kept (const AssayTarget *target)
{
  g_return_val_if_fail (target != NULL, FALSE);

  return g_str_has_prefix (assay_target_get_connection_id (target), KEPT_PREFIX);
}
