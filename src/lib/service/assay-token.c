/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* OAuth 2 client credentials (RFC 6749, 4.4), as XSUAA (Cloud Foundry UAA) and
 * others speak it:
 *
 *   POST {token_url}    Authorization: Basic base64 (id ":" secret), both as they
 *                       are and in UTF-8, not form-encoded first as RFC 6749, 2.3.1
 *                       has it: XSUAA's ids hold "!" and "|" and its secrets "+/="
 *   grant_type=client_credentials
 *
 *   200 {"access_token":"…","token_type":"bearer","expires_in":43199,…}
 *   401 {"error":"unauthorized","error_description":"Bad credentials"}
 *
 * and GET {token_url}?grant_type=client_credentials with the same header, which
 * old services took alone.  Sources: protocols.md, A5. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-network-error.h"
#include "assay-secret.h"
#include "assay-token.h"

#define GRANT "grant_type=client_credentials"
#define MAX_LIFETIME (10.0 * 365 * 24 * 3600)

/**
 * assay_token_request_new:
 * @token_url: the token endpoint
 * @as_get: ask with GET and a query instead of POST and a form
 * @error: %ASSAY_ERROR_USAGE for an address that is none
 *
 * Returns: (transfer full) (nullable): the request, without its Basic header
 */
AssayRequest *
assay_token_request_new (const char *token_url,
                         gboolean as_get,
                         GError **error)
{
  g_autofree char *url = assay_endpoint_normalize (token_url, error);
  g_autofree char *with_query = NULL;
  g_autoptr(GBytes) form = NULL;
  AssayRequest *request;

  if (url == NULL)
    return NULL;
  if (as_get)
    with_query = g_strconcat (url, strchr (url, '?') != NULL ? "&" : "?", GRANT, NULL);
  request = assay_request_new (as_get ? "GET" : "POST", as_get ? with_query : url);
  assay_request_add_header (request, "Accept", "application/json");
  if (as_get)
    return request;
  form = g_bytes_new_static (GRANT, strlen (GRANT));
  request->body = assay_body_new ("application/x-www-form-urlencoded");
  assay_body_append_bytes (request->body, form);
  return request;
}

/**
 * assay_token_dup_basic:
 * @error: %ASSAY_ERROR_USAGE for an id that a Basic header can't carry
 *
 * Returns: (transfer full) (nullable): the value of an Authorization header; free
 *   it with assay_secret_free()
 */
char *
assay_token_dup_basic (const char *client_id,
                       const char *client_secret,
                       GError **error)
{
  char *pair;
  g_autofree char *encoded = NULL;
  char *header;

  if (strchr (client_id, ':') != NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("The client ID holds a colon, which no client ID can. Correct it."));
      return NULL;
    }
  pair = g_strconcat (client_id, ":", client_secret, NULL);
  encoded = g_base64_encode ((const guchar *) pair, strlen (pair));
  header = g_strconcat ("Basic ", encoded, NULL);
  explicit_bzero (encoded, strlen (encoded));
  assay_secret_free (pair);
  return header;
}

/* @prefix and the secret, without blanks around it; NULL for one that a header
 * can't carry.  Once, without copies of the secret left behind. */
static char *
dup_value (const char *prefix,
           const char *secret)
{
  const char *start = secret;
  const char *end;
  gsize length;
  char *header;

  while (g_ascii_isspace (*start))
    start++;
  end = start;
  while (*end > ' ' && *end < 0x7f)
    end++;
  if (end == start || end[strspn (end, " \t\r\n")] != '\0')
    return NULL;
  length = strlen (prefix) + (end - start);
  header = g_malloc (length + 1);
  memcpy (header, prefix, strlen (prefix));
  memcpy (header + strlen (prefix), start, end - start);
  header[length] = '\0';
  return header;
}

/**
 * assay_token_dup_bearer:
 * @token: a token; blanks around it are not part of it
 * @error: %ASSAY_ERROR_USAGE for one that a header can't carry
 *
 * Returns: (transfer full) (nullable): the value of an Authorization header; free
 *   it with assay_secret_free()
 */
char *
assay_token_dup_bearer (const char *token,
                        GError **error)
{
  char *header = dup_value ("Bearer ", token);

  if (header == NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("The token is empty or holds characters that no token has. Give it "
                           "again, in one piece."));
  return header;
}

/**
 * assay_token_dup_api_key:
 * @key: an API key; blanks around it are not part of it
 * @error: %ASSAY_ERROR_USAGE for one that a header can't carry
 *
 * Returns: (transfer full) (nullable): the value of the key's header; free it with
 *   assay_secret_free()
 */
char *
assay_token_dup_api_key (const char *key,
                         GError **error)
{
  char *header = dup_value ("", key);

  if (header == NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("The API key is empty or holds characters that no header can carry. "
                           "Give it again, in one piece."));
  return header;
}

/* Some services write the number as a string. */
static double
read_lifetime (JsonObject *root)
{
  const char *text = assay_json_get_string (root, "expires_in");
  double seconds = 0;

  if (text != NULL)
    seconds = g_ascii_strtod (text, NULL);
  else if (!assay_json_get_double (json_object_get_member (root, "expires_in"), &seconds))
    return 0;
  return seconds > 0 && seconds <= MAX_LIFETIME ? seconds : 0;
}

static void
read_success (AssayToken *self,
              JsonObject *root,
              const char *place)
{
  const char *token = assay_json_get_string (root, "access_token");
  const char *type = assay_json_get_string (root, "token_type");
  char *header;

  if (token == NULL)
    {
      self->error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                                 _("The sign-in at %s answered without a token. Check the token "
                                   "address."),
                                 place);
      return;
    }
  header = assay_token_dup_bearer (token, NULL);
  if (header == NULL || (type != NULL && g_ascii_strcasecmp (type, "bearer") != 0))
    self->error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                               _("The sign-in at %s answered with a kind of token that cannot be "
                                 "used. Check the token address."),
                               place);
  else
    {
      assay_secret_set (&self->token, token);
      self->lifetime = read_lifetime (root);
    }
  assay_secret_free (header);
}

static void
read_error (AssayToken *self,
            const AssayReply *reply,
            const char *place)
{
  g_autoptr(GError) said = assay_protocol_error_from_reply (reply);

  if (reply->status == 401)
    g_set_error (&self->error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                 _("The sign-in at %s did not accept the client ID and secret. Check both."),
                 place);
  else
    g_set_error (&self->error, ASSAY_ERROR,
                 said->code == ASSAY_ERROR_REFUSED ? ASSAY_ERROR_UNAUTHORIZED : said->code,
                 _("Signing in at %s failed. %s"), place, said->message);
}

/**
 * assay_token_read:
 * @reply: what the token endpoint answered
 * @token_url: for the words of an error
 *
 * Pure; any thread.  No part of a successful answer gets into an error.
 *
 * Returns: (transfer full): a token or an error
 */
AssayToken *
assay_token_read (const AssayReply *reply,
                  const char *token_url)
{
  AssayToken *self = g_new0 (AssayToken, 1);
  g_autofree char *place = assay_network_dup_place (token_url);
  g_autoptr(JsonNode) root = NULL;
  gsize length;
  const char *data = g_bytes_get_data (reply->body, &length);

  self->status = reply->status;
  if (reply->status < 200 || reply->status > 299)
    {
      read_error (self, reply, place);
      return self;
    }
  if (length <= ASSAY_LIMIT_TOKEN_BYTES)
    root = assay_json_parse (data, length, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    self->error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                               _("%s did not answer as a token endpoint does. Check the token "
                                 "address."),
                               place);
  else
    read_success (self, json_node_get_object (root), place);
  return self;
}

void
assay_token_free (AssayToken *self)
{
  assay_secret_free (self->token);
  g_clear_error (&self->error);
  g_free (self);
}
