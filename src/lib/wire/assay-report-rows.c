/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The images of a report, and how it was made. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-display.h"
#include "assay-paired.h"
#include "assay-report-private.h"

/* Labels of one flip: the first two of each version, and the true one. */
#define MOST_SCORES 5

/* The plane of a pair of bars, stretched to the room that there is. */
#define BAR_WIDTH 240
#define BAR_HEIGHT 9
#define BAR_FULL_HEIGHT 21

/* A list with more images is folded. */
#define FOLDED 40

/* What is not nothing is seen. */
#define LEAST 1.5

/* ---- thumbnails ---- */

static const char *
get_media_type (GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  return length > 4 && memcmp (data, "\x89PNG", 4) == 0 ? "image/png" : "image/jpeg";
}

/* The name stands beside it: heard, it would be said twice. */
static void
add_thumbnail (GBytes *thumbnail,
               GString *out)
{
  if (thumbnail == NULL)
    {
      g_string_append (out, "<div class=\"thumb\"></div>\n");
      return;
    }
  assay_html_add (out, "<img class=\"thumb\" alt=\"\" width=\"96\" height=\"96\" src=\"data:%s;base64,",
                  get_media_type (thumbnail));
  assay_html_add_base64 (out, thumbnail);
  g_string_append (out, "\"/>\n");
}

/* ---- flips ---- */

static void
add_label_once (GPtrArray *labels,
                const char *label)
{
  for (guint i = 0; i < labels->len; i++)
    if (g_str_equal (g_ptr_array_index (labels, i), label))
      return;
  if (labels->len < MOST_SCORES)
    g_ptr_array_add (labels, (gpointer) label);
}

/* The candidate's order, as the baseline has it after that. */
static GPtrArray *
list_labels (const AssayReportRow *row)
{
  GPtrArray *labels = g_ptr_array_new ();

  add_label_once (labels, assay_prediction_get_label (row->b, 0));
  add_label_once (labels, assay_prediction_get_label (row->a, 0));
  if (row->raw_truth != NULL)
    add_label_once (labels, row->raw_truth);
  if (assay_prediction_get_n (row->b) > 1)
    add_label_once (labels, assay_prediction_get_label (row->b, 1));
  if (assay_prediction_get_n (row->a) > 1)
    add_label_once (labels, assay_prediction_get_label (row->a, 1));
  return labels;
}

static gboolean
is_share (const AssayPrediction *prediction)
{
  return assay_prediction_get_scale (prediction) != ASSAY_SCALE_OTHER;
}

static void
add_bar (const char *class,
         const AssayPrediction *prediction,
         const char *label,
         double y,
         GString *out)
{
  double score = 0;

  if (!is_share (prediction) || !assay_prediction_find (prediction, label, &score) || score <= 0)
    return;
  assay_html_add (out, "<rect class=\"%s\" x=\"0\"", class);
  assay_html_add_length (out, "y", y);
  assay_html_add_length (out, "width", MAX (score * BAR_WIDTH, LEAST));
  assay_html_add_length (out, "height", BAR_HEIGHT);
  g_string_append (out, "/>");
}

static void
add_bars (AssayReport *self,
          const AssayReportRow *row,
          const char *label,
          GString *out)
{
  double limit = self->threshold * BAR_WIDTH;

  /* The numbers stand in the same line of the table. */
  g_string_append_printf (out, "<td><svg class=\"bars\" aria-hidden=\"true\" preserveAspectRatio=\"none\" "
                          "viewBox=\"0 0 %d %d\">", BAR_WIDTH, BAR_FULL_HEIGHT);
  add_bar ("bar-a", row->a, label, 0.5, out);
  add_bar ("bar-b", row->b, label, BAR_FULL_HEIGHT - BAR_HEIGHT - 0.5, out);
  g_string_append_printf (out, "<line class=\"zero\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"%d\"/>",
                          BAR_FULL_HEIGHT);
  if (self->threshold > 0 && is_share (row->b))
    {
      g_string_append (out, "<line class=\"limit\" y1=\"0\"");
      assay_html_add_length (out, "x1", limit);
      assay_html_add_length (out, "x2", limit);
      assay_html_add_length (out, "y2", BAR_FULL_HEIGHT);
      g_string_append (out, "/>");
    }
  g_string_append (out, "</svg></td>");
}

static void
add_score (const AssayPrediction *prediction,
           const char *label,
           GString *out)
{
  double score = 0;
  g_autofree char *text = NULL;

  /* A trimmed one may have had the label: nothing is said of it. */
  if (assay_prediction_find (prediction, label, &score))
    text = assay_report_dup_score (prediction, score);
  else
    text = g_strdup (assay_prediction_can_tell (prediction, label) ? _("not sent") : "…");
  assay_html_add (out, "<td class=\"number\">%s</td>", text);
}

static void
add_scores (AssayReport *self,
            const AssayReportRow *row,
            GString *out)
{
  g_autoptr (GPtrArray) labels = list_labels (row);

  assay_html_add (out, "<table class=\"scores\">\n<caption class=\"unseen\">%s</caption>\n"
                  "<colgroup><col class=\"label\"/><col/><col class=\"number\"/><col class=\"number\"/>"
                  "</colgroup>\n<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th>",
                  _("Scores of Both Versions"), _("Label"), _("Scores"));
  for (guint i = 0; i < 2; i++)
    assay_html_add (out, "<th scope=\"col\" class=\"number\"><bdi>%s</bdi></th>", self->asked[i].title);
  g_string_append (out, "</tr></thead>\n<tbody>\n");
  for (guint i = 0; i < labels->len; i++)
    {
      const char *label = g_ptr_array_index (labels, i);
      g_autofree char *shown = assay_display_text (label, -1, 0);

      g_string_append (out, g_strcmp0 (label, row->raw_truth) == 0 ? "<tr class=\"true\">" : "<tr>");
      assay_html_add (out, "<th scope=\"row\"><bdi>%s</bdi></th>", shown);
      add_bars (self, row, label, out);
      add_score (row->a, label, out);
      add_score (row->b, label, out);
      g_string_append (out, "</tr>\n");
    }
  g_string_append (out, "</tbody>\n</table>\n");
}

static const char *
get_word (AssayChange change)
{
  if (change == ASSAY_CHANGE_REGRESSED)
    return _("Regressed");
  return change == ASSAY_CHANGE_FIXED ? _("Fixed") : _("Changed");
}

static const char *
get_class (AssayChange change)
{
  if (change == ASSAY_CHANGE_REGRESSED)
    return "regressed";
  return change == ASSAY_CHANGE_FIXED ? "fixed" : "changed";
}

static void
add_truth_and_shift (const AssayReportRow *row,
                     GString *out)
{
  double shift = assay_change_get_shift (row->raw_truth, row->a, row->b);
  g_autofree char *points = assay_report_dup_shift (shift);
  g_autofree char *truth = row->truth != NULL ? g_strdup_printf (_("truth: %s"), row->truth)
                                              : g_strdup (_("no truth"));

  assay_html_add (out, "<p><bdi>%s</bdi>", truth);
  if (!isnan (shift) && is_share (row->a) && is_share (row->b))
    assay_html_add (out, " · <bdi>%s</bdi>", points);
  g_string_append (out, "</p>\n");
}

/**
 * assay_report_add_flip_row:
 * @thumbnail: (nullable)
 *
 * An image that is called something else than before: what, and how both scored it.
 */
void
assay_report_add_flip_row (AssayReport *self,
                           const AssayReportRow *row,
                           GBytes *thumbnail,
                           GString *out)
{
  g_autofree char *before = assay_display_text (assay_prediction_get_label (row->a, 0), -1, 0);
  g_autofree char *now = assay_display_text (assay_prediction_get_label (row->b, 0), -1, 0);

  g_string_append (out, "<li class=\"flip\">\n");
  add_thumbnail (thumbnail, out);
  assay_html_add (out, "<div><p><span class=\"badge %s\">%s</span></p>\n"
                  "<p class=\"said\"><bdi>%s</bdi> → <bdi>%s</bdi></p>\n",
                  get_class (row->change), get_word (row->change), before, now);
  add_truth_and_shift (row, out);
  assay_html_add (out, "<p class=\"name\"><bdi>%s</bdi></p></div>\n", row->name);
  add_scores (self, row, out);
  g_string_append (out, "</li>\n");
}

/* ---- mistakes ---- */

void
assay_report_add_mistake_row (AssayReport *self,
                              const AssayReportRow *row,
                              GBytes *thumbnail,
                              GString *out)
{
  g_autofree char *said = assay_display_text (assay_prediction_get_label (row->b, 0), -1, 0);
  g_autofree char *score = assay_report_dup_score (row->b, assay_prediction_get_score (row->b, 0));
  g_autofree char *truth = g_strdup_printf (_("truth: %s"), row->truth != NULL ? row->truth : "–");

  g_string_append (out, "<li class=\"mistake\">\n");
  add_thumbnail (thumbnail, out);
  assay_html_add (out, "<div><p class=\"said\"><bdi>%s</bdi></p><p class=\"wrong\">%s</p>"
                  "<p><bdi>%s</bdi></p><p class=\"name\"><bdi>%s</bdi></p></div>\n</li>\n",
                  said, score, truth, row->name);
}

/* ---- how it was made ---- */

/* Swallows @value. */
static void
add_fact (GString *out,
          const char *name,
          char *value)
{
  g_autofree char *text = value;

  if (text != NULL && *text != '\0')
    assay_html_add (out, "<dt>%s</dt><dd><bdi>%s</bdi></dd>\n", name, text);
}

static char *
dup_asked (const AssayReportAsked *asked)
{
  g_autofree char *model = g_strstrip (g_strdup_printf ("%s %s", asked->model != NULL ? asked->model : "",
                                                        asked->version != NULL ? asked->version : ""));
  const char *parts[] = { *model != '\0' ? model : asked->title, asked->service, asked->answered, NULL };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < 3; i++)
    if (parts[i] != NULL)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", parts[i]);
  return g_string_free (text, FALSE);
}

static char *
dup_when (gint64 when)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (when);

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M %Z") : NULL;
}

/* Adds one more kind of images, if there are any; swallows what is said of them. */
static void
append_kind (GString *text,
             guint64 n,
             char *words)
{
  g_autofree char *owned = words;

  if (n > 0)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", owned);
}

static char *
dup_extent (AssayReport *self)
{
  const AssayReportExtent *extent = &self->extent;
  guint64 n_apart = self->compared ? self->figures.n_apart : 0;
  g_autofree char *given = assay_report_dup_count (extent->n_given);
  g_autofree char *unanswered = assay_report_dup_count (extent->n_unanswered);
  g_autofree char *unknown = assay_report_dup_count (extent->n_without_truth);
  g_autofree char *apart = assay_report_dup_count (n_apart);
  GString *text = g_string_new (NULL);

  append_kind (text, extent->n_given,
               g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s image", "%s images", extent->n_given),
                                given));
  append_kind (text, extent->n_unanswered,
               g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s without an answer",
                                             "%s without an answer", extent->n_unanswered),
                                unanswered));
  append_kind (text, extent->n_without_truth,
               g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s without a known truth",
                                             "%s without a known truth", extent->n_without_truth),
                                unknown));
  append_kind (text, n_apart,
               g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s about a label that only one version has",
                                             "%s about labels that only one version has", n_apart),
                                apart));
  return g_string_free (text, FALSE);
}

static void
add_facts (AssayReport *self,
           GString *out)
{
  g_string_append (out, "<dl class=\"made\">\n");
  for (guint i = 0; i < self->n_asked; i++)
    add_fact (out, self->n_asked == 1 ? _("Model") : i == 0 ? _("Baseline") : _("Candidate"),
              dup_asked (&self->asked[i]));
  add_fact (out, _("Date"), dup_when (self->when));
  add_fact (out, _("Images"), dup_extent (self));
  add_fact (out, _("Truth"), g_strdup (self->truth));
  if (self->threshold >= 0)
    add_fact (out, _("Threshold"), assay_report_dup_mark (self->threshold));
  add_fact (out, _("Made by"), g_strdup ("Assay " ASSAY_VERSION));
  g_string_append (out, "</dl>\n");
}

/**
 * assay_report_begin_making:
 *
 * Who was asked, when, about what, and with which Assay.
 */
void
assay_report_begin_making (AssayReport *self,
                           GString *out)
{
  guint n = self->n_images;
  g_autofree char *count = assay_report_dup_count (n);
  g_autofree char *summary = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "SHA-256 of %s image", "SHA-256 of %s images", n), count);

  assay_html_add (out, "<section>\n<h2>%s</h2>\n", _("How This Was Made"));
  add_facts (self, out);
  if (n == 0)
    return;
  g_string_append (out, n <= FOLDED ? "<details open=\"open\">" : "<details>");
  assay_html_add (out, "<summary>%s</summary>\n<table class=\"hashes\">\n<caption>%s</caption>\n"
                  "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">SHA-256</th></tr></thead>\n"
                  "<tbody>\n",
                  summary, _("Of the bytes of each image as they were given"), _("Image"));
}

void
assay_report_add_image_row (const AssayReportImage *image,
                            GString *out)
{
  assay_html_add (out, "<tr><td><bdi>%s</bdi></td><td><code>%s</code></td></tr>\n", image->name,
                  image->sha256);
}

void
assay_report_end_making (AssayReport *self,
                         GString *out)
{
  guint left = self->n_images - self->images->len;
  g_autofree char *n = assay_report_dup_count (left);
  g_autofree char *words = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%s more image is not listed", "%s more images are not listed", left), n);

  if (self->n_images > 0)
    g_string_append (out, "</tbody>\n</table>\n");
  if (left > 0)
    assay_html_add (out, "<p class=\"note\">%s</p>\n", words);
  g_string_append (out, self->n_images > 0 ? "</details>\n</section>\n" : "</section>\n");
}
