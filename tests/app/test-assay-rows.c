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
  return g_test_run ();
}
