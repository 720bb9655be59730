/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-exporter.h"

/* More than one chunk has. */
#define MANY 2000

typedef struct {
  char *folder;
  GFile *file;
  AssayTarget *target;
  GPtrArray *items;           /* (element-type AssayItem) */
  GAsyncResult *result;
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  g_autofree char *path = NULL;

  self->folder = g_dir_make_tmp ("assay-exporter-XXXXXX", NULL);
  path = g_build_filename (self->folder, data != NULL ? data : "results.csv", NULL);
  self->file = g_file_new_for_path (path);
  self->target = assay_target_new ("test", "flowers", "2");
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_unlink (g_file_peek_path (self->file));
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_clear_object (&self->result);
  g_object_unref (self->file);
  g_ptr_array_unref (self->items);
  assay_target_unref (self->target);
  g_free (self->folder);
}

static AssayItem *
add_item (Fixture *self,
          const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 100, NULL, NULL);
  AssayItem *item = assay_item_new (source);

  g_ptr_array_add (self->items, item);
  assay_item_show_target (item, self->target);
  return item;
}

static void
answer (Fixture *self,
        AssayItem *item,
        const char *label,
        double score)
{
  AssayAnswer *answer = assay_item_ensure_answer (item, self->target);
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayPrediction) prediction = NULL;
  g_autoptr (AssayOutcome) outcome = NULL;

  assay_prediction_builder_add (builder, label, score, NULL);
  assay_prediction_builder_add (builder, "another", 1 - score, NULL);
  prediction = assay_prediction_builder_end (builder);
  outcome = assay_outcome_new_prediction (prediction, NULL);
  assay_answer_move (answer, ASSAY_ANSWER_READING);
  assay_answer_move (answer, ASSAY_ANSWER_SENDING);
  assay_answer_resolve (answer, outcome, 0.01, 0);
  assay_item_show_target (item, self->target);
}

static void
written_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  ((Fixture *) data)->result = g_object_ref (result);
}

static gboolean
write_file (Fixture *self,
            GCancellable *cancellable,
            GError **error)
{
  g_autofree char *name = g_file_get_basename (self->file);
  AssayExporterFormat format;

  g_assert_true (assay_exporter_find_format (name, &format));
  g_clear_object (&self->result);
  assay_exporter_write_async (self->items, NULL, format, self->file, NULL, cancellable, written_cb,
                              self);
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return assay_exporter_write_finish (self->result, error);
}

static char *
read_file (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_load_contents (self->file, NULL, &text, NULL, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
export (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  gboolean written = write_file (self, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (written);
}

static void
writes_a_table (Fixture *self,
                gconstpointer data)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  answer (self, add_item (self, "/pictures/b.jpg"), "roses", 0.75);
  add_item (self, "/pictures/a, \"quoted\".jpg");
  export (self);
  text = read_file (self);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_str_has_prefix (lines[0], "path,member,sha256,"));
  /* In the order given, not by name. */
  g_assert_true (g_str_has_prefix (lines[1], "/pictures/b.jpg,,"));
  g_assert_nonnull (strstr (lines[1], ",ok,roses,0.75,"));
  g_assert_nonnull (strstr (lines[1], ",flowers,2,"));
  g_assert_true (g_str_has_prefix (lines[2], "\"/pictures/a, \"\"quoted\"\".jpg\",,"));
  g_assert_cmpstr (lines[3], ==, "");
}

static void
writes_an_array (Fixture *self,
                 gconstpointer data)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *array;

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *path = g_strdup_printf ("/pictures/%u.jpg", i);

      answer (self, add_item (self, path), "roses", 0.25 + i / (2.0 * MANY));
    }
  export (self);
  json_parser_load_from_file (parser, g_file_peek_path (self->file), &error);
  g_assert_no_error (error);
  array = json_node_get_array (json_parser_get_root (parser));
  g_assert_cmpuint (json_array_get_length (array), ==, MANY);
  for (guint i = 0; i < MANY; i++)
    {
      JsonObject *line = json_array_get_object_element (array, i);
      g_autofree char *path = g_strdup_printf ("/pictures/%u.jpg", i);

      g_assert_cmpstr (json_object_get_string_member (line, "path"), ==, path);
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (line, "predictions")),
                        ==, 2);
    }
}

static void
writes_nothing_as_an_array (Fixture *self,
                            gconstpointer data)
{
  g_autofree char *text = NULL;

  export (self);
  text = read_file (self);
  g_assert_cmpstr (text, ==, "[]\n");
}

static void
writes_lines (Fixture *self,
              gconstpointer data)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  answer (self, add_item (self, "/pictures/a.jpg"), "roses", 0.75);
  answer (self, add_item (self, "/pictures/b.jpg"), "tulips", 0.5);
  export (self);
  text = read_file (self);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_true (g_str_has_prefix (lines[0], "{\"path\":\"/pictures/a.jpg\""));
  g_assert_true (g_str_has_prefix (lines[1], "{\"path\":\"/pictures/b.jpg\""));
}

static void
writes_a_line_for_each_target (Fixture *self,
                               gconstpointer data)
{
  g_autoptr (AssayTarget) other = assay_target_new ("test", "flowers", "1");
  g_autoptr (GPtrArray) targets = g_ptr_array_new ();
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  answer (self, add_item (self, "/pictures/a.jpg"), "roses", 0.75);
  g_ptr_array_add (targets, other);
  g_ptr_array_add (targets, self->target);
  assay_exporter_write_async (self->items, targets, ASSAY_EXPORTER_NDJSON, self->file, NULL, NULL,
                              written_cb, self);
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (assay_exporter_write_finish (self->result, NULL));
  text = read_file (self);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  /* Nobody asked that one. */
  g_assert_nonnull (strstr (lines[0], "\"status\":\"ready\""));
  g_assert_nonnull (strstr (lines[1], "\"version\":\"2\""));
}

static void
writes_what_is_judged (Fixture *self,
                       gconstpointer data)
{
  g_autoptr (AssayTarget) other = assay_target_new ("test", "flowers", "1");
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  answer (self, add_item (self, "/pictures/b.jpg"), "roses", 0.75);
  add_item (self, "/pictures/a.jpg");
  assay_exporter_write_judged_async (self->items, NULL, self->target, ASSAY_EXPORTER_CSV, self->file, NULL,
                                     written_cb, self);
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (assay_exporter_write_finish (self->result, NULL));
  text = read_file (self);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[0], ==, "path,member,sha256,truth,answer,score,right,model,version");
  g_assert_cmpstr (lines[1], ==, "/pictures/b.jpg,,,,roses,0.75,,flowers,2");
  g_assert_cmpstr (lines[2], ==, "/pictures/a.jpg,,,,,,,flowers,2");

  /* Nobody asked the baseline. */
  g_clear_object (&self->result);
  g_clear_pointer (&text, g_free);
  assay_exporter_write_judged_async (self->items, other, self->target, ASSAY_EXPORTER_JSON, self->file, NULL,
                                     written_cb, self);
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (assay_exporter_write_finish (self->result, NULL));
  text = read_file (self);
  g_assert_true (g_str_has_prefix (text, "[\n  {\"path\":\"/pictures/b.jpg\""));
  g_assert_nonnull (strstr (text, "\"change\":null,\"a\":null,\"score_a\":null,\"b\":\"roses\","));
  g_assert_true (g_str_has_suffix (text, "}\n]\n"));
}

static void
keeps_what_is_there_when_stopped (Fixture *self,
                                  gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_file_set_contents (g_file_peek_path (self->file), "as it was", -1, &error);
  g_assert_no_error (error);
  answer (self, add_item (self, "/pictures/a.jpg"), "roses", 0.75);
  assay_exporter_write_async (self->items, NULL, ASSAY_EXPORTER_CSV, self->file, NULL, cancellable,
                              written_cb, self);
  /* Once it is open: nothing is written in the turn that opens it. */
  g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (assay_exporter_write_finish (self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  text = read_file (self);
  g_assert_cmpstr (text, ==, "as it was");
}

static void
says_what_cannot_be_written (Fixture *self,
                             gconstpointer data)
{
  g_autoptr (GFile) nowhere = g_file_get_child (self->file, "results.csv");
  g_autoptr (GError) error = NULL;

  g_file_set_contents (g_file_peek_path (self->file), "no folder", -1, &error);
  g_assert_no_error (error);
  assay_exporter_write_async (self->items, NULL, ASSAY_EXPORTER_CSV, nowhere, NULL, NULL, written_cb,
                              self);
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (assay_exporter_write_finish (self->result, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED);
  g_assert_true (g_str_has_prefix (error->message, "“results.csv” can’t be written: "));
}

static void
knows_the_format_by_the_name (void)
{
  AssayExporterFormat format;

  g_assert_true (assay_exporter_find_format ("a.CSV", &format));
  g_assert_cmpint (format, ==, ASSAY_EXPORTER_CSV);
  g_assert_true (assay_exporter_find_format ("a.b.json", &format));
  g_assert_cmpint (format, ==, ASSAY_EXPORTER_JSON);
  g_assert_true (assay_exporter_find_format ("a.ndjson", &format));
  g_assert_cmpint (format, ==, ASSAY_EXPORTER_NDJSON);
  g_assert_true (assay_exporter_find_format ("a.jsonl", &format));
  g_assert_cmpint (format, ==, ASSAY_EXPORTER_NDJSON);
  g_assert_false (assay_exporter_find_format ("csv", &format));
  g_assert_false (assay_exporter_find_format ("a.xlsx", &format));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, file, function) \
  g_test_add ("/assay/exporter/" name, Fixture, file, set_up, function, tear_down)
  TEST ("writes-a-table", "results.csv", writes_a_table);
  TEST ("writes-an-array", "results.json", writes_an_array);
  TEST ("writes-nothing-as-an-array", "results.json", writes_nothing_as_an_array);
  TEST ("writes-lines", "results.ndjson", writes_lines);
  TEST ("writes-a-line-for-each-target", "results.ndjson", writes_a_line_for_each_target);
  TEST ("writes-what-is-judged", "results.csv", writes_what_is_judged);
  TEST ("keeps-what-is-there-when-stopped", "results.csv", keeps_what_is_there_when_stopped);
  TEST ("says-what-cannot-be-written", "results.csv", says_what_cannot_be_written);
#undef TEST
  g_test_add_func ("/assay/exporter/knows-the-format-by-the-name", knows_the_format_by_the_name);
  return g_test_run ();
}
