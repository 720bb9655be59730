/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-history.h"
#include "assay-cli.h"

static const AssayCliCommand COMMANDS[] = {
  { "list", N_("the runs that are kept, newest first"), assay_cli_history_list },
  { "show", N_("what is known of one run"), assay_cli_history_show },
  { "export", N_("write the answers of a run"), assay_cli_history_export },
  { "import", N_("keep the runs of a bundle that was made elsewhere"), assay_cli_history_import },
  { "resume", N_("send what an interrupted run has left"), assay_cli_history_resume },
  { "prune", N_("remove runs"), assay_cli_history_prune },
};

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
  return assay_cli_run_below ("history",
                              _("Usage: assay-cli history COMMAND [OPTION…] [RUN]\n\nCommands:\n"),
                              COMMANDS, G_N_ELEMENTS (COMMANDS), argc, argv);
}
