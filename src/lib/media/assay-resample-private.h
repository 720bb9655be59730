/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-resample.h"

G_BEGIN_DECLS

guint         assay_raster_get_channels (const AssayRaster *self);
guint8       *assay_raster_new_buffer   (const AssayRaster *self);
const guint8 *assay_raster_get_row      (const AssayRaster *self, guint y, guint8 *buffer);

void assay_resample_area     (const AssayRaster *source, const AssayExtent *across,
                              const AssayExtent *down, guint8 *target, gsize target_stride);
void assay_resample_convolve (const AssayRaster *source, AssayFilter filter,
                              const AssayExtent *across, const AssayExtent *down, guint8 *target,
                              gsize target_stride);

G_END_DECLS
