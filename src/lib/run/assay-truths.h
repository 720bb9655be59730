/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-collection.h"
#include "assay-label-match.h"
#include "assay-truth-table.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TRUTHS (assay_truths_get_type ())

/**
 * AssayTruths:
 *
 * What the items of a collection really show: by their folders, a table and marks made
 * by hand, of which the last one that says something counts, read as the labels that
 * the model has.  Items may come and go, and so may labels: a label that was not known
 * before is looked for again, a little at a time.  Main thread.
 *
 * Signals: "item-changed" (AssayItem) when the truth of one has changed; "changed" for
 * all of them together, at most once a main loop turn; "marked" (AssayItem) when a person
 * has marked one or taken its mark away; "labels-changed" when the model has more labels.
 */
G_DECLARE_FINAL_TYPE (AssayTruths, assay_truths, ASSAY, TRUTHS, GObject)

/* Marks as they were, so that they can be made so again. */
typedef struct _AssayTruthMarks AssayTruthMarks;

/* Sources that disagree about one item. */
typedef struct {
  AssayItem *item;            /* (transfer full) */
  const char *labels[ASSAY_TRUTH_HAND + 1]; /* (nullable) by AssayTruthOrigin, until anything changes */
} AssayTruthConflict;

/* How a word of a folder or the table is read. */
typedef struct {
  char *given;                /* as written */
  char *label;                /* (nullable) of the model; %NULL for none */
  AssayMatchKind kind;
  guint n_items;              /* of which it is said */
} AssayTruthReading;

AssayTruths     *assay_truths_new            (AssayCollection *collection);
void             assay_truths_set_folders    (AssayTruths *self, gboolean folders);
gboolean         assay_truths_get_folders    (AssayTruths *self);
void             assay_truths_take_table     (AssayTruths *self, AssayTruthTable *table);
AssayTruthTable *assay_truths_swap_table     (AssayTruths *self, AssayTruthTable *table);
void             assay_truths_learn          (AssayTruths *self, const AssayPrediction *prediction);
void             assay_truths_map            (AssayTruths *self, const char *given, const char *label);
void             assay_truths_unmap          (AssayTruths *self, const char *given);
gboolean         assay_truths_get_mapping    (AssayTruths *self, const char *given, const char **label);
AssayTruthMarks *assay_truths_mark           (AssayTruths *self, GPtrArray *items, const char *label);
AssayTruthMarks *assay_truths_mark_right     (AssayTruths *self, GPtrArray *items);
AssayTruthMarks *assay_truths_restore        (AssayTruths *self, AssayTruthMarks *marks);
void             assay_truth_marks_free      (AssayTruthMarks *self);
gboolean         assay_truths_recall         (AssayTruths *self, AssayItem *item, const char *label);
AssayCollection *assay_truths_get_collection (AssayTruths *self);
AssayTruthTable *assay_truths_get_table      (AssayTruths *self);
GPtrArray       *assay_truths_list_labels    (AssayTruths *self);
char            *assay_truths_dup_label_set  (AssayTruths *self);
guint            assay_truths_count_known    (AssayTruths *self);
gboolean         assay_truths_is_settled     (AssayTruths *self);
GPtrArray       *assay_truths_list_conflicts (AssayTruths *self);
GHashTable      *assay_truths_list_unknown   (AssayTruths *self);
GHashTable      *assay_truths_list_similar   (AssayTruths *self);
GPtrArray       *assay_truths_list_readings  (AssayTruths *self);
void             assay_truth_reading_free    (AssayTruthReading *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTruthMarks, assay_truth_marks_free)

G_END_DECLS
