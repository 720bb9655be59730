/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  ASSAY_MATCH_NONE,           /* no label of the set, or more than one */
  ASSAY_MATCH_EXACT,
  ASSAY_MATCH_SIMILAR,        /* but for case, spaces or a plural: to be told */
  ASSAY_MATCH_MAPPED,         /* somebody has said so */
} AssayMatchKind;

/**
 * AssayLabelMatch:
 *
 * Reads what people write as the labels that a model has.  The set of labels may grow.
 * One thread.
 */
typedef struct _AssayLabelMatch AssayLabelMatch;

AssayLabelMatch *assay_label_match_new  (void);
void             assay_label_match_free (AssayLabelMatch *self);
gboolean         assay_label_match_add  (AssayLabelMatch *self, const char *label);
gboolean         assay_label_match_has  (AssayLabelMatch *self, const char *label);
void             assay_label_match_map  (AssayLabelMatch *self, const char *given, const char *label);
void             assay_label_match_unmap (AssayLabelMatch *self, const char *given);
gboolean         assay_label_match_get_mapping (AssayLabelMatch *self, const char *given, const char **label);
GPtrArray       *assay_label_match_list (AssayLabelMatch *self);
char            *assay_label_match_dup_key (AssayLabelMatch *self);
const char      *assay_label_match_find (AssayLabelMatch *self, const char *given, AssayMatchKind *kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLabelMatch, assay_label_match_free)

G_END_DECLS
