/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Strings that must not stay in memory once they are let go of. */
static inline void
assay_secret_free (char *secret)
{
  if (secret == NULL)
    return;
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static inline void
assay_secret_set (char **target, const char *value)
{
  char *copy = g_strdup (value);

  assay_secret_free (*target);
  *target = copy;
}

G_END_DECLS
