/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-limits.h"
#include "assay-toast.h"
#include "assay-window-private.h"

/* An Undo that is put away too soon is none: long enough to be told of it, and to
 * get there by keyboard.  Ctrl+Z works after that too. */
#define UNDO_SECONDS 20

/* libadwaita 1.2 frees a toast under its own animation when it is put away while it
 * comes, or while the one before it goes: each has its time first. */
#define TOAST_MILLISECONDS 600

typedef struct {
  AssayWindow *window;
  AdwToast *toast;
} Leaving;

static void
leaving_free (gpointer data)
{
  Leaving *self = data;

  g_object_unref (self->toast);
  g_object_unref (self->window);
  g_free (self);
}

static gboolean
leave_cb (gpointer data)
{
  Leaving *self = data;
  gint64 now = g_get_monotonic_time ();

  if (now - self->window->undo_moved < TOAST_MILLISECONDS * 1000)
    return G_SOURCE_CONTINUE;
  self->window->undo_moved = now;
  adw_toast_dismiss (self->toast);
  return G_SOURCE_REMOVE;
}

static void
put_away_toast (AssayWindow *self)
{
  Leaving *leaving;

  if (self->undo_toast == NULL)
    return;
  leaving = g_new0 (Leaving, 1);
  leaving->window = g_object_ref (self);
  leaving->toast = g_steal_pointer (&self->undo_toast);
  g_timeout_add_full (G_PRIORITY_DEFAULT, TOAST_MILLISECONDS / 4, leave_cb, leaving, leaving_free);
}

/* What can be brought back: one of them. */
typedef struct {
  AssayRemoval *removal;
  AssayTruthMarks *marks;
  AssayCopies *copies;
} Step;

static void
step_free (gpointer data)
{
  Step *self = data;

  g_clear_pointer (&self->removal, assay_removal_free);
  g_clear_pointer (&self->marks, assay_truth_marks_free);
  g_clear_pointer (&self->copies, assay_copies_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Step, step_free)

/* Takes what is in @step. */
static void
push_step (AssayWindow *self,
           Step step)
{
  g_queue_push_tail (&self->steps, g_memdup2 (&step, sizeof step));
  if (self->steps.length > ASSAY_LIMIT_UNDO)
    step_free (g_queue_pop_head (&self->steps));
  put_away_toast (self);
  assay_window_update_actions (self);
}

/* Only the last step has a toast, so that its Undo and Ctrl+Z are the same. */
static void
offer_undo (AssayWindow *self,
            const char *sentence)
{
  self->undo_toast = g_object_ref_sink (assay_toast_new (sentence));
  adw_toast_set_button_label (self->undo_toast, _("Undo"));
  adw_toast_set_action_name (self->undo_toast, "win.undo");
  adw_toast_set_timeout (self->undo_toast, UNDO_SECONDS);
  self->undo_moved = g_get_monotonic_time ();
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (self->undo_toast));
}

static void
offer_undo_of_items (AssayWindow *self,
                     AssayRemoval *removal)
{
  guint n = removal->items->len;
  g_autofree char *text = NULL;

  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%'u image removed", "%'u images removed", n), n);
  push_step (self, (Step) { .removal = removal });
  offer_undo (self, text);
}

static void
clear_action (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  offer_undo_of_items (self, assay_session_clear (self->session));
}

static void
remove_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  g_autoptr (GPtrArray) items = assay_sidebar_begin_removal (self->sidebar);

  if (items->len > 0)
    offer_undo_of_items (self, assay_session_remove (self->session, items));
}

static void
dismiss_left_out_action (GtkWidget *widget,
                         const char *name,
                         GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  if (assay_session_count_left_out (self->session) == 0)
    return;
  push_step (self, (Step) { .removal = assay_session_remove_left_out (self->session) });
  offer_undo (self, _("List of left-out files closed"));
}

/**
 * assay_window_keep_marks:
 * @marks: (transfer full): as they were before a person marked some images
 * @sentence: (nullable): what was done, if it can't be seen at once
 *
 * Lets that be undone.
 */
void
assay_window_keep_marks (AssayWindow *self,
                         AssayTruthMarks *marks,
                         const char *sentence)
{
  push_step (self, (Step) { .marks = marks });
  if (sentence != NULL)
    offer_undo (self, sentence);
}

/**
 * assay_window_keep_copies:
 * @copies: (transfer full): what was copied
 * @sentence: what was done
 *
 * Lets that be undone.
 */
void
assay_window_keep_copies (AssayWindow *self,
                          AssayCopies *copies,
                          const char *sentence)
{
  push_step (self, (Step) { .copies = copies });
  offer_undo (self, sentence);
}

static void
restore (AssayWindow *self,
         AssayRemoval *removal)
{
  if (removal->items->len > 0
      && g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "classify") == 0)
    assay_sidebar_show_item (self->sidebar, g_ptr_array_index (removal->items, 0));
  assay_session_restore (self->session, removal);
}

static void
undo_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  g_autoptr (Step) step = g_queue_pop_tail (&self->steps);

  if (step == NULL)
    return;
  put_away_toast (self);
  if (step->removal != NULL)
    restore (self, step->removal);
  else if (step->copies != NULL)
    assay_window_undo_copies (self, g_steal_pointer (&step->copies));
  else
    assay_truth_marks_free (assay_truths_restore (assay_session_get_truths (self->session),
                                                  g_steal_pointer (&step->marks)));
  assay_window_update_actions (self);
}

/* A text that is being typed in has an Undo of its own, even when there is nothing
 * left in it to undo: then the key does nothing. */
static gboolean
undo_key_cb (GtkWidget *widget,
             GVariant *arguments,
             gpointer data)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (widget));

  if (GTK_IS_TEXT (focus) || GTK_IS_TEXT_VIEW (focus))
    return FALSE;
  return gtk_widget_activate_action (widget, "win.undo", NULL);
}

/**
 * assay_window_install_undo:
 * @widget_class: the window's class
 *
 * Installs what takes something out of the window, and "win.undo", which brings
 * it back: the last step first, as long as the window lives.
 */
void
assay_window_install_undo (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "win.remove-selected", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "win.dismiss-left-out", NULL,
                                   dismiss_left_out_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, undo_key_cb, NULL);
}

/* ---- the focus ---- */

static gboolean
find_focus_cb (gpointer data)
{
  AssayWindow *self = data;

  self->focus_source = 0;
  if (gtk_window_get_focus (GTK_WINDOW (self)) != NULL)
    return G_SOURCE_REMOVE;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self->leaflet))
      || gtk_widget_get_child_visible (GTK_WIDGET (self->sidebar)))
    assay_window_focus_page (self);
  else
    gtk_widget_child_focus (GTK_WIDGET (self->detail), GTK_DIR_TAB_FORWARD);
  return G_SOURCE_REMOVE;
}

/* What had the focus has gone: once GTK, too, has found nothing that could have it,
 * the list has it, or what stands in its place. */
static void
focus_changed_cb (AssayWindow *self)
{
  if (gtk_window_get_focus (GTK_WINDOW (self)) == NULL && self->focus_source == 0
      && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->focus_source = g_idle_add (find_focus_cb, self);
}

/**
 * assay_window_keep_focus:
 *
 * From now on the focus is never nowhere.
 */
void
assay_window_keep_focus (AssayWindow *self)
{
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (focus_changed_cb), NULL);
}

/**
 * assay_window_forget_steps:
 *
 * Lets go of what could be brought back.
 */
void
assay_window_forget_steps (AssayWindow *self)
{
  g_clear_handle_id (&self->focus_source, g_source_remove);
  g_clear_object (&self->undo_toast);
  g_queue_clear_full (&self->steps, step_free);
}
