/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "assay-display.h"
#include "assay-evaluate-text.h"
#include "assay-evaluation-text.h"
#include "assay-label-line.h"

struct _AssayLabelLine {
  GObject parent_instance;

  char *label;              /* (nullable) */
  char *name;
  gboolean f1_alone;        /* the others mean nothing, rather than can't be told */
  double figures[ASSAY_LABEL_N_FIGURES];
};

G_DEFINE_FINAL_TYPE (AssayLabelLine, assay_label_line, G_TYPE_OBJECT)

static guint changed_signal;

static void
assay_label_line_finalize (GObject *object)
{
  AssayLabelLine *self = ASSAY_LABEL_LINE (object);

  g_free (self->label);
  g_free (self->name);
  G_OBJECT_CLASS (assay_label_line_parent_class)->finalize (object);
}

static void
assay_label_line_class_init (AssayLabelLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_label_line_finalize;
  changed_signal = g_signal_new ("changed", ASSAY_TYPE_LABEL_LINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_label_line_init (AssayLabelLine *self)
{
}

/**
 * assay_label_line_new:
 *
 * Returns: (transfer full): a line of that label, without figures
 */
AssayLabelLine *
assay_label_line_new (const char *label)
{
  AssayLabelLine *self = g_object_new (ASSAY_TYPE_LABEL_LINE, NULL);

  self->label = g_strdup (label);
  self->name = assay_display_text (label, -1, 0);
  return self;
}

/**
 * assay_label_line_new_mean:
 * @name: what it is, safe to show
 *
 * Returns: (transfer full): a line of no label, without figures
 */
AssayLabelLine *
assay_label_line_new_mean (const char *name)
{
  AssayLabelLine *self = g_object_new (ASSAY_TYPE_LABEL_LINE, NULL);

  self->name = g_strdup (name);
  return self;
}

const char *
assay_label_line_get_label (AssayLabelLine *self)
{
  g_return_val_if_fail (ASSAY_IS_LABEL_LINE (self), NULL);

  return self->label;
}

const char *
assay_label_line_get_name (AssayLabelLine *self)
{
  g_return_val_if_fail (ASSAY_IS_LABEL_LINE (self), NULL);

  return self->name;
}

/**
 * assay_label_line_get_note:
 *
 * Returns: (transfer none) (nullable): that the figures of a label say little
 */
const char *
assay_label_line_get_note (AssayLabelLine *self)
{
  g_return_val_if_fail (ASSAY_IS_LABEL_LINE (self), NULL);

  if (self->label == NULL || self->figures[ASSAY_LABEL_SUPPORT] >= ASSAY_EVALUATION_FEW_OF_LABEL)
    return NULL;
  return self->figures[ASSAY_LABEL_SUPPORT] > 0 ? _("few images") : _("no images");
}

/**
 * assay_label_line_get_figure:
 *
 * Returns: the figure, NaN for what can't be told
 */
double
assay_label_line_get_figure (AssayLabelLine *self,
                             AssayLabelFigure which)
{
  g_return_val_if_fail (ASSAY_IS_LABEL_LINE (self), NAN);
  g_return_val_if_fail (which < ASSAY_LABEL_N_FIGURES, NAN);

  return self->figures[which];
}

/**
 * assay_label_line_dup_text:
 *
 * Returns: (transfer full): the figure as the table shows it, "–" for what can't be told,
 *   "" for what there isn't
 */
char *
assay_label_line_dup_text (AssayLabelLine *self,
                           AssayLabelFigure which)
{
  g_return_val_if_fail (ASSAY_IS_LABEL_LINE (self), NULL);
  g_return_val_if_fail (which < ASSAY_LABEL_N_FIGURES, NULL);

  if (which == ASSAY_LABEL_SUPPORT)
    return g_strdup_printf ("%'" G_GUINT64_FORMAT, (guint64) self->figures[which]);
  if (self->f1_alone && which != ASSAY_LABEL_F1)
    return g_strdup ("");
  return assay_evaluation_dup_figure (self->figures[which]);
}

/**
 * assay_label_line_dup_spoken:
 *
 * Returns: (transfer full): the line as a sentence
 */
char *
assay_label_line_dup_spoken (AssayLabelLine *self)
{
  g_autofree char *precision = assay_label_line_dup_text (self, ASSAY_LABEL_PRECISION);
  g_autofree char *recall = assay_label_line_dup_text (self, ASSAY_LABEL_RECALL);
  g_autofree char *f1 = assay_label_line_dup_text (self, ASSAY_LABEL_F1);
  g_autofree char *support = assay_label_line_dup_text (self, ASSAY_LABEL_SUPPORT);
  guint64 n = (guint64) self->figures[ASSAY_LABEL_SUPPORT];

  if (self->f1_alone)
    return g_strdup_printf (ngettext ("%s: %s, %s image", "%s: %s, %s images", n), self->name, f1,
                            support);
  return g_strdup_printf (ngettext ("%s: precision %s, recall %s, F1 %s, %s image",
                                    "%s: precision %s, recall %s, F1 %s, %s images", n),
                          self->name, precision, recall, f1, support);
}

static gboolean
take (AssayLabelLine *self,
      const double figures[ASSAY_LABEL_N_FIGURES])
{
  /* By their bytes, so that NaN is the same as NaN. */
  if (memcmp (self->figures, figures, sizeof self->figures) == 0)
    return FALSE;
  memcpy (self->figures, figures, sizeof self->figures);
  g_signal_emit (self, changed_signal, 0);
  return TRUE;
}

/**
 * assay_label_line_set:
 * @figures: NaN for what can't be told
 * @support: images of the label, or all
 *
 * Returns: whether anything is different now
 */
gboolean
assay_label_line_set (AssayLabelLine *self,
                      const AssayAverages *figures,
                      guint64 support)
{
  const double all[] = { figures->precision, figures->recall, figures->f1, (double) support };

  g_return_val_if_fail (ASSAY_IS_LABEL_LINE (self), FALSE);

  return take (self, all);
}

/**
 * assay_label_line_set_f1:
 * @f1: what stands in the column of F1, as the accuracy does in scikit-learn's report
 *
 * Returns: whether anything is different now
 */
gboolean
assay_label_line_set_f1 (AssayLabelLine *self,
                         double f1,
                         guint64 support)
{
  const double all[] = { NAN, NAN, f1, (double) support };

  g_return_val_if_fail (ASSAY_IS_LABEL_LINE (self), FALSE);

  self->f1_alone = TRUE;
  return take (self, all);
}
