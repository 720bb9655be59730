/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ASSAY_DEFAULT_KEY_HEADER "X-API-Key"

/* Header lines that a person adds to the requests of a connection. */
gboolean assay_extra_header_split (const char *line, char **name, char **value, GError **error);
gboolean assay_key_header_check   (const char *name, GError **error);

G_END_DECLS
