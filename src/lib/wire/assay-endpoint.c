/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-display.h"
#include "assay-endpoint.h"
#include "assay-error.h"

/* What may stand in a path as it is; everything else is percent-encoded.  The
 * percent sign is among them, because an address comes encoded already. */
#define PATH_ALLOWED G_URI_RESERVED_CHARS_ALLOWED_IN_PATH "%"
#define QUERY_ALLOWED G_URI_RESERVED_CHARS_ALLOWED_IN_PATH "?%"

/* An address taken apart.  scheme is "http" or "https"; host is lower-case
 * ASCII, an IPv6 address without brackets; port is -1 for the scheme's own;
 * path is "" or begins with a slash and does not end in one. */
typedef struct {
  const char *scheme;
  char *host;
  int port;
  char *path;
  char *query;
} Endpoint;

static void
endpoint_free (Endpoint *self)
{
  g_free (self->host);
  g_free (self->path);
  g_free (self->query);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Endpoint, endpoint_free)

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error,
        const char *format,
        ...)
{
  va_list args;

  if (error != NULL)
    {
      va_start (args, format);
      *error = g_error_new_valist (ASSAY_ERROR, ASSAY_ERROR_USAGE, format, args);
      va_end (args);
    }
  return FALSE;
}

static gboolean
is_inet_address (const char *host,
                 GSocketFamily family)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return address != NULL && g_inet_address_get_family (address) == family;
}

static gboolean
is_number (const char *text)
{
  if (g_ascii_strncasecmp (text, "0x", 2) == 0)
    return TRUE;
  return *text != '\0' && text[strspn (text, "0123456789")] == '\0';
}

/* Resolvers read "127.1" and "0x7f000001" as addresses, people don't: what ends
 * in a number must be the plain form, so that what is shown is what is asked. */
static gboolean
is_plain_host (const char *host)
{
  const char *last = strrchr (host, '.');

  if (*host == '\0' || strlen (host) > 253 || *host == '.' || strstr (host, "..") != NULL
      || g_str_has_suffix (host, "."))
    return FALSE;
  if (host[strspn (host, "abcdefghijklmnopqrstuvwxyz0123456789.-_")] != '\0')
    return FALSE;
  if (is_number (last != NULL ? last + 1 : host))
    return is_inet_address (host, G_SOCKET_FAMILY_IPV4);
  return TRUE;
}

static char *
canonical_host (const char *host)
{
  g_autofree char *ascii = NULL;
  g_autofree char *lower = NULL;

  if (strchr (host, ':') != NULL)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

      return address != NULL ? g_inet_address_to_string (address) : NULL;
    }

  ascii = g_hostname_to_ascii (host);
  if (ascii == NULL)
    return NULL;
  lower = g_ascii_strdown (ascii, -1);
  if (g_str_has_suffix (lower, "."))
    lower[strlen (lower) - 1] = '\0';
  return is_plain_host (lower) ? g_steal_pointer (&lower) : NULL;
}

/* Something that the address should not hold can be a secret: it is named, not
 * repeated. */
static gboolean
check_text (const char *address,
            GError **error)
{
  g_autofree char *shown = NULL;

  if (*address == '\0')
    return refuse (error, _("Give the address of the service, such as https://example.com/api."));
  if (!g_utf8_validate (address, -1, NULL))
    return refuse (error, _("The address is not readable text. Type it again."));
  for (const char *p = address; *p != '\0'; p++)
    if ((guchar) *p <= ' ' || *p == 0x7F || strchr ("\\\"<>", *p) != NULL)
      return refuse (error, _("The address holds a space or another character that no address may "
                              "have. Remove it, or write it percent-encoded."));
  if (strstr (address, "://") != NULL)
    return TRUE;

  shown = assay_display_text (address, -1, 80);
  if (strchr (address, '@') != NULL)
    return refuse (error, _("The address must begin with https:// or http://."));
  if (g_str_has_prefix (address, "localhost") || g_str_has_prefix (address, "127."))
    return refuse (error, _("The address must begin with https:// or http://: write “http://%s”."),
                   shown);
  return refuse (error, _("The address must begin with https:// or http://: write “https://%s”."),
                 shown);
}

static gboolean
check_parts (GUri *uri,
             GError **error)
{
  const char *scheme = g_uri_get_scheme (uri);

  if (strcmp (scheme, "http") != 0 && strcmp (scheme, "https") != 0)
    return refuse (error, _("Assay speaks only to addresses that begin with https:// or http://."));
  if (g_uri_get_userinfo (uri) != NULL)
    return refuse (error, _("The address must not hold a user name or a password. Remove what "
                            "stands before the @ and set the sign-in of the connection."));
  if (g_uri_get_fragment (uri) != NULL)
    return refuse (error, _("The address of a service has no part behind “#”. Remove it."));
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return refuse (error, _("The address names no computer. Write it like "
                            "https://example.com/api."));
  if (g_uri_get_port (uri) == 0)
    return refuse (error, _("The address names port 0, which does not exist. Correct the port."));
  return TRUE;
}

static char *
encoded_path (const char *path)
{
  char *encoded = g_uri_escape_string (path, PATH_ALLOWED, FALSE);

  for (gsize length = strlen (encoded); length > 0 && encoded[length - 1] == '/'; length--)
    encoded[length - 1] = '\0';
  return encoded;
}

static Endpoint *
endpoint_parse (const char *text,
                GError **error)
{
  g_autofree char *address = g_strstrip (g_strdup (text != NULL ? text : ""));
  g_autoptr (GUri) uri = NULL;
  g_autoptr (Endpoint) self = NULL;

  if (!check_text (address, error))
    return NULL;
  uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL)
    {
      refuse (error, _("The address cannot be read. Look for a wrong port, a stray bracket or "
                       "a “%%” that is not followed by two hexadecimal digits."));
      return NULL;
    }
  if (!check_parts (uri, error))
    return NULL;

  self = g_new0 (Endpoint, 1);
  self->scheme = strcmp (g_uri_get_scheme (uri), "https") == 0 ? "https" : "http";
  self->host = canonical_host (g_uri_get_host (uri));
  if (self->host == NULL)
    {
      g_autofree char *shown = assay_display_text (g_uri_get_host (uri), -1, 80);

      refuse (error, _("“%s” is not the name or address of a computer. Correct the address."),
              shown);
      return NULL;
    }
  self->port = g_uri_get_port (uri);
  if (self->port == (strcmp (self->scheme, "https") == 0 ? 443 : 80))
    self->port = -1;
  self->path = encoded_path (g_uri_get_path (uri));
  if (g_uri_get_query (uri) != NULL && *g_uri_get_query (uri) != '\0')
    self->query = g_uri_escape_string (g_uri_get_query (uri), QUERY_ALLOWED, FALSE);
  return g_steal_pointer (&self);
}

static GString *
endpoint_origin (const Endpoint *self)
{
  gboolean brackets = strchr (self->host, ':') != NULL;
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, brackets ? "%s://[%s]" : "%s://%s", self->scheme, self->host);
  if (self->port != -1)
    g_string_append_printf (out, ":%d", self->port);
  return out;
}

static char *
endpoint_print (const Endpoint *self,
                const char *more)
{
  GString *out = endpoint_origin (self);

  g_string_append (out, self->path);
  g_string_append (out, more);
  if (self->query != NULL)
    g_string_append_printf (out, "?%s", self->query);
  return g_string_free (out, FALSE);
}

/**
 * assay_endpoint_normalize:
 * @address: (nullable): what somebody typed, pasted or saved
 * @error: %ASSAY_ERROR_USAGE, a sentence that says what to correct
 *
 * Brings an address into the one form that is saved, compared and sent to:
 * http or https, no user name or password, no fragment, "." and ".." in the path
 * resolved, host in lower-case ASCII (international names in their "xn--" form),
 * the scheme's own port left out, no slash at the end.  A query is kept.  An
 * address without a scheme is refused with the form to write, because guessing
 * "http" would send pictures unprotected and guessing "https" would fail at a
 * local service without a reason that anybody sees.
 *
 * Returns: (transfer full) (nullable): the address
 */
char *
assay_endpoint_normalize (const char *address,
                          GError **error)
{
  g_autoptr (Endpoint) self = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = endpoint_parse (address, error);
  return self != NULL ? endpoint_print (self, "") : NULL;
}

/**
 * assay_endpoint_append:
 * @address: an address
 * @segments: (array zero-terminated=1): plain text, one path segment each
 *
 * Adds path segments behind the address's path and before its query.  Each
 * segment is percent-encoded byte by byte, slashes too, so that a model's name
 * can neither climb nor branch off.  "." and ".." cannot be encoded so that
 * every server on the way leaves them alone, so they, and empty segments, are
 * refused.
 *
 * Returns: (transfer full) (nullable): the address; %NULL if @address is none
 *   or a segment cannot stand in a path
 */
char *
assay_endpoint_append (const char *address,
                       const char *const *segments)
{
  g_autoptr (Endpoint) self = endpoint_parse (address, NULL);
  g_autoptr (GString) more = g_string_new (NULL);

  g_return_val_if_fail (segments != NULL, NULL);

  if (self == NULL)
    return NULL;
  for (gsize i = 0; segments[i] != NULL; i++)
    {
      if (*segments[i] == '\0' || strcmp (segments[i], ".") == 0 || strcmp (segments[i], "..") == 0)
        return NULL;
      g_string_append_c (more, '/');
      g_string_append_uri_escaped (more, segments[i], NULL, FALSE);
    }
  return endpoint_print (self, more->str);
}

/**
 * assay_endpoint_dup_host:
 * @address: an address
 *
 * The computer's name as a person should see it.  An international name is
 * shown with its "xn--" form behind it, because letters of other scripts can
 * look exactly like Latin ones.
 *
 * Returns: (transfer full): the host without port, "" if @address is none
 */
char *
assay_endpoint_dup_host (const char *address)
{
  g_autoptr (Endpoint) self = endpoint_parse (address, NULL);
  g_autofree char *unicode = NULL;
  g_autofree char *shown = NULL;

  if (self == NULL)
    return g_strdup ("");
  unicode = g_hostname_to_unicode (self->host);
  if (unicode == NULL || strcmp (unicode, self->host) == 0)
    return g_steal_pointer (&self->host);
  shown = assay_display_text (unicode, -1, 0);
  return g_strdup_printf ("%s (%s)", shown, self->host);
}

/**
 * assay_endpoint_dup_origin:
 * @address: an address
 *
 * Scheme, host and port (RFC 6454): what a secret belongs to.  Two addresses
 * have the same origin if these strings are equal.
 *
 * Returns: (transfer full) (nullable): the origin, %NULL if @address is none
 */
char *
assay_endpoint_dup_origin (const char *address)
{
  g_autoptr (Endpoint) self = endpoint_parse (address, NULL);

  return self != NULL ? g_string_free (endpoint_origin (self), FALSE) : NULL;
}

static gboolean
endpoint_is_loopback (const Endpoint *self)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (self->host);

  return address != NULL ? g_inet_address_get_is_loopback (address)
                         : strcmp (self->host, "localhost") == 0;
}

/**
 * assay_endpoint_is_loopback:
 * @address: an address
 *
 * Returns: whether it is this computer for sure: "localhost", 127.0.0.0/8, ::1
 */
gboolean
assay_endpoint_is_loopback (const char *address)
{
  g_autoptr (Endpoint) self = endpoint_parse (address, NULL);

  return self != NULL && endpoint_is_loopback (self);
}

/**
 * assay_endpoint_may_carry_secret:
 * @address: an address
 * @error: %ASSAY_ERROR_USAGE, says why not and what to do
 *
 * Returns: whether a token or password may be sent there: over https anywhere,
 *   over http only within this computer
 */
gboolean
assay_endpoint_may_carry_secret (const char *address,
                                 GError **error)
{
  g_autoptr (Endpoint) self = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  self = endpoint_parse (address, error);
  if (self == NULL)
    return FALSE;
  if (strcmp (self->scheme, "https") == 0 || endpoint_is_loopback (self))
    return TRUE;
  return refuse (error, _("The connection to %s is not encrypted, so a token or password could "
                          "be read on the way and is not sent. Use the https:// address of the "
                          "service, or a connection without sign-in."), self->host);
}

static gboolean
contains (const char *text,
          const char *part)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *folded_part = g_utf8_casefold (part, -1);

  return strstr (folded, folded_part) != NULL;
}

/**
 * assay_endpoint_is_told:
 * @name: what people call a service
 * @address: (nullable): where it is
 *
 * Returns: whether the name tells the address, which is nobody's business in what is
 *   handed on: so is a service called that was given for one command alone
 */
gboolean
assay_endpoint_is_told (const char *name,
                        const char *address)
{
  g_autoptr (Endpoint) self = NULL;
  g_autofree char *valid = NULL;
  g_autofree char *unicode = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  valid = g_utf8_make_valid (name, -1);
  if (strstr (valid, "://") != NULL)
    return TRUE;
  self = address != NULL ? endpoint_parse (address, NULL) : NULL;
  if (self == NULL)
    return FALSE;
  unicode = g_hostname_to_unicode (self->host);
  return contains (valid, self->host) || (unicode != NULL && contains (valid, unicode));
}
