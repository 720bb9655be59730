/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The numbers of a report: the cards at its top and its tables. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "assay-comparison-text.h"
#include "assay-display.h"
#include "assay-report-private.h"

/* More labels than this, and the matrix is written small. */
#define MANY 8

#define SHADES 8

/* ---- cards ---- */

/* Swallows @value and the notes. */
static void
add_card (GString *out,
          const char *name,
          char *value,
          char *note,
          char *more)
{
  g_autofree char *number = value;
  g_autofree char *words = note;
  g_autofree char *others = more;

  assay_html_add (out, "<div><dt>%s</dt><dd class=\"big\">%s</dd>", name, number);
  if (words != NULL)
    assay_html_add (out, "<dd>%s</dd>", words);
  if (others != NULL)
    assay_html_add (out, "<dd>%s</dd>", others);
  g_string_append (out, "</div>\n");
}

static void
add_judged_cards (const AssayReportJudged *judged,
                  GString *out)
{
  const AssayFigures *figures = &judged->figures;

  add_card (out, _("Accuracy"), assay_evaluation_dup_share (figures->accuracy.value),
            assay_evaluation_dup_interval (&figures->accuracy), NULL);
  add_card (out, _("Macro F1"), assay_evaluation_dup_figure (figures->macro.f1),
            assay_evaluation_dup_mean (judged->n_labels), NULL);
  add_card (out, _("Top-2 accuracy"), assay_evaluation_dup_share (judged->top_2),
            assay_evaluation_dup_top (figures, 2, judged->top_2), NULL);
  add_card (out, _("Calibration error"), assay_evaluation_dup_figure (figures->ece),
            assay_evaluation_dup_trust (figures), NULL);
  add_card (out, _("Images"), assay_report_dup_count (figures->n), NULL, NULL);
}

static void
add_accuracy_card (const AssayReportAsked *asked,
                   guint64 n_right,
                   guint64 n,
                   const AssayInterval *accuracy,
                   GString *out)
{
  g_autofree char *name = g_strdup_printf (_("Accuracy of %s"), asked->title);
  g_autofree char *right = assay_report_dup_count (n_right);
  g_autofree char *all = assay_report_dup_count (n);

  add_card (out, name, assay_evaluation_dup_share (accuracy->value),
            /* Translators: how many of how many are right */
            g_strdup_printf (_("%s of %s right"), right, all), assay_evaluation_dup_interval (accuracy));
}

static char *
dup_difference_interval (const AssayInterval *difference)
{
  g_autofree char *low = assay_report_dup_shift (difference->low);
  g_autofree char *high = assay_report_dup_shift (difference->high);

  if (isnan (difference->low))
    return g_strdup (_("nothing to tell it by"));
  /* Translators: two differences with their signs and units */
  return g_strdup_printf (_("95\u202f%% interval %s to %s"), low, high);
}

static void
add_truth_cards (AssayReport *self,
                 GString *out)
{
  const AssayComparisonFigures *figures = &self->figures;

  add_accuracy_card (&self->asked[1], figures->both_right + figures->only_b, figures->n_truth,
                     &figures->accuracy_b, out);
  add_accuracy_card (&self->asked[0], figures->both_right + figures->only_a, figures->n_truth,
                     &figures->accuracy_a, out);
  add_card (out, _("Difference"), assay_report_dup_shift (figures->difference.value),
            dup_difference_interval (&figures->difference), NULL);
  add_card (out, _("Regressed"), assay_report_dup_count (figures->only_a),
            g_strdup (_("right before, wrong now")), NULL);
  add_card (out, _("Fixed"), assay_report_dup_count (figures->only_b),
            g_strdup (_("wrong before, right now")), NULL);
}

static void
add_agreement_cards (AssayReport *self,
                     GString *out)
{
  const AssayComparisonFigures *figures = &self->figures;
  const AssayInterval agreement = assay_wilson_interval (figures->agree, figures->n);

  add_card (out, _("Agreement"), assay_evaluation_dup_share (agreement.value),
            assay_evaluation_dup_interval (&agreement), NULL);
  add_card (out, _("Same"), assay_report_dup_count (figures->agree), NULL, NULL);
  add_card (out, _("Changed"), assay_report_dup_count (figures->changed), NULL, NULL);
  add_card (out, _("Images"), assay_report_dup_count (figures->n), NULL, NULL);
}

void
assay_report_add_cards (AssayReport *self,
                        GString *out)
{
  const AssayReportAsked *last = &self->asked[MAX (self->n_asked, 1) - 1];

  g_string_append (out, "<dl class=\"cards\">\n");
  if (self->compared && self->figures.n_truth > 0)
    add_truth_cards (self, out);
  else if (self->compared)
    add_agreement_cards (self, out);
  else if (last->judged != NULL)
    add_judged_cards (last->judged, out);
  else
    add_card (out, _("Images"), assay_report_dup_count (self->extent.n_given), NULL, NULL);
  g_string_append (out, "</dl>\n");
}

/* ---- all figures ---- */

typedef enum {
  ACCURACY,
  TOP_2,
  BALANCED,
  MACRO_PRECISION,
  MACRO_RECALL,
  MACRO_F1,
  WEIGHTED_F1,
  LOG_LOSS,
  BRIER,
  CALIBRATION,
  KAPPA,
  MATTHEWS,
} Figure;

static const struct {
  const char *name;
  const char *note;           /* (nullable) */
} names[] = {
  [ACCURACY] = { N_("Accuracy"), NULL },
  [TOP_2] = { N_("Top-2 accuracy"), NULL },
  [BALANCED] = { N_("Balanced accuracy"), N_("mean recall") },
  [MACRO_PRECISION] = { N_("Macro precision"), N_("every label counts the same") },
  [MACRO_RECALL] = { N_("Macro recall"), NULL },
  [MACRO_F1] = { N_("Macro F1"), NULL },
  [WEIGHTED_F1] = { N_("Weighted F1"), N_("labels count by their images") },
  [LOG_LOSS] = { N_("Log loss"), N_("0 is best") },
  [BRIER] = { N_("Brier score"), N_("0 is best") },
  [CALIBRATION] = { N_("Calibration error"), N_("0 is best") },
  [KAPPA] = { N_("Cohen’s kappa"), N_("0 is chance, 1 is best") },
  [MATTHEWS] = { N_("Matthews correlation"), N_("0 is chance, 1 is best") },
};

static double
get_figure (const AssayReportJudged *judged,
            Figure which)
{
  const AssayFigures *figures = &judged->figures;
  const double values[] = {
    [ACCURACY] = figures->accuracy.value,
    [TOP_2] = judged->top_2,
    [BALANCED] = figures->balanced_accuracy,
    [MACRO_PRECISION] = figures->macro.precision,
    [MACRO_RECALL] = figures->macro.recall,
    [MACRO_F1] = figures->macro.f1,
    [WEIGHTED_F1] = figures->weighted.f1,
    [LOG_LOSS] = figures->log_loss,
    [BRIER] = figures->brier,
    [CALIBRATION] = figures->ece,
    [KAPPA] = figures->kappa,
    [MATTHEWS] = figures->mcc,
  };

  return values[which];
}

static void
add_figure_cell (const AssayReportJudged *judged,
                 Figure which,
                 GString *out)
{
  double value = get_figure (judged, which);
  guint64 n = judged->figures.n;
  gboolean is_share = which <= BALANCED;
  g_autofree char *text = is_share ? assay_evaluation_dup_share (value)
                                   : assay_evaluation_dup_figure (value);

  assay_html_add (out, "<td>%s", text);
  if (which <= TOP_2)
    {
      AssayInterval interval = assay_wilson_interval (isnan (value) ? 0 : llround (value * n), n);
      g_autofree char *words = assay_evaluation_dup_interval (&interval);

      assay_html_add (out, "<small>%s</small>", words);
    }
  g_string_append (out, "</td>");
}

static void
add_figure_row (AssayReport *self,
                Figure which,
                GString *out)
{
  assay_html_add (out, "<tr><th scope=\"row\">%s", _(names[which].name));
  if (names[which].note != NULL)
    assay_html_add (out, "<small>%s</small>", _(names[which].note));
  g_string_append (out, "</th>");
  for (guint i = 0; i < self->n_asked; i++)
    if (self->asked[i].judged != NULL)
      add_figure_cell (self->asked[i].judged, which, out);
  g_string_append (out, "</tr>\n");
}

/* A section with a table that may be wider than a telephone. */
static void
begin_table (GString *out,
             const char *heading,
             const char *caption)
{
  assay_html_add (out, "<section>\n<h2>%s</h2>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                  "aria-label=\"%s\">\n<table class=\"figures few\">\n<caption>%s</caption>\n",
                  heading, heading, caption);
}

static void
add_images_row (AssayReport *self,
                GString *out)
{
  assay_html_add (out, "<tr><th scope=\"row\">%s</th>", _("Images"));
  for (guint i = 0; i < self->n_asked; i++)
    if (self->asked[i].judged != NULL)
      {
        g_autofree char *n = assay_report_dup_count (self->asked[i].judged->figures.n);

        assay_html_add (out, "<td>%s</td>", n);
      }
  g_string_append (out, "</tr>\n");
}

/**
 * assay_report_add_figures:
 *
 * A table of all figures, with a column for each version that was judged.
 */
void
assay_report_add_figures (AssayReport *self,
                          GString *out)
{
  begin_table (out, _("All Figures"), _("Defined as scikit-learn has them; intervals are Wilson’s"));
  assay_html_add (out, "<thead><tr><th scope=\"col\">%s</th>", _("Figure"));
  for (guint i = 0; i < self->n_asked; i++)
    if (self->asked[i].judged != NULL)
      assay_html_add (out, "<th scope=\"col\"><bdi>%s</bdi></th>", self->asked[i].title);
  g_string_append (out, "</tr></thead>\n<tbody>\n");
  add_images_row (self, out);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    add_figure_row (self, i, out);
  g_string_append (out, "</tbody>\n</table>\n</div>\n</section>\n");
}

/* ---- both versions ---- */

static void
add_paired_row (const char *head,
                guint64 right,
                guint64 wrong,
                GString *out)
{
  g_autofree char *first = assay_report_dup_count (right);
  g_autofree char *second = assay_report_dup_count (wrong);

  assay_html_add (out, "<tr><th scope=\"row\"><bdi>%s</bdi></th><td>%s</td><td>%s</td></tr>\n", head,
                  first, second);
}

static void
add_test (const AssayComparisonFigures *figures,
          GString *out)
{
  g_autofree char *p = assay_p_dup_text (figures->p);
  g_autofree char *words = g_strdup_printf (
    /* Translators: numbers of images, and at the end "= 0.18" */
    _("Exact McNemar test of %u regressed and %u fixed among %u: p %s"), (guint) figures->only_a,
    (guint) figures->only_b, (guint) figures->n_truth, p);

  assay_html_add (out, "<p class=\"note\">%s</p>\n", words);
  if (!isnan (figures->difference.low))
    {
      g_autofree char *resampled = g_strdup_printf (
        _("The interval of the difference is a paired bootstrap of %u resamples, seed %u"),
        ASSAY_PAIRED_RESAMPLES, ASSAY_PAIRED_SEED);

      assay_html_add (out, "<p class=\"note\">%s</p>\n", resampled);
    }
}

/**
 * assay_report_add_paired:
 *
 * Which of the two was right how often, on the same images.
 */
void
assay_report_add_paired (AssayReport *self,
                         GString *out)
{
  const AssayComparisonFigures *figures = &self->figures;
  const char *a = self->asked[0].title;
  const char *b = self->asked[1].title;
  g_autofree char *right = g_strdup_printf (_("%s right"), b);
  g_autofree char *wrong = g_strdup_printf (_("%s wrong"), b);
  g_autofree char *was_right = g_strdup_printf (_("%s right"), a);
  g_autofree char *was_wrong = g_strdup_printf (_("%s wrong"), a);

  begin_table (out, _("The Same Images"), _("How many each version has right"));
  assay_html_add (out, "<thead><tr><td></td><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr>"
                  "</thead>\n<tbody>\n", right, wrong);
  add_paired_row (was_right, figures->both_right, figures->only_a, out);
  add_paired_row (was_wrong, figures->only_b, figures->both_wrong, out);
  g_string_append (out, "</tbody>\n</table>\n</div>\n");
  add_test (figures, out);
  g_string_append (out, "</section>\n");
}

/* ---- confusion ---- */

typedef struct {
  const AssayReportJudged *judged;
  guint size;                 /* with the others, if they are shown */
  guint64 most;
} Matrix;

static guint64
get_count (const Matrix *self,
           guint row,
           guint column)
{
  return self->judged->matrix[row * (self->judged->confused->len + 1) + column];
}

static gboolean
has_others (const Matrix *self)
{
  guint n = self->judged->confused->len;

  for (guint i = 0; i <= n; i++)
    if (get_count (self, i, n) > 0 || get_count (self, n, i) > 0)
      return TRUE;
  return FALSE;
}

static void
init_matrix (Matrix *self,
             const AssayReportJudged *judged)
{
  guint n = judged->confused->len;

  *self = (Matrix) { judged, n, 0 };
  self->size += has_others (self);
  /* All that is right or wrong among the others would make all else pale. */
  for (guint i = 0; i < self->size; i++)
    for (guint j = 0; j < self->size; j++)
      if (i < n || j < n)
        self->most = MAX (self->most, get_count (self, i, j));
}

static const char *
get_name (const Matrix *self,
          guint place)
{
  return place < self->judged->confused->len ? g_ptr_array_index (self->judged->confused, place)
                                             : _("other");
}

static void
add_cell (const Matrix *self,
          guint row,
          guint column,
          GString *out)
{
  guint64 count = get_count (self, row, column);
  guint shade = count > 0 && self->most > 0
                  ? (guint) ceil ((double) MIN (count, self->most) / self->most * SHADES) : 0;
  g_autofree char *text = count > 0 ? assay_report_dup_count (count) : g_strdup ("·");

  g_string_append (out, "<td");
  if (shade > 0 || row == column)
    g_string_append (out, " class=\"");
  if (shade > 0)
    g_string_append_printf (out, "s%u", shade);
  /* What is right among the others is not known. */
  if (row == column && row < self->judged->confused->len)
    g_string_append (out, shade > 0 ? " right" : "right");
  if (shade > 0 || row == column)
    g_string_append_c (out, '"');
  assay_html_add (out, ">%s</td>", text);
}

static void
add_rows (const Matrix *self,
          GString *out)
{
  g_string_append (out, "<thead><tr><td></td>");
  for (guint i = 0; i < self->size; i++)
    assay_html_add (out, "<th scope=\"col\"><span><bdi>%s</bdi></span></th>", get_name (self, i));
  g_string_append (out, "</tr></thead>\n<tbody>\n");
  for (guint i = 0; i < self->size; i++)
    {
      assay_html_add (out, "<tr><th scope=\"row\"><bdi>%s</bdi></th>", get_name (self, i));
      for (guint j = 0; j < self->size; j++)
        add_cell (self, i, j, out);
      g_string_append (out, "</tr>\n");
    }
  g_string_append (out, "</tbody>\n");
}

static char *
dup_caption (const Matrix *self,
             const char *title)
{
  g_autofree char *shown = assay_report_dup_count (self->judged->confused->len);
  g_autofree char *all = assay_report_dup_count (self->judged->n_labels);

  if (self->judged->confused->len == self->judged->n_labels)
    return title != NULL ? g_strdup_printf (_("%s, rows: truth · columns: answer"), title)
                         : g_strdup (_("rows: truth · columns: answer"));
  return g_strdup_printf (_("%s, rows: truth · columns: answer · the %s most confused of %s labels"),
                          title != NULL ? title : _("Confusion"), shown, all);
}

/**
 * assay_report_add_confusion:
 * @alone: whether no other version needs to be told apart
 */
void
assay_report_add_confusion (const AssayReportAsked *asked,
                            gboolean alone,
                            GString *out)
{
  Matrix matrix;
  g_autofree char *caption = NULL;

  init_matrix (&matrix, asked->judged);
  caption = dup_caption (&matrix, alone ? NULL : asked->title);
  assay_html_add (out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n"
                  "<table class=\"matrix%s\">\n<caption>%s</caption>\n", caption,
                  matrix.size > MANY ? " many" : "", caption);
  add_rows (&matrix, out);
  g_string_append (out, "</table>\n</div>\n");
}

/* ---- labels ---- */

static void
add_number (GString *out,
            double value)
{
  g_autofree char *text = assay_evaluation_dup_figure (value);

  assay_html_add (out, "<td>%s</td>", text);
}

static void
add_recall (GString *out,
            const AssayLabelFigures *label)
{
  AssayInterval interval = assay_wilson_interval (label->n_right, label->support);
  g_autofree char *text = assay_evaluation_dup_figure (label->recall);

  assay_html_add (out, "<td>%s", text);
  if (!isnan (interval.low))
    {
      g_autofree char *bounds = g_strdup_printf ("%.3f–%.3f", interval.low, interval.high);

      assay_html_add (out, "<small>%s</small>", bounds);
    }
  g_string_append (out, "</td>");
}

static void
add_label (const AssayReportLabel *label,
           GString *out)
{
  g_autofree char *name = assay_display_text (label->label, -1, 0);
  g_autofree char *support = assay_report_dup_count (label->figures.support);

  assay_html_add (out, "<tr><th scope=\"row\"><bdi>%s</bdi>", name);
  if (label->figures.support < ASSAY_EVALUATION_FEW_OF_LABEL)
    assay_html_add (out, "<small>%s</small>", _("few images"));
  g_string_append (out, "</th>");
  add_number (out, label->figures.precision);
  add_recall (out, &label->figures);
  add_number (out, label->figures.f1);
  assay_html_add (out, "<td>%s</td></tr>\n", support);
}

static void
add_mean (const char *name,
          const AssayAverages *averages,
          guint64 n,
          GString *out)
{
  g_autofree char *support = assay_report_dup_count (n);

  assay_html_add (out, "<tr><th scope=\"row\">%s</th>", name);
  add_number (out, averages->precision);
  add_number (out, averages->recall);
  add_number (out, averages->f1);
  assay_html_add (out, "<td>%s</td></tr>\n", support);
}

static void
add_labels_left (const AssayReportJudged *judged,
                 GString *out)
{
  guint left = judged->n_labels - judged->labels->len;
  g_autofree char *n = assay_report_dup_count (left);
  g_autofree char *words = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%s more label is not listed", "%s more labels are not listed", left),
    n);

  if (left > 0)
    assay_html_add (out, "<p class=\"note\">%s</p>\n", words);
}

/**
 * assay_report_add_labels:
 * @alone: whether no other version needs to be told apart
 *
 * Precision, recall with its interval, F1 and the number of images of each label, and their
 * means as scikit-learn's classification_report() has them.
 */
void
assay_report_add_labels (const AssayReportAsked *asked,
                         gboolean alone,
                         GString *out)
{
  const AssayReportJudged *judged = asked->judged;
  const AssayFigures *figures = &judged->figures;
  g_autofree char *caption = alone ? g_strdup (_("Figures by Label"))
                                   : g_strdup_printf (_("Figures by label of %s"), asked->title);

  assay_html_add (out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n"
                  "<table class=\"figures\">\n<caption>%s</caption>\n<thead><tr>"
                  "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s<small>",
                  caption, caption, _("Label"), _("Precision"), _("Recall"));
  assay_html_add (out, _("95\u202f%% interval"));
  assay_html_add (out, "</small></th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead>\n"
                  "<tbody>\n", _("F1"), _("Images"));
  for (guint i = 0; i < judged->labels->len; i++)
    add_label (g_ptr_array_index (judged->labels, i), out);
  g_string_append (out, "</tbody>\n<tfoot>\n");
  add_mean (_("Macro mean"), &figures->macro, figures->n, out);
  add_mean (_("Weighted mean"), &figures->weighted, figures->n, out);
  g_string_append (out, "</tfoot>\n</table>\n</div>\n");
  add_labels_left (judged, out);
}
