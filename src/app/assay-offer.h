/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* What a person drags or has copied, once it is read: at most one of the four. */
typedef struct {
  GPtrArray *files;           /* (element-type GFile) */
  GPtrArray *addresses;       /* (element-type utf8): may be beside files */
  GBytes *bytes;              /* (nullable): of a picture, as the other program has them */
  GdkTexture *texture;        /* (nullable) */
  char *name;                 /* (nullable): of the bytes */
  gboolean picture;           /* bytes or a texture, or there would be if they were read */
} AssayOffer;

void               assay_offer_free        (AssayOffer *self);
gboolean           assay_offer_is_empty    (const AssayOffer *self);
GdkContentFormats *assay_offer_dup_formats (void);
void               assay_offer_read_async  (GObject *from, gboolean names_only, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer data);
AssayOffer        *assay_offer_read_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOffer, assay_offer_free)

G_END_DECLS
