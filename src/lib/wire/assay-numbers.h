/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-model-info.h"

G_BEGIN_DECLS

AssayPayload *assay_numbers_payload        (AssayPayload *tensor, AssayPixelType type);
AssayPayload *assay_numbers_nested_payload (AssayPayload *tensor, const AssayPixelNeed *need,
                                            GError **error);

G_END_DECLS
