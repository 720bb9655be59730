/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The sizes of a network's picture input, read from the ONNX file itself:
 * OpenCV knows them but does not tell.  An ONNX file is a protocol buffer
 * (onnx.proto): ModelProto.graph = 7, GraphProto.input = 11,
 * ValueInfoProto.type = 2, TypeProto.tensor_type = 1, Tensor.shape = 2,
 * TensorShapeProto.dim = 1, Dimension.dim_value = 1. */

#include "config.h"

#include "assay-onnx.h"

typedef struct {
  const guint8 *at;
  const guint8 *end;
} Message;

typedef struct {
  guint number;
  guint64 value;    /* of a varint */
  Message message;  /* of a stretch of bytes; empty otherwise */
} Field;

static gboolean
read_varint (Message *message,
             guint64 *value)
{
  *value = 0;
  for (guint shift = 0; shift < 64 && message->at < message->end; shift += 7)
    {
      guint8 byte = *message->at++;

      *value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
skip_bytes (Message *message,
            guint64 length)
{
  if (length > (guint64) (message->end - message->at))
    return FALSE;
  message->at += length;
  return TRUE;
}

/* FALSE at the end and where the bytes make no sense: both end the search. */
static gboolean
next_field (Message *message,
            Field *field)
{
  guint64 key;

  if (!read_varint (message, &key) || key >> 3 > G_MAXUINT)
    return FALSE;

  *field = (Field) { .number = key >> 3 };
  switch (key & 7)
    {
    case 0:
      return read_varint (message, &field->value);
    case 1:
      return skip_bytes (message, 8);
    case 2:
      if (!read_varint (message, &field->value))
        return FALSE;
      field->message.at = message->at;
      if (!skip_bytes (message, field->value))
        return FALSE;
      field->message.end = message->at;
      return TRUE;
    case 5:
      return skip_bytes (message, 4);
    default:
      return FALSE;
    }
}

static gboolean
find_message (Message message,
              guint number,
              Message *found)
{
  Field field;

  while (next_field (&message, &field))
    if (field.number == number && field.message.at != NULL)
      {
        *found = field.message;
        return TRUE;
      }
  return FALSE;
}

/* A size that is left open (a name, or nothing) is 0. */
static guint
read_dims (Message shape,
           gint64 dims[4])
{
  Field field;
  Field value;
  guint n = 0;

  while (next_field (&shape, &field))
    {
      if (field.number != 1 || field.message.at == NULL)
        continue;
      if (n == 4)
        return 5;
      dims[n] = 0;
      while (next_field (&field.message, &value))
        if (value.number == 1 && value.message.at == NULL)
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
  Message model;
  Message graph;
  Field field;

  g_return_val_if_fail (data != NULL || length == 0, FALSE);
  g_return_val_if_fail (dims != NULL, FALSE);

  model = (Message) { data, data + length };
  if (!find_message (model, 7, &graph))
    return FALSE;

  while (next_field (&graph, &field))
    {
      Message inner;

      if (field.number == 11 && field.message.at != NULL &&
          find_message (field.message, 2, &inner) &&
          find_message (inner, 1, &inner) &&
          find_message (inner, 2, &inner) &&
          read_dims (inner, dims) == 4)
        return TRUE;
    }
  return FALSE;
}
