/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-chips.h"
#include "assay-drag-out.h"
#include "assay-row.h"
#include "assay-sidebar.h"
#include "assay-truth-bar.h"

/* GtkListView keeps two hundred rows, of which a person sees twenty.  So many of those that
 * change together are filled at once, and the others before anything is drawn. */
#define AT_ONCE 8

#define STEP_MICROSECONDS 4000

/* Invariants: item is in the rows, or NULL; it is the selected one, or of several
 * the one that was there first.  blank has the cells that are bound and not filled. */
struct _AssaySidebar {
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkSearchEntry *search;
  AssayChips *chips;
  GtkStack *stack;
  GtkListView *list;
  GtkWidget *none_page;
  GtkWidget *list_page;

  AssayCollection *collection;
  AssayRows *rows;
  AssayItem *item;               /* (nullable) */
  guint position;                /* where item was last seen */
  AssayItem *wanted;             /* (nullable): to be looked at once it is there */
  gboolean refocus;              /* the list had the focus when its row went */
  gboolean reselect;             /* what stands at position is to be looked at */
  guint settle_source;

  GPtrArray *bound;              /* (element-type GtkListItem) */
  GPtrArray *blank;              /* (element-type GtkListItem) */
  GPtrArray *spare;              /* (element-type AssayRow): of cells that went */
  guint n_filled;                /* cells, since the rows changed */
  gboolean changing;             /* the list takes over many other rows just now */
  guint fill_source;
};

G_DEFINE_FINAL_TYPE (AssaySidebar, assay_sidebar, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_ITEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint item_activated_signal;

static void
set_item (AssaySidebar *self,
          AssayItem *item)
{
  if (g_set_object (&self->item, item))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

static AssayItem *
dup_item_at (AssaySidebar *self,
             guint position)
{
  g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  return ASSAY_IS_ITEM (row) ? ASSAY_ITEM (g_steal_pointer (&row)) : NULL;
}

/* The first image from @position on in direction @by, or G_MAXUINT. */
static guint
find_image (AssaySidebar *self,
            guint position,
            int by)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  for (; position < n; position += by)
    {
      g_autoptr (AssayItem) item = dup_item_at (self, position);

      if (item != NULL)
        return position;
    }
  return G_MAXUINT;
}

static void
select_at (AssaySidebar *self,
           guint position)
{
  if (position != G_MAXUINT)
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->rows), position, TRUE);
}

/* Where it stands among the selected, or G_MAXUINT. */
static guint
find_position (AssaySidebar *self,
               AssayItem *item)
{
  guint position = assay_rows_find (self->rows, item);

  if (position != G_MAXUINT
      && gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->rows), position))
    return position;
  return G_MAXUINT;
}

/* What is looked at stays as long as it is selected; else the first of the
 * selected takes its place. */
static void
settle (AssaySidebar *self)
{
  g_autoptr (GtkBitset) selected = NULL;
  g_autoptr (AssayItem) first = NULL;

  if (self->item != NULL && find_position (self, self->item) != G_MAXUINT)
    return;
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->rows));
  if (gtk_bitset_is_empty (selected))
    return;
  first = dup_item_at (self, gtk_bitset_get_minimum (selected));
  set_item (self, first);
}

static void
selection_changed_cb (AssaySidebar *self)
{
  settle (self);
  if (self->item != NULL && find_position (self, self->item) != G_MAXUINT)
    self->position = find_position (self, self->item);
}

/* ---- filling cells ---- */

static void
row_clicked_cb (AssayRow *row,
                AssaySidebar *self)
{
  if (ASSAY_IS_ITEM (assay_row_get_object (row)))
    g_signal_emit (self, item_activated_signal, 0);
}

/* A selected one takes all that are selected with it. */
static GPtrArray *
dup_dragged (AssaySidebar *self,
             GObject *object)
{
  GPtrArray *items;

  if (ASSAY_IS_GROUP (object))
    return assay_rows_dup_members (self->rows, ASSAY_GROUP (object));
  if (ASSAY_IS_ITEM (object) && find_position (self, ASSAY_ITEM (object)) != G_MAXUINT)
    return assay_sidebar_dup_selected (self);
  items = g_ptr_array_new_with_free_func (g_object_unref);
  if (ASSAY_IS_ITEM (object))
    g_ptr_array_add (items, g_object_ref (object));
  return items;
}

static GdkContentProvider *
drag_row (GtkWidget *row,
          gpointer data)
{
  g_autoptr (GPtrArray) items = dup_dragged (data, assay_row_get_object (ASSAY_ROW (row)));

  return items->len > 0 ? assay_drag_out_new_rows (items) : NULL;
}

/* A cell that ends lets go of its row before anybody is told. */
static void
row_parent_cb (GtkWidget *row,
               GParamSpec *pspec,
               AssaySidebar *self)
{
  if (gtk_widget_get_parent (row) == NULL && !gtk_widget_in_destruction (GTK_WIDGET (self)))
    g_ptr_array_add (self->spare, g_object_ref (row));
}

/* To make one takes as long as to draw it. */
static GtkWidget *
take_row (AssaySidebar *self)
{
  GtkWidget *row;

  if (self->spare->len > 0)
    return g_ptr_array_steal_index_fast (self->spare, self->spare->len - 1);
  row = g_object_ref_sink (assay_row_new ());
  g_signal_connect_object (row, "clicked", G_CALLBACK (row_clicked_cb), self, 0);
  assay_drag_out_add (row, drag_row, self);
  g_signal_connect_object (row, "notify::parent", G_CALLBACK (row_parent_cb), self, 0);
  return row;
}

static void
fill_cell (AssaySidebar *self,
           GtkListItem *cell)
{
  g_autoptr (GtkWidget) made = NULL;
  AssayRow *row;

  if (gtk_list_item_get_child (cell) == NULL)
    {
      made = take_row (self);
      gtk_list_item_set_child (cell, made);
    }
  row = ASSAY_ROW (gtk_list_item_get_child (cell));
  assay_row_set_threshold (row, assay_collection_get_threshold (self->collection));
  assay_row_set_object (row, gtk_list_item_get_item (cell));
}

static void
fill_cells (AssaySidebar *self,
            gint64 until)
{
  while (self->blank->len > 0 && g_get_monotonic_time () < until)
    fill_cell (self, g_ptr_array_steal_index (self->blank, 0));
}

/* What is looked at is not to wait. */
static void
fill_item (AssaySidebar *self)
{
  for (guint i = 0; i < self->blank->len; i++)
    {
      GtkListItem *cell = g_ptr_array_index (self->blank, i);

      if (gtk_list_item_get_item (cell) != self->item)
        continue;
      fill_cell (self, g_ptr_array_steal_index (self->blank, i));
      return;
    }
}

/* ---- looking at one ---- */

/* Puts the focus on the row of what is looked at: this GTK scrolls to a row but
 * doesn't focus it. */
static void
focus_item (AssaySidebar *self)
{
  GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  fill_item (self);
  for (; cell != NULL; cell = gtk_widget_get_next_sibling (cell))
    {
      GtkWidget *row = gtk_widget_get_first_child (cell);

      if (!ASSAY_IS_ROW (row) || assay_row_get_object (ASSAY_ROW (row)) != G_OBJECT (self->item))
        continue;
      gtk_widget_grab_focus (cell);
      return;
    }
}

static void
scroll_to (AssaySidebar *self,
           guint position)
{
  /* Far away all rows are others. */
  self->changing = TRUE;
  self->n_filled = 0;
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  self->changing = FALSE;
}

/* The image that now stands where the one looked at stood, or the one before. */
static void
select_neighbor (AssaySidebar *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  guint position;

  if (n == 0)
    {
      set_item (self, NULL);
      return;
    }
  position = find_image (self, MIN (self->position, n - 1), 1);
  if (position == G_MAXUINT)
    position = find_image (self, MIN (self->position, n - 1), -1);
  select_at (self, position);
}

/* After the list has changed: something is always looked at while there is
 * something to look at. */
static gboolean
settle_cb (gpointer data)
{
  AssaySidebar *self = data;

  self->settle_source = 0;
  /* It may come with the rows that are being chosen. */
  if (self->wanted != NULL && assay_rows_is_busy (self->rows))
    return G_SOURCE_REMOVE;
  if (self->wanted != NULL)
    select_at (self, assay_rows_find (self->rows, self->wanted));
  else if (self->reselect)
    select_neighbor (self);
  if (self->item == NULL || find_position (self, self->item) == G_MAXUINT)
    settle (self);
  if (self->item == NULL || find_position (self, self->item) == G_MAXUINT)
    select_neighbor (self);
  if (self->item != NULL)
    self->position = find_position (self, self->item);
  /* The list alone has it while no row was there yet to have it. */
  if ((self->refocus || gtk_widget_is_focus (GTK_WIDGET (self->list)))
      && self->position != G_MAXUINT)
    {
      scroll_to (self, self->position);
      focus_item (self);
    }
  g_clear_object (&self->wanted);
  self->refocus = FALSE;
  self->reselect = FALSE;
  return G_SOURCE_REMOVE;
}

static void
show_number (AssaySidebar *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->collection));
  g_autofree char *text = NULL;

  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Search %'u image", "Search %'u images", n),
                          n);
  g_object_set (self->search, "placeholder-text", text, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
settle_soon (AssaySidebar *self)
{
  if (self->settle_source == 0)
    self->settle_source = g_idle_add (settle_cb, self);
}

static void
rows_change_cb (AssaySidebar *self)
{
  self->changing = TRUE;
  self->n_filled = 0;
}

static void
rows_changed_cb (AssaySidebar *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  self->changing = FALSE;
  gtk_stack_set_visible_child (self->stack, n > 0 ? self->list_page : self->none_page);
  settle_soon (self);
}

/* ---- rows ---- */

static gboolean
fill_cb (gpointer data)
{
  AssaySidebar *self = data;

  fill_cells (self, g_get_monotonic_time () + STEP_MICROSECONDS);
  if (self->blank->len > 0)
    return G_SOURCE_CONTINUE;
  self->fill_source = 0;
  return G_SOURCE_REMOVE;
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *cell,
         AssaySidebar *self)
{
  g_ptr_array_add (self->bound, cell);
  gtk_list_item_set_selectable (cell, ASSAY_IS_ITEM (gtk_list_item_get_item (cell)));
  if (!self->changing || self->n_filled < AT_ONCE)
    {
      self->n_filled++;
      fill_cell (self, cell);
      return;
    }
  g_ptr_array_add (self->blank, cell);
  if (self->fill_source == 0)
    self->fill_source = g_idle_add_full (GTK_PRIORITY_RESIZE, fill_cb, self, NULL);
}

/* The rows that are on show; the others learn it when they come. */
static void
threshold_changed_cb (AssaySidebar *self)
{
  GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  for (; cell != NULL; cell = gtk_widget_get_next_sibling (cell))
    {
      GtkWidget *row = gtk_widget_get_first_child (cell);

      if (ASSAY_IS_ROW (row))
        assay_row_set_threshold (ASSAY_ROW (row),
                                 assay_collection_get_threshold (self->collection));
    }
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem *cell,
           AssaySidebar *self)
{
  GtkWidget *row = gtk_list_item_get_child (cell);

  g_ptr_array_remove_fast (self->bound, cell);
  g_ptr_array_remove (self->blank, cell);
  if (row != NULL)
    assay_row_set_object (ASSAY_ROW (row), NULL);
}

static GtkBitset *
get_bound (gpointer data)
{
  AssaySidebar *self = data;
  GtkBitset *bound = gtk_bitset_new_empty ();

  for (guint i = 0; i < self->bound->len; i++)
    gtk_bitset_add (bound, gtk_list_item_get_position (g_ptr_array_index (self->bound, i)));
  return bound;
}

static void
activated_cb (GtkListView *list,
              guint position,
              AssaySidebar *self)
{
  g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  if (ASSAY_IS_GROUP (row))
    assay_group_set_expanded (ASSAY_GROUP (row), !assay_group_get_expanded (ASSAY_GROUP (row)));
  else if (row != NULL)
    g_signal_emit (self, item_activated_signal, 0);
}

/* ---- search and order ---- */

static void
search_changed_cb (GtkSearchEntry *entry,
                   AssaySidebar *self)
{
  if (self->rows != NULL)
    assay_rows_set_search (self->rows, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
stop_search_cb (GtkSearchEntry *entry,
                AssaySidebar *self)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  assay_sidebar_focus_list (self);
}

static void
show_all_cb (GtkButton *button,
             AssaySidebar *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  assay_chips_choose (self->chips, ASSAY_ROW_FILTER_ALL, NULL);
}

static void
order_changed_cb (GSimpleAction *action,
                  GVariant *value,
                  gpointer data)
{
  AssaySidebar *self = data;
  g_autoptr (GEnumClass) orders = g_type_class_ref (ASSAY_TYPE_ROW_ORDER);
  GEnumValue *order = g_enum_get_value_by_nick (orders, g_variant_get_string (value, NULL));

  if (order == NULL || self->rows == NULL)
    return;
  g_simple_action_set_state (action, value);
  assay_rows_set_order (self->rows, order->value);
}

/* ---- the widget ---- */

static void
assay_sidebar_get_property (GObject *object,
                            guint id,
                            GValue *value,
                            GParamSpec *pspec)
{
  if (id == PROP_ITEM)
    g_value_set_object (value, ASSAY_SIDEBAR (object)->item);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
assay_sidebar_dispose (GObject *object)
{
  AssaySidebar *self = ASSAY_SIDEBAR (object);

  g_clear_handle_id (&self->settle_source, g_source_remove);
  g_clear_handle_id (&self->fill_source, g_source_remove);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  if (self->rows != NULL)
    {
      assay_rows_set_watch (self->rows, NULL, NULL);
      g_signal_handlers_disconnect_by_data (self->rows, self);
    }
  g_clear_object (&self->rows);
  g_clear_object (&self->collection);
  g_clear_object (&self->item);
  g_clear_object (&self->wanted);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_SIDEBAR);
  g_ptr_array_set_size (self->spare, 0);
  G_OBJECT_CLASS (assay_sidebar_parent_class)->dispose (object);
}

static void
assay_sidebar_finalize (GObject *object)
{
  AssaySidebar *self = ASSAY_SIDEBAR (object);

  g_ptr_array_unref (self->bound);
  g_ptr_array_unref (self->blank);
  g_ptr_array_unref (self->spare);
  G_OBJECT_CLASS (assay_sidebar_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (ASSAY_TYPE_CHIPS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, content);
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, search);
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, chips);
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, list);
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, none_page);
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, list_page);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_all_cb);
}

static void
assay_sidebar_class_init (AssaySidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_sidebar_get_property;
  object_class->dispose = assay_sidebar_dispose;
  object_class->finalize = assay_sidebar_finalize;

  properties[PROP_ITEM] =
    g_param_spec_object ("item", NULL, NULL, ASSAY_TYPE_ITEM,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  item_activated_signal = g_signal_new ("item-activated", ASSAY_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "assay-sidebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
add_actions (AssaySidebar *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  const GActionEntry entries[] = {
    { "order", NULL, "s", "'added'", order_changed_cb },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "sidebar", G_ACTION_GROUP (group));
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

/* Caught before the list sees them: it takes Left and Right for itself.  Letters
 * and Delete count here alone, never while a person types. */
static void
add_list_shortcuts (AssaySidebar *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  add_shortcut (controller, rtl ? GDK_KEY_Left : GDK_KEY_Right, 0, "win.next-image");
  add_shortcut (controller, rtl ? GDK_KEY_Right : GDK_KEY_Left, 0, "win.previous-image");
  add_shortcut (controller, GDK_KEY_j, 0, "win.next-image");
  add_shortcut (controller, GDK_KEY_k, 0, "win.previous-image");
  add_shortcut (controller, GDK_KEY_space, 0, "win.present");
  add_shortcut (controller, GDK_KEY_Delete, 0, "win.remove-selected");
  add_shortcut (controller, GDK_KEY_KP_Delete, 0, "win.remove-selected");
  assay_truth_bar_add_keys (GTK_SHORTCUT_CONTROLLER (controller));
  gtk_widget_add_controller (GTK_WIDGET (self->list), controller);
}

static void
assay_sidebar_init (AssaySidebar *self)
{
  self->bound = g_ptr_array_new ();
  self->blank = g_ptr_array_new ();
  self->spare = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_actions (self);
  add_list_shortcuts (self);
}

/**
 * assay_sidebar_set_collection:
 * @collection: (transfer none): what to list; once
 */
void
assay_sidebar_set_collection (AssaySidebar *self,
                              AssayCollection *collection)
{
  g_return_if_fail (ASSAY_IS_SIDEBAR (self));
  g_return_if_fail (self->collection == NULL);

  self->collection = g_object_ref (collection);
  self->rows = assay_rows_new (collection);
  g_signal_connect_object (self->rows, "selection-changed",
                           G_CALLBACK (selection_changed_cb), self, G_CONNECT_SWAPPED);
  /* The list itself comes in between. */
  g_signal_connect_object (self->rows, "items-changed", G_CALLBACK (rows_change_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "items-changed", G_CALLBACK (rows_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->rows, "notify::busy", G_CALLBACK (settle_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (collection, "items-changed", G_CALLBACK (show_number), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (collection, "notify::threshold", G_CALLBACK (threshold_changed_cb),
                           self, G_CONNECT_SWAPPED);
  assay_rows_set_watch (self->rows, get_bound, self);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->rows));
  assay_chips_set_model (self->chips, collection, self->rows);
  show_number (self);
}

/**
 * assay_sidebar_set_judge:
 * @judge: (transfer none): who tells what is wrong
 * @truths: (transfer none): what the images show; once, after
 *   assay_sidebar_set_collection()
 */
void
assay_sidebar_set_judge (AssaySidebar *self,
                         AssayJudge *judge,
                         AssayTruths *truths)
{
  g_return_if_fail (ASSAY_IS_SIDEBAR (self));

  assay_chips_set_judge (self->chips, judge, truths);
}

/**
 * assay_sidebar_show_subset:
 * @title: what these have in common
 * @items: (element-type AssayItem): of the collection
 *
 * Lists just these, and looks at the first, until another chip is chosen.
 */
void
assay_sidebar_show_subset (AssaySidebar *self,
                           const char *title,
                           GPtrArray *items)
{
  g_return_if_fail (ASSAY_IS_SIDEBAR (self));
  g_return_if_fail (title != NULL && items != NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  assay_rows_set_search (self->rows, NULL);
  assay_chips_choose_subset (self->chips, title, items);
  if (items->len > 0)
    assay_sidebar_show_item (self, g_ptr_array_index (items, 0));
}

/**
 * assay_sidebar_get_item:
 *
 * Returns: (transfer none) (nullable): what a person looks at
 */
AssayItem *
assay_sidebar_get_item (AssaySidebar *self)
{
  g_return_val_if_fail (ASSAY_IS_SIDEBAR (self), NULL);

  return self->item;
}

/**
 * assay_sidebar_dup_selected:
 *
 * Returns: (transfer full) (element-type AssayItem): the selected images, as they
 *   stand in the list
 */
GPtrArray *
assay_sidebar_dup_selected (AssaySidebar *self)
{
  g_autoptr (GtkBitset) selected = NULL;
  GPtrArray *items;
  GtkBitsetIter iter;
  guint position;

  g_return_val_if_fail (ASSAY_IS_SIDEBAR (self), NULL);

  items = g_ptr_array_new_with_free_func (g_object_unref);
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->rows));
  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      AssayItem *item = dup_item_at (self, position);

      if (item != NULL)
        g_ptr_array_add (items, item);
    }
  return items;
}

static void
append_members (AssaySidebar *self,
                AssayGroup *group,
                GPtrArray *items)
{
  g_autoptr (GPtrArray) members = assay_rows_dup_members (self->rows, group);

  for (guint i = 0; i < members->len; i++)
    g_ptr_array_add (items, g_object_ref (g_ptr_array_index (members, i)));
}

/**
 * assay_sidebar_dup_shown:
 *
 * Returns: (transfer full) (element-type AssayItem): the images that pass search and filter,
 *   as they stand in the list; those of a folder that is closed, too
 */
GPtrArray *
assay_sidebar_dup_shown (AssaySidebar *self)
{
  GPtrArray *items;
  guint n;

  g_return_val_if_fail (ASSAY_IS_SIDEBAR (self), NULL);

  items = g_ptr_array_new_with_free_func (g_object_unref);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      if (ASSAY_IS_ITEM (row))
        g_ptr_array_add (items, g_steal_pointer (&row));
      else if (!assay_group_get_expanded (ASSAY_GROUP (row)))
        append_members (self, ASSAY_GROUP (row), items);
    }
  return items;
}

/**
 * assay_sidebar_move:
 * @by: 1 for the next image, -1 for the one before
 *
 * Looks at a neighbor and scrolls to it; at either end nothing happens.
 */
void
assay_sidebar_move (AssaySidebar *self,
                    int by)
{
  guint position;

  g_return_if_fail (ASSAY_IS_SIDEBAR (self));
  g_return_if_fail (by == 1 || by == -1);

  if (self->item == NULL)
    return;
  position = find_position (self, self->item);
  position = position == G_MAXUINT ? 0 : position + by;
  position = find_image (self, position, by);
  if (position == G_MAXUINT)
    return;
  select_at (self, position);
  scroll_to (self, position);
  if (gtk_widget_get_focus_child (GTK_WIDGET (self->list)) != NULL)
    focus_item (self);
}

/* The folder whose row has the focus. */
static AssayGroup *
get_focused_group (AssaySidebar *self)
{
  GtkWidget *cell = gtk_widget_get_focus_child (GTK_WIDGET (self->list));
  GtkWidget *row = cell != NULL ? gtk_widget_get_first_child (cell) : NULL;
  GObject *object = ASSAY_IS_ROW (row) ? assay_row_get_object (ASSAY_ROW (row)) : NULL;

  return ASSAY_IS_GROUP (object) ? ASSAY_GROUP (object) : NULL;
}

/**
 * assay_sidebar_begin_removal:
 *
 * What Delete takes away: the images of the folder whose row has the focus, else
 * the selected ones.  When they have gone, what stands in their place is looked at,
 * and has the focus if the list has it now.
 *
 * Returns: (transfer full) (element-type AssayItem): the images
 */
GPtrArray *
assay_sidebar_begin_removal (AssaySidebar *self)
{
  AssayGroup *group;

  g_return_val_if_fail (ASSAY_IS_SIDEBAR (self), NULL);

  self->refocus = gtk_widget_get_focus_child (GTK_WIDGET (self->list)) != NULL;
  group = get_focused_group (self);
  if (group == NULL)
    return assay_sidebar_dup_selected (self);
  self->reselect = TRUE;
  self->position = assay_rows_find (self->rows, group);
  return assay_rows_dup_members (self->rows, group);
}

/**
 * assay_sidebar_show_item:
 * @item: an image that is there, or will be in a moment
 *
 * Looks at it and gives its row the focus, unless the filter hides it.
 */
void
assay_sidebar_show_item (AssaySidebar *self,
                         AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_SIDEBAR (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  g_set_object (&self->wanted, item);
  self->refocus = TRUE;
  settle_soon (self);
}

/**
 * assay_sidebar_search:
 *
 * Puts the cursor into the search entry.
 */
void
assay_sidebar_search (AssaySidebar *self)
{
  g_return_if_fail (ASSAY_IS_SIDEBAR (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
  gtk_editable_select_region (GTK_EDITABLE (self->search), 0, -1);
}

void
assay_sidebar_focus_list (AssaySidebar *self)
{
  g_return_if_fail (ASSAY_IS_SIDEBAR (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/**
 * assay_sidebar_get_rows:
 *
 * Returns: (transfer none): what the list shows now, of #AssayItem and #AssayGroup
 */
GListModel *
assay_sidebar_get_rows (AssaySidebar *self)
{
  g_return_val_if_fail (ASSAY_IS_SIDEBAR (self), NULL);

  return G_LIST_MODEL (self->rows);
}
