/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What servers and models of the Open Inference Protocol say of themselves:
 *
 *   GET  /v2                        {"name", "version", "extensions": […]}
 *   GET  /v2/models/M[/versions/V]  {"name", "versions": […], "platform",
 *                                    "inputs": [{"name", "datatype", "shape"}], "outputs": […]}
 *   POST /v2/repository/index       [{"name", "version", "state", "reason"}]
 *   GET  /v2/models                 {"models": ["a", "b"]}, of KServe
 *
 * Labels have no place of their own there.  Our server puts them among the
 * model's parameters, which hold texts, numbers and truths only: as one text, a
 * label a line, which is labels.txt.  A list is read there too, and what OpenVINO
 * Model Server writes: rt_info.model_info.labels, one text with spaces between.
 *
 * Sources: kserve/open-inference-protocol, inference_rest.md; Triton,
 * extension_model_repository.md; OpenVINO, model_server_rest_api_kfs.md
 * (protocols.md, B1). */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-oip-private.h"

static void
port_free (AssayOipPort *self)
{
  g_free (self->content_type);
  g_free (self->name);
  g_free (self);
}

/**
 * assay_oip_model_new:
 * @name: its name
 *
 * Returns: (transfer full): a model of which nothing else is known
 */
AssayOipModel *
assay_oip_model_new (const char *name)
{
  AssayOipModel *self = g_new0 (AssayOipModel, 1);

  self->name = g_strdup (name);
  self->platform = g_strdup ("");
  self->versions = g_new0 (char *, 1);
  self->inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) port_free);
  self->outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) port_free);
  return self;
}

void
assay_oip_model_free (AssayOipModel *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->platform);
  g_strfreev (self->versions);
  g_ptr_array_unref (self->inputs);
  g_ptr_array_unref (self->outputs);
  g_strfreev (self->labels);
  g_free (self);
}

/**
 * assay_oip_model_add_port:
 * @ports: a model's inputs or outputs
 * @name: of one more
 * @type: of its values
 * @shape: (array length=n_dims): its sizes, -1 for any
 */
void
assay_oip_model_add_port (GPtrArray *ports,
                          const char *name,
                          AssayOipType type,
                          const gint64 *shape,
                          guint n_dims)
{
  AssayOipPort *port;

  g_return_if_fail (ports != NULL && name != NULL);
  g_return_if_fail (n_dims <= ASSAY_LIMIT_TENSOR_DIMS);

  port = g_new0 (AssayOipPort, 1);
  port->name = g_strdup (name);
  port->type = type;
  port->n_dims = n_dims;
  memcpy (port->shape, shape, n_dims * sizeof *shape);
  g_ptr_array_add (ports, port);
}

static gboolean
read_port (GPtrArray *ports,
           JsonObject *object,
           const char *place,
           GError **error)
{
  gint64 sizes[ASSAY_LIMIT_TENSOR_DIMS];
  const char *name = assay_json_need_string (object, place, "name", error);
  const char *type = name != NULL ? assay_json_need_string (object, place, "datatype", error) : NULL;
  JsonArray *shape = type != NULL ? assay_json_need_array (object, place, "shape", error) : NULL;
  guint n;

  if (shape == NULL)
    return FALSE;
  n = json_array_get_length (shape);
  if (n > ASSAY_LIMIT_TENSOR_DIMS)
    return assay_json_bad (error, _("%sshape has too many sizes"), place);
  for (guint i = 0; i < n; i++)
    if (!assay_oip_get_whole (json_array_get_element (shape, i), -1, &sizes[i]))
      return assay_json_bad (error, _("%sshape holds something that is not a size"), place);
  assay_oip_model_add_port (ports, name, assay_oip_type_find (type), sizes, n);
  ((AssayOipPort *) ports->pdata[ports->len - 1])->content_type =
    g_strdup (assay_json_get_string (assay_json_get_object (object, "parameters"),
                                     "content_type"));
  return TRUE;
}

static gboolean
read_ports (GPtrArray *ports,
            JsonObject *root,
            const char *name,
            GError **error)
{
  JsonArray *list = assay_json_need_array (root, "", name, error);

  if (list == NULL)
    return FALSE;
  if (json_array_get_length (list) > ASSAY_LIMIT_TENSORS)
    return assay_json_bad (error, _("%s has too many elements"), name);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%u].", name, i);
      JsonObject *object = assay_json_need_element (list, i, name, error);

      if (object == NULL || !read_port (ports, object, place, error))
        return FALSE;
    }
  return TRUE;
}

/* The texts of a list; what is none is left out. */
static char **
dup_texts (JsonArray *list,
           guint limit)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  guint n = list != NULL ? MIN (json_array_get_length (list), limit) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (texts, json_node_get_string (node));
    }
  return g_strv_builder_end (texts);
}

/* Names that are too many or too long are worse than none. */
static char **
check_labels (char **labels)
{
  guint n = labels != NULL ? g_strv_length (labels) : 0;

  for (guint i = 0; i < n; i++)
    if (n > ASSAY_LIMIT_LABELS || strlen (labels[i]) > ASSAY_LIMIT_LABEL_BYTES)
      n = 0;
  if (n > 0)
    return labels;
  g_strfreev (labels);
  return NULL;
}

static char **
split_labels (const char *text,
              const char *separator)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (text));

  return check_labels (g_strsplit (trimmed, separator, ASSAY_LIMIT_LABELS + 1));
}

static char **
find_labels (JsonObject *root)
{
  JsonObject *parameters = assay_json_get_object (root, "parameters");
  JsonObject *info = assay_json_get_object (root, "rt_info");
  JsonArray *list = assay_json_get_array (parameters, "labels");
  const char *lines = assay_json_get_string (parameters, "labels");
  const char *words;

  if (list != NULL)
    return check_labels (dup_texts (list, ASSAY_LIMIT_LABELS + 1));
  if (lines != NULL)
    return split_labels (lines, "\n");
  info = assay_json_get_object (info, "model_info");
  words = assay_json_get_string (info, "labels");
  return words != NULL ? split_labels (words, " ") : NULL;
}

/**
 * assay_oip_read_model:
 * @body: a model's metadata, in any state
 * @error: %ASSAY_ERROR_BAD_ANSWER or %ASSAY_ERROR_TOO_LARGE, in a sentence
 *
 * Returns: (transfer full) (nullable): what the model says of itself
 */
AssayOipModel *
assay_oip_read_model (GBytes *body,
                      GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (AssayOipModel) self = NULL;
  JsonObject *object;
  JsonObject *parameters;
  const char *name;
  gint64 batch;

  g_return_val_if_fail (body != NULL, NULL);

  root = assay_json_need_root (body, error);
  object = root != NULL ? json_node_get_object (root) : NULL;
  name = root != NULL ? assay_json_need_string (object, "", "name", error) : NULL;
  if (name == NULL)
    return NULL;
  self = assay_oip_model_new (name);
  if (!read_ports (self->inputs, object, "inputs", error)
      || !read_ports (self->outputs, object, "outputs", error))
    return NULL;
  g_strfreev (self->versions);
  self->versions = dup_texts (assay_json_get_array (object, "versions"), ASSAY_LIMIT_MODELS);
  if (assay_json_get_string (object, "platform") != NULL)
    {
      g_free (self->platform);
      self->platform = g_strdup (assay_json_get_string (object, "platform"));
    }
  self->labels = find_labels (object);
  parameters = assay_json_get_object (object, "parameters");
  if (parameters != NULL
      && assay_oip_get_whole (json_object_get_member (parameters, "max_batch_size"), 0, &batch))
    self->max_batch_size = MIN (batch, G_MAXINT);
  return g_steal_pointer (&self);
}

static void
append_list (GString *out,
             const char *name,
             const char *const *texts)
{
  assay_oip_append_name (out, name);
  g_string_append_c (out, '[');
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    assay_oip_append_text (out, NULL, texts[i]);
  g_string_append_c (out, ']');
}

static void
append_ports (GString *out,
              const char *name,
              GPtrArray *ports)
{
  assay_oip_append_name (out, name);
  g_string_append_c (out, '[');
  for (guint i = 0; i < ports->len; i++)
    {
      const AssayOipPort *port = ports->pdata[i];

      assay_oip_append_name (out, NULL);
      g_string_append_c (out, '{');
      assay_oip_append_text (out, "name", port->name);
      assay_oip_append_text (out, "datatype", assay_oip_type_get_name (port->type));
      assay_oip_append_name (out, "shape");
      g_string_append_c (out, '[');
      for (guint k = 0; k < port->n_dims; k++)
        {
          assay_oip_append_name (out, NULL);
          g_string_append_printf (out, "%" G_GINT64_FORMAT, port->shape[k]);
        }
      g_string_append (out, "]}");
    }
  g_string_append_c (out, ']');
}

static void
append_parameters (GString *out,
                   const AssayOipModel *self)
{
  assay_oip_append_name (out, "parameters");
  g_string_append_c (out, '{');
  if (self->labels != NULL)
    {
      g_autofree char *lines = g_strjoinv ("\n", self->labels);

      assay_oip_append_text (out, "labels", lines);
    }
  if (self->max_batch_size > 0)
    {
      assay_oip_append_name (out, "max_batch_size");
      g_string_append_printf (out, "%u", self->max_batch_size);
    }
  g_string_append_c (out, '}');
}

/**
 * assay_oip_write_model:
 * @self: a model, whose labels hold no line ends
 *
 * Returns: (transfer full): its metadata, on one line
 */
char *
assay_oip_write_model (const AssayOipModel *self)
{
  GString *out = g_string_new ("{");

  g_return_val_if_fail (self != NULL, NULL);

  assay_oip_append_text (out, "name", self->name);
  append_list (out, "versions", (const char *const *) self->versions);
  assay_oip_append_text (out, "platform", self->platform);
  append_ports (out, "inputs", self->inputs);
  append_ports (out, "outputs", self->outputs);
  append_parameters (out, self);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/**
 * assay_oip_entry_new:
 * @name: of a model
 * @version: (nullable): of it
 * @state: (nullable): as the service calls it
 * @reason: (nullable): why it is in it
 *
 * Returns: (transfer full): a version in a listing
 */
AssayOipEntry *
assay_oip_entry_new (const char *name,
                     const char *version,
                     const char *state,
                     const char *reason)
{
  AssayOipEntry *self = g_new0 (AssayOipEntry, 1);

  self->name = g_strdup (name);
  self->version = g_strdup (version != NULL ? version : "");
  self->state = g_strdup (state != NULL ? state : "");
  self->reason = g_strdup (reason != NULL ? reason : "");
  return self;
}

void
assay_oip_entry_free (AssayOipEntry *self)
{
  g_free (self->name);
  g_free (self->version);
  g_free (self->state);
  g_free (self->reason);
  g_free (self);
}

static GPtrArray *
read_names (JsonObject *root,
            GPtrArray *entries,
            GError **error)
{
  JsonArray *list = assay_json_need_array (root, "", "models", error);
  g_auto (GStrv) names = list != NULL ? dup_texts (list, ASSAY_LIMIT_MODELS) : NULL;

  if (list == NULL)
    return NULL;
  for (guint i = 0; names[i] != NULL; i++)
    g_ptr_array_add (entries, assay_oip_entry_new (names[i], NULL, NULL, NULL));
  return g_ptr_array_ref (entries);
}

static GPtrArray *
read_entries (JsonArray *list,
              GPtrArray *entries,
              GError **error)
{
  for (guint i = 0; i < MIN (json_array_get_length (list), ASSAY_LIMIT_MODELS); i++)
    {
      g_autofree char *place = g_strdup_printf ("[%u].", i);
      JsonObject *object = assay_json_need_element (list, i, "", error);
      const char *name = object != NULL ? assay_json_need_string (object, place, "name", error)
                                        : NULL;

      if (name == NULL)
        return NULL;
      g_ptr_array_add (entries, assay_oip_entry_new (name,
                                                     assay_json_get_string (object, "version"),
                                                     assay_json_get_string (object, "state"),
                                                     assay_json_get_string (object, "reason")));
    }
  return g_ptr_array_ref (entries);
}

/**
 * assay_oip_read_index:
 * @body: a listing of Triton's and MLServer's kind, or of KServe's, in any state
 * @error: %ASSAY_ERROR_BAD_ANSWER or %ASSAY_ERROR_TOO_LARGE, in a sentence
 *
 * Returns: (transfer full) (element-type AssayOipEntry) (nullable): the versions
 *   in their order, at most %ASSAY_LIMIT_MODELS
 */
GPtrArray *
assay_oip_read_index (GBytes *body,
                      GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  const char *data;
  gsize length;

  g_return_val_if_fail (body != NULL, NULL);

  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_oip_entry_free);
  data = g_bytes_get_data (body, &length);
  root = assay_json_parse (data, length, NULL);
  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    return read_entries (json_node_get_array (root), entries, error);
  g_clear_pointer (&root, json_node_unref);
  root = assay_json_need_root (body, error);
  return root != NULL ? read_names (json_node_get_object (root), entries, error) : NULL;
}

/**
 * assay_oip_write_index:
 * @entries: (element-type AssayOipEntry): versions
 *
 * Returns: (transfer full): their listing, on one line
 */
char *
assay_oip_write_index (GPtrArray *entries)
{
  GString *out = g_string_new ("[");

  g_return_val_if_fail (entries != NULL, NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      const AssayOipEntry *entry = entries->pdata[i];

      assay_oip_append_name (out, NULL);
      g_string_append_c (out, '{');
      assay_oip_append_text (out, "name", entry->name);
      assay_oip_append_text (out, "version", entry->version);
      assay_oip_append_text (out, "state", entry->state);
      assay_oip_append_text (out, "reason", entry->reason);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

void
assay_oip_server_free (AssayOipServer *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->version);
  g_strfreev (self->extensions);
  g_free (self);
}

/**
 * assay_oip_read_server:
 * @body: what GET /v2 gave, in any state
 * @error: %ASSAY_ERROR_BAD_ANSWER or %ASSAY_ERROR_TOO_LARGE, in a sentence
 *
 * Returns: (transfer full) (nullable): what the server says of itself
 */
AssayOipServer *
assay_oip_read_server (GBytes *body,
                       GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  AssayOipServer *self;
  JsonObject *object;
  const char *name;
  const char *version;

  g_return_val_if_fail (body != NULL, NULL);

  root = assay_json_need_root (body, error);
  object = root != NULL ? json_node_get_object (root) : NULL;
  name = root != NULL ? assay_json_need_string (object, "", "name", error) : NULL;
  if (name == NULL)
    return NULL;
  version = assay_json_get_string (object, "version");
  self = g_new0 (AssayOipServer, 1);
  self->name = g_strdup (name);
  self->version = g_strdup (version != NULL ? version : "");
  self->extensions = dup_texts (assay_json_get_array (object, "extensions"),
                                ASSAY_LIMIT_JSON_OBJECT);
  return self;
}

/**
 * assay_oip_write_server:
 * @name: of the server
 * @version: of it
 * @extensions: (array zero-terminated=1): what it can besides the protocol
 *
 * Returns: (transfer full): its metadata, on one line
 */
char *
assay_oip_write_server (const char *name,
                        const char *version,
                        const char *const *extensions)
{
  GString *out = g_string_new ("{");

  assay_oip_append_text (out, "name", name);
  assay_oip_append_text (out, "version", version);
  append_list (out, "extensions", extensions);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/**
 * assay_oip_write_error:
 * @message: what is wrong
 *
 * Returns: (transfer full): the body of an error, on one line
 */
char *
assay_oip_write_error (const char *message)
{
  GString *out = g_string_new ("{");

  assay_oip_append_text (out, "error", message);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}
