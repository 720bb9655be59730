/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-payload.h"

G_BEGIN_DECLS

/**
 * AssayMeter:
 *
 * How much of one payload has been taken on its way out.  It is counted on the
 * thread that sends and read on any.
 */
typedef struct _AssayMeter AssayMeter;

AssayMeter   *assay_meter_new         (AssayPayload *payload);
AssayMeter   *assay_meter_ref         (AssayMeter *self);
void          assay_meter_unref       (AssayMeter *self);
AssayPayload *assay_meter_new_payload (AssayMeter *self);
guint64       assay_meter_get_sent    (AssayMeter *self);
guint64       assay_meter_get_total   (AssayMeter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayMeter, assay_meter_unref)

G_END_DECLS
