/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-error.h"
#include "assay-rows.h"
#include "item-support.h"
#include "widget-support.h"

/* A collection as a window has it, answered by one target. */
typedef struct {
  AssayTarget *target;
  AssayCollection *collection;
  AssayRows *rows;
  guint n_changes;
} Fixture;

static void
changed_cb (Fixture *fixture)
{
  fixture->n_changes++;
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->target = assay_target_new ("builtin", "flowers", "2");
  fixture->collection = assay_collection_new ();
  assay_collection_set_target (fixture->collection, fixture->target);
  fixture->rows = assay_rows_new (fixture->collection);
  g_signal_connect_swapped (fixture->rows, "items-changed", G_CALLBACK (changed_cb), fixture);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_assert_finalize_object (fixture->rows);
  g_assert_finalize_object (fixture->collection);
  assay_target_unref (fixture->target);
}

static AssayItem *
new_item (const char *name,
          const char *group)
{
  g_autoptr (GFile) file = g_file_new_for_path (name);
  AssayFacts facts = { ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND };
  g_autoptr (AssaySource) source = assay_source_new_file (file, group, 1, &facts, NULL);

  return assay_item_new (source);
}

/* "folder/name", or a name alone, for each; NULL ends the list. */
static void
add (Fixture *fixture,
     const char *first,
     ...)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  va_list names;

  va_start (names, first);
  for (const char *name = first; name != NULL; name = va_arg (names, const char *))
    {
      g_auto (GStrv) parts = g_strsplit (name, "/", 2);

      if (parts[1] != NULL)
        g_ptr_array_add (items, new_item (parts[1], parts[0]));
      else
        g_ptr_array_add (items, new_item (name, NULL));
    }
  va_end (names);
  assay_collection_append (fixture->collection, items);
}

static AssayItem *
get_item (Fixture *fixture,
          guint position)
{
  g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (fixture->collection), position);

  return item;
}

static void
answer (Fixture *fixture,
        guint position,
        const char *label,
        double score)
{
  const char *const labels[] = { label, "other" };
  const double scores[] = { score, 1 - score };
  AssayItem *item = get_item (fixture, position);
  g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 2);

  g_assert_true (item_support_answer (assay_item_ensure_answer (item, fixture->target),
                                      prediction));
}

/* The rows as "[folder 2]name name", so that a failure can be read. */
static char *
describe (Fixture *fixture)
{
  GString *text = g_string_new (NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fixture->rows));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (fixture->rows), i);

      if (i > 0)
        g_string_append_c (text, ' ');
      if (ASSAY_IS_GROUP (row))
        g_string_append_printf (text, "[%s %u]", assay_group_get_name (ASSAY_GROUP (row)),
                                assay_group_get_count (ASSAY_GROUP (row)));
      else
        g_string_append (text, assay_item_get_name (ASSAY_ITEM (row)));
    }
  return g_string_free (text, FALSE);
}

static void
assert_rows (Fixture *fixture,
             const char *expected)
{
  g_autofree char *text = describe (fixture);

  g_assert_cmpstr (text, ==, expected);
}

static AssayGroup *
get_group (Fixture *fixture,
           guint position)
{
  g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (fixture->rows), position);

  g_assert_true (ASSAY_IS_GROUP (row));
  return ASSAY_GROUP (row);
}

static void
test_groups (Fixture *fixture,
             gconstpointer data)
{
  add (fixture, "a", "beds/r", "beds/w", "b", NULL);
  assert_rows (fixture, "a [beds 2] r w b");

  /* A batch at the end is one change. */
  fixture->n_changes = 0;
  add (fixture, "wild/x", "wild/y", "c", NULL);
  assert_rows (fixture, "a [beds 2] r w b [wild 2] x y c");
  g_assert_cmpuint (fixture->n_changes, ==, 1);

  /* What comes late still stands with its folder. */
  add (fixture, "beds/z", NULL);
  assert_rows (fixture, "a [beds 3] r w z b [wild 2] x y c");
  g_assert_cmpuint (assay_rows_count_items (fixture->rows), ==, 8);
}

static void
test_collapse (Fixture *fixture,
               gconstpointer data)
{
  add (fixture, "beds/r", "beds/w", "b", NULL);
  assay_group_set_expanded (get_group (fixture, 0), FALSE);
  assert_rows (fixture, "[beds 2] b");
  add (fixture, "beds/z", NULL);
  assert_rows (fixture, "[beds 3] b");
  assay_group_set_expanded (get_group (fixture, 0), TRUE);
  assert_rows (fixture, "[beds 3] r w z b");
}

static void
test_remove_and_restore (Fixture *fixture,
                         gconstpointer data)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);

  add (fixture, "a", "beds/r", "beds/w", "b", NULL);
  g_ptr_array_add (gone, g_object_ref (get_item (fixture, 1)));
  g_ptr_array_add (gone, g_object_ref (get_item (fixture, 2)));
  assay_collection_remove (fixture->collection, gone);
  assert_rows (fixture, "a b");
  assay_collection_restore (fixture->collection, gone);
  assert_rows (fixture, "a [beds 2] r w b");
}

static void
test_search (Fixture *fixture,
             gconstpointer data)
{
  add (fixture, "Rose.jpg", "beds/tulip.jpg", "Tulpe.jpg", NULL);
  assay_rows_set_search (fixture->rows, "TUL");
  assert_rows (fixture, "[beds 1] tulip.jpg Tulpe.jpg");
  /* The folder counts too. */
  assay_rows_set_search (fixture->rows, "bed");
  assert_rows (fixture, "[beds 1] tulip.jpg");
  assay_rows_set_search (fixture->rows, "nothing");
  assert_rows (fixture, "");
  assay_rows_set_search (fixture->rows, "");
  assert_rows (fixture, "Rose.jpg [beds 1] tulip.jpg Tulpe.jpg");
}

static void
test_filter (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_SERVICE, "broken");
  AssayAnswer *failed;

  add (fixture, "a", "b", "c", "d", NULL);
  answer (fixture, 0, "roses", 0.9);
  answer (fixture, 1, "roses", 0.59);
  answer (fixture, 2, "tulips", 0.61);
  failed = assay_item_ensure_answer (get_item (fixture, 3), fixture->target);
  g_assert_true (item_support_fail (failed, error));

  assay_rows_set_filter (fixture->rows, ASSAY_ROW_FILTER_UNSURE, NULL);
  assert_rows (fixture, "b");
  assay_rows_set_filter (fixture->rows, ASSAY_ROW_FILTER_ERRORS, NULL);
  assert_rows (fixture, "d");
  assay_rows_set_filter (fixture->rows, ASSAY_ROW_FILTER_LABEL, "roses");
  assert_rows (fixture, "a b");
  assay_rows_set_search (fixture->rows, "b");
  assert_rows (fixture, "b");
  assay_rows_set_filter (fixture->rows, ASSAY_ROW_FILTER_ALL, NULL);
  assay_rows_set_search (fixture->rows, NULL);
  assert_rows (fixture, "a b c d");
}

static void
test_order (Fixture *fixture,
            gconstpointer data)
{
  add (fixture, "pics/10.jpg", "9.jpg", "x.jpg", "a.jpg", NULL);
  answer (fixture, 0, "roses", 0.7);
  answer (fixture, 1, "daisy", 0.8);
  answer (fixture, 2, "daisy", 0.9);

  /* Any order but that of arrival is flat; numbers count as numbers. */
  assay_rows_set_order (fixture->rows, ASSAY_ROW_ORDER_NAME);
  assert_rows (fixture, "9.jpg 10.jpg a.jpg x.jpg");
  assay_rows_set_order (fixture->rows, ASSAY_ROW_ORDER_HIGHEST);
  assert_rows (fixture, "x.jpg 9.jpg 10.jpg a.jpg");
  assay_rows_set_order (fixture->rows, ASSAY_ROW_ORDER_LOWEST);
  assert_rows (fixture, "10.jpg 9.jpg x.jpg a.jpg");
  assay_rows_set_order (fixture->rows, ASSAY_ROW_ORDER_LABEL);
  assert_rows (fixture, "x.jpg 9.jpg 10.jpg a.jpg");
  assay_rows_set_order (fixture->rows, ASSAY_ROW_ORDER_ADDED);
  assert_rows (fixture, "[pics 1] 10.jpg 9.jpg x.jpg a.jpg");
}

static gboolean
is_one_row (gpointer data)
{
  Fixture *fixture = data;

  return g_list_model_get_n_items (G_LIST_MODEL (fixture->rows)) == 1;
}

/* A hundred answers are looked over together, not one by one. */
static void
test_follows_answers (Fixture *fixture,
                      gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    add (fixture, "a", NULL);
  assay_rows_set_filter (fixture->rows, ASSAY_ROW_FILTER_UNSURE, NULL);
  assert_rows (fixture, "");
  fixture->n_changes = 0;
  for (guint i = 0; i < 100; i++)
    answer (fixture, i, "roses", i == 40 ? 0.55 : 0.9);
  g_assert_true (widget_support_wait (is_one_row, fixture));
  g_assert_cmpuint (fixture->n_changes, <=, 2);
}

/* ---- against a plain reference ---- */

/* More than are laid out at once. */
#define MANY 2600

#define FEW 60

static const char *const labels[] = { "roses", "Tulips", "daisy", "Äster" };

static AssayPrediction *
get_prediction (AssayItem *item)
{
  AssayAnswer *reply = assay_item_get_answer (item);

  return reply != NULL ? assay_answer_get_prediction (reply) : NULL;
}

typedef struct {
  AssayRowFilter filter;
  const char *label;
  const char *search;            /* casefolded */
  AssayRowOrder order;
  GHashTable *subset;            /* (element-type AssayItem) */
} Wish;

static gboolean
is_found (const char *text,
          const char *search)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, search) != NULL;
}

static gboolean
is_wished (const Wish *wish,
           AssayItem *item)
{
  AssayPrediction *prediction = get_prediction (item);
  AssayAnswer *reply = assay_item_get_answer (item);
  const char *top = prediction != NULL ? assay_prediction_get_label (prediction, 0) : NULL;
  const char *truth = assay_item_get_truth (item);

  if (wish->search != NULL && !is_found (assay_item_get_name (item), wish->search)
      && !is_found (assay_item_get_group (item), wish->search))
    return FALSE;
  switch (wish->filter)
    {
    case ASSAY_ROW_FILTER_UNSURE:
      return top != NULL && assay_prediction_get_score (prediction, 0) < 0.6;
    case ASSAY_ROW_FILTER_ERRORS:
      return reply != NULL && assay_answer_get_error (reply) != NULL;
    case ASSAY_ROW_FILTER_LABEL:
      return g_strcmp0 (top, wish->label) == 0;
    case ASSAY_ROW_FILTER_WRONG:
      return top != NULL && truth != NULL && strcmp (top, truth) != 0;
    case ASSAY_ROW_FILTER_SUBSET:
      return g_hash_table_contains (wish->subset, item);
    case ASSAY_ROW_FILTER_ALL:
    default:
      return TRUE;
    }
}

static int
compare_by_answer (AssayItem *a,
                   AssayItem *b,
                   AssayRowOrder order)
{
  AssayPrediction *left = get_prediction (a);
  AssayPrediction *right = get_prediction (b);
  double difference;
  int by_label;

  if (left == NULL || right == NULL)
    return (left == NULL) - (right == NULL);
  difference = assay_prediction_get_score (left, 0) - assay_prediction_get_score (right, 0);
  by_label = g_utf8_collate (assay_prediction_get_label (left, 0),
                             assay_prediction_get_label (right, 0));
  if (order == ASSAY_ROW_ORDER_LABEL && by_label != 0)
    return by_label;
  if (order != ASSAY_ROW_ORDER_LOWEST)
    difference = -difference;
  return difference < 0 ? -1 : difference > 0;
}

static int
compare_wished (gconstpointer a,
                gconstpointer b,
                gpointer data)
{
  AssayItem *left = *(AssayItem *const *) a;
  AssayItem *right = *(AssayItem *const *) b;
  const Wish *wish = data;
  g_autofree char *name = NULL;
  g_autofree char *other = NULL;
  int order = 0;

  if (wish->order == ASSAY_ROW_ORDER_NAME)
    {
      name = g_utf8_collate_key_for_filename (assay_item_get_name (left), -1);
      other = g_utf8_collate_key_for_filename (assay_item_get_name (right), -1);
      order = strcmp (name, other);
    }
  else if (wish->order != ASSAY_ROW_ORDER_ADDED)
    order = compare_by_answer (left, right, wish->order);
  if (order != 0)
    return order;
  return assay_item_get_serial (left) < assay_item_get_serial (right) ? -1 : 1;
}

static void
describe_folder (GString *text,
                 GPtrArray *items,
                 guint first,
                 GHashTable *closed)
{
  const char *name = assay_item_get_group (g_ptr_array_index (items, first));
  g_autoptr (GString) members = g_string_new (NULL);
  guint count = 0;

  for (guint i = first; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);

      if (g_strcmp0 (assay_item_get_group (item), name) != 0)
        continue;
      count++;
      if (!g_hash_table_contains (closed, name))
        g_string_append_printf (members, " %s", assay_item_get_name (item));
    }
  g_string_append_printf (text, " [%s %u]%s", name, count, members->str);
}

/* What describe() is to say, worked out from the start. */
static char *
describe_wished (Fixture *fixture,
                 Wish *wish,
                 GHashTable *closed)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->collection)); i++)
    if (is_wished (wish, get_item (fixture, i)))
      g_ptr_array_add (items, g_object_ref (get_item (fixture, i)));
  g_ptr_array_sort_with_data (items, compare_wished, wish);
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);
      const char *group = assay_item_get_group (item);

      if (group == NULL || wish->order != ASSAY_ROW_ORDER_ADDED)
        g_string_append_printf (text, " %s", assay_item_get_name (item));
      else if (g_hash_table_add (seen, (char *) group))
        describe_folder (text, items, i, closed);
    }
  if (text->len > 0)
    g_string_erase (text, 0, 1);
  return g_string_free (text, FALSE);
}

/* What follows all changes that the list tells of, as a view does. */
typedef struct {
  Fixture *fixture;
  Wish wish;
  GHashTable *closed;            /* names of groups */
  GPtrArray *removed;            /* (element-type AssayItem) */
  GPtrArray *shadow;             /* (element-type GObject) */
  guint n_added;
} Random;

static void
follow_cb (GListModel *model,
           guint position,
           guint removed,
           guint added,
           Random *self)
{
  if (removed > 0)
    g_ptr_array_remove_range (self->shadow, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (self->shadow, position + i, g_list_model_get_item (model, position + i));
  g_assert_cmpuint (self->shadow->len, ==, g_list_model_get_n_items (model));
}

static gboolean
is_as_wished (gpointer data)
{
  Random *self = data;
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;

  if (assay_rows_is_busy (self->fixture->rows))
    return FALSE;
  text = describe (self->fixture);
  expected = describe_wished (self->fixture, &self->wish, self->closed);
  return strcmp (text, expected) == 0;
}

static void
assert_wished (Random *self)
{
  AssayRows *rows = self->fixture->rows;

  if (!widget_support_wait (is_as_wished, self))
    {
      g_autofree char *expected = describe_wished (self->fixture, &self->wish, self->closed);

      g_test_message ("filter %d order %d search %s", self->wish.filter, self->wish.order,
                      self->wish.search);
      assert_rows (self->fixture, expected);
    }
  for (guint i = 0; i < self->shadow->len; i++)
    {
      g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (rows), i);

      g_assert_true (row == g_ptr_array_index (self->shadow, i));
      g_assert_cmpuint (assay_rows_find (rows, row), ==, i);
    }
}

static guint
count_all (Random *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->fixture->collection));
}

static AssayItem *
pick (Random *self)
{
  return get_item (self->fixture, g_test_rand_int_range (0, count_all (self)));
}

static void
add_some (Random *self,
          guint n)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%d", g_test_rand_bit () ? "a" : "B",
                                               g_test_rand_int_range (0, 1000));
      g_autofree char *group = g_strdup_printf ("folder %u", self->n_added / 8 % 7);

      g_ptr_array_add (items, new_item (name, self->n_added / 8 % 3 > 0 ? group : NULL));
      self->n_added++;
    }
  assay_collection_append (self->fixture->collection, items);
}

static void
answer_one (Random *self)
{
  AssayAnswer *reply = assay_item_ensure_answer (pick (self), self->fixture->target);
  const char *top = labels[g_test_rand_int_range (0, G_N_ELEMENTS (labels))];
  double score = g_test_rand_int_range (40, 100) / 100.0;
  const char *const both[] = { top, "other" };
  const double scores[] = { score, 0.3 };
  g_autoptr (AssayPrediction) prediction = widget_support_predict (both, scores, 2);
  g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_SERVICE, "broken");

  if (assay_answer_state_is_final (assay_answer_get_state (reply)))
    g_assert_true (assay_answer_move (reply, ASSAY_ANSWER_QUEUED));
  switch (g_test_rand_int_range (0, 6))
    {
    case 0:
      g_assert_true (item_support_fail (reply, error));
      break;
    case 1:
      /* Asked again, not answered yet. */
      break;
    default:
      g_assert_true (item_support_answer (reply, prediction));
    }
}

static void
tell_truth (Random *self)
{
  AssayItem *item = pick (self);

  assay_item_set_truth (item, labels[g_test_rand_int_range (0, G_N_ELEMENTS (labels))],
                        ASSAY_TRUTH_HAND);
  assay_rows_update (self->fixture->rows, item);
}

static void
remove_some (Random *self,
             guint n)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    {
      AssayItem *item = pick (self);

      if (g_ptr_array_find (items, item, NULL))
        continue;
      g_ptr_array_add (items, item);
      g_ptr_array_add (self->removed, g_object_ref (item));
    }
  assay_collection_remove (self->fixture->collection, items);
}

static void
toggle_group (Random *self)
{
  g_autoptr (GObject) row = NULL;
  const char *name;

  if (self->shadow->len == 0)
    return;
  row = g_object_ref (g_ptr_array_index (self->shadow,
                                         g_test_rand_int_range (0, self->shadow->len)));
  if (!ASSAY_IS_GROUP (row))
    return;
  name = assay_group_get_name (ASSAY_GROUP (row));
  if (assay_group_get_expanded (ASSAY_GROUP (row)))
    g_hash_table_add (self->closed, g_strdup (name));
  else
    g_hash_table_remove (self->closed, name);
  assay_group_set_expanded (ASSAY_GROUP (row), !assay_group_get_expanded (ASSAY_GROUP (row)));
}

static void
change_something (Random *self)
{
  switch (g_test_rand_int_range (0, 24))
    {
    case 0:
      add_some (self, g_test_rand_int_range (1, 20));
      break;
    case 1:
      remove_some (self, g_test_rand_int_range (1, 3));
      break;
    case 2:
      remove_some (self, g_test_rand_bit () ? 36 : 0);
      add_some (self, 24);
      break;
    case 3:
      assay_collection_restore (self->fixture->collection, self->removed);
      g_ptr_array_set_size (self->removed, 0);
      break;
    case 4:
    case 5:
      tell_truth (self);
      break;
    case 6:
    case 7:
      toggle_group (self);
      break;
    default:
      answer_one (self);
    }
}

static void
choose_subset (Random *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_hash_table_remove_all (self->wish.subset);
  for (guint i = 0; i < count_all (self); i += 3)
    {
      g_ptr_array_add (items, get_item (self->fixture, i));
      g_hash_table_add (self->wish.subset, g_object_ref (get_item (self->fixture, i)));
    }
  self->wish.filter = ASSAY_ROW_FILTER_SUBSET;
  assay_rows_set_subset (self->fixture->rows, items);
}

static void
choose (Random *self,
        AssayRowFilter filter)
{
  self->wish.filter = filter;
  self->wish.label = filter == ASSAY_ROW_FILTER_LABEL ? labels[1] : NULL;
  if (filter == ASSAY_ROW_FILTER_SUBSET)
    choose_subset (self);
  else
    assay_rows_set_filter (self->fixture->rows, filter, self->wish.label);
}

static void
set_order (Random *self,
           AssayRowOrder order)
{
  self->wish.order = order;
  assay_rows_set_order (self->fixture->rows, order);
}

static void
search (Random *self,
        const char *text)
{
  self->wish.search = text;
  assay_rows_set_search (self->fixture->rows, text);
}

/* As if a view showed a few in the middle. */
static GtkBitset *
watch (gpointer data)
{
  Random *self = data;

  return gtk_bitset_new_range (self->shadow->len / 3, self->shadow->len / 6);
}

static void
random_init (Random *self,
             Fixture *fixture,
             guint n)
{
  self->fixture = fixture;
  self->wish.subset = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->closed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->removed = g_ptr_array_new_with_free_func (g_object_unref);
  self->shadow = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (fixture->rows, "items-changed", G_CALLBACK (follow_cb), self);
  assay_rows_set_watch (fixture->rows, watch, self);
  while (self->n_added < n)
    add_some (self, 20);
}

static void
random_clear (Random *self)
{
  g_signal_handlers_disconnect_by_data (self->fixture->rows, self);
  assay_rows_set_watch (self->fixture->rows, NULL, NULL);
  g_hash_table_unref (self->wish.subset);
  g_hash_table_unref (self->closed);
  g_ptr_array_unref (self->removed);
  g_ptr_array_unref (self->shadow);
}

static void
test_random (Fixture *fixture,
             gconstpointer data)
{
  guint n = GPOINTER_TO_UINT (data);
  Random self = { 0 };

  random_init (&self, fixture, n);
  assert_wished (&self);
  for (AssayRowFilter filter = ASSAY_ROW_FILTER_ALL; filter <= ASSAY_ROW_FILTER_SUBSET; filter++)
    for (AssayRowOrder order = ASSAY_ROW_ORDER_ADDED; order <= ASSAY_ROW_ORDER_LABEL; order++)
      {
        /* Of many items some pairs will do. */
        if (n > FEW && (filter + order) % 3 > 0)
          continue;
        for (guint i = 0; i < 10; i++)
          change_something (&self);
        choose (&self, filter);
        set_order (&self, order);
        search (&self, (filter + order) % 4 == 3 ? "1" : NULL);
        for (guint i = 0; i < 30; i++)
          change_something (&self);
        assert_wished (&self);
        for (guint i = 0; i < 30; i++)
          change_something (&self);
        assert_wished (&self);
      }
  random_clear (&self);
}

/* More answers at once than are looked at one by one. */
static void
test_burst (Fixture *fixture,
            gconstpointer data)
{
  Random self = { 0 };

  random_init (&self, fixture, MANY);
  for (AssayRowFilter filter = ASSAY_ROW_FILTER_ALL; filter <= ASSAY_ROW_FILTER_SUBSET; filter++)
    {
      choose (&self, filter);
      set_order (&self, filter % 2 == 0 ? ASSAY_ROW_ORDER_LABEL : ASSAY_ROW_ORDER_ADDED);
      for (guint i = 0; i < 3 * MANY; i++)
        answer_one (&self);
      assert_wished (&self);
    }
  random_clear (&self);
}

/* Works on the list for a moment, not to the end. */
static void
begin (Random *self)
{
  g_assert_true (assay_rows_is_busy (self->fixture->rows));
  g_main_context_iteration (NULL, FALSE);
}

static void
test_changes_meanwhile (Fixture *fixture,
                        gconstpointer data)
{
  Random self = { 0 };
  g_autofree char *before = NULL;

  random_init (&self, fixture, MANY);
  assert_wished (&self);
  before = describe (fixture);
  set_order (&self, ASSAY_ROW_ORDER_NAME);
  /* It stays as it was until all is done. */
  assert_rows (fixture, before);
  begin (&self);
  remove_some (&self, 3);
  g_assert_true (assay_rows_is_busy (fixture->rows));
  begin (&self);
  add_some (&self, 50);
  assert_wished (&self);

  search (&self, "1");
  begin (&self);
  set_order (&self, ASSAY_ROW_ORDER_ADDED);
  begin (&self);
  toggle_group (&self);
  remove_some (&self, 40);
  choose (&self, ASSAY_ROW_FILTER_UNSURE);
  for (guint i = 0; i < 100; i++)
    answer_one (&self);
  begin (&self);
  assay_collection_restore (fixture->collection, self.removed);
  assert_wished (&self);
  random_clear (&self);
}

/* tear_down() asks that nothing holds it. */
static void
test_ends_meanwhile (Fixture *fixture,
                     gconstpointer data)
{
  Random self = { 0 };

  random_init (&self, fixture, MANY);
  for (guint i = 0; i < 100; i++)
    answer_one (&self);
  assay_rows_set_order (fixture->rows, ASSAY_ROW_ORDER_NAME);
  begin (&self);
  random_clear (&self);
}

/* A thread may be at it by then. */
static void
test_ends_while_sorted (Fixture *fixture,
                        gconstpointer data)
{
  Random self = { 0 };

  random_init (&self, fixture, MANY);
  assay_rows_set_order (fixture->rows, ASSAY_ROW_ORDER_LOWEST);
  for (guint i = 0; i < 4 && assay_rows_is_busy (fixture->rows); i++)
    g_main_context_iteration (NULL, FALSE);
  random_clear (&self);
}

/* ---- what is selected ---- */

static gboolean
is_selected (Fixture *fixture,
             AssayItem *item)
{
  guint position = assay_rows_find (fixture->rows, item);

  return position != G_MAXUINT
         && gtk_selection_model_is_selected (GTK_SELECTION_MODEL (fixture->rows), position);
}

static guint64
count_selected (Fixture *fixture)
{
  g_autoptr (GtkBitset) selected =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (fixture->rows));

  return gtk_bitset_get_size (selected);
}

static gboolean
is_first (gpointer data)
{
  Fixture *fixture = data;

  return assay_rows_find (fixture->rows, get_item (fixture, 2)) == 0;
}

static void
test_selection (Fixture *fixture,
                gconstpointer data)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (fixture->rows);

  add (fixture, "a", "beds/r", "beds/w", "b", NULL);
  /* Groups are no part of it. */
  gtk_selection_model_select_all (model);
  g_assert_cmpuint (count_selected (fixture), ==, 4);
  g_assert_false (gtk_selection_model_is_selected (model, 1));
  gtk_selection_model_unselect_item (model, 0);
  g_assert_cmpuint (count_selected (fixture), ==, 3);
  gtk_selection_model_select_item (model, 3, TRUE);
  g_assert_cmpuint (count_selected (fixture), ==, 1);
  g_assert_true (is_selected (fixture, get_item (fixture, 2)));

  /* It goes along. */
  assay_rows_set_order (fixture->rows, ASSAY_ROW_ORDER_HIGHEST);
  answer (fixture, 2, "roses", 0.9);
  g_assert_true (widget_support_wait (is_first, fixture));
  g_assert_true (is_selected (fixture, get_item (fixture, 2)));

  /* What is hidden is forgotten. */
  assay_rows_set_order (fixture->rows, ASSAY_ROW_ORDER_ADDED);
  g_assert_true (is_selected (fixture, get_item (fixture, 2)));
  assay_group_set_expanded (get_group (fixture, 1), FALSE);
  assay_group_set_expanded (get_group (fixture, 1), TRUE);
  g_assert_cmpuint (count_selected (fixture), ==, 0);
  gtk_selection_model_select_all (model);
  assay_rows_set_search (fixture->rows, "b");
  assay_rows_set_search (fixture->rows, NULL);
  g_assert_cmpuint (count_selected (fixture), ==, 3);
  g_assert_false (is_selected (fixture, get_item (fixture, 0)));
}

static void
add_test (const char *path,
          void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc,
      char **argv)
{
  widget_support_init (&argc, &argv);
  add_test ("/assay/rows/groups-stand-together", test_groups);
  add_test ("/assay/rows/groups-collapse", test_collapse);
  add_test ("/assay/rows/undo-brings-rows-back", test_remove_and_restore);
  add_test ("/assay/rows/search", test_search);
  add_test ("/assay/rows/filter", test_filter);
  add_test ("/assay/rows/order", test_order);
  add_test ("/assay/rows/follows-answers", test_follows_answers);
  g_test_add ("/assay/rows/as-from-the-start/few", Fixture, GUINT_TO_POINTER (FEW), set_up,
              test_random, tear_down);
  g_test_add ("/assay/rows/as-from-the-start/many", Fixture, GUINT_TO_POINTER (MANY), set_up,
              test_random, tear_down);
  add_test ("/assay/rows/follows-a-burst", test_burst);
  add_test ("/assay/rows/changes-meanwhile", test_changes_meanwhile);
  add_test ("/assay/rows/ends-meanwhile", test_ends_meanwhile);
  add_test ("/assay/rows/ends-while-sorted", test_ends_while_sorted);
  add_test ("/assay/rows/selection", test_selection);
  return g_test_run ();
}
