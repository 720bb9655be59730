/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-bundle-import.h"
#include "assay-display.h"
#include "assay-verifier.h"
#include "assay-window-private.h"

/* Bundles of evidence that a person gives to the window: they are verified, kept, and
 * shown.  All else goes to the session. */

static AssayHistory *
get_history (AssayWindow *self)
{
  return assay_hub_get_history (assay_session_get_hub (self->session));
}

/* ---- showing ---- */

/* A bundle that is being opened; of the window until that has ended. */
typedef struct {
  AssayWindow *window;        /* (owned) */
  GFile *file;
  gboolean truth;             /* something is known of what its images show */
  GArray *ids;                /* (nullable) (element-type gint64): its runs, once they are kept */
  AssayKeptRun *baseline;     /* (nullable): the first of two */
} Opening;

static void
opening_free (Opening *self)
{
  g_object_unref (self->window);
  g_object_unref (self->file);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->baseline, assay_kept_run_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
show_run (Opening *self,
          const AssayKeptRun *run)
{
  AssayWindow *window = assay_window_get_for_run (self->window);

  assay_window_open_run (window, run);
  if (self->baseline != NULL)
    assay_session_choose_kept_baseline (window->session, self->baseline);
  assay_window_show_page (window, self->baseline != NULL ? "compare"
                                  : self->truth         ? "evaluate"
                                                        : "classify");
}

static void find_next (Opening *self);

static void
found_cb (GObject *object,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (Opening) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayKeptRun) run =
    assay_history_find_finish (ASSAY_HISTORY (object), result, &error);

  if (self->window->session == NULL)
    return;
  if (run == NULL)
    assay_window_say (self->window, error->message);
  else if (self->ids->len == 2 && self->baseline == NULL)
    {
      self->baseline = g_steal_pointer (&run);
      find_next (g_steal_pointer (&self));
    }
  else
    show_run (self, run);
}

/* Takes it. */
static void
find_next (Opening *self)
{
  gint64 id = g_array_index (self->ids, gint64, self->baseline != NULL ? 1 : 0);

  assay_history_find_async (get_history (self->window), id, self->window->cancellable, found_cb,
                            self);
}

static void
imported_cb (GObject *object,
             GAsyncResult *result,
             gpointer data)
{
  g_autoptr (Opening) self = data;
  g_autoptr (GError) error = NULL;

  self->ids = assay_bundle_import_finish (result, &error);
  if (self->window->session == NULL)
    return;
  if (self->ids == NULL)
    assay_window_say (self->window, error->message);
  else
    find_next (g_steal_pointer (&self));
}

/* ---- verifying ---- */

static void
refuse (Opening *self,
        const GError *error)
{
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *shown = assay_display_text (name, -1, 60);
  gboolean damaged = g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
  g_autofree char *heading =
    g_strdup_printf (damaged ? _("“%s” Is Not What Was Written") : _("“%s” Can’t Be Opened"),
                     shown);
  g_autofree char *body =
    g_strconcat (error->message, "\n\n",
                 damaged ? _("Nothing of it was added. Ask whoever made it for the file once more.")
                         : _("Nothing of it was added."),
                 NULL);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self->window), heading, body);

  gtk_window_set_title (GTK_WINDOW (dialog), heading);
  /* The sentence goes with the window that it was said in. */
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
has_truth (AssayBundle *bundle)
{
  for (guint i = 0; i < bundle->images->len; i++)
    if (((const AssayBundleImage *) g_ptr_array_index (bundle->images, i))->truth != NULL)
      return TRUE;
  return FALSE;
}

static void
read_cb (GObject *object,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (Opening) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayBundle) bundle = assay_bundle_read_finish (result, &error);
  AssayHistory *history;

  if (self->window->session == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bundle == NULL)
    {
      refuse (self, error);
      return;
    }
  history = get_history (self->window);
  if (history == NULL)
    {
      assay_window_say (self->window, _("Evidence is opened from the history, and there is none"));
      return;
    }
  self->truth = has_truth (bundle);
  /* Not given up with the window: what is begun is kept whole. */
  assay_bundle_import_async (g_steal_pointer (&bundle), history, NULL, imported_cb,
                             g_steal_pointer (&self));
}

static void
open_bundle (AssayWindow *self,
             GFile *file)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->window = g_object_ref (self);
  opening->file = g_object_ref (file);
  assay_bundle_read_async (file, self->cancellable, read_cb, opening);
}

/* ---- telling them from all else ---- */

static gboolean
may_be_bundle (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *folded = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  return folded != NULL && g_str_has_suffix (folded, ".zip") && g_file_is_native (file);
}

/* What was given, apart. */
typedef struct {
  GPtrArray *files;           /* (element-type GFile): all, then what is for the session */
  GPtrArray *bundles;         /* (element-type GFile) */
} Given;

static void
given_free (gpointer data)
{
  Given *self = data;

  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->bundles);
  g_free (self);
}

static void
tell_apart (GTask *task,
            gpointer source,
            gpointer data,
            GCancellable *cancellable)
{
  Given *given = data;
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < given->files->len; i++)
    {
      GFile *file = g_ptr_array_index (given->files, i);
      gboolean bundle = may_be_bundle (file) && assay_bundle_is_one (file, cancellable);

      g_ptr_array_add (bundle ? given->bundles : others, g_object_ref (file));
    }
  g_ptr_array_unref (given->files);
  given->files = g_steal_pointer (&others);
  g_task_return_boolean (task, TRUE);
}

static void
told_apart_cb (GObject *object,
               GAsyncResult *result,
               gpointer data)
{
  AssayWindow *self = ASSAY_WINDOW (object);
  Given *given = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), NULL) || self->session == NULL)
    return;
  if (given->files->len > 0)
    assay_session_add_files (self->session, (GFile *const *) given->files->pdata,
                             given->files->len);
  for (guint i = 0; i < given->bundles->len; i++)
    open_bundle (self, g_ptr_array_index (given->bundles, i));
}

/**
 * assay_window_add_files:
 * @files: (array length=n_files): files and folders, of any kind
 * @n_files: how many
 *
 * Asks about a network, and opens those that are bundles of evidence, after they were
 * verified; the session has all else.  Only files that are called like a zip are looked into, on a thread of its own.
 */
void
assay_window_add_files (AssayWindow *self,
                        GFile *const *files,
                        guint n_files)
{
  g_autoptr (GPtrArray) others = NULL;
  g_autoptr (GTask) task = NULL;
  Given *given;
  gboolean wait = FALSE;

  g_return_if_fail (ASSAY_IS_WINDOW (self));
  g_return_if_fail (files != NULL || n_files == 0);

  others = assay_window_take_models (self, files, n_files);
  for (guint i = 0; i < others->len && !wait; i++)
    wait = may_be_bundle (g_ptr_array_index (others, i));
  if (!wait)
    {
      if (others->len > 0)
        assay_session_add_files (self->session, (GFile *const *) others->pdata, others->len);
      return;
    }
  given = g_new (Given, 1);
  given->files = g_ptr_array_new_with_free_func (g_object_unref);
  given->bundles = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < others->len; i++)
    g_ptr_array_add (given->files, g_object_ref (g_ptr_array_index (others, i)));
  task = g_task_new (self, self->cancellable, told_apart_cb, NULL);
  g_task_set_source_tag (task, assay_window_add_files);
  g_task_set_task_data (task, given, given_free);
  g_task_run_in_thread (task, tell_apart);
}
