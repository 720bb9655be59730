/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-label.h"
#include "assay-limits.h"
#include "assay-prediction.h"

/* Invariants: at least one label; every score is finite; the labels stand in the order sent
 * and never change.  Behind this stand, in the same block of memory, n scores and, where
 * labels is NULL because few others would share it, n labels, and n ranks (guint8, or Rank
 * where there are too many for that), a permutation of their indices, highest score first,
 * equal scores by label.
 * A trimmed one has its Trim first; then the scores, those of the best n by rank before those
 * of the others; then their places in labels, which are all that were sent; and the ranks of
 * the others.  There may be hundreds of thousands: mind the size. */
struct _AssayPrediction {
  gatomicrefcount refs;
  guint16 n;
  guint8 scale;               /* AssayScale */
  guint8 is_trimmed;
  AssayLabelSet *labels;      /* (nullable) */
  double data[];
};

/* What is left of the labels that are not held. */
typedef struct {
  double sum;
  double lowest;
  double squares;
  double clipped;
  gint64 run;
  guint position;
  guint n_others;             /* that are none of the best few, but held all the same */
} Trim;

typedef guint16 Rank;

G_STATIC_ASSERT (ASSAY_LIMIT_LABELS <= G_MAXUINT16);
G_STATIC_ASSERT (sizeof (Trim) % sizeof (double) == 0);

struct _AssayPredictionBuilder {
  GPtrArray *labels;          /* (element-type GRefString) interned: a thousand answers share them */
  GArray *scores;
};

G_DEFINE_BOXED_TYPE (AssayPrediction, assay_prediction, assay_prediction_ref, assay_prediction_unref)

AssayPredictionBuilder *
assay_prediction_builder_new (void)
{
  AssayPredictionBuilder *self = g_new0 (AssayPredictionBuilder, 1);

  self->labels = g_ptr_array_new_with_free_func (assay_label_release);
  self->scores = g_array_new (FALSE, FALSE, sizeof (double));
  return self;
}

void
assay_prediction_builder_free (AssayPredictionBuilder *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->labels);
  g_array_unref (self->scores);
  g_free (self);
}

/**
 * assay_prediction_builder_add:
 * @label: valid UTF-8, may be empty
 * @score: as sent
 * @error: %ASSAY_ERROR_BAD_ANSWER for a score that is not finite, a label that
 *   is too long or too many labels
 *
 * Adds a label in the order sent.
 *
 * Returns: whether it was added
 */
gboolean
assay_prediction_builder_add (AssayPredictionBuilder *self,
                              const char *label,
                              double score,
                              GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (label != NULL, FALSE);

  if (!isfinite (score))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                           _("The service sent a score that is not a number."));
      return FALSE;
    }
  if (strlen (label) > ASSAY_LIMIT_LABEL_BYTES)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                   _("The service sent a label of more than %d bytes."), ASSAY_LIMIT_LABEL_BYTES);
      return FALSE;
    }
  if (self->labels->len >= ASSAY_LIMIT_LABELS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                   _("The service sent more than %d labels."), ASSAY_LIMIT_LABELS);
      return FALSE;
    }

  g_ptr_array_add (self->labels, assay_label_intern (label));
  g_array_append_val (self->scores, score);
  return TRUE;
}

/* ---- what is held ---- */

/* NULL where everything is held. */
static Trim *
get_trim (const AssayPrediction *self)
{
  return self->is_trimmed ? (Trim *) self->data : NULL;
}

static guint
count_held (const AssayPrediction *self)
{
  return self->is_trimmed ? self->n + get_trim (self)->n_others : self->n;
}

static double *
get_scores (const AssayPrediction *self)
{
  return self->is_trimmed ? (double *) (get_trim (self) + 1) : (double *) self->data;
}

/* Of one that shares no set. */
static GRefString **
get_own_labels (const AssayPrediction *self)
{
  return (GRefString **) (self->data + self->n);
}

/* Of so many labels. */
static gboolean
fits_bytes (guint n)
{
  return n <= G_MAXUINT8 + 1;
}

/* Of a whole one. */
static gpointer
get_ranks (const AssayPrediction *self)
{
  return self->labels != NULL ? (gpointer) (self->data + self->n)
                              : (gpointer) (get_own_labels (self) + self->n);
}

/* Likewise: what its block takes. */
static gsize
get_size (guint n,
          gboolean has_own_labels)
{
  gsize each = sizeof (double) + (fits_bytes (n) ? sizeof (guint8) : sizeof (Rank))
               + (has_own_labels ? sizeof (GRefString *) : 0);

  return sizeof (AssayPrediction) + n * each;
}

/* Of a trimmed one, like the ranks of the others. */
static Rank *
get_places (const AssayPrediction *self)
{
  return (Rank *) (get_scores (self) + count_held (self));
}

static Rank *
get_other_ranks (const AssayPrediction *self)
{
  return get_places (self) + count_held (self);
}

static const char *
label_at (const AssayPrediction *self,
          guint index)
{
  if (self->is_trimmed)
    return assay_label_set_get_label (self->labels, get_places (self)[index]);
  if (self->labels != NULL)
    return assay_label_set_get_label (self->labels, index);
  return get_own_labels (self)[index];
}

static double
score_at (const AssayPrediction *self,
          guint index)
{
  return get_scores (self)[index];
}

static guint
index_of (const AssayPrediction *self,
          guint rank)
{
  if (self->is_trimmed)
    return rank;
  return fits_bytes (self->n) ? ((const guint8 *) get_ranks (self))[rank]
                              : ((const Rank *) get_ranks (self))[rank];
}

/* ---- made and freed ---- */

static int
compare_rank (gconstpointer a,
              gconstpointer b,
              gpointer data)
{
  const AssayPrediction *self = data;
  guint left = *(const Rank *) a;
  guint right = *(const Rank *) b;

  if (score_at (self, left) != score_at (self, right))
    return score_at (self, left) < score_at (self, right) ? 1 : -1;
  return strcmp (label_at (self, left), label_at (self, right));
}

static void
rank_all (AssayPrediction *self)
{
  g_autofree Rank *ranks = g_new (Rank, self->n);

  for (guint i = 0; i < self->n; i++)
    ranks[i] = i;
  g_qsort_with_data (ranks, self->n, sizeof (Rank), compare_rank, self);
  for (guint i = 0; i < self->n; i++)
    if (fits_bytes (self->n))
      ((guint8 *) get_ranks (self))[i] = ranks[i];
    else
      ((Rank *) get_ranks (self))[i] = ranks[i];
}

static AssayScale
find_scale (const AssayPrediction *self)
{
  double sum = assay_prediction_get_sum (self);

  for (guint i = 0; i < self->n; i++)
    if (score_at (self, i) < 0 || score_at (self, i) > 1)
      return ASSAY_SCALE_OTHER;
  if (sum < 0.99)
    return ASSAY_SCALE_PARTIAL;
  return sum > 1.01 ? ASSAY_SCALE_INDEPENDENT : ASSAY_SCALE_PROBABILITIES;
}

/* The labels' references move into it, unless it shares theirs.  A slice, because a block of
 * five labels is just too large for one of 64 bytes with what malloc() puts before it. */
static AssayPrediction *
take_labels (AssayPredictionBuilder *builder)
{
  guint n = builder->labels->len;
  AssayLabelSet *shared = assay_label_set_share ((GRefString *const *) builder->labels->pdata, n);
  AssayPrediction *self = g_slice_alloc (get_size (n, shared == NULL));

  *self = (AssayPrediction) { .n = n, .labels = shared };
  g_atomic_ref_count_init (&self->refs);
  if (shared != NULL)
    return self;
  memcpy (get_own_labels (self), builder->labels->pdata, n * sizeof (GRefString *));
  g_ptr_array_set_free_func (builder->labels, NULL);
  return self;
}

/**
 * assay_prediction_builder_end:
 * @self: (transfer full): swallowed
 *
 * Returns: (transfer full) (nullable): the prediction; %NULL when nothing was
 *   added, because a prediction has at least one label
 */
AssayPrediction *
assay_prediction_builder_end (AssayPredictionBuilder *self)
{
  g_autoptr (AssayPredictionBuilder) builder = self;
  AssayPrediction *prediction;

  g_return_val_if_fail (self != NULL, NULL);

  if (builder->labels->len == 0)
    return NULL;

  prediction = take_labels (builder);
  memcpy (prediction->data, builder->scores->data, prediction->n * sizeof (double));
  rank_all (prediction);
  prediction->scale = find_scale (prediction);
  return prediction;
}

AssayPrediction *
assay_prediction_ref (AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
assay_prediction_unref (AssayPrediction *self)
{
  gboolean has_own_labels;

  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  has_own_labels = self->labels == NULL;
  if (has_own_labels)
    for (guint i = 0; i < self->n; i++)
      assay_label_release (get_own_labels (self)[i]);
  else
    assay_label_set_unref (self->labels);
  if (self->is_trimmed)
    g_free (self);
  else
    g_slice_free1 (get_size (self->n, has_own_labels), self);
}

/**
 * assay_prediction_get_n:
 *
 * Returns: the number of labels, at least 1; of a trimmed one, of those that it is
 *   trimmed to
 */
guint
assay_prediction_get_n (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

/**
 * assay_prediction_get_sent_label:
 * @self: one that is not trimmed, which has no such order any more
 * @index: place in the order sent
 *
 * Returns: (transfer none): the label, any valid UTF-8: make it safe to show
 */
const char *
assay_prediction_get_sent_label (const AssayPrediction *self,
                                 guint index)
{
  g_return_val_if_fail (self != NULL && !self->is_trimmed && index < self->n, NULL);

  return label_at (self, index);
}

double
assay_prediction_get_sent_score (const AssayPrediction *self,
                                 guint index)
{
  g_return_val_if_fail (self != NULL && !self->is_trimmed && index < self->n, 0);

  return score_at (self, index);
}

/**
 * assay_prediction_get_label:
 * @rank: 0 for the highest score; equal scores stand by label
 *
 * Returns: (transfer none): the label at that rank
 */
const char *
assay_prediction_get_label (const AssayPrediction *self,
                            guint rank)
{
  g_return_val_if_fail (self != NULL && rank < self->n, NULL);

  return label_at (self, index_of (self, rank));
}

double
assay_prediction_get_score (const AssayPrediction *self,
                            guint rank)
{
  g_return_val_if_fail (self != NULL && rank < self->n, 0);

  return score_at (self, index_of (self, rank));
}

/**
 * assay_prediction_find_rank:
 * @label: a label, compared byte for byte
 * @rank: (out): 0 for the highest score; of a label that was sent twice that of its higher
 * @score: (out) (optional): its score
 *
 * Returns: whether the label is held
 */
gboolean
assay_prediction_find_rank (const AssayPrediction *self,
                            const char *label,
                            guint *rank,
                            double *score)
{
  guint held;

  g_return_val_if_fail (self != NULL && label != NULL && rank != NULL, FALSE);

  held = count_held (self);
  for (guint i = 0; i < held; i++)
    {
      guint index = i < self->n ? index_of (self, i) : i;

      if (strcmp (label_at (self, index), label) != 0)
        continue;
      *rank = i < self->n ? i : get_other_ranks (self)[i - self->n];
      if (score != NULL)
        *score = score_at (self, index);
      return TRUE;
    }
  return FALSE;
}

/**
 * assay_prediction_find:
 * @label: a label, compared byte for byte
 * @score: (out) (optional): its score
 *
 * Returns: whether the label was sent; of a trimmed one, whether it is held, see
 *   assay_prediction_can_tell()
 */
gboolean
assay_prediction_find (const AssayPrediction *self,
                       const char *label,
                       double *score)
{
  guint rank;

  g_return_val_if_fail (self != NULL && label != NULL, FALSE);

  return assay_prediction_find_rank (self, label, &rank, score);
}

/**
 * assay_prediction_get_sum:
 *
 * Returns: the sum of all scores sent, added in the order sent
 */
double
assay_prediction_get_sum (const AssayPrediction *self)
{
  double sum = 0;

  g_return_val_if_fail (self != NULL, 0);

  if (self->is_trimmed)
    return get_trim (self)->sum;
  for (guint i = 0; i < self->n; i++)
    sum += score_at (self, i);
  return sum;
}

AssayScale
assay_prediction_get_scale (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, ASSAY_SCALE_OTHER);

  return self->scale;
}

/**
 * assay_prediction_get_lead:
 *
 * Returns: the highest score less the next, in the unit of the scores; the
 *   highest score itself when there is only one label
 */
double
assay_prediction_get_lead (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->n == 1)
    return assay_prediction_get_score (self, 0);
  return assay_prediction_get_score (self, 0) - assay_prediction_get_score (self, 1);
}

/**
 * assay_prediction_is_unsure:
 * @threshold: the user's own, 0…1
 *
 * Returns: whether the highest score lies below the threshold
 */
gboolean
assay_prediction_is_unsure (const AssayPrediction *self,
                            double threshold)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return assay_prediction_get_score (self, 0) < threshold;
}

/**
 * assay_prediction_is_close:
 *
 * Returns: whether the two first lie within 5 points of each other, so that
 *   neither should be crowned
 */
gboolean
assay_prediction_is_close (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->n > 1 && assay_prediction_get_lead (self) < 0.05;
}

/* ---- the best few ---- */

static double
clip (double score)
{
  return CLAMP (score, DBL_EPSILON, 1 - DBL_EPSILON);
}

/**
 * assay_prediction_get_lowest:
 *
 * Returns: the lowest score sent
 */
double
assay_prediction_get_lowest (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->is_trimmed ? get_trim (self)->lowest : assay_prediction_get_score (self, self->n - 1);
}

/**
 * assay_prediction_get_squares:
 *
 * Returns: the sum of the squares of all scores sent, added from the highest down
 */
double
assay_prediction_get_squares (const AssayPrediction *self)
{
  double sum = 0;

  g_return_val_if_fail (self != NULL, 0);

  if (self->is_trimmed)
    return get_trim (self)->squares;
  for (guint rank = 0; rank < self->n; rank++)
    {
      double score = score_at (self, index_of (self, rank));

      sum += score * score;
    }
  return sum;
}

/**
 * assay_prediction_get_clipped:
 *
 * Returns: the sum of all scores sent, each brought into ε…1 − ε first, ε = 2⁻⁵², as
 *   scikit-learn's log_loss() does; added in the order sent
 */
double
assay_prediction_get_clipped (const AssayPrediction *self)
{
  double sum = 0;

  g_return_val_if_fail (self != NULL, 0);

  if (self->is_trimmed)
    return get_trim (self)->clipped;
  for (guint i = 0; i < self->n; i++)
    sum += clip (score_at (self, i));
  return sum;
}

/**
 * assay_prediction_is_trimmed:
 *
 * Returns: whether the scores of some labels are not held
 */
gboolean
assay_prediction_is_trimmed (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_trimmed;
}

/* Whether @whole has at @rank what @self holds at @index. */
static gboolean
is_at (const AssayPrediction *self,
       guint index,
       const AssayPrediction *whole,
       guint rank)
{
  return assay_prediction_get_score (whole, rank) == score_at (self, index)
         && strcmp (assay_prediction_get_label (whole, rank), label_at (self, index)) == 0;
}

/**
 * assay_prediction_is_form_of:
 * @self: a trimmed one
 * @whole: one that is not trimmed
 *
 * Returns: whether @self says nothing else than @whole does
 */
gboolean
assay_prediction_is_form_of (const AssayPrediction *self,
                             const AssayPrediction *whole)
{
  g_return_val_if_fail (self != NULL && self->is_trimmed, FALSE);
  g_return_val_if_fail (whole != NULL && !whole->is_trimmed, FALSE);

  if (assay_prediction_get_n_sent (self) != whole->n
      || get_trim (self)->sum != assay_prediction_get_sum (whole)
      || get_trim (self)->squares != assay_prediction_get_squares (whole))
    return FALSE;
  for (guint rank = 0; rank < self->n; rank++)
    if (!is_at (self, rank, whole, rank))
      return FALSE;
  for (guint i = 0; i < get_trim (self)->n_others; i++)
    if (!is_at (self, self->n + i, whole, get_other_ranks (self)[i]))
      return FALSE;
  return TRUE;
}

/**
 * assay_prediction_get_n_sent:
 *
 * Returns: the number of labels that were sent
 */
guint
assay_prediction_get_n_sent (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->is_trimmed ? assay_label_set_get_n (self->labels) : self->n;
}

/**
 * assay_prediction_get_any_label:
 * @index: below assay_prediction_get_n_sent(), in an order that means nothing
 *
 * Returns: (transfer none): a label that was sent, held or not
 */
const char *
assay_prediction_get_any_label (const AssayPrediction *self,
                                guint index)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->is_trimmed)
    return assay_label_set_get_label (self->labels, index);
  return assay_prediction_get_sent_label (self, index);
}

/**
 * assay_prediction_can_tell:
 * @label: a label, compared byte for byte
 *
 * Returns: whether assay_prediction_find() and assay_prediction_find_rank() say of the label
 *   what they would say of everything that was sent: %FALSE only of a trimmed one, for a
 *   label that was sent and is not held
 */
gboolean
assay_prediction_can_tell (const AssayPrediction *self,
                           const char *label)
{
  g_return_val_if_fail (self != NULL && label != NULL, FALSE);

  return !self->is_trimmed || assay_prediction_find (self, label, NULL)
         || !assay_label_set_has (self->labels, label);
}

/**
 * assay_prediction_get_shared_set:
 *
 * Two with the same one have the same labels.
 *
 * Returns: (transfer none) (nullable): all labels that were sent, where others share them
 */
AssayLabelSet *
assay_prediction_get_shared_set (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->labels;
}

/**
 * assay_prediction_dup_label_set:
 *
 * Returns: (transfer full): all labels that were sent
 */
AssayLabelSet *
assay_prediction_dup_label_set (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->labels != NULL)
    return assay_label_set_ref (self->labels);
  return assay_label_set_new (get_own_labels (self), self->n);
}

/**
 * assay_prediction_get_kept:
 * @self: a trimmed one
 * @position: (out): of its item in the run
 *
 * Returns: the kept run that has all of it, as assay_prediction_trim() was told
 */
gint64
assay_prediction_get_kept (const AssayPrediction *self,
                           guint *position)
{
  g_return_val_if_fail (self != NULL && self->is_trimmed, 0);
  g_return_val_if_fail (position != NULL, 0);

  *position = get_trim (self)->position;
  return get_trim (self)->run;
}

/* Whether the label at @rank is one of those in @ranks already. */
static gboolean
has_rank (GArray *ranks,
          guint rank)
{
  for (guint i = 0; i < ranks->len; i++)
    if (g_array_index (ranks, guint, i) == rank)
      return TRUE;
  return FALSE;
}

/* The ranks of the best @n, and of those of @keep that were sent. */
static GArray *
list_held_ranks (const AssayPrediction *self,
                 guint n,
                 const char *const *keep)
{
  GArray *ranks = g_array_new (FALSE, FALSE, sizeof (guint));
  guint rank;

  for (rank = 0; rank < n; rank++)
    g_array_append_val (ranks, rank);
  for (; keep != NULL && *keep != NULL; keep++)
    if (assay_prediction_find_rank (self, *keep, &rank, NULL) && !has_rank (ranks, rank))
      g_array_append_val (ranks, rank);
  return ranks;
}

/* Interned labels are equal where their pointers are. */
static guint
find_place (const AssayPrediction *self,
            guint index,
            const AssayLabelSet *labels)
{
  const char *label = label_at (self, index);
  guint place = 0;

  if (self->labels == labels)
    return index;
  while (place + 1 < self->n && assay_label_set_get_label (labels, place) != label)
    place++;
  return place;
}

static Trim
make_trim (const AssayPrediction *self,
           guint n_others,
           gint64 run,
           guint position)
{
  return (Trim) {
    .sum = assay_prediction_get_sum (self),
    .lowest = assay_prediction_get_lowest (self),
    .squares = assay_prediction_get_squares (self),
    .clipped = assay_prediction_get_clipped (self),
    .run = run,
    .position = position,
    .n_others = n_others,
  };
}

/**
 * assay_prediction_trim:
 * @self: one that is not trimmed
 * @n: how many labels with the highest scores to hold, at least 1
 * @keep: (array zero-terminated=1) (nullable): labels to hold besides
 * @labels: (transfer none): what assay_prediction_dup_label_set() says of @self, or its
 *   equal, which many may share
 * @run: the kept run that has all of it
 * @position: of its item in that run
 *
 * What remains says the same of the sums, the lowest score, the number and the names of the
 * labels, and of the labels that it holds; it can't tell the scores of others.
 *
 * Returns: (transfer full): the short form of @self; @self itself where it has no more
 *   labels than that
 */
AssayPrediction *
assay_prediction_trim (AssayPrediction *self,
                       guint n,
                       const char *const *keep,
                       AssayLabelSet *labels,
                       gint64 run,
                       guint position)
{
  g_autoptr (GArray) ranks = NULL;
  AssayPrediction *trimmed;
  guint n_others;

  g_return_val_if_fail (self != NULL && !self->is_trimmed, NULL);
  g_return_val_if_fail (n > 0, NULL);
  g_return_val_if_fail (labels != NULL && assay_label_set_get_n (labels) == self->n, NULL);

  if (self->n <= n)
    return assay_prediction_ref (self);
  ranks = list_held_ranks (self, n, keep);
  n_others = ranks->len - n;
  trimmed = g_malloc (sizeof (AssayPrediction) + sizeof (Trim)
                      + ranks->len * (sizeof (double) + sizeof (Rank)) + n_others * sizeof (Rank));
  *trimmed = (AssayPrediction) { .n = n, .scale = self->scale, .is_trimmed = TRUE };
  g_atomic_ref_count_init (&trimmed->refs);
  trimmed->labels = assay_label_set_ref (labels);
  *get_trim (trimmed) = make_trim (self, n_others, run, position);
  for (guint i = 0; i < ranks->len; i++)
    {
      guint rank = g_array_index (ranks, guint, i);
      guint index = index_of (self, rank);

      get_scores (trimmed)[i] = score_at (self, index);
      get_places (trimmed)[i] = find_place (self, index, labels);
      if (i >= n)
        get_other_ranks (trimmed)[i - n] = rank;
    }
  return trimmed;
}
