/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers, and what they are of. */

#include "config.h"

#include <math.h>

#include "assay-error.h"
#include "assay-scores.h"

static char *const SERVICE[] = { (char *) "daisy", (char *) "rose", (char *) "tulip", NULL };
static char *const PERSON[] = { (char *) "Gänseblümchen", (char *) "Rose", (char *) "Tulpe", NULL };
static char *const SHORT[] = { (char *) "daisy", NULL };

typedef struct {
  const char *name;
  AssayProfile profile;
  char *const *labels;
  double scores[4];
  guint n;
  const char *best;           /* NULL: an error */
  double score;
} Case;

static const Case CASES[] = {
  { "as they are", { 0 }, SERVICE, { 0.1, 0.7, 0.2 }, 3, "rose", 0.7 },
  { "labels of a person", { .labels = (char **) PERSON }, SERVICE, { 0.1, 0.7, 0.2 }, 3, "Rose", 0.7 },
  { "no labels", { 0 }, NULL, { 0.1, 0.2, 0.7 }, 3, "class 2", 0.7 },
  { "percent", { .percent = TRUE }, SERVICE, { 10, 70, 20 }, 3, "rose", 0.7 },
  { "logits stay", { 0 }, SERVICE, { -3, 8, 1 }, 3, "rose", 8 },
 
  { "softmax", { .softmax = TRUE }, SERVICE, { -3, 8, 1 }, 3, "rose", 0.999072277801336 },
  { "softmax of much", { .softmax = TRUE }, SERVICE, { 1e30, -1e300, 0 }, 3, "daisy", 1 },
  { "softmax of the same", { .softmax = TRUE }, SERVICE, { 7, 7, 7 }, 3, "daisy", 1 / 3.0 },
  { "fewer labels", { 0 }, SHORT, { 0.1, 0.9 }, 2, NULL, 0 },
  { "fewer labels of a person", { .labels = (char **) SHORT }, NULL, { 0.1, 0.9 }, 2, NULL, 0 },
  { "more labels", { 0 }, SERVICE, { 0.1, 0.9 }, 2, NULL, 0 },
  { "nothing", { 0 }, NULL, { 0 }, 0, NULL, 0 },
  { "no number", { 0 }, SERVICE, { 0.1, NAN, 0.9 }, 3, NULL, 0 },
  { "no number, softmax", { .softmax = TRUE }, SERVICE, { 0.1, INFINITY, 0.9 }, 3, NULL, 0 },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      const Case *self = &CASES[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayPrediction) prediction =
        assay_scores_predict (&self->profile, self->labels, self->scores, self->n, &error);

      g_test_message ("%s", self->name);
      if (self->best == NULL)
        {
          g_assert_null (prediction);
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (assay_prediction_get_n (prediction), ==, self->n);
      g_assert_cmpstr (assay_prediction_get_label (prediction, 0), ==, self->best);
      g_assert_cmpfloat_with_epsilon (assay_prediction_get_score (prediction, 0), self->score, 1e-9);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scores/cases", test_cases);
  return g_test_run ();
}
