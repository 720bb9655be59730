/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers and lists of models, of a service that may say anything: an outcome for
 * each picture, and what was read is written and read back the same. */

#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-protocol-mlf.h"
#include "fuzz.h"

#define PICTURES 3

static const char *const names[] = { "a.jpg", "b.jpg", "b.jpg", NULL };

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
check_outcome (const AssayOutcome *outcome,
               GBytes *body)
{
  GBytes *raw = assay_outcome_get_raw (outcome);
  gsize length = g_bytes_get_size (raw);

  g_assert_true ((assay_outcome_get_prediction (outcome) == NULL)
                 != (assay_outcome_get_error (outcome) == NULL));
  g_assert_cmpuint (length, ==, MIN (g_bytes_get_size (body), ASSAY_LIMIT_RAW_BYTES));
  g_assert_true (length == 0
                 || memcmp (g_bytes_get_data (raw, NULL), g_bytes_get_data (body, NULL), length) == 0);
  if (assay_outcome_get_prediction (outcome) != NULL)
    check_prediction (assay_outcome_get_prediction (outcome));
  else
    fuzz_check_error (assay_outcome_get_error (outcome));
}

static GPtrArray *
read_pictures (const AssayReply *reply,
               guint n)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  AssayPayload *payloads[PICTURES];
  const AssayQuery query = { .payloads = payloads, .n_payloads = n };
  GPtrArray *outcomes;

  for (guint i = 0; i < n; i++)
    payloads[i] = assay_payload_new_bytes (names[i], "image/jpeg", bytes);
  outcomes = assay_protocol_mlf.read_classify (&query, reply);
  for (guint i = 0; i < n; i++)
    assay_payload_unref (payloads[i]);
  return outcomes;
}

/* What our own service would have sent gives the same scores in the same order. */
static void
check_same_again (AssayPrediction *prediction)
{
  AssayMlfResult result = { "a.jpg", prediction };
  char *text = assay_mlf_format_answer ("1", &result, 1, 0);
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));
  g_autoptr (AssayReply) reply = assay_reply_new (200, "OK", "application/json", NULL, body);
  g_autoptr (GPtrArray) outcomes = NULL;
  const AssayPrediction *again;

  /* Written out, the longest of them would exceed what an answer may have. */
  if (strlen (text) > ASSAY_LIMIT_ANSWER_BYTES)
    return;
  outcomes = read_pictures (reply, 1);
  again = assay_outcome_get_prediction (outcomes->pdata[0]);
  g_assert_nonnull (again);
  g_assert_cmpuint (assay_prediction_get_n (again), ==, assay_prediction_get_n (prediction));
  for (guint rank = 0; rank < assay_prediction_get_n (again); rank++)
    {
      g_assert_cmpstr (assay_prediction_get_label (again, rank), ==,
                       assay_prediction_get_label (prediction, rank));
      g_assert_true (assay_prediction_get_score (again, rank)
                     == assay_prediction_get_score (prediction, rank));
    }
}

static void
check_answer (const AssayReply *reply)
{
  g_autoptr (GPtrArray) one = read_pictures (reply, 1);
  g_autoptr (GPtrArray) several = read_pictures (reply, PICTURES);
  g_autoptr (GPtrArray) members = assay_protocol_mlf.read_archive (reply, names, PICTURES);

  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpuint (several->len, ==, PICTURES);
  g_assert_cmpuint (members->len, ==, PICTURES);
  check_outcome (one->pdata[0], reply->body);
  for (guint i = 0; i < PICTURES; i++)
    {
      check_outcome (several->pdata[i], reply->body);
      check_outcome (members->pdata[i], reply->body);
    }
  if (assay_outcome_get_prediction (one->pdata[0]) != NULL)
    check_same_again (assay_outcome_get_prediction (one->pdata[0]));
}

static GPtrArray *
read_list (const char *models,
           const char *deployments)
{
  g_autoptr (GBytes) first = g_bytes_new (models, strlen (models));
  g_autoptr (GBytes) second = g_bytes_new (deployments, strlen (deployments));
  g_autoptr (AssayReply) list = assay_reply_new (200, "OK", "application/json", NULL, first);
  g_autoptr (AssayReply) states = assay_reply_new (200, "OK", "application/json", NULL, second);
  AssayReply *replies[] = { list, states };

  return assay_protocol_mlf.read_list (NULL, replies, 2, NULL);
}

/* What a list says of the versions that have ever been deployed comes back; others
 * come back too, but nothing of their state. */
static void
check_same_list (GPtrArray *versions)
{
  AssayModelVersion *const *all = (AssayModelVersion *const *) versions->pdata;
  g_autofree char *models = assay_mlf_format_models (all, versions->len, NULL);
  g_autofree char *deployments = assay_mlf_format_deployments (all, versions->len);
  g_autoptr (GPtrArray) again = read_list (models, deployments);

  g_assert_nonnull (again);
  g_assert_cmpuint (again->len, ==, versions->len);
  for (guint i = 0; i < again->len; i++)
    {
      const AssayModelVersion *version = again->pdata[i];

      g_assert_cmpstr (version->model, ==, all[i]->model);
      g_assert_cmpstr (version->version, ==, all[i]->version);
      g_assert_cmpstr (version->state, ==, all[i]->state);
      g_assert_cmpint (version->callable, ==, all[i]->callable);
    }
}

/* The same document for both lists: it may hold both. */
static void
check_list (AssayReply *reply,
            guint second_status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayReply) second = assay_reply_new (second_status, "", NULL, NULL, reply->body);
  AssayReply *replies[] = { reply, second };
  g_autoptr (GPtrArray) versions = assay_protocol_mlf.read_list (NULL, replies, 2, &error);

  if (versions == NULL)
    {
      fuzz_check_error (error);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (versions->len, <=, ASSAY_LIMIT_MODELS);
  for (guint i = 0; i < versions->len; i++)
    {
      const AssayModelVersion *version = versions->pdata[i];

      g_assert_true (*version->model != '\0' && *version->version != '\0');
      g_assert_nonnull (version->state);
    }
  if (second_status == 200)
    check_same_list (versions);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  g_autoptr (AssayReply) reply = assay_reply_new (200, "OK", "application/json", NULL, body);

  check_answer (reply);
  check_list (reply, 200);
  check_list (reply, 404);
  return 0;
}
