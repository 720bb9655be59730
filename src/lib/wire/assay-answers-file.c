/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What "classify" and "history export" write as json or ndjson, read back: an object a
 * line, in json with a bracket or a comma around.  Of its members "path", "member",
 * "sha256", "status", "model", "version" and "predictions" count; pictures that were not
 * answered are passed over. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-answers-file.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"

void
assay_answers_row_free (AssayAnswersRow *self)
{
  g_free (self->path);
  g_free (self->sha256);
  g_free (self->model);
  g_free (self->version);
  assay_prediction_unref (self->prediction);
  g_free (self);
}

static gboolean
add_score (AssayPredictionBuilder *builder,
           JsonNode *node,
           GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *label = object != NULL ? assay_json_get_string (object, "label") : NULL;
  double score;

  if (label == NULL || !json_object_has_member (object, "score")
      || !assay_json_get_double (json_object_get_member (object, "score"), &score))
    return FALSE;
  return assay_prediction_builder_add (builder, label, score, error);
}

static AssayPrediction *
read_prediction (JsonObject *object)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  JsonArray *scores = assay_json_get_array (object, "predictions");
  guint n = scores != NULL ? json_array_get_length (scores) : 0;

  for (guint i = 0; i < n; i++)
    if (!add_score (builder, json_array_get_element (scores, i), NULL))
      return NULL;
  return assay_prediction_builder_end (g_steal_pointer (&builder));
}

/* Returns: FALSE if it is no line of ours; *row stays NULL for one without an answer. */
static gboolean
read_row (JsonObject *object,
          AssayAnswersRow **row)
{
  const char *path = assay_json_get_string (object, "path");
  const char *member = assay_json_get_string (object, "member");
  const char *status = assay_json_get_string (object, "status");
  AssayPrediction *prediction;

  if (path == NULL || status == NULL)
    return FALSE;
  if (strcmp (status, "ok") != 0)
    return TRUE;
  prediction = read_prediction (object);
  if (prediction == NULL)
    return FALSE;
  *row = g_new0 (AssayAnswersRow, 1);
  (*row)->path = member != NULL ? g_strconcat (path, "/", member, NULL) : g_strdup (path);
  (*row)->sha256 = g_strdup (assay_json_get_string (object, "sha256"));
  (*row)->model = g_strdup (assay_json_get_string (object, "model"));
  (*row)->version = g_strdup (assay_json_get_string (object, "version"));
  (*row)->prediction = prediction;
  return TRUE;
}

static gboolean
read_line (GPtrArray *rows,
           const char *line,
           gsize length,
           guint number,
           GError **error)
{
  g_autoptr (JsonNode) root = assay_json_parse (line, length, NULL);
  AssayAnswersRow *row = NULL;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)
      || !read_row (json_node_get_object (root), &row))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("Line %u is no answer that “assay-cli classify --format json” has written."),
                   number);
      return FALSE;
    }
  if (row != NULL)
    g_ptr_array_add (rows, row);
  return TRUE;
}

/**
 * assay_answers_file_parse:
 * @bytes: of the whole file
 * @error: %ASSAY_ERROR_USAGE, with the line
 *
 * Returns: (transfer full) (element-type AssayAnswersRow) (nullable): what was answered,
 *   at least one
 */
GPtrArray *
assay_answers_file_parse (GBytes *bytes,
                          GError **error)
{
  g_autoptr (GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_answers_row_free);
  gsize size;
  const char *at, *end;

  g_return_val_if_fail (bytes != NULL, NULL);

  at = g_bytes_get_data (bytes, &size);
  /* Of no bytes there is no address. */
  end = size > 0 ? at + size : at;
  for (guint number = 1; at < end; number++)
    {
      const char *stop = memchr (at, '\n', end - at);
      const char *next = stop != NULL ? stop + 1 : end;
      const char *last = stop != NULL ? stop : end;

      /* What stands around an object in an array. */
      while (at < last && strchr (" \t\r[,", *at) != NULL && *at != '\0')
        at++;
      while (last > at && strchr (" \t\r],", last[-1]) != NULL && last[-1] != '\0')
        last--;
      if (last > at && !read_line (rows, at, last - at, number, error))
        return NULL;
      at = next;
    }
  if (rows->len > 0)
    return g_steal_pointer (&rows);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       _("There is no answer in it. It must come from “assay-cli classify --format "
                         "json”."));
  return NULL;
}
