/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-certificate.h"
#include "assay-client.h"

G_BEGIN_DECLS

/* What has to work, in this order, before a picture is answered. */
typedef enum {
  ASSAY_STEP_LOOKUP,
  ASSAY_STEP_CONNECT,
  ASSAY_STEP_CERTIFICATE,
  ASSAY_STEP_SIGN_IN,
  ASSAY_STEP_PERMISSION,
  ASSAY_STEP_MODEL,
  ASSAY_N_STEPS
} AssayStep;

typedef enum {
  ASSAY_STEP_OPEN,            /* not known (yet) */
  ASSAY_STEP_PASSED,
  ASSAY_STEP_SKIPPED,         /* this connection has no such step */
  ASSAY_STEP_FAILED,          /* the first that fails is the last that is tried */
} AssayStepState;

typedef struct {
  AssayStepState state;
  char *text;                 /* what was found, safe to show; NULL while open */
  char *remedy;               /* (nullable): a sentence, when it failed */
} AssayStepResult;

/**
 * AssayClientTest:
 *
 * How far a connection gets.
 */
typedef struct {
  AssayStepResult steps[ASSAY_N_STEPS];
  AssayCertificate *certificate; /* (nullable): of the service, or the one that is not trusted */
  GPtrArray *versions;        /* (element-type AssayModelVersion) (nullable): what the service listed */
  char *model;                /* (nullable): which model has answered, safe to show */
  double seconds;             /* that the answer took; 0 without one */
  GError *error;              /* (nullable): why a step failed */
} AssayClientTest;


typedef void (*AssayClientTested) (const AssayClientTest *test, AssayStep step, gpointer data);

const char      *assay_step_get_title       (AssayStep step);
void             assay_client_test_free     (AssayClientTest *self);
guint            assay_client_test_count_ready (const AssayClientTest *self);
void             assay_client_test_async    (AssayClient *self, const char *model, const char *version,
                                             AssayClientTested tested, gpointer tested_data,
                                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
AssayClientTest *assay_client_test_finish   (AssayClient *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayClientTest, assay_client_test_free)

G_END_DECLS
