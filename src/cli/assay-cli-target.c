/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "assay-cli-list.h"
#include "assay-cli-target.h"
#include "assay-error.h"

/* More names than a person reads in one sentence. */
#define MAX_NAMED 10

typedef struct {
  AssayClient *client;
  char *model;                /* (nullable) */
  char *version;              /* (nullable) */
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  g_object_unref (self->client);
  g_free (self->model);
  g_free (self->version);
  g_free (self);
}

static AssayTarget *
new_target (AssayClient *client,
            const char *model,
            const char *version)
{
  const char *id = assay_connection_get_id (assay_client_get_connection (client));

  return assay_target_new (id, model, version != NULL ? version : "");
}

/* The names of the listed models, each once, as a person reads a list. */
static char *
dup_model_names (GPtrArray *versions)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *joined = NULL;
  gboolean more = FALSE;

  for (guint i = 0; i < versions->len; i++)
    {
      AssayModelVersion *version = g_ptr_array_index (versions, i);

      if (g_ptr_array_find_with_equal_func (names, version->model, g_str_equal, NULL))
        continue;
      more = names->len == MAX_NAMED;
      if (more)
        break;
      g_ptr_array_add (names, version->model);
    }
  g_ptr_array_add (names, NULL);
  joined = g_strjoinv (", ", (char **) names->pdata);
  return g_strconcat (joined, more ? ", …" : NULL, NULL);
}

static const char *
find_only_model (GPtrArray *versions,
                 GError **error)
{
  const char *model = NULL;

  for (guint i = 0; i < versions->len; i++)
    {
      AssayModelVersion *version = g_ptr_array_index (versions, i);

      if (model != NULL && !g_str_equal (version->model, model))
        {
          g_autofree char *names = dup_model_names (versions);

          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       _("The service has several models (%s): choose one with --model"), names);
          return NULL;
        }
      model = version->model;
    }
  if (model == NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("The service has no models"));
  return model;
}

/* Newest first is how they are listed. */
static const char *
find_newest_version (GPtrArray *versions,
                     const char *model,
                     GError **error)
{
  g_autofree char *names = NULL;
  gboolean known = FALSE;

  for (guint i = 0; i < versions->len; i++)
    {
      AssayModelVersion *version = g_ptr_array_index (versions, i);

      if (!g_str_equal (version->model, model))
        continue;
      if (version->callable)
        return version->version;
      known = TRUE;
    }
  names = dup_model_names (versions);
  if (known)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("No version of model “%s” is deployed: see “assay-cli models list”"), model);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("The service has no model “%s”; it has: %s"), model, names);
  return NULL;
}

/* Whether a model can be asked although nobody lists it: TensorFlow Serving lists none, and
 * where a list is kept from us, or broken, its models need not be. */
static gboolean
can_do_without (const Search *search,
                const GError *error)
{
  AssayConnection *connection = assay_client_get_connection (search->client);

  if (search->model == NULL || !assay_connection_get_protocol (connection)->no_version
      || error->domain != ASSAY_ERROR)
    return FALSE;
  return error->code == ASSAY_ERROR_NOT_FOUND || error->code == ASSAY_ERROR_FORBIDDEN
         || error->code == ASSAY_ERROR_REFUSED || error->code == ASSAY_ERROR_BUSY
         || error->code == ASSAY_ERROR_SERVICE;
}

static gboolean
names_model (const char *part)
{
  return part != NULL && strstr (part, "{model}") != NULL;
}

/* What is asked where no models are listed: an address may well be that of its only one. */
static const char *
choose_unlisted (AssayConnection *connection,
                 const char *model)
{
  g_autoptr (AssayProfile) profile = assay_connection_dup_profile (connection);

  if (assay_connection_can_list (connection)
      || !assay_connection_get_protocol (connection)->no_version)
    return NULL;
  if (model == NULL && !names_model (profile->url) && !names_model (profile->template))
    return "";
  return model;
}

static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Search *search = g_task_get_task_data (task);
  g_autoptr (GPtrArray) versions = NULL;
  GError *error = NULL;
  const char *model, *version;

  versions = assay_cli_list_finish (result, &error);
  if (versions == NULL && can_do_without (search, error))
    {
      g_error_free (error);
      g_task_return_pointer (task, new_target (search->client, search->model, search->version),
                             (GDestroyNotify) assay_target_unref);
      return;
    }
  if (versions == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  model = search->model != NULL ? search->model : find_only_model (versions, &error);
  version = search->version;
  if (model != NULL && version == NULL)
    version = find_newest_version (versions, model, &error);
  if (model == NULL || version == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, new_target (search->client, model, version),
                           (GDestroyNotify) assay_target_unref);
}

/**
 * assay_cli_target_find_async:
 * @connect: opened
 * @model: (nullable): as typed; "" is the service's stock model
 * @version: (nullable): as typed
 *
 * Asks the service only for what wasn't typed: its only model, and the newest
 * version of it that can be called.
 */
void
assay_cli_target_find_async (AssayCliConnect *connect,
                             const char *model,
                             const char *version,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  AssayClient *client = assay_cli_connect_get_client (connect);
  const char *unlisted = choose_unlisted (assay_client_get_connection (client), model);
  Search *search;

  g_task_set_source_tag (task, assay_cli_target_find_async);
  if (unlisted != NULL)
    model = unlisted;
  if (model != NULL && (version != NULL || *model == '\0' || unlisted != NULL))
    {
      g_task_return_pointer (task, new_target (client, model, version),
                             (GDestroyNotify) assay_target_unref);
      return;
    }
  search = g_new0 (Search, 1);
  search->client = g_object_ref (client);
  search->model = g_strdup (model);
  search->version = g_strdup (version);
  g_task_set_task_data (task, search, search_free);
  assay_cli_list_async (connect, cancellable, listed_cb, g_steal_pointer (&task));
}

AssayTarget *
assay_cli_target_find_finish (GAsyncResult *result,
                              GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
