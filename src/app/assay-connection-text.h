/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connection.h"

G_BEGIN_DECLS

char *assay_connection_text_dup_title (AssayConnection *connection);
char *assay_connection_text_dup_place (AssayConnection *connection);
char *assay_connection_text_dup_fingerprint (const char *fingerprint);

G_END_DECLS
