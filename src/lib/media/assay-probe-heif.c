/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* HEIF and AVIF (ISO/IEC 23008-12): boxes of length, type and content.  The size
 * stands in an "ispe" property; a picture made of tiles has one for the tiles and
 * a larger one for the whole. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-probe-private.h"

typedef struct {
  AssayPeek *peek;
  AssayFacts *facts;
  guint boxes;
  guint64 width;
  guint64 height;
} Walk;

typedef struct {
  char type[5];
  guint64 content;
  guint64 end;
} Box;

/* Reads the box at @at, which may not go beyond @end. */
static gboolean
read_box (Walk *self,
          guint64 at,
          guint64 end,
          Box *box,
          GError **error)
{
  const guint8 *bytes = assay_peek_need (self->peek, at, 8, error);
  guint64 length;
  guint head = 8;

  if (bytes == NULL || !assay_probe_count (&self->boxes, error))
    return FALSE;
  length = assay_be32 (bytes);
  memcpy (box->type, bytes + 4, 4);
  box->type[4] = '\0';
  if (length == 1)
    {
      head = 16;
      bytes = assay_peek_need (self->peek, at, 16, error);
      if (bytes == NULL)
        return FALSE;
      length = (guint64) assay_be32 (bytes + 8) << 32 | assay_be32 (bytes + 12);
    }
  else if (length == 0)
    {
      length = end - at;   /* to the end of what it is in */
    }
  if (length < head || length > end - at)
    return assay_probe_damaged (error, _("a piece of it is longer than the file"));
  box->content = at + head;
  box->end = at + length;
  return TRUE;
}

static gboolean
read_size (Walk *self,
           const Box *box,
           GError **error)
{
  const guint8 *bytes = NULL;

  if (box->end - box->content >= 12)
    bytes = assay_peek_need (self->peek, box->content, 12, error);
  else
    assay_probe_damaged (error, _("its size is missing"));
  if (bytes == NULL)
    return FALSE;
  if ((guint64) assay_be32 (bytes + 4) * assay_be32 (bytes + 8) > self->width * self->height)
    {
      self->width = assay_be32 (bytes + 4);
      self->height = assay_be32 (bytes + 8);
    }
  return TRUE;
}

/* Looks at the boxes between @at and @end; the way to the properties is
 * meta / iprp / ipco, so that it never goes deeper than three. */
static gboolean
read_boxes (Walk *self,
            guint64 at,
            guint64 end,
            guint depth,
            GError **error)
{
  static const char *const way[] = { "meta", "iprp", "ipco" };

  while (end - at >= 8)
    {
      Box box = { "" };

      if (!read_box (self, at, end, &box, error))
        return FALSE;
      if (depth < G_N_ELEMENTS (way) && strcmp (box.type, way[depth]) == 0)
        {
          /* "meta" begins with four bytes of version and flags. */
          guint skip = depth == 0 ? MIN (4, box.end - box.content) : 0;

          if (!read_boxes (self, box.content + skip, box.end, depth + 1, error))
            return FALSE;
        }
      else if (depth == G_N_ELEMENTS (way) && strcmp (box.type, "ispe") == 0
               && !read_size (self, &box, error))
        {
          return FALSE;
        }
      at = box.end;
    }
  return TRUE;
}

gboolean
assay_probe_heif (AssayPeek *peek,
                  AssayFacts *facts,
                  GError **error)
{
  Walk self = { .peek = peek, .facts = facts };
  gboolean whole;

  facts->handling = ASSAY_HANDLING_CONVERT;
  facts->bits = 8;
  facts->channels = 3;
  whole = read_boxes (&self, 0, peek->limit, 0, error);
  if (self.width > 0 || whole)
    return assay_probe_set_size (facts, self.width, self.height, whole ? error : NULL) && whole;
  return FALSE;
}
