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

static void
print_commands (FILE *file,
                const char *usage,
                const AssayCliCommand *commands,
                guint n_commands)
{
  fputs (usage, file);
  for (guint i = 0; i < n_commands; i++)
    fprintf (file, "  %-10s %s\n", commands[i].name, _(commands[i].summary));
}

/**
 * assay_cli_run_below:
 * @above: the command that they are below
 * @usage: what stands above their list in --help, translated
 * @commands: (array length=n_commands): which there are
 *
 * Runs the command that the line names; its name becomes part of the program's, as
 * its --help shows it.
 *
 * Returns: the exit status
 */
int
assay_cli_run_below (const char *above,
                     const char *usage,
                     const AssayCliCommand *commands,
                     guint n_commands,
                     int argc,
                     char **argv)
{
  const char *name = argc > 1 ? argv[1] : "";

  if (g_str_equal (name, "--help") || g_str_equal (name, "-h"))
    {
      print_commands (stdout, usage, commands, n_commands);
      return ASSAY_CLI_OK;
    }
  for (guint i = 0; i < n_commands; i++)
    if (g_str_equal (name, commands[i].name))
      {
        g_autofree char *program = g_strdup_printf ("assay-cli %s %s", above, name);

        g_set_prgname (program);
        return commands[i].run (argc - 1, argv + 1);
      }
  if (*name != '\0')
    assay_cli_complain (name, _("there is no such command"));
  print_commands (stderr, usage, commands, n_commands);
  return ASSAY_CLI_USAGE;
}
