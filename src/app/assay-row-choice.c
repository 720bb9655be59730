/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-row-choice.h"

G_DEFINE_ENUM_TYPE (AssayRowFilter, assay_row_filter,
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_ALL, "all"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_UNSURE, "unsure"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_ERRORS, "errors"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_LABEL, "label"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_WRONG, "wrong"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_SUBSET, "subset"))

G_DEFINE_ENUM_TYPE (AssayRowOrder, assay_row_order,
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_ORDER_ADDED, "added"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_ORDER_NAME, "name"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_ORDER_HIGHEST, "highest"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_ORDER_LOWEST, "lowest"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_ORDER_LABEL, "label"))

struct _AssayRowTexts {
  gatomicrefcount references;
  GStringChunk *chunk;
  GPtrArray *names;           /* by serial (nullable), in chunk */
  GHashTable *labels;         /* label → text, both in chunk */
};

static AssayPrediction *
get_prediction (AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);

  return answer != NULL ? assay_answer_get_prediction (answer) : NULL;
}

/* ---- which items ---- */

static gboolean
has_error (AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);

  return answer != NULL && assay_answer_get_error (answer) != NULL;
}

static gboolean
passes_filter (const AssayRowChoice *self,
               AssayItem *item,
               double threshold)
{
  AssayPrediction *prediction = get_prediction (item);
  const char *truth = assay_item_get_truth (item);

  switch (self->filter)
    {
    case ASSAY_ROW_FILTER_UNSURE:
      return prediction != NULL && assay_prediction_is_unsure (prediction, threshold);
    case ASSAY_ROW_FILTER_ERRORS:
      return has_error (item);
    case ASSAY_ROW_FILTER_LABEL:
      return prediction != NULL
             && g_strcmp0 (assay_prediction_get_label (prediction, 0), self->label) == 0;
    case ASSAY_ROW_FILTER_WRONG:
      return prediction != NULL && truth != NULL
             && strcmp (assay_prediction_get_label (prediction, 0), truth) != 0;
    case ASSAY_ROW_FILTER_SUBSET:
      return gtk_bitset_contains (self->subset, assay_item_get_serial (item));
    case ASSAY_ROW_FILTER_ALL:
    default:
      return TRUE;
    }
}

static gboolean
contains (const char *text,
          const char *folded_needle)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, folded_needle) != NULL;
}

static gboolean
passes_search (const AssayRowChoice *self,
               AssayItem *item)
{
  return self->search == NULL
         || contains (assay_item_get_name (item), self->search)
         || contains (assay_item_get_group (item), self->search);
}

/**
 * assay_row_choice_passes:
 * @threshold: 0…1; below it an answer is unsure
 *
 * Returns: whether the list shows it
 */
gboolean
assay_row_choice_passes (const AssayRowChoice *self,
                         AssayItem *item,
                         double threshold)
{
  return passes_filter (self, item, threshold) && passes_search (self, item);
}

/**
 * assay_row_choice_follows:
 *
 * A subset is what it is, whatever is answered.
 *
 * Returns: whether an answer can let an item in or out
 */
gboolean
assay_row_choice_follows (const AssayRowChoice *self)
{
  return self->filter != ASSAY_ROW_FILTER_ALL && self->filter != ASSAY_ROW_FILTER_SUBSET;
}

void
assay_row_choice_clear (AssayRowChoice *self)
{
  g_clear_pointer (&self->subset, gtk_bitset_unref);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->search, g_free);
}

/* ---- in which order ---- */

/**
 * assay_row_order_follows:
 *
 * Returns: whether an answer can move an item
 */
gboolean
assay_row_order_follows (AssayRowOrder order)
{
  return order != ASSAY_ROW_ORDER_ADDED && order != ASSAY_ROW_ORDER_NAME;
}

AssayRowTexts *
assay_row_texts_new (void)
{
  AssayRowTexts *self = g_new (AssayRowTexts, 1);

  g_atomic_ref_count_init (&self->references);
  self->chunk = g_string_chunk_new (64 * 1024);
  self->names = g_ptr_array_new ();
  self->labels = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

AssayRowTexts *
assay_row_texts_ref (AssayRowTexts *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
assay_row_texts_unref (AssayRowTexts *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_hash_table_unref (self->labels);
  g_ptr_array_unref (self->names);
  g_string_chunk_free (self->chunk);
  g_free (self);
}

/* A name never changes, and no serial comes twice. */
static const char *
get_name (AssayRowTexts *self,
          AssayItem *item)
{
  guint serial = assay_item_get_serial (item);
  g_autofree char *key = NULL;

  if (serial >= self->names->len)
    g_ptr_array_set_size (self->names, serial + 1);
  if (g_ptr_array_index (self->names, serial) == NULL)
    {
      key = g_utf8_collate_key_for_filename (assay_item_get_name (item), -1);
      g_ptr_array_index (self->names, serial) = g_string_chunk_insert (self->chunk, key);
    }
  return g_ptr_array_index (self->names, serial);
}

static const char *
get_label (AssayRowTexts *self,
           AssayPrediction *prediction)
{
  const char *label = assay_prediction_get_label (prediction, 0);
  char *text = g_hash_table_lookup (self->labels, label);
  g_autofree char *key = NULL;

  if (text != NULL)
    return text;
  key = g_utf8_collate_key (label, -1);
  text = g_string_chunk_insert (self->chunk, key);
  g_hash_table_insert (self->labels, g_string_chunk_insert (self->chunk, label), text);
  return text;
}

/**
 * assay_row_texts_make_key:
 * @order: any but that of arrival
 *
 * What has no answer comes last in all orders that need one, whichever way.  Of one label
 * the highest score comes first.
 *
 * Returns: how the item sorts now; its text lives as long as @self
 */
AssayRowKey
assay_row_texts_make_key (AssayRowTexts *self,
                          AssayRowOrder order,
                          AssayItem *item)
{
  AssayPrediction *prediction = get_prediction (item);
  AssayRowKey key = { NULL, 0 };

  if (order == ASSAY_ROW_ORDER_NAME)
    key.text = get_name (self, item);
  if (!assay_row_order_follows (order) || prediction == NULL)
    return key;
  key.text = order == ASSAY_ROW_ORDER_LABEL ? get_label (self, prediction) : "";
  key.value = assay_prediction_get_score (prediction, 0);
  if (order != ASSAY_ROW_ORDER_LOWEST)
    key.value = -key.value;
  return key;
}

/**
 * assay_row_key_compare:
 *
 * Any thread.
 *
 * Returns: below, at or above 0; equal ones sort by serial
 */
int
assay_row_key_compare (const AssayRowKey *a,
                       const AssayRowKey *b)
{
  int order;

  if (a->text != b->text)
    {
      if (a->text == NULL || b->text == NULL)
        return a->text == NULL ? 1 : -1;
      order = strcmp (a->text, b->text);
      if (order != 0)
        return order;
    }
  return a->value < b->value ? -1 : a->value > b->value;
}
