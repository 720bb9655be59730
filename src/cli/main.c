/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli.h"
#include "assay-locale.h"

typedef struct {
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv);
} Command;

static const Command commands[] = {
  { "classify", N_("ask a model about pictures"), assay_cli_classify },
  { "compare", N_("ask two versions about pictures and tell what changed"), assay_cli_compare },
  { "connection", N_("list, add, test and remove saved connections"), assay_cli_connection },
  { "evaluate", N_("ask a model about pictures and tell how good it is"), assay_cli_evaluate },
  { "history", N_("list, show, export, resume and remove runs"), assay_cli_history },
  { "models", N_("list models and their versions, add your own, remove it"), assay_cli_models },
  { "verify", N_("check a bundle of evidence and its figures"), assay_cli_verify },
};

static void
print_help (FILE *file)
{
  fprintf (file, _("Usage: assay-cli COMMAND [OPTION…] [PATH…]\n\nCommands:\n"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (file, "  %-10s %s\n", commands[i].name, _(commands[i].summary));
  fprintf (file, _("\n“assay-cli COMMAND --help” tells more, “assay-cli --version” which\n"
                   "this is.\n"));
}

static const Command *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (name, commands[i].name))
      return &commands[i];
  return NULL;
}

/* The command's name becomes part of the program's, as its --help shows it. */
static int
run_command (const Command *command,
             int argc,
             char **argv)
{
  g_autofree char *program = g_strdup_printf ("assay-cli %s", command->name);

  g_set_prgname (program);
  return command->run (argc - 1, argv + 1);
}

int
main (int argc,
      char **argv)
{
  const Command *command;

  assay_locale_init ();

  if (argc < 2)
    {
      print_help (stderr);
      return ASSAY_CLI_USAGE;
    }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))
    {
      print_help (stdout);
      return ASSAY_CLI_OK;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      printf ("assay-cli %s\n", ASSAY_VERSION);
      return ASSAY_CLI_OK;
    }
  command = find_command (argv[1]);
  if (command != NULL)
    return run_command (command, argc, argv);

  assay_cli_complain (argv[1], _("there is no such command"));
  print_help (stderr);
  return ASSAY_CLI_USAGE;
}
