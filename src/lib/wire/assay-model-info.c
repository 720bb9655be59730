/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-model-info.h"

/**
 * assay_model_info_new:
 * @own: (transfer full) (nullable): what else the protocol needs
 * @own_free: (nullable): frees @own
 *
 * Returns: (transfer full): of a model that takes files, one at a time, and whose labels
 *   nobody has said; to be filled before anybody else has it
 */
AssayModelInfo *
assay_model_info_new (gpointer own,
                      GDestroyNotify own_free)
{
  AssayModelInfo *self = g_atomic_rc_box_new0 (AssayModelInfo);

  self->max_batch = 1;
  self->own = own;
  self->own_free = own_free;
  return self;
}

AssayModelInfo *
assay_model_info_ref (AssayModelInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  AssayModelInfo *self = data;

  g_strfreev (self->labels);
  if (self->own_free != NULL && self->own != NULL)
    self->own_free (self->own);
}

void
assay_model_info_unref (AssayModelInfo *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}
