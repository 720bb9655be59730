/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-source.h"
#include "assay-truth-file.h"

G_BEGIN_DECLS

/**
 * AssayTruthTable:
 *
 * What a table of files and labels says of the things that were given.  A line is about
 * a file when its path is, or ends with, what the line calls it: "1.jpg" is about
 * "photos/1.jpg", and "roses/1.jpg" about "photos/roses/1.jpg" alone; where several lines
 * are, the longest counts.  An archive's member is called after the archive and its name
 * in it.  One thread.
 */
typedef struct _AssayTruthTable AssayTruthTable;

AssayTruthTable *assay_truth_table_new            (GPtrArray *rows);
void             assay_truth_table_free           (AssayTruthTable *self);
const char      *assay_truth_table_find           (AssayTruthTable *self, AssaySource *source);
void             assay_truth_table_set_name       (AssayTruthTable *self, const char *name);
const char      *assay_truth_table_get_name       (AssayTruthTable *self);
guint            assay_truth_table_count_rows     (AssayTruthTable *self);
GPtrArray       *assay_truth_table_list_missing   (AssayTruthTable *self);
GPtrArray       *assay_truth_table_list_ambiguous (AssayTruthTable *self);
GPtrArray       *assay_truth_table_list_conflicts (AssayTruthTable *self);

char            *assay_truth_dup_folder           (AssaySource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTruthTable, assay_truth_table_free)

G_END_DECLS
