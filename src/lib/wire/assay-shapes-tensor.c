/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The outputs of the Open Inference Protocol in JSON, where a service that is known only by
 * its address answers so (protocols.md, B1 and C3, 9):
 *
 *   one of numbers: the scores
 *   one of numbers and one of texts: the scores and their labels
 *   one of texts "0.7:1:rose" or "0.7:1": score, number of the class, label
 *   one of texts that are JSON themselves
 *
 * Values may be nested or not; those of each picture are an equal part of them. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-scores.h"
#include "assay-shapes-private.h"

/* The values of one output. */
typedef struct {
  GPtrArray *nodes;          /* (element-type JsonNode), lent */
  char *place;
  gboolean text;
} Values;

static void
values_free (gpointer data)
{
  Values *self = data;

  g_ptr_array_unref (self->nodes);
  g_free (self->place);
  g_free (self);
}

/**
 * assay_shapes_are_tensors:
 *
 * Returns: whether @node is a list of outputs, each with its values
 */
gboolean
assay_shapes_are_tensors (JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *tensor = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (tensor)
          || assay_json_get_string (json_node_get_object (tensor), "datatype") == NULL
          || assay_json_get_array (json_node_get_object (tensor), "data") == NULL)
        return FALSE;
    }
  return n > 0;
}

/* The depth of JSON is bounded. */
static void
flatten (JsonArray *array,
         GPtrArray *nodes)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_ARRAY (node))
        flatten (json_node_get_array (node), nodes);
      else
        g_ptr_array_add (nodes, node);
    }
}

static Values *
read_values (JsonObject *tensor,
             const char *place,
             guint index)
{
  Values *self = g_new0 (Values, 1);

  self->nodes = g_ptr_array_new ();
  self->place = g_strdup_printf ("%s[%u].data", place, index);
  flatten (json_object_get_array_member (tensor, "data"), self->nodes);
  self->text = strcmp (json_object_get_string_member (tensor, "datatype"), "BYTES") == 0
               || (self->nodes->len > 0 && assay_shapes_is_string (self->nodes->pdata[0]));
  return self;
}

/* "0.7:1:rose": what stands behind the second colon is the label, colons and all. */
static gboolean
add_triple (const AssayShapesNeed *need,
            AssayPredictionBuilder *builder,
            const char *text,
            const char *place,
            GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  g_autofree char *label = NULL;
  char *end = parts[0];
  double score = parts[0] != NULL ? g_ascii_strtod (parts[0], &end) : 0;
  gint64 index;

  if (end == parts[0] || *end != '\0' || parts[1] == NULL
      || !g_ascii_string_to_signed (parts[1], 10, 0, G_MAXINT32, &index, NULL))
    return assay_json_bad (error, _("%s is not a score, the number of a class and a label"), place);
  label = parts[2] != NULL ? g_strdup (parts[2])
                           : assay_shapes_dup_label (need, index, place, error);
  return label != NULL && assay_shapes_add (need, builder, label, score, place, error);
}

/* JSON in a text, one of which may hold all, or each a label with its score. */
static AssayPrediction *
read_json_texts (const AssayShapesNeed *need,
                 const Values *values,
                 guint from,
                 guint n,
                 GError **error)
{
  g_autoptr (JsonNode) root = json_node_init_array (json_node_alloc (), NULL);
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = from; i < from + n; i++)
    {
      const char *text = json_node_get_string (values->nodes->pdata[i]);
      JsonNode *node = assay_json_parse (text, strlen (text), error);

      if (node == NULL)
        {
          g_prefix_error (error, "%s[%u]: ", values->place, i);
          return NULL;
        }
      json_array_add_element (array, node);
    }
  json_node_set_array (root, array);
  return assay_shapes_read_picture (need, root, values->place, error);
}

static AssayPrediction *
read_texts (const AssayShapesNeed *need,
            const Values *values,
            guint from,
            guint n,
            GError **error)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  const char *first = json_node_get_string (values->nodes->pdata[from]);

  if (*first == '[' || *first == '{')
    return read_json_texts (need, values, from, n, error);
  for (guint i = from; i < from + n; i++)
    {
      g_autofree char *at = g_strdup_printf ("%s[%u]", values->place, i);

      if (!add_triple (need, builder, json_node_get_string (values->nodes->pdata[i]), at, error))
        return NULL;
    }
  return assay_prediction_builder_end (g_steal_pointer (&builder));
}

/* @labels are as many, or NULL. */
static AssayPrediction *
read_scores (const AssayShapesNeed *need,
             const Values *scores,
             const Values *labels,
             guint from,
             guint n,
             GError **error)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  g_autofree double *numbers = g_new (double, n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *at = g_strdup_printf ("%s[%u]", scores->place, from + i);

      if (!assay_json_get_double (scores->nodes->pdata[from + i], &numbers[i]))
        {
          assay_json_bad (error, _("%s is not a finite number"), at);
          return NULL;
        }
      if (labels != NULL
          && !assay_shapes_add (need, builder,
                                json_node_get_string (labels->nodes->pdata[from + i]), numbers[i],
                                at, error))
        return NULL;
    }
  if (labels == NULL)
    return assay_scores_predict (need->profile, need->labels, numbers, n, error);
  return assay_prediction_builder_end (g_steal_pointer (&builder));
}

static gboolean
check_values (const Values *self,
              guint n_pictures,
              GError **error)
{
  if (self->nodes->len == 0)
    return assay_json_bad (error, _("%s is empty"), self->place);
  if (self->nodes->len % n_pictures != 0)
    return assay_json_bad (error, _("%s holds %u values, and %u pictures were sent"), self->place,
                           self->nodes->len, n_pictures);
  for (guint i = 0; self->text && i < self->nodes->len; i++)
    if (!assay_shapes_is_string (self->nodes->pdata[i]))
      return assay_json_bad (error, _("%s[%u] is not %s"), self->place, i, _("a text"));
  return TRUE;
}

/* One of numbers, one of texts, or one of each that has as many. */
static gboolean
choose_values (GPtrArray *all,
               const char *place,
               const Values **numbers,
               const Values **texts,
               GError **error)
{
  *numbers = *texts = NULL;
  for (guint i = 0; i < all->len; i++)
    {
      const Values *values = all->pdata[i];
      const Values **slot = values->text ? texts : numbers;

      if (*slot != NULL)
        return assay_json_bad (error, _("%s holds %u outputs, and which has the scores can't be "
                                        "told"), place, all->len);
      *slot = values;
    }
  if (*numbers != NULL && *texts != NULL && (*numbers)->nodes->len != (*texts)->nodes->len)
    *texts = NULL;
  return TRUE;
}

/**
 * assay_shapes_read_tensors:
 * @need: what the answer is of
 * @tensors: what assay_shapes_are_tensors() is true of
 * @place: what @tensors is called in errors
 * @n_pictures: that were sent
 * @error: %ASSAY_ERROR_BAD_ANSWER, says what was found there
 *
 * Returns: (transfer full) (nullable) (element-type AssayPrediction): one for each picture
 */
GPtrArray *
assay_shapes_read_tensors (const AssayShapesNeed *need,
                           JsonArray *tensors,
                           const char *place,
                           guint n_pictures,
                           GError **error)
{
  GDestroyNotify destroy = (GDestroyNotify) assay_prediction_unref;
  g_autoptr (GPtrArray) predictions = g_ptr_array_new_with_free_func (destroy);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (values_free);
  const Values *numbers;
  const Values *texts;
  guint n;

  for (guint i = 0; i < json_array_get_length (tensors); i++)
    {
      Values *values = read_values (json_array_get_object_element (tensors, i), place, i);

      g_ptr_array_add (all, values);
      if (!check_values (values, n_pictures, error))
        return NULL;
    }
  if (!choose_values (all, place, &numbers, &texts, error))
    return NULL;
  n = (numbers != NULL ? numbers : texts)->nodes->len / n_pictures;
  for (guint i = 0; i < n_pictures; i++)
    {
      AssayPrediction *prediction = numbers != NULL
                                      ? read_scores (need, numbers, texts, i * n, n, error)
                                      : read_texts (need, texts, i * n, n, error);

      if (prediction == NULL)
        return NULL;
      g_ptr_array_add (predictions, prediction);
    }
  return g_steal_pointer (&predictions);
}
