/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-cli-options.h"
#include "assay-error.h"
#include "assay-limits.h"

/* As in the window, unless told otherwise. */
#define DEFAULT_THRESHOLD 0.6

/* What is a word on the line and something else once it is checked. */
typedef struct {
  char *threshold;
  char *format;
  char *convert;
  char *archives;
} Words;

static void
words_clear (Words *self)
{
  g_free (self->threshold);
  g_free (self->format);
  g_free (self->convert);
  g_free (self->archives);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

/**
 * assay_cli_share_parse:
 * @text: (nullable): "0.6" or "60%"; %NULL changes nothing
 * @share: (inout): 0…1
 *
 * Returns: whether it is one
 */
gboolean
assay_cli_share_parse (const char *text,
                       double *share)
{
  char *end;
  double value;

  if (text == NULL)
    return TRUE;
  value = g_ascii_strtod (text, &end);
  if (end != text && g_str_equal (end, "%"))
    {
      value /= 100;
      end++;
    }
  if (end == text || *end != '\0' || !isfinite (value) || value < 0 || value > 1)
    return FALSE;
  *share = value;
  return TRUE;
}

/* "7", or nothing. */
static gboolean
parse_run (AssayCliOptions *self)
{
  guint64 run = 0;

  if (self->paths == NULL || self->paths[0] == NULL)
    return TRUE;
  if (self->paths[1] != NULL
      || !g_ascii_string_to_unsigned (self->paths[0], 10, 1, G_MAXINT64, &run, NULL))
    return FALSE;
  self->run = (gint64) run;
  return TRUE;
}

static gboolean
check (AssayCliOptions *self,
       const Words *words,
       GError **error)
{
  const char *problem = NULL;

  self->threshold = DEFAULT_THRESHOLD;
  self->convert = g_strcmp0 (words->convert, "never") != 0;
  self->send_archives = g_strcmp0 (words->archives, "send") == 0;
  if (!assay_cli_format_parse (words->format, &self->format))
    problem = _("--format takes table, json, ndjson or csv");
  else if (self->judge != NULL && self->format != ASSAY_CLI_TABLE && self->format != ASSAY_CLI_JSON)
    problem = _("--format takes table or json here");
  else if (self->bundle != NULL && self->no_history)
    problem = _("--bundle is made of the history: leave --no-history out");
  else if (words->convert != NULL && self->convert && !g_str_equal (words->convert, "auto"))
    problem = _("--convert takes auto or never");
  else if (words->archives != NULL && !self->send_archives
           && !g_str_equal (words->archives, "open"))
    problem = _("--archives takes open or send");
  else if (self->jobs < 1 || self->jobs > ASSAY_LIMIT_JOBS)
    problem = _("--jobs takes 1 to 64");
  else if (self->batch < 1 || self->batch > ASSAY_LIMIT_BATCH)
    problem = _("--batch takes 1 to 64");
  else if (self->retries < 0 || self->retries >= ASSAY_LIMIT_TRIES)
    problem = _("--retries takes 0 to 100");
  else if (self->top < 0)
    problem = _("--top takes a number of labels, 0 for all");
  else if (self->limit < 0)
    problem = _("--limit takes a number of pictures, 0 for all");
  else if (self->resume && !parse_run (self))
    problem = _("Give the number of one run, as “assay-cli history list” shows it");
  else if (!assay_cli_share_parse (words->threshold, &self->threshold))
    problem = _("--threshold takes a share from 0 to 1, or a percentage such as 60%");
  if (problem != NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, problem);
  return problem == NULL;
}

static void
describe_judge (GOptionContext *context)
{
  g_option_context_set_summary (
    context, _("PATH is a file, a folder, an archive (zip, tar, gz, tgz), “-” for a picture on\n"
               "standard input, or “@LIST” for a file with a path a line."));
  g_option_context_set_description (
    context, _("Exit status: 0 all answered and every gate met, 1 some failed or were rejected,\n"
               "2 usage, 3 could not connect or sign in, 4 a gate was not met, 130 interrupted.\n"
               "A secret comes from --token-file, ASSAY_TOKEN or ASSAY_CLIENT_SECRET.\n"));
}

static void
describe (GOptionContext *context,
          gboolean resume)
{
  g_option_context_set_summary (
    context, resume ? _("RUN is a number that “assay-cli history list” shows; the newest that was\n"
                        "interrupted unless one is given. What has an answer is not sent again, and\n"
                        "only what comes now is written: “assay-cli history export” writes it all.")
                    : _("PATH is a file, a folder, an archive (zip, tar, gz, tgz), “-” for a picture on\n"
               "standard input, or “@LIST” for a file with a path a line."));
  g_option_context_set_description (
    context, _("Exit status: 0 all answered, 1 some failed or were rejected, 2 usage,\n"
               "3 could not connect or sign in, 130 interrupted.\n"
               "A secret comes from --token-file, ASSAY_TOKEN or ASSAY_CLIENT_SECRET.\n"));
}

/**
 * assay_cli_options_parse:
 * @connect: gets the options of the service
 * @error: %ASSAY_ERROR_USAGE
 *
 * Returns: whether the line can be understood
 */
gboolean
assay_cli_options_parse (AssayCliOptions *self,
                         AssayCliConnect *connect,
                         int argc,
                         char **argv,
                         GError **error)
{
  g_auto (Words) words = { 0 };
  /* What a run goes on with as it began. */
  const GOptionEntry ask[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &self->model,
      N_("The model (the service's only one; \"\" for its stock model)"), N_("NAME") },
    { "model-version", 0, 0, G_OPTION_ARG_STRING, &self->version,
      N_("Its version (the newest that is deployed)"), N_("V") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &self->limit, N_("Take the first N pictures"), N_("N") },
    { "convert", 0, 0, G_OPTION_ARG_STRING, &words.convert,
      N_("Convert what services don't take, on a copy: auto (default) or never"), N_("WHEN") },
    ASSAY_CLI_FIT_ENTRIES (&self->fit),
    { "archives", 0, 0, G_OPTION_ARG_STRING, &words.archives,
      N_("What happens to archives: open (default), each picture is sent by itself; send, one\n"
         "that holds nothing but pictures is sent as it is"), N_("HOW") },
    { "no-history", 0, 0, G_OPTION_ARG_NONE, &self->no_history,
      N_("Keep nothing of this run on disk"), NULL },
    { "null", '0', 0, G_OPTION_ARG_NONE, &self->nul,
      N_("The paths in @LIST are ended by NUL"), NULL },
    { NULL },
  };
  const GOptionEntry classify[] = {
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &self->dry_run,
      N_("Look at the pictures and send nothing"), NULL },
    { NULL },
  };
  /* How each picture is written. */
  const GOptionEntry write[] = {
    { "top", 0, 0, G_OPTION_ARG_INT, &self->top,
      N_("Labels a picture (1 in a table, all elsewhere)"), N_("K") },
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &words.threshold,
      N_("Below this share a table says “unsure” (0.6)"), N_("P") },
    { NULL },
  };
  const GOptionEntry entries[] = {
    { "jobs", 0, 0, G_OPTION_ARG_INT, &self->jobs, N_("Requests at once (8)"), N_("N") },
    { "batch", 0, 0, G_OPTION_ARG_INT, &self->batch,
      N_("Images in one request at most, where the service takes several (8)"), N_("N") },
    { "retries", 0, 0, G_OPTION_ARG_INT, &self->retries,
      N_("Send a picture again so often if the service is busy or away (4)"), N_("N") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &words.format,
      self->judge != NULL ? N_("table (default) or json") : N_("table (default), json, ndjson or csv"),
      N_("FORMAT") },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &self->output,
      N_("Write the results to this file"), N_("FILE") },
    { "progress", 0, 0, G_OPTION_ARG_STRING, &self->progress,
      N_("Show progress: always, auto (default) or never"), N_("WHEN") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->paths, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) reason = NULL;

  self->jobs = ASSAY_DEFAULT_JOBS;
  self->batch = ASSAY_DEFAULT_BATCH;
  self->retries = ASSAY_DEFAULT_TRIES - 1;
  context = g_option_context_new (self->judge != NULL ? self->usage
                                  : self->resume      ? _("[RUN] — send what a run has left")
                                                      : _("PATH… — ask a model about pictures"));
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (self->judge != NULL)
    describe_judge (context);
  else
    describe (context, self->resume);
  if (self->judge != NULL)
    g_option_context_add_main_entries (context, self->judge, GETTEXT_PACKAGE);
  if (!self->resume)
    g_option_context_add_main_entries (context, ask, GETTEXT_PACKAGE);
  if (!self->resume && self->judge == NULL)
    g_option_context_add_main_entries (context, classify, GETTEXT_PACKAGE);
  if (self->judge == NULL)
    g_option_context_add_main_entries (context, write, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  assay_cli_connect_add_options (connect, context);
  if (g_option_context_parse (context, &argc, &argv, &reason))
    return check (self, &words, error);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, reason->message);
  return FALSE;
}

/* The words of a run's options in the history: what decides what is sent. */
#define KEPT_GROUP "run"
#define KEPT_CONVERT "convert"
#define KEPT_SEND_ARCHIVES "send-archives"
#define KEPT_FIT_PIXELS "fit-pixels"
#define KEPT_FIT_SIZE "fit-size"

/**
 * assay_cli_options_dup_kept:
 *
 * Returns: (transfer full): what a run needs to go on as it began, as a key file;
 *   no secret
 */
char *
assay_cli_options_dup_kept (const AssayCliOptions *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_boolean (file, KEPT_GROUP, KEPT_CONVERT, self->convert);
  g_key_file_set_boolean (file, KEPT_GROUP, KEPT_SEND_ARCHIVES, self->send_archives);
  if (self->fit.pixels != NULL)
    g_key_file_set_string (file, KEPT_GROUP, KEPT_FIT_PIXELS, self->fit.pixels);
  if (self->fit.size != NULL)
    g_key_file_set_string (file, KEPT_GROUP, KEPT_FIT_SIZE, self->fit.size);
  return g_key_file_to_data (file, NULL, NULL);
}

/**
 * assay_cli_options_take_kept:
 * @kept: (nullable): what assay_cli_options_dup_kept() gave then, or what the window
 *   wrote
 *
 * What isn't told stays.
 */
void
assay_cli_options_take_kept (AssayCliOptions *self,
                             const char *kept)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (kept == NULL || !g_key_file_load_from_data (file, kept, -1, G_KEY_FILE_NONE, NULL))
    return;
  if (g_key_file_has_key (file, KEPT_GROUP, KEPT_CONVERT, NULL))
    self->convert = g_key_file_get_boolean (file, KEPT_GROUP, KEPT_CONVERT, NULL);
  self->send_archives = g_key_file_get_boolean (file, KEPT_GROUP, KEPT_SEND_ARCHIVES, NULL);
  self->fit.pixels = g_key_file_get_string (file, KEPT_GROUP, KEPT_FIT_PIXELS, NULL);
  self->fit.size = g_key_file_get_string (file, KEPT_GROUP, KEPT_FIT_SIZE, NULL);
}

void
assay_cli_options_clear (AssayCliOptions *self)
{
  g_free (self->model);
  g_free (self->version);
  g_free (self->output);
  g_free (self->progress);
  g_free (self->bundle);
  g_strfreev (self->paths);
  assay_cli_fit_clear (&self->fit);
}
