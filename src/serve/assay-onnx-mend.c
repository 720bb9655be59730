/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Two things that torch.onnx.export writes today and that OpenCV 4.6 takes only in the
 * way of earlier days, which means the same:
 *
 * - Clip has its bounds as inputs since operator set 11; OpenCV wants the attributes that
 *   they were before.  ReLU6, and so MobileNetV2, is a Clip.
 * - weights of the same values are written once, the others are an Identity of them; OpenCV
 *   takes no Identity of a weight.  Two layers that begin alike, such as norms, have it.
 *
 * Of onnx.proto: ModelProto.graph = 7; GraphProto.node = 1, initializer = 5;
 * NodeProto.input = 1, output = 2, op_type = 4, attribute = 5; AttributeProto.name = 1,
 * f = 2, t = 5, type = 20 (FLOAT = 1); TensorProto.data_type = 2 (FLOAT = 1),
 * float_data = 4, name = 8, raw_data = 9.
 *
 * Whatever isn't understood stays as it is. */

#include "config.h"

#include <string.h>

#include "assay-limits.h"
#include "assay-onnx-private.h"
#include "assay-onnx.h"

#define FLOAT_BYTES 4

/* What is known of a graph, by the names of its values.  All of it lies in the file. */
typedef struct {
  GHashTable *tensors;  /* (element-type utf8 Tensor) of weights and constants */
  gboolean ill;         /* there is something to mend */
} Graph;

/* A tensor as it stands in the file. */
typedef struct {
  AssayOnnxSpan span;
  gboolean weight;      /* an initializer, not the value of a Constant */
} Tensor;

static char *
dup_text (AssayOnnxSpan span)
{
  return g_strndup ((const char *) span.at, span.end - span.at);
}

static gboolean
is_text (AssayOnnxSpan span,
         const char *text)
{
  gsize length = strlen (text);

  return (gsize) (span.end - span.at) == length && memcmp (span.at, text, length) == 0;
}

static gboolean
is_node (AssayOnnxSpan node,
         const char *kind)
{
  AssayOnnxSpan found;

  return assay_onnx_find (node, 4, &found) && is_text (found, kind);
}

/* The nth input or output (field 1 or 2). */
static char *
dup_value_name (AssayOnnxSpan node,
                guint number,
                guint place)
{
  AssayOnnxField field;

  while (assay_onnx_next_field (&node, &field))
    if (field.number == number && field.span.at != NULL && place-- == 0)
      return dup_text (field.span);
  return NULL;
}

static guint
count_inputs (AssayOnnxSpan node)
{
  AssayOnnxField field;
  guint n = 0;

  while (assay_onnx_next_field (&node, &field))
    n += field.number == 1 && field.span.at != NULL;
  return n;
}

static void
learn_tensor (Graph *self,
              char *name,
              AssayOnnxSpan span,
              gboolean weight)
{
  Tensor *tensor = g_new (Tensor, 1);

  *tensor = (Tensor) { span, weight };
  g_hash_table_replace (self->tensors, name, tensor);
}

/* The value of a Constant is its only attribute. */
static void
learn_constant (Graph *self,
                AssayOnnxSpan node)
{
  g_autofree char *name = dup_value_name (node, 2, 0);
  AssayOnnxSpan attribute;
  AssayOnnxSpan value;

  if (name != NULL && assay_onnx_find (node, 5, &attribute) &&
      assay_onnx_find (attribute, 5, &value))
    learn_tensor (self, g_steal_pointer (&name), value, FALSE);
}

static void
learn (Graph *self,
       AssayOnnxSpan graph)
{
  AssayOnnxField field;
  AssayOnnxSpan name;

  while (assay_onnx_next_field (&graph, &field))
    {
      if (field.span.at == NULL)
        continue;
      if (field.number == 5 && assay_onnx_find (field.span, 8, &name))
        learn_tensor (self, dup_text (name), field.span, TRUE);
      else if (field.number != 1)
        continue;
      else if (is_node (field.span, "Constant"))
        learn_constant (self, field.span);
      else if (is_node (field.span, "Identity") ||
               (is_node (field.span, "Clip") && count_inputs (field.span) > 1))
        self->ill = TRUE;
    }
}

/* The four bytes of a tensor that is one float. */
static const guint8 *
get_float (const Tensor *tensor)
{
  AssayOnnxSpan rest = tensor->span;
  AssayOnnxField field;
  const guint8 *found = NULL;
  gboolean is_float = FALSE;

  while (assay_onnx_next_field (&rest, &field))
    if (field.number == 2 && field.span.at == NULL)
      is_float = field.value == 1;
    else if ((field.number == 4 || field.number == 9) && field.span.at != NULL)
      found = field.span.end - field.span.at == FLOAT_BYTES ? field.span.at : NULL;
  return is_float ? found : NULL;
}

static void
append_varint (GByteArray *out,
               guint64 value)
{
  guint8 byte;

  do
    {
      byte = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);
      g_byte_array_append (out, &byte, 1);
      value >>= 7;
    }
  while (value > 0);
}

static void
append_span (GByteArray *out,
             AssayOnnxSpan span)
{
  g_byte_array_append (out, span.at, span.end - span.at);
}

static void
append_stretch (GByteArray *out,
                guint number,
                const void *bytes,
                gsize length)
{
  append_varint (out, (guint64) number << 3 | 2);
  append_varint (out, length);
  g_byte_array_append (out, bytes, length);
}

/* The bytes of a bound; NULL where there is none, which is no fault. */
static gboolean
find_bound (Graph *self,
            AssayOnnxSpan node,
            guint place,
            const guint8 **bound)
{
  g_autofree char *name = dup_value_name (node, 1, place);
  const Tensor *tensor;

  *bound = NULL;
  if (name == NULL || name[0] == '\0')
    return TRUE;
  tensor = g_hash_table_lookup (self->tensors, name);
  if (tensor != NULL)
    *bound = get_float (tensor);
  return *bound != NULL;
}

static void
append_bound (GByteArray *node,
              const char *name,
              const guint8 *bound)
{
  g_autoptr (GByteArray) attribute = g_byte_array_new ();

  if (bound == NULL)
    return;
  append_stretch (attribute, 1, name, strlen (name));
  append_varint (attribute, 2 << 3 | 5);
  g_byte_array_append (attribute, bound, FLOAT_BYTES);
  append_varint (attribute, 20 << 3);
  append_varint (attribute, 1);
  append_stretch (node, 5, attribute->data, attribute->len);
}

/* Returns: whether it has been written with its bounds as attributes */
static gboolean
mend_clip (Graph *self,
           AssayOnnxSpan node,
           GByteArray *out)
{
  g_autoptr (GByteArray) mended = g_byte_array_new ();
  AssayOnnxField field;
  guint n_inputs = 0;
  const guint8 *low;
  const guint8 *high;

  if (count_inputs (node) < 2 || !find_bound (self, node, 1, &low) ||
      !find_bound (self, node, 2, &high))
    return FALSE;
  while (assay_onnx_next_field (&node, &field))
    if (field.number != 1 || n_inputs++ == 0)
      append_span (mended, field.whole);
  append_bound (mended, "min", low);
  append_bound (mended, "max", high);
  append_stretch (out, 1, mended->data, mended->len);
  return TRUE;
}

/* Returns: whether a weight of its own has been written in its place */
static gboolean
mend_identity (Graph *self,
               AssayOnnxSpan node,
               GByteArray *out)
{
  g_autofree char *from = dup_value_name (node, 1, 0);
  g_autofree char *to = dup_value_name (node, 2, 0);
  g_autoptr (GByteArray) mended = g_byte_array_new ();
  const Tensor *tensor = from != NULL ? g_hash_table_lookup (self->tensors, from) : NULL;
  AssayOnnxSpan rest;
  AssayOnnxField field;

  if (tensor == NULL || !tensor->weight || to == NULL ||
      out->len + (gsize) (tensor->span.end - tensor->span.at) > ASSAY_LIMIT_MODEL_BYTES)
    return FALSE;
  rest = tensor->span;
  while (assay_onnx_next_field (&rest, &field))
    if (field.number != 8)
      append_span (mended, field.whole);
  append_stretch (mended, 8, to, strlen (to));
  append_stretch (out, 5, mended->data, mended->len);
  /* An Identity of this one finds the same values. */
  learn_tensor (self, g_steal_pointer (&to), tensor->span, TRUE);
  return TRUE;
}

static GByteArray *
mend_graph (Graph *self,
            AssayOnnxSpan graph)
{
  GByteArray *out = g_byte_array_new ();
  AssayOnnxField field;

  while (assay_onnx_next_field (&graph, &field))
    {
      gboolean node = field.number == 1 && field.span.at != NULL;

      if (node && is_node (field.span, "Clip") && mend_clip (self, field.span, out))
        continue;
      if (node && is_node (field.span, "Identity") && mend_identity (self, field.span, out))
        continue;
      append_span (out, field.whole);
    }
  /* What makes no sense is for OpenCV to refuse. */
  append_span (out, graph);
  return out;
}

static GBytes *
mend_model (Graph *self,
            AssayOnnxSpan model)
{
  GByteArray *out = g_byte_array_new ();
  AssayOnnxField field;

  while (assay_onnx_next_field (&model, &field))
    if (field.number == 7 && field.span.at != NULL)
      {
        g_autoptr (GByteArray) graph = mend_graph (self, field.span);

        append_stretch (out, 7, graph->data, graph->len);
      }
    else
      append_span (out, field.whole);
  append_span (out, model);
  return g_byte_array_free_to_bytes (out);
}

/**
 * assay_onnx_mend:
 * @onnx: an ONNX file, in any state
 *
 * Says in words that OpenCV takes what it would not take otherwise.
 *
 * Returns: (transfer full): a file that means the same; @onnx itself where nothing is
 *   to be done
 */
GBytes *
assay_onnx_mend (GBytes *onnx)
{
  g_autoptr (GHashTable) tensors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Graph self = { .tensors = tensors };
  AssayOnnxSpan model;
  AssayOnnxSpan graph;
  gsize length;

  g_return_val_if_fail (onnx != NULL, NULL);

  model.at = g_bytes_get_data (onnx, &length);
  if (length == 0)
    return g_bytes_ref (onnx);
  model.end = model.at + length;
  if (assay_onnx_find (model, 7, &graph))
    learn (&self, graph);
  return self.ill ? mend_model (&self, model) : g_bytes_ref (onnx);
}
