/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-history.h"
#include "assay-cli.h"

static const struct {
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv);
} COMMANDS[] = {
  { "list", N_("the runs that are kept, newest first"), assay_cli_history_list },
  { "show", N_("what is known of one run"), assay_cli_history_show },
  { "export", N_("write the answers of a run"), assay_cli_history_export },
  { "resume", N_("send what an interrupted run has left"), assay_cli_history_resume },
  { "prune", N_("remove runs"), assay_cli_history_prune },
};

static void
print_help (FILE *file)
{
  fprintf (file, _("Usage: assay-cli history COMMAND [OPTION…] [RUN]\n\nCommands:\n"));
  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    fprintf (file, "  %-10s %s\n", COMMANDS[i].name, _(COMMANDS[i].summary));
}

/**
 * assay_cli_history:
 *
 * "assay-cli history …": the runs that are kept, the window's too.
 *
 * Returns: the exit status
 */
int
assay_cli_history (int argc,
                   char **argv)
{
  const char *name = argc > 1 ? argv[1] : "";

  if (g_str_equal (name, "--help") || g_str_equal (name, "-h"))
    {
      print_help (stdout);
      return ASSAY_CLI_OK;
    }
  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    if (g_str_equal (name, COMMANDS[i].name))
      {
        g_autofree char *program = g_strdup_printf ("assay-cli history %s", name);

        g_set_prgname (program);
        return COMMANDS[i].run (argc - 1, argv + 1);
      }
  if (*name != '\0')
    assay_cli_complain (name, _("there is no such command"));
  print_help (stderr);
  return ASSAY_CLI_USAGE;
}
