/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes a picture of the page that evaluates, as it stands on the screen, so that a person
 * can look at it:
 *   shoot-evaluate --state=flowers --output=FILE.png [--pictures=FOLDER] [--dark] … */

#include "config.h"

#include <adwaita.h>

#include "assay-evaluate-page.h"
#include "assay-thumb.h"
#include "evaluate-samples.h"
#include "widget-support.h"

static char *state = NULL;
static char *output = NULL;
static char *pictures = NULL;
static gboolean dark = FALSE;
static gboolean contrast = FALSE;
static gboolean right_to_left = FALSE;
static double text_scale = 1;
static int width = 1200;
static int height = 780;
static int scroll = 0;

static const GOptionEntry entries[] = {
  { "state", 0, 0, G_OPTION_ARG_STRING, &state, "What to show", "STATE" },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &output, "Where to write the PNG", "FILE" },
  { "pictures", 0, 0, G_OPTION_ARG_FILENAME, &pictures, "Folders of flowers", "FOLDER" },
  { "dark", 0, 0, G_OPTION_ARG_NONE, &dark, "Dark style", NULL },
  { "contrast", 0, 0, G_OPTION_ARG_NONE, &contrast, "High contrast", NULL },
  { "right-to-left", 0, 0, G_OPTION_ARG_NONE, &right_to_left, "Mirrored", NULL },
  { "text-scale", 0, 0, G_OPTION_ARG_DOUBLE, &text_scale, "Size of text, 2 for 200 %", "FACTOR" },
  { "width", 0, 0, G_OPTION_ARG_INT, &width, "Width of the page", "PIXELS" },
  { "height", 0, 0, G_OPTION_ARG_INT, &height, "Height of the page", "PIXELS" },
  { "scroll", 0, 0, G_OPTION_ARG_INT, &scroll, "How far down", "PIXELS" },
  G_OPTION_ENTRY_NULL
};

static EvaluateSample *
make_sample (void)
{
  EvaluateSample *sample = evaluate_sample_new ();
  AssayItem *item;

  if (g_strcmp0 (state, "flowers") == 0)
    evaluate_sample_fill_flowers (sample, pictures);
  else if (g_strcmp0 (state, "many") == 0)
    evaluate_sample_fill_many (sample, 20000, 1000);
  else if (g_strcmp0 (state, "no-answers") == 0)
    evaluate_sample_add (sample, "/set/roses", "a.jpg");
  else if (g_strcmp0 (state, "no-truth") == 0)
    {
      item = evaluate_sample_add (sample, "/other", "a.jpg");
      evaluate_sample_answer (sample, item, "roses", "tulips", .8);
    }
  evaluate_sample_settle (sample);
  return sample;
}

static GtkWidget *
create_picker (const char *text)
{
  const char *const texts[] = { text, NULL };

  return gtk_drop_down_new_from_strings (texts);
}

/* Whether each thumbnail that is shown has its picture, where there are some. */
static gboolean
has_pictures (GtkWidget *widget)
{
  if (ASSAY_IS_THUMB (widget) && gtk_widget_get_mapped (widget))
    return pictures == NULL || g_strcmp0 (state, "flowers") != 0
           || assay_thumb_get_paintable (ASSAY_THUMB (widget)) != NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!has_pictures (child))
      return FALSE;
  return TRUE;
}

static gboolean
is_settled (gpointer data)
{
  return gtk_widget_get_mapped (data) && gtk_widget_get_width (data) > 0
         && assay_evaluate_page_is_settled (data) && has_pictures (data);
}

static gboolean
is_scrolled (gpointer data)
{
  gtk_adjustment_set_value (data, scroll);
  return gtk_adjustment_get_value (data) > 0;
}

static void
take_picture (GtkWidget *window,
              GtkWidget *page)
{
  GtkWidget *scroller = gtk_widget_get_first_child (page);
  g_autoptr (GdkTexture) texture = NULL;

  if (!widget_support_wait (is_settled, page))
    g_error ("the page did not come");
  if (gtk_widget_get_width (window) > width)
    g_error ("the page needs %d pixels, not %d", gtk_widget_get_width (window), width);
  if (scroll > 0
      && !widget_support_wait (
        is_scrolled, gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller))))
    g_error ("the page has nothing below");
  texture = widget_support_draw (window);
  if (output != NULL && !gdk_texture_save_to_png (texture, output))
    g_error ("%s could not be written", output);
}

static void
activate_cb (GtkApplication *application)
{
  GtkWidget *window = gtk_application_window_new (application);
  GtkWidget *page = assay_evaluate_page_new ();
  AssayEvaluatePage *self = ASSAY_EVALUATE_PAGE (page);
  EvaluateSample *sample;

  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11",
                "gtk-enable-animations", FALSE, "gtk-xft-dpi", (int) (96 * 1024 * text_scale),
                NULL);
  sample = make_sample ();
  assay_evaluate_page_set_judge (self, sample->judge, sample->truths);
  assay_evaluate_page_set_title (self, "version 2");
  assay_evaluate_page_set_compact (self, width < 600);
  assay_evaluate_page_add_picker (self, create_picker ("version 2"));
  assay_evaluate_page_add_picker (self, create_picker ("Truth: folder names"));
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_set_title (GTK_WINDOW (window), "Evaluate");
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  take_picture (window, page);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc,
      char *argv[])
{
  g_autoptr (GOptionContext) options = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AdwApplication) application = NULL;

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  /* The switch that libadwaita has for this; the desktop's setting is not ours. */
  if (contrast)
    g_setenv ("ADW_DEBUG_HIGH_CONTRAST", "1", TRUE);
  widget_support_register ();
  application = g_object_new (ADW_TYPE_APPLICATION,
                              "application-id", ASSAY_APPLICATION_ID,
                              "flags", G_APPLICATION_NON_UNIQUE,
                              "resource-base-path", "/io/github/assay/Assay",
                              NULL);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  adw_init ();
  if (right_to_left)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                           : ADW_COLOR_SCHEME_FORCE_LIGHT);
  return g_application_run (G_APPLICATION (application), 0, NULL);
}
