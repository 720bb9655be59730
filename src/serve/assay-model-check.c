/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The contract of “assay-serve --check FILE”: one line of JSON on standard output and
 * exit status 0, whatever is wrong with the file.  Any other end is a crash, and the
 * reason why this is a process of its own.
 *
 *   {"ok": true,
 *    "scores": 5,                         how many come out
 *    "labels": ["daisy", …] or null,      as many as scores
 *    "labels_from": "file" | "metadata" | "beside" | null,
 *    "passed_over": "…" or null,          which labels were found and do not fit
 *    "preprocess": "…",                   what the network is shown, in words
 *    "guessed": true,                     nobody said those words
 *    "activation": "none" | "softmax",
 *    "model": {…}}                        a model.json that says all that
 *
 *   {"ok": false,
 *    "reason": "file" | "operator" | "network" | "input" | "preprocess" | "labels",
 *    "operator": "NonZero" or null,       that OpenCV cannot run
 *    "message": "…"}                      in the user's language */

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-model-check.h"
#include "assay-model-labels.h"
#include "assay-model-spec.h"
#include "assay-model.h"
#include "assay-onnx.h"

/* One check while it is under way. */
typedef struct {
  const AssayModelCheck *asked;
  GBytes *onnx;
  AssayModel *net;
  AssayModelSpec spec;
  gsize n_scores;
  char **labels;            /* (nullable) */
  const char *labels_from;  /* (nullable) */
  char *passed_over;        /* (nullable) */
  const char *reason;       /* (nullable): the stage that has failed */
  char *operator;           /* (nullable): that failed */
} Check;

static void
check_clear (Check *self)
{
  g_clear_pointer (&self->onnx, g_bytes_unref);
  g_clear_pointer (&self->net, assay_model_free);
  assay_model_spec_clear (&self->spec);
  g_clear_pointer (&self->labels, g_strfreev);
  g_clear_pointer (&self->passed_over, g_free);
  g_clear_pointer (&self->operator, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Check, check_clear)

static GBytes *
read_file (const char *path,
           goffset limit,
           GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = NULL;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                            G_FILE_QUERY_INFO_NONE, NULL, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, _("It is not a file"));
  else if (g_file_info_get_size (info) > limit)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE, _("It is larger than %d MiB"),
                 (int) (limit / (1024 * 1024)));
  else
    return g_file_load_bytes (file, NULL, NULL, error);
  return NULL;
}

/* In OpenCV's words the node stands as “Node [Einsum@ai.onnx]:(…) parse error: …”, of
 * one that it does not know at all “…of type "Einsum"…”. */
static char *
dup_operator (const char *message)
{
  static const char *const marks[] = { "of type \"", "Node [" };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      const char *at = strstr (message, marks[i]);
      gsize length;

      if (at == NULL)
        continue;
      at += strlen (marks[i]);
      length = strcspn (at, "@\"]");
      if (length > 0 && length <= ASSAY_LIMIT_MODEL_NAME_BYTES)
        return g_strndup (at, length);
    }
  return NULL;
}

/* What went wrong with the network, in words that name the operator. */
static void
explain (Check *self,
         GError **error)
{
  g_autofree char *message = g_strdup ((*error)->message);

  self->operator = dup_operator (message);
  self->reason = self->operator != NULL ? "operator" : "network";
  g_clear_error (error);
  if (self->operator == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                 _("It can’t be run as a network: %s"), message);
  else if (strstr (message, "Can't create layer") != NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                 _("The operator “%s” can’t be run here: OpenCV, which runs the networks, "
                   "doesn’t have it. Export the network without it."), self->operator);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                 _("The operator “%s” can’t be run here in the way that this network uses "
                   "it: %s"), self->operator, message);
}

static gboolean
load (Check *self,
      GError **error)
{
  self->reason = "file";
  self->onnx = read_file (self->asked->path, ASSAY_LIMIT_MODEL_BYTES, error);
  if (self->onnx == NULL)
    return FALSE;
  self->net = assay_model_new (self->onnx, error);
  if (self->net == NULL)
    explain (self, error);
  return self->net != NULL;
}

/* What the file says of its input, and what is said of it besides. */
static gboolean
find_spec (Check *self,
           GError **error)
{
  AssayPreprocess *preprocess = &self->spec.preprocess;

  if (!assay_model_spec_guess (&self->spec, self->onnx, NULL))
    assay_preprocess_init_default (preprocess, 0, 0);
  self->reason = "preprocess";
  if (self->asked->preprocess != NULL &&
      !assay_preprocess_parse (preprocess, self->asked->preprocess, error))
    return FALSE;
  self->reason = "input";
  if (preprocess->width == 0 || preprocess->height == 0)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("The file doesn’t say how large its pictures are. Say it, such as "
                           "size=224x224."));
  return preprocess->width != 0 && preprocess->height != 0;
}

static gboolean
are_numbers (const float *scores,
             gsize n_scores)
{
  for (gsize i = 0; i < n_scores; i++)
    if (!isfinite (scores[i]))
      return FALSE;
  return TRUE;
}

/* Nothing is known of a network until it has run. */
static gboolean
try (Check *self,
     GError **error)
{
  const AssayPreprocess *preprocess = &self->spec.preprocess;
  g_autofree float *tensor = g_new0 (float, assay_preprocess_get_length (preprocess));
  g_autofree float *scores = NULL;
  guint shape[3];

  assay_preprocess_get_shape (preprocess, shape);
  scores = assay_model_run (self->net, NULL, NULL,
                            (const int[]) { 1, shape[0], shape[1], shape[2] }, tensor,
                            &self->n_scores, error);
  if (scores == NULL)
    {
      explain (self, error);
      return FALSE;
    }
  self->reason = "network";
  if (self->n_scores == 0 || self->n_scores > ASSAY_LIMIT_LABELS)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                 _("It gives %u values for a picture: it is no classifier"),
                 (guint) self->n_scores);
  else if (!are_numbers (scores, self->n_scores))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                         _("What it gives for a black picture are no numbers"));
  else
    {
      self->spec.activation = assay_activation_guess (scores, self->n_scores);
      return TRUE;
    }
  return FALSE;
}

/* Returns: (nullable): the labels in a file */
static char **
read_labels (const char *path,
             GError **error)
{
  g_autoptr (GBytes) bytes = read_file (path, ASSAY_LIMIT_MODEL_TEXT_BYTES, error);
  g_autofree char *text = NULL;
  const char *data;
  gsize length;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &length);
  if (length == 0 || !g_utf8_validate_len (data, length, NULL))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED, _("It is no UTF-8 text"));
      return NULL;
    }
  text = g_strndup (data, length);
  return assay_model_labels_read (text, error);
}

/* Those that a person names have to fit. */
static gboolean
take_labels (Check *self,
             GError **error)
{
  guint n;

  self->reason = "labels";
  self->labels = read_labels (self->asked->labels, error);
  if (self->labels == NULL)
    {
      g_prefix_error (error, "%s: ", _("The file of labels"));
      return FALSE;
    }
  self->labels_from = "file";
  n = g_strv_length (self->labels);
  if (n == self->n_scores)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
               _("The network gives %u scores, but there are %u labels"),
               (guint) self->n_scores, n);
  return FALSE;
}

/* Takes @labels if there are as many as scores; says so otherwise. */
static gboolean
offer_labels (Check *self,
              char **labels,
              const char *from)
{
  guint n = labels != NULL ? g_strv_length (labels) : 0;

  if (n > 0 && n == self->n_scores)
    {
      self->labels = labels;
      self->labels_from = from;
      g_clear_pointer (&self->passed_over, g_free);
      return TRUE;
    }
  if (n > 0 && self->passed_over == NULL)
    self->passed_over = g_str_equal (from, "beside")
      ? g_strdup_printf (_("The file labels.txt beside it has %u labels for %u scores, and was "
                           "not taken"), n, (guint) self->n_scores)
      : g_strdup_printf (_("In it are %u labels for %u scores, which were not taken"),
                         n, (guint) self->n_scores);
  g_strfreev (labels);
  return FALSE;
}

/* First what the file itself says, then the file beside it, which may be another
 * network's. */
static void
find_labels (Check *self)
{
  static const char *const keys[] = { "labels", "classes", "names", "class_names", "id2label",
                                      "categories" };
  g_autofree char *folder = g_path_get_dirname (self->asked->path);
  g_autofree char *beside = g_build_filename (folder, "labels.txt", NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (self->onnx, &length);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *text = assay_onnx_dup_metadata (data, length, keys[i]);

      if (text != NULL && strlen (text) <= ASSAY_LIMIT_MODEL_TEXT_BYTES &&
          offer_labels (self, assay_model_labels_guess (text), "metadata"))
        return;
    }
  offer_labels (self, read_labels (beside, NULL), "beside");
}

static gboolean
check (Check *self,
       GError **error)
{
  if (!load (self, error) || !find_spec (self, error) || !try (self, error))
    return FALSE;
  if (self->asked->labels != NULL)
    return take_labels (self, error);
  find_labels (self);
  return TRUE;
}

static void
append_labels (GString *out,
               char **labels)
{
  assay_json_append_name (out, "labels");
  if (labels == NULL)
    {
      g_string_append (out, "null");
      return;
    }
  g_string_append_c (out, '[');
  for (guint i = 0; labels[i] != NULL; i++)
    {
      g_string_append (out, i > 0 ? "," : "");
      assay_json_append_string (out, labels[i]);
    }
  g_string_append_c (out, ']');
}

static void
append_found (GString *out,
              const Check *self)
{
  g_autofree char *preprocess = assay_preprocess_format (&self->spec.preprocess);

  g_string_append (out, "{\"ok\":true");
  assay_json_add_whole (out, "scores", self->n_scores);
  append_labels (out, self->labels);
  assay_json_add_string (out, "labels_from", self->labels_from);
  assay_json_add_string (out, "passed_over", self->passed_over);
  assay_json_add_string (out, "preprocess", preprocess);
  assay_json_append_name (out, "guessed");
  g_string_append (out, self->asked->preprocess == NULL ? "true" : "false");
  assay_json_add_string (out, "activation",
                         self->spec.activation == ASSAY_ACTIVATION_NONE ? "none" : "softmax");
  assay_json_append_name (out, "model");
  assay_model_spec_write (&self->spec, out);
  g_string_append_c (out, '}');
}

static void
append_failure (GString *out,
                const Check *self,
                const GError *error)
{
  g_string_append (out, "{\"ok\":false");
  assay_json_add_string (out, "reason", self->reason);
  assay_json_add_string (out, "operator", self->operator);
  assay_json_add_string (out, "message", error->message);
  g_string_append_c (out, '}');
}

/**
 * assay_model_check_run:
 * @self: what is asked
 * @answer: gets the line of JSON that the top of this file describes, without its end
 *
 * Loads a network, runs it once and tells what it is, or why it cannot be used.  A
 * hostile file may take the process down with it.  Blocks for milliseconds to
 * seconds; any thread.
 *
 * Returns: whether it can be used
 */
gboolean
assay_model_check_run (const AssayModelCheck *self,
                       GString *answer)
{
  g_auto (Check) work = { .asked = self };
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (self != NULL && self->path != NULL, FALSE);
  g_return_val_if_fail (answer != NULL, FALSE);

  if (check (&work, &error))
    append_found (answer, &work);
  else
    append_failure (answer, &work, error);
  return error == NULL;
}
