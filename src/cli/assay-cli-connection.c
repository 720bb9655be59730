/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-connection.h"
#include "assay-cli.h"

static const struct {
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv);
} COMMANDS[] = {
  { "list", N_("the saved connections"), assay_cli_connection_list },
  { "show", N_("one connection, and where its secret is kept"), assay_cli_connection_show },
  { "add", N_("save a new connection"), assay_cli_connection_add },
  { "import", N_("save a connection from a service key"), assay_cli_connection_import },
  { "test", N_("try a connection step by step"), assay_cli_connection_test },
  { "remove", N_("forget a connection with its secret"), assay_cli_connection_remove },
};

static void
print_help (FILE *file)
{
  fprintf (file, _("Usage: assay-cli connection COMMAND [OPTION…] [NAME]\n\nCommands:\n"));
  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    fprintf (file, "  %-10s %s\n", COMMANDS[i].name, _(COMMANDS[i].summary));
}

/**
 * assay_cli_connection:
 *
 * "assay-cli connection …": the connections that the app has too.
 *
 * Returns: the exit status
 */
int
assay_cli_connection (int argc,
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
        g_autofree char *program = g_strdup_printf ("assay-cli connection %s", name);

        g_set_prgname (program);
        return COMMANDS[i].run (argc - 1, argv + 1);
      }
  if (*name != '\0')
    assay_cli_complain (name, _("there is no such command"));
  print_help (stderr);
  return ASSAY_CLI_USAGE;
}
