/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-protocol.h"

G_BEGIN_DECLS

extern const AssayProtocol assay_protocol_mlf;

/* States of a deployment, as the service writes them. */
#define ASSAY_MLF_SUCCEEDED "SUCCEEDED"
#define ASSAY_MLF_PENDING "PENDING"
#define ASSAY_MLF_FAILED "FAILED"

/* The server's side of the same contract, so that both ends agree. */
typedef struct {
  const char *name;              /* the part's file name */
  AssayPrediction *prediction;
} AssayMlfResult;

char *assay_mlf_format_answer      (const char *id, const AssayMlfResult *results, guint n_results, gint64 processed_time_us);
char *assay_mlf_format_error       (guint status, const char *message, const char *request_id);
char *assay_mlf_format_models      (AssayModelVersion *const *versions, guint n_versions, const char *model);
char *assay_mlf_format_deployments (AssayModelVersion *const *versions, guint n_versions);

G_END_DECLS
