/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of single widgets share: a window with the program's styles, a
 * wait with a bound, and a look at labels and pixels. */

#include "config.h"

#include <adwaita.h>

#include "assay-resources.h"
#include "widget-support.h"

/* Under a sanitizer with whole stacks a frame takes a second. */
#ifdef __SANITIZE_ADDRESS__
#define PATIENCE 300
#else
#define PATIENCE 30
#endif

static void
add_styles (const char *path)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* The program's resources, from a static library that nobody else asks for. */
void
widget_support_register (void)
{
  g_resources_register (assay_get_resource ());
}

void
widget_support_init (int *argc,
                     char ***argv)
{
  /* Not in isolated folders: libadwaita needs the schemas of the system. */
  g_test_init (argc, argv, NULL);
  gtk_disable_setlocale ();
  adw_init ();
  widget_support_register ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/io/github/assay/Assay/icons");
  add_styles ("/io/github/assay/Assay/style.css");
}

static gboolean
wake_up (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until the state is reached; FALSE when it never comes. */
gboolean
widget_support_wait (gboolean (*reached) (gpointer data),
                     gpointer data)
{
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  guint alarm = g_timeout_add (50, wake_up, NULL);

  while (!reached (data) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (alarm);
  return reached (data);
}

static gboolean
has_size (gpointer data)
{
  return gtk_widget_get_mapped (data) && gtk_widget_get_width (data) > 0;
}

/* Shows a widget in a window of its own and waits until it has its place. */
GtkWidget *
widget_support_show (GtkWidget *child,
                     int width,
                     int height)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (widget_support_wait (has_size, child));
  return window;
}

/* The label with that text that is shown below the widget, or NULL. */
GtkWidget *
widget_support_find_label (GtkWidget *widget,
                           const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget)
      && g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text) == 0)
    return widget;
  if (!gtk_widget_get_visible (widget))
    return NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = widget_support_find_label (child, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

typedef struct {
  GdkFrameClock *clock;
  gint64 frame;
} Painted;

static gboolean
is_painted (gpointer data)
{
  Painted *painted = data;

  return gdk_frame_clock_get_frame_counter (painted->clock) >= painted->frame;
}

/* Waits until what has changed is on the screen: one frame lays out, one paints. */
static void
wait_for_paint (GtkWidget *root)
{
  Painted painted = { gtk_widget_get_frame_clock (root), 0 };

  painted.frame = gdk_frame_clock_get_frame_counter (painted.clock) + 2;
  while (!is_painted (&painted))
    {
      gint64 next = gdk_frame_clock_get_frame_counter (painted.clock) + 1;
      Painted one = { painted.clock, next };

      gtk_widget_queue_draw (root);
      g_assert_true (widget_support_wait (is_painted, &one));
    }
}

/* What stands on the screen in the widget's place. */
GdkTexture *
widget_support_draw (GtkWidget *widget)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (root);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  graphene_rect_t bounds;
  GskRenderNode *node;
  GdkTexture *texture;

  wait_for_paint (root);
  g_assert_true (gtk_widget_compute_bounds (widget, root, &bounds));
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (root),
                          gtk_widget_get_height (root));
  node = gtk_snapshot_to_node (snapshot);
  g_assert_nonnull (node);
  texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (root)), node, &bounds);
  gsk_render_node_unref (node);
  return texture;
}

/* 0xrrggbb of one pixel of the widget. */
guint32
widget_support_get_pixel (GtkWidget *widget,
                          int x,
                          int y)
{
  g_autoptr (GdkTexture) texture = widget_support_draw (widget);
  gsize stride = (gsize) gdk_texture_get_width (texture) * 4;
  g_autofree guint32 *pixels = g_malloc (stride * gdk_texture_get_height (texture));

  g_assert_cmpint (x, <, gdk_texture_get_width (texture));
  g_assert_cmpint (y, <, gdk_texture_get_height (texture));
  gdk_texture_download (texture, (guchar *) pixels, stride);
  return pixels[y * gdk_texture_get_width (texture) + x] & 0xffffff;
}

AssayPrediction *
widget_support_predict (const char *const *labels,
                        const double *scores,
                        guint n)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  for (guint i = 0; i < n; i++)
    g_assert_true (assay_prediction_builder_add (builder, labels[i], scores[i], NULL));
  return assay_prediction_builder_end (builder);
}

/* n labels, "label 0000" with the first score, the others equal; they sum to 1. */
AssayPrediction *
widget_support_predict_many (guint n,
                             double first)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %04u", i);

      g_assert_true (assay_prediction_builder_add (builder, label,
                                                   i == 0 ? first : (1 - first) / (n - 1), NULL));
    }
  return assay_prediction_builder_end (builder);
}
