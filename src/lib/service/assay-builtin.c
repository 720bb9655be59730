/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The contract with assay-serve:
 *
 *   assay-serve --models DIR --models DIR --listen 127.0.0.1:0 --client assay
 *               --client-secret-file - --print-connection
 *
 * The first folder has the models that come with Assay, the second those that the user
 * has added; it is made, so that it can be watched.
 *
 * The secret is the first line of its standard input, which then stays open: the
 * service ends when it ends, and so can't outlive us.  Once it listens, it writes
 * one line to standard output, a service key without the secret: "clientid",
 * "url" (to which "/oauth/token" is appended), and in "serviceurls"
 * "IMAGE_CLASSIFICATION_URL" and "IMAGE_RETRAIN_API_URL". */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "assay-builtin.h"
#include "assay-display.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-secret.h"

#define CLIENT_ID "assay"
#define SECRET_BYTES 32
#define START_SECONDS 20
#define GRACE_SECONDS 3              /* from the end of its input to SIGTERM, and on to SIGKILL */
#define MAX_KEY_BYTES (16 * 1024)
#define KEPT_STDERR_BYTES 2048

/* What is under way for one child holds this and not the object, so that it does
 * not keep alive what it watches for.  Main thread. */
typedef struct {
  AssayBuiltin *builtin;             /* NULL as soon as that child is let go of */
  GCancellable *cancellable;
} Watch;

/* Invariants: @child and @watch are set from the start of the service until it has ended or
 * was let go of; @key is set once it listens; @waiters is empty then.  While @restarting the
 * credentials of @users are held. */
struct _AssayBuiltin {
  GObject parent_instance;

  GSubprocess *child;
  GPid pid;
  Watch *watch;
  char *secret;
  JsonNode *key;                     /* what it printed */
  GString *output;                   /* the start of that line */
  GString *complaints;               /* the end of its standard error */
  GSource *timeout;
  GPtrArray *waiters;                /* (element-type Waiter) */
  GPtrArray *users;                  /* (element-type User) */
  gint64 ends[ASSAY_LIMIT_BUILTIN_ENDS]; /* when it ended by itself, the last ones, in monotonic
                                            µs, newest first; 0 for never */
  gboolean restarting;
};

G_DEFINE_FINAL_TYPE (AssayBuiltin, assay_builtin, G_TYPE_OBJECT)

enum {
  SIGNAL_RESTARTED,
  SIGNAL_GONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One caller that waits for the service, and what to fill in for it. */
typedef struct {
  GTask *task;
  GSource *source;                   /* (nullable) */
  AssayConnection *connection;
  AssayCredentials *credentials;
} Waiter;

/* Whose addresses and secret are those of the service; they may have gone. */
typedef struct {
  GWeakRef connection;
  GWeakRef credentials;
} User;

/* One pipe of one child, while a read from it is under way. */
typedef struct {
  Watch *watch;
  char buffer[1024];
} Pipe;

/* A child that we no longer want, on its way to its end. */
typedef struct {
  GSubprocess *child;
  gboolean asked;                    /* SIGTERM was sent */
  guint timeout;
} Farewell;

static void
waiter_free (Waiter *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_object_unref (self->task);
  g_object_unref (self->connection);
  g_object_unref (self->credentials);
  g_free (self);
}

static void
user_free (User *self)
{
  g_weak_ref_clear (&self->connection);
  g_weak_ref_clear (&self->credentials);
  g_free (self);
}

static GPtrArray *
waiters_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) waiter_free);
}

static void
watch_clear (gpointer data)
{
  g_object_unref (((Watch *) data)->cancellable);
}

static void
watch_unref (Watch *self)
{
  g_rc_box_release_full (self, watch_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Watch, watch_unref)

static void
pipe_free (Pipe *self)
{
  watch_unref (self->watch);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pipe, pipe_free)

static void
farewell_over_cb (GObject *source,
                  GAsyncResult *result,
                  gpointer user_data)
{
  Farewell *self = user_data;

  g_subprocess_wait_finish (self->child, result, NULL);
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_object_unref (self->child);
  g_free (self);
}

static gboolean
farewell_urge_cb (gpointer user_data)
{
  Farewell *self = user_data;

  if (self->asked)
    {
      g_subprocess_force_exit (self->child);
      self->timeout = 0;
      return G_SOURCE_REMOVE;
    }
  self->asked = TRUE;
  g_subprocess_send_signal (self->child, SIGTERM);
  return G_SOURCE_CONTINUE;
}

/* The end of its input is all that a service needs to end; should it not, it is
 * asked, and then made to.  If our main loop doesn't live that long, the input
 * has ended all the same. */
static void
say_farewell (GSubprocess *child)
{
  Farewell *farewell = g_new0 (Farewell, 1);

  farewell->child = g_object_ref (child);
  g_output_stream_close (g_subprocess_get_stdin_pipe (child), NULL, NULL);
  farewell->timeout = g_timeout_add_seconds (GRACE_SECONDS, farewell_urge_cb, farewell);
  g_subprocess_wait_async (child, NULL, farewell_over_cb, farewell);
}

static void
let_go (AssayBuiltin *self)
{
  if (self->timeout != NULL)
    g_source_destroy (self->timeout);
  g_clear_pointer (&self->timeout, g_source_unref);
  if (self->watch != NULL)
    {
      self->watch->builtin = NULL;
      g_cancellable_cancel (self->watch->cancellable);
    }
  g_clear_pointer (&self->watch, watch_unref);
  if (self->child != NULL)
    say_farewell (self->child);
  g_clear_object (&self->child);
  g_clear_pointer (&self->key, json_node_unref);
  g_clear_pointer (&self->secret, assay_secret_free);
  self->pid = 0;
}

/* Calls @each for those that are still there, and forgets the others. */
static void
for_each_user (AssayBuiltin *self,
               void (*each) (AssayBuiltin *self, AssayConnection *connection,
                             AssayCredentials *credentials, gconstpointer data),
               gconstpointer data)
{
  for (guint i = self->users->len; i > 0; i--)
    {
      User *user = self->users->pdata[i - 1];
      g_autoptr(AssayConnection) connection = g_weak_ref_get (&user->connection);
      g_autoptr(AssayCredentials) credentials = g_weak_ref_get (&user->credentials);

      if (connection != NULL && credentials != NULL)
        each (self, connection, credentials, data);
      else
        g_ptr_array_remove_index_fast (self->users, i - 1);
    }
}

static void
hold_user (AssayBuiltin *self,
           AssayConnection *connection,
           AssayCredentials *credentials,
           gconstpointer data)
{
  assay_credentials_hold (credentials);
}

static void
refuse_user (AssayBuiltin *self,
             AssayConnection *connection,
             AssayCredentials *credentials,
             gconstpointer data)
{
  assay_credentials_refuse (credentials, data);
}

static void
fill_in (AssayBuiltin *self,
         AssayConnection *connection,
         AssayCredentials *credentials)
{
  JsonObject *root = json_node_get_object (self->key);
  JsonObject *urls = assay_json_get_object (root, "serviceurls");
  const char *const path[] = { "oauth", "token", NULL };
  g_autofree char *token_url = assay_endpoint_append (assay_json_get_string (root, "url"), path);

  g_object_set (connection,
                "auth", ASSAY_AUTH_OAUTH,
                "client-id", assay_json_get_string (root, "clientid"),
                "token-url", token_url,
                "url", assay_json_get_string (urls, "IMAGE_CLASSIFICATION_URL"),
                "models-url", assay_json_get_string (urls, "IMAGE_RETRAIN_API_URL"),
                NULL);
  assay_credentials_set_client_secret (credentials, self->secret);
}

static void
fill_in_user (AssayBuiltin *self,
              AssayConnection *connection,
              AssayCredentials *credentials,
              gconstpointer data)
{
  fill_in (self, connection, credentials);
}

static void
add_user (AssayBuiltin *self,
          AssayConnection *connection,
          AssayCredentials *credentials)
{
  User *user = NULL;

  for (guint i = 0; i < self->users->len; i++)
    {
      g_autoptr(AssayCredentials) known = NULL;

      user = self->users->pdata[i];
      known = g_weak_ref_get (&user->credentials);
      if (known == credentials)
        return;
    }
  user = g_new0 (User, 1);
  g_weak_ref_init (&user->connection, connection);
  g_weak_ref_init (&user->credentials, credentials);
  g_ptr_array_add (self->users, user);
}

static void
complete_waiters (AssayBuiltin *self,
                  const GError *error)
{
  g_autoptr(GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = waiters_new ();
  for (guint i = 0; i < waiters->len; i++)
    {
      Waiter *waiter = waiters->pdata[i];

      if (error != NULL)
        {
          g_task_return_error (waiter->task, g_error_copy (error));
          continue;
        }
      add_user (self, waiter->connection, waiter->credentials);
      fill_in (self, waiter->connection, waiter->credentials);
      g_task_return_boolean (waiter->task, TRUE);
    }
}

/* The last lines that it wrote to standard error, safe to show. */
static char *
dup_complaints (AssayBuiltin *self)
{
  g_strstrip (self->complaints->str);
  if (*self->complaints->str == '\0')
    return g_strdup (_("It gave no reason."));
  return assay_display_text (self->complaints->str, -1, 400);
}

/* It isn't started again: all who use it or wait for it are told. */
static void
be_gone (AssayBuiltin *self,
         const GError *error)
{
  /* For those who were using it that is no reason of an item's. */
  g_autoptr(GError) offline = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_OFFLINE,
                                                   error->message);

  self->restarting = FALSE;
  for_each_user (self, refuse_user, offline);
  complete_waiters (self, offline);
  g_signal_emit (self, signals[SIGNAL_GONE], 0, offline);
}

static void
fail (AssayBuiltin *self,
      const char *what)
{
  g_autofree char *complaints = dup_complaints (self);
  g_autoptr(GError) error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_FAILED, "%s %s", what,
                                         complaints);

  let_go (self);
  if (self->restarting)
    be_gone (self, error);
  else
    complete_waiters (self, error);
}

static void
fail_not_understood (AssayBuiltin *self)
{
  fail (self, _("The built-in service said something that is not understood. Install Assay "
                "again."));
}

static gboolean
start_timeout_cb (gpointer user_data)
{
  g_autoptr(AssayBuiltin) self = g_object_ref (user_data);
  g_autofree char *what = g_strdup_printf (
      _("The built-in service did not start within %d seconds."), START_SECONDS);

  fail (self, what);
  return G_SOURCE_REMOVE;
}

static gboolean
is_usable_key (JsonNode *key)
{
  JsonObject *root, *urls;
  const char *needed[3];

  if (key == NULL || !JSON_NODE_HOLDS_OBJECT (key))
    return FALSE;
  root = json_node_get_object (key);
  urls = assay_json_get_object (root, "serviceurls");
  needed[0] = assay_json_get_string (root, "url");
  needed[1] = urls != NULL ? assay_json_get_string (urls, "IMAGE_CLASSIFICATION_URL") : NULL;
  needed[2] = urls != NULL ? assay_json_get_string (urls, "IMAGE_RETRAIN_API_URL") : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (needed[i] == NULL || !assay_endpoint_is_loopback (needed[i]))
      return FALSE;
  return assay_json_get_string (root, "clientid") != NULL;
}

static void
read_key (AssayBuiltin *self,
          gsize length)
{
  JsonNode *key = assay_json_parse (self->output->str, length, NULL);

  if (!is_usable_key (key))
    {
      g_clear_pointer (&key, json_node_unref);
      fail_not_understood (self);
      return;
    }
  self->key = key;
  g_source_destroy (self->timeout);
  g_clear_pointer (&self->timeout, g_source_unref);
  if (self->restarting)
    for_each_user (self, fill_in_user, NULL);
  complete_waiters (self, NULL);
  if (self->restarting)
    {
      self->restarting = FALSE;
      g_signal_emit (self, signals[SIGNAL_RESTARTED], 0);
    }
}

static void read_more (Pipe *pipe, GInputStream *stream, GAsyncReadyCallback callback);

/* Returns FALSE when there is no more to hear from this child. */
static gboolean
heard_output (AssayBuiltin *self,
              const char *bytes,
              gsize length)
{
  char *end;

  if (self->key != NULL)
    return TRUE;                     /* whatever it says now is of no concern */
  g_string_append_len (self->output, bytes, length);
  end = memchr (self->output->str, '\n', self->output->len);
  if (end != NULL)
    read_key (self, end - self->output->str);
  else if (self->output->len > MAX_KEY_BYTES)
    fail_not_understood (self);
  return self->child != NULL;
}

static void
output_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr(Pipe) pipe = user_data;
  g_autoptr(AssayBuiltin) self = NULL;
  gssize got = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  /* At its end the wait for the child says why. */
  if (got <= 0 || pipe->watch->builtin == NULL)
    return;
  self = g_object_ref (pipe->watch->builtin);
  if (heard_output (self, pipe->buffer, got) && pipe->watch->builtin == self)
    read_more (g_steal_pointer (&pipe), G_INPUT_STREAM (source), output_cb);
}

static void
complaints_cb (GObject *source,
               GAsyncResult *result,
               gpointer user_data)
{
  g_autoptr(Pipe) pipe = user_data;
  AssayBuiltin *self = pipe->watch->builtin;
  gssize got = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (got <= 0 || self == NULL)
    return;
  g_string_append_len (self->complaints, pipe->buffer, got);
  if (self->complaints->len > KEPT_STDERR_BYTES)
    g_string_erase (self->complaints, 0, self->complaints->len - KEPT_STDERR_BYTES);
  read_more (g_steal_pointer (&pipe), G_INPUT_STREAM (source), complaints_cb);
}

/* Takes @pipe. */
static void
read_more (Pipe *pipe,
           GInputStream *stream,
           GAsyncReadyCallback callback)
{
  g_input_stream_read_async (stream, pipe->buffer, sizeof pipe->buffer, G_PRIORITY_DEFAULT,
                             pipe->watch->cancellable, callback, pipe);
}

static gboolean spawn (AssayBuiltin *self, GError **error);

/* Returns whether it has ended so often that there is no sense in another try. */
static gboolean
count_end (AssayBuiltin *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 first;

  memmove (self->ends + 1, self->ends, sizeof self->ends - sizeof self->ends[0]);
  self->ends[0] = now;
  first = self->ends[ASSAY_LIMIT_BUILTIN_ENDS - 1];
  return first != 0 && now - first <= ASSAY_LIMIT_BUILTIN_ENDS_SECONDS * G_USEC_PER_SEC;
}

static void
restart (AssayBuiltin *self)
{
  g_autoptr(GError) error = NULL;

  G_STATIC_ASSERT (ASSAY_LIMIT_BUILTIN_ENDS == 3 && ASSAY_LIMIT_BUILTIN_ENDS_SECONDS == 60);
  let_go (self);
  if (count_end (self))
    g_set_error_literal (&error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE,
                         _("The built-in service stopped three times within a minute and was not "
                           "started again"));
  else if (spawn (self, &error))
    {
      self->restarting = TRUE;
      for_each_user (self, hold_user, NULL);
      return;
    }
  let_go (self);
  be_gone (self, error);
}

static void
ended_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr(Watch) watch = user_data;
  g_autoptr(AssayBuiltin) self = NULL;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  if (watch->builtin == NULL)
    return;
  self = g_object_ref (watch->builtin);
  g_debug ("The built-in service has ended");
  if (self->key != NULL || self->restarting)
    restart (self);
  else
    fail (self, _("The built-in service ended before it was ready."));
}

static char *
make_secret (GError **error)
{
  guchar bytes[SECRET_BYTES];
  GString *secret = NULL;
  int fd = g_open ("/dev/urandom", O_RDONLY | O_CLOEXEC);
  gssize got = fd >= 0 ? read (fd, bytes, sizeof bytes) : -1;

  if (fd >= 0)
    close (fd);
  if (got != sizeof bytes)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                           _("There are no random numbers for a secret: /dev/urandom cannot be "
                             "read."));
      return NULL;
    }
  secret = g_string_sized_new (2 * SECRET_BYTES + 1);
  for (guint i = 0; i < SECRET_BYTES; i++)
    g_string_append_printf (secret, "%02x", bytes[i]);
  explicit_bzero (bytes, sizeof bytes);
  return g_string_free (secret, FALSE);
}

/* It is our child and has not been waited for, so its pipe takes a line at once. */
static gboolean
hand_in_secret (AssayBuiltin *self,
                GError **error)
{
  GOutputStream *input = g_subprocess_get_stdin_pipe (self->child);

  /* As GIO does when it opens its first socket: a child that has ended already
   * is an error here, not our end. */
  signal (SIGPIPE, SIG_IGN);
  return g_output_stream_write_all (input, self->secret, strlen (self->secret), NULL, NULL, error)
         && g_output_stream_write_all (input, "\n", 1, NULL, NULL, error);
}

static void
start_watching (AssayBuiltin *self)
{
  GInputStream *streams[] = { g_subprocess_get_stdout_pipe (self->child),
                              g_subprocess_get_stderr_pipe (self->child) };
  GAsyncReadyCallback callbacks[] = { output_cb, complaints_cb };

  self->watch = g_rc_box_new0 (Watch);
  self->watch->builtin = self;
  self->watch->cancellable = g_cancellable_new ();
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      Pipe *pipe = g_new0 (Pipe, 1);

      pipe->watch = g_rc_box_acquire (self->watch);
      read_more (pipe, streams[i], callbacks[i]);
    }
  g_subprocess_wait_async (self->child, self->watch->cancellable, ended_cb,
                           g_rc_box_acquire (self->watch));
  self->timeout = g_timeout_source_new_seconds (START_SECONDS);
  g_source_set_callback (self->timeout, start_timeout_cb, self, NULL);
  g_source_attach (self->timeout, g_main_context_get_thread_default ());
}

static gboolean
spawn (AssayBuiltin *self,
       GError **error)
{
  g_autofree char *program = assay_builtin_dup_program ("assay-serve", error);
  g_autofree char *models = assay_builtin_dup_models_dir ();
  g_autofree char *own = assay_builtin_dup_own_models_dir ();
  g_autoptr(GError) raw = NULL;
  const char *identifier;
  const char *argv[] = { program, "--models", models, "--listen", "127.0.0.1:0",
                         "--client", CLIENT_ID, "--client-secret-file", "-",
                         "--print-connection", "--models", own, NULL };

  if (program == NULL || (self->secret = make_secret (error)) == NULL)
    return FALSE;
  if (g_mkdir_with_parents (own, 0700) != 0)
    argv[10] = NULL;
  g_string_truncate (self->output, 0);
  g_string_truncate (self->complaints, 0);
  self->child = g_subprocess_newv (argv,
                                   G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                       | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                                   &raw);
  if (self->child == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                   _("The built-in service could not be started: %s"), raw->message);
      return FALSE;
    }
  /* One that has ended already has none. */
  identifier = g_subprocess_get_identifier (self->child);
  self->pid = identifier != NULL ? atoi (identifier) : 0;
  start_watching (self);
  if (!hand_in_secret (self, NULL))
    g_debug ("The built-in service did not take its secret");   /* it has ended, which is seen */
  return TRUE;
}

static void
assay_builtin_dispose (GObject *object)
{
  AssayBuiltin *self = ASSAY_BUILTIN (object);
  g_autoptr(GError) error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_FAILED,
                                                 _("The built-in service has ended"));

  let_go (self);
  for_each_user (self, refuse_user, error);

  G_OBJECT_CLASS (assay_builtin_parent_class)->dispose (object);
}

static void
assay_builtin_finalize (GObject *object)
{
  AssayBuiltin *self = ASSAY_BUILTIN (object);

  g_assert (self->waiters->len == 0);

  g_ptr_array_unref (self->waiters);
  g_ptr_array_unref (self->users);
  g_string_free (self->output, TRUE);
  g_string_free (self->complaints, TRUE);

  G_OBJECT_CLASS (assay_builtin_parent_class)->finalize (object);
}

static void
assay_builtin_class_init (AssayBuiltinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_builtin_dispose;
  object_class->finalize = assay_builtin_finalize;

  signals[SIGNAL_RESTARTED] = g_signal_new ("restarted", ASSAY_TYPE_BUILTIN, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_GONE] = g_signal_new ("gone", ASSAY_TYPE_BUILTIN, G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                       G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
assay_builtin_init (AssayBuiltin *self)
{
  self->waiters = waiters_new ();
  self->users = g_ptr_array_new_with_free_func ((GDestroyNotify) user_free);
  self->output = g_string_new (NULL);
  self->complaints = g_string_new (NULL);
}

/**
 * assay_builtin_new:
 *
 * Returns: (transfer full): a service that is not running
 */
AssayBuiltin *
assay_builtin_new (void)
{
  return g_object_new (ASSAY_TYPE_BUILTIN, NULL);
}

static gboolean
waiter_canceled_cb (GCancellable *cancellable,
                    gpointer user_data)
{
  Waiter *waiter = user_data;
  g_autoptr(GTask) task = g_object_ref (waiter->task);

  /* The service goes on starting: it will be wanted again. */
  g_ptr_array_remove (ASSAY_BUILTIN (g_task_get_source_object (task))->waiters, waiter);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
wait_for_start (AssayBuiltin *self,
                AssayConnection *connection,
                AssayCredentials *credentials,
                GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->task = g_object_ref (task);
  waiter->connection = g_object_ref (connection);
  waiter->credentials = g_object_ref (credentials);
  if (cancellable != NULL)
    {
      waiter->source = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiter->source, G_SOURCE_FUNC (waiter_canceled_cb), waiter, NULL);
      g_source_attach (waiter->source, g_task_get_context (task));
    }
  g_ptr_array_add (self->waiters, waiter);
}

/* Somebody asks for it: what was before no longer counts. */
static gboolean
spawn_anew (AssayBuiltin *self,
            GError **error)
{
  memset (self->ends, 0, sizeof self->ends);
  return spawn (self, error);
}

/**
 * assay_builtin_start_async:
 * @connection: (transfer none): gets addresses, client id and kind of sign-in
 * @credentials: (transfer none): get the secret
 * @cancellable: (nullable): ends the wait; the service goes on starting
 *
 * Starts the service unless it runs already, and waits until it listens.  Any
 * number of callers may wait.
 */
void
assay_builtin_start_async (AssayBuiltin *self,
                           AssayConnection *connection,
                           AssayCredentials *credentials,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (ASSAY_IS_BUILTIN (self));
  g_return_if_fail (ASSAY_IS_CONNECTION (connection));
  g_return_if_fail (ASSAY_IS_CREDENTIALS (credentials));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_builtin_start_async);
  if (self->key != NULL)
    {
      add_user (self, connection, credentials);
      fill_in (self, connection, credentials);
      g_task_return_boolean (task, TRUE);
    }
  else if (self->child == NULL && !spawn_anew (self, &error))
    {
      let_go (self);
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else
    wait_for_start (self, connection, credentials, task);
}

/**
 * assay_builtin_start_finish:
 * @error: %ASSAY_ERROR_FAILED with the last that the service wrote to its
 *   standard error, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it listens
 */
gboolean
assay_builtin_start_finish (AssayBuiltin *self,
                            GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (ASSAY_IS_BUILTIN (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * assay_builtin_is_running:
 *
 * Returns: whether it listens
 */
gboolean
assay_builtin_is_running (AssayBuiltin *self)
{
  g_return_val_if_fail (ASSAY_IS_BUILTIN (self), FALSE);

  return self->key != NULL;
}

/**
 * assay_builtin_get_pid:
 *
 * Returns: its process id, 0 when there is none
 */
GPid
assay_builtin_get_pid (AssayBuiltin *self)
{
  g_return_val_if_fail (ASSAY_IS_BUILTIN (self), 0);

  return self->pid;
}
