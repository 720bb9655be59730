/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-truth-table.h"

G_BEGIN_DECLS

void             assay_truth_load_async  (GFile *file, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
AssayTruthTable *assay_truth_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
