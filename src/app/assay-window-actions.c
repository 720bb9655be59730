/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-connection-dialog.h"
#include "assay-left-out-dialog.h"
#include "assay-present-window.h"
#include "assay-truth-bar.h"
#include "assay-window-private.h"

/* ---- giving ---- */

static void
add_chosen (AssayWindow *self)
{
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (self->chooser));
  g_autoptr (GPtrArray) given = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (files);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (given, g_list_model_get_item (files, i));
  assay_window_add_files (self, (GFile *const *) given->pdata, given->len);
}

static void
chooser_response_cb (GtkNativeDialog *chooser,
                     int response,
                     AssayWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    add_chosen (self);
  g_clear_object (&self->chooser);
}

static void
choose (AssayWindow *self,
        const char *title,
        GtkFileChooserAction action)
{
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, _("Add"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  if (action == GTK_FILE_CHOOSER_ACTION_OPEN)
    {
      g_autoptr (GtkFileFilter) images = gtk_file_filter_new ();
      g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

      gtk_file_filter_set_name (images, _("Images, Archives and Models"));
      gtk_file_filter_add_mime_type (images, "image/*");
      gtk_file_filter_add_mime_type (images, "application/zip");
      gtk_file_filter_add_mime_type (images, "application/x-tar");
      gtk_file_filter_add_mime_type (images, "application/x-compressed-tar");
      gtk_file_filter_add_mime_type (images, "application/gzip");
      gtk_file_filter_add_pattern (images, "*.onnx");
      gtk_file_filter_set_name (all, _("All Files"));
      gtk_file_filter_add_pattern (all, "*");
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), images);
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), all);
    }
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
add_files_action (GtkWidget *widget,
                  const char *name,
                  GVariant *parameter)
{
  choose (ASSAY_WINDOW (widget), _("Add Files"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
add_folder_action (GtkWidget *widget,
                   const char *name,
                   GVariant *parameter)
{
  choose (ASSAY_WINDOW (widget), _("Add Folders"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static void
try_samples_action (GtkWidget *widget,
                    const char *name,
                    GVariant *parameter)
{
  assay_session_add_samples (ASSAY_WINDOW (widget)->session);
}

/* ---- pasting ---- */

static void
paste_cb (GObject *object,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (AssayWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOffer) offer = assay_offer_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;
  if (offer == NULL)
    assay_window_say (self, error->message);
  else if (!assay_window_take_offer (self, offer))
    assay_window_say (self, _("The clipboard holds no image, file or address"));
}

static void
paste_action (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  assay_offer_read_async (G_OBJECT (gtk_widget_get_clipboard (widget)), FALSE, self->cancellable,
                          paste_cb, g_object_ref (self));
}

/* ---- asking ---- */

static void
ask_selected_action (GtkWidget *widget,
                     const char *name,
                     GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  g_autoptr (GPtrArray) items = assay_window_dup_selected (self);

  assay_session_ask (self->session, items);
}

static void
open_archive_action (GtkWidget *widget,
                     const char *name,
                     GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  AssayItem *item = assay_sidebar_get_item (self->sidebar);

  if (item != NULL && assay_session_can_open_archive (item))
    assay_session_open_archive (self->session, item);
}

static void
retry_failed_action (GtkWidget *widget,
                     const char *name,
                     GVariant *parameter)
{
  assay_session_ask_failed (ASSAY_WINDOW (widget)->session);
}

static void
ask_unasked_action (GtkWidget *widget,
                    const char *name,
                    GVariant *parameter)
{
  assay_session_ask_unasked (ASSAY_WINDOW (widget)->session);
}

static void
ask_baseline_action (GtkWidget *widget,
                     const char *name,
                     GVariant *parameter)
{
  assay_session_ask_baseline (ASSAY_WINDOW (widget)->session);
}

static void
try_again_action (GtkWidget *widget,
                  const char *name,
                  GVariant *parameter)
{
  assay_session_try_again (ASSAY_WINDOW (widget)->session);
}

static void
cancel_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  assay_session_cancel (ASSAY_WINDOW (widget)->session);
}

/* ---- looking ---- */

static void
search_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  assay_window_show_page (self, "classify");
  assay_window_show_detail (self, FALSE);
  assay_sidebar_search (self->sidebar);
}

static void
next_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  assay_window_move (ASSAY_WINDOW (widget), 1);
}

static void
previous_action (GtkWidget *widget,
                 const char *name,
                 GVariant *parameter)
{
  assay_window_move (ASSAY_WINDOW (widget), -1);
}

static void
back_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  if (gtk_widget_get_mapped (GTK_WIDGET (self->compare_page)))
    {
      assay_compare_page_show_list (self->compare_page);
      return;
    }
  assay_window_show_detail (self, FALSE);
  assay_sidebar_focus_list (self->sidebar);
}

static void
choose_model_action (GtkWidget *widget,
                     const char *name,
                     GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  assay_window_show_detail (self, FALSE);
  assay_model_button_popup (self->narrow ? self->narrow_model_button : self->model_button);
}

/* In a narrow window the list may stand in front. */
static void
activate_of_detail (AssayWindow *self,
                    const char *action)
{
  GtkWidget *detail = GTK_WIDGET (self->detail);

  if (gtk_widget_get_mapped (detail) && gtk_widget_get_child_visible (detail))
    gtk_widget_activate_action (detail, action, NULL);
}

/* From the header bar or by a key, outside of the pane that knows how. */
static void
copy_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  if (gtk_widget_get_mapped (GTK_WIDGET (self->compare_page)))
    assay_compare_page_copy (self->compare_page);
  else
    activate_of_detail (self, "detail.copy");
}

static void
show_response_action (GtkWidget *widget,
                      const char *name,
                      GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (ASSAY_WINDOW (widget)->detail),
                              "detail.show-response", NULL);
}

static void
zoom_in_action (GtkWidget *widget,
                const char *name,
                GVariant *parameter)
{
  activate_of_detail (ASSAY_WINDOW (widget), "detail.zoom-in");
}

static void
zoom_out_action (GtkWidget *widget,
                 const char *name,
                 GVariant *parameter)
{
  activate_of_detail (ASSAY_WINDOW (widget), "detail.zoom-out");
}

static void
zoom_fit_action (GtkWidget *widget,
                 const char *name,
                 GVariant *parameter)
{
  activate_of_detail (ASSAY_WINDOW (widget), "detail.zoom-fit");
}

static void
show_left_out_action (GtkWidget *widget,
                      const char *name,
                      GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  GtkWidget *dialog =
    assay_left_out_dialog_new (GTK_WINDOW (self), assay_session_get_left_out (self->session),
                               assay_session_count_left_out (self->session));

  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- presenting ---- */

/* The window looks at what the audience saw last, and compares only where it did. */
static void
left_cb (AssayPresentWindow *present,
         AssayItem *item,
         AssayWindow *self)
{
  g_autoptr (GVariant) page = NULL;

  if (self->session == NULL)
    return;
  page = g_action_group_get_action_state (G_ACTION_GROUP (self), "page");
  assay_session_set_comparing (self->session,
                               g_strcmp0 (g_variant_get_string (page, NULL), "compare") == 0);
  if (item != NULL)
    assay_sidebar_show_item (self->sidebar, item);
}

static gboolean
offered_cb (AssayPresentWindow *present,
            const AssayOffer *offer,
            AssayWindow *self)
{
  return self->session != NULL && assay_window_take_offer (self, offer);
}

static void
present_action (GtkWidget *widget,
                const char *name,
                GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  GtkWidget *present = self->stage;

  /* A key that is pressed twice is one wish. */
  if (present != NULL && gtk_widget_get_visible (present))
    {
      gtk_window_present (GTK_WINDOW (present));
      return;
    }
  present = assay_present_window_new (GTK_WINDOW (self), self->session,
                                      assay_sidebar_get_rows (self->sidebar), self->settings,
                                      assay_window_get_item (self));
  g_set_weak_pointer (&self->stage, present);
  g_signal_connect_object (present, "left", G_CALLBACK (left_cb), self, 0);
  g_signal_connect_object (present, "offered", G_CALLBACK (offered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (present));
}

/* ---- connections ---- */

static void
add_connection_action (GtkWidget *widget,
                       const char *name,
                       GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (assay_connection_dialog_new (GTK_WINDOW (self), self->session,
                                                               NULL)));
}

static void
edit_connection_action (GtkWidget *widget,
                        const char *name,
                        GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  AssayLink *link = assay_session_get_link (self->session);
  GtkWidget *dialog;

  if (link == NULL || assay_connection_is_builtin (assay_link_get_connection (link)))
    return;
  dialog = assay_connection_dialog_new (GTK_WINDOW (self), self->session,
                                        assay_link_get_connection (link));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- the table ---- */

/**
 * assay_window_install_actions:
 * @widget_class: the window's class
 *
 * Installs "win.…"; accelerators for the whole window stand in
 * assay-application.c, those that must not disturb typing in
 * assay_window_add_shortcuts().
 */
void
assay_window_install_actions (GtkWidgetClass *widget_class)
{
  static const struct {
    const char *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "win.add-files", add_files_action },
    { "win.add-folder", add_folder_action },
    { "win.paste", paste_action },
    { "win.try-samples", try_samples_action },
    { "win.ask-selected", ask_selected_action },
    { "win.open-archive", open_archive_action },
    { "win.retry-failed", retry_failed_action },
    { "win.ask-unasked", ask_unasked_action },
    { "win.ask-baseline", ask_baseline_action },
    { "win.try-again", try_again_action },
    { "win.cancel", cancel_action },
    { "win.search", search_action },
    { "win.next-image", next_action },
    { "win.previous-image", previous_action },
    { "win.back", back_action },
    { "win.choose-model", choose_model_action },
    { "win.copy-result", copy_action },
    { "win.show-response", show_response_action },
    { "win.zoom-in", zoom_in_action },
    { "win.zoom-out", zoom_out_action },
    { "win.zoom-fit", zoom_fit_action },
    { "win.show-left-out", show_left_out_action },
    { "win.present", present_action },
    { "win.add-connection", add_connection_action },
    { "win.edit-connection", edit_connection_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);

  /* After the widget in focus, so that an entry pastes into itself, and copies out of it. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK,
                                       "win.copy-result", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK,
                                       "win.paste", NULL);
}

/**
 * assay_window_update_actions:
 *
 * Takes away what would do nothing just now.
 */
void
assay_window_update_actions (AssayWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  AssayCollection *collection = assay_session_get_collection (self->session);
  gboolean some = g_list_model_get_n_items (G_LIST_MODEL (collection)) > 0;
  gboolean looking = assay_window_get_item (self) != NULL;
  guint failed = assay_collection_count_state (collection, ASSAY_ANSWER_FAILED)
                 + assay_collection_count_state (collection, ASSAY_ANSWER_CANCELED);

  gtk_widget_action_set_enabled (widget, "win.clear", some);
  gtk_widget_action_set_enabled (widget, "win.undo", !g_queue_is_empty (&self->steps));
  gtk_widget_action_set_enabled (widget, "win.export", assay_window_can_export (self));
  gtk_widget_action_set_enabled (widget, "win.copy-by-label", some);
  assay_window_update_report (self);
  gtk_widget_action_set_enabled (widget, "win.search", some);
  gtk_widget_action_set_enabled (widget, "win.present", some);
  gtk_widget_action_set_enabled (widget, "win.remove-selected", looking);
  gtk_widget_action_set_enabled (widget, "win.ask-selected", looking);
  gtk_widget_action_set_enabled (widget, "win.open-archive", looking);
  gtk_widget_action_set_enabled (widget, "win.next-image", looking);
  gtk_widget_action_set_enabled (widget, "win.previous-image", looking);
  gtk_widget_action_set_enabled (widget, "win.zoom-in", looking);
  gtk_widget_action_set_enabled (widget, "win.zoom-out", looking);
  gtk_widget_action_set_enabled (widget, "win.zoom-fit", looking);
  gtk_widget_action_set_enabled (widget, "win.retry-failed", failed > 0);
  gtk_widget_action_set_enabled (widget, "win.cancel", assay_session_is_busy (self->session));
  assay_window_update_run (self);
}

static void
add_shortcut (GtkEventController *controller,
              guint key,
              GdkModifierType modifiers,
              const char *action)
{
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_keyval_trigger_new (key, modifiers), gtk_named_action_new (action)));
}

/* While a menu is open it takes all keys, in this GTK those of the application too. */
static void
let_menu_quit (GtkPopover *menu)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  add_shortcut (controller, GDK_KEY_q, GDK_CONTROL_MASK, "app.quit");
  gtk_widget_add_controller (GTK_WIDGET (menu), controller);
}

/**
 * assay_window_add_shortcuts:
 *
 * Keys that count only while the detail has the focus; those of the list are its
 * own.
 */
void
assay_window_add_shortcuts (AssayWindow *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  add_shortcut (controller, rtl ? GDK_KEY_Left : GDK_KEY_Right, 0, "win.next-image");
  add_shortcut (controller, rtl ? GDK_KEY_Right : GDK_KEY_Left, 0, "win.previous-image");
  add_shortcut (controller, GDK_KEY_j, 0, "win.next-image");
  add_shortcut (controller, GDK_KEY_k, 0, "win.previous-image");
  add_shortcut (controller, GDK_KEY_space, 0, "win.present");
  add_shortcut (controller, GDK_KEY_Delete, 0, "win.remove-selected");
  add_shortcut (controller, GDK_KEY_Escape, 0, "win.back");
  assay_truth_bar_add_keys (GTK_SHORTCUT_CONTROLLER (controller));
  gtk_widget_add_controller (GTK_WIDGET (self->detail), controller);

  let_menu_quit (gtk_menu_button_get_popover (GTK_MENU_BUTTON (self->main_menu)));
  let_menu_quit (gtk_menu_button_get_popover (GTK_MENU_BUTTON (self->item_menu)));
  let_menu_quit (gtk_menu_button_get_popover (GTK_MENU_BUTTON (self->add_compact)));
}
