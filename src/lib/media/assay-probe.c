/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-probe-private.h"

/* Always FALSE, so that a walk can end with it. */
gboolean
assay_probe_damaged (GError **error,
                     const char *reason)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED, _("Damaged picture: %s"), reason);
  return FALSE;
}

/* Always FALSE as well. */
gboolean
assay_probe_unsupported (GError **error,
                         const char *reason)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, "%s", reason);
  return FALSE;
}

/* Sizes are judged when they are first read, before anything is reckoned with them. */
gboolean
assay_probe_set_size (AssayFacts *facts,
                      guint64 width,
                      guint64 height,
                      GError **error)
{
  facts->width = MIN (width, G_MAXUINT);
  facts->height = MIN (height, G_MAXUINT);
  if (width == 0 || height == 0)
    return assay_probe_damaged (error, _("it has no width or no height"));
  if (width > ASSAY_LIMIT_SIDE || height > ASSAY_LIMIT_SIDE || width * height > ASSAY_LIMIT_PIXELS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                   _("Too large: %u × %u pixels; up to %u million, and %u a side, are taken"),
                   facts->width, facts->height, ASSAY_LIMIT_PIXELS / 1000000,
                   (guint) ASSAY_LIMIT_SIDE);
      return FALSE;
    }
  return TRUE;
}

/* Counts one more segment, chunk or block. */
gboolean
assay_probe_count (guint *count,
                   GError **error)
{
  if (++*count <= ASSAY_LIMIT_CHUNKS)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                       _("Too large: the file is cut into millions of pieces"));
  return FALSE;
}

static gboolean
walk_container (AssayPeek *peek,
                AssayFacts *facts,
                GError **error)
{
  switch (facts->format)
    {
    case ASSAY_FORMAT_JPEG:
      return assay_probe_jpeg (peek, facts, error);
    case ASSAY_FORMAT_PNG:
      return assay_probe_png (peek, facts, error);
    case ASSAY_FORMAT_GIF:
      return assay_probe_gif (peek, facts, error);
    case ASSAY_FORMAT_BMP:
      return assay_probe_bmp (peek, facts, error);
    case ASSAY_FORMAT_WEBP:
      return assay_probe_webp (peek, facts, error);
    case ASSAY_FORMAT_TIFF:
      return assay_probe_tiff (peek, facts, error);
    case ASSAY_FORMAT_AVIF:
    case ASSAY_FORMAT_HEIC:
      return assay_probe_heif (peek, facts, error);
    case ASSAY_FORMAT_JXL:
      return assay_probe_jxl (peek, facts, error);
    case ASSAY_FORMAT_UNKNOWN:
    case ASSAY_FORMAT_SVG:
    case ASSAY_FORMAT_PDF:
    case ASSAY_FORMAT_ZIP:
    case ASSAY_FORMAT_GZIP:
    case ASSAY_FORMAT_TAR:
    default:
      g_assert_not_reached ();
    }
}

static gboolean
check_loader (AssayFormat format,
              GError **error)
{
  if (assay_format_has_loader (format))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
               _("%s pictures cannot be opened here: install GdkPixbuf's loader for them, "
                 "or save it as JPEG or PNG"),
               assay_format_get_name (format));
  return FALSE;
}

static void
facts_init (AssayFacts *facts)
{
  *facts = (AssayFacts) { .handling = ASSAY_HANDLING_REJECT, .orientation = 1 };
}

static gboolean
identify (AssayPeek *peek,
          AssayFacts *facts,
          GError **error)
{
  gsize length;
  const guint8 *head = assay_peek_head (peek, ASSAY_LIMIT_PROBE_HEAD, &length, error);
  AssayFormat format = ASSAY_FORMAT_UNKNOWN;
  gboolean ok;

  facts_init (facts);
  ok = head != NULL && assay_probe_identify (head, length, &format, error);
  facts->format = format;
  return ok;
}

static gboolean
check_length (guint64 size,
              GError **error)
{
  if (size <= ASSAY_LIMIT_FILE_BYTES)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
               _("Too large: pictures of up to %u MB are taken"),
               ASSAY_LIMIT_FILE_BYTES / (1024 * 1024));
  return FALSE;
}

static gboolean
walk (AssayPeek *peek,
      guint64 size,
      AssayFacts *facts,
      GError **error)
{
  if (identify (peek, facts, error) && check_length (size, error)
      && walk_container (peek, facts, error)
      && (facts->handling == ASSAY_HANDLING_SEND || check_loader (facts->format, error)))
    return TRUE;
  facts->handling = ASSAY_HANDLING_REJECT;
  return FALSE;
}

/**
 * assay_probe_head:
 * @head: the first bytes of a file; %ASSAY_LIMIT_PROBE_HEAD are enough
 * @length: how many
 * @facts: (out caller-allocates): what they say, also when the answer is %FALSE
 * @error: %ASSAY_ERROR_NOT_AN_IMAGE, %ASSAY_ERROR_UNSUPPORTED (a picture or an
 *   archive, but of a kind that cannot be sent) or %ASSAY_ERROR_TOO_LARGE
 *
 * Says what kind of file begins so, by its content alone.  Size, channels and
 * handling are filled in as far as @head reaches; what comes behind it, and
 * whether the picture is whole, only assay_probe_walk() knows.  An archive is
 * %FALSE with its format in @facts.  Any thread.
 *
 * Returns: whether it is a picture that can be sent, as far as can be seen
 */
gboolean
assay_probe_head (const guint8 *head,
                  gsize length,
                  AssayFacts *facts,
                  GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_auto (AssayPeek) peek = { 0 };

  g_return_val_if_fail (head != NULL || length == 0, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  assay_peek_init_bytes (&peek, head, length);
  if (!identify (&peek, facts, error))
    return FALSE;
  if (walk_container (&peek, facts, &reason)
      || g_error_matches (reason, ASSAY_ERROR, ASSAY_ERROR_DAMAGED))
    {
      if (facts->handling == ASSAY_HANDLING_SEND || check_loader (facts->format, error))
        return TRUE;
    }
  else
    {
      g_propagate_error (error, g_steal_pointer (&reason));
    }
  facts->handling = ASSAY_HANDLING_REJECT;
  return FALSE;
}

/**
 * assay_probe_walk:
 * @read: (scope call): gives the bytes of the file
 * @data: for @read
 * @size: the file's length; nothing behind it is read
 * @facts: (out caller-allocates): what the file says, also when the answer is %FALSE
 * @error: %ASSAY_ERROR_NOT_AN_IMAGE, %ASSAY_ERROR_UNSUPPORTED,
 *   %ASSAY_ERROR_DAMAGED, %ASSAY_ERROR_TOO_LARGE, or what @read said
 *
 * Walks through the picture's container to its end (a JPEG to its EOI, a PNG to
 * its IEND with every CRC, a GIF to its trailer, a BMP to its last row) without
 * decoding a pixel, and decides what is to be done with it.  Bytes behind that
 * end are allowed: telephones and cameras put more there.  Containers that are
 * converted anyway (WebP, TIFF, AVIF, HEIC, JPEG XL) are looked at only for
 * their size and their outermost pieces; their decoder judges the rest.
 *
 * No length in the file is believed: 64 KiB of memory are used, pieces are
 * counted against %ASSAY_LIMIT_CHUNKS, and a size over %ASSAY_LIMIT_SIDE or
 * %ASSAY_LIMIT_PIXELS ends the walk.  Blocks in @read only.  Any thread.
 *
 * Returns: whether it can be sent, as it is or converted (@facts says which)
 */
gboolean
assay_probe_walk (AssayProbeRead read,
                  gpointer data,
                  guint64 size,
                  AssayFacts *facts,
                  GError **error)
{
  g_auto (AssayPeek) peek = { 0 };

  g_return_val_if_fail (read != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  assay_peek_init (&peek, read, data, MIN (size, ASSAY_LIMIT_FILE_BYTES));
  return walk (&peek, size, facts, error);
}

/**
 * assay_probe_bytes:
 * @bytes: (transfer none): a whole file
 * @facts: (out caller-allocates): what it says, also when the answer is %FALSE
 * @error: as of assay_probe_walk()
 *
 * assay_probe_walk() through bytes in memory, which are not copied.  Any thread.
 *
 * Returns: whether it can be sent, as it is or converted
 */
gboolean
assay_probe_bytes (GBytes *bytes,
                   AssayFacts *facts,
                   GError **error)
{
  g_auto (AssayPeek) peek = { 0 };
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (bytes != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  data = g_bytes_get_data (bytes, &size);
  assay_peek_init_bytes (&peek, data, MIN (size, ASSAY_LIMIT_FILE_BYTES));
  return walk (&peek, size, facts, error);
}
