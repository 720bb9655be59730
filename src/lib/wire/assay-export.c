/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-export.h"
#include "assay-json.h"

static const char csv_header[] =
  "path,member,sha256,sent_sha256,bytes,status,label,score,predictions,model,version,attempts,"
  "seconds,error_code,error_message";

static const char *
status_name (AssayAnswerState state)
{
  switch (state)
    {
    case ASSAY_ANSWER_ANSWERED:
      return "ok";
    case ASSAY_ANSWER_FAILED:
      return "failed";
    case ASSAY_ANSWER_REJECTED:
      return "rejected";
    case ASSAY_ANSWER_QUEUED:
      return "ready"; /* only a dry run writes what is still to be asked */
    case ASSAY_ANSWER_READING:
    case ASSAY_ANSWER_SENDING:
    case ASSAY_ANSWER_CANCELED:
    default:
      return "canceled";
    }
}

static const char *
error_code (const GError *error)
{
  return assay_error_code_name (error->domain == ASSAY_ERROR ? error->code
                                                             : (int) ASSAY_ERROR_FAILED);
}

/* Bytes that are no UTF-8 as \xE9; backslashes stay, so this alone does not tell
 * the two apart: that is what the base64 form is for. */
static char *
escape_bytes (const char *bytes)
{
  GString *out = g_string_new (NULL);

  while (*bytes != '\0')
    {
      gunichar c = g_utf8_get_char_validated (bytes, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        g_string_append_printf (out, "\\x%02X", (guchar) *bytes++);
      else
        {
          g_string_append_unichar (out, c);
          bytes = g_utf8_next_char (bytes);
        }
    }
  return g_string_free (out, FALSE);
}

/* @name, and "@name_b64" if the bytes can't be written as they are. */
static void
append_bytes (GString *out,
              const char *name,
              const char *bytes)
{
  g_autofree char *escaped = bytes != NULL ? escape_bytes (bytes) : NULL;

  assay_json_add_string (out, name, escaped);
  if (bytes != NULL && !g_utf8_validate (bytes, -1, NULL))
    {
      g_autofree char *base64 = g_base64_encode ((const guchar *) bytes, strlen (bytes));
      g_autofree char *b64_name = g_strconcat (name, "_b64", NULL);

      assay_json_add_string (out, b64_name, base64);
    }
}

static void
append_predictions (GString *out,
                    const AssayExportRow *row)
{
  guint n = row->prediction != NULL ? assay_prediction_get_n (row->prediction) : 0;

  if (row->top > 0 && row->top < n)
    n = row->top;
  g_string_append_c (out, '[');
  for (guint rank = 0; rank < n; rank++)
    {
      g_string_append (out, rank > 0 ? ",{" : "{");
      assay_json_add_string (out, "label", assay_prediction_get_label (row->prediction, rank));
      assay_json_append_name (out, "score");
      assay_json_append_double (out, assay_prediction_get_score (row->prediction, rank));
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

/* Microseconds: no clock that we read knows more. */
static void
append_seconds (GString *out,
                double seconds)
{
  assay_json_append_double (out, round (seconds * 1e6) / 1e6);
}

/**
 * assay_export_ndjson:
 * @row: an item with its answer
 *
 * Members always there: path, member, sha256, bytes, status (ok, failed, rejected,
 * canceled; ready for what has not been asked), predictions (ranked,
 * highest first; empty without an answer), model, version, attempts, seconds,
 * error; null where there is nothing to say.  Besides, sent_sha256 if what was
 * sent differs from the file (converted, or the archive that it was sent within), fitted (pixels
 * of the longer side that was sent) if it was made to fit, and path_b64 and member_b64 beside an escaped path
 * or member that is not UTF-8.  It is valid JSON whatever the bytes are.
 *
 * Returns: (transfer full): one line without its end
 */
char *
assay_export_ndjson (const AssayExportRow *row)
{
  GString *out;

  g_return_val_if_fail (row != NULL && row->path != NULL, NULL);

  out = g_string_new ("{");
  append_bytes (out, "path", row->path);
  append_bytes (out, "member", row->member);
  assay_json_add_string (out, "sha256", row->sha256);
  if (row->sent_sha256 != NULL)
    assay_json_add_string (out, "sent_sha256", row->sent_sha256);
  if (row->fitted > 0)
    assay_json_add_whole (out, "fitted", row->fitted);
  assay_json_append_name (out, "bytes");
  g_string_append_printf (out, "%" G_GUINT64_FORMAT, row->bytes);
  assay_json_add_string (out, "status", status_name (row->state));
  assay_json_append_name (out, "predictions");
  append_predictions (out, row);
  assay_json_add_string (out, "model", row->model);
  assay_json_add_string (out, "version", row->version);
  assay_json_add_whole (out, "attempts", row->attempts);
  assay_json_append_name (out, "seconds");
  append_seconds (out, row->seconds);
  assay_json_append_name (out, "error");
  if (row->error != NULL)
    {
      g_string_append_c (out, '{');
      assay_json_add_string (out, "code", error_code (row->error));
      assay_json_add_string (out, "message", row->error->message);
      g_string_append_c (out, '}');
    }
  else
    g_string_append (out, "null");
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/**
 * assay_export_csv_header:
 *
 * Returns: (transfer full): the first line, without its end
 */
char *
assay_export_csv_header (void)
{
  return g_strdup (csv_header);
}

/* A cell that begins like this is a formula to a spreadsheet, and a label or a
 * file name can be chosen by a stranger.  Some take the wide forms for the narrow. */
static gboolean
looks_like_formula (const char *text)
{
  static const gunichar signs[] = { '=', '+', '-', '@', '\t', '\r', '\n',
                                    0xFF1D, 0xFF0B, 0xFF0D, 0xFF20 };
  gunichar first = g_utf8_get_char (text);

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (first == signs[i])
      return TRUE;
  return FALSE;
}

/* CSV has no escapes of its own; a control character in it would still be one to the
 * terminal that shows the file. */
static void
append_cell_char (GString *out,
                  gunichar c)
{
  if (c == '"')
    g_string_append (out, "\"\"");
  else if (c == '\t' || c == '\r' || c == '\n' || assay_display_is_safe (c))
    g_string_append_unichar (out, c);
  else
    g_string_append_printf (out, "\\u%04X", c);
}

static void
append_cell (GString *out,
             const char *text)
{
  g_autofree char *escaped = escape_bytes (text != NULL ? text : "");
  gboolean quoted = strpbrk (escaped, ",;\"\r\n") != NULL || g_ascii_isspace (*escaped)
                    || g_str_has_suffix (escaped, " ");

  if (quoted)
    g_string_append_c (out, '"');
  if (looks_like_formula (escaped))
    g_string_append_c (out, '\'');
  for (const char *p = escaped; *p != '\0'; p = g_utf8_next_char (p))
    append_cell_char (out, g_utf8_get_char (p));
  g_string_append (out, quoted ? "\"," : ",");
}

static void
append_best (GString *out,
             const AssayExportRow *row)
{
  g_autoptr (GString) all = g_string_new (NULL);

  if (row->prediction == NULL)
    {
      g_string_append (out, ",,,");
      return;
    }
  append_cell (out, assay_prediction_get_label (row->prediction, 0));
  assay_json_append_double (out, assay_prediction_get_score (row->prediction, 0));
  g_string_append_c (out, ',');
  append_predictions (all, row);
  append_cell (out, all->str);
}

/**
 * assay_export_csv:
 * @row: an item with its answer
 *
 * One record by RFC 4180: the best label and its score in columns of their own,
 * and all of them as JSON in "predictions".  Text cells that a spreadsheet would
 * take for a formula get an apostrophe in front; bytes that are not UTF-8 are
 * escaped as in assay_export_ndjson(), control characters and marks of direction as
 * \u202E.  Numbers are in no locale.
 *
 * Returns: (transfer full): one record without its line end
 */
char *
assay_export_csv (const AssayExportRow *row)
{
  GString *out;

  g_return_val_if_fail (row != NULL && row->path != NULL, NULL);

  out = g_string_new (NULL);
  append_cell (out, row->path);
  append_cell (out, row->member);
  append_cell (out, row->sha256);
  append_cell (out, row->sent_sha256);
  g_string_append_printf (out, "%" G_GUINT64_FORMAT ",", row->bytes);
  append_cell (out, status_name (row->state));
  append_best (out, row);
  append_cell (out, row->model);
  append_cell (out, row->version);
  g_string_append_printf (out, "%u,", row->attempts);
  append_seconds (out, row->seconds);
  g_string_append_c (out, ',');
  append_cell (out, row->error != NULL ? error_code (row->error) : NULL);
  append_cell (out, row->error != NULL ? row->error->message : NULL);
  g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

/* ---- what is judged ---- */

static const char compared_header[] =
  "path,member,sha256,truth,change,a,score_a,b,score_b,shift,model_a,version_a,model_b,version_b";
static const char evaluated_header[] = "path,member,sha256,truth,answer,score,right,model,version";

/**
 * assay_export_get_change_name:
 * @change: what became of an image
 *
 * Returns: (transfer none): the word for it that programs read, "regressed"
 */
const char *
assay_export_get_change_name (AssayChange change)
{
  static const char *const names[] = { "same", "changed", "fixed", "regressed" };

  g_return_val_if_fail (change < G_N_ELEMENTS (names), NULL);

  return names[change];
}

/* The word, or NULL while one of the two has said nothing. */
static const char *
find_change (const AssayExportJudged *row)
{
  if (row->a == NULL || row->b == NULL)
    return NULL;
  return assay_export_get_change_name (assay_change_judge (row->truth, row->a, row->b));
}

static double
find_shift (const AssayExportJudged *row)
{
  if (row->a == NULL || row->b == NULL)
    return NAN;
  return assay_change_get_shift (row->truth, row->a, row->b);
}

/* "true", "false", or NULL where nobody can tell. */
static const char *
find_right (const AssayExportJudged *row)
{
  if (row->truth == NULL || row->b == NULL)
    return NULL;
  return strcmp (assay_prediction_get_label (row->b, 0), row->truth) == 0 ? "true" : "false";
}

static const char *
find_label (const AssayPrediction *prediction)
{
  return prediction != NULL ? assay_prediction_get_label (prediction, 0) : NULL;
}

static double
find_score (const AssayPrediction *prediction)
{
  return prediction != NULL ? assay_prediction_get_score (prediction, 0) : NAN;
}

static void
add_double (GString *out,
            const char *name,
            double value)
{
  assay_json_append_name (out, name);
  assay_json_append_double (out, value);
}

static void
add_compared (GString *out,
              const AssayExportJudged *row)
{
  assay_json_add_string (out, "change", find_change (row));
  assay_json_add_string (out, "a", find_label (row->a));
  add_double (out, "score_a", find_score (row->a));
  assay_json_add_string (out, "b", find_label (row->b));
  add_double (out, "score_b", find_score (row->b));
  add_double (out, "shift", find_shift (row));
  assay_json_add_string (out, "model_a", row->model_a);
  assay_json_add_string (out, "version_a", row->version_a);
  assay_json_add_string (out, "model_b", row->model_b);
  assay_json_add_string (out, "version_b", row->version_b);
}

static void
add_evaluated (GString *out,
               const AssayExportJudged *row)
{
  const char *right = find_right (row);

  assay_json_add_string (out, "answer", find_label (row->b));
  add_double (out, "score", find_score (row->b));
  assay_json_append_name (out, "right");
  g_string_append (out, right != NULL ? right : "null");
  assay_json_add_string (out, "model", row->model_b);
  assay_json_add_string (out, "version", row->version_b);
}

/**
 * assay_export_judged_ndjson:
 * @row: an item with its truth and answers
 *
 * Members always there: path, member, sha256 and truth; of a comparison change (same,
 * changed, fixed, regressed), a and score_a, b and score_b, shift, and both models and
 * versions, with the names and values that "assay-cli compare" gives its flips; else answer,
 * score, right, model and version, as "assay-cli evaluate" has them of its mistakes.  What
 * nobody can tell is null.  Bytes that are not UTF-8 are as in assay_export_ndjson().
 *
 * Returns: (transfer full): one line without its end
 */
char *
assay_export_judged_ndjson (const AssayExportJudged *row)
{
  GString *out;

  g_return_val_if_fail (row != NULL && row->path != NULL, NULL);

  out = g_string_new ("{");
  append_bytes (out, "path", row->path);
  append_bytes (out, "member", row->member);
  assay_json_add_string (out, "sha256", row->sha256);
  assay_json_add_string (out, "truth", row->truth);
  if (row->model_a != NULL)
    add_compared (out, row);
  else
    add_evaluated (out, row);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/**
 * assay_export_judged_csv_header:
 * @compared: whether two versions are compared
 *
 * Returns: (transfer full): the first line, without its end
 */
char *
assay_export_judged_csv_header (gboolean compared)
{
  return g_strdup (compared ? compared_header : evaluated_header);
}

static void
append_number_cell (GString *out,
                    double value)
{
  if (!isnan (value))
    assay_json_append_double (out, value);
  g_string_append_c (out, ',');
}

static void
append_said (GString *out,
             const AssayPrediction *prediction)
{
  append_cell (out, find_label (prediction));
  append_number_cell (out, find_score (prediction));
}

static void
append_compared (GString *out,
                 const AssayExportJudged *row)
{
  append_cell (out, find_change (row));
  append_said (out, row->a);
  append_said (out, row->b);
  append_number_cell (out, find_shift (row));
  append_cell (out, row->model_a);
  append_cell (out, row->version_a);
  append_cell (out, row->model_b);
  append_cell (out, row->version_b);
}

static void
append_evaluated (GString *out,
                  const AssayExportJudged *row)
{
  append_said (out, row->b);
  append_cell (out, find_right (row));
  append_cell (out, row->model_b);
  append_cell (out, row->version_b);
}

/**
 * assay_export_judged_csv:
 * @row: an item with its truth and answers
 *
 * One record, its cells written as those of assay_export_csv(); what nobody can tell is
 * an empty cell.
 *
 * Returns: (transfer full): one record without its line end
 */
char *
assay_export_judged_csv (const AssayExportJudged *row)
{
  GString *out;

  g_return_val_if_fail (row != NULL && row->path != NULL, NULL);

  out = g_string_new (NULL);
  append_cell (out, row->path);
  append_cell (out, row->member);
  append_cell (out, row->sha256);
  append_cell (out, row->truth);
  if (row->model_a != NULL)
    append_compared (out, row);
  else
    append_evaluated (out, row);
  g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}
