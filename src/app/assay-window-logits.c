/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a window offers where the scores of a service may be logits. */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-logits.h"
#include "assay-window-private.h"

/* A service answers all in one way: a few answers, near the beginning of a long list, say
 * as much as all of them would. */
#define LOOKED_AT 16
#define LOOKED_THROUGH 1000

/* Returns: (transfer none) (nullable): the connection that is asked and could be asked for
 * probabilities, unless a person has said that its scores are right as they are */
static AssayConnection *
find_connection (AssayWindow *self)
{
  AssayLink *link = assay_session_get_link (self->session);
  AssayConnection *connection = link != NULL ? assay_link_get_connection (link) : NULL;

  if (connection == NULL || assay_session_shows_kept (self->session)
      || g_strcmp0 (self->trusted_scores, assay_connection_get_id (connection)) == 0
      || !assay_logits_may_be_asked (connection))
    return NULL;
  return connection;
}

static AssayPrediction *
get_prediction (AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);

  return answer != NULL ? assay_answer_get_prediction (answer) : NULL;
}

static gboolean
has_logits (AssayWindow *self,
            AssayConnection *connection)
{
  GListModel *items = G_LIST_MODEL (assay_session_get_collection (self->session));
  guint n = MIN (g_list_model_get_n_items (items), LOOKED_THROUGH);
  guint looked_at = 0;

  for (guint i = 0; i < n && looked_at < LOOKED_AT; i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (items, i);
      AssayPrediction *prediction = get_prediction (item);

      if (prediction == NULL)
        continue;
      looked_at++;
      if (assay_logits_suspect (connection, prediction))
        return TRUE;
    }
  return FALSE;
}

static void
show_banner (AssayWindow *self)
{
  AssayConnection *connection = find_connection (self);

  if (connection == NULL || !has_logits (self, connection))
    assay_banner_dismiss (self->logits_banner);
  else
    assay_banner_show (self->logits_banner, FALSE,
                       _("These scores are not probabilities. They may be logits."),
                       _("Apply Softmax"), "win.apply-softmax", "win.trust-scores");
}

/* Until the window is closed. */
static void
trust_scores_action (GtkWidget *widget,
                     const char *name,
                     GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  AssayLink *link = assay_session_get_link (self->session);

  if (link == NULL)
    return;
  g_free (self->trusted_scores);
  self->trusted_scores = g_strdup (assay_connection_get_id (assay_link_get_connection (link)));
  show_banner (self);
}

/* All that was answered, also what happens to look like probabilities. */
static GPtrArray *
collect_answered (AssayWindow *self)
{
  GPtrArray *answered = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *items = G_LIST_MODEL (assay_session_get_collection (self->session));

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (items, i);

      if (get_prediction (item) != NULL)
        g_ptr_array_add (answered, g_steal_pointer (&item));
    }
  return answered;
}

static void
apply_softmax_action (GtkWidget *widget,
                      const char *name,
                      GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  AssayConnection *connection = find_connection (self);
  g_autoptr (AssayConnection) draft = NULL;
  g_autoptr (GPtrArray) answered = NULL;
  g_autoptr (GError) error = NULL;

  if (connection == NULL)
    return;
  answered = collect_answered (self);
  draft = assay_connection_copy (connection);
  g_object_set (draft, "softmax", TRUE, NULL);
  if (assay_hub_save (assay_session_get_hub (self->session), connection, draft, NULL, &error) == NULL)
    {
      assay_window_say (self, error->message);
      return;
    }
  assay_session_ask (self->session, answered);
  show_banner (self);
  assay_window_say (self, _("Softmax is applied from now on; the connection has the switch for it"));
}

/**
 * assay_window_follow_logits:
 *
 * Offers a softmax where scores may be logits, once there is a session.
 */
void
assay_window_follow_logits (AssayWindow *self)
{
  g_signal_connect_object (assay_session_get_collection (self->session), "counts-changed",
                           G_CALLBACK (show_banner), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed", G_CALLBACK (show_banner), self,
                           G_CONNECT_SWAPPED);
}

void
assay_window_install_logits (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.apply-softmax", NULL, apply_softmax_action);
  gtk_widget_class_install_action (widget_class, "win.trust-scores", NULL, trust_scores_action);
}
