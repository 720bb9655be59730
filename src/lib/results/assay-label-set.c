/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-label-set.h"
#include "assay-label.h"
#include "assay-limits.h"

/* Invariant: labels has n interned ones in the order given, and behind them the same n in
 * the order of their addresses.  While a set holds a label there is no other copy of it, so
 * that equal sets have equal pointers. */
struct _AssayLabelSet {
  guint n;
  guint hash;
  guint order_hash;
  gboolean is_shared;         /* it is in the table */
  GRefString *labels[];
};

/* Sets are made on network threads and released on the main thread: none in the table may
 * be handed out while its last reference goes. */
static GMutex lock;
static GHashTable *shared_sets; /* order_hash → AssayLabelSet, not owned */

static GRefString *const *
get_sorted (const AssayLabelSet *self)
{
  return self->labels + self->n;
}

static int
compare_addresses (gconstpointer a,
                   gconstpointer b,
                   gpointer data)
{
  const guintptr left = (guintptr) *(GRefString *const *) a;
  const guintptr right = (guintptr) *(GRefString *const *) b;

  return (left > right) - (left < right);
}

static guint
hash_addresses (GRefString *const *labels,
                guint n)
{
  guint hash = n;

  for (guint i = 0; i < n; i++)
    hash = hash * 31 + g_direct_hash (labels[i]) / 16;
  return hash;
}

/**
 * assay_label_set_new:
 * @labels: (array length=n) (transfer none): of assay_label_intern(), in any order
 * @n: how many, at least 1
 *
 * Returns: (transfer full): the set of them
 */
AssayLabelSet *
assay_label_set_new (GRefString *const *labels,
                     guint n)
{
  AssayLabelSet *self;

  g_return_val_if_fail (labels != NULL && n > 0, NULL);

  self = g_atomic_rc_box_alloc (sizeof (AssayLabelSet) + 2 * n * sizeof (GRefString *));
  self->n = n;
  for (guint i = 0; i < n; i++)
    self->labels[i] = g_ref_string_acquire (labels[i]);
  memcpy (self->labels + n, labels, n * sizeof (GRefString *));
  g_qsort_with_data (self->labels + n, n, sizeof (GRefString *), compare_addresses, NULL);
  self->hash = hash_addresses (get_sorted (self), n);
  self->order_hash = hash_addresses (labels, n);
  self->is_shared = FALSE;
  return self;
}

static AssayLabelSet *
share (GRefString *const *labels,
       guint n)
{
  gpointer key = GUINT_TO_POINTER (hash_addresses (labels, n));
  AssayLabelSet *self;

  if (shared_sets == NULL)
    shared_sets = g_hash_table_new (NULL, NULL);
  self = g_hash_table_lookup (shared_sets, key);
  if (self != NULL)
    return self->n == n && memcmp (self->labels, labels, n * sizeof (GRefString *)) == 0
             ? assay_label_set_ref (self)
             : NULL;
  if (g_hash_table_size (shared_sets) >= ASSAY_LIMIT_LABEL_ORDERS)
    return NULL;
  self = assay_label_set_new (labels, n);
  self->is_shared = TRUE;
  g_hash_table_insert (shared_sets, key, self);
  return self;
}

/**
 * assay_label_set_share:
 * @labels: (array length=n) (transfer none): of assay_label_intern()
 * @n: how many, at least 1
 *
 * Most services send the same labels in the same order in each answer.  Any thread.
 *
 * Returns: (transfer full) (nullable): the one set of them that was given in that very
 *   order; %NULL where so many others are in use that it is of no avail
 */
AssayLabelSet *
assay_label_set_share (GRefString *const *labels,
                       guint n)
{
  AssayLabelSet *self;

  g_return_val_if_fail (labels != NULL && n > 0, NULL);

  g_mutex_lock (&lock);
  self = share (labels, n);
  g_mutex_unlock (&lock);
  return self;
}

AssayLabelSet *
assay_label_set_ref (AssayLabelSet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
label_set_clear (gpointer data)
{
  AssayLabelSet *self = data;

  if (self->is_shared)
    g_hash_table_remove (shared_sets, GUINT_TO_POINTER (self->order_hash));
  for (guint i = 0; i < self->n; i++)
    assay_label_release (self->labels[i]);
}

/* Any thread. */
void
assay_label_set_unref (AssayLabelSet *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&lock);
  g_atomic_rc_box_release_full (self, label_set_clear);
  g_mutex_unlock (&lock);
}

guint
assay_label_set_get_n (const AssayLabelSet *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

/**
 * assay_label_set_get_label:
 * @index: below assay_label_set_get_n(), in the order in which they were given to this set,
 *   not to an equal one
 *
 * Returns: (transfer none): a label
 */
const char *
assay_label_set_get_label (const AssayLabelSet *self,
                           guint index)
{
  g_return_val_if_fail (self != NULL && index < self->n, NULL);

  return self->labels[index];
}

/**
 * assay_label_set_has:
 * @label: compared byte for byte
 *
 * As long as the set is large.
 *
 * Returns: whether it is one of them
 */
gboolean
assay_label_set_has (const AssayLabelSet *self,
                     const char *label)
{
  g_return_val_if_fail (self != NULL && label != NULL, FALSE);

  for (guint i = 0; i < self->n; i++)
    if (strcmp (self->labels[i], label) == 0)
      return TRUE;
  return FALSE;
}

/* For GHashTable. */
guint
assay_label_set_hash (gconstpointer self)
{
  return ((const AssayLabelSet *) self)->hash;
}

gboolean
assay_label_set_equal (gconstpointer a,
                       gconstpointer b)
{
  const AssayLabelSet *left = a;
  const AssayLabelSet *right = b;

  return left->n == right->n
         && memcmp (get_sorted (left), get_sorted (right), left->n * sizeof (GRefString *)) == 0;
}
