/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-settings.h"

/* The build tree's own schema, when this program runs from there: programs and
 * tests stand two folders below its top, beside which config.h was written. */
static GSettingsSchemaSource *
build_tree_source (GSettingsSchemaSource *parent)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *config = NULL;
  g_autofree char *schemas = NULL;

  if (folder == NULL)
    return NULL;
  config = g_build_filename (folder, "..", "..", "config.h", NULL);
  schemas = g_build_filename (folder, "..", "..", "data", NULL);
  if (!g_file_test (config, G_FILE_TEST_IS_REGULAR))
    return NULL;
  return g_settings_schema_source_new_from_directory (schemas, parent, FALSE, NULL);
}

/* The schema beside this program where it was installed: in a prefix in which the
 * system does not look for schemas. */
static GSettingsSchemaSource *
prefix_source (GSettingsSchemaSource *parent)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *schemas = NULL;

  if (folder == NULL)
    return NULL;
  schemas = g_build_filename (folder, "..", "share", "glib-2.0", "schemas", NULL);
  return g_settings_schema_source_new_from_directory (schemas, parent, FALSE, NULL);
}

/**
 * assay_settings_new:
 *
 * Finds the schema in the build tree when the program runs from there, else
 * in the prefix that it is installed in, else where the system keeps schemas.
 *
 * Returns: (transfer full): the settings of windows and preferences
 */
GSettings *
assay_settings_new (void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) own = build_tree_source (installed);
  g_autoptr (GSettingsSchema) schema = NULL;

  if (own == NULL)
    own = prefix_source (installed);
  if (own == NULL)
    return g_settings_new (ASSAY_APPLICATION_ID);
  schema = g_settings_schema_source_lookup (own, ASSAY_APPLICATION_ID, TRUE);
  if (schema == NULL)
    return g_settings_new (ASSAY_APPLICATION_ID);
  return g_settings_new_full (schema, NULL, NULL);
}
