/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GError *assay_network_error_new (const GError *error, const char *url, GTlsCertificateFlags flags);
char   *assay_network_dup_place (const char *url);

G_END_DECLS
