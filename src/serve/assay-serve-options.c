/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-serve-options.h"

#define DEFAULT_LISTEN "127.0.0.1:8500"
#define DEFAULT_CLIENT "assay"

/* As typed. */
typedef struct {
  char **models;
  char *listen;
  char **hosts;
  char *client;
  char *secret_file;
  int workers;
  int timeout;
  gboolean no_auth;
  gboolean print_connection;
  gboolean version;
  char *check;
  char *labels;
  char *preprocess;
} Typed;

static void
typed_clear (Typed *typed)
{
  g_strfreev (typed->models);
  g_free (typed->listen);
  g_strfreev (typed->hosts);
  g_free (typed->client);
  g_free (typed->secret_file);
  g_free (typed->check);
  g_free (typed->labels);
  g_free (typed->preprocess);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static gboolean
parse (Typed *typed,
       char **arguments,
       GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  const GOptionEntry entries[] = {
    { "models", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &typed->models,
      N_("Serve the models in DIR (MODEL/VERSION/model.onnx); may be repeated"), N_("DIR") },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &typed->listen,
      N_("Listen here; port 0 is any free port (127.0.0.1:8500)"), N_("ADDRESS:PORT") },
    { "host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &typed->hosts,
      N_("Clients may call the service by this name too; may be repeated"), N_("NAME") },
    { "client", 0, 0, G_OPTION_ARG_STRING, &typed->client,
      N_("Id of the client that may sign in (assay)"), N_("ID") },
    { "client-secret-file", 0, 0, G_OPTION_ARG_FILENAME, &typed->secret_file,
      N_("Its secret, the first line of FILE; - for standard input, whose end ends the service"),
      N_("FILE") },
    { "no-auth", 0, 0, G_OPTION_ARG_NONE, &typed->no_auth,
      N_("Let anyone on this machine in"), NULL },
    { "workers", 0, 0, G_OPTION_ARG_INT, &typed->workers,
      N_("Classify on N threads (one for each processor)"), N_("N") },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &typed->timeout,
      N_("Give up a request that takes longer to arrive, or a third of it without a byte (60)"),
      N_("SECONDS") },
    { "print-connection", 0, 0, G_OPTION_ARG_NONE, &typed->print_connection,
      N_("Print a service key once it listens; without a secret, one is made up"), NULL },
    { "check", 0, 0, G_OPTION_ARG_FILENAME, &typed->check,
      N_("Load and run a network once, tell in JSON what it is or what it lacks, and exit"),
      N_("FILE") },
    { "labels", 0, 0, G_OPTION_ARG_FILENAME, &typed->labels,
      N_("With --check: its labels, a line each"), N_("FILE") },
    { "preprocess", 0, 0, G_OPTION_ARG_STRING, &typed->preprocess,
      N_("With --check: how pictures are made ready for it, such as imagenet"), N_("TEXT") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &typed->version,
      N_("Print the version and exit"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) copy = g_strdupv (arguments);

  g_option_context_set_summary (context, _("Serves image classification models over HTTP."));
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse_strv (context, &copy, error))
    return FALSE;
  if (g_strv_length (copy) <= 1)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("Unexpected argument: %s"), copy[1]);
  return FALSE;
}

/* ADDRESS:PORT with an address in figures ([…] around IPv6) or localhost. */
static GSocketAddress *
parse_listen (const char *text,
              GError **error)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = NULL;
  g_autoptr (GInetAddress) address = NULL;
  guint64 port = 0;

  if (colon != NULL && g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &port, NULL))
    {
      host = text[0] == '[' && colon > text + 1 && colon[-1] == ']'
               ? g_strndup (text + 1, colon - text - 2)
               : g_strndup (text, colon - text);
      address = g_strcmp0 (host, "localhost") == 0
                  ? g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4)
                  : g_inet_address_new_from_string (host);
    }
  if (address == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("Not an address to listen on: %s. Give one like %s."), text, DEFAULT_LISTEN);
      return NULL;
    }
  return g_inet_socket_address_new (address, port);
}

static const char *
find_program_folder (char path[PATH_MAX])
{
  gssize length = readlink ("/proc/self/exe", path, PATH_MAX - 1);

  if (length <= 0)
    return NULL;
  path[length] = '\0';
  *strrchr (path, '/') = '\0';
  return path;
}

/* Where they are installed, or where the build lays them. */
static char *
find_models (GError **error)
{
  char path[PATH_MAX];
  const char *folder = find_program_folder (path);
  gboolean built = folder != NULL && g_str_has_suffix (folder, "/src/serve");
  g_autofree char *models = NULL;

  if (folder != NULL)
    models = g_build_filename (folder, built ? "../../data/models" : "../share/assay/models", NULL);
  if (models != NULL && g_file_test (models, G_FILE_TEST_IS_DIR))
    return g_canonicalize_filename (models, NULL);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       _("No models are installed. Say where they are with --models DIR."));
  return NULL;
}

static gboolean
take_folders (AssayServeOptions *self,
              Typed *typed,
              GError **error)
{
  if (typed->models == NULL)
    {
      char *found = find_models (error);

      if (found == NULL)
        return FALSE;
      self->folders = g_new0 (char *, 2);
      self->folders[0] = found;
      return TRUE;
    }
  for (guint i = 0; typed->models[i] != NULL; i++)
    if (!g_file_test (typed->models[i], G_FILE_TEST_IS_DIR))
      {
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                     _("Not a folder: %s"), typed->models[i]);
        return FALSE;
      }
  self->folders = g_steal_pointer (&typed->models);
  return TRUE;
}

/* Reads no byte further than the line's end: what follows on standard input is
 * somebody else's to read. */
static char *
read_line (int descriptor)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char byte;
  gssize n;

  do
    {
      n = read (descriptor, &byte, 1);
      if (n == 1 && byte != '\n')
        g_string_append_c (line, byte);
    }
  while ((n == 1 && byte != '\n' && line->len < ASSAY_LIMIT_SECRET_BYTES) ||
         (n < 0 && errno == EINTR));
  return g_strchomp (g_strdup (line->str));
}

static char *
read_secret (const char *path,
             GError **error)
{
  gboolean on_stdin = strcmp (path, "-") == 0;
  int descriptor = on_stdin ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC);
  g_autofree char *secret = NULL;

  if (descriptor < 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("The secret cannot be read from %s: %s"), path, g_strerror (errno));
      return NULL;
    }
  secret = read_line (descriptor);
  if (!on_stdin)
    close (descriptor);
  if (secret[0] != '\0' && g_utf8_validate (secret, -1, NULL))
    return g_steal_pointer (&secret);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("No secret is in the first line of %s"),
               on_stdin ? _("standard input") : path);
  return NULL;
}

static char *
make_secret (GError **error)
{
  char *secret = assay_serve_auth_dup_random ();

  if (secret == NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                         _("The system has no random bits to make a secret of"));
  return secret;
}

static gboolean
is_client (const char *client)
{
  return client[0] != '\0' && strchr (client, ':') == NULL &&
         strlen (client) <= ASSAY_LIMIT_SECRET_BYTES && g_utf8_validate (client, -1, NULL);
}

static gboolean
take_auth (AssayServeOptions *self,
           const Typed *typed,
           GError **error)
{
  const char *client = typed->client != NULL ? typed->client : DEFAULT_CLIENT;
  g_autofree char *secret = NULL;
  const char *wrong = NULL;

  if (typed->no_auth)
    {
      if (typed->client != NULL || typed->secret_file != NULL)
        wrong = _("--no-auth goes with neither --client nor --client-secret-file");
      else if (!g_inet_address_get_is_loopback (
                 g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (self->address))))
        wrong = _("Other machines can reach this address: --no-auth is for the loopback alone");
    }
  else if (typed->secret_file == NULL && !typed->print_connection)
    wrong = _("Say who may sign in: --client-secret-file FILE, --print-connection or --no-auth");
  else if (!is_client (client))
    wrong = _("A client's id is text without a colon");

  if (wrong != NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, wrong);
      return FALSE;
    }
  if (typed->no_auth)
    return TRUE;
  self->secret_on_stdin = g_strcmp0 (typed->secret_file, "-") == 0;
  secret = typed->secret_file != NULL ? read_secret (typed->secret_file, error)
                                      : make_secret (error);
  if (secret == NULL)
    return FALSE;
  self->auth = assay_serve_auth_new (client, secret);
  return TRUE;
}

/* A name or an address, with or without a port. */
static gboolean
is_host (const char *host)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._:[]";

  return host[0] != '\0' && host[0] != ':' && host[strspn (host, allowed)] == '\0' &&
         strlen (host) <= ASSAY_LIMIT_HOST_BYTES;
}

static gboolean
take_hosts (AssayServeOptions *self,
            Typed *typed,
            GError **error)
{
  guint n = typed->hosts != NULL ? g_strv_length (typed->hosts) : 0;

  if (n > ASSAY_LIMIT_HOSTS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("--host can be given %d times at most"), ASSAY_LIMIT_HOSTS);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (!is_host (typed->hosts[i]))
      {
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                     _("Not a name of a computer: %s. Give one like models.example.org."),
                     typed->hosts[i]);
        return FALSE;
      }
  self->hosts = g_steal_pointer (&typed->hosts);
  return TRUE;
}

static gboolean
take_numbers (AssayServeOptions *self,
              const Typed *typed,
              GError **error)
{
  if (typed->workers < 0 || typed->workers > ASSAY_LIMIT_WORKERS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("--workers takes 1 to %d"), ASSAY_LIMIT_WORKERS);
      return FALSE;
    }
  if (typed->timeout < 1 || typed->timeout > ASSAY_LIMIT_TIMEOUT)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("--timeout takes 1 to %d seconds"), ASSAY_LIMIT_TIMEOUT);
      return FALSE;
    }
  self->workers = typed->workers > 0 ? (guint) typed->workers
                                     : MIN (g_get_num_processors (), ASSAY_LIMIT_WORKERS);
  self->timeout = typed->timeout;
  return TRUE;
}

/* A check serves nobody. */
static gboolean
take_check (AssayServeOptions *self,
            Typed *typed,
            GError **error)
{
  if (typed->check == NULL && (typed->labels != NULL || typed->preprocess != NULL))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("--labels and --preprocess go with --check"));
      return FALSE;
    }
  self->check = g_steal_pointer (&typed->check);
  self->labels = g_steal_pointer (&typed->labels);
  self->preprocess = g_steal_pointer (&typed->preprocess);
  return TRUE;
}

/**
 * assay_serve_options_read:
 * @self: (out caller-allocates): cleared by the caller, also after an error
 * @arguments: (array zero-terminated=1): the command line, program first
 * @error: what is wrong with it
 *
 * Reads and checks the command line, and the secret from its file.  “--help”
 * prints and exits.
 *
 * Returns: whether it can be done
 */
gboolean
assay_serve_options_read (AssayServeOptions *self,
                          char **arguments,
                          GError **error)
{
  g_auto (Typed) typed = { .timeout = ASSAY_LIMIT_REQUEST_SECONDS };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (arguments != NULL, FALSE);

  *self = (AssayServeOptions) { 0 };
  if (!parse (&typed, arguments, error))
    return FALSE;
  self->version = typed.version;
  self->print_connection = typed.print_connection;
  if (!take_check (self, &typed, error))
    return FALSE;
  if (self->version || self->check != NULL)
    return TRUE;

  if (!take_numbers (self, &typed, error))
    return FALSE;
  self->address = parse_listen (typed.listen != NULL ? typed.listen : DEFAULT_LISTEN, error);
  return self->address != NULL &&
         take_hosts (self, &typed, error) &&
         take_folders (self, &typed, error) &&
         take_auth (self, &typed, error);
}

void
assay_serve_options_clear (AssayServeOptions *self)
{
  g_clear_pointer (&self->folders, g_strfreev);
  g_clear_pointer (&self->hosts, g_strfreev);
  g_clear_object (&self->address);
  g_clear_pointer (&self->auth, assay_serve_auth_free);
  g_clear_pointer (&self->check, g_free);
  g_clear_pointer (&self->labels, g_free);
  g_clear_pointer (&self->preprocess, g_free);
}
