/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-connection.h"
#include "assay-cli-fit.h"
#include "assay-cli-store.h"
#include "assay-cli-table.h"
#include "assay-cli.h"

/* The host, and how large what is sent there may be. */
static char *
dup_place (AssayConnection *connection)
{
  g_autofree char *host = assay_connection_dup_host (connection);
  g_autofree char *pixels = assay_cli_fit_dup_pixels (connection);
  g_autofree char *size = assay_cli_fit_dup_size (connection);

  const char *named = host != NULL ? host : _("this computer");

  if (*pixels == '\0' && *size == '\0')
    return g_strdup (named);
  return g_strconcat (named, " (", pixels, *pixels != '\0' && *size != '\0' ? ", " : "", size, ")",
                      NULL);
}

/**
 * assay_cli_connection_list:
 *
 * "assay-cli connection list"
 *
 * Returns: the exit status
 */
int
assay_cli_connection_list (int argc,
                           char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *word = assay_cli_parse_words (_("— the saved connections"), NULL, argc, argv,
                                                 &error);
  g_autoptr (AssayCliStore) store = word != NULL ? assay_cli_store_open (&error) : NULL;
  const char *const titles[] = { _("NAME"), _("SIGN-IN"), _("HOST"), _("LAST MODEL") };
  g_autoptr (AssayCliTable) table = assay_cli_table_new (titles);
  g_autofree char *text = NULL;

  if (store == NULL)
    return assay_cli_complain_usage ("connection list", error);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store->connections)); i++)
    {
      g_autoptr (AssayConnection) connection = g_list_model_get_item (
          G_LIST_MODEL (store->connections), i);
      gboolean builtin = assay_connection_is_builtin (connection);
      g_autofree char *model = g_strjoin (" ", assay_connection_get_last_model (connection),
                                          assay_connection_get_last_version (connection), NULL);
      g_autofree char *place = dup_place (connection);
      const char *cells[] = {
        builtin ? ASSAY_CONNECTION_BUILTIN : assay_connection_get_name (connection),
        builtin ? "-" : assay_cli_auth_name (assay_connection_get_auth (connection)),
        place,
        *g_strstrip (model) != '\0' ? model : "-",
      };

      assay_cli_table_add (table, i, cells);
    }
  text = assay_cli_table_format (table);
  fputs (text, stdout);
  return fflush (stdout) == 0 ? ASSAY_CLI_OK : ASSAY_CLI_SOME_FAILED;
}
