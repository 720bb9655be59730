/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The sizes of a network's picture input, read from the ONNX file itself:
 * OpenCV knows them but does not tell.  An ONNX file is a protocol buffer
 * (onnx.proto): ModelProto.graph = 7, GraphProto.input = 11,
 * ValueInfoProto.type = 2, TypeProto.tensor_type = 1, Tensor.shape = 2,
 * TensorShapeProto.dim = 1, Dimension.dim_value = 1.  What its maker wrote into it
 * besides: ModelProto.metadata_props = 14, StringStringEntryProto.key = 1, value = 2. */

#include "config.h"

#include <string.h>

#include "assay-onnx-private.h"
#include "assay-onnx.h"

/* A size that is left open (a name, or nothing) is 0. */
static guint
read_dims (AssayOnnxSpan shape,
           gint64 dims[4])
{
  AssayOnnxField field;
  AssayOnnxField value;
  guint n = 0;

  while (assay_onnx_next_field (&shape, &field))
    {
      if (field.number != 1 || field.span.at == NULL)
        continue;
      if (n == 4)
        return 5;
      dims[n] = 0;
      while (assay_onnx_next_field (&field.span, &value))
        if (value.number == 1 && value.span.at == NULL)
          dims[n] = (gint64) value.value;
      n++;
    }
  return n;
}

/**
 * assay_onnx_find_input:
 * @data: (array length=length): an ONNX file, in any state
 * @length: its bytes
 * @dims: (out): the sizes in the file's order; 0 where one is left open
 *
 * Finds the first input with four dimensions.
 *
 * Returns: whether there is one
 */
gboolean
assay_onnx_find_input (const guint8 *data,
                       gsize length,
                       gint64 dims[4])
{
  AssayOnnxSpan model;
  AssayOnnxSpan graph;
  AssayOnnxField field;

  g_return_val_if_fail (data != NULL || length == 0, FALSE);
  g_return_val_if_fail (dims != NULL, FALSE);

  if (length == 0)
    return FALSE;
  model = (AssayOnnxSpan) { data, data + length };
  if (!assay_onnx_find (model, 7, &graph))
    return FALSE;

  while (assay_onnx_next_field (&graph, &field))
    {
      AssayOnnxSpan inner;

      if (field.number == 11 && field.span.at != NULL &&
          assay_onnx_find (field.span, 2, &inner) &&
          assay_onnx_find (inner, 1, &inner) &&
          assay_onnx_find (inner, 2, &inner) &&
          read_dims (inner, dims) == 4)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_text (AssayOnnxSpan message,
         const char *text)
{
  gsize length = message.end - message.at;

  return length == strlen (text) && memcmp (message.at, text, length) == 0;
}

/**
 * assay_onnx_dup_metadata:
 * @data: (array length=length): an ONNX file, in any state
 * @length: its bytes
 * @key: such as "labels"
 *
 * What the file's maker wrote into its “metadata_props” under that name, the first.
 *
 * Returns: (transfer full) (nullable): UTF-8, or %NULL where there is no such text
 */
char *
assay_onnx_dup_metadata (const guint8 *data,
                         gsize length,
                         const char *key)
{
  AssayOnnxSpan model;
  AssayOnnxField field;

  g_return_val_if_fail (data != NULL || length == 0, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  if (length == 0)
    return NULL;
  model = (AssayOnnxSpan) { data, data + length };
  while (assay_onnx_next_field (&model, &field))
    {
      AssayOnnxSpan name;
      AssayOnnxSpan value;

      if (field.number == 14 && field.span.at != NULL &&
          assay_onnx_find (field.span, 1, &name) && is_text (name, key) &&
          assay_onnx_find (field.span, 2, &value) &&
          g_utf8_validate_len ((const char *) value.at, value.end - value.at, NULL))
        return g_strndup ((const char *) value.at, value.end - value.at);
    }
  return NULL;
}
