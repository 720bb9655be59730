/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "assay-evaluation.h"
#include "assay-label.h"

/* Thresholds are told to a hundredth of a percent, and counted as finely. */
#define STEPS 10000

/* A sum of numbers that can be taken out again: whole ones, and the rest in units of
 * 2⁻⁵³, so that each number is rounded once, by less than that, and the sum is exact
 * whatever came and went meanwhile.  Invariant: 0 ≤ parts < PARTS. */
typedef struct {
  gint64 whole;
  gint64 parts;
} Sum;

#define PARTS (G_GINT64_CONSTANT (1) << 53)

typedef struct {
  GRefString *name;           /* interned */
  guint64 support;
  guint64 predicted;
  guint64 n_right;
} Label;

typedef struct {
  gint64 key;                 /* truth's place << 32 | answer's place */
  guint64 n;
} Cell;

typedef struct {
  guint64 n;
  guint64 n_right;
  Sum scores;
} Bin;

typedef struct {
  guint n;
  guint n_right;
} Step;

/* Invariants: labels are never taken out, so that a label's place is for ever;
 * cells holds none with n = 0 that was not used before. */
struct _AssayEvaluation {
  GArray *labels;             /* (element-type Label) */
  GHashTable *places;         /* (element-type utf8 guint), from 1 */
  GHashTable *cells;          /* (element-type gint64 Cell), by key */
  GArray *ranks;              /* (element-type guint64): images whose truth has that rank */
  Bin bins[ASSAY_EVALUATION_BINS];
  Step *steps;                /* STEPS + 1 of them: by the highest score */
  Sum log_loss;
  Sum brier;
  guint64 n;
  guint64 n_right;
  guint64 n_odd;              /* images with scores outside 0…1 */
};

G_DEFINE_BOXED_TYPE (AssayEvaluation, assay_evaluation, assay_evaluation_ref,
                     assay_evaluation_unref)

static void
sum_add (Sum *sum,
         double value,
         int sign)
{
  double whole = floor (value);
  gint64 parts = llround (ldexp (value - whole, 53));

  sum->whole += sign * (gint64) whole;
  sum->parts += sign * parts;
  while (sum->parts >= PARTS)
    {
      sum->parts -= PARTS;
      sum->whole++;
    }
  while (sum->parts < 0)
    {
      sum->parts += PARTS;
      sum->whole--;
    }
}

static double
sum_get_mean (const Sum *sum,
              guint64 n)
{
  return n > 0 ? (sum->whole + ldexp (sum->parts, -53)) / n : NAN;
}

static void
label_clear (gpointer data)
{
  assay_label_release (((Label *) data)->name);
}

/**
 * assay_evaluation_new:
 *
 * Returns: (transfer full): one without images
 */
AssayEvaluation *
assay_evaluation_new (void)
{
  AssayEvaluation *self = g_atomic_rc_box_new0 (AssayEvaluation);

  self->labels = g_array_new (FALSE, FALSE, sizeof (Label));
  g_array_set_clear_func (self->labels, label_clear);
  self->places = g_hash_table_new (g_str_hash, g_str_equal);
  self->cells = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->ranks = g_array_new (FALSE, TRUE, sizeof (guint64));
  self->steps = g_new0 (Step, STEPS + 1);
  return self;
}

AssayEvaluation *
assay_evaluation_ref (AssayEvaluation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
evaluation_clear (gpointer data)
{
  AssayEvaluation *self = data;

  g_hash_table_unref (self->places);
  g_array_unref (self->labels);
  g_hash_table_unref (self->cells);
  g_array_unref (self->ranks);
  g_free (self->steps);
}

void
assay_evaluation_unref (AssayEvaluation *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, evaluation_clear);
}

/* ---- one image ---- */

static guint
find_place (AssayEvaluation *self,
            const char *name)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, name));
  Label label = { 0 };

  if (place > 0)
    return place - 1;
  label.name = assay_label_intern (name);
  g_array_append_val (self->labels, label);
  g_hash_table_insert (self->places, label.name, GUINT_TO_POINTER (self->labels->len));
  return self->labels->len - 1;
}

static void
count_cell (AssayEvaluation *self,
            guint truth,
            guint answer,
            int sign)
{
  gint64 key = (gint64) truth << 32 | answer;
  Cell *cell = g_hash_table_lookup (self->cells, &key);

  if (cell == NULL)
    {
      cell = g_new0 (Cell, 1);
      cell->key = key;
      g_hash_table_insert (self->cells, &cell->key, cell);
    }
  cell->n += sign;
}

static void
count_rank (AssayEvaluation *self,
            guint rank,
            int sign)
{
  if (rank >= self->ranks->len)
    g_array_set_size (self->ranks, rank + 1);
  g_array_index (self->ranks, guint64, rank) += sign;
}

/**
 * assay_evaluation_find_bin:
 * @score: 0…1, of an image's answer
 *
 * Returns: which bin of assay_evaluation_get_reliability() counts it; a score on an edge
 *   is of the lower one (Guo et al., 2017)
 */
guint
assay_evaluation_find_bin (double score)
{
  /* The bins are closed above: ((m − 1)/15, m/15], with 0 in the first.  The product may be
   * rounded down to an edge that the score is above, never up across one: at the edges
   * themselves it is a whole number.  Other scores may be beyond any int. */
  const double n = ASSAY_EVALUATION_BINS;
  int bin = CLAMP ((int) ceil (CLAMP (score, 0, 1) * n) - 1, 0, ASSAY_EVALUATION_BINS - 1);

  while (bin < ASSAY_EVALUATION_BINS - 1 && score > (bin + 1) / n)
    bin++;
  return bin;
}

/* The highest of the thresholds k/STEPS that the score is not below; the lowest for a
 * score that is below them all.  Multiplying alone would miss some by one. */
static guint
find_step (double score)
{
  int step = (int) (CLAMP (score, 0, 1) * STEPS);

  while (step < STEPS && (step + 1) / (double) STEPS <= score)
    step++;
  while (step > 0 && step / (double) STEPS > score)
    step--;
  return step;
}

/* What one prediction says of the truth.  A label that was sent twice stands where its
 * higher score does, and its lower one counts as that of some other label. */
typedef struct {
  gboolean sent;
  guint rank;
  double score;               /* 0 where it was not sent */
} Said;

static Said
find_truth (const AssayPrediction *prediction,
            const char *truth)
{
  Said said = { 0 };

  said.sent = assay_prediction_find_rank (prediction, truth, &said.rank, &said.score);
  return said;
}

/* −ln of the truth's share of the scores, which are first brought into ε…1 − ε: what
 * scikit-learn's log_loss() does, with labels that were not sent at 0. */
static double
get_log_loss (const AssayPrediction *prediction,
              const Said *truth)
{
  double score = CLAMP (truth->score, DBL_EPSILON, 1 - DBL_EPSILON);
  double sum = assay_prediction_get_clipped (prediction);

  return -log (score / (truth->sent ? sum : sum + score));
}

/* Σ (score − [label is the truth])² over the labels, those that were not sent at 0:
 * G. W. Brier, "Verification of forecasts expressed in terms of probability" (1950).  As
 * Σ score² + 1 − 2 × (score of the truth), which is the same and needs no other label's;
 * rounding may bring that below 0 by less than it is exact to. */
static double
get_brier (const AssayPrediction *prediction,
           const Said *truth)
{
  return MAX (assay_prediction_get_squares (prediction) + 1 - 2 * truth->score, 0);
}

static void
count_scores (AssayEvaluation *self,
              const AssayPrediction *prediction,
              const Said *truth,
              gboolean right,
              int sign)
{
  double score = assay_prediction_get_score (prediction, 0);
  Step *step = &self->steps[find_step (score)];
  Bin *bin;

  step->n += sign;
  step->n_right += right ? sign : 0;
  if (assay_prediction_get_scale (prediction) == ASSAY_SCALE_OTHER)
    {
      self->n_odd += sign;
      return;
    }
  bin = &self->bins[assay_evaluation_find_bin (score)];
  bin->n += sign;
  bin->n_right += right ? sign : 0;
  sum_add (&bin->scores, score, sign);
  sum_add (&self->log_loss, get_log_loss (prediction, truth), sign);
  sum_add (&self->brier, get_brier (prediction, truth), sign);
}

static void
count (AssayEvaluation *self,
       const char *truth,
       const AssayPrediction *prediction,
       int sign)
{
  guint is = find_place (self, truth);
  guint said = find_place (self, assay_prediction_get_label (prediction, 0));
  Said found = find_truth (prediction, truth);
  gboolean right = is == said;

  g_array_index (self->labels, Label, is).support += sign;
  g_array_index (self->labels, Label, said).predicted += sign;
  g_array_index (self->labels, Label, is).n_right += right ? sign : 0;
  self->n += sign;
  self->n_right += right ? sign : 0;
  count_cell (self, is, said, sign);
  if (found.sent)
    count_rank (self, found.rank, sign);
  count_scores (self, prediction, &found, right, sign);
}

/**
 * assay_evaluation_add:
 * @truth: what the image shows, as the model writes it
 * @prediction: (transfer none): what was said of it; one that can tell of @truth, see
 *   assay_prediction_can_tell(): it adds the same as it does untrimmed, to the last bit
 *
 * Takes one image in.  As long as the number of labels in the prediction.
 */
void
assay_evaluation_add (AssayEvaluation *self,
                      const char *truth,
                      const AssayPrediction *prediction)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (truth != NULL);
  g_return_if_fail (prediction != NULL);
  g_return_if_fail (assay_prediction_can_tell (prediction, truth));

  count (self, truth, prediction, 1);
}

/**
 * assay_evaluation_remove:
 * @truth: as it was when the image was added
 * @prediction: (transfer none): likewise, or trimmed since
 *
 * Takes one image out again, as if it had never been there.
 */
void
assay_evaluation_remove (AssayEvaluation *self,
                         const char *truth,
                         const AssayPrediction *prediction)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (truth != NULL);
  g_return_if_fail (prediction != NULL);
  g_return_if_fail (assay_prediction_can_tell (prediction, truth));
  g_return_if_fail (self->n > 0);

  count (self, truth, prediction, -1);
}

/* ---- figures ---- */

/**
 * assay_evaluation_get_n:
 *
 * Returns: images taken in
 */
guint64
assay_evaluation_get_n (AssayEvaluation *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

static AssayLabelFigures
get_label_figures (const Label *label)
{
  AssayLabelFigures figures = {
    .label = label->name,
    .support = label->support,
    .predicted = label->predicted,
    .n_right = label->n_right,
    .precision = assay_share (label->n_right, label->predicted),
    .recall = assay_share (label->n_right, label->support),
    .f1 = assay_f1 (label->n_right, label->support, label->predicted),
  };

  return figures;
}

static gboolean
is_seen (const Label *label)
{
  return label->support > 0 || label->predicted > 0;
}

static double
or_zero (double value)
{
  return isnan (value) ? 0 : value;
}

static void
add_average (AssayAverages *sum,
             const AssayLabelFigures *label,
             double weight)
{
  sum->precision += weight * or_zero (label->precision);
  sum->recall += weight * or_zero (label->recall);
  sum->f1 += weight * or_zero (label->f1);
}

static void
divide (AssayAverages *sum,
        double by)
{
  sum->precision /= by;
  sum->recall /= by;
  sum->f1 /= by;
}

/* Means over the labels that are the truth or the answer of some image, as
 * classification_report() has them; balanced accuracy is the mean recall of those
 * that are the truth of some.  They are added up in one order, whichever came first. */
static void
average_labels (AssayEvaluation *self,
                AssayFigures *figures)
{
  g_autoptr (GArray) labels = assay_evaluation_list_labels (self);
  guint n_supported = 0;
  double recalls = 0;
  double chance = 0, support_squares = 0, predicted_squares = 0;

  for (guint i = 0; i < labels->len; i++)
    {
      const AssayLabelFigures *label = &g_array_index (labels, AssayLabelFigures, i);

      n_supported += label->support > 0;
      recalls += or_zero (label->recall);
      add_average (&figures->macro, label, 1);
      add_average (&figures->weighted, label, label->support);
      chance += (double) label->support * label->predicted;
      support_squares += (double) label->support * label->support;
      predicted_squares += (double) label->predicted * label->predicted;
    }
  divide (&figures->macro, labels->len);
  divide (&figures->weighted, self->n);
  figures->balanced_accuracy = n_supported > 0 ? recalls / n_supported : NAN;
  figures->kappa = assay_kappa (self->n_right, self->n, chance);
  figures->mcc = assay_mcc (self->n_right, self->n, chance, support_squares, predicted_squares);
}

/* Σ (share of the images in the bin) × |accuracy − mean score|: C. Guo et al., "On
 * calibration of modern neural networks" (2017). */
static double
get_ece (AssayEvaluation *self)
{
  double sum = 0;

  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    {
      const Bin *bin = &self->bins[i];

      if (bin->n > 0)
        sum += fabs (bin->n_right - sum_get_mean (&bin->scores, 1));
    }
  return sum / self->n;
}

/**
 * assay_evaluation_get_figures:
 * @figures: (out caller-allocates): all of them
 *
 * accuracy: right / n, with Wilson's interval.  balanced_accuracy: the mean recall of
 * the labels that have images.  macro, weighted: means of the labels' precision, recall
 * and F1, each label counting alike, or as often as it has images; 0 of 0 counts as 0.
 * log_loss: the mean of −ln of the truth's share of the scores, in nats, as scikit-learn's
 * log_loss() has it, scores below ε = 2⁻⁵² taken as ε.  brier: the mean of the squared
 * distance from what would have been right, 0…2 where scores add up to 1 (for two labels
 * twice what scikit-learn's brier_score_loss() says).  A label that was not sent has a
 * score of 0 in both.  ece: expected calibration error, of the
 * highest score, 15 bins of equal width.  kappa: Cohen's.  mcc: Matthews' correlation.
 *
 * log_loss, brier and ece are NaN while a score lies outside 0…1, and everything is for
 * no images.  As long as the number of labels.
 */
void
assay_evaluation_get_figures (AssayEvaluation *self,
                              AssayFigures *figures)
{
  gboolean probabilities;

  g_return_if_fail (self != NULL);
  g_return_if_fail (figures != NULL);

  *figures = (AssayFigures) { .n = self->n, .n_right = self->n_right };
  probabilities = self->n > 0 && self->n_odd == 0;
  figures->accuracy = assay_wilson_interval (self->n_right, self->n);
  average_labels (self, figures);
  figures->log_loss = probabilities ? sum_get_mean (&self->log_loss, self->n) : NAN;
  figures->brier = probabilities ? sum_get_mean (&self->brier, self->n) : NAN;
  figures->ece = probabilities ? get_ece (self) : NAN;
}

/**
 * assay_evaluation_get_top_k:
 * @k: from 1
 *
 * Returns: the share of images whose truth is among the @k labels with the highest
 *   scores, equal ones in the order of their bytes; NaN for no images
 */
double
assay_evaluation_get_top_k (AssayEvaluation *self,
                            guint k)
{
  guint64 hits = 0;

  g_return_val_if_fail (self != NULL, NAN);

  for (guint rank = 0; rank < MIN (k, self->ranks->len); rank++)
    hits += g_array_index (self->ranks, guint64, rank);
  return assay_share (hits, self->n);
}

static int
compare_labels (gconstpointer a,
                gconstpointer b)
{
  return strcmp (((const AssayLabelFigures *) a)->label, ((const AssayLabelFigures *) b)->label);
}

/**
 * assay_evaluation_list_labels:
 *
 * Returns: (transfer full) (element-type AssayLabelFigures): of each label that is the
 *   truth or the answer of some image, in the order of their bytes
 */
GArray *
assay_evaluation_list_labels (AssayEvaluation *self)
{
  GArray *list;

  g_return_val_if_fail (self != NULL, NULL);

  list = g_array_new (FALSE, FALSE, sizeof (AssayLabelFigures));
  for (guint i = 0; i < self->labels->len; i++)
    {
      const Label *label = &g_array_index (self->labels, Label, i);
      AssayLabelFigures figures = get_label_figures (label);

      if (is_seen (label))
        g_array_append_val (list, figures);
    }
  g_array_sort (list, compare_labels);
  return list;
}

static guint64
count_wrong (const AssayLabelFigures *label)
{
  return label->support + label->predicted - 2 * label->n_right;
}

static int
compare_wrong (gconstpointer a,
               gconstpointer b)
{
  guint64 left = count_wrong (a);
  guint64 right = count_wrong (b);

  if (left != right)
    return left < right ? 1 : -1;
  return compare_labels (a, b);
}

/**
 * assay_evaluation_list_confused:
 * @n: how many at most
 *
 * Returns: (transfer full) (element-type AssayLabelFigures): the labels that take part
 *   in the most mistakes, as truth or as answer, those first
 */
GArray *
assay_evaluation_list_confused (AssayEvaluation *self,
                                guint n)
{
  GArray *list;

  g_return_val_if_fail (self != NULL, NULL);

  list = assay_evaluation_list_labels (self);
  g_array_sort (list, compare_wrong);
  if (list->len > n)
    g_array_set_size (list, n);
  return list;
}

static int
compare_confusions (gconstpointer a,
                    gconstpointer b)
{
  const AssayConfusion *left = a;
  const AssayConfusion *right = b;
  int order;

  if (left->n != right->n)
    return left->n < right->n ? 1 : -1;
  order = strcmp (left->truth, right->truth);
  return order != 0 ? order : strcmp (left->answer, right->answer);
}

/**
 * assay_evaluation_list_confusions:
 * @n: how many at most
 *
 * Returns: (transfer full) (element-type AssayConfusion): which label was called which
 *   other, the most frequent first, then by their bytes
 */
GArray *
assay_evaluation_list_confusions (AssayEvaluation *self,
                                  guint n)
{
  GArray *list;
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (self != NULL, NULL);

  list = g_array_new (FALSE, FALSE, sizeof (AssayConfusion));
  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Cell *cell = value;
      guint is = cell->key >> 32;
      guint said = cell->key & G_MAXUINT32;
      AssayConfusion confusion = {
        .truth = g_array_index (self->labels, Label, is).name,
        .answer = g_array_index (self->labels, Label, said).name,
        .n = cell->n,
      };

      if (is != said && cell->n > 0)
        g_array_append_val (list, confusion);
    }
  g_array_sort (list, compare_confusions);
  if (list->len > n)
    g_array_set_size (list, n);
  return list;
}

/**
 * assay_evaluation_get_count:
 * @truth: a label
 * @answer: a label
 *
 * Returns: the images of @truth that were called @answer
 */
guint64
assay_evaluation_get_count (AssayEvaluation *self,
                            const char *truth,
                            const char *answer)
{
  guint is, said;
  gint64 key;
  const Cell *cell;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (truth != NULL && answer != NULL, 0);

  is = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, truth));
  said = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, answer));
  if (is == 0 || said == 0)
    return 0;
  key = (gint64) (is - 1) << 32 | (said - 1);
  cell = g_hash_table_lookup (self->cells, &key);
  return cell != NULL ? cell->n : 0;
}

/**
 * assay_evaluation_dup_matrix:
 * @labels: (array length=n): in the order wanted, each once
 * @n: how many
 *
 * The confusion matrix over @labels, with all others together as the last row and
 * column, so that no mistake is hidden; scikit-learn's layout.
 *
 * Returns: (transfer full): (n + 1)² counts, row by row: rows are truths, columns
 *   answers; to be freed with g_free()
 */
guint64 *
assay_evaluation_dup_matrix (AssayEvaluation *self,
                             const char *const *labels,
                             guint n)
{
  g_autofree guint *columns = NULL;
  guint64 *matrix;
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (labels != NULL || n == 0, NULL);

  matrix = g_new0 (guint64, (gsize) (n + 1) * (n + 1));
  columns = g_new (guint, self->labels->len + 1);
  for (guint i = 0; i < self->labels->len; i++)
    columns[i] = n;
  for (guint i = 0; i < n; i++)
    {
      guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, labels[i]));

      if (place > 0)
        columns[place - 1] = i;
    }
  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Cell *cell = value;

      matrix[(gsize) columns[cell->key >> 32] * (n + 1) + columns[cell->key & G_MAXUINT32]] +=
        cell->n;
    }
  return matrix;
}

/**
 * assay_evaluation_get_reliability:
 * @bins: (out caller-allocates): by the highest score, ((m − 1)/15, m/15]
 *
 * How often the answer was right, by how high its score was.
 */
void
assay_evaluation_get_reliability (AssayEvaluation *self,
                                  AssayReliability bins[ASSAY_EVALUATION_BINS])
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    {
      const Bin *bin = &self->bins[i];

      bins[i] = (AssayReliability) { bin->n, bin->n_right, sum_get_mean (&bin->scores, bin->n) };
    }
}

static void
set_coverage (AssayEvaluation *self,
              guint step,
              guint64 n,
              guint64 n_right,
              AssayCoverage *coverage)
{
  coverage->threshold = step / (double) STEPS;
  coverage->n = n;
  coverage->n_right = n_right;
  coverage->coverage = assay_share (n, self->n);
  coverage->accuracy = assay_share (n_right, n);
}

/**
 * assay_evaluation_get_coverage:
 * @threshold: 0…1, brought to the nearest hundredth of a percent, at which it is exact
 * @coverage: (out caller-allocates): what is left if answers with a lower score are not
 *   believed; at 0 that is everything
 */
void
assay_evaluation_get_coverage (AssayEvaluation *self,
                               double threshold,
                               AssayCoverage *coverage)
{
  guint first;
  guint64 n = 0, n_right = 0;

  g_return_if_fail (self != NULL);
  g_return_if_fail (!isnan (threshold));
  g_return_if_fail (coverage != NULL);

  first = (guint) lround (CLAMP (threshold, 0, 1) * STEPS);
  for (guint step = first; step <= STEPS; step++)
    {
      n += self->steps[step].n;
      n_right += self->steps[step].n_right;
    }
  set_coverage (self, first, n, n_right, coverage);
}

/**
 * assay_evaluation_find_threshold:
 * @accuracy: the share of right answers that is wished for, 0…1
 * @coverage: (out caller-allocates): at the lowest threshold that reaches it, of those
 *   that leave an image; a higher one may well fall short of it again
 *
 * Returns: whether any does
 */
gboolean
assay_evaluation_find_threshold (AssayEvaluation *self,
                                 double accuracy,
                                 AssayCoverage *coverage)
{
  guint64 n = 0, n_right = 0;
  gboolean found = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (coverage != NULL, FALSE);

  for (int step = STEPS; step >= 0; step--)
    {
      n += self->steps[step].n;
      n_right += self->steps[step].n_right;
      /* Divided, not multiplied: 55 of 100 is what is written 0.55, but less than 0.55
       * times 100 in doubles.  Of no images it is NaN, which reaches nothing. */
      if (!(assay_share (n_right, n) >= accuracy))
        continue;
      set_coverage (self, step, n, n_right, coverage);
      found = TRUE;
    }
  return found;
}
