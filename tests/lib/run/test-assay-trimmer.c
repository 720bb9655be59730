/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

#include "assay-exporter.h"
#include "assay-limits.h"
#include "assay-recorder.h"
#include "assay-test-server.h"

/* For anything; sanitizers are slow. */
#define PATIENCE 60
#define N_LABELS 40

/* A run against a server whose model has forty labels, and a history on disk. */
typedef struct {
  AssayTestServer *server;
  char *folder;
  char *path;
  AssayHistory *history;
  AssayTransport *transport;
  AssayTarget *target;
  AssayRun *run;
  AssayRecorder *recorder;
  AssayTrimmer *trimmer;
  AssayItem *item;
  guint n_trimmed;
} Fixture;

static char *
dup_score (guint i)
{
  char *score = g_malloc (G_ASCII_DTOSTR_BUF_SIZE);

  return g_ascii_dtostr (score, G_ASCII_DTOSTR_BUF_SIZE, i == 23 ? 0.5 : 0.5 / (i + 7));
}

/* The likeliest is in the midst of them. */
static AssayTestAnswer *
make_answer (void)
{
  g_autoptr (GString) body = g_string_new ("{\"predictions\":[{\"name\":\"0.png\",\"results\":[");

  for (guint i = 0; i < N_LABELS; i++)
    {
      g_autofree char *score = dup_score (i);

      g_string_append_printf (body, "%s{\"label\":\"label %02u\",\"score\":%s}", i > 0 ? "," : "",
                              i, score);
    }
  g_string_append (body, "]}],\"status\":\"DONE\"}");
  return assay_test_answer_new (200, "application/json", body->str);
}

static AssayItem *
make_item (void)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 8, 8);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (AssaySource) source = NULL;
  AssayItem *item;
  char *data;
  gsize size;

  gdk_pixbuf_fill (pixbuf, 0);
  gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, "png", &error, NULL);
  g_assert_no_error (error);
  bytes = g_bytes_new_take (data, size);
  source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, "0.png", bytes);
  item = assay_item_new (source);
  assay_item_set_serial (item, 1);
  return item;
}

static void
trimmed_cb (Fixture *self,
            AssayItem *item)
{
  g_assert_true (item == self->item);
  self->n_trimmed++;
}

static void
begin_run (Fixture *self)
{
  g_autofree char *url = assay_test_server_dup_url (self->server, "");
  g_autoptr (AssayConnection) connection = assay_connection_new ("test", "Test");
  g_autoptr (AssayCredentials) credentials = NULL;
  g_autoptr (AssayClient) client = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (connection, "url", url, "auth", ASSAY_AUTH_NONE, NULL);
  self->transport = assay_transport_new (1, PATIENCE, NULL, &error);
  g_assert_no_error (error);
  credentials = assay_credentials_new (connection, self->transport);
  client = assay_client_new (connection, credentials, self->transport);
  self->target = assay_target_new ("test", "flowers", "2");
  self->run = assay_run_new (client, self->target, 1, TRUE);
}

static void
set_up (Fixture *self,
        gconstpointer data)
{
  AssayKeptRun about = { .name = (char *) "x", .connection_name = (char *) "x",
                         .url = (char *) "x", .protocol = (char *) "x" };

  self->server = assay_test_server_new (NULL, NULL);
  assay_test_server_push (self->server, NULL, make_answer ());
  self->folder = g_dir_make_tmp ("assay-trimmer-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "history.db", NULL);
  self->history = assay_history_new (self->path);
  begin_run (self);
  about.target = self->target;
  self->recorder = assay_recorder_new (self->history, self->run, &about);
  self->trimmer = assay_trimmer_new (self->history);
  g_signal_connect_swapped (self->trimmer, "trimmed", G_CALLBACK (trimmed_cb), self);
  self->item = make_item ();
}

static void
closed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (assay_history_close_finish (ASSAY_HISTORY (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_autofree char *lock = g_strconcat (self->path, "-lock", NULL);
  gboolean closed = FALSE;

  assay_recorder_end (self->recorder);
  g_assert_finalize_object (self->recorder);
  assay_transport_close (self->transport);
  g_object_unref (self->run);
  g_object_unref (self->transport);
  assay_target_unref (self->target);
  assay_history_close_async (self->history, NULL, closed_cb, &closed);
  while (!closed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (self->trimmer);
  g_assert_finalize_object (self->item);
  g_assert_finalize_object (self->history);
  assay_test_server_free (self->server);
  g_assert_cmpint (g_unlink (self->path), ==, 0);
  g_assert_cmpint (g_unlink (lock), ==, 0);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->path);
  g_free (self->folder);
}

static gboolean
late_cb (gpointer data)
{
  g_error ("waited too long for %s", (const char *) data);
  return G_SOURCE_REMOVE;
}

static AssayAnswer *
get_answer (Fixture *self)
{
  return assay_item_find_answer (self->item, self->target);
}

static AssayPrediction *
get_prediction (Fixture *self)
{
  return assay_answer_get_prediction (get_answer (self));
}

/* Has the item asked about, and waits until its answer came. */
static AssayPrediction *
ask (Fixture *self)
{
  guint late = g_timeout_add_seconds (PATIENCE, late_cb, (gpointer) "the answer");
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_ptr_array_add (items, self->item);
  assay_recorder_add (self->recorder, items);
  assay_run_add (self->run, items);
  while (assay_run_is_active (self->run))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
  g_assert_nonnull (get_prediction (self));
  return assay_prediction_ref (get_prediction (self));
}

static void
wait_trimmed (Fixture *self,
              guint n)
{
  guint late = g_timeout_add_seconds (PATIENCE, late_cb, (gpointer) "the short form");

  while (self->n_trimmed < n)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static void
got_cb (GObject *source,
        GAsyncResult *result,
        gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
load (Fixture *self,
      AssayPrediction *trimmed)
{
  guint late = g_timeout_add_seconds (PATIENCE, late_cb, (gpointer) "the whole");
  GAsyncResult *result = NULL;

  assay_trimmer_load_async (self->trimmer, trimmed, NULL, got_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
  return result;
}

static void
assert_equal (const AssayPrediction *a,
              const AssayPrediction *b)
{
  g_assert_cmpuint (assay_prediction_get_n (a), ==, assay_prediction_get_n (b));
  for (guint i = 0; i < assay_prediction_get_n (a); i++)
    {
      g_assert_cmpstr (assay_prediction_get_sent_label (a, i), ==,
                       assay_prediction_get_sent_label (b, i));
      g_assert_cmpfloat (assay_prediction_get_sent_score (a, i), ==,
                         assay_prediction_get_sent_score (b, i));
    }
}

static void
trims_what_is_written_down (Fixture *self,
                            gconstpointer data)
{
  g_autoptr (AssayPrediction) sent = NULL;
  g_autoptr (AssayPrediction) whole = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  assay_item_set_truth (self->item, "label 39", ASSAY_TRUTH_HAND);
  assay_recorder_set_trimmer (self->recorder, self->trimmer);
  sent = ask (self);
  wait_trimmed (self, 1);
  g_assert_false (assay_prediction_is_trimmed (sent));
  g_assert_cmpuint (assay_prediction_get_n (sent), ==, N_LABELS);
  g_assert_true (assay_prediction_is_trimmed (get_prediction (self)));
  g_assert_cmpuint (assay_prediction_get_n (get_prediction (self)), ==, ASSAY_TRIMMED_LABELS);
  g_assert_cmpuint (assay_prediction_get_n_sent (get_prediction (self)), ==, N_LABELS);
  g_assert_true (assay_prediction_can_tell (get_prediction (self), "label 39"));
  g_assert_nonnull (assay_answer_get_raw (get_answer (self)));

  result = load (self, get_prediction (self));
  whole = assay_trimmer_load_finish (self->trimmer, result, &error);
  g_assert_no_error (error);
  assert_equal (whole, sent);
}

static void
leaves_it_whole_until_told (Fixture *self,
                          gconstpointer data)
{
  g_autoptr (AssayPrediction) sent = ask (self);

  assay_recorder_end (self->recorder);
  g_assert_true (get_prediction (self) == sent);
}

static void
tells_of_a_label_that_is_wanted (Fixture *self,
                                 gconstpointer data)
{
  g_autoptr (AssayPrediction) sent = NULL;
  guint rank, rank_sent;
  double score, score_sent;

  assay_recorder_set_trimmer (self->recorder, self->trimmer);
  sent = ask (self);
  wait_trimmed (self, 1);
  g_assert_false (assay_prediction_can_tell (get_prediction (self), "label 38"));

  assay_item_set_truth (self->item, "label 38", ASSAY_TRUTH_HAND);
  assay_trimmer_want (self->trimmer, self->item, get_answer (self));
  wait_trimmed (self, 2);
  g_assert_true (assay_prediction_is_trimmed (get_prediction (self)));
  g_assert_true (assay_prediction_find_rank (get_prediction (self), "label 38", &rank, &score));
  g_assert_true (assay_prediction_find_rank (sent, "label 38", &rank_sent, &score_sent));
  g_assert_cmpuint (rank, ==, rank_sent);
  g_assert_cmpfloat (score, ==, score_sent);
}

static void
exports_the_whole (Fixture *self,
                   gconstpointer data)
{
  guint late = g_timeout_add_seconds (PATIENCE, late_cb, (gpointer) "the file");
  g_autofree char *path = g_build_filename (self->folder, "results.ndjson", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (AssayPrediction) sent = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *text = NULL;

  assay_recorder_set_trimmer (self->recorder, self->trimmer);
  sent = ask (self);
  wait_trimmed (self, 1);
  assay_item_show_target (self->item, self->target);
  g_ptr_array_add (items, self->item);
  assay_exporter_write_async (items, NULL, ASSAY_EXPORTER_NDJSON, file, self->trimmer, NULL, got_cb,
                              &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
  g_assert_true (assay_exporter_write_finish (result, NULL));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (guint i = 0; i < N_LABELS; i++)
    {
      g_autofree char *label = g_strdup_printf ("\"label\":\"label %02u\"", i);

      g_assert_nonnull (strstr (text, label));
    }
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
pruned_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_assert_true (assay_history_prune_finish (ASSAY_HISTORY (source), result, NULL, NULL));
  *(gboolean *) data = TRUE;
}

static void
says_when_somebody_has_removed_it (Fixture *self,
                                   gconstpointer data)
{
  const AssayHistoryPrune all = { 0 };
  g_autoptr (AssayPrediction) sent = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean pruned = FALSE;

  assay_recorder_set_trimmer (self->recorder, self->trimmer);
  sent = ask (self);
  wait_trimmed (self, 1);
  assay_recorder_end (self->recorder);
  assay_history_prune_async (self->history, &all, NULL, pruned_cb, &pruned);
  while (!pruned)
    g_main_context_iteration (NULL, TRUE);
  result = load (self, get_prediction (self));
  g_assert_null (assay_trimmer_load_finish (self->trimmer, result, &error));
  g_assert_nonnull (error);
  g_assert_true (assay_prediction_is_trimmed (get_prediction (self)));
}

static AssayAnswer *
answer_with_words (Fixture *self,
                   guint i)
{
  g_autofree char *version = g_strdup_printf ("%u", i + 3);
  g_autoptr (AssayTarget) target = assay_target_new ("test", "flowers", version);
  g_autoptr (AssayPrediction) prediction = NULL;
  g_autoptr (AssayOutcome) outcome = NULL;
  g_autoptr (GBytes) words = NULL;
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  AssayAnswer *answer = assay_item_ensure_answer (self->item, target);

  g_assert_true (assay_prediction_builder_add (builder, "roses", 1, NULL));
  prediction = assay_prediction_builder_end (builder);
  words = g_bytes_new_take (g_malloc0 (ASSAY_LIMIT_RAW_BYTES), ASSAY_LIMIT_RAW_BYTES);
  outcome = assay_outcome_new_prediction (prediction, words);
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_READING));
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_SENDING));
  g_assert_true (assay_answer_resolve (answer, outcome, 1, 1));
  return answer;
}

static void
forgets_the_words_of_old_answers (Fixture *self,
                                  gconstpointer data)
{
  const guint n = ASSAY_LIMIT_KEPT_RAW / ASSAY_LIMIT_RAW_BYTES;
  g_autoptr (AssayPrediction) sent = ask (self);
  g_autoptr (GPtrArray) answers = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (answers, answer_with_words (self, i));
      assay_trimmer_trim (self->trimmer, self->item, g_ptr_array_index (answers, i), 1, 0);
    }
  /* Each takes a little more than its bytes, so that the last is one too many. */
  for (guint i = 0; i < n; i++)
    {
      AssayAnswer *answer = g_ptr_array_index (answers, i);

      g_assert_cmpint (assay_answer_get_raw (answer) != NULL, ==, i > 0);
      g_assert_cmpstr (assay_prediction_get_label (assay_answer_get_prediction (answer), 0), ==,
                       "roses");
    }
  g_assert_cmpuint (self->n_trimmed, ==, 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function) \
  g_test_add ("/assay/trimmer/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("trims-what-is-written-down", trims_what_is_written_down);
  TEST ("leaves-it-whole-until-told", leaves_it_whole_until_told);
  TEST ("tells-of-a-label-that-is-wanted", tells_of_a_label_that_is_wanted);
  TEST ("exports-the-whole", exports_the_whole);
  TEST ("forgets-the-words-of-old-answers", forgets_the_words_of_old_answers);
  TEST ("says-when-somebody-has-removed-it", says_when_somebody_has_removed_it);
#undef TEST
  return g_test_run ();
}
