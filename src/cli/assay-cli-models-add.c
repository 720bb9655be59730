/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-loop.h"
#include "assay-cli-models.h"
#include "assay-cli-output.h"
#include "assay-cli-store.h"
#include "assay-cli.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-model-adding.h"

/* One call of the command. */
typedef struct {
  AssayCliLoop *loop;
  AssayCliFormat format;
  char *path;
  char *name;          /* (nullable): made of the file's */
  char *labels;        /* (nullable) */
  char *preprocess;    /* (nullable) */
  char *before;        /* (nullable): the newest version until now */
} Add;

static void
add_free (Add *self)
{
  g_clear_pointer (&self->loop, assay_cli_loop_free);
  g_free (self->path);
  g_free (self->name);
  g_free (self->labels);
  g_free (self->preprocess);
  g_free (self->before);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Add, add_free)

/* Every wait here ends by the loop's cancellable. */
static void
interrupted_cb (gpointer data)
{
}

static void
print_labels (const AssayModelExam *exam)
{
  static const char *const from[] = { NULL, N_("from the file that you gave"),
                                      N_("from the model’s file"),
                                      N_("from labels.txt beside it") };
  guint n = exam->n_scores;
  g_autofree char *count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u label", "%u labels",
                                                         n), n);

  if (exam->passed_over != NULL)
    {
      g_autofree char *safe = assay_display_text (exam->passed_over, -1, 0);

      printf ("  %s\n", safe);
    }
  if (exam->labels == NULL)
    printf (_("  No labels were found: the scores are called class 0 … class %u. Say what they "
              "are with --labels FILE\n"), n - 1);
  else
    printf ("  %s, %s\n", count, _(from[exam->labels_from]));
}

static void
print_found (const AssayModelExam *exam)
{
  g_autofree char *preprocess = assay_display_text (exam->preprocess, -1, 0);

  print_labels (exam);
  if (exam->guessed)
    printf (_("  Pictures are prepared by %s, a guess; say how it was trained with "
              "--preprocess TEXT\n"), preprocess);
  else
    printf (_("  Pictures are prepared by %s\n"), preprocess);
  if (exam->softmax)
    printf ("  %s\n", _("What it gives are no probabilities; softmax makes them of it"));
}

static void
print_text (const Add *self,
            const AssayAddedModel *added)
{
  printf (_("%s version %s is ready\n"), added->name, added->version);
  print_found (added->exam);
  if (self->before != NULL)
    printf (_("  Compare it: assay-cli compare -a %s/%s -b %s/%s PATH…\n"), added->name,
            self->before, added->name, added->version);
}

static void
print_json (const AssayAddedModel *added)
{
  static const char *const from[] = { NULL, "file", "metadata", "beside" };
  const AssayModelExam *exam = added->exam;
  g_autoptr (GString) out = g_string_new ("{");

  assay_json_add_string (out, "model", added->name);
  assay_json_add_string (out, "version", added->version);
  assay_json_add_whole (out, "scores", exam->n_scores);
  assay_json_add_string (out, "labels_from", from[exam->labels_from]);
  assay_json_add_string (out, "preprocess", exam->preprocess);
  assay_json_append_name (out, "guessed");
  g_string_append (out, exam->guessed ? "true" : "false");
  assay_json_add_string (out, "activation", exam->softmax ? "softmax" : "none");
  printf ("%s}\n", out->str);
}

static int
choose_status (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ASSAY_CLI_INTERRUPTED;
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_USAGE) ? ASSAY_CLI_USAGE
                                                                 : ASSAY_CLI_SOME_FAILED;
}

static void
added_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  Add *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayAddedModel) added = assay_model_adding_finish (result, &error);

  if (added == NULL)
    {
      int status = choose_status (error);

      if (status != ASSAY_CLI_INTERRUPTED)
        assay_cli_complain (NULL, error->message);
      assay_cli_loop_quit (self->loop, status);
      return;
    }
  if (self->format == ASSAY_CLI_JSON)
    print_json (added);
  else
    print_text (self, added);
  fflush (stdout);
  assay_cli_loop_quit (self->loop, ASSAY_CLI_OK);
}

static gboolean
prepare (Add *self,
         int argc,
         char **argv,
         GError **error)
{
  g_autofree char *format = NULL;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &self->name,
      N_("What the model is called; one that is there gets its next version"), N_("NAME") },
    { "labels", 0, 0, G_OPTION_ARG_FILENAME, &self->labels,
      N_("Its labels, a line each (what is in FILE.onnx or in labels.txt beside it)"),
      N_("FILE") },
    { "preprocess", 0, 0, G_OPTION_ARG_STRING, &self->preprocess,
      N_("How pictures are made ready for it, such as imagenet or 0..1,size=224x224"),
      N_("TEXT") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("table (default) or json"), N_("FORMAT") },
    { NULL },
  };

  self->path = assay_cli_parse_words (_("FILE.onnx — serve a model of your own"), entries, argc,
                                      argv, error);
  if (self->path == NULL || (self->name != NULL &&
                             !assay_model_adding_check_name (self->name, error)))
    return FALSE;
  if (assay_cli_format_parse (format, &self->format)
      && (self->format == ASSAY_CLI_TABLE || self->format == ASSAY_CLI_JSON))
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("--format takes table or json"));
  return FALSE;
}

static void
start (Add *self)
{
  g_autoptr (GFile) onnx = g_file_new_for_commandline_arg (self->path);
  g_autoptr (GFile) labels = self->labels != NULL ? g_file_new_for_commandline_arg (self->labels)
                                                  : NULL;
  g_autofree char *version = NULL;
  AssayModelWish wish = { onnx, labels, self->preprocess, NULL };

  if (self->name == NULL)
    self->name = assay_model_adding_propose_name (onnx);
  wish.name = self->name;
  version = assay_model_adding_dup_version (self->name, &self->before);
  assay_model_adding_async (&wish, assay_cli_loop_get_cancellable (self->loop), added_cb, self);
}

/**
 * assay_cli_models_add:
 *
 * "assay-cli models add FILE.onnx": makes a file a model of the built-in service, or the
 * next version of one.
 *
 * Returns: the exit status
 */
int
assay_cli_models_add (int argc,
                      char **argv)
{
  g_autoptr (Add) self = g_new0 (Add, 1);
  g_autoptr (GError) error = NULL;

  if (!prepare (self, argc, argv, &error))
    return assay_cli_complain_usage ("models add", error);
  self->loop = assay_cli_loop_new (interrupted_cb, self);
  start (self);
  return assay_cli_loop_run (self->loop);
}
