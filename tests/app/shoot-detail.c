/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes a picture of the detail pane in one of its states, as it stands on the
 * screen, so that a person can look at it:
 *   shoot-detail --state=answered --output=FILE.png [--picture=FILE] [--dark] … */

#include "config.h"

#include <adwaita.h>

#include "assay-detail.h"
#include "assay-error.h"
#include "item-support.h"
#include "widget-support.h"

static char *state = NULL;
static char *output = NULL;
static char *picture = NULL;
static gboolean dark = FALSE;
static gboolean contrast = FALSE;
static gboolean compact = FALSE;
static gboolean right_to_left = FALSE;
static gboolean stay = FALSE;
static double text_scale = 1;
static int width = 856;
static int height = 740;

static const GOptionEntry entries[] = {
  { "state", 0, 0, G_OPTION_ARG_STRING, &state, "What to show", "STATE" },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &output, "Where to write the PNG", "FILE" },
  { "picture", 0, 0, G_OPTION_ARG_FILENAME, &picture, "A picture to show in place of a drawn one",
    "FILE" },
  { "dark", 0, 0, G_OPTION_ARG_NONE, &dark, "Dark style", NULL },
  { "contrast", 0, 0, G_OPTION_ARG_NONE, &contrast, "High contrast", NULL },
  { "compact", 0, 0, G_OPTION_ARG_NONE, &compact, "One narrow column", NULL },
  { "right-to-left", 0, 0, G_OPTION_ARG_NONE, &right_to_left, "Mirrored", NULL },
  { "stay", 0, 0, G_OPTION_ARG_NONE, &stay, "Leave the window open", NULL },
  { "text-scale", 0, 0, G_OPTION_ARG_DOUBLE, &text_scale, "Size of text, 2 for 200 %", "FACTOR" },
  { "width", 0, 0, G_OPTION_ARG_INT, &width, "Width of the pane", "PIXELS" },
  { "height", 0, 0, G_OPTION_ARG_INT, &height, "Height of the pane", "PIXELS" },
  G_OPTION_ENTRY_NULL
};

typedef struct {
  const char *state;
  const char *labels[6];
  double scores[6];
} Prediction;

static const Prediction predictions[] = {
  { "answered",
    { "roses", "tulips", "sunflowers", "dandelion", "daisy" },
    { .9573449492454529, .0396801233291626, .0027627646923065186, .00018524238839745522,
      .0000269435749942204 } },
  { "unsure",
    { "tulips", "roses", "daisy", "sunflowers", "dandelion" },
    { .482, .381, .08, .04, .017 } },
  { "close", { "roses", "tulips", "daisy" }, { .84, .8123, .1 } },
  { "partial", { "roses", "tulips" }, { .6112, .0288 } },
  { "independent", { "outdoors", "flower", "red" }, { .99, .94, .2 } },
  { "other", { "roses", "tulips", "daisy", "dandelion" }, { 8.2134, 3.1, -1.25, -2.5 } },
  { "long",
    { "a label of so many words that no column can hold all of it on only one line or even two",
      "n02123159 tiger cat, felis catus, striped",
      "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" },
    { .71, .2, .09 } },
};

static AssayPrediction *
make_prediction (void)
{
  if (g_strcmp0 (state, "many") == 0)
    return widget_support_predict_many (1000, 0.7);
  for (guint i = 0; i < G_N_ELEMENTS (predictions); i++)
    {
      const Prediction *one = &predictions[i];
      guint n = 0;

      if (g_strcmp0 (one->state, state) != 0)
        continue;
      while (n < G_N_ELEMENTS (one->labels) && one->labels[n] != NULL)
        n++;
      return widget_support_predict (one->labels, one->scores, n);
    }
  return NULL;
}

/* Moves the item's answer to the state asked for; FALSE if there is none such. */
static gboolean
reach_state (AssayItem *item,
             AssayAnswer *answer)
{
  g_autoptr (AssayPrediction) prediction = make_prediction ();
  g_autoptr (GError) error = NULL;

  if (prediction != NULL)
    return item_support_answer (answer, prediction);
  if (g_strcmp0 (state, "queued") == 0)
    return TRUE;
  if (g_strcmp0 (state, "reading") == 0)
    return assay_answer_move (answer, ASSAY_ANSWER_READING);
  if (g_strcmp0 (state, "sending") == 0)
    return assay_answer_move (answer, ASSAY_ANSWER_READING) &&
           assay_answer_move (answer, ASSAY_ANSWER_SENDING);
  if (g_strcmp0 (state, "canceled") == 0)
    return assay_answer_move (answer, ASSAY_ANSWER_CANCELED);
  if (g_strcmp0 (state, "failed") == 0)
    {
      error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                                   "The service refuses the token: it ended at 14:03.");
      return item_support_fail (answer, error);
    }
  error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE, "The file is empty.");
  return g_strcmp0 (state, "rejected") == 0 && assay_answer_reject (answer, error);
}

static gboolean
is_settled (gpointer data)
{
  return item_support_is_settled (data) && gtk_widget_get_mapped (data);
}

static AssayItem *
make_item (void)
{
  if (g_strcmp0 (state, "rejected") == 0)
    return item_support_new_bytes ("DSC_0412 (copy).jpg", g_bytes_new_static ("", 0));
  return picture != NULL ? item_support_new_file (picture)
                         : item_support_new_drawing ("drawn flower.png", 640, 480);
}

static void
activate_cb (GtkApplication *application)
{
  GtkWidget *window = gtk_application_window_new (application);
  GtkWidget *detail = assay_detail_new ();
  g_autoptr (AssayTarget) target = assay_target_new ("builtin", "flowers", "2");
  g_autoptr (AssayItem) item = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11",
                "gtk-enable-animations", FALSE, "gtk-xft-dpi", (int) (96 * 1024 * text_scale),
                NULL);
  if (g_strcmp0 (state, "nothing") != 0)
    {
      item = make_item ();
      assay_item_show_target (item, target);
      if (g_strcmp0 (state, "unasked") != 0 &&
          !reach_state (item, assay_item_ensure_answer (item, target)))
        g_error ("no such state: %s", state);
    }
  g_object_set (detail, "item", item, "compact", compact, "connection-name", "Built-in", NULL);
  gtk_window_set_child (GTK_WINDOW (window), detail);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  if (stay)
    return;

  if (!widget_support_wait (is_settled, detail))
    g_error ("the picture did not come");
  texture = widget_support_draw (detail);
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
