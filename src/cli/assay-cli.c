/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli.h"
#include "assay-display.h"
#include "assay-error.h"

/**
 * assay_cli_complain:
 * @subject: (nullable): what it is about, a path or a name, any bytes
 * @message: what happened and what to do
 *
 * Says it on standard error, safe for a terminal.
 */
void
assay_cli_complain (const char *subject,
                    const char *message)
{
  g_autofree char *safe_message = assay_display_text (message, -1, 0);
  g_autofree char *safe_subject = subject != NULL ? assay_display_text (subject, -1, 0) : NULL;

  if (safe_subject != NULL)
    fprintf (stderr, "assay-cli: %s: %s\n", safe_subject, safe_message);
  else
    fprintf (stderr, "assay-cli: %s\n", safe_message);
}

/**
 * assay_cli_complain_usage:
 * @command: the command as it is typed
 * @error: what is wrong with the line
 *
 * Returns: the exit status for it
 */
int
assay_cli_complain_usage (const char *command,
                          const GError *error)
{
  assay_cli_complain (NULL, error->message);
  fprintf (stderr, _("Try “assay-cli %s --help”.\n"), command);
  return ASSAY_CLI_USAGE;
}

/**
 * assay_cli_status_for_error:
 * @error: why a command could not even begin
 *
 * Returns: the exit status for it
 */
int
assay_cli_status_for_error (const GError *error)
{
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_USAGE))
    return ASSAY_CLI_USAGE;
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CANCELED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ASSAY_CLI_INTERRUPTED;
  return ASSAY_CLI_NO_SERVICE;
}
