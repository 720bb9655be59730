/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-probe.h"

G_BEGIN_DECLS

/* GdkPixbuf → PNG, on a copy: alpha laid on white, 16-bit and palette to 8-bit
 * RGB, animations' first frame. */
GBytes *assay_convert_to_png (GBytes *bytes, const AssayFacts *facts, GError **error);

G_END_DECLS
