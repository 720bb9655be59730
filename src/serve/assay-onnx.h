/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean assay_onnx_find_input   (const guint8 *data, gsize length, gint64 dims[4]);
GBytes  *assay_onnx_mend         (GBytes *onnx);
char    *assay_onnx_dup_metadata (const guint8 *data, gsize length, const char *key);

G_END_DECLS
