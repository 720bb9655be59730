/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Real items with real bytes for the tests of widgets. */

#include "config.h"

#include "assay-preview.h"
#include "item-support.h"

/* Takes the reference to the bytes. */
AssayItem *
item_support_new_bytes (const char *name,
                        GBytes *bytes)
{
  g_autoptr (AssaySource) source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, name, bytes);
  AssayItem *item = assay_item_new (source);

  g_bytes_unref (bytes);
  return item;
}

AssayItem *
item_support_new_file (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  return item_support_new_bytes (name, g_bytes_new_take (contents, length));
}

/* A PNG with a flower of eight leaves before a lawn. */
AssayItem *
item_support_new_drawing (const char *name,
                          int width,
                          int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (GError) error = NULL;
  char *png;
  gsize length;

  cairo_set_source_rgb (cr, 0.30, 0.48, 0.27);
  cairo_paint (cr);
  cairo_translate (cr, width / 2.0, height / 2.0);
  cairo_scale (cr, MIN (width, height) / 2.4, MIN (width, height) / 2.4);
  cairo_set_source_rgb (cr, 0.86, 0.18, 0.35);
  for (int leaf = 0; leaf < 8; leaf++)
    {
      cairo_rotate (cr, G_PI / 4);
      cairo_arc (cr, 0.58, 0, 0.36, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  cairo_set_source_rgb (cr, 0.97, 0.77, 0.20);
  cairo_arc (cr, 0, 0, 0.34, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_destroy (cr);

  pixbuf = gdk_pixbuf_get_from_surface (surface, 0, 0, width, height);
  cairo_surface_destroy (surface);
  gdk_pixbuf_save_to_buffer (pixbuf, &png, &length, "png", &error, NULL);
  g_assert_no_error (error);
  return item_support_new_bytes (name, g_bytes_new_take (png, length));
}

static gboolean
resolve (AssayAnswer *answer,
         AssayOutcome *outcome)
{
  return assay_answer_move (answer, ASSAY_ANSWER_READING) &&
         assay_answer_move (answer, ASSAY_ANSWER_SENDING) &&
         assay_answer_resolve (answer, outcome, 0.112,
                               G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC);
}

/* Takes a queued answer to answered. */
gboolean
item_support_answer (AssayAnswer *answer,
                     AssayPrediction *prediction)
{
  g_autoptr (GBytes) raw = g_bytes_new_static ("{\"status\": \"SUCCEEDED\"}\n", 24);
  g_autoptr (AssayOutcome) outcome = assay_outcome_new_prediction (prediction, raw);

  return resolve (answer, outcome);
}

/* Takes a queued answer to failed. */
gboolean
item_support_fail (AssayAnswer *answer,
                   const GError *error)
{
  g_autoptr (GBytes) raw = g_bytes_new_static ("{\"error\": \"token\"}\n", 19);
  g_autoptr (AssayOutcome) outcome = assay_outcome_new_error (error, raw);

  return resolve (answer, outcome);
}

/* Whether the picture in the widget, if it has one, has its place and is loaded. */
gboolean
item_support_is_settled (GtkWidget *widget)
{
  if (ASSAY_IS_PREVIEW (widget))
    return !gtk_widget_get_mapped (widget) || (gtk_widget_get_width (widget) > 0 &&
                                               !assay_preview_get_loading (ASSAY_PREVIEW (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!item_support_is_settled (child))
      return FALSE;
  return TRUE;
}
