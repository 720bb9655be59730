/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-body-stream.h"
#include "assay-error.h"

struct _AssayBodyStream {
  GInputStream parent_instance;

  AssayBody *body;
  GInputStream *part;       /* the one that is being read, or NULL between two */
  guint next;               /* the part to open next */
  guint64 position;
  GError *failure;          /* of the next read, because the one before had got something */
};

G_DEFINE_FINAL_TYPE (AssayBodyStream, assay_body_stream, G_TYPE_INPUT_STREAM)

/* What the file system says would look like trouble with the network to
 * whoever gets it from the other side of libsoup. */
static void
name_the_culprit (GError **error)
{
  g_autoptr(GError) raw = NULL;

  if (error == NULL || *error == NULL || (*error)->domain == ASSAY_ERROR
      || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  raw = g_steal_pointer (error);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
               _("The file could not be read: %s. Check the file and try again."), raw->message);
}

static gssize
fail_changed (GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                       _("The file changed while it was being sent. Try again."));
  return -1;
}

/* Returns what the part at hand gives, 0 at the end of the last one. */
static gssize
read_part (AssayBodyStream *self,
           char *buffer,
           gsize count,
           GCancellable *cancellable,
           GError **error)
{
  gssize got;

  for (;;)
    {
      if (self->part == NULL)
        {
          if (self->next == assay_body_get_n_parts (self->body))
            return self->position == assay_body_get_length (self->body) ? 0 : fail_changed (error);
          self->part = assay_body_open_part (self->body, self->next, cancellable, error);
          if (self->part == NULL)
            break;
          self->next++;
        }
      got = g_input_stream_read (self->part, buffer, count, cancellable, error);
      if (got < 0)
        break;
      if (got > 0)
        {
          self->position += got;
          return self->position <= assay_body_get_length (self->body) ? got : fail_changed (error);
        }
      g_clear_object (&self->part);
    }
  name_the_culprit (error);
  return -1;
}

/* Fills the buffer across the parts: what is read at once is sent at once, and a
 * packet or a TLS record for the few bytes of a part's header costs as much as one
 * for 8 KiB. */
static gssize
assay_body_stream_read (GInputStream *stream,
                        void *buffer,
                        gsize count,
                        GCancellable *cancellable,
                        GError **error)
{
  AssayBodyStream *self = ASSAY_BODY_STREAM (stream);
  gsize done = 0;

  /* Streams over memory don't look at it. */
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (self->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->failure));
      return -1;
    }
  while (done < count)
    {
      gssize got = read_part (self, (char *) buffer + done, count - done, cancellable,
                              done > 0 ? &self->failure : error);

      if (got < 0 && done == 0)
        return -1;
      if (got <= 0)
        break;
      done += got;
    }
  return done;
}

static gboolean
assay_body_stream_close (GInputStream *stream,
                         GCancellable *cancellable,
                         GError **error)
{
  AssayBodyStream *self = ASSAY_BODY_STREAM (stream);

  g_clear_object (&self->part);
  return TRUE;
}

static void
assay_body_stream_finalize (GObject *object)
{
  AssayBodyStream *self = ASSAY_BODY_STREAM (object);

  g_clear_error (&self->failure);
  g_clear_object (&self->part);
  g_clear_pointer (&self->body, assay_body_unref);

  G_OBJECT_CLASS (assay_body_stream_parent_class)->finalize (object);
}

static void
assay_body_stream_class_init (AssayBodyStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_body_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = assay_body_stream_read;
  G_INPUT_STREAM_CLASS (klass)->close_fn = assay_body_stream_close;
}

static void
assay_body_stream_init (AssayBodyStream *self)
{
}

/**
 * assay_body_stream_new:
 * @body: (transfer none): what to read
 *
 * Nothing is opened before the first read.  Use it from one thread, any thread.
 * Reading fails with %ASSAY_ERROR_UNREADABLE, never with a bare error of the
 * file system.
 *
 * Returns: (transfer full): a stream over @body from its start
 */
GInputStream *
assay_body_stream_new (AssayBody *body)
{
  AssayBodyStream *self;

  g_return_val_if_fail (body != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_BODY_STREAM, NULL);
  self->body = assay_body_ref (body);
  return G_INPUT_STREAM (self);
}
