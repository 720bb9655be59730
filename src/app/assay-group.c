/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-group.h"

struct _AssayGroup {
  GObject parent_instance;

  char *name;
  gboolean archive;
  guint count;
  gboolean expanded;
};

G_DEFINE_FINAL_TYPE (AssayGroup, assay_group, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_NAME,
  PROP_COUNT,
  PROP_EXPANDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
assay_group_get_property (GObject *object,
                          guint id,
                          GValue *value,
                          GParamSpec *pspec)
{
  AssayGroup *self = ASSAY_GROUP (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_COUNT:
      g_value_set_uint (value, self->count);
      break;
    case PROP_EXPANDED:
      g_value_set_boolean (value, self->expanded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_group_finalize (GObject *object)
{
  g_free (ASSAY_GROUP (object)->name);
  G_OBJECT_CLASS (assay_group_parent_class)->finalize (object);
}

static void
assay_group_class_init (AssayGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_group_get_property;
  object_class->finalize = assay_group_finalize;

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_COUNT] =
    g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_EXPANDED] =
    g_param_spec_boolean ("expanded", NULL, NULL, TRUE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_group_init (AssayGroup *self)
{
  self->expanded = TRUE;
}

/**
 * assay_group_new:
 * @name: the folder or archive, safe to show
 * @archive: whether it is an archive
 *
 * Returns: (transfer full): an expanded group without members
 */
AssayGroup *
assay_group_new (const char *name,
                 gboolean archive)
{
  AssayGroup *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_GROUP, NULL);
  self->name = g_strdup (name);
  self->archive = !!archive;
  return self;
}

const char *
assay_group_get_name (AssayGroup *self)
{
  g_return_val_if_fail (ASSAY_IS_GROUP (self), NULL);

  return self->name;
}

gboolean
assay_group_is_archive (AssayGroup *self)
{
  g_return_val_if_fail (ASSAY_IS_GROUP (self), FALSE);

  return self->archive;
}

/**
 * assay_group_get_count:
 *
 * Returns: its images that pass the filter, hidden or not
 */
guint
assay_group_get_count (AssayGroup *self)
{
  g_return_val_if_fail (ASSAY_IS_GROUP (self), 0);

  return self->count;
}

gboolean
assay_group_get_expanded (AssayGroup *self)
{
  g_return_val_if_fail (ASSAY_IS_GROUP (self), FALSE);

  return self->expanded;
}

void
assay_group_set_count (AssayGroup *self,
                       guint count)
{
  g_return_if_fail (ASSAY_IS_GROUP (self));

  if (count == self->count)
    return;
  self->count = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

void
assay_group_set_expanded (AssayGroup *self,
                          gboolean expanded)
{
  g_return_if_fail (ASSAY_IS_GROUP (self));

  expanded = !!expanded;
  if (expanded == self->expanded)
    return;
  self->expanded = expanded;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXPANDED]);
}
