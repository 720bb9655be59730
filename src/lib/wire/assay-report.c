/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "assay-comparison-text.h"
#include "assay-display.h"
#include "assay-limits.h"
#include "assay-report-private.h"

/* So many names and hashes go out at once. */
#define PIECE 500

/* A matrix of more labels takes the whole width. */
#define FEW_LABELS 8

/* ---- what is kept ---- */

static void
label_free (gpointer data)
{
  AssayReportLabel *self = data;

  g_free (self->label);
  g_free (self);
}

static void
judged_free (AssayReportJudged *self)
{
  g_ptr_array_unref (self->labels);
  g_ptr_array_unref (self->confused);
  g_free (self->matrix);
  g_free (self);
}

static void
row_free (gpointer data)
{
  AssayReportRow *self = data;

  g_free (self->name);
  g_free (self->truth);
  g_free (self->raw_truth);
  g_clear_pointer (&self->a, assay_prediction_unref);
  g_clear_pointer (&self->b, assay_prediction_unref);
  g_clear_object (&self->picture);
  g_free (self);
}

static void
image_clear (gpointer data)
{
  g_free (((AssayReportImage *) data)->name);
}

static char *
dup_safe (const char *text)
{
  return text != NULL ? assay_display_text (text, -1, 0) : NULL;
}

/**
 * assay_report_new:
 * @when: the images were asked about, in seconds since 1970
 * @threshold: below which an answer counts as unsure, 0…1; negative for none
 *
 * Returns: (transfer full): a report about nothing so far
 */
AssayReport *
assay_report_new (gint64 when,
                  double threshold)
{
  AssayReport *self = g_new0 (AssayReport, 1);

  self->when = when;
  self->threshold = threshold;
  self->flips = g_ptr_array_new_with_free_func (row_free);
  self->mistakes = g_ptr_array_new_with_free_func (row_free);
  self->images = g_array_new (FALSE, FALSE, sizeof (AssayReportImage));
  g_array_set_clear_func (self->images, image_clear);
  return self;
}

void
assay_report_free (AssayReport *self)
{
  for (guint i = 0; i < self->n_asked; i++)
    {
      g_free (self->asked[i].title);
      g_free (self->asked[i].first);
      g_free (self->asked[i].model);
      g_free (self->asked[i].version);
      g_free (self->asked[i].service);
      g_free (self->asked[i].answered);
      g_clear_pointer (&self->asked[i].judged, judged_free);
    }
  g_free (self->truth);
  g_ptr_array_unref (self->flips);
  g_ptr_array_unref (self->mistakes);
  g_array_unref (self->images);
  g_free (self);
}

/* ---- what an evaluation says ---- */

static void
keep_labels (AssayReportJudged *judged,
             AssayEvaluation *evaluation)
{
  g_autoptr (GArray) all = assay_evaluation_list_labels (evaluation);

  judged->n_labels = all->len;
  judged->labels = g_ptr_array_new_with_free_func (label_free);
  for (guint i = 0; i < MIN (all->len, ASSAY_LIMIT_REPORT_LABELS); i++)
    {
      AssayReportLabel *label = g_new (AssayReportLabel, 1);

      label->figures = g_array_index (all, AssayLabelFigures, i);
      label->label = g_strdup (label->figures.label);
      label->figures.label = NULL;
      g_ptr_array_add (judged->labels, label);
    }
}

/* The labels of the matrix: all in the table's order, or the most confused. */
static GPtrArray *
list_confused (AssayEvaluation *evaluation,
               guint n_labels)
{
  g_autoptr (GArray) found = n_labels > ASSAY_LIMIT_REPORT_MATRIX
                               ? assay_evaluation_list_confused (evaluation, ASSAY_LIMIT_REPORT_MATRIX)
                               : assay_evaluation_list_labels (evaluation);
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (names, (gpointer) g_array_index (found, AssayLabelFigures, i).label);
  return names;
}

static void
keep_matrix (AssayReportJudged *judged,
             AssayEvaluation *evaluation)
{
  g_autoptr (GPtrArray) names = list_confused (evaluation, judged->n_labels);

  judged->matrix =
    assay_evaluation_dup_matrix (evaluation, (const char *const *) names->pdata, names->len);
  judged->confused = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (judged->confused, dup_safe (g_ptr_array_index (names, i)));
}

static AssayReportJudged *
keep_evaluation (AssayReport *self,
                 AssayEvaluation *evaluation)
{
  AssayReportJudged *judged = g_new0 (AssayReportJudged, 1);

  assay_evaluation_get_figures (evaluation, &judged->figures);
  judged->top_2 = assay_evaluation_get_top_k (evaluation, 2);
  keep_labels (judged, evaluation);
  keep_matrix (judged, evaluation);
  assay_evaluation_get_reliability (evaluation, judged->bins);
  for (guint i = 0; i <= ASSAY_REPORT_STEPS; i++)
    assay_evaluation_get_coverage (evaluation, i / (double) ASSAY_REPORT_STEPS, &judged->steps[i]);
  assay_evaluation_get_coverage (evaluation, MAX (self->threshold, 0), &judged->at_threshold);
  return judged;
}

/**
 * assay_report_add_version:
 * @version: who was asked; of two the baseline first
 * @evaluation: (nullable): against the truth; what it says now is kept
 */
void
assay_report_add_version (AssayReport *self,
                          const AssayReportVersion *version,
                          AssayEvaluation *evaluation)
{
  AssayReportAsked *asked;

  g_return_if_fail (self != NULL && self->n_asked < G_N_ELEMENTS (self->asked));
  g_return_if_fail (version != NULL && version->title != NULL);

  asked = &self->asked[self->n_asked++];
  asked->title = dup_safe (version->title);
  asked->first = dup_safe (version->first != NULL ? version->first : version->title);
  asked->model = dup_safe (version->model);
  asked->version = dup_safe (version->version);
  asked->service = dup_safe (version->service);
  asked->answered = dup_safe (version->answered);
  if (evaluation != NULL && assay_evaluation_get_n (evaluation) > 0)
    asked->judged = keep_evaluation (self, evaluation);
}

/**
 * assay_report_set_comparison:
 * @comparison: of the two versions; what it says now is kept
 */
void
assay_report_set_comparison (AssayReport *self,
                             AssayComparison *comparison)
{
  g_return_if_fail (self != NULL && comparison != NULL);
  g_return_if_fail (self->n_asked == 2);

  assay_comparison_get_figures (comparison, &self->figures);
  self->compared = TRUE;
}

/**
 * assay_report_set_extent:
 * @extent: how many images there are of which kind, and where their truth comes from
 */
void
assay_report_set_extent (AssayReport *self,
                         const AssayReportExtent *extent)
{
  g_return_if_fail (self != NULL && extent != NULL);

  g_free (self->truth);
  self->truth = dup_safe (extent->truth);
  self->extent = *extent;
  self->extent.truth = self->truth;
}

/* ---- rows ---- */

static AssayReportRow *
create_row (const char *name,
            const char *truth,
            AssayPrediction *a,
            AssayPrediction *b,
            GObject *picture)
{
  AssayReportRow *row = g_new0 (AssayReportRow, 1);

  row->name = dup_safe (name);
  row->truth = dup_safe (truth);
  row->raw_truth = g_strdup (truth);
  row->a = a != NULL ? assay_prediction_ref (a) : NULL;
  row->b = assay_prediction_ref (b);
  row->picture = picture != NULL ? g_object_ref (picture) : NULL;
  return row;
}

/**
 * assay_report_add_flip:
 * @name: of the image, without the folders above what was given
 * @truth: (nullable): what it shows
 * @change: what became of it
 * @a: what the baseline said
 * @b: what the candidate said
 * @picture: (nullable): what its thumbnail is made of when the time comes; used on the
 *   thread that writes
 *
 * The regressed are written before the fixed and those before the others, and each in the
 * order in which they came.  %ASSAY_LIMIT_REPORT_ROWS are kept and the rest is counted: what
 * matters most comes first.
 */
void
assay_report_add_flip (AssayReport *self,
                       const char *name,
                       const char *truth,
                       AssayChange change,
                       AssayPrediction *a,
                       AssayPrediction *b,
                       GObject *picture)
{
  AssayReportRow *row;

  g_return_if_fail (self != NULL && name != NULL && a != NULL && b != NULL);

  self->n_flips++;
  if (self->flips->len >= ASSAY_LIMIT_REPORT_ROWS)
    return;
  row = create_row (name, truth, a, b, picture);
  row->change = change;
  g_ptr_array_add (self->flips, row);
}

/**
 * assay_report_add_mistake:
 * @name: of the image, without the folders above what was given
 * @truth: what it shows
 * @prediction: what the version said
 * @picture: (nullable): as for a flip
 *
 * The worst first; of more than %ASSAY_LIMIT_REPORT_MISTAKES the rest is counted.
 */
void
assay_report_add_mistake (AssayReport *self,
                          const char *name,
                          const char *truth,
                          AssayPrediction *prediction,
                          GObject *picture)
{
  g_return_if_fail (self != NULL && name != NULL && prediction != NULL);

  self->n_mistakes++;
  if (self->mistakes->len < ASSAY_LIMIT_REPORT_MISTAKES)
    g_ptr_array_add (self->mistakes, create_row (name, truth, NULL, prediction, picture));
}

/**
 * assay_report_count_mistakes:
 * @n: how many there are in all, if only the worst of them are added
 */
void
assay_report_count_mistakes (AssayReport *self,
                             guint n)
{
  g_return_if_fail (self != NULL && n >= self->mistakes->len);

  self->n_mistakes = n;
}

/**
 * assay_report_add_image:
 * @name: without the folders above what was given
 * @sha256: (nullable): of its bytes, in hex
 */
void
assay_report_add_image (AssayReport *self,
                        const char *name,
                        const char *sha256)
{
  AssayReportImage image = { NULL, "–" };

  g_return_if_fail (self != NULL && name != NULL);

  self->n_images++;
  if (self->images->len >= ASSAY_LIMIT_REPORT_IMAGES)
    return;
  image.name = dup_safe (name);
  if (sha256 != NULL)
    g_strlcpy (image.sha256, sha256, sizeof image.sha256);
  g_array_append_val (self->images, image);
}

/* ---- sentences ---- */

static char *
dup_agreement (AssayReport *self)
{
  return assay_comparison_dup_agreement (&self->figures, self->asked[0].title, self->asked[1].first);
}

static char *
dup_right (const AssayReportAsked *asked)
{
  g_autofree char *n_right = NULL;
  g_autofree char *n = NULL;

  if (asked->judged == NULL)
    return g_strdup (_("No image has both an answer and a known truth."));
  n_right = assay_report_dup_count (asked->judged->figures.n_right);
  n = assay_report_dup_count (asked->judged->figures.n);
  /* Translators: the first is what is judged, "version 2", then how many of how many */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s is right on %s of %s image",
                                       "%s is right on %s of %s images", asked->judged->figures.n),
                          asked->first, n_right, n);
}

/**
 * assay_report_dup_headline:
 *
 * Returns: (transfer full): all of it in one sentence, as the commands and the window say it
 */
char *
assay_report_dup_headline (AssayReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->compared && self->figures.n_truth > 0)
    return assay_comparison_dup_verdict (&self->figures, self->asked[1].first);
  if (self->compared)
    return dup_agreement (self);
  if (self->n_asked > 0)
    return dup_right (&self->asked[self->n_asked - 1]);
  return g_strdup (_("No image has both an answer and a known truth."));
}

/* ---- sections ---- */

static void
add_head (AssayReport *self,
          const char *headline,
          GString *out)
{
  const char *language = assay_html_get_language ();
  g_autofree char *policy = assay_report_dup_policy ();

  assay_html_add (out, "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n"
                  "<meta charset=\"utf-8\"/>\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\"/>\n"
                  "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                  "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                  "<meta name=\"generator\" content=\"Assay " ASSAY_VERSION "\"/>\n"
                  "<title>%s</title>\n",
                  language, assay_html_get_direction (language), policy, headline);
  g_string_append_printf (out, "<style>%s</style>\n</head>\n", assay_report_get_style ());
}

static void
add_header (AssayReport *self,
            const char *headline,
            GString *out)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (self->when);
  g_autofree char *day = when != NULL ? g_date_time_format (when, "%Y-%m-%d") : g_strdup ("");

  assay_html_add (out, "<body>\n<header>\n<p class=\"kind\">%s · <time>%s</time></p>\n<h1>%s</h1>\n",
                  self->compared ? _("Comparison") : _("Evaluation"), day, headline);
  if (self->compared && self->figures.n_truth > 0)
    {
      g_autofree char *agreement = dup_agreement (self);

      assay_html_add (out, "<p class=\"lead\">%s</p>\n", agreement);
    }
  g_string_append (out, "</header>\n<main>\n");
  assay_report_add_cards (self, out);
}

static guint
count_judged (AssayReport *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_asked; i++)
    n += self->asked[i].judged != NULL;
  return n;
}

static gboolean
has_large_matrix (AssayReport *self)
{
  for (guint i = 0; i < self->n_asked; i++)
    if (self->asked[i].judged != NULL && self->asked[i].judged->n_labels > FEW_LABELS)
      return TRUE;
  return FALSE;
}

/* The candidate first: it is what is decided about. */
static void
add_tables (AssayReport *self,
            gboolean alone,
            GString *out)
{
  /* A small matrix leaves room beside it. */
  gboolean beside = alone && !has_large_matrix (self);

  g_string_append (out, beside ? "<div class=\"beside\">\n" : "");
  assay_html_add (out, "<section>\n<h2>%s</h2>\n<div class=\"%s\">\n", _("Confusion"),
                  has_large_matrix (self) ? "pair wide" : "pair");
  for (guint i = self->n_asked; i-- > 0;)
    if (self->asked[i].judged != NULL)
      assay_report_add_confusion (&self->asked[i], alone, out);
  assay_html_add (out, "</div>\n</section>\n<section>\n<h2>%s</h2>\n<div class=\"%s\">\n",
                  _("By Label"), alone ? "pair wide" : "pair");
  for (guint i = self->n_asked; i-- > 0;)
    if (self->asked[i].judged != NULL)
      assay_report_add_labels (&self->asked[i], alone, out);
  g_string_append (out, beside ? "</div>\n</section>\n</div>\n" : "</div>\n</section>\n");
}

static void
add_charts (AssayReport *self,
            gboolean alone,
            GString *out)
{
  assay_html_add (out, "<section>\n<h2>%s</h2>\n", _("Reliability and Coverage"));
  for (guint i = self->n_asked; i-- > 0;)
    if (self->asked[i].judged != NULL)
      {
        if (!alone)
          assay_html_add (out, "<h3><bdi>%s</bdi></h3>\n", self->asked[i].title);
        g_string_append (out, "<div class=\"pair\">\n");
        assay_report_add_charts (self, &self->asked[i], out);
        g_string_append (out, "</div>\n");
      }
  g_string_append (out, "</section>\n");
}

static void
add_judged (AssayReport *self,
            GString *out)
{
  gboolean alone = count_judged (self) == 1;

  if (count_judged (self) == 0)
    return;
  add_tables (self, alone, out);
  add_charts (self, alone, out);
  assay_report_add_figures (self, out);
}

/* ---- writing ---- */

typedef struct {
  AssayReport *report;
  AssayReportPut put;
  AssayReportShow show;
  gpointer data;
  GString *out;
} Writer;

static gboolean
flush (Writer *self,
       GError **error)
{
  gboolean is_put = self->put (self->out->str, self->out->len, self->data, error);

  g_string_truncate (self->out, 0);
  return is_put;
}

/* Of a picture that can't be shown there is a place without one. */
static gboolean
load_thumbnail (Writer *self,
                const AssayReportRow *row,
                GBytes **thumbnail,
                GError **error)
{
  g_autoptr (GError) reason = NULL;

  *thumbnail = row->picture != NULL && self->show != NULL
                 ? self->show (row->picture, self->data, &reason) : NULL;
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
write_flips_of (Writer *self,
                AssayChange change,
                GError **error)
{
  for (guint i = 0; i < self->report->flips->len; i++)
    {
      const AssayReportRow *row = g_ptr_array_index (self->report->flips, i);
      g_autoptr (GBytes) thumbnail = NULL;

      if (row->change != change)
        continue;
      if (!load_thumbnail (self, row, &thumbnail, error))
        return FALSE;
      assay_report_add_flip_row (self->report, row, thumbnail, self->out);
      if (!flush (self, error))
        return FALSE;
    }
  return TRUE;
}

static void
begin_flips (AssayReport *self,
             GString *out)
{
  const char *order = self->figures.n_truth > 0
             ? _("Regressed first, then fixed, then changed")
             : _("The truth isn’t known");
  assay_html_add (out, "<section>\n<h2>%s</h2>\n<p class=\"note\">%s</p>\n<p class=\"note keys\">"
                  "<span class=\"of\"><span class=\"key a\"></span><bdi>%s</bdi></span> "
                  "<span class=\"of\"><span class=\"key\"></span><bdi>%s</bdi></span>",
                  _("What Changed"), order, self->asked[0].title, self->asked[1].title);
  if (self->threshold > 0)
    {
      g_autofree char *limit = assay_report_dup_mark (self->threshold);
      g_autofree char *words = g_strdup_printf (_("dashed: threshold %s"), limit);

      assay_html_add (out, " <span class=\"of\">%s</span>", words);
    }
  g_string_append (out, "</p>\n");
}

static void
add_left (GString *out,
          guint left)
{
  g_autofree char *n = assay_report_dup_count (left);
  g_autofree char *words = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%s more image is not shown", "%s more images are not shown", left), n);

  if (left > 0)
    assay_html_add (out, "<p class=\"note\">%s</p>\n", words);
}

static gboolean
write_flips (Writer *self,
             GError **error)
{
  AssayReport *report = self->report;

  if (!report->compared)
    return TRUE;
  begin_flips (report, self->out);
  if (report->flips->len > 0)
    {
      g_string_append (self->out, "<ul class=\"rows\">\n");
      if (!write_flips_of (self, ASSAY_CHANGE_REGRESSED, error)
          || !write_flips_of (self, ASSAY_CHANGE_FIXED, error)
          || !write_flips_of (self, ASSAY_CHANGE_CHANGED, error))
        return FALSE;
      g_string_append (self->out, "</ul>\n");
    }
  else
    assay_html_add (self->out, "<p>%s</p>\n", _("Nothing has changed"));
  add_left (self->out, report->n_flips - report->flips->len);
  g_string_append (self->out, "</section>\n");
  return TRUE;
}

static gboolean
write_mistakes (Writer *self,
                GError **error)
{
  AssayReport *report = self->report;

  if (count_judged (report) == 0)
    return TRUE;
  assay_html_add (self->out, "<section>\n<h2>%s</h2>\n<p class=\"note\">%s</p>\n", _("Worst Mistakes"),
                  report->n_mistakes > 0 ? _("highest wrong scores first") : _("No mistakes"));
  if (report->mistakes->len > 0)
    g_string_append (self->out, "<ul class=\"rows gallery\">\n");
  for (guint i = 0; i < report->mistakes->len; i++)
    {
      const AssayReportRow *row = g_ptr_array_index (report->mistakes, i);
      g_autoptr (GBytes) thumbnail = NULL;

      if (!load_thumbnail (self, row, &thumbnail, error))
        return FALSE;
      assay_report_add_mistake_row (report, row, thumbnail, self->out);
      if (!flush (self, error))
        return FALSE;
    }
  if (report->mistakes->len > 0)
    g_string_append (self->out, "</ul>\n");
  add_left (self->out, report->n_mistakes - report->mistakes->len);
  g_string_append (self->out, "</section>\n");
  return TRUE;
}

static gboolean
write_making (Writer *self,
              GError **error)
{
  AssayReport *report = self->report;

  assay_report_begin_making (report, self->out);
  for (guint i = 0; i < report->images->len; i++)
    {
      assay_report_add_image_row (&g_array_index (report->images, AssayReportImage, i), self->out);
      if ((i + 1) % PIECE == 0 && !flush (self, error))
        return FALSE;
    }
  assay_report_end_making (report, self->out);
  g_string_append (self->out, "</main>\n</body>\n</html>\n");
  return flush (self, error);
}

/**
 * assay_report_write:
 * @put: takes one piece after the other
 * @show: (nullable): makes a thumbnail when its turn comes
 * @data: for both
 * @error: what @put or @show says; then what was put so far is no report
 *
 * Writes the page from its beginning to its end.  Holds one thumbnail at a time.  Any one
 * thread, once the report is filled.
 *
 * Returns: whether all of it was put
 */
gboolean
assay_report_write (AssayReport *self,
                    AssayReportPut put,
                    AssayReportShow show,
                    gpointer data,
                    GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *headline = NULL;
  Writer writer = { self, put, show, data, out };

  g_return_val_if_fail (self != NULL && put != NULL, FALSE);

  headline = assay_report_dup_headline (self);
  add_head (self, headline, out);
  add_header (self, headline, out);
  if (self->compared && self->figures.n_truth > 0)
    assay_report_add_paired (self, out);
  if (!flush (&writer, error) || !write_flips (&writer, error))
    return FALSE;
  add_judged (self, out);
  return flush (&writer, error)
         && write_mistakes (&writer, error)
         && write_making (&writer, error);
}
