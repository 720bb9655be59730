/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The address of a picture that somebody gave: http, https, or data.  Plain text
 * in and out. */
char    *assay_address_normalize   (const char *text);
gboolean assay_address_is_data     (const char *address);
char    *assay_address_dup_name    (const char *address);
char    *assay_address_dup_host    (const char *address);
GBytes  *assay_address_decode_data (const char *address, GError **error);

G_END_DECLS
