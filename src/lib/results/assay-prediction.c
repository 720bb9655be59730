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

typedef struct {
  GRefString *label;   /* interned: a thousand answers share their labels */
  double score;
} Entry;

/* A label that is none of the best few, but held all the same. */
typedef struct {
  Entry entry;
  guint rank;
} Other;

/* What is left of the labels that are not held. */
typedef struct {
  AssayLabelSet *labels;      /* all that were sent */
  double lowest;
  double squares;
  double clipped;
  gint64 run;
  guint position;
  guint n_others;
  Other others[];
} Trim;

/* Invariants: at least one entry; every score is finite; the entries stand in
 * the order sent and never change; behind them, in the same block of memory, stand
 * n ranks (Rank), a permutation of their indices, highest score first, equal scores
 * by label.  A trimmed one has the best n in the order of their ranks, and a pointer to its
 * Trim in place of the permutation. */
struct _AssayPrediction {
  guint n;
  guint16 scale;              /* AssayScale */
  guint16 is_trimmed;
  double sum;
  Entry entries[];
};

typedef guint16 Rank;

G_STATIC_ASSERT (ASSAY_LIMIT_LABELS <= G_MAXUINT16);

struct _AssayPredictionBuilder {
  GArray *entries;
};

G_DEFINE_BOXED_TYPE (AssayPrediction, assay_prediction, assay_prediction_ref, assay_prediction_unref)

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

  assay_label_release (entry->label);
}

AssayPredictionBuilder *
assay_prediction_builder_new (void)
{
  AssayPredictionBuilder *self = g_new0 (AssayPredictionBuilder, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
  return self;
}

void
assay_prediction_builder_free (AssayPredictionBuilder *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->entries);
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
  Entry entry;

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
  if (self->entries->len >= ASSAY_LIMIT_LABELS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                   _("The service sent more than %d labels."), ASSAY_LIMIT_LABELS);
      return FALSE;
    }

  entry.label = assay_label_intern (label);
  entry.score = score;
  g_array_append_val (self->entries, entry);
  return TRUE;
}

static Rank *
get_ranks (const AssayPrediction *self)
{
  return (Rank *) (self->entries + self->n);
}

static Trim **
get_trim_place (const AssayPrediction *self)
{
  return (Trim **) (self->entries + self->n);
}

/* NULL where everything is held. */
static Trim *
get_trim (const AssayPrediction *self)
{
  return self->is_trimmed ? *get_trim_place (self) : NULL;
}

static const Entry *
get_entry (const AssayPrediction *self,
           guint rank)
{
  return &self->entries[self->is_trimmed ? rank : get_ranks (self)[rank]];
}

static int
compare_rank (gconstpointer a,
              gconstpointer b,
              gpointer data)
{
  const Entry *entries = data;
  const Entry *left = &entries[*(const Rank *) a];
  const Entry *right = &entries[*(const Rank *) b];

  if (left->score != right->score)
    return left->score < right->score ? 1 : -1;
  return strcmp (left->label, right->label);
}

static AssayScale
scale_of (const Entry *entries,
          guint n,
          double sum)
{
  for (guint i = 0; i < n; i++)
    if (entries[i].score < 0 || entries[i].score > 1)
      return ASSAY_SCALE_OTHER;
  if (sum < 0.99)
    return ASSAY_SCALE_PARTIAL;
  return sum > 1.01 ? ASSAY_SCALE_INDEPENDENT : ASSAY_SCALE_PROBABILITIES;
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
  guint n;

  g_return_val_if_fail (self != NULL, NULL);

  n = builder->entries->len;
  if (n == 0)
    return NULL;

  prediction = g_atomic_rc_box_alloc (sizeof (AssayPrediction) + n * (sizeof (Entry) + sizeof (Rank)));
  *prediction = (AssayPrediction) { .n = n };
  memcpy (prediction->entries, builder->entries->data, n * sizeof (Entry));
  /* The labels' references have moved; the array must not release them. */
  g_array_set_clear_func (builder->entries, NULL);

  for (guint i = 0; i < n; i++)
    {
      get_ranks (prediction)[i] = i;
      prediction->sum += prediction->entries[i].score;
    }
  g_qsort_with_data (get_ranks (prediction), n, sizeof (Rank), compare_rank, prediction->entries);
  prediction->scale = scale_of (prediction->entries, n, prediction->sum);
  return prediction;
}

AssayPrediction *
assay_prediction_ref (AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
trim_free (Trim *self)
{
  for (guint i = 0; i < self->n_others; i++)
    entry_clear (&self->others[i].entry);
  assay_label_set_unref (self->labels);
  g_free (self);
}

static void
prediction_clear (gpointer data)
{
  AssayPrediction *self = data;

  for (guint i = 0; i < self->n; i++)
    entry_clear (&self->entries[i]);
  if (self->is_trimmed)
    trim_free (get_trim (self));
}

void
assay_prediction_unref (AssayPrediction *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, prediction_clear);
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

  return self->entries[index].label;
}

double
assay_prediction_get_sent_score (const AssayPrediction *self,
                                 guint index)
{
  g_return_val_if_fail (self != NULL && !self->is_trimmed && index < self->n, 0);

  return self->entries[index].score;
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

  return get_entry (self, rank)->label;
}

double
assay_prediction_get_score (const AssayPrediction *self,
                            guint rank)
{
  g_return_val_if_fail (self != NULL && rank < self->n, 0);

  return get_entry (self, rank)->score;
}

static const Other *
find_other (const Trim *self,
            const char *label)
{
  for (guint i = 0; i < self->n_others; i++)
    if (strcmp (self->others[i].entry.label, label) == 0)
      return &self->others[i];
  return NULL;
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
  const Entry *entry = NULL;
  const Other *other;

  g_return_val_if_fail (self != NULL && label != NULL && rank != NULL, FALSE);

  for (*rank = 0; *rank < self->n; (*rank)++)
    {
      entry = get_entry (self, *rank);
      if (strcmp (entry->label, label) == 0)
        break;
    }
  if (*rank == self->n)
    {
      other = self->is_trimmed ? find_other (get_trim (self), label) : NULL;
      if (other == NULL)
        return FALSE;
      entry = &other->entry;
      *rank = other->rank;
    }
  if (score != NULL)
    *score = entry->score;
  return TRUE;
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

double
assay_prediction_get_sum (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->sum;
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

  return self->is_trimmed ? get_trim (self)->lowest : get_entry (self, self->n - 1)->score;
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
    sum += get_entry (self, rank)->score * get_entry (self, rank)->score;
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
    sum += clip (self->entries[i].score);
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

static gboolean
is_at (const AssayPrediction *self,
       const Entry *entry,
       guint rank)
{
  return get_entry (self, rank)->score == entry->score
         && strcmp (get_entry (self, rank)->label, entry->label) == 0;
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

  if (assay_prediction_get_n_sent (self) != whole->n || self->sum != whole->sum
      || get_trim (self)->squares != assay_prediction_get_squares (whole))
    return FALSE;
  for (guint rank = 0; rank < self->n; rank++)
    if (!is_at (whole, &self->entries[rank], rank))
      return FALSE;
  for (guint i = 0; i < get_trim (self)->n_others; i++)
    if (!is_at (whole, &get_trim (self)->others[i].entry, get_trim (self)->others[i].rank))
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

  return self->is_trimmed ? assay_label_set_get_n (get_trim (self)->labels) : self->n;
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
    return assay_label_set_get_label (get_trim (self)->labels, index);
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
         || !assay_label_set_has (get_trim (self)->labels, label);
}

/**
 * assay_prediction_dup_label_set:
 *
 * Returns: (transfer full): all labels that were sent
 */
AssayLabelSet *
assay_prediction_dup_label_set (const AssayPrediction *self)
{
  g_autofree GRefString **labels = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->is_trimmed)
    return assay_label_set_ref (get_trim (self)->labels);
  labels = g_new (GRefString *, self->n);
  for (guint i = 0; i < self->n; i++)
    labels[i] = self->entries[i].label;
  return assay_label_set_new (labels, self->n);
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

static Entry
entry_copy (const Entry *entry)
{
  return (Entry) { g_ref_string_acquire (entry->label), entry->score };
}

/* @keep: at most this many are among the others: those that are among the best are not, nor
 * those that were never sent. */
static Trim *
make_trim (const AssayPrediction *self,
           guint n,
           const char *const *keep,
           AssayLabelSet *labels,
           gint64 run,
           guint position)
{
  guint n_keep = keep != NULL ? g_strv_length ((char **) keep) : 0;
  Trim *trim = g_malloc0 (sizeof (Trim) + n_keep * sizeof (Other));

  trim->labels = assay_label_set_ref (labels);
  trim->run = run;
  trim->position = position;
  trim->lowest = assay_prediction_get_lowest (self);
  trim->squares = assay_prediction_get_squares (self);
  trim->clipped = assay_prediction_get_clipped (self);
  for (guint i = 0; i < n_keep; i++)
    {
      guint rank;

      if (!assay_prediction_find_rank (self, keep[i], &rank, NULL) || rank < n
          || find_other (trim, keep[i]) != NULL)
        continue;
      trim->others[trim->n_others++] = (Other) { entry_copy (get_entry (self, rank)), rank };
    }
  return trim;
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
  AssayPrediction *trimmed;

  g_return_val_if_fail (self != NULL && !self->is_trimmed, NULL);
  g_return_val_if_fail (n > 0, NULL);
  g_return_val_if_fail (labels != NULL && assay_label_set_get_n (labels) == self->n, NULL);

  if (self->n <= n)
    return assay_prediction_ref (self);
  trimmed = g_atomic_rc_box_alloc (sizeof (AssayPrediction) + n * sizeof (Entry)
                                   + sizeof (Trim *));
  *trimmed = (AssayPrediction) { n, self->scale, TRUE, self->sum };
  *get_trim_place (trimmed) = make_trim (self, n, keep, labels, run, position);
  for (guint rank = 0; rank < n; rank++)
    trimmed->entries[rank] = entry_copy (get_entry (self, rank));
  return trimmed;
}
