/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-banner.h"
#include "assay-detail.h"
#include "assay-model-button.h"
#include "assay-offer.h"
#include "assay-progress.h"
#include "assay-sidebar.h"
#include "assay-window.h"

G_BEGIN_DECLS

struct _AssayWindow {
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkWidget *back;
  GtkWidget *add;
  GtkWidget *add_compact;
  GtkWidget *title;
  GtkLabel *item_title;
  GtkWidget *item_menu;
  GtkWidget *main_menu;
  AssayModelButton *model_button;
  AssayModelButton *narrow_model_button;
  AssayBanner *service_banner;
  AssayBanner *history_banner;
  AssayBanner *unasked_banner;
  AssayBanner *failed_banner;
  AssayBanner *left_out_banner;
  GtkWidget *empty_page;
  AdwLeaflet *leaflet;
  AssaySidebar *sidebar;
  AssayDetail *detail;
  AssayProgress *progress;
  GtkRevealer *drop_revealer;
  GtkWidget *drop_box;
  GtkLabel *drop_title;
  GtkLabel *drop_note;
  GtkImage *drop_icon;
  AssayOffer *dragged;           /* (nullable): what is held over the window, once it is known */
  GCancellable *looking;         /* (nullable): while that is being read */

  AssaySession *session;
  GSettings *settings;
  AssayKeptRun *interrupted;     /* (nullable): what is offered to go on with */
  AssayKeptRun *shown_run;       /* (nullable): the kept run that is looked at */
  gboolean notice_read;          /* what the history had to tell */
  GtkFileChooserNative *chooser; /* (nullable): nobody's child, so it is kept here */
  GCancellable *cancellable;     /* of what is read from the clipboard */
  GQueue removals;               /* (element-type AssayRemoval), the last one at the tail */
  AdwToast *undo_toast;
  gint64 undo_moved;             /* when such a toast last came or went, monotonic µs */
  guint focus_source;
  guint countdown_source;        /* while the service banner counts seconds */
  GtkWindow *close_question;     /* (nullable): while it is open */
  guint n_failed;                /* of the last work that has ended, while that is told */
  gboolean quitting;             /* it is about all windows */
  gboolean may_close;            /* a person has said so */
  gboolean told_end;             /* by a notification that may still be there */
  gboolean narrow;
  gboolean started;
};

void assay_window_install_actions (GtkWidgetClass *widget_class);
void assay_window_install_undo    (GtkWidgetClass *widget_class);
void assay_window_keep_focus      (AssayWindow *self);
void assay_window_forget_removals (AssayWindow *self);
void assay_window_install_run     (GtkWidgetClass *widget_class);
void assay_window_follow_run      (AssayWindow *self);
void assay_window_forget_run      (AssayWindow *self);
gboolean assay_window_ask_to_close (AssayWindow *self);
void assay_window_settle_close    (AssayWindow *self);
gboolean assay_window_show_pause  (AssayWindow *self);
void assay_window_update_run      (AssayWindow *self);
void assay_window_update_actions  (AssayWindow *self);
void assay_window_add_shortcuts   (AssayWindow *self);
void assay_window_add_drop_target (AssayWindow *self);
gboolean assay_window_take_offer (AssayWindow *self, const AssayOffer *offer);
void assay_window_forget_drag (AssayWindow *self);
void assay_window_install_history (GtkWidgetClass *widget_class);
void assay_window_start_history   (AssayWindow *self);
void assay_window_forget_history  (AssayWindow *self);
void assay_window_show_history_banner (AssayWindow *self);
void assay_window_open_run        (AssayWindow *self, const AssayKeptRun *run);
void assay_window_resume_run      (AssayWindow *self, const AssayKeptRun *run);
void assay_window_say             (AssayWindow *self, const char *sentence);
void assay_window_show_detail     (AssayWindow *self, gboolean shown);

G_END_DECLS
