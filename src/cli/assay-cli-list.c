/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-list.h"
#include "assay-error.h"

/* A service that was started a moment ago loads its models in a fraction of a
 * second; after the longest wait they are shown as they are. */
#define AGAIN_MILLISECONDS 20
#define LONGEST_SECONDS 30

typedef struct {
  AssayClient *client;
  gboolean builtin;
  gint64 deadline;            /* monotonic */
} Listing;

static void listed_cb (GObject *source, GAsyncResult *result, gpointer data);

static void
listing_free (gpointer data)
{
  Listing *self = data;

  g_object_unref (self->client);
  g_free (self);
}

static gboolean
is_loading (GPtrArray *versions)
{
  for (guint i = 0; i < versions->len; i++)
    if (g_str_equal (((AssayModelVersion *) g_ptr_array_index (versions, i))->state, "PENDING"))
      return TRUE;
  return FALSE;
}

static gboolean
again_cb (gpointer data)
{
  GTask *task = data;
  Listing *listing = g_task_get_task_data (task);

  assay_client_list_async (listing->client, g_task_get_cancellable (task), listed_cb, task);
  return G_SOURCE_REMOVE;
}

/* Takes the task. */
static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (GPtrArray) versions = NULL;
  GError *error = NULL;

  versions = assay_client_list_finish (ASSAY_CLIENT (source), result, &error);
  if (versions == NULL)
    g_task_return_error (task, error);
  else if (listing->builtin && is_loading (versions) && g_get_monotonic_time () < listing->deadline)
    g_timeout_add (AGAIN_MILLISECONDS, again_cb, g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_steal_pointer (&versions), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * assay_cli_list_async:
 * @connect: opened
 *
 * Asks the service for its models.
 */
void
assay_cli_list_async (AssayCliConnect *connect,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Listing *listing;

  g_task_set_source_tag (task, assay_cli_list_async);
  if (!assay_cli_connect_can_list (connect))
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                               _("The service can't list its models: give --models-url, or type "
                                 "--model and --model-version"));
      return;
    }
  listing = g_new0 (Listing, 1);
  listing->client = g_object_ref (assay_cli_connect_get_client (connect));
  listing->builtin = assay_connection_is_builtin (assay_client_get_connection (listing->client));
  listing->deadline = g_get_monotonic_time () + LONGEST_SECONDS * G_USEC_PER_SEC;
  g_task_set_task_data (task, listing, listing_free);
  assay_client_list_async (listing->client, cancellable, listed_cb, g_steal_pointer (&task));
}

/**
 * assay_cli_list_finish:
 *
 * Returns: (transfer full) (nullable) (element-type AssayModelVersion): newest
 *   version of a model first
 */
GPtrArray *
assay_cli_list_finish (GAsyncResult *result,
                       GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
