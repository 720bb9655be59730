/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "assay-flight.h"

G_BEGIN_DECLS

void assay_exchange_run (AssayFlight *flight, SoupSession *session, GTlsDatabase *anchors);

G_END_DECLS
