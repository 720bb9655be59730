/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-service-key.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SERVICE_KEY_DROP (assay_service_key_drop_get_type ())

/**
 * AssayServiceKeyDrop:
 *
 * Where a service key is dropped, pasted or opened.  The signal "key" has the
 * #AssayServiceKey, which lives no longer than the signal; what is no key is
 * explained here.
 */
G_DECLARE_FINAL_TYPE (AssayServiceKeyDrop, assay_service_key_drop, ASSAY, SERVICE_KEY_DROP, AdwBin)

void     assay_service_key_drop_take    (AssayServiceKeyDrop *self, const char *text);
gboolean assay_service_key_drop_try     (AssayServiceKeyDrop *self, const char *text);
void     assay_service_key_drop_complain (AssayServiceKeyDrop *self, const char *sentence);

G_END_DECLS
