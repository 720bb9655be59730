/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-cli-history.h"
#include "assay-cli-job.h"
#include "assay-cli-output.h"
#include "assay-cli.h"

typedef struct {
  AssayCliOptions options;
  AssayCliOutput *output;     /* (nullable) until the line is understood */
} Classify;

static void
classify_clear (Classify *self)
{
  g_clear_pointer (&self->output, assay_cli_output_free);
  assay_cli_options_clear (&self->options);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Classify, classify_clear)

static gboolean
prepare (gpointer data,
         GError **error)
{
  Classify *self = data;

  self->output = assay_cli_output_new (self->options.format, self->options.output,
                                       self->options.top, self->options.threshold, error);
  return self->output != NULL;
}

static gboolean
begin (gpointer data,
       GError **error)
{
  return assay_cli_output_begin (((Classify *) data)->output, error);
}

static gboolean
take (gpointer data,
      guint which,
      AssayItem *item,
      AssayAnswer *answer,
      const char *path,
      GError **error)
{
  return assay_cli_output_add (((Classify *) data)->output, item, answer, path, error);
}

static gboolean
end (gpointer data,
     GError **error)
{
  return assay_cli_output_end (((Classify *) data)->output, error);
}

static const AssayCliSink sink = { prepare, begin, take, end, NULL };

static int
ask (const char *command,
     gboolean resume,
     int argc,
     char **argv)
{
  g_auto (Classify) self = { .options = { .resume = resume } };
  g_autoptr (AssayCliConnect) connect = assay_cli_connect_new ();
  g_autoptr (GError) error = NULL;
  AssayCliAsked asked;

  if (!assay_cli_options_parse (&self.options, connect, argc, argv, &error))
    return assay_cli_complain_usage (command, error);
  asked = (AssayCliAsked) { connect, self.options.model, self.options.version };
  return assay_cli_job_run (command, &self.options, &asked, 1, &sink, &self);
}

/**
 * assay_cli_classify:
 *
 * "assay-cli classify": asks a model about pictures and writes what it says.
 *
 * Returns: the exit status
 */
int
assay_cli_classify (int argc,
                    char **argv)
{
  return ask ("classify", FALSE, argc, argv);
}

/**
 * assay_cli_history_resume:
 *
 * "assay-cli history resume": the same with what a run has left.
 *
 * Returns: the exit status
 */
int
assay_cli_history_resume (int argc,
                          char **argv)
{
  return ask ("history resume", TRUE, argc, argv);
}
