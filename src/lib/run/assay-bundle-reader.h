/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  ASSAY_FINDING_FILE,         /* the zip itself, between its members or at its end */
  ASSAY_FINDING_CHANGED,
  ASSAY_FINDING_MISSING,
  ASSAY_FINDING_EXTRA,
  ASSAY_FINDING_FIGURE,       /* does not follow from the answers */
} AssayFindingKind;

/* Why a bundle isn't whole. */
typedef struct {
  AssayFindingKind kind;
  char *member;               /* name, safe to show; "" for the file */
  char *words;                /* the whole sentence, safe to show */
} AssayFinding;

/* In the order found; of many only the first are kept, and all are counted. */
typedef struct {
  GPtrArray *list;            /* (element-type AssayFinding) */
  guint n;
  gboolean broken;            /* what stands behind some place couldn't be read */
} AssayFindings;

AssayFindings *assay_findings_new  (void);
void           assay_findings_free (AssayFindings *self);
void           assay_findings_add  (AssayFindings *self, AssayFindingKind kind, const char *member, const char *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayFindings, assay_findings_free)

GHashTable    *assay_bundle_unpack (GInputStream *stream, AssayFindings *findings, GCancellable *cancellable,
                                    GError **error);

G_END_DECLS
