/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-collection.h"
#include "assay-display.h"
#include "assay-facts-text.h"
#include "assay-group.h"
#include "assay-number-label.h"
#include "assay-row.h"
#include "assay-score-text.h"
#include "assay-thumb.h"
#include "assay-tooltip.h"

/* Shows either item_box or group_box.  The two signal groups follow what is
 * bound, so that a recycled row keeps no handler. */
struct _AssayRow {
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkWidget *item_box;
  GtkWidget *thumb;
  GtkLabel *name;
  GtkLabel *state;
  GtkWidget *tag;
  GtkLabel *value;
  GtkWidget *bar;
  GtkWidget *spinner;
  GtkWidget *queued_icon;
  GtkWidget *error_icon;

  GtkWidget *group_box;
  GtkImage *group_icon;
  GtkLabel *group_name;
  GtkLabel *group_count;
  GtkImage *group_arrow;

  GObject *object;
  GSignalGroup *object_signals;
  GSignalGroup *answer_signals;
  double threshold;
};

G_DEFINE_FINAL_TYPE (AssayRow, assay_row, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_OBJECT,
  PROP_THRESHOLD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint clicked_signal;

/* What a row says of its item; one value for each state. */
typedef struct {
  const char *state;             /* (nullable) beside no percentage */
  const GError *error;           /* (nullable) */
  AssayPrediction *prediction;   /* (nullable) */
  gboolean spins;
  gboolean waits;
} Look;

static Look
look_at (AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);
  AssaySource *source = assay_item_get_source (item);
  Look look = { 0 };

  if (assay_source_is_awaited (source))
    {
      look.state = _("Downloading…");
      look.spins = TRUE;
      return look;
    }
  if (answer == NULL)
    {
      look.error = assay_source_get_error (source);
      look.state = _("Not asked yet");
      look.waits = TRUE;
      return look;
    }

  look.error = assay_answer_get_error (answer);
  look.prediction = assay_answer_get_prediction (answer);
  switch (assay_answer_get_state (answer))
    {
    case ASSAY_ANSWER_QUEUED:
      look.state = _("Queued");
      look.waits = TRUE;
      break;
    case ASSAY_ANSWER_READING:
      look.state = _("Reading…");
      look.spins = TRUE;
      break;
    case ASSAY_ANSWER_SENDING:
      look.state = _("Uploading…");
      look.spins = TRUE;
      break;
    case ASSAY_ANSWER_CANCELED:
      look.state = _("Canceled");
      break;
    case ASSAY_ANSWER_ANSWERED:
    case ASSAY_ANSWER_FAILED:
    case ASSAY_ANSWER_REJECTED:
    default:
      break;
    }
  return look;
}

/* What a row says where there is neither a label nor an error. */
static char *
dup_state (AssayItem *item,
           const Look *look)
{
  int percent = assay_item_get_percent (item);

  if (assay_source_is_awaited (assay_item_get_source (item)) && percent >= 0)
    return g_strdup_printf (_("Downloading… %d %%"), percent);
  return g_strdup (look->state);
}

static void
set_class (GtkWidget *widget,
           const char *class,
           gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, class);
  else
    gtk_widget_remove_css_class (widget, class);
}

/* "roses, 95.7 %, next tulips, 3.97 %": read out for the row in
 * focus, since nothing can be announced on this GTK. */
static char *
say_prediction (AssayPrediction *prediction)
{
  GString *text = g_string_new (NULL);

  for (guint rank = 0; rank < MIN (assay_prediction_get_n (prediction), 2); rank++)
    {
      const char *sent = assay_prediction_get_label (prediction, rank);
      g_autofree char *label = assay_display_text (sent, -1, 0);
      double score = assay_prediction_get_score (prediction, rank);
      g_autofree char *value = assay_score_dup_text (assay_prediction_get_scale (prediction), score);

      g_string_append_printf (text, rank == 0 ? _("%s, %s") : _(", next %s, %s"), label, value);
    }
  return g_string_free (text, FALSE);
}

static void
set_spoken (AssayRow *self,
            const char *text)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  /* The list's own cell has the focus; this GTK has no property for its name. */
  if (cell != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (cell),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
speak (AssayRow *self,
       AssayItem *item,
       const Look *look)
{
  g_autofree char *said = NULL;
  g_autofree char *text = NULL;

  if (look->prediction != NULL)
    said = say_prediction (look->prediction);
  else if (look->error != NULL)
    said = g_strdup (look->error->message);
  else
    said = dup_state (item, look);

  text = g_strdup_printf (gtk_widget_get_visible (self->tag) ? _("%s, %s, unsure") : "%s, %s",
                          assay_item_get_name (item), said);
  set_spoken (self, text);
}

static void
show_prediction (AssayRow *self,
                 AssayPrediction *prediction)
{
  double score = prediction != NULL ? assay_prediction_get_score (prediction, 0) : 0;
  gboolean unsure = prediction != NULL && assay_prediction_is_unsure (prediction, self->threshold);
  AssayScale scale = prediction != NULL ? assay_prediction_get_scale (prediction)
                                        : ASSAY_SCALE_PROBABILITIES;
  g_autofree char *text = assay_score_dup_text (scale, score);

  /* What is no probability fills no share of a bar. */
  gtk_widget_set_visible (self->bar, prediction != NULL && scale != ASSAY_SCALE_OTHER);
  gtk_widget_set_visible (self->tag, unsure);
  gtk_widget_set_visible (GTK_WIDGET (self->value), prediction != NULL);
  set_class (self->bar, "unsure", unsure);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (self->bar), CLAMP (score, 0, 1));
  assay_number_label_set (self->value, text);
}

static void
update_item (AssayRow *self)
{
  AssayItem *item = ASSAY_ITEM (self->object);
  Look look = look_at (item);
  g_autofree char *label = NULL;

  if (look.prediction != NULL)
    label = assay_display_text (assay_prediction_get_label (look.prediction, 0), -1, 0);
  else if (look.error != NULL)
    label = g_strdup (look.error->message);
  else
    label = assay_facts_dup_sending (item);
  if (label == NULL)
    label = dup_state (item, &look);

  gtk_label_set_text (self->state, label);
  /* A label may be cut short, a reason needs its words. */
  gtk_label_set_wrap (self->state, look.error != NULL);
  assay_tooltip_set (GTK_WIDGET (self->state), look.error != NULL ? label : NULL);
  set_class (GTK_WIDGET (self->state), "error", look.error != NULL);
  set_class (GTK_WIDGET (self->state), "dim-label", look.error == NULL);
  set_class (self->thumb, "waiting", look.waits && look.error == NULL);
  gtk_widget_set_visible (self->error_icon, look.error != NULL);
  gtk_widget_set_visible (self->queued_icon, look.waits && look.error == NULL);
  gtk_widget_set_visible (self->spinner, look.spins);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), look.spins);
  show_prediction (self, look.prediction);
  speak (self, item, &look);
}

/* What the row of a group reads out as. */
static char *
dup_group_text (AssayGroup *group)
{
  const char *name = assay_group_get_name (group);
  guint n = assay_group_get_count (group);

  if (assay_group_is_archive (group))
    return assay_group_get_expanded (group)
             ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Archive %s, %'u image, expanded",
                                             "Archive %s, %'u images, expanded", n), name, n)
             : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Archive %s, %'u image, collapsed",
                                             "Archive %s, %'u images, collapsed", n), name, n);
  return assay_group_get_expanded (group)
           ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Folder %s, %'u image, expanded",
                                           "Folder %s, %'u images, expanded", n), name, n)
           : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Folder %s, %'u image, collapsed",
                                           "Folder %s, %'u images, collapsed", n), name, n);
}

static void
update_group (AssayRow *self)
{
  AssayGroup *group = ASSAY_GROUP (self->object);
  guint n = assay_group_get_count (group);
  gboolean expanded = assay_group_get_expanded (group);
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;

  count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "· %'u image", "· %'u images", n), n);
  gtk_label_set_text (self->group_name, assay_group_get_name (group));
  assay_tooltip_set (GTK_WIDGET (self->group_name), assay_group_get_name (group));
  gtk_label_set_text (self->group_count, count);
  gtk_image_set_from_icon_name (self->group_icon, assay_group_is_archive (group)
                                                      ? "package-x-generic-symbolic"
                                                      : "folder-symbolic");
  gtk_image_set_from_icon_name (self->group_arrow,
                                expanded ? "pan-down-symbolic" : "pan-end-symbolic");

  text = dup_group_text (group);
  set_spoken (self, text);
}

static void
update (AssayRow *self)
{
  if (ASSAY_IS_ITEM (self->object))
    update_item (self);
  else if (ASSAY_IS_GROUP (self->object))
    update_group (self);
}

static void
answer_cb (AssayRow *self)
{
  AssayAnswer *answer = assay_item_get_answer (ASSAY_ITEM (self->object));

  g_signal_group_set_target (self->answer_signals, answer);
  update (self);
}

static void
object_notify_cb (GObject *object,
                  GParamSpec *pspec,
                  AssayRow *self)
{
  if (ASSAY_IS_ITEM (object))
    answer_cb (self);
  else
    update (self);
}

static void
show_object (AssayRow *self)
{
  AssayItem *item = ASSAY_IS_ITEM (self->object) ? ASSAY_ITEM (self->object) : NULL;

  g_signal_group_set_target (self->object_signals, self->object);
  g_signal_group_set_target (self->answer_signals,
                             item != NULL ? assay_item_get_answer (item) : NULL);
  gtk_widget_set_visible (self->item_box, item != NULL);
  gtk_widget_set_visible (self->group_box, ASSAY_IS_GROUP (self->object));
  /* A cell that cannot be selected takes no focus in GTK 4.8, and then the arrow keys
   * would end at it: what is in it takes the focus instead. */
  gtk_widget_set_focusable (GTK_WIDGET (self), ASSAY_IS_GROUP (self->object));
  g_object_set (self->thumb, "item", item, NULL);
  if (item != NULL)
    {
      gtk_label_set_text (self->name, assay_item_get_name (item));
      assay_tooltip_set (GTK_WIDGET (self->name), assay_item_get_name (item));
    }
  update (self);
}

static void
released_cb (GtkGestureClick *gesture,
             int n_press,
             double x,
             double y,
             AssayRow *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));
  GdkModifierType modifiers = event != NULL ? gdk_event_get_modifier_state (event) : 0;

  if ((modifiers & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) == 0)
    g_signal_emit (self, clicked_signal, 0);
}

static void
assay_row_get_property (GObject *object,
                        guint id,
                        GValue *value,
                        GParamSpec *pspec)
{
  AssayRow *self = ASSAY_ROW (object);

  switch (id)
    {
    case PROP_OBJECT:
      g_value_set_object (value, self->object);
      break;
    case PROP_THRESHOLD:
      g_value_set_double (value, self->threshold);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_row_set_property (GObject *object,
                        guint id,
                        const GValue *value,
                        GParamSpec *pspec)
{
  AssayRow *self = ASSAY_ROW (object);

  switch (id)
    {
    case PROP_OBJECT:
      assay_row_set_object (self, g_value_get_object (value));
      break;
    case PROP_THRESHOLD:
      assay_row_set_threshold (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_row_dispose (GObject *object)
{
  AssayRow *self = ASSAY_ROW (object);

  g_clear_object (&self->object_signals);
  g_clear_object (&self->answer_signals);
  g_clear_object (&self->object);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_ROW);
  G_OBJECT_CLASS (assay_row_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AssayRow, content);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, item_box);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, thumb);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, name);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, state);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, tag);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, value);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, bar);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, queued_icon);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, error_icon);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, group_box);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, group_icon);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, group_name);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, group_count);
  gtk_widget_class_bind_template_child (widget_class, AssayRow, group_arrow);
  gtk_widget_class_bind_template_callback (widget_class, released_cb);
}

static void
assay_row_class_init (AssayRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_row_get_property;
  object_class->set_property = assay_row_set_property;
  object_class->dispose = assay_row_dispose;

  properties[PROP_OBJECT] =
    g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_THRESHOLD] =
    g_param_spec_double ("threshold", NULL, NULL, 0, 1, 0,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  clicked_signal = g_signal_new ("clicked", ASSAY_TYPE_ROW, G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (ASSAY_TYPE_THUMB);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-row.ui");
  bind_children (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "assay-row");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
remove_level_colors (GtkLevelBar *bar)
{
  gtk_level_bar_remove_offset_value (bar, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (bar, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (bar, GTK_LEVEL_BAR_OFFSET_FULL);
}

static void
assay_row_init (AssayRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  remove_level_colors (GTK_LEVEL_BAR (self->bar));

  self->object_signals = g_signal_group_new (G_TYPE_OBJECT);
  g_signal_group_connect (self->object_signals, "notify", G_CALLBACK (object_notify_cb), self);
  self->answer_signals = g_signal_group_new (ASSAY_TYPE_ANSWER);
  g_signal_group_connect_swapped (self->answer_signals, "notify::state", G_CALLBACK (update), self);
}

/**
 * assay_row_new:
 *
 * Returns: (transfer floating): an empty row
 */
GtkWidget *
assay_row_new (void)
{
  return g_object_new (ASSAY_TYPE_ROW, NULL);
}

GObject *
assay_row_get_object (AssayRow *self)
{
  g_return_val_if_fail (ASSAY_IS_ROW (self), NULL);

  return self->object;
}

/**
 * assay_row_set_object:
 * @object: (nullable) (transfer none): an AssayItem or an AssayGroup to show and
 *   to follow
 */
void
assay_row_set_object (AssayRow *self,
                      GObject *object)
{
  g_return_if_fail (ASSAY_IS_ROW (self));
  g_return_if_fail (object == NULL || ASSAY_IS_ITEM (object) || ASSAY_IS_GROUP (object));

  if (!g_set_object (&self->object, object))
    return;
  show_object (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OBJECT]);
}

/**
 * assay_row_set_threshold:
 * @threshold: 0…1; a highest score below it is called unsure
 */
void
assay_row_set_threshold (AssayRow *self,
                         double threshold)
{
  g_return_if_fail (ASSAY_IS_ROW (self));

  threshold = CLAMP (threshold, 0, 1);
  if (threshold == self->threshold)
    return;
  self->threshold = threshold;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THRESHOLD]);
}
