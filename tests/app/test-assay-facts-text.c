/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-facts-text.h"
#include "item-support.h"
#include "widget-support.h"

#define NB "\u202f"
#define SPACE "\u00a0"

static void
test_sizes (void)
{
  static const struct {
    guint64 bytes;
    const char *text;
  } sizes[] = {
    { 0, "0" NB "bytes" },
    { 1, "1" NB "byte" },
    { 999, "999" NB "bytes" },
    { 1000, "1" NB "KB" },
    { 143210, "143" NB "KB" },
    { 999499, "999" NB "KB" },
    { 999500, "1.0" NB "MB" },
    { 12345678, "12.3" NB "MB" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = assay_facts_dup_bytes (sizes[i].bytes);

      g_assert_cmpstr (text, ==, sizes[i].text);
    }
}

static void
test_times (void)
{
  static const struct {
    double seconds;
    const char *text;
  } times[] = {
    { .0001, "1" NB "ms" },
    { .112, "112" NB "ms" },
    { .9996, "1.0" NB "s" },
    { 12.34, "12.3" NB "s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *text = assay_facts_dup_seconds (times[i].seconds);

      g_assert_cmpstr (text, ==, times[i].text);
    }
}

static void
test_targets (void)
{
  g_autoptr (AssayTarget) full = assay_target_new ("builtin", "flowers", "2");
  g_autoptr (AssayTarget) stock = assay_target_new ("builtin", "", "");
  g_autoptr (AssayTarget) hostile = assay_target_new ("builtin", "a\nb", "\u202e1");
  g_autofree char *full_text = assay_facts_dup_target (full);
  g_autofree char *stock_text = assay_facts_dup_target (stock);
  g_autofree char *hostile_text = assay_facts_dup_target (hostile);

  g_assert_cmpstr (full_text, ==, "flowers · version 2");
  g_assert_cmpstr (stock_text, ==, "the service's own model");
  g_assert_cmpstr (hostile_text, ==, "a b · version \uFFFD1");
}

static void
test_line (void)
{
  g_autoptr (AssayItem) item = item_support_new_drawing ("flower.png", 64, 48);
  g_autoptr (AssayTarget) target = assay_target_new ("builtin", "flowers", "2");
  const char *const labels[] = { "roses", "tulips" };
  const double scores[] = { .9, .1 };
  g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 2);
  g_autofree char *size = assay_facts_dup_bytes (assay_item_get_size (item));
  g_autofree char *wide = g_strdup_printf (
      "flowers · version 2 · 64" SPACE "×" SPACE "48 · %s · PNG · 112" NB "ms", size);
  g_autofree char *compact = g_strdup_printf (
      "flowers · version 2 · 112" NB "ms\n64" SPACE "×" SPACE "48 · %s · PNG", size);
  g_autofree char *unasked = g_strdup_printf ("64" SPACE "×" SPACE "48 · %s · PNG", size);
  g_autofree char *before = assay_facts_dup_line (item, FALSE);
  g_autofree char *after = NULL;
  g_autofree char *after_compact = NULL;
  g_autofree char *when = NULL;

  g_assert_cmpstr (before, ==, unasked);
  assay_item_show_target (item, target);
  g_assert_true (item_support_answer (assay_item_ensure_answer (item, target), prediction));
  after = assay_facts_dup_line (item, FALSE);
  after_compact = assay_facts_dup_line (item, TRUE);
  g_assert_cmpstr (after, ==, wide);
  g_assert_cmpstr (after_compact, ==, compact);
  when = assay_facts_dup_when (assay_item_get_answer (item), "My \u202eservice");
  g_assert_true (g_str_has_prefix (when, "Answered by My \uFFFDservice, "));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/facts-text/sizes", test_sizes);
  g_test_add_func ("/assay/facts-text/times", test_times);
  g_test_add_func ("/assay/facts-text/targets", test_targets);
  g_test_add_func ("/assay/facts-text/line", test_line);
  return g_test_run ();
}
