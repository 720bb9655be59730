/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-models.h"
#include "assay-cli.h"
#include "assay-error.h"
#include "assay-model-adding.h"

static gboolean
parse (char ***words,
       int argc,
       char **argv,
       GError **error)
{
  const GOptionEntry entries[] = {
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, words, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context =
    g_option_context_new (_("NAME VERSION — remove a version that was added"));
  g_autoptr (GError) reason = NULL;

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &reason))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, reason->message);
  else if (*words == NULL || g_strv_length (*words) != 2)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("Say which: the model’s name and the version"));
  else
    return TRUE;
  return FALSE;
}

/**
 * assay_cli_models_remove:
 *
 * "assay-cli models remove NAME VERSION"
 *
 * Returns: the exit status
 */
int
assay_cli_models_remove (int argc,
                         char **argv)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;

  if (!parse (&words, argc, argv, &error))
    return assay_cli_complain_usage ("models remove", error);
  if (!assay_model_adding_remove (words[0], words[1], &error))
    {
      assay_cli_complain (NULL, error->message);
      return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED) ? ASSAY_CLI_SOME_FAILED
                                                                         : ASSAY_CLI_USAGE;
    }
  printf (_("%s version %s is removed\n"), words[0], words[1]);
  return ASSAY_CLI_OK;
}
