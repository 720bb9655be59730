/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-protocol.h"

G_BEGIN_DECLS

extern const AssayProtocol assay_protocol_generic;

gboolean assay_generic_check (const AssayProfile *profile, GError **error);

G_END_DECLS
