/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-session-private.h"

G_DEFINE_FINAL_TYPE (AssaySession, assay_session, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

void
assay_session_emit (AssaySession *self,
                    AssaySessionSignal signal)
{
  g_signal_emit (self, signals[signal], 0);
}

void
assay_session_say (AssaySession *self,
                   const char   *sentence)
{
  g_signal_emit (self, signals[ASSAY_SESSION_MESSAGE], 0, sentence);
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

  g_clear_object (&self->judge);
  g_clear_object (&self->truths);
  g_clear_object (&self->kept_answers[0]);
  g_clear_object (&self->kept_answers[1]);
  g_clear_pointer (&self->baseline, assay_target_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->sharer);
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

  signals[ASSAY_SESSION_CHANGED] = add_signal ("changed", 0);
  signals[ASSAY_SESSION_PROGRESS] = add_signal ("progress", 0);
  signals[ASSAY_SESSION_LEFT_OUT] = add_signal ("left-out", 0);
  signals[ASSAY_SESSION_MESSAGE] = add_signal ("message", 1);
  signals[ASSAY_SESSION_FINISHED] = add_signal ("finished", 0);
}

static void shared_cb (AssaySharer *sharer, AssayItem *item, AssayAnswer *answer,
                       AssaySession *self);
static void arrived_cb (AssayDownloads *downloads, AssayItem *item, AssaySession *self);
static void reach_changed_cb (AssaySession *self);
static void saved_cb (AssaySession *self, AssayConnection *connection);

static void
assay_session_init (AssaySession *self)
{
  self->downloads = assay_downloads_new ();
  g_signal_connect_object (self->downloads, "arrived", G_CALLBACK (arrived_cb), self, 0);
  self->collection = assay_collection_new ();
  self->sharer = assay_sharer_new (self->collection);
  g_signal_connect_object (self->sharer, "shared", G_CALLBACK (shared_cb), self, 0);
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
  assay_session_begin_judging (self);
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
void
assay_session_rest_when_done (AssaySession *self)
{
  if (assay_session_is_busy (self))
    return;
  g_ptr_array_set_size (self->runs, 0);
  self->n_shared = 0;
  self->paused = FALSE;
  if (!assay_journal_is_resuming (self->journal))
    self->n_before = 0;
  assay_journal_end (self->journal);
}

/* (nullable): one that is in use. */
static AssayLink *
find_link (AssaySession *self,
           AssayTarget *target)
{
  if (self->link != NULL && target_is_of (target, self->link))
    return self->link;
  if (self->baseline_link != NULL && target_is_of (target, self->baseline_link))
    return self->baseline_link;
  return NULL;
}

/* What a run learned of its service; news of another connection wait for the
 * day when that one is chosen again. */
static void
report_run (AssaySession *self,
            AssayRun *run)
{
  AssayLink *link = find_link (self, assay_run_get_target (run));

  if (link == NULL)
    return;
  if (assay_run_get_fatal (run) != NULL)
    assay_link_report (link, assay_run_get_fatal (run));
  else if (assay_run_get_pause (run, NULL) == ASSAY_PAUSE_SIGN_IN)
    assay_link_report (link, assay_run_get_trouble (run));
  else if (assay_collection_count_state (self->collection, ASSAY_ANSWER_ANSWERED) > 0)
    assay_link_report (link, NULL);
}

static void
run_progress_cb (AssayRun *run,
                 GParamSpec *pspec,
                 AssaySession *self)
{
  if (assay_run_get_fatal (run) != NULL)
    report_run (self, run);
  assay_session_emit (self, ASSAY_SESSION_PROGRESS);
}

static void
run_paused_cb (AssayRun *run,
               GParamSpec *pspec,
               AssaySession *self)
{
  if (assay_run_get_pause (run, NULL) == ASSAY_PAUSE_SIGN_IN)
    report_run (self, run);
  assay_session_emit (self, ASSAY_SESSION_PROGRESS);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

static void
take_answer (AssaySession *self,
             AssayItem *item,
             AssayAnswer *answer)
{
  AssayAnswerState state = assay_answer_get_state (answer);

  self->sum.total++;
  self->sum.answered += state == ASSAY_ANSWER_ANSWERED;
  self->sum.failed += state == ASSAY_ANSWER_FAILED;
  self->sum.rejected += state == ASSAY_ANSWER_REJECTED;
  self->sum.canceled += state == ASSAY_ANSWER_CANCELED;
  assay_session_judge_item (self, item);
}

static void
shared_cb (AssaySharer *sharer,
           AssayItem *item,
           AssayAnswer *answer,
           AssaySession *self)
{
  self->n_shared++;
  assay_journal_keep (self->journal, assay_answer_get_target (answer), item);
  take_answer (self, item, answer);
}

/* What has waited for an item that was not asked about to its end takes its place, before
 * the run can come to its own. */
static void
give_next (AssaySession *self,
           AssayRun *run,
           GPtrArray *items)
{
  const char *id = assay_target_get_connection_id (assay_run_get_target (run));
  AssayConnection *connection = assay_connections_find (assay_hub_get_connections (self->hub), id);

  if (connection != NULL)
    assay_journal_add (self->journal, run, connection, items);
  assay_run_add (run, items);
}

static void
item_done_cb (AssayRun *run,
              AssayItem *item,
              AssaySession *self)
{
  AssayTarget *target = assay_run_get_target (run);
  g_autoptr (GPtrArray) next = NULL;

  take_answer (self, item, assay_item_find_answer (item, target));
  next = assay_sharer_settle (self->sharer, target, item);
  if (next->len > 0)
    give_next (self, run, next);
}

void
assay_session_tell_progress (AssaySession *self)
{
  assay_session_emit (self, ASSAY_SESSION_PROGRESS);
  if (self->sum.total == 0 || assay_session_is_busy (self))
    return;
  assay_session_emit (self, ASSAY_SESSION_FINISHED);
  self->sum = (AssaySum) { 0 };
}

static void
run_finished_cb (AssayRun *run,
                 AssaySession *self)
{
  report_run (self, run);
  assay_session_rest_when_done (self);
  assay_session_tell_progress (self);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
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
         AssayLink *link,
         AssayTarget *target)
{
  AssayConnection *connection = assay_link_get_connection (link);
  AssayRun *run = assay_run_new (assay_link_get_client (link), target,
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
            AssayLink *link,
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

  run = new_run (self, link, target);
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

static void
wait_for_service (AssaySession *self,
                  GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (self->waiting, g_object_ref (g_ptr_array_index (items, i)));
  if (self->link != NULL && assay_link_get_status (self->link) == ASSAY_LINK_OFFLINE)
    assay_link_refresh (self->link);
  if (self->kept)
    assay_session_turn_to_kept_target (self);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

/**
 * assay_session_give_run:
 * @link: one that can be asked
 * @target: of it
 * @items: (element-type AssayItem): of the collection
 *
 * Asks @target about each, whatever it had answered before.  Only where it has answered
 * the same bytes, or is being asked about them, an item that it has not answered shares
 * that answer.
 */
void
assay_session_give_run (AssaySession *self,
                        AssayLink *link,
                        AssayTarget *target,
                        GPtrArray *items)
{
  g_autoptr (GPtrArray) given = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) left = assay_sharer_share (self->sharer, target, items, given);

  if (left->len > 0)
    {
      /* A run may end, and be let go, while items that cannot be sent are added. */
      g_autoptr (AssayRun) run = g_object_ref (ensure_run (self, link, target));

      assay_journal_add (self->journal, run, assay_link_get_connection (link), items);
      assay_run_add (run, left);
    }
  for (guint i = 0; i < given->len; i++)
    {
      AssayItem *item = g_ptr_array_index (given, i);

      assay_journal_keep (self->journal, target, item);
      assay_session_judge_item (self, item);
    }
  assay_session_emit (self, ASSAY_SESSION_PROGRESS);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

/* What is here, or will not come. */
static void
ask_ready (AssaySession *self,
           GPtrArray *items,
           gboolean again)
{
  if (items->len == 0)
    return;
  assay_session_ask_baseline_too (self, items, again);
  if (assay_session_can_ask (self))
    assay_session_give_run (self, self->link, assay_session_get_target (self), items);
  else
    wait_for_service (self, items);
}

static void
arrived_cb (AssayDownloads *downloads,
            AssayItem *item,
            AssaySession *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_ptr_array_add (items, item);
  ask_ready (self, items, FALSE);
  assay_session_rest_when_done (self);
  assay_session_tell_progress (self);
}

/* What isn't here is fetched first and asked about when it is; what did not come is
 * fetched again only if a person says so. */
void
assay_session_ask_items (AssaySession *self,
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
  ask_ready (self, ready, again);
  if (ready->len < items->len)
    {
      assay_session_emit (self, ASSAY_SESSION_PROGRESS);
      assay_session_emit (self, ASSAY_SESSION_CHANGED);
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

  assay_session_ask_items (self, items, TRUE);
}

GPtrArray *
assay_session_collect (AssaySession *self,
                       AssaySessionWanted wanted)
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

  items = assay_session_collect (self, has_failed);
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

  items = assay_session_collect (self, is_unasked);
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

void
assay_session_ask_waiting (AssaySession *self)
{
  g_autoptr (GPtrArray) items = NULL;

  if (self->waiting->len == 0 || !assay_session_can_ask (self))
    return;
  items = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  assay_session_ask_items (self, items, FALSE);
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
  AssayItem *asked;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  asked = assay_sharer_find_asked (self->sharer, item);
  for (guint i = 0; i < self->runs->len; i++)
    {
      if (asked != NULL)
        assay_run_prefer (g_ptr_array_index (self->runs, i), asked);
      assay_run_prefer (g_ptr_array_index (self->runs, i), item);
    }
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

  /* First, lest they take the place of those that they wait for. */
  assay_sharer_cancel (self->sharer);
  runs = dup_runs (self);
  for (guint i = 0; i < runs->len; i++)
    assay_run_cancel (g_ptr_array_index (runs, i));
  assay_session_emit (self, ASSAY_SESSION_PROGRESS);
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

  assay_sharer_cancel_items (self->sharer, items);
  runs = dup_runs (self);
  /* From the end: canceling the first would send the next, only to cancel it. */
  for (guint i = items->len; i > 0; i--)
    for (guint r = 0; r < runs->len; r++)
      assay_run_cancel_item (g_ptr_array_index (runs, r), g_ptr_array_index (items, i - 1));
  assay_session_emit (self, ASSAY_SESSION_PROGRESS);
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
void
assay_session_remember_choice (AssaySession *self)
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
  if (assay_collection_count_unasked (self->collection) <= ASSAY_SESSION_ASK_AT_ONCE)
    items = assay_session_collect (self, is_unasked);
  else
    items = assay_session_collect (self, is_unasked_and_refused);
  assay_session_ask_items (self, items, FALSE);
}

static void
show_target (AssaySession *self,
             AssayTarget *target)
{
  if (assay_target_equal (assay_session_get_target (self), target))
    return;
  assay_collection_set_target (self->collection, target);
  assay_session_remember_choice (self);
  if (target != NULL)
    {
      ask_about_new_target (self);
      assay_session_ask_waiting (self);
    }
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
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
  items = assay_session_collect (self, has_failed_by_service);
  assay_session_ask (self, items);
}

/* Runs that wait for the service need not wait for the end of their pause. */
static void
end_pauses (AssaySession *self,
            AssayLink *link)
{
  g_autoptr (GPtrArray) runs = dup_runs (self);

  for (guint i = 0; i < runs->len; i++)
    {
      AssayRun *run = g_ptr_array_index (runs, i);

      if (target_is_of (assay_run_get_target (run), link)
          && assay_run_get_pause (run, NULL) == ASSAY_PAUSE_GONE)
        assay_run_try_now (run);
    }
}

static void
link_restarted_cb (AssayLink *link,
                   AssaySession *self)
{
  end_pauses (self, link);
  assay_session_say (self, _("The built-in service stopped and was started again"));
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
resume_signed_in (AssaySession *self,
                  AssayLink *link)
{
  g_autoptr (GPtrArray) runs = dup_runs (self);

  for (guint i = 0; i < runs->len; i++)
    if (target_is_of (assay_run_get_target (g_ptr_array_index (runs, i)), link))
      assay_run_resume (g_ptr_array_index (runs, i), ASSAY_PAUSE_SIGN_IN);
}

/**
 * assay_session_wake_runs:
 * @link: whose standing has changed
 *
 * Lets runs go on that have waited for it.
 */
void
assay_session_wake_runs (AssaySession *self,
                         AssayLink *link)
{
  if (assay_link_get_status (link) == ASSAY_LINK_READY)
    end_pauses (self, link);
  if (is_signed_in (link))
    resume_signed_in (self, link);
}

static void
link_changed_cb (AssayLink *link,
                 AssaySession *self)
{
  if (assay_link_get_status (link) == ASSAY_LINK_READY)
    settle_on_version (self);
  assay_session_wake_runs (self, link);
  assay_session_follow_link (self);
  assay_session_ask_waiting (self);
  retry_if_wanted (self);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

/**
 * assay_session_renew_clients:
 * @link: of the same service, reached otherwise since somebody has changed the connection
 */
void
assay_session_renew_clients (AssaySession *self,
                             AssayLink *link)
{
  AssayClient *client = assay_link_get_client (link);

  for (guint i = 0; i < self->runs->len && client != NULL; i++)
    {
      AssayRun *run = g_ptr_array_index (self->runs, i);

      if (target_is_of (assay_run_get_target (run), link))
        assay_run_set_client (run, client);
    }
}

void
assay_session_use_link (AssaySession *self,
                        AssayLink *link)
{
  if (self->link == link)
    return;
  if (self->link != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->link, link_changed_cb, self);
      g_signal_handlers_disconnect_by_func (self->link, link_restarted_cb, self);
    }
  g_set_object (&self->link, link);
  if (link == NULL)
    return;
  assay_session_renew_clients (self, link);
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
  assay_session_use_link (self, assay_hub_get_link (self->hub, connection));
  if (!target_is_of (assay_session_get_target (self), self->link))
    show_last_target (self, connection);
  if (assay_link_get_status (self->link) != ASSAY_LINK_READY)
    assay_link_refresh (self->link);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

/**
 * assay_session_choose_target:
 * @connection: one of the hub's connections
 * @model: a model of it
 * @version: a version of it
 *
 * Turns to that, wherever it is.
 */
void
assay_session_choose_target (AssaySession *self,
                             AssayConnection *connection,
                             const char *model,
                             const char *version)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (ASSAY_IS_CONNECTION (connection));

  self->kept = FALSE;
  assay_session_use_link (self, assay_hub_get_link (self->hub, connection));
  assay_session_choose_version (self, model, version);
  if (assay_link_get_status (self->link) != ASSAY_LINK_READY)
    assay_link_refresh (self->link);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

/* Whoever has signed in in one window has done so for all. */
static void
saved_cb (AssaySession *self,
          AssayConnection *connection)
{
  if (self->link != NULL && assay_link_get_connection (self->link) == connection)
    assay_session_choose_connection (self, connection);
  assay_session_save_baseline (self, connection);
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
      assay_session_use_link (self, assay_hub_get_link (self->hub, connection));
      restore_target (self);
      assay_link_refresh (self->link);
      assay_session_emit (self, ASSAY_SESSION_CHANGED);
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
  assay_session_use_link (self, NULL);
  assay_session_end_judging (self);
  g_signal_handlers_disconnect_by_data (self->sharer, self);
  assay_sharer_cancel (self->sharer);
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
  figures->total += self->n_shared + assay_sharer_get_n (self->sharer);
  figures->done = self->n_before + self->n_shared;
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
