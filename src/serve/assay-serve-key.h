/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-serve-auth.h"

G_BEGIN_DECLS

char *assay_serve_key_format (const char *url, const AssayServeAuth *auth, gboolean with_secret);

G_END_DECLS
