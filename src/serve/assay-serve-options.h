/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-serve-auth.h"

G_BEGIN_DECLS

/* What the command line asks for, checked. */
typedef struct {
  char **folders;           /* of models */
  GSocketAddress *address;
  char **hosts;             /* (nullable): other names that it goes by */
  AssayServeAuth *auth;     /* (nullable): nobody has to sign in */
  guint workers;
  guint timeout;            /* seconds for each stage of a request */
  gboolean secret_on_stdin; /* standard input's end is ours */
  gboolean print_connection;
  gboolean version;         /* nothing but this is asked for */
  char *check;              /* (nullable): path of a network; nothing but its check is asked for */
  char *labels;             /* (nullable): path of its labels */
  char *preprocess;         /* (nullable): what it is shown */
} AssayServeOptions;

gboolean assay_serve_options_read  (AssayServeOptions *self, char **arguments, GError **error);
void     assay_serve_options_clear (AssayServeOptions *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayServeOptions, assay_serve_options_clear)

G_END_DECLS
