/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-discovery.h"
#include "assay-secrets.h"

G_BEGIN_DECLS

void     assay_cli_discover_tell (const AssayDiscovery *found);
gboolean assay_cli_discover      (AssayConnection *connection, const char *secret, GError **error);

G_END_DECLS
