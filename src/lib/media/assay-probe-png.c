/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Portable Network Graphics (third edition): a signature, then chunks of length,
 * type, data and a CRC over type and data. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <zlib.h>

#include "assay-probe-private.h"

#define TYPE(a, b, c, d) ((guint32) (a) << 24 | (b) << 16 | (c) << 8 | (d))

enum {
  GRAY = 0,
  RGB = 2,
  PALETTE = 3,
  GRAY_ALPHA = 4,
  RGB_ALPHA = 6,
};

typedef struct {
  AssayPeek *peek;
  AssayFacts *facts;
  guint color;
  gboolean palette;
  gboolean data;
  gboolean data_over;
} Walk;

/* The bit depths that each color type may have, bit by bit. */
static guint
get_depths (guint color)
{
  switch (color)
    {
    case GRAY:
      return 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8 | 1 << 16;
    case PALETTE:
      return 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8;
    case RGB:
    case GRAY_ALPHA:
    case RGB_ALPHA:
      return 1 << 8 | 1 << 16;
    default:
      return 0;
    }
}

static void
decide (AssayFacts *facts)
{
  gboolean plain = facts->bits == 8 && !facts->palette && !facts->alpha && !facts->animated;

  facts->handling = plain ? ASSAY_HANDLING_SEND : ASSAY_HANDLING_CONVERT;
}

static gboolean
read_header (Walk *self,
             GError **error)
{
  static const guint channels[] = { 1, 0, 3, 3, 2, 0, 4 };
  const guint8 *bytes = assay_peek_need (self->peek, 16, 13, error);
  guint bits;

  if (bytes == NULL)
    return FALSE;
  bits = bytes[8];
  self->color = bytes[9];
  if (bits > 16 || (get_depths (self->color) & 1 << bits) == 0)
    return assay_probe_damaged (error, _("the PNG's color type makes no sense"));
  if (bytes[10] != 0 || bytes[11] != 0 || bytes[12] > 1)
    return assay_probe_damaged (error, _("the PNG's header makes no sense"));

  self->facts->bits = bits;
  self->facts->channels = channels[self->color];
  self->facts->palette = self->color == PALETTE;
  self->facts->alpha = self->color == GRAY_ALPHA || self->color == RGB_ALPHA;
  decide (self->facts);
  return assay_probe_set_size (self->facts, assay_be32 (bytes), assay_be32 (bytes + 4), error);
}

static gboolean
read_data (Walk *self,
           GError **error)
{
  if (self->data_over)
    return assay_probe_damaged (error, _("the PNG's picture data is not in one piece"));
  if (self->color == PALETTE && !self->palette)
    return assay_probe_damaged (error, _("the PNG has no palette"));
  self->data = TRUE;
  return TRUE;
}

static gboolean
read_palette (Walk *self,
              guint32 length,
              GError **error)
{
  if (self->palette || self->data || length == 0 || length > 256 * 3 || length % 3 != 0
      || self->color == GRAY || self->color == GRAY_ALPHA)
    return assay_probe_damaged (error, _("the PNG's palette makes no sense"));
  self->palette = TRUE;
  return TRUE;
}

/* Meaning of a chunk whose CRC is right. */
static gboolean
read_chunk (Walk *self,
            guint32 type,
            guint64 at,
            guint32 length,
            GError **error)
{
  self->data_over |= self->data && type != TYPE ('I', 'D', 'A', 'T');
  switch (type)
    {
    case TYPE ('I', 'D', 'A', 'T'):
      return read_data (self, error);
    case TYPE ('P', 'L', 'T', 'E'):
      return read_palette (self, length, error);
    case TYPE ('I', 'H', 'D', 'R'):
      return assay_probe_damaged (error, _("the PNG has two headers"));
    case TYPE ('t', 'R', 'N', 'S'):
      self->facts->alpha |= !self->data;
      break;
    case TYPE ('a', 'c', 'T', 'L'):
      self->facts->animated |= !self->data;
      break;
    case TYPE ('e', 'X', 'I', 'f'):
      assay_probe_read_exif (self->peek, at, at + length, self->facts);
      break;
    default:
      /* A capital first letter: a decoder that doesn't know it must give up. */
      if ((type >> 24 & 0x20) == 0 && type != TYPE ('I', 'E', 'N', 'D'))
        return assay_probe_damaged (error, _("the PNG has an unknown critical chunk"));
      break;
    }
  decide (self->facts);
  return TRUE;
}

static gboolean
check_crc (AssayPeek *peek,
           guint64 at,
           guint32 length,
           GError **error)
{
  const guint64 end = at + 4 + length;
  const guint8 *bytes;
  uLong crc = crc32 (0, NULL, 0);

  while (at < end)
    {
      gsize have;

      bytes = assay_peek_some (peek, at, &have, error);
      if (bytes == NULL)
        return FALSE;
      have = MIN (have, end - at);
      crc = crc32 (crc, bytes, have);
      at += have;
    }
  bytes = assay_peek_need (peek, end, 4, error);
  if (bytes == NULL)
    return FALSE;
  return assay_be32 (bytes) == crc
         || assay_probe_damaged (error, _("a checksum in the PNG is wrong"));
}

static gboolean
is_type (const guint8 *bytes)
{
  for (guint i = 0; i < 4; i++)
    if (!g_ascii_isalpha (bytes[i]))
      return FALSE;
  return TRUE;
}

/* Reads length and type of the chunk at @at. */
static gboolean
read_head (Walk *self,
           guint64 at,
           guint32 *length,
           guint32 *type,
           GError **error)
{
  const guint8 *bytes = assay_peek_need (self->peek, at, 8, error);

  if (bytes == NULL)
    return FALSE;
  *length = assay_be32 (bytes);
  *type = assay_be32 (bytes + 4);
  if (*length > G_MAXINT32 || !is_type (bytes + 4))
    return assay_probe_damaged (error, _("the PNG's chunks do not follow each other"));
  if (at == 8 && (*type != TYPE ('I', 'H', 'D', 'R') || *length != 13))
    return assay_probe_damaged (error, _("the PNG does not begin with its header"));
  return TRUE;
}

gboolean
assay_probe_png (AssayPeek *peek,
                 AssayFacts *facts,
                 GError **error)
{
  Walk self = { .peek = peek, .facts = facts };
  guint64 at = 8;
  guint32 type = 0;
  guint chunks = 0;

  facts->handling = ASSAY_HANDLING_SEND;
  while (type != TYPE ('I', 'E', 'N', 'D'))
    {
      guint32 length = 0;

      if (!assay_probe_count (&chunks, error) || !read_head (&self, at, &length, &type, error)
          || (at == 8 && !read_header (&self, error))
          || !check_crc (peek, at + 4, length, error)
          || (at != 8 && !read_chunk (&self, type, at + 8, length, error)))
        return FALSE;
      at += 12 + (guint64) length;
    }
  return self.data || assay_probe_damaged (error, _("the PNG has no picture data"));
}
