/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-model-spec.h"
#include "assay-onnx.h"

static gboolean
refuse (GError **error,
        const char *member,
        const char *wanted)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
               "model.json: “%s” must be %s", member, wanted);
  return FALSE;
}

static gboolean
is_side (double value)
{
  return value >= 1 && value <= ASSAY_LIMIT_MODEL_SIDE && value == floor (value);
}

/* Stays as it is where the member is absent. */
static gboolean
read_side (JsonObject *input,
           const char *member,
           guint *side,
           GError **error)
{
  double value;

  if (!json_object_has_member (input, member))
    return TRUE;
  if (!assay_json_get_double (json_object_get_member (input, member), &value) || !is_side (value))
    return refuse (error, member, "a number of pixels");
  *side = (guint) value;
  return TRUE;
}

/* Position of a member's word in @words; @index stays where the member is absent. */
static gboolean
read_word (JsonObject *object,
           const char *member,
           const char *const *words,
           guint *index,
           GError **error)
{
  g_autofree char *wanted = NULL;
  const char *word;

  if (object == NULL || !json_object_has_member (object, member))
    return TRUE;
  word = assay_json_get_string (object, member);
  for (guint i = 0; words[i] != NULL; i++)
    if (g_strcmp0 (word, words[i]) == 0)
      {
        *index = i;
        return TRUE;
      }
  wanted = g_strjoinv (" or ", (char **) words);
  return refuse (error, member, wanted);
}

static gboolean
read_number (JsonNode *node,
             float *number)
{
  double value;

  if (node == NULL || !assay_json_get_double (node, &value) || !isfinite (value) ||
      fabs (value) > G_MAXFLOAT)
    return FALSE;
  *number = (float) value;
  return TRUE;
}

/* @n numbers, one for each channel. */
static gboolean
read_channels (JsonObject *input,
               const char *member,
               float values[3],
               guint n,
               gboolean may_be_zero,
               GError **error)
{
  JsonArray *array;

  if (!json_object_has_member (input, member))
    return TRUE;
  array = assay_json_get_array (input, member);
  if (array == NULL || json_array_get_length (array) != n)
    return refuse (error, member, n == 1 ? "an array of one number" : "three numbers");
  for (guint i = 0; i < n; i++)
    if (!read_number (json_array_get_element (array, i), &values[i]) ||
        (values[i] == 0 && !may_be_zero))
      return refuse (error, member, n == 1 ? "a number that can be used"
                                           : "three numbers that can be used");
  return TRUE;
}

static gboolean
read_pad (JsonObject *input,
          guint8 pad[3],
          GError **error)
{
  float levels[3] = { pad[0], pad[1], pad[2] };

  if (!read_channels (input, "pad", levels, 3, TRUE, error))
    return FALSE;
  for (guint i = 0; i < 3; i++)
    {
      if (levels[i] < 0 || levels[i] > 255 || levels[i] != floorf (levels[i]))
        return refuse (error, "pad", "three levels of 0 to 255");
      pad[i] = (guint8) levels[i];
    }
  return TRUE;
}

/* A number of pixels; or the word that was the one filter before there was “filter”. */
static gboolean
read_resize (JsonObject *input,
             AssayPreprocess *preprocess,
             GError **error)
{
  if (g_strcmp0 (assay_json_get_string (input, "resize"), "area") == 0)
    {
      if (json_object_has_member (input, "filter") && preprocess->filter != ASSAY_FILTER_AREA)
        return refuse (error, "filter", "area where “resize” is");
      preprocess->filter = ASSAY_FILTER_AREA;
      return TRUE;
    }
  if (!read_side (input, "resize", &preprocess->resize, NULL))
    return refuse (error, "resize", "area or a number of pixels");
  return TRUE;
}

/* Sides and words; size and channels among them, which a preset follows. */
static gboolean
read_frame (JsonObject *input,
            AssayPreprocess *preprocess,
            GError **error)
{
  static const char *const layouts[] = { "NCHW", "NHWC", NULL };
  static const char *const channels[] = { "RGB", "BGR", "GRAY", NULL };
  static const char *const crops[] = { "center", "fit", "stretch", "none", NULL };
  guint layout = preprocess->layout;
  guint order = preprocess->order;
  guint crop = preprocess->crop;
  guint filter = preprocess->filter;

  if (!read_side (input, "width", &preprocess->width, error) ||
      !read_side (input, "height", &preprocess->height, error) ||
      !read_word (input, "layout", layouts, &layout, error) ||
      !read_word (input, "channels", channels, &order, error) ||
      !read_word (input, "crop", crops, &crop, error) ||
      !read_word (input, "filter", assay_filter_names, &filter, error))
    return FALSE;
  preprocess->layout = layout;
  preprocess->order = order;
  /* “none” is how “stretch” was called. */
  preprocess->crop = MIN (crop, ASSAY_CROP_STRETCH);
  preprocess->filter = filter;
  return TRUE;
}

/* What the members say, over what is there. */
static gboolean
read_members (JsonObject *input,
              AssayPreprocess *preprocess,
              GError **error)
{
  guint n;

  if (!read_frame (input, preprocess, error) ||
      !read_resize (input, preprocess, error) ||
      !read_pad (input, preprocess->pad, error))
    return FALSE;
  if (json_object_has_member (input, "scale") &&
      !read_number (json_object_get_member (input, "scale"), &preprocess->scale))
    return refuse (error, "scale", "a number");
  n = assay_preprocess_get_channels (preprocess);
  return read_channels (input, "mean", preprocess->mean, n, TRUE, error) &&
         read_channels (input, "std", preprocess->deviation, n, FALSE, error);
}

static gboolean
read_text (JsonObject *input,
           AssayPreprocess *preprocess,
           GError **error)
{
  const char *text = assay_json_get_string (input, "preprocess");
  g_autoptr (GError) local = NULL;

  if (text == NULL)
    return refuse (error, "preprocess", "a text");
  if (assay_preprocess_parse (preprocess, text, &local))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED, "model.json: “preprocess”: %s",
               local->message);
  return FALSE;
}

static gboolean
read_input (AssayModelSpec *self,
            JsonObject *input,
            GError **error)
{
  AssayPreprocess *preprocess = &self->preprocess;

  assay_preprocess_init_default (preprocess, 0, 0);
  /* The frame is read before the text too, whose preset follows it. */
  if (json_object_has_member (input, "preprocess") &&
      (!read_frame (input, preprocess, error) || !read_text (input, preprocess, error)))
    return FALSE;
  if (!read_members (input, preprocess, error))
    return FALSE;
  if (preprocess->width == 0)
    return refuse (error, "width", "given");
  if (preprocess->height == 0)
    return refuse (error, "height", "given");
  return TRUE;
}

static gboolean
read_output (AssayModelSpec *self,
             JsonObject *output,
             GError **error)
{
  static const char *const activations[] = { "none", "softmax", NULL };
  guint activation = G_MAXUINT;

  if (!read_word (output, "activation", activations, &activation, error))
    return FALSE;
  if (activation != G_MAXUINT)
    self->activation = activation == 0 ? ASSAY_ACTIVATION_NONE : ASSAY_ACTIVATION_SOFTMAX;
  return TRUE;
}

/**
 * assay_model_spec_read:
 * @self: (out caller-allocates): cleared by the caller, also after an error
 * @json: (array length=length): the bytes of a model.json, in any state
 * @length: their number
 * @error: %ASSAY_ERROR_FAILED, naming the member
 *
 * Reads “input” {name, preprocess, width, height, layout, channels, crop, resize,
 * filter, pad, scale, mean, std} and “output” {name, activation}.  A width and a
 * height are needed, other members are left alone.  Nothing here is guessed away: a
 * wrong value would give wrong answers that look right.
 *
 * - preprocess: the text of assay_preprocess_parse(); the others go over it
 * - layout: NCHW or NHWC; channels: RGB, BGR or GRAY
 * - crop: center, fit, stretch (or none, as it was called)
 * - filter: area, box, bilinear, bicubic, lanczos, nearest
 * - resize: what the shorter side becomes before the center is cut out of it, in
 *   pixels (or area, for that filter)
 * - pad: red, green and blue around what fits, 0 to 255
 * - mean and std: a number for each channel
 *
 * Returns: whether it can be used
 */
gboolean
assay_model_spec_read (AssayModelSpec *self,
                       const char *json,
                       gsize length,
                       GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *input;
  JsonObject *output;

  g_return_val_if_fail (self != NULL, FALSE);

  *self = (AssayModelSpec) { 0 };
  root = assay_json_parse (json, length, error);
  if (root == NULL)
    {
      g_prefix_error (error, "model.json: ");
      return FALSE;
    }
  if (!JSON_NODE_HOLDS_OBJECT (root))
    return refuse (error, "input", "in an object");

  input = assay_json_get_object (json_node_get_object (root), "input");
  output = assay_json_get_object (json_node_get_object (root), "output");
  if (input == NULL)
    return refuse (error, "input", "an object");
  if (!read_input (self, input, error) || !read_output (self, output, error))
    return FALSE;

  self->input = g_strdup (assay_json_get_string (input, "name"));
  if (output != NULL)
    self->output = g_strdup (assay_json_get_string (output, "name"));
  return TRUE;
}

/* Whether one of the picture's dimensions, first or last, is @n channels. */
static gboolean
has_channels (const gint64 dims[4],
              gint64 n)
{
  return dims[1] == n || dims[3] == n;
}

/**
 * assay_model_spec_guess:
 * @self: (out caller-allocates): cleared by the caller, also after an error
 * @onnx: the bytes of an ONNX file
 * @error: %ASSAY_ERROR_FAILED when the input's sizes cannot be found
 *
 * What a network without a model.json most likely wants: the sizes of its
 * picture input, RGB in 0…1 (gray if it has one channel), center square.
 *
 * Returns: whether it can be used
 */
gboolean
assay_model_spec_guess (AssayModelSpec *self,
                        GBytes *onnx,
                        GError **error)
{
  gint64 dims[4];
  gint64 width;
  gint64 height;
  gsize length;
  const guint8 *data;
  gboolean channels_last;
  gint64 channels;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (onnx != NULL, FALSE);

  *self = (AssayModelSpec) { 0 };
  data = g_bytes_get_data (onnx, &length);
  if (assay_onnx_find_input (data, length, dims) &&
      (has_channels (dims, 3) || has_channels (dims, 1)))
    {
      channels = has_channels (dims, 3) ? 3 : 1;
      channels_last = dims[1] != channels;
      height = channels_last ? dims[1] : dims[2];
      width = channels_last ? dims[2] : dims[3];
      if (is_side (width) && is_side (height))
        {
          assay_preprocess_init_default (&self->preprocess, width, height);
          self->preprocess.layout = channels_last ? ASSAY_LAYOUT_NHWC : ASSAY_LAYOUT_NCHW;
          self->preprocess.order = channels == 3 ? ASSAY_ORDER_RGB : ASSAY_ORDER_GRAY;
          return TRUE;
        }
    }
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                       "the size of its pictures is not in model.onnx: say it in model.json");
  return FALSE;
}

void
assay_model_spec_clear (AssayModelSpec *self)
{
  g_clear_pointer (&self->input, g_free);
  g_clear_pointer (&self->output, g_free);
}

/**
 * assay_activation_guess:
 * @scores: (array length=n_scores): what came out for some picture
 * @n_scores: their number
 *
 * Returns: %ASSAY_ACTIVATION_NONE for values of 0…1 whose sum is 1,
 *   %ASSAY_ACTIVATION_SOFTMAX for all else
 */
AssayActivation
assay_activation_guess (const float *scores,
                        gsize n_scores)
{
  double sum = 0;

  g_return_val_if_fail (scores != NULL || n_scores == 0, ASSAY_ACTIVATION_UNKNOWN);

  for (gsize i = 0; i < n_scores; i++)
    {
      if (!(scores[i] >= 0 && scores[i] <= 1))
        return ASSAY_ACTIVATION_SOFTMAX;
      sum += scores[i];
    }
  return fabs (sum - 1) < 1e-3 ? ASSAY_ACTIVATION_NONE : ASSAY_ACTIVATION_SOFTMAX;
}

/**
 * assay_model_spec_write:
 * @self: how a network wants to be used
 * @out: gets a JSON object that assay_model_spec_read() takes
 */
void
assay_model_spec_write (const AssayModelSpec *self,
                        GString *out)
{
  g_autofree char *preprocess = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (out != NULL);

  preprocess = assay_preprocess_format (&self->preprocess);
  g_string_append (out, "{\"input\":{");
  if (self->input != NULL)
    assay_json_add_string (out, "name", self->input);
  assay_json_add_string (out, "preprocess", preprocess);
  g_string_append (out, "},\"output\":{");
  if (self->output != NULL)
    assay_json_add_string (out, "name", self->output);
  if (self->activation != ASSAY_ACTIVATION_UNKNOWN)
    assay_json_add_string (out, "activation",
                           self->activation == ASSAY_ACTIVATION_NONE ? "none" : "softmax");
  g_string_append (out, "}}");
}
