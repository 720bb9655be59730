/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialog by what stands in it and what the truths become, with real truths and tables
 * in real files.  With ASSAY_TRUTH_SHOTS=FOLDER it leaves pictures there to look at. */

#include "config.h"

#include <adwaita.h>
#include <glib/gstdio.h>

#include "assay-truth-dialog.h"
#include "assay-truth-loader.h"
#include "widget-support.h"

typedef struct {
  char *folder;
  AssayCollection *collection;
  AssayTruths *truths;
  GtkWidget *dialog;
} Place;

static const char *const paths[] = {
  "/photos/Rose/1.jpg", "/photos/roses/2.jpg", "/photos/tulips/3.jpg", "/photos/weed/4.jpg",
  "/photos/weed/5.jpg", NULL,
};

static const char *const flowers[] = { "roses", "tulips", NULL };

static void
add_items (AssayCollection *collection)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (const char *const *path = paths; *path != NULL; path++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (*path);
      g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 0, NULL, NULL);

      g_ptr_array_add (items, assay_item_new (source));
    }
  assay_collection_append (collection, items);
}

static void
learn (AssayTruths *truths,
       const char *const *labels)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayPrediction) prediction = NULL;

  for (; *labels != NULL; labels++)
    assay_prediction_builder_add (builder, *labels, 0.05, NULL);
  prediction = assay_prediction_builder_end (builder);
  assay_truths_learn (truths, prediction);
}

static gboolean
is_settled (gpointer data)
{
  return assay_truths_is_settled (data);
}

static gboolean
had_turn_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
had_turn (gpointer data)
{
  return *(gboolean *) data;
}

/* Whoever waits at the lowest priority has a turn when all else that was to be done is. */
static void
settle (Place *place)
{
  gboolean turn = FALSE;

  g_assert_true (widget_support_wait (is_settled, place->truths));
  g_idle_add_full (G_PRIORITY_LOW, had_turn_cb, &turn, NULL);
  g_assert_true (widget_support_wait (had_turn, &turn));
}

static void
set_up (Place *place,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  place->folder = g_dir_make_tmp ("assay-truth-XXXXXX", &error);
  g_assert_no_error (error);
  place->collection = assay_collection_new ();
  add_items (place->collection);
  place->truths = assay_truths_new (place->collection);
  learn (place->truths, flowers);
  place->dialog = assay_truth_dialog_new (NULL, place->truths);
  gtk_window_present (GTK_WINDOW (place->dialog));
  settle (place);
}

static void
tear_down (Place *place,
           gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (place->dialog));
  while (g_main_context_iteration (NULL, FALSE));
  g_object_unref (place->truths);
  g_object_unref (place->collection);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->folder);
}

static gboolean
shows (Place *place,
       const char *text)
{
  GtkWidget *label = widget_support_find_label (place->dialog, text);

  return label != NULL && gtk_widget_get_mapped (label);
}

/* In the order of the rows. */
static void
find_all (GtkWidget *widget,
          GType type,
          GPtrArray *found)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_all (child, type, found);
}

static gpointer
find_nth (Place *place,
          GType type,
          guint n)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  find_all (place->dialog, type, found);
  g_assert_cmpuint (n, <, found->len);
  return g_ptr_array_index (found, n);
}

static void
shoot (Place *place,
       const char *name)
{
  const char *folder = g_getenv ("ASSAY_TRUTH_SHOTS");
  g_autofree char *path = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (folder == NULL)
    return;
  path = g_build_filename (folder, name, NULL);
  texture = widget_support_draw (place->dialog);
  gdk_texture_save_to_png (texture, path);
}

static gboolean
has_row_words (gpointer data)
{
  Place *place = data;

  return shows (place, "labels.csv · 4 rows") && assay_truths_is_settled (place->truths);
}

static gboolean
has_error (gpointer data)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data))
      return TRUE;
  return FALSE;
}

static GFile *
write_table (Place *place,
             const char *text)
{
  g_autofree char *path = g_build_filename (place->folder, "labels.csv", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static void
load_good (Place *place)
{
  g_autoptr (GFile) file =
    write_table (place, "file,label\n1.jpg,tulips\n3.jpg,tulips\n4.jpg,roses\ngone.jpg,roses\n");

  assay_truth_dialog_load (ASSAY_TRUTH_DIALOG (place->dialog), file);
  g_assert_true (widget_support_wait (has_row_words, place));
  settle (place);
  g_assert_true (g_file_delete (file, NULL, NULL));
}

static void
undo (Place *place)
{
  g_assert_true (gtk_widget_activate_action (place->dialog, "truth.undo", NULL));
  settle (place);
}

static void
test_folders (Place *place,
              gconstpointer data)
{
  g_assert_true (shows (place, "3 of 5 images"));
  g_assert_true (shows (place, "Read as “roses” · 1 image"));
  g_assert_true (shows (place, "No label of the model · 2 images"));
  gtk_switch_set_active (find_nth (place, GTK_TYPE_SWITCH, 0), FALSE);
  settle (place);
  g_assert_true (shows (place, "0 of 5 images"));
  g_assert_false (shows (place, "Read As"));
  g_assert_false (assay_truths_get_folders (place->truths));
  undo (place);
  g_assert_true (shows (place, "3 of 5 images"));
  g_assert_true (gtk_switch_get_active (find_nth (place, GTK_TYPE_SWITCH, 0)));
}

static void
test_table (Place *place,
            gconstpointer data)
{
  load_good (place);
  g_assert_true (shows (place, "4 of 5 images"));
  g_assert_true (shows (place, "Folder “roses” · Table “tulips” · Table counts"));
  g_assert_true (shows (place, "1 file of the table is not in the list"));
  shoot (place, "light.png");
  gtk_window_set_default_size (GTK_WINDOW (place->dialog), 360, 600);
  settle (place);
  shoot (place, "narrow.png");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_DARK);
  gtk_window_set_default_size (GTK_WINDOW (place->dialog), 520, 1000);
  settle (place);
  shoot (place, "dark.png");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  undo (place);
  g_assert_null (assay_truths_get_table (place->truths));
  g_assert_true (shows (place, "3 of 5 images"));
  g_assert_false (shows (place, "Sources Disagree"));
}

static void
test_readings (Place *place,
               gconstpointer data)
{
  GtkDropDown *weed = find_nth (place, GTK_TYPE_DROP_DOWN, 1);

  gtk_drop_down_set_selected (weed, 3);
  settle (place);
  g_assert_true (shows (place, "5 of 5 images"));
  g_assert_true (shows (place, "Read as “tulips” · 2 images"));
  gtk_drop_down_set_selected (weed, 1);
  settle (place);
  g_assert_true (shows (place, "Left out · 2 images"));
  /* The row is the same one all the time: whoever works on it keeps the place. */
  g_assert_true (weed == find_nth (place, GTK_TYPE_DROP_DOWN, 1));
  undo (place);
  g_assert_true (shows (place, "Read as “tulips” · 2 images"));
  g_assert_cmpuint (gtk_drop_down_get_selected (weed), ==, 3);
  undo (place);
  g_assert_true (shows (place, "No label of the model · 2 images"));
  g_assert_cmpuint (gtk_drop_down_get_selected (weed), ==, 0);
}

/* The model turns out to have more labels; what was chosen stays. */
static void
test_more_labels (Place *place,
                  gconstpointer data)
{
  const char *const more[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "weeds", NULL };
  GtkDropDown *drop = find_nth (place, GTK_TYPE_DROP_DOWN, 0);

  g_assert_false (gtk_drop_down_get_enable_search (drop));
  gtk_drop_down_set_selected (drop, 3);
  settle (place);
  learn (place->truths, more);
  settle (place);
  drop = find_nth (place, GTK_TYPE_DROP_DOWN, 0);
  g_assert_true (gtk_drop_down_get_enable_search (drop));
  g_assert_cmpuint (g_list_model_get_n_items (gtk_drop_down_get_model (drop)), ==, 2 + 12);
  g_assert_true (shows (place, "Read as “tulips” · 1 image"));
  g_assert_true (shows (place, "Read as “weeds” · 2 images"));
  undo (place);
  g_assert_true (shows (place, "Read as “roses” · 1 image"));
}

/* Whoever marks an image is right. */
static void
test_marks (Place *place,
            gconstpointer data)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (place->collection), 1));
  assay_truth_marks_free (assay_truths_mark (place->truths, items, "tulips"));
  settle (place);
  g_assert_true (shows (place, "Folder “roses” · By hand “tulips” · Mark counts"));
}

static gboolean
holds_focus (Place *place,
             GtkWidget *widget)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (place->dialog));

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static gboolean
can_reach (Place *place,
           GtkWidget *widget)
{
  /* Far more stops than the dialog has. */
  for (guint i = 0; i < 50 && !holds_focus (place, widget); i++)
    gtk_widget_child_focus (place->dialog, GTK_DIR_TAB_FORWARD);
  return holds_focus (place, widget);
}

/* Whatever can be changed is reached by Tab, and taking the table away
 * doesn't lose the place. */
static void
test_keyboard (Place *place,
               gconstpointer data)
{
  GtkWidget *remove;

  load_good (place);
  g_assert_true (can_reach (place, find_nth (place, GTK_TYPE_SWITCH, 0)));
  g_assert_true (can_reach (place, find_nth (place, GTK_TYPE_DROP_DOWN, 0)));
  g_assert_true (can_reach (place, find_nth (place, GTK_TYPE_DROP_DOWN, 1)));
  g_assert_true (can_reach (place, find_nth (place, ADW_TYPE_EXPANDER_ROW, 0)));
  remove = gtk_widget_get_parent (widget_support_find_label (place->dialog, "Load Labels…"));
  g_assert_true (can_reach (place, remove));
  remove = gtk_widget_get_prev_sibling (remove);
  g_assert_true (can_reach (place, remove));
  g_signal_emit_by_name (remove, "clicked");
  settle (place);
  g_assert_null (assay_truths_get_table (place->truths));
  g_assert_true (GTK_IS_BUTTON (gtk_window_get_focus (GTK_WINDOW (place->dialog))));
  undo (place);
  g_assert_true (shows (place, "labels.csv · 4 rows"));
}

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

/* Which file, which line. */
static void
test_bad_table (Place *place,
                gconstpointer data)
{
  g_autoptr (GFile) file = write_table (place, "1.jpg,tulips\n2.jpg\n");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayTruthTable) table = NULL;
  g_autoptr (GError) error = NULL;

  assay_truth_load_async (file, NULL, loaded_cb, &result);
  g_assert_true (widget_support_wait (has_result, &result));
  table = assay_truth_load_finish (result, &error);
  g_assert_null (table);
  g_assert_true (g_str_has_prefix (error->message, "labels.csv: Line 2: "));

  assay_truth_dialog_load (ASSAY_TRUTH_DIALOG (place->dialog), file);
  g_assert_true (widget_support_wait (has_error, place));
  g_assert_null (assay_truths_get_table (place->truths));
  g_assert_true (g_file_delete (file, NULL, NULL));
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

#define ADD(name, test) g_test_add ("/assay/truth-dialog/" name, Place, NULL, set_up, test, tear_down)
  ADD ("folders", test_folders);
  ADD ("table", test_table);
  ADD ("readings", test_readings);
  ADD ("more-labels", test_more_labels);
  ADD ("marks", test_marks);
  ADD ("keyboard", test_keyboard);
  ADD ("bad-table", test_bad_table);
#undef ADD
  return g_test_run ();
}
