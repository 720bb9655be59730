/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-error.h"
#include "assay-history-private.h"
#include "assay-limits.h"

#define HASH_BYTES 32

struct _AssayHistory {
  GObject parent_instance;

  char *path;
  AssayStore *store;
  AssayStoreState state;
};

G_DEFINE_FINAL_TYPE (AssayHistory, assay_history, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TROUBLE,
  PROP_N_UNSAVED,
  PROP_NOTICE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
clear_state (AssayStoreState *state)
{
  g_clear_error (&state->trouble);
  g_clear_pointer (&state->notice, g_free);
}

static void
changed_cb (gpointer owner,
            const AssayStoreState *state)
{
  AssayHistory *self = owner;
  AssayStoreState old = self->state;

  self->state.trouble = state->trouble != NULL ? g_error_copy (state->trouble) : NULL;
  self->state.n_unsaved = state->n_unsaved;
  self->state.notice = g_strdup (state->notice);
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
  if (old.n_unsaved != state->n_unsaved)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNSAVED]);
  if (g_strcmp0 (old.notice, state->notice) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTICE]);
  g_object_thaw_notify (G_OBJECT (self));
  clear_state (&old);
}

static void
assay_history_get_property (GObject *object,
                            guint property_id,
                            GValue *value,
                            GParamSpec *pspec)
{
  AssayHistory *self = ASSAY_HISTORY (object);

  switch (property_id)
    {
    case PROP_TROUBLE:
      g_value_set_boxed (value, self->state.trouble);
      break;
    case PROP_N_UNSAVED:
      g_value_set_uint (value, self->state.n_unsaved);
      break;
    case PROP_NOTICE:
      g_value_set_string (value, self->state.notice);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
assay_history_finalize (GObject *object)
{
  AssayHistory *self = ASSAY_HISTORY (object);

  g_clear_pointer (&self->store, assay_store_free);
  g_free (self->path);
  clear_state (&self->state);

  G_OBJECT_CLASS (assay_history_parent_class)->finalize (object);
}

static void
assay_history_class_init (AssayHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = assay_history_get_property;
  object_class->finalize = assay_history_finalize;

  properties[PROP_TROUBLE] = g_param_spec_boxed ("trouble", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_N_UNSAVED] = g_param_spec_uint ("n-unsaved", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_NOTICE] = g_param_spec_string ("notice", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_history_init (AssayHistory *self)
{
}

/**
 * assay_history_dup_default_path:
 *
 * Returns: (transfer full): $XDG_DATA_HOME/assay/history.db
 */
char *
assay_history_dup_default_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "assay", "history.db", NULL);
}

/**
 * assay_history_new:
 * @path: of the file
 *
 * Nothing is opened or made before the first request.  The last reference ends the
 * database's thread and waits for it; assay_history_close_async() before that makes
 * this no wait at all.
 *
 * Returns: (transfer full): the history in that file
 */
AssayHistory *
assay_history_new (const char *path)
{
  AssayHistory *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_HISTORY, NULL);
  self->path = g_canonicalize_filename (path, NULL);
  self->store = assay_store_new (self->path, G_OBJECT (self), changed_cb);
  return self;
}

const char *
assay_history_get_path (AssayHistory *self)
{
  g_return_val_if_fail (ASSAY_IS_HISTORY (self), NULL);

  return self->path;
}

/**
 * assay_history_get_trouble:
 *
 * Returns: (transfer none) (nullable): why the last that was to be kept was not;
 *   %NULL when all is well
 */
const GError *
assay_history_get_trouble (AssayHistory *self)
{
  g_return_val_if_fail (ASSAY_IS_HISTORY (self), NULL);

  return self->state.trouble;
}

/**
 * assay_history_get_n_unsaved:
 *
 * Returns: how many requests were reported as not saved and are tried again
 */
guint
assay_history_get_n_unsaved (AssayHistory *self)
{
  g_return_val_if_fail (ASSAY_IS_HISTORY (self), 0);

  return self->state.n_unsaved;
}

/**
 * assay_history_get_notice:
 *
 * Returns: (transfer none) (nullable): what has to be told about a damaged file,
 *   translated and safe to show
 */
const char *
assay_history_get_notice (AssayHistory *self)
{
  g_return_val_if_fail (ASSAY_IS_HISTORY (self), NULL);

  return self->state.notice;
}

/**
 * assay_history_retry:
 *
 * Tries at once what isn't saved: for a person who has made room.
 */
void
assay_history_retry (AssayHistory *self)
{
  g_return_if_fail (ASSAY_IS_HISTORY (self));

  assay_store_retry (self->store);
}

/* ---- for the other files ---- */

AssayStore *
assay_history_get_store (AssayHistory *self)
{
  return self->store;
}

GTask *
assay_history_make_task (AssayHistory *self,
                         gpointer tag,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  GTask *task = g_task_new (self, cancellable, callback, data);

  g_task_set_source_tag (task, tag);
  return task;
}

gboolean
assay_history_finish (AssayHistory *self,
                      GAsyncResult *result,
                      gpointer tag,
                      GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gpointer
assay_history_finish_value (AssayHistory *self,
                            GAsyncResult *result,
                            gpointer tag,
                            GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Whether @hex is a SHA-256 as this program writes them. */
gboolean
assay_history_is_hash (const char *hex)
{
  return hex != NULL && strlen (hex) == 2 * HASH_BYTES
         && strspn (hex, "0123456789abcdef") == 2 * HASH_BYTES;
}

/* Binds 32 bytes, or NULL for what is no hash. */
void
assay_history_bind_hash (sqlite3_stmt *statement,
                         int index,
                         const char *hex)
{
  guint8 bytes[HASH_BYTES];

  if (!assay_history_is_hash (hex))
    {
      sqlite3_bind_null (statement, index);
      return;
    }
  for (guint i = 0; i < HASH_BYTES; i++)
    bytes[i] = g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]);
  sqlite3_bind_blob (statement, index, bytes, sizeof bytes, SQLITE_TRANSIENT);
}

/* Those that are hashes; of too many the first. */
char **
assay_history_dup_hashes (const char *const *hashes)
{
  g_autoptr (GStrvBuilder) wanted = g_strv_builder_new ();

  for (guint i = 0; i < ASSAY_LIMIT_HISTORY_HASHES && hashes[i] != NULL; i++)
    if (assay_history_is_hash (hashes[i]))
      g_strv_builder_add (wanted, hashes[i]);
  return g_strv_builder_end (wanted);
}

/* Text, even if the file has something else there; NULL for NULL. */
char *
assay_history_dup_text (sqlite3_stmt *row,
                        int column)
{
  const char *text = (const char *) sqlite3_column_text (row, column);

  return text != NULL ? g_utf8_make_valid (text, -1) : NULL;
}

void
assay_history_set_no_run (gint64 run,
                          GError **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, run);

  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
               _("The history has no run %s. List its runs to see their numbers."), number);
}

/* ---- opening and closing ---- */

/* That a job got here means that the file is open. */
static gboolean
open_run (AssayStore *store,
          gpointer data,
          gpointer *result,
          GError **error)
{
  return TRUE;
}

/**
 * assay_history_open_async:
 *
 * Opens the file, makes it or brings it up to date: for whoever wants to know
 * early.  Every other request does so by itself.
 */
void
assay_history_open_async (AssayHistory *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_return_if_fail (ASSAY_IS_HISTORY (self));

  assay_store_push (self->store,
                    assay_history_make_task (self, assay_history_open_async, cancellable, callback,
                                             data),
                    ASSAY_JOB_WRITE_ONCE, open_run, NULL, NULL, NULL);
}

/**
 * assay_history_open_finish:
 * @error: %ASSAY_ERROR_NOT_SAVED when it can't be written; %ASSAY_ERROR_USAGE when
 *   it isn't for this program
 *
 * Returns: whether it is open
 */
gboolean
assay_history_open_finish (AssayHistory *self,
                           GAsyncResult *result,
                           GError **error)
{
  return assay_history_finish (self, result, assay_history_open_async, error);
}

/**
 * assay_history_close_async:
 *
 * Does all that was asked, tries what isn't saved a last time, and closes the file.
 * Runs that were not ended can be resumed from then on.  A further request opens
 * the file again.
 */
void
assay_history_close_async (AssayHistory *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_return_if_fail (ASSAY_IS_HISTORY (self));

  assay_store_push (self->store,
                    assay_history_make_task (self, assay_history_close_async, cancellable, callback,
                                             data),
                    ASSAY_JOB_CLOSE, NULL, NULL, NULL, NULL);
}

/**
 * assay_history_close_finish:
 * @error: why something is not saved
 *
 * Returns: whether all is saved; the file is closed in any case
 */
gboolean
assay_history_close_finish (AssayHistory *self,
                            GAsyncResult *result,
                            GError **error)
{
  return assay_history_finish (self, result, assay_history_close_async, error);
}
