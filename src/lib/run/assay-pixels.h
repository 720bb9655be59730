/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-model-info.h"
#include "assay-preprocess.h"

G_BEGIN_DECLS

gboolean      assay_pixels_choose  (AssayPreprocess *self, const AssayPixelNeed *need,
                                    const char *text, GError **error);
AssayPayload *assay_pixels_payload (AssayPayload *picture, AssayPixelNeed *need,
                                    const char *preprocess, GError **error);
GdkPixbuf    *assay_pixels_decode  (GBytes *picture, GError **error);

G_END_DECLS
