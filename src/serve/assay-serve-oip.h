/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-serve-route.h"

G_BEGIN_DECLS

const AssayRoute *assay_serve_oip_get_routes (guint *n_routes);

G_END_DECLS
