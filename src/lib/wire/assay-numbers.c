/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tensors as the numbers of a JSON list, without its brackets.  Each number has the same
 * width, filled up with spaces, which JSON allows around a number: so the length of the text
 * is known before a picture is decoded, and the request can say it. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-numbers.h"

/* Nine digits give a float back exactly (IEEE 754): "-1.23456789e-38", and a comma. */
#define FLOAT_WIDTH 15
#define BYTE_WIDTH 3

static gsize
get_size (AssayPixelType type)
{
  return type == ASSAY_PIXELS_UINT8 ? 1 : sizeof (float);
}

static gsize
get_width (AssayPixelType type)
{
  return type == ASSAY_PIXELS_UINT8 ? BYTE_WIDTH : FLOAT_WIDTH;
}

typedef struct {
  AssayPayload *tensor;
  AssayPixelType type;
} Numbers;

static void
numbers_free (gpointer data)
{
  Numbers *self = data;

  assay_payload_unref (self->tensor);
  g_free (self);
}

static float
read_float (const guint8 *at)
{
  guint32 bits;
  float value;

  memcpy (&bits, at, sizeof bits);
  bits = GUINT32_FROM_LE (bits);
  memcpy (&value, &bits, sizeof value);
  /* JSON has no other numbers; preprocessing makes none. */
  return isfinite (value) ? value : 0;
}

static void
write_number (char *out,
              const guint8 *at,
              AssayPixelType type)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  gsize length;

  if (type == ASSAY_PIXELS_UINT8)
    g_snprintf (text, sizeof text, "%u", *at);
  else
    g_ascii_formatd (text, sizeof text, "%.8e", read_float (at));
  length = MIN (strlen (text), get_width (type));
  memset (out, ' ', get_width (type) - length);
  memcpy (out + get_width (type) - length, text, length);
}

static GBytes *
write_numbers (const guint8 *data,
               gsize n,
               AssayPixelType type)
{
  gsize step = get_width (type) + 1;
  char *text = g_malloc (MAX (n * step, 1));

  for (gsize i = 0; i < n; i++)
    {
      write_number (text + i * step, data + i * get_size (type), type);
      text[i * step + step - 1] = ',';
    }
  return g_bytes_new_take (text, n > 0 ? n * step - 1 : 0);
}

static GInputStream *
open_numbers (gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  Numbers *self = data;
  g_autoptr (GInputStream) stream = assay_payload_open (self->tensor, cancellable, error);
  guint64 length = assay_payload_get_length (self->tensor);
  g_autofree guint8 *values = NULL;
  g_autoptr (GBytes) text = NULL;
  gsize n_read;

  if (stream == NULL)
    return NULL;
  values = g_malloc (length + 1);
  if (!g_input_stream_read_all (stream, values, length, &n_read, cancellable, error))
    return NULL;
  if (n_read < length)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                           _("The picture changed while it was read. Try it again."));
      return NULL;
    }
  text = write_numbers (values, length / get_size (self->type), self->type);
  return g_memory_input_stream_new_from_bytes (text);
}

/**
 * assay_numbers_payload:
 * @tensor: (transfer none): values of @type, least significant byte first
 *
 * Returns: (transfer full): the same in digits, with commas between
 */
AssayPayload *
assay_numbers_payload (AssayPayload *tensor,
                       AssayPixelType type)
{
  Numbers *self;
  guint64 n;

  g_return_val_if_fail (tensor != NULL, NULL);

  self = g_new0 (Numbers, 1);
  self->tensor = assay_payload_ref (tensor);
  self->type = type;
  n = assay_payload_get_length (tensor) / get_size (type);
  return assay_payload_new (assay_payload_get_name (tensor), "application/json",
                            n > 0 ? n * (get_width (type) + 1) - 1 : 0, open_numbers, self,
                            numbers_free);
}
