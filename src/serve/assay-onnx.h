/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean assay_onnx_find_input (const guint8 *data, gsize length, gint64 dims[4]);

G_END_DECLS
