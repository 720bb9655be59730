/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-certificate.h"
#include "assay-connection-text.h"
#include "assay-display.h"

/**
 * assay_connection_text_dup_title:
 * @connection: a connection
 *
 * Returns: (transfer full): what it is called on the screen
 */
char *
assay_connection_text_dup_title (AssayConnection *connection)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), NULL);

  if (assay_connection_is_builtin (connection))
    return g_strdup (_("Built-in service"));
  return assay_display_name (assay_connection_get_name (connection));
}

/**
 * assay_connection_text_dup_place:
 * @connection: a connection
 *
 * Returns: (transfer full): where images go: "this computer", or the host
 */
char *
assay_connection_text_dup_place (AssayConnection *connection)
{
  g_autofree char *host = NULL;

  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), NULL);

  if (assay_connection_is_builtin (connection))
    return g_strdup (_("this computer"));
  host = assay_connection_dup_host (connection);
  return host != NULL ? assay_display_name (host) : g_strdup (_("no address"));
}

/* Pairs of digits on one line of a fingerprint. */
#define PAIRS 8

/**
 * assay_connection_text_dup_fingerprint:
 * @fingerprint: as assay_fingerprint_normalize() gives it
 *
 * Returns: (transfer full): the same in lines short enough to be compared by eye
 */
char *
assay_connection_text_dup_fingerprint (const char *fingerprint)
{
  g_autofree char *shown = NULL;

  g_return_val_if_fail (fingerprint != NULL, NULL);

  shown = assay_fingerprint_format (fingerprint);
  for (gsize i = PAIRS * 3 - 1; i < strlen (shown); i += PAIRS * 3)
    shown[i] = '\n';
  return g_steal_pointer (&shown);
}
