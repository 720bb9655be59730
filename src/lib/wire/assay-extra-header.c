/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-extra-header.h"
#include "assay-limits.h"

/* RFC 9110, 5.6.2: what a name may hold besides letters and digits. */
#define TOKEN_MARKS "!#$%&'*+-.^_`|~"

/* What the transport writes itself (RFC 9110, 7.6.1 for one hop; 8.6 and RFC 9112
 * for the message), so that a second one would contradict it. */
static const char *const OWN[] = {
  "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "host", "expect",
  "accept-encoding",
};

static const char *const OWN_PREFIXES[] = { "content-", "proxy-" };

/* Extra headers are saved in the open, so that nothing secret may stand there. */
static const char *const SECRET_PARTS[] = {
  "authorization", "cookie", "token", "secret", "password", "api-key", "apikey", "subscription-key",
};

static gboolean
is_token (const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (TOKEN_MARKS, *p) == NULL)
      return FALSE;
  return *name != '\0';
}

static gboolean
is_own (const char *lower)
{
  for (guint i = 0; i < G_N_ELEMENTS (OWN); i++)
    if (g_str_equal (lower, OWN[i]))
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (OWN_PREFIXES); i++)
    if (g_str_has_prefix (lower, OWN_PREFIXES[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_for_a_secret (const char *lower)
{
  for (guint i = 0; i < G_N_ELEMENTS (SECRET_PARTS); i++)
    if (strstr (lower, SECRET_PARTS[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
check_name (const char *name,
            GError **error)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  g_autofree char *shown = assay_display_text (name, -1, 60);

  if (!is_token (name) || strlen (name) > ASSAY_LIMIT_HEADER_NAME_BYTES)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("“%s” is no name of a header: it takes letters, digits and hyphens."), shown);
  else if (is_own (lower))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("The header “%s” is written by Assay itself. Leave it out."), shown);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_value (const char *name,
             const char *value,
             GError **error)
{
  gsize length = strlen (value);

  for (gsize i = 0; i < length; i++)
    if (value[i] != '\t' && (value[i] < ' ' || value[i] > '~'))
      {
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                     _("The header “%s” holds a character that no header can: write it on one "
                       "line, in plain letters, digits and signs."),
                     name);
        return FALSE;
      }
  if (length > 0 && length <= ASSAY_LIMIT_HEADER_BYTES)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               _("The header “%s” takes between 1 and %d characters."), name,
               ASSAY_LIMIT_HEADER_BYTES);
  return FALSE;
}

/**
 * assay_extra_header_split:
 * @line: "Name: value", from a person or a file
 * @name: (out) (optional): the name, as written
 * @value: (out) (optional): the value, without blanks around it
 * @error: %ASSAY_ERROR_USAGE for what is no header, one that Assay writes itself,
 *   or one that is there for a secret; never says the value
 *
 * Returns: whether the header may be sent and saved
 */
gboolean
assay_extra_header_split (const char *line,
                          char **name,
                          char **value,
                          GError **error)
{
  const char *colon;
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  g_autofree char *lower = NULL;

  g_return_val_if_fail (line != NULL, FALSE);

  colon = strchr (line, ':');
  if (colon == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Write a header as a name, a colon and a value."));
      return FALSE;
    }
  left = g_strndup (line, colon - line);
  /* Blanks only: a line break is not taken off but refused. */
  right = g_strdup (colon + 1 + strspn (colon + 1, " \t"));
  for (gsize length = strlen (right); length > 0 && strchr (" \t", right[length - 1]); length--)
    right[length - 1] = '\0';
  if (!check_name (left, error))
    return FALSE;
  lower = g_ascii_strdown (left, -1);
  if (is_for_a_secret (lower))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("The header “%s” is there for a secret, and extra headers are saved in the "
                     "open. Choose a kind of sign-in instead."),
                   left);
      return FALSE;
    }
  if (!check_value (left, right, error))
    return FALSE;
  if (name != NULL)
    *name = g_steal_pointer (&left);
  if (value != NULL)
    *value = g_steal_pointer (&right);
  return TRUE;
}

/**
 * assay_key_header_check:
 * @name: the header that is to carry an API key
 * @error: %ASSAY_ERROR_USAGE
 *
 * Returns: whether it can
 */
gboolean
assay_key_header_check (const char *name,
                        GError **error)
{
  g_return_val_if_fail (name != NULL, FALSE);

  return check_name (name, error);
}
