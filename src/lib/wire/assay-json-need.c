/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-json-need.h"
#include "assay-json.h"

/**
 * assay_json_bad:
 * @error: %ASSAY_ERROR_BAD_ANSWER
 * @format: what is wrong where, translated, without a full stop
 *
 * Returns: %FALSE, so that a reader can end with it
 */
gboolean
assay_json_bad (GError **error,
                const char *format,
                ...)
{
  g_autofree char *fault = NULL;
  va_list args;

  va_start (args, format);
  fault = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
               _("The answer of the service cannot be used: %s. See the response, and tell "
                 "whoever runs the service."), fault);
  return FALSE;
}

static gboolean
bad_member (GError **error,
            JsonObject *object,
            const char *place,
            const char *name,
            const char *kind)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL)
    return assay_json_bad (error, _("%s%s is missing"), place, name);
  return assay_json_bad (error, _("%s%s is not %s"), place, name, kind);
}

/* What a proxy, a hotel's network or a wrong address sends with status 200. */
static gboolean
is_web_page (const char *data,
             gsize length)
{
  gsize at = length >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

  while (at < length && g_ascii_isspace (data[at]))
    at++;
  return at < length && data[at] == '<';
}

/**
 * assay_json_need_value:
 * @body: an answer
 * @error: %ASSAY_ERROR_BAD_ANSWER or %ASSAY_ERROR_TOO_LARGE, as assay_json_parse()
 *
 * Returns: (transfer full) (nullable): the answer's root, of any kind
 */
JsonNode *
assay_json_need_value (GBytes *body,
                       GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  g_autoptr (JsonNode) root = assay_json_parse (data, length, error);

  if (root == NULL && is_web_page (data, length))
    {
      g_clear_error (error);
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                           _("A web page came in place of an answer. Check the address of the "
                             "service, and whether this network wants you to sign in first."));
      return NULL;
    }
  if (root == NULL)
    {
      g_prefix_error (error, "%s ", _("The answer of the service cannot be used."));
      return NULL;
    }
  return g_steal_pointer (&root);
}

/**
 * assay_json_need_root:
 * @body: an answer
 * @error: as assay_json_need_value()
 *
 * Returns: (transfer full) (nullable): the answer's root, an object
 */
JsonNode *
assay_json_need_root (GBytes *body,
                      GError **error)
{
  g_autoptr (JsonNode) root = assay_json_need_value (body, error);

  if (root == NULL || JSON_NODE_HOLDS_OBJECT (root))
    return g_steal_pointer (&root);
  assay_json_bad (error, _("it is not an object"));
  return NULL;
}

/**
 * assay_json_need_array:
 *
 * Returns: (transfer none) (nullable): the member, an array
 */
JsonArray *
assay_json_need_array (JsonObject *object,
                       const char *place,
                       const char *name,
                       GError **error)
{
  JsonArray *array = assay_json_get_array (object, name);

  if (array == NULL)
    bad_member (error, object, place, name, _("a list"));
  return array;
}

/**
 * assay_json_need_object:
 *
 * Returns: (transfer none) (nullable): the member, an object
 */
JsonObject *
assay_json_need_object (JsonObject *object,
                        const char *place,
                        const char *name,
                        GError **error)
{
  JsonObject *member = assay_json_get_object (object, name);

  if (member == NULL)
    bad_member (error, object, place, name, _("an object"));
  return member;
}

/**
 * assay_json_need_string:
 *
 * Returns: (transfer none) (nullable): the member, a string
 */
const char *
assay_json_need_string (JsonObject *object,
                        const char *place,
                        const char *name,
                        GError **error)
{
  const char *text = assay_json_get_string (object, name);

  if (text == NULL)
    bad_member (error, object, place, name, _("a text"));
  return text;
}

/**
 * assay_json_need_double:
 * @value: (out): the number as sent
 *
 * Returns: whether the member is there and a finite number
 */
gboolean
assay_json_need_double (JsonObject *object,
                        const char *place,
                        const char *name,
                        double *value,
                        GError **error)
{
  return assay_json_get_double (json_object_get_member (object, name), value)
         || bad_member (error, object, place, name, _("a finite number"));
}

/**
 * assay_json_need_element:
 * @place: where the array stands, without brackets
 *
 * Returns: (transfer none) (nullable): the element, an object
 */
JsonObject *
assay_json_need_element (JsonArray *array,
                         guint index,
                         const char *place,
                         GError **error)
{
  JsonNode *node = json_array_get_element (array, index);

  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  assay_json_bad (error, _("%s[%u] is not an object"), place, index);
  return NULL;
}
