/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "assay-prediction.h"
#include "assay-profile.h"

G_BEGIN_DECLS

GPtrArray       *assay_shapes_read     (JsonNode *root, const AssayProfile *profile,
                                        char *const *labels, guint n_pictures, GError **error);
AssayPrediction *assay_shapes_read_one (JsonNode *node, const AssayProfile *profile,
                                        char *const *labels, GError **error);

G_END_DECLS
