/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* CompuServe's GIF89a: header, screen, then blocks up to a trailer; what a block
 * holds is cut into pieces of up to 255 bytes, ended by an empty one. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-probe-private.h"

enum {
  EXTENSION = 0x21,
  IMAGE = 0x2c,
  TRAILER = 0x3b,
  GRAPHIC_CONTROL = 0xf9,
};

typedef struct {
  AssayPeek *peek;
  AssayFacts *facts;
  guint64 at;
  guint blocks;
  guint frames;
  gboolean global_table;
} Walk;

/* The length in bytes of the color table that @flags announces. */
static guint
get_table (guint flags)
{
  return (flags & 0x80) != 0 ? 3u << ((flags & 7) + 1) : 0;
}

static gboolean
skip_pieces (Walk *self,
             GError **error)
{
  for (;;)
    {
      const guint8 *bytes = assay_peek_need (self->peek, self->at, 1, error);

      if (bytes == NULL || !assay_probe_count (&self->blocks, error))
        return FALSE;
      self->at += 1 + (guint64) bytes[0];
      if (bytes[0] == 0)
        return TRUE;
    }
}

static gboolean
read_extension (Walk *self,
                GError **error)
{
  const guint8 *bytes = assay_peek_need (self->peek, self->at, 3, error);

  if (bytes == NULL)
    return FALSE;
  if (bytes[1] == GRAPHIC_CONTROL && self->frames == 0 && bytes[2] >= 1)
    {
      bytes = assay_peek_need (self->peek, self->at, 4, error);
      if (bytes == NULL)
        return FALSE;
      self->facts->alpha = (bytes[3] & 1) != 0;
    }
  self->at += 2;
  return skip_pieces (self, error);
}

static gboolean
read_image (Walk *self,
            GError **error)
{
  const guint8 *bytes = assay_peek_need (self->peek, self->at, 10, error);
  AssayFacts frame;
  guint table;

  if (bytes == NULL)
    return FALSE;
  if (!assay_probe_set_size (&frame, assay_le16 (bytes + 5), assay_le16 (bytes + 7), error))
    {
      /* For previews, which are made of facts before the whole file is walked:
       * GdkPixbuf stumbles over such a frame. */
      self->facts->width = frame.width;
      self->facts->height = frame.height;
      return FALSE;
    }
  table = get_table (bytes[9]);
  if (table == 0 && !self->global_table)
    return assay_probe_damaged (error, _("the GIF has no colors"));

  self->at += 10 + table;
  bytes = assay_peek_need (self->peek, self->at, 2, error);
  if (bytes == NULL)
    return FALSE;
  if (bytes[0] < 1 || bytes[0] > 11 || bytes[1] == 0)
    return assay_probe_damaged (error, _("the GIF has a frame without data"));
  self->at += 1;
  self->facts->animated = ++self->frames > 1;
  return skip_pieces (self, error);
}

static gboolean
read_screen (Walk *self,
             GError **error)
{
  const guint8 *bytes = assay_peek_need (self->peek, 6, 7, error);

  if (bytes == NULL)
    return FALSE;
  self->global_table = get_table (bytes[4]) > 0;
  self->at = 13 + get_table (bytes[4]);
  return assay_probe_set_size (self->facts, assay_le16 (bytes), assay_le16 (bytes + 2), error);
}

gboolean
assay_probe_gif (AssayPeek *peek,
                 AssayFacts *facts,
                 GError **error)
{
  Walk self = { .peek = peek, .facts = facts };

  facts->handling = ASSAY_HANDLING_SEND;
  facts->channels = 3;
  facts->bits = 8;
  facts->palette = TRUE;
  if (!read_screen (&self, error))
    return FALSE;
  for (;;)
    {
      const guint8 *bytes = assay_peek_need (peek, self.at, 1, error);

      if (bytes == NULL || !assay_probe_count (&self.blocks, error))
        return FALSE;
      if (bytes[0] == TRAILER)
        break;
      if (bytes[0] != EXTENSION && bytes[0] != IMAGE)
        return assay_probe_damaged (error, _("the GIF's blocks do not follow each other"));
      if (!(bytes[0] == EXTENSION ? read_extension (&self, error) : read_image (&self, error)))
        return FALSE;
    }
  return self.frames > 0 || assay_probe_damaged (error, _("the GIF has no picture in it"));
}
