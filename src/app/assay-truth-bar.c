/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-fold-box.h"
#include "assay-truth-bar.h"

/* So many labels have a key. */
#define N_KEYS 9

/* From here on a list of labels can be searched. */
#define SEARCH_FROM 13

struct _AssayTruthBar {
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkWidget *question;
  GtkMenuButton *menu;
  GtkLabel *title;
  GtkPopover *popover;
  GtkLabel *origin;
  GtkEditable *search;
  GtkListView *list;
  GtkWidget *clear;
  GtkWidget *buttons;
  GtkToggleButton *right;
  GtkToggleButton *wrong;

  AssayTruths *truths;
  AssayItem *item;               /* (nullable) */
  GSignalGroup *item_signals;
  GSignalGroup *answer_signals;
  GtkStringFilter *filter;
  GtkSingleSelection *selection; /* (nullable) while the menu was never open */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (AssayTruthBar, assay_truth_bar, GTK_TYPE_WIDGET)

static const char *
get_answer (AssayTruthBar *self)
{
  AssayAnswer *answer = self->item != NULL ? assay_item_get_answer (self->item) : NULL;
  AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;

  return prediction != NULL ? assay_prediction_get_label (prediction, 0) : NULL;
}

static const char *
get_origin_text (AssayItem *item)
{
  switch (assay_item_get_truth_origin (item))
    {
    case ASSAY_TRUTH_FOLDER:
      return _("By the folder’s name");
    case ASSAY_TRUTH_FILE:
      return _("By the table of labels");
    case ASSAY_TRUTH_HAND:
      return _("Marked by hand");
    case ASSAY_TRUTH_NONE:
    default:
      return _("Not known yet");
    }
}

static void
set_verdict (GtkToggleButton *button,
             gboolean active,
             const char *class)
{
  gtk_toggle_button_set_active (button, active);
  if (active)
    gtk_widget_add_css_class (GTK_WIDGET (button), class);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (button), class);
}

static void
update (AssayTruthBar *self)
{
  const char *truth = self->item != NULL ? assay_item_get_truth (self->item) : NULL;
  const char *answer = get_answer (self);
  gboolean known = truth != NULL && answer != NULL;
  g_autofree char *label = truth != NULL ? assay_display_text (truth, -1, 0) : NULL;
  g_autofree char *title = label != NULL ? g_strdup_printf (_("Truth: %s"), label)
                                         : g_strdup (_("Truth"));

  if (self->item == NULL || self->truths == NULL)
    return;
  gtk_label_set_text (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_label_set_text (self->origin, get_origin_text (self->item));
  gtk_widget_set_visible (self->clear,
                          assay_item_get_truth_origin (self->item) == ASSAY_TRUTH_HAND);
  gtk_widget_set_sensitive (GTK_WIDGET (self->right), answer != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->wrong), answer != NULL);
  self->updating = TRUE;
  set_verdict (self->right, known && strcmp (truth, answer) == 0, "is-right");
  set_verdict (self->wrong, known && strcmp (truth, answer) != 0, "is-wrong");
  self->updating = FALSE;
}

/* ---- the menu ---- */

/* By its first nine places the keys go. */
static guint
find_place (AssayTruthBar *self,
            const char *label,
            guint n)
{
  g_autoptr (GPtrArray) labels = assay_truths_list_labels (self->truths);

  for (guint i = 0; i < MIN (labels->len, n); i++)
    if (strcmp (g_ptr_array_index (labels, i), label) == 0)
      return i;
  return G_MAXUINT;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *cell,
          AssayTruthBar *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *name = gtk_label_new (NULL);
  GtkWidget *check = g_object_new (GTK_TYPE_IMAGE, "icon-name", "object-select-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *key = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 32);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (key, "dim-label");
  gtk_widget_add_css_class (key, "numeric");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), key);
  gtk_list_item_set_child (cell, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *cell,
         AssayTruthBar *self)
{
  const char *label = gtk_string_object_get_string (gtk_list_item_get_item (cell));
  GtkWidget *name = gtk_widget_get_first_child (gtk_list_item_get_child (cell));
  GtkWidget *check = gtk_widget_get_next_sibling (name);
  GtkWidget *key = gtk_widget_get_next_sibling (check);
  guint place = find_place (self, label, N_KEYS);
  g_autofree char *shown = assay_display_text (label, -1, 0);
  g_autofree char *number = place < N_KEYS ? g_strdup_printf ("%u", place + 1) : g_strdup ("");
  const char *truth = self->item != NULL ? assay_item_get_truth (self->item) : NULL;

  gtk_label_set_text (GTK_LABEL (name), shown);
  gtk_label_set_text (GTK_LABEL (key), number);
  gtk_widget_set_opacity (check, g_strcmp0 (truth, label) == 0 ? 1 : 0);
}

static void
activated_cb (GtkListView *list,
              guint position,
              AssayTruthBar *self)
{
  g_autoptr (GtkStringObject) row =
    g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  guint place = row != NULL ? find_place (self, gtk_string_object_get_string (row), G_MAXUINT)
                            : G_MAXUINT;

  gtk_popover_popdown (self->popover);
  if (place != G_MAXUINT)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.mark", "u", place);
}

static void
search_activated_cb (AssayTruthBar *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    activated_cb (self->list, 0, self);
}

static void
search_changed_cb (AssayTruthBar *self)
{
  if (self->filter != NULL)
    gtk_string_filter_set_search (self->filter, gtk_editable_get_text (self->search));
}

static void
fill_menu (AssayTruthBar *self)
{
  g_autoptr (GPtrArray) labels = assay_truths_list_labels (self->truths);
  GtkStringList *strings = gtk_string_list_new (NULL);
  GtkExpression *text = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  GtkFilterListModel *filtered;

  for (guint i = 0; i < labels->len; i++)
    gtk_string_list_append (strings, g_ptr_array_index (labels, i));
  self->filter = gtk_string_filter_new (text);
  filtered = gtk_filter_list_model_new (G_LIST_MODEL (strings), GTK_FILTER (self->filter));
  gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (filtered));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  gtk_widget_set_visible (GTK_WIDGET (self->search), labels->len >= SEARCH_FROM);
  gtk_editable_set_text (self->search, "");
}

/* Made when it opens: a service may know a thousand labels, and more of them since. */
static void
shown_cb (AssayTruthBar *self)
{
  fill_menu (self);
  gtk_widget_grab_focus (gtk_widget_get_visible (GTK_WIDGET (self->search))
                           ? GTK_WIDGET (self->search) : GTK_WIDGET (self->list));
}

static void
clear_cb (AssayTruthBar *self)
{
  gtk_popover_popdown (self->popover);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.unmark", NULL);
}

/* ---- the buttons ---- */

static void
right_cb (AssayTruthBar *self)
{
  gboolean marked = assay_item_get_truth_origin (self->item) == ASSAY_TRUTH_HAND;

  if (self->updating)
    return;
  gtk_widget_activate_action (GTK_WIDGET (self),
                              marked && !gtk_toggle_button_get_active (self->right)
                                ? "win.unmark" : "win.mark-right", NULL);
  update (self);
}

/* Wrong it is only beside what is right. */
static void
wrong_cb (AssayTruthBar *self)
{
  if (self->updating)
    return;
  update (self);
  gtk_menu_button_popup (self->menu);
}

/* ---- the widget ---- */

static void
follow_answer (AssayTruthBar *self)
{
  g_signal_group_set_target (self->answer_signals,
                             self->item != NULL ? assay_item_get_answer (self->item) : NULL);
  update (self);
}

static void
assay_truth_bar_dispose (GObject *object)
{
  AssayTruthBar *self = ASSAY_TRUTH_BAR (object);

  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->answer_signals);
  g_clear_object (&self->truths);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_TRUTH_BAR);
  G_OBJECT_CLASS (assay_truth_bar_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-truth-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, content);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, question);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, menu);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, title);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, popover);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, origin);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, search);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, list);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, clear);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, buttons);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, right);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthBar, wrong);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, right_cb);
  gtk_widget_class_bind_template_callback (widget_class, wrong_cb);
}

static void
assay_truth_bar_class_init (AssayTruthBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_truth_bar_dispose;

  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  gtk_widget_class_set_css_name (widget_class, "truthbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  bind_template (widget_class);
}

static void
assay_truth_bar_init (AssayTruthBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->item_signals = g_signal_group_new (ASSAY_TYPE_ITEM);
  g_signal_group_connect_object (self->item_signals, "notify::answer",
                                 G_CALLBACK (follow_answer), self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->item_signals, "notify::truth",
                                 G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->answer_signals = g_signal_group_new (ASSAY_TYPE_ANSWER);
  g_signal_group_connect_object (self->answer_signals, "notify",
                                 G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

/**
 * assay_truth_bar_set_truths:
 * @truths: (transfer none): who knows the labels; once
 */
void
assay_truth_bar_set_truths (AssayTruthBar *self,
                            AssayTruths *truths)
{
  g_return_if_fail (ASSAY_IS_TRUTH_BAR (self));
  g_return_if_fail (self->truths == NULL);

  self->truths = g_object_ref (truths);
  update (self);
}

/**
 * assay_truth_bar_set_item:
 * @item: (nullable) (transfer none): the one to show and to follow
 */
void
assay_truth_bar_set_item (AssayTruthBar *self,
                          AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_TRUTH_BAR (self));
  g_return_if_fail (item == NULL || ASSAY_IS_ITEM (item));

  if (!g_set_object (&self->item, item))
    return;
  g_signal_group_set_target (self->item_signals, item);
  follow_answer (self);
}

static void
add_key (GtkShortcutController *controller,
         guint key,
         const char *action,
         GVariant *arguments)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (key, 0),
                                            gtk_named_action_new (action));

  gtk_shortcut_set_arguments (shortcut, arguments);
  gtk_shortcut_controller_add_shortcut (controller, shortcut);
}

/**
 * assay_truth_bar_add_keys:
 * @controller: of a widget in which nobody types
 *
 * Adds the keys that say what is selected shows: 1…9 the label of that place, C that the
 * first label is right, 0 that nobody knows.
 */
void
assay_truth_bar_add_keys (GtkShortcutController *controller)
{
  g_return_if_fail (GTK_IS_SHORTCUT_CONTROLLER (controller));

  for (guint i = 0; i < N_KEYS; i++)
    {
      add_key (controller, GDK_KEY_1 + i, "win.mark", g_variant_new_uint32 (i));
      add_key (controller, GDK_KEY_KP_1 + i, "win.mark", g_variant_new_uint32 (i));
    }
  add_key (controller, GDK_KEY_0, "win.unmark", NULL);
  add_key (controller, GDK_KEY_KP_0, "win.unmark", NULL);
  add_key (controller, GDK_KEY_c, "win.mark-right", NULL);
}
