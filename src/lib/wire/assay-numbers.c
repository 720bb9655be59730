/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tensors as the numbers of a JSON list, without its brackets, or as lists in one another.
 * Each number has the same width, filled up with spaces, which JSON allows around a number:
 * so the length of the text is known before a picture is decoded, and the request can say
 * it. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-numbers.h"

/* Nine digits give a float back exactly (IEEE 754): "-1.23456789e-38", and a comma. */
#define FLOAT_WIDTH 15
#define BYTE_WIDTH 3
#define N_DIMS 3                        /* of a nested one */
#define KNOWN_BITS 13                   /* of the hash of a float: 768 different ones seldom meet */

typedef struct {
  AssayPayload *tensor;
  AssayPixelType type;
  guint64 n_values;
  guint64 row;               /* values in an innermost list, 0 where there are no lists */
  guint64 plane;             /* values in a list of those */
} Numbers;

/* What a float looks like that has been written: a channel of a picture has 256 different
 * ones, each of them hundreds of times. */
typedef struct {
  gboolean used;
  guint32 bits;
  char text[FLOAT_WIDTH + 1];
} Known;

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

static void
numbers_free (gpointer data)
{
  Numbers *self = data;

  assay_payload_unref (self->tensor);
  g_free (self);
}

/* Numbers, a comma after each but the last, and two brackets for each list. */
static guint64
get_text_length (const Numbers *self)
{
  guint64 n_lists = self->row > 0 ? 1 + self->n_values / self->plane + self->n_values / self->row
                                  : 0;

  if (self->n_values == 0)
    return 0;
  return self->n_values * (get_width (self->type) + 1) - 1 + 2 * n_lists;
}

/* How many lists end before value @i, and how many begin there. */
static guint
count_edges (const Numbers *self,
             guint64 i)
{
  if (self->row == 0 || i % self->row != 0)
    return 0;
  if (i % self->plane != 0)
    return 1;
  return i > 0 && i < self->n_values ? 2 : N_DIMS;
}

static char *
put_repeated (char *out,
              char c,
              guint n)
{
  memset (out, c, n);
  return out + n;
}

static char *
put_byte (char *out,
          guint value)
{
  out[0] = value >= 100 ? (char) ('0' + value / 100) : ' ';
  out[1] = value >= 10 ? (char) ('0' + value / 10 % 10) : ' ';
  out[2] = (char) ('0' + value % 10);
  return out + BYTE_WIDTH;
}

/* Returns: %NULL if it is no number */
static char *
put_float (char *out,
           const guint8 *at,
           Known *known)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  guint32 bits;
  float value;
  Known *found;

  memcpy (&bits, at, sizeof bits);
  bits = GUINT32_FROM_LE (bits);
  /* Multiplicative hashing (Knuth, The Art of Computer Programming, volume 3, 6.4). */
  found = &known[(guint32) (bits * 2654435761u) >> (32 - KNOWN_BITS)];
  if (!found->used || found->bits != bits)
    {
      memcpy (&value, &bits, sizeof value);
      if (!isfinite (value))
        return NULL;
      g_ascii_formatd (text, sizeof text, "%.8e", value);
      g_snprintf (found->text, sizeof found->text, "%*s", FLOAT_WIDTH, text);
      found->bits = bits;
      found->used = TRUE;
    }
  memcpy (out, found->text, FLOAT_WIDTH);
  return out + FLOAT_WIDTH;
}

static GBytes *
write_numbers (const Numbers *self,
               const guint8 *data,
               GError **error)
{
  guint64 length = get_text_length (self);
  g_autofree char *text = g_malloc (length + 1);
  g_autofree Known *known = g_new0 (Known, 1 << KNOWN_BITS);
  char *out = text;

  for (guint64 i = 0; i < self->n_values; i++)
    {
      guint edges = count_edges (self, i);

      if (i > 0)
        {
          out = put_repeated (out, ']', edges);
          *out++ = ',';
        }
      out = put_repeated (out, '[', edges);
      out = self->type == ASSAY_PIXELS_UINT8 ? put_byte (out, data[i])
                                             : put_float (out, data + i * sizeof (float), known);
      if (out == NULL)
        {
          g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                               _("What becomes of the picture holds values that are no numbers. "
                                 "Correct the preprocessing of the connection."));
          return NULL;
        }
    }
  out = put_repeated (out, ']', self->n_values > 0 ? count_edges (self, self->n_values) : 0);
  g_assert ((guint64) (out - text) == length);
  return g_bytes_new_take (g_steal_pointer (&text), length);
}

static GInputStream *
open_numbers (gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  const Numbers *self = data;
  g_autoptr (GInputStream) stream = assay_payload_open (self->tensor, cancellable, error);
  gsize length = self->n_values * get_size (self->type);
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
  text = write_numbers (self, values, error);
  return text != NULL ? g_memory_input_stream_new_from_bytes (text) : NULL;
}

static Numbers *
numbers_new (AssayPayload *tensor,
             AssayPixelType type)
{
  Numbers *self = g_new0 (Numbers, 1);

  self->tensor = assay_payload_ref (tensor);
  self->type = type;
  self->n_values = assay_payload_get_length (tensor) / get_size (type);
  return self;
}

static AssayPayload *
payload_new (Numbers *self)
{
  return assay_payload_new (assay_payload_get_name (self->tensor), "application/json",
                            get_text_length (self), open_numbers, self, numbers_free);
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
  g_return_val_if_fail (tensor != NULL, NULL);

  return payload_new (numbers_new (tensor, type));
}

/**
 * assay_numbers_nested_payload:
 * @tensor: (transfer none): what an #AssayPixelMaker has made of a picture
 * @need: what it is, all of it said: type, channels, width and height, and their order
 * @error: %ASSAY_ERROR_TOO_LARGE when that is too much to be written as text
 *
 * The text is held in memory while it is read: 2.4 MB of 224 × 224 pixels in floats.
 *
 * Returns: (transfer full) (nullable): three lists in one another, outermost first
 */
AssayPayload *
assay_numbers_nested_payload (AssayPayload *tensor,
                              const AssayPixelNeed *need,
                              GError **error)
{
  guint64 n_values;
  Numbers *self;

  g_return_val_if_fail (tensor != NULL, NULL);
  g_return_val_if_fail (need != NULL, NULL);
  g_return_val_if_fail (need->channels > 0 && need->width > 0 && need->height > 0, NULL);

  n_values = (guint64) need->channels * need->width * need->height;
  if (n_values >= ASSAY_LIMIT_FILE_BYTES / (get_width (need->type) + 1))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                   _("The model takes pictures of %u × %u pixels, which is too much to be sent "
                     "as text."), need->width, need->height);
      return NULL;
    }
  g_return_val_if_fail (assay_payload_get_length (tensor) == n_values * get_size (need->type),
                        NULL);

  self = numbers_new (tensor, need->type);
  self->row = need->channels_last ? need->channels : need->width;
  self->plane = self->row * (need->channels_last ? need->width : need->height);
  return payload_new (self);
}
