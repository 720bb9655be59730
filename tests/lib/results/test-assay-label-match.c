/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-label-match.h"

static AssayLabelMatch *
make_match (const char *const *labels)
{
  AssayLabelMatch *match = assay_label_match_new ();

  for (; *labels != NULL; labels++)
    assay_label_match_add (match, *labels);
  return match;
}

static void
reads_what_people_write (void)
{
  static const char *const labels[] = { "roses", "daisy", "Sunflower", "bus stop", "glass", "Café",
                                        "n02084071", "猫", NULL };
  static const struct {
    const char *given;
    const char *label;
    AssayMatchKind kind;
  } table[] = {
    { "roses", "roses", ASSAY_MATCH_EXACT },
    { "Rose", "roses", ASSAY_MATCH_SIMILAR },
    { "ROSES", "roses", ASSAY_MATCH_SIMILAR },
    { "daisies", "daisy", ASSAY_MATCH_SIMILAR },
    { "Daisy", "daisy", ASSAY_MATCH_SIMILAR },
    { "sunflowers", "Sunflower", ASSAY_MATCH_SIMILAR },
    { "bus-stop", "bus stop", ASSAY_MATCH_SIMILAR },
    { "Bus_Stops", "bus stop", ASSAY_MATCH_SIMILAR },
    { "glasses", "glass", ASSAY_MATCH_SIMILAR },
    { "cafe\xCC\x81", "Café", ASSAY_MATCH_SIMILAR },
    { "N02084071", "n02084071", ASSAY_MATCH_SIMILAR },
    { "猫", "猫", ASSAY_MATCH_EXACT },
    { "tulips", NULL, ASSAY_MATCH_NONE },
    { "ro", NULL, ASSAY_MATCH_NONE },
    { "", NULL, ASSAY_MATCH_NONE },
    { "-", NULL, ASSAY_MATCH_NONE },
    { "犬", NULL, ASSAY_MATCH_NONE },
  };
  g_autoptr (AssayLabelMatch) match = make_match (labels);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      AssayMatchKind kind;

      g_test_message ("%s", table[i].given);
      g_assert_cmpstr (assay_label_match_find (match, table[i].given, &kind), ==, table[i].label);
      g_assert_cmpint (kind, ==, table[i].kind);
    }
}

static void
takes_no_side (void)
{
  static const char *const labels[] = { "rose", "Rose", "roses", "bus", "buses", NULL };
  g_autoptr (AssayLabelMatch) match = make_match (labels);
  AssayMatchKind kind;

  g_assert_cmpstr (assay_label_match_find (match, "rose", &kind), ==, "rose");
  g_assert_cmpint (kind, ==, ASSAY_MATCH_EXACT);
  g_assert_null (assay_label_match_find (match, "ROSE", &kind));
  g_assert_cmpint (kind, ==, ASSAY_MATCH_NONE);
  g_assert_null (assay_label_match_find (match, "BUS", NULL));
}

static void
does_as_told (void)
{
  static const char *const labels[] = { "roses", "tulips", NULL };
  g_autoptr (AssayLabelMatch) match = make_match (labels);
  AssayMatchKind kind;

  assay_label_match_map (match, "Rose", "tulips");
  assay_label_match_map (match, "misc", NULL);
  g_assert_cmpstr (assay_label_match_find (match, "Rose", &kind), ==, "tulips");
  g_assert_cmpint (kind, ==, ASSAY_MATCH_MAPPED);
  g_assert_null (assay_label_match_find (match, "misc", &kind));
  g_assert_cmpint (kind, ==, ASSAY_MATCH_MAPPED);
  assay_label_match_map (match, "Rose", "roses");
  g_assert_cmpstr (assay_label_match_find (match, "Rose", NULL), ==, "roses");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/label-match/reads-what-people-write", reads_what_people_write);
  g_test_add_func ("/assay/label-match/takes-no-side", takes_no_side);
  g_test_add_func ("/assay/label-match/does-as-told", does_as_told);
  return g_test_run ();
}
