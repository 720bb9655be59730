/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-changes.h"

/* The list is looked over again so often at most, however fast answers come. */
#define LOOK_OVER_MILLISECONDS 250

struct _AssayChanges {
  GObject parent_instance;

  AssayJudge *judge;
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;
  GtkCustomFilter *filter;
  GtkCustomSorter *sorter;
  AssayChangesFilter which;
  guint look_over_source;
  gboolean live;              /* somebody looks at it */
  gboolean stale;             /* it was not looked over since something has changed */
};

G_DEFINE_FINAL_TYPE (AssayChanges, assay_changes, G_TYPE_OBJECT)

static gboolean
passes (gpointer object,
        gpointer data)
{
  AssayChanges *self = data;
  AssayChange change;

  if (!assay_judge_get_change (self->judge, object, &change))
    return FALSE;
  switch (self->which)
    {
    case ASSAY_CHANGES_REGRESSED:
      return change == ASSAY_CHANGE_REGRESSED;
    case ASSAY_CHANGES_FIXED:
      return change == ASSAY_CHANGE_FIXED;
    case ASSAY_CHANGES_CHANGED:
      return change != ASSAY_CHANGE_SAME;
    case ASSAY_CHANGES_SAME:
      return change == ASSAY_CHANGE_SAME;
    case ASSAY_CHANGES_ALL:
    default:
      return TRUE;
    }
}

/* The larger, the sooner a person should see it. */
static guint
get_weight (AssayChanges *self,
            AssayItem *item)
{
  AssayChange change = ASSAY_CHANGE_SAME;

  assay_judge_get_change (self->judge, item, &change);
  return change;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer data)
{
  AssayItem *left = (AssayItem *) a;
  AssayItem *right = (AssayItem *) b;
  guint weight_left = get_weight (data, left);
  guint weight_right = get_weight (data, right);

  if (weight_left != weight_right)
    return weight_left > weight_right ? -1 : 1;
  return assay_item_get_serial (left) < assay_item_get_serial (right) ? -1 : 1;
}

static void
look_over (AssayChanges *self)
{
  self->stale = FALSE;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  if (gtk_sort_list_model_get_sorter (self->sorted) != NULL)
    gtk_sorter_changed (GTK_SORTER (self->sorter), GTK_SORTER_CHANGE_DIFFERENT);
}

static gboolean
look_over_cb (gpointer data)
{
  AssayChanges *self = data;

  self->look_over_source = 0;
  if (self->live)
    look_over (self);
  return G_SOURCE_REMOVE;
}

static void
judge_changed_cb (AssayChanges *self)
{
  self->stale = TRUE;
  if (self->live && self->look_over_source == 0)
    self->look_over_source = g_timeout_add (LOOK_OVER_MILLISECONDS, look_over_cb, self);
}

static void
assay_changes_dispose (GObject *object)
{
  AssayChanges *self = ASSAY_CHANGES (object);

  g_clear_handle_id (&self->look_over_source, g_source_remove);
  g_clear_object (&self->sorted);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->sorter);
  g_clear_object (&self->judge);
  G_OBJECT_CLASS (assay_changes_parent_class)->dispose (object);
}

static void
assay_changes_class_init (AssayChangesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_changes_dispose;
}

static void
assay_changes_init (AssayChanges *self)
{
  self->which = ASSAY_CHANGES_CHANGED;
  self->filter = gtk_custom_filter_new (passes, self, NULL);
  self->sorter = gtk_custom_sorter_new (compare, self, NULL);
}

/* The sorter looks at what changed alone: the same ones may be a hundred thousand. */
static void
choose_sorter (AssayChanges *self)
{
  gboolean few = self->which != ASSAY_CHANGES_ALL && self->which != ASSAY_CHANGES_SAME;

  gtk_sort_list_model_set_sorter (self->sorted, few ? GTK_SORTER (self->sorter) : NULL);
}

/**
 * assay_changes_new:
 * @collection: (transfer none): whose items
 * @judge: (transfer none): who knows what became of them
 *
 * Returns: (transfer full): those that changed, not live
 */
AssayChanges *
assay_changes_new (AssayCollection *collection,
                   AssayJudge *judge)
{
  AssayChanges *self;

  g_return_val_if_fail (ASSAY_IS_COLLECTION (collection), NULL);
  g_return_val_if_fail (ASSAY_IS_JUDGE (judge), NULL);

  self = g_object_new (ASSAY_TYPE_CHANGES, NULL);
  self->judge = g_object_ref (judge);
  self->filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (collection)),
                                              g_object_ref (GTK_FILTER (self->filter)));
  self->sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)), NULL);
  choose_sorter (self);
  g_signal_connect_object (judge, "changed", G_CALLBACK (judge_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * assay_changes_get_model:
 *
 * Returns: (transfer none) (element-type AssayItem): the items
 */
GListModel *
assay_changes_get_model (AssayChanges *self)
{
  g_return_val_if_fail (ASSAY_IS_CHANGES (self), NULL);

  return G_LIST_MODEL (self->sorted);
}

AssayChangesFilter
assay_changes_get_filter (AssayChanges *self)
{
  g_return_val_if_fail (ASSAY_IS_CHANGES (self), ASSAY_CHANGES_ALL);

  return self->which;
}

void
assay_changes_set_filter (AssayChanges *self,
                          AssayChangesFilter filter)
{
  g_return_if_fail (ASSAY_IS_CHANGES (self));

  if (self->which == filter)
    return;
  self->which = filter;
  gtk_sort_list_model_set_sorter (self->sorted, NULL);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  choose_sorter (self);
}

/**
 * assay_changes_set_live:
 * @live: whether somebody looks at it
 */
void
assay_changes_set_live (AssayChanges *self,
                        gboolean live)
{
  g_return_if_fail (ASSAY_IS_CHANGES (self));

  self->live = live;
  if (live && self->stale)
    look_over (self);
}

/**
 * assay_changes_count:
 *
 * Returns: how many there are, without looking at any
 */
guint
assay_changes_count (AssayJudge *judge,
                     AssayChangesFilter filter)
{
  guint regressed = assay_judge_count_change (judge, ASSAY_CHANGE_REGRESSED);
  guint fixed = assay_judge_count_change (judge, ASSAY_CHANGE_FIXED);
  guint changed = assay_judge_count_change (judge, ASSAY_CHANGE_CHANGED);
  guint same = assay_judge_count_change (judge, ASSAY_CHANGE_SAME);

  switch (filter)
    {
    case ASSAY_CHANGES_REGRESSED:
      return regressed;
    case ASSAY_CHANGES_FIXED:
      return fixed;
    case ASSAY_CHANGES_CHANGED:
      return regressed + fixed + changed;
    case ASSAY_CHANGES_SAME:
      return same;
    case ASSAY_CHANGES_ALL:
    default:
      return regressed + fixed + changed + same;
    }
}
