/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-score-text.h"
#include "assay-verdict-text.h"

#define NB "\u202f"

typedef struct {
  const char *name;
  const char *labels[5];
  double scores[5];
  double threshold;
  const char *title;
  const char *score;
  const char *note;
  const char *sentence;
} Case;

static const Case cases[] = {
  { "ahead",
    { "roses", "tulips", "daisy" },
    { .9573449492454529, .0396801233291626, .002974927425384521 },
    .6,
    "roses",
    "95.7" NB "%",
    "91.8 points ahead of tulips, above 60" NB "%",
    "roses, 96 percent; next tulips, 4 percent" },
  { "unsure",
    { "tulips", "roses", "daisy" },
    { .482, .381, .137 },
    .6,
    "Unsure",
    "tulips, 48.2" NB "%",
    "10.1 points ahead of roses, below 60" NB "%",
    "unsure, below 60 percent; tulips, 48 percent; next roses, 38 percent" },
  { "close",
    { "roses", "tulips" },
    { .84, .8123 },
    .6,
    "roses or tulips",
    "84.0" NB "% · 81.2" NB "%",
    "2.8 points apart, above 60" NB "%",
    "roses, 84 percent, or tulips, 81 percent" },
  { "unsure outranks close",
    { "roses", "tulips", "daisy" },
    { .35, .34, .31 },
    .6,
    "Unsure",
    "roses, tulips or daisy, 35.0" NB "%",
    "4.0 points apart, below 60" NB "%",
    "unsure, below 60 percent; roses, 35 percent; next tulips, 34 percent" },
  { "exactly five points are a lead",
    { "a", "b" },
    { .75, .25 },
    .5,
    "a",
    "75.0" NB "%",
    "50.0 points ahead of b, above 50" NB "%",
    "a, 75 percent; next b, 25 percent" },
  { "tie",
    { "tulips", "roses" },
    { .5, .5 },
    .4,
    "roses or tulips",
    "50.0" NB "%",
    "The same score, above 40" NB "%",
    "roses, 50 percent, or tulips, 50 percent" },
  { "many share the head",
    { "e", "d", "c", "b", "a" },
    { .2, .2, .2, .2, .2 },
    .1,
    "a, b or 3 more",
    "20.0" NB "%",
    "The same score, above 10" NB "%",
    "a, 20 percent, or b, 20 percent" },
  { "at the threshold",
    { "a", "b" },
    { .625, .375 },
    .625,
    "a",
    "62.5" NB "%",
    "25.0 points ahead of b, at 62.5" NB "%",
    "a, 63 percent; next b, 38 percent" },
  { "never rounded to all or nothing",
    { "a", "b" },
    { .9999, .0001 },
    .6,
    "a",
    "99.99" NB "%",
    "100.0 points ahead of b, above 60" NB "%",
    "a, 99.99 percent; next b, less than 1 percent" },
  { "alone",
    { "a" },
    { 1 },
    .6,
    "a",
    "100" NB "%",
    "The only label, above 60" NB "%",
    "a, 100 percent" },
  { "no label",
    { "", "b" },
    { .9, .1 },
    .6,
    "(empty label)",
    "90.0" NB "%",
    "80.0 points ahead of b, above 60" NB "%",
    "(empty label), 90 percent; next b, 10 percent" },
  { "hostile label",
    { "a\n\u202eb", "b" },
    { .9, .1 },
    .6,
    "a \uFFFDb",
    "90.0" NB "%",
    "80.0 points ahead of b, above 60" NB "%",
    "a \uFFFDb, 90 percent; next b, 10 percent" },
  { "not probabilities",
    { "roses", "tulips" },
    { 8.25, 3 },
    .6,
    "roses",
    "8.25",
    "5.25 ahead of tulips",
    "roses, score 8.25; next tulips, score 3" },
};

static AssayPrediction *
predict (const Case *one)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (one->labels) && one->labels[i] != NULL; i++)
    g_assert_true (assay_prediction_builder_add (builder, one->labels[i], one->scores[i], NULL));
  return assay_prediction_builder_end (builder);
}

static void
test_words (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (AssayPrediction) prediction = predict (one);
  g_autofree char *title = assay_verdict_dup_title (prediction, one->threshold);
  g_autofree char *score = assay_verdict_dup_score (prediction, one->threshold);
  g_autofree char *note = assay_verdict_dup_note (prediction, one->threshold);
  g_autofree char *sentence = assay_verdict_dup_sentence (prediction, one->threshold);
  g_autofree char *all = g_strjoin ("\n", title, note, sentence, NULL);

  g_assert_cmpstr (title, ==, one->title);
  g_assert_cmpstr (score, ==, one->score);
  g_assert_cmpstr (note, ==, one->note);
  g_assert_cmpstr (sentence, ==, one->sentence);
  /* A score is not more than a score. */
  g_assert_false (g_regex_match_simple ("\\b(certain|sure|confident)", all, G_REGEX_CASELESS, 0));
}

static void
test_exact (void)
{
  static const struct {
    double score;
    const char *text;
  } scores[] = {
    { .9573449492454529, "0.9573449492454529" },
    { .00018524238839745522, "0.00018524238839745522" },
    { .0000269435749942204, "2.69435749942204e-05" },
    { .1, "0.1" },
    { 1, "1" },
    { -2.5, "-2.5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
    {
      g_autofree char *text = assay_score_dup_exact (scores[i].score);

      g_assert_cmpstr (text, ==, scores[i].text);
      g_assert_cmpfloat (g_ascii_strtod (text, NULL), ==, scores[i].score);
    }
}

static void
test_places (void)
{
  const Case one = { "", { "d", "c", "b", "a" }, { .3, .3, .1, .3 } };
  g_autoptr (AssayPrediction) prediction = predict (&one);
  g_autofree guint *order = assay_score_order_new (prediction);
  const char *const expected[] = { "a", "c", "d", "b" };
  const guint places[] = { 1, 1, 1, 4 };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_cmpstr (assay_prediction_get_label (prediction, order[i]), ==, expected[i]);
      g_assert_cmpuint (assay_score_place (prediction, order[i]), ==, places[i]);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdelimit (g_strdup (cases[i].name), " ", '-');
      g_autofree char *full = g_strconcat ("/assay/verdict-text/", path, NULL);

      g_test_add_data_func (full, &cases[i], test_words);
    }
  g_test_add_func ("/assay/score-text/exact", test_exact);
  g_test_add_func ("/assay/score-text/places", test_places);
  return g_test_run ();
}
