/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GRefString *assay_label_intern  (const char *label);
void        assay_label_release (gpointer label);

G_END_DECLS
