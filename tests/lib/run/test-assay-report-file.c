/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-report-file.h"
#include "assay-source.h"

typedef struct {
  char *folder;
  GFile *file;                /* of the report */
  char *picture;              /* a path */
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GdkPixbuf) pixels = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 400, 200);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("assay-report-XXXXXX", NULL);
  path = g_build_filename (self->folder, "report.html", NULL);
  self->file = g_file_new_for_path (path);
  self->picture = g_build_filename (self->folder, "clear.png", NULL);
  gdk_pixbuf_fill (pixels, 0xff000000);
  g_assert_true (gdk_pixbuf_save (pixels, self->picture, "png", &error, NULL));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_file_delete (self->file, NULL, NULL);
  g_remove (self->picture);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_object_unref (self->file);
  g_free (self->picture);
  g_free (self->folder);
}

static AssayReport *
create_report (Fixture *self)
{
  static const AssayReportVersion version = { .title = "version 2" };
  AssayReport *report = assay_report_new (0, 0.6);
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayPrediction) prediction = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (self->picture);
  g_autoptr (AssaySource) source = NULL;
  g_autofree char *bytes = NULL;
  gsize length = 0;
  AssayFacts facts = { 0 };

  g_assert_true (g_file_get_contents (self->picture, &bytes, &length, NULL));
  g_assert_true (assay_probe_head ((const guint8 *) bytes, length, &facts, NULL));
  source = assay_source_new_file (file, NULL, length, &facts, NULL);
  g_assert_true (assay_prediction_builder_add (builder, "daisy", 1, NULL));
  prediction = assay_prediction_builder_end (builder);
  assay_evaluation_add (evaluation, "tulips", prediction);
  assay_report_add_version (report, &version, evaluation);
  assay_report_add_mistake (report, "clear.png", "tulips", prediction, G_OBJECT (source));
  return report;
}

static char *
load (GFile *file)
{
  char *text = NULL;

  g_assert_true (g_file_load_contents (file, NULL, &text, NULL, NULL, NULL));
  return text;
}

/* A thumbnail is a JPEG of 96 pixels, white where the picture lets through. */
static void
test_thumbnail (Fixture *self,
                gconstpointer data)
{
  g_autoptr (AssayReport) report = create_report (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree guchar *bytes = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GdkPixbuf) picture = NULL;
  const guchar *pixel;
  char *start;
  gsize length = 0;

  g_assert_true (assay_report_save (report, self->file, NULL, &error));
  g_assert_no_error (error);
  text = load (self->file);
  start = strstr (text, "data:image/jpeg;base64,");
  g_assert_nonnull (start);
  start += strlen ("data:image/jpeg;base64,");
  *strchr (start, '"') = '\0';
  bytes = g_base64_decode (start, &length);
  stream = g_memory_input_stream_new_from_data (bytes, length, NULL);
  picture = gdk_pixbuf_new_from_stream (stream, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_pixbuf_get_width (picture), ==, ASSAY_THUMBNAIL_SIZE);
  g_assert_cmpint (gdk_pixbuf_get_height (picture), ==, ASSAY_THUMBNAIL_SIZE / 2);
  pixel = gdk_pixbuf_get_pixels (picture);
  g_assert_cmpint (MIN (MIN (pixel[0], pixel[1]), pixel[2]), >, 250);
}

static void
test_a_picture_that_has_gone (Fixture *self,
                              gconstpointer data)
{
  g_autoptr (AssayReport) report = create_report (self);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_remove (self->picture);
  g_assert_true (assay_report_save (report, self->file, NULL, &error));
  g_assert_no_error (error);
  text = load (self->file);
  g_assert_null (strstr (text, "<img"));
  g_assert_nonnull (strstr (text, "<div class=\"thumb\"></div>"));
}

static void
saved_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
save_and_wait (AssayReport *report,
               GFile *file,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_report_save_async (report, file, cancellable, saved_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return assay_report_save_finish (result, error);
}

static void
test_canceled (Fixture *self,
               gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_replace_contents (self->file, "old", 3, NULL, FALSE, 0, NULL, NULL, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (save_and_wait (create_report (self), self->file, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  text = load (self->file);
  g_assert_cmpstr (text, ==, "old");
  g_clear_error (&error);
  g_assert_true (save_and_wait (create_report (self), self->file, NULL, &error));
  g_assert_no_error (error);
}

static void
test_nowhere (Fixture *self,
              gconstpointer data)
{
  g_autoptr (AssayReport) report = create_report (self);
  g_autoptr (GFile) nowhere = g_file_get_child (self->file, "report.html");
  g_autoptr (GError) error = NULL;

  g_assert_false (assay_report_save (report, nowhere, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "report.html"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/assay/report-file/thumbnail", Fixture, NULL, set_up, test_thumbnail, tear_down);
  g_test_add ("/assay/report-file/a-picture-that-has-gone", Fixture, NULL, set_up,
              test_a_picture_that_has_gone, tear_down);
  g_test_add ("/assay/report-file/canceled", Fixture, NULL, set_up, test_canceled, tear_down);
  g_test_add ("/assay/report-file/nowhere", Fixture, NULL, set_up, test_nowhere, tear_down);
  return g_test_run ();
}
