/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-payload.h"

G_BEGIN_DECLS

guint64       assay_base64_length  (guint64 length);
AssayPayload *assay_base64_payload (AssayPayload *payload);

G_END_DECLS
