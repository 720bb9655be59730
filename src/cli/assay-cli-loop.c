/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "assay-cli-loop.h"
#include "assay-cli.h"

/* So many interrupts ask to stop now. */
#define URGENT 2

struct _AssayCliLoop {
  GMainLoop *loop;
  GCancellable *cancellable;
  AssayCliInterrupted interrupted;
  gpointer data;
  guint sources[2];
  int status;
  guint n_signals;
  gboolean quit;              /* possibly before the loop runs */
};

static gboolean
signal_cb (gpointer data)
{
  AssayCliLoop *self = data;

  /* In the end nothing is waited for, not even our own tidying. */
  if (++self->n_signals > URGENT)
    _exit (ASSAY_CLI_INTERRUPTED);

  g_cancellable_cancel (self->cancellable);
  self->interrupted (self->data);
  return G_SOURCE_CONTINUE;
}

/* Who ends us that way has no patience. */
static gboolean
terminate_cb (gpointer data)
{
  AssayCliLoop *self = data;

  self->n_signals = MAX (self->n_signals, URGENT - 1);
  return signal_cb (self);
}

/**
 * assay_cli_loop_new:
 * @interrupted: called on the first interrupt, after the cancellable, and on the
 *   second; must lead to assay_cli_loop_quit() soon
 * @data: for @interrupted
 *
 * Returns: (transfer full): a loop that has the signals already
 */
AssayCliLoop *
assay_cli_loop_new (AssayCliInterrupted interrupted,
                    gpointer data)
{
  AssayCliLoop *self = g_new0 (AssayCliLoop, 1);

  self->loop = g_main_loop_new (NULL, FALSE);
  self->cancellable = g_cancellable_new ();
  self->interrupted = interrupted;
  self->data = data;
  self->sources[0] = g_unix_signal_add (SIGINT, signal_cb, self);
  self->sources[1] = g_unix_signal_add (SIGTERM, terminate_cb, self);
  return self;
}

void
assay_cli_loop_free (AssayCliLoop *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->sources); i++)
    g_source_remove (self->sources[i]);
  g_object_unref (self->cancellable);
  g_main_loop_unref (self->loop);
  g_free (self);
}

/**
 * assay_cli_loop_get_cancellable:
 *
 * Returns: (transfer none): canceled by the first interrupt
 */
GCancellable *
assay_cli_loop_get_cancellable (AssayCliLoop *self)
{
  return self->cancellable;
}

gboolean
assay_cli_loop_is_interrupted (AssayCliLoop *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

/**
 * assay_cli_loop_is_urgent:
 *
 * Returns: whether it was interrupted twice or asked to terminate: nothing is worth
 *   waiting for
 */
gboolean
assay_cli_loop_is_urgent (AssayCliLoop *self)
{
  return self->n_signals >= URGENT;
}

/**
 * assay_cli_loop_quit:
 * @status: the exit status, unless it was interrupted
 *
 * Lets assay_cli_loop_run() return; only the first call counts.
 */
void
assay_cli_loop_quit (AssayCliLoop *self,
                     int status)
{
  if (self->quit)
    return;
  self->quit = TRUE;
  self->status = status;
  g_main_loop_quit (self->loop);
}

/**
 * assay_cli_loop_run:
 *
 * Returns: the exit status
 */
int
assay_cli_loop_run (AssayCliLoop *self)
{
  if (!self->quit)
    g_main_loop_run (self->loop);
  return assay_cli_loop_is_interrupted (self) ? ASSAY_CLI_INTERRUPTED : self->status;
}
