/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-manner.h"
#include "assay-error.h"
#include "assay-generic-presets.h"
#include "assay-labels-load.h"
#include "assay-preprocess.h"

#define AUTO "auto"

/**
 * assay_cli_manner_is_auto:
 *
 * Returns: whether what the service speaks is to be found out
 */
gboolean
assay_cli_manner_is_auto (const AssayCliManner *self)
{
  return g_strcmp0 (self->protocol, AUTO) == 0;
}

static char *
dup_protocols (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const AssayProtocol *const *protocols;
  guint n;

  protocols = assay_protocol_get_all (&n);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s, ", protocols[i]->id);
  g_string_append (text, AUTO);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_presets (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const AssayGenericPreset *presets;
  guint n;

  presets = assay_generic_preset_get_all (&n);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", presets[i].id);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
check_preset (const AssayCliManner *self,
              GError **error)
{
  g_autofree char *presets = NULL;

  if (self->preset == NULL)
    return TRUE;
  if (self->protocol != NULL && !g_str_equal (self->protocol, "generic"))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("--preset goes with --protocol generic"));
      return FALSE;
    }
  if (assay_generic_preset_find (self->preset) != NULL)
    return TRUE;
  presets = dup_presets ();
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("--preset takes one of: %s"), presets);
  return FALSE;
}

static void
apply_preset (const AssayCliManner *self,
              AssayConnection *connection)
{
  const AssayGenericPreset *preset = assay_generic_preset_find (self->preset);

  if (preset == NULL)
    return;
  g_object_set (connection,
                "protocol", "generic",
                "template", preset->template,
                "body", preset->body,
                "percent", preset->percent,
                NULL);
  if (preset->api_key_header != NULL)
    g_object_set (connection, "api-key-header", preset->api_key_header, NULL);
}

/**
 * assay_cli_manner_check:
 * @error: %ASSAY_ERROR_USAGE
 *
 * Returns: whether the options can be understood
 */
gboolean
assay_cli_manner_check (const AssayCliManner *self,
                        GError **error)
{
  AssayPreprocess preprocess;

  if (self->protocol != NULL && !assay_cli_manner_is_auto (self)
      && assay_protocol_find (self->protocol) == NULL)
    {
      g_autofree char *protocols = dup_protocols ();

      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("--protocol takes one of: %s"),
                   protocols);
      return FALSE;
    }
  if (!check_preset (self, error))
    return FALSE;
  assay_preprocess_init_default (&preprocess, 0, 0);
  return self->preprocess == NULL
         || assay_preprocess_parse (&preprocess, self->preprocess, error);
}

static gboolean
read_labels (const char *path,
             AssayConnection *connection,
             GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GError) reason = NULL;
  g_auto (GStrv) labels = assay_labels_load (file, NULL, &reason);

  if (labels == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "--labels: %s", reason->message);
      return FALSE;
    }
  assay_connection_set_labels (connection, (const char *const *) labels);
  return TRUE;
}

/**
 * assay_cli_manner_apply:
 * @connection: gets what was typed; the rest of it stays
 * @error: %ASSAY_ERROR_USAGE
 *
 * Returns: whether it can be understood
 */
gboolean
assay_cli_manner_apply (const AssayCliManner *self,
                        AssayConnection *connection,
                        GError **error)
{
  if (!assay_cli_manner_check (self, error)
      || (self->labels != NULL && !read_labels (self->labels, connection, error)))
    return FALSE;
  apply_preset (self, connection);
  if (self->protocol != NULL && !assay_cli_manner_is_auto (self))
    g_object_set (connection, "protocol", self->protocol, NULL);
  if (self->template != NULL)
    g_object_set (connection, "template", self->template, NULL);
  if (self->body != NULL)
    g_object_set (connection, "body", self->body, NULL);
  if (self->preprocess != NULL)
    g_object_set (connection, "preprocess", self->preprocess, NULL);
  if (self->softmax)
    g_object_set (connection, "softmax", TRUE, NULL);
  if (self->percent)
    g_object_set (connection, "percent", TRUE, NULL);
  return TRUE;
}

void
assay_cli_manner_clear (AssayCliManner *self)
{
  g_free (self->protocol);
  g_free (self->preset);
  g_free (self->template);
  g_free (self->body);
  g_free (self->labels);
  g_free (self->preprocess);
}
