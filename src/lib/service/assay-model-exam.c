/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A network from anywhere is loaded for the first time by “assay-serve --check FILE”,
 * a child that answers with one line of JSON (src/serve/assay-model-check.c has the
 * contract) and may crash, hang or be ended by the system: each is an answer, too. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>

#include "assay-builtin.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-model-exam.h"

/* One child.  Main thread. */
typedef struct {
  GSubprocess *child;
  char *shown;            /* name of the file */
  char *said;             /* (array length=length): what it wrote */
  gsize length;
  GSource *timeout;       /* (nullable) */
  gboolean late;          /* it was ended for taking too long */
  GError *error;          /* (nullable): of reading what it says */
} Exam;

static void
exam_free (Exam *self)
{
  if (self->timeout != NULL)
    g_source_destroy (self->timeout);
  g_clear_pointer (&self->timeout, g_source_unref);
  g_clear_object (&self->child);
  g_clear_error (&self->error);
  g_free (self->shown);
  g_free (self->said);
  g_free (self);
}

/**
 * assay_model_exam_free:
 * @self: (transfer full): what a file was found to be
 */
void
assay_model_exam_free (AssayModelExam *self)
{
  g_return_if_fail (self != NULL);

  g_strfreev (self->labels);
  g_free (self->passed_over);
  g_free (self->preprocess);
  g_free (self->model);
  g_free (self);
}

static int
choose_code (const char *reason)
{
  static const struct {
    const char *reason;
    int code;
  } codes[] = {
    { "file", ASSAY_ERROR_UNREADABLE },
    { "operator", ASSAY_ERROR_UNSUPPORTED },
    { "input", ASSAY_ERROR_USAGE },
    { "preprocess", ASSAY_ERROR_USAGE },
    { "labels", ASSAY_ERROR_USAGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_strcmp0 (codes[i].reason, reason) == 0)
      return codes[i].code;
  return ASSAY_ERROR_FAILED;
}

static void
set_refused (const Exam *self,
             int code,
             const char *why,
             GError **error)
{
  g_autofree char *safe = assay_display_text (why, -1, ASSAY_LIMIT_ERROR_CHARS);

  g_set_error (error, ASSAY_ERROR, code, _("“%s” can’t be served. %s"), self->shown, safe);
}

static void
explain_nonsense (const Exam *self,
                  GError **error)
{
  set_refused (self, ASSAY_ERROR_FAILED,
               _("What the program says that tried it is not understood. Install Assay again."),
               error);
}

/* A label is a line of a file later on. */
static gboolean
is_label (const char *label)
{
  return label != NULL && strlen (label) <= ASSAY_LIMIT_LABEL_BYTES &&
         strpbrk (label, "\r\n") == NULL;
}

static gboolean
take_labels (AssayModelExam *self,
             JsonObject *root)
{
  static const char *const names[] = { NULL, "file", "metadata", "beside" };
  JsonArray *array = assay_json_get_array (root, "labels");
  const char *from = assay_json_get_string (root, "labels_from");
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();

  if (array == NULL)
    return TRUE;
  if (json_array_get_length (array) != self->n_scores)
    return FALSE;
  for (guint i = 0; i < self->n_scores; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *label = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (!is_label (label))
        return FALSE;
      g_strv_builder_add (labels, label);
    }
  self->labels = g_strv_builder_end (labels);
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (from, names[i]) == 0)
      self->labels_from = i;
  return self->labels_from != ASSAY_LABELS_NONE;
}

static gboolean
take_model (AssayModelExam *self,
            JsonObject *root)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *model = assay_json_get_object (root, "model");

  if (model == NULL)
    return FALSE;
  node = json_node_init_object (json_node_alloc (), model);
  self->model = json_to_string (node, TRUE);
  return TRUE;
}

/* Returns: (transfer full) (nullable): what it says, or %NULL where that is not the contract */
static AssayModelExam *
read_found (JsonObject *root)
{
  g_autoptr (AssayModelExam) found = g_new0 (AssayModelExam, 1);
  double n;

  if (!json_object_has_member (root, "scores") ||
      !assay_json_get_double (json_object_get_member (root, "scores"), &n) ||
      !(n >= 1 && n <= ASSAY_LIMIT_LABELS))
    return NULL;
  found->n_scores = n;
  found->passed_over = g_strdup (assay_json_get_string (root, "passed_over"));
  found->preprocess = g_strdup (assay_json_get_string (root, "preprocess"));
  found->guessed = json_object_get_boolean_member_with_default (root, "guessed", FALSE);
  found->softmax = g_strcmp0 (assay_json_get_string (root, "activation"), "softmax") == 0;
  if (!take_labels (found, root) || !take_model (found, root))
    return NULL;
  return g_steal_pointer (&found);
}

static AssayModelExam *
read_answer (const Exam *self,
             GError **error)
{
  g_autoptr (JsonNode) node = assay_json_parse (self->said, self->length, NULL);
  JsonObject *root = NULL;
  AssayModelExam *found = NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    root = json_node_get_object (node);
  if (root != NULL && !json_object_get_boolean_member_with_default (root, "ok", TRUE) &&
      assay_json_get_string (root, "message") != NULL)
    {
      set_refused (self, choose_code (assay_json_get_string (root, "reason")),
                   assay_json_get_string (root, "message"), error);
      return NULL;
    }
  if (root != NULL)
    found = read_found (root);
  if (found == NULL)
    explain_nonsense (self, error);
  return found;
}

/* It has not ended as the contract says. */
static void
explain_end (const Exam *self,
             GError **error)
{
  g_autofree char *why = NULL;
  int signal_number = g_subprocess_get_if_signaled (self->child)
                        ? g_subprocess_get_term_sig (self->child) : 0;

  if (self->late || signal_number == SIGXCPU)
    why = g_strdup_printf (_("Loading and running it once takes more than %d seconds."),
                           ASSAY_LIMIT_MODEL_CHECK_SECONDS);
  else if (signal_number == SIGKILL)
    why = g_strdup (_("The system ended the program that tried it, most likely because it needs "
                      "more memory than there is."));
  else if (signal_number != 0)
    why = g_strdup_printf (_("The program that tried it crashed on it (%s). Nothing else came "
                             "to harm."), g_strsignal (signal_number));
  else
    why = g_strdup_printf (_("The program that tried it failed on it (exit status %d)."),
                           g_subprocess_get_if_exited (self->child)
                             ? g_subprocess_get_exit_status (self->child) : -1);
  set_refused (self, ASSAY_ERROR_FAILED, why, error);
}

static void
ended_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (GTask) task = data;
  Exam *self = g_task_get_task_data (task);
  AssayModelExam *found = NULL;
  GError *error = NULL;

  g_subprocess_wait_finish (self->child, result, NULL);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->length == ASSAY_LIMIT_MODEL_CHECK_BYTES)
    explain_nonsense (self, &error);
  else if (self->late || !g_subprocess_get_successful (self->child))
    explain_end (self, &error);
  else if (self->error != NULL)
    set_refused (self, ASSAY_ERROR_FAILED, self->error->message, &error);
  else
    found = read_answer (self, &error);
  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) assay_model_exam_free);
  else
    g_task_return_error (task, error);
}

/* It has closed its output, or said more than it may, or nobody wants to know any more. */
static void
said_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (GTask) task = data;
  Exam *self = g_task_get_task_data (task);

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &self->length, &self->error);
  if (self->error != NULL || self->length == ASSAY_LIMIT_MODEL_CHECK_BYTES)
    g_subprocess_force_exit (self->child);
  g_subprocess_wait_async (self->child, NULL, ended_cb, g_steal_pointer (&task));
}

static gboolean
late_cb (gpointer data)
{
  Exam *self = data;

  self->late = TRUE;
  g_subprocess_force_exit (self->child);
  return G_SOURCE_REMOVE;
}

static void
start_timeout (Exam *self)
{
  self->timeout = g_timeout_source_new_seconds (ASSAY_LIMIT_MODEL_CHECK_SECONDS);
  g_source_set_callback (self->timeout, late_cb, self, NULL);
  g_source_attach (self->timeout, g_main_context_get_thread_default ());
}

static gboolean
spawn (Exam *self,
       const char *path,
       const char *labels,
       const char *preprocess,
       GError **error)
{
  g_autofree char *program = assay_builtin_dup_program ("assay-serve", error);
  const char *argv[8] = { program, "--check", path };
  guint n = 3;
  g_autoptr (GError) raw = NULL;

  if (program == NULL)
    return FALSE;
  if (labels != NULL)
    argv[n++] = "--labels", argv[n++] = labels;
  if (preprocess != NULL)
    argv[n++] = "--preprocess", argv[n++] = preprocess;
  self->child = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                           G_SUBPROCESS_FLAGS_STDERR_SILENCE, &raw);
  if (self->child == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                 _("The built-in service could not be started: %s"), raw->message);
  return self->child != NULL;
}

static void
start (GTask *task,
       GFile *onnx,
       GFile *labels,
       const char *preprocess)
{
  Exam *self = g_task_get_task_data (task);
  g_autofree char *path = g_file_get_path (onnx);
  g_autofree char *labels_path = labels != NULL ? g_file_get_path (labels) : NULL;
  GError *error = NULL;

  if (path == NULL || (labels != NULL && labels_path == NULL))
    {
      set_refused (self, ASSAY_ERROR_UNREADABLE, _("Copy it to this computer first."), &error);
      g_task_return_error (task, error);
      return;
    }
  if (!spawn (self, path, labels_path, preprocess, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  start_timeout (self);
  self->said = g_malloc (ASSAY_LIMIT_MODEL_CHECK_BYTES);
  g_input_stream_read_all_async (g_subprocess_get_stdout_pipe (self->child), self->said,
                                 ASSAY_LIMIT_MODEL_CHECK_BYTES, G_PRIORITY_DEFAULT,
                                 g_task_get_cancellable (task), said_cb, g_object_ref (task));
}

/**
 * assay_model_exam_async:
 * @onnx: a file, in any state
 * @labels: (nullable): its labels, a line each; %NULL to look for them in the file and beside it
 * @preprocess: (nullable): what it is shown, in the words of assay_preprocess_parse();
 *   %NULL for what can be found out
 * @shown: (nullable): what to call it in an error; %NULL for its own name
 * @cancellable: (nullable): ends the child
 *
 * Has a file loaded and run once by a child of its own, for at most
 * %ASSAY_LIMIT_MODEL_CHECK_SECONDS.  Main context of the caller.
 */
void
assay_model_exam_async (GFile *onnx,
                        GFile *labels,
                        const char *preprocess,
                        const char *shown,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *name = NULL;
  Exam *self;

  g_return_if_fail (G_IS_FILE (onnx));
  g_return_if_fail (labels == NULL || G_IS_FILE (labels));

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, assay_model_exam_async);
  self = g_new0 (Exam, 1);
  name = shown == NULL ? g_file_get_basename (onnx) : NULL;
  self->shown = assay_display_name (shown != NULL ? shown : name);
  g_task_set_task_data (task, self, (GDestroyNotify) exam_free);
  start (task, onnx, labels, preprocess);
}

/**
 * assay_model_exam_finish:
 * @error: %ASSAY_ERROR_UNSUPPORTED with the name of the operator that can't be run;
 *   %ASSAY_ERROR_USAGE where labels don't fit, or preprocessing has to be said;
 *   %ASSAY_ERROR_UNREADABLE; %ASSAY_ERROR_FAILED for all else, a crash included; or
 *   %G_IO_ERROR_CANCELLED.  The message names the file.
 *
 * Returns: (transfer full) (nullable): what it is
 */
AssayModelExam *
assay_model_exam_finish (GAsyncResult *result,
                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
