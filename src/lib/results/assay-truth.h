/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who says what a picture really shows.  Where they disagree, the later one of these
 * counts. */
typedef enum {
  ASSAY_TRUTH_NONE,           /* nobody */
  ASSAY_TRUTH_FOLDER,         /* the name of the folder that it lies in */
  ASSAY_TRUTH_FILE,           /* a table of files and labels */
  ASSAY_TRUTH_HAND,           /* a person, of this picture */
} AssayTruthOrigin;

G_END_DECLS
