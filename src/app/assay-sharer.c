/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-sharer.h"

/* One that waits for what another item is told.  Invariant: its answer is queued. */
typedef struct {
  AssayItem *item;
  AssayItem *asked;
  AssayAnswer *answer;
} Share;

/* Invariant: both tables have the same n shares, and no empty array. */
struct _AssaySharer {
  GObject parent_instance;

  AssayCollection *collection;
  GHashTable *by_asked;       /* AssayItem → GPtrArray of Share, owned, in their order */
  GHashTable *by_item;        /* AssayItem → GPtrArray of Share, one for each target */
  guint n;
};

G_DEFINE_FINAL_TYPE (AssaySharer, assay_sharer, G_TYPE_OBJECT)

static guint shared_signal;

static void
share_free (gpointer data)
{
  Share *self = data;

  g_object_unref (self->item);
  g_object_unref (self->asked);
  g_object_unref (self->answer);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Share, share_free)

static void
assay_sharer_finalize (GObject *object)
{
  AssaySharer *self = ASSAY_SHARER (object);

  g_hash_table_unref (self->by_item);
  g_hash_table_unref (self->by_asked);
  g_object_unref (self->collection);
  G_OBJECT_CLASS (assay_sharer_parent_class)->finalize (object);
}

static void
assay_sharer_class_init (AssaySharerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_sharer_finalize;

  shared_signal = g_signal_new ("shared", ASSAY_TYPE_SHARER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, ASSAY_TYPE_ITEM, ASSAY_TYPE_ANSWER);
}

static void
assay_sharer_init (AssaySharer *self)
{
  self->by_asked = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->by_item = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * assay_sharer_new:
 * @collection: (transfer none): whose items are asked about
 *
 * Returns: (transfer full): one for which nobody waits
 */
AssaySharer *
assay_sharer_new (AssayCollection *collection)
{
  AssaySharer *self;

  g_return_val_if_fail (ASSAY_IS_COLLECTION (collection), NULL);

  self = g_object_new (ASSAY_TYPE_SHARER, NULL);
  self->collection = g_object_ref (collection);
  return self;
}

/* ---- giving ---- */

/* As if it had been sent itself, as often as the other one was. */
static void
repeat_attempts (AssayAnswer *answer,
                 guint attempts)
{
  for (guint i = 0; i < attempts; i++)
    {
      if (i > 0)
        assay_answer_move (answer, ASSAY_ANSWER_QUEUED);
      assay_answer_move (answer, ASSAY_ANSWER_READING);
      assay_answer_move (answer, ASSAY_ANSWER_SENDING);
    }
}

/* What reading the same bytes for the same target would have found. */
static void
give_facts (AssayItem *item,
            AssayItem *asked)
{
  g_autofree char *sha256 = assay_item_dup_sha256 (asked);
  g_autofree char *sent_sha256 = assay_item_dup_sent_sha256 (asked);
  AssayPrepared prepared = {
    .converted = assay_item_get_converted (asked),
    .fitted = assay_item_get_fitted (asked),
    .size = assay_item_get_size (asked),
    .facts = *assay_item_get_facts (asked),
  };

  g_strlcpy (prepared.sha256, sha256, sizeof prepared.sha256);
  g_strlcpy (prepared.sent_sha256, sent_sha256, sizeof prepared.sent_sha256);
  assay_item_set_prepared (item, &prepared);
}

/* @told is answered or has failed, @answer is queued. */
static void
give_answer (AssayItem *item,
             AssayAnswer *answer,
             AssayItem *asked,
             AssayAnswer *told)
{
  AssayPrediction *prediction = assay_answer_get_prediction (told);
  GBytes *raw = assay_answer_get_raw (told);
  g_autoptr (AssayOutcome) outcome =
    prediction != NULL ? assay_outcome_new_prediction (prediction, raw)
                       : assay_outcome_new_error (assay_answer_get_error (told), raw);

  if (assay_item_is_read (asked))
    give_facts (item, asked);
  repeat_attempts (answer, assay_answer_get_attempts (told));
  assay_answer_resolve (answer, outcome, assay_answer_get_seconds (told),
                        assay_answer_get_when (told));
}

/* ---- who is asked ---- */

static gboolean
is_of (Share *share,
       AssayTarget *target)
{
  return assay_target_equal (assay_answer_get_target (share->answer), target);
}

static Share *
find_share (AssaySharer *self,
            AssayTarget *target,
            AssayItem *item)
{
  GPtrArray *shares = g_hash_table_lookup (self->by_item, item);

  for (guint i = 0; shares != NULL && i < shares->len; i++)
    if (is_of (g_ptr_array_index (shares, i), target))
      return g_ptr_array_index (shares, i);
  return NULL;
}

static void
add_to (GHashTable *table,
        AssayItem *key,
        Share *share,
        GDestroyNotify free_func)
{
  GPtrArray *shares = g_hash_table_lookup (table, key);

  if (shares == NULL)
    {
      shares = g_ptr_array_new_with_free_func (free_func);
      g_hash_table_insert (table, key, shares);
    }
  g_ptr_array_add (shares, share);
}

/* Swallows the share. */
static void
add_share (AssaySharer *self,
           Share *share)
{
  add_to (self->by_asked, share->asked, share, share_free);
  add_to (self->by_item, share->item, share, NULL);
  self->n++;
}

static void
take_out (GHashTable *table,
          AssayItem *key,
          Share *share)
{
  GPtrArray *shares = g_hash_table_lookup (table, key);
  guint position;

  if (g_ptr_array_find (shares, share, &position))
    g_ptr_array_steal_index (shares, position);
  if (shares->len == 0)
    g_hash_table_remove (table, key);
}

/* Returns it. */
static Share *
steal_share (AssaySharer *self,
             Share *share)
{
  take_out (self->by_asked, share->asked, share);
  take_out (self->by_item, share->item, share);
  self->n--;
  return share;
}

/* Whoever asks about one that is answered, or on its way, wants just that.  The members of
 * an archive that is sent as it is are sent with it in any case. */
static gboolean
can_share (AssayItem *item,
           AssayTarget *target)
{
  AssaySource *source = assay_item_get_source (item);
  AssayAnswer *answer = assay_item_find_answer (item, target);
  AssayAnswerState state = answer != NULL ? assay_answer_get_state (answer) : ASSAY_ANSWER_CANCELED;

  return assay_item_is_read (item) && assay_answer_state_is_final (state)
         && state != ASSAY_ANSWER_ANSWERED
         && assay_source_is_here (source) && assay_source_get_error (source) == NULL
         && assay_source_get_parcel (source, NULL) == NULL;
}

static gboolean
any_can_share (GPtrArray *items,
               AssayTarget *target)
{
  for (guint i = 0; i < items->len; i++)
    if (can_share (g_ptr_array_index (items, i), target))
      return TRUE;
  return FALSE;
}

/* Of the same bytes, one that is answered comes before one that is being asked about. */
static void
index_item (AssaySharer *self,
            GHashTable *asked,
            AssayTarget *target,
            AssayItem *item)
{
  AssayAnswer *answer = assay_item_find_answer (item, target);
  AssayAnswerState state;

  if (!assay_item_is_read (item) || answer == NULL)
    return;
  state = assay_answer_get_state (answer);
  if (state == ASSAY_ANSWER_ANSWERED
      || (!assay_answer_state_is_final (state) && !g_hash_table_contains (asked, item)
          && find_share (self, target, item) == NULL))
    g_hash_table_replace (asked, item, item);
}

/* (element-type AssayItem): the collection's, one of the same bytes. */
static GHashTable *
index_asked (AssaySharer *self,
             AssayTarget *target)
{
  GListModel *model = G_LIST_MODEL (self->collection);
  GHashTable *asked = g_hash_table_new (assay_item_hash_bytes, assay_item_has_same_bytes);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, i);

      index_item (self, asked, target, item);
    }
  return asked;
}

static AssayAnswer *
ensure_queued (AssayItem *item,
               AssayTarget *target)
{
  AssayAnswer *answer = assay_item_ensure_answer (item, target);

  if (assay_answer_get_state (answer) != ASSAY_ANSWER_QUEUED)
    assay_answer_move (answer, ASSAY_ANSWER_QUEUED);
  return answer;
}

static void
wait_for (AssaySharer *self,
          AssayTarget *target,
          AssayItem *item,
          AssayItem *asked)
{
  Share *share = g_new (Share, 1);

  share->item = g_object_ref (item);
  share->asked = g_object_ref (asked);
  share->answer = g_object_ref (ensure_queued (item, target));
  add_share (self, share);
}

/* Whoever is asked about now no longer waits for another. */
static void
forget (AssaySharer *self,
        AssayTarget *target,
        GPtrArray *items)
{
  for (guint i = 0; i < items->len && self->n > 0; i++)
    {
      Share *share = find_share (self, target, g_ptr_array_index (items, i));

      if (share != NULL)
        share_free (steal_share (self, share));
    }
}

/**
 * assay_sharer_share:
 * @target: whom is asked
 * @items: (element-type AssayItem): of the collection; one that @target has answered is
 *   asked about again in any case, and so is one that nobody has read yet, because nothing
 *   is known of its bytes
 * @given: (element-type AssayItem): gets those that have an answer now
 *
 * Returns: (transfer full) (element-type AssayItem): of them, those that have to be asked
 *   about now; the others have an answer, or wait for one of assay_sharer_settle()
 */
GPtrArray *
assay_sharer_share (AssaySharer *self,
                    AssayTarget *target,
                    GPtrArray *items,
                    GPtrArray *given)
{
  GPtrArray *left = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) asked = NULL;

  g_return_val_if_fail (ASSAY_IS_SHARER (self), left);
  g_return_val_if_fail (target != NULL && items != NULL && given != NULL, left);

  forget (self, target, items);
  if (any_can_share (items, target))
    asked = index_asked (self, target);
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);
      gboolean can = asked != NULL && can_share (item, target);
      AssayItem *other = can ? g_hash_table_lookup (asked, item) : NULL;
      AssayAnswer *answer = other != NULL ? assay_item_find_answer (other, target) : NULL;

      if (answer != NULL && assay_answer_get_prediction (answer) != NULL)
        {
          give_answer (item, ensure_queued (item, target), other, answer);
          g_ptr_array_add (given, g_object_ref (item));
        }
      else if (other != NULL)
        wait_for (self, target, item, other);
      else
        {
          g_ptr_array_add (left, g_object_ref (item));
          if (can)
            g_hash_table_add (asked, item);
        }
    }
  return left;
}

/* ---- what became of it ---- */

static void
emit_shared (AssaySharer *self,
             Share *share)
{
  g_signal_emit (self, shared_signal, 0, share->item, share->answer);
}

/* Those that wait for what @target says of @item, in their order: all at once, since all may
 * be of the same bytes. */
static GPtrArray *
steal_waiting (AssaySharer *self,
               AssayTarget *target,
               AssayItem *item)
{
  GPtrArray *waiting = g_ptr_array_new_with_free_func (share_free);
  gpointer shares;
  gsize n;
  g_autofree gpointer *stolen = NULL;

  if (!g_hash_table_steal_extended (self->by_asked, item, NULL, &shares))
    return waiting;
  stolen = g_ptr_array_steal (shares, &n);
  g_ptr_array_unref (shares);
  for (gsize i = 0; i < n; i++)
    {
      Share *share = stolen[i];

      self->n--;
      take_out (self->by_item, share->item, share);
      if (is_of (share, target))
        g_ptr_array_add (waiting, share);
      else
        add_share (self, share);
    }
  return waiting;
}

/* The first of those that wait is asked about in place of the one that wasn't to its end. */
static AssayItem *
take_over (AssaySharer *self,
           GPtrArray *waiting)
{
  g_autoptr (Share) first = g_ptr_array_steal_index (waiting, 0);

  while (waiting->len > 0)
    {
      Share *share = g_ptr_array_steal_index (waiting, 0);

      g_set_object (&share->asked, first->item);
      add_share (self, share);
    }
  return g_object_ref (first->item);
}

/**
 * assay_sharer_settle:
 * @target: whom was asked
 * @item: what it was asked about, and the answer is final
 *
 * Gives those that wait for it the same answer, or the same error.  Of one that was
 * canceled, or that could not be sent, nothing is known.
 *
 * Returns: (transfer full) (element-type AssayItem): what has to be asked about now
 */
GPtrArray *
assay_sharer_settle (AssaySharer *self,
                     AssayTarget *target,
                     AssayItem *item)
{
  GPtrArray *left = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) waiting = NULL;
  AssayAnswer *answer;
  AssayAnswerState state;

  g_return_val_if_fail (ASSAY_IS_SHARER (self), left);
  g_return_val_if_fail (target != NULL && ASSAY_IS_ITEM (item), left);

  waiting = steal_waiting (self, target, item);
  if (waiting->len == 0)
    return left;
  answer = assay_item_find_answer (item, target);
  state = assay_answer_get_state (answer);
  if (state != ASSAY_ANSWER_ANSWERED && state != ASSAY_ANSWER_FAILED)
    {
      g_ptr_array_add (left, take_over (self, waiting));
      return left;
    }
  for (guint i = 0; i < waiting->len; i++)
    {
      Share *share = g_ptr_array_index (waiting, i);

      give_answer (share->item, share->answer, item, answer);
      emit_shared (self, share);
    }
  return left;
}

/**
 * assay_sharer_find_asked:
 * @item: any item
 *
 * Returns: (transfer none) (nullable): the one that it waits for, if it does
 */
AssayItem *
assay_sharer_find_asked (AssaySharer *self,
                         AssayItem *item)
{
  GPtrArray *shares;

  g_return_val_if_fail (ASSAY_IS_SHARER (self), NULL);

  shares = g_hash_table_lookup (self->by_item, item);
  return shares != NULL ? ((Share *) g_ptr_array_index (shares, 0))->asked : NULL;
}

static void
cancel_share (AssaySharer *self,
              Share *canceled)
{
  g_autoptr (Share) share = steal_share (self, canceled);

  assay_answer_move (share->answer, ASSAY_ANSWER_CANCELED);
  emit_shared (self, share);
}

/**
 * assay_sharer_cancel_items:
 * @items: (element-type AssayItem): any items
 *
 * Cancels those of them that wait for another.
 */
void
assay_sharer_cancel_items (AssaySharer *self,
                           GPtrArray *items)
{
  g_return_if_fail (ASSAY_IS_SHARER (self));
  g_return_if_fail (items != NULL);

  for (guint i = 0; i < items->len; i++)
    {
      GPtrArray *shares;

      while ((shares = g_hash_table_lookup (self->by_item, g_ptr_array_index (items, i))) != NULL)
        cancel_share (self, g_ptr_array_index (shares, 0));
    }
}

/**
 * assay_sharer_cancel:
 *
 * Cancels all that wait for another.
 */
void
assay_sharer_cancel (AssaySharer *self)
{
  GHashTableIter iter;
  gpointer shares;

  g_return_if_fail (ASSAY_IS_SHARER (self));

  /* Whoever is told may ask for more. */
  while (self->n > 0)
    {
      g_hash_table_iter_init (&iter, self->by_item);
      g_hash_table_iter_next (&iter, NULL, &shares);
      cancel_share (self, g_ptr_array_index ((GPtrArray *) shares, 0));
    }
}

/**
 * assay_sharer_get_n:
 *
 * Returns: how many wait for another
 */
guint
assay_sharer_get_n (AssaySharer *self)
{
  g_return_val_if_fail (ASSAY_IS_SHARER (self), 0);

  return self->n;
}
