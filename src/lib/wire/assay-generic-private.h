/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-protocol.h"

G_BEGIN_DECLS

char      *assay_generic_fill      (const char *address, const char *template, const char *model,
                                    const char *version, GError **error);
AssayBody *assay_generic_make_body (const AssayQuery *query, GError **error);

G_END_DECLS
