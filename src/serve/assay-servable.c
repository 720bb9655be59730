/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-model-spec.h"
#include "assay-model.h"
#include "assay-probe.h"
#include "assay-servable.h"
#include "assay-thumbnail.h"

struct _AssayServable {
  gatomicrefcount ref_count;
  char *version;      /* name of its folder */
  GBytes *onnx;
  AssayModelSpec spec;
  char **labels;
  guint n_labels;
  GAsyncQueue *nets;  /* (element-type AssayModel) */
};

static void
assay_servable_free (AssayServable *self)
{
  g_free (self->version);
  g_clear_pointer (&self->onnx, g_bytes_unref);
  assay_model_spec_clear (&self->spec);
  g_clear_pointer (&self->labels, g_strfreev);
  g_clear_pointer (&self->nets, g_async_queue_unref);
  g_free (self);
}

/* The file as it is now, whole, or an error that names it without its path. */
static GBytes *
read_file (const char *folder,
           const char *name,
           gsize limit,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GError) local = NULL;
  GBytes *bytes = NULL;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                            G_FILE_QUERY_INFO_NONE, cancellable, &local);
  if (info != NULL && g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    g_set_error_literal (&local, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "not a file");
  else if (info != NULL && g_file_info_get_size (info) > (goffset) limit)
    g_set_error (&local, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 "larger than %" G_GSIZE_FORMAT " bytes", limit);
  else if (info != NULL)
    bytes = g_file_load_bytes (file, cancellable, NULL, &local);

  if (bytes != NULL)
    return bytes;
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "%s is missing", name);
  else if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE) ||
           g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, "%s is %s", name, local->message);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, "%s cannot be read", name);
  return NULL;
}

static gboolean
read_spec (AssayServable *self,
           const char *folder,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) json = NULL;
  const char *data;
  gsize length;

  json = read_file (folder, "model.json", ASSAY_LIMIT_MODEL_TEXT_BYTES, cancellable, &local);
  if (json == NULL)
    {
      if (g_error_matches (local, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
        return assay_model_spec_guess (&self->spec, self->onnx, error);
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  data = g_bytes_get_data (json, &length);
  return assay_model_spec_read (&self->spec, data != NULL ? data : "", length, error);
}

static gboolean
check_label (const char *label,
             GHashTable *seen,
             GError **error)
{
  if (strlen (label) > ASSAY_LIMIT_LABEL_BYTES)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                 "labels.txt: a label has more than %d bytes", ASSAY_LIMIT_LABEL_BYTES);
  else if (!g_hash_table_add (seen, (gpointer) label))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED, "labels.txt: a label comes twice");
  else
    return TRUE;
  return FALSE;
}

/* A line a label; the lines' order is the scores' order. */
static gboolean
read_labels (AssayServable *self,
             const char *folder,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *text = NULL;
  gsize length;
  const char *data;

  bytes = read_file (folder, "labels.txt", ASSAY_LIMIT_MODEL_TEXT_BYTES, cancellable, error);
  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  if (length == 0 || !g_utf8_validate_len (data, length, NULL))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED, "labels.txt is not UTF-8 text");
      return FALSE;
    }

  text = g_strchomp (g_strndup (data, length));
  self->labels = g_strsplit (text, "\n", -1);
  self->n_labels = g_strv_length (self->labels);
  if (self->n_labels == 0 || self->n_labels > ASSAY_LIMIT_LABELS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                   "labels.txt must have 1 to %d lines", ASSAY_LIMIT_LABELS);
      return FALSE;
    }
  for (guint i = 0; i < self->n_labels; i++)
    if (!check_label (g_strchomp (self->labels[i]), seen, error))
      return FALSE;
  return TRUE;
}

static AssayModel *
make_net (AssayServable *self,
          GError **error)
{
  AssayModel *net = assay_model_new (self->onnx, error);

  if (net == NULL)
    g_prefix_error (error, "model.onnx: ");
  return net;
}

/* One forward pass.  @tensor is not changed, but OpenCV wants to write. */
static float *
run_net (AssayServable *self,
         AssayModel *net,
         float *tensor,
         gsize *n_scores,
         GError **error)
{
  guint picture[3];
  int shape[4];

  assay_preprocess_get_shape (&self->spec.preprocess, picture);
  shape[0] = 1;
  for (guint i = 0; i < 3; i++)
    shape[i + 1] = picture[i];
  return assay_model_run (net, self->spec.input, self->spec.output, shape, tensor, n_scores,
                          error);
}

/* A network that loads may still not fit its labels or its model.json: better
 * to know before the first picture than to fail with each. */
static gboolean
try_net (AssayServable *self,
         AssayModel *net,
         GError **error)
{
  g_autofree float *tensor = g_new0 (float, assay_preprocess_get_length (&self->spec.preprocess));
  g_autofree float *scores = NULL;
  gsize n_scores;

  scores = run_net (self, net, tensor, &n_scores, error);
  if (scores == NULL)
    {
      g_prefix_error (error, "model.onnx: ");
      return FALSE;
    }
  if (n_scores != self->n_labels)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                   "model.onnx gives %" G_GSIZE_FORMAT " scores, but labels.txt has %u lines",
                   n_scores, self->n_labels);
      return FALSE;
    }
  if (self->spec.activation == ASSAY_ACTIVATION_UNKNOWN)
    self->spec.activation = assay_activation_guess (scores, n_scores);
  return TRUE;
}

/**
 * assay_servable_load:
 * @folder: path of a version: model.onnx, labels.txt and perhaps model.json
 * @cancellable: (nullable): stops between the steps
 * @error: why it cannot be served, in words that name the file and no path
 *
 * Reads a version, makes its first network and tries it.  Blocks for
 * milliseconds to seconds; any thread.
 *
 * Returns: (transfer full) (nullable): the version, ready to classify
 */
AssayServable *
assay_servable_load (const char *folder,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (AssayServable) self = g_new0 (AssayServable, 1);
  g_autoptr (AssayModel) net = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  g_atomic_ref_count_init (&self->ref_count);
  self->version = g_path_get_basename (folder);
  self->nets = g_async_queue_new_full ((GDestroyNotify) assay_model_free);
  self->onnx = read_file (folder, "model.onnx", ASSAY_LIMIT_MODEL_BYTES, cancellable, error);
  if (self->onnx == NULL ||
      !read_labels (self, folder, cancellable, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  net = make_net (self, error);
  if (net == NULL ||
      !read_spec (self, folder, cancellable, error) ||
      !try_net (self, net, error))
    return NULL;
  g_async_queue_push (self->nets, g_steal_pointer (&net));
  return g_steal_pointer (&self);
}

AssayServable *
assay_servable_ref (AssayServable *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
assay_servable_unref (AssayServable *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    assay_servable_free (self);
}

/**
 * assay_servable_get_labels:
 * @self: a version
 *
 * Returns: (transfer none) (array zero-terminated=1): its labels, in the scores' order
 */
const char *const *
assay_servable_get_labels (const AssayServable *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->labels;
}

/**
 * assay_servable_get_n_labels:
 * @self: a version
 *
 * Returns: the number of its labels, which is that of the scores
 */
guint
assay_servable_get_n_labels (const AssayServable *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_labels;
}

const char *
assay_servable_get_version (const AssayServable *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->version;
}

/**
 * assay_servable_get_preprocess:
 * @self: a version
 *
 * Returns: (transfer none): how its network wants to see pictures
 */
const AssayPreprocess *
assay_servable_get_preprocess (const AssayServable *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->spec.preprocess;
}

/* What the contract takes (protocols.md, A1), decided by content. */
static gboolean
is_taken (AssayFormat format)
{
  return format == ASSAY_FORMAT_JPEG || format == ASSAY_FORMAT_PNG || format == ASSAY_FORMAT_GIF ||
         format == ASSAY_FORMAT_BMP || format == ASSAY_FORMAT_TIFF;
}

/* An archive is the one kind of which a client is told more than that it is not
 * a picture. */
static gboolean
check_picture (GBytes *picture,
               AssayFacts *facts,
               GError **error)
{
  g_autoptr (GError) local = NULL;

  *facts = (AssayFacts) { 0 };
  if (assay_probe_bytes (picture, facts, &local) && is_taken (facts->format))
    return TRUE;

  if (assay_format_is_archive (facts->format))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, "archives are not taken");
  else if (local == NULL || g_error_matches (local, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE, "%s pictures are not taken",
                 assay_format_get_name (facts->format));
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* All pixels, as no picture within the bounds is larger than that size: a JPEG
 * decoder's own scaling is another filter than the one that the networks were
 * trained with. */
static GdkPixbuf *
decode (GBytes *picture,
        const AssayFacts *facts,
        GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (picture);

  return assay_thumbnail_load (stream, facts, ASSAY_LIMIT_SIDE, NULL, error);
}

static void
softmax (float *scores,
         gsize n_scores)
{
  float highest = scores[0];
  double sum = 0;

  for (gsize i = 1; i < n_scores; i++)
    highest = MAX (highest, scores[i]);
  for (gsize i = 0; i < n_scores; i++)
    {
      scores[i] = expf (scores[i] - highest);
      sum += scores[i];
    }
  for (gsize i = 0; i < n_scores; i++)
    scores[i] = (float) (scores[i] / sum);
}

static AssayPrediction *
make_prediction (AssayServable *self,
                 const float *scores,
                 GError **error)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();

  for (guint i = 0; i < self->n_labels; i++)
    if (!assay_prediction_builder_add (builder, self->labels[i], scores[i], error))
      return NULL;
  return assay_prediction_builder_end (g_steal_pointer (&builder));
}

/* Looks at all pixels of a picture.  Large ones take turns, so that their memory
 * doesn't grow with the number of workers. */
static float *
make_tensor (AssayServable *self,
             GBytes *picture,
             const AssayFacts *facts,
             GError **error)
{
  static GMutex alone;
  gboolean large = (guint64) facts->width * facts->height > ASSAY_LIMIT_ALONE_PIXELS;
  GdkPixbuf *pixbuf;
  float *tensor = NULL;

  if (large)
    g_mutex_lock (&alone);
  pixbuf = decode (picture, facts, error);
  if (pixbuf != NULL)
    {
      tensor = g_new (float, assay_preprocess_get_length (&self->spec.preprocess));
      assay_preprocess_run (&self->spec.preprocess, pixbuf, tensor);
      g_object_unref (pixbuf);
    }
  if (large)
    g_mutex_unlock (&alone);
  return tensor;
}

/* An idle network, or one more: never more than threads that call. */
static AssayModel *
take_net (AssayServable *self,
          GError **error)
{
  AssayModel *net = g_async_queue_try_pop (self->nets);

  return net != NULL ? net : make_net (self, error);
}

/**
 * assay_servable_score_tensor:
 * @self: a version
 * @tensor: (array): what assay_preprocess_run() makes of a picture; not changed
 * @error: %ASSAY_ERROR_FAILED when the network or our memory is to blame
 *
 * Shows a prepared picture to the network.  Blocks; any thread, any number of
 * them.
 *
 * Returns: (transfer full) (nullable): a probability for each label, in their order
 */
float *
assay_servable_score_tensor (AssayServable *self,
                             float *tensor,
                             GError **error)
{
  g_autoptr (AssayModel) net = NULL;
  g_autofree float *scores = NULL;
  gsize n_scores;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (tensor != NULL, NULL);

  net = take_net (self, error);
  if (net == NULL)
    return NULL;
  scores = run_net (self, net, tensor, &n_scores, error);
  g_async_queue_push (self->nets, g_steal_pointer (&net));
  if (scores == NULL)
    return NULL;
  if (n_scores != self->n_labels)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                           "the network changed its number of scores");
      return NULL;
    }
  if (self->spec.activation == ASSAY_ACTIVATION_SOFTMAX)
    softmax (scores, n_scores);
  return g_steal_pointer (&scores);
}

/**
 * assay_servable_score_picture:
 * @self: a version
 * @picture: the bytes of a file, in any state
 * @error: as of assay_servable_classify()
 *
 * Decodes one picture and shows it to the network.  Blocks; any thread, any
 * number of them.
 *
 * Returns: (transfer full) (nullable): a probability for each label, in their order
 */
float *
assay_servable_score_picture (AssayServable *self,
                              GBytes *picture,
                              GError **error)
{
  g_autofree float *tensor = NULL;
  AssayFacts facts;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (picture != NULL, NULL);

  if (!check_picture (picture, &facts, error))
    return NULL;
  tensor = make_tensor (self, picture, &facts, error);
  return tensor != NULL ? assay_servable_score_tensor (self, tensor, error) : NULL;
}

/**
 * assay_servable_classify:
 * @self: a version
 * @picture: the bytes of a file, in any state
 * @error: %ASSAY_ERROR_NOT_AN_IMAGE, %ASSAY_ERROR_UNSUPPORTED for an archive,
 *   %ASSAY_ERROR_DAMAGED, %ASSAY_ERROR_TOO_LARGE; %ASSAY_ERROR_FAILED when the
 *   network or our memory is to blame
 *
 * Decodes one picture, shows it to the network and reads its scores.  Blocks;
 * any thread, any number of them.
 *
 * Returns: (transfer full) (nullable): a score for each label
 */
AssayPrediction *
assay_servable_classify (AssayServable *self,
                         GBytes *picture,
                         GError **error)
{
  g_autofree float *scores = assay_servable_score_picture (self, picture, error);

  return scores != NULL ? make_prediction (self, scores, error) : NULL;
}
