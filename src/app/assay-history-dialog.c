/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-history-dialog.h"
#include "assay-history-row.h"
#include "assay-past.h"
#include "assay-toast.h"

/* As long as in a window's list. */
#define UNDO_SECONDS 20

/* Invariants: runs holds what is on show; removed is what a person may still want back,
 * and place where it stood. */
struct _AssayHistoryDialog {
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *pages;
  GtkWidget *empty;
  GtkWidget *list_page;
  GtkListView *list;
  GtkWidget *remove_all;

  AssayHistory *history;
  GListStore *runs;              /* (element-type AssayHistoryEntry) */
  GCancellable *cancellable;
  AssayHistoryEntry *removed;    /* (nullable) */
  guint place;
  AdwToast *undo_toast;          /* (nullable): for it */
};

G_DEFINE_FINAL_TYPE (AssayHistoryDialog, assay_history_dialog, ADW_TYPE_WINDOW)

enum {
  SIGNAL_OPENED,
  SIGNAL_RESUMED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
say (AssayHistoryDialog *self,
     const char *sentence)
{
  adw_toast_overlay_add_toast (self->toasts, assay_toast_new (sentence));
}

static void
update_pages (AssayHistoryDialog *self)
{
  gboolean some = g_list_model_get_n_items (G_LIST_MODEL (self->runs)) > 0;

  gtk_stack_set_visible_child (self->pages, some ? self->list_page : self->empty);
  gtk_widget_set_sensitive (self->remove_all, some);
}

/* ---- listing ---- */

static void
show_runs (AssayHistoryDialog *self,
           GPtrArray *runs)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_set_free_func (runs, NULL);
  for (guint i = 0; i < runs->len; i++)
    g_ptr_array_add (entries, assay_history_entry_new (g_ptr_array_index (runs, i)));
  g_list_store_splice (self->runs, 0, g_list_model_get_n_items (G_LIST_MODEL (self->runs)),
                       entries->pdata, entries->len);
  update_pages (self);
  if (entries->len > 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayHistoryDialog) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs =
    assay_history_list_finish (ASSAY_HISTORY (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->history == NULL)
    return;
  if (runs == NULL)
    {
      update_pages (self);
      say (self, error->message);
    }
  else
    show_runs (self, runs);
}

static void
list_runs (AssayHistoryDialog *self)
{
  assay_history_list_async (self->history, self->cancellable, listed_cb, g_object_ref (self));
}

/* ---- removing ---- */

static void
pruned_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayHistoryDialog) self = data;
  g_autoptr (GError) error = NULL;

  if (assay_history_prune_finish (ASSAY_HISTORY (object), result, NULL, &error)
      || self->history == NULL)
    return;
  say (self, error->message);
  list_runs (self);
}

/* It can't come back from now on. */
static void
remove_for_good (AssayHistoryDialog *self)
{
  AssayHistoryPrune what = { 0 };

  if (self->removed == NULL)
    return;
  what.run = assay_history_entry_get_run (self->removed)->id;
  g_clear_object (&self->removed);
  assay_history_prune_async (self->history, &what, NULL, pruned_cb, g_object_ref (self));
}

static void
undo_cb (AssayHistoryDialog *self)
{
  g_autoptr (AssayHistoryEntry) entry = g_steal_pointer (&self->removed);

  if (entry == NULL)
    return;
  g_list_store_insert (self->runs,
                       MIN (self->place, g_list_model_get_n_items (G_LIST_MODEL (self->runs))),
                       entry);
  update_pages (self);
}

static void
toast_dismissed_cb (AssayHistoryDialog *self,
                    AdwToast *toast)
{
  if (toast != self->undo_toast)
    return;
  g_clear_object (&self->undo_toast);
  remove_for_good (self);
}

static void
offer_undo (AssayHistoryDialog *self,
            const AssayKeptRun *run)
{
  g_autofree char *name = assay_past_dup_name (run);
  g_autofree char *text = g_strdup_printf (_("“%s” removed"), name);
  AdwToast *toast = assay_toast_new (text);

  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (toast_dismissed_cb), self,
                           G_CONNECT_SWAPPED);
  self->undo_toast = g_object_ref (toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* Only the last one can come back. */
static void
settle_removal (AssayHistoryDialog *self)
{
  g_autoptr (AdwToast) toast = g_steal_pointer (&self->undo_toast);

  remove_for_good (self);
  if (toast != NULL)
    adw_toast_dismiss (toast);
}

static void
remove_wanted_cb (AssayHistoryDialog *self,
                  AssayHistoryEntry *entry)
{
  guint place;

  if (!g_list_store_find (self->runs, entry, &place))
    return;
  settle_removal (self);
  self->removed = g_object_ref (entry);
  self->place = place;
  g_list_store_remove (self->runs, place);
  update_pages (self);
  offer_undo (self, assay_history_entry_get_run (entry));
  /* What had the focus has gone. */
  if (gtk_stack_get_visible_child (self->pages) == self->list_page)
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
  else
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
all_pruned_cb (GObject *object,
               GAsyncResult *result,
               gpointer data)
{
  g_autoptr (AssayHistoryDialog) self = data;
  g_autoptr (GError) error = NULL;
  gboolean done = assay_history_prune_finish (ASSAY_HISTORY (object), result, NULL, &error);

  if (self->history == NULL)
    return;
  if (!done)
    say (self, error->message);
  list_runs (self);
}

static void
confirmed_cb (AssayHistoryDialog *self,
              const char *response)
{
  const AssayHistoryPrune everything = { 0 };

  if (strcmp (response, "remove") != 0 || self->history == NULL)
    return;
  settle_removal (self);
  assay_history_prune_async (self->history, &everything, NULL, all_pruned_cb, g_object_ref (self));
}

static void
remove_all_cb (AssayHistoryDialog *self)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
    adw_message_dialog_new (GTK_WINDOW (self), _("Remove All Runs?"),
                            _("All answers that are kept will be lost. Your images stay where "
                              "they are.")));

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "remove", _("_Remove All"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (confirmed_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- rows ---- */

static void
choose (AssayHistoryDialog *self,
        guint signal,
        AssayHistoryEntry *entry)
{
  g_autoptr (AssayHistoryEntry) held = g_object_ref (entry);
  g_autoptr (AssayHistoryDialog) alive = g_object_ref (self);

  /* First, so that what opens stands in front. */
  gtk_window_close (GTK_WINDOW (self));
  g_signal_emit (self, signals[signal], 0, assay_history_entry_get_run (held));
}

static void
resume_wanted_cb (AssayHistoryDialog *self,
                  AssayHistoryEntry *entry)
{
  choose (self, SIGNAL_RESUMED, entry);
}

static void
activated_cb (AssayHistoryDialog *self,
              guint position)
{
  g_autoptr (AssayHistoryEntry) entry =
    g_list_model_get_item (G_LIST_MODEL (self->runs), position);

  if (entry != NULL)
    choose (self, SIGNAL_OPENED, entry);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *item)
{
  gtk_list_item_set_child (item, assay_history_row_new ());
}

static AssayHistoryDialog *
get_dialog (GtkWidget *row)
{
  return ASSAY_HISTORY_DIALOG (gtk_widget_get_ancestor (row, ASSAY_TYPE_HISTORY_DIALOG));
}

static void
row_resume_cb (AssayHistoryRow *row,
               AssayHistoryEntry *entry)
{
  resume_wanted_cb (get_dialog (GTK_WIDGET (row)), entry);
}

static void
row_remove_cb (AssayHistoryRow *row,
               AssayHistoryEntry *entry)
{
  remove_wanted_cb (get_dialog (GTK_WIDGET (row)), entry);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *item)
{
  AssayHistoryRow *row = ASSAY_HISTORY_ROW (gtk_list_item_get_child (item));

  assay_history_row_set_entry (row, gtk_list_item_get_item (item));
  g_signal_connect (row, "resume-wanted", G_CALLBACK (row_resume_cb), NULL);
  g_signal_connect (row, "remove-wanted", G_CALLBACK (row_remove_cb), NULL);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem *item)
{
  AssayHistoryRow *row = ASSAY_HISTORY_ROW (gtk_list_item_get_child (item));

  g_signal_handlers_disconnect_by_func (row, row_resume_cb, NULL);
  g_signal_handlers_disconnect_by_func (row, row_remove_cb, NULL);
  assay_history_row_set_entry (row, NULL);
}

/* ---- life ---- */

static gboolean
assay_history_dialog_close_request (GtkWindow *window)
{
  settle_removal (ASSAY_HISTORY_DIALOG (window));
  return GTK_WINDOW_CLASS (assay_history_dialog_parent_class)->close_request (window);
}

static void
assay_history_dialog_dispose (GObject *object)
{
  AssayHistoryDialog *self = ASSAY_HISTORY_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  if (self->history != NULL)
    settle_removal (self);
  g_clear_object (&self->runs);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (assay_history_dialog_parent_class)->dispose (object);
}

static void
assay_history_dialog_finalize (GObject *object)
{
  g_clear_object (&ASSAY_HISTORY_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (assay_history_dialog_parent_class)->finalize (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, ASSAY_TYPE_HISTORY_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
assay_history_dialog_class_init (AssayHistoryDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_history_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_history_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = assay_history_dialog_close_request;
  signals[SIGNAL_OPENED] = add_signal ("opened");
  signals[SIGNAL_RESUMED] = add_signal ("resumed");

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-history-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryDialog, empty);
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryDialog, list_page);
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryDialog, list);
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryDialog, remove_all);
  gtk_widget_class_bind_template_callback (widget_class, remove_all_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
assay_history_dialog_init (AssayHistoryDialog *self)
{
  g_autoptr (GtkSelectionModel) selection = NULL;

  self->cancellable = g_cancellable_new ();
  self->runs = g_list_store_new (ASSAY_TYPE_HISTORY_ENTRY);
  gtk_widget_init_template (GTK_WIDGET (self));
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->runs))));
  gtk_list_view_set_model (self->list, selection);
}

/**
 * assay_history_dialog_new:
 * @parent: the window that asks
 * @history: (transfer none): whose runs to list
 *
 * Returns: (transfer none): the dialog; GTK owns it
 */
AssayHistoryDialog *
assay_history_dialog_new (GtkWindow *parent,
                          AssayHistory *history)
{
  AssayHistoryDialog *self;

  g_return_val_if_fail (ASSAY_IS_HISTORY (history), NULL);

  self = g_object_new (ASSAY_TYPE_HISTORY_DIALOG, "transient-for", parent, NULL);
  self->history = g_object_ref (history);
  list_runs (self);
  return self;
}
