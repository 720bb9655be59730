/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers, descriptions and lists of KServe, TensorFlow Serving and SAP AI Core, and questions
 * in a form that somebody has written: an outcome for each picture, and whatever has been
 * described can be asked or is refused in a sentence. */

#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-protocol-kserve.h"
#include "fuzz.h"

#define PICTURES 3
#define SIDE 4

static const AssayProtocol *const protocol = &assay_protocol_kserve;

static const AssayProfile profiles[] = {
  { .url = (char *) "https://h.example" },
  { .url = (char *) "https://h.example/v1/models/m" },
  { .url = (char *) "https://h.example", .models_url = (char *) "https://h.example/v2/lm" },
};

static void
check_outcome (const AssayOutcome *outcome)
{
  const AssayPrediction *prediction = assay_outcome_get_prediction (outcome);

  g_assert_true ((prediction == NULL) != (assay_outcome_get_error (outcome) == NULL));
  if (prediction == NULL)
    {
      fuzz_check_error (assay_outcome_get_error (outcome));
      return;
    }
  for (guint rank = 0; rank < assay_prediction_get_n (prediction); rank++)
    g_assert_true (isfinite (assay_prediction_get_score (prediction, rank)));
}

static void
check_answer (const AssayReply *reply)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (AssayPayload) payload = assay_payload_new_bytes ("a.jpg", "image/jpeg", bytes);
  AssayPayload *payloads[PICTURES] = { payload, payload, payload };

  for (guint n = 1; n <= PICTURES; n += PICTURES - 1)
    {
      const AssayQuery query = { .profile = &profiles[0], .model = "m", .payloads = payloads,
                                 .n_payloads = n };
      g_autoptr (GPtrArray) outcomes = protocol->read_classify (&query, reply);

      g_assert_cmpuint (outcomes->len, ==, n);
      for (guint i = 0; i < n; i++)
        check_outcome (outcomes->pdata[i]);
    }
}

static AssayPayload *
make_pixels (AssayPayload *picture,
             AssayPixelNeed *need,
             const char *preprocess,
             GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize n;

  need->channels = need->channels != 0 ? need->channels : 3;
  need->width = need->width != 0 && need->width <= SIDE ? need->width : SIDE;
  need->height = need->height != 0 && need->height <= SIDE ? need->height : SIDE;
  n = (gsize) need->channels * need->width * need->height
      * (need->type == ASSAY_PIXELS_UINT8 ? 1 : sizeof (float));
  bytes = g_bytes_new_take (g_malloc0 (n), n);
  return assay_payload_new_bytes ("a", "application/octet-stream", bytes);
}

/* What is sent is JSON of the length that was told. */
static void
check_body (const AssayBody *body)
{
  g_autoptr (GOutputStream) all = g_memory_output_stream_new_resizable ();
  g_autoptr (JsonNode) root = NULL;
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (all);

  for (guint i = 0; i < assay_body_get_n_parts (body); i++)
    {
      g_autoptr (GInputStream) part = assay_body_open_part (body, i, NULL, NULL);

      g_output_stream_splice (all, part, G_OUTPUT_STREAM_SPLICE_NONE, NULL, NULL);
    }
  g_assert_cmpuint (g_memory_output_stream_get_data_size (memory), ==, assay_body_get_length (body));
  root = assay_json_parse (g_memory_output_stream_get_data (memory), assay_body_get_length (body), NULL);
  g_assert_nonnull (root);
}

static void
check_question (const AssayProfile *profile,
                const AssayModelInfo *info)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (AssayPayload) payload = assay_payload_new_bytes ("a.jpg", "image/jpeg", bytes);
  const AssayQuery query = { .profile = profile, .info = info, .model = "m", .version = "1",
                             .payloads = &payload, .n_payloads = 1, .pixels = make_pixels };
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRequest) request = protocol->classify (&query, &error);

  if (request == NULL)
    fuzz_check_error (error);
  else
    check_body (request->body);
}

static void
check_description (const AssayProfile *profile,
                   AssayReply *reply,
                   guint n_replies)
{
  AssayReply *replies[] = { reply, reply };
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayModelInfo) info = protocol->read_describe (profile, replies, n_replies, &error);

  if (info == NULL)
    fuzz_check_error (error);
  else
    check_question (profile, info);
}

static void
check_list (const AssayProfile *profile,
            AssayReply *reply)
{
  AssayReply *replies[] = { reply };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) versions = protocol->read_list (profile, replies, 1, &error);
  g_autoptr (AssayDiscovered) found = protocol->read_probe (profile, replies, 1);

  if (versions == NULL)
    fuzz_check_error (error);
  for (guint i = 0; versions != NULL && i < versions->len; i++)
    {
      const AssayModelVersion *version = versions->pdata[i];

      g_assert_true (*version->model != '\0' && version->version != NULL && version->state != NULL);
    }
  g_assert_true (found == NULL || (found->service != NULL && found->profile->url != NULL));
}

/* The form of a question, and an address, as people write them. */
static void
check_words (const uint8_t *data,
             size_t size)
{
  g_autofree char *words = g_strndup ((const char *) data, MIN (size, ASSAY_LIMIT_HEADER_BYTES));
  g_autofree char *valid = g_utf8_make_valid (words, -1);
  g_autofree char *url = g_strconcat ("https://h.example/v1/models/", words, NULL);
  const AssayProfile form = { .url = (char *) "https://h.example", .body = valid };
  const AssayProfile place = { .url = url };

  if (*valid != '\0')
    check_question (&form, NULL);
  check_question (&place, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  g_autoptr (AssayReply) reply = assay_reply_new (200, "OK", "application/json", NULL, body);

  check_answer (reply);
  check_description (&profiles[0], reply, 1);
  check_description (&profiles[2], reply, 2);
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    check_list (&profiles[i], reply);
  check_words (data, size);
  return 0;
}
