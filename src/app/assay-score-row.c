/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-score-row.h"
#include "assay-score-text.h"
#include "assay-verdict-text.h"

/* Texts are made when they are asked for: of 25,000 labels a list shows ten. */
struct _AssayScoreRow {
  GObject parent_instance;

  AssayPrediction *prediction;
  guint rank;
};

G_DEFINE_FINAL_TYPE (AssayScoreRow, assay_score_row, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_PLACE,
  PROP_LABEL,
  PROP_SCORE,
  PROP_EXACT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
assay_score_row_get_property (GObject *object,
                              guint id,
                              GValue *value,
                              GParamSpec *pspec)
{
  AssayScoreRow *self = ASSAY_SCORE_ROW (object);
  AssayScale scale = assay_prediction_get_scale (self->prediction);
  double score = assay_prediction_get_score (self->prediction, self->rank);
  guint place;

  switch (id)
    {
    case PROP_PLACE:
      place = assay_score_place (self->prediction, self->rank);
      g_value_take_string (value, g_strdup_printf ("%u", place));
      break;
    case PROP_LABEL:
      g_value_take_string (value, assay_verdict_dup_label (self->prediction, self->rank));
      break;
    case PROP_SCORE:
      g_value_take_string (value, assay_score_dup_text (scale, score));
      break;
    case PROP_EXACT:
      g_value_take_string (value, assay_score_dup_exact (score));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_score_row_finalize (GObject *object)
{
  AssayScoreRow *self = ASSAY_SCORE_ROW (object);

  g_clear_pointer (&self->prediction, assay_prediction_unref);
  G_OBJECT_CLASS (assay_score_row_parent_class)->finalize (object);
}

static void
assay_score_row_class_init (AssayScoreRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = assay_score_row_get_property;
  object_class->finalize = assay_score_row_finalize;

  properties[PROP_PLACE] = g_param_spec_string ("place", NULL, NULL, NULL, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_SCORE] = g_param_spec_string ("score", NULL, NULL, NULL, flags);
  properties[PROP_EXACT] = g_param_spec_string ("exact", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_score_row_init (AssayScoreRow *self)
{
}

/**
 * assay_score_row_new:
 * @prediction: (transfer none): a prediction
 * @rank: a rank in it, from 0
 *
 * Returns: (transfer full): the line
 */
AssayScoreRow *
assay_score_row_new (AssayPrediction *prediction,
                     guint rank)
{
  AssayScoreRow *self;

  g_return_val_if_fail (prediction != NULL, NULL);
  g_return_val_if_fail (rank < assay_prediction_get_n (prediction), NULL);

  self = g_object_new (ASSAY_TYPE_SCORE_ROW, NULL);
  self->prediction = assay_prediction_ref (prediction);
  self->rank = rank;
  return self;
}
