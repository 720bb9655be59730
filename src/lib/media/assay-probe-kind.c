/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What kind of file begins so.  The order is: signatures of the formats that
 * have a name in Assay, signatures of other things that people drop by mistake,
 * and text, which has no signature. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-probe-private.h"

typedef struct {
  AssayFormat format;
  guint8 offset;
  guint8 length;
  const char *magic;
} Signature;

#define SIGNATURE(format, offset, magic) { format, offset, sizeof magic - 1, magic }

static const Signature signatures[] = {
  SIGNATURE (ASSAY_FORMAT_JPEG, 0, "\xff\xd8\xff"),
  SIGNATURE (ASSAY_FORMAT_PNG, 0, "\x89PNG\r\n\x1a\n"),
  SIGNATURE (ASSAY_FORMAT_GIF, 0, "GIF87a"),
  SIGNATURE (ASSAY_FORMAT_GIF, 0, "GIF89a"),
  SIGNATURE (ASSAY_FORMAT_JXL, 0, "\xff\x0a"),
  SIGNATURE (ASSAY_FORMAT_JXL, 0, "\0\0\0\x0cJXL \r\n\x87\n"),
  SIGNATURE (ASSAY_FORMAT_PDF, 0, "%PDF-"),
  SIGNATURE (ASSAY_FORMAT_ZIP, 0, "PK\3\4"),
  SIGNATURE (ASSAY_FORMAT_ZIP, 0, "PK\5\6"),
  SIGNATURE (ASSAY_FORMAT_GZIP, 0, "\x1f\x8b\x08"),
};

typedef enum {
  OTHER_PICTURE,
  OTHER_ARCHIVE,
  OTHER_VIDEO,
  OTHER_SOUND,
  OTHER_PROGRAM,
} Other;

typedef struct {
  Other kind;
  guint8 offset;
  guint8 length;
  const char *magic;
  const char *name;
} OtherSignature;

#define OTHER(kind, offset, magic, name) { OTHER_##kind, offset, sizeof magic - 1, magic, name }

static const OtherSignature others[] = {
  OTHER (PICTURE, 0, "8BPS", "Photoshop"),
  OTHER (PICTURE, 0, "gimp xcf ", "GIMP"),
  OTHER (PICTURE, 0, "\0\0\1\0", "ICO"),
  OTHER (PICTURE, 0, "\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
  OTHER (PICTURE, 0, "\xff\x4f\xff\x51", "JPEG 2000"),
  OTHER (PICTURE, 0, "\x76\x2f\x31\x01", "OpenEXR"),
  OTHER (PICTURE, 0, "\x8aMNG\r\n\x1a\n", "MNG"),
  OTHER (PICTURE, 0, "AT&TFORM", "DjVu"),
  OTHER (PICTURE, 0, "II\x2b\0", "BigTIFF"),
  OTHER (PICTURE, 0, "MM\0\x2b", "BigTIFF"),
  OTHER (PICTURE, 8, "CR\2\0", "Canon raw"),
  OTHER (PICTURE, 4, "ftypcrx ", "Canon raw"),
  OTHER (PICTURE, 0, "FUJIFILMCCD-RAW", "Fujifilm raw"),
  OTHER (PICTURE, 0, "IIU\0", "Panasonic raw"),
  OTHER (PICTURE, 0, "IIRO", "Olympus raw"),
  OTHER (PICTURE, 128, "DICM", "DICOM"),
  OTHER (PICTURE, 0, "P4\n", "Netpbm"),
  OTHER (PICTURE, 0, "P5\n", "Netpbm"),
  OTHER (PICTURE, 0, "P6\n", "Netpbm"),
  OTHER (ARCHIVE, 0, "7z\xbc\xaf\x27\x1c", "7z"),
  OTHER (ARCHIVE, 0, "Rar!\x1a\7", "RAR"),
  OTHER (ARCHIVE, 0, "\xfd" "7zXZ\0", "xz"),
  OTHER (ARCHIVE, 4, "1AY&SY", "bzip2"),
  OTHER (ARCHIVE, 0, "\x28\xb5\x2f\xfd", "Zstandard"),
  OTHER (ARCHIVE, 0, "MSCF\0\0\0\0", "CAB"),
  OTHER (VIDEO, 0, "\x1a\x45\xdf\xa3", ""),
  OTHER (VIDEO, 0, "\0\0\1\xba", ""),
  OTHER (VIDEO, 8, "AVI LIST", ""),
  OTHER (SOUND, 8, "WAVEfmt ", ""),
  OTHER (SOUND, 0, "ID3\3", ""),
  OTHER (SOUND, 0, "ID3\4", ""),
  OTHER (SOUND, 0, "OggS\0", ""),
  OTHER (SOUND, 0, "fLaC\0", ""),
  OTHER (PROGRAM, 0, "\x7f" "ELF", ""),
  OTHER (PROGRAM, 0, "MZ\x90\0", ""),
};

static gboolean
has (const guint8 *head,
     gsize length,
     gsize offset,
     const char *magic,
     gsize size)
{
  return length >= offset + size && memcmp (head + offset, magic, size) == 0;
}

static gboolean
contains (const guint8 *head,
          gsize length,
          const char *word)
{
  gsize size = strlen (word);

  for (gsize i = 0; i + size <= length; i++)
    if (g_ascii_strncasecmp ((const char *) head + i, word, size) == 0)
      return TRUE;
  return FALSE;
}

/* UTF-8 without control characters, perhaps cut in the middle of a character;
 * UTF-16 is known by its byte order mark. */
static gboolean
is_text (const guint8 *head,
         gsize length)
{
  const char *end;

  if (has (head, length, 0, "\xff\xfe", 2) || has (head, length, 0, "\xfe\xff", 2))
    return TRUE;
  for (gsize i = 0; i < length; i++)
    if (head[i] == 0x7f || (head[i] < 0x20 && strchr ("\t\n\r\f\x1b", head[i]) == NULL)
        || head[i] == 0)
      return FALSE;
  if (g_utf8_validate_len ((const char *) head, length, &end))
    return TRUE;
  return end > (const char *) head
         && g_utf8_get_char_validated (end, (const char *) head + length - end) == (gunichar) -2;
}

/* "BM" begins English words too: the size of the header that follows tells. */
static gboolean
is_bmp (const guint8 *head,
        gsize length)
{
  static const guint headers[] = { 12, 16, 40, 52, 56, 64, 108, 124 };

  if (!has (head, length, 0, "BM", 2) || is_text (head, length))
    return FALSE;
  if (length < 18)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    if (assay_le32 (head + 14) == headers[i])
      return TRUE;
  return FALSE;
}

/* The family of files that begin with an "ftyp" box: its brands tell AVIF, HEIC
 * and films apart.  "mif1" may hold either, so that the other brands decide. */
static gboolean
is_boxes (const guint8 *head,
          gsize length,
          AssayFormat *format,
          gboolean *video)
{
  gsize end;

  if (!has (head, length, 4, "ftyp", 4))
    return FALSE;
  *video = TRUE;
  end = MIN (length, assay_be32 (head));
  for (gsize at = 8; at + 4 <= end && *format == ASSAY_FORMAT_UNKNOWN; at += at == 8 ? 8 : 4)
    {
      if (has (head, length, at, "avif", 4) || has (head, length, at, "avis", 4))
        *format = ASSAY_FORMAT_AVIF;
      else if (has (head, length, at, "heic", 4) || has (head, length, at, "heix", 4)
               || has (head, length, at, "heim", 4) || has (head, length, at, "heis", 4)
               || has (head, length, at, "hevc", 4) || has (head, length, at, "hevx", 4))
        *format = ASSAY_FORMAT_HEIC;
    }
  if (*format == ASSAY_FORMAT_UNKNOWN
      && (has (head, length, 8, "mif1", 4) || has (head, length, 8, "msf1", 4)))
    *format = ASSAY_FORMAT_HEIC;
  *video = *format == ASSAY_FORMAT_UNKNOWN;
  return TRUE;
}

static AssayFormat
find_signature (const guint8 *head,
                gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++)
    if (has (head, length, signatures[i].offset, signatures[i].magic, signatures[i].length))
      return signatures[i].format;
  if (has (head, length, 0, "RIFF", 4) && has (head, length, 8, "WEBP", 4))
    return ASSAY_FORMAT_WEBP;
  if (has (head, length, 257, "ustar", 5))
    return ASSAY_FORMAT_TAR;
  if ((has (head, length, 0, "II\x2a\0", 4) || has (head, length, 0, "MM\0\x2a", 4))
      && !has (head, length, 8, "CR\2\0", 4))
    return ASSAY_FORMAT_TIFF;
  return is_bmp (head, length) ? ASSAY_FORMAT_BMP : ASSAY_FORMAT_UNKNOWN;
}

static gboolean
not_an_image (GError **error,
              const char *reason)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE, _("Not an image: %s"), reason);
  return FALSE;
}

static gboolean
refuse_other (const OtherSignature *other,
              GError **error)
{
  switch (other->kind)
    {
    case OTHER_PICTURE:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   _("%s pictures cannot be sent: save it as JPEG or PNG"), other->name);
      return FALSE;
    case OTHER_ARCHIVE:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   _("An archive of this kind (%s) cannot be opened: unpack it first"),
                   other->name);
      return FALSE;
    case OTHER_VIDEO:
      return not_an_image (error, _("it is a video"));
    case OTHER_SOUND:
      return not_an_image (error, _("it is a sound recording"));
    case OTHER_PROGRAM:
    default:
      return not_an_image (error, _("it is a program"));
    }
}

static gboolean
refuse_text (const guint8 *head,
             gsize length,
             AssayFormat *format,
             GError **error)
{
  if (contains (head, length, "<html") || contains (head, length, "<!doctype html"))
    return not_an_image (error, _("it is a web page"));
  if (contains (head, length, "<svg"))
    {
      *format = ASSAY_FORMAT_SVG;
      return assay_probe_unsupported (error, _("SVG drawings cannot be sent: "
                                               "save it as PNG"));
    }
  return not_an_image (error, _("it is a text file"));
}

static gboolean
refuse (const guint8 *head,
        gsize length,
        AssayFormat *format,
        GError **error)
{
  gboolean video = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (has (head, length, others[i].offset, others[i].magic, others[i].length))
      return refuse_other (&others[i], error);
  if (is_boxes (head, length, format, &video))
    return video ? not_an_image (error, _("it is a video")) : TRUE;
  if (is_text (head, length))
    return refuse_text (head, length, format, error);
  return not_an_image (error, _("its content is none of the known kinds"));
}

/*
 * Names the kind of file that begins with @head.  TRUE for a picture format
 * that has a walk; otherwise FALSE with the reason in @error, and @format set
 * where the kind has a name (SVG, PDF, archives).
 */
gboolean
assay_probe_identify (const guint8 *head,
                      gsize length,
                      AssayFormat *format,
                      GError **error)
{
  *format = ASSAY_FORMAT_UNKNOWN;
  if (length == 0)
    return not_an_image (error, _("the file is empty"));

  *format = find_signature (head, length);
  if (*format == ASSAY_FORMAT_PDF)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE,
                           _("A PDF document, not an image: save its pages as JPEG or PNG"));
      return FALSE;
    }
  if (assay_format_is_archive (*format))
    return assay_probe_unsupported (error, _("An archive, not an image: unpack it first"));
  return *format != ASSAY_FORMAT_UNKNOWN || refuse (head, length, format, error);
}
