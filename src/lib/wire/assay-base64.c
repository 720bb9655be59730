/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures that travel inside JSON: base64 (RFC 4648, 4), written while the picture is read,
 * so that no picture is ever held twice. */

#include "config.h"

#include "assay-base64.h"

#define GROUP 3                         /* bytes that become CHARS characters */
#define CHARS 4

/* Encodes whole groups only until the input ends, so that it has nothing to remember. */
#define ASSAY_TYPE_BASE64_ENCODER (assay_base64_encoder_get_type ())

G_DECLARE_FINAL_TYPE (AssayBase64Encoder, assay_base64_encoder, ASSAY, BASE64_ENCODER, GObject)

struct _AssayBase64Encoder {
  GObject parent_instance;
};

static void converter_init (GConverterIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayBase64Encoder, assay_base64_encoder, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER, converter_init))

static GConverterResult
fail (GError **error,
      GIOErrorEnum code)
{
  /* Only the converting stream sees these, and asks again with more input or more room. */
  g_set_error_literal (error, G_IO_ERROR, code, "base64");
  return G_CONVERTER_ERROR;
}

static GConverterResult
encoder_convert (GConverter *converter,
                 const void *input,
                 gsize input_size,
                 void *output,
                 gsize output_size,
                 GConverterFlags flags,
                 gsize *bytes_read,
                 gsize *bytes_written,
                 GError **error)
{
  gboolean at_end = (flags & G_CONVERTER_INPUT_AT_END) != 0;
  gsize take = MIN (input_size / GROUP, output_size / CHARS) * GROUP;
  int state = 0;
  int save = 0;

  *bytes_read = *bytes_written = 0;
  if (input_size == 0 && at_end)
    return G_CONVERTER_FINISHED;
  if (input_size == 0 && (flags & G_CONVERTER_FLUSH) != 0)
    return G_CONVERTER_FLUSHED;
  if (output_size < CHARS)
    return fail (error, G_IO_ERROR_NO_SPACE);
  if (input_size < GROUP && !at_end)
    return fail (error, G_IO_ERROR_PARTIAL_INPUT);

  *bytes_read = MAX (take, MIN (input_size, GROUP));
  *bytes_written = g_base64_encode_step (input, *bytes_read, FALSE, output, &state, &save);
  *bytes_written += g_base64_encode_close (FALSE, (char *) output + *bytes_written, &state, &save);
  return at_end && *bytes_read == input_size ? G_CONVERTER_FINISHED : G_CONVERTER_CONVERTED;
}

static void
encoder_reset (GConverter *converter)
{
}

static void
converter_init (GConverterIface *iface)
{
  iface->convert = encoder_convert;
  iface->reset = encoder_reset;
}

static void
assay_base64_encoder_class_init (AssayBase64EncoderClass *klass)
{
}

static void
assay_base64_encoder_init (AssayBase64Encoder *self)
{
}

/* An AssayPayloadOpen: @data is the picture. */
static GInputStream *
open_encoded (gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GInputStream) plain = assay_payload_open (data, cancellable, error);
  g_autoptr (GConverter) encoder = NULL;

  if (plain == NULL)
    return NULL;
  encoder = g_object_new (ASSAY_TYPE_BASE64_ENCODER, NULL);
  return g_converter_input_stream_new (plain, encoder);
}

/**
 * assay_base64_length:
 * @length: bytes
 *
 * Returns: the characters that they take in base64, padding included
 */
guint64
assay_base64_length (guint64 length)
{
  return (length + GROUP - 1) / GROUP * CHARS;
}

/**
 * assay_base64_payload:
 * @payload: (transfer none): a picture
 *
 * Returns: (transfer full): the same in base64 (RFC 4648, 4) with padding and without line
 *   breaks, which may stand between the quotes of a JSON text as it is; it is opened by
 *   opening @payload, on any thread, as often as needed
 */
AssayPayload *
assay_base64_payload (AssayPayload *payload)
{
  g_return_val_if_fail (payload != NULL, NULL);

  return assay_payload_new (assay_payload_get_name (payload), "text/plain",
                            assay_base64_length (assay_payload_get_length (payload)), open_encoded,
                            assay_payload_ref (payload), (GDestroyNotify) assay_payload_unref);
}
