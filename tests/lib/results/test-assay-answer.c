/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-answer.h"
#include "assay-error.h"

static AssayAnswer *
new_answer (void)
{
  g_autoptr (AssayTarget) target = assay_target_new ("c", "m", "1");

  return assay_answer_new (target);
}

static AssayOutcome *
new_outcome (gboolean good)
{
  g_autoptr (GBytes) raw = g_bytes_new_static ("{}", 2);
  g_autoptr (AssayPrediction) prediction = NULL;
  g_autoptr (GError) error = NULL;
  AssayPredictionBuilder *builder;

  if (!good)
    {
      error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_REFUSED, "no");
      return assay_outcome_new_error (error, raw);
    }
  builder = assay_prediction_builder_new ();
  g_assert_true (assay_prediction_builder_add (builder, "roses", 1, NULL));
  prediction = assay_prediction_builder_end (builder);
  return assay_outcome_new_prediction (prediction, raw);
}

/* Brings a new answer into a state by legal moves only. */
static AssayAnswer *
answer_in (AssayAnswerState state)
{
  AssayAnswer *answer = new_answer ();
  g_autoptr (AssayOutcome) outcome = new_outcome (state == ASSAY_ANSWER_ANSWERED);
  g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_DAMAGED, "x");

  if (state == ASSAY_ANSWER_REJECTED)
    g_assert_true (assay_answer_reject (answer, error));
  else if (state == ASSAY_ANSWER_CANCELED)
    g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_CANCELED));
  else
    {
      for (int s = ASSAY_ANSWER_READING; s <= (int) MIN (state, ASSAY_ANSWER_SENDING); s++)
        g_assert_true (assay_answer_move (answer, s));
      if (state > ASSAY_ANSWER_SENDING)
        g_assert_true (assay_answer_resolve (answer, outcome, .1, 5));
    }
  g_assert_cmpint (assay_answer_get_state (answer), ==, state);
  return answer;
}

static gboolean
try_move (AssayAnswer *answer,
          AssayAnswerState to)
{
  g_autoptr (AssayOutcome) outcome = new_outcome (to == ASSAY_ANSWER_ANSWERED);
  g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_DAMAGED, "x");

  if (to == ASSAY_ANSWER_ANSWERED || to == ASSAY_ANSWER_FAILED)
    return assay_answer_resolve (answer, outcome, .1, 5);
  if (to == ASSAY_ANSWER_REJECTED)
    return assay_answer_reject (answer, error);
  return assay_answer_move (answer, to);
}

/* Every pair of states: the table of the header, written out a second time. */
static void
test_every_move (void)
{
  static const char *const legal[ASSAY_ANSWER_N_STATES] = {
    /* to:  q r s a f c x */
    /* q */ ".r..fcx",
    /* r */ "q.s.fcx",
    /* s */ "q..afc.",
    /* a */ "q......",
    /* f */ "q......",
    /* c */ "q......",
    /* x */ "q......",
  };

  for (int from = 0; from < ASSAY_ANSWER_N_STATES; from++)
    for (int to = 0; to < ASSAY_ANSWER_N_STATES; to++)
      {
        g_autoptr (AssayAnswer) answer = answer_in (from);
        gboolean expected = legal[from][to] != '.';

        g_test_message ("%s to %s", assay_answer_state_get_name (from),
                        assay_answer_state_get_name (to));
        g_assert_cmpint (try_move (answer, to), ==, expected);
        g_assert_cmpint (assay_answer_get_state (answer), ==, expected ? to : from);
      }
}

static void
test_invariants (void)
{
  for (int state = 0; state < ASSAY_ANSWER_N_STATES; state++)
    {
      g_autoptr (AssayAnswer) answer = answer_in (state);
      gboolean has_error = state == ASSAY_ANSWER_FAILED || state == ASSAY_ANSWER_REJECTED;

      g_assert_cmpint (assay_answer_get_prediction (answer) != NULL, ==, state == ASSAY_ANSWER_ANSWERED);
      g_assert_cmpint (assay_answer_get_error (answer) != NULL, ==, has_error);
      g_assert_cmpint (assay_answer_state_is_final (state), ==, state >= ASSAY_ANSWER_ANSWERED);
    }
}

static void
test_attempts (void)
{
  g_autoptr (AssayAnswer) answer = new_answer ();
  g_autoptr (AssayOutcome) outcome = new_outcome (FALSE);

  for (guint i = 1; i <= 3; i++)
    {
      g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_READING));
      g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_SENDING));
      g_assert_cmpuint (assay_answer_get_attempts (answer), ==, i);
      if (i < 3)
        g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_QUEUED));
    }
  g_assert_true (assay_answer_resolve (answer, outcome, .1, 5));
  g_assert_cmpuint (assay_answer_get_attempts (answer), ==, 3);
  /* Asked again by a person: counted from the start. */
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_QUEUED));
  g_assert_cmpuint (assay_answer_get_attempts (answer), ==, 0);
  g_assert_null (assay_answer_get_error (answer));
  g_assert_null (assay_answer_get_raw (answer));
}

static void
count_cb (GObject *object,
          GParamSpec *pspec,
          gpointer data)
{
  (*(int *) data)++;
}

static void
test_notifies_once (void)
{
  AssayAnswer *answer = new_answer ();
  int notified = 0;

  g_signal_connect (answer, "notify::state", G_CALLBACK (count_cb), &notified);
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_READING));
  g_assert_cmpint (notified, ==, 1);
  g_assert_false (assay_answer_move (answer, ASSAY_ANSWER_READING));
  g_assert_cmpint (notified, ==, 1);
  g_assert_finalize_object (answer);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/answer/every-move", test_every_move);
  g_test_add_func ("/assay/answer/invariants", test_invariants);
  g_test_add_func ("/assay/answer/attempts", test_attempts);
  g_test_add_func ("/assay/answer/notifies-once", test_notifies_once);
  return g_test_run ();
}
