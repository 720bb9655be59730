/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <adwaita.h>

#include "assay-card.h"
#include "assay-detail.h"
#include "assay-error.h"
#include "assay-preview.h"
#include "assay-response-dialog.h"
#include "assay-verdict.h"
#include "item-support.h"
#include "widget-support.h"

#define NB "\u202f"

/* A detail in a window, with an item and the target that it shows. */
typedef struct {
  GtkWidget *window;
  GtkWidget *detail;
  AssayItem *item;
  AssayTarget *target;
  AssayPrediction *prediction;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  const char *const labels[] = { "roses", "tulips", "daisy" };
  const double scores[] = { .9573449492454529, .0396801233291626, .002974927425384521 };

  fixture->prediction = widget_support_predict (labels, scores, 3);
  fixture->target = assay_target_new ("builtin", "flowers", "2");
  fixture->item = item_support_new_drawing ("flower.png", 640, 480);
  assay_item_show_target (fixture->item, fixture->target);
  fixture->detail = assay_detail_new ();
  fixture->window = widget_support_show (fixture->detail, 856, 740);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  GtkWidget *detail = g_object_ref (fixture->detail);

  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (detail);
  assay_prediction_unref (fixture->prediction);
  assay_target_unref (fixture->target);
  g_assert_finalize_object (fixture->item);
}

static gboolean
shows (Fixture *fixture,
       const char *text)
{
  return widget_support_find_label (fixture->detail, text) != NULL;
}

static gboolean
is_settled (gpointer data)
{
  return item_support_is_settled (data);
}

static AssayAnswer *
ask (Fixture *fixture)
{
  return assay_item_ensure_answer (fixture->item, fixture->target);
}

static GtkWidget *
find_widget (GtkWidget *widget,
             GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The whole life of an answer, seen without anybody telling the detail. */
static void
test_follows (Fixture *fixture,
              gconstpointer data)
{
  AssayAnswer *answer;

  g_assert_true (
      gtk_widget_get_mapped (widget_support_find_label (fixture->detail, "Choose an image")));
  g_object_set (fixture->detail, "item", fixture->item, "connection-name", "Built-in", NULL);
  g_assert_true (shows (fixture, "Not asked yet"));

  answer = ask (fixture);
  g_assert_true (shows (fixture, "Queued"));
  assay_answer_move (answer, ASSAY_ANSWER_READING);
  g_assert_true (shows (fixture, "Reading…"));
  assay_answer_move (answer, ASSAY_ANSWER_SENDING);
  g_assert_true (shows (fixture, "Waiting for the answer of Built-in."));
  assay_answer_move (answer, ASSAY_ANSWER_QUEUED);

  g_assert_true (item_support_answer (answer, fixture->prediction));
  g_assert_false (shows (fixture, "Sending…"));
  g_assert_true (shows (fixture, "roses"));
  g_assert_true (shows (fixture, "95.7" NB "%"));
  g_assert_true (shows (fixture, "91.8 points ahead of tulips, above 60" NB "%"));
  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (find_widget (fixture->detail, ASSAY_TYPE_VERDICT)),
      GTK_ACCESSIBLE_PROPERTY_LABEL, "roses, 96 percent; next tulips, 4 percent");

  assay_detail_set_threshold (ASSAY_DETAIL (fixture->detail), .97);
  g_assert_true (shows (fixture, "Unsure"));
  g_assert_true (shows (fixture, "threshold 97" NB "%"));

  /* Asked again: what was known goes with the answer. */
  assay_answer_move (answer, ASSAY_ANSWER_QUEUED);
  g_assert_true (shows (fixture, "Queued"));
  g_assert_false (shows (fixture, "Unsure"));
  assay_answer_move (answer, ASSAY_ANSWER_CANCELED);
  g_assert_true (shows (fixture, "Canceled"));
  g_assert_true (shows (fixture, "Ask Again"));
}

static void
test_another_target (Fixture *fixture,
                     gconstpointer data)
{
  g_autoptr (AssayTarget) other = assay_target_new ("builtin", "flowers", "1");

  g_object_set (fixture->detail, "item", fixture->item, NULL);
  item_support_answer (ask (fixture), fixture->prediction);
  g_assert_true (shows (fixture, "roses"));
  assay_item_show_target (fixture->item, other);
  g_assert_true (shows (fixture, "Not asked yet"));
  assay_item_show_target (fixture->item, fixture->target);
  g_assert_true (shows (fixture, "roses"));
}

static void
test_problems (Fixture *fixture,
               gconstpointer data)
{
  g_autoptr (GError) error =
      g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_OFFLINE, "No route to example.com.");
  g_autoptr (GError) hopeless =
      g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_DAMAGED, "It ends too early.");
  AssayAnswer *answer = ask (fixture);

  g_object_set (fixture->detail, "item", fixture->item, NULL);
  item_support_fail (answer, error);
  g_assert_true (shows (fixture, "The service was not reached"));
  g_assert_true (shows (fixture, "No route to example.com."));
  g_assert_true (shows (fixture, "Try Again"));
  g_assert_true (shows (fixture, "Show Response"));
  g_assert_false (shows (fixture, "Copy Result"));

  assay_answer_move (answer, ASSAY_ANSWER_QUEUED);
  assay_answer_reject (answer, hopeless);
  g_assert_true (shows (fixture, "It ends too early."));
  g_assert_false (shows (fixture, "Try Again"));
  g_assert_false (shows (fixture, "Show Response"));
}

static void
text_read_cb (GObject *object,
              GAsyncResult *result,
              gpointer data)
{
  char **text = data;
  g_autoptr (GError) error = NULL;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (object), result, &error);
  g_assert_no_error (error);
}

static void
texture_read_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer data)
{
  GdkTexture **texture = data;
  g_autoptr (GError) error = NULL;

  *texture = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (object), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* Text and picture together; the exact double is in the text. */
static void
test_copy (Fixture *fixture,
           gconstpointer data)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (fixture->detail);
  g_autofree char *text = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GdkContentFormats) formats = NULL;
  guint copied = 0;

  g_signal_connect_swapped (fixture->detail, "copied", G_CALLBACK (count_cb), &copied);
  g_object_set (fixture->detail, "item", fixture->item, NULL);
  g_assert_false (gtk_widget_activate_action (fixture->detail, "detail.copy", NULL) && copied > 0);
  item_support_answer (ask (fixture), fixture->prediction);
  g_assert_true (widget_support_wait (is_settled, fixture->detail));
  g_assert_true (gtk_widget_activate_action (fixture->detail, "detail.copy", NULL));
  g_assert_cmpuint (copied, ==, 1);

  gdk_clipboard_read_text_async (clipboard, NULL, text_read_cb, &text);
  g_assert_true (widget_support_wait (is_set, &text));
  g_assert_true (g_str_has_prefix (text, "flower.png\nroses: 95.7" NB "%\n"));
  g_assert_nonnull (strstr (text, "\nroses\t95.7" NB "%\t0.9573449492454529\ntulips\t3.97" NB
                                  "%\t0.0396801233291626\n"));
  gdk_clipboard_read_texture_async (clipboard, NULL, texture_read_cb, &texture);
  g_assert_true (widget_support_wait (is_set, &texture));
  g_assert_cmpint (gdk_texture_get_width (texture), >, 1200);
  g_assert_cmpint (gdk_texture_get_height (texture), >, 600);
  /* A PNG is what other programs ask for. */
  formats = gdk_content_formats_union_serialize_mime_types (
    gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard)));
  g_assert_true (gdk_content_formats_contain_mime_type (formats, "image/png"));
}

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ASSAY_IS_RESPONSE_DIALOG (window))
        return window;
    }
  return NULL;
}

static void
test_response (Fixture *fixture,
               gconstpointer data)
{
  GtkWidget *dialog;
  g_autofree char *text = NULL;

  g_object_set (fixture->detail, "item", fixture->item, NULL);
  item_support_answer (ask (fixture), fixture->prediction);
  g_assert_true (gtk_widget_activate_action (fixture->detail, "detail.show-response", NULL));
  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (dialog)) ==
                 GTK_WINDOW (fixture->window));
  text = assay_response_dialog_dup_text (ASSAY_RESPONSE_DIALOG (dialog));
  g_assert_cmpstr (text, ==, "{\"status\": \"SUCCEEDED\"}\n");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* A megabyte in one line is broken for the eye, and what is no UTF-8 is shown. */
static void
test_long_response (void)
{
  g_autofree char *line = g_strnfill (1000 * 1000, 'x');
  g_autoptr (GBytes) raw = NULL;
  GtkWidget *dialog;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  line[10] = '\0';
  line[20] = '\xff';
  raw = g_bytes_new (line, 1000 * 1000);
  dialog = assay_response_dialog_new (raw, "flower.png");
  text = assay_response_dialog_dup_text (ASSAY_RESPONSE_DIALOG (dialog));
  g_assert_true (g_str_has_prefix (text, "xxxxxxxxxx\uFFFDxxxxxxxxx\uFFFDx"));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >=, 250);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (strlen (lines[i]), <=, 4000);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* The narrowest window that must hold it is 360 pixels wide. */
static void
test_narrow (Fixture *fixture,
             gconstpointer data)
{
  int minimum;

  g_object_set (fixture->detail, "item", fixture->item, "compact", TRUE, NULL);
  item_support_answer (ask (fixture), fixture->prediction);
  gtk_widget_measure (fixture->detail, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  g_object_set (fixture->detail, "compact", FALSE, NULL);
  gtk_widget_measure (fixture->detail, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 600);
}

static void
test_preview (Fixture *fixture,
              gconstpointer data)
{
  AssayPreview *preview = ASSAY_PREVIEW (find_widget (fixture->detail, ASSAY_TYPE_PREVIEW));

  g_object_set (fixture->detail, "item", fixture->item, NULL);
  g_assert_true (widget_support_wait (is_settled, fixture->detail));
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (assay_preview_get_paintable (preview)), ==,
                   512);
  g_assert_cmpint (gdk_paintable_get_intrinsic_height (assay_preview_get_paintable (preview)), ==,
                   384);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (preview), GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (preview), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "flower.png");
}

static gboolean
source_is_free (gpointer data)
{
  return g_atomic_int_get (&G_OBJECT (assay_item_get_source (data))->ref_count) == 1;
}

static gboolean
is_loading (gpointer data)
{
  return assay_preview_get_loading (data);
}

/* The window closes while the picture is still being decoded: nothing is left of
 * it, and what comes late finds nobody. */
static void
test_closed_while_loading (void)
{
  g_autoptr (AssayItem) item = item_support_new_drawing ("flower.png", 3000, 2000);
  GtkWidget *detail = g_object_ref_sink (assay_detail_new ());
  GtkWidget *window = widget_support_show (detail, 856, 740);
  GtkWidget *preview = find_widget (detail, ASSAY_TYPE_PREVIEW);

  g_object_set (detail, "item", item, NULL);
  g_assert_true (widget_support_wait (is_loading, preview));
  g_object_add_weak_pointer (G_OBJECT (preview), (gpointer *) &preview);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (detail);
  g_assert_null (preview);
  /* The worker's reference to the source is the last sign of it. */
  g_assert_true (widget_support_wait (source_is_free, item));
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

#define ADD(path, function)                                                                        \
  g_test_add ("/assay/detail/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("follows", test_follows);
  ADD ("another-target", test_another_target);
  ADD ("problems", test_problems);
  ADD ("copy", test_copy);
  ADD ("response", test_response);
  ADD ("narrow", test_narrow);
  ADD ("preview", test_preview);
  g_test_add_func ("/assay/detail/closed-while-loading", test_closed_while_loading);
  g_test_add_func ("/assay/response-dialog/long", test_long_response);
  return g_test_run ();
}
