/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-bundle.h"

#define HASH_1 "1111111111111111111111111111111111111111111111111111111111111111"
#define HASH_2 "2222222222222222222222222222222222222222222222222222222222222222"

static AssayBundleAnswer *
say (const char *best,
     const char *other,
     double score)
{
  AssayBundleAnswer *answer = g_new0 (AssayBundleAnswer, 1);
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  /* Sent worst first. */
  assay_prediction_builder_add (builder, other, 1 - score, NULL);
  assay_prediction_builder_add (builder, best, score, NULL);
  answer->state = ASSAY_ANSWER_ANSWERED;
  answer->prediction = assay_prediction_builder_end (builder);
  answer->attempts = 1;
  answer->seconds = 0.1;
  answer->when = G_GINT64_CONSTANT (1795732386572042);
  return answer;
}

static AssayBundleAnswer *
fail (void)
{
  AssayBundleAnswer *answer = g_new0 (AssayBundleAnswer, 1);

  answer->state = ASSAY_ANSWER_FAILED;
  answer->code = ASSAY_ERROR_TIMED_OUT;
  return answer;
}

static AssayBundleRun *
make_run (const char *version)
{
  AssayBundleRun *run = assay_bundle_run_new ();

  run->name = g_strdup ("holdout");
  run->service = g_strdup ("Lab");
  run->protocol = g_strdup ("mlf");
  run->model = g_strdup ("flowers");
  run->version = g_strdup (version);
  run->started = G_GINT64_CONSTANT (1795732386572042);
  run->ended = run->started + 7;
  run->given = 3;
  return run;
}

static AssayBundle *
make_bundle (void)
{
  AssayBundle *self = assay_bundle_new ("1.0", 0.6, "folders");

  assay_bundle_take_run (self, make_run ("1"));
  assay_bundle_add_answer (self, "/home/x/roses/1.jpg", NULL, HASH_1, 10, say ("rose", "tulip", 0.9));
  assay_bundle_add_answer (self, "/home/x/roses/1.jpg", NULL, HASH_1, 10, say ("rose", "tulip", 0.9));
  assay_bundle_add_answer (self, "/home/x/a.zip", "deep/down/2.jpg", HASH_2, 20,
                           say ("tulip", "rose", 0.7));
  assay_bundle_take_run (self, make_run ("2"));
  assay_bundle_add_answer (self, "/elsewhere/2.jpg", NULL, HASH_2, 20, say ("rose", "tulip", 0.6));
  assay_bundle_add_answer (self, "/elsewhere/1.jpg", NULL, HASH_1, 10, say ("rose", "tulip", 0.8));
  assay_bundle_add_answer (self, "/elsewhere/3.jpg", NULL, NULL, 0, fail ());
  assay_bundle_set_truth (self, 0, "rose", "folders");
  assay_bundle_set_truth (self, 2, "tulip", "person");
  return self;
}

static void
test_images_are_their_bytes (void)
{
  g_autoptr (AssayBundle) self = make_bundle ();
  static const char *const names[] = { "roses/1.jpg", "roses/1.jpg", "a.zip/down/2.jpg",
                                       "elsewhere/3.jpg" };

  g_assert_cmpuint (self->images->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (((AssayBundleImage *) g_ptr_array_index (self->images, i))->name, ==, names[i]);
  g_assert_nonnull (assay_bundle_get_answer (self, 1, 0));
  g_assert_null (assay_bundle_get_answer (self, 1, 1));
  g_assert_nonnull (assay_bundle_get_answer (self, 1, 2));
  g_assert_null (assay_bundle_get_answer (self, 0, 3));
}

static void
test_a_home_has_no_name (void)
{
  g_autoptr (AssayBundle) self = assay_bundle_new ("1.0", 0.6, "folders");
  g_autofree char *path = g_build_filename (g_get_home_dir (), "1.jpg", NULL);

  assay_bundle_take_run (self, make_run ("1"));
  assay_bundle_add_answer (self, path, NULL, HASH_1, 1, fail ());
  assay_bundle_add_answer (self, "/2.jpg", NULL, HASH_2, 1, fail ());
  g_assert_cmpstr (((AssayBundleImage *) g_ptr_array_index (self->images, 0))->name, ==, "1.jpg");
  g_assert_cmpstr (((AssayBundleImage *) g_ptr_array_index (self->images, 1))->name, ==, "2.jpg");
}

static void
test_reads_what_it_writes (void)
{
  g_autoptr (AssayBundle) self = make_bundle ();
  g_autoptr (AssayBundle) other = assay_bundle_new (NULL, 0, NULL);
  g_autofree char *settings = assay_bundle_dup_settings (self);
  g_autofree char *images = assay_bundle_dup_images (self);
  g_autofree char *figures = assay_bundle_dup_figures (self);
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (assay_bundle_read_settings (other, settings, strlen (settings), &error));
  g_assert_true (assay_bundle_read_images (other, images, strlen (images), &error));
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *answers = assay_bundle_dup_answers (self, i);
      g_autofree char *copy = NULL;

      g_assert_true (assay_bundle_read_answers (other, i, answers, strlen (answers), &error));
      g_assert_no_error (error);
      copy = assay_bundle_dup_answers (other, i);
      g_assert_cmpstr (copy, ==, answers);
      g_assert_null (strstr (answers, "home"));
    }
  again = assay_bundle_dup_settings (other);
  g_assert_cmpstr (again, ==, settings);
  g_free (again);
  again = assay_bundle_dup_images (other);
  g_assert_cmpstr (again, ==, images);
  g_free (again);
  again = assay_bundle_dup_figures (other);
  g_assert_cmpstr (again, ==, figures);
}

static void
test_figures_by_hand (void)
{
  g_autoptr (AssayBundle) self = make_bundle ();
  g_autofree char *figures = assay_bundle_dup_figures (self);

  /* Two images have a truth: version 1 has both right, version 2 the rose alone. */
  g_assert_nonnull (strstr (figures, "\"accuracy\":{\"value\":1.0"));
  g_assert_nonnull (strstr (figures, "\"accuracy\":{\"value\":0.5"));
  g_assert_nonnull (strstr (figures, "\"failed\":1"));
  g_assert_nonnull (strstr (figures, "\"regressed\":1,\n\"fixed\":0"));
}

static void
difference_cb (guint version,
               const char *name,
               const char *claimed,
               const char *computed,
               gpointer data)
{
  g_string_append_printf (data, "%u %s: %s, %s\n", version, name, claimed, computed);
}

static char *
swap (const char *text,
      const char *from,
      const char *to)
{
  const char *found = strstr (text, from);

  g_assert_nonnull (found);
  return g_strdup_printf ("%.*s%s%s", (int) (found - text), text, to, found + strlen (from));
}

static void
check_difference (const char *figures,
                  const char *from,
                  const char *to,
                  const char *expected)
{
  g_autoptr (GString) said = g_string_new (NULL);
  g_autofree char *changed = swap (figures, from, to);
  g_autoptr (GError) error = NULL;

  g_assert_true (assay_bundle_compare_figures (changed, strlen (changed), figures, difference_cb,
                                               said, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (said->str, ==, expected);
}

static void
test_names_each_figure (void)
{
  g_autoptr (AssayBundle) self = make_bundle ();
  g_autofree char *figures = assay_bundle_dup_figures (self);

  check_difference (figures, "\"value\":0.5", "\"value\":0.5000000000001", "");
  check_difference (figures, "\"value\":0.5", "\"value\":0.50001",
                    "2 accuracy: 0.50001, 0.5\n");
  check_difference (figures, "\"failed\":1", "\"failed\":2", "2 failed: 2, 1\n");
  check_difference (figures, "\"label\":\"rose\",\n\"support\":1", "\"label\":\"rose\",\n\"support\":9",
                    "1 labels “rose” support: 9, 1\n");
  check_difference (figures, "\"verdict\":\"cannot tell\"", "\"verdict\":\"better\"",
                    "0 verdict: better, cannot tell\n");
  check_difference (figures, "\"kappa\":", "\"cappa\":",
                    "1 kappa: missing, 1\n1 cappa: 1, missing\n");
  check_difference (figures, "\"comparison\":", "\"other\":",
                    "0 comparison: missing, something else\n");
  check_difference (figures, "\"versions\":[", "\"versions\":7,\"other\":[",
                    "1 versions: missing, something else\n2 versions: missing, something else\n");
}

static void
test_manifest (void)
{
  g_autoptr (GPtrArray) members =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_bundle_member_free);
  g_autoptr (GPtrArray) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *newer = NULL;
  AssayBundleMember *member = g_new0 (AssayBundleMember, 1);

  member->name = g_strdup ("settings.json");
  member->bytes = 7;
  member->sha256 = g_strdup (HASH_1);
  g_ptr_array_add (members, member);
  text = assay_bundle_dup_manifest ("1.0", members);
  read = assay_bundle_read_manifest (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 1);
  member = g_ptr_array_index (read, 0);
  g_assert_cmpstr (member->name, ==, "settings.json");
  g_assert_cmpuint (member->bytes, ==, 7);
  g_assert_cmpstr (member->sha256, ==, HASH_1);

  newer = swap (text, "\"format_version\":1", "\"format_version\":2");
  g_assert_null (assay_bundle_read_manifest (newer, strlen (newer), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/images-are-their-bytes", test_images_are_their_bytes);
  g_test_add_func ("/bundle/a-home-has-no-name", test_a_home_has_no_name);
  g_test_add_func ("/bundle/reads-what-it-writes", test_reads_what_it_writes);
  g_test_add_func ("/bundle/figures-by-hand", test_figures_by_hand);
  g_test_add_func ("/bundle/names-each-figure", test_names_each_figure);
  g_test_add_func ("/bundle/manifest", test_manifest);
  return g_test_run ();
}
