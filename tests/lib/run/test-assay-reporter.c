/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "assay-error.h"
#include "assay-reporter.h"

typedef struct {
  char *folder;
  GFile *file;
  GPtrArray *items;           /* (element-type AssayItem) */
  AssayTarget *targets[2];
  GAsyncResult *result;       /* (nullable) until it has ended */
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  g_autofree char *path = NULL;

  self->folder = g_dir_make_tmp ("assay-reporter-XXXXXX", NULL);
  path = g_build_filename (self->folder, "report.html", NULL);
  self->file = g_file_new_for_path (path);
  self->targets[0] = assay_target_new ("test", "flowers", "1");
  self->targets[1] = assay_target_new ("test", "flowers", "2");
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_file_delete (self->file, NULL, NULL);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_clear_object (&self->result);
  g_object_unref (self->file);
  g_ptr_array_unref (self->items);
  assay_target_unref (self->targets[0]);
  assay_target_unref (self->targets[1]);
  g_free (self->folder);
}

static void
answer (AssayItem *item,
        AssayTarget *target,
        const char *label,
        double score)
{
  AssayAnswer *answer = assay_item_ensure_answer (item, target);
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayPrediction) prediction = NULL;
  g_autoptr (AssayOutcome) outcome = NULL;

  assay_prediction_builder_add (builder, label, score, NULL);
  assay_prediction_builder_add (builder, g_str_equal (label, "roses") ? "tulips" : "roses", 1 - score,
                                NULL);
  prediction = assay_prediction_builder_end (builder);
  outcome = assay_outcome_new_prediction (prediction, NULL);
  assay_answer_move (answer, ASSAY_ANSWER_READING);
  assay_answer_move (answer, ASSAY_ANSWER_SENDING);
  assay_answer_resolve (answer, outcome, 0.01, 0);
}

static AssayItem *
add_item (Fixture *self,
          const char *name,
          const char *truth)
{
  g_autofree char *path = g_strconcat ("/home/somebody/", name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 100, NULL, NULL);
  AssayItem *item = assay_item_new (source);

  g_ptr_array_add (self->items, item);
  if (truth != NULL)
    assay_item_set_truth (item, truth, ASSAY_TRUTH_HAND);
  return item;
}

static void
add_answered (Fixture *self,
              const char *name,
              const char *truth,
              const char *a,
              const char *b)
{
  AssayItem *item = add_item (self, name, truth);

  if (a != NULL)
    answer (item, self->targets[0], a, 0.75);
  if (b != NULL)
    answer (item, self->targets[1], b, 0.875);
}

static void
written_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  ((Fixture *) data)->result = g_object_ref (result);
}

static gboolean
write_file (Fixture *self,
            gboolean comparing,
            GCancellable *cancellable,
            GError **error)
{
  const AssayReporterSide baseline = { .target = self->targets[0], .answered = "recorded" };
  const AssayReporterSide candidate = { .target = self->targets[1], .service = "Lab" };
  const AssayReporterAsk ask = {
    .items = self->items,
    .baseline = comparing ? &baseline : NULL,
    .candidate = &candidate,
    .threshold = 0.6,
  };

  g_clear_object (&self->result);
  assay_reporter_write_async (&ask, self->file, NULL, cancellable, written_cb, self);
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return assay_reporter_write_finish (self->result, error);
}

static char *
report (Fixture *self,
        gboolean comparing)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_assert_true (write_file (self, comparing, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_load_contents (self->file, NULL, &text, NULL, NULL, NULL));
  g_assert_null (strstr (text, "somebody"));
  return text;
}

static guint
count (const char *text,
       const char *part)
{
  guint n = 0;

  for (const char *at = strstr (text, part); at != NULL; at = strstr (at + 1, part))
    n++;
  return n;
}

static void
compares_two (Fixture *self,
              gconstpointer data)
{
  g_autofree char *text = NULL;

  add_answered (self, "fixed.jpg", "roses", "tulips", "roses");
  add_answered (self, "regressed.jpg", "tulips", "tulips", "roses");
  add_answered (self, "same.jpg", "tulips", "tulips", "tulips");
  add_answered (self, "one.jpg", "tulips", NULL, "roses");
  add_answered (self, "unknown.jpg", NULL, "roses", "roses");
  add_item (self, "unasked.jpg", NULL);
  text = report (self, TRUE);
  g_assert_cmpuint (count (text, "<li class=\"flip\">"), ==, 2);
  /* What broke comes first. */
  g_assert_true (strstr (text, "regressed.jpg") < strstr (text, "fixed.jpg"));
  /* The one that both were asked about. */
  g_assert_cmpuint (count (text, "<li class=\"mistake\">"), ==, 1);
  g_assert_nonnull (strstr (text, "marks by hand"));
  g_assert_nonnull (strstr (text, "recorded"));
  g_assert_nonnull (strstr (text, "Lab"));
  g_assert_nonnull (strstr (text, "unasked.jpg"));
}

static void
evaluates_one (Fixture *self,
               gconstpointer data)
{
  g_autofree char *text = NULL;

  add_answered (self, "right.jpg", "roses", NULL, "roses");
  add_answered (self, "wrong.jpg", "tulips", "tulips", "roses");
  add_answered (self, "unknown.jpg", NULL, "roses", "roses");
  text = report (self, FALSE);
  g_assert_nonnull (strstr (text, "flowers 2 is right on 1 of 2 images"));
  g_assert_cmpuint (count (text, "<li class=\"flip\">"), ==, 0);
  g_assert_cmpuint (count (text, "<li class=\"mistake\">"), ==, 1);
}

static void
is_about_nothing (Fixture *self,
                  gconstpointer data)
{
  g_autofree char *text = report (self, FALSE);

  g_assert_nonnull (strstr (text, "No image has both an answer and a known truth."));
}

static void
keeps_the_file_when_canceled (Fixture *self,
                              gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  add_answered (self, "right.jpg", "roses", NULL, "roses");
  g_assert_true (g_file_set_contents (g_file_peek_path (self->file), "before", -1, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (write_file (self, FALSE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_file_load_contents (self->file, NULL, &text, NULL, NULL, NULL));
  g_assert_cmpstr (text, ==, "before");
}

static void
says_what_fails (Fixture *self,
                 gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (self->folder, "nowhere", "report.html", NULL);

  g_object_unref (self->file);
  self->file = g_file_new_for_path (path);
  g_assert_false (write_file (self, FALSE, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, path));
}

static gboolean
count_cb (gpointer data)
{
  (*(guint *) data)++;
  return G_SOURCE_CONTINUE;
}

/* The main loop turns meanwhile: a hundred thousand take more than one slice. */
static void
lets_others_in (Fixture *self,
                gconstpointer data)
{
  guint turns = 0;
  guint source = g_idle_add_full (G_PRIORITY_LOW, count_cb, &turns, NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      add_answered (self, name, i % 5 > 0 ? "roses" : NULL, i % 3 > 0 ? "roses" : "tulips", "roses");
    }
  text = report (self, TRUE);
  g_source_remove (source);
  g_assert_cmpuint (turns, >, 1);
  g_assert_nonnull (strstr (text, "19999.jpg"));
}

typedef struct {
  const char *model;
  const char *version;
  const char *service;
  const char *other_model;
  const char *other_version;
  const char *other_service;
  gboolean begins;
  const char *wanted;
} Title;

static const Title TITLES[] = {
  { "flowers", "2", "Lab", NULL, NULL, NULL, FALSE, "flowers 2" },
  { "flowers", "2", "Lab", "flowers", "1", "Lab", FALSE, "version 2" },
  { "flowers", "2", "Lab", "flowers", "1", "Lab", TRUE, "Version 2" },
  { "flowers", "2", "Lab", "trees", "1", "Lab", TRUE, "flowers 2" },
  /* The same in two places. */
  { "flowers", "2", "Lab", "flowers", "2", "Built-in", FALSE, "flowers 2 (Lab)" },
  { "flowers", "2", NULL, "flowers", "2", "Built-in", FALSE, "flowers 2" },
  /* Of services that know no versions. */
  { "flowers", "", "Lab", NULL, NULL, NULL, TRUE, "flowers" },
  { "flowers", "", "Lab", "flowers", "1", "Lab", FALSE, "flowers" },
  { "flowers", "1", "Lab", "flowers", "", "Lab", FALSE, "flowers 1" },
  { "flowers", "", "One", "flowers", "", "Two", FALSE, "flowers (One)" },
};

static void
names_two_apart (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (TITLES); i++)
    {
      const Title *title = &TITLES[i];
      g_autofree char *name = assay_report_dup_title (title->model, title->version, title->service,
                                                      title->other_model, title->other_version,
                                                      title->other_service, title->begins);

      g_assert_cmpstr (name, ==, title->wanted);
    }
  g_assert_null (assay_report_find_service (NULL));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) g_test_add ("/reporter/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("two", compares_two);
  ADD ("one", evaluates_one);
  ADD ("nothing", is_about_nothing);
  ADD ("canceled", keeps_the_file_when_canceled);
  ADD ("fails", says_what_fails);
  ADD ("many", lets_others_in);
#undef ADD
  g_test_add_func ("/reporter/names", names_two_apart);
  return g_test_run ();
}
