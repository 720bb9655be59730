/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-client.h"
#include "assay-error.h"
#include "assay-extra-header.h"
#include "assay-secret.h"

struct _AssayClient {
  GObject parent_instance;

  AssayConnection *connection;
  AssayCredentials *credentials;
  AssayTransport *transport;
};

G_DEFINE_FINAL_TYPE (AssayClient, assay_client, G_TYPE_OBJECT)

/* Both kinds of question take the same way: a header, one or more requests at
 * once, and once more with a new token if the answer is 401. */
typedef struct {
  AssayTarget *target;        /* when classifying */
  AssayPayload *payload;
  char **names;               /* (nullable): of its members, when it is an archive */
  AssayExchange exchange;

  char *header;               /* secret; of the requests under way */
  gboolean again;             /* a new token has been tried */
  GPtrArray *answers;         /* (element-type Answer) (nullable): of each request, in order */
  guint missing;              /* answers that have not come */
  GError *error;              /* of the first request that failed */
  GBytes *start;              /* (nullable): of an answer that broke off */

  /* When listing: written by network threads while requests are under way */
  GPtrArray *replies;         /* (element-type AssayReply) (nullable): in order */
  int unread;                 /* atomic: of them, those that have not come */
  GPtrArray *models;          /* made of them by whoever gets the last */
  GError *models_error;
} Question;

/* What came back on one request. */
typedef struct {
  guint status;
  AssayOutcome *outcome;      /* when classifying a picture */
  GPtrArray *outcomes;        /* (element-type AssayOutcome): when classifying an archive */
} Answer;

/* Which request of a question an answer is of. */
typedef struct {
  GTask *task;
  guint index;
} Place;

static void
answer_free (Answer *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->outcome, assay_outcome_unref);
  g_clear_pointer (&self->outcomes, g_ptr_array_unref);
  g_free (self);
}

static void
reply_clear (gpointer reply)
{
  if (reply != NULL)
    assay_reply_free (reply);
}

/* Forgets what an earlier round has brought. */
static void
question_clear_answers (Question *self)
{
  g_clear_pointer (&self->answers, g_ptr_array_unref);
  g_clear_pointer (&self->replies, g_ptr_array_unref);
  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_clear_error (&self->models_error);
}

static void
question_free (Question *self)
{
  question_clear_answers (self);
  g_clear_pointer (&self->target, assay_target_unref);
  g_clear_pointer (&self->payload, assay_payload_unref);
  g_strfreev (self->names);
  g_clear_error (&self->error);
  g_clear_pointer (&self->start, g_bytes_unref);
  assay_secret_free (self->header);
  g_free (self);
}

static void
assay_client_finalize (GObject *object)
{
  AssayClient *self = ASSAY_CLIENT (object);

  g_clear_object (&self->connection);
  g_clear_object (&self->credentials);
  g_clear_object (&self->transport);

  G_OBJECT_CLASS (assay_client_parent_class)->finalize (object);
}

static void
assay_client_class_init (AssayClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_client_finalize;
}

static void
assay_client_init (AssayClient *self)
{
}

/**
 * assay_client_new:
 * @connection: (transfer none): whom to ask
 * @credentials: (transfer none): how to sign in there
 * @transport: (transfer none): what carries the requests; from now on it accepts
 *   the certificate that was accepted for @connection
 *
 * Returns: (transfer full): a client
 */
AssayClient *
assay_client_new (AssayConnection *connection,
                  AssayCredentials *credentials,
                  AssayTransport *transport)
{
  AssayClient *self;

  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (ASSAY_IS_CREDENTIALS (credentials), NULL);
  g_return_val_if_fail (ASSAY_IS_TRANSPORT (transport), NULL);

  self = g_object_new (ASSAY_TYPE_CLIENT, NULL);
  self->connection = g_object_ref (connection);
  self->credentials = g_object_ref (credentials);
  self->transport = g_object_ref (transport);
  assay_transport_set_fingerprint (transport, assay_connection_get_fingerprint (connection));
  return self;
}

/**
 * assay_client_get_connection:
 *
 * Returns: (transfer none): the connection
 */
AssayConnection *
assay_client_get_connection (AssayClient *self)
{
  g_return_val_if_fail (ASSAY_IS_CLIENT (self), NULL);

  return self->connection;
}

/**
 * assay_client_get_credentials:
 *
 * Returns: (transfer none): the credentials
 */
AssayCredentials *
assay_client_get_credentials (AssayClient *self)
{
  g_return_val_if_fail (ASSAY_IS_CLIENT (self), NULL);

  return self->credentials;
}

/**
 * assay_client_get_transport:
 *
 * Returns: (transfer none): what carries the requests
 */
AssayTransport *
assay_client_get_transport (AssayClient *self)
{
  g_return_val_if_fail (ASSAY_IS_CLIENT (self), NULL);

  return self->transport;
}

static AssayAddresses
get_addresses (AssayClient *self)
{
  const char *models_url = assay_connection_get_models_url (self->connection);

  return (AssayAddresses) {
    .url = assay_connection_get_url (self->connection),
    .models_url = *models_url != '\0' ? models_url : NULL,
  };
}

/* An error of the request is one of every member. */
static GPtrArray *
repeat_error (char **names,
              const GError *error,
              GBytes *start)
{
  GPtrArray *outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_outcome_unref);

  for (guint i = 0; names[i] != NULL; i++)
    g_ptr_array_add (outcomes, assay_outcome_new_error (error, start));
  return outcomes;
}

/* Everything but being canceled is an outcome when classifying, and an error
 * when listing. */
static void
return_error (GTask *task,
              GError *error)
{
  Question *question = g_task_get_task_data (task);

  if (question->payload == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  if (question->names != NULL)
    g_task_return_pointer (task, repeat_error (question->names, error, question->start),
                           (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_pointer (task, assay_outcome_new_error (error, question->start),
                           (GDestroyNotify) assay_outcome_unref);
  g_error_free (error);
}

static void get_header (GTask *task);

static gboolean
is_unauthorized (Question *question)
{
  for (guint i = 0; i < question->answers->len; i++)
    if (((Answer *) question->answers->pdata[i])->status == 401)
      return TRUE;
  return FALSE;
}

/* All requests have been answered, or one has failed. */
static void
conclude (GTask *task)
{
  AssayClient *self = g_task_get_source_object (task);
  Question *question = g_task_get_task_data (task);

  if (question->error != NULL)
    return_error (task, g_steal_pointer (&question->error));
  else if (!question->again && is_unauthorized (question)
           && assay_connection_get_auth (self->connection) == ASSAY_AUTH_OAUTH)
    {
      question->again = TRUE;
      /* Should there be no new token, that was no answer to the request. */
      question->exchange = (AssayExchange) { 0 };
      assay_credentials_reject (self->credentials, question->header);
      get_header (task);
    }
  else if (question->names != NULL)
    {
      Answer *answer = question->answers->pdata[0];

      g_task_return_pointer (task, g_steal_pointer (&answer->outcomes),
                             (GDestroyNotify) g_ptr_array_unref);
    }
  else if (question->payload != NULL)
    {
      Answer *answer = question->answers->pdata[0];

      g_task_return_pointer (task, g_steal_pointer (&answer->outcome),
                             (GDestroyNotify) assay_outcome_unref);
    }
  else if (question->models != NULL)
    g_task_return_pointer (task, g_steal_pointer (&question->models),
                           (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&question->models_error));
}

static void
sent_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autofree Place *place = user_data;
  g_autoptr(GTask) task = place->task;
  Question *question = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  question->answers->pdata[place->index] = assay_transport_send_finish (
      ASSAY_TRANSPORT (source), result, &question->exchange, &error);
  if (error != NULL && question->error == NULL)
    {
      GBytes *start = assay_transport_get_start (ASSAY_TRANSPORT (source), result);

      question->start = start != NULL ? g_bytes_ref (start) : NULL;
      question->error = g_steal_pointer (&error);
    }
  if (--question->missing == 0)
    conclude (task);
}

/* On a network thread. */
static gpointer
read_classify (const AssayReply *reply,
               gpointer data)
{
  Place *place = data;
  AssayClient *self = g_task_get_source_object (place->task);
  Question *question = g_task_get_task_data (place->task);
  Answer *answer = g_new0 (Answer, 1);
  g_autoptr(GPtrArray) outcomes = NULL;

  outcomes = assay_connection_get_protocol (self->connection)
                 ->read_classify (reply, &question->payload, 1);
  answer->status = reply->status;
  answer->outcome = assay_outcome_ref (outcomes->pdata[0]);
  return answer;
}

/* On a network thread. */
static gpointer
read_archive (const AssayReply *reply,
              gpointer data)
{
  Place *place = data;
  AssayClient *self = g_task_get_source_object (place->task);
  Question *question = g_task_get_task_data (place->task);
  Answer *answer = g_new0 (Answer, 1);

  answer->status = reply->status;
  answer->outcomes = assay_connection_get_protocol (self->connection)
                         ->read_archive (reply, (const char *const *) question->names,
                                         g_strv_length (question->names));
  return answer;
}

/* On a network thread.  A listing is read when its last reply is here, on the
 * thread that got it. */
static gpointer
read_list (const AssayReply *reply,
           gpointer data)
{
  Place *place = data;
  AssayClient *self = g_task_get_source_object (place->task);
  Question *question = g_task_get_task_data (place->task);
  Answer *answer = g_new0 (Answer, 1);

  answer->status = reply->status;
  question->replies->pdata[place->index] = assay_reply_new (
      reply->status, reply->reason, reply->content_type, reply->retry_after, reply->body);
  if (g_atomic_int_dec_and_test (&question->unread))
    question->models = assay_connection_get_protocol (self->connection)
                           ->read_list ((AssayReply *const *) question->replies->pdata,
                                        question->replies->len, &question->models_error);
  return answer;
}

/* Returns (element-type AssayRequest) without a free function. */
static GPtrArray *
make_requests (AssayClient *self,
               Question *question,
               GError **error)
{
  const AssayProtocol *protocol = assay_connection_get_protocol (self->connection);
  AssayAddresses addresses = get_addresses (self);
  GPtrArray *requests;
  AssayRequest *request;

  if (question->payload == NULL)
    {
      requests = protocol->list (&addresses, error);
      if (requests != NULL)
        g_ptr_array_set_free_func (requests, NULL);
      return requests;
    }
  request = protocol->classify (&addresses, assay_target_get_model (question->target),
                                assay_target_get_version (question->target), &question->payload, 1,
                                error);
  if (request == NULL)
    return NULL;
  requests = g_ptr_array_new ();
  g_ptr_array_add (requests, request);
  return requests;
}

/* The extra headers, and where the secret goes. */
static void
dress_request (AssayClient *self,
               AssayRequest *request)
{
  const char *const *headers = assay_connection_get_headers (self->connection);

  for (guint i = 0; headers[i] != NULL; i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      if (assay_extra_header_split (headers[i], &name, &value, NULL))
        assay_request_set_header (request, name, value);
    }
  if (assay_connection_get_auth (self->connection) == ASSAY_AUTH_API_KEY)
    request->secret_header = g_strdup (assay_connection_get_api_key_header (self->connection));
}

static AssayTransportRead
choose_reader (const Question *question)
{
  if (question->payload == NULL)
    return read_list;
  return question->names != NULL ? read_archive : read_classify;
}

static void
send_requests (GTask *task)
{
  AssayClient *self = g_task_get_source_object (task);
  Question *question = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GPtrArray) requests = make_requests (self, question, &error);

  if (requests == NULL)
    {
      return_error (task, error);
      return;
    }
  question_clear_answers (question);
  question->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) answer_free);
  g_ptr_array_set_size (question->answers, requests->len);
  question->replies = g_ptr_array_new_with_free_func (reply_clear);
  g_ptr_array_set_size (question->replies, requests->len);
  question->missing = question->unread = requests->len;
  for (guint i = 0; i < requests->len; i++)
    {
      Place *place = g_new0 (Place, 1);

      place->task = g_object_ref (task);
      place->index = i;
      dress_request (self, requests->pdata[i]);
      assay_transport_send_async (self->transport, requests->pdata[i], question->header,
                                  choose_reader (question), place, NULL,
                                  (GDestroyNotify) answer_free,
                                  g_task_get_cancellable (task), sent_cb, place);
    }
}

static void
header_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Question *question = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_pointer (&question->header, assay_secret_free);
  if (assay_credentials_get_header_finish (ASSAY_CREDENTIALS (source), result, &question->header,
                                           &error))
    send_requests (task);
  else
    return_error (task, error);
}

static void
get_header (GTask *task)
{
  AssayClient *self = g_task_get_source_object (task);

  assay_credentials_get_header_async (self->credentials, g_task_get_cancellable (task), header_cb,
                                      g_object_ref (task));
}

/**
 * assay_client_classify_async:
 * @target: (transfer none): which model and version
 * @payload: (transfer none): the picture
 * @cancellable: (nullable): takes effect at once
 *
 * Asks about one picture.  A 401 is answered with one new token, where the
 * connection signs in by itself.
 */
void
assay_client_classify_async (AssayClient *self,
                             AssayTarget *target,
                             AssayPayload *payload,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autoptr(GTask) task = NULL;
  Question *question;

  g_return_if_fail (ASSAY_IS_CLIENT (self));
  g_return_if_fail (target != NULL);
  g_return_if_fail (payload != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_client_classify_async);
  question = g_new0 (Question, 1);
  question->target = assay_target_ref (target);
  question->payload = assay_payload_ref (payload);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  get_header (task);
}

/**
 * assay_client_classify_finish:
 * @exchange: (out) (optional): what the last request took; zeros when none was sent
 * @error: %G_IO_ERROR_CANCELLED and nothing else
 *
 * Returns: (transfer full) (nullable): always an outcome, %NULL only when canceled
 */
AssayOutcome *
assay_client_classify_finish (AssayClient *self,
                              GAsyncResult *result,
                              AssayExchange *exchange,
                              GError **error)
{
  g_return_val_if_fail (ASSAY_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (exchange != NULL)
    *exchange = ((Question *) g_task_get_task_data (G_TASK (result)))->exchange;
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * assay_client_classify_archive_async:
 * @target: (transfer none): which model and version
 * @archive: (transfer none): an archive of pictures, as the protocol takes them
 * @names: (array zero-terminated=1): of its members, in order
 * @cancellable: (nullable): takes effect at once
 *
 * Asks about all pictures of an archive in one request.  Where the protocol takes
 * no archives nothing is sent, and each outcome says so.
 */
void
assay_client_classify_archive_async (AssayClient *self,
                                     AssayTarget *target,
                                     AssayPayload *archive,
                                     const char *const *names,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer data)
{
  g_autoptr(GTask) task = NULL;
  Question *question;

  g_return_if_fail (ASSAY_IS_CLIENT (self));
  g_return_if_fail (target != NULL);
  g_return_if_fail (archive != NULL);
  g_return_if_fail (names != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_client_classify_archive_async);
  question = g_new0 (Question, 1);
  question->target = assay_target_ref (target);
  question->payload = assay_payload_ref (archive);
  question->names = g_strdupv ((char **) names);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  if (assay_connection_get_protocol (self->connection)->read_archive != NULL)
    get_header (task);
  else
    return_error (task, g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                                             _("This service takes no archives. Open the archive "
                                               "instead.")));
}

/**
 * assay_client_classify_archive_finish:
 * @exchange: (out) (optional): what the last request took; zeros when none was sent
 * @error: %G_IO_ERROR_CANCELLED and nothing else
 *
 * Returns: (transfer full) (element-type AssayOutcome) (nullable): one for each
 *   name in order, %NULL only when canceled
 */
GPtrArray *
assay_client_classify_archive_finish (AssayClient *self,
                                      GAsyncResult *result,
                                      AssayExchange *exchange,
                                      GError **error)
{
  g_return_val_if_fail (ASSAY_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (exchange != NULL)
    *exchange = ((Question *) g_task_get_task_data (G_TASK (result)))->exchange;
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * assay_client_list_async:
 * @cancellable: (nullable): takes effect at once
 *
 * Asks for the models of the service, their versions and states.
 */
void
assay_client_list_async (AssayClient *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  AssayAddresses addresses;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (ASSAY_IS_CLIENT (self));

  addresses = get_addresses (self);
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_client_list_async);
  g_task_set_task_data (task, g_new0 (Question, 1), (GDestroyNotify) question_free);
  if (assay_connection_get_protocol (self->connection)->can_list (&addresses))
    get_header (task);
  else
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                             _("This connection has no address at which models are listed. Type "
                               "model and version, or add that address."));
}

/**
 * assay_client_list_finish:
 * @error: an #AssayError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type AssayModelVersion) (nullable): the
 *   versions, newest first, also those that can't be called
 */
GPtrArray *
assay_client_list_finish (AssayClient *self,
                          GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (ASSAY_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
