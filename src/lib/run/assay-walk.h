/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-collection.h"

G_BEGIN_DECLS

/**
 * AssayWalk:
 *
 * A look at every item of a collection in slices between other events, so that a long
 * list never holds up the main loop.  Items that come behind it or go meanwhile don't
 * lead it astray: each that is there from the start to the end is looked at.  Main thread.
 */
typedef struct _AssayWalk AssayWalk;

typedef void (*AssayWalkEach) (AssayItem *item, gpointer data);
typedef void (*AssayWalkDone) (gpointer data);

AssayWalk *assay_walk_start (AssayCollection *collection, AssayWalkEach each, AssayWalkDone done,
                             gpointer data);
void       assay_walk_stop  (AssayWalk *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayWalk, assay_walk_stop)

G_END_DECLS
