/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One folder that looks like a version of a model. */
typedef struct {
  char *model;
  char *version;
  char *folder;  /* path */
  char *stamp;   /* changes when one of its files does */
  guint rank;    /* of its model: in the order of the folders, then by name */
} AssayFound;

/* What is in the models' folders at one moment. */
typedef struct {
  GPtrArray *versions;  /* (element-type AssayFound): by rank, the newest version first */
  GPtrArray *watched;   /* (element-type utf8): paths whose changes matter */
} AssayScan;

AssayScan *assay_scan_run              (const char *const *folders);
void       assay_scan_free             (AssayScan *self);
int        assay_scan_compare_versions (const char *a, const char *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayScan, assay_scan_free)

G_END_DECLS
