/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-multipart.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_BODY_STREAM (assay_body_stream_get_type ())

/**
 * AssayBodyStream:
 *
 * The parts of an #AssayBody, one behind the other, each opened when its turn
 * comes and closed when it has been read, so that no more than a buffer of it
 * is ever in memory.  A part that gives more or fewer bytes than were promised
 * to the service is an error.
 */
G_DECLARE_FINAL_TYPE (AssayBodyStream, assay_body_stream, ASSAY, BODY_STREAM, GInputStream)

GInputStream *assay_body_stream_new (AssayBody *body);

G_END_DECLS
