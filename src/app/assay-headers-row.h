/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_HEADERS_ROW (assay_headers_row_get_type ())

/**
 * AssayHeadersRow:
 *
 * The extra headers of a connection, a line each, to be added, changed and
 * removed.  The signal "edited" tells that one of them was.
 */
G_DECLARE_FINAL_TYPE (AssayHeadersRow, assay_headers_row, ASSAY, HEADERS_ROW, AdwExpanderRow)

void   assay_headers_row_set_lines (AssayHeadersRow *self, const char *const *lines);
char **assay_headers_row_dup_lines (AssayHeadersRow *self, GtkWidget **wrong, GError **error);

G_END_DECLS
