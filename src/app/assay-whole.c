/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-whole.h"

/* Invariants: whole is the last that was looked at, if that is known whole; trimmed is the
 * last that was to be loaded, so that nobody asks for it twice; cancellable is there while
 * it is being loaded. */
struct _AssayWhole {
  GObject parent_instance;

  AssayTrimmer *trimmer;         /* (nullable) */
  AssayPrediction *whole;        /* (nullable) */
  AssayPrediction *trimmed;      /* (nullable) */
  GCancellable *cancellable;     /* (nullable) */
};

G_DEFINE_FINAL_TYPE (AssayWhole, assay_whole, G_TYPE_OBJECT)

static guint loaded_signal;

static void
forget (AssayWhole *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->whole, assay_prediction_unref);
  g_clear_pointer (&self->trimmed, assay_prediction_unref);
}

static void
assay_whole_dispose (GObject *object)
{
  AssayWhole *self = ASSAY_WHOLE (object);

  forget (self);
  g_clear_object (&self->trimmer);
  G_OBJECT_CLASS (assay_whole_parent_class)->dispose (object);
}

static void
assay_whole_class_init (AssayWholeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_whole_dispose;

  loaded_signal = g_signal_new ("loaded", ASSAY_TYPE_WHOLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
assay_whole_init (AssayWhole *self)
{
}

/**
 * assay_whole_new:
 *
 * Returns: (transfer full): one that nobody looks at anything with
 */
AssayWhole *
assay_whole_new (void)
{
  return g_object_new (ASSAY_TYPE_WHOLE, NULL);
}

/**
 * assay_whole_set_trimmer:
 * @trimmer: (nullable) (transfer none): what loads; %NULL where nothing is ever trimmed
 */
void
assay_whole_set_trimmer (AssayWhole *self,
                         AssayTrimmer *trimmer)
{
  g_return_if_fail (ASSAY_IS_WHOLE (self));

  g_set_object (&self->trimmer, trimmer);
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayWhole) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPrediction) whole =
    assay_trimmer_load_finish (ASSAY_TRIMMER (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  /* The best few is all there is, then; how many more there were is known. */
  if (whole == NULL)
    g_debug ("An answer can't be shown whole: %s", error->message);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->whole, assay_prediction_unref);
  self->whole = g_steal_pointer (&whole);
  g_signal_emit (self, loaded_signal, 0);
}

static void
load (AssayWhole *self,
      AssayPrediction *trimmed)
{
  self->trimmed = assay_prediction_ref (trimmed);
  if (self->trimmer == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  assay_trimmer_load_async (self->trimmer, trimmed, self->cancellable, loaded_cb,
                            g_object_ref (self));
}

/**
 * assay_whole_look_at:
 * @prediction: (nullable): what an answer has
 *
 * Starts to load it if it is trimmed and isn't known whole.
 *
 * Returns: (transfer none) (nullable): all of it, or itself until that is loaded
 */
AssayPrediction *
assay_whole_look_at (AssayWhole *self,
                     AssayPrediction *prediction)
{
  g_return_val_if_fail (ASSAY_IS_WHOLE (self), prediction);

  if (prediction == NULL || !assay_prediction_is_trimmed (prediction))
    {
      if (prediction == self->whole)
        return prediction;
      forget (self);
      self->whole = prediction != NULL ? assay_prediction_ref (prediction) : NULL;
      return prediction;
    }
  if (self->whole != NULL && assay_prediction_is_form_of (prediction, self->whole))
    return self->whole;
  if (prediction != self->trimmed)
    {
      forget (self);
      load (self, prediction);
    }
  return prediction;
}

/**
 * assay_whole_is_loading:
 *
 * Returns: whether more of what was last looked at is still to come
 */
gboolean
assay_whole_is_loading (AssayWhole *self)
{
  g_return_val_if_fail (ASSAY_IS_WHOLE (self), FALSE);

  return self->cancellable != NULL;
}
