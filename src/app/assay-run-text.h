/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-session.h"

G_BEGIN_DECLS

/* How a run stands, in words.  Pure. */

char       *assay_run_text_dup_pause   (AssayPause why, gint64 left);
const char *assay_run_text_get_reason  (AssayPause why);
char       *assay_run_text_dup_paused  (guint left, guint total);
char       *assay_run_text_dup_sum     (const AssaySum *sum);

G_END_DECLS
