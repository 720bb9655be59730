/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* g_set_str() came with GLib 2.76. */
static inline gboolean
assay_set_string (char **target, const char *value)
{
  char *copy;

  if (g_strcmp0 (*target, value) == 0)
    return FALSE;
  copy = g_strdup (value);
  g_free (*target);
  *target = copy;
  return TRUE;
}

G_END_DECLS
