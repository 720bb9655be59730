/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* TIFF 6.0: a header of byte order and offset, a directory of 12-byte entries.
 * EXIF is such a directory inside another container. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-probe-private.h"

enum {
  TAG_WIDTH = 256,
  TAG_HEIGHT = 257,
  TAG_BITS = 258,
  TAG_PHOTOMETRIC = 262,
  TAG_ORIENTATION = 274,
  TAG_SAMPLES = 277,
  TAG_EXTRA = 338,
};

enum {
  TYPE_BYTE = 1,
  TYPE_SHORT = 3,
  TYPE_LONG = 4,
};

enum {
  PHOTOMETRIC_WHITE_IS_ZERO = 0,
  PHOTOMETRIC_BLACK_IS_ZERO = 1,
  PHOTOMETRIC_PALETTE = 3,
  PHOTOMETRIC_SEPARATED = 5,
};

#define MAX_BITS 64   /* of one sample: a double is the longest there is */

/* A directory somewhere in a file: nothing outside base … end is looked at. */
typedef struct {
  AssayPeek *peek;
  guint64 base;
  guint64 end;
  gboolean big;
} Block;

static const guint8 *
look (const Block *self,
      guint64 offset,
      gsize size,
      GError **error)
{
  if (offset > self->end - self->base || size > self->end - self->base - offset)
    {
      assay_probe_damaged (error, _("its directory points outside the file"));
      return NULL;
    }
  return assay_peek_need (self->peek, self->base + offset, size, error);
}

static guint
read16 (const Block *self,
        const guint8 *at)
{
  return self->big ? assay_be16 (at) : assay_le16 (at);
}

static guint32
read32 (const Block *self,
        const guint8 *at)
{
  return self->big ? assay_be32 (at) : assay_le32 (at);
}

/* The first value of an entry; an entry with more than fits into it points to them. */
static gboolean
read_value (const Block *self,
            const guint8 *entry,
            guint *value,
            GError **error)
{
  guint type = read16 (self, entry + 2);
  guint64 count = read32 (self, entry + 4);
  gsize size = type == TYPE_LONG ? 4 : type == TYPE_SHORT ? 2 : 1;
  const guint8 *at = entry + 8;

  *value = 0;
  if (count == 0 || (type != TYPE_BYTE && type != TYPE_SHORT && type != TYPE_LONG))
    return TRUE;
  if (count * size > 4)
    at = look (self, read32 (self, at), size, error);
  if (at == NULL)
    return FALSE;
  *value = type == TYPE_LONG ? read32 (self, at) : type == TYPE_SHORT ? read16 (self, at) : at[0];
  return TRUE;
}

static guint *
find_target (AssayTiffTags *tags,
             guint tag)
{
  switch (tag)
    {
    case TAG_WIDTH:
      return &tags->width;
    case TAG_HEIGHT:
      return &tags->height;
    case TAG_BITS:
      return &tags->bits;
    case TAG_PHOTOMETRIC:
      return &tags->photometric;
    case TAG_ORIENTATION:
      return &tags->orientation;
    case TAG_SAMPLES:
      return &tags->samples;
    case TAG_EXTRA:
      return &tags->extra;
    default:
      return NULL;
    }
}

static gboolean
read_entries (const Block *self,
              guint64 directory,
              AssayTiffTags *tags,
              GError **error)
{
  const guint8 *bytes = look (self, directory, 2, error);
  guint count;

  if (bytes == NULL)
    return FALSE;
  count = read16 (self, bytes);
  for (guint i = 0; i < count; i++)
    {
      guint8 entry[12];
      guint *target;

      bytes = look (self, directory + 2 + i * 12, 12, error);
      if (bytes == NULL)
        return FALSE;
      memcpy (entry, bytes, sizeof entry);
      target = find_target (tags, read16 (self, entry));
      if (target != NULL && !read_value (self, entry, target, error))
        return FALSE;
    }
  return TRUE;
}

/*
 * The first directory of the TIFF block at @base, of which nothing at or behind
 * @end is looked at.  What was read before an error stands in @tags.
 */
gboolean
assay_probe_read_tags (AssayPeek *peek,
                       guint64 base,
                       guint64 end,
                       AssayTiffTags *tags,
                       GError **error)
{
  Block self = { .peek = peek, .base = base, .end = end };
  const guint8 *bytes;

  memset (tags, 0, sizeof *tags);
  bytes = look (&self, 0, 8, error);
  if (bytes == NULL)
    return FALSE;
  if (memcmp (bytes, "II\x2a\0", 4) != 0 && memcmp (bytes, "MM\0\x2a", 4) != 0)
    return assay_probe_damaged (error, _("its directory makes no sense"));
  self.big = bytes[0] == 'M';
  return read_entries (&self, read32 (&self, bytes + 4), tags, error);
}

/* The orientation that an EXIF block tells.  A broken block tells none: it spoils
 * no picture. */
void
assay_probe_read_exif (AssayPeek *peek,
                       guint64 base,
                       guint64 end,
                       AssayFacts *facts)
{
  AssayTiffTags tags;

  assay_probe_read_tags (peek, base, end, &tags, NULL);
  if (tags.orientation >= 1 && tags.orientation <= 8)
    facts->orientation = tags.orientation;
}

gboolean
assay_probe_tiff (AssayPeek *peek,
                  AssayFacts *facts,
                  GError **error)
{
  AssayTiffTags tags;

  facts->handling = ASSAY_HANDLING_CONVERT;
  if (!assay_probe_read_tags (peek, 0, peek->limit, &tags, error))
    return FALSE;

  if (tags.bits > MAX_BITS)
    return assay_probe_damaged (error, _("its directory makes no sense"));
  facts->bits = tags.bits == 0 ? 1 : tags.bits;
  facts->channels = tags.samples == 0 ? 1 : MIN (tags.samples, 4);
  facts->palette = tags.photometric == PHOTOMETRIC_PALETTE;
  facts->cmyk = tags.photometric == PHOTOMETRIC_SEPARATED;
  facts->alpha = tags.extra == 1 || tags.extra == 2;
  if (facts->palette || (facts->channels == 1 && tags.photometric > PHOTOMETRIC_BLACK_IS_ZERO))
    facts->channels = 3;
  if (tags.orientation >= 1 && tags.orientation <= 8)
    facts->orientation = tags.orientation;
  return assay_probe_set_size (facts, tags.width, tags.height, error);
}
