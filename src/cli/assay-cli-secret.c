/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "assay-cli-secret.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-secret.h"

static const char *const VARIABLES[ASSAY_N_SECRETS] = {
  [ASSAY_SECRET_TOKEN] = "ASSAY_TOKEN",
  [ASSAY_SECRET_CLIENT] = "ASSAY_CLIENT_SECRET",
  [ASSAY_SECRET_API_KEY] = "ASSAY_API_KEY",
};

/* One line of text: what stands around it is not part of it. */
static gboolean
is_one_line (const char *text)
{
  return *text != '\0' && g_utf8_validate (text, -1, NULL) && strpbrk (text, "\r\n") == NULL;
}

/**
 * assay_cli_secret_read:
 * @path: a file, a pipe included, or "-" for standard input
 * @error: %ASSAY_ERROR_USAGE; never says what was read
 *
 * Returns: (transfer full) (nullable): the secret, without blanks around it
 */
char *
assay_cli_secret_read (const char *path,
                       GError **error)
{
  char buffer[ASSAY_LIMIT_TOKEN_BYTES + 1] = { 0 };
  FILE *file = g_str_equal (path, "-") ? stdin : fopen (path, "re");
  gsize length;
  char *secret = NULL;

  if (file == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("The secret in “%s” can't be read: %s"), path, g_strerror (errno));
      return NULL;
    }
  /* Without a buffer of stdio's, which nobody would wipe. */
  setvbuf (file, NULL, _IONBF, 0);
  length = fread (buffer, 1, ASSAY_LIMIT_TOKEN_BYTES, file);
  if (file != stdin)
    fclose (file);
  if (length < ASSAY_LIMIT_TOKEN_BYTES && memchr (buffer, '\0', length) == NULL
      && is_one_line (g_strstrip (buffer)))
    secret = g_strdup (buffer);
  explicit_bzero (buffer, sizeof buffer);
  if (secret == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("“%s” holds no secret: it must be one line of text"), path);
  return secret;
}

/**
 * assay_cli_secret_from_environment:
 * @role: what it is for
 *
 * Returns: (transfer full) (nullable): what the variable for @role holds
 */
char *
assay_cli_secret_from_environment (AssaySecretRole role)
{
  const char *value = g_getenv (VARIABLES[role]);

  return value != NULL && *value != '\0' ? g_strstrip (g_strdup (value)) : NULL;
}
