/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assay-answers-file.h"
#include "assay-cli-bundle.h"
#include "assay-cli-job.h"
#include "assay-cli-judge.h"
#include "assay-cli-report.h"
#include "assay-cli-truth.h"
#include "assay-cli.h"
#include "assay-comparison-text.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-export.h"
#include "assay-json.h"
#include "assay-label.h"
#include "assay-latency.h"

/* Flips that a person reads. */
#define MAX_FLIPS 20

/* The places of the two. */
enum {
  A,
  B,
};

/* What is known of one picture, until both have said something.  Invariant: of each that
 * is done there is a prediction exactly if it answered. */
typedef struct {
  char *path;
  AssaySource *source;
  GRefString *given;          /* (nullable) interned */
  AssayPrediction *predictions[2];
  double seconds[2];
  gboolean done[2];
} Pair;

/* A picture that is called something else than before. */
typedef struct {
  char *path;
  GRefString *truth;          /* (nullable) interned */
  GRefString *said[2];        /* interned */
  double scores[2];
  double shift;
  double seconds;             /* the candidate took */
  AssayChange change;
  gboolean apart;             /* known when all have answered */
} Flip;

typedef struct {
  AssayCliOptions options;
  char *targets[2];           /* (nullable) as typed */
  char *models[2];            /* (nullable) */
  char *versions[2];          /* (nullable) */
  char *from;                 /* (nullable): where the truth comes from */
  char *baseline;             /* (nullable): a file in place of the first */
  int max_regressions;        /* negative for no gate */
  char *min_agreement;        /* (nullable): as typed */
  char *junit;                /* (nullable) */
  char *report_path;          /* (nullable) */

  AssayCliConnect *connects[2]; /* (nullable) */
  AssayReportDraft *report;   /* (nullable) */
  AssayEvaluation *evaluations[2]; /* for the report */
  AssayCliTruth *truth;       /* (nullable) */
  AssayComparison *comparison;
  AssayCliGates *gates;
  AssayTarget *asked[2];      /* (nullable) until one has answered */
  GPtrArray *kept;            /* (element-type AssayAnswersRow) (nullable): the baseline */
  GHashTable *kept_by_hash;   /* (element-type utf8 AssayAnswersRow) (nullable) */
  GHashTable *kept_by_path;
  GHashTable *pairs;          /* (element-type guint Pair): by serial */
  GPtrArray *waiting;         /* (element-type Pair): the model may still have the label */
  GPtrArray *judged;          /* (element-type Flip) */
  AssayLatency *seconds[2];   /* of the answers */
  guint n_given;
  guint n_unpaired;           /* not answered by both */
  guint n_unknown;            /* the model has no such label */
  guint n_apart;              /* set apart by the comparison */
} Compare;

static void
pair_free (gpointer data)
{
  Pair *self = data;

  g_free (self->path);
  g_object_unref (self->source);
  g_clear_pointer (&self->given, assay_label_release);
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->predictions[i], assay_prediction_unref);
  g_free (self);
}

static void
flip_free (gpointer data)
{
  Flip *self = data;

  g_free (self->path);
  g_clear_pointer (&self->truth, assay_label_release);
  assay_label_release (self->said[A]);
  assay_label_release (self->said[B]);
  g_free (self);
}

static void
compare_clear (Compare *self)
{
  assay_cli_options_clear (&self->options);
  for (guint i = 0; i < 2; i++)
    {
      g_free (self->targets[i]);
      g_free (self->models[i]);
      g_free (self->versions[i]);
      g_clear_pointer (&self->asked[i], assay_target_unref);
      g_clear_pointer (&self->seconds[i], assay_latency_free);
      g_clear_pointer (&self->evaluations[i], assay_evaluation_unref);
    }
  g_free (self->report_path);
  g_clear_pointer (&self->report, assay_report_draft_free);
  g_free (self->from);
  g_free (self->baseline);
  g_free (self->min_agreement);
  g_free (self->junit);
  g_clear_pointer (&self->truth, assay_cli_truth_free);
  g_clear_pointer (&self->comparison, assay_comparison_unref);
  g_clear_pointer (&self->gates, assay_cli_gates_free);
  g_clear_pointer (&self->kept_by_hash, g_hash_table_unref);
  g_clear_pointer (&self->kept_by_path, g_hash_table_unref);
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  g_clear_pointer (&self->pairs, g_hash_table_unref);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->judged, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Compare, compare_clear)

/* ---- the line ---- */

/* "[[CONNECTION:]MODEL/]VERSION".  Returns: (transfer full) (nullable): the connection. */
static char *
split_target (Compare *self,
              guint which)
{
  const char *target = self->targets[which];
  const char *stroke = target != NULL ? strrchr (target, '/') : NULL;
  const char *colon = stroke != NULL ? memchr (target, ':', stroke - target) : NULL;
  const char *model = colon != NULL ? colon + 1 : target;

  if (target == NULL)
    return NULL;
  self->versions[which] = g_strdup (stroke != NULL ? stroke + 1 : target);
  self->models[which] =
    stroke != NULL ? g_strndup (model, stroke - model) : g_strdup (self->options.model);
  return colon != NULL ? g_strndup (target, colon - target) : NULL;
}

static gboolean
check_line (Compare *self,
            GError **error)
{
  double share = 0;
  const char *problem = NULL;

  if (self->targets[B] == NULL || (self->targets[A] == NULL) == (self->baseline == NULL))
    problem = _("Give -b, and -a or --baseline");
  else if (self->options.version != NULL)
    problem = _("Versions are given by -a and -b, not by --model-version");
  else if (self->max_regressions >= 0 && self->from == NULL)
    problem = _("--max-regressions needs --truth: without it nobody knows what is right");
  else if (self->options.bundle != NULL && self->baseline != NULL)
    problem = _("--bundle needs -a: what --baseline reads is evidence of nothing");
  else if (!assay_cli_share_parse (self->min_agreement, &share))
    problem = _("--min-agreement takes a share from 0 to 1, or a percentage such as 60%");
  if (problem != NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, problem);
  return problem == NULL;
}

static void
index_baseline (Compare *self)
{
  self->kept_by_hash = g_hash_table_new (g_str_hash, g_str_equal);
  self->kept_by_path = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < self->kept->len; i++)
    {
      AssayAnswersRow *row = g_ptr_array_index (self->kept, i);

      if (row->sha256 != NULL)
        g_hash_table_insert (self->kept_by_hash, row->sha256, row);
      g_hash_table_insert (self->kept_by_path, row->path, row);
    }
}

static gboolean
load_baseline (Compare *self,
               GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (self->baseline);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, &reason);

  self->kept = bytes != NULL ? assay_answers_file_parse (bytes, &reason) : NULL;
  if (self->kept == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("--baseline %s: %s"), self->baseline,
                   reason->message);
      return FALSE;
    }
  index_baseline (self);
  return TRUE;
}

static gboolean
prepare (gpointer data,
         GError **error)
{
  Compare *self = data;

  if (self->from != NULL)
    {
      self->truth = assay_cli_truth_new (self->from, error);
      if (self->truth == NULL)
        return FALSE;
    }
  if (self->baseline != NULL && !load_baseline (self, error))
    return FALSE;
  self->comparison = assay_comparison_new ();
  self->gates = assay_cli_gates_new ("assay-cli compare", self->junit);
  self->pairs = g_hash_table_new_full (NULL, NULL, NULL, pair_free);
  self->waiting = g_ptr_array_new_with_free_func (pair_free);
  self->judged = g_ptr_array_new_with_free_func (flip_free);
  if (self->report_path != NULL)
    self->report = assay_report_draft_new (self->options.threshold);
  for (guint i = 0; i < 2; i++)
    {
      self->seconds[i] = assay_latency_new ();
      self->evaluations[i] = assay_evaluation_new ();
    }
  return TRUE;
}

static gboolean
begin (gpointer data,
       GError **error)
{
  return TRUE;
}

/* ---- answers ---- */

static void
note_flip (Compare *self,
           const Pair *pair,
           const char *truth,
           AssayChange change)
{
  Flip *flip = g_new0 (Flip, 1);

  flip->path = g_strdup (pair->path);
  flip->truth = truth != NULL ? assay_label_intern (truth) : NULL;
  for (guint i = 0; i < 2; i++)
    {
      flip->said[i] = assay_label_intern (assay_prediction_get_label (pair->predictions[i], 0));
      flip->scores[i] = assay_prediction_get_score (pair->predictions[i], 0);
    }
  flip->shift = assay_change_get_shift (truth, pair->predictions[A], pair->predictions[B]);
  flip->seconds = pair->seconds[B];
  flip->change = change;
  if (self->report != NULL)
    assay_report_draft_add_flip (self->report, pair->source, truth, change, pair->predictions[A],
                                 pair->predictions[B]);
  g_ptr_array_add (self->judged, flip);
}

static void
note_for_report (Compare *self,
                 const Pair *pair,
                 const char *truth)
{
  if (self->report == NULL || truth == NULL)
    return;
  for (guint i = 0; i < 2; i++)
    assay_evaluation_add (self->evaluations[i], truth, pair->predictions[i]);
  if (!g_str_equal (assay_prediction_get_label (pair->predictions[B], 0), truth))
    assay_report_draft_add_mistake (self->report, pair->source, truth, pair->predictions[B]);
}

static void
judge_pair (Compare *self,
            const Pair *pair,
            const char *truth)
{
  AssayChange change = assay_change_judge (truth, pair->predictions[A], pair->predictions[B]);

  assay_comparison_add (self->comparison, truth, pair->predictions[A], pair->predictions[B]);
  note_for_report (self, pair, truth);
  if (change != ASSAY_CHANGE_SAME)
    note_flip (self, pair, truth, change);
  else
    assay_cli_gates_add_picture (self->gates, pair->path, pair->seconds[B], NULL, NULL);
}

/* Takes @pair. */
static void
close_pair (Compare *self,
            Pair *pair)
{
  const char *truth = NULL;

  if (pair->predictions[A] == NULL || pair->predictions[B] == NULL)
    {
      self->n_unpaired++;
      assay_cli_gates_add_picture (self->gates, pair->path, pair->seconds[B], NULL,
                                   "not answered by both");
      pair_free (pair);
      return;
    }
  if (pair->given != NULL)
    truth = assay_cli_truth_read (self->truth, pair->given);
  if (pair->given != NULL && truth == NULL)
    {
      g_ptr_array_add (self->waiting, pair);
      return;
    }
  judge_pair (self, pair, truth);
  pair_free (pair);
}

static AssayPrediction *
find_kept (Compare *self,
           AssayItem *item,
           const char *path)
{
  AssaySource *source = assay_item_get_source (item);
  const char *member = assay_source_get_member (source);
  g_autofree char *hash = assay_item_dup_sha256 (item);
  g_autofree char *whole = member != NULL ? g_strconcat (assay_source_get_path (source), "/", member,
                                                         NULL)
                                          : g_strdup (assay_source_get_path (source));
  AssayAnswersRow *row = hash != NULL ? g_hash_table_lookup (self->kept_by_hash, hash) : NULL;

  if (row == NULL && whole != NULL)
    row = g_hash_table_lookup (self->kept_by_path, whole);
  if (row == NULL)
    row = g_hash_table_lookup (self->kept_by_path, path);
  /* Another picture that lies in the same place now was never answered. */
  if (row == NULL || (hash != NULL && row->sha256 != NULL && !g_str_equal (row->sha256, hash)))
    return NULL;
  return assay_prediction_ref (row->prediction);
}

static Pair *
ensure_pair (Compare *self,
             AssayItem *item,
             const char *path)
{
  gpointer serial = GUINT_TO_POINTER (assay_item_get_serial (item));
  Pair *pair = g_hash_table_lookup (self->pairs, serial);

  if (pair != NULL)
    return pair;
  pair = g_new0 (Pair, 1);
  pair->path = g_strdup (path);
  pair->source = g_object_ref (assay_item_get_source (item));
  if (self->truth != NULL)
    pair->given = assay_cli_truth_get_given (self->truth, assay_item_get_source (item));
  if (self->kept != NULL)
    {
      pair->done[A] = TRUE;
      pair->predictions[A] = find_kept (self, item, path);
    }
  g_hash_table_insert (self->pairs, serial, pair);
  if (self->report != NULL)
    assay_report_draft_add_image (self->report, item);
  self->n_given++;
  return pair;
}

static void
learn (Compare *self,
       const AssayPrediction *prediction)
{
  if (self->truth != NULL && prediction != NULL)
    assay_cli_truth_learn (self->truth, prediction);
}

static gboolean
take (gpointer data,
      guint which,
      AssayItem *item,
      AssayAnswer *answer,
      const char *path,
      GError **error)
{
  Compare *self = data;
  guint place = self->kept != NULL ? B : which;
  Pair *pair = ensure_pair (self, item, path);
  double seconds = assay_answer_get_seconds (answer);

  if (self->asked[place] == NULL)
    self->asked[place] = assay_target_ref (assay_answer_get_target (answer));
  pair->done[place] = TRUE;
  pair->seconds[place] = seconds;
  if (assay_answer_get_state (answer) == ASSAY_ANSWER_ANSWERED)
    {
      pair->predictions[place] = assay_prediction_ref (assay_answer_get_prediction (answer));
      assay_latency_add (self->seconds[place], seconds);
    }
  if (!pair->done[A] || !pair->done[B])
    return TRUE;
  learn (self, pair->predictions[A]);
  learn (self, pair->predictions[B]);
  g_hash_table_steal (self->pairs, GUINT_TO_POINTER (assay_item_get_serial (item)));
  close_pair (self, pair);
  return TRUE;
}

/* ---- the end ---- */

static void
judge_waiting (Compare *self)
{
  for (guint i = 0; i < self->waiting->len; i++)
    {
      const Pair *pair = g_ptr_array_index (self->waiting, i);
      const char *truth = assay_cli_truth_read (self->truth, pair->given);

      if (truth == NULL)
        {
          self->n_unknown++;
          assay_cli_truth_give_up (self->truth, pair->given);
        }
      judge_pair (self, pair, truth);
    }
  g_ptr_array_set_size (self->waiting, 0);
}

/* Those that only one has answered when a person stopped it. */
static void
close_rest (Compare *self)
{
  self->n_unpaired += g_hash_table_size (self->pairs);
  g_hash_table_remove_all (self->pairs);
}

static GHashTable *
list_labels_of_one (Compare *self)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) labels = assay_comparison_list_apart (self->comparison, i == B);

      for (guint j = 0; j < labels->len; j++)
        g_hash_table_add (names, g_ptr_array_index (labels, j));
    }
  return names;
}

/* Which flips are set apart, as assay_comparison_is_apart() has it, is only known when
 * all have answered: the last answer may bring the label that one of them lacked. */
static void
judge_flips (Compare *self)
{
  g_autoptr (GHashTable) names = list_labels_of_one (self);

  for (guint i = 0; i < self->judged->len; i++)
    {
      Flip *flip = g_ptr_array_index (self->judged, i);
      g_autofree char *failure = NULL;

      flip->apart = g_hash_table_contains (names, flip->said[A])
                    || g_hash_table_contains (names, flip->said[B])
                    || (flip->truth != NULL && g_hash_table_contains (names, flip->truth));
      if (flip->change == ASSAY_CHANGE_REGRESSED && !flip->apart)
        failure = g_strdup_printf ("%s, before: %s", flip->said[B], flip->truth);
      assay_cli_gates_add_picture (self->gates, flip->path, flip->seconds, failure,
                                   flip->apart ? "a label that only one of the two has" : NULL);
    }
}

/* What broke first, then what is mended, then the rest, and last what is set apart; the
 * largest shift first. */
static int
compare_flips (gconstpointer a,
               gconstpointer b)
{
  const Flip *left = *(const Flip *const *) a;
  const Flip *right = *(const Flip *const *) b;

  if (left->apart != right->apart)
    return left->apart ? 1 : -1;
  if (left->change != right->change)
    return left->change < right->change ? 1 : -1;
  if (fabs (left->shift) != fabs (right->shift))
    return fabs (left->shift) < fabs (right->shift) ? 1 : -1;
  return g_strcmp0 (left->path, right->path);
}

/* ---- for people ---- */

static const char *
get_model (Compare *self,
           guint which)
{
  if (self->asked[which] != NULL)
    return assay_target_get_model (self->asked[which]);
  if (which == A && self->kept != NULL)
    return ((AssayAnswersRow *) g_ptr_array_index (self->kept, 0))->model;
  return self->models[which];
}

static const char *
get_version (Compare *self,
             guint which)
{
  if (self->asked[which] != NULL)
    return assay_target_get_version (self->asked[which]);
  if (which == A && self->kept != NULL)
    return ((AssayAnswersRow *) g_ptr_array_index (self->kept, 0))->version;
  return self->versions[which];
}

static const char *
get_service (Compare *self,
             guint which)
{
  if (self->asked[which] == NULL || self->connects[which] == NULL)
    return NULL;
  return assay_report_find_service (assay_cli_connect_get_connection (self->connects[which]));
}

static char *
dup_title (Compare *self,
           guint which,
           gboolean inside)
{
  guint other = 1 - which;

  return assay_report_dup_title (get_model (self, which), get_version (self, which),
                                 get_service (self, which), get_model (self, other),
                                 get_version (self, other), get_service (self, other), !inside);
}

static char *
dup_agreement (Compare *self,
               const AssayComparisonFigures *figures)
{
  g_autofree char *a = dup_title (self, A, TRUE);
  g_autofree char *b = dup_title (self, B, FALSE);

  return assay_comparison_dup_agreement (figures, a, b);
}

static char *
dup_verdict (Compare *self,
             const AssayComparisonFigures *figures)
{
  g_autofree char *b = dup_title (self, B, FALSE);

  return assay_comparison_dup_verdict (figures, b);
}

static void
append_accuracy (Compare *self,
                 GString *out,
                 guint which,
                 guint64 n_right,
                 guint64 n,
                 const AssayInterval *accuracy)
{
  g_autofree char *title = dup_title (self, which, FALSE);
  g_autofree char *share = assay_cli_judge_dup_percent (accuracy->value);
  g_autofree char *interval = assay_cli_judge_dup_interval (accuracy);

  /* Translators: a version, how many it has right, of how many, their share, its interval */
  g_string_append_printf (out, _("%s: %u of %u right, %s, %s\n"), title, (guint) n_right, (guint) n,
                          share, interval);
}

static void
append_truth (Compare *self,
              GString *out,
              const AssayComparisonFigures *figures)
{
  g_autofree char *verdict = dup_verdict (self, figures);

  g_string_append_printf (out, "%s\n\n", verdict);
  append_accuracy (self, out, A, figures->both_right + figures->only_a, figures->n_truth,
                   &figures->accuracy_a);
  append_accuracy (self, out, B, figures->both_right + figures->only_b, figures->n_truth,
                   &figures->accuracy_b);
  g_string_append_printf (out, _("Difference: %+.1f points, 95%% interval %+.1f to %+.1f (bootstrap of "
                                 "%u, seed %u)\n"),
                          100 * figures->difference.value, 100 * figures->difference.low,
                          100 * figures->difference.high, ASSAY_PAIRED_RESAMPLES, ASSAY_PAIRED_SEED);
}

static void
append_latency (Compare *self,
                GString *out)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *title = dup_title (self, i, FALSE);

      if (assay_latency_get_n (self->seconds[i]) == 0)
        continue;
      /* Translators: a version, and how long half and nearly all of its answers took */
      g_string_append_printf (out, _("%s answered in %.0f ms, 95%% of the time in %.0f ms\n"), title,
                              1000 * assay_latency_get_percentile (self->seconds[i], 0.5),
                              1000 * assay_latency_get_percentile (self->seconds[i], 0.95));
    }
}

static void
append_apart (Compare *self,
              GString *out,
              const AssayComparisonFigures *figures)
{
  for (guint i = 0; i < 2 && figures->n_apart > 0; i++)
    {
      g_autoptr (GPtrArray) labels = assay_comparison_list_apart (self->comparison, i == B);
      g_autofree char *title = dup_title (self, i, TRUE);
      g_autofree char *joined = NULL;

      if (labels->len == 0)
        continue;
      g_ptr_array_add (labels, NULL);
      joined = g_strjoinv (", ", (char **) labels->pdata);
      g_string_append_printf (out, _("Only %s has the labels: %s\n"), title, joined);
    }
  if (figures->n_apart > 0)
    g_string_append_printf (
      out,
      g_dngettext (GETTEXT_PACKAGE, "%u image is about such a label and not compared\n",
                   "%u images are about such labels and not compared\n", (guint) figures->n_apart),
      (guint) figures->n_apart);
}

static const char *
get_word (const Flip *flip)
{
  if (flip->apart)
    return _("Set apart");
  switch (flip->change)
    {
    case ASSAY_CHANGE_REGRESSED:
      return _("Regressed");
    case ASSAY_CHANGE_FIXED:
      return _("Fixed");
    case ASSAY_CHANGE_CHANGED:
    case ASSAY_CHANGE_SAME:
    default:
      return _("Changed");
    }
}

/* All that broke, and of the rest as much as a person reads. */
static void
append_flips (Compare *self,
              GString *out)
{
  guint shown = 0;

  if (self->judged->len > 0)
    g_string_append_c (out, '\n');
  for (; shown < self->judged->len; shown++)
    {
      const Flip *flip = g_ptr_array_index (self->judged, shown);
      g_autofree char *path = assay_display_text (flip->path, -1, 0);
      g_autofree char *a = assay_display_text (flip->said[A], -1, 40);
      g_autofree char *b = assay_display_text (flip->said[B], -1, 40);

      if (shown >= MAX_FLIPS && (flip->apart || flip->change != ASSAY_CHANGE_REGRESSED))
        break;
      g_string_append_printf (out, "%s  %s -> %s  %+.1f pp  %s\n", get_word (flip), a, b,
                              100 * flip->shift, path);
    }
  if (self->judged->len > shown)
    g_string_append_printf (out, _("… and %u more, all of them in --format json\n"),
                            self->judged->len - shown);
}

static char *
dup_text (Compare *self,
          const AssayComparisonFigures *figures)
{
  GString *out = g_string_new (NULL);
  g_autofree char *agreement = dup_agreement (self, figures);

  g_string_append_printf (out, "%s\n", agreement);
  if (figures->n_truth > 0)
    append_truth (self, out, figures);
  append_latency (self, out);
  append_apart (self, out, figures);
  append_flips (self, out);
  if (self->n_unpaired > 0)
    g_string_append_printf (
      out,
      g_dngettext (GETTEXT_PACKAGE, "\n%u image was not answered by both and is not compared\n",
                   "\n%u images were not answered by both and are not compared\n", self->n_unpaired),
      self->n_unpaired);
  return g_string_free (out, FALSE);
}

/* ---- for programs ---- */

static void
append_target (Compare *self,
               GString *out,
               const char *name,
               guint which)
{
  if (self->asked[which] != NULL)
    {
      assay_cli_json_target (out, name, self->asked[which]);
      return;
    }
  assay_cli_json_name (out, name);
  g_string_append_c (out, '{');
  assay_cli_json_string (out, "model", get_model (self, which));
  assay_cli_json_string (out, "version", get_version (self, which));
  if (which == A && self->baseline != NULL)
    assay_cli_json_string (out, "baseline", self->baseline);
  g_string_append_c (out, '}');
}

static void
append_json_flips (Compare *self,
                   GString *out)
{
  assay_cli_json_name (out, "flips");
  g_string_append_c (out, '[');
  for (guint i = 0; i < self->judged->len; i++)
    {
      const Flip *flip = g_ptr_array_index (self->judged, i);

      g_string_append (out, i > 0 ? ", {" : "{");
      assay_cli_json_string (out, "path", flip->path);
      assay_cli_json_string (out, "truth", flip->truth);
      assay_cli_json_string (out, "a", flip->said[A]);
      assay_cli_json_string (out, "b", flip->said[B]);
      assay_cli_json_string (
        out, "change", flip->apart ? "set apart" : assay_export_get_change_name (flip->change));
      assay_cli_json_number (out, "score_a", flip->scores[A]);
      assay_cli_json_number (out, "score_b", flip->scores[B]);
      assay_cli_json_number (out, "shift", flip->shift);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

static void
append_json_latency (Compare *self,
                     GString *out)
{
  static const char *const names[] = { "a", "b" };

  assay_cli_json_name (out, "seconds");
  g_string_append_c (out, '{');
  for (guint i = 0; i < 2; i++)
    {
      assay_cli_json_name (out, names[i]);
      g_string_append_c (out, '{');
      assay_cli_json_number (out, "p50", assay_latency_get_percentile (self->seconds[i], 0.5));
      assay_cli_json_number (out, "p95", assay_latency_get_percentile (self->seconds[i], 0.95));
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, '}');
}

static void
append_json_truth (GString *out,
                   const AssayComparisonFigures *figures)
{
  assay_cli_json_count (out, "fixed", figures->only_b);
  assay_cli_json_count (out, "regressed", figures->only_a);
  assay_cli_json_count (out, "with_truth", figures->n_truth);
  assay_cli_json_name (out, "accuracy");
  g_string_append_c (out, '{');
  assay_cli_json_interval (out, "a", &figures->accuracy_a);
  assay_cli_json_interval (out, "b", &figures->accuracy_b);
  g_string_append_c (out, '}');
  assay_cli_json_name (out, "mcnemar");
  g_string_append_c (out, '{');
  assay_cli_json_count (out, "b", figures->only_a);
  assay_cli_json_count (out, "c", figures->only_b);
  assay_cli_json_number (out, "p", figures->p);
  g_string_append_c (out, '}');
  assay_cli_json_interval (out, "difference", &figures->difference);
  assay_cli_json_count (out, "seed", ASSAY_PAIRED_SEED);
}

static char *
dup_json (Compare *self,
          const AssayComparisonFigures *figures)
{
  static const char *const verdicts[] = { "cannot tell", "better", "worse" };
  GString *out = g_string_new ("{");

  append_target (self, out, "a", A);
  append_target (self, out, "b", B);
  assay_cli_json_count (out, "images", figures->n);
  assay_cli_json_count (out, "given", self->n_given);
  assay_cli_json_count (out, "not_answered_by_both", self->n_unpaired);
  assay_cli_json_count (out, "labels_differ", figures->n_apart);
  assay_cli_json_count (out, "agree", figures->agree);
  assay_cli_json_count (out, "changed", figures->changed);
  append_json_truth (out, figures);
  assay_cli_json_string (out, "verdict", verdicts[figures->verdict]);
  append_json_latency (self, out);
  append_json_flips (self, out);
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}

/* ---- gates ---- */

static gboolean
has_gates (Compare *self)
{
  return self->max_regressions >= 0 || self->min_agreement != NULL;
}

static void
tell_apart (Compare *self)
{
  g_autofree char *words = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%u image is set apart and no gate has judged it",
                 "%u images are set apart and no gate has judged them", self->n_apart),
    self->n_apart);

  if (self->n_apart > 0 && has_gates (self))
    assay_cli_complain (NULL, words);
}

static void
add_gates (Compare *self,
           const AssayComparisonFigures *figures)
{
  double agreement = assay_share (figures->agree, figures->n);
  double wanted = 0;

  self->n_apart = figures->n_apart;
  if (self->max_regressions >= 0)
    {
      g_autofree char *words =
        g_strdup_printf (_("at most %d was asked for: %u of %u"), self->max_regressions,
                         (guint) figures->only_a, (guint) figures->n_truth);

      /* Of nothing that can be judged nobody knows. */
      assay_cli_gates_add (self->gates, "--max-regressions",
                           figures->n_truth > 0 && figures->only_a <= (guint) self->max_regressions,
                           words);
    }
  if (self->min_agreement != NULL)
    {
      g_autofree char *is = isnan (agreement) ? g_strdup (_("it can't be told"))
                                              : g_strdup_printf ("%.4g", agreement);
      g_autofree char *words =
        g_strdup_printf (_("at least %s was asked for: %s"), self->min_agreement, is);

      assay_cli_share_parse (self->min_agreement, &wanted);
      assay_cli_gates_add (self->gates, "--min-agreement", agreement >= wanted, words);
    }
}

static int
judge (gpointer data,
       int status)
{
  Compare *self = data;

  /* A picture that the baseline lacks is not answered either.  What is set apart may have
   * regressed: a file that keeps only the best labels, as --top writes it, looks as if it
   * lacked the others. */
  if (status == ASSAY_CLI_OK
      && (self->n_unpaired > 0 || (self->n_apart > 0 && has_gates (self))))
    status = ASSAY_CLI_SOME_FAILED;
  return assay_cli_gates_judge (self->gates, status);
}

/* ---- the report ---- */

static void
add_version (Compare *self,
             guint which)
{
  g_autofree char *title = dup_title (self, which, TRUE);
  g_autofree char *first = dup_title (self, which, FALSE);
  gboolean is_kept = which == A && self->baseline != NULL;
  const AssayReportVersion version = {
    .title = title,
    .first = first,
    .model = get_model (self, which),
    .version = get_version (self, which),
    .service = is_kept ? NULL
                       : assay_report_find_service (assay_cli_connect_get_connection (self->connects[which])),
    .answered = is_kept ? _("recorded") : NULL,
  };

  assay_report_draft_add_version (self->report, &version, self->evaluations[which]);
}

static gboolean
write_report (Compare *self,
              const AssayComparisonFigures *figures,
              GError **error)
{
  guint64 n_paired = figures->n + figures->n_apart;
  guint64 n_judged = assay_evaluation_get_n (self->evaluations[B]);
  g_autofree char *origin = assay_cli_report_dup_origin (self->from);
  const AssayReportExtent extent = {
    self->n_given, self->n_unpaired, self->from != NULL ? (guint) (n_paired - n_judged) : 0, origin,
  };

  if (self->report == NULL)
    return TRUE;
  add_version (self, A);
  add_version (self, B);
  assay_report_draft_set_extent (self->report, &extent);
  return assay_cli_report_save (self->report, self->comparison, self->report_path, error);
}

static gboolean
end (gpointer data,
     GError **error)
{
  Compare *self = data;
  AssayComparisonFigures figures;
  g_autofree char *text = NULL;

  judge_waiting (self);
  close_rest (self);
  judge_flips (self);
  g_ptr_array_sort (self->judged, compare_flips);
  assay_comparison_get_figures (self->comparison, &figures);
  text = self->options.format == ASSAY_CLI_JSON ? dup_json (self, &figures)
                                                : dup_text (self, &figures);
  if (!assay_cli_judge_write (self->options.output, text, error))
    return FALSE;
  if (self->truth != NULL)
    assay_cli_truth_tell (self->truth);
  add_gates (self, &figures);
  tell_apart (self);
  return assay_cli_gates_write (self->gates, error) && write_report (self, &figures, error);
}

static const AssayCliSink sink = { prepare, begin, take, end, judge };

/* One connection that is named twice is opened once. */
static int
ask (Compare *self,
     AssayCliConnect *connect)
{
  g_autofree char *name_a = split_target (self, A);
  g_autofree char *name_b = split_target (self, B);
  g_autoptr (AssayCliConnect) other = NULL;
  AssayCliAsked asked[2];
  guint n = 0;

  if (name_a != NULL || name_b != NULL)
    other = assay_cli_connect_new ();
  if (g_strcmp0 (name_a, name_b) == 0 && name_a != NULL)
    {
      assay_cli_connect_set_name (connect, name_a);
      g_clear_pointer (&other, assay_cli_connect_free);
    }
  else if (other != NULL)
    assay_cli_connect_set_name (other, name_b != NULL ? name_b : name_a);
  if (name_a != NULL && name_b != NULL && other != NULL)
    assay_cli_connect_set_name (connect, name_a);
  if (self->baseline == NULL)
    asked[n++] = (AssayCliAsked) { name_b == NULL && other != NULL ? other : connect,
                                   self->models[A], self->versions[A] };
  asked[n++] = (AssayCliAsked) { name_b != NULL && other != NULL ? other : connect,
                                 self->models[B], self->versions[B] };
  self->connects[A] = asked[0].connect;
  self->connects[B] = asked[n - 1].connect;
  return assay_cli_bundle_judged (
    &self->options, n, self->from,
    assay_cli_job_run ("compare", &self->options, asked, n, &sink, self));
}

/**
 * assay_cli_compare:
 *
 * "assay-cli compare": asks two versions about the same pictures and tells what changed.
 *
 * Returns: the exit status
 */
int
assay_cli_compare (int argc,
                   char **argv)
{
  g_auto (Compare) self = { .max_regressions = -1 };
  g_autoptr (AssayCliConnect) connect = assay_cli_connect_new ();
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "a", 'a', 0, G_OPTION_ARG_STRING, &self.targets[A],
      N_("The baseline: [[CONNECTION:]MODEL/]VERSION"), N_("TARGET") },
    { "b", 'b', 0, G_OPTION_ARG_STRING, &self.targets[B],
      N_("The candidate, written the same way"), N_("TARGET") },
    { "baseline", 0, 0, G_OPTION_ARG_FILENAME, &self.baseline,
      N_("What “classify --format json” has written, in place of -a"), N_("FILE") },
    { "truth", 0, 0, G_OPTION_ARG_STRING, &self.from,
      N_("What the pictures show: folders, by the name of the folder that each lies in; or a\n"
         "CSV file with a file and a label a line"), N_("WHERE") },
    { "bundle", 0, 0, G_OPTION_ARG_FILENAME, &self.options.bundle,
      N_("Write the evidence to this zip, which “assay-cli verify” checks"), N_("FILE") },
    { "max-regressions", 0, 0, G_OPTION_ARG_INT, &self.max_regressions,
      N_("Exit with 4 if more pictures were right before and are wrong now"), N_("N") },
    { "min-agreement", 0, 0, G_OPTION_ARG_STRING, &self.min_agreement,
      N_("Exit with 4 if a smaller share of the answers is the same"), N_("P") },
    { "junit", 0, 0, G_OPTION_ARG_FILENAME, &self.junit,
      N_("Write a report for build servers to this file"), N_("FILE") },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &self.report_path,
      N_("Write a report for people to this file: one HTML page, pictures included"), N_("FILE") },
    { NULL },
  };

  self.options.judge = entries;
  self.options.usage = _("PATH… — ask two versions about pictures and tell what changed");
  if (!assay_cli_options_parse (&self.options, connect, argc, argv, &error)
      || !check_line (&self, &error))
    return assay_cli_complain_usage ("compare", error);
  return ask (&self, connect);
}
