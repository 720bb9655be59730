/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A file to be looked at, as the command line says it. */
typedef struct {
  const char *path;        /* of an ONNX file */
  const char *labels;      /* (nullable): path of a file of labels, a line each */
  const char *preprocess;  /* (nullable): in the words of assay_preprocess_parse() */
} AssayModelCheck;

gboolean assay_model_check_run (const AssayModelCheck *self, GString *answer);

G_END_DECLS
