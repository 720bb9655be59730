/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "assay-limits.h"
#include "assay-report.h"

#define HOSTILE "<script>alert(\"1\")</script>'&amp;\n\t\xe2\x80\xaeoops\x01"

/* Labels and scores in turn, to NULL. */
static AssayPrediction *
predict (const char *label,
         double score,
         const char *other)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  g_assert_true (assay_prediction_builder_add (builder, label, score, NULL));
  if (other != NULL)
    g_assert_true (assay_prediction_builder_add (builder, other, 1 - score, NULL));
  return assay_prediction_builder_end (builder);
}

static gboolean
collect (const char *text,
         gsize length,
         gpointer data,
         GError **error)
{
  g_string_append_len (data, text, length);
  return TRUE;
}

static GBytes *
show (GObject *picture,
      gpointer data,
      GError **error)
{
  return g_bytes_new_static ("\xff\xd8\xff\xe0 thumbnail", 14);
}

/* ---- what is well-formed ---- */

typedef struct {
  GString *out;
  guint depth;
  guint n_headings;
  guint last_level;
  guint n_tables;
  guint n_captions;
} Walk;

static const char *
find_attribute (const char *name,
                const char **names,
                const char **values)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return values[i];
  return NULL;
}

static void
start_element (GMarkupParseContext *context,
               const char *element,
               const char **names,
               const char **values,
               gpointer data,
               GError **error)
{
  Walk *self = data;

  self->depth++;
  g_assert_cmpstr (element, !=, "script");
  for (guint i = 0; names[i] != NULL; i++)
    {
      /* No code, and no style but the one that the policy names. */
      g_assert_false (g_str_has_prefix (names[i], "on"));
      g_assert_cmpstr (names[i], !=, "style");
      g_assert_cmpstr (names[i], !=, "href");
    }
  if (element[0] == 'h' && g_ascii_isdigit (element[1]))
    {
      guint level = element[1] - '0';

      g_assert_cmpuint (level, <=, self->last_level + 1);
      g_assert_true ((level == 1) == (self->n_headings == 0));
      self->n_headings++;
      self->last_level = level;
    }
  if (g_str_equal (element, "img"))
    g_assert_true (g_str_has_prefix (find_attribute ("src", names, values), "data:image/"));
  if (g_str_equal (element, "th"))
    g_assert_nonnull (find_attribute ("scope", names, values));
  if (g_str_equal (element, "svg"))
    g_assert_true (g_strcmp0 (find_attribute ("role", names, values), "img") == 0
                   || g_strcmp0 (find_attribute ("aria-hidden", names, values), "true") == 0);
  self->n_tables += g_str_equal (element, "table");
  self->n_captions += g_str_equal (element, "caption");
}

static void
end_element (GMarkupParseContext *context,
             const char *element,
             gpointer data,
             GError **error)
{
  ((Walk *) data)->depth--;
}

/* Writes the report, takes it apart, and returns it. */
static char *
write_report (AssayReport *report)
{
  static const GMarkupParser parser = { start_element, end_element, NULL, NULL, NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Walk walk = { .out = out };
  GMarkupParseContext *context =
    g_markup_parse_context_new (&parser, G_MARKUP_DEFAULT_FLAGS, &walk, NULL);

  g_assert_true (assay_report_write (report, collect, show, out, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (out->str, "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">"));
  g_assert_true (g_utf8_validate (out->str, out->len, NULL));
  g_markup_parse_context_parse (context, out->str, out->len, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  g_markup_parse_context_free (context);
  g_assert_cmpuint (walk.depth, ==, 0);
  g_assert_cmpuint (walk.n_tables, ==, walk.n_captions);
  g_assert_null (strstr (out->str, "http:"));
  g_assert_null (strstr (out->str, "https:"));
  g_assert_null (strstr (out->str, "file:"));
  g_assert_null (strstr (out->str, "<script"));
  return g_strdup (out->str);
}

static void
assert_has (const char *text,
            const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in the report", part);
}

/* ---- what is judged ---- */

static const AssayReportVersion one = { .title = "version 1", .first = "Version 1", .model = "flowers",
                                        .version = "1", .service = "Lab" };
static const AssayReportVersion two = { .title = "version 2", .first = "Version 2", .model = "flowers",
                                        .version = "2", .service = "Lab" };

static void
add_answer (AssayEvaluation *evaluation,
            const char *truth,
            const char *said,
            double score)
{
  g_autoptr (AssayPrediction) prediction = predict (said, score, "another");

  assay_evaluation_add (evaluation, truth, prediction);
}

static char *
write_evaluation (AssayEvaluation *evaluation)
{
  g_autoptr (AssayReport) report = assay_report_new (1543234567, 0.6);

  assay_report_add_version (report, &two, evaluation);
  return write_report (report);
}

static void
test_evaluation (void)
{
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autofree char *text = NULL;

  for (guint i = 0; i < 54; i++)
    add_answer (evaluation, "daisy", "daisy", 0.9);
  for (guint i = 0; i < 6; i++)
    add_answer (evaluation, "daisy", "tulips", 0.7);
  text = write_evaluation (evaluation);
  assert_has (text, "<h1>Version 2 is right on 54 of 60 images</h1>");
  /* Wilson's interval of 54/60, as the rules for figures have it. */
  assert_has (text, "95\u202f% interval 79.9–95.3\u202f%");
  assert_has (text, "<dt>Model</dt><dd><bdi>flowers 2 · Lab</bdi></dd>");
  assert_has (text, "Assay " ASSAY_VERSION);
  assert_has (text, "class=\"s8 right\">54<");
  assert_has (text, "too few images to tell");
}

static void
test_nothing_answered (void)
{
  g_autoptr (AssayReport) report = assay_report_new (0, -1);
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  g_autoptr (AssayReport) compared = assay_report_new (0, 0.6);
  g_autofree char *text = NULL;
  g_autofree char *other = NULL;

  assay_report_add_version (report, &two, evaluation);
  text = write_report (report);
  assert_has (text, "<h1>No image has both an answer and a known truth.</h1>");
  assay_report_add_version (compared, &one, NULL);
  assay_report_add_version (compared, &two, NULL);
  assay_report_set_comparison (compared, comparison);
  other = write_report (compared);
  assert_has (other, "<h1>No image was answered by both.</h1>");
  assert_has (other, "Nothing has changed");
}

static void
test_one_label (void)
{
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayPrediction) prediction = predict ("daisy", 1, NULL);
  g_autofree char *text = NULL;

  assay_evaluation_add (evaluation, "daisy", prediction);
  text = write_evaluation (evaluation);
  assert_has (text, "Version 2 is right on 1 of 1 image<");
  assert_has (text, "No mistakes");
  /* Nothing is told of chance where there is one label alone. */
  assert_has (text, "<td>–</td>");
}

static void
test_fifty_labels (void)
{
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autofree char *text = NULL;
  guint n_rows = 0;

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %02u", i);
      g_autofree char *wrong = g_strdup_printf ("label %02u", (i + 1) % 50);

      for (guint j = 0; j <= i; j++)
        add_answer (evaluation, label, wrong, 0.8);
    }
  text = write_evaluation (evaluation);
  assert_has (text, "the 20 most confused of 50 labels");
  assert_has (text, "<bdi>other</bdi>");
  for (const char *at = strstr (text, "<tr><th scope=\"row\"><bdi>label"); at != NULL;
       at = strstr (at + 1, "<tr><th scope=\"row\"><bdi>label"))
    n_rows++;
  /* The matrix, and the table of all. */
  g_assert_cmpuint (n_rows, ==, 20 + 50);
}

static void
test_scores_that_are_no_probabilities (void)
{
  g_autoptr (AssayReport) report = assay_report_new (0, 0.6);
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  g_autoptr (AssayPrediction) a = predict ("daisy", 8.21, "tulips");
  g_autoptr (AssayPrediction) b = predict ("tulips", 12.5, "daisy");
  g_autofree char *text = NULL;

  assay_comparison_add (comparison, NULL, a, b);
  assay_report_add_version (report, &one, NULL);
  assay_report_add_version (report, &two, NULL);
  assay_report_set_comparison (report, comparison);
  assay_report_add_flip (report, "a.jpg", NULL, ASSAY_CHANGE_CHANGED, a, b, NULL);
  text = write_report (report);
  assert_has (text, "<td class=\"number\">8.21</td><td class=\"number\">-11.5</td>");
  g_assert_null (strstr (text, "class=\"bar-a\""));
}

/* ---- flips ---- */

static void
fill_flips (AssayReport *report,
            AssayComparison *comparison)
{
  g_autoptr (AssayPrediction) daisy = predict ("daisy", 0.75, "tulips");
  g_autoptr (AssayPrediction) tulips = predict ("tulips", 0.9, "daisy");
  g_autoptr (GObject) picture = g_object_new (G_TYPE_OBJECT, NULL);

  assay_comparison_add (comparison, "daisy", daisy, tulips);
  assay_comparison_add (comparison, "tulips", daisy, tulips);
  assay_comparison_add (comparison, NULL, daisy, tulips);
  assay_report_add_version (report, &one, NULL);
  assay_report_add_version (report, &two, NULL);
  assay_report_set_comparison (report, comparison);
  assay_report_add_flip (report, "third.jpg", NULL, ASSAY_CHANGE_CHANGED, daisy, tulips, picture);
  assay_report_add_flip (report, "second.jpg", "tulips", ASSAY_CHANGE_FIXED, daisy, tulips, picture);
  assay_report_add_flip (report, "first.jpg", "daisy", ASSAY_CHANGE_REGRESSED, daisy, tulips, NULL);
}

static void
test_flips_in_their_order (void)
{
  g_autoptr (AssayReport) report = assay_report_new (0, 0.6);
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  g_autofree char *text = NULL;
  const char *places[3];

  fill_flips (report, comparison);
  text = write_report (report);
  places[0] = strstr (text, "first.jpg");
  places[1] = strstr (text, "second.jpg");
  places[2] = strstr (text, "third.jpg");
  g_assert_true (places[0] != NULL && places[0] < places[1] && places[1] < places[2]);
  assert_has (text, "1 fixed, 1 regressed");
  assert_has (text, "Version 2 agrees with version 1 on 0 of 3 images");
  assert_has (text, "data:image/jpeg;base64,");
  /* A pair of bars as long as the scores. */
  assert_has (text, "<rect class=\"bar-a\" x=\"0\" y=\"0.50\" width=\"60.00\"");
  assert_has (text, "<rect class=\"bar-b\" x=\"0\" y=\"11.50\" width=\"216.00\"");
  assert_has (text, "<p class=\"said\"><bdi>daisy</bdi> → <bdi>tulips</bdi></p>");
}

static void
test_more_flips_than_are_shown (void)
{
  g_autoptr (AssayReport) report = assay_report_new (0, 0.6);
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  g_autoptr (AssayPrediction) daisy = predict ("daisy", 0.75, "tulips");
  g_autofree char *text = NULL;

  fill_flips (report, comparison);
  for (guint i = 0; i < ASSAY_LIMIT_REPORT_ROWS; i++)
    assay_report_add_flip (report, "more.jpg", NULL, ASSAY_CHANGE_CHANGED, daisy, daisy, NULL);
  text = write_report (report);
  assert_has (text, "3 more images are not shown");
}

static void
test_hostile_text (void)
{
  g_autoptr (AssayReport) report = assay_report_new (0, 0.6);
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayPrediction) hostile = predict (HOSTILE, 0.9, "\" onload=\"alert(1)");
  const AssayReportVersion version = { .title = HOSTILE, .model = HOSTILE, .version = HOSTILE,
                                       .service = HOSTILE };
  const AssayReportExtent extent = { 3, 1, 1, HOSTILE };
  g_autofree char *text = NULL;

  assay_evaluation_add (evaluation, "daisy", hostile);
  assay_evaluation_add (evaluation, HOSTILE, hostile);
  assay_report_add_version (report, &version, evaluation);
  assay_report_set_extent (report, &extent);
  assay_report_add_mistake (report, HOSTILE, HOSTILE, hostile, NULL);
  assay_report_add_image (report, HOSTILE "\xff.jpg", NULL);
  assay_report_add_image (report, "a.jpg", "00ff");
  text = write_report (report);
  assert_has (text, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
  g_assert_null (strstr (text, "\xe2\x80\xae"));
  g_assert_null (strchr (text, '\x01'));
  g_assert_null (strchr (text, '\t'));
}

/* ---- what stops it ---- */

typedef struct {
  guint left;
} Full;

static gboolean
put_until_full (const char *text,
                gsize length,
                gpointer data,
                GError **error)
{
  Full *self = data;

  if (self->left-- > 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  return FALSE;
}

static void
test_every_piece_may_fail (void)
{
  g_autoptr (AssayReport) report = assay_report_new (0, 0.6);
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  guint n = 0;

  fill_flips (report, comparison);
  for (; n < 100; n++)
    {
      Full full = { n };
      g_autoptr (GError) error = NULL;

      if (assay_report_write (report, put_until_full, NULL, &full, &error))
        break;
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    }
  /* The head, a piece for each flip, and the rest. */
  g_assert_cmpuint (n, >=, 5);
  g_assert_cmpuint (n, <, 100);
}

static GBytes *
show_canceled (GObject *picture,
               gpointer data,
               GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "canceled");
  return NULL;
}

static void
test_canceled_at_a_thumbnail (void)
{
  g_autoptr (AssayReport) report = assay_report_new (0, 0.6);
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  fill_flips (report, comparison);
  g_assert_false (assay_report_write (report, collect, show_canceled, out, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The policy names the style by its hash: a browser leaves another one out. */
static void
test_policy_names_the_style (void)
{
  g_autoptr (AssayReport) report = assay_report_new (0, 0.6);
  g_autofree char *text = NULL;
  const char *style, *end;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autofree char *hash = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *policy = NULL;

  text = write_report (report);
  style = strstr (text, "<style>") + strlen ("<style>");
  end = strstr (style, "</style>");
  g_checksum_update (checksum, (const guchar *) style, end - style);
  g_checksum_get_digest (checksum, digest, &length);
  hash = g_base64_encode (digest, length);
  policy = g_strdup_printf ("default-src 'none'; img-src data:; style-src 'sha256-%s';", hash);
  escaped = g_markup_escape_text (policy, -1);
  assert_has (text, escaped);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/report/evaluation", test_evaluation);
  g_test_add_func ("/assay/report/nothing-answered", test_nothing_answered);
  g_test_add_func ("/assay/report/one-label", test_one_label);
  g_test_add_func ("/assay/report/fifty-labels", test_fifty_labels);
  g_test_add_func ("/assay/report/no-probabilities", test_scores_that_are_no_probabilities);
  g_test_add_func ("/assay/report/flips-in-their-order", test_flips_in_their_order);
  g_test_add_func ("/assay/report/more-flips-than-are-shown", test_more_flips_than_are_shown);
  g_test_add_func ("/assay/report/hostile-text", test_hostile_text);
  g_test_add_func ("/assay/report/every-piece-may-fail", test_every_piece_may_fail);
  g_test_add_func ("/assay/report/canceled-at-a-thumbnail", test_canceled_at_a_thumbnail);
  g_test_add_func ("/assay/report/policy-names-the-style", test_policy_names_the_style);
  return g_test_run ();
}
