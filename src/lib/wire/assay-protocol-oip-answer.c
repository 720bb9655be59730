/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the outputs of an inference say of each picture:
 *
 *   FP32 [n, classes]               scores
 *   the same, and BYTES [n, k]      scores, and whose they are
 *   BYTES [n, k]                    "score:class" or "score:class:label", of Triton's
 *                                   classification extension; a label may hold colons
 *   BYTES [n, 1]                    JSON: [{"label", "score"}, …], of MLServer's Hugging
 *                                   Face runtime
 *
 * Sources: Triton, extension_classification.md; MLServer, mlserver_huggingface/codecs
 * (protocols.md, B1). */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-oip-private.h"
#include "assay-protocol-oip-private.h"
#include "assay-scores.h"
#include "assay-shapes.h"

/* The outputs that matter, of all pictures. */
typedef struct {
  const AssayQuery *query;
  guint each;                /* values of one picture */
  double *scores;            /* (nullable): each for all pictures */
  GPtrArray *texts;          /* (nullable) (element-type GBytes): likewise */
} Answer;

static void
answer_clear (Answer *self)
{
  g_free (self->scores);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static gboolean
is_score (const AssayOipTensor *tensor)
{
  return tensor->type == ASSAY_OIP_FP16 || tensor->type == ASSAY_OIP_FP32
         || tensor->type == ASSAY_OIP_FP64;
}

static const AssayOipTensor *
find_scores (const AssayOipMessage *message,
             const AssayOipPlan *plan)
{
  const AssayOipTensor *wanted =
    plan->output != NULL ? assay_oip_message_find (message, plan->output) : NULL;

  if (wanted != NULL && is_score (wanted))
    return wanted;
  for (guint i = 0; i < message->tensors->len; i++)
    if (is_score (message->tensors->pdata[i]))
      return message->tensors->pdata[i];
  return NULL;
}

/* Those that name @n_values scores, or any where there are none. */
static const AssayOipTensor *
find_texts (const AssayOipMessage *message,
            gsize n_values)
{
  for (guint i = 0; i < message->tensors->len; i++)
    {
      const AssayOipTensor *tensor = message->tensors->pdata[i];

      if (tensor->type == ASSAY_OIP_BYTES && (n_values == 0 || tensor->n_values == n_values))
        return tensor;
    }
  return NULL;
}

static gboolean
share_out (Answer *self,
           gsize n_values,
           const char *name,
           GError **error)
{
  guint n = self->query->n_payloads;

  if (n_values > 0 && n_values % n == 0)
    {
      self->each = (guint) (n_values / n);
      return TRUE;
    }
  return assay_json_bad (error, _("“%s” holds %u values for %u images"), name, (guint) n_values, n);
}

static gboolean
find_outputs (Answer *self,
              const AssayOipMessage *message,
              GError **error)
{
  const AssayOipTensor *scores = find_scores (message, self->query->info->own);
  const AssayOipTensor *texts = find_texts (message, scores != NULL ? scores->n_values : 0);

  if (scores == NULL && texts == NULL)
    return assay_json_bad (error, _("it has no output with scores, nor one with labels"));
  if (!share_out (self, (scores != NULL ? scores : texts)->n_values,
                  (scores != NULL ? scores : texts)->name, error))
    return FALSE;
  self->scores = scores != NULL ? assay_oip_tensor_dup_doubles (scores) : NULL;
  self->texts = texts != NULL ? assay_oip_tensor_dup_elements (texts) : NULL;
  return TRUE;
}

static char *
dup_text (GBytes *element)
{
  gsize size;
  const char *data = g_bytes_get_data (element, &size);

  return g_utf8_make_valid (data, (gssize) size);
}

/* ---- JSON within the answer ---- */

static gboolean
looks_like_json (GBytes *element)
{
  gsize size;
  const char *data = g_bytes_get_data (element, &size);

  return size > 0 && (*data == '[' || *data == '{');
}

/* One text for all labels of a picture, or one for each label. */
static AssayPrediction *
read_json (Answer *self,
           guint picture,
           GError **error)
{
  g_autoptr (GString) text = g_string_new (self->each > 1 ? "[" : "");
  g_autoptr (JsonNode) root = NULL;

  for (guint i = 0; i < self->each; i++)
    {
      gsize size;
      const char *data = g_bytes_get_data (self->texts->pdata[picture * self->each + i], &size);

      if (i > 0)
        g_string_append_c (text, ',');
      g_string_append_len (text, data, (gssize) size);
    }
  if (self->each > 1)
    g_string_append_c (text, ']');
  root = assay_json_parse (text->str, text->len, error);
  if (root == NULL)
    {
      g_prefix_error (error, "%s ", _("The answer of the service cannot be used."));
      return NULL;
    }
  return assay_shapes_read_one (root, self->query->profile, self->query->info->labels, error);
}

/* ---- "score:class:label" ---- */

/* The label has the rest of the text, colons and all. */
static gboolean
read_class (const char *text,
            double *score,
            char **label)
{
  char *end;
  guint64 index;

  *score = g_ascii_strtod (text, &end);
  if (end == text || *end != ':' || !g_ascii_isdigit (end[1]))
    return FALSE;
  text = end + 1;
  index = g_ascii_strtoull (text, &end, 10);
  if (index > G_MAXUINT || (*end != '\0' && *end != ':'))
    return FALSE;
  *label = *end == ':' && end[1] != '\0' ? g_strdup (end + 1)
                                         : assay_scores_dup_class ((guint) index);
  return TRUE;
}

/* They count before what anybody else says: they stand beside their scores. */
static AssayPrediction *
read_classes (Answer *self,
              guint picture,
              GError **error)
{
  g_autoptr (AssayProfile) profile = assay_profile_copy (self->query->profile);
  g_autofree double *scores = g_new (double, self->each);
  g_auto (GStrv) labels = g_new0 (char *, self->each + 1);

  for (guint i = 0; i < self->each; i++)
    {
      g_autofree char *text = dup_text (self->texts->pdata[picture * self->each + i]);

      if (!read_class (text, &scores[i], &labels[i]))
        {
          g_autofree char *shown = assay_display_text (text, -1, 60);

          assay_json_bad (error, _("“%s” is no score with its class"), shown);
          return NULL;
        }
    }
  g_clear_pointer (&profile->labels, g_strfreev);
  return assay_scores_predict (profile, labels, scores, self->each, error);
}

/* ---- scores ---- */

static AssayPrediction *
read_pairs (Answer *self,
            guint picture,
            GError **error)
{
  g_autoptr (AssayProfile) profile = assay_profile_copy (self->query->profile);
  g_auto (GStrv) labels = g_new0 (char *, self->each + 1);

  for (guint i = 0; i < self->each; i++)
    labels[i] = dup_text (self->texts->pdata[picture * self->each + i]);
  g_clear_pointer (&profile->labels, g_strfreev);
  return assay_scores_predict (profile, labels, self->scores + picture * self->each, self->each,
                               error);
}

static AssayPrediction *
read_picture (Answer *self,
              guint picture,
              GError **error)
{
  if (self->scores != NULL && self->texts != NULL)
    return read_pairs (self, picture, error);
  if (self->scores != NULL)
    return assay_scores_predict (self->query->profile, self->query->info->labels,
                                 self->scores + picture * self->each, self->each, error);
  if (looks_like_json (self->texts->pdata[picture * self->each]))
    return read_json (self, picture, error);
  return read_classes (self, picture, error);
}

/* What is no JSON at all, a web page above all, is told in the words of every protocol, and a
 * fault that came with a status of success in the service's. */
static AssayOipMessage *
read_message (GBytes *body,
              GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (JsonNode) root = NULL;
  AssayOipMessage *message = assay_oip_read_response (body, NULL, &fault);
  const char *words = NULL;

  if (message != NULL)
    return message;
  root = assay_json_need_root (body, error);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    words = assay_json_get_string (json_node_get_object (root), "error");
  if (words != NULL)
    {
      g_autofree char *shown = assay_display_text (words, -1, ASSAY_LIMIT_ERROR_CHARS);

      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED,
                   _("The service answered with a fault in place of predictions. It says: “%s”"),
                   shown);
    }
  else if (root != NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  return NULL;
}

/**
 * assay_oip_read_answer:
 * @query: what was asked
 * @body: a successful answer's
 * @error: %ASSAY_ERROR_BAD_ANSWER or %ASSAY_ERROR_TOO_LARGE, in a sentence
 *
 * Returns: (transfer full) (nullable) (element-type AssayPrediction): one for each picture
 */
GPtrArray *
assay_oip_read_answer (const AssayQuery *query,
                       GBytes *body,
                       GError **error)
{
  g_autoptr (AssayOipMessage) message = read_message (body, error);
  g_autoptr (GPtrArray) predictions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_prediction_unref);
  g_auto (Answer) answer = { .query = query };

  if (message == NULL || !find_outputs (&answer, message, error))
    return NULL;
  for (guint i = 0; i < query->n_payloads; i++)
    {
      AssayPrediction *prediction = read_picture (&answer, i, error);

      if (prediction == NULL)
        return NULL;
      g_ptr_array_add (predictions, prediction);
    }
  return g_steal_pointer (&predictions);
}
