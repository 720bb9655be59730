/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-protocol-mlf.h"

G_BEGIN_DECLS

AssayRequest *assay_mlf_request    (const char *method, const char *url);

gboolean      assay_mlf_can_list   (const AssayProfile *profile);
GPtrArray    *assay_mlf_list       (const AssayProfile *profile, GError **error);
GPtrArray    *assay_mlf_read_list  (const AssayProfile *profile, AssayReply *const *replies,
                                     guint n_replies, GError **error);

GPtrArray       *assay_mlf_probe      (const AssayProfile *profile);
AssayDiscovered *assay_mlf_read_probe (const AssayProfile *profile, AssayReply *const *replies,
                                       guint n_replies);

G_END_DECLS
