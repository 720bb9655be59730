/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-output.h"
#include "assay-cli-table.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-exporter.h"

/* A line of JSON that waits for its turn. */
typedef struct {
  guint order;
  char *line;
} Line;

/* Invariants: table is set exactly for a table, lines exactly for json. */
struct _AssayCliOutput {
  AssayCliFormat format;
  guint top;                  /* labels a picture; 0 for as many as the format is used to */
  double threshold;
  FILE *file;
  char *path;                 /* (nullable) standard output if NULL */
  AssayCliTable *table;
  GArray *lines;              /* (element-type Line) */
};

/**
 * assay_cli_format_parse:
 * @name: (nullable): as typed; %NULL is a table
 * @format: (out): the format
 *
 * Returns: whether there is such a format
 */
gboolean
assay_cli_format_parse (const char *name,
                        AssayCliFormat *format)
{
  static const char *const names[] = { "table", "json", "ndjson", "csv" };

  *format = ASSAY_CLI_TABLE;
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i]))
      {
        *format = i;
        return TRUE;
      }
  return name == NULL;
}

static void
line_clear (gpointer data)
{
  g_free (((Line *) data)->line);
}

static void
set_write_error (AssayCliOutput *self,
                 GError **error)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED, _("Results can't be written to %s: %s"),
               self->path != NULL ? self->path : _("standard output"), g_strerror (errno));
}

/**
 * assay_cli_output_new:
 * @format: how
 * @path: (nullable): the file to write, %NULL or "-" for standard output
 * @top: labels a picture at most, 0 for as many as the format is used to: one
 *   in a table, all elsewhere
 * @threshold: 0…1; a picture whose highest score lies below is "unsure" in a table
 * @error: %ASSAY_ERROR_USAGE when the file can't be made
 *
 * Returns: (transfer full) (nullable): the output, with the file open
 */
AssayCliOutput *
assay_cli_output_new (AssayCliFormat format,
                      const char *path,
                      guint top,
                      double threshold,
                      GError **error)
{
  g_autoptr (AssayCliOutput) self = g_new0 (AssayCliOutput, 1);
  const char *const titles[] = { _("FILE"), _("LABEL"), _("SCORE"), _("STATUS") };

  self->format = format;
  self->top = top;
  self->threshold = threshold;
  self->file = stdout;
  if (path != NULL && !g_str_equal (path, "-"))
    {
      self->path = g_strdup (path);
      self->file = fopen (path, "we");
      if (self->file == NULL)
        {
          set_write_error (self, error);
          if (error != NULL)
            (*error)->code = ASSAY_ERROR_USAGE;
          return NULL;
        }
    }
  if (format == ASSAY_CLI_TABLE)
    {
      self->table = assay_cli_table_new (titles);
      assay_cli_table_set_right (self->table, 2);
    }
  else if (format == ASSAY_CLI_JSON)
    {
      self->lines = g_array_new (FALSE, FALSE, sizeof (Line));
      g_array_set_clear_func (self->lines, line_clear);
    }
  return g_steal_pointer (&self);
}

void
assay_cli_output_free (AssayCliOutput *self)
{
  if (self->file != NULL && self->file != stdout)
    fclose (self->file);
  g_clear_pointer (&self->table, assay_cli_table_free);
  g_clear_pointer (&self->lines, g_array_unref);
  g_free (self->path);
  g_free (self);
}

/* Out at once: who reads us through a pipe waits for it, and an end by force
 * leaves whole lines. */
static gboolean
write_text (AssayCliOutput *self,
            const char *text,
            const char *end,
            GError **error)
{
  if (fputs (text, self->file) != EOF && fputs (end, self->file) != EOF
      && fflush (self->file) == 0)
    return TRUE;
  set_write_error (self, error);
  return FALSE;
}

/**
 * assay_cli_output_begin:
 *
 * Writes what stands above the results.
 */
gboolean
assay_cli_output_begin (AssayCliOutput *self,
                        GError **error)
{
  g_autofree char *header = NULL;

  if (self->format != ASSAY_CLI_CSV)
    return TRUE;
  header = assay_export_csv_header ();
  return write_text (self, header, "\n", error);
}

static const char *
status_word (AssayAnswer *answer,
             double threshold)
{
  /* Without an answer nobody was asked: a dry run. */
  if (answer == NULL)
    return _("ready");
  switch (assay_answer_get_state (answer))
    {
    case ASSAY_ANSWER_ANSWERED:
      return assay_prediction_is_unsure (assay_answer_get_prediction (answer), threshold)
               ? _("unsure") : _("ok");
    case ASSAY_ANSWER_REJECTED:
      return _("rejected");
    case ASSAY_ANSWER_CANCELED:
      return _("canceled");
    case ASSAY_ANSWER_QUEUED:
    case ASSAY_ANSWER_READING:
    case ASSAY_ANSWER_SENDING:
    case ASSAY_ANSWER_FAILED:
    default:
      return _("failed");
    }
}

/* Scores that aren't probabilities have no percent. */
static char *
dup_score (const AssayPrediction *prediction,
           guint rank)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  double score = assay_prediction_get_score (prediction, rank);

  if (assay_prediction_get_scale (prediction) != ASSAY_SCALE_OTHER)
    return assay_display_percent (score, ASSAY_DISPLAY_PLAIN);
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.6g", score));
}

static void
add_to_table (AssayCliOutput *self,
              AssayItem *item,
              AssayAnswer *answer,
              const char *path)
{
  AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;
  const char *status = status_word (answer, self->threshold);
  guint order = assay_item_get_serial (item);
  guint n = prediction != NULL ? assay_prediction_get_n (prediction) : 0;
  const char *first[] = { path, "-", "-", status };

  n = MIN (n, MAX (self->top, 1));
  if (n == 0)
    assay_cli_table_add (self->table, order, first);
  for (guint rank = 0; rank < n; rank++)
    {
      g_autofree char *score = dup_score (prediction, rank);
      const char *label = assay_prediction_get_label (prediction, rank);
      const char *cells[] = { rank == 0 ? path : "", label, score, rank == 0 ? status : "" };

      assay_cli_table_add (self->table, order, cells);
    }
}

/**
 * assay_cli_output_add:
 * @item: an item that is done
 * @answer: (nullable): its answer; %NULL in a dry run, where it would be sent
 * @path: what to call it, any bytes
 * @error: what keeps the results from being written
 *
 * Returns: whether it was taken
 */
gboolean
assay_cli_output_add (AssayCliOutput *self,
                      AssayItem *item,
                      AssayAnswer *answer,
                      const char *path,
                      GError **error)
{
  AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;
  g_autofree char *text = NULL;
  Line line;

  if (self->format == ASSAY_CLI_TABLE)
    {
      add_to_table (self, item, answer, path);
      return TRUE;
    }
  text = assay_exporter_dup_line (self->format == ASSAY_CLI_CSV ? ASSAY_EXPORTER_CSV
                                                                : ASSAY_EXPORTER_NDJSON,
                                  item, answer, prediction, path, self->top);
  if (self->format != ASSAY_CLI_JSON)
    return write_text (self, text, "\n", error);

  line.order = assay_item_get_serial (item);
  line.line = g_steal_pointer (&text);
  g_array_append_val (self->lines, line);
  return TRUE;
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  guint left = ((const Line *) a)->order;
  guint right = ((const Line *) b)->order;

  return left < right ? -1 : left > right;
}

static gboolean
write_array (AssayCliOutput *self,
             GError **error)
{
  g_array_sort (self->lines, compare_lines);
  for (guint i = 0; i < self->lines->len; i++)
    if (!write_text (self, i == 0 ? "[\n  " : ",\n  ", g_array_index (self->lines, Line, i).line,
                     error))
      return FALSE;
  return write_text (self, self->lines->len == 0 ? "[" : "\n", "]\n", error);
}

/**
 * assay_cli_output_end:
 * @error: what keeps the results from being written
 *
 * Writes what waited for the end and closes the file.
 *
 * Returns: whether everything is written
 */
gboolean
assay_cli_output_end (AssayCliOutput *self,
                      GError **error)
{
  g_autofree char *table = NULL;
  FILE *file;

  if (self->format == ASSAY_CLI_JSON && !write_array (self, error))
    return FALSE;
  if (self->format == ASSAY_CLI_TABLE)
    {
      table = assay_cli_table_format (self->table);
      if (!write_text (self, table, "", error))
        return FALSE;
    }
  if (self->file == stdout)
    return TRUE;
  file = g_steal_pointer (&self->file);
  if (fclose (file) == 0)
    return TRUE;
  set_write_error (self, error);
  return FALSE;
}
