/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char    *assay_endpoint_normalize (const char *address, GError **error);
char    *assay_endpoint_append    (const char *address, const char *const *segments);
char    *assay_endpoint_dup_host  (const char *address);
char    *assay_endpoint_dup_origin (const char *address);
gboolean assay_endpoint_is_loopback (const char *address);
gboolean assay_endpoint_may_carry_secret (const char *address, GError **error);
gboolean assay_endpoint_is_told   (const char *name, const char *address);

G_END_DECLS
