/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-present-window.h"

G_BEGIN_DECLS

/* What is dropped or pasted while something is presented; nothing of it is named. */
void assay_present_drop_add   (AssayPresentWindow *window);
void assay_present_drop_paste (AssayPresentWindow *window);

G_END_DECLS
