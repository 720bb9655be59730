/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-truths.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_READING_NOTICE (assay_reading_notice_get_type ())

/**
 * AssayReadingNotice:
 *
 * Which words of folders and tables are read as labels that are spelled otherwise, and
 * nobody has looked at that yet.  Main thread.  Signal "changed", when there is another
 * sentence, or none any more.
 */
G_DECLARE_FINAL_TYPE (AssayReadingNotice, assay_reading_notice, ASSAY, READING_NOTICE, GObject)

AssayReadingNotice *assay_reading_notice_new        (AssayTruths *truths);
void                assay_reading_notice_set_active (AssayReadingNotice *self, gboolean active);
const char         *assay_reading_notice_get_text   (AssayReadingNotice *self);
void                assay_reading_notice_take_note  (AssayReadingNotice *self);

G_END_DECLS
