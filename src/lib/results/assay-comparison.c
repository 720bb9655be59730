/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "assay-comparison.h"
#include "assay-label.h"

/* Three places of labels stand in one key. */
#define PLACE_BITS 21
#define MOST_LABELS (1 << PLACE_BITS)

typedef struct {
  GRefString *name;           /* interned */
  guint64 known_a;            /* answers of a that have the label anywhere */
  guint64 known_b;
} Label;

/* Images with the same truth and the same two answers. */
typedef struct {
  gint64 key;
  guint64 n;
} Cell;

/* Invariant: labels are never taken out, so that a label's place is for ever.  Places
 * count from 1; 0 is no truth. */
struct _AssayComparison {
  GArray *labels;             /* (element-type Label) */
  GHashTable *places;         /* (element-type utf8 guint) */
  GHashTable *cells;          /* (element-type gint64 Cell), by key */
  guint64 n;                  /* images */
};

G_DEFINE_BOXED_TYPE (AssayComparison, assay_comparison, assay_comparison_ref,
                     assay_comparison_unref)

static void
label_clear (gpointer data)
{
  assay_label_release (((Label *) data)->name);
}

/**
 * assay_comparison_new:
 *
 * Returns: (transfer full): one without images
 */
AssayComparison *
assay_comparison_new (void)
{
  AssayComparison *self = g_atomic_rc_box_new0 (AssayComparison);

  self->labels = g_array_new (FALSE, FALSE, sizeof (Label));
  g_array_set_clear_func (self->labels, label_clear);
  self->places = g_hash_table_new (g_str_hash, g_str_equal);
  self->cells = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return self;
}

AssayComparison *
assay_comparison_ref (AssayComparison *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
comparison_clear (gpointer data)
{
  AssayComparison *self = data;

  g_hash_table_unref (self->places);
  g_array_unref (self->labels);
  g_hash_table_unref (self->cells);
}

void
assay_comparison_unref (AssayComparison *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, comparison_clear);
}

/* ---- one image ---- */

static guint
find_place (AssayComparison *self,
            const char *name)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, name));
  Label label = { 0 };

  if (place > 0)
    return place;
  /* The last one stands for all that come after it. */
  if (self->labels->len >= MOST_LABELS - 1)
    return self->labels->len;
  label.name = assay_label_intern (name);
  g_array_append_val (self->labels, label);
  g_hash_table_insert (self->places, label.name, GUINT_TO_POINTER (self->labels->len));
  return self->labels->len;
}

static Label *
get_label (AssayComparison *self,
           guint place)
{
  return &g_array_index (self->labels, Label, place - 1);
}

static void
count_known (AssayComparison *self,
             const AssayPrediction *prediction,
             gboolean of_b,
             int sign)
{
  guint n = assay_prediction_get_n_sent (prediction);

  for (guint i = 0; i < n; i++)
    {
      guint place = find_place (self, assay_prediction_get_any_label (prediction, i));
      Label *label = get_label (self, place);

      if (of_b)
        label->known_b += sign;
      else
        label->known_a += sign;
    }
}

static void
count (AssayComparison *self,
       const char *truth,
       const AssayPrediction *a,
       const AssayPrediction *b,
       int sign)
{
  gint64 is = truth != NULL ? find_place (self, truth) : 0;
  gint64 said_a = find_place (self, assay_prediction_get_label (a, 0));
  gint64 said_b = find_place (self, assay_prediction_get_label (b, 0));
  gint64 key = is << (2 * PLACE_BITS) | said_a << PLACE_BITS | said_b;
  Cell *cell = g_hash_table_lookup (self->cells, &key);

  if (cell == NULL)
    {
      cell = g_new0 (Cell, 1);
      cell->key = key;
      g_hash_table_insert (self->cells, &cell->key, cell);
    }
  cell->n += sign;
  if (cell->n == 0)
    g_hash_table_remove (self->cells, &key);
  self->n += sign;
  count_known (self, a, FALSE, sign);
  count_known (self, b, TRUE, sign);
}

/**
 * assay_comparison_add:
 * @truth: (nullable): what the image shows, if that is known
 * @a: (transfer none): what the baseline said
 * @b: (transfer none): what the candidate said
 *
 * Takes one image in.  As long as the number of labels in the predictions.
 */
void
assay_comparison_add (AssayComparison *self,
                      const char *truth,
                      const AssayPrediction *a,
                      const AssayPrediction *b)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (a != NULL && b != NULL);

  count (self, truth, a, b, 1);
}

/**
 * assay_comparison_remove:
 * @truth: (nullable): as it was when the image was added
 * @a: (transfer none): likewise
 * @b: (transfer none): likewise
 *
 * Takes one image out again, as if it had never been there.
 */
void
assay_comparison_remove (AssayComparison *self,
                         const char *truth,
                         const AssayPrediction *a,
                         const AssayPrediction *b)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (a != NULL && b != NULL);

  count (self, truth, a, b, -1);
}

/* ---- figures ---- */

static guint64
get_known (const Label *label,
           gboolean of_b)
{
  return of_b ? label->known_b : label->known_a;
}

/* Whether each answer lists every label.  One that lists only the best few doesn't tell
 * which labels there are not. */
static gboolean
is_complete (AssayComparison *self,
             gboolean of_b)
{
  for (guint i = 0; i < self->labels->len; i++)
    {
      guint64 known = get_known (&g_array_index (self->labels, Label, i), of_b);

      if (known > 0 && known < self->n)
        return FALSE;
    }
  return TRUE;
}

/* Which of the two tell all of their labels: of a label that such a one never lists it
 * can't say anything. */
typedef struct {
  gboolean complete[2];
} Sides;

static Sides
get_sides (AssayComparison *self)
{
  return (Sides) { { is_complete (self, FALSE), is_complete (self, TRUE) } };
}

static gboolean
is_unknown (const Label *label,
            const Sides *sides,
            gboolean of_b)
{
  return sides->complete[of_b] && get_known (label, of_b) == 0;
}

/* A truth that neither knows is no reason: both are wrong about it. */
static gboolean
are_apart (AssayComparison *self,
           const Sides *sides,
           guint is,
           guint said_a,
           guint said_b)
{
  const Label *truth = is > 0 ? get_label (self, is) : NULL;

  return is_unknown (get_label (self, said_a), sides, TRUE)
         || is_unknown (get_label (self, said_b), sides, FALSE)
         || (truth != NULL && is_unknown (truth, sides, FALSE) != is_unknown (truth, sides, TRUE)
             && get_known (truth, FALSE) + get_known (truth, TRUE) > 0);
}

/**
 * assay_comparison_is_apart:
 * @truth: (nullable): as it was added
 * @a: (transfer none): likewise
 * @b: (transfer none): likewise
 *
 * Returns: whether the image is set apart, because one of the two doesn't know a label
 *   that it is about
 */
gboolean
assay_comparison_is_apart (AssayComparison *self,
                           const char *truth,
                           const AssayPrediction *a,
                           const AssayPrediction *b)
{
  Sides sides;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  sides = get_sides (self);
  return are_apart (self, &sides, truth != NULL ? find_place (self, truth) : 0,
                    find_place (self, assay_prediction_get_label (a, 0)),
                    find_place (self, assay_prediction_get_label (b, 0)));
}

static void
add_cell (AssayComparison *self,
          const Sides *sides,
          const Cell *cell,
          AssayComparisonFigures *figures)
{
  guint is = cell->key >> (2 * PLACE_BITS);
  guint said_a = (cell->key >> PLACE_BITS) & (MOST_LABELS - 1);
  guint said_b = cell->key & (MOST_LABELS - 1);

  if (are_apart (self, sides, is, said_a, said_b))
    {
      figures->n_apart += cell->n;
      return;
    }
  figures->n += cell->n;
  if (said_a == said_b)
    figures->agree += cell->n;
  else
    figures->changed += cell->n;
  if (is == 0)
    return;
  figures->n_truth += cell->n;
  if (said_a == is && said_b == is)
    figures->both_right += cell->n;
  else if (said_a == is)
    figures->only_a += cell->n;
  else if (said_b == is)
    figures->only_b += cell->n;
  else
    figures->both_wrong += cell->n;
}

static AssayVerdictKind
get_verdict (const AssayComparisonFigures *figures)
{
  if (!(figures->p < ASSAY_PAIRED_LEVEL))
    return ASSAY_VERDICT_CANNOT_TELL;
  return figures->only_b > figures->only_a ? ASSAY_VERDICT_BETTER : ASSAY_VERDICT_WORSE;
}

/**
 * assay_comparison_get_figures:
 * @figures: (out caller-allocates): all of them
 *
 * accuracy_a, accuracy_b: with Wilson's intervals.  difference: with the interval of
 * assay_paired_difference().  p, needed: assay_mcnemar_exact() and
 * assay_paired_images_needed() of what only one of them has right.
 *
 * As long as the number of different truths and answers together, and some milliseconds
 * for the interval.
 */
void
assay_comparison_get_figures (AssayComparison *self,
                              AssayComparisonFigures *figures)
{
  GHashTableIter iter;
  gpointer cell;
  Sides sides;

  g_return_if_fail (self != NULL);
  g_return_if_fail (figures != NULL);

  *figures = (AssayComparisonFigures) { 0 };
  sides = get_sides (self);
  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, NULL, &cell))
    add_cell (self, &sides, cell, figures);

  figures->accuracy_a =
    assay_wilson_interval (figures->both_right + figures->only_a, figures->n_truth);
  figures->accuracy_b =
    assay_wilson_interval (figures->both_right + figures->only_b, figures->n_truth);
  figures->difference = assay_paired_difference (figures->n_truth, figures->only_a,
                                                 figures->only_b, ASSAY_PAIRED_SEED);
  figures->p = figures->n_truth > 0 ? assay_mcnemar_exact (figures->only_a, figures->only_b) : NAN;
  figures->needed = figures->n_truth > 0 ? assay_paired_images_needed (
                                             figures->n_truth, figures->only_a, figures->only_b)
                                         : ASSAY_PAIRED_NEVER;
  figures->verdict = get_verdict (figures);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * assay_comparison_list_apart:
 * @of_b: %FALSE for the baseline, %TRUE for the candidate
 *
 * Returns: (transfer full) (element-type utf8): the labels that only this one knows, by
 *   their bytes, as long as the comparison holds them
 */
GPtrArray *
assay_comparison_list_apart (AssayComparison *self,
                             gboolean of_b)
{
  GPtrArray *list = g_ptr_array_new ();
  Sides sides;

  g_return_val_if_fail (self != NULL, list);

  sides = get_sides (self);
  for (guint i = 0; i < self->labels->len; i++)
    {
      const Label *label = &g_array_index (self->labels, Label, i);

      if (get_known (label, of_b) > 0 && is_unknown (label, &sides, !of_b))
        g_ptr_array_add (list, label->name);
    }
  g_ptr_array_sort (list, compare_names);
  return list;
}

/* ---- one image by itself ---- */

/**
 * assay_change_judge:
 * @truth: (nullable): what the image shows, if that is known
 * @a: (transfer none): what the baseline said
 * @b: (transfer none): what the candidate said
 *
 * Returns: what has become of the answer
 */
AssayChange
assay_change_judge (const char *truth,
                    const AssayPrediction *a,
                    const AssayPrediction *b)
{
  const char *said_a, *said_b;

  g_return_val_if_fail (a != NULL && b != NULL, ASSAY_CHANGE_SAME);

  said_a = assay_prediction_get_label (a, 0);
  said_b = assay_prediction_get_label (b, 0);
  if (strcmp (said_a, said_b) == 0)
    return ASSAY_CHANGE_SAME;
  if (truth != NULL && strcmp (said_a, truth) == 0)
    return ASSAY_CHANGE_REGRESSED;
  if (truth != NULL && strcmp (said_b, truth) == 0)
    return ASSAY_CHANGE_FIXED;
  return ASSAY_CHANGE_CHANGED;
}

/**
 * assay_change_get_shift:
 * @truth: (nullable): what the image shows, if that is known
 * @a: (transfer none): what the baseline said
 * @b: (transfer none): what the candidate said
 *
 * Returns: the score of the true label, without truth of the baseline's answer, in b
 *   less that in a; a label that was not sent has 0; NaN where one of them is trimmed and
 *   can't tell
 */
double
assay_change_get_shift (const char *truth,
                        const AssayPrediction *a,
                        const AssayPrediction *b)
{
  const char *label;
  double score_a = 0, score_b = 0;

  g_return_val_if_fail (a != NULL && b != NULL, NAN);

  label = truth != NULL ? truth : assay_prediction_get_label (a, 0);
  if (!assay_prediction_can_tell (a, label) || !assay_prediction_can_tell (b, label))
    return NAN;
  assay_prediction_find (a, label, &score_a);
  assay_prediction_find (b, label, &score_b);
  return score_b - score_a;
}
