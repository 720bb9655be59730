/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What an inference of the Open Inference Protocol is for a classifier:
 *
 *   inputs, one of     image          BYTES [n]            files of pictures
 *                      tensor         FP32  [n, model's]   what the network takes
 *                      pixels         UINT8 [n, model's]   levels before scale, mean, deviation
 *   outputs            probabilities  FP32  [n, labels]
 *                      labels         BYTES [n, labels]    whose they are
 *
 * where the model's own shape is 3 × height × width, or height × width × 3.  A
 * picture in JSON is base64.  With Triton's classification extension,
 * “probabilities” becomes BYTES [n, k] of "score:index:label", the highest
 * first, the first of equals first.  All of this runs on a worker thread. */

#include "config.h"

#include <libsoup/soup.h>
#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-serve-oip-work.h"

typedef enum { INPUT_IMAGE, INPUT_TENSOR, INPUT_PIXELS } Input;

static const struct {
  const char *name;
  AssayOipType type;
} inputs[] = {
  [INPUT_IMAGE] = { "image", ASSAY_OIP_BYTES },
  [INPUT_TENSOR] = { "tensor", ASSAY_OIP_FP32 },
  [INPUT_PIXELS] = { "pixels", ASSAY_OIP_UINT8 },
};

/* An inference under way. */
typedef struct {
  AssayOipJob *job;
  AssayServable *servable;
  AssayOipMessage *request;
  const AssayOipTensor *given;  /* the one input */
  Input input;
  guint n;                      /* pictures */
  guint n_labels;
  float *scores;                /* n × n_labels */
} Infer;

AssayOipJob *
assay_oip_job_new (const char *model,
                   GBytes *body,
                   const char *json_length)
{
  AssayOipJob *self = g_new0 (AssayOipJob, 1);

  self->model = g_strdup (model);
  self->body = g_bytes_ref (body);
  self->json_length = g_strdup (json_length);
  return self;
}

void
assay_oip_job_free (AssayOipJob *self)
{
  g_free (self->model);
  g_bytes_unref (self->body);
  g_free (self->json_length);
  g_clear_pointer (&self->answer, g_bytes_unref);
  g_free (self->message);
  g_free (self);
}

static gboolean refuse (Infer *self, guint status, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (Infer *self,
        guint status,
        const char *format,
        ...)
{
  va_list args;

  va_start (args, format);
  self->job->status = status;
  self->job->message = g_strdup_vprintf (format, args);
  va_end (args);
  return FALSE;
}

/* The shape of one picture in the network's input. */
static void
get_picture_shape (const AssayServable *servable,
                   guint64 shape[3])
{
  guint sides[3];

  assay_preprocess_get_shape (assay_servable_get_preprocess (servable), sides);
  for (guint i = 0; i < 3; i++)
    shape[i] = sides[i];
}

static gboolean
read_request (Infer *self)
{
  g_autoptr (GError) error = NULL;

  self->request = assay_oip_read_request (self->job->body, self->job->json_length, &error);
  if (self->request != NULL)
    return TRUE;
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE))
    return refuse (self, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                   "Invalid request: The JSON part has more than %u MB; send tensors as binary data",
                   ASSAY_LIMIT_ANSWER_BYTES / 1024 / 1024);
  return refuse (self, SOUP_STATUS_BAD_REQUEST, "Invalid request: %s", error->message);
}

static gboolean
find_input (Infer *self)
{
  GPtrArray *tensors = self->request->tensors;

  if (tensors->len != 1)
    return refuse (self, SOUP_STATUS_BAD_REQUEST,
                   "Invalid request: There must be one input: image, tensor or pixels");
  self->given = tensors->pdata[0];
  if (self->request->raw)
    {
      self->input = INPUT_IMAGE;
      return TRUE;
    }
  for (self->input = 0; self->input < G_N_ELEMENTS (inputs); self->input++)
    if (strcmp (self->given->name, inputs[self->input].name) == 0)
      break;
  if (self->input == G_N_ELEMENTS (inputs))
    return refuse (self, SOUP_STATUS_BAD_REQUEST,
                   "Invalid request: The input must be image, tensor or pixels");
  if (self->given->type != inputs[self->input].type)
    return refuse (self, SOUP_STATUS_BAD_REQUEST,
                   "Invalid request: The datatype of %s is %s, not %s", self->given->name,
                   assay_oip_type_get_name (inputs[self->input].type),
                   assay_oip_type_get_name (self->given->type));
  return TRUE;
}

/* Pictures may stand in a column too, as behind Triton's batches: [n, 1]. */
static gboolean
has_shape (const Infer *self)
{
  const AssayOipTensor *given = self->given;
  guint64 wanted[3];

  if (self->input == INPUT_IMAGE)
    return given->n_dims == 1 || (given->n_dims == 2 && given->shape[1] == 1);
  get_picture_shape (self->servable, wanted);
  return given->n_dims == 4 && memcmp (given->shape + 1, wanted, sizeof wanted) == 0;
}

static gboolean
check_shape (Infer *self)
{
  guint64 wanted[3];
  guint64 n;

  if (!has_shape (self))
    {
      get_picture_shape (self->servable, wanted);
      if (self->input == INPUT_IMAGE)
        return refuse (self, SOUP_STATUS_BAD_REQUEST,
                       "Invalid request: The shape of image is [n]");
      return refuse (self, SOUP_STATUS_BAD_REQUEST,
                     "Invalid request: The shape of %s is [n, %u, %u, %u]", self->given->name,
                     (guint) wanted[0], (guint) wanted[1], (guint) wanted[2]);
    }
  n = self->given->shape[0];
  if (n == 0 || n > ASSAY_LIMIT_REQUEST_FILES || n * self->n_labels > ASSAY_LIMIT_REQUEST_SCORES)
    return refuse (self, SOUP_STATUS_BAD_REQUEST,
                   "Invalid request: A batch of this model has 1 to %u pictures",
                   MIN (ASSAY_LIMIT_REQUEST_FILES, ASSAY_LIMIT_REQUEST_SCORES / self->n_labels));
  self->n = n;
  return TRUE;
}

static gboolean
check_outputs (Infer *self)
{
  for (guint i = 0; i < self->request->outputs->len; i++)
    {
      const AssayOipOutput *output = self->request->outputs->pdata[i];
      gboolean scores = strcmp (output->name, "probabilities") == 0;

      if (!scores && strcmp (output->name, "labels") != 0)
        return refuse (self, SOUP_STATUS_BAD_REQUEST,
                       "Invalid request: The outputs are probabilities and labels");
      if (!scores && output->classification > 0)
        return refuse (self, SOUP_STATUS_BAD_REQUEST,
                       "Invalid request: Only probabilities can be classified");
    }
  return TRUE;
}

/* Whose fault it is decides the status; a picture's place in the batch is said. */
static gboolean
refuse_picture (Infer *self,
                guint index,
                const GError *error)
{
  switch (error->code)
    {
    case ASSAY_ERROR_NOT_AN_IMAGE:
    case ASSAY_ERROR_UNSUPPORTED:
      return refuse (self, SOUP_STATUS_BAD_REQUEST, "Invalid request: image[%u] is no picture "
                     "of a kind that is taken (JPEG, PNG, GIF, BMP, TIFF)", index);
    case ASSAY_ERROR_DAMAGED:
    case ASSAY_ERROR_TOO_LARGE:
      return refuse (self, SOUP_STATUS_BAD_REQUEST, "Invalid request: image[%u]: %s", index,
                     error->message);
    default:
      g_message ("a picture could not be classified: %s", error->message);
      return refuse (self, SOUP_STATUS_INTERNAL_SERVER_ERROR, "Internal error: The model failed");
    }
}

static void
keep_scores (Infer *self,
             guint index,
             const float *scores)
{
  memcpy (self->scores + (gsize) index * self->n_labels, scores, self->n_labels * sizeof *scores);
}

static gboolean
score_pictures (Infer *self,
                GCancellable *cancellable)
{
  g_autoptr (GPtrArray) pictures = assay_oip_tensor_dup_elements (self->given);

  for (guint i = 0; i < self->n && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (GBytes) picture = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree float *scores = NULL;

      if (self->given->binary)
        picture = g_bytes_ref (pictures->pdata[i]);
      else
        picture = assay_oip_decode_base64 (pictures->pdata[i]);
      if (picture == NULL)
        return refuse (self, SOUP_STATUS_BAD_REQUEST,
                       "Invalid request: image[%u] is not base64", i);
      scores = assay_servable_score_picture (self->servable, picture, &error);
      if (scores == NULL)
        return refuse_picture (self, i, error);
      keep_scores (self, i, scores);
    }
  return TRUE;
}

static gboolean
read_floats (Infer *self,
             const guint8 *data,
             float *tensor,
             gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;

      memcpy (&bits, data + i * sizeof bits, sizeof bits);
      bits = GUINT32_FROM_LE (bits);
      memcpy (tensor + i, &bits, sizeof bits);
      if (!isfinite (tensor[i]))
        return refuse (self, SOUP_STATUS_BAD_REQUEST,
                       "Invalid request: tensor holds a number that is not finite");
    }
  return TRUE;
}

static gboolean
score_tensors (Infer *self,
               GCancellable *cancellable)
{
  const AssayPreprocess *preprocess = assay_servable_get_preprocess (self->servable);
  gsize n = assay_preprocess_get_length (preprocess);
  g_autofree float *tensor = g_new (float, n);
  const guint8 *data = g_bytes_get_data (self->given->data, NULL);
  gsize step = n * assay_oip_type_get_size (self->given->type);

  for (guint i = 0; i < self->n && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree float *scores = NULL;

      /* Cut, resized, and in the network's order already. */
      if (self->input == INPUT_PIXELS)
        assay_preprocess_scale (preprocess, data + i * step, tensor);
      else if (!read_floats (self, data + i * step, tensor, n))
        return FALSE;
      scores = assay_servable_score_tensor (self->servable, tensor, &error);
      if (scores == NULL)
        return refuse_picture (self, i, error);
      keep_scores (self, i, scores);
    }
  return TRUE;
}

static AssayOipTensor *
make_probabilities (const Infer *self)
{
  const guint64 shape[] = { self->n, self->n_labels };
  gsize n = (gsize) self->n * self->n_labels;
  g_autofree guint32 *bits = g_new (guint32, n);
  g_autoptr (GBytes) bytes = NULL;

  memcpy (bits, self->scores, n * sizeof *bits);
  for (gsize i = 0; i < n; i++)
    bits[i] = GUINT32_TO_LE (bits[i]);
  bytes = g_bytes_new (bits, n * sizeof *bits);
  return assay_oip_tensor_new ("probabilities", ASSAY_OIP_FP32, shape, 2, bytes);
}

static AssayOipTensor *
make_labels (const Infer *self)
{
  const char *const *labels = assay_servable_get_labels (self->servable);
  const guint64 shape[] = { self->n, self->n_labels };
  g_autoptr (GPtrArray) elements = NULL;

  elements = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < self->n; i++)
    for (guint k = 0; k < self->n_labels; k++)
      g_ptr_array_add (elements, g_bytes_new (labels[k], strlen (labels[k])));
  return assay_oip_tensor_new_elements ("labels", shape, 2, elements);
}

static int
compare_ranks (gconstpointer a,
               gconstpointer b,
               gpointer data)
{
  const float *scores = data;
  guint i = *(const guint *) a;
  guint k = *(const guint *) b;

  if (scores[i] != scores[k])
    return scores[i] > scores[k] ? -1 : 1;
  return i < k ? -1 : i > k;
}

static void
add_ranks (const Infer *self,
           guint index,
           guint n,
           GPtrArray *elements)
{
  const char *const *labels = assay_servable_get_labels (self->servable);
  float *scores = self->scores + (gsize) index * self->n_labels;
  g_autofree guint *ranks = g_new (guint, self->n_labels);

  for (guint i = 0; i < self->n_labels; i++)
    ranks[i] = i;
  g_qsort_with_data (ranks, self->n_labels, sizeof *ranks, compare_ranks, scores);
  for (guint i = 0; i < n; i++)
    {
      GString *text = g_string_new (NULL);

      assay_json_append_double (text, scores[ranks[i]]);
      g_string_append_printf (text, ":%u:%s", ranks[i], labels[ranks[i]]);
      g_ptr_array_add (elements, g_string_free_to_bytes (text));
    }
}

static AssayOipTensor *
make_classification (const Infer *self,
                     guint n)
{
  const guint64 shape[] = { self->n, MIN (n, self->n_labels) };
  g_autoptr (GPtrArray) elements = NULL;

  elements = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < self->n; i++)
    add_ranks (self, i, shape[1], elements);
  return assay_oip_tensor_new_elements ("probabilities", shape, 2, elements);
}

static void
add_output (Infer *self,
            AssayOipMessage *response,
            const AssayOipOutput *output)
{
  AssayOipTensor *tensor;

  if (strcmp (output->name, "labels") == 0)
    tensor = make_labels (self);
  else if (output->classification > 0)
    tensor = make_classification (self, output->classification);
  else
    tensor = make_probabilities (self);
  tensor->binary = output->binary;
  g_ptr_array_add (response->tensors, tensor);
}

/* Whoever names no outputs wants all of them. */
static void
answer (Infer *self)
{
  g_autoptr (AssayOipMessage) response = assay_oip_message_new ();
  GPtrArray *outputs = self->request->outputs;

  if (outputs->len == 0)
    {
      assay_oip_message_add_output (self->request, "probabilities")->binary =
        self->request->binary_all;
      assay_oip_message_add_output (self->request, "labels")->binary = self->request->binary_all;
    }
  response->id = g_strdup (self->request->id);
  response->model_name = g_strdup (self->job->model);
  response->model_version = g_strdup (assay_servable_get_version (self->servable));
  for (guint i = 0; i < outputs->len; i++)
    add_output (self, response, outputs->pdata[i]);
  self->job->answer = assay_oip_write_response (response, &self->job->answer_json);
}

/**
 * assay_oip_job_run:
 * @servable: whom to ask
 * @job: an #AssayOipJob
 * @cancellable: (nullable): stops between two pictures
 *
 * Reads the request, asks the model about each of its pictures and writes the
 * response.  Blocks; any thread.
 */
void
assay_oip_job_run (AssayServable *servable,
                   gpointer job,
                   GCancellable *cancellable)
{
  Infer self = { .job = job, .servable = servable };
  gboolean done;

  self.n_labels = assay_servable_get_n_labels (servable);
  if (read_request (&self) && find_input (&self) && check_shape (&self) && check_outputs (&self))
    {
      self.scores = g_new0 (float, (gsize) self.n * self.n_labels);
      done = self.input == INPUT_IMAGE ? score_pictures (&self, cancellable)
                                       : score_tensors (&self, cancellable);
      if (done && !g_cancellable_is_cancelled (cancellable))
        answer (&self);
    }
  g_free (self.scores);
  assay_oip_message_free (self.request);
}

/**
 * assay_oip_describe:
 * @servable: a version
 * @model: its model's name
 *
 * Returns: (transfer full): its metadata, but for the versions
 */
AssayOipModel *
assay_oip_describe (AssayServable *servable,
                        const char *model)
{
  AssayOipModel *self = assay_oip_model_new (model);
  guint n_labels = assay_servable_get_n_labels (servable);
  const gint64 images[] = { -1 };
  const gint64 scores[] = { -1, n_labels };
  gint64 tensor[4] = { -1 };
  guint64 picture[3];

  get_picture_shape (servable, picture);
  for (guint i = 0; i < G_N_ELEMENTS (picture); i++)
    tensor[i + 1] = picture[i];
  g_free (self->platform);
  self->platform = g_strdup ("onnx_opencv");
  assay_oip_model_add_port (self->inputs, "image", ASSAY_OIP_BYTES, images, 1);
  assay_oip_model_add_port (self->inputs, "tensor", ASSAY_OIP_FP32, tensor, 4);
  assay_oip_model_add_port (self->inputs, "pixels", ASSAY_OIP_UINT8, tensor, 4);
  assay_oip_model_add_port (self->outputs, "probabilities", ASSAY_OIP_FP32, scores, 2);
  assay_oip_model_add_port (self->outputs, "labels", ASSAY_OIP_BYTES, scores, 2);
  self->labels = g_strdupv ((char **) assay_servable_get_labels (servable));
  self->max_batch_size = MIN (ASSAY_LIMIT_REQUEST_FILES, ASSAY_LIMIT_REQUEST_SCORES / n_labels);
  return self;
}
