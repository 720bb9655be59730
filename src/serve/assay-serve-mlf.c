/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's side of the MLF contract (protocols.md, A1 to A6 and C4):
 *
 *   POST …/api/v2/image/classification[/models/M/versions/V]   and at the root
 *   GET  …/api/v2/image/retraining/models[/M/versions] and /deployments
 *
 * A classification takes one or several pictures, or one archive of pictures, in
 * parts named “files”, each with a file name, and answers with one distribution
 * for each picture, under its name; for an archive under its members' names, in
 * their order.  One picture that is refused refuses the request. */

#include "config.h"

#include "assay-answer.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-protocol-mlf.h"
#include "assay-serve-form.h"
#include "assay-serve-mlf.h"
#include "assay-serve-request.h"
#include "assay-server.h"
#include "assay-unpack.h"

#define ONE_ARCHIVE \
  "Invalid request: Must be either one archive file containing image files, or one or several " \
  "image files"

#define NAME_CHARS 80  /* of a file name in an error */

#define NO_FILES \
  "Invalid request: This service requires at least 1 file. " \
  "Please put your file(s) into the `files` field of the POST request"

/* A classification under way. */
typedef struct {
  AssayServer *server;
  AssayServeRequest *request;
  GPtrArray *pictures;  /* (element-type GBytes) */
  GPtrArray *names;     /* (element-type utf8): in the same order */
} Classify;

static void
classify_free (Classify *self)
{
  g_object_unref (self->request);
  g_object_unref (self->server);
  g_ptr_array_unref (self->pictures);
  g_ptr_array_unref (self->names);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Classify, classify_free)

static void
refuse_form (AssayServeRequest *request,
             const GError *error)
{
  g_autofree char *message = NULL;

  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    message = g_strdup (NO_FILES);
  else
    message = g_strconcat ("Invalid request: ", error->message, NULL);
  assay_serve_request_refuse (request, SOUP_STATUS_BAD_REQUEST, message);
}

/* Parts that are no files, or go by another name, are left alone: the contract
 * has no other part, and its clients send some. */
static void
take_files (Classify *self,
            GPtrArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const AssayFormPart *part = g_ptr_array_index (parts, i);

      if (g_strcmp0 (part->name, "files") != 0 || part->filename == NULL)
        continue;
      g_ptr_array_add (self->pictures, g_bytes_ref (part->bytes));
      g_ptr_array_add (self->names, g_strdup (part->filename));
    }
}

static void
refuse_picture (Classify *self,
                guint index,
                const GError *error)
{
  g_autofree char *name = NULL;
  g_autofree char *message = NULL;

  /* An archive that breaks has no member that is to blame. */
  if (index < self->names->len)
    name = assay_display_text (g_ptr_array_index (self->names, index), -1, NAME_CHARS);
  else
    name = g_strdup ("archive");
  switch (error->code)
    {
    case ASSAY_ERROR_NOT_AN_IMAGE:
      message = g_strdup ("Error when uploading files:: Invalid file type");
      break;
    case ASSAY_ERROR_UNSUPPORTED:
      message = g_strdup ("Error when uploading files:: Invalid file type");
      break;
    case ASSAY_ERROR_REFUSED:
      message = g_strdup (error->message);
      break;
    case ASSAY_ERROR_DAMAGED:
    case ASSAY_ERROR_TOO_LARGE:
      message = g_strdup_printf ("Error when uploading files:: %s: %s", name, error->message);
      break;
    default:
      g_message ("a picture could not be classified: %s", error->message);
      assay_serve_request_refuse (self->request, SOUP_STATUS_INTERNAL_SERVER_ERROR,
                                  "Internal error: The model failed");
      return;
    }
  assay_serve_request_refuse (self->request, SOUP_STATUS_BAD_REQUEST, message);
}

static void
answer (Classify *self,
        GPtrArray *outcomes)
{
  g_autofree AssayMlfResult *results = g_new0 (AssayMlfResult, outcomes->len);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *json = NULL;

  for (guint i = 0; i < outcomes->len; i++)
    {
      results[i].name = g_ptr_array_index (self->names, i);
      results[i].prediction = assay_outcome_get_prediction (g_ptr_array_index (outcomes, i));
    }
  json = assay_mlf_format_answer (id, results, outcomes->len, g_get_real_time ());
  assay_serve_request_answer (self->request, SOUP_STATUS_OK, json);
}

static void
take_outcomes (Classify *self,
               GPtrArray *outcomes)
{
  const GError *error;

  if (outcomes == NULL || outcomes->len == 0)
    return;
  error = assay_outcome_get_error (g_ptr_array_index (outcomes, outcomes->len - 1));
  if (error != NULL)
    refuse_picture (self, outcomes->len - 1, error);
  else
    answer (self, outcomes);
}

static void
classified_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  g_autoptr (Classify) self = data;
  g_autoptr (GPtrArray) outcomes = NULL;

  outcomes = assay_workers_classify_finish (ASSAY_WORKERS (source), result, NULL);
  take_outcomes (self, outcomes);
}

/* From now on the names are those of the members. */
static void
archive_classified_cb (GObject *source,
                       GAsyncResult *result,
                       gpointer data)
{
  g_autoptr (Classify) self = data;
  g_autoptr (GPtrArray) outcomes = NULL;
  GPtrArray *names = NULL;

  outcomes = assay_workers_classify_archive_finish (ASSAY_WORKERS (source), result, &names, NULL);
  g_ptr_array_unref (self->names);
  self->names = names;
  take_outcomes (self, outcomes);
}

static gboolean
is_archive (Classify *self)
{
  return self->pictures->len == 1 && assay_unpack_is_archive (self->pictures->pdata[0]);
}

static gboolean
has_archive_among_others (Classify *self)
{
  for (guint i = 0; self->pictures->len > 1 && i < self->pictures->len; i++)
    if (assay_unpack_is_archive (self->pictures->pdata[i]))
      return TRUE;
  return FALSE;
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (Classify) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayServable) servable = NULL;
  AssayWorkers *workers = assay_server_get_workers (self->server);
  GCancellable *cancellable = assay_serve_request_get_cancellable (self->request);
  GPtrArray *pictures = self->pictures;
  const char *name = self->names->pdata[0];

  servable = assay_model_store_find_finish (ASSAY_MODEL_STORE (source), result, &error);
  if (servable != NULL && is_archive (self))
    {
      assay_workers_classify_archive_async (workers, servable, pictures->pdata[0], name,
                                            cancellable, archive_classified_cb,
                                            g_steal_pointer (&self));
      return;
    }
  if (servable != NULL)
    {
      assay_workers_classify_async (workers, servable, pictures, cancellable,
                                    classified_cb, g_steal_pointer (&self));
      return;
    }
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    assay_serve_request_refuse (self->request, SOUP_STATUS_NOT_FOUND, error->message);
  else
    {
      assay_serve_request_add_header (self->request, "Retry-After", "5");
      assay_serve_request_refuse (self->request, SOUP_STATUS_SERVICE_UNAVAILABLE, error->message);
    }
}

static void
handle_classify (AssayServer *server,
                 AssayServeRequest *request)
{
  g_autoptr (Classify) self = NULL;
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (GError) error = NULL;

  parts = assay_form_parse_multipart (assay_serve_request_get_header (request, "Content-Type"),
                                      assay_serve_request_get_body (request), &error);
  if (parts == NULL)
    {
      refuse_form (request, error);
      return;
    }

  self = g_new0 (Classify, 1);
  self->server = g_object_ref (server);
  self->request = g_object_ref (request);
  self->pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->names = g_ptr_array_new_with_free_func (g_free);
  take_files (self, parts);
  if (self->pictures->len == 0)
    {
      assay_serve_request_refuse (request, SOUP_STATUS_BAD_REQUEST, NO_FILES);
      return;
    }
  if (has_archive_among_others (self))
    {
      assay_serve_request_refuse (request, SOUP_STATUS_BAD_REQUEST, ONE_ARCHIVE);
      return;
    }

  assay_serve_request_wait (request);
  assay_model_store_find_async (assay_server_get_store (server),
                                assay_serve_request_get_capture (request, 0),
                                assay_serve_request_get_capture (request, 1),
                                assay_serve_request_get_cancellable (request),
                                found_cb, g_steal_pointer (&self));
}

static void
handle_models (AssayServer *server,
               AssayServeRequest *request)
{
  g_autoptr (GPtrArray) versions = NULL;
  g_autofree char *json = NULL;

  versions = assay_model_store_dup_versions (assay_server_get_store (server), NULL);
  json = assay_mlf_format_models ((AssayModelVersion *const *) versions->pdata, versions->len,
                                  NULL);
  assay_serve_request_answer (request, SOUP_STATUS_OK, json);
}

static void
handle_versions (AssayServer *server,
                 AssayServeRequest *request)
{
  const char *model = assay_serve_request_get_capture (request, 0);
  g_autoptr (GPtrArray) versions = NULL;
  g_autofree char *json = NULL;

  versions = assay_model_store_dup_versions (assay_server_get_store (server), model);
  if (versions->len == 0)
    {
      assay_serve_request_refuse (request, SOUP_STATUS_NOT_FOUND, "Model name does not exist");
      return;
    }
  json = assay_mlf_format_models ((AssayModelVersion *const *) versions->pdata, versions->len,
                                  model);
  assay_serve_request_answer (request, SOUP_STATUS_OK, json);
}

static void
handle_deployments (AssayServer *server,
                    AssayServeRequest *request)
{
  g_autoptr (GPtrArray) versions = NULL;
  g_autofree char *json = NULL;

  versions = assay_model_store_dup_versions (assay_server_get_store (server), NULL);
  json = assay_mlf_format_deployments ((AssayModelVersion *const *) versions->pdata, versions->len);
  assay_serve_request_answer (request, SOUP_STATUS_OK, json);
}

#define CLASSIFY(pattern, flags) \
  { pattern, ASSAY_ROUTE_POST | (flags), ASSAY_LIMIT_REQUEST_BYTES, handle_classify }
#define LIST(pattern, handle) \
  { pattern, ASSAY_ROUTE_GET, ASSAY_LIMIT_SMALL_REQUEST_BYTES, handle }

static const AssayRoute routes[] = {
  CLASSIFY ("", 0),
  CLASSIFY ("models/*/versions/*", 0),
  CLASSIFY ("api/v2/image/classification", 0),
  CLASSIFY ("api/v2/image/classification/models/*/versions/*", 0),
  CLASSIFY ("ml/imageclassification/classification", ASSAY_ROUTE_NO_AUTH),
  LIST ("api/v2/image/retraining/models", handle_models),
  LIST ("api/v2/image/retraining/models/*/versions", handle_versions),
  LIST ("api/v2/image/retraining/deployments", handle_deployments),
};

/**
 * assay_serve_mlf_get_routes:
 * @n_routes: (out): their number
 *
 * Returns: (transfer none) (array length=n_routes): the contract's addresses
 */
const AssayRoute *
assay_serve_mlf_get_routes (guint *n_routes)
{
  g_return_val_if_fail (n_routes != NULL, NULL);

  *n_routes = G_N_ELEMENTS (routes);
  return routes;
}
