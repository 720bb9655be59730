/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-banner.h"
#include "assay-compare-page.h"
#include "assay-copier.h"
#include "assay-detail.h"
#include "assay-evaluate-page.h"
#include "assay-model-button.h"
#include "assay-offer.h"
#include "assay-progress.h"
#include "assay-reading-notice.h"
#include "assay-sidebar.h"
#include "assay-window.h"

G_BEGIN_DECLS

struct _AssayWindow {
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkWidget *back;
  GtkWidget *add;
  GtkWidget *add_compact;
  GtkLabel *item_title;
  GtkWidget *export_button;
  GtkWidget *item_menu;
  GtkWidget *main_menu;
  AssayModelButton *model_button;
  AssayModelButton *narrow_model_button;
  AssayBanner *service_banner;
  AssayBanner *history_banner;
  AssayBanner *unasked_banner;
  AssayBanner *failed_banner;
  AssayBanner *logits_banner;
  AssayBanner *left_out_banner;
  AssayBanner *reading_banner;
  GtkStack *pages;
  GtkWidget *switcher;
  GtkWidget *switcher_bar;
  AssayComparePage *compare_page;
  AssayEvaluatePage *evaluate_page;
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
  GtkWidget *stage;              /* (nullable) (weak): that presents its images */
  AssayKeptRun *shown_run;       /* (nullable): the kept run that is looked at */
  gboolean notice_read;          /* what the history had to tell */
  GtkFileChooserNative *chooser; /* (nullable): nobody's child, so it is kept here */
  GdkTexture *picture;           /* (nullable): for which that one looks for a place */
  GCancellable *cancellable;     /* of what is read from the clipboard */
  GQueue steps;                  /* what can be undone, the last one at the tail */
  AdwToast *undo_toast;
  gint64 undo_moved;             /* when such a toast last came or went, monotonic µs */
  guint focus_source;
  AssayReadingNotice *reading_notice; /* (nullable) until it has a session */
  guint countdown_source;        /* while the service banner counts seconds */
  GtkWindow *close_question;     /* (nullable): while it is open */
  char *trusted_scores;          /* (nullable): of which connection they are said to be right */
  guint n_failed;                /* of the last work that has ended, while that is told */
  gboolean quitting;             /* it is about all windows */
  gboolean may_close;            /* a person has said so */
  gboolean told_end;             /* by a notification that may still be there */
  gboolean narrow;
  gboolean roomy;                /* the header bar has the choice of the page */
  gboolean started;
};

void assay_window_install_actions (GtkWidgetClass *widget_class);
void assay_window_install_undo    (GtkWidgetClass *widget_class);
void assay_window_keep_focus      (AssayWindow *self);
void assay_window_forget_steps (AssayWindow *self);
void assay_window_keep_marks      (AssayWindow *self, AssayTruthMarks *marks, const char *sentence);
void assay_window_keep_copies     (AssayWindow *self, AssayCopies *copies, const char *sentence);
void assay_window_install_truth   (GtkWidgetClass *widget_class);
void assay_window_follow_truth    (AssayWindow *self);
void assay_window_install_run     (GtkWidgetClass *widget_class);
void assay_window_follow_run      (AssayWindow *self);
void assay_window_forget_run      (AssayWindow *self);
void assay_window_install_logits  (GtkWidgetClass *widget_class);
void assay_window_follow_logits   (AssayWindow *self);
gboolean assay_window_ask_to_close (AssayWindow *self);
void assay_window_settle_close    (AssayWindow *self);
gboolean assay_window_show_pause  (AssayWindow *self);
void assay_window_update_run      (AssayWindow *self);
void assay_window_update_actions  (AssayWindow *self);
void assay_window_add_shortcuts   (AssayWindow *self);
void assay_window_add_drop_target (AssayWindow *self);
gboolean assay_window_take_offer (AssayWindow *self, const AssayOffer *offer);
gboolean assay_window_is_model    (GFile *file);
GPtrArray *assay_window_take_models (AssayWindow *self, GFile *const *files, guint n_files);
void assay_window_install_model   (GtkWidgetClass *widget_class);
void assay_window_forget_drag (AssayWindow *self);
void assay_window_install_history (GtkWidgetClass *widget_class);
void assay_window_install_export  (GtkWidgetClass *widget_class);
gboolean assay_window_can_export  (AssayWindow *self);
void assay_window_install_copy    (GtkWidgetClass *widget_class);
void assay_window_undo_copies     (AssayWindow *self, AssayCopies *copies);
void assay_window_install_picture (GtkWidgetClass *widget_class);
void assay_window_install_report  (GtkWidgetClass *widget_class);
void assay_window_update_report   (AssayWindow *self);
void assay_window_show_report     (AssayWindow *self);
void assay_window_start_history   (AssayWindow *self);
void assay_window_forget_history  (AssayWindow *self);
void assay_window_show_history_banner (AssayWindow *self);
AssayWindow *assay_window_get_for_run (AssayWindow *self);
void assay_window_open_run        (AssayWindow *self, const AssayKeptRun *run);
void assay_window_resume_run      (AssayWindow *self, const AssayKeptRun *run);
void assay_window_say             (AssayWindow *self, const char *sentence);
void assay_window_show_detail     (AssayWindow *self, gboolean shown);
GPtrArray *assay_window_dup_selected (AssayWindow *self);
AssayItem *assay_window_get_item  (AssayWindow *self);
void assay_window_show_page       (AssayWindow *self, const char *name);
void assay_window_focus_page      (AssayWindow *self);
void assay_window_move            (AssayWindow *self, int by);

G_END_DECLS
