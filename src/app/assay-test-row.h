/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-client-test.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TEST_ROW (assay_test_row_get_type ())

/**
 * AssayTestRow:
 *
 * The button "Test Connection" and how far the connection gets, step by step.
 * Signals: "test" when the button is pressed, "show-certificate" when somebody
 * wants to see the one that isn't trusted.
 */
G_DECLARE_FINAL_TYPE (AssayTestRow, assay_test_row, ASSAY, TEST_ROW, AdwPreferencesRow)

void assay_test_row_reset  (AssayTestRow *self);
void assay_test_row_start  (AssayTestRow *self);
void assay_test_row_tell   (AssayTestRow *self, const AssayClientTest *test, AssayStep step);
void assay_test_row_finish (AssayTestRow *self, const AssayClientTest *test);

G_END_DECLS
