/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "assay-client-test.h"
#include "assay-display.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-network-error.h"
#include "assay-secret.h"
#include "assay-util.h"

/* The first three steps are walked here, socket by socket, so that each can be
 * told from the next and a certificate be shown; the others by asking as usual.
 * A connection can have up to three hosts (pictures, models, sign-in): a step has
 * passed when it has for all of them. */

#define CONNECT_SECONDS 15
#define SHOWN_MODELS 8

/* 64 × 64 pixels of one gray, as PNG: nobody's picture. */
static const guint8 PICTURE[] = {
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
  0x44, 0x52, 0x00, 0x00, 0x00, 0x40, 0x00, 0x00, 0x00, 0x40, 0x08, 0x02, 0x00, 0x00,
  0x00, 0x25, 0x0b, 0xe6, 0x89, 0x00, 0x00, 0x00, 0x4b, 0x49, 0x44, 0x41, 0x54, 0x78,
  0xda, 0xed, 0xcf, 0x31, 0x0d, 0x00, 0x00, 0x0c, 0x03, 0xa0, 0x4a, 0xaf, 0xf4, 0x4a,
  0xd8, 0xbd, 0x04, 0x1c, 0x90, 0x3e, 0x17, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
  0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
  0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
  0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x81, 0xcb, 0x00,
  0x1f, 0x3e, 0x01, 0x69, 0xe6, 0x7d, 0x4c, 0x9c, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45,
  0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

/* One host and port. */
typedef struct {
  char *url;                  /* origin */
  char *name;                 /* as shown */
  char *host;
  gboolean tls;
  gboolean here;              /* this computer: no proxy, as AssayNetwork has it */
  gboolean proxied;
  GSocketConnectable *address;
  GSocketConnection *connection; /* (nullable) */
} Place;

typedef struct {
  AssayClientTest *result;
  AssayClientTested tested;
  gpointer tested_data;
  GPtrArray *places;          /* (element-type Place) */
  guint at;                   /* which of them */
  GTlsCertificateFlags flags; /* of the certificate that was refused last */
  char *model;                /* (nullable) */
  char *version;              /* (nullable) */
} Walk;

static void
place_free (gpointer data)
{
  Place *self = data;

  g_free (self->url);
  g_free (self->name);
  g_free (self->host);
  g_clear_object (&self->address);
  g_clear_object (&self->connection);
  g_free (self);
}

static void
walk_free (gpointer data)
{
  Walk *self = data;

  g_clear_pointer (&self->result, assay_client_test_free);
  g_ptr_array_unref (self->places);
  g_free (self->model);
  g_free (self->version);
  g_free (self);
}

void
assay_client_test_free (AssayClientTest *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < ASSAY_N_STEPS; i++)
    {
      g_free (self->steps[i].text);
      g_free (self->steps[i].remedy);
    }
  g_clear_pointer (&self->certificate, assay_certificate_free);
  g_clear_pointer (&self->versions, g_ptr_array_unref);
  g_free (self->model);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * assay_client_test_count_ready:
 *
 * Returns: how many versions of the model that has answered can be asked; 0 when
 *   the service does not list them
 */
guint
assay_client_test_count_ready (const AssayClientTest *self)
{
  guint n = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; self->versions != NULL && i < self->versions->len; i++)
    {
      AssayModelVersion *version = self->versions->pdata[i];
      g_autofree char *model = assay_display_text (version->model, -1, 255);

      if (version->callable && g_strcmp0 (model, self->model) == 0)
        n++;
    }
  return n;
}

/**
 * assay_step_get_title:
 *
 * Returns: what is tried, in a word or two
 */
const char *
assay_step_get_title (AssayStep step)
{
  switch (step)
    {
    case ASSAY_STEP_LOOKUP:
      return _("Name lookup");
    case ASSAY_STEP_CONNECT:
      return _("Connection");
    case ASSAY_STEP_CERTIFICATE:
      return _("Certificate");
    case ASSAY_STEP_SIGN_IN:
      return _("Sign-in");
    case ASSAY_STEP_PERMISSION:
      return _("Permission");
    case ASSAY_STEP_MODEL:
      return _("Model");
    case ASSAY_N_STEPS:
    default:
      return "";
    }
}

/* ---- what was found ---- */

/* Only the first word on a step counts.  Takes @text. */
static void
tell (GTask *task,
      AssayStep step,
      AssayStepState state,
      char *text)
{
  Walk *walk = g_task_get_task_data (task);
  AssayStepResult *result = &walk->result->steps[step];

  if (result->state != ASSAY_STEP_OPEN)
    {
      g_free (text);
      return;
    }
  result->state = state;
  result->text = text;
  if (walk->tested != NULL)
    walk->tested (walk->result, step, walk->tested_data);
}

static const char *
find_certificate_remedy (GTlsCertificateFlags flags)
{
  if (flags == 0)
    return _("Check that the service speaks TLS at this port.");
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return _("Set the date and time of this computer right.");
  return _("Ask whoever runs the service for the fingerprint of its certificate. If it is this "
           "one, accept the certificate for this connection, or give the CA file that signed it.");
}

static const char *
find_sign_in_remedy (AssayConnection *connection)
{
  switch (assay_connection_get_auth (connection))
    {
    case ASSAY_AUTH_OAUTH:
      return _("Check the client ID, the client secret and the token address; a new service key "
               "has all three.");
    case ASSAY_AUTH_BEARER:
      return _("Get a new token and give it to the connection.");
    case ASSAY_AUTH_API_KEY:
      return _("Check the API key, and the name of the header that carries it.");
    case ASSAY_AUTH_NONE:
    default:
      return _("The service wants a sign-in: choose its kind and give its secret.");
    }
}

static const char *
find_remedy (GTask *task,
             AssayStep step)
{
  Walk *walk = g_task_get_task_data (task);

  switch (step)
    {
    case ASSAY_STEP_LOOKUP:
      return _("Check the address for a typing mistake, and that this computer is on a network "
               "that knows the service.");
    case ASSAY_STEP_CONNECT:
      return _("Check that the service runs and that the port in the address is right; a firewall "
               "on the way can refuse too.");
    case ASSAY_STEP_CERTIFICATE:
      return find_certificate_remedy (walk->flags);
    case ASSAY_STEP_SIGN_IN:
      return find_sign_in_remedy (assay_client_get_connection (g_task_get_source_object (task)));
    case ASSAY_STEP_PERMISSION:
      return _("Ask whoever runs the service to let this account use its models.");
    case ASSAY_STEP_MODEL:
    case ASSAY_N_STEPS:
    default:
      return _("Choose a model and version that the service has deployed.");
    }
}

static void
end_walk (GTask *task)
{
  Walk *walk = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&walk->result),
                         (GDestroyNotify) assay_client_test_free);
}

/* Takes @remedy and @error; the walk ends here. */
static void
fail_with (GTask *task,
           AssayStep step,
           char *remedy,
           GError *error)
{
  Walk *walk = g_task_get_task_data (task);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_free (remedy);
      g_task_return_error (task, error);
      return;
    }
  walk->result->error = error;
  walk->result->steps[step].remedy = remedy;
  tell (task, step, ASSAY_STEP_FAILED, assay_display_text (error->message, -1, 0));
  end_walk (task);
}

static void
fail (GTask *task,
      AssayStep step,
      GError *error)
{
  fail_with (task, step, g_strdup (find_remedy (task, step)), error);
}

static Place *
get_place (GTask *task)
{
  Walk *walk = g_task_get_task_data (task);

  return walk->at < walk->places->len ? walk->places->pdata[walk->at] : NULL;
}

/* The names of all hosts. */
static char *
dup_names (Walk *walk)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < walk->places->len; i++)
    g_ptr_array_add (names, ((Place *) walk->places->pdata[i])->name);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **) names->pdata);
}

static void
fail_at_place (GTask *task,
               AssayStep step,
               const GError *raw)
{
  Walk *walk = g_task_get_task_data (task);

  fail (task, step, assay_network_error_new (raw, get_place (task)->url, walk->flags));
}

/* ---- name lookup ---- */

static void look_up_next (GTask *task);
static void connect_next (GTask *task);
static void shake_hands_next (GTask *task);
static void sign_in (GTask *task);
static void ask_for_models (GTask *task);
static void ask_about_picture (GTask *task);

static void
looked_up_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Walk *walk = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);

  if (addresses == NULL)
    {
      fail_at_place (task, ASSAY_STEP_LOOKUP, error);
      return;
    }
  g_resolver_free_addresses (addresses);
  walk->at++;
  look_up_next (task);
}

static void
look_up (GTask *task,
         Place *place)
{
  g_autoptr(GResolver) resolver = g_resolver_get_default ();

  g_resolver_lookup_by_name_async (resolver, place->host, g_task_get_cancellable (task),
                                   looked_up_cb, g_object_ref (task));
}

static void
proxies_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Walk *walk = g_task_get_task_data (task);
  Place *place = get_place (task);
  g_auto(GStrv) proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, NULL);

  place->proxied = proxies != NULL && proxies[0] != NULL && !g_str_equal (proxies[0], "direct://");
  if (place->proxied)
    {
      walk->at++;
      look_up_next (task);
      return;
    }
  look_up (task, place);
}

/* Behind a proxy it is the proxy that looks names up. */
static void
look_up_next (GTask *task)
{
  Walk *walk = g_task_get_task_data (task);
  Place *place = get_place (task);

  if (place != NULL && place->here)
    {
      look_up (task, place);
      return;
    }
  if (place != NULL)
    {
      g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), place->url,
                                     g_task_get_cancellable (task), proxies_cb,
                                     g_object_ref (task));
      return;
    }
  tell (task, ASSAY_STEP_LOOKUP, ASSAY_STEP_PASSED, dup_names (walk));
  walk->at = 0;
  connect_next (task);
}

/* ---- connection ---- */

static void
connected_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Walk *walk = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  get_place (task)->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result,
                                                                 &error);
  if (error != NULL)
    {
      fail_at_place (task, ASSAY_STEP_CONNECT, error);
      return;
    }
  walk->at++;
  connect_next (task);
}

static void
connect_next (GTask *task)
{
  Walk *walk = g_task_get_task_data (task);
  Place *place = get_place (task);

  /* A proxy for plain http takes requests, not connections. */
  while (place != NULL && place->proxied && !place->tls)
    {
      walk->at++;
      place = get_place (task);
    }
  if (place != NULL)
    {
      g_autoptr(GSocketClient) client = g_socket_client_new ();

      g_socket_client_set_timeout (client, CONNECT_SECONDS);
      g_socket_client_set_enable_proxy (client, !place->here);
      g_socket_client_connect_async (client, place->address, g_task_get_cancellable (task),
                                     connected_cb, g_object_ref (task));
      return;
    }
  tell (task, ASSAY_STEP_CONNECT, ASSAY_STEP_PASSED, dup_names (walk));
  walk->at = 0;
  shake_hands_next (task);
}

/* ---- certificate ---- */

static void
keep_certificate (Walk *walk,
                  GTlsCertificate *certificate,
                  GTlsCertificateFlags flags)
{
  if (certificate == NULL)
    return;
  g_clear_pointer (&walk->result->certificate, assay_certificate_free);
  walk->result->certificate = assay_certificate_new (certificate, flags);
}

static gboolean
judge_certificate (GTask *task,
                   GTlsCertificate *certificate,
                   GTlsCertificateFlags flags)
{
  Walk *walk = g_task_get_task_data (task);
  AssayClient *self = g_task_get_source_object (task);

  walk->flags = assay_certificate_check (
      certificate, flags, assay_transport_get_anchors (assay_client_get_transport (self)),
      assay_connection_get_fingerprint (assay_client_get_connection (self)),
      get_place (task)->address, g_task_get_cancellable (task));
  keep_certificate (walk, certificate, walk->flags);
  return walk->flags == 0;
}

static gboolean
accept_certificate_cb (GTlsConnection *connection,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gpointer user_data)
{
  return judge_certificate (user_data, certificate, flags);
}

/* Also where TLS went on from an earlier handshake and asked nobody. */
static gboolean
finish_handshake (GTask *task,
                  GTlsConnection *tls,
                  GAsyncResult *result,
                  GError **error)
{
  GTlsCertificateFlags flags;

  if (!g_tls_connection_handshake_finish (tls, result, error))
    return FALSE;
  flags = g_tls_connection_get_peer_certificate_errors (tls);
  if (flags == 0
      || judge_certificate (task, g_tls_connection_get_peer_certificate (tls), flags))
    return TRUE;
  g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, "");
  return FALSE;
}

static void
hands_shaken_cb (GObject *source,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Walk *walk = g_task_get_task_data (task);
  g_autoptr(GTlsConnection) tls = G_TLS_CONNECTION (source);
  g_autoptr(GError) error = NULL;

  if (!finish_handshake (task, tls, result, &error))
    {
      fail_at_place (task, ASSAY_STEP_CERTIFICATE, error);
      return;
    }
  /* The service's own is shown, which is the first place. */
  if (walk->at == 0)
    keep_certificate (walk, g_tls_connection_get_peer_certificate (tls), 0);
  walk->at++;
  shake_hands_next (task);
}

static char *
describe_certificate (const AssayCertificate *certificate)
{
  g_autofree char *until = NULL;

  if (certificate->not_after == NULL)
    return g_strdup (certificate->subject);
  until = g_date_time_format (certificate->not_after, "%F");
  return g_strdup_printf (_("%s, until %s"), certificate->subject, until);
}

static void
shake_hands (GTask *task,
             Place *place)
{
  g_autoptr(GError) error = NULL;
  GIOStream *tls = g_tls_client_connection_new (G_IO_STREAM (place->connection), place->address,
                                                &error);

  if (tls == NULL)
    {
      fail_at_place (task, ASSAY_STEP_CERTIFICATE, error);
      return;
    }
  g_signal_connect_object (tls, "accept-certificate", G_CALLBACK (accept_certificate_cb), task, 0);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT,
                                    g_task_get_cancellable (task), hands_shaken_cb,
                                    g_object_ref (task));
}

static void
shake_hands_next (GTask *task)
{
  Walk *walk = g_task_get_task_data (task);
  Place *place = get_place (task);

  while (place != NULL && !place->tls)
    {
      walk->at++;
      place = get_place (task);
    }
  if (place != NULL)
    {
      shake_hands (task, place);
      return;
    }
  if (walk->result->certificate != NULL)
    tell (task, ASSAY_STEP_CERTIFICATE, ASSAY_STEP_PASSED,
          describe_certificate (walk->result->certificate));
  else
    tell (task, ASSAY_STEP_CERTIFICATE, ASSAY_STEP_SKIPPED,
          g_strdup (_("not encrypted (http)")));
  sign_in (task);
}

/* ---- sign-in ---- */

static gboolean
has_model (Walk *walk)
{
  return walk->model != NULL && *walk->model != '\0' && walk->version != NULL
         && *walk->version != '\0';
}

/* Nothing can be asked without a model, so that nobody judges a token. */
static void
ask_nothing (GTask *task)
{
  tell (task, ASSAY_STEP_SIGN_IN, ASSAY_STEP_SKIPPED, g_strdup (_("tried with the first image")));
  tell (task, ASSAY_STEP_PERMISSION, ASSAY_STEP_SKIPPED,
        g_strdup (_("tried with the first image")));
  tell (task, ASSAY_STEP_MODEL, ASSAY_STEP_SKIPPED,
        g_strdup (_("none is chosen, and the service cannot list its models")));
  end_walk (task);
}

static void
header_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  AssayClient *self = g_task_get_source_object (task);
  GError *error = NULL;
  char *header = NULL;

  if (!assay_credentials_get_header_finish (ASSAY_CREDENTIALS (source), result, &header, &error))
    {
      fail (task, ASSAY_STEP_SIGN_IN, error);
      return;
    }
  assay_secret_free (header);
  if (assay_connection_can_list (assay_client_get_connection (self)))
    ask_for_models (task);
  else if (has_model (g_task_get_task_data (task)))
    ask_about_picture (task);
  else
    ask_nothing (task);
}

static void
sign_in (GTask *task)
{
  AssayClient *self = g_task_get_source_object (task);

  assay_credentials_get_header_async (assay_client_get_credentials (self),
                                      g_task_get_cancellable (task), header_cb,
                                      g_object_ref (task));
}

/* ---- permission and model ---- */

static void
pass_sign_in (GTask *task)
{
  AssayConnection *connection = assay_client_get_connection (g_task_get_source_object (task));

  if (assay_connection_get_auth (connection) == ASSAY_AUTH_NONE)
    tell (task, ASSAY_STEP_SIGN_IN, ASSAY_STEP_SKIPPED, g_strdup (_("none is needed")));
  else
    tell (task, ASSAY_STEP_SIGN_IN, ASSAY_STEP_PASSED, g_strdup (_("accepted")));
}

static void
pass_permission (GTask *task)
{
  pass_sign_in (task);
  tell (task, ASSAY_STEP_PERMISSION, ASSAY_STEP_PASSED, g_strdup (_("granted")));
}

/* What the service said instead of an answer.  Takes @error. */
static void
judge (GTask *task,
       GError *error)
{
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED))
    fail (task, ASSAY_STEP_SIGN_IN, error);
  else if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    {
      pass_sign_in (task);
      fail (task, ASSAY_STEP_PERMISSION, error);
    }
  else if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      pass_permission (task);
      fail (task, ASSAY_STEP_MODEL, error);
    }
  else
    fail_with (task, ASSAY_STEP_MODEL,
               g_strdup (_("The service was reached but did not answer as a model service does. "
                           "Check its address, or tell whoever runs it.")),
               error);
}

static char *
dup_choices (GPtrArray *versions)
{
  g_autoptr(GString) names = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < versions->len && n < SHOWN_MODELS; i++)
    {
      AssayModelVersion *version = versions->pdata[i];

      if (version->callable)
        g_string_append_printf (names, "%s%s %s", n++ > 0 ? ", " : "", version->model,
                                version->version);
    }
  if (n == 0)
    return g_strdup (_("Have a model deployed at the service first."));
  return g_strdup_printf (_("Choose one that is deployed: %s."), names->str);
}

static AssayModelVersion *
choose (Walk *walk,
        GPtrArray *versions)
{
  AssayModelVersion *found = NULL;

  for (guint i = 0; i < versions->len && found == NULL; i++)
    {
      AssayModelVersion *version = versions->pdata[i];

      if (has_model (walk) ? g_str_equal (version->model, walk->model)
                                 && g_str_equal (version->version, walk->version)
                           : version->callable)
        found = version;
    }
  return found;
}

static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Walk *walk = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GPtrArray) versions = assay_client_list_finish (ASSAY_CLIENT (source), result, &error);
  AssayModelVersion *chosen;

  if (versions == NULL)
    {
      judge (task, error);
      return;
    }
  pass_sign_in (task);
  walk->result->versions = g_ptr_array_ref (versions);
  chosen = choose (walk, versions);
  if (chosen != NULL && chosen->callable)
    {
      assay_set_string (&walk->model, chosen->model);
      assay_set_string (&walk->version, chosen->version);
      ask_about_picture (task);
      return;
    }
  pass_permission (task);
  if (!has_model (walk))
    error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                                 _("The service has no model that can be asked."));
  else
    error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                         chosen == NULL ? _("The service has no version %s of a model “%s”.")
                                        : _("Version %s of the model “%s” is not deployed."),
                         walk->version, walk->model);
  fail_with (task, ASSAY_STEP_MODEL, dup_choices (versions), error);
}

static void
ask_for_models (GTask *task)
{
  assay_client_list_async (g_task_get_source_object (task), g_task_get_cancellable (task),
                           listed_cb, g_object_ref (task));
}

static void
classified_cb (GObject *source,
               GAsyncResult *result,
               gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Walk *walk = g_task_get_task_data (task);
  GError *canceled = NULL;
  AssayExchange exchange = { 0 };
  g_autoptr(AssayOutcome) outcome = assay_client_classify_finish (ASSAY_CLIENT (source), result,
                                                                  &exchange, &canceled);
  const GError *error = outcome != NULL ? assay_outcome_get_error (outcome) : canceled;
  g_autofree char *raw = NULL;

  /* A service may have no taste for gray; that it says so is an answer. */
  if (error != NULL && !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED))
    {
      judge (task, outcome != NULL ? g_error_copy (error) : canceled);
      return;
    }
  pass_permission (task);
  walk->result->model = assay_display_text (walk->model, -1, 255);
  walk->result->seconds = exchange.seconds;
  raw = g_strdup_printf (_("%s, version %s, answers"), walk->model, walk->version);
  tell (task, ASSAY_STEP_MODEL, ASSAY_STEP_PASSED, assay_display_text (raw, -1, 255));
  end_walk (task);
}

static void
ask_about_picture (GTask *task)
{
  AssayClient *self = g_task_get_source_object (task);
  Walk *walk = g_task_get_task_data (task);
  g_autoptr(GBytes) picture = g_bytes_new_static (PICTURE, sizeof PICTURE);
  g_autoptr(AssayPayload) payload = assay_payload_new_bytes ("test.png", "image/png", picture);
  g_autoptr(AssayTarget) target = assay_target_new (
      assay_connection_get_id (assay_client_get_connection (self)), walk->model, walk->version);

  assay_client_classify_async (self, target, payload, g_task_get_cancellable (task), classified_cb,
                               g_object_ref (task));
}

/* ---- the way in ---- */

static gboolean
add_place (Walk *walk,
           const char *url,
           GError **error)
{
  g_autoptr(GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, error);
  gboolean tls;
  Place *place;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return FALSE;
  tls = g_strcmp0 (g_uri_get_scheme (uri), "https") == 0;
  place = g_new0 (Place, 1);
  place->tls = tls;
  place->here = assay_endpoint_is_loopback (url);
  place->name = assay_network_dup_place (url);
  place->host = g_strdup (g_uri_get_host (uri));
  place->url = g_strconcat (tls ? "https://" : "http://", place->name, NULL);
  place->address = g_network_address_parse_uri (place->url, tls ? 443 : 80, error);
  for (guint i = 0; i < walk->places->len && place != NULL; i++)
    if (g_str_equal (((Place *) walk->places->pdata[i])->url, place->url))
      g_clear_pointer (&place, place_free);
  if (place == NULL)
    return TRUE;
  g_ptr_array_add (walk->places, place);
  return place->address != NULL;
}

static gboolean
add_places (Walk *walk,
            AssayConnection *connection,
            GError **error)
{
  const char *urls[] = {
    assay_connection_get_url (connection),
    assay_connection_get_models_url (connection),
    assay_connection_get_auth (connection) == ASSAY_AUTH_OAUTH
        ? assay_connection_get_token_url (connection)
        : "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    if (*urls[i] != '\0' && !add_place (walk, urls[i], error))
      return FALSE;
  return TRUE;
}

/**
 * assay_client_test_async:
 * @model: (nullable): the model to ask, %NULL for the one asked last, or else any
 * @version: (nullable): its version
 * @tested: (nullable): called after each step, on the main thread
 * @tested_data: for @tested
 * @cancellable: (nullable): takes effect at once
 *
 * Tries one step after the other until one fails.  Of a service that knows a model
 * one picture is asked, a gray square of Assay's own.
 */
void
assay_client_test_async (AssayClient *self,
                         const char *model,
                         const char *version,
                         AssayClientTested tested,
                         gpointer tested_data,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr(GTask) task = NULL;
  AssayConnection *connection;
  GError *error = NULL;
  Walk *walk;

  g_return_if_fail (ASSAY_IS_CLIENT (self));

  connection = assay_client_get_connection (self);
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_client_test_async);
  walk = g_new0 (Walk, 1);
  walk->result = g_new0 (AssayClientTest, 1);
  walk->tested = tested;
  walk->tested_data = tested_data;
  walk->places = g_ptr_array_new_with_free_func (place_free);
  walk->model = g_strdup (model != NULL ? model : assay_connection_get_last_model (connection));
  walk->version = g_strdup (model != NULL ? version
                                          : assay_connection_get_last_version (connection));
  g_task_set_task_data (task, walk, walk_free);
  if (add_places (walk, connection, &error))
    look_up_next (task);
  else
    {
      g_clear_error (&error);
      fail (task, ASSAY_STEP_LOOKUP,
            g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_USAGE,
                                 _("The connection has an address that is none.")));
    }
}

/**
 * assay_client_test_finish:
 * @error: %G_IO_ERROR_CANCELLED and nothing else
 *
 * Returns: (transfer full) (nullable): all that was found; a step that failed is
 *   no error
 */
AssayClientTest *
assay_client_test_finish (AssayClient *self,
                          GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (ASSAY_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
