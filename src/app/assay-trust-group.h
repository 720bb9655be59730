/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-connection.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TRUST_GROUP (assay_trust_group_get_type ())

/**
 * AssayTrustGroup:
 *
 * Whom a connection trusts besides the system's authorities: a CA file, and one
 * certificate that a person has accepted.  The signal "edited" tells of changes.
 */
G_DECLARE_FINAL_TYPE (AssayTrustGroup, assay_trust_group, ASSAY, TRUST_GROUP, AdwPreferencesGroup)

void assay_trust_group_show            (AssayTrustGroup *self, AssayConnection *connection);
void assay_trust_group_set_fingerprint (AssayTrustGroup *self, const char *fingerprint);
void assay_trust_group_apply           (AssayTrustGroup *self, AssayConnection *draft);

G_END_DECLS
