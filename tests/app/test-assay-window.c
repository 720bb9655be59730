/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <adwaita.h>

#include "assay-model-button.h"
#include "assay-progress.h"
#include "assay-row.h"
#include "assay-sidebar.h"
#include "assay-truth-dialog.h"
#include "assay-window-private.h"
#include "session-support.h"
#include "widget-support.h"

#define NB "\u202f"
#define CLASSIFY "/classify/models/flowers/versions/2"

typedef struct {
  SessionSupport *support;
  AssayWindow *window;
  AssaySession *session;
} Fixture;

/* One for all tests: its name on the bus is taken as long as it lives. */
static GtkApplication *application;

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data) && gtk_widget_get_width (data) > 0;
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->support = session_support_new ();
  fixture->window = assay_window_new (application, fixture->support->hub,
                                      fixture->support->settings);
  fixture->session = g_object_ref (assay_window_get_session (fixture->window));
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_assert_true (widget_support_wait (is_mapped, fixture->window));
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static gboolean
is_the_last (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

/* Closed as a person closes it, whatever is under way; nothing of it stays. */
static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  gpointer window = fixture->window;

  g_object_add_weak_pointer (G_OBJECT (fixture->window), &window);
  gtk_window_close (GTK_WINDOW (fixture->window));
  g_assert_true (widget_support_wait (is_gone, &window));
  g_assert_true (widget_support_wait (is_the_last, fixture->session));
  g_assert_finalize_object (fixture->session);
  session_support_free (fixture->support);
}

/* The first widget of that type below @widget, itself included. */
static GtkWidget *
find_type (GtkWidget *widget,
           GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
find (Fixture *fixture,
      GType type)
{
  GtkWidget *found = find_type (GTK_WIDGET (fixture->window), type);

  g_assert_nonnull (found);
  return found;
}

static void
add_answered (Fixture *fixture,
              guint n)
{
  session_support_add (fixture->support, fixture->session, n);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, n));
}

static gboolean
looks_at_something (gpointer data)
{
  return assay_sidebar_get_item (data) != NULL;
}

static AssaySidebar *
get_sidebar (Fixture *fixture)
{
  GtkWidget *sidebar = find (fixture, ASSAY_TYPE_SIDEBAR);

  g_assert_true (widget_support_wait (looks_at_something, sidebar));
  return ASSAY_SIDEBAR (sidebar);
}

static void
test_empty (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  g_assert_nonnull (widget_support_find_label (window, "Drop images here"));
  g_assert_nonnull (widget_support_find_label (window, "Try the Samples"));
  g_assert_true (session_support_wait_target (fixture->session));
  g_assert_nonnull (widget_support_find_label (window, "flowers · v2"));
}

static gboolean
has_row (gpointer data)
{
  GtkWidget *row = find_type (data, ASSAY_TYPE_ROW);

  return row != NULL && assay_row_get_object (ASSAY_ROW (row)) != NULL;
}

static void
test_rows (Fixture *fixture,
           gconstpointer data)
{
  const char *spoken = "image-000.png, sunflowers, 95.7" NB "%, next dandelion, 3.97" NB "%";
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkWidget *row;

  add_answered (fixture, 3);
  g_assert_true (widget_support_wait (has_row, window));
  row = find (fixture, ASSAY_TYPE_ROW);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, spoken);
  g_assert_null (widget_support_find_label (row, "unsure"));
  g_assert_nonnull (widget_support_find_label (row, "95.7" NB "%"));
}

static void
test_unsure (Fixture *fixture,
             gconstpointer data)
{
  AssayItem *item;
  g_autoptr (GObject) row = g_object_ref_sink (G_OBJECT (assay_row_new ()));

  add_answered (fixture, 1);
  item = assay_sidebar_get_item (get_sidebar (fixture));
  assay_row_set_threshold (ASSAY_ROW (row), 0.95);
  assay_row_set_object (ASSAY_ROW (row), G_OBJECT (item));
  g_assert_null (widget_support_find_label (GTK_WIDGET (row), "unsure"));
  assay_row_set_threshold (ASSAY_ROW (row), 0.96);
  g_assert_nonnull (widget_support_find_label (GTK_WIDGET (row), "unsure"));
}

/* A recycled row no longer follows what it showed. */
static void
test_recycled_row (Fixture *fixture,
                   gconstpointer data)
{
  AssayItem *item;
  AssayAnswer *answer;
  g_autoptr (GObject) row = g_object_ref_sink (G_OBJECT (assay_row_new ()));

  add_answered (fixture, 1);
  item = assay_sidebar_get_item (get_sidebar (fixture));
  answer = assay_item_get_answer (item);
  assay_row_set_object (ASSAY_ROW (row), G_OBJECT (item));
  g_assert_cmpuint (g_signal_handler_find (answer, G_SIGNAL_MATCH_ID,
                                           g_signal_lookup ("notify", G_TYPE_OBJECT), 0, NULL, NULL,
                                           NULL), !=, 0);
  assay_row_set_object (ASSAY_ROW (row), NULL);
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_QUEUED));
  g_assert_null (widget_support_find_label (GTK_WIDGET (row), "Queued"));
}

static void
test_moves (Fixture *fixture,
            gconstpointer data)
{
  AssaySidebar *sidebar;
  GtkWidget *window = GTK_WIDGET (fixture->window);

  add_answered (fixture, 3);
  sidebar = get_sidebar (fixture);
  g_assert_cmpstr (assay_item_get_name (assay_sidebar_get_item (sidebar)), ==, "image-000.png");
  gtk_widget_activate_action (window, "win.previous-image", NULL);
  g_assert_cmpstr (assay_item_get_name (assay_sidebar_get_item (sidebar)), ==, "image-000.png");
  gtk_widget_activate_action (window, "win.next-image", NULL);
  gtk_widget_activate_action (window, "win.next-image", NULL);
  g_assert_cmpstr (assay_item_get_name (assay_sidebar_get_item (sidebar)), ==, "image-002.png");
  gtk_widget_activate_action (window, "win.next-image", NULL);
  g_assert_cmpstr (assay_item_get_name (assay_sidebar_get_item (sidebar)), ==, "image-002.png");
}

static gboolean
looks_at_last (gpointer data)
{
  AssayItem *item = assay_sidebar_get_item (data);

  return item != NULL && strcmp (assay_item_get_name (item), "image-002.png") == 0;
}

/* What stands next takes the place of what was removed. */
static void
test_removes (Fixture *fixture,
              gconstpointer data)
{
  AssaySidebar *sidebar;
  GtkWidget *window = GTK_WIDGET (fixture->window);

  add_answered (fixture, 3);
  sidebar = get_sidebar (fixture);
  gtk_widget_activate_action (window, "win.next-image", NULL);
  gtk_widget_activate_action (window, "win.remove-selected", NULL);
  g_assert_true (widget_support_wait (looks_at_last, sidebar));
  g_assert_nonnull (widget_support_find_label (window, "1 image removed"));
  gtk_widget_activate_action (window, "win.clear", NULL);
  g_assert_nonnull (widget_support_find_label (window, "Drop images here"));
}

static void
test_offers_many (Fixture *fixture,
                  gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  add_answered (fixture, 101);
  assay_session_choose_version (fixture->session, "flowers", "1");
  g_assert_nonnull (widget_support_find_label (window, "Ask version 1 about 101 images"));
  gtk_widget_activate_action (window, "win.ask-unasked", NULL);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 101));
}

static void
add_folder (Fixture *fixture,
            const char *picture,
            guint n)
{
  g_autoptr (GFile) file = session_support_draw (fixture->support, picture);
  g_autoptr (GFile) folder = g_file_get_parent (file);

  assay_session_add_files (fixture->session, &folder, 1);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, n));
}

static const char *wanted_sentence;

static gboolean
says_reading (gpointer data)
{
  GtkWidget *banner = data;

  return gtk_widget_get_visible (banner)
         && widget_support_find_label (banner, wanted_sentence) != NULL;
}

static gboolean
says_no_reading (gpointer data)
{
  return !gtk_widget_get_visible (data);
}

static void
wait_for_reading (Fixture *fixture,
                  const char *sentence)
{
  wanted_sentence = sentence;
  g_assert_true (widget_support_wait (says_reading, fixture->window->reading_banner));
}

static void
wait_for_no_reading (Fixture *fixture)
{
  g_assert_true (widget_support_wait (says_no_reading, fixture->window->reading_banner));
}

static GtkWindow *
find_truth_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ASSAY_IS_TRUTH_DIALOG (window))
        return window;
    }
  g_assert_not_reached ();
}

/* Told where truth counts until somebody has looked at it, and then not again. */
static void
test_tells_readings (Fixture *fixture,
                     gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkWindow *dialog;

  add_folder (fixture, "Sunflower/a.png", 1);
  assay_window_show_page (fixture->window, "evaluate");
  wait_for_reading (fixture, "“Sunflower” is read as “sunflowers”");
  assay_window_show_page (fixture->window, "classify");
  wait_for_no_reading (fixture);
  assay_window_show_page (fixture->window, "compare");
  wait_for_reading (fixture, "“Sunflower” is read as “sunflowers”");

  gtk_widget_activate_action (window, "win.show-readings", NULL);
  wait_for_no_reading (fixture);
  dialog = find_truth_dialog ();
  g_assert_nonnull (widget_support_find_label (GTK_WIDGET (dialog), "Sunflower"));
  gtk_window_destroy (dialog);

  add_folder (fixture, "Tulip/a.png", 2);
  wait_for_reading (fixture, "“Tulip” is read as “tulips”");
  add_folder (fixture, "Rose/a.png", 3);
  wait_for_reading (fixture, "2 labels are read as others");
  gtk_widget_activate_action (window, "win.dismiss-readings", NULL);
  wait_for_no_reading (fixture);
}

static gboolean
is_narrow (gpointer data)
{
  return adw_leaflet_get_folded (data);
}

static gboolean
has_least_width (gpointer data)
{
  int width;
  int height;

  gtk_window_get_default_size (data, &width, &height);
  return width == 360;
}

static void
assert_fits (Fixture *fixture,
             int width)
{
  GtkWidget *content = gtk_widget_get_first_child (GTK_WIDGET (fixture->window));
  int minimum;

  gtk_widget_measure (content, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, width);
}

static void
test_narrow (Fixture *fixture,
             gconstpointer data)
{
  GtkWidget *leaflet;

  add_answered (fixture, 2);
  leaflet = find (fixture, ADW_TYPE_LEAFLET);
  g_assert_false (adw_leaflet_get_folded (ADW_LEAFLET (leaflet)));
  /* In two steps, as by hand: what is wide is compact before it is narrow. */
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 500, 400);
  g_assert_true (widget_support_wait (is_narrow, leaflet));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 400);
  g_assert_true (widget_support_wait (has_least_width, fixture->window));
  g_assert_cmpint (gtk_widget_get_width (leaflet), <, 600);
  assert_fits (fixture, 360);
  assay_window_show_detail (fixture->window, TRUE);
  assert_fits (fixture, 360);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.clear", NULL);
  assert_fits (fixture, 360);
}

static GtkWidget *
find_left_out (Fixture *fixture)
{
  GtkWidget *label = widget_support_find_label (GTK_WIDGET (fixture->window),
                                                "1 other file was left out");

  return label != NULL ? gtk_widget_get_ancestor (label, GTK_TYPE_REVEALER) : NULL;
}

static gboolean
tells_left_out (gpointer data)
{
  return find_left_out (data) != NULL;
}

static void
leave_one_out (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->support->folder, "mixed", NULL);
  g_autofree char *notes = g_build_filename (folder, "notes.txt", NULL);
  g_autoptr (GFile) picture = session_support_draw (fixture->support, "mixed/image.png");
  g_autoptr (GFile) parent = g_file_get_parent (picture);

  g_assert_true (g_file_set_contents (notes, "words", -1, NULL));
  assay_session_add_files (fixture->session, &parent, 1);
  g_assert_true (widget_support_wait (tells_left_out, fixture));
}

/* Where a person wants no motion, what comes is there at once; where it is wanted, a
 * banner and a pane take their time. */
static void
test_motion (Fixture *fixture,
             gconstpointer data)
{
  gboolean motion = GPOINTER_TO_INT (data);
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (fixture->window));
  AdwLeaflet *leaflet = ADW_LEAFLET (find (fixture, ADW_TYPE_LEAFLET));

  add_answered (fixture, 2);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 500, 400);
  g_assert_true (widget_support_wait (is_narrow, leaflet));
  g_object_set (settings, "gtk-enable-animations", motion, NULL);
  assay_window_show_detail (fixture->window, TRUE);
  g_assert_cmpint (adw_leaflet_get_child_transition_running (leaflet), ==, motion);
  leave_one_out (fixture);
  g_assert_cmpint (gtk_revealer_get_child_revealed (GTK_REVEALER (find_left_out (fixture))),
                   ==, !motion);
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
}

static void
test_close_in_flight (Fixture *fixture,
                      gconstpointer data)
{
  AssayTestAnswer *answer = assay_test_answer_new (200, "application/json", ASSAY_TEST_FLOWERS);

  assay_test_answer_hold (answer);
  assay_test_server_set (fixture->support->server, CLASSIFY, answer);
  session_support_add (fixture->support, fixture->session, 12);
  g_assert_true (session_support_wait_requests (fixture->support, CLASSIFY, 4));
}

/* The window of the test before has closed narrow. */
static void
test_keeps_size (Fixture *fixture,
                 gconstpointer data)
{
  int width;
  int height;

  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  g_assert_cmpint (width, ==, 360);
  g_assert_cmpint (height, ==, 400);
}

static void
assert_last_size (Fixture *fixture,
                  gsize size)
{
  GListModel *items = G_LIST_MODEL (assay_session_get_collection (fixture->session));
  g_autoptr (AssayItem) item = g_list_model_get_item (items, g_list_model_get_n_items (items) - 1);

  g_assert_cmpuint (assay_item_get_size (item), ==, size);
}

static gboolean
says_nothing_to_paste (gpointer data)
{
  return widget_support_find_label (data, "The clipboard holds no image, file or address") != NULL;
}

/* Pixels that this program itself put there, and text that names no file. */
static void
test_paste (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (window);
  g_autoptr (GBytes) pixels = g_bytes_new_take (g_malloc0 (4 * 4 * 4), 4 * 4 * 4);
  g_autoptr (GdkTexture) texture =
    gdk_memory_texture_new (4, 4, GDK_MEMORY_R8G8B8A8, pixels, 16);
  g_autoptr (GFile) file = session_support_draw (fixture->support, "copied.png");
  g_autofree char *contents = NULL;
  gsize length;
  g_autoptr (GBytes) png = NULL;
  g_autoptr (GdkContentProvider) provider = NULL;

  gdk_clipboard_set_texture (clipboard, texture);
  gtk_widget_activate_action (window, "win.paste", NULL);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 1));

  /* A picture's own bytes come through as they were copied. */
  g_assert_true (g_file_load_contents (file, NULL, &contents, &length, NULL, NULL));
  png = g_bytes_new (contents, length);
  provider = gdk_content_provider_new_for_bytes ("image/png", png);
  gdk_clipboard_set_content (clipboard, provider);
  gtk_widget_activate_action (window, "win.paste", NULL);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 2));
  assert_last_size (fixture, length);

  gdk_clipboard_set_text (clipboard, "roses are red");
  gtk_widget_activate_action (window, "win.paste", NULL);
  g_assert_true (widget_support_wait (says_nothing_to_paste, window));
}

static void
test_progress_words (void)
{
  AssayProgressFigures figures = { 128, 94, 41.4, FALSE };
  g_autofree char *wide = assay_progress_dup_markup (&figures, 0.8, FALSE);
  g_autofree char *narrow = assay_progress_dup_markup (&figures, 0.8, TRUE);
  g_autofree char *unknown = NULL;
  g_autofree char *long_left = NULL;

  g_assert_cmpstr (wide, ==, "<b>94</b> of 128  ·  41 images/s  ·  about 1" NB "s left");
  g_assert_cmpstr (narrow, ==, "<b>94</b> of 128  ·  41/s  ·  1" NB "s left");

  figures.walking = TRUE;
  figures.rate = 0;
  unknown = assay_progress_dup_markup (&figures, -1, FALSE);
  g_assert_cmpstr (unknown, ==, "<b>94</b> of at least 128");

  figures.walking = FALSE;
  figures.rate = 0.25;
  long_left = assay_progress_dup_markup (&figures, 136, FALSE);
  g_assert_cmpstr (long_left, ==, "<b>94</b> of 128  ·  0.2 images/s  ·  about 2" NB "min left");
}

static void
add_test (const char *path,
          void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

static void
make_application (void)
{
  g_autoptr (GError) error = NULL;

  application = GTK_APPLICATION (adw_application_new ("io.github.assay.Test",
                                                      G_APPLICATION_NON_UNIQUE));
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc,
      char **argv)
{
  int status;

  widget_support_init (&argc, &argv);
  make_application ();
  g_test_add_func ("/assay/window/progress-words", test_progress_words);
  add_test ("/assay/window/empty", test_empty);
  add_test ("/assay/window/rows-speak", test_rows);
  add_test ("/assay/window/unsure-below-the-threshold", test_unsure);
  add_test ("/assay/window/recycled-row-lets-go", test_recycled_row);
  add_test ("/assay/window/moves-between-images", test_moves);
  add_test ("/assay/window/removes-and-looks-at-the-next", test_removes);
  add_test ("/assay/window/offers-to-ask-many", test_offers_many);
  add_test ("/assay/window/tells-readings", test_tells_readings);
  add_test ("/assay/window/pastes", test_paste);
  add_test ("/assay/window/folds", test_narrow);
  add_test ("/assay/window/keeps-its-size", test_keeps_size);
  g_test_add ("/assay/window/motion", Fixture, GINT_TO_POINTER (TRUE), set_up, test_motion,
              tear_down);
  g_test_add ("/assay/window/no-motion", Fixture, GINT_TO_POINTER (FALSE), set_up, test_motion,
              tear_down);
  add_test ("/assay/window/closes-in-flight", test_close_in_flight);
  status = g_test_run ();
  g_object_unref (application);
  return status;
}
