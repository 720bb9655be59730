/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the readers and writers of the Open Inference Protocol share. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-error.h"
#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-oip-private.h"

/**
 * assay_oip_bad:
 * @error: %ASSAY_ERROR_BAD_ANSWER
 * @format: what is wrong where, translated, without a full stop: it becomes part
 *   of a sentence about a request or about an answer
 *
 * Returns: %FALSE, so that a reader can end with it
 */
gboolean
assay_oip_bad (GError **error,
               const char *format,
               ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER, format, args);
  va_end (args);
  return FALSE;
}

/**
 * assay_oip_bad_member:
 * @object: where @name is missing, or something else than @kind
 *
 * Returns: %FALSE
 */
gboolean
assay_oip_bad_member (GError **error,
                      JsonObject *object,
                      const char *place,
                      const char *name,
                      const char *kind)
{
  if (!json_object_has_member (object, name))
    return assay_oip_bad (error, _("%s%s is missing"), place, name);
  return assay_oip_bad (error, _("%s%s is not %s"), place, name, kind);
}

/**
 * assay_oip_need_text:
 *
 * Returns: (transfer none) (nullable): the member, a text
 */
const char *
assay_oip_need_text (JsonObject *object,
                     const char *place,
                     const char *name,
                     GError **error)
{
  const char *text = assay_json_get_string (object, name);

  if (text == NULL)
    assay_oip_bad_member (error, object, place, name, _("a text"));
  return text;
}

/**
 * assay_oip_take_text:
 * @text: (out) (transfer full) (nullable): the member; %NULL where it is missing or null
 *
 * Returns: whether it is a text or not there
 */
gboolean
assay_oip_take_text (JsonObject *object,
                     const char *place,
                     const char *name,
                     char **text,
                     GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  *text = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  *text = g_strdup (assay_oip_need_text (object, place, name, error));
  return *text != NULL;
}

/**
 * assay_oip_get_whole:
 * @node: (nullable): a value
 * @lowest: that is taken
 * @value: (out): the number
 *
 * Returns: whether @node is a whole number within 64 bits, not below @lowest
 */
gboolean
assay_oip_get_whole (JsonNode *node,
                     gint64 lowest,
                     gint64 *value)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_int (node);
  return *value >= lowest;
}

/**
 * assay_oip_blame:
 * @fault: (transfer full): of assay_oip_bad(), about a service's answer
 *
 * Makes a sentence for a person of it.
 *
 * Returns: %FALSE
 */
gboolean
assay_oip_blame (GError **error,
                 GError *fault)
{
  if (g_error_matches (fault, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER))
    {
      assay_json_bad (error, "%s", fault->message);
      g_error_free (fault);
      return FALSE;
    }
  g_propagate_error (error, fault);
  return FALSE;
}

/**
 * assay_oip_append_name:
 * @out: JSON that is being written
 * @name: (nullable): of a member; %NULL for an element
 *
 * Appends a comma where something stands before, and the name.
 */
void
assay_oip_append_name (GString *out,
                       const char *name)
{
  char last = out->len > 0 ? out->str[out->len - 1] : '{';

  if (last != '{' && last != '[')
    g_string_append_c (out, ',');
  if (name != NULL)
    g_string_append_printf (out, "\"%s\":", name);
}

void
assay_oip_append_text (GString *out,
                       const char *name,
                       const char *text)
{
  assay_oip_append_name (out, name);
  assay_json_append_string (out, text);
}
