/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is spoken at an address.  A few services are known by their addresses alone; else
 * each protocol's well-known places are asked, in the order of the list of protocols, until
 * one knows its own.  Nothing but those is asked, and nothing of a person's pictures is
 * sent. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-discovery.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-generic-presets.h"
#include "assay-protocol-generic.h"

typedef struct {
  AssayDiscovery *found;      /* (nullable) */
  GString *tried;             /* what was asked, and what came of it */
  GError *forbidden;          /* (nullable): of the first that was not permitted */
  guint next;                 /* of the protocols */
} Search;

static void try_next (GTask *task);

static void
search_free (gpointer data)
{
  Search *self = data;

  g_clear_pointer (&self->found, assay_discovery_free);
  g_string_free (self->tried, TRUE);
  g_clear_error (&self->forbidden);
  g_free (self);
}

void
assay_discovery_free (AssayDiscovery *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->service);
  g_free (self->model);
  g_clear_pointer (&self->versions, g_ptr_array_unref);
  g_free (self);
}

/**
 * assay_discovery_count_models:
 *
 * Returns: how many models it listed, whatever the number of their versions
 */
guint
assay_discovery_count_models (const AssayDiscovery *self)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; self->versions != NULL && i < self->versions->len; i++)
    g_hash_table_add (names, ((AssayModelVersion *) self->versions->pdata[i])->model);
  return g_hash_table_size (names);
}

/**
 * assay_discovery_dup_text:
 *
 * Returns: (transfer full): "mlserver 1.6.0, 3 models", translated
 */
char *
assay_discovery_dup_text (const AssayDiscovery *self)
{
  guint n;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->versions == NULL)
    return g_strdup (self->service);
  n = assay_discovery_count_models (self);
  return g_strdup_printf (ngettext ("%s, %u model", "%s, %u models", n), self->service, n);
}

/* The list is an extra: a service that hasn't one is still what it is. */
static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Search *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->found->versions = assay_client_list_finish (ASSAY_CLIENT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->found),
                           (GDestroyNotify) assay_discovery_free);
}

static void
take (GTask *task,
      const AssayProtocol *protocol,
      AssayDiscovered *discovered)
{
  AssayClient *client = g_task_get_source_object (task);
  AssayConnection *connection = assay_client_get_connection (client);
  Search *self = g_task_get_task_data (task);

  self->found = g_new0 (AssayDiscovery, 1);
  self->found->protocol = protocol;
  self->found->service = assay_display_text (discovered->service, -1, 60);
  self->found->model = g_strdup (discovered->model);
  assay_connection_apply_profile (connection, protocol, discovered->profile);
  if (assay_connection_can_list (connection))
    assay_client_list_async (client, g_task_get_cancellable (task), listed_cb,
                             g_object_ref (task));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->found),
                           (GDestroyNotify) assay_discovery_free);
}

/* Why nothing came to an end that could be read counts as much as what did. */
static void
note (Search *self,
      const AssayProtocol *protocol,
      GPtrArray *replies,
      const GError *error)
{
  guint last = 0;

  if (error != NULL)
    g_string_append_printf (self->tried, "%s%s: %s", self->tried->len > 0 ? "; " : "",
                            protocol->title, error->message);
  for (guint i = 0; error == NULL && replies != NULL && i < replies->len; i++)
    {
      const AssayReply *reply = replies->pdata[i];

      if (reply == NULL || reply->status == last)
        continue;
      last = reply->status;
      if (self->tried->len > 0)
        g_string_append (self->tried, "; ");
      g_string_append_printf (self->tried, _("%s: HTTP status %u"), protocol->title, reply->status);
    }
}

/* Nobody there is nobody there, whatever is asked; not signed in is not. */
static gboolean
ends_all (const GError *error)
{
  return error->domain != ASSAY_ERROR || error->code == ASSAY_ERROR_OFFLINE
         || error->code == ASSAY_ERROR_CERTIFICATE || error->code == ASSAY_ERROR_TIMED_OUT
         || error->code == ASSAY_ERROR_USAGE || error->code == ASSAY_ERROR_UNAUTHORIZED;
}

static const AssayReply *
find_reply (GPtrArray *replies,
            guint status)
{
  for (guint i = 0; replies != NULL && i < replies->len; i++)
    if (replies->pdata[i] != NULL && ((const AssayReply *) replies->pdata[i])->status == status)
      return replies->pdata[i];
  return NULL;
}

/* Who lets nobody in says nothing of what is behind the door.  A gateway that permits some
 * addresses only may well permit the next, and counts when none was. */
static GError *
find_refusal (Search *self,
              GPtrArray *replies)
{
  const AssayReply *reply = find_reply (replies, 401);

  if (reply == NULL)
    reply = find_reply (replies, 407);
  if (reply != NULL)
    return assay_protocol_error_from_reply (reply);
  reply = find_reply (replies, 403);
  if (reply != NULL && self->forbidden == NULL)
    self->forbidden = assay_protocol_error_from_reply (reply);
  return NULL;
}

static void
probed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Search *self = g_task_get_task_data (task);
  const AssayProtocol *protocol = assay_protocol_get_all (NULL)[self->next];
  g_autoptr (GPtrArray) replies = NULL;
  g_autoptr (AssayDiscovered) discovered = NULL;
  GError *error = NULL;

  discovered = assay_client_probe_finish (ASSAY_CLIENT (source), result, &replies, &error);
  if (error != NULL && ends_all (error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (discovered != NULL)
    {
      take (task, protocol, discovered);
      return;
    }
  note (self, protocol, replies, error);
  g_clear_error (&error);
  error = find_refusal (self, replies);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->next++;
  try_next (task);
}

static void
try_next (GTask *task)
{
  AssayClient *client = g_task_get_source_object (task);
  Search *self = g_task_get_task_data (task);
  const AssayProtocol *const *protocols;
  guint n;

  protocols = assay_protocol_get_all (&n);
  while (self->next < n && protocols[self->next]->probe == NULL)
    self->next++;
  if (self->next < n)
    assay_client_probe_async (client, protocols[self->next], g_task_get_cancellable (task),
                              probed_cb, g_object_ref (task));
  else if (self->forbidden != NULL)
    g_task_return_error (task, g_steal_pointer (&self->forbidden));
  else
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                             _("Nothing there says what it speaks (%s). Choose the protocol, or "
                               "correct the address."), self->tried->str);
}

/* Whose address says it all: what only the owner of a key is told need not be asked. */
static gboolean
recognize (GTask *task)
{
  AssayClient *client = g_task_get_source_object (task);
  AssayConnection *connection = assay_client_get_connection (client);
  g_autoptr (AssayDiscovered) discovered = NULL;
  g_autofree char *model = NULL;
  AssayProfile *profile = NULL;
  const AssayGenericPreset *preset =
    assay_generic_recognize (assay_connection_get_url (connection), &profile, &model);

  if (preset == NULL)
    return FALSE;
  if (preset->api_key_header != NULL)
    g_object_set (connection, "api-key-header", preset->api_key_header, NULL);
  discovered = assay_discovered_new (preset->title, profile);
  discovered->model = g_steal_pointer (&model);
  take (task, &assay_protocol_generic, discovered);
  return TRUE;
}

/**
 * assay_discovery_async:
 * @client: of a connection that has an address, and maybe a sign-in; it is changed to what
 *   is found
 * @cancellable: (nullable): takes effect at once
 *
 * Finds out what is spoken at the address of a connection, and asks for its models.
 */
void
assay_discovery_async (AssayClient *client,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Search *self;

  g_return_if_fail (ASSAY_IS_CLIENT (client));

  task = g_task_new (client, cancellable, callback, data);
  g_task_set_source_tag (task, assay_discovery_async);
  self = g_new0 (Search, 1);
  self->tried = g_string_new (NULL);
  g_task_set_task_data (task, self, search_free);
  if (!recognize (task))
    try_next (task);
}

/**
 * assay_discovery_finish:
 * @error: %ASSAY_ERROR_NOT_FOUND with what was tried, another #AssayError when nobody is
 *   there or lets nobody in, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what was found
 */
AssayDiscovery *
assay_discovery_finish (AssayClient *client,
                        GAsyncResult *result,
                        GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
