/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-report-file.h"
#include "assay-source.h"
#include "assay-thumbnail.h"
#include "assay-whole-file.h"

typedef struct {
  GOutputStream *stream;
  GCancellable *cancellable;
} Target;

/* ---- thumbnails ---- */

static GBytes *
load_thumbnail (AssaySource *source,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GInputStream) stream = assay_source_open (source, cancellable, error);
  g_autoptr (GdkPixbuf) picture = NULL;

  if (stream == NULL)
    return NULL;
  picture = assay_thumbnail_load (stream, assay_source_get_facts (source), ASSAY_THUMBNAIL_SIZE,
                                  cancellable, error);
  return picture != NULL ? assay_thumbnail_encode (picture, error) : NULL;
}

/* What has gone or can't be decoded any more has no thumbnail, and is no reason to have no
 * report. */
static GBytes *
show (GObject *picture,
      gpointer data,
      GError **error)
{
  Target *self = data;
  g_autoptr (GBytes) thumbnail = NULL;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return NULL;
  if (ASSAY_IS_SOURCE (picture) && assay_source_get_error (ASSAY_SOURCE (picture)) == NULL)
    thumbnail = load_thumbnail (ASSAY_SOURCE (picture), self->cancellable, NULL);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return NULL;
  return g_steal_pointer (&thumbnail);
}

/* ---- the file ---- */

static gboolean
put (const char *text,
     gsize length,
     gpointer data,
     GError **error)
{
  Target *self = data;

  return g_output_stream_write_all (self->stream, text, length, NULL, self->cancellable, error);
}

/**
 * assay_report_send:
 * @report: filled; not changed
 * @stream: takes it, and stays open
 * @cancellable: (nullable)
 * @error: what the stream says, or %G_IO_ERROR_CANCELLED
 *
 * Writes @report with its thumbnails, of which one is in memory at a time.  Blocks; any
 * thread.
 *
 * Returns: whether all of it is written
 */
gboolean
assay_report_send (AssayReport *report,
                   GOutputStream *stream,
                   GCancellable *cancellable,
                   GError **error)
{
  Target target = { stream, cancellable };

  g_return_val_if_fail (report != NULL, FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);

  return assay_report_write (report, put, show, &target, error);
}

static gboolean
send_cb (GOutputStream *stream,
         gpointer data,
         GCancellable *cancellable,
         GError **error)
{
  return assay_report_send (data, stream, cancellable, error);
}

/**
 * assay_report_save:
 * @report: filled; not changed
 * @file: what it becomes
 * @cancellable: (nullable)
 * @error: %ASSAY_ERROR_FAILED, with the file and what to do, or %G_IO_ERROR_CANCELLED
 *
 * Writes @report to @file, whole or not at all: what the file held before stays until the
 * last byte is written.  Blocks; any thread.
 *
 * Returns: whether @file is the report now
 */
gboolean
assay_report_save (AssayReport *report,
                   GFile *file,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (report != NULL, FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  if (assay_whole_file_write (file, send_cb, report, cancellable, &reason))
    return TRUE;
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  name = g_file_get_parse_name (file);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
               _("The report can’t be written to %s: %s. Choose another place, or make room there"),
               name, reason->message);
  return FALSE;
}

typedef struct {
  AssayReport *report;
  GFile *file;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *self = data;

  assay_report_free (self->report);
  g_object_unref (self->file);
  g_free (self);
}

static void
save_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  Saving *self = data;
  GError *error = NULL;

  if (assay_report_save (self->report, self->file, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * assay_report_save_async:
 * @report: (transfer full): filled
 * @file: what it becomes
 *
 * As assay_report_save(), on a thread of its own.
 */
void
assay_report_save_async (AssayReport *report,
                         GFile *file,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Saving *saving = g_new (Saving, 1);

  g_assert (report != NULL && G_IS_FILE (file));

  *saving = (Saving) { report, g_object_ref (file) };
  g_task_set_source_tag (task, assay_report_save_async);
  g_task_set_task_data (task, saving, saving_free);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
assay_report_save_finish (GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
