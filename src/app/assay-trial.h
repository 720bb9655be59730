/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-client-test.h"
#include "assay-discovery.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TRIAL (assay_trial_get_type ())

/**
 * AssayTrial:
 *
 * A connection that is tried as it was typed, before it is saved, or one in use.
 * Its secret is the one given, or the one that is kept for it.  Main thread; one call
 * at a time.
 */
G_DECLARE_FINAL_TYPE (AssayTrial, assay_trial, ASSAY, TRIAL, GObject)

AssayTrial      *assay_trial_new            (AssayConnection *draft, AssaySecrets *secrets, const char *secret,
                                             GError **error);
AssayTrial      *assay_trial_new_for_client (AssayClient *client, AssaySecrets *secrets);
AssayConnection *assay_trial_get_connection (AssayTrial *self);
gint64           assay_trial_get_expires    (AssayTrial *self);
void             assay_trial_test_async     (AssayTrial *self, AssayClientTested tested, gpointer tested_data,
                                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
AssayClientTest *assay_trial_test_finish    (AssayTrial *self, GAsyncResult *result, GError **error);
void             assay_trial_renew_async    (AssayTrial *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
gboolean         assay_trial_renew_finish   (AssayTrial *self, GAsyncResult *result, GError **error);
void             assay_trial_sign_in_async  (AssayTrial *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
gboolean         assay_trial_sign_in_finish (AssayTrial *self, GAsyncResult *result, GError **error);
void             assay_trial_discover_async (AssayTrial *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
AssayDiscovery  *assay_trial_discover_finish (AssayTrial *self, GAsyncResult *result, GError **error);

G_END_DECLS
