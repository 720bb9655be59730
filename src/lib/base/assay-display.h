/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Screen text has U+202F before a unit; terminals, CSV, JSON and logs get plain ASCII. */
typedef enum {
  ASSAY_DISPLAY_SCREEN,
  ASSAY_DISPLAY_PLAIN,
} AssayDisplayStyle;

gboolean assay_display_is_safe (gunichar c);

char *assay_display_text    (const char *bytes, gssize length, gsize max_chars);
char *assay_display_name    (const char *filename);
char *assay_display_percent (double score, AssayDisplayStyle style);
char *assay_display_points  (double difference, AssayDisplayStyle style);
char *assay_display_shift   (double difference);

G_END_DECLS
