/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-connection.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_ADDRESS_GROUP (assay_address_group_get_type ())

/**
 * AssayAddressGroup:
 *
 * A connection's addresses and name.  The signal "edited" tells of changes.
 */
G_DECLARE_FINAL_TYPE (AssayAddressGroup, assay_address_group, ASSAY, ADDRESS_GROUP, AdwPreferencesGroup)

void     assay_address_group_show  (AssayAddressGroup *self, AssayConnection *connection);
void     assay_address_group_show_found (AssayAddressGroup *self, AssayConnection *connection);
void     assay_address_group_fill  (AssayAddressGroup *self, const AssayServiceKey *key);
void     assay_address_group_focus (AssayAddressGroup *self);
gboolean assay_address_group_apply (AssayAddressGroup *self, AssayConnection *draft,
                                    GtkWidget **wrong, GError **error);

/* Also for the address of tokens. */
char    *assay_address_read        (GtkEditable *entry, gboolean with_secret, GError **error);

G_END_DECLS
