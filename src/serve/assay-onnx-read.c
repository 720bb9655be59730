/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a protocol buffer field by field, in place.  What makes no sense is its end. */

#include "config.h"

#include "assay-onnx-private.h"

static gboolean
read_varint (AssayOnnxSpan *message,
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
skip_bytes (AssayOnnxSpan *message,
            guint64 length)
{
  if (length > (guint64) (message->end - message->at))
    return FALSE;
  message->at += length;
  return TRUE;
}

static gboolean
read_stretch (AssayOnnxSpan *message,
              AssayOnnxField *field)
{
  if (!read_varint (message, &field->value))
    return FALSE;
  field->span.at = message->at;
  if (!skip_bytes (message, field->value))
    return FALSE;
  field->span.end = message->at;
  return TRUE;
}

/* What is behind a field's number, by the kind that stands in it. */
static gboolean
read_content (AssayOnnxSpan *message,
              guint kind,
              AssayOnnxField *field)
{
  switch (kind)
    {
    case 0:
      return read_varint (message, &field->value);
    case 1:
      return skip_bytes (message, 8);
    case 2:
      return read_stretch (message, field);
    case 5:
      return skip_bytes (message, 4);
    default:
      return FALSE;
    }
}

/**
 * assay_onnx_next_field:
 * @message: (inout): what is left of a message; moves behind the field, if there is one
 * @field: (out caller-allocates): the next one
 *
 * Returns: %FALSE at the end, and where the bytes make no sense
 */
gboolean
assay_onnx_next_field (AssayOnnxSpan *message,
                       AssayOnnxField *field)
{
  const guint8 *start = message->at;
  guint64 key;

  if (read_varint (message, &key) && key >> 3 <= G_MAXUINT)
    {
      *field = (AssayOnnxField) { .number = key >> 3 };
      if (read_content (message, key & 7, field))
        {
          field->whole = (AssayOnnxSpan) { start, message->at };
          return TRUE;
        }
    }
  message->at = start;
  return FALSE;
}

/**
 * assay_onnx_find:
 * @message: a message
 * @number: of a field that is a stretch of bytes
 * @found: (out): the first one
 *
 * Returns: whether there is one
 */
gboolean
assay_onnx_find (AssayOnnxSpan message,
                 guint number,
                 AssayOnnxSpan *found)
{
  AssayOnnxField field;

  while (assay_onnx_next_field (&message, &field))
    if (field.number == number && field.span.at != NULL)
      {
        *found = field.span;
        return TRUE;
      }
  return FALSE;
}
