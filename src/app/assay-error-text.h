/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *assay_error_text_get_title     (const GError *error);
char       *assay_error_text_dup_reason    (const GError *error);
const char *assay_error_text_get_advice    (const GError *error);
gboolean    assay_error_text_can_try_again (const GError *error);

G_END_DECLS
