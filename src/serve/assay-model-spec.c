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

static gboolean
read_side (JsonObject *input,
           const char *member,
           guint *side,
           GError **error)
{
  double value;

  if (!json_object_has_member (input, member))
    return refuse (error, member, "given");
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

static gboolean
read_channels (JsonObject *input,
               const char *member,
               float values[3],
               gboolean may_be_zero,
               GError **error)
{
  JsonArray *array;

  if (!json_object_has_member (input, member))
    return TRUE;
  array = assay_json_get_array (input, member);
  if (array == NULL || json_array_get_length (array) != 3)
    return refuse (error, member, "three numbers");
  for (guint i = 0; i < 3; i++)
    if (!read_number (json_array_get_element (array, i), &values[i]) ||
        (values[i] == 0 && !may_be_zero))
      return refuse (error, member, "three numbers that can be used");
  return TRUE;
}

static gboolean
read_input (AssayModelSpec *self,
            JsonObject *input,
            GError **error)
{
  static const char *const layouts[] = { "NCHW", "NHWC", NULL };
  static const char *const channels[] = { "RGB", "BGR", NULL };
  static const char *const crops[] = { "center", "none", NULL };
  static const char *const resizes[] = { "area", NULL };
  AssayPreprocess *preprocess = &self->preprocess;
  guint width = 0;
  guint height = 0;
  guint layout = 0;
  guint bgr = 0;
  guint crop = 0;
  guint resize = 0;

  if (!read_side (input, "width", &width, error) ||
      !read_side (input, "height", &height, error) ||
      !read_word (input, "layout", layouts, &layout, error) ||
      !read_word (input, "channels", channels, &bgr, error) ||
      !read_word (input, "crop", crops, &crop, error) ||
      !read_word (input, "resize", resizes, &resize, error))
    return FALSE;

  assay_preprocess_init_default (preprocess, width, height);
  preprocess->layout = layout == 0 ? ASSAY_LAYOUT_NCHW : ASSAY_LAYOUT_NHWC;
  preprocess->order = bgr == 1 ? ASSAY_ORDER_BGR : ASSAY_ORDER_RGB;
  preprocess->crop = crop == 0 ? ASSAY_CROP_CENTER : ASSAY_CROP_STRETCH;

  if (json_object_has_member (input, "scale") &&
      !read_number (json_object_get_member (input, "scale"), &preprocess->scale))
    return refuse (error, "scale", "a number");
  return read_channels (input, "mean", preprocess->mean, TRUE, error) &&
         read_channels (input, "std", preprocess->deviation, FALSE, error);
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
 * Reads “input” {name, width, height, layout, channels, crop, resize, scale,
 * mean, std} and “output” {name, activation}; width and height are needed,
 * other members are left alone.  Nothing here is guessed away: a wrong value
 * would give wrong answers that look right.
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

/**
 * assay_model_spec_guess:
 * @self: (out caller-allocates): cleared by the caller, also after an error
 * @onnx: the bytes of an ONNX file
 * @error: %ASSAY_ERROR_FAILED when the input's sizes cannot be found
 *
 * What a network without a model.json most likely wants: the sizes of its
 * picture input, RGB in 0…1, center square.
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

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (onnx != NULL, FALSE);

  *self = (AssayModelSpec) { 0 };
  data = g_bytes_get_data (onnx, &length);
  if (assay_onnx_find_input (data, length, dims) && (dims[1] == 3 || dims[3] == 3))
    {
      channels_last = dims[1] != 3;
      height = channels_last ? dims[1] : dims[2];
      width = channels_last ? dims[2] : dims[3];
      if (is_side (width) && is_side (height))
        {
          assay_preprocess_init_default (&self->preprocess, width, height);
          self->preprocess.layout = channels_last ? ASSAY_LAYOUT_NHWC : ASSAY_LAYOUT_NCHW;
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
