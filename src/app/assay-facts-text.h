/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-item.h"

G_BEGIN_DECLS

char *assay_facts_dup_bytes   (guint64 bytes);
char *assay_facts_dup_seconds (double seconds);
char *assay_facts_dup_target  (AssayTarget *target);
char *assay_facts_dup_picture (AssayItem *item);
char *assay_facts_dup_sending (AssayItem *item);
char *assay_facts_dup_line    (AssayItem *item, gboolean compact);
char *assay_facts_dup_when    (AssayAnswer *answer, const char *connection_name);

G_END_DECLS
