/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* WebP (RFC 9649): a RIFF file with one of three first chunks. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-probe-private.h"

enum {
  FLAG_ANIMATION = 1 << 1,
  FLAG_ALPHA = 1 << 4,
};

static guint
le24 (const guint8 *at)
{
  return at[0] | (guint) at[1] << 8 | (guint) at[2] << 16;
}

/* "VP8 ": the frame header of RFC 6386, 9.1. */
static gboolean
read_lossy (const guint8 *body,
            AssayFacts *facts,
            GError **error)
{
  if (memcmp (body + 3, "\x9d\x01\x2a", 3) != 0)
    return assay_probe_damaged (error, _("the WebP's frame makes no sense"));
  return assay_probe_set_size (facts, assay_le16 (body + 6) & 0x3fff,
                               assay_le16 (body + 8) & 0x3fff, error);
}

/* "VP8L": 14 bits of width, 14 of height, 1 of alpha. */
static gboolean
read_lossless (const guint8 *body,
               AssayFacts *facts,
               GError **error)
{
  guint32 bits = assay_le32 (body + 1);

  if (body[0] != 0x2f)
    return assay_probe_damaged (error, _("the WebP's frame makes no sense"));
  facts->alpha = (bits >> 28 & 1) != 0;
  return assay_probe_set_size (facts, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1, error);
}

/* "VP8X": the canvas. */
static gboolean
read_extended (const guint8 *body,
               AssayFacts *facts,
               GError **error)
{
  facts->alpha = (body[0] & FLAG_ALPHA) != 0;
  facts->animated = (body[0] & FLAG_ANIMATION) != 0;
  return assay_probe_set_size (facts, (guint64) le24 (body + 4) + 1, (guint64) le24 (body + 7) + 1,
                               error);
}

static gboolean
read_first (AssayPeek *peek,
            AssayFacts *facts,
            GError **error)
{
  const guint8 *bytes = assay_peek_need (peek, 12, 8 + 10, error);

  if (bytes == NULL)
    return FALSE;
  if (memcmp (bytes, "VP8 ", 4) == 0)
    return read_lossy (bytes + 8, facts, error);
  if (memcmp (bytes, "VP8L", 4) == 0)
    return read_lossless (bytes + 8, facts, error);
  if (memcmp (bytes, "VP8X", 4) == 0)
    return read_extended (bytes + 8, facts, error);
  return assay_probe_damaged (error, _("the WebP does not begin with a picture"));
}

static gboolean
read_chunks (AssayPeek *peek,
             guint64 end,
             AssayFacts *facts,
             GError **error)
{
  guint chunks = 0;

  for (guint64 at = 12; at + 8 <= end;)
    {
      const guint8 *bytes = assay_peek_need (peek, at, 8, error);
      guint64 length;
      gboolean exif;

      if (bytes == NULL || !assay_probe_count (&chunks, error))
        return FALSE;
      length = assay_le32 (bytes + 4);
      exif = memcmp (bytes, "EXIF", 4) == 0;
      at += 8;
      if (length > end - at)
        return assay_probe_damaged (error, _("a piece of the WebP is longer than the file"));
      if (exif)
        assay_probe_read_exif (peek, at, at + length, facts);
      at += length + (length & 1);
    }
  return TRUE;
}

gboolean
assay_probe_webp (AssayPeek *peek,
                  AssayFacts *facts,
                  GError **error)
{
  const guint8 *bytes = assay_peek_need (peek, 0, 12, error);
  guint64 end;

  if (bytes == NULL)
    return FALSE;
  end = 8 + (guint64) assay_le32 (bytes + 4);
  facts->handling = ASSAY_HANDLING_CONVERT;
  facts->bits = 8;
  if (!read_first (peek, facts, error))
    return FALSE;
  facts->channels = facts->alpha ? 4 : 3;
  return assay_peek_need (peek, end - 1, 1, error) != NULL
         && read_chunks (peek, end, facts, error);
}
