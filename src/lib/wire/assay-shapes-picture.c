/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What an answer says of one picture; assay-shapes.c finds it there.  In the order in which
 * it is tried, with the number that protocols.md, C3, gives to the shape:
 *
 *   [0.1, 0.7, 0.2]                                                         6
 *   [["rose", 0.7], ["tulip", 0.2]]                                         8
 *   [{"label": "rose", "score": 0.7}, …], also {"tagName", "probability"},
 *     {"class", "confidence"} and their like                                1, 2, 4, 10
 *   [{"rose": 0.7}, {"tulip": 0.2}]                                         3
 *   {"displayNames": ["rose", …], "confidences": [0.7, …]}, also
 *     {"classes", "probabilities"} and {"labels", "scores"}; without the
 *     former, or where that is one label, the latter are numbers alone      5, 7
 *   {"name": "a.jpg", "results": …}: any of these inside another member     1
 *   {"label": "rose", "score": 0.7}                                         10
 *   {"rose": 0.7, "tulip": 0.2}                                             3
 *   {"dense_1": [0.1, 0.7, 0.2]}                                            6
 *
 * 0…100 (11) is not told by what the scores are: the connection says it. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-display.h"
#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-scores.h"
#include "assay-shapes-private.h"

#define NAMES_SHOWN 4
#define NAME_CHARS 40

static const char *const label_names[] = { "label", "class", "className", "class_name", "tagName",
                                           "displayName", "name", "category", "tag", "class_id",
                                           "tagId", NULL };
static const char *const score_names[] = { "score", "probability", "confidence", "prob", NULL };
static const char *const labels_names[] = { "displayNames", "labels", "classes", "class_names",
                                            "classNames", NULL };
static const char *const scores_names[] = { "confidences", "probabilities", "scores", "probs",
                                            "logits", NULL };
static const char *const whole_names[] = { "predictions", "outputs", "results", "result",
                                           "CustomLabels", "output", "data", NULL };

/* ---- what there is ---- */

gboolean
assay_shapes_is_array (JsonNode *node)
{
  return JSON_NODE_HOLDS_ARRAY (node);
}

gboolean
assay_shapes_is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
is_whole_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64;
}

gboolean
assay_shapes_is_number (JsonNode *node)
{
  return is_whole_number (node)
         || (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
is_label (JsonNode *node)
{
  return assay_shapes_is_string (node) || is_whole_number (node);
}

static gboolean
is_any (JsonNode *node)
{
  return TRUE;
}

/* A list of texts says which labels are the best, and scores may stand beside it. */
static gboolean
is_container (JsonNode *node)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return JSON_NODE_HOLDS_OBJECT (node);
  array = json_node_get_array (node);
  return json_array_get_length (array) == 0
         || !assay_shapes_is_string (json_array_get_element (array, 0));
}

/* ["rose", 0.7] */
static gboolean
is_pair (JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  return array != NULL && json_array_get_length (array) == 2
         && assay_shapes_is_string (json_array_get_element (array, 0))
         && !JSON_NODE_HOLDS_ARRAY (json_array_get_element (array, 1))
         && !assay_shapes_is_string (json_array_get_element (array, 1));
}

/**
 * assay_shapes_find:
 * @names: (array zero-terminated=1): by the first of which it is found
 * @is_kind: what it has to be
 * @found: (out) (optional): how it is spelled there
 *
 * Returns: (transfer none) (nullable): a member of one of @names
 */
JsonNode *
assay_shapes_find (JsonObject *object,
                   const char *const *names,
                   AssayShapesKind is_kind,
                   const char **found)
{
  for (; *names != NULL; names++)
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *node;

      json_object_iter_init_ordered (&iter, object);
      while (json_object_iter_next_ordered (&iter, &name, &node))
        if (g_ascii_strcasecmp (name, *names) == 0 && is_kind (node))
          {
            if (found != NULL)
              *found = name;
            return node;
          }
    }
  return NULL;
}

/**
 * assay_shapes_find_whole:
 * @found: (out): how it is spelled there
 *
 * Returns: (transfer none) (nullable): the member that holds all of the answer
 */
JsonNode *
assay_shapes_find_whole (JsonObject *object,
                         const char **found)
{
  return assay_shapes_find (object, whole_names, is_container, found);
}

/**
 * assay_shapes_find_scores:
 * @found: (out): how it is spelled there
 *
 * Returns: (transfer none) (nullable): the member that holds the scores of all classes
 */
JsonNode *
assay_shapes_find_scores (JsonObject *object,
                          const char **found)
{
  return assay_shapes_find (object, scores_names, is_container, found);
}

/* The one member of an object, a number. */
static gboolean
is_single (JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  return json_object_get_size (object) == 1 && json_object_iter_next_ordered (&iter, &name, &node)
         && !JSON_NODE_HOLDS_ARRAY (node) && !JSON_NODE_HOLDS_OBJECT (node)
         && !assay_shapes_is_string (node);
}

static gboolean
is_entry (JsonObject *object)
{
  return assay_shapes_find (object, label_names, is_label, NULL) != NULL
         && assay_shapes_find (object, score_names, is_any, NULL) != NULL;
}

/* ---- labels and scores ---- */

/* Returns FALSE, so that a reader can end with it. */
static gboolean
bad_score (const char *place,
           GError **error)
{
  return assay_json_bad (error, _("%s is not a finite number"), place);
}

/**
 * assay_shapes_add:
 * @score: as sent
 * @place: where that stood
 *
 * Returns: whether @score was added, scaled
 */
gboolean
assay_shapes_add (const AssayShapesNeed *need,
                  AssayPredictionBuilder *builder,
                  const char *label,
                  double score,
                  const char *place,
                  GError **error)
{
  g_autoptr (GError) local = NULL;
  gsize length;

  score = assay_scores_scale (need->profile, score);
  if (assay_prediction_builder_add (builder, label, score, &local))
    return TRUE;
  length = strlen (local->message);
  return assay_json_bad (error, "%s: %.*s", place,
                         (int) (length - g_str_has_suffix (local->message, ".")), local->message);
}

/**
 * assay_shapes_dup_label:
 * @index: of a class, as sent
 * @place: where that stood
 *
 * Returns: (transfer full) (nullable): the label of a class that has only a number
 */
char *
assay_shapes_dup_label (const AssayShapesNeed *need,
                        gint64 index,
                        const char *place,
                        GError **error)
{
  guint n = need->labels != NULL ? g_strv_length ((char **) need->labels) : G_MAXUINT;
  g_autofree char *sent = NULL;

  if (index >= 0 && index < n)
    return need->labels != NULL ? g_strdup (need->labels[index]) : assay_scores_dup_class (index);
  sent = g_strdup_printf ("%" G_GINT64_FORMAT, index);
  if (need->labels != NULL)
    assay_json_bad (error, _("%s is class %s, and there are %u labels"), place, sent, n);
  else
    assay_json_bad (error, _("%s is %s, which is no number of a class"), place, sent);
  return NULL;
}

static char *
label_of (const AssayShapesNeed *need,
          JsonNode *node,
          const char *place,
          GError **error)
{
  if (assay_shapes_is_string (node))
    return g_strdup (json_node_get_string (node));
  if (is_whole_number (node))
    return assay_shapes_dup_label (need, json_node_get_int (node), place, error);
  assay_json_bad (error, _("%s is not %s"), place, _("a text"));
  return NULL;
}

static gboolean
add_nodes (const AssayShapesNeed *need,
           AssayPredictionBuilder *builder,
           JsonNode *label,
           JsonNode *score,
           const char *place,
           GError **error)
{
  g_autofree char *text = label_of (need, label, place, error);
  double value;

  if (text == NULL)
    return FALSE;
  if (!assay_json_get_double (score, &value))
    return bad_score (place, error);
  return assay_shapes_add (need, builder, text, value, place, error);
}

static gboolean
add_entry (const AssayShapesNeed *need,
           AssayPredictionBuilder *builder,
           JsonObject *entry,
           const char *place,
           GError **error)
{
  const char *name;
  JsonNode *label = assay_shapes_find (entry, label_names, is_label, NULL);
  JsonNode *score = assay_shapes_find (entry, score_names, assay_shapes_is_number, &name);
  g_autofree char *at = NULL;

  if (score == NULL)
    score = assay_shapes_find (entry, score_names, is_any, &name);
  at = g_strdup_printf ("%s.%s", place, name);
  return add_nodes (need, builder, label, score, at, error);
}

/* A server that has no names for its classes calls them "0", "1", …; a person may have. */
static gboolean
names_are_indices (const AssayShapesNeed *need,
                   JsonObject *map)
{
  guint n = need->labels != NULL ? g_strv_length ((char **) need->labels) : 0;
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init_ordered (&iter, map);
  while (n > 0 && json_object_iter_next_ordered (&iter, &name, NULL))
    if (!g_ascii_string_to_unsigned (name, 10, 0, n - 1, NULL, NULL))
      return FALSE;
  return n > 0;
}

static gboolean
add_map (const AssayShapesNeed *need,
         AssayPredictionBuilder *builder,
         JsonObject *map,
         const char *place,
         GError **error)
{
  gboolean indices = names_are_indices (need, map);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, map);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *shown = assay_display_text (name, -1, NAME_CHARS);
      g_autofree char *at = g_strdup_printf ("%s.%s", place, shown);
      const char *label = indices ? need->labels[g_ascii_strtoull (name, NULL, 10)] : name;
      double score;

      if (!assay_json_get_double (node, &score))
        return bad_score (at, error);
      if (!assay_shapes_add (need, builder, label, score, at, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- lists ---- */

static AssayPrediction *
bad_number_of_answers (const char *place,
                       guint n,
                       GError **error)
{
  assay_json_bad (error, _("%s holds %u answers, where one was expected"), place, n);
  return NULL;
}

static AssayPrediction *
read_numbers (const AssayShapesNeed *need,
              JsonArray *array,
              const char *place,
              GError **error)
{
  guint n = json_array_get_length (array);
  g_autofree double *scores = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    if (!assay_json_get_double (json_array_get_element (array, i), &scores[i]))
      {
        g_autofree char *at = g_strdup_printf ("%s[%u]", place, i);

        bad_score (at, error);
        return NULL;
      }
  return assay_scores_predict (need->profile, need->labels, scores, n, error);
}

static gboolean
add_pair (const AssayShapesNeed *need,
          AssayPredictionBuilder *builder,
          JsonNode *node,
          const char *place,
          GError **error)
{
  JsonArray *pair;

  if (!is_pair (node))
    return assay_json_bad (error, _("%s is not a label with its score"), place);
  pair = json_node_get_array (node);
  return add_nodes (need, builder, json_array_get_element (pair, 0),
                    json_array_get_element (pair, 1), place, error);
}

/* One of several that make up the answer: a label with its score. */
static gboolean
add_element (const AssayShapesNeed *need,
             AssayPredictionBuilder *builder,
             JsonNode *node,
             const char *place,
             GError **error)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return add_pair (need, builder, node, place, error);
  object = json_node_get_object (node);
  if (is_entry (object))
    return add_entry (need, builder, object, place, error);
  if (is_single (object))
    return add_map (need, builder, object, place, error);
  return assay_json_bad (error, _("%s is not a label with its score"), place);
}

/* Whether each of a list says of a picture of its own what there is to say. */
static gboolean
is_answer (JsonNode *node)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return JSON_NODE_HOLDS_ARRAY (node) && !is_pair (node);
  object = json_node_get_object (node);
  return assay_shapes_find_scores (object, NULL) != NULL
         || assay_shapes_find_whole (object, NULL) != NULL;
}

static AssayPrediction *
read_list (const AssayShapesNeed *need,
           JsonArray *array,
           const char *place,
           GError **error)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  guint n = json_array_get_length (array);
  JsonNode *first = n > 0 ? json_array_get_element (array, 0) : NULL;

  if (first == NULL)
    {
      assay_json_bad (error, _("%s is empty"), place);
      return NULL;
    }
  if ((assay_shapes_is_number (first) && !(n == 1 && is_whole_number (first)))
      || JSON_NODE_HOLDS_NULL (first))
    return read_numbers (need, array, place, error);
  if (n == 1 && !is_pair (first))
    {
      g_autofree char *at = g_strdup_printf ("%s[0]", place);

      return assay_shapes_read_picture (need, first, at, error);
    }
  if (is_answer (first))
    return bad_number_of_answers (place, n, error);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *at = g_strdup_printf ("%s[%u]", place, i);

      if (!add_element (need, builder, json_array_get_element (array, i), at, error))
        return NULL;
    }
  return assay_prediction_builder_end (g_steal_pointer (&builder));
}

/* ---- objects ---- */

/* [[…]] is […]: of the one picture there is. */
static JsonArray *
unwrap (JsonArray *array)
{
  while (json_array_get_length (array) == 1
         && JSON_NODE_HOLDS_ARRAY (json_array_get_element (array, 0))
         && !is_pair (json_array_get_element (array, 0)))
    array = json_array_get_array_element (array, 0);
  return array;
}

static AssayPrediction *
read_parallel (const AssayShapesNeed *need,
               JsonArray *labels,
               JsonArray *scores,
               const char *place,
               GError **error)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  guint n = json_array_get_length (scores);

  if (json_array_get_length (labels) != n)
    {
      assay_json_bad (error, _("%s has %u scores for %u labels"), place, n,
                      json_array_get_length (labels));
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *at = g_strdup_printf ("%s[%u]", place, i);

      if (!add_nodes (need, builder, json_array_get_element (labels, i),
                      json_array_get_element (scores, i), at, error))
        return NULL;
    }
  return assay_prediction_builder_end (g_steal_pointer (&builder));
}

/* @scores is a member of @object. */
static AssayPrediction *
read_scores (const AssayShapesNeed *need,
             JsonObject *object,
             JsonNode *scores,
             const char *place,
             GError **error)
{
  JsonNode *labels = assay_shapes_find (object, labels_names, assay_shapes_is_array, NULL);
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (scores) ? unwrap (json_node_get_array (scores)) : NULL;

  if (array == NULL)
    return assay_shapes_read_picture (need, scores, place, error);
  if (labels == NULL || json_array_get_length (array) == 0
      || JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, 0))
      || JSON_NODE_HOLDS_ARRAY (json_array_get_element (array, 0)))
    return read_list (need, array, place, error);
  return read_parallel (need, unwrap (json_node_get_array (labels)), array, place, error);
}

static gboolean
is_map (JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!assay_shapes_is_number (node) && !JSON_NODE_HOLDS_NULL (node))
      return FALSE;
  return json_object_get_size (object) > 0;
}

/* The one member that is a list of numbers, whatever a graph calls it. */
static JsonNode *
find_lone_list (JsonObject *object,
                const char **found)
{
  JsonNode *lone = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? unwrap (json_node_get_array (node)) : NULL;

      if (array == NULL || json_array_get_length (array) == 0
          || !assay_shapes_is_number (json_array_get_element (array, 0)))
        continue;
      if (lone != NULL)
        return NULL;
      lone = node;
      *found = name;
    }
  return lone;
}

static AssayPrediction *
bad_object (JsonObject *object,
            const char *place,
            GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init_ordered (&iter, object);
  for (guint i = 0; i < NAMES_SHOWN && json_object_iter_next_ordered (&iter, &name, NULL); i++)
    {
      g_autofree char *shown = assay_display_text (name, -1, NAME_CHARS);

      g_string_append_printf (names, "%s“%s”", i > 0 ? ", " : "", shown);
    }
  if (json_object_get_size (object) > NAMES_SHOWN)
    g_string_append (names, ", …");
  if (names->len == 0)
    assay_json_bad (error, _("%s is empty"), place);
  else
    assay_json_bad (error, _("labels with scores were expected in %s, and it has %s"), place,
                    names->str);
  return NULL;
}

static AssayPrediction *
read_entry_or_map (const AssayShapesNeed *need,
                   JsonObject *object,
                   const char *place,
                   GError **error)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  gboolean done = is_entry (object) ? add_entry (need, builder, object, place, error)
                                    : add_map (need, builder, object, place, error);

  return done ? assay_prediction_builder_end (g_steal_pointer (&builder)) : NULL;
}

static AssayPrediction *
read_object (const AssayShapesNeed *need,
             JsonObject *object,
             const char *place,
             GError **error)
{
  const char *name = NULL;
  JsonNode *scores = assay_shapes_find_scores (object, &name);
  JsonNode *inner = scores == NULL ? assay_shapes_find_whole (object, &name) : NULL;
  g_autofree char *shown = NULL;
  g_autofree char *at = NULL;

  if (scores == NULL && inner == NULL && (is_entry (object) || is_map (object)))
    return read_entry_or_map (need, object, place, error);
  if (scores == NULL && inner == NULL)
    inner = find_lone_list (object, &name);
  if (scores == NULL && inner == NULL)
    return bad_object (object, place, error);
  shown = assay_display_text (name, -1, NAME_CHARS);
  at = g_strdup_printf ("%s.%s", place, shown);
  return scores != NULL ? read_scores (need, object, scores, at, error)
                        : assay_shapes_read_picture (need, inner, at, error);
}

/**
 * assay_shapes_read_picture:
 * @need: what the answer is of
 * @node: what was said of one picture
 * @place: what @node is called in errors
 * @error: %ASSAY_ERROR_BAD_ANSWER, says what was found there
 *
 * Returns: (transfer full) (nullable): the prediction
 */
AssayPrediction *
assay_shapes_read_picture (const AssayShapesNeed *need,
                           JsonNode *node,
                           const char *place,
                           GError **error)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    return read_list (need, json_node_get_array (node), place, error);
  if (JSON_NODE_HOLDS_OBJECT (node))
    return read_object (need, json_node_get_object (node), place, error);
  if (is_whole_number (node))
    assay_json_bad (error, _("%s is the number of a class alone, without scores"), place);
  else if (assay_shapes_is_string (node))
    assay_json_bad (error, _("%s is a text, where labels with scores were expected"), place);
  else
    assay_json_bad (error, _("%s is a value, where labels with scores were expected"), place);
  return NULL;
}
