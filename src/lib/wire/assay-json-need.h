/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* For readers of answers: what must be there, or an error that names the place,
 * such as "predictions[0].results[2].score is missing".  @place is where the
 * object stands, with the point behind it: "predictions[0].results[2].". */
JsonNode   *assay_json_need_value   (GBytes *body, GError **error);
JsonNode   *assay_json_need_root    (GBytes *body, GError **error);
JsonArray  *assay_json_need_array   (JsonObject *object, const char *place, const char *name,
                                     GError **error);
JsonObject *assay_json_need_object  (JsonObject *object, const char *place, const char *name,
                                     GError **error);
const char *assay_json_need_string  (JsonObject *object, const char *place, const char *name,
                                     GError **error);
gboolean    assay_json_need_double  (JsonObject *object, const char *place, const char *name,
                                     double *value, GError **error);
JsonObject *assay_json_need_element (JsonArray *array, guint index, const char *place,
                                     GError **error);
gboolean    assay_json_bad          (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
