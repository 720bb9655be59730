/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The OAuth 2 token endpoint as XSUAA has it (protocols.md, A5), for client
 * credentials: GET with a query or POST with a query or a form; the client in a
 * Basic header or, with POST, in the form. */

#include "config.h"

#include <json-glib/json-glib.h>

#include "assay-limits.h"
#include "assay-serve-form.h"
#include "assay-serve-request.h"
#include "assay-serve-token.h"
#include "assay-server.h"

#define BAD_CREDENTIALS "Bad credentials"

static char *
to_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

static void
add_string (JsonBuilder *builder,
            const char *name,
            const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
refuse (AssayServeRequest *request,
        guint status,
        const char *error,
        const char *description)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *json = NULL;

  json_builder_begin_object (builder);
  add_string (builder, "error", error);
  add_string (builder, "error_description", description);
  json_builder_end_object (builder);
  json = to_json (builder);
  if (status == SOUP_STATUS_UNAUTHORIZED)
    assay_serve_request_add_header (request, "WWW-Authenticate",
                                    "Basic realm=\"UAA/client\", error=\"unauthorized\", "
                                    "error_description=\"" BAD_CREDENTIALS "\"");
  assay_serve_request_answer (request, status, json);
}

/* From the form first, then from the query. */
static char *
dup_parameter (AssayServeRequest *request,
               const char *name)
{
  const char *type = assay_serve_request_get_header (request, "Content-Type");
  const char *query = assay_serve_request_get_query (request);
  char *value = NULL;
  const char *form;
  gsize length;

  if (type != NULL && g_ascii_strncasecmp (type, "application/x-www-form-urlencoded", 33) == 0)
    {
      form = g_bytes_get_data (assay_serve_request_get_body (request), &length);
      value = assay_form_dup_field (form, length, name);
    }
  if (value == NULL && query != NULL)
    value = assay_form_dup_field (query, strlen (query), name);
  return value;
}

/* A secret in an address ends up in logs: the form is the only other place. */
static gboolean
check_client (AssayServeAuth *auth,
              AssayServeRequest *request)
{
  const char *authorization = assay_serve_request_get_header (request, "Authorization");
  const char *query = assay_serve_request_get_query (request);
  g_autofree char *in_query = NULL;
  g_autofree char *client = NULL;
  g_autofree char *secret = NULL;

  if (authorization != NULL)
    return assay_serve_auth_check_basic (auth, authorization);
  if (query != NULL)
    in_query = assay_form_dup_field (query, strlen (query), "client_secret");
  if (in_query != NULL)
    return FALSE;
  client = dup_parameter (request, "client_id");
  secret = dup_parameter (request, "client_secret");
  return assay_serve_auth_check_client (auth, client, secret);
}

static char *
format_token (const char *token)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *id = g_uuid_string_random ();

  json_builder_begin_object (builder);
  add_string (builder, "access_token", token);
  add_string (builder, "token_type", "bearer");
  json_builder_set_member_name (builder, "expires_in");
  json_builder_add_int_value (builder, ASSAY_TOKEN_SECONDS);
  add_string (builder, "scope", "uaa.resource");
  add_string (builder, "jti", id);
  json_builder_end_object (builder);
  return to_json (builder);
}

static void
handle_token (AssayServer *server,
              AssayServeRequest *request)
{
  AssayServeAuth *auth = assay_server_get_auth (server);
  g_autofree char *grant = dup_parameter (request, "grant_type");
  g_autofree char *token = NULL;
  g_autofree char *json = NULL;

  if (!check_client (auth, request))
    {
      refuse (request, SOUP_STATUS_UNAUTHORIZED, "unauthorized", BAD_CREDENTIALS);
      return;
    }
  if (grant == NULL || grant[0] == '\0')
    {
      refuse (request, SOUP_STATUS_BAD_REQUEST, "invalid_request", "Missing grant type");
      return;
    }
  if (strcmp (grant, "client_credentials") != 0)
    {
      refuse (request, SOUP_STATUS_BAD_REQUEST, "unsupported_grant_type", "Unsupported grant type");
      return;
    }
  token = assay_serve_auth_make_token (auth, g_get_monotonic_time ());
  if (token == NULL)
    {
      assay_serve_request_refuse (request, SOUP_STATUS_INTERNAL_SERVER_ERROR,
                                  "Internal error: No random bits");
      return;
    }
  json = format_token (token);
  assay_serve_request_answer (request, SOUP_STATUS_OK, json);
}

static const AssayRoute routes[] = {
  { "oauth/token", ASSAY_ROUTE_GET | ASSAY_ROUTE_POST | ASSAY_ROUTE_PUBLIC | ASSAY_ROUTE_AUTH,
    ASSAY_LIMIT_SMALL_REQUEST_BYTES, handle_token },
};

/**
 * assay_serve_token_get_routes:
 * @n_routes: (out): their number
 *
 * Returns: (transfer none) (array length=n_routes): the endpoint's addresses
 */
const AssayRoute *
assay_serve_token_get_routes (guint *n_routes)
{
  g_return_val_if_fail (n_routes != NULL, NULL);

  *n_routes = G_N_ELEMENTS (routes);
  return routes;
}
