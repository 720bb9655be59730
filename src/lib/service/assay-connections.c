/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "assay-certificate.h"
#include "assay-connections.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-extra-header.h"
#include "assay-limits.h"

/* The key file:
 *
 *   [builtin]                     last-model, last-version, nothing else
 *   [connection ID]               name, protocol, url, models-url, token-url,
 *                                 client-id, ca-file, auth, last-model, last-version;
 *                                 where they are set: api-key-header, fingerprint,
 *                                 headers (a list of "Name: value"), labels (a list),
 *                                 template, body, preprocess, softmax and percent
 *                                 (true), fit-pixels and fit-bytes (numbers)
 *
 * Each save reads the file again and changes only what changed here, so that
 * groups and keys of a newer version, comments, and what another process saved
 * meanwhile all stay.  A connection whose protocol or authentication this
 * version does not know is not listed, and stays in the file as it is. */

#define GROUP_PREFIX "connection "
#define MAX_DAMAGED 1000

struct _AssayConnections {
  GObject parent_instance;

  char *path;
  GPtrArray *connections;      /* (element-type AssayConnection), the built-in one first */
  GHashTable *removed;         /* ids that were removed here */
  guint idle_save;             /* something changed that is not yet written */
  char *blocked;               /* why the file must not be written, or NULL */
};

static const char *const KEYS[] = {
  "name", "url", "models-url", "token-url", "client-id", "ca-file", "last-model", "last-version",
  "api-key-header", "fingerprint", "template", "body", "preprocess",
};

static GType
assay_connections_get_item_type (GListModel *model)
{
  return ASSAY_TYPE_CONNECTION;
}

static guint
assay_connections_get_n_items (GListModel *model)
{
  return ASSAY_CONNECTIONS (model)->connections->len;
}

static gpointer
assay_connections_get_item (GListModel *model,
                            guint position)
{
  AssayConnections *self = ASSAY_CONNECTIONS (model);

  if (position >= self->connections->len)
    return NULL;
  return g_object_ref (self->connections->pdata[position]);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = assay_connections_get_item_type;
  iface->get_n_items = assay_connections_get_n_items;
  iface->get_item = assay_connections_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayConnections, assay_connections, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static gboolean
idle_save_cb (gpointer user_data)
{
  AssayConnections *self = user_data;
  g_autoptr(GError) error = NULL;

  self->idle_save = 0;
  if (!assay_connections_save (self, &error))
    g_debug ("Connections were not saved: %s", error->message);
  return G_SOURCE_REMOVE;
}

/* Several properties often change together: they are written together. */
static void
changed_cb (AssayConnections *self,
            GParamSpec *pspec,
            AssayConnection *connection)
{
  /* Of the built-in one only these two outlive the process. */
  if (assay_connection_is_builtin (connection) && !g_str_equal (pspec->name, "last-model")
      && !g_str_equal (pspec->name, "last-version"))
    return;
  if (self->idle_save == 0)
    self->idle_save = g_idle_add (idle_save_cb, self);
}

static void
append (AssayConnections *self,
        AssayConnection *connection)
{
  g_ptr_array_add (self->connections, g_object_ref (connection));
  g_signal_connect_object (connection, "notify", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

static void
assay_connections_dispose (GObject *object)
{
  AssayConnections *self = ASSAY_CONNECTIONS (object);

  if (self->idle_save != 0)
    {
      g_source_remove (self->idle_save);
      idle_save_cb (self);
    }

  G_OBJECT_CLASS (assay_connections_parent_class)->dispose (object);
}

static void
assay_connections_finalize (GObject *object)
{
  AssayConnections *self = ASSAY_CONNECTIONS (object);

  g_free (self->path);
  g_free (self->blocked);
  g_ptr_array_unref (self->connections);
  g_hash_table_unref (self->removed);

  G_OBJECT_CLASS (assay_connections_parent_class)->finalize (object);
}

static void
assay_connections_class_init (AssayConnectionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_connections_dispose;
  object_class->finalize = assay_connections_finalize;
}

static void
assay_connections_init (AssayConnections *self)
{
  g_autoptr(AssayConnection) builtin = assay_connection_new (ASSAY_CONNECTION_BUILTIN,
                                                             _("Built-in"));

  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_object_set (builtin, "auth", ASSAY_AUTH_OAUTH, NULL);
  append (self, builtin);
}

/**
 * assay_connections_new:
 * @path: (nullable): the key file, or %NULL for the one of this person
 *
 * Returns: (transfer full): a list of the built-in connection alone, until
 *   assay_connections_load()
 */
AssayConnections *
assay_connections_new (const char *path)
{
  AssayConnections *self = g_object_new (ASSAY_TYPE_CONNECTIONS, NULL);

  self->path = path != NULL ? g_strdup (path) : assay_connections_dup_default_path ();
  return self;
}

/**
 * assay_connections_dup_default_path:
 *
 * Returns: (transfer full): $XDG_CONFIG_HOME/assay/connections.conf
 */
char *
assay_connections_dup_default_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "assay", "connections.conf", NULL);
}

static gboolean
parse_auth (const char *nick,
            AssayAuth *auth)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (ASSAY_TYPE_AUTH);
  const GEnumValue *value = nick != NULL ? g_enum_get_value_by_nick (klass, nick) : NULL;

  if (value == NULL)
    return FALSE;
  *auth = value->value;
  return TRUE;
}

static const char *
get_auth_nick (AssayAuth auth)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (ASSAY_TYPE_AUTH);

  return g_enum_get_value (klass, auth)->value_nick;
}

static void
read_keys (AssayConnection *connection,
           GKeyFile *file,
           const char *group)
{
  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++)
    {
      g_autofree char *value = g_key_file_get_string (file, group, KEYS[i], NULL);

      if (value != NULL)
        g_object_set (connection, KEYS[i], value, NULL);
    }
}

static void
read_fit (AssayConnection *connection,
          GKeyFile *file,
          const char *group)
{
  guint64 pixels = g_key_file_get_uint64 (file, group, "fit-pixels", NULL);
  guint64 bytes = g_key_file_get_uint64 (file, group, "fit-bytes", NULL);

  if (pixels <= ASSAY_LIMIT_SIDE)
    g_object_set (connection, "fit-pixels", (guint) pixels, NULL);
  if (bytes <= ASSAY_LIMIT_FILE_BYTES)
    g_object_set (connection, "fit-bytes", bytes, NULL);
}

/* What somebody has written into the file by hand is checked as if typed. */
static void
read_checked (AssayConnection *connection,
              GKeyFile *file,
              const char *group)
{
  g_auto(GStrv) headers = g_key_file_get_string_list (file, group, "headers", NULL, NULL);
  g_auto(GStrv) labels = g_key_file_get_string_list (file, group, "labels", NULL, NULL);
  const char *fingerprint = assay_connection_get_fingerprint (connection);
  g_autofree char *normal = *fingerprint != '\0' ? assay_fingerprint_normalize (fingerprint, NULL)
                                                 : NULL;
  g_autoptr(GError) error = NULL;

  g_object_set (connection, "fingerprint", normal, NULL);
  if (!assay_key_header_check (assay_connection_get_api_key_header (connection), NULL))
    g_object_set (connection, "api-key-header", NULL, NULL);
  read_fit (connection, file, group);
  if (labels != NULL && g_strv_length (labels) <= ASSAY_LIMIT_LABELS)
    assay_connection_set_labels (connection, (const char *const *) labels);
  if (!assay_connection_set_headers (connection, (const char *const *) headers, &error))
    g_debug ("Leaving the headers of “%s” out: %s", group, error->message);
}

static void
read_group (AssayConnections *self,
            GKeyFile *file,
            const char *group)
{
  const char *id = group + strlen (GROUP_PREFIX);
  g_autofree char *protocol = g_key_file_get_string (file, group, "protocol", NULL);
  g_autofree char *auth_nick = g_key_file_get_string (file, group, "auth", NULL);
  g_autofree char *name = g_key_file_get_string (file, group, "name", NULL);
  g_autoptr(AssayConnection) connection = NULL;
  AssayAuth auth;

  if (*id == '\0' || g_str_equal (id, ASSAY_CONNECTION_BUILTIN) || name == NULL
      || protocol == NULL || assay_protocol_find (protocol) == NULL
      || !parse_auth (auth_nick, &auth))
    {
      g_debug ("Leaving the group “%s” of the connections alone", group);
      return;
    }
  connection = assay_connection_new (id, name);
  g_object_set (connection,
                "auth", auth,
                "protocol", protocol,
                "softmax", g_key_file_get_boolean (file, group, "softmax", NULL),
                "percent", g_key_file_get_boolean (file, group, "percent", NULL),
                NULL);
  read_keys (connection, file, group);
  read_checked (connection, file, group);
  append (self, connection);
}

/* Moves a file that cannot be understood out of the way of the next save. */
static gboolean
set_aside (AssayConnections *self,
           const GError *reason,
           GError **error)
{
  g_autofree char *aside = g_strconcat (self->path, ".damaged", NULL);
  g_autofree char *name = NULL;

  for (guint i = 2; g_file_test (aside, G_FILE_TEST_EXISTS) && i < MAX_DAMAGED; i++)
    {
      g_free (aside);
      aside = g_strdup_printf ("%s.damaged-%u", self->path, i);
    }
  if (g_rename (self->path, aside) != 0)
    {
      int code = errno;

      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                   _("The saved connections are damaged (%s), and the file could not be moved "
                     "aside: %s. Nothing will be written to it."),
                   reason->message, g_strerror (code));
      self->blocked = g_strdup (error != NULL ? (*error)->message : "");
      return FALSE;
    }
  name = assay_display_name (aside);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED,
               _("The saved connections could not be understood: %s. They were kept as “%s”."),
               reason->message, name);
  return TRUE;
}

/* Returns NULL with an error when the file must not be written over; a file that
 * does not exist or was set aside is an empty one, the latter with an error. */
static GKeyFile *
read_file (AssayConnections *self,
           GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) raw = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (self->path, &text, &length, &raw))
    {
      if (g_error_matches (raw, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer (&file);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                   _("The saved connections could not be read: %s"), raw->message);
      return NULL;
    }
  if (length == 0
      || g_key_file_load_from_data (file, text, length,
                                    G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, &raw))
    return g_steal_pointer (&file);
  if (!set_aside (self, raw, error))
    return NULL;
  g_key_file_unref (g_steal_pointer (&file));
  return g_key_file_new ();
}

/**
 * assay_connections_load:
 * @error: %ASSAY_ERROR_DAMAGED when the file was not a key file: it was renamed
 *   to end in ".damaged" and the list is that of a first start;
 *   %ASSAY_ERROR_UNREADABLE when it can't be read: nothing will be written then
 *
 * Reads the saved connections, once.  No file is no error.
 *
 * Returns: whether the list is what was saved
 */
gboolean
assay_connections_load (AssayConnections *self,
                        GError **error)
{
  g_autoptr(GKeyFile) file = NULL;
  g_autoptr(GError) reason = NULL;
  g_auto(GStrv) groups = NULL;
  guint before;

  g_return_val_if_fail (ASSAY_IS_CONNECTIONS (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  before = self->connections->len;
  file = read_file (self, &reason);
  if (file == NULL && self->blocked == NULL)
    self->blocked = g_strdup (reason->message);
  groups = file != NULL ? g_key_file_get_groups (file, NULL) : NULL;
  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    {
      if (g_str_equal (groups[i], ASSAY_CONNECTION_BUILTIN))
        {
          g_autofree char *model = g_key_file_get_string (file, groups[i], "last-model", NULL);
          g_autofree char *version = g_key_file_get_string (file, groups[i], "last-version", NULL);

          g_object_set (self->connections->pdata[0], "last-model", model, "last-version", version,
                        NULL);
        }
      else if (g_str_has_prefix (groups[i], GROUP_PREFIX))
        read_group (self, file, groups[i]);
    }
  /* What was just read need not be written. */
  g_clear_handle_id (&self->idle_save, g_source_remove);
  if (self->connections->len > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->connections->len - before);
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static void
write_key (GKeyFile *file,
           const char *group,
           const char *key,
           const char *value)
{
  g_autofree char *old = g_key_file_get_string (file, group, key, NULL);

  if (g_strcmp0 (old != NULL ? old : "", value) != 0)
    g_key_file_set_string (file, group, key, value);
}

static void
write_number (GKeyFile *file,
              const char *group,
              const char *key,
              guint64 value)
{
  if (g_key_file_get_uint64 (file, group, key, NULL) != value)
    g_key_file_set_uint64 (file, group, key, value);
}

static void
write_list (GKeyFile *file,
            const char *group,
            const char *key,
            const char *const *values)
{
  g_auto(GStrv) old = g_key_file_get_string_list (file, group, key, NULL, NULL);
  const char *const none[] = { NULL };

  if (!g_strv_equal (old != NULL ? (const char *const *) old : none, values))
    g_key_file_set_string_list (file, group, key, values, g_strv_length ((char **) values));
}

static void
write_switch (AssayConnection *connection,
              GKeyFile *file,
              const char *group,
              const char *key)
{
  gboolean value;

  g_object_get (connection, key, &value, NULL);
  if (g_key_file_get_boolean (file, group, key, NULL) != value)
    g_key_file_set_boolean (file, group, key, value);
}

static void
write_group (AssayConnection *connection,
             GKeyFile *file)
{
  g_autofree char *group = g_strconcat (GROUP_PREFIX, assay_connection_get_id (connection), NULL);

  if (assay_connection_is_builtin (connection))
    {
      write_key (file, ASSAY_CONNECTION_BUILTIN, "last-model",
                 assay_connection_get_last_model (connection));
      write_key (file, ASSAY_CONNECTION_BUILTIN, "last-version",
                 assay_connection_get_last_version (connection));
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++)
    {
      g_autofree char *value = NULL;

      g_object_get (connection, KEYS[i], &value, NULL);
      write_key (file, group, KEYS[i], value);
    }
  write_list (file, group, "headers", assay_connection_get_headers (connection));
  write_list (file, group, "labels", assay_connection_get_labels (connection));
  write_switch (connection, file, group, "softmax");
  write_switch (connection, file, group, "percent");
  write_number (file, group, "fit-pixels", assay_connection_get_fit_pixels (connection));
  write_number (file, group, "fit-bytes", assay_connection_get_fit_bytes (connection));
  write_key (file, group, "protocol", assay_connection_get_protocol (connection)->id);
  write_key (file, group, "auth", get_auth_nick (assay_connection_get_auth (connection)));
}

static gboolean
write_file (AssayConnections *self,
            GKeyFile *file,
            GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  gsize length;
  g_autofree char *text = g_key_file_to_data (file, &length, NULL);
  g_autoptr(GError) raw = NULL;

  if (g_mkdir_with_parents (folder, 0700) == 0
      && g_file_set_contents_full (self->path, text, length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, &raw))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
               _("The connections could not be saved: %s"),
               raw != NULL ? raw->message : g_strerror (errno));
  return FALSE;
}

/**
 * assay_connections_save:
 * @error: %ASSAY_ERROR_UNREADABLE when the file can't be written
 *
 * Writes what changed, atomically, readable for its owner only.  Adding,
 * removing and changed properties do so by themselves; this is for whoever
 * wants to hear of errors.
 *
 * Returns: whether everything is on disk
 */
gboolean
assay_connections_save (AssayConnections *self,
                        GError **error)
{
  g_autoptr(GKeyFile) file = NULL;
  g_autoptr(GError) reason = NULL;
  GHashTableIter iter;
  gpointer id;

  g_return_val_if_fail (ASSAY_IS_CONNECTIONS (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_clear_handle_id (&self->idle_save, g_source_remove);
  if (self->blocked != NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, self->blocked);
      return FALSE;
    }
  /* A file that was damaged meanwhile has been set aside, and we go on. */
  file = read_file (self, &reason);
  if (file == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  g_hash_table_iter_init (&iter, self->removed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_autofree char *group = g_strconcat (GROUP_PREFIX, id, NULL);

      g_key_file_remove_group (file, group, NULL);
    }
  for (guint i = 0; i < self->connections->len; i++)
    write_group (self->connections->pdata[i], file);
  return write_file (self, file, error);
}

/**
 * assay_connections_find:
 * @id_or_name: an id, or else a name as a person wrote it
 *
 * Returns: (transfer none) (nullable): the connection
 */
AssayConnection *
assay_connections_find (AssayConnections *self,
                        const char *id_or_name)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTIONS (self), NULL);
  g_return_val_if_fail (id_or_name != NULL, NULL);

  for (guint i = 0; i < self->connections->len; i++)
    if (g_str_equal (assay_connection_get_id (self->connections->pdata[i]), id_or_name))
      return self->connections->pdata[i];
  for (guint i = 0; i < self->connections->len; i++)
    if (g_str_equal (assay_connection_get_name (self->connections->pdata[i]), id_or_name))
      return self->connections->pdata[i];
  return NULL;
}

static gboolean
check_new (AssayConnections *self,
           AssayConnection *connection,
           GError **error)
{
  const char *name = assay_connection_get_name (connection);
  g_autofree char *shown = assay_display_text (name, -1, 100);

  if (*name == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("Give the connection a name."));
      return FALSE;
    }
  if (assay_connections_find (self, name) != NULL
      || assay_connections_find (self, assay_connection_get_id (connection)) != NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("There is a connection named “%s” already. Choose another name."), shown);
      return FALSE;
    }
  return TRUE;
}

/**
 * assay_connections_add:
 * @connection: (transfer none): a new one
 * @error: %ASSAY_ERROR_USAGE when the name is missing or taken: then it was not
 *   added; otherwise it was, and could not be saved
 *
 * Returns: whether it was added and saved
 */
gboolean
assay_connections_add (AssayConnections *self,
                       AssayConnection *connection,
                       GError **error)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTIONS (self), FALSE);
  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), FALSE);

  if (!check_new (self, connection, error))
    return FALSE;
  g_hash_table_remove (self->removed, assay_connection_get_id (connection));
  append (self, connection);
  g_list_model_items_changed (G_LIST_MODEL (self), self->connections->len - 1, 0, 1);
  return assay_connections_save (self, error);
}

/**
 * assay_connections_remove:
 * @connection: one of the list
 * @error: %ASSAY_ERROR_USAGE for the built-in one, or as assay_connections_save()
 *
 * Returns: whether it was removed and that was saved
 */
gboolean
assay_connections_remove (AssayConnections *self,
                          AssayConnection *connection,
                          GError **error)
{
  guint position;

  g_return_val_if_fail (ASSAY_IS_CONNECTIONS (self), FALSE);
  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), FALSE);

  if (assay_connection_is_builtin (connection)
      || !g_ptr_array_find (self->connections, connection, &position))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("The built-in connection cannot be removed."));
      return FALSE;
    }
  g_hash_table_add (self->removed, g_strdup (assay_connection_get_id (connection)));
  g_signal_handlers_disconnect_by_func (connection, changed_cb, self);
  g_ptr_array_remove_index (self->connections, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  return assay_connections_save (self, error);
}
