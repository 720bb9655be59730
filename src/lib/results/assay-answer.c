/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-answer.h"
#include "assay-error.h"
#include "assay-limits.h"

/* Exactly one of prediction and error is set. */
struct _AssayOutcome {
  AssayPrediction *prediction;
  GError *error;
  GBytes *raw;
};

G_DEFINE_BOXED_TYPE (AssayOutcome, assay_outcome, assay_outcome_ref, assay_outcome_unref)

static GBytes *
keep_raw (GBytes *raw)
{
  if (raw == NULL)
    return NULL;
  if (g_bytes_get_size (raw) <= ASSAY_LIMIT_RAW_BYTES)
    return g_bytes_ref (raw);
  /* A copy of the start, so that the rest of a huge answer can go. */
  return g_bytes_new (g_bytes_get_data (raw, NULL), ASSAY_LIMIT_RAW_BYTES);
}

/**
 * assay_outcome_new_prediction:
 * @prediction: (transfer none): what the service said
 * @raw: (nullable) (transfer none): the answer as it came; its start is kept
 *
 * Returns: (transfer full): the outcome
 */
AssayOutcome *
assay_outcome_new_prediction (AssayPrediction *prediction,
                              GBytes *raw)
{
  AssayOutcome *self;

  g_return_val_if_fail (prediction != NULL, NULL);

  self = g_atomic_rc_box_new0 (AssayOutcome);
  self->prediction = assay_prediction_ref (prediction);
  self->raw = keep_raw (raw);
  return self;
}

/**
 * assay_outcome_new_error:
 * @error: why there is no prediction; copied
 * @raw: (nullable) (transfer none): the answer as it came; its start is kept
 *
 * Returns: (transfer full): the outcome
 */
AssayOutcome *
assay_outcome_new_error (const GError *error,
                         GBytes *raw)
{
  AssayOutcome *self;

  g_return_val_if_fail (error != NULL, NULL);

  self = g_atomic_rc_box_new0 (AssayOutcome);
  self->error = g_error_copy (error);
  self->raw = keep_raw (raw);
  return self;
}

AssayOutcome *
assay_outcome_ref (AssayOutcome *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
outcome_clear (gpointer data)
{
  AssayOutcome *self = data;

  g_clear_pointer (&self->prediction, assay_prediction_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->raw, g_bytes_unref);
}

void
assay_outcome_unref (AssayOutcome *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, outcome_clear);
}

AssayPrediction *
assay_outcome_get_prediction (const AssayOutcome *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->prediction;
}

const GError *
assay_outcome_get_error (const AssayOutcome *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->error;
}

GBytes *
assay_outcome_get_raw (const AssayOutcome *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->raw;
}

GType
assay_answer_state_get_type (void)
{
  static const GEnumValue values[] = {
    { ASSAY_ANSWER_QUEUED, "ASSAY_ANSWER_QUEUED", "queued" },
    { ASSAY_ANSWER_READING, "ASSAY_ANSWER_READING", "reading" },
    { ASSAY_ANSWER_SENDING, "ASSAY_ANSWER_SENDING", "sending" },
    { ASSAY_ANSWER_ANSWERED, "ASSAY_ANSWER_ANSWERED", "answered" },
    { ASSAY_ANSWER_FAILED, "ASSAY_ANSWER_FAILED", "failed" },
    { ASSAY_ANSWER_CANCELED, "ASSAY_ANSWER_CANCELED", "canceled" },
    { ASSAY_ANSWER_REJECTED, "ASSAY_ANSWER_REJECTED", "rejected" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("AssayAnswerState", values));
  return type;
}

/**
 * assay_answer_state_get_name:
 *
 * Returns: (transfer none): the state's name for logs and tests, untranslated
 */
const char *
assay_answer_state_get_name (AssayAnswerState state)
{
  static const char *const names[ASSAY_ANSWER_N_STATES] = {
    "queued", "reading", "sending", "answered", "failed", "canceled", "rejected",
  };

  g_return_val_if_fail ((guint) state < ASSAY_ANSWER_N_STATES, NULL);

  return names[state];
}

/**
 * assay_answer_state_is_final:
 *
 * Returns: whether nothing more happens unless a person asks again
 */
gboolean
assay_answer_state_is_final (AssayAnswerState state)
{
  return state >= ASSAY_ANSWER_ANSWERED;
}

/* Invariants: a prediction exactly when answered; an error exactly when failed
 * or rejected, in the same place; all fields but the state change only through move(), reject()
 * and resolve(), but that the prediction may take another form of the same, and
 * the raw answer may be dropped.  Main thread. */
struct _AssayAnswer {
  GObject parent_instance;

  AssayTarget *target;
  union {
    AssayPrediction *prediction;
    GError *error;
  };
  GBytes *raw;
  const AssayAnswerWatch *watch; /* (nullable) (not owned) */
  double seconds;
  gint64 when;
  guint attempts;
  AssayAnswerState state;
};

G_DEFINE_FINAL_TYPE (AssayAnswer, assay_answer, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_PREDICTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

#define BIT(state) (1u << (state))

/* For each state, the states that may follow it. */
static const guint8 followers[ASSAY_ANSWER_N_STATES] = {
  [ASSAY_ANSWER_QUEUED] = BIT (ASSAY_ANSWER_READING) | BIT (ASSAY_ANSWER_CANCELED)
                          | BIT (ASSAY_ANSWER_REJECTED) | BIT (ASSAY_ANSWER_FAILED),
  [ASSAY_ANSWER_READING] = BIT (ASSAY_ANSWER_SENDING) | BIT (ASSAY_ANSWER_CANCELED)
                           | BIT (ASSAY_ANSWER_REJECTED) | BIT (ASSAY_ANSWER_FAILED)
                           | BIT (ASSAY_ANSWER_QUEUED),
  [ASSAY_ANSWER_SENDING] = BIT (ASSAY_ANSWER_ANSWERED) | BIT (ASSAY_ANSWER_FAILED)
                           | BIT (ASSAY_ANSWER_CANCELED) | BIT (ASSAY_ANSWER_QUEUED),
  [ASSAY_ANSWER_ANSWERED] = BIT (ASSAY_ANSWER_QUEUED),
  [ASSAY_ANSWER_FAILED] = BIT (ASSAY_ANSWER_QUEUED),
  [ASSAY_ANSWER_CANCELED] = BIT (ASSAY_ANSWER_QUEUED),
  [ASSAY_ANSWER_REJECTED] = BIT (ASSAY_ANSWER_QUEUED),
};

static gboolean
has_error (const AssayAnswer *self)
{
  return self->state == ASSAY_ANSWER_FAILED || self->state == ASSAY_ANSWER_REJECTED;
}

static void
clear_result (AssayAnswer *self)
{
  if (has_error (self))
    g_clear_error (&self->error);
  else
    g_clear_pointer (&self->prediction, assay_prediction_unref);
  g_clear_pointer (&self->raw, g_bytes_unref);
  self->seconds = 0;
  self->when = 0;
}

/* The one place where the state changes; there is no result after it. */
static gboolean
transition (AssayAnswer *self,
            AssayAnswerState state)
{
  if ((followers[self->state] & BIT (state)) == 0)
    return FALSE;

  clear_result (self);
  if (state == ASSAY_ANSWER_QUEUED && assay_answer_state_is_final (self->state))
    self->attempts = 0;
  if (state == ASSAY_ANSWER_SENDING)
    self->attempts++;
  self->state = state;
  return TRUE;
}

static void
notify_all (AssayAnswer *self)
{
  if (self->watch != NULL)
    self->watch->changed (self, self->watch);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PREDICTION]);
}

static void
assay_answer_get_property (GObject *object,
                           guint id,
                           GValue *value,
                           GParamSpec *pspec)
{
  AssayAnswer *self = ASSAY_ANSWER (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_PREDICTION:
      g_value_set_boxed (value, assay_answer_get_prediction (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_answer_finalize (GObject *object)
{
  AssayAnswer *self = ASSAY_ANSWER (object);

  clear_result (self);
  g_clear_pointer (&self->target, assay_target_unref);
  G_OBJECT_CLASS (assay_answer_parent_class)->finalize (object);
}

static void
assay_answer_class_init (AssayAnswerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_answer_get_property;
  object_class->finalize = assay_answer_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, ASSAY_TYPE_ANSWER_STATE, ASSAY_ANSWER_QUEUED,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PREDICTION] =
    g_param_spec_boxed ("prediction", NULL, NULL, ASSAY_TYPE_PREDICTION,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_answer_init (AssayAnswer *self)
{
  self->state = ASSAY_ANSWER_QUEUED;
}

/**
 * assay_answer_new:
 * @target: (transfer none): whom is asked
 *
 * Returns: (transfer full): a queued answer
 */
AssayAnswer *
assay_answer_new (AssayTarget *target)
{
  AssayAnswer *self;

  g_return_val_if_fail (target != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_ANSWER, NULL);
  self->target = assay_target_ref (target);
  return self;
}

AssayTarget *
assay_answer_get_target (AssayAnswer *self)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), NULL);

  return self->target;
}

AssayAnswerState
assay_answer_get_state (AssayAnswer *self)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), ASSAY_ANSWER_FAILED);

  return self->state;
}

/**
 * assay_answer_get_prediction:
 *
 * Returns: (transfer none) (nullable): the prediction, exactly when answered
 */
AssayPrediction *
assay_answer_get_prediction (AssayAnswer *self)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), NULL);

  return has_error (self) ? NULL : self->prediction;
}

/**
 * assay_answer_get_error:
 *
 * Returns: (transfer none) (nullable): the reason, exactly when failed or rejected
 */
const GError *
assay_answer_get_error (AssayAnswer *self)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), NULL);

  return has_error (self) ? self->error : NULL;
}

/**
 * assay_answer_get_raw:
 *
 * Returns: (transfer none) (nullable): the service's answer as it came, at most
 *   %ASSAY_LIMIT_RAW_BYTES of it; %NULL where it was not kept, or not any more
 */
GBytes *
assay_answer_get_raw (AssayAnswer *self)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), NULL);

  return self->raw;
}

/**
 * assay_answer_get_attempts:
 *
 * Returns: how often it was sent since it was last asked for
 */
guint
assay_answer_get_attempts (AssayAnswer *self)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), 0);

  return self->attempts;
}

/**
 * assay_answer_get_seconds:
 *
 * Returns: seconds from sending to the end of the answer, of the last attempt
 */
double
assay_answer_get_seconds (AssayAnswer *self)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), 0);

  return self->seconds;
}

/**
 * assay_answer_get_when:
 *
 * Returns: when it ended, in microseconds since 1970 (UTC); 0 while it has not
 */
gint64
assay_answer_get_when (AssayAnswer *self)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), 0);

  return self->when;
}

/**
 * assay_answer_move:
 * @state: queued, reading, sending or canceled; the others carry a result and
 *   are reached by assay_answer_resolve() and assay_answer_reject()
 *
 * Returns: whether the move is legal; if not, nothing has changed
 */
gboolean
assay_answer_move (AssayAnswer *self,
                   AssayAnswerState state)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), FALSE);
  g_return_val_if_fail (state <= ASSAY_ANSWER_SENDING || state == ASSAY_ANSWER_CANCELED, FALSE);

  if (!transition (self, state))
    return FALSE;
  notify_all (self);
  return TRUE;
}

/**
 * assay_answer_reject:
 * @error: why the item cannot be sent; copied
 *
 * Ends the answer before anything was sent.
 *
 * Returns: whether the move is legal
 */
gboolean
assay_answer_reject (AssayAnswer *self,
                     const GError *error)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), FALSE);
  g_return_val_if_fail (error != NULL, FALSE);

  if (!transition (self, ASSAY_ANSWER_REJECTED))
    return FALSE;
  self->error = g_error_copy (error);
  notify_all (self);
  return TRUE;
}

/**
 * assay_answer_resolve:
 * @outcome: (transfer none): what came
 * @seconds: how long it took
 * @when: microseconds since 1970 (UTC)
 *
 * Ends the answer as answered or failed, as the outcome says.
 *
 * Returns: whether the move is legal
 */
gboolean
assay_answer_resolve (AssayAnswer *self,
                      AssayOutcome *outcome,
                      double seconds,
                      gint64 when)
{
  g_return_val_if_fail (ASSAY_IS_ANSWER (self), FALSE);
  g_return_val_if_fail (outcome != NULL, FALSE);

  if (!transition (self, outcome->prediction != NULL ? ASSAY_ANSWER_ANSWERED : ASSAY_ANSWER_FAILED))
    return FALSE;
  if (outcome->prediction != NULL)
    self->prediction = assay_prediction_ref (outcome->prediction);
  else
    self->error = g_error_copy (outcome->error);
  if (outcome->raw != NULL)
    self->raw = g_bytes_ref (outcome->raw);
  self->seconds = seconds;
  self->when = when;
  notify_all (self);
  return TRUE;
}

/**
 * assay_answer_set_form:
 * @self: one that is answered
 * @prediction: (transfer none): what it has already, trimmed, or whole again
 *
 * It says the same as before, and so notifies nobody.
 */
void
assay_answer_set_form (AssayAnswer *self,
                       AssayPrediction *prediction)
{
  g_autoptr (AssayPrediction) old = NULL;

  g_return_if_fail (ASSAY_IS_ANSWER (self));
  g_return_if_fail (self->state == ASSAY_ANSWER_ANSWERED);
  g_return_if_fail (prediction != NULL);
  g_return_if_fail (assay_prediction_get_n_sent (prediction)
                    == assay_prediction_get_n_sent (self->prediction));

  old = g_steal_pointer (&self->prediction);
  self->prediction = assay_prediction_ref (prediction);
}

/**
 * assay_answer_drop_raw:
 *
 * Forgets the answer as it came.
 */
void
assay_answer_drop_raw (AssayAnswer *self)
{
  g_return_if_fail (ASSAY_IS_ANSWER (self));

  g_clear_pointer (&self->raw, g_bytes_unref);
}

/**
 * assay_answer_set_watch:
 * @watch: (nullable): who is told first when the state has changed, in place of whoever
 *   was; it has to live until it is taken away again
 */
void
assay_answer_set_watch (AssayAnswer *self,
                        const AssayAnswerWatch *watch)
{
  g_return_if_fail (ASSAY_IS_ANSWER (self));

  self->watch = watch;
}
