/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "assay-copier.h"

typedef struct {
  char *folder;               /* with "given" and "sorted" in it */
  GFile *sorted;
  AssayTarget *target;
  GPtrArray *items;           /* (element-type AssayItem) */
  GAsyncResult *result;
} Fixture;

static char *
build_path (Fixture *self,
            const char *first,
            const char *second)
{
  return g_build_filename (self->folder, first, second, NULL);
}

static void
set_up (Fixture *self,
        gconstpointer data)
{
  g_autofree char *given = NULL;
  g_autofree char *sorted = NULL;

  self->folder = g_dir_make_tmp ("assay-copier-XXXXXX", NULL);
  given = build_path (self, "given", NULL);
  sorted = build_path (self, "sorted", NULL);
  g_assert_cmpint (g_mkdir (given, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (sorted, 0700), ==, 0);
  self->sorted = g_file_new_for_path (sorted);
  self->target = assay_target_new ("test", "flowers", "2");
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
delete_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      delete_all (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  delete_all (self->folder);
  g_clear_object (&self->result);
  g_object_unref (self->sorted);
  g_ptr_array_unref (self->items);
  assay_target_unref (self->target);
  g_free (self->folder);
}

static void
answer (Fixture *self,
        AssayItem *item,
        const char *label)
{
  AssayAnswer *answer = assay_item_ensure_answer (item, self->target);
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayPrediction) prediction = NULL;
  g_autoptr (AssayOutcome) outcome = NULL;

  assay_prediction_builder_add (builder, "another", 0.25, NULL);
  assay_prediction_builder_add (builder, label, 0.75, NULL);
  prediction = assay_prediction_builder_end (builder);
  outcome = assay_outcome_new_prediction (prediction, NULL);
  assay_answer_move (answer, ASSAY_ANSWER_READING);
  assay_answer_move (answer, ASSAY_ANSWER_SENDING);
  assay_answer_resolve (answer, outcome, 0.01, 0);
}

/* A file whose bytes are its name. */
static AssayItem *
add_file (Fixture *self,
          const char *name,
          const char *label)
{
  g_autofree char *path = build_path (self, "given", name);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, strlen (name), NULL, NULL);
  AssayItem *item = assay_item_new (source);

  g_assert_true (g_file_set_contents (path, name, -1, NULL));
  g_ptr_array_add (self->items, item);
  if (label != NULL)
    answer (self, item, label);
  return item;
}

/* What was pasted lies nowhere. */
static void
add_pasted (Fixture *self,
            const char *name,
            const char *label)
{
  g_autoptr (GBytes) bytes = g_bytes_new (name, strlen (name));
  g_autoptr (AssaySource) source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, name, bytes);
  AssayItem *item = assay_item_new (source);

  g_ptr_array_add (self->items, item);
  answer (self, item, label);
}

static void
result_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  ((Fixture *) data)->result = g_object_ref (result);
}

static void
wait_for_result (Fixture *self)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static AssayCopies *
copy (Fixture *self,
      GCancellable *cancellable,
      GError **error)
{
  g_clear_object (&self->result);
  assay_copier_copy_async (self->items, self->target, self->sorted, cancellable, result_cb, self);
  wait_for_result (self);
  return assay_copier_copy_finish (self->result, error);
}

static AssayCopies *
copy_well (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  AssayCopies *copies = copy (self, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (copies);
  return copies;
}

/* Takes @copies. */
static guint
undo (Fixture *self,
      AssayCopies *copies)
{
  g_clear_object (&self->result);
  assay_copies_undo_async (copies, NULL, result_cb, self);
  wait_for_result (self);
  return assay_copies_undo_finish (self->result);
}

static gboolean
holds (Fixture *self,
       const char *folder,
       const char *name,
       const char *bytes)
{
  g_autofree char *path = g_build_filename (self->folder, "sorted", folder, name, NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && strcmp (text, bytes) == 0;
}

static gboolean
is_there (Fixture *self,
          const char *name)
{
  g_autofree char *path = build_path (self, "sorted", name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_by_label (Fixture *self,
               gconstpointer data)
{
  g_autoptr (AssayCopies) copies = NULL;

  add_file (self, "1.jpg", "roses");
  add_file (self, "2.jpg", "tulips");
  add_file (self, "3.jpg", "roses");
  add_file (self, "unasked.jpg", NULL);
  add_pasted (self, "pasted.png", "tulips");
  copies = copy_well (self);
  g_assert_cmpuint (assay_copies_get_n (copies), ==, 4);
  g_assert_cmpuint (assay_copies_get_n_folders (copies), ==, 2);
  g_assert_cmpuint (assay_copies_get_n_left_out (copies), ==, 1);
  g_assert_cmpuint (assay_copies_get_n_failed (copies), ==, 0);
  g_assert_null (assay_copies_get_reason (copies));
  g_assert_true (holds (self, "roses", "1.jpg", "1.jpg"));
  g_assert_true (holds (self, "tulips", "2.jpg", "2.jpg"));
  g_assert_true (holds (self, "roses", "3.jpg", "3.jpg"));
  g_assert_true (holds (self, "tulips", "pasted.png", "pasted.png"));
  g_assert_cmpuint (undo (self, g_steal_pointer (&copies)), ==, 0);
  g_assert_false (is_there (self, "roses"));
  g_assert_false (is_there (self, "tulips"));
}

/* What was there stays, bytes and all, also when the copies are taken back. */
static void
test_never_over_another (Fixture *self,
                         gconstpointer data)
{
  g_autofree char *folder = build_path (self, "sorted", "roses");
  g_autofree char *path = g_build_filename (folder, "1.jpg", NULL);
  g_autoptr (AssayCopies) copies = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  add_file (self, "1.jpg", "roses");
  add_pasted (self, "1.jpg", "roses");
  add_pasted (self, "README", "roses");
  add_pasted (self, "README", "roses");
  copies = copy_well (self);
  g_assert_cmpuint (assay_copies_get_n (copies), ==, 4);
  g_assert_true (holds (self, "roses", "1.jpg", "mine"));
  g_assert_true (holds (self, "roses", "1 (2).jpg", "1.jpg"));
  g_assert_true (holds (self, "roses", "1 (3).jpg", "1.jpg"));
  g_assert_true (holds (self, "roses", "README (2)", "README"));
  g_assert_cmpuint (undo (self, g_steal_pointer (&copies)), ==, 0);
  g_assert_true (holds (self, "roses", "1.jpg", "mine"));
  g_assert_false (is_there (self, "roses/1 (2).jpg"));
}

/* A service may say anything: nothing leads out of the folder that was chosen. */
static void
test_hostile_labels (Fixture *self,
                     gconstpointer data)
{
  static const struct {
    const char *label;
    const char *folder;
  } cases[] = {
    { "../../etc", "_._.._etc" }, { "..", "__" }, { ".", "_" }, { "", "_" }, { " ", "_" },
    { "a/b", "a_b" }, { "C:\\x", "C__x" }, { ".hidden", "_hidden" }, { "a\nb", "a_b" },
    { "roses.", "roses_" }, { "Löwenzahn", "Löwenzahn" },
  };
  g_autoptr (AssayCopies) copies = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      add_file (self, name, cases[i].label);
    }
  copies = copy_well (self);
  g_assert_cmpuint (assay_copies_get_n (copies), ==, G_N_ELEMENTS (cases));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      g_test_message ("“%s”", cases[i].label);
      g_assert_true (holds (self, cases[i].folder, name, name));
    }
  g_assert_cmpuint (undo (self, g_steal_pointer (&copies)), ==, 0);
}

static void
test_long_names (Fixture *self,
                 gconstpointer data)
{
  g_autofree char *stem = g_strnfill (300, 'x');
  g_autofree char *name = g_strconcat (stem, ".jpeg", NULL);
  g_autofree char *label = g_strnfill (300, 'y');
  g_autofree char *short_stem = g_strnfill (190, 'x');
  g_autofree char *short_name = g_strconcat (short_stem, ".jpeg", NULL);
  g_autofree char *short_label = g_strnfill (190, 'y');
  g_autoptr (AssayCopies) copies = NULL;

  add_pasted (self, name, label);
  copies = copy_well (self);
  g_assert_cmpuint (assay_copies_get_n (copies), ==, 1);
  g_assert_true (holds (self, short_label, short_name, name));
}

/* One that can't be read is told of, and the others are copied. */
static void
test_gone (Fixture *self,
           gconstpointer data)
{
  g_autoptr (AssayCopies) copies = NULL;
  AssayItem *gone = add_file (self, "gone.jpg", "roses");

  add_file (self, "here.jpg", "roses");
  g_assert_cmpint (g_unlink (assay_source_get_path (assay_item_get_source (gone))), ==, 0);
  copies = copy_well (self);
  g_assert_cmpuint (assay_copies_get_n (copies), ==, 1);
  g_assert_cmpuint (assay_copies_get_n_failed (copies), ==, 1);
  g_assert_nonnull (strstr (assay_copies_get_reason (copies), "gone.jpg"));
  g_assert_true (holds (self, "roses", "here.jpg", "here.jpg"));
}

/* Where there is a file instead of the folder, nothing of it is lost. */
static void
test_no_folder (Fixture *self,
                gconstpointer data)
{
  g_autofree char *path = build_path (self, "sorted", "roses");
  g_autoptr (AssayCopies) copies = NULL;

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  add_file (self, "1.jpg", "roses");
  copies = copy_well (self);
  g_assert_cmpuint (assay_copies_get_n (copies), ==, 0);
  g_assert_cmpuint (assay_copies_get_n_failed (copies), ==, 1);
  g_assert_nonnull (assay_copies_get_reason (copies));
  g_assert_cmpuint (undo (self, g_steal_pointer (&copies)), ==, 0);
  g_assert_true (is_there (self, "roses"));
}

/* What somebody has worked on since is no copy any more. */
static void
test_undo_keeps_work (Fixture *self,
                      gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "sorted", "roses", "1.jpg", NULL);
  AssayCopies *copies;

  add_file (self, "1.jpg", "roses");
  add_file (self, "2.jpg", "roses");
  add_file (self, "3.jpg", "tulips");
  copies = copy_well (self);
  g_assert_true (g_file_set_contents (path, "retouched", -1, NULL));
  g_assert_cmpuint (undo (self, copies), ==, 1);
  g_assert_true (holds (self, "roses", "1.jpg", "retouched"));
  g_assert_false (is_there (self, "roses/2.jpg"));
  g_assert_false (is_there (self, "tulips"));
}

static void
test_canceled (Fixture *self,
               gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  add_file (self, "1.jpg", "roses");
  g_cancellable_cancel (cancellable);
  g_assert_null (copy (self, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (is_there (self, "roses"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) g_test_add ("/assay/copier/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("by-label", test_by_label);
  ADD ("never-over-another", test_never_over_another);
  ADD ("hostile-labels", test_hostile_labels);
  ADD ("long-names", test_long_names);
  ADD ("gone", test_gone);
  ADD ("no-folder", test_no_folder);
  ADD ("undo-keeps-work", test_undo_keeps_work);
  ADD ("canceled", test_canceled);
#undef ADD
  return g_test_run ();
}
