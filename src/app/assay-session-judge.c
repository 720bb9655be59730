/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the answers are judged by: the truth, and what a baseline says of the same images. */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-connection-text.h"
#include "assay-display.h"
#include "assay-session-private.h"

/* ---- answers that are kept ---- */

/* What is known of it without asking. */
static gboolean
give_kept (AssaySession *self,
           AssayItem *item)
{
  gboolean given = FALSE;

  for (guint side = 0; side < 2; side++)
    if (self->kept_answers[side] != NULL)
      given |= assay_kept_answers_give (self->kept_answers[side], item);
  return given;
}

/**
 * assay_session_judge_item:
 * @item: of the collection, one that was read, or has another answer
 *
 * Tells all who judge it.
 */
void
assay_session_judge_item (AssaySession *self,
                          AssayItem *item)
{
  give_kept (self, item);
  assay_judge_update (self->judge, item);
  if (self->marks != NULL)
    assay_marks_update (self->marks, item);
}

static void
judge_all (AssaySession *self)
{
  g_autoptr (GPtrArray) items = assay_session_collect (self, NULL);

  for (guint i = 0; i < items->len; i++)
    if (assay_item_is_read (g_ptr_array_index (items, i)))
      assay_session_judge_item (self, g_ptr_array_index (items, i));
}

static void
kept_loaded_cb (AssayKeptAnswers *kept,
                AssaySession *self)
{
  if (assay_kept_answers_get_error (kept) != NULL)
    assay_session_say (self, assay_kept_answers_get_error (kept)->message);
  else
    judge_all (self);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  AssaySession *self)
{
  self->n_unasked_of_baseline = -1;
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, position + i);

      if (assay_item_is_read (item))
        assay_session_judge_item (self, item);
    }
}

/* ---- whom to ask ---- */

/* A kept run has no link, and neither has a connection that is gone. */
static gboolean
may_ask_baseline (AssaySession *self)
{
  return self->comparing && self->baseline != NULL && self->baseline_link != NULL
         && !assay_target_equal (self->baseline, assay_session_get_target (self));
}

static gboolean
can_ask_baseline (AssaySession *self)
{
  AssayModelVersion *version;

  if (!assay_link_can_ask (self->baseline_link))
    return FALSE;
  version = assay_link_find_version (self->baseline_link, assay_target_get_model (self->baseline),
                                     assay_target_get_version (self->baseline));
  return version == NULL || version->callable;
}

/* A link that nobody has used yet starts on its way; what waits goes when it is there. */
static void
reach_baseline (AssaySession *self)
{
  AssayLinkStatus status = assay_link_get_status (self->baseline_link);

  self->baseline_waits = TRUE;
  if (status == ASSAY_LINK_UNKNOWN || status == ASSAY_LINK_OFFLINE)
    assay_link_refresh (self->baseline_link);
}

/**
 * assay_session_ask_baseline_items:
 * @items: (element-type AssayItem): of the collection
 * @again: whether those that it has answered are asked about again
 *
 * Has the baseline asked about them too, while two versions are compared.
 */
void
assay_session_ask_baseline_items (AssaySession *self,
                                  GPtrArray *items,
                                  gboolean again)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();

  if (!may_ask_baseline (self))
    return;
  if (!can_ask_baseline (self))
    {
      reach_baseline (self);
      return;
    }
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);

      if (assay_source_is_here (assay_item_get_source (item))
          && (again || assay_item_find_answer (item, self->baseline) == NULL))
        g_ptr_array_add (wanted, item);
    }
  if (wanted->len > 0)
    assay_session_give_run (self, self->baseline_link, self->baseline, wanted);
  self->n_unasked_of_baseline = -1;
}

static gboolean
is_unasked (AssaySession *self,
            AssayItem *item)
{
  return assay_source_is_here (assay_item_get_source (item))
         && assay_item_find_answer (item, self->baseline) == NULL;
}

static guint
count_unasked (AssaySession *self)
{
  GListModel *model = G_LIST_MODEL (self->collection);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, i);

      n += is_unasked (self, item);
    }
  return n;
}

/**
 * assay_session_count_unasked_of_baseline:
 *
 * Returns: images that the baseline was never asked about although two versions are
 *   compared; 0 for a kept run, which nobody asks
 */
guint
assay_session_count_unasked_of_baseline (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), 0);

  if (!may_ask_baseline (self))
    return 0;
  if (self->n_unasked_of_baseline < 0)
    self->n_unasked_of_baseline = count_unasked (self);
  return self->n_unasked_of_baseline;
}

/**
 * assay_session_ask_baseline:
 *
 * Asks the baseline about every image that it was never asked about.
 */
void
assay_session_ask_baseline (AssaySession *self)
{
  g_autoptr (GPtrArray) items = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));

  items = assay_session_collect (self, NULL);
  assay_session_ask_baseline_items (self, items, FALSE);
}

/**
 * assay_session_ask_baseline_too:
 * @items: (element-type AssayItem): of the collection, about which the version on show is
 *   asked
 * @again: whether those that it has answered are asked about again
 *
 * As assay_session_ask_baseline_items(), but where only some are compared
 * (assay_session_compare_items()), about those alone.
 */
void
assay_session_ask_baseline_too (AssaySession *self,
                                GPtrArray *items,
                                gboolean again)
{
  g_autoptr (GPtrArray) both = NULL;

  if (self->looked_at == NULL)
    {
      assay_session_ask_baseline_items (self, items, again);
      return;
    }
  both = g_ptr_array_new ();
  for (guint i = 0; i < items->len; i++)
    if (g_ptr_array_find (self->looked_at, g_ptr_array_index (items, i), NULL))
      g_ptr_array_add (both, g_ptr_array_index (items, i));
  assay_session_ask_baseline_items (self, both, again);
}

/* As for a version that is chosen: a few at once, many only when somebody says so. */
static void
ask_few_of_baseline (AssaySession *self)
{
  self->n_unasked_of_baseline = -1;
  if (!may_ask_baseline (self))
    return;
  if (!can_ask_baseline (self))
    reach_baseline (self);
  else if (self->looked_at != NULL)
    assay_session_ask_baseline_items (self, self->looked_at, FALSE);
  else if (assay_session_count_unasked_of_baseline (self) <= ASSAY_SESSION_ASK_AT_ONCE)
    assay_session_ask_baseline (self);
}

static void
baseline_link_changed_cb (AssayLink *link,
                          AssaySession *self)
{
  assay_session_wake_runs (self, link);
  if (self->baseline_waits && may_ask_baseline (self) && can_ask_baseline (self))
    {
      self->baseline_waits = FALSE;
      ask_few_of_baseline (self);
    }
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

static void
use_baseline_link (AssaySession *self,
                   AssayLink *link)
{
  if (self->baseline_link == link)
    return;
  if (self->baseline_link != NULL)
    g_signal_handlers_disconnect_by_func (self->baseline_link, baseline_link_changed_cb, self);
  g_set_object (&self->baseline_link, link);
  if (link != NULL)
    g_signal_connect_object (link, "changed", G_CALLBACK (baseline_link_changed_cb), self, 0);
}

/* ---- the two ---- */

static AssayKeptAnswers *
load_kept (AssaySession *self,
           const AssayKeptRun *run)
{
  AssayKeptAnswers *kept = assay_kept_answers_new (assay_hub_get_history (self->hub), run);

  g_signal_connect_object (kept, "loaded", G_CALLBACK (kept_loaded_cb), self, 0);
  return kept;
}

static void
set_baseline (AssaySession *self,
              AssayTarget *target,
              AssayKeptAnswers *kept)
{
  g_autoptr (AssayTarget) held = target != NULL ? assay_target_ref (target) : NULL;
  AssayConnection *connection = NULL;

  g_clear_pointer (&self->baseline, assay_target_unref);
  self->baseline = g_steal_pointer (&held);
  g_set_object (&self->kept_answers[0], kept);
  self->baseline_waits = FALSE;
  if (target != NULL && kept == NULL)
    connection = assay_connections_find (assay_hub_get_connections (self->hub),
                                         assay_target_get_connection_id (target));
  use_baseline_link (self, connection != NULL ? assay_hub_get_link (self->hub, connection) : NULL);
  assay_judge_set_targets (self->judge, self->baseline, assay_session_get_target (self));
  ask_few_of_baseline (self);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

/**
 * assay_session_get_baseline:
 *
 * Returns: (transfer none) (nullable): with whom the target on show is compared
 */
AssayTarget *
assay_session_get_baseline (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return self->baseline;
}

/**
 * assay_session_get_baseline_link:
 *
 * Returns: (transfer none) (nullable): how the baseline is reached; %NULL for a kept run
 */
AssayLink *
assay_session_get_baseline_link (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return self->baseline_link;
}

/**
 * assay_session_choose_baseline:
 * @connection: one of the hub's connections
 * @model: a model of it; empty for the service's own
 * @version: a version of it
 *
 * Compares with that.  A few unanswered images are asked about at once while two
 * versions are compared, many only by assay_session_ask_baseline().
 */
void
assay_session_choose_baseline (AssaySession *self,
                               AssayConnection *connection,
                               const char *model,
                               const char *version)
{
  g_autoptr (AssayTarget) target = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (ASSAY_IS_CONNECTION (connection));
  g_return_if_fail (model != NULL && version != NULL);

  target = assay_target_new (assay_connection_get_id (connection), model, version);
  set_baseline (self, target, NULL);
}

/**
 * assay_session_choose_kept_baseline:
 * @run: (transfer none): a kept one
 *
 * Compares with what it said of the same bytes.
 */
void
assay_session_choose_kept_baseline (AssaySession *self,
                                    const AssayKeptRun *run)
{
  g_autoptr (AssayKeptAnswers) kept = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (run != NULL);

  kept = load_kept (self, run);
  set_baseline (self, assay_kept_answers_get_target (kept), kept);
}

static void
show_kept_answers (AssaySession *self,
                   AssayKeptAnswers *kept)
{
  g_set_object (&self->kept_answers[1], kept);
  self->kept = TRUE;
  assay_session_use_link (self, NULL);
  assay_collection_set_target (self->collection, assay_kept_answers_get_target (kept));
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

/**
 * assay_session_show_kept_answers:
 * @run: (transfer none): a kept one
 *
 * Shows what it said of the same bytes, as if it were a version.
 */
void
assay_session_show_kept_answers (AssaySession *self,
                                 const AssayKeptRun *run)
{
  g_autoptr (AssayKeptAnswers) kept = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (run != NULL);

  kept = load_kept (self, run);
  show_kept_answers (self, kept);
}

static void
show_target_again (AssaySession *self,
                   AssayTarget *target,
                   AssayKeptAnswers *kept)
{
  AssayConnection *connection;

  if (kept != NULL)
    {
      show_kept_answers (self, kept);
      return;
    }
  g_clear_object (&self->kept_answers[1]);
  connection = assay_connections_find (assay_hub_get_connections (self->hub),
                                       assay_target_get_connection_id (target));
  if (connection == NULL)
    {
      self->kept = TRUE;
      assay_session_use_link (self, NULL);
      assay_collection_set_target (self->collection, target);
      return;
    }
  assay_session_choose_target (self, connection, assay_target_get_model (target),
                               assay_target_get_version (target));
}

/**
 * assay_session_swap:
 *
 * The baseline is on show, and what was on show is the baseline.
 */
void
assay_session_swap (AssaySession *self)
{
  g_autoptr (AssayTarget) baseline = NULL;
  g_autoptr (AssayTarget) candidate = NULL;
  g_autoptr (AssayKeptAnswers) kept_baseline = NULL;
  g_autoptr (AssayKeptAnswers) kept_candidate = NULL;
  gboolean comparing;

  g_return_if_fail (ASSAY_IS_SESSION (self));

  if (self->baseline == NULL || assay_session_get_target (self) == NULL)
    return;
  baseline = assay_target_ref (self->baseline);
  candidate = assay_target_ref (assay_session_get_target (self));
  g_set_object (&kept_baseline, self->kept_answers[0]);
  g_set_object (&kept_candidate, self->kept_answers[1]);
  /* Nobody is asked while the one has changed and the other has not. */
  comparing = self->comparing;
  self->comparing = FALSE;
  set_baseline (self, candidate, kept_candidate);
  show_target_again (self, baseline, kept_baseline);
  assay_session_set_comparing (self, comparing);
}

/* Of the same model, the version before the one on show, else the one after it. */
static AssayModelVersion *
find_other_version (AssaySession *self)
{
  AssayTarget *target = assay_session_get_target (self);
  GPtrArray *versions = self->link != NULL ? assay_link_get_versions (self->link) : NULL;
  AssayModelVersion *other = NULL;

  for (guint i = 0; versions != NULL && target != NULL && i < versions->len; i++)
    {
      AssayModelVersion *version = g_ptr_array_index (versions, i);

      if (!version->callable || strcmp (version->model, assay_target_get_model (target)) != 0
          || strcmp (version->version, assay_target_get_version (target)) == 0)
        continue;
      if (other == NULL
          || g_ascii_strtoll (version->version, NULL, 10)
               < g_ascii_strtoll (assay_target_get_version (target), NULL, 10))
        other = version;
    }
  return other;
}

static void
choose_other_version (AssaySession *self)
{
  AssayModelVersion *version = find_other_version (self);

  if (version != NULL)
    assay_session_choose_baseline (self, assay_link_get_connection (self->link), version->model,
                                   version->version);
}

/**
 * assay_session_set_comparing:
 * @comparing: whether a person looks at two versions side by side
 *
 * While that is so, what is given is asked of both, in turns.  If no baseline is chosen
 * yet, it is another version of the same model.
 */
void
assay_session_set_comparing (AssaySession *self,
                             gboolean comparing)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));

  g_clear_pointer (&self->looked_at, g_ptr_array_unref);
  self->comparing = comparing;
  if (comparing && self->baseline == NULL)
    choose_other_version (self);
  else if (comparing)
    ask_few_of_baseline (self);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

/**
 * assay_session_compare_items:
 * @items: (element-type AssayItem) (transfer none): what is looked at, which holds its
 *   items; it is not to be changed any more
 *
 * Has two versions compared as assay_session_set_comparing() does, but the baseline is
 * asked about these alone, however many more are given: for whoever looks at one image
 * after the other, and may not come to the rest.  To be called again for each; until
 * assay_session_set_comparing() is.
 */
void
assay_session_compare_items (AssaySession *self,
                             GPtrArray *items)
{
  gboolean changed;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (items != NULL);

  changed = !self->comparing;
  g_ptr_array_ref (items);
  g_clear_pointer (&self->looked_at, g_ptr_array_unref);
  self->looked_at = items;
  self->comparing = TRUE;
  if (self->baseline == NULL)
    choose_other_version (self);
  else
    ask_few_of_baseline (self);
  if (changed)
    assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

/**
 * assay_session_follow_link:
 *
 * The service on show has something to say: it may have a version to compare with.
 */
void
assay_session_follow_link (AssaySession *self)
{
  if (self->comparing && self->baseline == NULL)
    choose_other_version (self);
}

static void
target_changed_cb (AssaySession *self)
{
  AssayTarget *target = assay_session_get_target (self);

  if (self->kept_answers[1] != NULL
      && !assay_target_equal (target, assay_kept_answers_get_target (self->kept_answers[1])))
    g_clear_object (&self->kept_answers[1]);
  assay_judge_set_targets (self->judge, self->baseline, target);
  judge_all (self);
  ask_few_of_baseline (self);
}

/* ---- in words ---- */

/* What it is called beside another of the same model. */
static char *
dup_short_name (AssayTarget *target,
                gboolean begins)
{
  g_autofree char *version = assay_display_name (assay_target_get_version (target));

  if (*version == '\0')
    return g_strdup (begins ? _("This model") : _("this model"));
  return g_strdup_printf (begins ? _("Version %s") : _("version %s"), version);
}

static char *
dup_long_name (AssayTarget *target)
{
  g_autofree char *model = assay_display_name (assay_target_get_model (target));
  g_autofree char *version = assay_display_name (assay_target_get_version (target));

  if (*model == '\0')
    return g_strdup (_("the service’s own model"));
  return *version != '\0' ? g_strdup_printf ("%s %s", model, version) : g_steal_pointer (&model);
}

static gboolean
have_same (const char *(*get) (const AssayTarget *target),
           AssayTarget *a,
           AssayTarget *b)
{
  return a == NULL || b == NULL || strcmp (get (a), get (b)) == 0;
}

/* Where it is, or when it was. */
static char *
dup_place (AssaySession *self,
           AssayTarget *target,
           AssayKeptAnswers *kept)
{
  AssayConnection *connection;

  if (kept != NULL)
    return g_strdup (assay_kept_answers_get_when (kept));
  connection = assay_connections_find (assay_hub_get_connections (self->hub),
                                       assay_target_get_connection_id (target));
  return connection != NULL ? assay_connection_text_dup_title (connection) : g_strdup (_("now"));
}

/**
 * assay_session_dup_side_name:
 * @baseline: of the baseline, else of the target on show
 * @begins: whether it stands at the beginning of a sentence
 *
 * As short as it can be told from the other one: "version 2", "flowers 2" beside another
 * model, "version 2 (Lab)" beside the same version elsewhere, and a kept run by its time.
 *
 * Returns: (transfer full) (nullable): safe to show; %NULL while none is chosen
 */
char *
assay_session_dup_side_name (AssaySession *self,
                             gboolean baseline,
                             gboolean begins)
{
  AssayTarget *own;
  AssayTarget *other;
  g_autofree char *name = NULL;
  g_autofree char *place = NULL;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  own = baseline ? self->baseline : assay_session_get_target (self);
  other = baseline ? assay_session_get_target (self) : self->baseline;
  if (own == NULL)
    return NULL;
  name = have_same (assay_target_get_model, own, other) ? dup_short_name (own, begins)
                                                        : dup_long_name (own);
  if (self->kept_answers[baseline ? 0 : 1] == NULL
      && (other == NULL || assay_target_equal (own, other)
          || !have_same (assay_target_get_model, own, other)
          || !have_same (assay_target_get_version, own, other)))
    return g_steal_pointer (&name);
  place = dup_place (self, own, self->kept_answers[baseline ? 0 : 1]);
  return g_strdup_printf (_("%s (%s)"), name, place);
}

/* ---- life ---- */

AssayTruths *
assay_session_get_truths (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return self->truths;
}

/**
 * assay_session_get_trimmer:
 *
 * Returns: (transfer none) (nullable): what loads an answer that was trimmed
 */
AssayTrimmer *
assay_session_get_trimmer (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return assay_journal_get_trimmer (self->journal);
}

AssayJudge *
assay_session_get_judge (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  return self->judge;
}

/* What is judged needs no more than a short form of an answer, until it is judged by
 * something that this can't tell of. */
static void
follow_trimmer (AssaySession *self,
                AssayTrimmer *trimmer)
{
  g_signal_connect_object (trimmer, "trimmed", G_CALLBACK (assay_judge_replace), self->judge,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->judge, "wants-whole", G_CALLBACK (assay_trimmer_want), trimmer,
                           G_CONNECT_SWAPPED);
}

/**
 * assay_session_begin_judging:
 *
 * From now on what is answered is judged.
 */
void
assay_session_begin_judging (AssaySession *self)
{
  AssayHistory *history = assay_hub_get_history (self->hub);

  self->truths = assay_truths_new (self->collection);
  self->judge = assay_judge_new (self->collection, self->truths);
  if (history != NULL)
    {
      self->marks = assay_marks_new (self->truths, history);
      follow_trimmer (self, assay_journal_get_trimmer (self->journal));
    }
  self->n_unasked_of_baseline = -1;
  g_signal_connect_object (self->collection, "items-changed", G_CALLBACK (items_changed_cb), self,
                           0);
  g_signal_connect_object (self->collection, "notify::target", G_CALLBACK (target_changed_cb),
                           self, G_CONNECT_SWAPPED);
}

/**
 * assay_session_end_judging:
 *
 * Lets go of the history and the services.  What was judged stays.
 */
void
assay_session_end_judging (AssaySession *self)
{
  self->comparing = FALSE;
  g_clear_pointer (&self->looked_at, g_ptr_array_unref);
  use_baseline_link (self, NULL);
  g_clear_object (&self->marks);
}

/**
 * assay_session_save_baseline:
 * @connection: one that has a new link
 */
void
assay_session_save_baseline (AssaySession *self,
                             AssayConnection *connection)
{
  if (self->baseline_link == NULL
      || assay_link_get_connection (self->baseline_link) != connection)
    return;
  use_baseline_link (self, assay_hub_get_link (self->hub, connection));
  assay_session_renew_clients (self, self->baseline_link);
  ask_few_of_baseline (self);
}
