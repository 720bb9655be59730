/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-connection-text.h"
#include "assay-display.h"
#include "assay-empty-page.h"
#include "assay-target-picker.h"
#include "assay-toast.h"
#include "assay-window-private.h"

/* Below this, one pane at a time. */
#define NARROW_WIDTH 600

/* Below this the detail pane has its parts one below the other. */
#define COMPACT_DETAIL_WIDTH 640

/* Below this the choice of the page stands at the bottom. */
#define ROOMY_WIDTH 860

/* What the list takes beside it, with the line between. */
#define SIDEBAR_WIDTH 345

G_DEFINE_FINAL_TYPE (AssayWindow, assay_window, ADW_TYPE_APPLICATION_WINDOW)

/**
 * assay_window_say:
 * @sentence: what has happened
 *
 * Shows it for a moment.
 */
void
assay_window_say (AssayWindow *self,
                  const char *sentence)
{
  AdwToast *toast;

  g_return_if_fail (ASSAY_IS_WINDOW (self));
  g_return_if_fail (sentence != NULL);

  toast = assay_toast_new (sentence);
  /* An Undo that is on offer waits for it, not the other way round. */
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* ---- banners ---- */

/* What stands in the way of asking although the service may be there; FALSE when
 * nothing does. */
static gboolean
show_hindrance (AssayWindow *self,
                AssayLink *link)
{
  AssayLinkStatus status = assay_link_get_status (link);
  gboolean chosen = assay_session_get_target (self->session) != NULL;

  if (!chosen && !assay_link_can_list (link))
    assay_banner_show (self->service_banner, FALSE,
                       _("Choose a model and a version; this service doesn’t list them"),
                       _("Choose…"), "win.choose-model", NULL);
  else if (!chosen && status == ASSAY_LINK_READY)
    assay_banner_show (self->service_banner, FALSE,
                       _("The service has no model that can be asked yet"),
                       _("Try Again"), "win.try-again", NULL);
  else if (status == ASSAY_LINK_READY && !assay_session_can_ask (self->session))
    assay_banner_show (self->service_banner, FALSE,
                       _("This version is still being deployed; images wait for it"),
                       _("Try Again"), "win.try-again", NULL);
  else
    return FALSE;
  return TRUE;
}

static void
show_service_banner (AssayWindow *self)
{
  AssayLink *link = assay_session_get_link (self->session);
  const GError *error = link != NULL ? assay_link_get_error (link) : NULL;
  gboolean token;

  if (assay_window_show_pause (self))
    return;
  if (link != NULL && error == NULL && show_hindrance (self, link))
    return;
  if (error == NULL)
    {
      assay_banner_dismiss (self->service_banner);
      return;
    }
  token = assay_link_get_status (link) == ASSAY_LINK_NOT_PERMITTED
          && assay_connection_get_auth (assay_link_get_connection (link)) == ASSAY_AUTH_BEARER;
  assay_banner_show (self->service_banner, TRUE, error->message,
                     token ? _("Enter Token…") : _("Try Again"),
                     token ? "win.edit-connection" : "win.try-again", NULL);
}

/* Of the target on show first, then of the one that it is compared with. */
static void
show_unasked_banner (AssayWindow *self)
{
  guint n = assay_session_count_unasked (self->session);
  gboolean baseline = n == 0;
  AssayTarget *target = baseline ? assay_session_get_baseline (self->session)
                                 : assay_session_get_target (self->session);
  g_autofree char *version = NULL;
  g_autofree char *text = NULL;

  if (baseline)
    n = assay_session_count_unasked_of_baseline (self->session);
  if (n == 0 || target == NULL)
    {
      assay_banner_dismiss (self->unasked_banner);
      return;
    }
  version = assay_display_name (assay_target_get_version (target));
  if (*version != '\0')
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "Ask version %s about %'u image",
                                         "Ask version %s about %'u images", n),
                            version, n);
  else
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "Ask this model about %'u image",
                                         "Ask this model about %'u images", n), n);
  assay_banner_show (self->unasked_banner, FALSE, text, _("Ask"),
                     baseline ? "win.ask-baseline" : "win.ask-unasked", NULL);
}

static void
show_left_out_banner (AssayWindow *self)
{
  guint n = assay_session_count_left_out (self->session);
  g_autofree char *text = NULL;

  if (n == 0)
    {
      assay_banner_dismiss (self->left_out_banner);
      return;
    }
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%'u other file was left out",
                                       "%'u other files were left out", n), n);
  assay_banner_show (self->left_out_banner, FALSE, text,
                     _("Show"), "win.show-left-out", "win.dismiss-left-out");
}

static void
session_changed_cb (AssayWindow *self)
{
  AssayLink *link = assay_session_get_link (self->session);
  g_autofree char *name = NULL;

  show_service_banner (self);
  show_unasked_banner (self);
  assay_window_show_history_banner (self);
  assay_window_update_actions (self);
  if (link != NULL)
    name = assay_connection_text_dup_title (assay_link_get_connection (link));
  else if (self->shown_run != NULL)
    name = assay_display_name (self->shown_run->connection_name);
  assay_detail_set_connection_name (self->detail, name);
}

static void
session_message_cb (AssayWindow *self,
                    const char *sentence)
{
  assay_window_say (self, sentence);
}

/* ---- panes ---- */

static gboolean
is_empty (AssayWindow *self)
{
  AssayCollection *collection = assay_session_get_collection (self->session);

  return g_list_model_get_n_items (G_LIST_MODEL (collection)) == 0;
}

static gboolean
shows_page (AssayWindow *self,
            const char *name)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), name) == 0;
}

static gboolean
shows_detail_alone (AssayWindow *self)
{
  if (self->narrow && shows_page (self, "compare"))
    return assay_compare_page_shows_detail (self->compare_page);
  return self->narrow && !is_empty (self) && shows_page (self, "classify")
         && adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->detail);
}

static void
update_header (AssayWindow *self)
{
  gboolean alone = shows_detail_alone (self);
  AssayItem *item = assay_window_get_item (self);

  gtk_widget_set_visible (self->back, alone);
  gtk_widget_set_visible (self->add, !self->narrow);
  gtk_widget_set_visible (self->export_button, !self->narrow);
  assay_window_show_report (self);
  gtk_widget_set_visible (self->add_compact, self->narrow && !alone);
  /* Its entries are about what one version says. */
  gtk_widget_set_visible (self->item_menu, alone && shows_page (self, "classify"));
  gtk_widget_set_visible (self->main_menu, !alone || !shows_page (self, "classify"));
  gtk_widget_set_visible (GTK_WIDGET (self->model_button), !self->narrow);
  /* Each by its visibility, so that what isn't there isn't read out either. */
  gtk_widget_set_visible (self->switcher, self->roomy);
  gtk_widget_set_visible (self->switcher_bar, !self->roomy && !alone);
  gtk_widget_set_visible (GTK_WIDGET (self->narrow_model_button), self->narrow && !alone);
  gtk_widget_set_visible (GTK_WIDGET (self->item_title), alone);
  gtk_label_set_text (self->item_title, item != NULL ? assay_item_get_name (item) : "");
}

/* The list, or the first way to begin, has the keys as soon as it is there; a menu
 * that is open keeps them. */
static void
change_page (AssayWindow *self,
             gboolean empty)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus != NULL && gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL)
    return;
  if (shows_page (self, "classify"))
    assay_window_focus_page (self);
}

static void
update_pages (AssayWindow *self)
{
  gboolean empty = is_empty (self);
  gboolean was_empty = gtk_widget_get_visible (self->empty_page);

  gtk_widget_set_visible (self->empty_page, empty);
  gtk_widget_set_visible (GTK_WIDGET (self->leaflet), !empty);
  if (empty)
    assay_window_show_detail (self, FALSE);
  if (empty != was_empty)
    change_page (self, empty);
  update_header (self);
  assay_window_show_history_banner (self);
  assay_window_update_actions (self);
}

/**
 * assay_window_show_detail:
 * @shown: whether the detail, or the list, is wanted where there is room for one
 */
void
assay_window_show_detail (AssayWindow *self,
                          gboolean shown)
{
  GtkWidget *pane = shown ? GTK_WIDGET (self->detail) : GTK_WIDGET (self->sidebar);

  g_return_if_fail (ASSAY_IS_WINDOW (self));

  if (adw_leaflet_get_visible_child (self->leaflet) != pane)
    adw_leaflet_set_visible_child (self->leaflet, pane);
}

static void
pane_changed_cb (AssayWindow *self)
{
  update_header (self);
}

/**
 * assay_window_get_item:
 *
 * Returns: (transfer none) (nullable): what a person looks at, on whichever page
 */
AssayItem *
assay_window_get_item (AssayWindow *self)
{
  g_return_val_if_fail (ASSAY_IS_WINDOW (self), NULL);

  return shows_page (self, "compare") ? assay_compare_page_get_item (self->compare_page)
                                      : assay_sidebar_get_item (self->sidebar);
}

/**
 * assay_window_dup_selected:
 *
 * Returns: (transfer full) (element-type AssayItem): the selected images of the page on
 *   show
 */
GPtrArray *
assay_window_dup_selected (AssayWindow *self)
{
  g_return_val_if_fail (ASSAY_IS_WINDOW (self), NULL);

  return shows_page (self, "compare") ? assay_compare_page_dup_selected (self->compare_page)
                                      : assay_sidebar_dup_selected (self->sidebar);
}

/**
 * assay_window_move:
 * @by: 1 for the next image, -1 for the one before
 */
void
assay_window_move (AssayWindow *self,
                   int by)
{
  g_return_if_fail (ASSAY_IS_WINDOW (self));

  if (shows_page (self, "compare"))
    assay_compare_page_move (self->compare_page, by);
  else
    assay_sidebar_move (self->sidebar, by);
}

/**
 * assay_window_focus_page:
 *
 * Gives the keys to what is most of use on the page on show.
 */
void
assay_window_focus_page (AssayWindow *self)
{
  g_return_if_fail (ASSAY_IS_WINDOW (self));

  if (!shows_page (self, "classify"))
    gtk_widget_grab_focus (gtk_stack_get_visible_child (self->pages));
  else if (is_empty (self))
    gtk_widget_grab_focus (self->empty_page);
  else
    assay_sidebar_focus_list (self->sidebar);
}

/* What isn't on show isn't read out either. */
static void
hide_other_pages (AssayWindow *self,
                  GtkWidget *page)
{
  GtkWidget *other = gtk_widget_get_first_child (GTK_WIDGET (self->pages));

  for (; other != NULL; other = gtk_widget_get_next_sibling (other))
    gtk_widget_set_visible (other, other == page);
}

/**
 * assay_window_show_page:
 * @name: "classify", "compare" or "evaluate"
 *
 * Turns to that page and gives it the keys.
 */
void
assay_window_show_page (AssayWindow *self,
                        const char *name)
{
  GtkWidget *page;
  GAction *action;

  g_return_if_fail (ASSAY_IS_WINDOW (self));
  g_return_if_fail (name != NULL);

  page = gtk_stack_get_child_by_name (self->pages, name);
  if (page == NULL)
    return;
  gtk_widget_set_visible (page, TRUE);
  gtk_stack_set_visible_child (self->pages, page);
  hide_other_pages (self, page);
  action = g_action_map_lookup_action (G_ACTION_MAP (self), "page");
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (name));
  assay_window_focus_page (self);
}

/* Two versions are asked only while both are looked at. */
static void
page_changed_cb (AssayWindow *self)
{
  if (self->session == NULL)
    return;
  assay_session_set_comparing (self->session, shows_page (self, "compare"));
  update_header (self);
  assay_window_update_actions (self);
}

static void
compared_item_cb (AssayWindow *self)
{
  AssayItem *item = assay_compare_page_get_item (self->compare_page);

  if (item != NULL && self->session != NULL)
    assay_session_prefer (self->session, item);
  update_header (self);
  assay_window_update_actions (self);
}

/* Two panes of larger text need more room, by half of what it has grown: a window
 * must become narrow before it is as small as both can be. */
static double
get_growth (AssayWindow *self)
{
  int dpi;
  double growth;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);
  growth = dpi > 0 ? (1 + dpi / 1024.0 / 96) / 2 : 1;
  return MAX (1, growth);
}

static gboolean
is_narrow_at (AssayWindow *self,
              int width)
{
  return width < NARROW_WIDTH * get_growth (self);
}

static void
adapt (AssayWindow *self,
       int width)
{
  gboolean narrow = is_narrow_at (self, width);
  gboolean roomy = width >= ROOMY_WIDTH * get_growth (self);
  int detail_width = narrow ? width : width - SIDEBAR_WIDTH;

  assay_detail_set_compact (self->detail, detail_width < COMPACT_DETAIL_WIDTH);
  if (narrow == self->narrow && roomy == self->roomy)
    return;
  self->roomy = roomy;
  self->narrow = narrow;
  adw_leaflet_set_can_unfold (self->leaflet, !narrow);
  assay_progress_set_compact (self->progress, narrow);
  assay_empty_page_set_compact (ASSAY_EMPTY_PAGE (self->empty_page), narrow);
  assay_compare_page_set_narrow (self->compare_page, narrow);
  assay_evaluate_page_set_compact (self->evaluate_page, narrow);
  if (narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  update_header (self);
}

static void
surface_width_cb (GdkSurface *surface,
                  GParamSpec *pspec,
                  AssayWindow *self)
{
  adapt (self, gdk_surface_get_width (surface));
}

static void
text_size_cb (AssayWindow *self)
{
  adapt (self, gtk_widget_get_width (GTK_WIDGET (self)));
}

static void
show_items_cb (AssayWindow *self,
               const char *title,
               GPtrArray *items)
{
  if (items->len == 0)
    return;
  assay_sidebar_show_subset (self->sidebar, title, items);
  assay_window_show_detail (self, FALSE);
  assay_window_show_page (self, "classify");
}

static void
item_changed_cb (AssayWindow *self)
{
  AssayItem *item = assay_sidebar_get_item (self->sidebar);

  assay_detail_set_item (self->detail, item);
  if (item != NULL)
    assay_session_prefer (self->session, item);
  update_header (self);
  assay_window_update_actions (self);
}

static void
item_activated_cb (AssayWindow *self)
{
  if (self->narrow)
    assay_window_show_detail (self, TRUE);
}

static void
copied_cb (AssayWindow *self)
{
  assay_window_say (self, _("Result copied"));
}

/* ---- life ---- */

static gboolean
start_cb (gpointer data)
{
  AssayWindow *self = data;
  g_autoptr (GError) error = NULL;

  if (self->session == NULL)
    return G_SOURCE_REMOVE;
  if (!assay_hub_load (assay_session_get_hub (self->session), &error))
    assay_window_say (self, error->message);
  assay_session_start (self->session);
  assay_window_start_history (self);
  return G_SOURCE_REMOVE;
}

/* The window stands on the screen: now there is time for everything else. */
static void
first_paint_cb (GdkFrameClock *clock,
                AssayWindow *self)
{
  g_signal_handlers_disconnect_by_func (clock, first_paint_cb, self);
  if (self->started)
    return;
  self->started = TRUE;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, start_cb, g_object_ref (self), g_object_unref);
}

static void
assay_window_realize (GtkWidget *widget)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  GdkSurface *surface;

  GTK_WIDGET_CLASS (assay_window_parent_class)->realize (widget);
  surface = gtk_native_get_surface (GTK_NATIVE (widget));
  g_signal_connect_object (surface, "notify::width", G_CALLBACK (surface_width_cb), self, 0);
  g_signal_connect_object (gtk_widget_get_settings (widget), "notify::gtk-xft-dpi",
                           G_CALLBACK (text_size_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_widget_get_frame_clock (widget), "after-paint",
                           G_CALLBACK (first_paint_cb), self, 0);
}

static void
save_size (AssayWindow *self)
{
  int width;
  int height;

  if (!g_settings_get_boolean (self->settings, "keep-window-size"))
    return;
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (width > 0 && height > 0)
    {
      g_settings_set_int (self->settings, "window-width", width);
      g_settings_set_int (self->settings, "window-height", height);
    }
}

static void
restore_size (AssayWindow *self)
{
  int width = g_settings_get_int (self->settings, "window-width");
  int height = g_settings_get_int (self->settings, "window-height");

  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  /* So that the first frame is laid out as it will stay. */
  self->narrow = !is_narrow_at (self, width);
  adapt (self, width);
}

static gboolean
assay_window_close_request (GtkWindow *window)
{
  AssayWindow *self = ASSAY_WINDOW (window);

  if (assay_window_ask_to_close (self))
    return GDK_EVENT_STOP;
  save_size (self);
  assay_session_close (self->session);
  return GTK_WINDOW_CLASS (assay_window_parent_class)->close_request (window);
}

static void
assay_window_dispose (GObject *object)
{
  AssayWindow *self = ASSAY_WINDOW (object);

  g_clear_weak_pointer (&self->stage);
  g_cancellable_cancel (self->cancellable);
  assay_window_forget_drag (self);
  assay_window_forget_run (self);
  if (self->session != NULL)
    assay_session_close (self->session);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->picture);
  assay_window_forget_steps (self);
  assay_window_forget_history (self);
  g_clear_object (&self->reading_notice);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (assay_window_parent_class)->dispose (object);
}

static void
assay_window_finalize (GObject *object)
{
  AssayWindow *self = ASSAY_WINDOW (object);

  g_free (self->trusted_scores);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (assay_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, compare_page);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, evaluate_page);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, item_title);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, narrow_model_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, back);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, add);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, add_compact);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, item_menu);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, main_menu);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, model_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, service_banner);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, history_banner);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, unasked_banner);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, failed_banner);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, logits_banner);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, left_out_banner);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, reading_banner);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, empty_page);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, detail);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, drop_revealer);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, drop_box);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, drop_title);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, drop_note);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, drop_icon);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, compared_item_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_items_cb);
  gtk_widget_class_bind_template_callback (widget_class, pane_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, copied_cb);
}

static void
assay_window_class_init (AssayWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_window_dispose;
  object_class->finalize = assay_window_finalize;
  widget_class->realize = assay_window_realize;
  GTK_WINDOW_CLASS (klass)->close_request = assay_window_close_request;

  g_type_ensure (ASSAY_TYPE_BANNER);
  g_type_ensure (ASSAY_TYPE_COMPARE_PAGE);
  g_type_ensure (ASSAY_TYPE_DETAIL);
  g_type_ensure (ASSAY_TYPE_EMPTY_PAGE);
  g_type_ensure (ASSAY_TYPE_EVALUATE_PAGE);
  g_type_ensure (ASSAY_TYPE_MODEL_BUTTON);
  g_type_ensure (ASSAY_TYPE_PROGRESS);
  g_type_ensure (ASSAY_TYPE_SIDEBAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-window.ui");
  bind_children (widget_class);
  assay_window_install_actions (widget_class);
  assay_window_install_undo (widget_class);
  assay_window_install_run (widget_class);
  assay_window_install_logits (widget_class);
  assay_window_install_truth (widget_class);
  assay_window_install_model (widget_class);
  assay_window_install_history (widget_class);
  assay_window_install_export (widget_class);
  assay_window_install_copy (widget_class);
  assay_window_install_report (widget_class);
  assay_window_install_picture (widget_class);
}

/* libadwaita gives the arrow of a split button a tooltip but no name. */
static void
name_add_arrow (AssayWindow *self)
{
  GtkWidget *arrow = gtk_widget_get_last_child (self->add);

  if (GTK_IS_MENU_BUTTON (arrow))
    gtk_accessible_update_property (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _("More Ways to Add"), -1);
}

static void
page_action_cb (GSimpleAction *action,
                GVariant *value,
                gpointer data)
{
  assay_window_show_page (data, g_variant_get_string (value, NULL));
}

static void
add_page_action (AssayWindow *self)
{
  const GActionEntry entries[] = { { "page", NULL, "s", "'classify'", page_action_cb } };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

static void
assay_window_init (AssayWindow *self)
{
  self->cancellable = g_cancellable_new ();
  add_page_action (self);
  gtk_widget_init_template (GTK_WIDGET (self));
  name_add_arrow (self);
  assay_window_add_shortcuts (self);
  assay_window_keep_focus (self);
  assay_window_add_drop_target (self);
}

static void
threshold_changed_cb (AssayWindow *self)
{
  AssayCollection *collection = assay_session_get_collection (self->session);

  assay_detail_set_threshold (self->detail, assay_collection_get_threshold (collection));
  assay_evaluate_page_set_threshold (self->evaluate_page,
                                     assay_collection_get_threshold (collection));
}

static void
name_candidate (AssayWindow *self)
{
  g_autofree char *name = assay_session_dup_side_name (self->session, FALSE, TRUE);

  assay_evaluate_page_set_title (self->evaluate_page, name);
}

static void
set_up_evaluate_page (AssayWindow *self)
{
  GtkWidget *picker = g_object_new (ASSAY_TYPE_TARGET_PICKER, NULL);

  assay_target_picker_set_session (ASSAY_TARGET_PICKER (picker), self->session, FALSE);
  assay_evaluate_page_add_picker (self->evaluate_page, picker);
  assay_evaluate_page_set_judge (self->evaluate_page, assay_session_get_judge (self->session),
                                 assay_session_get_truths (self->session));
  g_signal_connect_object (self->session, "changed", G_CALLBACK (name_candidate), self,
                           G_CONNECT_SWAPPED);
  name_candidate (self);
}

static void
follow_session (AssayWindow *self)
{
  AssayCollection *collection = assay_session_get_collection (self->session);

  g_signal_connect_object (self->session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "progress", G_CALLBACK (assay_window_update_actions),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "left-out", G_CALLBACK (show_left_out_banner), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "message", G_CALLBACK (session_message_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (collection, "items-changed", G_CALLBACK (update_pages), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (collection, "notify::threshold", G_CALLBACK (threshold_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (collection, "counts-changed", G_CALLBACK (assay_window_update_actions),
                           self, G_CONNECT_SWAPPED);
}

/**
 * assay_window_new:
 * @application: the application
 * @hub: (transfer none): what all windows share
 * @settings: (transfer none): where size and last choice are kept
 *
 * Returns: (transfer none): a window with a session of its own; it belongs to the
 *   application
 */
AssayWindow *
assay_window_new (GtkApplication *application,
                  AssayHub *hub,
                  GSettings *settings)
{
  AssayWindow *self = g_object_new (ASSAY_TYPE_WINDOW, "application", application, NULL);

  self->settings = g_object_ref (settings);
  self->session = assay_session_new (hub, settings);
  threshold_changed_cb (self);
  assay_sidebar_set_collection (self->sidebar, assay_session_get_collection (self->session));
  assay_sidebar_set_judge (self->sidebar, assay_session_get_judge (self->session),
                           assay_session_get_truths (self->session));
  assay_detail_set_trimmer (self->detail, assay_session_get_trimmer (self->session));
  assay_detail_set_truths (self->detail, assay_session_get_truths (self->session));
  assay_compare_page_set_session (self->compare_page, self->session);
  set_up_evaluate_page (self);
  assay_model_button_set_session (self->model_button, self->session);
  assay_model_button_set_session (self->narrow_model_button, self->session);
  assay_progress_set_session (self->progress, self->session);
  follow_session (self);
  assay_window_follow_run (self);
  assay_window_follow_logits (self);
  assay_window_follow_truth (self);
  restore_size (self);
  update_pages (self);
  return self;
}

/**
 * assay_window_get_session:
 *
 * Returns: (transfer none): what the window shows
 */
AssaySession *
assay_window_get_session (AssayWindow *self)
{
  g_return_val_if_fail (ASSAY_IS_WINDOW (self), NULL);

  return self->session;
}
