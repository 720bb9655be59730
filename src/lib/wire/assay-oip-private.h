/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "assay-oip.h"

G_BEGIN_DECLS

/* Of a tensor's values. */
gboolean assay_oip_count_values   (const guint64 *shape, guint n_dims, gsize *n_values);
gboolean assay_oip_check_data     (const AssayOipTensor *self);
void     assay_oip_append_element (GByteArray *data, const char *bytes, gsize length);
gint64   assay_oip_read_integer   (const guint8 *at, AssayOipType type);
double   assay_oip_read_double    (const guint8 *at, AssayOipType type);

/* The values of @data, a tensor's member in JSON, in the binary extension's form. */
GBytes  *assay_oip_read_data      (JsonNode *data, const AssayOipTensor *tensor,
                                   const char *place, GError **error);
void     assay_oip_append_data    (GString *out, const AssayOipTensor *tensor);

/* Readers: a fault names its place, as in “inputs[0].shape is missing”.  @place
 * ends in a point, or is empty. */
gboolean    assay_oip_bad         (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean    assay_oip_bad_member  (GError **error, JsonObject *object, const char *place,
                                   const char *name, const char *kind);
const char *assay_oip_need_text   (JsonObject *object, const char *place, const char *name,
                                   GError **error);
gboolean    assay_oip_take_text   (JsonObject *object, const char *place, const char *name,
                                   char **text, GError **error);
gboolean    assay_oip_get_whole   (JsonNode *node, gint64 lowest, gint64 *value);
gboolean    assay_oip_blame       (GError **error, GError *fault);

/* Writers: a comma where one is due, and the name. */
void     assay_oip_append_name    (GString *out, const char *name);
void     assay_oip_append_text    (GString *out, const char *name, const char *text);

G_END_DECLS
