/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-address.h"
#include "assay-error.h"
#include "assay-limits.h"

#define FLAGS (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY \
               | G_URI_FLAGS_ENCODED_FRAGMENT | G_URI_FLAGS_SCHEME_NORMALIZE)

/* What an address may hold as it is.  The percent sign is among them, because an
 * address comes encoded already. */
#define ALLOWED G_URI_RESERVED_CHARS_GENERIC_DELIMITERS \
                G_URI_RESERVED_CHARS_SUBCOMPONENT_DELIMITERS "%"

/* Three characters for each byte of a picture, should it be written in percent. */
#define DATA_BYTES (3u * ASSAY_LIMIT_FILE_BYTES)

static gboolean
is_web (GUri *uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  const char *host = g_uri_get_host (uri);

  return (g_str_equal (scheme, "http") || g_str_equal (scheme, "https"))
         && host != NULL && *host != '\0';
}

/* Cheap: fifty thousand files in one drop are asked too. */
static gboolean
may_be_web (const char *text)
{
  return g_ascii_strncasecmp (text, "http://", 7) == 0
         || g_ascii_strncasecmp (text, "https://", 8) == 0;
}

static GUri *
parse (const char *address)
{
  g_autofree char *escaped = NULL;
  g_autoptr (GUri) uri = NULL;

  if (!may_be_web (address) || strlen (address) > ASSAY_LIMIT_ADDRESS_BYTES
      || !g_utf8_validate (address, -1, NULL))
    return NULL;
  /* What a person pastes has spaces and letters of their language in it. */
  escaped = g_uri_escape_string (address, ALLOWED, FALSE);
  uri = g_uri_parse (escaped, FLAGS, NULL);
  return uri != NULL && is_web (uri) ? g_steal_pointer (&uri) : NULL;
}

/**
 * assay_address_is_data:
 *
 * Returns: whether @address holds its bytes itself ("data:image/png;base64,…")
 */
gboolean
assay_address_is_data (const char *address)
{
  g_return_val_if_fail (address != NULL, FALSE);

  return g_ascii_strncasecmp (address, "data:", 5) == 0;
}

/**
 * assay_address_normalize:
 * @text: what was given, white space around it allowed
 *
 * Takes user, password and fragment out: a picture is fetched as somebody without
 * a name would.
 *
 * Returns: (transfer full) (nullable): the address, %NULL if @text is none of a
 *   picture on the web
 */
char *
assay_address_normalize (const char *text)
{
  g_autofree char *trimmed = NULL;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  trimmed = g_strstrip (g_strdup (text));
  if (assay_address_is_data (trimmed))
    return strchr (trimmed, ',') != NULL ? g_steal_pointer (&trimmed) : NULL;
  uri = parse (trimmed);
  if (uri == NULL)
    return NULL;
  return g_uri_join (FLAGS, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                     g_uri_get_port (uri), g_uri_get_path (uri), g_uri_get_query (uri), NULL);
}

/**
 * assay_address_dup_name:
 * @address: an address
 *
 * Returns: (transfer full) (nullable): the last part of its path, UTF-8 and without
 *   a stroke, else its host; %NULL for what holds its bytes itself.  Not safe to
 *   show as it is
 */
char *
assay_address_dup_name (const char *address)
{
  g_autoptr (GUri) uri = NULL;
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  uri = assay_address_is_data (address) ? NULL : parse (address);
  if (uri == NULL)
    return NULL;
  parts = g_strsplit (g_uri_get_path (uri), "/", -1);
  for (guint i = g_strv_length (parts); i > 0; i--)
    {
      g_autofree char *name = g_uri_unescape_string (parts[i - 1], "/\\");

      if (name != NULL && *name != '\0' && g_utf8_validate (name, -1, NULL))
        return g_steal_pointer (&name);
      if (*parts[i - 1] != '\0')
        return g_strdup (parts[i - 1]);
    }
  return g_strdup (g_uri_get_host (uri));
}

/**
 * assay_address_dup_host:
 * @address: an address
 *
 * Returns: (transfer full) (nullable): whom it would be fetched from, %NULL for what
 *   holds its bytes itself
 */
char *
assay_address_dup_host (const char *address)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  uri = assay_address_is_data (address) ? NULL : parse (address);
  return uri != NULL ? g_strdup (g_uri_get_host (uri)) : NULL;
}

static GBytes *
decode (const char *content,
        gboolean base64)
{
  g_autoptr (GBytes) plain = g_uri_unescape_bytes (content, -1, NULL, NULL);
  g_autofree char *text = NULL;
  guint8 *bytes;
  gsize length;

  if (plain == NULL || !base64)
    return g_steal_pointer (&plain);
  text = g_strndup (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  bytes = g_base64_decode (text, &length);
  return g_bytes_new_take (bytes, length);
}

/**
 * assay_address_decode_data:
 * @address: an address for which assay_address_is_data() holds
 * @error: %ASSAY_ERROR_TOO_LARGE or %ASSAY_ERROR_DAMAGED
 *
 * As RFC 2397 says.  Any thread; takes a while for large ones.
 *
 * Returns: (transfer full) (nullable): its bytes, at most %ASSAY_LIMIT_FILE_BYTES
 */
GBytes *
assay_address_decode_data (const char *address,
                           GError **error)
{
  g_autofree char *header = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *comma;

  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (assay_address_is_data (address), NULL);

  comma = strchr (address, ',');
  if (comma != NULL && strlen (comma) <= DATA_BYTES)
    {
      header = g_ascii_strdown (address, comma - address);
      bytes = decode (comma + 1, g_str_has_suffix (header, ";base64"));
    }
  if (comma != NULL && (strlen (comma) > DATA_BYTES
                        || (bytes != NULL && g_bytes_get_size (bytes) > ASSAY_LIMIT_FILE_BYTES)))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                   _("It is larger than %u MiB, which no service takes; make it smaller"),
                   ASSAY_LIMIT_FILE_BYTES / (1024 * 1024));
      return NULL;
    }
  if (bytes == NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED,
                         _("The picture in the address is damaged; save it and add the file"));
  return g_steal_pointer (&bytes);
}
