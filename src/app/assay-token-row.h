/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TOKEN_ROW (assay_token_row_get_type ())

/**
 * AssayTokenRow:
 *
 * How long a token still lasts, counted down, and a button that asks for a new
 * one.  The signal "refresh" is the button's.
 */
G_DECLARE_FINAL_TYPE (AssayTokenRow, assay_token_row, ASSAY, TOKEN_ROW, AdwPreferencesRow)

void  assay_token_row_set_none    (AssayTokenRow *self);
void  assay_token_row_set_busy    (AssayTokenRow *self);
void  assay_token_row_set_expires (AssayTokenRow *self, gint64 expires);
void  assay_token_row_set_error   (AssayTokenRow *self, const char *sentence);

char *assay_token_row_dup_words   (gint64 seconds);

G_END_DECLS
