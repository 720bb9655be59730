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
  GHashTable *known;          /* (element-type utf8 Known), by dup_key() */
  AssayPixelMaker pixels;     /* (nullable) */
};

G_DEFINE_FINAL_TYPE (AssayClient, assay_client, G_TYPE_OBJECT)

/* What is known of a model. Invariant: somebody waits exactly while info is %NULL. */
typedef struct {
  AssayModelInfo *info;       /* (nullable): while the service is being asked */
  GPtrArray *waiting;         /* (element-type GTask): questions that need it */
} Known;

/* All kinds of question take the same way: a header, one or more requests at
 * once, and once more with a new token if the answer is 401. */
typedef struct {
  AssayTarget *target;        /* (nullable): unless listing */
  GPtrArray *payloads;        /* (nullable) (element-type AssayPayload): when classifying */
  char **names;               /* (nullable): of its members, when the one is an archive */
  AssayExchange exchange;
  const AssayProtocol *protocol; /* as the connection was when it was asked */
  AssayProfile *profile;      /* likewise */
  AssayModelInfo *info;       /* (nullable): when classifying, where the protocol describes */
  GSource *canceled;          /* (nullable): while it waits for @info */

  char *header;               /* secret; of the requests under way */
  gboolean again;             /* a new token has been tried */
  GPtrArray *answers;         /* (element-type Answer) (nullable): of each request, in order */
  guint missing;              /* answers that have not come */
  GError *error;              /* of the first request that failed */
  GBytes *start;              /* (nullable): of an answer that broke off */

  const AssayProtocol *probed; /* (nullable): whether this one is spoken is asked */

  /* Unless classifying: written by network threads while requests are under way */
  GPtrArray *replies;         /* (element-type AssayReply) (nullable): in order */
  int unread;                 /* atomic: of them, those that have not come */
  GPtrArray *models;          /* made of them by whoever gets the last */
  AssayModelInfo *description; /* likewise */
  AssayDiscovered *discovered; /* likewise */
  GError *read_error;
} Question;

/* What came back on one request. */
typedef struct {
  guint status;
  GPtrArray *outcomes;        /* (nullable) (element-type AssayOutcome): when classifying */
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
  g_clear_pointer (&self->description, assay_model_info_unref);
  g_clear_pointer (&self->discovered, assay_discovered_free);
  g_clear_error (&self->read_error);
}

static void
question_stop_waiting (Question *self)
{
  if (self->canceled != NULL)
    g_source_destroy (self->canceled);
  g_clear_pointer (&self->canceled, g_source_unref);
}

static void
question_free (Question *self)
{
  question_clear_answers (self);
  question_stop_waiting (self);
  g_clear_pointer (&self->target, assay_target_unref);
  g_clear_pointer (&self->payloads, g_ptr_array_unref);
  g_clear_pointer (&self->profile, assay_profile_unref);
  g_clear_pointer (&self->info, assay_model_info_unref);
  g_strfreev (self->names);
  g_clear_error (&self->error);
  g_clear_pointer (&self->start, g_bytes_unref);
  assay_secret_free (self->header);
  g_free (self);
}

static void
known_free (gpointer data)
{
  Known *self = data;

  g_clear_pointer (&self->info, assay_model_info_unref);
  g_ptr_array_unref (self->waiting);
  g_free (self);
}

static void
assay_client_finalize (GObject *object)
{
  AssayClient *self = ASSAY_CLIENT (object);

  g_hash_table_unref (self->known);
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
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
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

/**
 * assay_client_set_pixels:
 * @pixels: makes tensors of pictures, for models that take no files
 */
void
assay_client_set_pixels (AssayClient *self,
                         AssayPixelMaker pixels)
{
  g_return_if_fail (ASSAY_IS_CLIENT (self));

  self->pixels = pixels;
}

static const AssayProtocol *
get_protocol (AssayClient *self)
{
  return assay_connection_get_protocol (self->connection);
}

static guint
count_outcomes (const Question *question)
{
  return question->names != NULL ? g_strv_length (question->names) : question->payloads->len;
}

/* An error of the request is one of every picture and member. */
static GPtrArray *
repeat_error (guint n,
              const GError *error,
              GBytes *start)
{
  GPtrArray *outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_outcome_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (outcomes, assay_outcome_new_error (error, start));
  return outcomes;
}

/* Everything but being canceled is an outcome when classifying, and an error
 * when listing or describing. */
static void
return_error (GTask *task,
              GError *error)
{
  Question *question = g_task_get_task_data (task);

  if (question->payloads == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_return_pointer (task, repeat_error (count_outcomes (question), error, question->start),
                         (GDestroyNotify) g_ptr_array_unref);
  g_error_free (error);
}

static void get_header (GTask *task);
static gboolean ensure_described (GTask *task);
static void send_requests (GTask *task);
static void forget_description (AssayClient *self, const Question *question);

static gboolean
is_unauthorized (Question *question)
{
  for (guint i = 0; i < question->answers->len; i++)
    if (((Answer *) question->answers->pdata[i])->status == 401)
      return TRUE;
  return FALSE;
}

/* The model may be another one than it was when it was described.  Of a service that is
 * busy, or wants another sign-in, that says nothing, and asking once more would add to its
 * work. */
static gboolean
denies_description (const Question *question)
{
  const Answer *answer = question->answers->pdata[0];

  if (question->info == NULL)
    return FALSE;
  switch (answer->status)
    {
    case 400:
    case 404:
    case 405:
    case 409:
    case 410:
    case 415:
    case 422:
      return TRUE;
    default:
      return FALSE;
    }
}

/* All requests have been answered, or one has failed. */
static void
conclude (GTask *task)
{
  AssayClient *self = g_task_get_source_object (task);
  Question *question = g_task_get_task_data (task);

  if (question->error == NULL && denies_description (question))
    forget_description (self, question);
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
  else if (question->payloads != NULL)
    {
      Answer *answer = question->answers->pdata[0];

      g_task_return_pointer (task, g_steal_pointer (&answer->outcomes),
                             (GDestroyNotify) g_ptr_array_unref);
    }
  else if (question->models != NULL)
    g_task_return_pointer (task, g_steal_pointer (&question->models),
                           (GDestroyNotify) g_ptr_array_unref);
  else if (question->probed != NULL)
    g_task_return_pointer (task, g_steal_pointer (&question->discovered),
                           (GDestroyNotify) assay_discovered_free);
  else if (question->description != NULL)
    g_task_return_pointer (task, g_steal_pointer (&question->description),
                           (GDestroyNotify) assay_model_info_unref);
  else
    g_task_return_error (task, g_steal_pointer (&question->read_error));
}

/* Of several answers the first says whether there is what was asked for, and any of them
 * whether it is worth asking again. */
static gboolean
counts (const Question *question,
        guint index,
        const AssayExchange *exchange)
{
  return assay_status_is_passing (exchange->status)
         || (index == 0 && !assay_status_is_passing (question->exchange.status));
}

static void
sent_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autofree Place *place = user_data;
  g_autoptr(GTask) task = place->task;
  Question *question = g_task_get_task_data (task);
  AssayExchange exchange = { 0 };
  g_autoptr(GError) error = NULL;

  question->answers->pdata[place->index] = assay_transport_send_finish (
      ASSAY_TRANSPORT (source), result, &exchange, &error);
  /* Of what is asked besides, an answer that broke off is none: its status, often a 404 that
   * is no fault, would say that asking again is in vain. */
  if (error != NULL && place->index > 0)
    exchange.status = 0;
  if (question->error == NULL && (error != NULL || counts (question, place->index, &exchange)))
    question->exchange = exchange;
  if (error != NULL && question->error == NULL)
    {
      GBytes *start = assay_transport_get_start (ASSAY_TRANSPORT (source), result);

      question->start = start != NULL ? g_bytes_ref (start) : NULL;
      question->error = g_steal_pointer (&error);
    }
  if (--question->missing == 0)
    conclude (task);
}

static AssayQuery
make_query (AssayClient *self,
            Question *question)
{
  return (AssayQuery) {
    .profile = question->profile,
    .info = question->info,
    .model = assay_target_get_model (question->target),
    .version = assay_target_get_version (question->target),
    .payloads = (AssayPayload *const *) question->payloads->pdata,
    .n_payloads = question->payloads->len,
    .pixels = self->pixels,
  };
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
  const AssayQuery query = make_query (self, question);

  answer->status = reply->status;
  answer->outcomes = question->protocol->read_classify (&query, reply);
  return answer;
}

/* On a network thread. */
static gpointer
read_archive (const AssayReply *reply,
              gpointer data)
{
  Place *place = data;
  Question *question = g_task_get_task_data (place->task);
  Answer *answer = g_new0 (Answer, 1);

  answer->status = reply->status;
  answer->outcomes = question->protocol->read_archive (reply,
                                                       (const char *const *) question->names,
                                                       g_strv_length (question->names));
  return answer;
}

/* A listing or a description, all of which is here. */
static void
read_all (Question *question)
{
  const AssayProtocol *protocol = question->protocol;
  AssayReply *const *replies = (AssayReply *const *) question->replies->pdata;
  guint n = question->replies->len;

  if (question->probed != NULL)
    question->discovered = question->probed->read_probe (question->profile, replies, n);
  else if (question->target != NULL)
    question->description = protocol->read_describe (question->profile, replies, n,
                                                     &question->read_error);
  else
    question->models = protocol->read_list (question->profile, replies, n, &question->read_error);
}

/* On a network thread.  What takes several replies is read when the last one is here, on
 * the thread that got it. */
static gpointer
read_several (const AssayReply *reply,
              gpointer data)
{
  Place *place = data;
  Question *question = g_task_get_task_data (place->task);
  Answer *answer = g_new0 (Answer, 1);

  answer->status = reply->status;
  question->replies->pdata[place->index] = assay_reply_new (
      reply->status, reply->reason, reply->content_type, reply->retry_after, reply->body);
  if (g_atomic_int_dec_and_test (&question->unread))
    read_all (question);
  return answer;
}

static AssayRequest *
make_classify (AssayClient *self,
               Question *question,
               GError **error)
{
  const AssayQuery query = make_query (self, question);

  return question->protocol->classify (&query, error);
}

/* Returns (element-type AssayRequest) without a free function. */
static GPtrArray *
make_requests (AssayClient *self,
               Question *question,
               GError **error)
{
  const AssayProtocol *protocol = question->protocol;
  GPtrArray *requests;

  if (question->payloads != NULL)
    {
      AssayRequest *request = make_classify (self, question, error);

      requests = request != NULL ? g_ptr_array_new () : NULL;
      if (request != NULL)
        g_ptr_array_add (requests, request);
      return requests;
    }
  if (question->probed != NULL)
    requests = question->probed->probe (question->profile);
  else
    requests = question->target != NULL
               ? protocol->describe (question->profile, assay_target_get_model (question->target),
                                     assay_target_get_version (question->target), error)
               : protocol->list (question->profile, error);
  if (requests != NULL)
    g_ptr_array_set_free_func (requests, NULL);
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
  if (question->payloads == NULL)
    return read_several;
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
  if (requests->len == 0)
    {
      g_task_return_pointer (task, NULL, NULL);
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

/* ---- what has to be known of a model ---- */

/* Of the model as it is asked now: a person may change the connection's address, and what
 * follows from a description: the input that is used, and whether labels are wanted. */
static char *
dup_key (const AssayProtocol *protocol,
         AssayTarget *target,
         const AssayProfile *profile)
{
  const char *model = assay_target_get_model (target);
  const char *version = assay_target_get_version (target);

  return g_strdup_printf ("%s\n%s\n%s\n%s\n%s\n%s", protocol->id,
                          profile->url != NULL ? profile->url : "",
                          model != NULL ? model : "", version != NULL ? version : "",
                          profile->body != NULL ? profile->body : "",
                          profile->labels != NULL ? "labels" : "");
}

static void
forget_description (AssayClient *self,
                    const Question *question)
{
  g_autofree char *key = dup_key (question->protocol, question->target, question->profile);
  Known *known = g_hash_table_lookup (self->known, key);

  if (known != NULL && known->info != NULL)
    g_hash_table_remove (self->known, key);
}

/* One question goes on with what is known of its model. */
static void
go_on (GTask *task,
       AssayModelInfo *info)
{
  Question *question = g_task_get_task_data (task);

  question_stop_waiting (question);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (info != NULL)
    question->info = assay_model_info_ref (info);
  if (info != NULL || ensure_described (task))
    send_requests (task);
}

/* Those that waited go on.  Where nothing was learned the first of them has failed, as any
 * request fails by itself; the next asks again, for itself and the rest. */
static void
described_cb (GObject *source,
              GAsyncResult *result,
              gpointer data)
{
  AssayClient *self = ASSAY_CLIENT (source);
  g_autofree char *key = data;
  g_autoptr (GError) error = NULL;
  Question *asked = g_task_get_task_data (G_TASK (result));
  g_autoptr (AssayModelInfo) info = g_task_propagate_pointer (G_TASK (result), &error);
  Known *known = g_hash_table_lookup (self->known, key);
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&known->waiting);

  known->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  if (info != NULL)
    known->info = assay_model_info_ref (info);
  else
    g_hash_table_remove (self->known, key);
  for (guint i = 0; i < waiting->len; i++)
    {
      GTask *task = waiting->pdata[i];
      Question *question = g_task_get_task_data (task);

      if (i > 0 || info != NULL)
        {
          go_on (task, info);
          continue;
        }
      question_stop_waiting (question);
      question->exchange = asked->exchange;
      return_error (task, g_error_copy (error));
    }
}

/* Does not wait for what others wait for. */
static gboolean
canceled_cb (GCancellable *cancellable,
             gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  AssayClient *self = g_task_get_source_object (task);
  Question *question = g_task_get_task_data (task);
  g_autofree char *key = dup_key (question->protocol, question->target, question->profile);
  Known *known = g_hash_table_lookup (self->known, key);

  question_stop_waiting (question);
  if (known != NULL && g_ptr_array_remove (known->waiting, task))
    g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
wait_for_description (GTask *task,
                      Known *known)
{
  Question *question = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_ptr_array_add (known->waiting, g_object_ref (task));
  if (cancellable == NULL)
    return;
  question->canceled = g_cancellable_source_new (cancellable);
  g_source_set_callback (question->canceled, G_SOURCE_FUNC (canceled_cb), task, NULL);
  g_source_attach (question->canceled, g_task_get_context (task));
}

static GTask *
question_task_new (AssayClient *self,
                   gpointer tag,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer data,
                   Question **question)
{
  GTask *task = g_task_new (self, cancellable, callback, data);

  g_task_set_source_tag (task, tag);
  *question = g_new0 (Question, 1);
  (*question)->protocol = get_protocol (self);
  (*question)->profile = assay_connection_dup_profile (self->connection);
  g_task_set_task_data (task, *question, (GDestroyNotify) question_free);
  return task;
}

/* As the connection was when the question was asked, which is what the answer is kept for. */
static void
describe_for (const Question *asking,
              AssayClient *self,
              char *key)
{
  Question *question;
  g_autoptr (GTask) task = question_task_new (self, describe_for, NULL, described_cb, key,
                                              &question);

  question->protocol = asking->protocol;
  assay_profile_unref (question->profile);
  question->profile = assay_profile_ref (asking->profile);
  question->target = assay_target_ref (asking->target);
  get_header (task);
}

/* Whether a question can go on; else it does as soon as its model is known. */
static gboolean
ensure_described (GTask *task)
{
  AssayClient *self = g_task_get_source_object (task);
  Question *question = g_task_get_task_data (task);
  g_autofree char *key = NULL;
  Known *known;

  if (question->payloads == NULL || question->info != NULL
      || question->protocol->describe == NULL)
    return TRUE;
  key = dup_key (question->protocol, question->target, question->profile);
  known = g_hash_table_lookup (self->known, key);
  if (known != NULL && known->info != NULL)
    {
      question->info = assay_model_info_ref (known->info);
      return TRUE;
    }
  if (known == NULL)
    {
      known = g_new0 (Known, 1);
      known->waiting = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (self->known, g_strdup (key), known);
      /* Not canceled with the first that asks: others wait for it too. */
      describe_for (question, self, g_strdup (key));
    }
  wait_for_description (task, known);
  return FALSE;
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
    {
      if (ensure_described (task))
        send_requests (task);
    }
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
 * assay_client_describe_async:
 * @target: (transfer none): which model and version
 * @cancellable: (nullable): takes effect at once
 *
 * Asks what that model takes and gives.
 */
void
assay_client_describe_async (AssayClient *self,
                             AssayTarget *target,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autoptr(GTask) task = NULL;
  Question *question;

  g_return_if_fail (ASSAY_IS_CLIENT (self));
  g_return_if_fail (target != NULL);

  task = question_task_new (self, assay_client_describe_async, cancellable, callback, data,
                            &question);
  question->target = assay_target_ref (target);
  if (get_protocol (self)->describe != NULL)
    get_header (task);
  else
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                             _("This service does not describe its models."));
}

/**
 * assay_client_describe_finish:
 * @error: an #AssayError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what it says
 */
AssayModelInfo *
assay_client_describe_finish (AssayClient *self,
                              GAsyncResult *result,
                              GError **error)
{
  g_return_val_if_fail (ASSAY_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static Question *
take_payloads (Question *question,
               AssayTarget *target,
               AssayPayload *const *payloads,
               guint n_payloads)
{
  question->target = assay_target_ref (target);
  question->payloads = g_ptr_array_new_full (n_payloads, (GDestroyNotify) assay_payload_unref);
  for (guint i = 0; i < n_payloads; i++)
    g_ptr_array_add (question->payloads, assay_payload_ref (payloads[i]));
  return question;
}

/**
 * assay_client_get_batch:
 * @target: (transfer none): which model and version
 *
 * Returns: how many pictures may be asked about in one request; 1 until the service has
 *   said that it takes more
 */
guint
assay_client_get_batch (AssayClient *self,
                        AssayTarget *target)
{
  g_autofree char *key = NULL;
  g_autoptr (AssayProfile) profile = NULL;
  Known *known;

  g_return_val_if_fail (ASSAY_IS_CLIENT (self), 1);
  g_return_val_if_fail (target != NULL, 1);

  if (get_protocol (self)->describe == NULL)
    return 1;
  profile = assay_connection_dup_profile (self->connection);
  key = dup_key (get_protocol (self), target, profile);
  known = g_hash_table_lookup (self->known, key);
  return known != NULL && known->info != NULL ? known->info->max_batch : 1;
}

/**
 * assay_client_classify_several_async:
 * @target: (transfer none): which model and version
 * @payloads: (array length=n_payloads): the pictures, no more than assay_client_get_batch()
 * @n_payloads: at least 1
 * @cancellable: (nullable): takes effect at once
 *
 * Asks about some pictures in one request.  A 401 is answered with one new token, where
 * the connection signs in by itself.
 */
void
assay_client_classify_several_async (AssayClient *self,
                                     AssayTarget *target,
                                     AssayPayload *const *payloads,
                                     guint n_payloads,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer data)
{
  g_autoptr(GTask) task = NULL;
  Question *question;

  g_return_if_fail (ASSAY_IS_CLIENT (self));
  g_return_if_fail (target != NULL);
  g_return_if_fail (payloads != NULL && n_payloads > 0);

  task = question_task_new (self, assay_client_classify_several_async, cancellable, callback, data,
                            &question);
  take_payloads (question, target, payloads, n_payloads);
  get_header (task);
}

/**
 * assay_client_classify_several_finish:
 * @exchange: (out) (optional): what the last request took; zeros when none was sent
 * @error: %G_IO_ERROR_CANCELLED and nothing else
 *
 * Returns: (transfer full) (element-type AssayOutcome) (nullable): one for each picture in
 *   order, %NULL only when canceled
 */
GPtrArray *
assay_client_classify_several_finish (AssayClient *self,
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
 * assay_client_classify_async:
 * @target: (transfer none): which model and version
 * @payload: (transfer none): the picture
 * @cancellable: (nullable): takes effect at once
 *
 * As assay_client_classify_several_async(), about one picture.
 */
void
assay_client_classify_async (AssayClient *self,
                             AssayTarget *target,
                             AssayPayload *payload,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_return_if_fail (payload != NULL);

  assay_client_classify_several_async (self, target, &payload, 1, cancellable, callback, data);
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
  g_autoptr(GPtrArray) outcomes = assay_client_classify_several_finish (self, result, exchange,
                                                                        error);

  return outcomes != NULL ? assay_outcome_ref (outcomes->pdata[0]) : NULL;
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

  task = question_task_new (self, assay_client_classify_archive_async, cancellable, callback, data,
                            &question);
  take_payloads (question, target, &archive, 1);
  question->names = g_strdupv ((char **) names);
  if (get_protocol (self)->read_archive != NULL)
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
 * assay_client_probe_async:
 * @protocol: one that can be probed for
 * @cancellable: (nullable): takes effect at once
 *
 * Asks whether @protocol is spoken where the connection's address is, whatever the
 * connection says of its own.
 */
void
assay_client_probe_async (AssayClient *self,
                          const AssayProtocol *protocol,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr(GTask) task = NULL;
  Question *question;

  g_return_if_fail (ASSAY_IS_CLIENT (self));
  g_return_if_fail (protocol != NULL && protocol->probe != NULL);

  task = question_task_new (self, assay_client_probe_async, cancellable, callback, data, &question);
  question->probed = protocol;
  get_header (task);
}

/**
 * assay_client_probe_finish:
 * @replies: (out) (transfer full) (optional) (element-type AssayReply): what was answered
 * @error: an #AssayError when there was no answer, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what it has turned out to be, %NULL without an error
 *   when it speaks something else
 */
AssayDiscovered *
assay_client_probe_finish (AssayClient *self,
                           GAsyncResult *result,
                           GPtrArray **replies,
                           GError **error)
{
  Question *question;

  g_return_val_if_fail (ASSAY_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  question = g_task_get_task_data (G_TASK (result));
  if (replies != NULL)
    *replies = g_steal_pointer (&question->replies);
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
  g_autoptr(GTask) task = NULL;
  Question *question;

  g_return_if_fail (ASSAY_IS_CLIENT (self));

  task = question_task_new (self, assay_client_list_async, cancellable, callback, data, &question);
  if (assay_connection_can_list (self->connection))
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
