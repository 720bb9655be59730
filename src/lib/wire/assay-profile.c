/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-profile.h"

static char *
dup_told (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

/**
 * assay_profile_new:
 * @url: (nullable): where the service is
 * @models_url: (nullable): where its models are listed
 *
 * Returns: (transfer full): a profile that says no more; to be filled before anybody
 *   else has it
 */
AssayProfile *
assay_profile_new (const char *url,
                   const char *models_url)
{
  AssayProfile *self = g_atomic_rc_box_new0 (AssayProfile);

  self->url = dup_told (url);
  self->models_url = dup_told (models_url);
  return self;
}

/**
 * assay_profile_copy:
 *
 * Returns: (transfer full): another one that says the same, to be changed before anybody
 *   else has it
 */
AssayProfile *
assay_profile_copy (const AssayProfile *self)
{
  AssayProfile *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = assay_profile_new (self->url, self->models_url);
  copy->template = g_strdup (self->template);
  copy->body = g_strdup (self->body);
  copy->preprocess = g_strdup (self->preprocess);
  copy->labels = g_strdupv (self->labels);
  copy->softmax = self->softmax;
  copy->percent = self->percent;
  return copy;
}

AssayProfile *
assay_profile_ref (AssayProfile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  AssayProfile *self = data;

  g_free (self->url);
  g_free (self->models_url);
  g_free (self->template);
  g_free (self->body);
  g_free (self->preprocess);
  g_strfreev (self->labels);
}

void
assay_profile_unref (AssayProfile *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}
