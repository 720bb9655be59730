/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Scores that look as if a network's last step were missing: the softmax, which makes
 * probabilities of them.  It is offered, and never applied unasked: other models give
 * scores of their own kind. */

#include "config.h"

#include "assay-logits.h"

/**
 * assay_logits_may_be_asked:
 * @connection: where somebody is asked
 *
 * ML Foundation says that its scores are probabilities.  Of scores that are made into
 * others already nothing more can be made.
 *
 * Returns: whether a softmax could be offered for what it answers
 */
gboolean
assay_logits_may_be_asked (AssayConnection *connection)
{
  const AssayProtocol *protocol;
  g_autoptr (AssayProfile) profile = NULL;

  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), FALSE);

  protocol = assay_connection_get_protocol (connection);
  if (assay_connection_is_builtin (connection) || g_str_equal (protocol->id, "mlf"))
    return FALSE;
  profile = assay_connection_dup_profile (connection);
  return !profile->softmax && !profile->percent;
}

/**
 * assay_logits_suspect:
 * @connection: where somebody was asked
 * @prediction: what was answered
 *
 * One score alone, or a part of them that adds up to less than 1, says nothing of the rest.
 *
 * Returns: whether its scores may be logits: some outside 0…1, or with a sum above 1
 */
gboolean
assay_logits_suspect (AssayConnection *connection,
                      const AssayPrediction *prediction)
{
  AssayScale scale;

  g_return_val_if_fail (prediction != NULL, FALSE);

  scale = assay_prediction_get_scale (prediction);
  if (scale != ASSAY_SCALE_OTHER
      && (scale != ASSAY_SCALE_INDEPENDENT || assay_prediction_get_n (prediction) < 2))
    return FALSE;
  return assay_logits_may_be_asked (connection);
}
