/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-protocol-kserve.h"

G_BEGIN_DECLS

/* An address taken apart: it may name a model, and a version of it. */
typedef struct {
  char *base;                /* what stands before "/v1/models", and the query */
  char *model;               /* (nullable) */
  char *version;             /* (nullable) */
} AssayKserveAddress;

AssayKserveAddress *assay_kserve_address_new  (const char *address, GError **error);
void                assay_kserve_address_free (AssayKserveAddress *self);
gboolean            assay_kserve_address_choose (const AssayKserveAddress *self, const char **model,
                                                 const char **version, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayKserveAddress, assay_kserve_address_free)

/* What describing a model has brought to light, in AssayModelInfo's own. */
typedef struct {
  char *base;                /* (nullable): where this model is, if not at the profile's address */
  char *model;               /* (nullable): what it is called there */
  char *signature;           /* (nullable): of TensorFlow, that takes the picture */
  char *input;               /* (nullable): what the signature calls the picture */
  gboolean key;              /* it wants a "key" beside each picture, which it gives back */
  gboolean takes_files;      /* it has said so */
} AssayKserveModel;

gboolean        assay_kserve_is_ai_core    (const AssayProfile *profile);
char           *assay_kserve_dup_url       (const char *base, const char *model,
                                            const char *version, const char *tail,
                                            GError **error);
AssayRequest   *assay_kserve_request       (const AssayProfile *profile, const char *method,
                                            const char *url);

GPtrArray      *assay_kserve_describe      (const AssayProfile *profile, const char *model,
                                            const char *version, GError **error);
AssayModelInfo *assay_kserve_read_describe (const AssayProfile *profile, AssayReply *const *replies,
                                            guint n_replies, GError **error);

gboolean        assay_kserve_can_list      (const AssayProfile *profile);
GPtrArray      *assay_kserve_list          (const AssayProfile *profile, GError **error);
GPtrArray      *assay_kserve_read_list     (const AssayProfile *profile, AssayReply *const *replies,
                                            guint n_replies, GError **error);
GPtrArray      *assay_kserve_probe         (const AssayProfile *profile);
AssayDiscovered *assay_kserve_read_probe   (const AssayProfile *profile, AssayReply *const *replies,
                                            guint n_replies);

G_END_DECLS
