/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-judge.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_MISTAKES (assay_mistakes_get_type ())

/* So many can be asked for. */
#define ASSAY_MISTAKES_MOST 16

/**
 * AssayMistakes:
 *
 * The images that a judge's candidate is wrong about with the highest scores.  A few of
 * them are kept answer by answer; all items are looked at only for another candidate, or
 * when most of the few have gone, and then in slices.  Main thread.  Signal "changed"
 * when the list may be another one.
 */
G_DECLARE_FINAL_TYPE (AssayMistakes, assay_mistakes, ASSAY, MISTAKES, GObject)

AssayMistakes *assay_mistakes_new        (AssayJudge *judge, AssayTruths *truths);
gboolean       assay_mistakes_is_settled (AssayMistakes *self);
GPtrArray     *assay_mistakes_list       (AssayMistakes *self, guint n);

G_END_DECLS
