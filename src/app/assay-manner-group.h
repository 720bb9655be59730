/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-connection.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_MANNER_GROUP (assay_manner_group_get_type ())

/**
 * AssayMannerGroup:
 *
 * How a service is spoken to: its protocol, or that it is to be found out, and what the
 * protocol can't know.  The signal "edited" tells of changes.
 */
G_DECLARE_FINAL_TYPE (AssayMannerGroup, assay_manner_group, ASSAY, MANNER_GROUP, AdwPreferencesGroup)

void     assay_manner_group_show      (AssayMannerGroup *self, AssayConnection *connection);
void     assay_manner_group_choose    (AssayMannerGroup *self, const char *protocol);
void     assay_manner_group_set_found (AssayMannerGroup *self, const char *text);
gboolean assay_manner_group_is_auto   (AssayMannerGroup *self);
void     assay_manner_group_apply     (AssayMannerGroup *self, AssayConnection *draft);
gboolean assay_manner_group_check     (AssayMannerGroup *self, AssayConnection *draft, GtkWidget **wrong, GError **error);

G_END_DECLS
