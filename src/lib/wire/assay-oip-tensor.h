/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-limits.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_OIP_UNKNOWN,  /* only in metadata: a data type of which we know nothing */
  ASSAY_OIP_BOOL,
  ASSAY_OIP_UINT8,
  ASSAY_OIP_UINT16,
  ASSAY_OIP_UINT32,
  ASSAY_OIP_UINT64,
  ASSAY_OIP_INT8,
  ASSAY_OIP_INT16,
  ASSAY_OIP_INT32,
  ASSAY_OIP_INT64,
  ASSAY_OIP_FP16,
  ASSAY_OIP_FP32,
  ASSAY_OIP_FP64,
  ASSAY_OIP_BYTES,
} AssayOipType;

const char  *assay_oip_type_get_name (AssayOipType self);
gsize        assay_oip_type_get_size (AssayOipType self);
AssayOipType assay_oip_type_find     (const char *name);

/**
 * AssayOipTensor:
 *
 * A tensor of the Open Inference Protocol as values.
 *
 * Invariants: @n_values is the product of @shape, at most
 * %ASSAY_LIMIT_TENSOR_VALUES; @data holds exactly so many values, row by row, in
 * the form of the binary extension however they came: little-endian, and of
 * BYTES each with its length before it, in four bytes.
 */
typedef struct {
  char *name;
  AssayOipType type;
  guint n_dims;
  guint64 shape[ASSAY_LIMIT_TENSOR_DIMS];
  gsize n_values;
  GBytes *data;
  char *content_type;  /* (nullable): a word on what BYTES hold, as “base64” */
  gboolean binary;     /* came behind the JSON, or is to go there */
} AssayOipTensor;

AssayOipTensor *assay_oip_tensor_new          (const char *name, AssayOipType type,
                                               const guint64 *shape, guint n_dims, GBytes *data);
AssayOipTensor *assay_oip_tensor_new_elements (const char *name, const guint64 *shape,
                                               guint n_dims, GPtrArray *elements);
void            assay_oip_tensor_free         (AssayOipTensor *self);
GPtrArray      *assay_oip_tensor_dup_elements (const AssayOipTensor *self);
double         *assay_oip_tensor_dup_doubles  (const AssayOipTensor *self);

GBytes         *assay_oip_encode_base64       (GBytes *bytes);
GBytes         *assay_oip_decode_base64       (GBytes *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOipTensor, assay_oip_tensor_free)

G_END_DECLS
