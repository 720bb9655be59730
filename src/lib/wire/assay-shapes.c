/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which part of an answer is of which picture, for services whose answers are known by their
 * shape alone (protocols.md, C3).  What it says of one stands in assay-shapes-picture.c.
 *
 *   {"predictions": [one, another, …]}, also "outputs", "results", "result" and their like,
 *     inside each other too; or that list without a name
 *   {"outputs": {"probabilities": [[…], […]], "classes": [["rose", …], […]]}}: columns, of
 *     which each has an element for each picture
 *   {"outputs": [{"name": "scores", "shape": [2, 3], "data": […]}, …]}: tensors of the Open
 *     Inference Protocol (assay-shapes-tensor.c)
 *
 * Where one picture was asked about, its part may stand there without a list around it. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-json-need.h"
#include "assay-scores.h"
#include "assay-shapes-private.h"

/* What the root of an answer is called in errors: it is what a person reads there. */
#define ROOT "answer"

/* Where the answers begin; @place follows. */
static JsonNode *
descend (JsonNode *root,
         char **place)
{
  JsonNode *node = root;
  JsonNode *inner = root;
  const char *name;

  while (inner != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);

      /* What stands beside the scores says less than they do. */
      inner = assay_shapes_find_scores (object, &name) == NULL
                ? assay_shapes_find_whole (object, &name) : NULL;
      if (inner == NULL)
        continue;
      g_free (*place);
      *place = g_strdup (name);
      node = inner;
    }
  return node;
}

/* Whether a column has an element for each picture, which says something of several labels. */
static gboolean
is_batched (JsonNode *node,
            guint n_pictures)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  return array != NULL && n_pictures > 0 && json_array_get_length (array) == n_pictures
         && JSON_NODE_HOLDS_ARRAY (json_array_get_element (array, 0));
}

static gboolean
are_columns (JsonNode *node,
             guint n_pictures)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *column;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &column))
    if (is_batched (column, n_pictures))
      return TRUE;
  return FALSE;
}

/* What the columns say of one picture; what has no element for each is of all. */
static JsonNode *
slice_columns (JsonObject *columns,
               guint n_pictures,
               guint picture)
{
  g_autoptr (JsonObject) slice = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObjectIter iter;
  const char *name;
  JsonNode *column;

  json_object_iter_init_ordered (&iter, columns);
  while (json_object_iter_next_ordered (&iter, &name, &column))
    {
      JsonArray *array = JSON_NODE_HOLDS_ARRAY (column) ? json_node_get_array (column) : NULL;

      if (array != NULL && json_array_get_length (array) == n_pictures)
        column = json_array_get_element (array, picture);
      json_object_set_member (slice, name, json_node_copy (column));
    }
  json_node_set_object (node, slice);
  return node;
}

static AssayPrediction *
read_columns (const AssayShapesNeed *need,
              JsonObject *columns,
              const char *place,
              guint n_pictures,
              guint picture,
              GError **error)
{
  g_autoptr (JsonNode) slice = slice_columns (columns, n_pictures, picture);

  return assay_shapes_read_picture (need, slice, place, error);
}

/* @node has passed check_count(). */
static AssayPrediction *
read_nth (const AssayShapesNeed *need,
          JsonNode *node,
          const char *place,
          guint n_pictures,
          guint picture,
          GError **error)
{
  g_autofree char *at = NULL;
  JsonArray *array;

  if (are_columns (node, n_pictures))
    return read_columns (need, json_node_get_object (node), place, n_pictures, picture, error);
  if (n_pictures == 1)
    return assay_shapes_read_picture (need, node, place, error);
  array = json_node_get_array (node);
  at = g_strdup_printf ("%s[%u]", place, picture);
  return assay_shapes_read_picture (need, json_array_get_element (array, picture), at, error);
}

static gboolean
check_count (JsonNode *node,
             const char *place,
             guint n_pictures,
             GError **error)
{
  if (n_pictures == 1 || are_columns (node, n_pictures))
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return assay_json_bad (error, _("%s is of one picture, and %u were sent"), place, n_pictures);
  if (json_array_get_length (json_node_get_array (node)) != n_pictures)
    return assay_json_bad (error, _("%s holds %u answers, and %u pictures were sent"), place,
                           json_array_get_length (json_node_get_array (node)), n_pictures);
  return TRUE;
}

/**
 * assay_shapes_read:
 * @root: an answer
 * @profile: what the connection says of labels and scores
 * @labels: (nullable) (array zero-terminated=1): as the service says, in the order of scores
 *   that come without
 * @n_pictures: that were sent, at least 1
 * @error: %ASSAY_ERROR_BAD_ANSWER, says what was found where
 *
 * Reads whatever shape of protocols.md, C3, the answer has.  Any thread.
 *
 * Returns: (transfer full) (nullable) (element-type AssayPrediction): one for each picture,
 *   in their order
 */
GPtrArray *
assay_shapes_read (JsonNode *root,
                   const AssayProfile *profile,
                   char *const *labels,
                   guint n_pictures,
                   GError **error)
{
  g_autofree char *place = g_strdup (ROOT);
  GDestroyNotify destroy = (GDestroyNotify) assay_prediction_unref;
  g_autoptr (GPtrArray) predictions = g_ptr_array_new_with_free_func (destroy);
  AssayShapesNeed need = { .profile = profile };
  JsonNode *node;

  g_return_val_if_fail (root != NULL, NULL);
  g_return_val_if_fail (profile != NULL, NULL);
  g_return_val_if_fail (n_pictures > 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  need.labels = assay_scores_choose_labels (profile, labels);
  node = descend (root, &place);
  if (assay_shapes_are_tensors (node))
    return assay_shapes_read_tensors (&need, json_node_get_array (node), place, n_pictures, error);
  if (!check_count (node, place, n_pictures, error))
    return NULL;
  for (guint i = 0; i < n_pictures; i++)
    {
      AssayPrediction *prediction = read_nth (&need, node, place, n_pictures, i, error);

      if (prediction == NULL)
        return NULL;
      g_ptr_array_add (predictions, prediction);
    }
  return g_steal_pointer (&predictions);
}

/**
 * assay_shapes_read_one:
 * @node: the part of an answer that is of one picture
 * @profile: what the connection says of labels and scores
 * @labels: (nullable) (array zero-terminated=1): as the service says
 * @error: %ASSAY_ERROR_BAD_ANSWER, says what was found where
 *
 * As assay_shapes_read(), for an answer that has been taken apart already.
 *
 * Returns: (transfer full) (nullable): the prediction
 */
AssayPrediction *
assay_shapes_read_one (JsonNode *node,
                       const AssayProfile *profile,
                       char *const *labels,
                       GError **error)
{
  g_autoptr (GPtrArray) predictions = assay_shapes_read (node, profile, labels, 1, error);

  return predictions != NULL ? g_ptr_array_steal_index (predictions, 0) : NULL;
}
