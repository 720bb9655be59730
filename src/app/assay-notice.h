/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-item.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_NOTICE (assay_notice_get_type ())

/**
 * AssayNotice:
 *
 * Stands where the verdict will: what is being waited for, or why there is no
 * answer and what to do about it.
 */
G_DECLARE_FINAL_TYPE (AssayNotice, assay_notice, ASSAY, NOTICE, GtkWidget)

GtkWidget *assay_notice_new  (void);
void       assay_notice_show (AssayNotice *self, AssayItem *item, const char *connection_name);

G_END_DECLS
