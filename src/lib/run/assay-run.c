/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-backlog.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-meter.h"
#include "assay-pace.h"
#include "assay-run.h"

/* Threads that read, hash and convert.  Two: reading and hashing one photo takes
 * a fifth of a millisecond, so that only conversions ever fill them. */
#define PREPARE_THREADS 2

/* So many items in a row ended in an error that no other can escape, and none
 * was ever answered: the rest is not tried one by one. */
#define FATAL_ENOUGH 3

/* How often the bytes of archives on their way are told: as often as an eye can
 * follow a figure. */
#define METER_MILLISECONDS 100

/* Items a second; less reads "0.0", and would promise the end in weeks while a service
 * only takes its time. */
#define LEAST_RATE 0.05

/* Of items that nobody keeps, so many wait as they are, and the rest in the backlog,
 * from which they are taken when fewer than WAITING_FEW are left: enough for the most
 * requests at once (ASSAY_LIMIT_JOBS), and little beside the program itself. */
#define WAITING_WHOLE 256
#define WAITING_FEW 128

typedef enum {
  STAGE_WAITING,              /* in the queue */
  STAGE_PREPARING,            /* on a worker thread */
  STAGE_READY,                /* prepared, in the ready queue */
  STAGE_FLYING,               /* with the client */
  STAGE_RESTING,              /* to be sent again, in the resting queue */
  STAGE_OVER,                 /* final; a callback may still be on its way */
} Stage;

/* One request about several items: an archive that flies as it is, with all of its items
 * that are on their way, or pictures that a service takes together.
 * Invariant: n_live counts those that are not final yet. */
typedef struct {
  AssayRun *run;              /* (transfer full) */
  AssayMeter *meter;          /* (nullable): of an archive */
  GCancellable *cancellable;
  GPtrArray *entries;         /* (element-type Entry) */
  gint64 sent;                /* monotonic µs */
  guint n_live;
  gboolean landed;
} Shipment;

/* One item on its way.  Invariants: in self->entries exactly until STAGE_OVER;
 * its link is in the queue exactly while waiting, in the ready queue exactly
 * while ready, in the resting queue exactly while resting; cancellable is set
 * while preparing, ready or flying, and prepared while ready, so that what rests
 * takes no memory and is read again, but neither for those that fly in a shipment,
 * which is set exactly from then until it has landed. */
typedef struct {
  GList link;                 /* data is the entry itself */
  AssayRun *run;              /* (transfer none): the table's owner */
  AssayItem *item;
  AssayAnswer *answer;
  GCancellable *cancellable;
  AssayPrepared *prepared;
  Shipment *shipment;         /* (nullable) (transfer none): lives while any of its entries flies */
  gint64 sent;                /* monotonic µs, of the last time */
  gint64 due;                 /* not again before */
  guint sends;
  guint tries;                /* of them, those that count */
  Stage stage;
  gboolean alone;             /* not again with others, of which one has spoiled the request */
} Entry;

/* Invariants: n_done + entries + backlog = n_total; n_preparing + ready.length ≤ get_room()
 * unless that was lowered since, so that what is held in memory is bounded; pace counts what flies, including
 * canceled requests until they have really landed. */
struct _AssayRun {
  GObject parent_instance;

  AssayClient *client;
  AssayTarget *target;
  AssayPace *pace;
  GHashTable *entries;        /* (element-type AssayItem Entry), by identity */
  AssayBacklog *backlog;      /* behind those that wait */
  GQueue waiting;
  GQueue ready;
  GQueue resting;             /* by due */
  GPtrArray *shipments;       /* (element-type Shipment), not owned */
  guint meter_source;
  GThreadPool *workers;
  GSource *wakeup;            /* wakes pump(); owns the run while it is set */
  gint64 patience;            /* µs without an answer until it gives up, 0 for never */
  GError *fatal;
  GError *last_error;         /* why the last one that rests does */
  GError *gone;               /* why the service never comes back, as somebody told */
  guint jobs;
  guint batch;                /* pictures in one request at most, where the service takes several */
  guint n_preparing;
  guint n_total;
  guint n_done;
  guint n_answered;
  guint n_fatal;              /* in a row */
  AssayPause notified_pause;
  guint notify_source;
  guint notified_total;
  guint notified_done;
  gboolean notified_active;
  gboolean wakeup_set;
  gboolean given_up;
  gboolean convert;
  gboolean can_sign_in;
  gboolean heard;             /* the service has answered something */
  gboolean closing;           /* nothing is sent any more, until something is added */
};

G_DEFINE_FINAL_TYPE (AssayRun, assay_run, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_N_TOTAL,
  PROP_N_DONE,
  PROP_ACTIVE,
  PROP_PAUSE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_ITEM_DONE,
  SIGNAL_FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void pump (AssayRun *self);

static Entry *
entry_new (AssayRun *run,
           AssayItem *item,
           AssayAnswer *answer)
{
  Entry *entry = g_atomic_rc_box_new0 (Entry);

  entry->link.data = entry;
  entry->run = run;
  entry->item = g_object_ref (item);
  entry->answer = g_object_ref (answer);
  return entry;
}

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

  g_clear_object (&entry->item);
  g_clear_object (&entry->answer);
  g_clear_object (&entry->cancellable);
  g_clear_pointer (&entry->prepared, assay_prepared_free);
}

static void
entry_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, entry_clear);
}

static gboolean
notify_cb (gpointer data)
{
  AssayRun *self = data;
  gboolean active = assay_run_is_active (self);
  /* Also when all that was added was rejected on the spot. */
  gboolean ended = !active && (self->notified_active || self->notified_done != self->n_done);
  AssayPause pause = assay_run_get_pause (self, NULL);
  GObject *object = G_OBJECT (self);

  self->notify_source = 0;
  g_object_ref (self);
  g_object_freeze_notify (object);
  if (self->notified_total != self->n_total)
    g_object_notify_by_pspec (object, properties[PROP_N_TOTAL]);
  if (self->notified_done != self->n_done)
    g_object_notify_by_pspec (object, properties[PROP_N_DONE]);
  if (self->notified_active != active)
    g_object_notify_by_pspec (object, properties[PROP_ACTIVE]);
  if (self->notified_pause != pause)
    g_object_notify_by_pspec (object, properties[PROP_PAUSE]);
  self->notified_pause = pause;
  self->notified_total = self->n_total;
  self->notified_done = self->n_done;
  self->notified_active = active;
  g_object_thaw_notify (object);
  if (ended)
    g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

static void
queue_notify (AssayRun *self)
{
  if (self->notify_source == 0)
    self->notify_source = g_idle_add_full (G_PRIORITY_DEFAULT, notify_cb, self, NULL);
}

/* Out of the queue that it is in, if any. */
static void
unlink_entry (AssayRun *self,
              Entry *entry)
{
  if (entry->stage == STAGE_WAITING)
    g_queue_unlink (&self->waiting, &entry->link);
  else if (entry->stage == STAGE_READY)
    g_queue_unlink (&self->ready, &entry->link);
  else if (entry->stage == STAGE_RESTING)
    g_queue_unlink (&self->resting, &entry->link);
}

/* When nobody waits for it any more, the archive need not be sent to its end. */
static void
leave_shipment (Entry *entry)
{
  Shipment *shipment = g_steal_pointer (&entry->shipment);

  assay_item_set_sent_bytes (entry->item, 0, 0);
  if (--shipment->n_live == 0 && !shipment->landed)
    g_cancellable_cancel (shipment->cancellable);
}

/* Puts an item at the end of those that wait. */
static Entry *
enter_item (AssayRun *self,
            AssayItem *item)
{
  AssayAnswer *answer = assay_item_ensure_answer (item, self->target);
  Entry *entry;

  if (assay_answer_get_state (answer) != ASSAY_ANSWER_QUEUED)
    assay_answer_move (answer, ASSAY_ANSWER_QUEUED);
  entry = entry_new (self, item, answer);
  g_hash_table_insert (self->entries, item, entry);
  g_queue_push_tail_link (&self->waiting, &entry->link);
  return entry;
}

/* Takes the next one out of the backlog; NULL when there is none. */
static Entry *
fetch_entry (AssayRun *self)
{
  g_autoptr (AssayItem) item = assay_backlog_pop (self->backlog);

  return item != NULL ? enter_item (self, item) : NULL;
}

/* Takes an entry whose answer is final out of everything. */
static void
finish_entry (AssayRun *self,
              Entry *entry)
{
  g_assert (entry->stage != STAGE_OVER);
  g_assert (assay_answer_state_is_final (assay_answer_get_state (entry->answer)));

  unlink_entry (self, entry);
  if (entry->shipment != NULL)
    leave_shipment (entry);
  entry->stage = STAGE_OVER;
  g_clear_pointer (&entry->prepared, assay_prepared_free);
  self->n_done++;
  queue_notify (self);

  g_atomic_rc_box_acquire (entry);
  g_hash_table_remove (self->entries, entry->item);
  g_signal_emit (self, signals[SIGNAL_ITEM_DONE], 0, entry->item);
  entry_unref (entry);
}

static void
reject_entry (AssayRun *self,
              Entry *entry,
              const GError *error)
{
  assay_answer_reject (entry->answer, error);
  finish_entry (self, entry);
}

/* What can't be sent for what it is is rejected; what could not be fetched this time
 * has failed, and may be tried again.  Neither says anything of the service. */
static void
refuse_entry (AssayRun *self,
              Entry *entry,
              const GError *error)
{
  g_autoptr (AssayOutcome) outcome = NULL;

  if (!assay_error_is_transient (error))
    {
      reject_entry (self, entry, error);
      return;
    }
  outcome = assay_outcome_new_error (error, NULL);
  assay_answer_resolve (entry->answer, outcome, 0, g_get_real_time ());
  finish_entry (self, entry);
}

static void
cancel_entry (AssayRun *self,
              Entry *entry)
{
  /* Keeps the entry, should the canceling lead back here. */
  g_atomic_rc_box_acquire (entry);
  assay_answer_move (entry->answer, ASSAY_ANSWER_CANCELED);
  finish_entry (self, entry);
  if (entry->cancellable != NULL)
    g_cancellable_cancel (entry->cancellable);
  entry_unref (entry);
}

static gboolean
is_fatal (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE)
         || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CERTIFICATE)
         || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
}

/* All that is on its way, to go through while it changes. */
static GPtrArray *
list_entries (AssayRun *self)
{
  GPtrArray *entries = g_ptr_array_new_full (g_hash_table_size (self->entries), entry_unref);
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    g_ptr_array_add (entries, g_atomic_rc_box_acquire (entry));
  return entries;
}

/* Nothing more will be answered: those that don't fly share the error instead of
 * each waiting for its own. */
static void
fail_grounded (AssayRun *self,
               const GError *error)
{
  g_autoptr (AssayOutcome) outcome = assay_outcome_new_error (error, NULL);
  g_autoptr (GPtrArray) entries = list_entries (self);
  gint64 when = g_get_real_time ();

  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (entries, i);

      /* A handler may have ended one meanwhile. */
      if (entry->stage == STAGE_FLYING || entry->stage == STAGE_OVER)
        continue;
      assay_answer_resolve (entry->answer, outcome, 0, when);
      finish_entry (self, entry);
    }
  for (guint n = assay_backlog_get_length (self->backlog); n > 0; n--)
    {
      Entry *entry = fetch_entry (self);

      if (entry == NULL)
        break;
      assay_answer_resolve (entry->answer, outcome, 0, when);
      finish_entry (self, entry);
    }
}

static void
weigh_outcome (AssayRun *self,
               const AssayOutcome *outcome)
{
  const GError *error = assay_outcome_get_error (outcome);

  if (error == NULL)
    self->n_answered++;
  if (error == NULL || !is_fatal (error))
    {
      self->n_fatal = 0;
      return;
    }
  self->n_fatal++;
  if (self->fatal == NULL)
    self->fatal = g_error_copy (error);
  if (self->n_answered == 0 && self->n_fatal >= FATAL_ENOUGH)
    fail_grounded (self, error);
}

static void
resolve_entry (AssayRun *self,
               Entry *entry,
               AssayOutcome *outcome,
               double seconds)
{
  assay_answer_resolve (entry->answer, outcome, seconds, g_get_real_time ());
  finish_entry (self, entry);
  weigh_outcome (self, outcome);
}

/* The client ended a request without an outcome, and nobody here canceled it:
 * its connection was closed under it. */
static void
fail_entry (AssayRun *self,
            Entry *entry,
            const GError *error)
{
  g_autoptr (AssayOutcome) outcome = assay_outcome_new_error (error, NULL);

  resolve_entry (self, entry, outcome, 0);
}

/* What would be sent again is canceled when nothing is sent any more. */
static void
rest_entry (AssayRun *self,
            Entry *entry,
            const AssayPaceVerdict *verdict)
{
  GList *after = self->resting.tail;

  if (self->closing)
    {
      cancel_entry (self, entry);
      return;
    }
  if (!verdict->counted)
    entry->tries--;
  entry->stage = STAGE_RESTING;
  entry->due = verdict->when;
  g_clear_object (&entry->cancellable);
  while (after != NULL && ((Entry *) after->data)->due > entry->due)
    after = after->prev;
  if (after == NULL)
    g_queue_push_head_link (&self->resting, &entry->link);
  else
    g_queue_insert_after_link (&self->resting, after, &entry->link);
  assay_answer_move (entry->answer, ASSAY_ANSWER_QUEUED);
}

/* Nobody was ever there: a wrong address is said soon.  One that only takes long,
 * or asks to come back, may be starting. */
static gboolean
is_hopeless (AssayRun *self,
             const GError *error)
{
  return !self->heard && assay_run_get_pause (self, NULL) == ASSAY_PAUSE_GONE
         && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
}

static void
give_up (AssayRun *self,
         const GError *error)
{
  if (self->fatal == NULL)
    self->fatal = g_error_copy (error);
  fail_grounded (self, error);
}

/* The sign-in held until now, and no longer: whoever can sign in again decides what
 * becomes of the rest. */
static gboolean
wants_sign_in (AssayRun *self,
               const GError *error)
{
  return self->can_sign_in && self->n_answered > 0
         && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
}

/* Says to the pace how a request ended.  Returns whether it is sent again, as
 * @verdict says. */
static gboolean
judge_outcome (AssayRun *self,
               AssayOutcome *outcome,
               const AssayExchange *exchange,
               gint64 sent,
               guint tries,
               AssayPaceVerdict *verdict)
{
  const GError *error = assay_outcome_get_error (outcome);
  gint64 now = g_get_monotonic_time ();

  *verdict = (AssayPaceVerdict) { 0 };
  if (error == NULL)
    assay_pace_succeeded (self->pace, now, sent);
  else
    {
      AssayPaceFailure failure = {
        .sent = sent,
        .code = error->domain == ASSAY_ERROR ? error->code : ASSAY_ERROR_FAILED,
        .status = exchange->status,
        .retry_after = exchange->retry_after,
        .tries = tries,
      };

      *verdict = assay_pace_failed (self->pace, now, g_get_real_time (), &failure);
    }
  self->heard = self->heard || error == NULL || exchange->status != 0;
  /* It fails with the others, by the reason that is known. */
  if (self->gone != NULL && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE))
    {
      *verdict = (AssayPaceVerdict) { .again = TRUE, .when = now };
      return TRUE;
    }
  if (wants_sign_in (self, error))
    {
      assay_pace_pause (self->pace, ASSAY_PAUSE_SIGN_IN, now);
      *verdict = (AssayPaceVerdict) { .again = TRUE, .when = now };
    }
  if (!verdict->again || is_hopeless (self, error))
    return FALSE;
  g_clear_error (&self->last_error);
  self->last_error = g_error_copy (error);
  return TRUE;
}

/* What a request that is not sent again means for all others. */
static void
close_outcome (AssayRun *self,
               AssayOutcome *outcome)
{
  weigh_outcome (self, outcome);
  if (is_hopeless (self, assay_outcome_get_error (outcome)))
    give_up (self, assay_outcome_get_error (outcome));
}

static void
land_entry (AssayRun *self,
            Entry *entry,
            AssayOutcome *outcome,
            const AssayExchange *exchange)
{
  AssayPaceVerdict verdict;

  if (judge_outcome (self, outcome, exchange, entry->sent, entry->tries, &verdict))
    {
      rest_entry (self, entry, &verdict);
      return;
    }
  assay_answer_resolve (entry->answer, outcome, exchange->seconds, g_get_real_time ());
  finish_entry (self, entry);
  close_outcome (self, outcome);
}

/* What was lost with a client that is no longer ours is sent again through the new
 * one, and it is nobody's fault. */
static const AssayPaceVerdict return_verdict = { .again = TRUE };

static gboolean
is_of_former (AssayRun *self,
              GObject *client)
{
  return client != G_OBJECT (self->client);
}

static void
classified_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  Entry *entry = data;
  g_autoptr (AssayRun) self = entry->run;
  g_autoptr (AssayOutcome) outcome = NULL;
  g_autoptr (GError) error = NULL;
  AssayExchange exchange = { 0 };

  outcome = assay_client_classify_finish (ASSAY_CLIENT (source), result, &exchange, &error);
  if (entry->stage == STAGE_FLYING && outcome != NULL)
    land_entry (self, entry, outcome, &exchange);
  else
    assay_pace_canceled (self->pace, g_get_monotonic_time (), entry->sent);
  if (entry->stage == STAGE_FLYING && is_of_former (self, source))
    rest_entry (self, entry, &return_verdict);
  else if (entry->stage == STAGE_FLYING)
    fail_entry (self, entry, error);
  entry_unref (entry);
  queue_notify (self);
  pump (self);
}

/* As the connection says now: a person may have changed it since. */
static AssayFit
get_fit (AssayRun *self)
{
  AssayConnection *connection = assay_client_get_connection (self->client);

  return (AssayFit) { assay_connection_get_fit_pixels (connection),
                      assay_connection_get_fit_bytes (connection) };
}

/* ---- several items in one request ---- */

static void
shipment_free (Shipment *self)
{
  g_ptr_array_unref (self->entries);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->meter, assay_meter_unref);
  g_object_unref (self->run);
  g_free (self);
}

static gboolean
meter_cb (gpointer data)
{
  AssayRun *self = data;

  for (guint i = 0; i < self->shipments->len; i++)
    {
      Shipment *shipment = g_ptr_array_index (self->shipments, i);
      guint64 sent = assay_meter_get_sent (shipment->meter);
      guint64 total = assay_meter_get_total (shipment->meter);

      for (guint j = 0; j < shipment->entries->len; j++)
        {
          Entry *entry = g_ptr_array_index (shipment->entries, j);

          if (entry->shipment == shipment)
            assay_item_set_sent_bytes (entry->item, sent, total);
        }
    }
  return G_SOURCE_CONTINUE;
}

static void
watch_shipment (AssayRun *self,
                Shipment *shipment)
{
  g_ptr_array_add (self->shipments, shipment);
  if (self->meter_source == 0)
    self->meter_source = g_timeout_add (METER_MILLISECONDS, meter_cb, self);
}

static void
unwatch_shipment (AssayRun *self,
                  Shipment *shipment)
{
  if (shipment->meter == NULL)
    return;
  g_ptr_array_remove (self->shipments, shipment);
  if (self->shipments->len == 0)
    g_clear_handle_id (&self->meter_source, g_source_remove);
}

/* Which of the outcomes is that of an entry. */
static AssayOutcome *
find_outcome (const Shipment *shipment,
              guint entry,
              GPtrArray *outcomes)
{
  guint place = entry;

  if (shipment->meter != NULL)
    assay_source_get_parcel (assay_item_get_source (((Entry *) shipment->entries->pdata[entry])->item),
                             &place);
  return g_ptr_array_index (outcomes, place);
}

/* The one that tells most of what the service did to the request, of those that
 * somebody still waits for, and how often the most tried of them was sent. */
static AssayOutcome *
find_weighty (Shipment *shipment,
              GPtrArray *outcomes,
              guint *tries)
{
  AssayOutcome *weighty = NULL;

  *tries = 0;
  for (guint i = 0; i < shipment->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (shipment->entries, i);
      AssayOutcome *outcome = find_outcome (shipment, i, outcomes);

      if (entry->stage != STAGE_FLYING)
        continue;
      if (weighty == NULL || assay_outcome_get_error (outcome) == NULL)
        weighty = outcome;
      *tries = MAX (*tries, entry->tries);
    }
  return weighty;
}

/* Each has its own outcome. */
static void
resolve_shipment (AssayRun *self,
                  Shipment *shipment,
                  GPtrArray *outcomes,
                  double seconds)
{
  gint64 when = g_get_real_time ();

  for (guint i = 0; i < shipment->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (shipment->entries, i);

      if (entry->stage != STAGE_FLYING)
        continue;
      assay_answer_resolve (entry->answer, find_outcome (shipment, i, outcomes), seconds, when);
      finish_entry (self, entry);
    }
}

static void
rest_shipment (AssayRun *self,
               Shipment *shipment,
               const AssayPaceVerdict *verdict)
{
  for (guint i = 0; i < shipment->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (shipment->entries, i);

      if (entry->stage != STAGE_FLYING)
        continue;
      leave_shipment (entry);
      rest_entry (self, entry, verdict);
    }
}

/* Whether a picture among others may be why the whole request came to nothing: the service
 * or we could not read one, all of them together were too much, or no answer to several can
 * be told apart. */
static gboolean
may_be_spoiled (const Shipment *shipment,
                const AssayOutcome *outcome,
                guint status)
{
  const GError *error = assay_outcome_get_error (outcome);

  if (shipment->meter != NULL || shipment->entries->len < 2 || error == NULL)
    return FALSE;
  if (status == 0 || (status >= 200 && status < 300))
    return !is_fatal (error) && !assay_error_is_transient (error);
  return status == 400 || status == 413 || status == 415 || status == 422 || status == 500;
}

/* Whether one of them may be what the service fell over, or took so long for: should it
 * fall again, the others must not pay for it. */
static gboolean
may_be_lethal (const Shipment *shipment,
               const AssayOutcome *outcome,
               guint status)
{
  const GError *error = assay_outcome_get_error (outcome);

  if (shipment->meter != NULL || error == NULL)
    return FALSE;
  return status == 502 || status == 504
         || (status < 300
             && (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE)
                 || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_TIMED_OUT)));
}

static void
separate (const Shipment *shipment)
{
  for (guint i = 0; i < shipment->entries->len; i++)
    ((Entry *) g_ptr_array_index (shipment->entries, i))->alone = TRUE;
}

/* Each by itself, as if it had never been sent. */
static void
part_shipment (AssayRun *self,
               Shipment *shipment)
{
  for (guint i = 0; i < shipment->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (shipment->entries, i);

      entry->sends = 0;
      entry->tries = 1;
    }
  separate (shipment);
  rest_shipment (self, shipment, &return_verdict);
}

/* What the service did to the request counts once, and concerns all of them. */
static void
land_shipment (AssayRun *self,
               Shipment *shipment,
               GPtrArray *outcomes,
               const AssayExchange *exchange)
{
  AssayPaceVerdict verdict;
  AssayOutcome *weighty;
  gboolean again;
  guint tries;

  weighty = find_weighty (shipment, outcomes, &tries);
  again = judge_outcome (self, weighty, exchange, shipment->sent, tries, &verdict);
  if (may_be_spoiled (shipment, weighty, exchange->status))
    {
      part_shipment (self, shipment);
      return;
    }
  if (again)
    {
      if (may_be_lethal (shipment, weighty, exchange->status))
        separate (shipment);
      rest_shipment (self, shipment, &verdict);
      return;
    }
  assay_outcome_ref (weighty);
  resolve_shipment (self, shipment, outcomes, exchange->seconds);
  close_outcome (self, weighty);
  assay_outcome_unref (weighty);
}

static void
shipped_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  Shipment *shipment = data;
  AssayRun *self = shipment->run;
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (GError) error = NULL;
  AssayExchange exchange = { 0 };

  outcomes = shipment->meter != NULL
               ? assay_client_classify_archive_finish (ASSAY_CLIENT (source), result, &exchange,
                                                       &error)
               : assay_client_classify_several_finish (ASSAY_CLIENT (source), result, &exchange,
                                                       &error);
  shipment->landed = TRUE;
  unwatch_shipment (self, shipment);
  if (outcomes != NULL && shipment->n_live > 0)
    land_shipment (self, shipment, outcomes, &exchange);
  else
    assay_pace_canceled (self->pace, g_get_monotonic_time (), shipment->sent);
  if (outcomes == NULL && is_of_former (self, source))
    rest_shipment (self, shipment, &return_verdict);
  for (guint i = 0; outcomes == NULL && i < shipment->entries->len; i++)
    if (((Entry *) g_ptr_array_index (shipment->entries, i))->stage == STAGE_FLYING)
      fail_entry (self, g_ptr_array_index (shipment->entries, i), error);
  queue_notify (self);
  pump (self);
  shipment_free (shipment);
}

/* What is ready, too, counts as queued while nothing is sent. */
static void
move_on (Entry *entry)
{
  if (assay_answer_get_state (entry->answer) == ASSAY_ANSWER_QUEUED)
    assay_answer_move (entry->answer, ASSAY_ANSWER_READING);
}

static void
board (Shipment *shipment,
       Entry *entry)
{
  g_autoptr (AssayPrepared) prepared = NULL;

  move_on (entry);
  unlink_entry (shipment->run, entry);
  /* All of it is known: nothing blocks. */
  prepared = assay_source_prepare (assay_item_get_source (entry->item), shipment->run->convert,
                                   NULL, NULL);
  assay_item_set_prepared (entry->item, prepared);
  entry->stage = STAGE_FLYING;
  entry->shipment = shipment;
  entry->sends++;
  entry->tries++;
  shipment->n_live++;
  g_ptr_array_add (shipment->entries, g_atomic_rc_box_acquire (entry));
}

static void
board_from (Shipment *shipment,
            GQueue *queue,
            AssayParcel *parcel)
{
  GList *next;

  for (GList *link = queue->head; link != NULL; link = next)
    {
      Entry *entry = link->data;

      next = link->next;
      if (assay_source_get_parcel (assay_item_get_source (entry->item), NULL) == parcel)
        board (shipment, entry);
    }
}

/* Sends an archive as it is, for all of its items that wait. */
static void
send_parcel (AssayRun *self,
             AssayParcel *parcel,
             gboolean again)
{
  Shipment *shipment = g_new0 (Shipment, 1);
  g_autoptr (AssayPayload) payload = NULL;
  const char *const *names;
  guint n_names;

  shipment->run = g_object_ref (self);
  shipment->meter = assay_meter_new (assay_parcel_get_payload (parcel));
  shipment->cancellable = g_cancellable_new ();
  shipment->entries = g_ptr_array_new_with_free_func (entry_unref);
  board_from (shipment, &self->ready, parcel);
  board_from (shipment, &self->waiting, parcel);
  board_from (shipment, &self->resting, parcel);
  watch_shipment (self, shipment);
  shipment->sent = g_get_monotonic_time ();
  assay_pace_sent (self->pace, again, shipment->sent);
  payload = assay_meter_new_payload (shipment->meter);
  names = assay_parcel_get_names (parcel, &n_names);
  assay_client_classify_archive_async (self->client, self->target, payload, names,
                                       shipment->cancellable, shipped_cb, shipment);
  for (guint i = 0; i < shipment->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (shipment->entries, i);

      if (entry->stage == STAGE_FLYING)
        assay_answer_move (entry->answer, ASSAY_ANSWER_SENDING);
    }
}

/* Nothing is to be done before it flies, but it waits for room as all others.  What
 * keeps one member keeps all. */
static void
line_up (AssayRun *self,
         Entry *entry)
{
  AssayFit fit = get_fit (self);
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GError) error = NULL;

  prepared = assay_source_prepare_fit (assay_item_get_source (entry->item), self->convert, &fit,
                                       NULL, &error);
  if (prepared == NULL)
    {
      entry->stage = STAGE_WAITING;
      g_queue_push_head_link (&self->waiting, &entry->link);
      reject_entry (self, entry, error);
      return;
    }
  entry->stage = STAGE_READY;
  assay_answer_move (entry->answer, ASSAY_ANSWER_READING);
  g_queue_push_tail_link (&self->ready, &entry->link);
}

/* ---- items by themselves ---- */

/* In trouble, one that has not been sent yet goes first, so that no item pays
 * for the service alone. */
static Entry *
choose_ready (AssayRun *self)
{
  GList *link = self->ready.head;

  if (assay_pace_is_troubled (self->pace))
    while (link != NULL && ((Entry *) link->data)->sends > 0)
      link = link->next;
  if (link == NULL)
    link = self->ready.head;
  return link != NULL ? link->data : NULL;
}

/* Those that are ready and may go with @first, which is among them. */
static GPtrArray *
gather_batch (AssayRun *self,
              Entry *first)
{
  guint most = MIN (self->batch, assay_client_get_batch (self->client, self->target));
  GPtrArray *batch = g_ptr_array_new ();
  guint64 bytes = assay_payload_get_length (first->prepared->payload);

  g_ptr_array_add (batch, first);
  for (GList *link = self->ready.head; link != NULL && batch->len < most && !first->alone;
       link = link->next)
    {
      Entry *entry = link->data;

      if (entry == first || entry->prepared == NULL || entry->alone
          || (entry->sends > 0) != (first->sends > 0))
        continue;
      bytes += assay_payload_get_length (entry->prepared->payload);
      if (bytes > ASSAY_LIMIT_BATCH_BYTES)
        break;
      g_ptr_array_add (batch, entry);
    }
  return batch;
}

static void
board_picture (Shipment *shipment,
               Entry *entry,
               GPtrArray *payloads)
{
  AssayRun *self = shipment->run;

  g_queue_unlink (&self->ready, &entry->link);
  g_ptr_array_add (payloads, assay_payload_ref (entry->prepared->payload));
  g_clear_pointer (&entry->prepared, assay_prepared_free);
  g_clear_object (&entry->cancellable);
  entry->stage = STAGE_FLYING;
  entry->shipment = shipment;
  entry->sends++;
  entry->tries++;
  shipment->n_live++;
  g_ptr_array_add (shipment->entries, g_atomic_rc_box_acquire (entry));
}

static void
send_batch (AssayRun *self,
            GPtrArray *batch,
            gboolean again)
{
  g_autoptr (GPtrArray) payloads =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_payload_unref);
  Shipment *shipment = g_new0 (Shipment, 1);

  shipment->run = g_object_ref (self);
  shipment->cancellable = g_cancellable_new ();
  shipment->entries = g_ptr_array_new_with_free_func (entry_unref);
  shipment->sent = g_get_monotonic_time ();
  for (guint i = 0; i < batch->len; i++)
    board_picture (shipment, batch->pdata[i], payloads);
  assay_pace_sent (self->pace, again, shipment->sent);
  assay_client_classify_several_async (self->client, self->target,
                                       (AssayPayload *const *) payloads->pdata, payloads->len,
                                       shipment->cancellable, shipped_cb, shipment);
  for (guint i = 0; i < shipment->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (shipment->entries, i);

      if (entry->stage != STAGE_FLYING)
        continue;
      entry->sent = shipment->sent;
      move_on (entry);
      assay_answer_move (entry->answer, ASSAY_ANSWER_SENDING);
    }
}

static gboolean
send_next (AssayRun *self)
{
  Entry *entry = choose_ready (self);
  gint64 now = g_get_monotonic_time ();
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GPtrArray) batch = NULL;
  AssayParcel *parcel;

  if (entry == NULL || !assay_pace_may_send (self->pace, entry->sends > 0, now))
    return FALSE;
  parcel = assay_source_get_parcel (assay_item_get_source (entry->item), NULL);
  if (parcel != NULL)
    {
      send_parcel (self, parcel, entry->sends > 0);
      return TRUE;
    }
  batch = gather_batch (self, entry);
  if (batch->len > 1)
    {
      send_batch (self, batch, entry->sends > 0);
      return TRUE;
    }
  g_queue_unlink (&self->ready, &entry->link);
  prepared = g_steal_pointer (&entry->prepared);
  entry->stage = STAGE_FLYING;
  assay_pace_sent (self->pace, entry->sends > 0, now);
  entry->sent = now;
  entry->sends++;
  entry->tries++;
  /* The request owns the entry and, through it, the run. */
  g_atomic_rc_box_acquire (entry);
  g_object_ref (self);
  move_on (entry);
  assay_answer_move (entry->answer, ASSAY_ANSWER_SENDING);
  assay_client_classify_async (self->client, self->target, prepared->payload, entry->cancellable,
                               classified_cb, entry);
  return TRUE;
}

typedef struct {
  AssaySource *source;
  gboolean convert;
  AssayFit fit;
} Preparation;

static void
preparation_free (gpointer data)
{
  Preparation *self = data;

  g_object_unref (self->source);
  g_free (self);
}

/* On a worker thread: touches the source, which is immutable, and nothing else. */
static void
prepare_worker (gpointer data,
                gpointer unused)
{
  g_autoptr (GTask) task = data;
  Preparation *preparation = g_task_get_task_data (task);
  GError *error = NULL;
  AssayPrepared *prepared;

  prepared = assay_source_prepare_fit (preparation->source, preparation->convert,
                                       &preparation->fit, g_task_get_cancellable (task), &error);
  if (prepared != NULL)
    g_task_return_pointer (task, prepared, (GDestroyNotify) assay_prepared_free);
  else
    g_task_return_error (task, error);
}

static void
prepared_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  AssayRun *self = ASSAY_RUN (source);
  Entry *entry = data;
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GError) error = NULL;

  self->n_preparing--;
  prepared = g_task_propagate_pointer (G_TASK (result), &error);
  if (entry->stage == STAGE_PREPARING && prepared != NULL)
    {
      assay_item_set_prepared (entry->item, prepared);
      entry->prepared = g_steal_pointer (&prepared);
      entry->stage = STAGE_READY;
      g_queue_push_tail_link (&self->ready, &entry->link);
    }
  else if (entry->stage == STAGE_PREPARING)
    reject_entry (self, entry, error);
  entry_unref (entry);
  pump (self);
}

static void
prepare_entry (AssayRun *self,
               Entry *entry)
{
  Preparation *preparation;
  GTask *task;

  if (assay_source_get_parcel (assay_item_get_source (entry->item), NULL) != NULL)
    {
      line_up (self, entry);
      return;
    }
  preparation = g_new0 (Preparation, 1);
  entry->stage = STAGE_PREPARING;
  entry->cancellable = g_cancellable_new ();
  self->n_preparing++;

  preparation->source = g_object_ref (assay_item_get_source (entry->item));
  preparation->convert = self->convert;
  preparation->fit = get_fit (self);
  task = g_task_new (self, entry->cancellable, prepared_cb, g_atomic_rc_box_acquire (entry));
  g_task_set_source_tag (task, prepare_entry);
  /* A picture read in full is thrown away by prepared_cb(), which also counts. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, preparation, preparation_free);
  assay_answer_move (entry->answer, ASSAY_ANSWER_READING);
  g_thread_pool_push (self->workers, task, NULL);
}

/* From when on one of those that rest may go: while there is trouble, not before
 * those that were never sent. */
static gint64
find_rested (AssayRun *self,
             gint64 now)
{
  gint64 when;

  if (g_queue_is_empty (&self->resting)
      || (!g_queue_is_empty (&self->waiting) && assay_pace_is_troubled (self->pace)))
    return G_MAXINT64;
  when = assay_pace_next_wakeup (self->pace, TRUE, now);
  return when == G_MAXINT64 ? when : MAX (when, ((Entry *) self->resting.head->data)->due);
}

static void
fetch_waiting (AssayRun *self)
{
  if (self->waiting.length >= WAITING_FEW)
    return;
  while (self->waiting.length < WAITING_WHOLE && fetch_entry (self) != NULL)
    ;
}

/* How many may be read or lie ready: enough for the next request. */
static guint
get_room (AssayRun *self)
{
  return MAX (self->jobs, MIN (self->batch, assay_client_get_batch (self->client, self->target)));
}

static gboolean
prepare_next (AssayRun *self)
{
  gint64 now = g_get_monotonic_time ();

  fetch_waiting (self);
  if (self->n_preparing + self->ready.length >= get_room (self))
    return FALSE;
  if (find_rested (self, now) <= now)
    prepare_entry (self, g_queue_pop_head_link (&self->resting)->data);
  else if (!g_queue_is_empty (&self->waiting))
    prepare_entry (self, g_queue_pop_head_link (&self->waiting)->data);
  else
    return FALSE;
  return TRUE;
}

/* When to look again, should nothing happen: -1 for never. */
static gint64
find_wakeup (AssayRun *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 silence = assay_pace_get_silence (self->pace, now);
  gint64 when = G_MAXINT64;
  Entry *ready = choose_ready (self);

  if (self->n_preparing + self->ready.length < get_room (self))
    when = find_rested (self, now);
  if (ready != NULL)
    when = MIN (when, assay_pace_next_wakeup (self->pace, ready->sends > 0, now));
  if (self->patience > 0 && silence > 0 && assay_run_is_active (self))
    when = MIN (when, now + MAX (self->patience - silence, 0));
  return when == G_MAXINT64 ? -1 : when;
}

static void
lose_patience (AssayRun *self)
{
  gint64 silence = assay_pace_get_silence (self->pace, g_get_monotonic_time ());

  if (self->patience == 0 || silence < self->patience || self->last_error == NULL)
    return;
  self->given_up = TRUE;
  give_up (self, self->last_error);
}

static void
fail_what_came_back (AssayRun *self)
{
  if (self->gone != NULL)
    give_up (self, self->gone);
}

/* Sets the clock, which owns the run while it is set: there may be nothing in the
 * air that does. */
static void
set_wakeup (AssayRun *self,
            gint64 when)
{
  gboolean was_set = self->wakeup_set;

  self->wakeup_set = when >= 0;
  g_source_set_ready_time (self->wakeup, when);
  if (self->wakeup_set && !was_set)
    g_object_ref (self);
  else if (!self->wakeup_set && was_set)
    g_object_unref (self);
}

/* What has been read lies there as long as nothing is sent: it waits like the rest. */
static void
queue_ready (AssayRun *self)
{
  if (assay_run_get_pause (self, NULL) == ASSAY_PAUSE_NONE)
    return;
  for (GList *link = self->ready.head; link != NULL; link = link->next)
    {
      AssayAnswer *answer = ((Entry *) link->data)->answer;

      if (assay_answer_get_state (answer) == ASSAY_ANSWER_READING)
        assay_answer_move (answer, ASSAY_ANSWER_QUEUED);
    }
}

/* Starts whatever may start now.  The caller holds a reference. */
static void
pump (AssayRun *self)
{
  lose_patience (self);
  fail_what_came_back (self);
  /* What needs no preparation is ready at once. */
  while (send_next (self) || prepare_next (self))
    ;
  queue_ready (self);
  set_wakeup (self, find_wakeup (self));
}

static gboolean
wakeup_cb (gpointer data)
{
  AssayRun *self = data;

  g_object_ref (self);
  queue_notify (self);
  pump (self);
  g_object_unref (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_wakeup (GSource *source,
                 GSourceFunc callback,
                 gpointer data)
{
  return callback (data);
}

static GSourceFuncs wakeup_funcs = { .dispatch = dispatch_wakeup };

static void
assay_run_get_property (GObject *object,
                        guint id,
                        GValue *value,
                        GParamSpec *pspec)
{
  AssayRun *self = ASSAY_RUN (object);

  switch (id)
    {
    case PROP_N_TOTAL:
      g_value_set_uint (value, self->n_total);
      break;
    case PROP_N_DONE:
      g_value_set_uint (value, self->n_done);
      break;
    case PROP_ACTIVE:
      g_value_set_boolean (value, assay_run_is_active (self));
      break;
    case PROP_PAUSE:
      g_value_set_uint (value, assay_run_get_pause (self, NULL));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* Work in progress holds a reference to the run, so that there is none here. */
static void
assay_run_finalize (GObject *object)
{
  AssayRun *self = ASSAY_RUN (object);

  g_clear_handle_id (&self->notify_source, g_source_remove);
  g_source_destroy (self->wakeup);
  g_source_unref (self->wakeup);
  /* The links are in the entries: nothing of the queues' own is to be freed. */
  g_hash_table_unref (self->entries);
  assay_backlog_free (self->backlog);
  /* Each keeps the run. */
  g_assert (self->shipments->len == 0 && self->meter_source == 0);
  g_ptr_array_unref (self->shipments);
  if (self->workers != NULL)
    g_thread_pool_free (self->workers, FALSE, FALSE);
  g_clear_pointer (&self->pace, assay_pace_free);
  g_clear_pointer (&self->target, assay_target_unref);
  g_clear_error (&self->fatal);
  g_clear_error (&self->last_error);
  g_clear_error (&self->gone);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (assay_run_parent_class)->finalize (object);
}

static void
assay_run_class_init (AssayRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_run_get_property;
  object_class->finalize = assay_run_finalize;

  properties[PROP_N_TOTAL] =
    g_param_spec_uint ("n-total", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_DONE] =
    g_param_spec_uint ("n-done", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ACTIVE] =
    g_param_spec_boolean ("active", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * AssayRun:pause:
   *
   * Why nothing is sent at the moment, an #AssayPause; see assay_run_get_pause().
   */
  properties[PROP_PAUSE] =
    g_param_spec_uint ("pause", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * AssayRun::item-done:
   * @item: an item whose answer has just become final
   */
  signals[SIGNAL_ITEM_DONE] = g_signal_new ("item-done", ASSAY_TYPE_RUN, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, ASSAY_TYPE_ITEM);

  /**
   * AssayRun::finished:
   *
   * Every item that was given so far is final.  Comes again when items are
   * added later.
   */
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", ASSAY_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_run_init (AssayRun *self)
{
  self->batch = ASSAY_DEFAULT_BATCH;
  self->entries = g_hash_table_new_full (NULL, NULL, NULL, entry_unref);
  self->backlog = assay_backlog_new ();
  self->shipments = g_ptr_array_new ();
  g_queue_init (&self->waiting);
  g_queue_init (&self->ready);
  g_queue_init (&self->resting);
  self->wakeup = g_source_new (&wakeup_funcs, sizeof (GSource));
  g_source_set_static_name (self->wakeup, "assay-run-wakeup");
  g_source_set_callback (self->wakeup, wakeup_cb, self, NULL);
  g_source_attach (self->wakeup, NULL);
}

/**
 * assay_run_new:
 * @client: whose service is asked
 * @target: whom of it
 * @jobs: requests in flight at most; brought into 1…%ASSAY_LIMIT_JOBS
 * @convert: whether pictures that the service doesn't take are converted
 *
 * Returns: (transfer full): a run without items
 */
AssayRun *
assay_run_new (AssayClient *client,
               AssayTarget *target,
               guint jobs,
               gboolean convert)
{
  AssayRun *self;

  g_return_val_if_fail (ASSAY_IS_CLIENT (client), NULL);
  g_return_val_if_fail (target != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_RUN, NULL);
  self->client = g_object_ref (client);
  self->target = assay_target_ref (target);
  self->jobs = CLAMP (jobs, 1, ASSAY_LIMIT_JOBS);
  self->pace = assay_pace_new (self->jobs, ASSAY_DEFAULT_TRIES, g_random_int ());
  self->convert = convert;
  /* Shared threads, not exclusive ones: can't fail, and idle ones go away. */
  self->workers = g_thread_pool_new (prepare_worker, NULL, PREPARE_THREADS, FALSE, NULL);
  return self;
}

AssayTarget *
assay_run_get_target (AssayRun *self)
{
  g_return_val_if_fail (ASSAY_IS_RUN (self), NULL);

  return self->target;
}

/**
 * assay_run_set_jobs:
 * @jobs: requests in flight at most; brought into 1…%ASSAY_LIMIT_JOBS
 *
 * Holds from now on; what is in flight already comes to its end.
 */
void
assay_run_set_jobs (AssayRun *self,
                    guint jobs)
{
  g_return_if_fail (ASSAY_IS_RUN (self));

  self->jobs = CLAMP (jobs, 1, ASSAY_LIMIT_JOBS);
  assay_pace_set_max (self->pace, self->jobs);
  pump (self);
}

static void
add_item (AssayRun *self,
          AssayItem *item)
{
  const GError *error = assay_source_get_error (assay_item_get_source (item));
  Entry *entry;

  if (g_hash_table_contains (self->entries, item))
    return;

  entry = enter_item (self, item);
  self->n_total++;
  queue_notify (self);
  if (error != NULL)
    refuse_entry (self, entry, error);
}

/**
 * assay_run_add:
 * @items: (element-type AssayItem): items to ask about
 *
 * Asks about each, again if it was asked before; one that is on its way in this
 * run already stays there and is not counted twice.  What can't be sent is
 * rejected before this returns.  An item must not be on its way in two runs for
 * the same target.
 */
void
assay_run_add (AssayRun *self,
               GPtrArray *items)
{
  g_return_if_fail (ASSAY_IS_RUN (self));
  g_return_if_fail (items != NULL);

  g_object_ref (self);
  self->closing = FALSE;
  for (guint i = 0; i < items->len; i++)
    add_item (self, g_ptr_array_index (items, i));
  pump (self);
  g_object_unref (self);
}

static void
add_light_item (AssayRun *self,
                AssayItem *item)
{
  AssaySource *source = assay_item_get_source (item);
  gboolean room = self->waiting.length < WAITING_WHOLE
                  && assay_backlog_get_length (self->backlog) == 0;

  /* What is refused is refused now, and the items of a parcel fly together. */
  if (room || assay_source_get_error (source) != NULL
      || assay_source_get_parcel (source, NULL) != NULL)
    {
      add_item (self, item);
      return;
    }
  assay_backlog_push (self->backlog, item);
  self->n_total++;
  queue_notify (self);
}

/**
 * assay_run_add_light:
 * @items: (element-type AssayItem): items that were never asked about, each with its
 *   serial, and none of them given before
 *
 * Like assay_run_add(), for a caller that doesn't keep the items: those that have to
 * wait long are let go, and others like them, with the same serials, are made when
 * their turn comes, so that a waiting file takes little more memory than its path.
 * The signal "item-done" hands out the one that was asked about.
 */
void
assay_run_add_light (AssayRun *self,
                     GPtrArray *items)
{
  g_return_if_fail (ASSAY_IS_RUN (self));
  g_return_if_fail (items != NULL);

  g_object_ref (self);
  self->closing = FALSE;
  for (guint i = 0; i < items->len; i++)
    add_light_item (self, g_ptr_array_index (items, i));
  pump (self);
  g_object_unref (self);
}

static void
move_to_head (GQueue *queue,
              Entry *entry)
{
  g_queue_unlink (queue, &entry->link);
  g_queue_push_head_link (queue, &entry->link);
}

/**
 * assay_run_prefer:
 * @item: any item
 *
 * Lets it go next, if it is waiting.
 */
void
assay_run_prefer (AssayRun *self,
                  AssayItem *item)
{
  Entry *entry;

  g_return_if_fail (ASSAY_IS_RUN (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  entry = g_hash_table_lookup (self->entries, item);
  if (entry == NULL)
    return;
  if (entry->stage == STAGE_WAITING)
    move_to_head (&self->waiting, entry);
  else if (entry->stage == STAGE_READY)
    move_to_head (&self->ready, entry);
  else if (entry->stage == STAGE_RESTING)
    {
      move_to_head (&self->resting, entry);
      entry->due = MIN (entry->due, g_get_monotonic_time ());
      pump (self);
    }
}

/**
 * assay_run_cancel_item:
 * @item: any item
 *
 * Cancels it at once, if it is on its way.
 */
void
assay_run_cancel_item (AssayRun *self,
                       AssayItem *item)
{
  Entry *entry;

  g_return_if_fail (ASSAY_IS_RUN (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  g_object_ref (self);
  entry = g_hash_table_lookup (self->entries, item);
  if (entry != NULL)
    cancel_entry (self, entry);
  pump (self);
  g_object_unref (self);
}

static void
cancel_entries (AssayRun *self,
                gboolean flying)
{
  g_autoptr (GPtrArray) entries = list_entries (self);

  g_object_ref (self);
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (entries, i);

      /* A handler may have ended one meanwhile. */
      if (entry->stage != STAGE_OVER && (flying || entry->stage != STAGE_FLYING))
        cancel_entry (self, entry);
    }
  for (guint n = assay_backlog_get_length (self->backlog); n > 0; n--)
    {
      Entry *entry = fetch_entry (self);

      if (entry == NULL)
        break;
      cancel_entry (self, entry);
    }
  pump (self);
  g_object_unref (self);
}

/**
 * assay_run_cancel:
 *
 * Cancels everything that is on its way: when this returns every item is final.
 * What was answered stays.
 */
void
assay_run_cancel (AssayRun *self)
{
  g_return_if_fail (ASSAY_IS_RUN (self));

  cancel_entries (self, TRUE);
}

/**
 * assay_run_cancel_waiting:
 *
 * Cancels everything that isn't with the service at this moment; what is comes to
 * its end, but is not sent again.
 */
void
assay_run_cancel_waiting (AssayRun *self)
{
  g_return_if_fail (ASSAY_IS_RUN (self));

  self->closing = TRUE;
  cancel_entries (self, FALSE);
}

/**
 * assay_run_set_batch:
 * @batch: how many pictures may go in one request, where the service says that it takes
 *   several; 1 for one after the other
 *
 * Those that are ready go together; none waits for another.
 */
void
assay_run_set_batch (AssayRun *self,
                     guint batch)
{
  g_return_if_fail (ASSAY_IS_RUN (self));

  self->batch = MAX (batch, 1);
}

/**
 * assay_run_set_tries:
 * @tries: how often one item is sent at most, from 1; %ASSAY_DEFAULT_TRIES unless
 *   told otherwise
 *
 * Before anything was added.
 */
void
assay_run_set_tries (AssayRun *self,
                     guint tries)
{
  g_return_if_fail (ASSAY_IS_RUN (self));
  g_return_if_fail (self->n_total == 0);

  assay_pace_free (self->pace);
  self->pace = assay_pace_new (self->jobs, tries, g_random_int ());
}

/**
 * assay_run_set_patience:
 * @seconds: 0 for ever, which it is unless told otherwise
 *
 * How long the service may be away until everything that is left fails.  One that
 * has never answered is not waited for in any case.
 */
void
assay_run_set_patience (AssayRun *self,
                        guint seconds)
{
  g_return_if_fail (ASSAY_IS_RUN (self));

  self->patience = (gint64) seconds * G_USEC_PER_SEC;
  pump (self);
}

/**
 * assay_run_give_up:
 * @error: why
 *
 * The service is gone for good: all that has no answer fails with @error, and so
 * does what is on its way, if it isn't answered after all, and what is added later.
 */
void
assay_run_give_up (AssayRun *self,
                   const GError *error)
{
  g_return_if_fail (ASSAY_IS_RUN (self));
  g_return_if_fail (error != NULL);

  g_object_ref (self);
  g_clear_error (&self->gone);
  self->gone = g_error_copy (error);
  self->given_up = TRUE;
  queue_notify (self);
  pump (self);
  g_object_unref (self);
}

/**
 * assay_run_has_given_up:
 *
 * Returns: whether items failed because the service was away for too long, see
 *   assay_run_set_patience(), or for good, see assay_run_give_up();
 *   assay_run_get_fatal() tells how
 */
gboolean
assay_run_has_given_up (AssayRun *self)
{
  g_return_val_if_fail (ASSAY_IS_RUN (self), FALSE);

  return self->given_up;
}

/**
 * assay_run_set_client:
 * @client: whose service is asked from now on
 *
 * For the same service reached otherwise: with another secret, or at an address that
 * was corrected.  What flies ends as it does, and if it is called back, goes again.
 */
void
assay_run_set_client (AssayRun *self,
                      AssayClient *client)
{
  g_return_if_fail (ASSAY_IS_RUN (self));
  g_return_if_fail (ASSAY_IS_CLIENT (client));

  g_set_object (&self->client, client);
}

/**
 * assay_run_set_can_sign_in:
 * @can: whether somebody is there who can sign in again; %FALSE unless told otherwise
 *
 * If so, a sign-in that is refused after it has held until then pauses the run with
 * %ASSAY_PAUSE_SIGN_IN, and nothing fails for it; assay_run_resume() when somebody
 * has signed in.
 */
void
assay_run_set_can_sign_in (AssayRun *self,
                           gboolean can)
{
  g_return_if_fail (ASSAY_IS_RUN (self));

  self->can_sign_in = can;
}

/**
 * assay_run_pause:
 * @why: %ASSAY_PAUSE_PERSON, %ASSAY_PAUSE_SIGN_IN or %ASSAY_PAUSE_NETWORK
 *
 * Sends nothing more until assay_run_resume() with the same reason.  What flies
 * goes on.
 */
void
assay_run_pause (AssayRun *self,
                 AssayPause why)
{
  g_return_if_fail (ASSAY_IS_RUN (self));

  assay_pace_pause (self->pace, why, g_get_monotonic_time ());
  queue_notify (self);
  pump (self);
}

/**
 * assay_run_resume:
 * @why: as for assay_run_pause()
 *
 * Goes on at once.
 */
void
assay_run_resume (AssayRun *self,
                  AssayPause why)
{
  g_return_if_fail (ASSAY_IS_RUN (self));

  assay_pace_resume (self->pace, why, g_get_monotonic_time ());
  queue_notify (self);
  pump (self);
}

/**
 * assay_run_try_now:
 *
 * Somebody knows that the service is there again: ends a pause of the kind
 * %ASSAY_PAUSE_GONE at once.
 */
void
assay_run_try_now (AssayRun *self)
{
  g_return_if_fail (ASSAY_IS_RUN (self));

  assay_pace_try_now (self->pace, g_get_monotonic_time ());
  queue_notify (self);
  pump (self);
}

/**
 * assay_run_get_pause:
 * @until: (out) (optional): when it goes on by itself, in monotonic microseconds;
 *   in the past while the service is tried, %G_MAXINT64 if not by itself
 *
 * Returns: why nothing is sent
 */
AssayPause
assay_run_get_pause (AssayRun *self,
                     gint64 *until)
{
  g_return_val_if_fail (ASSAY_IS_RUN (self), ASSAY_PAUSE_NONE);

  return assay_pace_get_pause (self->pace, g_get_monotonic_time (), until);
}

/**
 * assay_run_is_active:
 *
 * Returns: whether some item is not final yet
 */
gboolean
assay_run_is_active (AssayRun *self)
{
  g_return_val_if_fail (ASSAY_IS_RUN (self), FALSE);

  return self->n_done < self->n_total;
}

/**
 * assay_run_get_total:
 *
 * Returns: items given since the run was made, one that was asked again as often
 *   as it was
 */
guint
assay_run_get_total (AssayRun *self)
{
  g_return_val_if_fail (ASSAY_IS_RUN (self), 0);

  return self->n_total;
}

guint
assay_run_get_done (AssayRun *self)
{
  g_return_val_if_fail (ASSAY_IS_RUN (self), 0);

  return self->n_done;
}

/**
 * assay_run_get_rate:
 *
 * Returns: items a second of late; 0 while that isn't known, or is so little that it
 *   says nothing of the end
 */
double
assay_run_get_rate (AssayRun *self)
{
  double rate;

  g_return_val_if_fail (ASSAY_IS_RUN (self), 0);

  rate = assay_pace_get_rate (self->pace, g_get_monotonic_time ());
  return rate >= LEAST_RATE ? rate : 0;
}

/**
 * assay_run_get_high_water:
 *
 * Returns: the most requests that ever flew at once
 */
guint
assay_run_get_high_water (AssayRun *self)
{
  g_return_val_if_fail (ASSAY_IS_RUN (self), 0);

  return assay_pace_get_high_water (self->pace);
}

/**
 * assay_run_get_sent_bytes:
 * @total: (out) (optional): of how many, 0 while none is on its way
 *
 * Returns: how many bytes have gone out of the archives that are being sent as
 *   they are
 */
guint64
assay_run_get_sent_bytes (AssayRun *self,
                          guint64 *total)
{
  guint64 sent = 0, all = 0;

  g_return_val_if_fail (ASSAY_IS_RUN (self), 0);

  for (guint i = 0; i < self->shipments->len; i++)
    {
      Shipment *shipment = g_ptr_array_index (self->shipments, i);

      sent += assay_meter_get_sent (shipment->meter);
      all += assay_meter_get_total (shipment->meter);
    }
  if (total != NULL)
    *total = all;
  return sent;
}

/**
 * assay_run_get_trouble:
 *
 * Returns: (transfer none) (nullable): why the last one that is sent again was not
 *   answered
 */
const GError *
assay_run_get_trouble (AssayRun *self)
{
  g_return_val_if_fail (ASSAY_IS_RUN (self), NULL);

  return self->last_error;
}

/**
 * assay_run_get_fatal:
 *
 * Returns: (transfer none) (nullable): the first error that no other item can
 *   escape: the service is away, its certificate isn't trusted, or signing in
 *   failed
 */
const GError *
assay_run_get_fatal (AssayRun *self)
{
  g_return_val_if_fail (ASSAY_IS_RUN (self), NULL);

  return self->fatal;
}
