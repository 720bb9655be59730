/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-recorder.h"

/* What became of one item so far, by its place. */
typedef enum {
  NOTE_GIVEN = 1 << 0,
  NOTE_ENDED = 1 << 1,
} Note;

/* Invariant: recording is set until the end. */
struct _AssayRecorder {
  GObject parent_instance;

  AssayHistory *history;
  AssayRun *run;
  AssayRecording *recording;
  AssayTrimmer *trimmer;      /* (nullable) */
  GByteArray *notes;          /* Note, by place */
  gulong handler;
  gboolean interrupted;
};

G_DEFINE_FINAL_TYPE (AssayRecorder, assay_recorder, G_TYPE_OBJECT)

static guint8 *
get_note (AssayRecorder *self,
          AssayItem *item)
{
  guint place = assay_item_get_serial (item) - 1;

  if (place >= self->notes->len)
    {
      guint old = self->notes->len;

      g_byte_array_set_size (self->notes, place + 1);
      memset (self->notes->data + old, 0, self->notes->len - old);
    }
  return self->notes->data + place;
}

static AssayKeptItem *
keep_origin (AssayItem *item)
{
  AssaySource *source = assay_item_get_source (item);
  GFile *file = assay_source_get_file (source);
  const char *path = assay_source_get_path (source);
  const char *member = assay_source_get_member (source);
  AssayKeptItem *kept = g_new0 (AssayKeptItem, 1);

  kept->position = assay_item_get_serial (item) - 1;
  kept->path = g_strdup (path != NULL ? path : assay_source_get_name (source));
  kept->member = g_strdup (member);
  kept->member_index = member != NULL ? assay_source_get_member_index (source) : 0;
  kept->group = g_strdup (assay_source_get_group (source));
  kept->uri = file != NULL ? g_file_get_uri (file) : NULL;
  kept->bytes = assay_source_get_size (source);
  return kept;
}

/* An answer on its way to the disk. */
typedef struct {
  AssayTrimmer *trimmer;
  AssayItem *item;
  AssayAnswer *answer;
  AssayPrediction *prediction;
  AssayRecording *recording;
} Keeping;

static void
keeping_free (Keeping *self)
{
  g_object_unref (self->trimmer);
  g_object_unref (self->item);
  g_object_unref (self->answer);
  assay_prediction_unref (self->prediction);
  assay_recording_unref (self->recording);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Keeping, keeping_free)

/* What could not be saved stays as it is.  So does one that was asked again meanwhile, until
 * that is answered and saved too. */
static void
kept_cb (GObject *object,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (Keeping) keeping = data;

  if (!assay_history_keep_finish (ASSAY_HISTORY (object), result, NULL)
      || assay_answer_get_prediction (keeping->answer) != keeping->prediction)
    return;
  assay_trimmer_trim (keeping->trimmer, keeping->item, keeping->answer,
                      assay_recording_get_id (keeping->recording),
                      assay_item_get_serial (keeping->item) - 1);
}

static Keeping *
keeping_new (AssayRecorder *self,
             AssayItem *item,
             AssayAnswer *answer)
{
  Keeping *keeping = g_new (Keeping, 1);

  keeping->trimmer = g_object_ref (self->trimmer);
  keeping->item = g_object_ref (item);
  keeping->answer = g_object_ref (answer);
  keeping->prediction = assay_prediction_ref (assay_answer_get_prediction (answer));
  keeping->recording = assay_recording_ref (self->recording);
  return keeping;
}

static void
keep (AssayRecorder *self,
      AssayItem *item,
      AssayAnswer *answer,
      AssayKeptAnswer *kept)
{
  Keeping *keeping = NULL;

  if (self->trimmer != NULL && assay_answer_get_prediction (answer) != NULL)
    keeping = keeping_new (self, item, answer);
  assay_history_keep_async (self->history, self->recording, kept, NULL,
                            keeping != NULL ? kept_cb : NULL, keeping);
}

/**
 * assay_recorder_keep:
 * @item: was given to assay_recorder_add()
 *
 * Writes down what has become of it; done by itself for what the run is asked about.  What
 * was interrupted is left, and can be resumed.
 */
void
assay_recorder_keep (AssayRecorder *self,
                     AssayItem *item)
{
  g_autofree char *sha256 = NULL;
  g_autofree char *sent_sha256 = NULL;
  AssayKeptAnswer *kept;
  AssayAnswer *answer;
  guint8 *note;

  g_return_if_fail (ASSAY_IS_RECORDER (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  answer = assay_item_find_answer (item, assay_run_get_target (self->run));
  if (self->recording == NULL
      || (self->interrupted && assay_answer_get_state (answer) == ASSAY_ANSWER_CANCELED))
    return;
  note = get_note (self, item);
  if ((*note & NOTE_GIVEN) == 0)
    return;
  sha256 = assay_item_dup_sha256 (item);
  sent_sha256 = assay_item_dup_sent_sha256 (item);
  kept = assay_kept_answer_new (assay_item_get_serial (item) - 1, answer, sha256, sent_sha256);
  kept->again = (*note & NOTE_ENDED) != 0;
  *note |= NOTE_ENDED;
  keep (self, item, answer, kept);
}

static void
assay_recorder_dispose (GObject *object)
{
  AssayRecorder *self = ASSAY_RECORDER (object);

  g_clear_signal_handler (&self->handler, self->run);
  g_clear_pointer (&self->recording, assay_recording_unref);
  g_clear_object (&self->run);
  g_clear_object (&self->trimmer);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (assay_recorder_parent_class)->dispose (object);
}

static void
assay_recorder_finalize (GObject *object)
{
  g_byte_array_unref (ASSAY_RECORDER (object)->notes);
  G_OBJECT_CLASS (assay_recorder_parent_class)->finalize (object);
}

static void
assay_recorder_class_init (AssayRecorderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_recorder_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_recorder_finalize;
}

static void
assay_recorder_init (AssayRecorder *self)
{
  self->notes = g_byte_array_new ();
}

/* Takes @recording. */
static AssayRecorder *
record (AssayHistory *history,
        AssayRun *run,
        AssayRecording *recording)
{
  AssayRecorder *self = g_object_new (ASSAY_TYPE_RECORDER, NULL);

  self->history = g_object_ref (history);
  self->run = g_object_ref (run);
  self->recording = recording;
  self->handler = g_signal_connect_swapped (run, "item-done", G_CALLBACK (assay_recorder_keep), self);
  return self;
}

/**
 * assay_recorder_new:
 * @run: (transfer none): to which nothing was added yet
 * @about: (transfer none): as for assay_history_begin_async()
 *
 * Begins to write @run down.
 *
 * Returns: (transfer full): what writes it down
 */
AssayRecorder *
assay_recorder_new (AssayHistory *history,
                    AssayRun *run,
                    const AssayKeptRun *about)
{
  g_return_val_if_fail (ASSAY_IS_HISTORY (history), NULL);
  g_return_val_if_fail (ASSAY_IS_RUN (run), NULL);

  return record (history, run, assay_history_begin_async (history, about, NULL, NULL, NULL));
}

/**
 * assay_recorder_new_resumed:
 * @run: (transfer none): to which nothing was added yet
 * @recording: (transfer none): the run that goes on
 * @n_given: items that it was given, so that their places are known
 *
 * Goes on with what is kept: an item's serial must be its place there and 1.
 *
 * Returns: (transfer full): what writes it down
 */
AssayRecorder *
assay_recorder_new_resumed (AssayHistory *history,
                            AssayRun *run,
                            AssayRecording *recording,
                            guint n_given)
{
  AssayRecorder *self;

  g_return_val_if_fail (ASSAY_IS_HISTORY (history), NULL);
  g_return_val_if_fail (ASSAY_IS_RUN (run), NULL);
  g_return_val_if_fail (recording != NULL, NULL);

  self = record (history, run, assay_recording_ref (recording));
  g_byte_array_set_size (self->notes, n_given);
  memset (self->notes->data, NOTE_GIVEN, n_given);
  return self;
}

/**
 * assay_recorder_set_trimmer:
 * @trimmer: (transfer none): what trims answers of the same history
 *
 * Has it trim each answer as soon as that is on disk.
 */
void
assay_recorder_set_trimmer (AssayRecorder *self,
                            AssayTrimmer *trimmer)
{
  g_return_if_fail (ASSAY_IS_RECORDER (self));
  g_return_if_fail (ASSAY_IS_TRIMMER (trimmer));

  g_set_object (&self->trimmer, trimmer);
}

/**
 * assay_recorder_get_id:
 *
 * Returns: the run's number in the history, 0 until it is saved
 */
gint64
assay_recorder_get_id (AssayRecorder *self)
{
  g_return_val_if_fail (ASSAY_IS_RECORDER (self), 0);

  return self->recording != NULL ? assay_recording_get_id (self->recording) : 0;
}

/**
 * assay_recorder_add:
 * @items: (element-type AssayItem): each with its serial; those that were given
 *   before are not written down again
 *
 * To be called before assay_run_add().
 */
void
assay_recorder_add (AssayRecorder *self,
                    GPtrArray *items)
{
  g_autoptr (GPtrArray) origins = NULL;

  g_return_if_fail (ASSAY_IS_RECORDER (self));
  g_return_if_fail (self->recording != NULL);

  origins = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_kept_item_free);
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);
      guint8 *note = get_note (self, item);

      if ((*note & NOTE_GIVEN) != 0)
        continue;
      *note |= NOTE_GIVEN;
      g_ptr_array_add (origins, keep_origin (item));
    }
  if (origins->len > 0)
    assay_history_add_async (self->history, self->recording, g_steal_pointer (&origins), NULL,
                             NULL, NULL);
}

/**
 * assay_recorder_interrupt:
 *
 * What is canceled from now on is left, to be resumed, and so is the run.
 */
void
assay_recorder_interrupt (AssayRecorder *self)
{
  g_return_if_fail (ASSAY_IS_RECORDER (self));

  self->interrupted = TRUE;
}

/**
 * assay_recorder_end:
 *
 * Nothing more is to come.  Without this a run counts as interrupted once the
 * process has ended.
 */
void
assay_recorder_end (AssayRecorder *self)
{
  g_autoptr (AssayRecording) recording = NULL;

  g_return_if_fail (ASSAY_IS_RECORDER (self));

  recording = g_steal_pointer (&self->recording);
  if (recording != NULL)
    assay_history_end_async (self->history, recording,
                             self->interrupted ? ASSAY_KEPT_INTERRUPTED : ASSAY_KEPT_FINISHED, NULL,
                             NULL, NULL);
}
