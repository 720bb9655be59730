/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-item.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_DOWNLOADS (assay_downloads_get_type ())

/**
 * AssayDownloads:
 *
 * Brings the bytes of items that were given as addresses, a few at once.  Main
 * thread.  Signal "arrived" (AssayItem): its source has its bytes now, or the
 * reason why there are none.
 */
G_DECLARE_FINAL_TYPE (AssayDownloads, assay_downloads, ASSAY, DOWNLOADS, GObject)

AssayDownloads *assay_downloads_new       (void);
AssayItem      *assay_downloads_new_item  (const char *address, const char *fallback);
void            assay_downloads_add       (AssayDownloads *self, AssayItem *item);
void            assay_downloads_drop      (AssayDownloads *self, AssayItem *item);
void            assay_downloads_cancel    (AssayDownloads *self);
void            assay_downloads_close     (AssayDownloads *self);
guint           assay_downloads_get_n     (AssayDownloads *self);
AssayItem      *assay_downloads_get_item  (AssayDownloads *self, guint index);

G_END_DECLS
