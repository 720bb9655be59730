/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-oip.h"
#include "assay-servable.h"

G_BEGIN_DECLS

/**
 * AssayOipJob:
 *
 * One inference: the request as it came, and when assay_oip_job_run() has ended,
 * either the response or the reason why there is none.
 */
typedef struct {
  char *model;         /* name that it was asked by */
  GBytes *body;
  char *json_length;   /* (nullable): the request's Inference-Header-Content-Length */

  GBytes *answer;      /* (nullable) */
  gsize answer_json;   /* bytes of it that are JSON where some follow that are not; else 0 */
  guint status;        /* of HTTP, an error; 0 until there is one */
  char *message;       /* (nullable): what is wrong */
} AssayOipJob;

AssayOipJob   *assay_oip_job_new  (const char *model, GBytes *body, const char *json_length);
void           assay_oip_job_free (AssayOipJob *self);
void           assay_oip_job_run  (AssayServable *servable, gpointer job,
                                   GCancellable *cancellable);
AssayOipModel *assay_oip_describe (AssayServable *servable, const char *model);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOipJob, assay_oip_job_free)

G_END_DECLS
