/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Windows and OS/2 bitmaps: a file header of 14 bytes, an information header
 * whose length tells its version, a palette, and rows padded to 4 bytes. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-probe-private.h"

#define FILE_HEADER 14
#define CORE_HEADER 12

enum {
  PLAIN,
  RLE8,
  RLE4,
  BITFIELDS,
  JPEG_INSIDE,
  PNG_INSIDE,
  ALPHA_BITFIELDS,
};

typedef struct {
  guint header;
  guint64 width;
  guint64 height;
  guint planes;
  guint bits;
  guint compression;
  guint64 data_size;
  guint64 colors;
  guint alpha_mask;
  guint64 pixels;   /* offset in the file */
} Info;

static void
read_core (Info *info,
           const guint8 *bytes)
{
  info->width = assay_le16 (bytes + 4);
  info->height = assay_le16 (bytes + 6);
  info->planes = assay_le16 (bytes + 8);
  info->bits = assay_le16 (bytes + 10);
}

static void
read_full (Info *info,
           const guint8 *bytes)
{
  gint64 width = (gint32) assay_le32 (bytes + 4);
  gint64 height = (gint32) assay_le32 (bytes + 8);

  info->width = MAX (width, 0);
  info->height = ABS (height);   /* negative: the first row is the top one */
  info->planes = assay_le16 (bytes + 12);
  info->bits = assay_le16 (bytes + 14);
  if (info->header < 40)
    return;
  info->compression = assay_le32 (bytes + 16);
  info->data_size = assay_le32 (bytes + 20);
  info->colors = assay_le32 (bytes + 32);
  if (info->header >= 56 && info->header != 64)
    info->alpha_mask = assay_le32 (bytes + 52);
}

static gboolean
read_info (AssayPeek *peek,
           Info *info,
           GError **error)
{
  const guint8 *bytes = assay_peek_need (peek, 0, FILE_HEADER + 4, error);

  if (bytes == NULL)
    return FALSE;
  info->pixels = assay_le32 (bytes + 10);
  info->header = assay_le32 (bytes + FILE_HEADER);
  /* assay_probe_identify() let only known lengths pass, unless the file is tiny. */
  if (info->header < CORE_HEADER || info->header > 124)
    return assay_probe_damaged (error, _("the BMP's header makes no sense"));
  bytes = assay_peek_need (peek, FILE_HEADER, info->header, error);
  if (bytes == NULL)
    return FALSE;
  if (info->header == CORE_HEADER)
    read_core (info, bytes);
  else
    read_full (info, bytes);
  return TRUE;
}

static gboolean
check_kind (const Info *info,
            GError **error)
{
  const guint bits = info->bits;
  gboolean fits;

  switch (info->compression)
    {
    case PLAIN:
      fits = bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
      break;
    case RLE8:
      fits = bits == 8;
      break;
    case RLE4:
      fits = bits == 4;
      break;
    case BITFIELDS:
    case ALPHA_BITFIELDS:
      fits = bits == 16 || bits == 32;
      break;
    case JPEG_INSIDE:
    case PNG_INSIDE:
      return assay_probe_unsupported (error, _("BMP files for printers cannot be sent: "
                                               "save it as JPEG or PNG"));
    default:
      fits = FALSE;
    }
  if (fits && info->planes == 1)
    return TRUE;
  return assay_probe_damaged (error, _("the BMP's header makes no sense"));
}

static guint
get_colors (const Info *info)
{
  guint most = info->bits <= 8 ? 1u << info->bits : 0;

  return info->colors == 0 ? most : MIN (info->colors, most);
}

/* Whether index and gray value are the same, so that a reader which leaves the
 * palette alone sees the right picture all the same. */
static gboolean
check_palette (AssayPeek *peek,
               const Info *info,
               gboolean *gray,
               GError **error)
{
  const guint entry = info->header == CORE_HEADER ? 3 : 4;
  const guint colors = get_colors (info);
  const guint8 *bytes;

  *gray = FALSE;
  if (colors == 0)
    return TRUE;
  if (info->pixels < FILE_HEADER + (guint64) info->header + (guint64) colors * entry)
    return assay_probe_damaged (error, _("the BMP's palette does not fit"));
  bytes = assay_peek_need (peek, FILE_HEADER + info->header, (gsize) colors * entry, error);
  if (bytes == NULL)
    return FALSE;
  *gray = TRUE;
  for (guint i = 0; i < colors; i++, bytes += entry)
    *gray &= bytes[0] == i && bytes[1] == i && bytes[2] == i;
  return TRUE;
}

/* Whether the file has all the rows that the header promises. */
static gboolean
check_rows (AssayPeek *peek,
            const Info *info,
            GError **error)
{
  guint64 row = (info->width * info->bits + 31) / 32 * 4;
  guint64 length = row * info->height;

  if (info->pixels < FILE_HEADER + (guint64) info->header)
    return assay_probe_damaged (error, _("the BMP's pixels lie in its header"));
  if (info->compression == RLE8 || info->compression == RLE4)
    length = MAX (info->data_size, 2);
  return assay_peek_need (peek, info->pixels + length - 1, 1, error) != NULL;
}

gboolean
assay_probe_bmp (AssayPeek *peek,
                 AssayFacts *facts,
                 GError **error)
{
  Info info = { 0 };
  gboolean gray = FALSE;

  facts->handling = ASSAY_HANDLING_SEND;
  if (!read_info (peek, &info, error)
      || !assay_probe_set_size (facts, info.width, info.height, error)
      || !check_kind (&info, error))
    return FALSE;

  facts->palette = info.bits <= 8;
  facts->bits = info.bits == 16 ? 5 : 8;
  facts->alpha = info.alpha_mask != 0 && info.bits == 32;
  facts->channels = facts->alpha ? 4 : 3;
  facts->handling = info.bits == 24 ? ASSAY_HANDLING_SEND : ASSAY_HANDLING_CONVERT;
  if (!check_palette (peek, &info, &gray, error))
    return FALSE;
  if (gray && info.bits == 8)
    {
      facts->palette = FALSE;
      facts->channels = 1;
      if (info.compression == PLAIN)
        facts->handling = ASSAY_HANDLING_SEND;
    }
  return check_rows (peek, &info, error);
}
