/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-bundle.h"
#include "assay-comparison.h"
#include "assay-error.h"
#include "assay-evaluation.h"
#include "assay-json.h"
#include "assay-limits.h"

/* Figures are computed alike everywhere; what is left is how C libraries round the last
 * digit of a logarithm. */
#define TOLERANCE 1e-12

/* ---- writing ---- */

static void
append_name (GString *out,
             const char *name)
{
  char last = out->str[out->len - 1];

  if (last != '{' && last != '[')
    g_string_append (out, ",\n");
  if (name != NULL)
    g_string_append_printf (out, "\"%s\":", name);
}

static void
append_number (GString *out,
               const char *name,
               double value)
{
  append_name (out, name);
  assay_json_append_double (out, value);
}

static void
append_count (GString *out,
              const char *name,
              guint64 count)
{
  append_name (out, name);
  g_string_append_printf (out, "%" G_GUINT64_FORMAT, count);
}

static void
append_label (GString *out,
              const char *name,
              const char *label)
{
  append_name (out, name);
  assay_json_append_string (out, label);
}

static void
append_interval (GString *out,
                 const char *name,
                 const AssayInterval *interval)
{
  append_name (out, name);
  g_string_append_c (out, '{');
  append_number (out, "value", interval->value);
  append_number (out, "low", interval->low);
  append_number (out, "high", interval->high);
  g_string_append_c (out, '}');
}

static void
append_averages (GString *out,
                 const char *name,
                 const AssayAverages *averages)
{
  append_name (out, name);
  g_string_append_c (out, '{');
  append_number (out, "precision", averages->precision);
  append_number (out, "recall", averages->recall);
  append_number (out, "f1", averages->f1);
  g_string_append_c (out, '}');
}

static void
append_labels (GString *out,
               AssayEvaluation *evaluation)
{
  g_autoptr (GArray) labels = assay_evaluation_list_labels (evaluation);

  append_name (out, "labels");
  g_string_append_c (out, '[');
  for (guint i = 0; i < MIN (labels->len, ASSAY_LIMIT_BUNDLE_LABELS); i++)
    {
      const AssayLabelFigures *label = &g_array_index (labels, AssayLabelFigures, i);

      append_name (out, NULL);
      g_string_append_c (out, '{');
      append_label (out, "label", label->label);
      append_count (out, "support", label->support);
      append_count (out, "predicted", label->predicted);
      append_count (out, "right", label->n_right);
      append_number (out, "precision", label->precision);
      append_number (out, "recall", label->recall);
      append_number (out, "f1", label->f1);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

static void
append_confusions (GString *out,
                   AssayEvaluation *evaluation)
{
  g_autoptr (GArray) confusions =
    assay_evaluation_list_confusions (evaluation, ASSAY_LIMIT_BUNDLE_LABELS);

  append_name (out, "confusions");
  g_string_append_c (out, '[');
  for (guint i = 0; i < confusions->len; i++)
    {
      const AssayConfusion *confusion = &g_array_index (confusions, AssayConfusion, i);

      append_name (out, NULL);
      g_string_append_c (out, '{');
      append_label (out, "truth", confusion->truth);
      append_label (out, "answer", confusion->answer);
      append_count (out, "images", confusion->n);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

static void
append_reliability (GString *out,
                    AssayEvaluation *evaluation)
{
  AssayReliability bins[ASSAY_EVALUATION_BINS];

  assay_evaluation_get_reliability (evaluation, bins);
  append_name (out, "reliability");
  g_string_append_c (out, '[');
  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    {
      append_name (out, NULL);
      g_string_append_c (out, '{');
      append_count (out, "images", bins[i].n);
      append_count (out, "right", bins[i].n_right);
      append_number (out, "mean_score", bins[i].mean_score);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

static void
append_sure (GString *out,
             AssayEvaluation *evaluation,
             double threshold)
{
  AssayCoverage coverage;

  assay_evaluation_get_coverage (evaluation, threshold, &coverage);
  append_name (out, "sure");
  g_string_append_c (out, '{');
  append_number (out, "threshold", threshold);
  append_count (out, "images", coverage.n);
  append_count (out, "right", coverage.n_right);
  append_number (out, "coverage", coverage.coverage);
  append_number (out, "accuracy", coverage.accuracy);
  g_string_append_c (out, '}');
}

static void
append_extent (GString *out,
               AssayBundle *self,
               guint run)
{
  guint counts[ASSAY_ANSWER_N_STATES] = { 0 };
  guint n = 0;

  for (guint i = 0; i < self->images->len; i++)
    {
      const AssayBundleAnswer *answer = assay_bundle_get_answer (self, run, i);

      if (answer == NULL)
        continue;
      counts[answer->state]++;
      n++;
    }
  append_count (out, "images", n);
  append_count (out, "answered", counts[ASSAY_ANSWER_ANSWERED]);
  append_count (out, "failed", counts[ASSAY_ANSWER_FAILED]);
  append_count (out, "rejected", counts[ASSAY_ANSWER_REJECTED]);
  append_count (out, "canceled", counts[ASSAY_ANSWER_CANCELED]);
}

static AssayEvaluation *
evaluate (AssayBundle *self,
          guint run)
{
  AssayEvaluation *evaluation = assay_evaluation_new ();

  for (guint i = 0; i < self->images->len; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->images, i);
      const AssayBundleAnswer *answer = assay_bundle_get_answer (self, run, i);

      if (image->truth != NULL && answer != NULL && answer->prediction != NULL)
        assay_evaluation_add (evaluation, image->truth, answer->prediction);
    }
  return evaluation;
}

static void
append_version (GString *out,
                AssayBundle *self,
                guint run)
{
  static const guint tops[] = { 2, 3, 5 };
  g_autoptr (AssayEvaluation) evaluation = evaluate (self, run);
  AssayFigures figures;

  assay_evaluation_get_figures (evaluation, &figures);
  append_name (out, NULL);
  g_string_append_c (out, '{');
  append_extent (out, self, run);
  append_count (out, "judged", figures.n);
  append_count (out, "right", figures.n_right);
  append_interval (out, "accuracy", &figures.accuracy);
  append_number (out, "balanced_accuracy", figures.balanced_accuracy);
  append_averages (out, "macro", &figures.macro);
  append_averages (out, "weighted", &figures.weighted);
  for (guint i = 0; i < G_N_ELEMENTS (tops); i++)
    {
      g_autofree char *name = g_strdup_printf ("top_%u", tops[i]);

      append_number (out, name, assay_evaluation_get_top_k (evaluation, tops[i]));
    }
  append_number (out, "log_loss", figures.log_loss);
  append_number (out, "brier", figures.brier);
  append_number (out, "ece", figures.ece);
  append_number (out, "kappa", figures.kappa);
  append_number (out, "mcc", figures.mcc);
  append_sure (out, evaluation, self->threshold);
  append_labels (out, evaluation);
  append_confusions (out, evaluation);
  append_reliability (out, evaluation);
  g_string_append_c (out, '}');
}

static AssayComparison *
compare (AssayBundle *self)
{
  AssayComparison *comparison = assay_comparison_new ();

  for (guint i = 0; i < self->images->len; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->images, i);
      const AssayBundleAnswer *a = assay_bundle_get_answer (self, 0, i);
      const AssayBundleAnswer *b = assay_bundle_get_answer (self, 1, i);

      if (a != NULL && b != NULL && a->prediction != NULL && b->prediction != NULL)
        assay_comparison_add (comparison, image->truth, a->prediction, b->prediction);
    }
  return comparison;
}

static void
append_comparison (GString *out,
                   AssayBundle *self)
{
  static const char *const verdicts[] = { "cannot tell", "better", "worse" };
  g_autoptr (AssayComparison) comparison = compare (self);
  AssayComparisonFigures figures;

  assay_comparison_get_figures (comparison, &figures);
  append_name (out, "comparison");
  g_string_append_c (out, '{');
  append_count (out, "images", figures.n);
  append_count (out, "apart", figures.n_apart);
  append_count (out, "agree", figures.agree);
  append_count (out, "changed", figures.changed);
  append_count (out, "judged", figures.n_truth);
  append_count (out, "both_right", figures.both_right);
  append_count (out, "regressed", figures.only_a);
  append_count (out, "fixed", figures.only_b);
  append_count (out, "both_wrong", figures.both_wrong);
  append_interval (out, "accuracy_a", &figures.accuracy_a);
  append_interval (out, "accuracy_b", &figures.accuracy_b);
  append_interval (out, "difference", &figures.difference);
  append_number (out, "p", figures.p);
  append_number (out, "needed",
                 figures.needed == ASSAY_PAIRED_NEVER ? NAN : (double) figures.needed);
  append_label (out, "verdict", verdicts[figures.verdict]);
  g_string_append_c (out, '}');
}

/**
 * assay_bundle_dup_figures:
 *
 * Judges the answers as every other place of Assay does, #AssayEvaluation and
 * #AssayComparison, which say where each formula is from.  What can't be told is null.
 *
 * Returns: (transfer full): figures.json
 */
char *
assay_bundle_dup_figures (AssayBundle *self)
{
  GString *out = g_string_new ("{");

  append_name (out, "versions");
  g_string_append_c (out, '[');
  for (guint i = 0; i < self->runs->len; i++)
    append_version (out, self, i);
  g_string_append_c (out, ']');
  if (self->runs->len == ASSAY_BUNDLE_RUNS)
    append_comparison (out, self);
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}

/* ---- comparing ---- */

typedef struct {
  AssayBundleDifference difference;
  gpointer data;
  guint version;
} Walk;

static void walk (Walk *self, const char *name, JsonNode *claimed, JsonNode *computed);

/* (transfer full): as people read it; a container only says that it is there. */
static char *
dup_words (JsonNode *node)
{
  double value;
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (node == NULL)
    return g_strdup (_("missing"));
  if (JSON_NODE_HOLDS_NULL (node))
    return g_strdup (_("unknown"));
  if (assay_json_get_double (node, &value))
    return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.15g", value));
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  return g_strdup (_("something else"));
}

static void
tell (Walk *self,
      const char *name,
      JsonNode *claimed,
      JsonNode *computed)
{
  g_autofree char *before = dup_words (claimed);
  g_autofree char *after = dup_words (computed);

  self->difference (self->version, name, before, after, self->data);
}

/* "value" of an interval is what its name means. */
static char *
dup_member_name (const char *name,
                 const char *member)
{
  if (*name == '\0')
    return g_strdup (member);
  return strcmp (member, "value") == 0 ? g_strdup (name) : g_strconcat (name, " ", member, NULL);
}

static void
walk_object (Walk *self,
             const char *name,
             JsonObject *claimed,
             JsonObject *computed)
{
  g_autoptr (GList) members = json_object_get_members (computed);
  g_autoptr (GList) others = json_object_get_members (claimed);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *own = dup_member_name (name, l->data);

      walk (self, own, json_object_get_member (claimed, l->data),
            json_object_get_member (computed, l->data));
    }
  for (GList *l = others; l != NULL; l = l->next)
    if (!json_object_has_member (computed, l->data))
      {
        g_autofree char *own = dup_member_name (name, l->data);

        tell (self, own, json_object_get_member (claimed, l->data), NULL);
      }
}

/* An element is called by its label, or by its place from 1. */
static char *
dup_element_name (const char *name,
                  JsonNode *element,
                  guint index)
{
  const char *label = JSON_NODE_HOLDS_OBJECT (element)
                        ? assay_json_get_string (json_node_get_object (element), "label")
                        : NULL;

  return label != NULL ? g_strdup_printf ("%s “%s”", name, label)
                       : g_strdup_printf ("%s %u", name, index + 1);
}

static void
walk_array (Walk *self,
            const char *name,
            JsonArray *claimed,
            JsonArray *computed)
{
  guint n = json_array_get_length (computed);
  guint n_claimed = json_array_get_length (claimed);

  for (guint i = 0; i < MAX (n, n_claimed); i++)
    {
      JsonNode *before = i < n_claimed ? json_array_get_element (claimed, i) : NULL;
      JsonNode *after = i < n ? json_array_get_element (computed, i) : NULL;
      g_autofree char *own = dup_element_name (name, after != NULL ? after : before, i);

      walk (self, own, before, after);
    }
}

static gboolean
is_same (JsonNode *a,
         JsonNode *b)
{
  double left;
  double right;

  if (a == NULL || b == NULL)
    return a == b;
  if (assay_json_get_double (a, &left) && assay_json_get_double (b, &right))
    return fabs (left - right) <= TOLERANCE * MAX (1, fabs (right));
  if (JSON_NODE_HOLDS_NULL (a) || JSON_NODE_HOLDS_NULL (b))
    return JSON_NODE_HOLDS_NULL (a) && JSON_NODE_HOLDS_NULL (b);
  return JSON_NODE_HOLDS_VALUE (a) && JSON_NODE_HOLDS_VALUE (b) && json_node_equal (a, b);
}

/* Goes no deeper than JSON that is read at all: ASSAY_LIMIT_JSON_DEPTH. */
static void
walk (Walk *self,
      const char *name,
      JsonNode *claimed,
      JsonNode *computed)
{
  if (claimed != NULL && computed != NULL && JSON_NODE_HOLDS_OBJECT (claimed)
      && JSON_NODE_HOLDS_OBJECT (computed))
    walk_object (self, name, json_node_get_object (claimed), json_node_get_object (computed));
  else if (claimed != NULL && computed != NULL && JSON_NODE_HOLDS_ARRAY (claimed)
           && JSON_NODE_HOLDS_ARRAY (computed))
    walk_array (self, name, json_node_get_array (claimed), json_node_get_array (computed));
  else if (!is_same (claimed, computed))
    tell (self, name, claimed, computed);
}

static void
walk_figures (Walk *self,
              JsonObject *claimed,
              JsonObject *computed)
{
  JsonArray *before = assay_json_get_array (claimed, "versions");
  JsonArray *after = assay_json_get_array (computed, "versions");
  guint n = json_array_get_length (after);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = before != NULL && i < json_array_get_length (before)
                         ? json_array_get_element (before, i)
                         : NULL;

      self->version = i + 1;
      walk (self, node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? "" : "versions", node,
            json_array_get_element (after, i));
    }
  self->version = 0;
  if (before != NULL && json_array_get_length (before) != n)
    tell (self, "versions", json_object_get_member (claimed, "versions"),
          json_object_get_member (computed, "versions"));
  walk (self,
        assay_json_get_object (claimed, "comparison") != NULL ? "" : "comparison",
        json_object_get_member (claimed, "comparison"),
        json_object_get_member (computed, "comparison"));
}

/**
 * assay_bundle_compare_figures:
 * @claimed: (array length=length): figures.json as a bundle has it
 * @computed: assay_bundle_dup_figures() of its answers
 * @difference: called for each figure that is another one, by more than 1e-12
 * @error: %ASSAY_ERROR_BAD_ANSWER or _DAMAGED, if @claimed can't be read
 *
 * Returns: whether all of it could be compared
 */
gboolean
assay_bundle_compare_figures (const char *claimed,
                              gsize length,
                              const char *computed,
                              AssayBundleDifference difference,
                              gpointer data,
                              GError **error)
{
  g_autoptr (JsonNode) before = assay_json_parse (claimed, length, error);
  g_autoptr (JsonNode) after = NULL;
  Walk self = { difference, data, 0 };

  if (before == NULL)
    return FALSE;
  after = assay_json_parse (computed, strlen (computed), error);
  if (after == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (before))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED, _("it is no JSON object"));
      return FALSE;
    }
  walk_figures (&self, json_node_get_object (before), json_node_get_object (after));
  return TRUE;
}
