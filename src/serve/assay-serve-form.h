/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One part of a multipart/form-data body. */
typedef struct {
  char *name;      /* (nullable): of the field */
  char *filename;  /* (nullable): as sent, valid UTF-8; only files have one */
  GBytes *bytes;   /* a stretch of the body, not a copy */
} AssayFormPart;

GPtrArray *assay_form_parse_multipart (const char *content_type, GBytes *body, GError **error);
char      *assay_form_dup_field       (const char *encoded, gsize length, const char *name);

G_END_DECLS
