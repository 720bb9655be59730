/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-shapes.h"

G_BEGIN_DECLS

/* What an answer is of; on the stack, lent for one call. */
typedef struct {
  const AssayProfile *profile;
  char *const *labels;       /* (nullable): in the order of scores that come without labels */
} AssayShapesNeed;

/* Members are found by any of their names, in whatever case. */
typedef gboolean (*AssayShapesKind) (JsonNode *node);

gboolean         assay_shapes_is_array    (JsonNode *node);
gboolean         assay_shapes_is_string   (JsonNode *node);
gboolean         assay_shapes_is_number   (JsonNode *node);
JsonNode        *assay_shapes_find        (JsonObject *object, const char *const *names,
                                           AssayShapesKind is_kind, const char **found);
JsonNode        *assay_shapes_find_whole  (JsonObject *object, const char **found);
JsonNode        *assay_shapes_find_scores (JsonObject *object, const char **found);

/* @place is what the node is called in errors: "predictions[0]". */
AssayPrediction *assay_shapes_read_picture (const AssayShapesNeed *need, JsonNode *node,
                                            const char *place, GError **error);

gboolean         assay_shapes_are_tensors  (JsonNode *node);
GPtrArray       *assay_shapes_read_tensors (const AssayShapesNeed *need, JsonArray *tensors,
                                            const char *place, guint n_pictures, GError **error);

gboolean         assay_shapes_add          (const AssayShapesNeed *need,
                                            AssayPredictionBuilder *builder, const char *label,
                                            double score, const char *place, GError **error);
char            *assay_shapes_dup_label    (const AssayShapesNeed *need, gint64 index,
                                            const char *place, GError **error);

G_END_DECLS
