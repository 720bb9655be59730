/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-change-columns.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CHANGE_HEAD (assay_change_head_get_type ())

/**
 * AssayChangeHead:
 *
 * What stands above the columns of the list of changes.
 */
G_DECLARE_FINAL_TYPE (AssayChangeHead, assay_change_head, ASSAY, CHANGE_HEAD, GtkWidget)

AssayChangeColumns *assay_change_head_get_columns (AssayChangeHead *self);
void                assay_change_head_set_names   (AssayChangeHead *self, const char *a,
                                                   const char *b);
char               *assay_change_head_dup_spoken  (AssayChangeHead *self);

G_END_DECLS
