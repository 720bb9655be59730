/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An answer of any shape: a prediction for each picture or a reason, whatever the
 * connection says of labels and scores. */

#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-shapes.h"
#include "fuzz.h"

#define PICTURES 3

static void
check_prediction (const AssayPrediction *prediction)
{
  guint n = assay_prediction_get_n (prediction);

  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, ASSAY_LIMIT_LABELS);
  for (guint rank = 0; rank < n; rank++)
    {
      const char *label = assay_prediction_get_label (prediction, rank);
      double score = assay_prediction_get_score (prediction, rank);

      g_assert_true (isfinite (score));
      g_assert_true (g_utf8_validate (label, -1, NULL));
      g_assert_cmpuint (strlen (label), <=, ASSAY_LIMIT_LABEL_BYTES);
      g_assert_true (rank == 0 || assay_prediction_get_score (prediction, rank - 1) >= score);
    }
}

static void
check_answer (JsonNode *root,
              const AssayProfile *profile,
              guint n_pictures)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) predictions = assay_shapes_read (root, profile, NULL, n_pictures, &error);

  if (predictions == NULL)
    {
      fuzz_check_error (error);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (predictions->len, ==, n_pictures);
  for (guint i = 0; i < predictions->len; i++)
    check_prediction (predictions->pdata[i]);
}

static void
check_one (JsonNode *root,
           const AssayProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPrediction) prediction = assay_shapes_read_one (root, profile, NULL, &error);

  if (prediction != NULL)
    check_prediction (prediction);
  else
    fuzz_check_error (error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = assay_json_parse ((const char *) data, size, &error);
  g_autoptr (AssayProfile) plain = assay_profile_new (NULL, NULL);
  g_autoptr (AssayProfile) told = assay_profile_new (NULL, NULL);

  if (root == NULL)
    {
      fuzz_check_error (error);
      return 0;
    }
  told->labels = g_strsplit ("daisy rose tulip", " ", -1);
  told->percent = told->softmax = TRUE;
  check_answer (root, plain, 1);
  check_answer (root, plain, PICTURES);
  check_answer (root, told, 1);
  check_answer (root, told, PICTURES);
  check_one (root, told);
  return 0;
}
