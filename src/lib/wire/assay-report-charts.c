/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The charts of a report, as SVG within the page: an image with a title to whoever hears
 * it, and the same numbers as a table below. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "assay-report-private.h"

/* The plane of a chart, in the units of its viewBox. */
#define WIDTH 360
#define HEIGHT 300
#define LEFT 44
#define TOP 12
#define PLOT_WIDTH 304
#define PLOT_HEIGHT 240

#define TICKS 5

/* Bins with fewer images are hollow. */
#define FEW_IN_BIN 10

/* Bars of a bin stand a little apart. */
#define GAP 2

static double
get_x (double share)
{
  return LEFT + share * PLOT_WIDTH;
}

static double
get_y (double share)
{
  return TOP + (1 - share) * PLOT_HEIGHT;
}

static void
add_line (GString *out,
          const char *class,
          double x1,
          double y1,
          double x2,
          double y2)
{
  assay_html_add (out, "<line class=\"%s\"", class);
  assay_html_add_length (out, "x1", x1);
  assay_html_add_length (out, "y1", y1);
  assay_html_add_length (out, "x2", x2);
  assay_html_add_length (out, "y2", y2);
  g_string_append (out, "/>\n");
}

static void
add_text (GString *out,
          const char *anchor,
          double x,
          double y,
          const char *text)
{
  assay_html_add (out, "<text text-anchor=\"%s\"", anchor);
  assay_html_add_length (out, "x", x);
  assay_html_add_length (out, "y", y);
  assay_html_add (out, ">%s</text>\n", text);
}

static void
begin_chart (GString *out,
             const char *title)
{
  assay_html_add (out, "<figure>\n<svg class=\"chart\" role=\"img\" viewBox=\"0 0 %d %d\">\n"
                  "<title>%s</title>\n", WIDTH, HEIGHT, title);
  for (guint i = 0; i <= TICKS; i++)
    {
      double share = i / (double) TICKS;
      g_autofree char *mark = assay_report_dup_mark (share);
      g_autofree char *below = g_strdup_printf ("%.0f", share * 100);

      add_line (out, i == 0 ? "zero" : "grid", LEFT, get_y (share), LEFT + PLOT_WIDTH, get_y (share));
      add_text (out, "end", LEFT - 6, get_y (share) + 4, mark);
      add_text (out, "middle", get_x (share), TOP + PLOT_HEIGHT + 16, below);
    }
}

static void
end_chart (GString *out,
           const char *axis,
           const char *caption)
{
  add_text (out, "middle", LEFT + PLOT_WIDTH / 2.0, HEIGHT - 8, axis);
  assay_html_add (out, "</svg>\n<figcaption>%s</figcaption>\n", caption);
}

/* ---- reliability ---- */

static void
add_bin (const AssayReliability *bin,
         guint place,
         GString *out)
{
  double left = get_x (place / (double) ASSAY_EVALUATION_BINS) + GAP / 2.0;
  double width = PLOT_WIDTH / (double) ASSAY_EVALUATION_BINS - GAP;
  double height = MAX (bin->n_right / (double) bin->n * PLOT_HEIGHT, 2);
  gboolean hollow = bin->n < FEW_IN_BIN;
  g_autofree char *n = assay_report_dup_count (bin->n);

  assay_html_add (out, "<rect class=\"%s\"", hollow ? "hollow" : "full");
  assay_html_add_length (out, "x", left);
  assay_html_add_length (out, "y", TOP + PLOT_HEIGHT - height);
  assay_html_add_length (out, "width", width);
  assay_html_add_length (out, "height", height);
  g_string_append (out, "/>\n");
  if (hollow)
    add_text (out, "middle", left + width / 2, TOP + PLOT_HEIGHT - 4, n);
}

static void
add_bin_row (const AssayReliability *bin,
             guint place,
             GString *out)
{
  g_autofree char *from = assay_report_dup_mark (place / (double) ASSAY_EVALUATION_BINS);
  g_autofree char *to = assay_report_dup_mark ((place + 1) / (double) ASSAY_EVALUATION_BINS);
  g_autofree char *n = assay_report_dup_count (bin->n);
  g_autofree char *right = assay_evaluation_dup_share (bin->n_right / (double) bin->n);
  g_autofree char *score = assay_evaluation_dup_share (bin->mean_score);
  g_autofree char *range = g_strdup_printf ("%s–%s", from, to);

  assay_html_add (out, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>\n", range, n,
                  right, score);
}

static void
add_bin_table (const AssayReportAsked *asked,
               GString *out)
{
  assay_html_add (out, "<details><summary>%s</summary>\n<table class=\"figures\">\n<caption>%s</caption>\n"
                  "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
                  "<th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
                  _("As a table"), _("Reliability"), _("Score"), _("Images"), _("Right"), _("Mean score"));
  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    if (asked->judged->bins[i].n > 0)
      add_bin_row (&asked->judged->bins[i], i, out);
  g_string_append (out, "</tbody>\n</table></details>\n");
}

static void
add_reliability (const AssayReportAsked *asked,
                 GString *out)
{
  const AssayFigures *figures = &asked->judged->figures;
  g_autofree char *error = assay_evaluation_dup_figure (figures->ece);
  g_autofree char *title =
    /* Translators: a version, and its calibration error */
    g_strdup_printf (_("Reliability of %s: how many answers are right at each score; calibration error %s"),
                     asked->title, error);

  begin_chart (out, title);
  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    if (asked->judged->bins[i].n > 0)
      add_bin (&asked->judged->bins[i], i, out);
  add_line (out, "ideal", get_x (0), get_y (0), get_x (1), get_y (1));
  end_chart (out, _("score of the answer in %"),
             _("share right · dashed: ideal · hollow: fewer than 10 images"));
  add_bin_table (asked, out);
  g_string_append (out, "</figure>\n");
}

/* ---- coverage ---- */

static void
append_point (GString *points,
              double x,
              double y)
{
  char first[G_ASCII_DTOSTR_BUF_SIZE];
  char second[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (points, "%s%s,%s", points->len > 0 ? " " : "",
                          g_ascii_formatd (first, sizeof first, "%.1f", x),
                          g_ascii_formatd (second, sizeof second, "%.1f", y));
}

static void
add_curve (const AssayReportJudged *judged,
           gboolean of_right,
           GString *out)
{
  g_autoptr (GString) points = g_string_new (NULL);

  for (guint i = 0; i <= ASSAY_REPORT_STEPS; i++)
    {
      const AssayCoverage *step = &judged->steps[i];
      double share = of_right ? step->accuracy : step->coverage;

      /* Where nothing is answered, nothing is right or wrong. */
      if (!isnan (share))
        append_point (points, get_x (step->threshold), get_y (share));
    }
  assay_html_add (out, "<polyline class=\"line%s\" points=\"%s\"/>\n", of_right ? " second" : "",
                  points->str);
}

/* Where the lines may be named without lying on either. */
static void
add_curve_names (GString *out)
{
  assay_html_add (out, "<text class=\"of1\" x=\"%d\" y=\"%d\">%s</text>\n", LEFT + 8, TOP + PLOT_HEIGHT - 28,
                  _("answered"));
  assay_html_add (out, "<text class=\"of2\" x=\"%d\" y=\"%d\">%s</text>\n", LEFT + 8, TOP + PLOT_HEIGHT - 12,
                  _("of them right"));
}

static char *
dup_coverage_caption (AssayReport *self,
                      const AssayReportJudged *judged)
{
  const AssayCoverage *coverage = &judged->at_threshold;
  g_autofree char *limit = assay_report_dup_mark (self->threshold);
  g_autofree char *answered = assay_evaluation_dup_share (coverage->coverage);
  g_autofree char *right = assay_evaluation_dup_share (coverage->accuracy);

  if (self->threshold < 0)
    return g_strdup (_("answers below it are not believed"));
  if (coverage->n == 0)
    return g_strdup_printf (_("Scores above %s: no image is answered"), limit);
  return g_strdup_printf (_("Scores above %s: %s of images answered, %s of them right"), limit, answered,
                          right);
}

static void
add_coverage_table (const AssayReportJudged *judged,
                    GString *out)
{
  assay_html_add (out, "<details><summary>%s</summary>\n<table class=\"figures\">\n<caption>%s</caption>\n"
                  "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
                  "</tr></thead>\n<tbody>\n",
                  _("As a table"), _("Threshold"), _("Threshold"), _("answered"), _("of them right"));
  for (guint i = 0; i <= ASSAY_REPORT_STEPS; i += ASSAY_REPORT_STEPS / 10)
    {
      const AssayCoverage *step = &judged->steps[i];
      g_autofree char *limit = assay_report_dup_mark (step->threshold);
      g_autofree char *answered = assay_evaluation_dup_share (step->coverage);
      g_autofree char *right = assay_evaluation_dup_share (step->accuracy);

      assay_html_add (out, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>\n", limit, answered,
                      right);
    }
  g_string_append (out, "</tbody>\n</table></details>\n");
}

static void
add_coverage (AssayReport *self,
              const AssayReportAsked *asked,
              GString *out)
{
  g_autofree char *caption = dup_coverage_caption (self, asked->judged);
  g_autofree char *title =
    g_strdup_printf (_("Answers of %s above each threshold, and how many of them are right; %s"),
                     asked->title, caption);

  begin_chart (out, title);
  add_curve (asked->judged, FALSE, out);
  add_curve (asked->judged, TRUE, out);
  if (self->threshold >= 0)
    add_line (out, "limit", get_x (self->threshold), get_y (0), get_x (self->threshold), get_y (1));
  add_curve_names (out);
  end_chart (out, _("threshold in %"), caption);
  add_coverage_table (asked->judged, out);
  g_string_append (out, "</figure>\n");
}

/**
 * assay_report_add_charts:
 *
 * How far the scores of a version can be trusted, and what a threshold would do.
 */
void
assay_report_add_charts (AssayReport *self,
                         const AssayReportAsked *asked,
                         GString *out)
{
  add_reliability (asked, out);
  add_coverage (self, asked, out);
}
