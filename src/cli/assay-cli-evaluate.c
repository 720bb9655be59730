/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-cli-bundle.h"
#include "assay-cli-job.h"
#include "assay-cli-judge.h"
#include "assay-cli-report.h"
#include "assay-cli-truth.h"
#include "assay-cli.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-evaluation-text.h"
#include "assay-json.h"
#include "assay-label.h"

/* Labels that get a line of a table, and mistakes. */
#define MAX_LABELS 100
#define MAX_MISTAKES 10

/* One picture that was answered and whose truth is given.  What is not read yet waits
 * for labels that later answers may bring. */
typedef struct {
  char *path;
  AssaySource *source;
  GRefString *given;          /* interned */
  AssayPrediction *prediction;
  double seconds;
} Case;

/* A picture that was called something else than it is. */
typedef struct {
  char *path;
  GRefString *truth;          /* interned */
  GRefString *said;           /* interned */
  double score;
} Mistake;

typedef struct {
  AssayCliOptions options;
  char *from;                 /* (nullable): where the truth comes from */
  char *min_accuracy;         /* (nullable): as typed, like the two below */
  char *min_f1;
  char *max_ece;
  char *junit;                /* (nullable) */
  char *report_path;          /* (nullable) */
  AssayCliConnect *connect;
  AssayReportDraft *report;   /* (nullable) */
  AssayCliTruth *truth;
  AssayEvaluation *evaluation;
  AssayCliGates *gates;
  AssayTarget *target;
  GArray *waiting;            /* (element-type Case) */
  GArray *mistakes;           /* (element-type Mistake) */
  guint n_given;
  guint n_answered;
  guint n_without_truth;      /* of those answered */
  guint n_unknown;            /* of those answered: the model has no such label */
} Evaluate;

static void
case_clear (gpointer data)
{
  Case *self = data;

  g_free (self->path);
  g_object_unref (self->source);
  assay_label_release (self->given);
  assay_prediction_unref (self->prediction);
}

static void
mistake_clear (gpointer data)
{
  Mistake *self = data;

  g_free (self->path);
  assay_label_release (self->truth);
  assay_label_release (self->said);
}

static void
evaluate_clear (Evaluate *self)
{
  assay_cli_options_clear (&self->options);
  g_free (self->from);
  g_free (self->min_accuracy);
  g_free (self->min_f1);
  g_free (self->max_ece);
  g_free (self->junit);
  g_free (self->report_path);
  g_clear_pointer (&self->report, assay_report_draft_free);
  g_clear_pointer (&self->truth, assay_cli_truth_free);
  g_clear_pointer (&self->evaluation, assay_evaluation_unref);
  g_clear_pointer (&self->gates, assay_cli_gates_free);
  g_clear_pointer (&self->target, assay_target_unref);
  g_clear_pointer (&self->waiting, g_array_unref);
  g_clear_pointer (&self->mistakes, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Evaluate, evaluate_clear)

/* ---- the line ---- */

static gboolean
check_share (const char *option,
             const char *text,
             GError **error)
{
  double share;

  if (assay_cli_share_parse (text, &share))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               _("%s takes a share from 0 to 1, or a percentage such as 60%%"), option);
  return FALSE;
}

static gboolean
prepare (gpointer data,
         GError **error)
{
  Evaluate *self = data;

  if (!check_share ("--min-accuracy", self->min_accuracy, error)
      || !check_share ("--min-f1", self->min_f1, error)
      || !check_share ("--max-ece", self->max_ece, error))
    return FALSE;
  self->truth = assay_cli_truth_new (self->from != NULL ? self->from : "folders", error);
  if (self->truth == NULL)
    return FALSE;
  self->evaluation = assay_evaluation_new ();
  self->gates = assay_cli_gates_new ("assay-cli evaluate", self->junit);
  if (self->report_path != NULL)
    self->report = assay_report_draft_new (self->options.threshold);
  self->waiting = g_array_new (FALSE, FALSE, sizeof (Case));
  g_array_set_clear_func (self->waiting, case_clear);
  self->mistakes = g_array_new (FALSE, FALSE, sizeof (Mistake));
  g_array_set_clear_func (self->mistakes, mistake_clear);
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
note_mistake (Evaluate *self,
              const char *path,
              const char *truth,
              const AssayPrediction *prediction)
{
  const Mistake mistake = {
    .path = g_strdup (path),
    .truth = assay_label_intern (truth),
    .said = assay_label_intern (assay_prediction_get_label (prediction, 0)),
    .score = assay_prediction_get_score (prediction, 0),
  };

  g_array_append_val (self->mistakes, mistake);
}

static void
judge_case (Evaluate *self,
            const Case *one,
            const char *truth)
{
  const char *said = assay_prediction_get_label (one->prediction, 0);
  g_autofree char *failure = NULL;

  assay_evaluation_add (self->evaluation, truth, one->prediction);
  if (!g_str_equal (said, truth))
    {
      failure = g_strdup_printf ("%s, truth: %s", said, truth);
      note_mistake (self, one->path, truth, one->prediction);
      if (self->report != NULL)
        assay_report_draft_add_mistake (self->report, one->source, truth, one->prediction);
    }
  assay_cli_gates_add_picture (self->gates, one->path, one->seconds, failure, NULL);
}

static void
take_answer (Evaluate *self,
             AssayItem *item,
             AssayAnswer *answer,
             const char *path)
{
  AssayPrediction *prediction = assay_answer_get_prediction (answer);
  AssaySource *source = assay_item_get_source (item);
  GRefString *given = assay_cli_truth_get_given (self->truth, source);
  Case one;
  const char *truth;

  assay_cli_truth_learn (self->truth, prediction);
  if (given == NULL)
    {
      self->n_without_truth++;
      return;
    }
  one = (Case) { g_strdup (path), g_object_ref (source), given, assay_prediction_ref (prediction),
                 assay_answer_get_seconds (answer) };
  truth = assay_cli_truth_read (self->truth, given);
  if (truth != NULL)
    {
      judge_case (self, &one, truth);
      case_clear (&one);
    }
  else
    g_array_append_val (self->waiting, one);
}

static gboolean
take (gpointer data,
      guint which,
      AssayItem *item,
      AssayAnswer *answer,
      const char *path,
      GError **error)
{
  Evaluate *self = data;
  const GError *reason = assay_answer_get_error (answer);

  self->n_given++;
  if (self->report != NULL)
    assay_report_draft_add_image (self->report, item);
  if (self->target == NULL)
    self->target = assay_target_ref (assay_answer_get_target (answer));
  if (assay_answer_get_state (answer) == ASSAY_ANSWER_ANSWERED)
    {
      self->n_answered++;
      take_answer (self, item, answer, path);
    }
  else
    assay_cli_gates_add_picture (self->gates, path, assay_answer_get_seconds (answer), NULL,
                                 reason != NULL ? reason->message : "canceled");
  return TRUE;
}

static void
judge_waiting (Evaluate *self)
{
  for (guint i = 0; i < self->waiting->len; i++)
    {
      const Case *one = &g_array_index (self->waiting, Case, i);
      const char *truth = assay_cli_truth_read (self->truth, one->given);

      if (truth != NULL)
        {
          judge_case (self, one, truth);
          continue;
        }
      self->n_unknown++;
      assay_cli_truth_give_up (self->truth, one->given);
    }
  g_array_set_size (self->waiting, 0);
}

static int
compare_mistakes (gconstpointer a,
                  gconstpointer b)
{
  const Mistake *left = a;
  const Mistake *right = b;

  if (left->score != right->score)
    return left->score < right->score ? 1 : -1;
  return g_strcmp0 (left->path, right->path);
}

/* ---- gates ---- */

static void
add_gate (Evaluate *self,
          const char *option,
          const char *typed,
          double value,
          gboolean at_most)
{
  g_autofree char *words = NULL;
  g_autofree char *is = NULL;
  double wanted = 0;
  gboolean met;

  if (typed == NULL)
    return;
  assay_cli_share_parse (typed, &wanted);
  /* What can't be told is not reached. */
  met = at_most ? value <= wanted : value >= wanted;
  is = isnan (value) ? g_strdup (_("it can't be told")) : g_strdup_printf ("%.4g", value);
  /* Translators: what was asked for, and how it is */
  words = at_most ? g_strdup_printf (_("at most %s was asked for: %s"), typed, is)
                  : g_strdup_printf (_("at least %s was asked for: %s"), typed, is);
  assay_cli_gates_add (self->gates, option, met, words);
}

static void
add_gates (Evaluate *self,
           const AssayFigures *figures)
{
  add_gate (self, "--min-accuracy", self->min_accuracy, figures->accuracy.value, FALSE);
  add_gate (self, "--min-f1", self->min_f1, figures->macro.f1, FALSE);
  add_gate (self, "--max-ece", self->max_ece, figures->ece, TRUE);
}

static int
judge (gpointer data,
       int status)
{
  return assay_cli_gates_judge (((Evaluate *) data)->gates, status);
}

/* ---- for people ---- */

static char *
dup_title (Evaluate *self)
{
  const char *model = self->target != NULL ? assay_target_get_model (self->target) : "";
  const char *version = self->target != NULL ? assay_target_get_version (self->target) : "";
  g_autofree char *name = g_strstrip (g_strdup_printf ("%s %s", model, version));

  return assay_display_text (*name != '\0' ? name : _("The model"), -1, 0);
}

static void
append_line (GString *out,
             const char *name,
             const char *value,
             const char *note)
{
  int gap = MAX (0, 22 - (int) g_utf8_strlen (name, -1));

  g_string_append_printf (out, "%s%*s %8s", name, gap, "", value);
  if (note != NULL)
    g_string_append_printf (out, "  %s", note);
  g_string_append_c (out, '\n');
}

static void
append_number (GString *out,
               const char *name,
               double value,
               const char *note)
{
  g_autofree char *text = assay_cli_judge_dup_number (value);

  append_line (out, name, text, note);
}

static void
append_percent (GString *out,
                const char *name,
                double share,
                const char *note)
{
  g_autofree char *text = assay_cli_judge_dup_percent (share);

  append_line (out, name, text, note);
}

static void
append_figures (Evaluate *self,
                GString *out,
                const AssayFigures *figures)
{
  g_autofree char *interval = assay_cli_judge_dup_interval (&figures->accuracy);

  append_percent (out, _("Accuracy"), figures->accuracy.value, interval);
  append_percent (out, _("Balanced accuracy"), figures->balanced_accuracy, NULL);
  append_percent (out, _("Top-2 accuracy"), assay_evaluation_get_top_k (self->evaluation, 2), NULL);
  append_number (out, _("Macro F1"), figures->macro.f1, NULL);
  append_number (out, _("Weighted F1"), figures->weighted.f1, NULL);
  append_number (out, _("Log loss"), figures->log_loss, NULL);
  append_number (out, _("Brier score"), figures->brier, NULL);
  append_number (out, _("Calibration error"), figures->ece,
                 figures->n < ASSAY_EVALUATION_FEW_IN_ALL ? _("15 bins; too few images to tell") : _("15 bins"));
  append_number (out, _("Cohen's kappa"), figures->kappa, NULL);
  append_number (out, _("Matthews correlation"), figures->mcc, NULL);
}

static void
append_cells (GString *out,
              int width,
              const char *name,
              double precision,
              double recall,
              double f1,
              guint64 n)
{
  g_autofree char *first = assay_cli_judge_dup_number (precision);
  g_autofree char *second = assay_cli_judge_dup_number (recall);
  g_autofree char *third = assay_cli_judge_dup_number (f1);
  int gap = MAX (0, width - (int) g_utf8_strlen (name, -1));

  g_string_append_printf (out, "%s%*s %9s %9s %9s %9" G_GUINT64_FORMAT, name, gap, "", first, second,
                          third, n);
}

static void
append_labels (GString *out,
               GArray *labels,
               const AssayFigures *figures)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  int width = 14;

  for (guint i = 0; i < MIN (labels->len, MAX_LABELS); i++)
    {
      char *name = assay_display_text (g_array_index (labels, AssayLabelFigures, i).label, -1, 40);

      width = MAX (width, (int) g_utf8_strlen (name, -1));
      g_ptr_array_add (names, name);
    }
  g_string_append_printf (out, "\n%*s %9s %9s %9s %9s\n", width, "", _("Precision"), _("Recall"),
                          _("F1"), _("Images"));
  for (guint i = 0; i < names->len; i++)
    {
      const AssayLabelFigures *label = &g_array_index (labels, AssayLabelFigures, i);

      append_cells (out, width, g_ptr_array_index (names, i), label->precision, label->recall,
                    label->f1, label->support);
      g_string_append (out, label->support < ASSAY_EVALUATION_FEW_OF_LABEL ? _("  few images") : "");
      g_string_append_c (out, '\n');
    }
  if (labels->len > names->len)
    g_string_append_printf (out, _("… and %u more, all of them in --format json\n"),
                            labels->len - names->len);
  append_cells (out, width, _("Macro mean"), figures->macro.precision, figures->macro.recall,
                figures->macro.f1, figures->n);
  g_string_append_c (out, '\n');
  append_cells (out, width, _("Weighted mean"), figures->weighted.precision, figures->weighted.recall,
                figures->weighted.f1, figures->n);
  g_string_append_c (out, '\n');
}

static void
append_mistakes (Evaluate *self,
                 GString *out)
{
  if (self->mistakes->len == 0)
    return;
  g_string_append_printf (out, "\n%s\n", _("Worst mistakes, highest wrong scores first"));
  for (guint i = 0; i < MIN (self->mistakes->len, MAX_MISTAKES); i++)
    {
      const Mistake *mistake = &g_array_index (self->mistakes, Mistake, i);
      g_autofree char *path = assay_display_text (mistake->path, -1, 0);
      g_autofree char *truth = assay_display_text (mistake->truth, -1, 40);
      g_autofree char *said = assay_display_text (mistake->said, -1, 40);
      g_autofree char *score = assay_cli_judge_dup_percent (mistake->score);

      /* Translators: the score, the wrong label, what the picture shows, its path */
      g_string_append_printf (out, _("%7s  %s, truth: %s  %s\n"), score, said, truth, path);
    }
  if (self->mistakes->len > MAX_MISTAKES)
    g_string_append_printf (out, _("… and %u more, all of them in --format json\n"),
                            self->mistakes->len - MAX_MISTAKES);
}

static char *
dup_text (Evaluate *self,
          const AssayFigures *figures)
{
  g_autoptr (GArray) labels = assay_evaluation_list_labels (self->evaluation);
  GString *out = g_string_new (NULL);
  g_autofree char *title = dup_title (self);

  if (figures->n == 0)
    {
      g_string_append_printf (out, "%s\n", _("No image has both an answer and a known truth."));
      return g_string_free (out, FALSE);
    }
  g_string_append_printf (out,
                          g_dngettext (GETTEXT_PACKAGE, "%s is right on %u of %u image\n\n",
                                       "%s is right on %u of %u images\n\n", figures->n),
                          title, (guint) figures->n_right, (guint) figures->n);
  append_figures (self, out, figures);
  append_labels (out, labels, figures);
  append_mistakes (self, out);
  if (self->n_without_truth > 0)
    g_string_append_printf (out,
                            g_dngettext (GETTEXT_PACKAGE, "\n%u image without a known truth\n",
                                         "\n%u images without a known truth\n", self->n_without_truth),
                            self->n_without_truth);
  return g_string_free (out, FALSE);
}

/* ---- for programs ---- */

static double
or_zero (double value)
{
  return isnan (value) ? 0 : value;
}

/* As classification_report() has it, where 0 of 0 is 0. */
static void
append_row (GString *out,
            const char *name,
            double precision,
            double recall,
            double f1,
            guint64 support)
{
  assay_cli_json_name (out, name);
  g_string_append_c (out, '{');
  assay_cli_json_number (out, "precision", or_zero (precision));
  assay_cli_json_number (out, "recall", or_zero (recall));
  assay_cli_json_number (out, "f1-score", or_zero (f1));
  assay_cli_json_count (out, "support", support);
  g_string_append_c (out, '}');
}

static void
append_confusion (Evaluate *self,
                  GString *out,
                  GArray *labels)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree guint64 *matrix = NULL;

  assay_cli_json_name (out, "confusion");
  g_string_append (out, "{\"labels\": [");
  for (guint i = 0; i < labels->len; i++)
    {
      const char *name = g_array_index (labels, AssayLabelFigures, i).label;

      g_ptr_array_add (names, (gpointer) name);
      g_string_append (out, i > 0 ? ", " : "");
      assay_json_append_string (out, name);
    }
  matrix = assay_evaluation_dup_matrix (self->evaluation, (const char *const *) names->pdata,
                                        names->len);
  g_string_append (out, "], \"counts\": [");
  for (guint i = 0; i < labels->len; i++)
    {
      /* All labels are there: the last column, of the others, is empty. */
      const guint64 *row = matrix + (gsize) i * (labels->len + 1);

      g_string_append (out, i > 0 ? ", [" : "[");
      for (guint j = 0; j < labels->len; j++)
        g_string_append_printf (out, "%s%" G_GUINT64_FORMAT, j > 0 ? ", " : "", row[j]);
      g_string_append_c (out, ']');
    }
  g_string_append (out, "]}");
}

static void
append_images (Evaluate *self,
               GString *out)
{
  assay_cli_json_name (out, "images");
  g_string_append_c (out, '{');
  assay_cli_json_count (out, "given", self->n_given);
  assay_cli_json_count (out, "answered", self->n_answered);
  assay_cli_json_count (out, "judged", assay_evaluation_get_n (self->evaluation));
  assay_cli_json_count (out, "without_truth", self->n_without_truth);
  assay_cli_json_count (out, "unknown_label", self->n_unknown);
  g_string_append_c (out, '}');
}

static void
append_json_mistakes (Evaluate *self,
                      GString *out)
{
  assay_cli_json_name (out, "mistakes");
  g_string_append_c (out, '[');
  for (guint i = 0; i < self->mistakes->len; i++)
    {
      const Mistake *mistake = &g_array_index (self->mistakes, Mistake, i);

      g_string_append (out, i > 0 ? ", {" : "{");
      assay_cli_json_string (out, "path", mistake->path);
      assay_cli_json_string (out, "truth", mistake->truth);
      assay_cli_json_string (out, "answer", mistake->said);
      assay_cli_json_number (out, "score", mistake->score);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

static void
append_json_labels (GString *out,
                    GArray *labels)
{
  assay_cli_json_name (out, "labels");
  g_string_append_c (out, '{');
  for (guint i = 0; i < labels->len; i++)
    {
      const AssayLabelFigures *label = &g_array_index (labels, AssayLabelFigures, i);

      append_row (out, label->label, label->precision, label->recall, label->f1, label->support);
    }
  g_string_append_c (out, '}');
}

static void
append_json_top (Evaluate *self,
                 GString *out)
{
  assay_cli_json_name (out, "top_k");
  g_string_append_c (out, '{');
  assay_cli_json_number (out, "1", assay_evaluation_get_top_k (self->evaluation, 1));
  assay_cli_json_number (out, "2", assay_evaluation_get_top_k (self->evaluation, 2));
  assay_cli_json_number (out, "3", assay_evaluation_get_top_k (self->evaluation, 3));
  assay_cli_json_number (out, "5", assay_evaluation_get_top_k (self->evaluation, 5));
  g_string_append_c (out, '}');
}

static char *
dup_json (Evaluate *self,
          const AssayFigures *figures)
{
  g_autoptr (GArray) labels = assay_evaluation_list_labels (self->evaluation);
  GString *out = g_string_new ("{");

  if (self->target != NULL)
    assay_cli_json_target (out, "target", self->target);
  append_images (self, out);
  assay_cli_json_number (out, "accuracy", figures->accuracy.value);
  append_row (out, "macro avg", figures->macro.precision, figures->macro.recall, figures->macro.f1,
              figures->n);
  append_row (out, "weighted avg", figures->weighted.precision, figures->weighted.recall,
              figures->weighted.f1, figures->n);
  append_json_labels (out, labels);
  assay_cli_json_name (out, "intervals");
  g_string_append_c (out, '{');
  assay_cli_json_interval (out, "accuracy", &figures->accuracy);
  g_string_append_c (out, '}');
  assay_cli_json_number (out, "balanced_accuracy", figures->balanced_accuracy);
  append_json_top (self, out);
  assay_cli_json_number (out, "log_loss", figures->log_loss);
  assay_cli_json_number (out, "brier", figures->brier);
  assay_cli_json_number (out, "ece", figures->ece);
  assay_cli_json_number (out, "kappa", figures->kappa);
  assay_cli_json_number (out, "mcc", figures->mcc);
  append_confusion (self, out, labels);
  append_json_mistakes (self, out);
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}

/* ---- the end ---- */

static gboolean
write_report (Evaluate *self,
              GError **error)
{
  g_autofree char *title = dup_title (self);
  AssayReportVersion version = { .title = title };
  g_autofree char *origin = assay_cli_report_dup_origin (self->from != NULL ? self->from : "folders");
  const AssayReportExtent extent = {
    self->n_given, self->n_given - self->n_answered, self->n_without_truth + self->n_unknown, origin,
  };

  if (self->report == NULL)
    return TRUE;
  if (self->target != NULL)
    {
      version.model = assay_target_get_model (self->target);
      version.version = assay_target_get_version (self->target);
    }
  version.service = assay_report_find_service (assay_cli_connect_get_connection (self->connect));
  assay_report_draft_add_version (self->report, &version, self->evaluation);
  assay_report_draft_set_extent (self->report, &extent);
  return assay_cli_report_save (self->report, NULL, self->report_path, error);
}

static gboolean
end (gpointer data,
     GError **error)
{
  Evaluate *self = data;
  AssayFigures figures;
  g_autofree char *text = NULL;

  judge_waiting (self);
  g_array_sort (self->mistakes, compare_mistakes);
  assay_evaluation_get_figures (self->evaluation, &figures);
  text = self->options.format == ASSAY_CLI_JSON ? dup_json (self, &figures)
                                                : dup_text (self, &figures);
  if (!assay_cli_judge_write (self->options.output, text, error))
    return FALSE;
  assay_cli_truth_tell (self->truth);
  add_gates (self, &figures);
  return assay_cli_gates_write (self->gates, error) && write_report (self, error);
}

static const AssayCliSink sink = { prepare, begin, take, end, judge };

/**
 * assay_cli_evaluate:
 *
 * "assay-cli evaluate": asks a model about pictures whose truth is known and tells how
 * good it is.
 *
 * Returns: the exit status
 */
int
assay_cli_evaluate (int argc,
                    char **argv)
{
  g_auto (Evaluate) self = { 0 };
  g_autoptr (AssayCliConnect) connect = assay_cli_connect_new ();
  g_autoptr (GError) error = NULL;
  AssayCliAsked asked;
  const GOptionEntry entries[] = {
    { "truth", 0, 0, G_OPTION_ARG_STRING, &self.from,
      N_("What the pictures show: folders (default), by the name of the folder that each lies\n"
         "in; or a CSV file with a file and a label a line"), N_("WHERE") },
    { "bundle", 0, 0, G_OPTION_ARG_FILENAME, &self.options.bundle,
      N_("Write the evidence to this zip, which “assay-cli verify” checks"), N_("FILE") },
    { "min-accuracy", 0, 0, G_OPTION_ARG_STRING, &self.min_accuracy,
      N_("Exit with 4 if a smaller share of the answers is right"), N_("P") },
    { "min-f1", 0, 0, G_OPTION_ARG_STRING, &self.min_f1,
      N_("Exit with 4 if the mean F1 of the labels is smaller"), N_("P") },
    { "max-ece", 0, 0, G_OPTION_ARG_STRING, &self.max_ece,
      N_("Exit with 4 if the expected calibration error is larger"), N_("P") },
    { "junit", 0, 0, G_OPTION_ARG_FILENAME, &self.junit,
      N_("Write a report for build servers to this file"), N_("FILE") },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &self.report_path,
      N_("Write a report for people to this file: one HTML page, pictures included"), N_("FILE") },
    { NULL },
  };

  self.connect = connect;
  self.options.judge = entries;
  self.options.usage = _("PATH… — ask a model about pictures and tell how good it is");
  if (!assay_cli_options_parse (&self.options, connect, argc, argv, &error))
    return assay_cli_complain_usage ("evaluate", error);
  asked = (AssayCliAsked) { connect, self.options.model, self.options.version };
  return assay_cli_bundle_judged (
    &self.options, 1, self.from != NULL ? self.from : "folders",
    assay_cli_job_run ("evaluate", &self.options, &asked, 1, &sink, &self));
}
