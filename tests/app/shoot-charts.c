/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes a picture of one of the charts that judge and compare, as it stands on the
 * screen, so that a person can look at it:
 *   shoot-charts --chart=confusion --output=FILE.png [--dark] [--contrast] … */

#include "config.h"

#include <adwaita.h>

#include "chart-samples.h"
#include "widget-support.h"

static char *chart = NULL;
static char *output = NULL;
static gboolean dark = FALSE;
static gboolean contrast = FALSE;
static gboolean right_to_left = FALSE;
static gboolean stay = FALSE;
static double text_scale = 1;
static int width = 430;
static int height = -1;

static const GOptionEntry entries[] = {
  { "chart", 0, 0, G_OPTION_ARG_STRING, &chart, "What to show", "CHART" },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &output, "Where to write the PNG", "FILE" },
  { "dark", 0, 0, G_OPTION_ARG_NONE, &dark, "Dark style", NULL },
  { "contrast", 0, 0, G_OPTION_ARG_NONE, &contrast, "High contrast", NULL },
  { "right-to-left", 0, 0, G_OPTION_ARG_NONE, &right_to_left, "Mirrored", NULL },
  { "stay", 0, 0, G_OPTION_ARG_NONE, &stay, "Leave the window open", NULL },
  { "text-scale", 0, 0, G_OPTION_ARG_DOUBLE, &text_scale, "Size of text, 2 for 200 %", "FACTOR" },
  { "width", 0, 0, G_OPTION_ARG_INT, &width, "Width of the card", "PIXELS" },
  { "height", 0, 0, G_OPTION_ARG_INT, &height, "Height of the card", "PIXELS" },
  G_OPTION_ENTRY_NULL
};

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data) && gtk_widget_get_width (data) > 0;
}

static void
activate_cb (GtkApplication *application)
{
  GtkWidget *window = gtk_application_window_new (application);
  GtkWidget *card = adw_bin_new ();
  GtkWidget *content = chart_samples_new (chart);
  g_autoptr (GdkTexture) texture = NULL;

  if (content == NULL)
    g_error ("no such chart: %s", chart);
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11",
                "gtk-enable-animations", FALSE, "gtk-xft-dpi", (int) (96 * 1024 * text_scale),
                NULL);
  adw_bin_set_child (ADW_BIN (card), content);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "chart-card");
  gtk_widget_set_valign (card, GTK_ALIGN_START);
  g_object_set (card, "margin-start", 12, "margin-end", 12, "margin-top", 12, "margin-bottom", 12,
                NULL);
  gtk_window_set_child (GTK_WINDOW (window), card);
  gtk_window_set_title (GTK_WINDOW (window), "Charts");
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  if (stay)
    return;

  if (!widget_support_wait (is_mapped, content))
    g_error ("the window did not come");
  if (gtk_widget_get_width (window) > width)
    g_error ("%s needs %d pixels, not %d", chart, gtk_widget_get_width (window), width);
  texture = widget_support_draw (window);
  if (output != NULL && !gdk_texture_save_to_png (texture, output))
    g_error ("%s could not be written", output);
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
