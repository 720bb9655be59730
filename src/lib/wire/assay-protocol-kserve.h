/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-protocol.h"

G_BEGIN_DECLS

extern const AssayProtocol assay_protocol_kserve;

/* The path behind the address of SAP AI Core's API below which it keeps deployments. */
#define ASSAY_AI_CORE_PATH "/v2/lm"

G_END_DECLS
