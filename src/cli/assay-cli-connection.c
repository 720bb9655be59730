/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-connection.h"
#include "assay-cli.h"

static const AssayCliCommand COMMANDS[] = {
  { "list", N_("the saved connections"), assay_cli_connection_list },
  { "show", N_("one connection, and where its secret is kept"), assay_cli_connection_show },
  { "add", N_("save a new connection"), assay_cli_connection_add },
  { "import", N_("save a connection from a service key"), assay_cli_connection_import },
  { "test", N_("try a connection step by step"), assay_cli_connection_test },
  { "remove", N_("forget a connection with its secret"), assay_cli_connection_remove },
};

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
  return assay_cli_run_below ("connection",
                              _("Usage: assay-cli connection COMMAND [OPTION…] [NAME]\n\nCommands:\n"),
                              COMMANDS, G_N_ELEMENTS (COMMANDS), argc, argv);
}
