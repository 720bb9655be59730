/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests and responses of the Open Inference Protocol, version 2, over HTTP:
 *
 *   POST /v2/models/M[/versions/V]/infer
 *
 * The body is a JSON object:
 *
 *   {"id": "42",
 *    "inputs": [{"name": "image", "datatype": "BYTES", "shape": [1],
 *                "parameters": {"content_type": "base64"}, "data": ["/9j/4AAQ…"]}],
 *    "outputs": [{"name": "probabilities", "parameters": {"classification": 3}}]}
 *
 * and is answered by one:
 *
 *   {"model_name": "flowers", "model_version": "2", "id": "42",
 *    "outputs": [{"name": "probabilities", "datatype": "FP32", "shape": [1, 5],
 *                 "data": [0.1, 0.6, 0.1, 0.1, 0.1]}]}
 *
 * With Triton's binary tensor extension the JSON is followed by the values of
 * those tensors that have “binary_data_size” among their parameters instead of
 * “data”, in their order, and the header Inference-Header-Content-Length says
 * where it ends; 0 there says that there is no JSON, and that the body is the one
 * value of the only input.
 *
 * Sources: kserve/open-inference-protocol, inference_rest.md; Triton,
 * extension_binary_data.md and extension_classification.md (protocols.md, B1).
 * Parameters that aren't named there are left alone. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-oip-private.h"

/* A body that is being read. */
typedef struct {
  GBytes *body;
  gsize at;        /* where the next tensor's values begin, behind the JSON */
  gboolean answer;
} Reader;

static void
output_free (AssayOipOutput *self)
{
  g_free (self->name);
  g_free (self);
}

AssayOipMessage *
assay_oip_message_new (void)
{
  AssayOipMessage *self = g_new0 (AssayOipMessage, 1);

  self->tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_oip_tensor_free);
  self->outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) output_free);
  return self;
}

void
assay_oip_message_free (AssayOipMessage *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->model_name);
  g_free (self->model_version);
  g_ptr_array_unref (self->tensors);
  g_ptr_array_unref (self->outputs);
  g_free (self);
}

/**
 * assay_oip_message_find:
 * @self: a message
 * @name: of a tensor
 *
 * Returns: (transfer none) (nullable): the tensor of this name
 */
AssayOipTensor *
assay_oip_message_find (const AssayOipMessage *self,
                        const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->tensors->len; i++)
    {
      AssayOipTensor *tensor = self->tensors->pdata[i];

      if (strcmp (tensor->name, name) == 0)
        return tensor;
    }
  return NULL;
}

/**
 * assay_oip_message_add_output:
 * @self: a request
 * @name: of an output
 *
 * Returns: (transfer none): the wish for it, as JSON and whole
 */
AssayOipOutput *
assay_oip_message_add_output (AssayOipMessage *self,
                              const char *name)
{
  AssayOipOutput *output;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  output = g_new0 (AssayOipOutput, 1);
  output->name = g_strdup (name);
  g_ptr_array_add (self->outputs, output);
  return output;
}

static gboolean
read_shape (AssayOipTensor *self,
            JsonObject *object,
            const char *place,
            GError **error)
{
  JsonArray *shape = assay_json_get_array (object, "shape");
  gint64 size;

  if (shape == NULL)
    return assay_oip_bad_member (error, object, place, "shape", _("a list"));
  self->n_dims = json_array_get_length (shape);
  if (self->n_dims > ASSAY_LIMIT_TENSOR_DIMS)
    return assay_oip_bad (error, _("%sshape has too many sizes"), place);
  for (guint i = 0; i < self->n_dims; i++)
    {
      if (!assay_oip_get_whole (json_array_get_element (shape, i), 0, &size))
        return assay_oip_bad (error, _("%sshape holds something that is not a size"), place);
      self->shape[i] = size;
    }
  if (!assay_oip_count_values (self->shape, self->n_dims, &self->n_values)
      || (self->type == ASSAY_OIP_BYTES && self->n_values > ASSAY_LIMIT_JSON_MEMBERS))
    return assay_oip_bad (error, _("%sshape is too large"), place);
  return TRUE;
}

static gboolean
read_type (AssayOipTensor *self,
           JsonObject *object,
           const char *place,
           GError **error)
{
  const char *type = assay_oip_need_text (object, place, "datatype", error);

  if (type == NULL)
    return FALSE;
  self->type = assay_oip_type_find (type);
  return self->type != ASSAY_OIP_UNKNOWN
         || assay_oip_bad (error, _("%s%s is not %s"), place, "datatype", _("a known data type"));
}

/* The bytes are those of the body, without a copy. */
static gboolean
take_binary (AssayOipTensor *self,
             Reader *reader,
             JsonNode *size,
             const char *place,
             GError **error)
{
  gint64 length;

  if (!assay_oip_get_whole (size, 0, &length))
    return assay_oip_bad (error, _("%s%s is not %s"), place, "parameters.binary_data_size",
                          _("a size"));
  if ((guint64) length > g_bytes_get_size (reader->body) - reader->at)
    return assay_oip_bad (error, _("the binary data of %sdata are cut off"), place);
  self->data = g_bytes_new_from_bytes (reader->body, reader->at, length);
  self->binary = TRUE;
  reader->at += length;
  return assay_oip_check_data (self)
         || assay_oip_bad (error, _("%sdata does not have the shape that is given"), place);
}

static gboolean
read_values (AssayOipTensor *self,
             Reader *reader,
             JsonObject *object,
             const char *place,
             GError **error)
{
  JsonObject *parameters = assay_json_get_object (object, "parameters");
  JsonNode *data = json_object_get_member (object, "data");
  JsonNode *size = NULL;

  if (parameters != NULL)
    {
      self->content_type = g_strdup (assay_json_get_string (parameters, "content_type"));
      size = json_object_get_member (parameters, "binary_data_size");
    }
  if (size != NULL)
    return take_binary (self, reader, size, place, error);
  if (data == NULL)
    return assay_oip_bad (error, _("%s%s is missing"), place, "data");
  self->data = assay_oip_read_data (data, self, place, error);
  return self->data != NULL;
}

static gboolean
read_tensor (AssayOipMessage *self,
             Reader *reader,
             JsonObject *object,
             const char *place,
             GError **error)
{
  g_autoptr (AssayOipTensor) tensor = g_new0 (AssayOipTensor, 1);
  const char *name = assay_oip_need_text (object, place, "name", error);

  if (name == NULL)
    return FALSE;
  if (assay_oip_message_find (self, name) != NULL)
    return assay_oip_bad (error, _("%sname stands there twice"), place);
  tensor->name = g_strdup (name);
  if (!read_type (tensor, object, place, error)
      || !read_shape (tensor, object, place, error)
      || !read_values (tensor, reader, object, place, error))
    return FALSE;
  g_ptr_array_add (self->tensors, g_steal_pointer (&tensor));
  return TRUE;
}

/* One element of a list of tensors or outputs. */
static JsonObject *
need_object (JsonArray *list,
             guint index,
             const char *place,
             GError **error)
{
  JsonNode *node = json_array_get_element (list, index);

  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  assay_oip_bad (error, _("%s[%u] is not an object"), place, index);
  return NULL;
}

static JsonArray *
need_list (JsonObject *root,
           const char *name,
           GError **error)
{
  JsonArray *list = assay_json_get_array (root, name);

  if (list == NULL)
    assay_oip_bad_member (error, root, "", name, _("a list"));
  else if (json_array_get_length (list) > ASSAY_LIMIT_TENSORS)
    {
      assay_oip_bad (error, _("%s has too many elements"), name);
      return NULL;
    }
  return list;
}

static gboolean
read_tensors (AssayOipMessage *self,
              Reader *reader,
              JsonObject *root,
              GError **error)
{
  const char *name = reader->answer ? "outputs" : "inputs";
  JsonArray *list = need_list (root, name, error);

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%u].", name, i);
      JsonObject *object = need_object (list, i, name, error);

      if (object == NULL || !read_tensor (self, reader, object, place, error))
        return FALSE;
    }
  return list != NULL;
}

/* A flag among the parameters that isn't there leaves @flag as it is. */
static gboolean
take_flag (JsonObject *parameters,
           const char *place,
           const char *name,
           gboolean *flag,
           GError **error)
{
  JsonNode *node = json_object_get_member (parameters, name);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return assay_oip_bad (error, _("%s%s is not %s"), place, name, _("true or false"));
  *flag = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_output (AssayOipMessage *self,
             JsonObject *object,
             const char *place,
             GError **error)
{
  JsonObject *parameters = assay_json_get_object (object, "parameters");
  const char *name = assay_oip_need_text (object, place, "name", error);
  AssayOipOutput *output;
  gint64 n;

  if (name == NULL)
    return FALSE;
  for (guint i = 0; i < self->outputs->len; i++)
    if (strcmp (((AssayOipOutput *) self->outputs->pdata[i])->name, name) == 0)
      return assay_oip_bad (error, _("%sname stands there twice"), place);
  output = assay_oip_message_add_output (self, name);
  output->binary = self->binary_all;
  if (parameters == NULL)
    return TRUE;
  if (!take_flag (parameters, place, "binary_data", &output->binary, error))
    return FALSE;
  if (!json_object_has_member (parameters, "classification"))
    return TRUE;
  if (!assay_oip_get_whole (json_object_get_member (parameters, "classification"), 1, &n))
    return assay_oip_bad (error, _("%s%s is not %s"), place, "parameters.classification",
                          _("a number of labels"));
  output->classification = MIN (n, ASSAY_LIMIT_LABELS);
  return TRUE;
}

static gboolean
read_outputs (AssayOipMessage *self,
              JsonObject *root,
              GError **error)
{
  JsonObject *parameters = assay_json_get_object (root, "parameters");
  JsonArray *list;

  if (parameters != NULL
      && !take_flag (parameters, "parameters.", "binary_data_output", &self->binary_all, error))
    return FALSE;
  if (!json_object_has_member (root, "outputs") || json_object_get_null_member (root, "outputs"))
    return TRUE;
  list = need_list (root, "outputs", error);
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      g_autofree char *place = g_strdup_printf ("outputs[%u].", i);
      JsonObject *object = need_object (list, i, "outputs", error);

      if (object == NULL || !read_output (self, object, place, error))
        return FALSE;
    }
  return list != NULL;
}

static gboolean
read_root (AssayOipMessage *self,
           Reader *reader,
           JsonObject *root,
           GError **error)
{
  if (!assay_oip_take_text (root, "", "id", &self->id, error))
    return FALSE;
  if (reader->answer)
    return assay_oip_take_text (root, "", "model_name", &self->model_name, error)
           && assay_oip_take_text (root, "", "model_version", &self->model_version, error)
           && read_tensors (self, reader, root, error);
  return read_tensors (self, reader, root, error) && read_outputs (self, root, error);
}

/* Where the JSON ends; all of the body where no header says another place. */
static gboolean
read_length (Reader *reader,
             const char *json_length,
             GError **error)
{
  gsize size = g_bytes_get_size (reader->body);
  guint64 length;

  reader->at = size;
  if (json_length == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (json_length, 10, 0, size, &length, NULL))
    return assay_oip_bad (error, _("%s is no length within the body"),
                          "Inference-Header-Content-Length");
  reader->at = length;
  return TRUE;
}

/* Of BYTES the one value has no length before it: the body's length says it. */
static AssayOipMessage *
make_raw (GBytes *body)
{
  AssayOipMessage *self = assay_oip_message_new ();
  AssayOipTensor *tensor = g_new0 (AssayOipTensor, 1);
  GByteArray *data = g_byte_array_sized_new (g_bytes_get_size (body) + 4);

  assay_oip_append_element (data, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  tensor->name = g_strdup ("");
  tensor->type = ASSAY_OIP_BYTES;
  tensor->n_dims = tensor->shape[0] = tensor->n_values = 1;
  tensor->data = g_byte_array_free_to_bytes (data);
  tensor->binary = TRUE;
  g_ptr_array_add (self->tensors, tensor);
  self->raw = self->binary_all = TRUE;
  return self;
}

static AssayOipMessage *
read_message (Reader *reader,
              const char *json_length,
              GError **error)
{
  g_autoptr (AssayOipMessage) self = NULL;
  g_autoptr (JsonNode) root = NULL;

  if (!read_length (reader, json_length, error))
    return NULL;
  if (reader->at == 0 && json_length != NULL && !reader->answer)
    return make_raw (reader->body);

  root = assay_json_parse (g_bytes_get_data (reader->body, NULL), reader->at, error);
  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      assay_oip_bad (error, _("it is not an object"));
      return NULL;
    }
  self = assay_oip_message_new ();
  if (!read_root (self, reader, json_node_get_object (root), error))
    return NULL;
  if (reader->at != g_bytes_get_size (reader->body))
    {
      assay_oip_bad (error, _("something follows the last tensor"));
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * assay_oip_read_request:
 * @body: from a client, in any state
 * @json_length: (nullable): the header Inference-Header-Content-Length, likewise
 * @error: %ASSAY_ERROR_BAD_ANSWER or %ASSAY_ERROR_TOO_LARGE: a bare fault,
 *   without a full stop, or a sentence on its JSON
 *
 * Reads a request within %ASSAY_LIMIT_TENSORS, %ASSAY_LIMIT_TENSOR_DIMS,
 * %ASSAY_LIMIT_TENSOR_VALUES and the bounds of assay_json_parse().  Any thread.
 *
 * Returns: (transfer full) (nullable): the request; its tensors share @body
 */
AssayOipMessage *
assay_oip_read_request (GBytes *body,
                        const char *json_length,
                        GError **error)
{
  Reader reader = { body, 0, FALSE };

  g_return_val_if_fail (body != NULL, NULL);

  return read_message (&reader, json_length, error);
}

/**
 * assay_oip_read_response:
 * @body: from a service, in any state
 * @json_length: (nullable): the header Inference-Header-Content-Length, likewise
 * @error: %ASSAY_ERROR_BAD_ANSWER or %ASSAY_ERROR_TOO_LARGE, in a sentence
 *
 * Reads a response within the same bounds.  Numbers that are not finite come
 * as they are.  Any thread.
 *
 * Returns: (transfer full) (nullable): the response; its tensors share @body
 */
AssayOipMessage *
assay_oip_read_response (GBytes *body,
                         const char *json_length,
                         GError **error)
{
  Reader reader = { body, 0, TRUE };
  GError *fault = NULL;
  AssayOipMessage *self;

  g_return_val_if_fail (body != NULL, NULL);

  self = read_message (&reader, json_length, &fault);
  if (self == NULL)
    assay_oip_blame (error, fault);
  return self;
}

static void
append_tensor_parameters (GString *out,
                          const AssayOipTensor *tensor)
{
  if (tensor->content_type == NULL && !tensor->binary)
    return;
  assay_oip_append_name (out, "parameters");
  g_string_append_c (out, '{');
  if (tensor->content_type != NULL)
    assay_oip_append_text (out, "content_type", tensor->content_type);
  if (tensor->binary)
    {
      assay_oip_append_name (out, "binary_data_size");
      g_string_append_printf (out, "%" G_GSIZE_FORMAT, g_bytes_get_size (tensor->data));
    }
  g_string_append_c (out, '}');
}

static void
append_tensor (GString *out,
               const AssayOipTensor *tensor)
{
  assay_oip_append_name (out, NULL);
  g_string_append_c (out, '{');
  assay_oip_append_text (out, "name", tensor->name);
  assay_oip_append_text (out, "datatype", assay_oip_type_get_name (tensor->type));
  assay_oip_append_name (out, "shape");
  g_string_append_c (out, '[');
  for (guint i = 0; i < tensor->n_dims; i++)
    {
      assay_oip_append_name (out, NULL);
      g_string_append_printf (out, "%" G_GUINT64_FORMAT, tensor->shape[i]);
    }
  g_string_append_c (out, ']');
  append_tensor_parameters (out, tensor);
  if (!tensor->binary)
    {
      assay_oip_append_name (out, "data");
      assay_oip_append_data (out, tensor);
    }
  g_string_append_c (out, '}');
}

static void
append_tensors (GString *out,
                const AssayOipMessage *self,
                const char *name)
{
  assay_oip_append_name (out, name);
  g_string_append_c (out, '[');
  for (guint i = 0; i < self->tensors->len; i++)
    append_tensor (out, self->tensors->pdata[i]);
  g_string_append_c (out, ']');
}

static void
append_output (GString *out,
               const AssayOipOutput *output)
{
  assay_oip_append_name (out, NULL);
  g_string_append_c (out, '{');
  assay_oip_append_text (out, "name", output->name);
  assay_oip_append_name (out, "parameters");
  g_string_append_printf (out, "{\"binary_data\":%s", output->binary ? "true" : "false");
  if (output->classification > 0)
    g_string_append_printf (out, ",\"classification\":%u", output->classification);
  g_string_append (out, "}}");
}

static void
append_outputs (GString *out,
                const AssayOipMessage *self)
{
  if (self->binary_all)
    {
      assay_oip_append_name (out, "parameters");
      g_string_append (out, "{\"binary_data_output\":true}");
    }
  if (self->outputs->len == 0)
    return;
  assay_oip_append_name (out, "outputs");
  g_string_append_c (out, '[');
  for (guint i = 0; i < self->outputs->len; i++)
    append_output (out, self->outputs->pdata[i]);
  g_string_append_c (out, ']');
}

/* The JSON, and behind it what is binary. */
static GBytes *
finish (GString *out,
        const AssayOipMessage *self,
        gsize *json_length)
{
  gsize length = out->len;
  gboolean binary = FALSE;

  for (guint i = 0; i < self->tensors->len; i++)
    {
      const AssayOipTensor *tensor = self->tensors->pdata[i];
      gsize size;
      const char *data = g_bytes_get_data (tensor->data, &size);

      binary |= tensor->binary;
      if (tensor->binary && size > 0)
        g_string_append_len (out, data, size);
    }
  *json_length = binary ? length : 0;
  return g_string_free_to_bytes (out);
}

/**
 * assay_oip_write_request:
 * @self: a request
 * @json_length: (out): what Inference-Header-Content-Length has to say; 0 where
 *   the body is JSON alone and has no such header
 *
 * Returns: (transfer full): its body
 */
GBytes *
assay_oip_write_request (const AssayOipMessage *self,
                         gsize *json_length)
{
  GString *out = g_string_new ("{");

  g_return_val_if_fail (self != NULL && json_length != NULL, NULL);

  if (self->id != NULL)
    assay_oip_append_text (out, "id", self->id);
  append_tensors (out, self, "inputs");
  append_outputs (out, self);
  g_string_append_c (out, '}');
  return finish (out, self, json_length);
}

/**
 * assay_oip_write_response:
 * @self: a response
 * @json_length: (out): as of assay_oip_write_request()
 *
 * Returns: (transfer full): its body
 */
GBytes *
assay_oip_write_response (const AssayOipMessage *self,
                          gsize *json_length)
{
  GString *out = g_string_new ("{");

  g_return_val_if_fail (self != NULL && json_length != NULL, NULL);

  if (self->model_name != NULL)
    assay_oip_append_text (out, "model_name", self->model_name);
  if (self->model_version != NULL)
    assay_oip_append_text (out, "model_version", self->model_version);
  if (self->id != NULL)
    assay_oip_append_text (out, "id", self->id);
  append_tensors (out, self, "outputs");
  g_string_append_c (out, '}');
  return finish (out, self, json_length);
}
