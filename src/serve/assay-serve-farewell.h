/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void assay_farewell_say (GIOStream *stream, GSocket *socket, guint status,
                         SoupMessageHeaders *headers, const char *body, guint patience_ms);

G_END_DECLS
