/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode   *assay_json_parse      (const char *data, gsize length, GError **error);
JsonObject *assay_json_get_object (JsonObject *object, const char *name);
JsonArray  *assay_json_get_array  (JsonObject *object, const char *name);
const char *assay_json_get_string (JsonObject *object, const char *name);
gboolean    assay_json_get_double (JsonNode *node, double *value);

/* Writing: appends to a text that is being built. */
void        assay_json_append_string (GString *out, const char *text);
void        assay_json_append_double (GString *out, double value);
void        assay_json_append_name   (GString *out, const char *name);
void        assay_json_add_string    (GString *out, const char *name, const char *text);
void        assay_json_add_whole     (GString *out, const char *name, gint64 number);

G_END_DECLS
