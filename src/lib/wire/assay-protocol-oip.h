/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-protocol.h"

G_BEGIN_DECLS

extern const AssayProtocol assay_protocol_oip;

G_END_DECLS
