/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The values of a tensor as JSON: “Tensor Data” of the protocol's
 * inference_rest.md.  A list of all values, row by row, or lists within lists
 * that follow the shape; both are to be taken. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-json.h"
#include "assay-oip-private.h"

/* Values that are being read. */
typedef struct {
  const AssayOipTensor *tensor;
  const char *place;  /* of the tensor, with a point behind it */
  GByteArray *bytes;
  gsize n;
} Values;

static gboolean
bad_value (const Values *self,
           GError **error)
{
  return assay_oip_bad (error, _("%sdata holds a value that is not %s"), self->place,
                        assay_oip_type_get_name (self->tensor->type));
}

static void
append_little_endian (Values *self,
                      guint64 bits)
{
  bits = GUINT64_TO_LE (bits);
  g_byte_array_append (self->bytes, (const guint8 *) &bits,
                       assay_oip_type_get_size (self->tensor->type));
}

static gboolean
add_bool (Values *self,
          JsonNode *node)
{
  if (json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  append_little_endian (self, json_node_get_boolean (node));
  return TRUE;
}

/* 128 and 255 fit 8 bits, with a sign and without.  The upper half of UINT64
 * comes as doubles, of which 2⁶⁴ is the first that is too large. */
static gboolean
add_integer (Values *self,
             JsonNode *node)
{
  AssayOipType type = self->tensor->type;
  gboolean sign = type >= ASSAY_OIP_INT8;
  guint bits = 8 * assay_oip_type_get_size (type);
  gint64 value;

  if (type == ASSAY_OIP_UINT64 && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    {
      double large = json_node_get_double (node);

      if (!(large >= 0 && large < ldexp (1, 64)) || large != floor (large))
        return FALSE;
      append_little_endian (self, (guint64) large);
      return TRUE;
    }
  if (!assay_oip_get_whole (node, sign ? G_MININT64 : 0, &value))
    return FALSE;
  if (bits < 64)
    {
      gint64 end = G_GINT64_CONSTANT (1) << (sign ? bits - 1 : bits);

      if (value >= end || value < (sign ? -end : 0))
        return FALSE;
    }
  append_little_endian (self, value);
  return TRUE;
}

/* FP16 is not written by us, and nobody who writes JSON has a reason to send it. */
static gboolean
add_float (Values *self,
           JsonNode *node)
{
  double value = NAN;
  guint64 bits = 0;

  if (!JSON_NODE_HOLDS_NULL (node) && !assay_json_get_double (node, &value))
    return FALSE;
  if (self->tensor->type == ASSAY_OIP_FP64)
    memcpy (&bits, &value, sizeof value);
  else
    {
      float narrow = (float) value;
      guint32 narrow_bits;

      if (isinf (narrow))
        return FALSE;
      memcpy (&narrow_bits, &narrow, sizeof narrow);
      bits = narrow_bits;
    }
  append_little_endian (self, bits);
  return TRUE;
}

static gboolean
add_text (Values *self,
          JsonNode *node)
{
  const char *text;

  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  text = json_node_get_string (node);
  assay_oip_append_element (self->bytes, text, strlen (text));
  return TRUE;
}

/* null stands for NaN where there are such (MLServer writes it so). */
static gboolean
add_value (Values *self,
           JsonNode *node)
{
  AssayOipType type = self->tensor->type;

  if (type == ASSAY_OIP_FP32 || type == ASSAY_OIP_FP64)
    return (JSON_NODE_HOLDS_VALUE (node) || JSON_NODE_HOLDS_NULL (node))
           && add_float (self, node);
  if (!JSON_NODE_HOLDS_VALUE (node) || type == ASSAY_OIP_FP16)
    return FALSE;
  if (type == ASSAY_OIP_BOOL)
    return add_bool (self, node);
  return type == ASSAY_OIP_BYTES ? add_text (self, node) : add_integer (self, node);
}

static gboolean add_list (Values *self, JsonArray *list, guint level, GError **error);

static gboolean
add_nested (Values *self,
            JsonArray *list,
            guint level,
            GError **error)
{
  const AssayOipTensor *tensor = self->tensor;

  if (level + 1 >= tensor->n_dims || json_array_get_length (list) != tensor->shape[level])
    return assay_oip_bad (error, _("%sdata does not have the shape that is given"), self->place);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (!JSON_NODE_HOLDS_ARRAY (node))
        return bad_value (self, error);
      if (!add_list (self, json_node_get_array (node), level + 1, error))
        return FALSE;
    }
  return TRUE;
}

/* A list of values at the top may hold all of them; further in, one row. */
static gboolean
add_list (Values *self,
          JsonArray *list,
          guint level,
          GError **error)
{
  const AssayOipTensor *tensor = self->tensor;
  guint n = json_array_get_length (list);

  if (n > 0 && JSON_NODE_HOLDS_ARRAY (json_array_get_element (list, 0)))
    return add_nested (self, list, level, error);
  if (level > 0 && (level + 1 != tensor->n_dims || n != tensor->shape[level]))
    return assay_oip_bad (error, _("%sdata does not have the shape that is given"), self->place);
  for (guint i = 0; i < n; i++)
    if (!add_value (self, json_array_get_element (list, i)))
      return bad_value (self, error);
  self->n += n;
  return TRUE;
}

/**
 * assay_oip_read_data:
 * @data: the member “data” of a tensor
 * @tensor: what is known of it, its shape too
 * @place: where it stands, with a point behind it
 * @error: a bare fault
 *
 * Returns: (transfer full) (nullable): its values in the binary extension's form
 */
GBytes *
assay_oip_read_data (JsonNode *data,
                     const AssayOipTensor *tensor,
                     const char *place,
                     GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Values values = { tensor, place, bytes, 0 };

  if (!JSON_NODE_HOLDS_ARRAY (data))
    {
      assay_oip_bad (error, _("%s%s is not %s"), place, "data", _("a list"));
      return NULL;
    }
  if (!add_list (&values, json_node_get_array (data), 0, error))
    return NULL;
  if (values.n != tensor->n_values)
    {
      assay_oip_bad (error, _("%sdata does not have the shape that is given"), place);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static void
append_elements (GString *out,
                 const AssayOipTensor *tensor)
{
  g_autoptr (GPtrArray) elements = assay_oip_tensor_dup_elements (tensor);

  for (guint i = 0; i < elements->len; i++)
    {
      gsize length;
      const char *data = g_bytes_get_data (elements->pdata[i], &length);
      g_autofree char *text = g_strndup (data != NULL ? data : "", length);

      assay_oip_append_text (out, NULL, text);
    }
}

static void
append_number (GString *out,
               const guint8 *at,
               AssayOipType type)
{
  assay_oip_append_name (out, NULL);
  if (type >= ASSAY_OIP_FP16)
    assay_json_append_double (out, assay_oip_read_double (at, type));
  else if (type == ASSAY_OIP_BOOL)
    g_string_append (out, *at != 0 ? "true" : "false");
  else if (type == ASSAY_OIP_UINT64)
    g_string_append_printf (out, "%" G_GUINT64_FORMAT,
                            (guint64) assay_oip_read_integer (at, type));
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, assay_oip_read_integer (at, type));
}

/**
 * assay_oip_append_data:
 * @out: JSON that is being written
 * @tensor: a tensor
 *
 * Appends its values as one list, row by row.  Numbers that are not finite become
 * null, and bytes of BYTES that are no UTF-8 U+FFFD: pictures go as base64, or in
 * the binary extension.
 */
void
assay_oip_append_data (GString *out,
                       const AssayOipTensor *tensor)
{
  const guint8 *data = g_bytes_get_data (tensor->data, NULL);
  gsize size = assay_oip_type_get_size (tensor->type);

  g_string_append_c (out, '[');
  if (tensor->type == ASSAY_OIP_BYTES)
    append_elements (out, tensor);
  else
    for (gsize i = 0; i < tensor->n_values; i++)
      append_number (out, data + i * size, tensor->type);
  g_string_append_c (out, ']');
}
