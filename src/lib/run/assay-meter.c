/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-meter.h"

struct _AssayMeter {
  AssayPayload *payload;
  GMutex lock;
  guint64 sent;
};

/* Gives what its base stream gives, and counts it. */
struct _AssayMeterStream {
  GFilterInputStream parent_instance;

  AssayMeter *meter;
};

G_DECLARE_FINAL_TYPE (AssayMeterStream, assay_meter_stream, ASSAY, METER_STREAM,
                      GFilterInputStream)

G_DEFINE_FINAL_TYPE (AssayMeterStream, assay_meter_stream, G_TYPE_FILTER_INPUT_STREAM)

static void
meter_clear (gpointer data)
{
  AssayMeter *self = data;

  assay_payload_unref (self->payload);
  g_mutex_clear (&self->lock);
}

/**
 * assay_meter_new:
 * @payload: (transfer none): what is to be sent
 *
 * Returns: (transfer full): a meter at 0
 */
AssayMeter *
assay_meter_new (AssayPayload *payload)
{
  AssayMeter *self;

  g_return_val_if_fail (payload != NULL, NULL);

  self = g_atomic_rc_box_new0 (AssayMeter);
  self->payload = assay_payload_ref (payload);
  g_mutex_init (&self->lock);
  return self;
}

AssayMeter *
assay_meter_ref (AssayMeter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

void
assay_meter_unref (AssayMeter *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, meter_clear);
}

static void
set_sent (AssayMeter *self,
          guint64 sent)
{
  g_mutex_lock (&self->lock);
  self->sent = sent;
  g_mutex_unlock (&self->lock);
}

/**
 * assay_meter_get_sent:
 *
 * Returns: bytes that have been taken since the payload was last opened: a
 *   request that is repeated begins again
 */
guint64
assay_meter_get_sent (AssayMeter *self)
{
  guint64 sent;

  g_return_val_if_fail (self != NULL, 0);

  g_mutex_lock (&self->lock);
  sent = self->sent;
  g_mutex_unlock (&self->lock);
  return sent;
}

/**
 * assay_meter_get_total:
 *
 * Returns: bytes of the payload
 */
guint64
assay_meter_get_total (AssayMeter *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return assay_payload_get_length (self->payload);
}

static gssize
assay_meter_stream_read (GInputStream *stream,
                         void *buffer,
                         gsize count,
                         GCancellable *cancellable,
                         GError **error)
{
  AssayMeterStream *self = ASSAY_METER_STREAM (stream);
  GInputStream *base = g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (stream));
  gssize got = g_input_stream_read (base, buffer, count, cancellable, error);

  if (got > 0)
    set_sent (self->meter, assay_meter_get_sent (self->meter) + got);
  return got;
}

static void
assay_meter_stream_finalize (GObject *object)
{
  assay_meter_unref (ASSAY_METER_STREAM (object)->meter);

  G_OBJECT_CLASS (assay_meter_stream_parent_class)->finalize (object);
}

static void
assay_meter_stream_class_init (AssayMeterStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_meter_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = assay_meter_stream_read;
}

static void
assay_meter_stream_init (AssayMeterStream *self)
{
}

static GInputStream *
open_metered (gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  AssayMeter *self = data;
  g_autoptr (GInputStream) base = assay_payload_open (self->payload, cancellable, error);
  AssayMeterStream *stream;

  if (base == NULL)
    return NULL;
  set_sent (self, 0);
  stream = g_object_new (assay_meter_stream_get_type (), "base-stream", base, NULL);
  stream->meter = assay_meter_ref (self);
  return G_INPUT_STREAM (stream);
}

/**
 * assay_meter_new_payload:
 *
 * Returns: (transfer full): the payload under the same name, that counts what is
 *   read of it; for one request at a time
 */
AssayPayload *
assay_meter_new_payload (AssayMeter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return assay_payload_new (assay_payload_get_name (self->payload),
                            assay_payload_get_media_type (self->payload),
                            assay_payload_get_length (self->payload), open_metered,
                            assay_meter_ref (self), (GDestroyNotify) assay_meter_unref);
}
