/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "assay-cli-connection.h"
#include "assay-cli-store.h"
#include "assay-cli.h"
#include "assay-error.h"
#include "assay-limits.h"

static AssayServiceKey *
read_key (const char *path,
          GError **error)
{
  /* One byte more than is taken, so that too much shows. */
  gsize room = ASSAY_LIMIT_SERVICE_KEY_BYTES + 1;
  g_autofree char *buffer = g_malloc0 (room);
  FILE *file = g_str_equal (path, "-") ? stdin : fopen (path, "re");
  AssayServiceKey *key;
  gsize length;

  if (file == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("The service key in “%s” can't be read: %s"), path, g_strerror (errno));
      return NULL;
    }
  setvbuf (file, NULL, _IONBF, 0);
  length = fread (buffer, 1, room, file);
  if (file != stdin)
    fclose (file);
  key = assay_service_key_read (buffer, length, error);
  explicit_bzero (buffer, room);
  return key;
}

static AssayConnection *
make_connection (const AssayServiceKey *key,
                 const char *name)
{
  AssayConnection *connection = assay_connection_new (NULL, "");
  g_autofree char *host = NULL;

  assay_connection_apply_service_key (connection, key);
  host = assay_connection_dup_host (connection);
  if (name == NULL)
    name = key->name != NULL && *key->name != '\0' ? key->name : host;
  g_object_set (connection, "name", name, NULL);
  return connection;
}

/**
 * assay_cli_connection_import:
 *
 * "assay-cli connection import FILE": a connection from a service key.
 *
 * Returns: the exit status
 */
int
assay_cli_connection_import (int argc,
                             char **argv)
{
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("What to call the connection"), N_("NAME") },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = assay_cli_parse_words (
      _("FILE — save a connection from a service key (“-”: from standard input)"), entries, argc,
      argv, &error);
  g_autoptr (AssayServiceKey) key = path != NULL ? read_key (path, &error) : NULL;
  g_autoptr (AssayCliStore) store = key != NULL ? assay_cli_store_open (&error) : NULL;
  g_autoptr (AssayConnection) connection = store != NULL ? make_connection (key, name) : NULL;
  int status = ASSAY_CLI_USAGE;

  if (connection != NULL)
    status = assay_cli_store_add (store, connection, key->client_secret, &error);
  return error != NULL ? assay_cli_complain_usage ("connection import", error) : status;
}
