/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-error.h"
#include "assay-label.h"
#include "assay-label-sets.h"
#include "assay-limits.h"

G_STATIC_ASSERT (sizeof (double) == sizeof (guint64));
G_STATIC_ASSERT (ASSAY_LIMIT_LABELS <= G_MAXUINT16);

/* Invariants: labels in the order first seen, each interned, so that comparing
 * their addresses compares them; order is the permutation that sorts them, equal
 * ones by their place. */
typedef struct {
  gint64 id;
  GPtrArray *labels;          /* (element-type GRefString) */
  guint *order;
} LabelSet;

static void
label_set_free (gpointer data)
{
  LabelSet *set = data;

  g_ptr_array_unref (set->labels);
  g_free (set->order);
  g_free (set);
}

/**
 * assay_label_sets_new:
 *
 * Returns: (transfer full) (element-type GBytes LabelSet): none; by their key
 */
GHashTable *
assay_label_sets_new (void)
{
  return g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                label_set_free);
}

static int
compare_labels (gconstpointer a,
                gconstpointer b,
                gpointer data)
{
  const GPtrArray *labels = data;
  guint left = *(const guint *) a;
  guint right = *(const guint *) b;
  int order = strcmp (g_ptr_array_index (labels, left), g_ptr_array_index (labels, right));

  return order != 0 ? order : (left < right ? -1 : 1);
}

static guint *
sort_labels (GPtrArray *labels)
{
  guint *order = g_new (guint, labels->len);

  for (guint i = 0; i < labels->len; i++)
    order[i] = i;
  g_qsort_with_data (order, labels->len, sizeof (guint), compare_labels, labels);
  return order;
}

static GPtrArray *
get_sent_labels (const AssayPrediction *prediction)
{
  guint n = assay_prediction_get_n (prediction);
  GPtrArray *labels = g_ptr_array_new_full (n, assay_label_release);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (labels, assay_label_intern (assay_prediction_get_sent_label (prediction, i)));
  return labels;
}

static GBytes *
make_key (GPtrArray *labels,
          const guint *order)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_sized_new (labels->len);
  guint8 digest[ASSAY_LABEL_SET_BYTES];

  for (guint i = 0; i < labels->len; i++)
    g_ptr_array_add (sorted, g_ptr_array_index (labels, order[i]));
  assay_label_digest_set (sorted, digest);
  return g_bytes_new (digest, sizeof digest);
}

static GByteArray *
pack_labels (GPtrArray *labels)
{
  GByteArray *packed = g_byte_array_new ();

  for (guint i = 0; i < labels->len; i++)
    {
      const char *label = g_ptr_array_index (labels, i);

      g_byte_array_append (packed, (const guint8 *) label, strlen (label) + 1);
    }
  return packed;
}

static gboolean
set_nonsense (GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                       _("The history has an answer that makes no sense."));
  return FALSE;
}

/* Labels as the file has them: its content is not believed. */
static GPtrArray *
unpack_labels (const char *packed,
               gsize length,
               GError **error)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (assay_label_release);
  const char *end = packed + length;

  while (packed < end)
    {
      const char *nul = memchr (packed, '\0', end - packed);

      if (nul == NULL || labels->len >= ASSAY_LIMIT_LABELS
          || !g_utf8_validate (packed, nul - packed, NULL))
        break;
      g_ptr_array_add (labels, assay_label_intern (packed));
      packed = nul + 1;
    }
  if (packed == end && labels->len > 0)
    return g_steal_pointer (&labels);
  set_nonsense (error);
  return NULL;
}

static LabelSet *
remember (AssayStore *store,
          GBytes *key,
          gint64 id,
          GPtrArray *labels)
{
  GHashTable *sets = assay_store_get_label_sets (store);
  LabelSet *set = g_new0 (LabelSet, 1);

  if (g_hash_table_size (sets) >= ASSAY_LIMIT_LABEL_SETS)
    g_hash_table_remove_all (sets);
  set->id = id;
  set->labels = g_ptr_array_ref (labels);
  set->order = sort_labels (labels);
  g_hash_table_replace (sets, g_bytes_ref (key), set);
  return set;
}

static LabelSet *
insert_set (AssayStore *store,
            GBytes *key,
            GPtrArray *labels,
            GError **error)
{
  g_autoptr (GByteArray) packed = pack_labels (labels);
  sqlite3_stmt *insert = assay_store_prepare (
      store, "INSERT INTO label_sets (sha256, labels) VALUES (?1, ?2)", error);

  if (insert == NULL)
    return NULL;
  sqlite3_bind_blob (insert, 1, g_bytes_get_data (key, NULL), ASSAY_LABEL_SET_BYTES, SQLITE_STATIC);
  sqlite3_bind_blob (insert, 2, packed->data, packed->len, SQLITE_STATIC);
  if (!assay_store_run (store, insert, error))
    return NULL;
  return remember (store, key, sqlite3_last_insert_rowid (assay_store_get_db (store)), labels);
}

/* The set with these labels, in whatever order it has them. */
static LabelSet *
ensure_set (AssayStore *store,
            GBytes *key,
            GPtrArray *labels,
            GError **error)
{
  LabelSet *set = g_hash_table_lookup (assay_store_get_label_sets (store), key);
  g_autoptr (GPtrArray) known = NULL;
  sqlite3_stmt *find;
  gint64 id;
  int rc;

  if (set != NULL)
    return set;
  find = assay_store_prepare (store, "SELECT id, labels FROM label_sets WHERE sha256 = ?1", error);
  if (find == NULL)
    return NULL;
  sqlite3_bind_blob (find, 1, g_bytes_get_data (key, NULL), ASSAY_LABEL_SET_BYTES, SQLITE_STATIC);
  rc = assay_store_step (store, find, error);
  if (rc == SQLITE_DONE)
    return insert_set (store, key, labels, error);
  if (rc != SQLITE_ROW)
    return NULL;

  id = sqlite3_column_int64 (find, 0);
  known = unpack_labels (sqlite3_column_blob (find, 1), sqlite3_column_bytes (find, 1), error);
  sqlite3_reset (find);
  if (known == NULL)
    return NULL;
  if (known->len != labels->len)
    {
      set_nonsense (error);
      return NULL;
    }
  return remember (store, key, id, known);
}

static gboolean
is_in_order (const LabelSet *set,
             const AssayPrediction *prediction)
{
  guint n = assay_prediction_get_n (prediction);

  if (set->labels->len != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (g_ptr_array_index (set->labels, i) != assay_prediction_get_sent_label (prediction, i))
      return FALSE;
  return TRUE;
}

/* For each label sent its place in the set: the first of all sorted is the first
 * of all sorted, on either side. */
static GBytes *
make_places (const LabelSet *set,
             const guint *order)
{
  guint n = set->labels->len;
  guint16 *places = g_new (guint16, n);

  for (guint i = 0; i < n; i++)
    places[order[i]] = GUINT16_TO_LE (set->order[i]);
  return g_bytes_new_take (places, n * sizeof (guint16));
}

/**
 * assay_label_sets_save:
 * @prediction: with its labels in the order sent
 * @id: (out): the row of the set that has just these labels
 * @places: (out) (nullable): where the set has them, when in another order
 *
 * Finds the set, or makes it.  In a transaction.
 *
 * Returns: whether there is one
 */
gboolean
assay_label_sets_save (AssayStore *store,
                       const AssayPrediction *prediction,
                       gint64 *id,
                       GBytes **places,
                       GError **error)
{
  g_autoptr (GPtrArray) labels = NULL;
  g_autofree guint *order = NULL;
  g_autoptr (GBytes) key = NULL;
  GHashTableIter iter;
  LabelSet *set;

  *places = NULL;
  /* As a rule there is one, and the labels come as they always have. */
  g_hash_table_iter_init (&iter, assay_store_get_label_sets (store));
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &set))
    if (is_in_order (set, prediction))
      {
        *id = set->id;
        return TRUE;
      }

  labels = get_sent_labels (prediction);
  order = sort_labels (labels);
  key = make_key (labels, order);
  set = ensure_set (store, key, labels, error);
  if (set == NULL)
    return FALSE;
  *id = set->id;
  if (!is_in_order (set, prediction))
    *places = make_places (set, order);
  return TRUE;
}

/**
 * assay_label_sets_pack_scores:
 *
 * Returns: (transfer full): the scores in the order sent, each to its last bit
 */
GBytes *
assay_label_sets_pack_scores (const AssayPrediction *prediction)
{
  guint n = assay_prediction_get_n (prediction);
  guint64 *packed = g_new (guint64, n);

  for (guint i = 0; i < n; i++)
    {
      double score = assay_prediction_get_sent_score (prediction, i);

      memcpy (&packed[i], &score, sizeof score);
      packed[i] = GUINT64_TO_LE (packed[i]);
    }
  return g_bytes_new_take (packed, n * sizeof (guint64));
}

static AssayPrediction *
build_prediction (GPtrArray *labels,
                  GBytes *scores,
                  GBytes *places,
                  GError **error)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  const guint8 *bits = g_bytes_get_data (scores, NULL);
  const guint8 *other = places != NULL ? g_bytes_get_data (places, NULL) : NULL;

  for (guint i = 0; i < labels->len; i++)
    {
      guint16 place = 0;
      guint64 packed;
      double score;

      memcpy (&packed, bits + i * sizeof packed, sizeof packed);
      packed = GUINT64_FROM_LE (packed);
      memcpy (&score, &packed, sizeof score);
      if (other != NULL)
        memcpy (&place, other + i * sizeof place, sizeof place);
      place = other != NULL ? GUINT16_FROM_LE (place) : (guint16) i;
      if (place >= labels->len
          || !assay_prediction_builder_add (builder, g_ptr_array_index (labels, place), score,
                                            NULL))
        {
          set_nonsense (error);
          return NULL;
        }
    }
  return assay_prediction_builder_end (g_steal_pointer (&builder));
}

/**
 * assay_label_sets_load:
 * @id: of the set
 * @scores: (nullable): as packed
 * @places: (nullable): as saved
 * @error: %ASSAY_ERROR_UNREADABLE when they don't fit together
 *
 * Returns: (transfer full) (nullable): the prediction as it was
 */
AssayPrediction *
assay_label_sets_load (AssayStore *store,
                       gint64 id,
                       GBytes *scores,
                       GBytes *places,
                       GError **error)
{
  sqlite3_stmt *find =
    assay_store_prepare (store, "SELECT labels FROM label_sets WHERE id = ?1", error);
  g_autoptr (GPtrArray) labels = NULL;
  int rc;

  if (find == NULL)
    return NULL;
  sqlite3_bind_int64 (find, 1, id);
  rc = assay_store_step (store, find, error);
  if (rc == SQLITE_ROW)
    {
      labels = unpack_labels (sqlite3_column_blob (find, 0), sqlite3_column_bytes (find, 0), error);
      sqlite3_reset (find);
    }
  else if (rc == SQLITE_DONE)
    set_nonsense (error);
  if (labels == NULL)
    return NULL;

  if (scores == NULL || g_bytes_get_size (scores) != labels->len * sizeof (guint64)
      || (places != NULL && g_bytes_get_size (places) != labels->len * sizeof (guint16)))
    {
      set_nonsense (error);
      return NULL;
    }
  return build_prediction (labels, scores, places, error);
}
