/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-payload.h"

/* Immutable after construction; the reference count is atomic, because a
 * payload is made on the thread that read it and let go of on the thread that
 * sent it. */
struct _AssayPayload {
  char *name;
  char *media_type;
  guint64 length;
  GBytes *bytes;            /* or open, data and destroy */
  AssayPayloadOpen open;
  gpointer data;
  GDestroyNotify destroy;
};

G_DEFINE_BOXED_TYPE (AssayPayload, assay_payload, assay_payload_ref, assay_payload_unref)

/**
 * assay_payload_new:
 * @name: the file name to send, any bytes (escaped where it is written)
 * @media_type: for example "image/jpeg"
 * @length: bytes that every opened stream gives
 * @open: opens the bytes from their start; called on any thread
 * @data: (transfer full): for @open
 * @destroy: (nullable): frees @data
 *
 * Returns: (transfer full): a payload whose bytes stay where they are
 */
AssayPayload *
assay_payload_new (const char *name,
                   const char *media_type,
                   guint64 length,
                   AssayPayloadOpen open,
                   gpointer data,
                   GDestroyNotify destroy)
{
  AssayPayload *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (media_type != NULL, NULL);
  g_return_val_if_fail (open != NULL, NULL);

  self = g_atomic_rc_box_new0 (AssayPayload);
  self->name = g_strdup (name);
  self->media_type = g_strdup (media_type);
  self->length = length;
  self->open = open;
  self->data = data;
  self->destroy = destroy;
  return self;
}

/**
 * assay_payload_new_bytes:
 * @name: the file name to send, any bytes
 * @media_type: for example "image/jpeg"
 * @bytes: (transfer none): what is sent
 *
 * Returns: (transfer full): a payload held in memory
 */
AssayPayload *
assay_payload_new_bytes (const char *name,
                         const char *media_type,
                         GBytes *bytes)
{
  AssayPayload *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (media_type != NULL, NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  self = g_atomic_rc_box_new0 (AssayPayload);
  self->name = g_strdup (name);
  self->media_type = g_strdup (media_type);
  self->length = g_bytes_get_size (bytes);
  self->bytes = g_bytes_ref (bytes);
  return self;
}

AssayPayload *
assay_payload_ref (AssayPayload *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
payload_clear (gpointer data)
{
  AssayPayload *self = data;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->name);
  g_free (self->media_type);
}

void
assay_payload_unref (AssayPayload *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, payload_clear);
}

const char *
assay_payload_get_name (const AssayPayload *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

const char *
assay_payload_get_media_type (const AssayPayload *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->media_type;
}

guint64
assay_payload_get_length (const AssayPayload *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}

/**
 * assay_payload_get_bytes:
 *
 * Returns: (transfer none) (nullable): the bytes if they are held in memory
 */
GBytes *
assay_payload_get_bytes (const AssayPayload *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bytes;
}

/**
 * assay_payload_open:
 * @cancellable: (nullable): stops a slow open
 * @error: %ASSAY_ERROR_UNREADABLE, or what GIO said
 *
 * Opens the bytes from their start, as often as needed, on any thread.
 *
 * Returns: (transfer full) (nullable): a stream of the payload's length
 */
GInputStream *
assay_payload_open (const AssayPayload *self,
                    GCancellable *cancellable,
                    GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->bytes != NULL)
    return g_memory_input_stream_new_from_bytes (self->bytes);
  return self->open (self->data, cancellable, error);
}
