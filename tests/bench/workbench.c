/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: workbench ITEMS LABELS SECONDS
 *
 * The real window over so many items whose truth is known by their folders, compared
 * with a second version.  Nine of ten items have both answers; then 1,000 answers a
 * second come for so many seconds, while the list is scrolled, and once a second filtered,
 * searched or sorted.  Prints, for each of the three pages: milliseconds from the choice of
 * it until its first frame is done, and of the turns of the main loop, without what drawing
 * took, the 99th percentile and the longest.  Last: KiB that an item takes above the empty
 * window; and of these, what it took before any answer, what its answers take, as if the
 * history had them, and what all pages take that were opened. */

#include "config.h"

#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "assay-chips.h"
#include "assay-resources.h"
#include "assay-session-private.h"
#include "assay-settings.h"
#include "assay-sidebar.h"
#include "assay-trimmer.h"
#include "assay-window-private.h"

/* One of so many items has no answer yet when the measuring begins. */
#define LEFT 10

/* What a service says word by word: braces, and for each label its name and a score. */
#define WORDS_BYTES 60
#define LABEL_BYTES 60

#define TICK_MILLISECONDS 10
#define ANSWERS_A_TICK 10

typedef struct {
  AssayWindow *window;
  AssaySession *session;
  GPtrArray *items;
  guint n_labels;
  AssayTarget *targets[2];
  AssayTrimmer *trimmer;
  GArray *turns;              /* milliseconds of each, without drawing */
  guint next;                 /* answers given */
  gint64 frame_began;
  gint64 drawn;               /* of the turn, µs */
  guint ticks;
} Bench;

static Bench bench;

static double
get_resident_kib (void)
{
  g_autofree char *text = NULL;
  unsigned long total = 0, resident = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%lu %lu", &total, &resident) != 2)
    return 0;
  return resident * (sysconf (_SC_PAGESIZE) / 1024.0);
}

/* ---- what the service would have said ---- */

static AssayPrediction *
make_prediction (GRand *random,
                 guint n_labels)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  guint top = g_rand_int_range (random, 0, n_labels);
  double score = g_rand_double_range (random, 0.5, 1);

  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %u", i);

      assay_prediction_builder_add (builder, label,
                                    i == top ? score : (1 - score) / (n_labels - 1), NULL);
    }
  return assay_prediction_builder_end (builder);
}

static AssayItem *
make_item (GRand *random,
           guint i,
           guint n_labels)
{
  g_autofree char *path = g_strdup_printf ("/pictures/label %u/picture-%07u.jpg",
                                           g_rand_int_range (random, 0, n_labels), i);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 100000, NULL, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  AssayItem *item = assay_item_new (source);
  AssayPrepared prepared = { .size = 100000, .facts = *assay_item_get_facts (item) };

  g_strlcpy (prepared.sha256, hash, sizeof prepared.sha256);
  g_strlcpy (prepared.sent_sha256, hash, sizeof prepared.sent_sha256);
  assay_item_set_prepared (item, &prepared);
  return item;
}

static GBytes *
make_words (guint n_labels)
{
  gsize size = WORDS_BYTES + n_labels * LABEL_BYTES;

  return g_bytes_new_take (g_malloc0 (size), size);
}

/* Of the two in turns, as when two queues are asked. */
static void
answer_next (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (bench.next);
  guint which = bench.next % 2;
  AssayItem *item;
  AssayAnswer *answer;
  g_autoptr (AssayPrediction) prediction = NULL;
  g_autoptr (AssayOutcome) outcome = NULL;
  g_autoptr (GBytes) words = make_words (bench.n_labels);

  if (bench.next / 2 >= bench.items->len)
    return;
  item = g_ptr_array_index (bench.items, bench.next / 2);
  prediction = make_prediction (random, bench.n_labels);
  outcome = assay_outcome_new_prediction (prediction, words);
  answer = assay_item_ensure_answer (item, bench.targets[which]);
  assay_answer_move (answer, ASSAY_ANSWER_READING);
  assay_answer_move (answer, ASSAY_ANSWER_SENDING);
  assay_answer_resolve (answer, outcome, 0.01, 0);
  assay_session_judge_item (bench.session, item);
  assay_trimmer_trim (bench.trimmer, item, answer, 1 + which, bench.next / 2);
  bench.next++;
}

/* ---- the turns of the main loop ---- */

static void
before_paint_cb (void)
{
  bench.frame_began = g_get_monotonic_time ();
}

static void
after_paint_cb (void)
{
  bench.drawn += g_get_monotonic_time () - bench.frame_began;
}

static GPollFunc plain_poll;
static gint64 turn_began;

static gint
watched_poll (GPollFD *fds,
              guint n,
              gint timeout)
{
  gint result;

  if (turn_began != 0)
    {
      double turn = (g_get_monotonic_time () - turn_began - bench.drawn) / 1000.0;

      g_array_append_val (bench.turns, turn);
    }
  result = plain_poll (fds, n, timeout);
  turn_began = g_get_monotonic_time ();
  bench.drawn = 0;
  return result;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return left < right ? -1 : left > right;
}

static double
get_percentile (double share)
{
  if (bench.turns->len == 0)
    return 0;
  g_array_sort (bench.turns, compare_doubles);
  return g_array_index (bench.turns, double, (guint) (share * (bench.turns->len - 1)));
}

/* ---- what a person does ---- */

static void
wait_for_frame (void)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (bench.window));
  gint64 counter = gdk_frame_clock_get_frame_counter (clock);

  gtk_widget_queue_draw (GTK_WIDGET (bench.window));
  while (gdk_frame_clock_get_frame_counter (clock) <= counter)
    g_main_context_iteration (NULL, TRUE);
}

static void
settle (void)
{
  AssayTruths *truths = assay_session_get_truths (bench.session);

  while (!assay_truths_is_settled (truths) || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}

static void
scroll (void)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (bench.window));

  if (focus != NULL)
    gtk_widget_activate_action (GTK_WIDGET (bench.window), "win.next-image", NULL);
}

static GtkWidget *
find_type (GtkWidget *widget,
           GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;
  GtkWidget *child = gtk_widget_get_first_child (widget);

  for (; found == NULL && child != NULL; child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);
  return found;
}

static void
choose_filter (AssayRowFilter filter,
               const char *label)
{
  assay_chips_choose (ASSAY_CHIPS (find_type (GTK_WIDGET (bench.window->sidebar),
                                              ASSAY_TYPE_CHIPS)),
                      filter, label);
}

static void
choose_order (const char *order)
{
  gtk_widget_activate_action (GTK_WIDGET (bench.window->sidebar), "sidebar.order", "s", order);
}

static void
search (const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find_type (GTK_WIDGET (bench.window->sidebar),
                                                  GTK_TYPE_SEARCH_ENTRY)),
                         text);
}

/* Every other image, as if a person had chosen a large cell of a matrix. */
static void
choose_subset (void)
{
  g_autoptr (GPtrArray) half = g_ptr_array_new ();

  for (guint i = 0; i < bench.items->len; i += 2)
    g_ptr_array_add (half, g_ptr_array_index (bench.items, i));
  assay_sidebar_show_subset (bench.window->sidebar, "half", half);
}

/* Whatever can be chosen, one after the other. */
static void
choose (guint step)
{
  static const AssayRowFilter filters[] = { ASSAY_ROW_FILTER_UNSURE, ASSAY_ROW_FILTER_ALL,
                                            ASSAY_ROW_FILTER_WRONG, ASSAY_ROW_FILTER_ALL,
                                            ASSAY_ROW_FILTER_ERRORS };
  static const char *const orders[] = { "highest", "label", "name", "lowest" };

  step %= 13;
  if (step < G_N_ELEMENTS (filters))
    choose_filter (filters[step], NULL);
  else if (step == 5)
    choose_filter (ASSAY_ROW_FILTER_LABEL, "label 1");
  else if (step == 6)
    choose_filter (ASSAY_ROW_FILTER_ALL, NULL);
  else if (step < 11)
    choose_order (orders[step - 7]);
  else if (step == 11)
    search ("7");
  else
    choose_subset ();
}

static gboolean
tick_cb (gpointer data)
{
  for (guint i = 0; i < ANSWERS_A_TICK; i++)
    answer_next ();
  bench.ticks++;
  if (bench.ticks % 5 == 0)
    scroll ();
  if (bench.ticks % 100 == 0 && gtk_widget_get_mapped (GTK_WIDGET (bench.window->sidebar)))
    choose (bench.ticks / 100 - 1);
  return G_SOURCE_CONTINUE;
}

static gboolean
end_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
measure_page (const char *name,
              guint seconds)
{
  gint64 began = g_get_monotonic_time ();
  gboolean over = FALSE;
  double opened;

  assay_window_show_page (bench.window, name);
  wait_for_frame ();
  opened = (g_get_monotonic_time () - began) / 1000.0;
  settle ();
  g_array_set_size (bench.turns, 0);
  bench.ticks = 0;
  g_timeout_add_seconds (seconds, end_cb, &over);
  began = g_timeout_add (TICK_MILLISECONDS, tick_cb, NULL);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (began);
  printf ("%.1f %.2f %.2f ", opened, get_percentile (0.99), get_percentile (1));
}

static void
give (guint n_items,
      guint n_labels)
{
  GRand *random = g_rand_new_with_seed (1);

  bench.items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n_items; i++)
    g_ptr_array_add (bench.items, make_item (random, i, n_labels));
  g_rand_free (random);
  assay_collection_append (assay_session_get_collection (bench.session), bench.items);
  settle ();
}

static void
answer_most (guint n_items)
{
  for (guint i = 0; i < 2 * (n_items - n_items / LEFT); i++)
    answer_next ();
  settle ();
  /* The window has found a service of its own by now. */
  assay_collection_set_target (assay_session_get_collection (bench.session), bench.targets[1]);
  settle ();
}

static void
make_trimmer (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "assay-workbench.db", NULL);
  g_autoptr (AssayHistory) history = assay_history_new (path);

  bench.trimmer = assay_trimmer_new (history);
  g_signal_connect_object (bench.trimmer, "trimmed", G_CALLBACK (assay_judge_replace),
                           bench.session->judge, G_CONNECT_SWAPPED);
}

static AssayWindow *
make_window (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "assay-workbench-connections", NULL);
  g_autoptr (AssayHub) hub = assay_hub_new (path);
  g_autoptr (GSettings) settings = assay_settings_new ();
  GtkApplication *application = gtk_application_new (NULL, G_APPLICATION_NON_UNIQUE);

  g_application_register (G_APPLICATION (application), NULL, NULL);
  return assay_window_new (application, hub, settings);
}

static void
watch_turns (void)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (bench.window));

  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), NULL);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), NULL);
  bench.turns = g_array_new (FALSE, FALSE, sizeof (double));
  plain_poll = g_main_context_get_poll_func (NULL);
  g_main_context_set_poll_func (NULL, watched_poll);
}

/* A service that is found, or gets ready, would have the window show a version of its own. */
static void
hold_target (void)
{
  if (assay_session_get_target (bench.session) == bench.targets[1])
    return;
  assay_session_use_link (bench.session, NULL);
  assay_collection_set_target (assay_session_get_collection (bench.session), bench.targets[1]);
}

int
main (int argc,
      char *argv[])
{
  guint n_items = argc > 1 ? strtoul (argv[1], NULL, 10) : 1000;
  guint n_labels = argc > 2 ? strtoul (argv[2], NULL, 10) : 5;
  guint seconds = argc > 3 ? strtoul (argv[3], NULL, 10) : 2;
  double before, given, answered, all;

  adw_init ();
  g_resources_register (assay_get_resource ());
  bench.window = make_window ();
  bench.session = assay_window_get_session (bench.window);
  gtk_window_set_default_size (GTK_WINDOW (bench.window), 1200, 830);
  gtk_window_present (GTK_WINDOW (bench.window));
  wait_for_frame ();
  before = get_resident_kib ();
  bench.targets[0] = assay_target_new ("bench", "flowers", "1");
  bench.targets[1] = assay_target_new ("bench", "flowers", "2");
  bench.n_labels = n_labels;
  bench.session->baseline = assay_target_ref (bench.targets[0]);
  g_signal_connect (bench.session, "changed", G_CALLBACK (hold_target), NULL);
  hold_target ();
  make_trimmer ();
  give (n_items, n_labels);
  given = get_resident_kib ();
  answer_most (n_items);
  answered = get_resident_kib ();
  watch_turns ();
  measure_page ("classify", seconds);
  measure_page ("compare", seconds);
  measure_page ("evaluate", seconds);
  g_assert_true (assay_session_get_target (bench.session) == bench.targets[1]);
  all = get_resident_kib ();
  printf ("%.3f %.3f %.3f %.3f\n", (all - before) / n_items, (given - before) / n_items,
          (answered - given) / n_items, (all - answered) / n_items);
  fflush (stdout);
  _exit (0);
}
