/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-probe-private.h"

void
assay_peek_init (AssayPeek *self,
                 AssayProbeRead read,
                 gpointer data,
                 guint64 limit)
{
  g_assert (read != NULL);

  *self = (AssayPeek) { .read = read, .data = data, .limit = limit };
  self->buffer = g_malloc (ASSAY_PEEK_MAX);
  self->bytes = self->buffer;
}

void
assay_peek_init_bytes (AssayPeek *self,
                       const guint8 *bytes,
                       gsize length)
{
  *self = (AssayPeek) { .limit = length, .length = length };
  self->bytes = bytes != NULL ? bytes : (const guint8 *) "";
}

void
assay_peek_clear (AssayPeek *self)
{
  g_clear_pointer (&self->buffer, g_free);
}

/* Moves the window so that it begins at @at, keeping what it already has of it. */
static void
move (AssayPeek *self,
      guint64 at)
{
  guint64 skipped = at - self->start;

  if (at >= self->start && skipped < self->length)
    {
      self->length -= skipped;
      memmove (self->buffer, self->buffer + skipped, self->length);
    }
  else
    {
      self->length = 0;
    }
  self->start = at;
}

/* Fills the window to @size bytes at least, unless the file ends before. */
static gboolean
fill (AssayPeek *self,
      guint64 at,
      gsize size,
      GError **error)
{
  move (self, at);
  while (self->length < size)
    {
      guint64 offset = self->start + self->length;
      gsize room = MIN (ASSAY_PEEK_MAX - self->length, self->limit - MIN (self->limit, offset));
      gssize got = room == 0 ? 0
                             : self->read (self->data, offset, self->buffer + self->length, room,
                                           error);

      if (got < 0)
        return FALSE;
      if (got == 0)
        break;
      g_assert ((gsize) got <= room);
      self->length += got;
    }
  return TRUE;
}

/* How many bytes the window has from @at on. */
static gsize
get_available (const AssayPeek *self,
               guint64 at)
{
  if (at < self->start || at - self->start >= self->length)
    return 0;
  return self->length - (at - self->start);
}

/*
 * Exactly @size bytes at @at, good until the next look.  NULL with
 * ASSAY_ERROR_DAMAGED when the file ends before, or with the reader's error.
 */
const guint8 *
assay_peek_need (AssayPeek *self,
                 guint64 at,
                 gsize size,
                 GError **error)
{
  g_assert (size > 0 && size <= ASSAY_PEEK_MAX);

  if (get_available (self, at) < size && self->read != NULL && !fill (self, at, size, error))
    return NULL;
  if (get_available (self, at) < size)
    {
      assay_probe_damaged (error, _("the file is cut off"));
      return NULL;
    }
  return self->bytes + (at - self->start);
}

/* The same for at least one byte and as many as are at hand. */
const guint8 *
assay_peek_some (AssayPeek *self,
                 guint64 at,
                 gsize *length,
                 GError **error)
{
  const guint8 *bytes = assay_peek_need (self, at, 1, error);

  *length = get_available (self, at);
  return bytes;
}

/* The first @size bytes, or fewer when the file has fewer.  NULL only with an error. */
const guint8 *
assay_peek_head (AssayPeek *self,
                 gsize size,
                 gsize *length,
                 GError **error)
{
  if (get_available (self, 0) < size && self->read != NULL && !fill (self, 0, size, error))
    return NULL;
  *length = MIN (get_available (self, 0), size);
  return self->bytes;
}
