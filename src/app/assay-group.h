/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_GROUP (assay_group_get_type ())

/**
 * AssayGroup:
 *
 * A folder or an archive in the list: the row above the images that were given with it.
 * Properties "name", "count" and "expanded" notify.
 */
G_DECLARE_FINAL_TYPE (AssayGroup, assay_group, ASSAY, GROUP, GObject)

AssayGroup *assay_group_new          (const char *name, gboolean archive);
const char *assay_group_get_name     (AssayGroup *self);
gboolean    assay_group_is_archive   (AssayGroup *self);
guint       assay_group_get_count    (AssayGroup *self);
gboolean    assay_group_get_expanded (AssayGroup *self);
void        assay_group_set_count    (AssayGroup *self, guint count);
void        assay_group_set_expanded (AssayGroup *self, gboolean expanded);

G_END_DECLS
