/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "assay-card.h"
#include "assay-detail.h"
#include "assay-drag-out.h"
#include "assay-facts-text.h"
#include "assay-fold-box.h"
#include "assay-notice.h"
#include "assay-picture-menu.h"
#include "assay-preview.h"
#include "assay-probability-chart.h"
#include "assay-response-dialog.h"
#include "assay-tooltip.h"
#include "assay-truth-bar.h"
#include "assay-util.h"
#include "assay-verdict.h"
#include "assay-whole.h"

/* A copied card is drawn at twice the window's size, so that it stays sharp where
 * it is pasted. */
#define CARD_SCALE 2

struct _AssayDetail {
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkWidget *content;
  GtkWidget *top;
  AssayPreview *preview;
  GtkWidget *side;
  GtkLabel *name;
  AssayVerdict *verdict;
  AssayNotice *notice;
  AssayTruthBar *truth;
  AssayProbabilityChart *chart;
  GtkBox *bottom;
  GtkLabel *facts;
  GtkWidget *actions;

  AssayItem *item;
  GSignalGroup *item_signals;
  GSignalGroup *answer_signals;
  AssayWhole *whole;
  char *connection_name;
  double threshold;
  gboolean compact;
  gboolean judged;               /* somebody knows what the images show */
};

G_DEFINE_FINAL_TYPE (AssayDetail, assay_detail, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_ITEM,
  PROP_THRESHOLD,
  PROP_COMPACT,
  PROP_CONNECTION_NAME,
  N_PROPS
};

enum {
  COPIED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static AssayPrediction *
get_prediction (AssayDetail *self)
{
  AssayAnswer *answer = self->item != NULL ? assay_item_get_answer (self->item) : NULL;

  return assay_whole_look_at (self->whole,
                              answer != NULL ? assay_answer_get_prediction (answer) : NULL);
}

static GBytes *
get_raw (AssayDetail *self)
{
  AssayAnswer *answer = self->item != NULL ? assay_item_get_answer (self->item) : NULL;

  return answer != NULL ? assay_answer_get_raw (answer) : NULL;
}

static void
show_facts (AssayDetail *self)
{
  AssayAnswer *answer = assay_item_get_answer (self->item);
  g_autofree char *line = assay_facts_dup_line (self->item, self->compact);
  g_autofree char *when = NULL;

  if (answer != NULL)
    when = assay_facts_dup_when (answer, self->connection_name);
  gtk_label_set_text (self->facts, line);
  assay_tooltip_set (GTK_WIDGET (self->facts), when);
}

/* Shows the item as it is now; called whenever anything of it has changed. */
static void
update (AssayDetail *self)
{
  AssayPrediction *prediction = get_prediction (self);
  gboolean answered = prediction != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "detail.copy",
                                 answered && !assay_whole_is_loading (self->whole));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "detail.show-response", get_raw (self) != NULL);
  gtk_stack_set_visible_child_name (self->stack, self->item != NULL ? "item" : "nothing");
  assay_preview_set_item (self->preview, self->item);
  assay_truth_bar_set_item (self->truth, self->item);
  assay_probability_chart_set_prediction (self->chart, prediction);
  gtk_widget_set_visible (GTK_WIDGET (self->chart), answered);
  gtk_widget_set_visible (GTK_WIDGET (self->verdict), answered);
  gtk_widget_set_visible (GTK_WIDGET (self->notice), self->item != NULL && !answered);
  gtk_widget_set_visible (self->actions, answered);
  gtk_widget_set_visible (GTK_WIDGET (self->truth), answered && self->judged);
  if (self->item == NULL)
    return;

  gtk_label_set_text (self->name, assay_item_get_name (self->item));
  assay_tooltip_set (GTK_WIDGET (self->name), assay_item_get_name (self->item));
  if (answered)
    assay_verdict_show (self->verdict, prediction, self->threshold, self->compact);
  else
    assay_notice_show (self->notice, self->item, self->connection_name);
  show_facts (self);
}

static void
show_sending (AssayDetail *self)
{
  if (self->item != NULL && get_prediction (self) == NULL)
    assay_notice_show (self->notice, self->item, self->connection_name);
}

static void
follow_answer (AssayDetail *self)
{
  g_signal_group_set_target (self->answer_signals,
                             self->item != NULL ? assay_item_get_answer (self->item) : NULL);
  update (self);
}

static GdkTexture *
draw_card (AssayDetail *self)
{
  GtkWidget *const parts[] = { self->top, GTK_WIDGET (self->chart), GTK_WIDGET (self->facts) };

  return assay_card_draw (self->content, parts, G_N_ELEMENTS (parts), CARD_SCALE, NULL);
}

static void
add_picture_menu (AssayDetail *self)
{
  GtkWidget *const parts[] = { self->top, GTK_WIDGET (self->chart), GTK_WIDGET (self->facts) };

  assay_picture_menu_add (self->content, "card", _("Result"), parts, G_N_ELEMENTS (parts));
}

static void
copy_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AssayDetail *self = ASSAY_DETAIL (widget);
  g_autofree char *text = assay_card_dup_text (self->item, get_prediction (self), self->threshold);
  g_autoptr (GdkTexture) texture = draw_card (self);
  g_autoptr (GdkContentProvider) content = assay_card_new_content (text, texture);

  if (gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), content))
    g_signal_emit (self, signals[COPIED], 0);
}

static GdkContentProvider *
drag_card (GtkWidget *widget,
           gpointer data)
{
  AssayDetail *self = data;
  g_autofree char *text = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (get_prediction (self) == NULL || assay_whole_is_loading (self->whole))
    return NULL;
  text = assay_card_dup_text (self->item, get_prediction (self), self->threshold);
  texture = draw_card (self);
  return assay_drag_out_new_card (assay_item_get_name (self->item), text, texture);
}

static void
show_response_action (GtkWidget *widget,
                      const char *name,
                      GVariant *parameter)
{
  AssayDetail *self = ASSAY_DETAIL (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GBytes *raw = get_raw (self);
  GtkWidget *dialog;

  /* Of an answer that is kept it may be forgotten at any time. */
  if (raw == NULL)
    return;
  dialog = assay_response_dialog_new (raw, assay_item_get_name (self->item));
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (root));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
zoom_in_action (GtkWidget *widget,
                const char *name,
                GVariant *parameter)
{
  assay_preview_zoom (ASSAY_DETAIL (widget)->preview, 1);
}

static void
zoom_out_action (GtkWidget *widget,
                 const char *name,
                 GVariant *parameter)
{
  assay_preview_zoom (ASSAY_DETAIL (widget)->preview, -1);
}

static void
zoom_fit_action (GtkWidget *widget,
                 const char *name,
                 GVariant *parameter)
{
  assay_preview_zoom_to_fit (ASSAY_DETAIL (widget)->preview);
}

static void
place (AssayDetail *self,
       GtkWidget *child,
       int column,
       int row,
       int columns)
{
  GtkLayoutManager *manager = gtk_widget_get_layout_manager (self->top);

  g_object_set (gtk_layout_manager_get_layout_child (manager, child),
                "column", column, "row", row, "column-span", columns, NULL);
}

/* Five columns of the same width: three for the picture, two for the verdict; in
 * a narrow window one below the other. */
static void
arrange (AssayDetail *self)
{
  if (self->compact)
    {
      place (self, GTK_WIDGET (self->preview), 0, 0, 5);
      place (self, self->side, 0, 1, 5);
      gtk_widget_add_css_class (GTK_WIDGET (self), "compact");
    }
  else
    {
      place (self, GTK_WIDGET (self->preview), 0, 0, 3);
      place (self, self->side, 3, 0, 2);
      gtk_widget_remove_css_class (GTK_WIDGET (self), "compact");
    }
  gtk_grid_set_column_spacing (GTK_GRID (self->top), self->compact ? 0 : 28);
  /* In a narrow window the header bar has the name. */
  gtk_widget_set_visible (GTK_WIDGET (self->name), !self->compact);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->bottom),
                                  self->compact ? GTK_ORIENTATION_VERTICAL
                                                : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_halign (self->actions, self->compact ? GTK_ALIGN_START : GTK_ALIGN_END);
  assay_preview_set_compact (self->preview, self->compact);
  assay_probability_chart_set_compact (self->chart, self->compact);
}

static void
assay_detail_get_property (GObject *object,
                           guint id,
                           GValue *value,
                           GParamSpec *pspec)
{
  AssayDetail *self = ASSAY_DETAIL (object);

  switch (id)
    {
    case PROP_ITEM:
      g_value_set_object (value, self->item);
      break;
    case PROP_THRESHOLD:
      g_value_set_double (value, self->threshold);
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, self->compact);
      break;
    case PROP_CONNECTION_NAME:
      g_value_set_string (value, self->connection_name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_detail_set_property (GObject *object,
                           guint id,
                           const GValue *value,
                           GParamSpec *pspec)
{
  AssayDetail *self = ASSAY_DETAIL (object);

  switch (id)
    {
    case PROP_ITEM:
      assay_detail_set_item (self, g_value_get_object (value));
      break;
    case PROP_THRESHOLD:
      assay_detail_set_threshold (self, g_value_get_double (value));
      break;
    case PROP_COMPACT:
      assay_detail_set_compact (self, g_value_get_boolean (value));
      break;
    case PROP_CONNECTION_NAME:
      assay_detail_set_connection_name (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_detail_dispose (GObject *object)
{
  AssayDetail *self = ASSAY_DETAIL (object);

  if (self->item_signals != NULL)
    g_signal_group_set_target (self->item_signals, NULL);
  if (self->answer_signals != NULL)
    g_signal_group_set_target (self->answer_signals, NULL);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->answer_signals);
  g_clear_object (&self->item);
  if (self->whole != NULL)
    g_signal_handlers_disconnect_by_data (self->whole, self);
  g_clear_object (&self->whole);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_DETAIL);
  G_OBJECT_CLASS (assay_detail_parent_class)->dispose (object);
}

static void
assay_detail_finalize (GObject *object)
{
  g_free (ASSAY_DETAIL (object)->connection_name);
  G_OBJECT_CLASS (assay_detail_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, ASSAY_TYPE_ITEM, flags);
  properties[PROP_THRESHOLD] = g_param_spec_double ("threshold", NULL, NULL, 0, 1, 0.6, flags);
  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE, flags);
  properties[PROP_CONNECTION_NAME] =
    g_param_spec_string ("connection-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, content);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, top);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, preview);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, side);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, name);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, verdict);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, notice);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, truth);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, chart);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, bottom);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, facts);
  gtk_widget_class_bind_template_child (widget_class, AssayDetail, actions);
}

static void
assay_detail_class_init (AssayDetailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_detail_get_property;
  object_class->set_property = assay_detail_set_property;
  object_class->dispose = assay_detail_dispose;
  object_class->finalize = assay_detail_finalize;
  install_properties (object_class);
  signals[COPIED] = g_signal_new ("copied", ASSAY_TYPE_DETAIL, G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  g_type_ensure (ASSAY_TYPE_PREVIEW);
  g_type_ensure (ASSAY_TYPE_VERDICT);
  g_type_ensure (ASSAY_TYPE_NOTICE);
  g_type_ensure (ASSAY_TYPE_TRUTH_BAR);
  g_type_ensure (ASSAY_TYPE_PROBABILITY_CHART);
  gtk_widget_class_install_action (widget_class, "detail.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "detail.show-response", NULL,
                                   show_response_action);
  gtk_widget_class_install_action (widget_class, "detail.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "detail.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "detail.zoom-fit", NULL, zoom_fit_action);
  gtk_widget_class_set_css_name (widget_class, "detail");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  bind_template (widget_class);
}

static void
assay_detail_init (AssayDetail *self)
{
  self->threshold = 0.6;
  self->whole = assay_whole_new ();
  g_signal_connect_swapped (self->whole, "loaded", G_CALLBACK (update), self);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->item_signals = g_signal_group_new (ASSAY_TYPE_ITEM);
  g_signal_group_connect_object (self->item_signals, "notify::answer",
                                 G_CALLBACK (follow_answer), self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->item_signals, "notify::sent-bytes",
                                 G_CALLBACK (show_sending), self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->item_signals, "notify::source",
                                 G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->answer_signals = g_signal_group_new (ASSAY_TYPE_ANSWER);
  g_signal_group_connect_object (self->answer_signals, "notify",
                                 G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  /* The picture itself is moved about where it is larger than its place. */
  assay_drag_out_add (GTK_WIDGET (self->verdict), drag_card, self);
  assay_drag_out_add (GTK_WIDGET (self->chart), drag_card, self);
  add_picture_menu (self);
  arrange (self);
  update (self);
}

/**
 * assay_detail_new:
 *
 * Returns: (transfer floating): a detail without an item
 */
GtkWidget *
assay_detail_new (void)
{
  return g_object_new (ASSAY_TYPE_DETAIL, NULL);
}

/**
 * assay_detail_get_item:
 *
 * Returns: (transfer none) (nullable): the item that is shown
 */
AssayItem *
assay_detail_get_item (AssayDetail *self)
{
  g_return_val_if_fail (ASSAY_IS_DETAIL (self), NULL);

  return self->item;
}

double
assay_detail_get_threshold (AssayDetail *self)
{
  g_return_val_if_fail (ASSAY_IS_DETAIL (self), 0);

  return self->threshold;
}

gboolean
assay_detail_get_compact (AssayDetail *self)
{
  g_return_val_if_fail (ASSAY_IS_DETAIL (self), FALSE);

  return self->compact;
}

const char *
assay_detail_get_connection_name (AssayDetail *self)
{
  g_return_val_if_fail (ASSAY_IS_DETAIL (self), NULL);

  return self->connection_name;
}

/**
 * assay_detail_set_item:
 * @item: (nullable) (transfer none): the item to show
 */
void
assay_detail_set_item (AssayDetail *self,
                       AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_DETAIL (self));
  g_return_if_fail (item == NULL || ASSAY_IS_ITEM (item));

  if (!g_set_object (&self->item, item))
    return;
  g_signal_group_set_target (self->item_signals, item);
  follow_answer (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

/**
 * assay_detail_set_trimmer:
 * @trimmer: (nullable) (transfer none): what loads the answers that were trimmed
 */
void
assay_detail_set_trimmer (AssayDetail *self,
                          AssayTrimmer *trimmer)
{
  g_return_if_fail (ASSAY_IS_DETAIL (self));

  assay_whole_set_trimmer (self->whole, trimmer);
}

/**
 * assay_detail_set_threshold:
 * @threshold: below it the verdict is "Unsure", 0…1
 */
void
assay_detail_set_threshold (AssayDetail *self,
                            double threshold)
{
  g_return_if_fail (ASSAY_IS_DETAIL (self));

  threshold = CLAMP (threshold, 0, 1);
  if (self->threshold == threshold)
    return;
  self->threshold = threshold;
  assay_probability_chart_set_threshold (self->chart, threshold);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THRESHOLD]);
}

/**
 * assay_detail_set_compact:
 * @compact: whether everything stands in one narrow column
 */
void
assay_detail_set_compact (AssayDetail *self,
                          gboolean compact)
{
  g_return_if_fail (ASSAY_IS_DETAIL (self));

  if (self->compact == !!compact)
    return;
  self->compact = !!compact;
  arrange (self);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}

/**
 * assay_detail_set_connection_name:
 * @name: (nullable): the connection as its owner calls it, for the words that
 *   say whom an image is sent to
 */
void
assay_detail_set_connection_name (AssayDetail *self,
                                  const char *name)
{
  g_return_if_fail (ASSAY_IS_DETAIL (self));

  if (!assay_set_string (&self->connection_name, name))
    return;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION_NAME]);
}

/**
 * assay_detail_set_truths:
 * @truths: (transfer none): what the images show; once
 *
 * Lets a person say whether an answer is right.
 */
void
assay_detail_set_truths (AssayDetail *self,
                         AssayTruths *truths)
{
  g_return_if_fail (ASSAY_IS_DETAIL (self));

  assay_truth_bar_set_truths (self->truth, truths);
  self->judged = TRUE;
  update (self);
}
