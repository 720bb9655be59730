/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-target.h"

struct _AssayTarget {
  char *connection_id;
  char *model;
  char *version;
};

G_DEFINE_BOXED_TYPE (AssayTarget, assay_target, assay_target_ref, assay_target_unref)

/**
 * assay_target_new:
 * @connection_id: of a saved connection, or the address given for this run
 * @model: the model; "" for the service's stock model
 * @version: its version; "" when the service has none
 *
 * Returns: (transfer full): the target
 */
AssayTarget *
assay_target_new (const char *connection_id,
                  const char *model,
                  const char *version)
{
  AssayTarget *self;

  g_return_val_if_fail (connection_id != NULL, NULL);

  self = g_atomic_rc_box_new0 (AssayTarget);
  self->connection_id = g_strdup (connection_id);
  self->model = g_strdup (model != NULL ? model : "");
  self->version = g_strdup (version != NULL ? version : "");
  return self;
}

AssayTarget *
assay_target_ref (AssayTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
target_clear (gpointer data)
{
  AssayTarget *self = data;

  g_free (self->connection_id);
  g_free (self->model);
  g_free (self->version);
}

void
assay_target_unref (AssayTarget *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, target_clear);
}

const char *
assay_target_get_connection_id (const AssayTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->connection_id;
}

const char *
assay_target_get_model (const AssayTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->model;
}

const char *
assay_target_get_version (const AssayTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->version;
}

/**
 * assay_target_equal:
 * @a: (nullable): a target
 * @b: (nullable): another
 *
 * Returns: whether both ask the same service for the same model and version
 */
gboolean
assay_target_equal (const AssayTarget *a,
                    const AssayTarget *b)
{
  if (a == b)
    return TRUE;
  if (a == NULL || b == NULL)
    return FALSE;
  return strcmp (a->connection_id, b->connection_id) == 0 && strcmp (a->model, b->model) == 0
         && strcmp (a->version, b->version) == 0;
}
