/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>

#include "assay-cli-judge.h"
#include "assay-cli.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-junit.h"

/* ---- words ---- */

/**
 * assay_cli_judge_dup_number:
 *
 * Returns: (transfer full): with three decimals, a dash for what can't be told
 */
char *
assay_cli_judge_dup_number (double value)
{
  return isnan (value) ? g_strdup ("-") : g_strdup_printf ("%.3f", value);
}

/**
 * assay_cli_judge_dup_percent:
 * @share: 0…1
 *
 * Returns: (transfer full): a percentage, a dash for what can't be told
 */
char *
assay_cli_judge_dup_percent (double share)
{
  return isnan (share) ? g_strdup ("-") : assay_display_percent (share, ASSAY_DISPLAY_PLAIN);
}

/**
 * assay_cli_judge_dup_interval:
 *
 * Returns: (transfer full): "95 % interval 79.9 to 95.3 %"
 */
char *
assay_cli_judge_dup_interval (const AssayInterval *interval)
{
  if (isnan (interval->value))
    return g_strdup (_("nothing to tell it by"));
  return g_strdup_printf (_("95%% interval %.1f to %.1f%%"), 100 * interval->low,
                          100 * interval->high);
}

/* ---- JSON ---- */

/**
 * assay_cli_json_name:
 *
 * Begins a member; its value is to be appended.
 */
void
assay_cli_json_name (GString *out,
                     const char *name)
{
  if (out->len > 0 && out->str[out->len - 1] != '{')
    g_string_append (out, ", ");
  assay_json_append_string (out, name);
  g_string_append (out, ": ");
}

void
assay_cli_json_number (GString *out,
                       const char *name,
                       double value)
{
  assay_cli_json_name (out, name);
  assay_json_append_double (out, value);
}

void
assay_cli_json_count (GString *out,
                      const char *name,
                      guint64 count)
{
  assay_cli_json_name (out, name);
  g_string_append_printf (out, "%" G_GUINT64_FORMAT, count);
}

void
assay_cli_json_string (GString *out,
                       const char *name,
                       const char *text)
{
  assay_cli_json_name (out, name);
  assay_json_append_string (out, text);
}

void
assay_cli_json_interval (GString *out,
                         const char *name,
                         const AssayInterval *interval)
{
  assay_cli_json_name (out, name);
  g_string_append_c (out, '{');
  assay_cli_json_number (out, "value", interval->value);
  assay_cli_json_number (out, "low", interval->low);
  assay_cli_json_number (out, "high", interval->high);
  g_string_append_c (out, '}');
}

void
assay_cli_json_target (GString *out,
                       const char *name,
                       AssayTarget *target)
{
  assay_cli_json_name (out, name);
  g_string_append_c (out, '{');
  assay_cli_json_string (out, "connection", assay_target_get_connection_id (target));
  assay_cli_json_string (out, "model", assay_target_get_model (target));
  assay_cli_json_string (out, "version", assay_target_get_version (target));
  g_string_append_c (out, '}');
}

/**
 * assay_cli_judge_write:
 * @path: (nullable): a file, standard output for none and "-"
 * @error: %ASSAY_ERROR_FAILED
 *
 * Returns: whether all of it is written
 */
gboolean
assay_cli_judge_write (const char *path,
                       const char *text,
                       GError **error)
{
  gboolean to_stdout = path == NULL || g_str_equal (path, "-");
  FILE *file = to_stdout ? stdout : fopen (path, "we");
  gboolean written = file != NULL && fputs (text, file) != EOF && fflush (file) == 0;

  if (!written)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED, _("Results can't be written to %s: %s"),
                 to_stdout ? _("standard output") : path, g_strerror (errno));
  if (file != NULL && !to_stdout)
    fclose (file);
  return written;
}

/* ---- gates ---- */

struct _AssayCliGates {
  char *suite;
  char *junit;                /* (nullable) a path: no report without */
  GString *cases;
  gint64 began;               /* microseconds since 1970 */
  guint n_cases;
  guint n_failures;
  guint n_errors;
  guint n_gates;
  gboolean missed;
};

/**
 * assay_cli_gates_new:
 * @suite: the command and what it asks
 * @junit: (nullable): where the report goes
 *
 * Returns: (transfer full): no gates so far
 */
AssayCliGates *
assay_cli_gates_new (const char *suite,
                     const char *junit)
{
  AssayCliGates *self = g_new0 (AssayCliGates, 1);

  self->suite = g_strdup (suite);
  self->junit = g_strdup (junit);
  self->cases = g_string_new (NULL);
  self->began = g_get_real_time ();
  return self;
}

void
assay_cli_gates_free (AssayCliGates *self)
{
  g_string_free (self->cases, TRUE);
  g_free (self->junit);
  g_free (self->suite);
  g_free (self);
}

static void
add_case (AssayCliGates *self,
          const AssayJunitCase *one)
{
  self->n_cases++;
  self->n_failures += one->failure != NULL;
  self->n_errors += one->error != NULL;
  if (self->junit != NULL)
    assay_junit_append_case (self->cases, one);
}

/**
 * assay_cli_gates_add:
 * @name: the option that asked for it
 * @met: whether that is so
 * @words: how it stands; said if it is not
 */
void
assay_cli_gates_add (AssayCliGates *self,
                     const char *name,
                     gboolean met,
                     const char *words)
{
  const AssayJunitCase one = { "gates", name, 0, met ? NULL : words, NULL };

  self->n_gates++;
  self->missed = self->missed || !met;
  add_case (self, &one);
  if (!met)
    assay_cli_complain (name, words);
}

/**
 * assay_cli_gates_add_picture:
 * @path: as it was given
 * @seconds: it took
 * @failure: (nullable): what is wrong with the answer
 * @error: (nullable): why there is none
 */
void
assay_cli_gates_add_picture (AssayCliGates *self,
                             const char *path,
                             double seconds,
                             const char *failure,
                             const char *error)
{
  g_autofree char *safe = NULL;
  AssayJunitCase one = { "images", NULL, seconds, failure, error };

  if (self->junit == NULL)
    return;
  safe = assay_display_text (path, -1, 0);
  one.name = safe;
  add_case (self, &one);
}

/**
 * assay_cli_gates_judge:
 * @status: the exit status without gates
 *
 * Returns: the exit status with them: a gate that was not met comes before pictures
 *   without an answer, and after everything that kept the command from its work
 */
int
assay_cli_gates_judge (AssayCliGates *self,
                       int status)
{
  return self->missed && status <= ASSAY_CLI_SOME_FAILED ? ASSAY_CLI_GATE : status;
}

/**
 * assay_cli_gates_write:
 * @error: %ASSAY_ERROR_FAILED
 *
 * Writes the report, if one is wanted.
 *
 * Returns: whether all is well
 */
gboolean
assay_cli_gates_write (AssayCliGates *self,
                       GError **error)
{
  double seconds = (g_get_real_time () - self->began) / (double) G_USEC_PER_SEC;
  g_autofree char *text = NULL;

  if (self->junit == NULL)
    return TRUE;
  text = assay_junit_end (self->suite, self->began / G_USEC_PER_SEC, seconds, self->n_cases,
                          self->n_failures, self->n_errors, self->cases->str);
  return assay_cli_judge_write (self->junit, text, error);
}
