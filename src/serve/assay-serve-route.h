/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AssayServer       AssayServer;
typedef struct _AssayServeRequest AssayServeRequest;

typedef enum {
  ASSAY_ROUTE_GET = 1 << 0,       /* and HEAD */
  ASSAY_ROUTE_POST = 1 << 1,
  ASSAY_ROUTE_PUBLIC = 1 << 2,    /* without a token */
  ASSAY_ROUTE_NO_AUTH = 1 << 3,   /* there only when nobody has to sign in */
  ASSAY_ROUTE_AUTH = 1 << 4,      /* there only when somebody has to */
} AssayRouteFlags;

/**
 * AssayRoute:
 *
 * One address of the service.  A “*” in the pattern stands for one segment.
 * @handle gets the request with its body whole and answers it, at once or
 * later.
 */
typedef struct {
  const char *pattern;
  AssayRouteFlags flags;
  gsize limit;                    /* bytes of a body */
  void (*handle) (AssayServer *server, AssayServeRequest *request);
} AssayRoute;

gboolean assay_route_match     (const AssayRoute *self, const char *const *segments,
                                char ***captures);
char    *assay_route_dup_allow (const AssayRoute *self);

G_END_DECLS
