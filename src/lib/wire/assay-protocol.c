/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-protocol.h"
#include "assay-protocol-generic.h"
#include "assay-protocol-kserve.h"
#include "assay-protocol-mlf.h"
#include "assay-protocol-oip.h"
#include "assay-reply-words.h"

/* Also the order in which an unknown address is asked.  KServe's own server answers as the
 * Open Inference Protocol too, and then fails over most models made for its first one; nobody
 * else answers as KServe. */
static const AssayProtocol *const protocols[] = {
  &assay_protocol_mlf,
  &assay_protocol_kserve,
  &assay_protocol_oip,
  &assay_protocol_generic,
};

static void
header_free (gpointer data)
{
  AssayHeader *header = data;

  g_free (header->name);
  g_free (header->value);
  g_free (header);
}

/**
 * assay_request_new:
 * @method: "GET", "POST"
 * @url: the whole address
 *
 * Returns: (transfer full): a request without headers and body
 */
AssayRequest *
assay_request_new (const char *method,
                   const char *url)
{
  AssayRequest *self;

  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (url != NULL, NULL);

  self = g_new0 (AssayRequest, 1);
  self->method = g_intern_string (method);
  self->url = g_strdup (url);
  self->headers = g_ptr_array_new_with_free_func (header_free);
  return self;
}

void
assay_request_free (AssayRequest *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->body, assay_body_unref);
  g_ptr_array_unref (self->headers);
  g_free (self->secret_header);
  g_free (self->url);
  g_free (self);
}

/**
 * assay_request_add_header:
 * @name: a header other than Content-Type, Content-Length and Authorization
 * @value: its value, on one line
 */
void
assay_request_add_header (AssayRequest *self,
                          const char *name,
                          const char *value)
{
  AssayHeader *header;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL && strpbrk (name, ":\r\n ") == NULL);
  g_return_if_fail (value != NULL && strpbrk (value, "\r\n") == NULL);

  header = g_new0 (AssayHeader, 1);
  header->name = g_strdup (name);
  header->value = g_strdup (value);
  g_ptr_array_add (self->headers, header);
}

/**
 * assay_request_set_header:
 *
 * As assay_request_add_header(), in place of any header of that name.
 */
void
assay_request_set_header (AssayRequest *self,
                          const char *name,
                          const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  for (guint i = self->headers->len; i > 0; i--)
    {
      const AssayHeader *header = self->headers->pdata[i - 1];

      if (g_ascii_strcasecmp (header->name, name) == 0)
        g_ptr_array_remove_index (self->headers, i - 1);
    }
  assay_request_add_header (self, name, value);
}

/**
 * assay_reply_new:
 * @status: the HTTP status
 * @reason: (nullable): what the status line says behind it
 * @content_type: (nullable): the header as sent
 * @retry_after: (nullable): the header as sent
 * @body: (nullable) (transfer none): the whole body; %NULL is an empty one
 *
 * Returns: (transfer full): the reply
 */
AssayReply *
assay_reply_new (guint status,
                 const char *reason,
                 const char *content_type,
                 const char *retry_after,
                 GBytes *body)
{
  AssayReply *self = g_new0 (AssayReply, 1);

  self->status = status;
  self->reason = g_strdup (reason != NULL ? reason : "");
  self->content_type = g_strdup (content_type);
  self->retry_after = g_strdup (retry_after);
  self->body = body != NULL ? g_bytes_ref (body) : g_bytes_new_static ("", 0);
  return self;
}

void
assay_reply_free (AssayReply *self)
{
  g_return_if_fail (self != NULL);

  g_bytes_unref (self->body);
  g_free (self->reason);
  g_free (self->content_type);
  g_free (self->retry_after);
  g_free (self);
}

/**
 * assay_reply_is_success:
 *
 * Returns: whether the body holds what was asked for
 */
gboolean
assay_reply_is_success (const AssayReply *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->status >= 200 && self->status < 300;
}

/**
 * assay_reply_is_unknown:
 *
 * Returns: whether the service has no such address, or can't be asked this there
 */
gboolean
assay_reply_is_unknown (const AssayReply *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->status == 404 || self->status == 405 || self->status == 501;
}

/**
 * assay_status_is_passing:
 * @status: of HTTP
 *
 * Returns: whether the service, or what stands before it, is busy or away for a while
 *   (protocols.md, C1)
 */
gboolean
assay_status_is_passing (guint status)
{
  switch (status)
    {
    case 408:
    case 425:
    case 429:
    case 502:
    case 503:
    case 504:
      return TRUE;
    default:
      return FALSE;
    }
}

/**
 * assay_reply_dup_start:
 *
 * Returns: (transfer full): what is kept of it: its first %ASSAY_LIMIT_RAW_BYTES bytes,
 *   which do not hold the rest
 */
GBytes *
assay_reply_dup_start (const AssayReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (g_bytes_get_size (self->body) <= ASSAY_LIMIT_RAW_BYTES)
    return g_bytes_ref (self->body);
  return g_bytes_new (g_bytes_get_data (self->body, NULL), ASSAY_LIMIT_RAW_BYTES);
}

void
assay_model_version_free (AssayModelVersion *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->model);
  g_free (self->version);
  g_free (self->state);
  g_free (self->description);
  g_strfreev (self->labels);
  g_free (self);
}

/**
 * assay_discovered_new:
 * @service: what it calls itself
 * @profile: (transfer full): how it is spoken to
 *
 * Returns: (transfer full): what an address has turned out to be
 */
AssayDiscovered *
assay_discovered_new (const char *service,
                   AssayProfile *profile)
{
  AssayDiscovered *self = g_new0 (AssayDiscovered, 1);

  self->service = g_strdup (service);
  self->profile = profile;
  return self;
}

void
assay_discovered_free (AssayDiscovered *self)
{
  g_return_if_fail (self != NULL);

  assay_profile_unref (self->profile);
  g_free (self->service);
  g_free (self->model);
  g_free (self);
}

/**
 * assay_protocol_find:
 * @id: (nullable): such as "mlf"
 *
 * Returns: (transfer none) (nullable): the protocol of that name
 */
const AssayProtocol *
assay_protocol_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (g_strcmp0 (protocols[i]->id, id) == 0)
      return protocols[i];
  return NULL;
}

/**
 * assay_protocol_get_all:
 * @n_protocols: (out) (optional): their number
 *
 * Returns: (transfer none) (array length=n_protocols): every protocol, in the
 *   order in which they are offered
 */
const AssayProtocol *const *
assay_protocol_get_all (guint *n_protocols)
{
  if (n_protocols != NULL)
    *n_protocols = G_N_ELEMENTS (protocols);
  return protocols;
}

static AssayError
code_of_status (guint status)
{
  switch (status)
    {
    case 401:
      return ASSAY_ERROR_UNAUTHORIZED;
    case 403:
    case 407:
      return ASSAY_ERROR_FORBIDDEN;
    case 404:
    case 410:
      return ASSAY_ERROR_NOT_FOUND;
    case 408:
    case 504:
      return ASSAY_ERROR_TIMED_OUT;
    case 413:
      return ASSAY_ERROR_TOO_LARGE;
    case 425:
    case 429:
    case 503:
      return ASSAY_ERROR_BUSY;
    default:
      break;
    }
  if (status >= 300 && status < 400)
    return ASSAY_ERROR_USAGE;
  if (status >= 400 && status < 500)
    return ASSAY_ERROR_REFUSED;
  return status >= 500 && status < 600 ? ASSAY_ERROR_SERVICE : ASSAY_ERROR_BAD_ANSWER;
}

static const char *
sentence_of_code (AssayError code)
{
  switch ((int) code)
    {
    case ASSAY_ERROR_USAGE:
      return _("The service points to another address, which Assay does not follow. Correct the "
               "address of the connection.");
    case ASSAY_ERROR_UNAUTHORIZED:
      return _("The service did not accept the sign-in. Sign in again, or check the token or "
               "client secret of the connection.");
    case ASSAY_ERROR_FORBIDDEN:
      return _("The sign-in does not permit this. Ask whoever runs the service.");
    case ASSAY_ERROR_NOT_FOUND:
      return _("The service knows no such address, model or version. Choose another version, or "
               "check the address of the connection.");
    case ASSAY_ERROR_TIMED_OUT:
      return _("The service took too long. Try again later.");
    case ASSAY_ERROR_TOO_LARGE:
      return _("The picture is too large for the service. Send a smaller one.");
    case ASSAY_ERROR_BUSY:
      return _("The service is busy. Try again later.");
    case ASSAY_ERROR_SERVICE:
      return _("The service failed. Try again later, or tell whoever runs it.");
    case ASSAY_ERROR_REFUSED:
      return _("The service refused the request, and would refuse it again as it is.");
    case ASSAY_ERROR_BAD_ANSWER:
    default:
      return _("The service gave an answer that does not belong here. Check the address of the "
               "connection.");
    }
}

/**
 * assay_protocol_error_as:
 * @reply: an answer that is no success
 * @code: what it means, where a protocol knows better than its status tells
 *
 * Says in plain words what to do, with the service's own words behind it.
 *
 * Returns: (transfer full): an error of %ASSAY_ERROR
 */
GError *
assay_protocol_error_as (const AssayReply *reply,
                         int code)
{
  g_autofree char *words = NULL;

  g_return_val_if_fail (reply != NULL, NULL);

  words = assay_reply_dup_words (reply);
  if (words == NULL)
    return g_error_new (ASSAY_ERROR, code, _("%s (HTTP status %u)"), sentence_of_code (code),
                        reply->status);
  return g_error_new (ASSAY_ERROR, code, _("%s It says: “%s” (HTTP status %u)"),
                      sentence_of_code (code), words, reply->status);
}

/**
 * assay_protocol_error_from_reply:
 * @reply: an answer that is no success
 *
 * As assay_protocol_error_as(), with what its status means.
 *
 * Returns: (transfer full): an error of %ASSAY_ERROR
 */
GError *
assay_protocol_error_from_reply (const AssayReply *reply)
{
  g_return_val_if_fail (reply != NULL, NULL);

  return assay_protocol_error_as (reply, code_of_status (reply->status));
}
