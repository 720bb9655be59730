/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* ITU-T T.81, annex B: segments between markers, and entropy-coded data behind
 * each start of scan, in which 0xff is followed by 0, by a restart marker or by
 * the marker that ends it.  Four components are CMYK or YCCK: which of the two,
 * and whether inverted, is the decoder's business, since both are converted. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-probe-private.h"

enum {
  SOF0 = 0xc0,
  SOF1 = 0xc1,
  SOF2 = 0xc2,
  DHT = 0xc4,
  JPG = 0xc8,
  SOF9 = 0xc9,
  SOF10 = 0xca,
  DAC = 0xcc,
  SOF15 = 0xcf,
  RST0 = 0xd0,
  RST7 = 0xd7,
  SOI = 0xd8,
  EOI = 0xd9,
  SOS = 0xda,
  DQT = 0xdb,
  APP1 = 0xe1,
  TEM = 0x01,
};

typedef struct {
  AssayPeek *peek;
  AssayFacts *facts;
  guint64 at;
  guint segments;
  guint components;
  gboolean exif;
  gboolean quantized;
  gboolean scanned;
} Walk;

static gboolean
is_frame (guint marker)
{
  return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
}

/* What libjpeg, and with it GdkPixbuf, can decode at all: Huffman or arithmetic
 * coding, sequential or progressive, 8 bits. */
static gboolean
check_process (guint marker,
               guint bits,
               GError **error)
{
  if (marker != SOF0 && marker != SOF1 && marker != SOF2 && marker != SOF9 && marker != SOF10)
    return assay_probe_unsupported (error, _("Lossless and hierarchical JPEG pictures cannot be "
                                             "opened: save it as an ordinary JPEG or PNG"));
  if (bits == 8)
    return TRUE;
  if (bits == 12)
    return assay_probe_unsupported (error, _("JPEG pictures of 12 bits cannot be opened: "
                                             "save it as an ordinary JPEG or PNG"));
  return assay_probe_damaged (error, _("the JPEG's bits per sample make no sense"));
}

static gboolean
check_components (const guint8 *component,
                  guint components,
                  GError **error)
{
  if (components == 0)
    return assay_probe_damaged (error, _("the JPEG has no color channel"));
  if (components == 2 || components > 4)
    return assay_probe_unsupported (error, _("JPEG pictures of so many channels cannot be opened: "
                                             "save it as an ordinary JPEG or PNG"));
  for (guint i = 0; i < components; i++, component += 3)
    {
      guint horizontal = component[1] >> 4;
      guint vertical = component[1] & 15;

      if (horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4 || component[2] > 3)
        return assay_probe_damaged (error, _("the JPEG's frame makes no sense"));
    }
  return TRUE;
}

static gboolean
read_frame (Walk *self,
            guint marker,
            const guint8 *body,
            gsize length,
            GError **error)
{
  AssayFacts *facts = self->facts;

  if (self->components != 0)
    return assay_probe_damaged (error, _("the JPEG has two frames"));
  if (length < 6 || length != 6 + (gsize) body[5] * 3)
    return assay_probe_damaged (error, _("the JPEG's frame is cut short"));

  facts->bits = body[0];
  self->components = body[5];
  facts->channels = self->components;
  facts->cmyk = self->components == 4;
  facts->handling = marker != SOF0 && marker != SOF2 ? ASSAY_HANDLING_CONVERT
                    : facts->cmyk                    ? ASSAY_HANDLING_CONVERT
                                                     : ASSAY_HANDLING_SEND;
  return assay_probe_set_size (facts, assay_be16 (body + 3), assay_be16 (body + 1), error)
         && check_process (marker, body[0], error)
         && check_components (body + 6, self->components, error);
}

static gboolean
check_scan (Walk *self,
            const guint8 *body,
            gsize length,
            GError **error)
{
  if (self->components == 0)
    return assay_probe_damaged (error, _("the JPEG has a scan before its frame"));
  if (!self->quantized)
    return assay_probe_damaged (error, _("the JPEG has no quantization table"));
  if (length < 6 || length != 4 + (gsize) body[0] * 2 || body[0] > self->components)
    return assay_probe_damaged (error, _("the JPEG's scan makes no sense"));
  return TRUE;
}

/* To the marker that ends the entropy-coded data.  Runs over every byte of every
 * upload: memchr() does the work. */
static gboolean
skip_scan (Walk *self,
           GError **error)
{
  for (;;)
    {
      gsize length;
      const guint8 *bytes = assay_peek_some (self->peek, self->at, &length, error);
      const guint8 *found;
      const guint8 *end;

      if (bytes == NULL)
        return FALSE;
      end = bytes + length;
      for (found = bytes; (found = memchr (found, 0xff, end - found)) != NULL; found += 2)
        if (found + 1 == end || !(found[1] == 0 || (found[1] >= RST0 && found[1] <= RST7)))
          break;

      if (found == NULL)
        {
          self->at += length;
          continue;
        }
      self->at += found - bytes;
      if (found + 1 < end)
        return TRUE;
      /* 0xff is the last byte at hand: look at it together with the next. */
      if (assay_peek_need (self->peek, self->at, 2, error) == NULL)
        return FALSE;
    }
}

static void
read_exif (Walk *self,
           gsize length)
{
  const guint8 *bytes;

  if (self->exif || length < 6)
    return;
  bytes = assay_peek_need (self->peek, self->at, 6, NULL);
  if (bytes == NULL || memcmp (bytes, "Exif\0\0", 6) != 0)
    return;
  self->exif = TRUE;
  assay_probe_read_exif (self->peek, self->at + 6, self->at + length, self->facts);
}

/* The segment of @length bytes at the walk's place.  Only what says something is
 * looked at, so that the first bytes of a file tell much even where a segment is
 * longer than they are. */
static gboolean
read_segment (Walk *self,
              guint marker,
              gsize length,
              GError **error)
{
  const guint8 *body = NULL;

  if (marker == DQT)
    self->quantized = TRUE;
  else if (marker == APP1)
    read_exif (self, length);
  if (!is_frame (marker) && marker != SOS)
    return TRUE;

  if (length > 0)
    {
      body = assay_peek_need (self->peek, self->at, length, error);
      if (body == NULL)
        return FALSE;
    }
  return is_frame (marker) ? read_frame (self, marker, body, length, error)
                           : check_scan (self, body, length, error);
}

/* The next marker; any number of 0xff may stand before it. */
static gboolean
next_marker (Walk *self,
             guint *marker,
             GError **error)
{
  const guint8 *bytes = assay_peek_need (self->peek, self->at, 2, error);

  if (bytes == NULL)
    return FALSE;
  if (bytes[0] != 0xff)
    return assay_probe_damaged (error, _("the JPEG's segments do not follow each other"));
  while (bytes[1] == 0xff)
    {
      self->at++;
      bytes = assay_peek_need (self->peek, self->at, 2, error);
      if (bytes == NULL)
        return FALSE;
    }
  *marker = bytes[1];
  self->at += 2;
  return TRUE;
}

static gboolean
step (Walk *self,
      guint marker,
      GError **error)
{
  const guint8 *bytes;
  gsize length;

  if (marker == TEM)
    return TRUE;
  if (marker < SOF0 || (marker >= RST0 && marker <= SOI))
    return assay_probe_damaged (error, _("the JPEG has a marker where none belongs"));

  bytes = assay_peek_need (self->peek, self->at, 2, error);
  if (bytes == NULL)
    return FALSE;
  length = assay_be16 (bytes);
  if (length < 2)
    return assay_probe_damaged (error, _("a segment of the JPEG has no length"));

  self->at += 2;
  length -= 2;
  if (!read_segment (self, marker, length, error))
    return FALSE;
  self->at += length;
  self->scanned |= marker == SOS;
  return marker != SOS || skip_scan (self, error);
}

gboolean
assay_probe_jpeg (AssayPeek *peek,
                  AssayFacts *facts,
                  GError **error)
{
  Walk self = { .peek = peek, .facts = facts, .at = 2 };
  guint marker = 0;

  facts->handling = ASSAY_HANDLING_SEND;
  for (;;)
    {
      if (!assay_probe_count (&self.segments, error) || !next_marker (&self, &marker, error))
        return FALSE;
      if (marker == EOI)
        break;
      if (!step (&self, marker, error))
        return FALSE;
    }
  return self.scanned
         || assay_probe_damaged (error, _("the JPEG ends before any picture data"));
}
