/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-profile.h"

G_BEGIN_DECLS

/**
 * AssayGenericPreset:
 *
 * How a kind of server is spoken to over plain HTTP: a constant.
 */
typedef struct {
  const char *id;                /* "torchserve" */
  const char *title;             /* "TorchServe", untranslated */
  const char *url;               /* an address of its form, to show where one is typed */
  const char *models_url;        /* (nullable): likewise, where it lists its models */
  const char *template;          /* (nullable): the path behind the address */
  const char *body;              /* how it takes a picture */
  const char *api_key_header;    /* (nullable): which header carries its key, if not a token */
  gboolean percent;              /* it gives scores of 0…100 */
} AssayGenericPreset;

const AssayGenericPreset *assay_generic_preset_find    (const char *id);
const AssayGenericPreset *assay_generic_preset_get_all (guint *n_presets);
void                      assay_generic_preset_apply   (const AssayGenericPreset *self,
                                                        AssayProfile *profile);

const AssayGenericPreset *assay_generic_recognize      (const char *address, AssayProfile **profile,
                                                        char **model);

G_END_DECLS
