/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-probe.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_STREAM (assay_stream_get_type ())

/**
 * AssayStream:
 *
 * A stream that can be sought over anything that can be read by offset: a file
 * that was opened with care, or bytes in a spool.
 */
G_DECLARE_FINAL_TYPE (AssayStream, assay_stream, ASSAY, STREAM, GInputStream)

GInputStream *assay_stream_new      (AssayProbeRead read, gpointer data, GDestroyNotify destroy, guint64 length);
GInputStream *assay_stream_new_file (int fd, guint64 length);

G_END_DECLS
