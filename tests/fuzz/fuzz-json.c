/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The bounded JSON reader: what it gives is within the limits and free of what
 * C strings and doubles can't carry, and our own writing of it reads back the same. */

#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "fuzz.h"

typedef struct {
  GString *out;
  guint values;
  gboolean beyond;            /* holds a number that is no finite one */
} Writing;

static void write_node (Writing *self, JsonNode *node, guint depth);

static void
write_name (Writing *self,
            const char *name)
{
  g_assert_true (g_utf8_validate (name, -1, NULL));
  if (self->out->str[self->out->len - 1] != '{')
    g_string_append_c (self->out, ',');
  assay_json_append_string (self->out, name);
  g_string_append_c (self->out, ':');
}

static void
write_object (Writing *self,
              JsonObject *object,
              guint depth)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_assert_cmpuint (json_object_get_size (object), <=, ASSAY_LIMIT_JSON_OBJECT);
  g_string_append_c (self->out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      write_name (self, name);
      write_node (self, node, depth);
    }
  g_string_append_c (self->out, '}');
}

static void
write_array (Writing *self,
             JsonArray *array,
             guint depth)
{
  g_string_append_c (self->out, '[');
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (self->out, ',');
      write_node (self, json_array_get_element (array, i), depth);
    }
  g_string_append_c (self->out, ']');
}

static void
write_scalar (Writing *self,
              JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_NULL (node) ? G_TYPE_NONE : json_node_get_value_type (node);
  double value;

  if (type == G_TYPE_NONE)
    g_string_append (self->out, "null");
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (self->out, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_STRING)
    {
      g_assert_true (g_utf8_validate (json_node_get_string (node), -1, NULL));
      assay_json_append_string (self->out, json_node_get_string (node));
    }
  else if (type == G_TYPE_INT64)
    g_string_append_printf (self->out, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else
    {
      g_assert_true (type == G_TYPE_DOUBLE);
      self->beyond |= !assay_json_get_double (node, &value);
      assay_json_append_double (self->out, json_node_get_double (node));
    }
}

static void
write_node (Writing *self,
            JsonNode *node,
            guint depth)
{
  g_assert_cmpuint (++self->values, <=, ASSAY_LIMIT_JSON_MEMBERS);
  g_assert_cmpuint (depth, <=, ASSAY_LIMIT_JSON_DEPTH);
  if (JSON_NODE_HOLDS_OBJECT (node))
    write_object (self, json_node_get_object (node), depth + 1);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    write_array (self, json_node_get_array (node), depth + 1);
  else
    write_scalar (self, node);
}

static void
check_refusal (const GError *error)
{
  fuzz_check_error (error);
  g_assert_cmpint (error->code, ==, ASSAY_ERROR_BAD_ANSWER);
  /* A place, or empty: json-glib itself has nothing to object. */
  g_assert_true (strstr (error->message, "byte") != NULL || strstr (error->message, "empty") != NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = assay_json_parse ((const char *) data, size, &error);
  g_autoptr (GString) out = g_string_new (NULL);
  Writing writing = { .out = out };
  g_autoptr (JsonNode) again = NULL;
  g_autoptr (GString) once_more = g_string_new (NULL);
  Writing second = { .out = once_more };

  if (root == NULL)
    {
      check_refusal (error);
      return 0;
    }
  g_assert_no_error (error);
  write_node (&writing, root, 0);
  again = assay_json_parse (out->str, out->len, &error);
  g_assert_no_error (error);
  write_node (&second, again, 0);
  if (!writing.beyond)
    g_assert_cmpstr (once_more->str, ==, out->str);
  return 0;
}
