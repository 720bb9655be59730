/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-oip.h"
#include "assay-protocol-oip.h"

G_BEGIN_DECLS

/* How one model is asked, which follows from what it and its server say. */
typedef struct {
  char *input;               /* its name */
  char *content_type;        /* (nullable): what BYTES are said to hold, in JSON */
  guint rank;                /* of the input's shape */
  gboolean binary;           /* the server reads values behind the JSON */
  char *output;              /* (nullable): whose values are wanted, NULL for all */
  guint classes;             /* so many "score:index:label" are wanted of it; 0 for the tensor */
} AssayOipPlan;

void            assay_oip_plan_free      (AssayOipPlan *self);
AssayModelInfo *assay_oip_plan           (const AssayProfile *profile, const AssayOipModel *model,
                                          const AssayOipServer *server, guint max_batch,
                                          GError **error);
AssayBody      *assay_oip_plan_body      (const AssayQuery *query, gsize *json_length, GError **error);
GPtrArray      *assay_oip_read_answer    (const AssayQuery *query, GBytes *body, GError **error);

G_END_DECLS
