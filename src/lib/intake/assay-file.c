/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "assay-error.h"
#include "assay-file-private.h"
#include "assay-limits.h"

char *
assay_file_dup_name (GFile *file)
{
  char *name = g_file_get_basename (file);

  return name != NULL ? name : g_file_get_uri (file);
}

/* The path as the system gave it, or the address of a file elsewhere. */
char *
assay_file_dup_path (GFile *file)
{
  char *path = g_file_is_native (file) ? g_file_get_path (file) : NULL;

  return path != NULL ? path : g_file_get_uri (file);
}

/* The ending by which services know a format; "" for what is never sent. */
const char *
assay_file_get_ending (AssayFormat format)
{
  switch (format)
    {
    case ASSAY_FORMAT_JPEG:
      return ".jpg";
    case ASSAY_FORMAT_PNG:
      return ".png";
    case ASSAY_FORMAT_GIF:
      return ".gif";
    case ASSAY_FORMAT_BMP:
      return ".bmp";
    case ASSAY_FORMAT_WEBP:
      return ".webp";
    case ASSAY_FORMAT_TIFF:
      return ".tif";
    case ASSAY_FORMAT_AVIF:
      return ".avif";
    case ASSAY_FORMAT_HEIC:
      return ".heic";
    case ASSAY_FORMAT_JXL:
      return ".jxl";
    case ASSAY_FORMAT_UNKNOWN:
    case ASSAY_FORMAT_SVG:
    case ASSAY_FORMAT_PDF:
    case ASSAY_FORMAT_ZIP:
    case ASSAY_FORMAT_GZIP:
    case ASSAY_FORMAT_TAR:
    default:
      return "";
    }
}

/* Whether a person would expect a picture behind the name.  It decides only
 * what is said about a file that isn't one, never how one is sent. */
gboolean
assay_file_claims_picture (const char *name)
{
  static const char *const endings[] = {
    ".jpg", ".jpeg", ".jpe", ".png", ".gif", ".bmp", ".webp",
    ".tif", ".tiff", ".avif", ".heic", ".heif", ".jxl", ".svg",
  };
  const char *dot = strrchr (name, '.');

  for (gsize i = 0; dot != NULL && i < G_N_ELEMENTS (endings); i++)
    if (g_ascii_strcasecmp (dot, endings[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Whether the content is a picture, of a kind that can be sent or not. */
gboolean
assay_file_is_picture (AssayFormat format)
{
  return format >= ASSAY_FORMAT_JPEG && format <= ASSAY_FORMAT_SVG;
}

void
assay_file_set_errno (GError **error,
                      int code)
{
  const char *reason;

  switch (code)
    {
    case ENOENT:
    case ENOTDIR:
      reason = _("There is no such file");
      break;
    case EACCES:
    case EPERM:
      reason = _("You aren't permitted to read it");
      break;
    case ELOOP:
      reason = _("It is a link that leads back to itself");
      break;
    case ENAMETOOLONG:
      reason = _("Its path is too long for the system");
      break;
    case ENXIO:
    case ENODEV:
      reason = _("It isn't a file");
      break;
    default:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, _("It can't be read: %s"),
                   g_strerror (code));
      return;
    }
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, reason);
}

/* What GIO says, in our domain; a canceled one stays as it is. */
void
assay_file_take_error (GError **error,
                       GError *reason)
{
  int code = 0;

  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, reason);
      return;
    }
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    code = ENOENT;
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    code = EACCES;
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS))
    code = ELOOP;
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG))
    code = ENAMETOOLONG;

  if (code != 0)
    assay_file_set_errno (error, code);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, _("It can't be read: %s"),
                 reason->message);
  g_error_free (reason);
}

GError *
assay_file_new_too_large (void)
{
  return g_error_new (ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                      _("It is larger than %u MiB, which no service takes; make it smaller"),
                      ASSAY_LIMIT_FILE_BYTES / (1024 * 1024));
}

/* Why what isn't a file isn't read: a pipe or a device may never end. */
void
assay_file_set_kind_error (GError **error,
                           mode_t mode)
{
  const char *reason;

  switch (mode & S_IFMT)
    {
    case S_IFDIR:
      reason = _("It is a folder, not a picture");
      break;
    case S_IFIFO:
      reason = _("It is a pipe, not a file");
      break;
    case S_IFSOCK:
      reason = _("It is a socket, not a file");
      break;
    case S_IFCHR:
    case S_IFBLK:
      reason = _("It is a device, not a file");
      break;
    default:
      reason = _("It isn't a file");
    }
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE, reason);
}

/* Opens a regular file and nothing else.  O_NONBLOCK: a pipe without a writer
 * would hold us, and a tape would rewind.  What a path points to may change
 * between stat() and open(), so the opened one is looked at. */
int
assay_file_open_native (const char *path,
                        struct stat *info,
                        GError **error)
{
  struct stat local;
  int fd;

  if (info == NULL)
    info = &local;
  fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0)
    {
      int code = errno;

      /* A socket can't be opened at all; say what it is. */
      if (code == ENXIO && stat (path, info) == 0)
        assay_file_set_kind_error (error, info->st_mode);
      else if (code == ENOENT && lstat (path, info) == 0)
        g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                             _("It is a link to a file that isn't there"));
      else
        assay_file_set_errno (error, code);
      return -1;
    }
  if (fstat (fd, info) < 0)
    assay_file_set_errno (error, errno);
  else if (S_ISREG (info->st_mode))
    return fd;
  else
    assay_file_set_kind_error (error, info->st_mode);
  close (fd);
  return -1;
}

gssize
assay_file_pread (int fd,
                  guint64 offset,
                  guint8 *buffer,
                  gsize size,
                  GError **error)
{
  gssize got;

  do
    got = pread (fd, buffer, size, offset);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    assay_file_set_errno (error, errno);
  return got;
}

/* A file that only GIO can reach; its kind is asked before it is opened. */
GInputStream *
assay_file_open_foreign (GFile *file,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GFileInfo) info = NULL;
  GFileInputStream *stream;
  GError *reason = NULL;
  GFileType type;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                            cancellable, &reason);
  if (info == NULL)
    {
      assay_file_take_error (error, reason);
      return NULL;
    }
  type = g_file_info_get_file_type (info);
  if (type != G_FILE_TYPE_REGULAR && type != G_FILE_TYPE_UNKNOWN)
    {
      assay_file_set_kind_error (error, type == G_FILE_TYPE_DIRECTORY ? S_IFDIR : 0);
      return NULL;
    }
  stream = g_file_read (file, cancellable, &reason);
  if (stream == NULL)
    assay_file_take_error (error, reason);
  return (GInputStream *) stream;
}

/* The whole stream, or an error when it has more than @limit bytes. */
GBytes *
assay_file_read_stream (GInputStream *stream,
                        gsize limit,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (64 * 1024);
  GError *reason = NULL;

  for (;;)
    {
      gssize got = g_input_stream_read (stream, block, 64 * 1024, cancellable, &reason);

      if (got < 0)
        {
          assay_file_take_error (error, reason);
          return NULL;
        }
      if (got == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
      if (bytes->len + (gsize) got > limit)
        {
          g_propagate_error (error, assay_file_new_too_large ());
          return NULL;
        }
      g_byte_array_append (bytes, block, got);
    }
}

/* What the first bytes say; an archive is told from other things that aren't
 * pictures, because there is something to be done about it. */
gboolean
assay_file_judge_head (const guint8 *head,
                       gsize length,
                       AssayFacts *facts,
                       GError **error)
{
  g_autoptr (GError) reason = NULL;
  gboolean ok;

  if (length == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE, _("The file is empty"));
      return FALSE;
    }
  ok = assay_probe_head (head, length, facts, &reason);
  if (assay_format_is_archive (facts->format))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   _("It is an archive, which isn't opened here; unpack it and add the folder"));
      return FALSE;
    }
  if (!ok)
    g_propagate_error (error, g_steal_pointer (&reason));
  return ok;
}

/* The last word on a picture whose container was walked. */
gboolean
assay_file_check_handling (const AssayFacts *facts,
                           gboolean convert,
                           GError **error)
{
  switch (facts->handling)
    {
    case ASSAY_HANDLING_SEND:
      return TRUE;
    case ASSAY_HANDLING_CONVERT:
      if (convert)
        return TRUE;
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                           _("Services don't take this kind of picture, and conversion is "
                             "switched off"));
      return FALSE;
    case ASSAY_HANDLING_REJECT:
    default:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, _("%s pictures can't be sent"),
                   assay_format_get_name (facts->format));
      return FALSE;
    }
}
