/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-model-info.h"

G_BEGIN_DECLS

AssayPayload *assay_numbers_payload (AssayPayload *tensor, AssayPixelType type);

G_END_DECLS
