/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "assay-oip-private.h"
#include "assay-oip-tensor.h"

/* Names and sizes: “Tensor Data Types” of the protocol's inference_rest.md. */
static const struct {
  const char *name;
  gsize size;
} types[] = {
  [ASSAY_OIP_UNKNOWN] = { "", 0 },
  [ASSAY_OIP_BOOL] = { "BOOL", 1 },
  [ASSAY_OIP_UINT8] = { "UINT8", 1 },
  [ASSAY_OIP_UINT16] = { "UINT16", 2 },
  [ASSAY_OIP_UINT32] = { "UINT32", 4 },
  [ASSAY_OIP_UINT64] = { "UINT64", 8 },
  [ASSAY_OIP_INT8] = { "INT8", 1 },
  [ASSAY_OIP_INT16] = { "INT16", 2 },
  [ASSAY_OIP_INT32] = { "INT32", 4 },
  [ASSAY_OIP_INT64] = { "INT64", 8 },
  [ASSAY_OIP_FP16] = { "FP16", 2 },
  [ASSAY_OIP_FP32] = { "FP32", 4 },
  [ASSAY_OIP_FP64] = { "FP64", 8 },
  [ASSAY_OIP_BYTES] = { "BYTES", 0 },
};

const char *
assay_oip_type_get_name (AssayOipType self)
{
  g_return_val_if_fail (self < G_N_ELEMENTS (types), "");

  return types[self].name;
}

/**
 * assay_oip_type_get_size:
 *
 * Returns: bytes of one value; 0 for BYTES, whose values are of any length
 */
gsize
assay_oip_type_get_size (AssayOipType self)
{
  g_return_val_if_fail (self < G_N_ELEMENTS (types), 0);

  return types[self].size;
}

/**
 * assay_oip_type_find:
 * @name: a data type, as it stands in JSON
 *
 * Triton's page of the classification extension calls BYTES “STRING”, which its
 * server doesn't; both are understood.
 *
 * Returns: the data type, or %ASSAY_OIP_UNKNOWN
 */
AssayOipType
assay_oip_type_find (const char *name)
{
  g_return_val_if_fail (name != NULL, ASSAY_OIP_UNKNOWN);

  for (AssayOipType type = ASSAY_OIP_BOOL; type <= ASSAY_OIP_BYTES; type++)
    if (strcmp (types[type].name, name) == 0)
      return type;
  return strcmp (name, "STRING") == 0 ? ASSAY_OIP_BYTES : ASSAY_OIP_UNKNOWN;
}

/**
 * assay_oip_count_values:
 * @shape: (array length=n_dims): sizes
 * @n_values: (out): their product; of no sizes 1, which is a scalar
 *
 * Returns: whether it is within %ASSAY_LIMIT_TENSOR_VALUES
 */
gboolean
assay_oip_count_values (const guint64 *shape,
                        guint n_dims,
                        gsize *n_values)
{
  guint64 n = 1;

  for (guint i = 0; i < n_dims; i++)
    if (!g_uint64_checked_mul (&n, n, shape[i]) || n > ASSAY_LIMIT_TENSOR_VALUES)
      return FALSE;
  *n_values = n;
  return TRUE;
}

/**
 * assay_oip_check_data:
 * @self: a tensor whose shape and data are set, but not yet compared
 *
 * Returns: whether the data hold as many values as the shape says, and no byte more
 */
gboolean
assay_oip_check_data (const AssayOipTensor *self)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (self->data, &size);
  gsize at = 0;

  if (self->type != ASSAY_OIP_BYTES)
    return size == self->n_values * types[self->type].size;
  for (gsize i = 0; i < self->n_values; i++)
    {
      guint32 length;

      if (size - at < sizeof length)
        return FALSE;
      memcpy (&length, data + at, sizeof length);
      length = GUINT32_FROM_LE (length);
      at += sizeof length;
      if (size - at < length)
        return FALSE;
      at += length;
    }
  return at == size;
}

/**
 * assay_oip_tensor_new:
 * @name: its name in the model
 * @type: of its values
 * @shape: (array length=n_dims): sizes, the slowest first
 * @data: (transfer none): the values in the form of the binary extension
 *
 * Returns: (transfer full) (nullable): the tensor; %NULL where shape and data
 *   don't fit each other
 */
AssayOipTensor *
assay_oip_tensor_new (const char *name,
                      AssayOipType type,
                      const guint64 *shape,
                      guint n_dims,
                      GBytes *data)
{
  g_autoptr (AssayOipTensor) self = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (type != ASSAY_OIP_UNKNOWN, NULL);
  g_return_val_if_fail (n_dims <= ASSAY_LIMIT_TENSOR_DIMS, NULL);
  g_return_val_if_fail (data != NULL, NULL);

  self = g_new0 (AssayOipTensor, 1);
  self->name = g_strdup (name);
  self->type = type;
  self->n_dims = n_dims;
  memcpy (self->shape, shape, n_dims * sizeof *shape);
  self->data = g_bytes_ref (data);
  if (!assay_oip_count_values (shape, n_dims, &self->n_values) || !assay_oip_check_data (self))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * assay_oip_append_element:
 * @data: BYTES that are being put together
 * @bytes: (array length=length): one more value
 */
void
assay_oip_append_element (GByteArray *data,
                          const char *bytes,
                          gsize length)
{
  guint32 prefix = GUINT32_TO_LE ((guint32) length);

  g_byte_array_append (data, (const guint8 *) &prefix, sizeof prefix);
  g_byte_array_append (data, (const guint8 *) bytes, length);
}

/**
 * assay_oip_tensor_new_elements:
 * @name: its name in the model
 * @shape: (array length=n_dims): sizes, the slowest first
 * @elements: (element-type GBytes): the values, row by row
 *
 * Returns: (transfer full) (nullable): a tensor of BYTES; %NULL where the shape
 *   says another number
 */
AssayOipTensor *
assay_oip_tensor_new_elements (const char *name,
                               const guint64 *shape,
                               guint n_dims,
                               GPtrArray *elements)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (elements != NULL, NULL);

  for (guint i = 0; i < elements->len; i++)
    {
      gsize length;
      const char *element = g_bytes_get_data (elements->pdata[i], &length);

      assay_oip_append_element (data, element, length);
    }
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&data));
  return assay_oip_tensor_new (name, ASSAY_OIP_BYTES, shape, n_dims, bytes);
}

void
assay_oip_tensor_free (AssayOipTensor *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->content_type);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self);
}

/**
 * assay_oip_tensor_dup_elements:
 * @self: a tensor of BYTES
 *
 * Returns: (transfer full) (element-type GBytes): its values, which share its memory
 */
GPtrArray *
assay_oip_tensor_dup_elements (const AssayOipTensor *self)
{
  GPtrArray *elements;
  const guint8 *data;
  gsize at = 0;

  g_return_val_if_fail (self != NULL && self->type == ASSAY_OIP_BYTES, NULL);

  data = g_bytes_get_data (self->data, NULL);
  elements = g_ptr_array_new_full (self->n_values, (GDestroyNotify) g_bytes_unref);
  for (gsize i = 0; i < self->n_values; i++)
    {
      guint32 length;

      memcpy (&length, data + at, sizeof length);
      length = GUINT32_FROM_LE (length);
      at += sizeof length;
      g_ptr_array_add (elements, g_bytes_new_from_bytes (self->data, at, length));
      at += length;
    }
  return elements;
}

/* IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
static double
from_half (guint16 half)
{
  int exponent = half >> 10 & 31;
  int fraction = half & 1023;
  double value;

  if (exponent == 31)
    value = fraction != 0 ? NAN : INFINITY;
  else if (exponent == 0)
    value = ldexp (fraction, -24);
  else
    value = ldexp (1024 + fraction, exponent - 25);
  return (half & 0x8000) != 0 ? -value : value;
}

static double
read_float (const guint8 *at,
            AssayOipType type)
{
  guint16 half;
  guint32 single;
  guint64 whole;
  float narrow;
  double wide;

  if (type == ASSAY_OIP_FP16)
    {
      memcpy (&half, at, sizeof half);
      return from_half (GUINT16_FROM_LE (half));
    }
  if (type == ASSAY_OIP_FP32)
    {
      memcpy (&single, at, sizeof single);
      single = GUINT32_FROM_LE (single);
      memcpy (&narrow, &single, sizeof narrow);
      return narrow;
    }
  memcpy (&whole, at, sizeof whole);
  whole = GUINT64_FROM_LE (whole);
  memcpy (&wide, &whole, sizeof wide);
  return wide;
}

/**
 * assay_oip_read_integer:
 * @at: a value of a BOOL, UINT or INT tensor
 * @type: of it
 *
 * Returns: the value; of a UINT64 its 64 bits
 */
gint64
assay_oip_read_integer (const guint8 *at,
                        AssayOipType type)
{
  gsize size = types[type].size;
  guint unused = 64 - 8 * size;
  guint64 bits = 0;

  for (gsize i = 0; i < size; i++)
    bits |= (guint64) at[i] << 8 * i;
  /* The sign of a short one is carried up to the 64th bit. */
  if (type >= ASSAY_OIP_INT8 && type <= ASSAY_OIP_INT64)
    return (gint64) (bits << unused) >> unused;
  return (gint64) bits;
}

/**
 * assay_oip_read_double:
 * @at: a value of a tensor that is not of BYTES
 * @type: of it
 *
 * Returns: the value, rounded where it is a long integer; may be no finite number
 */
double
assay_oip_read_double (const guint8 *at,
                       AssayOipType type)
{
  if (type >= ASSAY_OIP_FP16)
    return read_float (at, type);
  if (type == ASSAY_OIP_UINT64)
    return (guint64) assay_oip_read_integer (at, type);
  return assay_oip_read_integer (at, type);
}

/**
 * assay_oip_tensor_dup_doubles:
 * @self: a tensor
 *
 * Returns: (transfer full) (nullable): its @n_values values, which may be no
 *   finite numbers; %NULL where they are BYTES, or none
 */
double *
assay_oip_tensor_dup_doubles (const AssayOipTensor *self)
{
  const guint8 *data;
  double *values;
  gsize size;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->type == ASSAY_OIP_BYTES || self->n_values == 0)
    return NULL;
  data = g_bytes_get_data (self->data, NULL);
  size = types[self->type].size;
  values = g_new (double, self->n_values);
  for (gsize i = 0; i < self->n_values; i++)
    values[i] = assay_oip_read_double (data + i * size, self->type);
  return values;
}

/**
 * assay_oip_encode_base64:
 *
 * Returns: (transfer full): @bytes as base64 text on one line
 */
GBytes *
assay_oip_encode_base64 (GBytes *bytes)
{
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);
  char *text = g_base64_encode (data, length);

  return g_bytes_new_take (text, strlen (text));
}

static gboolean
is_base64 (const char *text,
           gsize length)
{
  gsize body = length;

  if (length % 4 != 0)
    return FALSE;
  for (guint i = 0; i < 2 && body > 0 && text[body - 1] == '='; i++)
    body--;
  for (gsize i = 0; i < body; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
      return FALSE;
  return TRUE;
}

/**
 * assay_oip_decode_base64:
 * @text: base64, strictly: RFC 4648, 4, on one line with its padding
 *
 * Returns: (transfer full) (nullable): what it stands for; %NULL where it is no base64
 */
GBytes *
assay_oip_decode_base64 (GBytes *text)
{
  gsize length;
  const char *data = g_bytes_get_data (text, &length);
  g_autofree char *copy = NULL;
  guchar *bytes;
  gsize n_bytes;

  if (!is_base64 (data, length))
    return NULL;
  copy = g_strndup (data != NULL ? data : "", length);
  bytes = g_base64_decode (copy, &n_bytes);
  return g_bytes_new_take (bytes, n_bytes);
}
