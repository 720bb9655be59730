/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A stretch of a protocol buffer. */
typedef struct {
  const guint8 *at;
  const guint8 *end;
} AssayOnnxSpan;

typedef struct {
  guint number;
  guint64 value;       /* of a varint */
  AssayOnnxSpan span;  /* of a stretch of bytes; of others empty, with at NULL */
  AssayOnnxSpan whole; /* the field as it stands in its message, its number included */
} AssayOnnxField;

gboolean assay_onnx_next_field (AssayOnnxSpan *message, AssayOnnxField *field);
gboolean assay_onnx_find       (AssayOnnxSpan message, guint number, AssayOnnxSpan *found);

G_END_DECLS
