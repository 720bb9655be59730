/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-source.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_THUMBNAILER (assay_thumbnailer_get_type ())

/**
 * AssayThumbnailer:
 *
 * Small pictures for rows: decoded a few at a time off the main thread, what was
 * asked for last first (that is what is visible now), and kept up to
 * %ASSAY_LIMIT_THUMBNAILS, the longest unused going first.  Main thread.
 */
G_DECLARE_FINAL_TYPE (AssayThumbnailer, assay_thumbnailer, ASSAY, THUMBNAILER, GObject)

AssayThumbnailer *assay_thumbnailer_new         (guint limit);
AssayThumbnailer *assay_thumbnailer_get_default (void);
void              assay_thumbnailer_set_folder (AssayThumbnailer *self, const char *folder);
gboolean          assay_thumbnailer_stands_in  (AssayThumbnailer *self, const char *sha256);
gboolean          assay_thumbnailer_lookup      (AssayThumbnailer *self, AssaySource *source, GdkTexture **texture);
guint             assay_thumbnailer_get_n_kept  (AssayThumbnailer *self);
guint             assay_thumbnailer_get_n_most  (AssayThumbnailer *self);
void              assay_thumbnailer_load_async  (AssayThumbnailer *self, AssaySource *source, const AssayFacts *facts, const char *sha256,
                                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GdkTexture       *assay_thumbnailer_load_finish (AssayThumbnailer *self, GAsyncResult *result, GError **error);

G_END_DECLS
