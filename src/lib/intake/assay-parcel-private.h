/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-source.h"

G_BEGIN_DECLS

GPtrArray *assay_parcel_check      (GFile *archive, AssayFormat format, const char *group, AssaySpool *spool,
                                    GCancellable *cancellable, GError **error);

/* In assay-source.c. */
void       assay_source_set_parcel (AssaySource *self, AssayParcel *parcel, guint place, const char *sha256);
void       assay_source_set_unfit  (AssaySource *self);

G_END_DECLS
