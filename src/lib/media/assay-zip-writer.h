/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AssayZipWriter:
 *
 * Writes a zip whose bytes depend on nothing but its members: no times, no owners, no
 * locale.  They are stored as they are: how a member is packed would depend on the zlib of
 * the machine, and a byte that changes spoils only its own.  Its comment is a seal: the SHA-256 of every byte before the hash itself, so
 * that a byte that no member's checksum looks at can't change unseen either.
 *
 * One thread at a time.
 */
typedef struct _AssayZipWriter AssayZipWriter;

AssayZipWriter *assay_zip_writer_new   (GOutputStream *stream, GCancellable *cancellable, GError **error);
gboolean        assay_zip_writer_add   (AssayZipWriter *self, const char *name, gconstpointer data, gsize length,
                                        GError **error);
gboolean        assay_zip_writer_close (AssayZipWriter *self, GError **error);
void            assay_zip_writer_free  (AssayZipWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayZipWriter, assay_zip_writer_free)

gboolean        assay_zip_check_seal   (GInputStream *stream, GCancellable *cancellable, GError **error);

G_END_DECLS
