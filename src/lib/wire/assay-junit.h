/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One case of a test report.  Text is any UTF-8. */
typedef struct {
  const char *group;          /* what JUnit calls the class */
  const char *name;
  double seconds;
  const char *failure;        /* (nullable): why it failed */
  const char *error;          /* (nullable): why it could not be told */
} AssayJunitCase;

void  assay_junit_append_case (GString *out, const AssayJunitCase *one);
char *assay_junit_end         (const char *suite, gint64 when, double seconds, guint n_cases,
                               guint n_failures, guint n_errors, const char *cases);

G_END_DECLS
