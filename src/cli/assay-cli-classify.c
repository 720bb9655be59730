/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-cli-history.h"
#include "assay-cli-job.h"
#include "assay-cli-output.h"
#include "assay-cli.h"

static gboolean
begin (gpointer data,
       GError **error)
{
  return assay_cli_output_begin (data, error);
}

static gboolean
take (gpointer data,
      guint which,
      AssayItem *item,
      AssayAnswer *answer,
      const char *path,
      GError **error)
{
  return assay_cli_output_add (data, item, answer, path, error);
}

static gboolean
end (gpointer data,
     GError **error)
{
  return assay_cli_output_end (data, error);
}

static const AssayCliSink sink = { begin, take, end, NULL };

static int
ask (const char *command,
     AssayCliOptions *options,
     int argc,
     char **argv)
{
  g_autoptr (AssayCliConnect) connect = assay_cli_connect_new ();
  g_autoptr (AssayCliOutput) output = NULL;
  g_autoptr (GError) error = NULL;
  AssayCliAsked asked;

  if (!assay_cli_options_parse (options, connect, argc, argv, &error))
    return assay_cli_complain_usage (command, error);
  output = assay_cli_output_new (options->format, options->output, options->top,
                                 options->threshold, &error);
  if (output == NULL)
    return assay_cli_complain_usage (command, error);
  asked = (AssayCliAsked) { connect, options->model, options->version };
  return assay_cli_job_run (command, options, &asked, 1, &sink, output);
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
  g_auto (AssayCliOptions) options = { 0 };

  return ask ("classify", &options, argc, argv);
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
  g_auto (AssayCliOptions) options = { .resume = TRUE };

  return ask ("history resume", &options, argc, argv);
}
