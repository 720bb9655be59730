/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "assay-cli-progress.h"
#include "assay-error.h"

/* Ten times a second is as often as an eye can follow a figure. */
#define INTERVAL_MILLISECONDS 100

struct _AssayCliProgress {
  AssayRun *run;
  guint timer;
  gboolean enabled;
  gboolean walking;
  gboolean shown;             /* the cursor stands behind our line */
};

/**
 * assay_cli_progress_new:
 * @when: (nullable): "always", "auto" (on a terminal), "never"; %NULL for auto
 * @error: %ASSAY_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): a progress line that shows nothing yet
 */
AssayCliProgress *
assay_cli_progress_new (const char *when,
                        GError **error)
{
  AssayCliProgress *self;
  gboolean enabled;

  if (when == NULL || g_str_equal (when, "auto"))
    enabled = isatty (STDERR_FILENO);
  else if (g_str_equal (when, "always") || g_str_equal (when, "never"))
    enabled = g_str_equal (when, "always");
  else
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("--progress takes always, auto or never, not “%s”"), when);
      return NULL;
    }
  self = g_new0 (AssayCliProgress, 1);
  self->enabled = enabled;
  self->walking = TRUE;
  return self;
}

void
assay_cli_progress_free (AssayCliProgress *self)
{
  assay_cli_progress_clear (self);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->run);
  g_free (self);
}

static void
append_rest (GString *line,
             guint left,
             double rate)
{
  double seconds = ceil (left / rate);

  if (seconds < 120)
    g_string_append_printf (line, _(", about %.0f s left"), seconds);
  else
    g_string_append_printf (line, _(", about %.0f min left"), ceil (seconds / 60));
}

/* Megabytes, as people count what they send; the smallest archive has one. */
static void
append_bytes (GString *line,
              guint64 sent,
              guint64 total)
{
  double megabyte = 1000 * 1000;

  g_string_append_printf (line, _(", sending %.0f of %.0f MB"), floor (sent / megabyte),
                          MAX (1, ceil (total / megabyte)));
}

static char *
dup_line (AssayCliProgress *self)
{
  GString *line = g_string_new (NULL);
  guint64 total_bytes;
  guint64 sent_bytes = assay_run_get_sent_bytes (self->run, &total_bytes);
  guint done = assay_run_get_done (self->run);
  guint total = assay_run_get_total (self->run);
  double rate = assay_run_get_rate (self->run);

  if (self->walking)
    g_string_append_printf (line, _("%u of at least %u"), done, total);
  else
    g_string_append_printf (line, _("%u of %u"), done, total);
  if (rate > 0)
    {
      g_string_append_printf (line, rate < 9.95 ? _(", %.1f images/s") : _(", %.0f images/s"),
                              rate);
      if (!self->walking && total > done)
        append_rest (line, total - done, rate);
    }
  if (total_bytes > 0)
    append_bytes (line, sent_bytes, total_bytes);
  return g_string_free (line, FALSE);
}

static gboolean
show_cb (gpointer data)
{
  AssayCliProgress *self = data;
  g_autofree char *line = dup_line (self);

  /* The line is written before the rest of the old one is wiped: no flicker. */
  fprintf (stderr, "\r%s\033[K", line);
  fflush (stderr);
  self->shown = TRUE;
  return G_SOURCE_CONTINUE;
}

/**
 * assay_cli_progress_follow:
 * @run: (transfer none): the run to tell about
 *
 * Begins to show how far it is.
 */
void
assay_cli_progress_follow (AssayCliProgress *self,
                           AssayRun *run)
{
  if (!self->enabled)
    return;
  g_set_object (&self->run, run);
  if (self->timer == 0)
    self->timer = g_timeout_add (INTERVAL_MILLISECONDS, show_cb, self);
  show_cb (self);
}

/**
 * assay_cli_progress_set_walking:
 * @walking: whether the total may still grow
 */
void
assay_cli_progress_set_walking (AssayCliProgress *self,
                                gboolean walking)
{
  self->walking = walking;
}

/**
 * assay_cli_progress_clear:
 *
 * Wipes the line, so that something else can be written.
 */
void
assay_cli_progress_clear (AssayCliProgress *self)
{
  if (!self->shown)
    return;
  fputs ("\r\033[K", stderr);
  fflush (stderr);
  self->shown = FALSE;
}
