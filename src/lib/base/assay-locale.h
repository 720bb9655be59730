/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void  assay_locale_init       (void);
char *assay_locale_dup_folder (const char *program);

G_END_DECLS
