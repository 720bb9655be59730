/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* JPEG XL (ISO/IEC 18181): a bare codestream, or boxes with one inside.  Its size
 * header is a string of bits, the lowest of a byte first. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-probe-private.h"

typedef struct {
  guint8 bytes[12];
  guint at;
} Bits;

static guint32
take (Bits *self,
      guint count)
{
  guint32 value = 0;

  for (guint i = 0; i < count; i++, self->at++)
    value |= (guint32) (self->bytes[self->at / 8] >> self->at % 8 & 1) << i;
  return value;
}

static guint64
take_side (Bits *self,
           gboolean small)
{
  static const guint widths[] = { 9, 13, 18, 30 };

  if (small)
    return ((guint64) take (self, 5) + 1) * 8;
  return (guint64) take (self, widths[take (self, 2)]) + 1;
}

/* Table of the aspect ratios that stand for a width. */
static guint64
apply_ratio (guint ratio,
             guint64 height)
{
  static const guint ratios[][2] = {
    { 1, 1 }, { 12, 10 }, { 4, 3 }, { 3, 2 }, { 16, 9 }, { 5, 4 }, { 2, 1 },
  };

  return height * ratios[ratio - 1][0] / ratios[ratio - 1][1];
}

static gboolean
read_codestream (AssayPeek *peek,
                 guint64 at,
                 AssayFacts *facts,
                 GError **error)
{
  const guint8 *bytes = assay_peek_need (peek, at, 2 + 12, error);
  Bits bits = { .at = 0 };
  gboolean small;
  guint64 height;
  guint ratio;

  if (bytes == NULL)
    return FALSE;
  if (bytes[0] != 0xff || bytes[1] != 0x0a)
    return assay_probe_damaged (error, _("the JPEG XL does not begin with a picture"));
  memcpy (bits.bytes, bytes + 2, sizeof bits.bytes);
  small = take (&bits, 1);
  height = take_side (&bits, small);
  ratio = take (&bits, 3);
  return assay_probe_set_size (facts,
                               ratio == 0 ? take_side (&bits, small) : apply_ratio (ratio, height),
                               height, error);
}

/* Where the codestream begins: in a "jxlc" box, or in the first of several "jxlp". */
static gboolean
find_codestream (AssayPeek *peek,
                 guint64 *found,
                 GError **error)
{
  guint boxes = 0;

  for (guint64 at = 0;;)
    {
      const guint8 *bytes = assay_peek_need (peek, at, 8, error);
      guint64 length;
      guint head = 8;

      if (bytes == NULL || !assay_probe_count (&boxes, error))
        return FALSE;
      length = assay_be32 (bytes);
      if (length == 1)
        {
          head = 16;
          bytes = assay_peek_need (peek, at, 16, error);
          if (bytes == NULL)
            return FALSE;
          length = (guint64) assay_be32 (bytes + 8) << 32 | assay_be32 (bytes + 12);
        }
      *found = at + head + (memcmp (bytes + 4, "jxlp", 4) == 0 ? 4 : 0);
      if (memcmp (bytes + 4, "jxlc", 4) == 0 || memcmp (bytes + 4, "jxlp", 4) == 0)
        return TRUE;
      if (length < head || length > peek->limit - at)
        return assay_probe_damaged (error, _("a piece of it is longer than the file"));
      at += length;
    }
}

gboolean
assay_probe_jxl (AssayPeek *peek,
                 AssayFacts *facts,
                 GError **error)
{
  const guint8 *bytes = assay_peek_need (peek, 0, 2, error);
  guint64 at = 0;

  if (bytes == NULL)
    return FALSE;
  facts->handling = ASSAY_HANDLING_CONVERT;
  facts->bits = 8;
  facts->channels = 3;
  if (bytes[0] == 0 && !find_codestream (peek, &at, error))
    return FALSE;
  return read_codestream (peek, at, facts, error);
}
