/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-address.h"
#include "assay-builtin.h"
#include "assay-display.h"
#include "assay-downloads.h"
#include "assay-error.h"
#include "assay-journal.h"
#include "assay-limits.h"
#include "assay-offer-text.h"
#include "assay-revival.h"
#include "assay-run.h"
#include "assay-session.h"

/* The values of the setting "archives". */
enum {
  ARCHIVES_OPEN,
  ARCHIVES_SEND,
};

/* Another version is asked at once about so many images; more are offered. */
#define ASK_AT_ONCE 100

/* Invariants: runs holds the runs of this stretch of work, each for another
 * target, and is empty at rest; waiting holds items that were
 * given while nobody could be asked; link is NULL before the start and after
 * the end. */
struct _AssaySession {
  GObject parent_instance;

  AssayHub *hub;
  GSettings *settings;
  AssayCollection *collection;
  AssayJournal *journal;         /* of the runs */
  AssayLink *link;
  GPtrArray *runs;               /* (element-type AssayRun) */
  GPtrArray *waiting;            /* (element-type AssayItem) */
  AssayDownloads *downloads;     /* what is asked about when it is here */
  GPtrArray *left_out;           /* (element-type AssayIntakeSummary) */
  GCancellable *cancellable;     /* of the walks and conversions; a new one after a clear */
  guint n_left_out;
  guint n_walks;
  guint n_pasted;
  AssaySum sum;                  /* since the last "finished" */
  gboolean paused;               /* by a person, until all that is under way has ended */
  gboolean kept;                 /* shows a kept run, and asks nobody until it is told to */
  guint n_before;                /* answers that the run that goes on had already */
  gboolean retry;                /* once the service is back: what failed for want of it */
};

G_DEFINE_FINAL_TYPE (AssaySession, assay_session, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  SIGNAL_PROGRESS,
  SIGNAL_LEFT_OUT,
  SIGNAL_MESSAGE,
  SIGNAL_FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit (AssaySession *self,
      guint signal)
{
  g_signal_emit (self, signals[signal], 0);
}

static void
say (AssaySession *self,
     const char   *sentence)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, sentence);
}

static void
assay_session_dispose (GObject *object)
{
  AssaySession *self = ASSAY_SESSION (object);

  assay_session_close (self);
  g_clear_object (&self->hub);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (assay_session_parent_class)->dispose (object);
}

static void
assay_session_finalize (GObject *object)
{
  AssaySession *self = ASSAY_SESSION (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->collection);
  g_clear_object (&self->journal);
  g_clear_object (&self->downloads);
  g_ptr_array_unref (self->runs);
  g_ptr_array_unref (self->waiting);
  g_ptr_array_unref (self->left_out);
  G_OBJECT_CLASS (assay_session_parent_class)->finalize (object);
}

static guint
add_signal (const char *name,
            guint n_parameters)
{
  return g_signal_new (name, ASSAY_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_parameters, G_TYPE_STRING);
}

static void
assay_session_class_init (AssaySessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_session_dispose;
  object_class->finalize = assay_session_finalize;

  signals[SIGNAL_CHANGED] = add_signal ("changed", 0);
  signals[SIGNAL_PROGRESS] = add_signal ("progress", 0);
  signals[SIGNAL_LEFT_OUT] = add_signal ("left-out", 0);
  signals[SIGNAL_MESSAGE] = add_signal ("message", 1);
  signals[SIGNAL_FINISHED] = add_signal ("finished", 0);
}

static void arrived_cb (AssayDownloads *downloads, AssayItem *item, AssaySession *self);
static void reach_changed_cb (AssaySession *self);
static void saved_cb (AssaySession *self, AssayConnection *connection);

static void
assay_session_init (AssaySession *self)
{
  self->downloads = assay_downloads_new ();
  g_signal_connect_object (self->downloads, "arrived", G_CALLBACK (arrived_cb), self, 0);
  self->collection = assay_collection_new ();
  self->runs = g_ptr_array_new_with_free_func (g_object_unref);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->left_out = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_intake_summary_free);
  self->cancellable = g_cancellable_new ();
}

static void
threshold_changed_cb (AssaySession *self)
{
  assay_collection_set_threshold (self->collection,
                                  g_settings_get_double (self->settings, "threshold"));
}

static void
jobs_changed_cb (AssaySession *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    assay_run_set_jobs (g_ptr_array_index (self->runs, i),
                        g_settings_get_uint (self->settings, "jobs"));
}

/**
 * assay_session_new:
 * @hub: (transfer none): what all sessions share
 * @settings: (transfer none): where the last choice is kept
 *
 * Returns: (transfer full): an empty session that asks nobody yet
 */
AssaySession *
assay_session_new (AssayHub *hub,
                   GSettings *settings)
{
  AssaySession *self;

  g_return_val_if_fail (ASSAY_IS_HUB (hub), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (ASSAY_TYPE_SESSION, NULL);
  self->hub = g_object_ref (hub);
  self->settings = g_object_ref (settings);
  self->journal = assay_journal_new (assay_hub_get_history (hub), settings);
  threshold_changed_cb (self);
  g_signal_connect_object (hub, "reach-changed", G_CALLBACK (reach_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (hub, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::threshold", G_CALLBACK (threshold_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::jobs", G_CALLBACK (jobs_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

AssayHub *
assay_session_get_hub (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return self->hub;
}

AssayCollection *
assay_session_get_collection (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return self->collection;
}

/**
 * assay_session_get_link:
 *
 * Returns: (transfer none) (nullable): the connection in use, %NULL before the
 *   start
 */
AssayLink *
assay_session_get_link (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return self->link;
}

/**
 * assay_session_get_target:
 *
 * Returns: (transfer none) (nullable): the target on show, %NULL while no model
 *   is chosen
 */
AssayTarget *
assay_session_get_target (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return assay_collection_get_target (self->collection);
}

/**
 * assay_session_dup_target_title:
 *
 * Returns: (transfer full) (nullable): model and version as people say them
 *   ("flowers 2"), %NULL while none is chosen
 */
char *
assay_session_dup_target_title (AssaySession *self)
{
  AssayTarget *target;
  g_autofree char *model = NULL;
  g_autofree char *version = NULL;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  target = assay_session_get_target (self);
  if (target == NULL)
    return NULL;
  model = assay_display_name (assay_target_get_model (target));
  version = assay_display_name (assay_target_get_version (target));
  if (*model == '\0')
    return g_strdup (_("the service’s own model"));
  if (*version == '\0')
    return g_steal_pointer (&model);
  return g_strdup_printf ("%s %s", model, version);
}

/* ---- asking ---- */

static gboolean
any_run_is_active (AssaySession *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    if (assay_run_is_active (g_ptr_array_index (self->runs, i)))
      return TRUE;
  return FALSE;
}

static gboolean
target_is_of (AssayTarget *target,
              AssayLink *link)
{
  const char *id = assay_connection_get_id (assay_link_get_connection (link));

  return target != NULL && strcmp (assay_target_get_connection_id (target), id) == 0;
}

/* Between two batches of a walk the runs may have nothing to do; they go on. */
static void
rest_when_done (AssaySession *self)
{
  if (assay_session_is_busy (self))
    return;
  g_ptr_array_set_size (self->runs, 0);
  self->paused = FALSE;
  if (!assay_journal_is_resuming (self->journal))
    self->n_before = 0;
  assay_journal_end (self->journal);
}

/* What a run learned of its service; news of another connection wait for the
 * day when that one is chosen again. */
static void
report_run (AssaySession *self,
            AssayRun *run)
{
  if (self->link == NULL || !target_is_of (assay_run_get_target (run), self->link))
    return;
  if (assay_run_get_fatal (run) != NULL)
    assay_link_report (self->link, assay_run_get_fatal (run));
  else if (assay_run_get_pause (run, NULL) == ASSAY_PAUSE_SIGN_IN)
    assay_link_report (self->link, assay_run_get_trouble (run));
  else if (assay_collection_count_state (self->collection, ASSAY_ANSWER_ANSWERED) > 0)
    assay_link_report (self->link, NULL);
}

static void
run_progress_cb (AssayRun *run,
                 GParamSpec *pspec,
                 AssaySession *self)
{
  if (assay_run_get_fatal (run) != NULL)
    report_run (self, run);
  emit (self, SIGNAL_PROGRESS);
}

static void
run_paused_cb (AssayRun *run,
               GParamSpec *pspec,
               AssaySession *self)
{
  if (assay_run_get_pause (run, NULL) == ASSAY_PAUSE_SIGN_IN)
    report_run (self, run);
  emit (self, SIGNAL_PROGRESS);
  emit (self, SIGNAL_CHANGED);
}

static void
item_done_cb (AssayRun *run,
              AssayItem *item,
              AssaySession *self)
{
  AssayAnswer *answer = assay_item_find_answer (item, assay_run_get_target (run));
  AssayAnswerState state = assay_answer_get_state (answer);

  self->sum.total++;
  self->sum.answered += state == ASSAY_ANSWER_ANSWERED;
  self->sum.failed += state == ASSAY_ANSWER_FAILED;
  self->sum.rejected += state == ASSAY_ANSWER_REJECTED;
  self->sum.canceled += state == ASSAY_ANSWER_CANCELED;
}

static void
tell_progress (AssaySession *self)
{
  emit (self, SIGNAL_PROGRESS);
  if (self->sum.total == 0 || assay_session_is_busy (self))
    return;
  emit (self, SIGNAL_FINISHED);
  self->sum = (AssaySum) { 0 };
}

static void
run_finished_cb (AssayRun *run,
                 AssaySession *self)
{
  report_run (self, run);
  rest_when_done (self);
  tell_progress (self);
  emit (self, SIGNAL_CHANGED);
}

static void
heed_reach (AssaySession *self,
            AssayRun *run)
{
  const char *id = assay_target_get_connection_id (assay_run_get_target (run));
  AssayConnection *connection = assay_connections_find (assay_hub_get_connections (self->hub), id);

  if (connection != NULL && !assay_hub_can_send (self->hub, connection))
    assay_run_pause (run, ASSAY_PAUSE_NETWORK);
  else
    assay_run_resume (run, ASSAY_PAUSE_NETWORK);
}

/* What waits for a service that was away need not wait for a person to say so. */
static void
reach_changed_cb (AssaySession *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    heed_reach (self, g_ptr_array_index (self->runs, i));
  if (self->link != NULL && assay_link_get_status (self->link) == ASSAY_LINK_OFFLINE
      && self->waiting->len > 0
      && assay_hub_can_send (self->hub, assay_link_get_connection (self->link)))
    assay_link_refresh (self->link);
}

static AssayRun *
new_run (AssaySession *self,
         AssayTarget *target)
{
  AssayConnection *connection = assay_link_get_connection (self->link);
  AssayRun *run = assay_run_new (assay_link_get_client (self->link), target,
                                 g_settings_get_uint (self->settings, "jobs"), TRUE);

  assay_run_set_can_sign_in (run, !assay_connection_is_builtin (connection));
  if (self->paused)
    assay_run_pause (run, ASSAY_PAUSE_PERSON);
  heed_reach (self, run);
  g_signal_connect_object (run, "notify::n-done", G_CALLBACK (run_progress_cb), self, 0);
  g_signal_connect_object (run, "notify::pause", G_CALLBACK (run_paused_cb), self, 0);
  g_signal_connect_object (run, "item-done", G_CALLBACK (item_done_cb), self, 0);
  g_signal_connect_object (run, "finished", G_CALLBACK (run_finished_cb), self, 0);
  return run;
}

static AssayRun *
ensure_run (AssaySession *self,
            AssayTarget *target)
{
  AssayRun *run;

  for (guint i = 0; i < self->runs->len; i++)
    {
      run = g_ptr_array_index (self->runs, i);
      if (assay_target_equal (assay_run_get_target (run), target)
          && (assay_run_is_active (run) || assay_run_get_fatal (run) == NULL))
        return run;
    }

  run = new_run (self, target);
  g_ptr_array_add (self->runs, run);
  if (self->sum.began == 0)
    self->sum.began = g_get_monotonic_time ();
  return run;
}

/**
 * assay_session_can_ask:
 *
 * Returns: whether the target on show can be asked now; what is given meanwhile
 *   waits
 */
gboolean
assay_session_can_ask (AssaySession *self)
{
  AssayTarget *target;
  AssayModelVersion *version;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), FALSE);

  target = assay_session_get_target (self);
  if (self->link == NULL || target == NULL || !assay_link_can_ask (self->link))
    return FALSE;
  version = assay_link_find_version (self->link, assay_target_get_model (target),
                                     assay_target_get_version (target));
  return version == NULL || version->callable;
}

static void turn_to_kept_target (AssaySession *self);

static void
wait_for_service (AssaySession *self,
                  GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (self->waiting, g_object_ref (g_ptr_array_index (items, i)));
  if (self->link != NULL && assay_link_get_status (self->link) == ASSAY_LINK_OFFLINE)
    assay_link_refresh (self->link);
  if (self->kept)
    turn_to_kept_target (self);
  emit (self, SIGNAL_CHANGED);
}

/* What is here, or will not come. */
static void
ask_ready (AssaySession *self,
           GPtrArray *items)
{
  g_autoptr (AssayRun) run = NULL;

  if (items->len == 0)
    return;
  if (!assay_session_can_ask (self))
    {
      wait_for_service (self, items);
      return;
    }
  /* A run may end, and be let go, while items that cannot be sent are added. */
  run = g_object_ref (ensure_run (self, assay_session_get_target (self)));
  assay_journal_add (self->journal, run, assay_link_get_connection (self->link), items);
  assay_run_add (run, items);
  emit (self, SIGNAL_PROGRESS);
  emit (self, SIGNAL_CHANGED);
}

static void
arrived_cb (AssayDownloads *downloads,
            AssayItem *item,
            AssaySession *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_ptr_array_add (items, item);
  ask_ready (self, items);
  rest_when_done (self);
  tell_progress (self);
}

/* What isn't here is fetched first and asked about when it is; what did not come is
 * fetched again only if a person says so. */
static void
ask (AssaySession *self,
     GPtrArray *items,
     gboolean again)
{
  g_autoptr (GPtrArray) ready = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);
      AssaySource *source = assay_item_get_source (item);

      if (assay_source_is_awaited (source) || (again && !assay_source_is_here (source)))
        assay_downloads_add (self->downloads, item);
      else
        g_ptr_array_add (ready, item);
    }
  ask_ready (self, ready);
  if (ready->len < items->len)
    {
      emit (self, SIGNAL_PROGRESS);
      emit (self, SIGNAL_CHANGED);
    }
}

/**
 * assay_session_ask:
 * @items: (element-type AssayItem): items of the collection
 *
 * Asks the target on show about each, whatever it had answered before.  While
 * nobody can be asked they wait until somebody can.
 */
void
assay_session_ask (AssaySession *self,
                   GPtrArray *items)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (items != NULL);

  ask (self, items, TRUE);
}

typedef gboolean (*Wanted) (AssayItem *item);

static GPtrArray *
collect (AssaySession *self,
         Wanted wanted)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->collection));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (self->collection), i);

      if (wanted == NULL || wanted (item))
        g_ptr_array_add (items, g_steal_pointer (&item));
    }
  return items;
}

static gboolean
is_unasked (AssayItem *item)
{
  return assay_item_get_answer (item) == NULL;
}

static gboolean
is_unasked_and_refused (AssayItem *item)
{
  return is_unasked (item) && assay_source_get_error (assay_item_get_source (item)) != NULL;
}

static gboolean
has_failed (AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);
  AssayAnswerState state;

  if (answer == NULL)
    return FALSE;
  state = assay_answer_get_state (answer);
  return state == ASSAY_ANSWER_FAILED || state == ASSAY_ANSWER_CANCELED;
}

/* Whether it failed for want of the service, not for what it is. */
static gboolean
has_failed_by_service (AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);
  const GError *error = answer != NULL ? assay_answer_get_error (answer) : NULL;

  return error != NULL
         && assay_answer_get_state (answer) == ASSAY_ANSWER_FAILED
         && (assay_error_is_transient (error)
             || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED)
             || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CERTIFICATE));
}

/**
 * assay_session_ask_failed:
 *
 * Asks again about what failed or was canceled.
 *
 * Returns: how many that are
 */
guint
assay_session_ask_failed (AssaySession *self)
{
  g_autoptr (GPtrArray) items = NULL;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), 0);

  items = collect (self, has_failed);
  assay_session_ask (self, items);
  return items->len;
}

/**
 * assay_session_ask_unasked:
 *
 * Asks the target on show about every image that it was never asked about.
 */
void
assay_session_ask_unasked (AssaySession *self)
{
  g_autoptr (GPtrArray) items = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));

  items = collect (self, is_unasked);
  g_ptr_array_set_size (self->waiting, 0);
  assay_session_ask (self, items);
}

/**
 * assay_session_count_unasked:
 *
 * Returns: images that the target on show was never asked about, other than
 *   those that will be asked as soon as they are here and the service can be reached
 */
guint
assay_session_count_unasked (AssaySession *self)
{
  guint unasked;
  guint waiting;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), 0);

  if (self->kept)
    return 0;
  unasked = assay_collection_count_unasked (self->collection);
  waiting = self->waiting->len;
  for (guint i = 0; i < assay_downloads_get_n (self->downloads); i++)
    if (is_unasked (assay_downloads_get_item (self->downloads, i)))
      waiting++;
  return unasked > waiting ? unasked - waiting : 0;
}

static void
ask_waiting (AssaySession *self)
{
  g_autoptr (GPtrArray) items = NULL;

  if (self->waiting->len == 0 || !assay_session_can_ask (self))
    return;
  items = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  ask (self, items, FALSE);
}

/**
 * assay_session_prefer:
 * @item: what a person looks at
 *
 * Lets it go next if it is waiting.
 */
void
assay_session_prefer (AssaySession *self,
                      AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  for (guint i = 0; i < self->runs->len; i++)
    assay_run_prefer (g_ptr_array_index (self->runs, i), item);
}

/* Canceling tells of itself, and that empties self->runs. */
static GPtrArray *
dup_runs (AssaySession *self)
{
  GPtrArray *runs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->runs->len; i++)
    g_ptr_array_add (runs, g_object_ref (g_ptr_array_index (self->runs, i)));
  return runs;
}

/**
 * assay_session_cancel:
 *
 * Stops every run, walk and download; what was answered stays.
 */
void
assay_session_cancel (AssaySession *self)
{
  g_autoptr (GPtrArray) runs = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  assay_downloads_cancel (self->downloads);

  runs = dup_runs (self);
  for (guint i = 0; i < runs->len; i++)
    assay_run_cancel (g_ptr_array_index (runs, i));
  emit (self, SIGNAL_PROGRESS);
}

/**
 * assay_session_cancel_items:
 * @items: (element-type AssayItem): items of the collection
 *
 * Cancels at once what is on its way of them; they stay in the list.
 */
void
assay_session_cancel_items (AssaySession *self,
                            GPtrArray *items)
{
  g_autoptr (GPtrArray) runs = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (items != NULL);

  runs = dup_runs (self);
  /* From the end: canceling the first would send the next, only to cancel it. */
  for (guint i = items->len; i > 0; i--)
    for (guint r = 0; r < runs->len; r++)
      assay_run_cancel_item (g_ptr_array_index (runs, r), g_ptr_array_index (items, i - 1));
  emit (self, SIGNAL_PROGRESS);
}

/**
 * assay_session_pause:
 *
 * Sends nothing more until assay_session_resume(); what is in flight comes to its
 * end.
 */
void
assay_session_pause (AssaySession *self)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));

  self->paused = any_run_is_active (self);
  for (guint i = 0; i < self->runs->len; i++)
    assay_run_pause (g_ptr_array_index (self->runs, i), ASSAY_PAUSE_PERSON);
}

void
assay_session_resume (AssaySession *self)
{
  g_autoptr (GPtrArray) runs = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));

  self->paused = FALSE;
  runs = dup_runs (self);
  for (guint i = 0; i < runs->len; i++)
    assay_run_resume (g_ptr_array_index (runs, i), ASSAY_PAUSE_PERSON);
}

/**
 * assay_session_can_pause:
 *
 * Returns: whether something is being asked, or would be if it weren't paused
 */
gboolean
assay_session_can_pause (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), FALSE);

  return any_run_is_active (self);
}

/**
 * assay_session_try_now:
 *
 * A person says that service and network are back: no longer waits for them.
 */
void
assay_session_try_now (AssaySession *self)
{
  g_autoptr (GPtrArray) runs = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));

  runs = dup_runs (self);
  for (guint i = 0; i < runs->len; i++)
    {
      assay_run_resume (g_ptr_array_index (runs, i), ASSAY_PAUSE_NETWORK);
      assay_run_try_now (g_ptr_array_index (runs, i));
    }
}

/* ---- choosing ---- */

/* For the next start; what cannot be written is only a convenience lost. */
static void
remember_choice (AssaySession *self)
{
  AssayConnection *connection = assay_link_get_connection (self->link);
  AssayTarget *target = assay_session_get_target (self);
  const char *model = target != NULL ? assay_target_get_model (target) : "";
  const char *version = target != NULL ? assay_target_get_version (target) : "";

  if (!g_settings_get_boolean (self->settings, "keep-choice"))
    return;
  g_settings_set_string (self->settings, "connection", assay_connection_get_id (connection));
  g_settings_set_string (self->settings, "model", model);
  g_settings_set_string (self->settings, "version", version);
  if (target == NULL || assay_connection_is_builtin (connection)
      || (g_strcmp0 (assay_connection_get_last_model (connection), model) == 0
          && g_strcmp0 (assay_connection_get_last_version (connection), version) == 0))
    return;
  g_object_set (connection, "last-model", model, "last-version", version, NULL);
  assay_connections_save (assay_hub_get_connections (self->hub), NULL);
}

static void
ask_about_new_target (AssaySession *self)
{
  g_autoptr (GPtrArray) items = NULL;

  if (self->waiting->len > 0)
    return;
  if (assay_collection_count_unasked (self->collection) <= ASK_AT_ONCE)
    items = collect (self, is_unasked);
  else
    items = collect (self, is_unasked_and_refused);
  ask (self, items, FALSE);
}

static void
show_target (AssaySession *self,
             AssayTarget *target)
{
  if (assay_target_equal (assay_session_get_target (self), target))
    return;
  assay_collection_set_target (self->collection, target);
  remember_choice (self);
  if (target != NULL)
    {
      ask_about_new_target (self);
      ask_waiting (self);
    }
  emit (self, SIGNAL_CHANGED);
}

/**
 * assay_session_choose_version:
 * @model: a model of the connection in use; empty for the service's own
 * @version: a version of it
 *
 * Shows that version's answers.  Nothing is discarded or canceled; a few
 * unanswered images are asked at once, many only by
 * assay_session_ask_unasked().
 */
void
assay_session_choose_version (AssaySession *self,
                              const char *model,
                              const char *version)
{
  g_autoptr (AssayTarget) target = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (model != NULL && version != NULL);

  if (self->link == NULL)
    return;
  target = assay_target_new (assay_connection_get_id (assay_link_get_connection (self->link)),
                             model, version);
  show_target (self, target);
}

static gboolean
may_keep_target (AssaySession *self)
{
  AssayTarget *target = assay_session_get_target (self);
  AssayModelVersion *version;

  if (!target_is_of (target, self->link))
    return FALSE;
  version = assay_link_find_version (self->link, assay_target_get_model (target),
                                     assay_target_get_version (target));
  return version != NULL && (version->callable || assay_link_version_is_pending (version));
}

/* The service has listed what it has: keeps the choice if it is there, else
 * takes the first version that answers. */
static void
settle_on_version (AssaySession *self)
{
  GPtrArray *versions = assay_link_get_versions (self->link);

  if (versions == NULL || may_keep_target (self) || assay_journal_is_resuming (self->journal))
    return;
  for (guint i = 0; i < versions->len; i++)
    {
      AssayModelVersion *version = g_ptr_array_index (versions, i);

      if (!version->callable)
        continue;
      assay_session_choose_version (self, version->model, version->version);
      return;
    }
}

static void
retry_if_wanted (AssaySession *self)
{
  g_autoptr (GPtrArray) items = NULL;

  if (!self->retry || !assay_session_can_ask (self))
    return;
  self->retry = FALSE;
  items = collect (self, has_failed_by_service);
  assay_session_ask (self, items);
}

/* Runs that wait for the service need not wait for the end of their pause. */
static void
wake_runs (AssaySession *self)
{
  g_autoptr (GPtrArray) runs = dup_runs (self);

  for (guint i = 0; i < runs->len; i++)
    {
      AssayRun *run = g_ptr_array_index (runs, i);

      if (target_is_of (assay_run_get_target (run), self->link)
          && assay_run_get_pause (run, NULL) == ASSAY_PAUSE_GONE)
        assay_run_try_now (run);
    }
}

static void
link_restarted_cb (AssayLink *link,
                   AssaySession *self)
{
  wake_runs (self);
  say (self, _("The built-in service stopped and was started again"));
}

/* Whoever lists nothing is asked by the pictures that wait. */
static gboolean
is_signed_in (AssayLink *link)
{
  AssayLinkStatus status = assay_link_get_status (link);

  return status == ASSAY_LINK_READY
         || (status == ASSAY_LINK_UNKNOWN && !assay_link_can_list (link)
             && assay_link_can_ask (link));
}

static void
resume_signed_in (AssaySession *self)
{
  g_autoptr (GPtrArray) runs = dup_runs (self);

  for (guint i = 0; i < runs->len; i++)
    if (target_is_of (assay_run_get_target (g_ptr_array_index (runs, i)), self->link))
      assay_run_resume (g_ptr_array_index (runs, i), ASSAY_PAUSE_SIGN_IN);
}

static void
link_changed_cb (AssayLink *link,
                 AssaySession *self)
{
  if (assay_link_get_status (link) == ASSAY_LINK_READY)
    {
      settle_on_version (self);
      wake_runs (self);
    }
  if (is_signed_in (link))
    resume_signed_in (self);
  ask_waiting (self);
  retry_if_wanted (self);
  emit (self, SIGNAL_CHANGED);
}

/* The same service, reached otherwise since somebody has changed the connection. */
static void
renew_clients (AssaySession *self)
{
  AssayClient *client = assay_link_get_client (self->link);

  for (guint i = 0; i < self->runs->len && client != NULL; i++)
    {
      AssayRun *run = g_ptr_array_index (self->runs, i);

      if (target_is_of (assay_run_get_target (run), self->link))
        assay_run_set_client (run, client);
    }
}

static void
use_link (AssaySession *self,
          AssayLink *link)
{
  if (self->link == link)
    return;
  if (self->link != NULL)
    g_signal_handlers_disconnect_by_data (self->link, self);
  g_set_object (&self->link, link);
  if (link == NULL)
    return;
  renew_clients (self);
  g_signal_connect_object (link, "changed", G_CALLBACK (link_changed_cb), self, 0);
  g_signal_connect_object (link, "restarted", G_CALLBACK (link_restarted_cb), self, 0);
}

static void
show_last_target (AssaySession *self,
                  AssayConnection *connection)
{
  const char *model = assay_connection_get_last_model (connection);
  const char *version = assay_connection_get_last_version (connection);

  if (model != NULL && *model != '\0')
    assay_session_choose_version (self, model, version != NULL ? version : "");
  else
    {
      show_target (self, NULL);
      settle_on_version (self);
    }
}

/**
 * assay_session_choose_connection:
 * @connection: one of the hub's connections
 *
 * Turns to another service, with the model and version that were last used
 * there.  Runs at other services go on.
 */
void
assay_session_choose_connection (AssaySession *self,
                                 AssayConnection *connection)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (ASSAY_IS_CONNECTION (connection));

  self->kept = FALSE;
  use_link (self, assay_hub_get_link (self->hub, connection));
  if (!target_is_of (assay_session_get_target (self), self->link))
    show_last_target (self, connection);
  if (assay_link_get_status (self->link) != ASSAY_LINK_READY)
    assay_link_refresh (self->link);
  emit (self, SIGNAL_CHANGED);
}

/* Whoever has signed in in one window has done so for all. */
static void
saved_cb (AssaySession *self,
          AssayConnection *connection)
{
  if (self->link != NULL && assay_link_get_connection (self->link) == connection)
    assay_session_choose_connection (self, connection);
}

/* The last choice, shown before the service has said a word. */
static void
restore_target (AssaySession *self)
{
  g_autofree char *model = g_settings_get_string (self->settings, "model");
  g_autofree char *version = g_settings_get_string (self->settings, "version");

  if (*model != '\0')
    assay_session_choose_version (self, model, version);
}

/**
 * assay_session_start:
 *
 * Turns to the connection that was last used and asks what it has.  To be
 * called when the window stands on the screen.
 */
void
assay_session_start (AssaySession *self)
{
  AssayConnections *connections;
  g_autofree char *id = NULL;
  AssayConnection *connection;

  g_return_if_fail (ASSAY_IS_SESSION (self));

  if (self->link != NULL || self->kept)
    return;
  connections = assay_hub_get_connections (self->hub);
  id = g_settings_get_string (self->settings, "connection");
  connection = assay_connections_find (connections, id);
  if (connection != NULL)
    {
      use_link (self, assay_hub_get_link (self->hub, connection));
      restore_target (self);
      assay_link_refresh (self->link);
      emit (self, SIGNAL_CHANGED);
      return;
    }
  connection = assay_connections_find (connections, ASSAY_CONNECTION_BUILTIN);
  if (connection != NULL)
    assay_session_choose_connection (self, connection);
}

/**
 * assay_session_try_again:
 *
 * Asks the service once more how it stands; when it is there, what waits for it
 * is sent, and what failed for want of it is sent again.
 */
void
assay_session_try_again (AssaySession *self)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));

  if (self->link == NULL)
    return;
  self->retry = TRUE;
  assay_link_refresh (self->link);
}

/**
 * assay_session_close:
 *
 * Stops everything that is under way for this session.
 */
void
assay_session_close (AssaySession *self)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));

  g_cancellable_cancel (self->cancellable);
  assay_downloads_close (self->downloads);
  use_link (self, NULL);
  assay_journal_interrupt (self->journal, self->n_walks > 0);
  while (self->runs->len > 0)
    {
      g_autoptr (AssayRun) run = g_ptr_array_steal_index_fast (self->runs, 0);

      g_signal_handlers_disconnect_by_data (run, self);
      assay_run_cancel (run);
    }
  assay_journal_close (self->journal);
  g_ptr_array_set_size (self->waiting, 0);
}

/* ---- giving ---- */

static void
add_sources (AssaySession *self,
             GPtrArray *sources)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < sources->len; i++)
    g_ptr_array_add (items, assay_item_new (g_ptr_array_index (sources, i)));
  assay_collection_append (self->collection, items);
  assay_session_ask (self, items);
}

/* One walk.  Its cancellable is the session's of then: a session that has been
 * cleared or closed since takes nothing more from it. */
typedef struct {
  AssaySession *session;         /* (owned) */
  GCancellable *cancellable;     /* (owned) */
} Walk;

static void
walk_free (gpointer data)
{
  Walk *self = data;

  g_object_unref (self->session);
  g_object_unref (self->cancellable);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Walk, walk_free)

static Walk *
walk_new (AssaySession *session)
{
  Walk *self = g_new0 (Walk, 1);

  self->session = g_object_ref (session);
  self->cancellable = g_object_ref (session->cancellable);
  return self;
}

static void
walk_batch_cb (GPtrArray *sources,
               gpointer data)
{
  Walk *walk = data;

  if (!g_cancellable_is_cancelled (walk->cancellable))
    add_sources (walk->session, sources);
}

static void
walk_cb (GObject *object,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (Walk) walk = data;
  AssaySession *self = walk->session;
  g_autoptr (AssayIntakeSummary) summary = NULL;
  g_autoptr (GError) error = NULL;

  summary = assay_intake_walk_finish (result, &error);
  self->n_walks--;
  rest_when_done (self);
  if (g_cancellable_is_cancelled (walk->cancellable))
    {
      emit (self, SIGNAL_PROGRESS);
      return;
    }
  if (summary == NULL)
    say (self, error->message);
  else if (summary->n_left_out > 0)
    {
      self->n_left_out += summary->n_left_out;
      g_ptr_array_add (self->left_out, g_steal_pointer (&summary));
      emit (self, SIGNAL_LEFT_OUT);
    }
  tell_progress (self);
}

static char *
dup_pasted_name (AssaySession *self)
{
  return g_strdup_printf (_("Pasted image %u"), ++self->n_pasted);
}

static void
walk_files (AssaySession *self,
            GFile *const *files,
            guint n_files,
            gboolean send_archives)
{
  const AssayIntakeOptions options = { .send_archives = send_archives };

  if (n_files == 0)
    return;
  assay_journal_name_files (self->journal, files, n_files);
  self->n_walks++;
  assay_intake_walk_full_async (files, n_files, &options, walk_batch_cb, walk_new (self),
                                walk_free, self->cancellable, walk_cb, walk_new (self));
  emit (self, SIGNAL_PROGRESS);
}

/* A service that takes no archives gets their pictures one by one, whatever the
 * person likes best. */
static gboolean
sends_archives (AssaySession *self)
{
  if (g_settings_get_enum (self->settings, "archives") != ARCHIVES_SEND)
    return FALSE;
  return self->link == NULL
         || assay_connection_get_protocol (assay_link_get_connection (self->link))->read_archive
              != NULL;
}

static gboolean
is_of_archive (AssayItem *item,
               GFile *file)
{
  AssaySource *source = assay_item_get_source (item);
  GFile *own = assay_source_get_file (source);

  return own != NULL && g_file_equal (own, file)
         && (assay_source_is_unfit (source) || assay_source_get_parcel (source, NULL) != NULL);
}

/**
 * assay_session_can_open_archive:
 * @item: an item of the collection
 *
 * Returns: whether it is, or is of, an archive that was to be sent as it is
 */
gboolean
assay_session_can_open_archive (AssayItem *item)
{
  AssaySource *source;

  g_return_val_if_fail (ASSAY_IS_ITEM (item), FALSE);

  source = assay_item_get_source (item);
  return assay_source_is_unfit (source) || assay_source_get_parcel (source, NULL) != NULL;
}

/**
 * assay_session_open_archive:
 * @item: an item that assay_session_can_open_archive()
 *
 * Opens the archive that it is, or is of, in place of sending it as it is: its
 * rows make room for those of its members.
 */
void
assay_session_open_archive (AssaySession *self,
                            AssayItem *item)
{
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (AssayRemoval) removal = NULL;
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (assay_session_can_open_archive (item));

  file = g_object_ref (assay_source_get_file (assay_item_get_source (item)));
  items = collect (self, NULL);
  for (guint i = items->len; i > 0; i--)
    if (!is_of_archive (g_ptr_array_index (items, i - 1), file))
      g_ptr_array_remove_index (items, i - 1);
  removal = assay_session_remove (self, items);
  walk_files (self, &file, 1, FALSE);
}

static char *
dup_address (GFile *file)
{
  g_autofree char *uri = NULL;

  if (!g_file_has_uri_scheme (file, "http") && !g_file_has_uri_scheme (file, "https"))
    return NULL;
  uri = g_file_get_uri (file);
  return assay_address_normalize (uri);
}

/**
 * assay_session_add_files:
 * @files: (array length=n_files): files and folders, of any kind
 * @n_files: how many
 *
 * Gives them to the session: folders are walked, and each thing becomes an item
 * and is asked about.  A file that is an address on the web is fetched as such, not
 * through whatever the desktop has for it, which may know passwords.
 */
void
assay_session_add_files (AssaySession *self,
                         GFile *const *files,
                         guint n_files)
{
  g_autoptr (GPtrArray) here = g_ptr_array_new ();
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (files != NULL || n_files == 0);

  for (guint i = 0; i < n_files; i++)
    {
      char *address = dup_address (files[i]);

      if (address != NULL)
        g_ptr_array_add (addresses, address);
      else
        g_ptr_array_add (here, files[i]);
    }
  assay_session_add_addresses (self, addresses);
  walk_files (self, (GFile *const *) here->pdata, here->len, sends_archives (self));
}

/**
 * assay_session_add_addresses:
 * @addresses: (element-type utf8): of pictures, as assay_address_normalize() makes
 *   them; at most %ASSAY_LIMIT_ADDRESSES are taken, and a person is told of the rest
 *
 * Gives them to the session: each has a row at once, is fetched, and is asked about
 * when it is here.
 */
void
assay_session_add_addresses (AssaySession *self,
                             GPtrArray *addresses)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (addresses != NULL);

  for (guint i = 0; i < MIN (addresses->len, ASSAY_LIMIT_ADDRESSES); i++)
    {
      const char *address = g_ptr_array_index (addresses, i);
      g_autofree char *name = NULL;

      if (assay_address_is_data (address))
        name = dup_pasted_name (self);
      g_ptr_array_add (items, assay_downloads_new_item (address, name != NULL ? name : address));
    }
  if (items->len == 0)
    return;
  assay_collection_append (self->collection, items);
  assay_session_ask (self, items);
  if (addresses->len > items->len)
    {
      g_autofree char *sentence =
        g_strdup_printf (_("Only the first %u web addresses were added"), items->len);

      say (self, sentence);
    }
}

static void
encode_worker (GTask *task,
               gpointer source,
               gpointer data,
               GCancellable *cancellable)
{
  GdkTexture *texture = data;
  GBytes *bytes = gdk_texture_save_to_png_bytes (texture);

  g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
}

/**
 * assay_session_add_picture:
 * @bytes: (transfer none): a picture as it was copied or dropped
 * @name: (nullable): what it is called, one of ours if that isn't known
 */
void
assay_session_add_picture (AssaySession *self,
                           GBytes *bytes,
                           const char *name)
{
  g_autoptr (GPtrArray) sources = NULL;
  g_autofree char *ours = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (bytes != NULL);

  sources = g_ptr_array_new_with_free_func (g_object_unref);
  if (name == NULL)
    name = ours = dup_pasted_name (self);
  g_ptr_array_add (sources, assay_source_new_bytes (ASSAY_SOURCE_MEMORY, name, bytes));
  add_sources (self, sources);
}

static void
encode_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  AssaySession *self = ASSAY_SESSION (object);
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), NULL);

  self->n_walks--;
  if (bytes != NULL)
    assay_session_add_picture (self, bytes, NULL);
  rest_when_done (self);
  emit (self, SIGNAL_PROGRESS);
}

/**
 * assay_session_add_texture:
 * @texture: (transfer none): pasted or dropped pixels
 *
 * Gives it to the session as a PNG, encoded on a worker thread.
 */
void
assay_session_add_texture (AssaySession *self,
                           GdkTexture *texture)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (GDK_IS_TEXTURE (texture));

  task = g_task_new (self, self->cancellable, encode_cb, NULL);
  g_task_set_source_tag (task, assay_session_add_texture);
  g_task_set_task_data (task, g_object_ref (texture), g_object_unref);
  self->n_walks++;
  g_task_run_in_thread (task, encode_worker);
}

/**
 * assay_text_names_files:
 * @text: dropped or pasted text
 *
 * Returns: whether each of its lines is a path, a file address or one on the web
 */
gboolean
assay_text_names_files (const char *text)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (text != NULL, FALSE);

  return assay_offer_text_read_lines (text, files, addresses);
}

/**
 * assay_session_add_text:
 * @text: paths and addresses, one a line
 *
 * Returns: %FALSE when it isn't that, and nothing was added
 */
gboolean
assay_session_add_text (AssaySession *self,
                        const char *text)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (ASSAY_IS_SESSION (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (!assay_offer_text_read_lines (text, files, addresses))
    return FALSE;
  assay_session_add_files (self, (GFile *const *) files->pdata, files->len);
  assay_session_add_addresses (self, addresses);
  return TRUE;
}

/* The samples are given as files, so that each is a row of its own in no group. */
static void
samples_worker (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  g_autofree char *folder = assay_builtin_dup_samples_dir ();
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *type = g_content_type_guess (name, NULL, 0, NULL);

      if (g_content_type_is_a (type, "image/*"))
        g_ptr_array_add (files, g_file_new_build_filename (folder, name, NULL));
    }
  g_task_return_pointer (task, files, (GDestroyNotify) g_ptr_array_unref);
}

static int
compare_files (gconstpointer a,
               gconstpointer b)
{
  g_autofree char *left = g_file_get_basename (*(GFile *const *) a);
  g_autofree char *right = g_file_get_basename (*(GFile *const *) b);

  return strcmp (left, right);
}

static void
samples_cb (GObject *object,
            GAsyncResult *result,
            gpointer data)
{
  AssaySession *self = ASSAY_SESSION (object);
  g_autoptr (GPtrArray) files = g_task_propagate_pointer (G_TASK (result), NULL);

  if (files == NULL)
    return;
  if (files->len == 0)
    {
      say (self, _("The sample pictures are not installed"));
      return;
    }
  g_ptr_array_sort (files, compare_files);
  assay_session_add_files (self, (GFile *const *) files->pdata, files->len);
}

/**
 * assay_session_add_samples:
 *
 * Gives the sample pictures that came with the program to the session, and
 * turns to the built-in service, which knows them.
 */
void
assay_session_add_samples (AssaySession *self)
{
  AssayConnections *connections;
  AssayConnection *builtin;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));

  connections = assay_hub_get_connections (self->hub);
  builtin = assay_connections_find (connections, ASSAY_CONNECTION_BUILTIN);
  if (builtin != NULL)
    assay_session_choose_connection (self, builtin);

  task = g_task_new (self, self->cancellable, samples_cb, NULL);
  g_task_set_source_tag (task, assay_session_add_samples);
  g_task_run_in_thread (task, samples_worker);
}

/* ---- taking away ---- */

/* Takes the items that wait for a service out of the waiting ones; the rest
 * stays in order. */
static GHashTable *
steal_waiting (AssaySession *self,
               GPtrArray *items)
{
  g_autoptr (GHashTable) doomed = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTable *stolen = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);

  if (self->waiting->len == 0)
    return stolen;
  for (guint i = 0; i < items->len; i++)
    g_hash_table_add (doomed, g_ptr_array_index (items, i));
  for (guint i = 0; i < self->waiting->len; i++)
    {
      AssayItem *item = g_object_ref (g_ptr_array_index (self->waiting, i));

      if (g_hash_table_contains (doomed, item))
        g_hash_table_add (stolen, item);
      else
        g_ptr_array_add (kept, item);
    }
  g_ptr_array_unref (self->waiting);
  self->waiting = g_steal_pointer (&kept);
  return stolen;
}

static gboolean
is_on_its_way (AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);

  return assay_source_is_awaited (assay_item_get_source (item))
         || (answer != NULL && !assay_answer_state_is_final (assay_answer_get_state (answer)));
}

static GPtrArray *
new_left_out (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) assay_intake_summary_free);
}

static AssayRemoval *
removal_new (void)
{
  AssayRemoval *self = g_new0 (AssayRemoval, 1);

  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->unfinished = g_ptr_array_new_with_free_func (g_object_unref);
  self->left_out = new_left_out ();
  return self;
}

static AssayRemoval *
take_out (AssaySession *self,
          GPtrArray *items)
{
  g_autoptr (GHashTable) waiting = steal_waiting (self, items);
  AssayRemoval *removal = removal_new ();

  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);

      g_ptr_array_add (removal->items, g_object_ref (item));
      if (is_on_its_way (item) || g_hash_table_contains (waiting, item))
        g_ptr_array_add (removal->unfinished, g_object_ref (item));
      assay_downloads_drop (self->downloads, item);
    }
  assay_collection_remove (self->collection, removal->items);
  return removal;
}

/**
 * assay_session_remove:
 * @items: (element-type AssayItem): items of the collection
 *
 * Takes them out; what is on its way for them is canceled.
 *
 * Returns: (transfer full): what assay_session_restore() needs
 */
AssayRemoval *
assay_session_remove (AssaySession *self,
                      GPtrArray *items)
{
  AssayRemoval *removal;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);
  g_return_val_if_fail (items != NULL, NULL);

  removal = take_out (self, items);
  assay_session_cancel_items (self, removal->items);
  emit (self, SIGNAL_CHANGED);
  return removal;
}

static void
take_left_out (AssaySession *self,
               AssayRemoval *removal)
{
  g_ptr_array_unref (removal->left_out);
  removal->left_out = g_steal_pointer (&self->left_out);
  removal->n_left_out = self->n_left_out;
  self->left_out = new_left_out ();
  self->n_left_out = 0;
  emit (self, SIGNAL_LEFT_OUT);
}

/**
 * assay_session_remove_left_out:
 *
 * Forgets which files were left out.
 *
 * Returns: (transfer full): what assay_session_restore() needs
 */
AssayRemoval *
assay_session_remove_left_out (AssaySession *self)
{
  AssayRemoval *removal;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  removal = removal_new ();
  take_left_out (self, removal);
  return removal;
}

/**
 * assay_session_clear:
 *
 * Takes everything out and stops every run and walk.
 *
 * Returns: (transfer full): what assay_session_restore() needs
 */
AssayRemoval *
assay_session_clear (AssaySession *self)
{
  g_autoptr (GPtrArray) items = NULL;
  AssayRemoval *removal;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  items = collect (self, NULL);
  removal = take_out (self, items);
  assay_session_cancel (self);
  take_left_out (self, removal);
  emit (self, SIGNAL_CHANGED);
  return removal;
}

/* What was left out since stays too, behind it. */
static void
restore_left_out (AssaySession *self,
                  AssayRemoval *removal)
{
  if (removal->n_left_out == 0)
    return;
  g_ptr_array_extend_and_steal (removal->left_out, g_steal_pointer (&self->left_out));
  self->left_out = g_steal_pointer (&removal->left_out);
  self->n_left_out += removal->n_left_out;
  removal->left_out = new_left_out ();
  removal->n_left_out = 0;
  emit (self, SIGNAL_LEFT_OUT);
}

/**
 * assay_session_restore:
 * @removal: what was taken out
 *
 * Puts it back in its place, with its answers, and asks again about what was
 * on its way.
 */
void
assay_session_restore (AssaySession *self,
                       AssayRemoval *removal)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (removal != NULL);

  assay_collection_restore (self->collection, removal->items);
  restore_left_out (self, removal);
  assay_session_ask (self, removal->unfinished);
}

void
assay_removal_free (AssayRemoval *self)
{
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->unfinished);
  g_ptr_array_unref (self->left_out);
  g_free (self);
}

/* ---- what is kept ---- */

/* A person wants to ask: nobody but whom the run asked. */
static void
turn_to_kept_target (AssaySession *self)
{
  AssayTarget *target = assay_session_get_target (self);
  AssayConnections *connections = assay_hub_get_connections (self->hub);
  AssayConnection *connection =
    assay_connections_find (connections, assay_target_get_connection_id (target));

  if (connection != NULL)
    {
      assay_session_choose_connection (self, connection);
      ask_waiting (self);
      return;
    }
  g_ptr_array_set_size (self->waiting, 0);
  say (self, _("The connection of this run no longer exists. Add the images to a new window to "
               "ask another one."));
}

static void
restore_kept (AssaySession *self,
              AssayTarget *target,
              GPtrArray *items)
{
  g_autoptr (GPtrArray) shown = collect (self, NULL);

  assay_collection_remove (self->collection, shown);
  assay_collection_set_target (self->collection, target);
  assay_collection_restore (self->collection, items);
}

/**
 * assay_session_show_kept:
 * @target: whom the run asked
 * @items: (element-type AssayItem): all of it, each with its serial
 *
 * Shows a kept run in place of what is shown.  Nobody is asked, and no service
 * started, until a person wants that.
 */
void
assay_session_show_kept (AssaySession *self,
                         AssayTarget *target,
                         GPtrArray *items)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (target != NULL && items != NULL);

  self->kept = TRUE;
  use_link (self, NULL);
  restore_kept (self, target, items);
  emit (self, SIGNAL_CHANGED);
}

static void
revived_batch_cb (GPtrArray *items,
                  gpointer data)
{
  Walk *walk = data;

  if (g_cancellable_is_cancelled (walk->cancellable))
    return;
  assay_collection_restore (walk->session->collection, items);
  ask (walk->session, items, FALSE);
}

static void
revived_cb (GObject *object,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (Walk) walk = data;

  assay_revive_left_finish (result, NULL);
  walk->session->n_walks--;
  rest_when_done (walk->session);
  emit (walk->session, SIGNAL_PROGRESS);
}

/**
 * assay_session_resume_kept:
 * @connection: of @target
 * @recording: (transfer none): the kept run, ours from now on
 * @target: whom it asks
 * @items: (element-type AssayItem): what has its answer, each with its serial
 * @left: (element-type AssayKeptItem): what has none
 * @n_given: as for assay_recorder_new_resumed()
 *
 * Goes on with a kept run in place of what is shown: finds the pictures that are left
 * and asks about them, as soon as the service can be asked.
 */
void
assay_session_resume_kept (AssaySession *self,
                           AssayConnection *connection,
                           AssayRecording *recording,
                           AssayTarget *target,
                           GPtrArray *items,
                           GPtrArray *left,
                           guint n_given)
{
  Walk *walk;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (ASSAY_IS_CONNECTION (connection));
  g_return_if_fail (recording != NULL && target != NULL && items != NULL && left != NULL);

  assay_journal_resume (self->journal, recording, target, n_given);
  restore_kept (self, target, items);
  self->n_before = items->len;
  assay_session_choose_connection (self, connection);
  remember_choice (self);
  self->n_walks++;
  walk = walk_new (self);
  assay_revive_left_async (left, NULL, revived_batch_cb, walk, self->cancellable, revived_cb, walk);
  emit (self, SIGNAL_PROGRESS);
  emit (self, SIGNAL_CHANGED);
}

static int
compare_to_serial (guint serial,
                   AssayItem *item)
{
  guint other = assay_item_get_serial (item);

  return serial < other ? -1 : serial > other;
}

/* The collection stands in order of the serials. */
static AssayItem *
find_serial (AssaySession *self,
             guint serial)
{
  guint low = 0;
  guint high = g_list_model_get_n_items (G_LIST_MODEL (self->collection));

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      g_autoptr (AssayItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->collection), middle);
      int order = compare_to_serial (serial, item);

      if (order == 0)
        return g_steal_pointer (&item);
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}

static void
pictures_batch_cb (GPtrArray *found,
                   gpointer data)
{
  Walk *walk = data;

  if (g_cancellable_is_cancelled (walk->cancellable))
    return;
  for (guint i = 0; i < found->len; i++)
    {
      AssaySource *source = assay_item_get_source (g_ptr_array_index (found, i));
      g_autoptr (AssayItem) item =
        find_serial (walk->session, assay_item_get_serial (g_ptr_array_index (found, i)));

      if (item != NULL && assay_source_get_error (source) == NULL)
        assay_item_set_source (item, source);
    }
}

static void
pictures_cb (GObject *object,
             GAsyncResult *result,
             gpointer data)
{
  g_autoptr (Walk) walk = data;

  assay_revive_left_finish (result, NULL);
}

/**
 * assay_session_find_pictures:
 * @kept: (element-type AssayKeptItem): of which items are shown
 *
 * Looks for their pictures, so that they can be seen as far as they are still there.
 */
void
assay_session_find_pictures (AssaySession *self,
                             GPtrArray *kept)
{
  Walk *walk;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (kept != NULL);

  if (kept->len == 0)
    return;
  walk = walk_new (self);
  assay_revive_left_async (kept, NULL, pictures_batch_cb, walk, self->cancellable, pictures_cb,
                           walk);
}

/**
 * assay_session_shows_kept:
 *
 * Returns: whether it shows a kept run and asks nobody
 */
gboolean
assay_session_shows_kept (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), FALSE);

  return self->kept;
}

/* ---- what is going on ---- */

/**
 * assay_session_is_busy:
 *
 * Returns: whether a run, a walk or a download is under way
 */
gboolean
assay_session_is_busy (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), FALSE);

  return self->n_walks > 0 || assay_downloads_get_n (self->downloads) > 0
         || any_run_is_active (self);
}

/* One that is paused is told although another may go on; of more, that of the target
 * on show. */
static void
find_pause (AssaySession *self,
            AssayProgressFigures *figures)
{
  figures->until = G_MAXINT64;
  for (guint i = 0; i < self->runs->len; i++)
    {
      AssayRun *run = g_ptr_array_index (self->runs, i);
      gboolean shown = assay_target_equal (assay_run_get_target (run),
                                           assay_session_get_target (self));
      gint64 until;
      AssayPause pause = assay_run_get_pause (run, &until);

      if (!assay_run_is_active (run) || pause == ASSAY_PAUSE_NONE
          || (figures->pause != ASSAY_PAUSE_NONE && !shown))
        continue;
      figures->pause = pause;
      figures->until = until;
    }
}

/**
 * assay_session_get_progress:
 * @figures: (out): of all downloads and runs since the session was last at rest
 */
void
assay_session_get_progress (AssaySession *self,
                            AssayProgressFigures *figures)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (figures != NULL);

  memset (figures, 0, sizeof *figures);
  figures->walking = self->n_walks > 0;
  find_pause (self, figures);
  /* Each is given to a run when it is here. */
  figures->total = assay_downloads_get_n (self->downloads) + self->n_before;
  figures->done = self->n_before;
  for (guint i = 0; i < self->runs->len; i++)
    {
      AssayRun *run = g_ptr_array_index (self->runs, i);

      figures->total += assay_run_get_total (run);
      figures->done += assay_run_get_done (run);
      if (assay_run_is_active (run))
        figures->rate += assay_run_get_rate (run);
    }
}

/**
 * assay_session_get_sum:
 *
 * Returns: (transfer none): what has come so far of the work under way; in "finished"
 *   what came of all of it
 */
const AssaySum *
assay_session_get_sum (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return &self->sum;
}

/**
 * assay_session_count_left_out:
 *
 * Returns: files inside folders that were left out since the list was last
 *   cleared
 */
guint
assay_session_count_left_out (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), 0);

  return self->n_left_out;
}

/**
 * assay_session_get_left_out:
 *
 * Returns: (transfer none) (element-type AssayIntakeSummary): the walks that left
 *   files out, with their names and reasons as far as they are kept
 */
GPtrArray *
assay_session_get_left_out (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return self->left_out;
}
