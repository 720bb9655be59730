/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-protocol.h"

G_BEGIN_DECLS

char *assay_reply_dup_words       (const AssayReply *reply);
char *assay_reply_dup_retry_after (const AssayReply *reply);

G_END_DECLS
