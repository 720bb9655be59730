/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connection.h"
#include "assay-prediction.h"

G_BEGIN_DECLS

gboolean assay_logits_may_be_asked (AssayConnection *connection);
gboolean assay_logits_suspect      (AssayConnection *connection, const AssayPrediction *prediction);

G_END_DECLS
