/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-fit.h"
#include "assay-error.h"
#include "assay-limits.h"

#define KILO 1000
#define MEGA (1000 * 1000)

/* A thousand and a million, as services mean it at least. */
static gboolean
parse_size (const char *text,
            guint64 *bytes)
{
  guint64 unit = 1;
  char *end;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  *bytes = g_ascii_strtoull (text, &end, 10);
  if (g_ascii_toupper (*end) == 'K')
    unit = KILO;
  else if (g_ascii_toupper (*end) == 'M')
    unit = MEGA;
  if (unit > 1)
    end++;
  if (*end != '\0' || *bytes > ASSAY_LIMIT_FILE_BYTES / unit)
    return FALSE;
  *bytes *= unit;
  return TRUE;
}

/**
 * assay_cli_fit_apply:
 * @connection: gets what was typed; the rest of it stays
 * @error: %ASSAY_ERROR_USAGE
 *
 * Returns: whether it can be understood
 */
gboolean
assay_cli_fit_apply (const AssayCliFit *self,
                     AssayConnection *connection,
                     GError **error)
{
  guint64 pixels = 0, bytes = 0;

  if (self->pixels != NULL
      && !g_ascii_string_to_unsigned (self->pixels, 10, 0, ASSAY_LIMIT_SIDE, &pixels, NULL))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("--fit-pixels takes a number of pixels up to %d, 0 for any"),
                   ASSAY_LIMIT_SIDE);
      return FALSE;
    }
  if (self->size != NULL && !parse_size (self->size, &bytes))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("--fit-size takes a number of bytes up to %uM, such as 500K or 4M; 0 for any"),
                   ASSAY_LIMIT_FILE_BYTES / MEGA);
      return FALSE;
    }
  if (self->pixels != NULL)
    g_object_set (connection, "fit-pixels", (guint) pixels, NULL);
  if (self->size != NULL)
    g_object_set (connection, "fit-bytes", bytes, NULL);
  return TRUE;
}

/**
 * assay_cli_fit_dup_pixels:
 *
 * Returns: (transfer full): "1024 pixels"; "" for no bound
 */
char *
assay_cli_fit_dup_pixels (AssayConnection *connection)
{
  guint pixels = assay_connection_get_fit_pixels (connection);

  return pixels > 0 ? g_strdup_printf (_("%u pixels"), pixels) : g_strdup ("");
}

/**
 * assay_cli_fit_dup_size:
 *
 * Returns: (transfer full): as it can be typed: "4M", "500K", "1234"; "" for no
 *   bound
 */
char *
assay_cli_fit_dup_size (AssayConnection *connection)
{
  guint64 bytes = assay_connection_get_fit_bytes (connection);

  if (bytes == 0)
    return g_strdup ("");
  if (bytes % MEGA == 0)
    return g_strdup_printf ("%uM", (guint) (bytes / MEGA));
  if (bytes % KILO == 0)
    return g_strdup_printf ("%uK", (guint) (bytes / KILO));
  return g_strdup_printf ("%u", (guint) bytes);
}

void
assay_cli_fit_clear (AssayCliFit *self)
{
  g_clear_pointer (&self->pixels, g_free);
  g_clear_pointer (&self->size, g_free);
}
