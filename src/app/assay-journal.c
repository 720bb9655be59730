/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-journal.h"

typedef struct {
  AssayRun *run;
  AssayRecorder *recorder;
} Page;

/* Invariant: recording is that of a run that goes on, until that is added to. */
struct _AssayJournal {
  GObject parent_instance;

  AssayHistory *history;         /* (nullable): nothing is kept */
  AssayTrimmer *trimmer;         /* (nullable): likewise */
  GSettings *settings;
  GPtrArray *pages;              /* (element-type Page), of the runs under way */
  char *name;                    /* (nullable): of what was given last */
  AssayRecording *recording;     /* (nullable) */
  AssayTarget *target;           /* whom it asks */
  guint n_given;
};

G_DEFINE_FINAL_TYPE (AssayJournal, assay_journal, G_TYPE_OBJECT)

static void
page_free (gpointer data)
{
  Page *self = data;

  g_object_unref (self->recorder);
  g_object_unref (self->run);
  g_free (self);
}

static void
assay_journal_dispose (GObject *object)
{
  AssayJournal *self = ASSAY_JOURNAL (object);

  assay_journal_close (self);
  g_clear_object (&self->trimmer);
  g_clear_object (&self->history);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (assay_journal_parent_class)->dispose (object);
}

static void
assay_journal_finalize (GObject *object)
{
  AssayJournal *self = ASSAY_JOURNAL (object);

  g_ptr_array_unref (self->pages);
  g_free (self->name);
  G_OBJECT_CLASS (assay_journal_parent_class)->finalize (object);
}

static void
assay_journal_class_init (AssayJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_journal_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_journal_finalize;
}

static void
assay_journal_init (AssayJournal *self)
{
  self->pages = g_ptr_array_new_with_free_func (page_free);
}

/**
 * assay_journal_new:
 * @history: (transfer none) (nullable): where runs are kept
 * @settings: (transfer none): whether they are
 *
 * Returns: (transfer full): a journal in which nothing stands yet
 */
AssayJournal *
assay_journal_new (AssayHistory *history,
                   GSettings *settings)
{
  AssayJournal *self;

  g_return_val_if_fail (history == NULL || ASSAY_IS_HISTORY (history), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (ASSAY_TYPE_JOURNAL, NULL);
  g_set_object (&self->history, history);
  self->trimmer = history != NULL ? assay_trimmer_new (history) : NULL;
  self->settings = g_object_ref (settings);
  return self;
}

/**
 * assay_journal_get_trimmer:
 *
 * Returns: (transfer none) (nullable): what trims the answers that were written down; %NULL
 *   where none are
 */
AssayTrimmer *
assay_journal_get_trimmer (AssayJournal *self)
{
  g_return_val_if_fail (ASSAY_IS_JOURNAL (self), NULL);

  return self->trimmer;
}

/* ---- names ---- */

static char *
dup_name_of_several (const char *first,
                     guint n)
{
  if (n == 1)
    return g_strdup (first);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s and %'u other", "%s and %'u others", n - 1),
                          first, n - 1);
}

/**
 * assay_journal_name_files:
 * @files: (array length=n_files): what a person gives, at least one
 *
 * A run that begins with it is named so.
 */
void
assay_journal_name_files (AssayJournal *self,
                          GFile *const *files,
                          guint n_files)
{
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;

  g_return_if_fail (ASSAY_IS_JOURNAL (self));
  g_return_if_fail (n_files > 0);

  base = g_file_get_basename (files[0]);
  name = assay_display_name (base != NULL ? base : "");
  g_free (self->name);
  self->name = dup_name_of_several (name, n_files);
}

/* The folder or archive that it came in, or its own name. */
static char *
dup_origin (AssayItem *item)
{
  const char *group = assay_item_get_group (item);

  if (group == NULL)
    return g_strdup (assay_item_get_name (item));
  return g_strndup (group, strcspn (group, G_DIR_SEPARATOR_S));
}

static char *
dup_name_of_items (GPtrArray *items)
{
  g_autofree char *first = dup_origin (g_ptr_array_index (items, 0));
  gboolean same = assay_item_get_group (g_ptr_array_index (items, 0)) != NULL;

  for (guint i = 1; i < items->len && same; i++)
    {
      g_autofree char *origin = dup_origin (g_ptr_array_index (items, i));

      same = strcmp (origin, first) == 0;
    }
  return dup_name_of_several (first, same ? 1 : items->len);
}

/* ---- writing ---- */

static AssayRecorder *
find_recorder (AssayJournal *self,
               AssayRun *run)
{
  for (guint i = 0; i < self->pages->len; i++)
    {
      Page *page = g_ptr_array_index (self->pages, i);

      if (page->run == run)
        return page->recorder;
    }
  return NULL;
}

static AssayRecorder *
begin (AssayJournal *self,
       AssayRun *run,
       AssayConnection *connection,
       GPtrArray *items)
{
  g_autofree char *name = self->name != NULL ? g_strdup (self->name) : dup_name_of_items (items);
  const AssayKeptRun about = {
    .name = name,
    .target = assay_run_get_target (run),
    .connection_name = (char *) assay_connection_get_name (connection),
    .url = (char *) assay_connection_get_url (connection),
    .protocol = (char *) assay_connection_get_protocol (connection)->id,
  };

  return assay_recorder_new (self->history, run, &about);
}

static AssayRecorder *
go_on (AssayJournal *self,
       AssayRun *run)
{
  AssayRecorder *recorder = assay_recorder_new_resumed (self->history, run, self->recording,
                                                        self->n_given);

  g_clear_pointer (&self->recording, assay_recording_unref);
  g_clear_pointer (&self->target, assay_target_unref);
  return recorder;
}

static AssayRecorder *
ensure_recorder (AssayJournal *self,
                 AssayRun *run,
                 AssayConnection *connection,
                 GPtrArray *items)
{
  AssayRecorder *recorder = find_recorder (self, run);
  Page *page;

  if (recorder != NULL)
    return recorder;
  if (self->recording != NULL && assay_target_equal (self->target, assay_run_get_target (run)))
    recorder = go_on (self, run);
  else if (g_settings_get_boolean (self->settings, "keep-history"))
    recorder = begin (self, run, connection, items);
  if (recorder == NULL)
    return NULL;
  assay_recorder_set_trimmer (recorder, self->trimmer);
  page = g_new0 (Page, 1);
  page->run = g_object_ref (run);
  page->recorder = recorder;
  g_ptr_array_add (self->pages, page);
  return recorder;
}

/**
 * assay_journal_add:
 * @run: one of the session's
 * @connection: whom it asks
 * @items: (element-type AssayItem): what is given to it, as members of a collection, and
 *   what will share the answers of others
 *
 * Writes them down, and what becomes of them.  To be called before assay_run_add().
 */
void
assay_journal_add (AssayJournal *self,
                   AssayRun *run,
                   AssayConnection *connection,
                   GPtrArray *items)
{
  AssayRecorder *recorder;

  g_return_if_fail (ASSAY_IS_JOURNAL (self));
  g_return_if_fail (ASSAY_IS_RUN (run));
  g_return_if_fail (ASSAY_IS_CONNECTION (connection));

  if (self->history == NULL || items->len == 0)
    return;
  recorder = ensure_recorder (self, run, connection, items);
  if (recorder != NULL)
    assay_recorder_add (recorder, items);
}

/**
 * assay_journal_keep:
 * @target: whom it was not asked itself
 * @item: was given to assay_journal_add() with a run that asks @target
 *
 * Writes down the answer that it shares with another one.
 */
void
assay_journal_keep (AssayJournal *self,
                    AssayTarget *target,
                    AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_JOURNAL (self));
  g_return_if_fail (target != NULL && ASSAY_IS_ITEM (item));

  for (guint i = 0; i < self->pages->len; i++)
    {
      Page *page = g_ptr_array_index (self->pages, i);

      if (assay_target_equal (assay_run_get_target (page->run), target))
        assay_recorder_keep (page->recorder, item);
    }
}

static void
leave_resumed (AssayJournal *self)
{
  if (self->recording == NULL)
    return;
  assay_history_end_async (self->history, self->recording, ASSAY_KEPT_INTERRUPTED, NULL, NULL,
                           NULL);
  g_clear_pointer (&self->recording, assay_recording_unref);
  g_clear_pointer (&self->target, assay_target_unref);
}

/**
 * assay_journal_resume:
 * @recording: (transfer none): a kept run, ours from now on
 * @target: (transfer none): whom it asks
 * @n_given: as for assay_recorder_new_resumed()
 *
 * The next run for @target goes on with it.
 */
void
assay_journal_resume (AssayJournal *self,
                      AssayRecording *recording,
                      AssayTarget *target,
                      guint n_given)
{
  g_return_if_fail (ASSAY_IS_JOURNAL (self));
  g_return_if_fail (self->history != NULL);

  leave_resumed (self);
  self->recording = assay_recording_ref (recording);
  self->target = assay_target_ref (target);
  self->n_given = n_given;
}

/**
 * assay_journal_is_resuming:
 *
 * Returns: whether a kept run is to go on as soon as its service can be asked
 */
gboolean
assay_journal_is_resuming (AssayJournal *self)
{
  g_return_val_if_fail (ASSAY_IS_JOURNAL (self), FALSE);

  return self->recording != NULL;
}

/**
 * assay_journal_interrupt:
 * @more: whether more was to come
 *
 * What is under way is about to be canceled because the session ends: it is left, to
 * be resumed.
 */
void
assay_journal_interrupt (AssayJournal *self,
                         gboolean more)
{
  g_return_if_fail (ASSAY_IS_JOURNAL (self));

  for (guint i = 0; i < self->pages->len; i++)
    {
      Page *page = g_ptr_array_index (self->pages, i);

      if (more || assay_run_is_active (page->run))
        assay_recorder_interrupt (page->recorder);
    }
}

/**
 * assay_journal_end:
 *
 * All runs have come to their end.
 */
void
assay_journal_end (AssayJournal *self)
{
  g_return_if_fail (ASSAY_IS_JOURNAL (self));

  for (guint i = 0; i < self->pages->len; i++)
    assay_recorder_end (((Page *) g_ptr_array_index (self->pages, i))->recorder);
  g_ptr_array_set_size (self->pages, 0);
  g_clear_pointer (&self->name, g_free);
}

/**
 * assay_journal_close:
 *
 * The same, and a run that was to go on is left as it is.
 */
void
assay_journal_close (AssayJournal *self)
{
  g_return_if_fail (ASSAY_IS_JOURNAL (self));

  assay_journal_end (self);
  leave_resumed (self);
  if (self->trimmer != NULL)
    assay_trimmer_close (self->trimmer);
}
