/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What other programs write when a picture is dragged or copied. */
char    *assay_offer_text_decode       (GBytes *bytes);
void     assay_offer_text_read_list    (const char *text, GPtrArray *files, GPtrArray *addresses);
gboolean assay_offer_text_read_lines   (const char *text, GPtrArray *files, GPtrArray *addresses);
char    *assay_offer_text_find_picture (const char *html);
char    *assay_offer_text_find_name    (const char *media_type);

G_END_DECLS
