/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-models.h"
#include "assay-cli.h"

static const AssayCliCommand COMMANDS[] = {
  { "list", N_("what a service can be asked"), assay_cli_models_list },
  { "add", N_("make an ONNX file a model of the built-in service, or its next version"),
    assay_cli_models_add },
  { "remove", N_("remove a version that was added"), assay_cli_models_remove },
};

/**
 * assay_cli_models:
 *
 * "assay-cli models …": the models of a service, and the user's own in the built-in one.
 *
 * Returns: the exit status
 */
int
assay_cli_models (int argc,
                  char **argv)
{
  return assay_cli_run_below ("models",
                              _("Usage: assay-cli models COMMAND [OPTION…]\n\nCommands:\n"),
                              COMMANDS, G_N_ELEMENTS (COMMANDS), argc, argv);
}
