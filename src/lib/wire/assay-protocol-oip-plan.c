/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which of a model's inputs a picture goes to, and how; which outputs are wanted. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-base64.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-numbers.h"
#include "assay-protocol-oip-private.h"

/* Of a model that takes any number of pictures at once and doesn't say how many it likes. */
#define ANY_BATCH 16

/* The classes wanted of an output that doesn't say how many it has: a server gives those that
 * there are. */
#define ANY_CLASSES 1000

/* What an input of BYTES is called where nobody says it. */
#define ANY_INPUT "image"

void
assay_oip_plan_free (AssayOipPlan *self)
{
  g_free (self->input);
  g_free (self->content_type);
  g_free (self->output);
  g_free (self);
}

/* ---- the input ---- */

static gboolean
is_channels (gint64 size)
{
  return size == 1 || size == 3;
}

/* Of channels × height × width or height × width × channels, with or without pictures first. */
static gboolean
read_pixels (const AssayOipPort *port,
             AssayPixelNeed *need)
{
  const gint64 *last = port->shape + port->n_dims - 3;

  if (port->n_dims < 3 || port->n_dims > 4
      || (port->type != ASSAY_OIP_UINT8 && port->type != ASSAY_OIP_FP32))
    return FALSE;
  need->type = port->type == ASSAY_OIP_UINT8 ? ASSAY_PIXELS_UINT8 : ASSAY_PIXELS_FP32;
  need->channels_last = !is_channels (last[0]);
  if (need->channels_last && !is_channels (last[2]))
    return FALSE;
  need->channels = (guint) last[need->channels_last ? 2 : 0];
  need->height = (guint) CLAMP (last[need->channels_last ? 0 : 1], 0, G_MAXINT);
  need->width = (guint) CLAMP (last[need->channels_last ? 1 : 2], 0, G_MAXINT);
  return need->height <= ASSAY_LIMIT_MODEL_SIDE && need->width <= ASSAY_LIMIT_MODEL_SIDE;
}

static char *
dup_shape (const AssayOipPort *port)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < port->n_dims; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", port->shape[i]);
  g_string_append_c (text, ']');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
refuse_inputs (const AssayOipModel *model,
               GError **error)
{
  const AssayOipPort *port = model->inputs->pdata[0];
  g_autofree char *name = assay_display_name (model->name);
  g_autofree char *input = assay_display_name (port->name);
  g_autofree char *shape = dup_shape (port);

  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
               _("“%s” takes neither image files nor pixels in a form that Assay knows: its input "
                 "“%s” is %s of shape %s. Choose another model."),
               name, input, assay_oip_type_get_name (port->type), shape);
}

static const AssayOipPort *
find_port (GPtrArray *ports,
           const char *name)
{
  for (guint i = 0; i < ports->len; i++)
    if (strcmp (((const AssayOipPort *) ports->pdata[i])->name, name) == 0)
      return ports->pdata[i];
  return NULL;
}

/* A file before pixels: then there is one preprocessing only, the service's. */
static const AssayOipPort *
choose_port (GPtrArray *inputs,
             AssayPixelNeed *need)
{
  for (guint i = 0; i < inputs->len; i++)
    if (((const AssayOipPort *) inputs->pdata[i])->type == ASSAY_OIP_BYTES)
      return inputs->pdata[i];
  for (guint i = 0; i < inputs->len; i++)
    if (read_pixels (inputs->pdata[i], need))
      return inputs->pdata[i];
  return NULL;
}

/* A profile names the input itself, as "NAME" or "NAME:CONTENT-TYPE". */
static const AssayOipPort *
find_told (AssayOipPlan *self,
           const AssayProfile *profile,
           const AssayOipModel *model)
{
  g_auto (GStrv) told = g_strsplit (profile->body, ":", 2);
  const AssayOipPort *port = find_port (model->inputs, told[0]);

  if (told[1] != NULL)
    self->content_type = g_strdup (told[1]);
  if (port == NULL)
    self->input = g_strdup (told[0]);
  return port;
}

/* Pictures in one request; 0 when the model wants another number than it can have. */
static guint
find_batch (const AssayOipPort *port,
            gboolean has_batch,
            guint said)
{
  if (!has_batch || port->n_dims == 0)
    return 1;
  if (port->shape[0] < 0)
    return said > 0 ? said : ANY_BATCH;
  return port->shape[0] == 1 ? 1 : 0;
}

static gboolean
plan_input (AssayOipPlan *self,
            AssayModelInfo *info,
            const AssayProfile *profile,
            const AssayOipModel *model,
            guint said,
            GError **error)
{
  const AssayOipPort *port = profile->body != NULL ? find_told (self, profile, model)
                                                   : choose_port (model->inputs, &info->need);

  if (port == NULL && (model->inputs->len == 0 || self->input != NULL))
    {
      self->rank = 1;
      if (self->input == NULL)
        self->input = g_strdup (ANY_INPUT);
      return TRUE;
    }
  if (port == NULL
      || (port->type != ASSAY_OIP_BYTES && !read_pixels (port, &info->need)))
    {
      refuse_inputs (model, error);
      return FALSE;
    }
  info->takes_pixels = port->type != ASSAY_OIP_BYTES;
  self->input = g_strdup (port->name);
  if (self->content_type == NULL && !info->takes_pixels)
    self->content_type = g_strdup (port->content_type);
  self->rank = port->n_dims;
  info->max_batch = find_batch (port, info->takes_pixels ? port->n_dims == 4 : port->n_dims > 0,
                                said);
  if (info->max_batch > 0)
    return TRUE;
  refuse_inputs (model, error);
  return FALSE;
}

/* ---- the outputs ---- */

static gboolean
is_scores (const AssayOipPort *port)
{
  return port->type == ASSAY_OIP_FP32 || port->type == ASSAY_OIP_FP64
         || port->type == ASSAY_OIP_FP16;
}

/* Where labels are known, or the server adds them to the scores, the scores alone are
 * wanted; else all that there is, and what it is shows in the answer. */
static void
plan_outputs (AssayOipPlan *self,
              const AssayProfile *profile,
              const AssayOipModel *model,
              gboolean classifies)
{
  const AssayOipPort *scores = NULL;
  gboolean labels = profile->labels != NULL || model->labels != NULL;
  guint n_bytes = 0;

  for (guint i = 0; i < model->outputs->len; i++)
    {
      const AssayOipPort *port = model->outputs->pdata[i];

      if (is_scores (port) && scores == NULL)
        scores = port;
      n_bytes += port->type == ASSAY_OIP_BYTES;
    }
  if (scores == NULL || (!labels && n_bytes > 0) || (!labels && !classifies))
    return;
  self->output = g_strdup (scores->name);
  if (!labels && scores->n_dims > 0)
    {
      gint64 last = scores->shape[scores->n_dims - 1];

      self->classes = last > 0 ? (guint) MIN (last, ASSAY_LIMIT_LABELS) : ANY_CLASSES;
    }
}

static gboolean
has_extension (const AssayOipServer *server,
               const char *name)
{
  return server != NULL && server->extensions != NULL
         && g_strv_contains ((const char *const *) server->extensions, name);
}

/**
 * assay_oip_plan:
 * @model: what it says of itself
 * @server: (nullable): what its server says
 * @max_batch: how many pictures it takes at once, as its configuration says; 0 for unknown
 * @error: %ASSAY_ERROR_UNSUPPORTED when no picture can be made into what it takes
 *
 * Returns: (transfer full) (nullable): how it is asked, with an #AssayOipPlan of its own
 */
AssayModelInfo *
assay_oip_plan (const AssayProfile *profile,
                const AssayOipModel *model,
                const AssayOipServer *server,
                guint max_batch,
                GError **error)
{
  AssayOipPlan *self = g_new0 (AssayOipPlan, 1);
  g_autoptr (AssayModelInfo) info =
    assay_model_info_new (self, (GDestroyNotify) assay_oip_plan_free);

  if (!plan_input (self, info, profile, model,
                   max_batch > 0 ? max_batch : model->max_batch_size, error))
    return NULL;
  self->binary = has_extension (server, "binary_tensor_data")
                 || has_extension (server, "binary_data");
  info->labels = g_strdupv (model->labels);
  plan_outputs (self, profile, model, has_extension (server, "classification"));
  return g_steal_pointer (&info);
}

/* ---- the body ---- */

static void
append_text (AssayBody *body,
             GString *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);

  assay_body_append_bytes (body, bytes);
  g_string_truncate (text, 0);
}

/* What is sent of each picture; pixels say their size as soon as it is known. */
static GPtrArray *
make_values (const AssayQuery *query,
             AssayPixelNeed *need,
             GError **error)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_payload_unref);

  for (guint i = 0; i < query->n_payloads; i++)
    {
      AssayPayload *value;

      if (!query->info->takes_pixels)
        value = assay_payload_ref (query->payloads[i]);
      else
        value = query->pixels (query->payloads[i], need, query->profile->preprocess, error);
      if (value == NULL)
        return NULL;
      g_ptr_array_add (values, value);
    }
  return g_steal_pointer (&values);
}

static void
add_shape (GString *out,
           const AssayQuery *query,
           const AssayPixelNeed *need)
{
  const AssayOipPlan *self = query->info->own;

  if (!query->info->takes_pixels)
    {
      g_string_append_printf (out, self->rank >= 2 ? "[%u,1]" : "[%u]", query->n_payloads);
      return;
    }
  g_string_append_c (out, '[');
  if (self->rank == 4)
    g_string_append_printf (out, "%u,", query->n_payloads);
  if (need->channels_last)
    g_string_append_printf (out, "%u,%u,%u]", need->height, need->width, need->channels);
  else
    g_string_append_printf (out, "%u,%u,%u]", need->channels, need->height, need->width);
}

/* Everything before the values of the one input. */
static GString *
begin_json (const AssayQuery *query,
            const AssayPixelNeed *need)
{
  const AssayOipPlan *self = query->info->own;
  GString *out = g_string_new ("{\"inputs\":[{");
  const char *type = "BYTES";

  if (query->info->takes_pixels)
    type = need->type == ASSAY_PIXELS_UINT8 ? "UINT8" : "FP32";
  assay_json_add_string (out, "name", self->input);
  assay_json_append_name (out, "shape");
  add_shape (out, query, need);
  assay_json_add_string (out, "datatype", type);
  return out;
}

/* Everything behind them. */
static void
end_json (GString *out,
          const AssayOipPlan *self)
{
  g_string_append (out, "}]");
  if (self->output != NULL)
    {
      assay_json_append_name (out, "outputs");
      g_string_append (out, "[{");
      assay_json_add_string (out, "name", self->output);
      if (self->binary || self->classes > 0)
        {
          assay_json_append_name (out, "parameters");
          g_string_append_c (out, '{');
          if (self->classes > 0)
            assay_json_add_whole (out, "classification", self->classes);
          if (self->binary)
            {
              assay_json_append_name (out, "binary_data");
              g_string_append (out, "false");
            }
          g_string_append_c (out, '}');
        }
      g_string_append (out, "}]");
    }
  g_string_append_c (out, '}');
}

static guint64
count_bytes (GPtrArray *values,
             gboolean pixels)
{
  guint64 sum = 0;

  for (guint i = 0; i < values->len; i++)
    sum += assay_payload_get_length (values->pdata[i]) + (pixels ? 0 : sizeof (guint32));
  return sum;
}

/* Values behind the JSON: of BYTES each with its length before it. */
static AssayBody *
make_binary (const AssayQuery *query,
             GPtrArray *values,
             GString *json,
             gsize *json_length)
{
  g_autoptr (AssayBody) body = assay_body_new ("application/octet-stream");
  gboolean pixels = query->info->takes_pixels;

  assay_json_append_name (json, "parameters");
  g_string_append_c (json, '{');
  assay_json_add_whole (json, "binary_data_size", (gint64) count_bytes (values, pixels));
  g_string_append_c (json, '}');
  end_json (json, query->info->own);
  *json_length = json->len;
  append_text (body, json);
  for (guint i = 0; i < values->len; i++)
    {
      guint32 length = GUINT32_TO_LE ((guint32) assay_payload_get_length (values->pdata[i]));
      g_autoptr (GBytes) prefix = g_bytes_new (&length, sizeof length);

      if (!pixels)
        assay_body_append_bytes (body, prefix);
      assay_body_append_payload (body, values->pdata[i]);
    }
  return g_steal_pointer (&body);
}

/* Values within it: numbers, or files as base64. */
static AssayBody *
make_json (const AssayQuery *query,
           GPtrArray *values,
           const AssayPixelNeed *need,
           GString *json)
{
  const AssayOipPlan *self = query->info->own;
  g_autoptr (AssayBody) body = assay_body_new ("application/json");
  gboolean pixels = query->info->takes_pixels;

  if (!pixels)
    {
      assay_json_append_name (json, "parameters");
      g_string_append_c (json, '{');
      assay_json_add_string (json, "content_type",
                             self->content_type != NULL ? self->content_type : "base64");
      g_string_append_c (json, '}');
    }
  assay_json_append_name (json, "data");
  g_string_append (json, pixels ? "[" : "[\"");
  for (guint i = 0; i < values->len; i++)
    {
      g_autoptr (AssayPayload) text = pixels ? assay_numbers_payload (values->pdata[i], need->type)
                                             : assay_base64_payload (values->pdata[i]);

      if (i > 0)
        g_string_append (json, pixels ? "," : "\",\"");
      append_text (body, json);
      assay_body_append_payload (body, text);
    }
  g_string_append (json, pixels ? "]" : "\"]");
  end_json (json, self);
  append_text (body, json);
  return g_steal_pointer (&body);
}

/**
 * assay_oip_plan_body:
 * @query: about pictures of a model whose info assay_oip_plan() made
 * @json_length: (out): what Inference-Header-Content-Length says; 0 where there is none
 * @error: as the query's maker of pixels says
 *
 * Returns: (transfer full) (nullable): the body of a request for inference
 */
AssayBody *
assay_oip_plan_body (const AssayQuery *query,
                     gsize *json_length,
                     GError **error)
{
  const AssayOipPlan *self = query->info->own;
  AssayPixelNeed need = query->info->need;
  g_autoptr (GPtrArray) values = NULL;
  g_autoptr (GString) json = NULL;

  *json_length = 0;
  values = make_values (query, &need, error);
  if (values == NULL)
    return NULL;
  json = begin_json (query, &need);
  return self->binary ? make_binary (query, values, json, json_length)
                      : make_json (query, values, &need, json);
}
