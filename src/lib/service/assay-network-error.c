/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-network-error.h"

/**
 * assay_network_dup_place:
 * @url: an address
 *
 * Returns: (transfer full): "host:port" of @url, safe to show; never its path,
 *   query or user
 */
char *
assay_network_dup_place (const char *url)
{
  g_autoptr(GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree char *raw = NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  int port;

  if (host == NULL)
    return g_strdup (_("the service"));
  port = g_uri_get_port (uri);
  if (port < 0)
    port = g_strcmp0 (g_uri_get_scheme (uri), "https") == 0 ? 443 : 80;
  raw = g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host, port);
  return assay_display_text (raw, -1, 255);
}

/* Why a certificate is not trusted: the one thing that a person can act on. */
static char *
describe_certificate (GTlsCertificateFlags flags,
                      const char *place)
{
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return g_strdup_printf (_("The certificate of %s has expired. Whoever runs the service has to "
                              "renew it."),
                            place);
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return g_strdup_printf (_("The certificate of %s is not valid yet. Check the date and time of "
                              "this computer."),
                            place);
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return g_strdup_printf (_("The certificate of %s belongs to another host. Check the address."),
                            place);
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return g_strdup_printf (_("The certificate of %s has been revoked. Tell whoever runs the "
                              "service."),
                            place);
  if (flags & G_TLS_CERTIFICATE_INSECURE)
    return g_strdup_printf (_("The certificate of %s uses methods that are no longer safe. Tell "
                              "whoever runs the service."),
                            place);
  return g_strdup_printf (_("The certificate of %s is signed by an authority that is not known "
                            "here. If you trust the service, give its CA file."),
                          place);
}

static GError *
from_tls (const GError *error,
          const char *place,
          GTlsCertificateFlags flags)
{
  g_autofree char *text = NULL;

  switch (error->code)
    {
    case G_TLS_ERROR_BAD_CERTIFICATE:
      text = describe_certificate (flags, place);
      return g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_CERTIFICATE, text);
    case G_TLS_ERROR_CERTIFICATE_REQUIRED:
      return g_error_new (ASSAY_ERROR, ASSAY_ERROR_CERTIFICATE,
                          _("%s asks for a certificate of yours, which is not supported yet."),
                          place);
    case G_TLS_ERROR_NOT_TLS:
      return g_error_new (ASSAY_ERROR, ASSAY_ERROR_USAGE,
                          _("%s does not speak TLS. Check whether the address begins with http:// "
                            "instead of https://."),
                          place);
    case G_TLS_ERROR_UNAVAILABLE:
      return g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_FAILED,
                                  _("Secure connections are not available: install the package "
                                    "glib-networking."));
    default:
      return g_error_new (ASSAY_ERROR, ASSAY_ERROR_OFFLINE,
                          _("No secure connection to %s could be made: %s Check that the service "
                            "speaks TLS at this address."),
                          place, error->message);
    }
}

static GError *
from_io (const GError *error,
         const char *place)
{
  switch (error->code)
    {
    case G_IO_ERROR_TIMED_OUT:
      return g_error_new (ASSAY_ERROR, ASSAY_ERROR_TIMED_OUT,
                          _("%s took too long to answer. Try again, or allow more time."), place);
    case G_IO_ERROR_CONNECTION_REFUSED:
      return g_error_new (ASSAY_ERROR, ASSAY_ERROR_OFFLINE,
                          _("%s refuses connections. Check that the service runs and that the "
                            "address is right."),
                          place);
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return g_error_new (ASSAY_ERROR, ASSAY_ERROR_OFFLINE,
                          _("%s cannot be reached. Check the network and the address."), place);
    case G_IO_ERROR_PARTIAL_INPUT:
    case G_IO_ERROR_CONNECTION_CLOSED:   /* also BROKEN_PIPE */
      return g_error_new (ASSAY_ERROR, ASSAY_ERROR_OFFLINE,
                          _("%s closed the connection before its answer was complete. Try again."),
                          place);
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return g_error_new (ASSAY_ERROR, ASSAY_ERROR_OFFLINE,
                          _("The proxy does not let requests to %s through: %s"), place,
                          error->message);
    case G_IO_ERROR_INVALID_DATA:
      return g_error_new (ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                          _("The answer of %s is damaged: %s"), place, error->message);
    default:
      return g_error_new (ASSAY_ERROR, ASSAY_ERROR_OFFLINE,
                          _("The connection to %s failed: %s"), place, error->message);
    }
}

/**
 * assay_network_error_new:
 * @error: what libsoup or GIO said
 * @url: whom we wanted to reach
 * @flags: what is wrong with the certificate, when that is the error
 *
 * The same in our words: a code named for the remedy and a sentence with host
 * and port.  Errors of our own domain and %G_IO_ERROR_CANCELLED stay as they are.
 *
 * Returns: (transfer full): the error to report
 */
GError *
assay_network_error_new (const GError *error,
                         const char *url,
                         GTlsCertificateFlags flags)
{
  g_autofree char *place = NULL;

  g_return_val_if_fail (error != NULL, NULL);
  g_return_val_if_fail (url != NULL, NULL);

  if (error->domain == ASSAY_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  place = assay_network_dup_place (url);
  if (error->domain == G_TLS_ERROR)
    return from_tls (error, place, flags);
  if (error->domain == G_IO_ERROR)
    return from_io (error, place);
  if (error->domain == G_RESOLVER_ERROR)
    return g_error_new (ASSAY_ERROR, ASSAY_ERROR_OFFLINE,
                        _("No host was found for %s. Check the address and the network."), place);
  if (error->domain == SOUP_SESSION_ERROR)
    return g_error_new (ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                        _("%s did not answer as a web service does: %s"), place, error->message);
  return g_error_new (ASSAY_ERROR, ASSAY_ERROR_OFFLINE, _("The connection to %s failed: %s"), place,
                      error->message);
}
