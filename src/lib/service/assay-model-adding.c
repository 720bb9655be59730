/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The user's own models: MODEL/VERSION/{model.onnx,labels.txt,model.json} in a folder
 * beside those that come with Assay, as assay-serve reads them.
 *
 * A version is made in a hidden folder beside its place, looked at there (so that what
 * was tried is what is kept), and renamed into its place: it is there whole or not at
 * all, and what is there is never written over. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "assay-builtin.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-model-adding.h"

#define HIDDEN ".adding-"
#define HIDDEN_DAYS 1        /* after which nobody works on it any more */
#define TRIES 100            /* versions that others may take meanwhile */

/* One that is being added.  The hidden folder is this one's as long as @hidden is set. */
typedef struct {
  GFile *onnx;
  GFile *labels;             /* (nullable) */
  char *preprocess;          /* (nullable) */
  char *name;
  char *root;                /* the folder of the user's models */
  char *hidden;              /* (nullable) */
  AssayModelExam *exam;      /* (nullable) */
} Adding;

/* A version's folder is flat. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_unlink (child);
    }
  g_rmdir (path);
}

static void
adding_free (Adding *self)
{
  if (self->hidden != NULL)
    remove_folder (self->hidden);
  g_clear_object (&self->onnx);
  g_clear_object (&self->labels);
  g_clear_pointer (&self->exam, assay_model_exam_free);
  g_free (self->preprocess);
  g_free (self->name);
  g_free (self->root);
  g_free (self->hidden);
  g_free (self);
}

/**
 * assay_added_model_free:
 * @self: (transfer full): what was added
 */
void
assay_added_model_free (AssayAddedModel *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->exam, assay_model_exam_free);
  g_free (self->name);
  g_free (self->version);
  g_free (self);
}

static gboolean
is_safe (gunichar c)
{
  return g_unichar_isalnum (c) || c == '-' || c == '_' || c == '.';
}

/**
 * assay_model_adding_check_name:
 * @name: of a model or a version
 * @error: %ASSAY_ERROR_USAGE with what a name may be
 *
 * A model is called by letters, digits, “-”, “_” and “.”, not the last at its start, of at
 * most %ASSAY_LIMIT_MODEL_NAME_BYTES.
 *
 * Returns: whether it can be called so
 */
gboolean
assay_model_adding_check_name (const char *name,
                               GError **error)
{
  gboolean good;

  g_return_val_if_fail (name != NULL, FALSE);

  good = name[0] != '\0' && name[0] != '.' && g_utf8_validate (name, -1, NULL) &&
         strlen (name) <= ASSAY_LIMIT_MODEL_NAME_BYTES;
  for (const char *at = name; good && *at != '\0'; at = g_utf8_next_char (at))
    good = is_safe (g_utf8_get_char (at));
  if (!good)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("A model’s name has letters, digits, “-”, “_” and “.”, begins with no “.” "
                   "and is no longer than %d bytes"), ASSAY_LIMIT_MODEL_NAME_BYTES);
  return good;
}

static gboolean
has_model (const char *name)
{
  g_autofree char *shipped = assay_builtin_dup_models_dir ();
  g_autofree char *own = assay_builtin_dup_own_models_dir ();
  g_autofree char *in_shipped = g_build_filename (shipped, name, NULL);
  g_autofree char *in_own = g_build_filename (own, name, NULL);

  return g_file_test (in_shipped, G_FILE_TEST_IS_DIR) || g_file_test (in_own, G_FILE_TEST_IS_DIR);
}

/* Every file that is called so says nothing of itself; its folder may. */
static char *
dup_telling_name (GFile *onnx)
{
  g_autoptr (GFile) at = g_object_ref (onnx);
  g_autofree char *name = NULL;

  for (guint up = 0; at != NULL && up < 3; up++)
    {
      g_autofree char *base = g_file_get_basename (at);
      g_autofree char *shown = base != NULL ? g_filename_display_name (base) : g_strdup ("");
      GFile *parent = g_file_get_parent (at);
      char *dot = up == 0 ? strrchr (shown, '.') : NULL;

      if (dot != NULL)
        *dot = '\0';
      g_set_object (&at, parent);
      g_clear_object (&parent);
      g_free (name);
      name = g_steal_pointer (&shown);
      if (!g_str_equal (name, "model") && name[strspn (name, "0123456789")] != '\0')
        break;
    }
  return g_steal_pointer (&name);
}

/* "flowers-v3" is most likely a version of "flowers", if that is there. */
static char *
dup_without_version (const char *name)
{
  gsize length = strlen (name);

  while (length > 0 && g_ascii_isdigit (name[length - 1]))
    length--;
  if (length == strlen (name))
    return NULL;
  if (length > 0 && (name[length - 1] == 'v' || name[length - 1] == 'V'))
    length--;
  while (length > 0 && strchr ("-_.", name[length - 1]) != NULL)
    length--;
  return length > 0 ? g_strndup (name, length) : NULL;
}

/**
 * assay_model_adding_propose_name:
 * @onnx: a file
 *
 * Makes a model's name of a file's: of one that is there where only a number follows.
 * Blocks for a few system calls.
 *
 * Returns: (transfer full): a name that can be used
 */
char *
assay_model_adding_propose_name (GFile *onnx)
{
  g_autofree char *telling = NULL;
  g_autofree char *shorter = NULL;
  g_autoptr (GString) name = g_string_new (NULL);

  g_return_val_if_fail (G_IS_FILE (onnx), NULL);

  telling = dup_telling_name (onnx);
  for (const char *at = telling; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (name->len >= ASSAY_LIMIT_MODEL_NAME_BYTES - 6)
        break;
      if (is_safe (c) && (c != '.' || name->len > 0))
        g_string_append_unichar (name, c);
      else if (name->len > 0 && name->str[name->len - 1] != '-')
        g_string_append_c (name, '-');
    }
  if (name->len > 0 && name->str[name->len - 1] == '-')
    g_string_truncate (name, name->len - 1);
  shorter = dup_without_version (name->str);
  if (shorter != NULL && has_model (shorter))
    return g_steal_pointer (&shorter);
  return g_strdup (name->len > 0 ? name->str : "model");
}

/* The highest number that a version in that folder begins with, and which. */
static void
raise_version (const char *root,
               const char *name,
               guint64 *highest,
               char **latest)
{
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *version;

  while (dir != NULL && (version = g_dir_read_name (dir)) != NULL)
    {
      guint64 number = g_ascii_strtoull (version, NULL, 10);

      if (!g_ascii_isdigit (version[0]) || number >= G_MAXUINT32 || number <= *highest)
        continue;
      *highest = number;
      g_free (*latest);
      *latest = g_strdup (version);
    }
}

/**
 * assay_model_adding_dup_version:
 * @name: of a model
 * @latest: (out) (optional) (nullable): the version before, %NULL for a new model
 *
 * Blocks for a few system calls.
 *
 * Returns: (transfer full): what the next version of that model is called: a number above
 *   all of those that come with Assay and of the user's own
 */
char *
assay_model_adding_dup_version (const char *name,
                                char **latest)
{
  g_autofree char *shipped = assay_builtin_dup_models_dir ();
  g_autofree char *own = assay_builtin_dup_own_models_dir ();
  g_autofree char *before = NULL;
  guint64 highest = 0;

  g_return_val_if_fail (name != NULL, NULL);

  raise_version (shipped, name, &highest, &before);
  raise_version (own, name, &highest, &before);
  if (latest != NULL)
    *latest = g_steal_pointer (&before);
  return g_strdup_printf ("%" G_GUINT64_FORMAT, highest + 1);
}

static void
set_not_saved (GError **error,
               int number)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED,
               _("The model can’t be kept in the folder of your models: %s"), g_strerror (number));
}

/* What a process has left that was ended in the middle. */
static void
sweep (const char *root)
{
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  gint64 old = g_get_real_time () / G_USEC_PER_SEC - HIDDEN_DAYS * 24 * 60 * 60;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (root, name, NULL);
      GStatBuf facts;

      if (g_str_has_prefix (name, HIDDEN) && g_lstat (path, &facts) == 0 &&
          S_ISDIR (facts.st_mode) && facts.st_mtime < old)
        remove_folder (path);
    }
}

static gboolean
make_hidden (Adding *self,
             GError **error)
{
  g_autofree char *template = g_build_filename (self->root, HIDDEN "XXXXXX", NULL);

  if (g_mkdir_with_parents (self->root, 0700) != 0 || g_mkdtemp (template) == NULL)
    {
      set_not_saved (error, errno);
      return FALSE;
    }
  self->hidden = g_steal_pointer (&template);
  return TRUE;
}

/* A file as a whole, if it is no larger than that. */
static gboolean
copy (GFile *from,
      const char *folder,
      const char *name,
      goffset limit,
      GCancellable *cancellable,
      GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) to = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = NULL;

  info = g_file_query_info (from, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                            G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, _("It is not a file"));
  else if (g_file_info_get_size (info) > limit)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE, _("It is larger than %d MiB"),
                 (int) (limit / (1024 * 1024)));
  else
    return g_file_copy (from, to, G_FILE_COPY_TARGET_DEFAULT_PERMS, cancellable, NULL, NULL, error);
  return FALSE;
}

static gboolean
copy_named (GFile *from,
            const char *folder,
            const char *name,
            goffset limit,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *base = NULL;
  g_autofree char *shown = NULL;

  if (copy (from, folder, name, limit, cancellable, &local))
    return TRUE;
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  base = g_file_get_basename (from);
  shown = assay_display_name (base);
  g_set_error (error, ASSAY_ERROR,
               local->domain == ASSAY_ERROR ? local->code : ASSAY_ERROR_UNREADABLE,
               _("“%s” can’t be read: %s"), shown, local->message);
  return FALSE;
}

/* Labels beside the file are beside its copy, too. */
static void
copy_beside (Adding *self,
             GCancellable *cancellable)
{
  g_autoptr (GFile) folder = g_file_get_parent (self->onnx);
  g_autoptr (GFile) beside = folder != NULL ? g_file_get_child (folder, "labels.txt") : NULL;

  if (beside != NULL && !copy (beside, self->hidden, "labels.txt", ASSAY_LIMIT_MODEL_TEXT_BYTES,
                               cancellable, NULL))
    g_debug ("No labels are beside it");
}

static void
copy_worker (GTask *task,
             gpointer source,
             gpointer data,
             GCancellable *cancellable)
{
  Adding *self = data;
  GError *error = NULL;
  gboolean done;

  sweep (self->root);
  done = make_hidden (self, &error) &&
         copy_named (self->onnx, self->hidden, "model.onnx", ASSAY_LIMIT_MODEL_BYTES, cancellable,
                     &error);
  if (done && self->labels == NULL)
    copy_beside (self, cancellable);
  else if (done)
    done = copy_named (self->labels, self->hidden, "labels.txt", ASSAY_LIMIT_MODEL_TEXT_BYTES,
                       cancellable, &error);
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Without labels the scores are called by their places, plainly. */
static char *
dup_label_text (const AssayModelExam *exam)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < exam->n_scores; i++)
    if (exam->labels != NULL)
      g_string_append_printf (text, "%s\n", exam->labels[i]);
    else
      g_string_append_printf (text, "class %u\n", i);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
write_text (const char *folder,
            const char *name,
            const char *text,
            GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT |
                                   G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

/* What is renamed into its place has reached the disk before. */
static gboolean
make_durable (const char *folder,
              GError **error)
{
  g_autofree char *path = g_build_filename (folder, "model.onnx", NULL);
  int descriptor = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean done = descriptor >= 0 && fsync (descriptor) == 0;

  if (!done)
    set_not_saved (error, errno);
  if (descriptor >= 0)
    close (descriptor);
  return done;
}

/* The rename fails where another process has taken that version meanwhile. */
static char *
move_into_place (Adding *self,
                 GError **error)
{
  g_autofree char *model = g_build_filename (self->root, self->name, NULL);

  if (g_mkdir (model, 0700) != 0 && errno != EEXIST)
    {
      set_not_saved (error, errno);
      return NULL;
    }
  for (guint i = 0; i < TRIES; i++)
    {
      g_autofree char *version = assay_model_adding_dup_version (self->name, NULL);
      g_autofree char *place = g_build_filename (model, version, NULL);

      if (g_rename (self->hidden, place) == 0)
        {
          g_clear_pointer (&self->hidden, g_free);
          return g_steal_pointer (&version);
        }
      if (errno != EEXIST && errno != ENOTEMPTY)
        break;
    }
  set_not_saved (error, errno);
  g_rmdir (model);
  return NULL;
}

static void
place_worker (GTask *task,
              gpointer source,
              gpointer data,
              GCancellable *cancellable)
{
  Adding *self = data;
  g_autofree char *labels = dup_label_text (self->exam);
  g_autoptr (GError) error = NULL;
  char *version = NULL;

  if (!write_text (self->hidden, "labels.txt", labels, &error) ||
      !write_text (self->hidden, "model.json", self->exam->model, &error))
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED, "%s", error->message);
      return;
    }
  if (make_durable (self->hidden, &error) &&
      !g_cancellable_set_error_if_cancelled (cancellable, &error))
    version = move_into_place (self, &error);
  if (version != NULL)
    g_task_return_pointer (task, version, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
placed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Adding *self = g_task_get_task_data (task);
  GError *error = NULL;
  char *version = g_task_propagate_pointer (G_TASK (result), &error);
  AssayAddedModel *added;

  if (version == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  added = g_new0 (AssayAddedModel, 1);
  added->name = g_strdup (self->name);
  added->version = version;
  added->exam = g_steal_pointer (&self->exam);
  g_task_return_pointer (task, added, (GDestroyNotify) assay_added_model_free);
}

/* Runs @worker on a thread with the same data; there is one user of it at a time. */
static void
go_on (GTask *task,
       GTaskThreadFunc worker,
       GAsyncReadyCallback callback)
{
  g_autoptr (GTask) step = g_task_new (NULL, g_task_get_cancellable (task), callback,
                                       g_object_ref (task));

  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  /* The end of a step that was canceled is waited for: the data are in use until then. */
  g_task_set_check_cancellable (step, FALSE);
  g_task_run_in_thread (step, worker);
}

static void
examined_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  g_autoptr (GTask) task = data;
  Adding *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->exam = assay_model_exam_finish (result, &error);
  if (self->exam != NULL)
    go_on (task, place_worker, placed_cb);
  else
    g_task_return_error (task, error);
}

static void
copied_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Adding *self = g_task_get_task_data (task);
  g_autoptr (GFile) onnx = NULL;
  g_autoptr (GFile) labels = NULL;
  g_autofree char *path = NULL;
  g_autofree char *labels_path = NULL;
  g_autofree char *name = g_file_get_basename (self->onnx);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }
  path = g_build_filename (self->hidden, "model.onnx", NULL);
  labels_path = g_build_filename (self->hidden, "labels.txt", NULL);
  onnx = g_file_new_for_path (path);
  labels = self->labels != NULL ? g_file_new_for_path (labels_path) : NULL;
  assay_model_exam_async (onnx, labels, self->preprocess, name, g_task_get_cancellable (task),
                          examined_cb, g_object_ref (task));
}

/**
 * assay_model_adding_async:
 * @wish: what is to be added; copied
 * @cancellable: (nullable): leaves nothing behind
 *
 * Copies a network into the folder of the user's models, has it looked at by a process of
 * its own, and makes it the next version of a model; the built-in service, which watches
 * that folder, serves it from then on.  Main context of the caller.
 */
void
assay_model_adding_async (const AssayModelWish *wish,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Adding *self;
  GError *error = NULL;

  g_return_if_fail (wish != NULL && G_IS_FILE (wish->onnx) && wish->name != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, assay_model_adding_async);
  /* Each step looks by itself; what is in its place is there, whatever is wished since. */
  g_task_set_check_cancellable (task, FALSE);
  if (!assay_model_adding_check_name (wish->name, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  self = g_new0 (Adding, 1);
  self->onnx = g_object_ref (wish->onnx);
  g_set_object (&self->labels, wish->labels);
  self->preprocess = g_strdup (wish->preprocess);
  self->name = g_strdup (wish->name);
  self->root = assay_builtin_dup_own_models_dir ();
  g_task_set_task_data (task, self, (GDestroyNotify) adding_free);
  go_on (task, copy_worker, copied_cb);
}

/**
 * assay_model_adding_finish:
 * @error: as of assay_model_exam_finish(); %ASSAY_ERROR_USAGE for the name,
 *   %ASSAY_ERROR_TOO_LARGE, %ASSAY_ERROR_NOT_SAVED
 *
 * Returns: (transfer full) (nullable): the version that is there now
 */
AssayAddedModel *
assay_model_adding_finish (GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* It isn't there, or it isn't the user's. */
static void
set_missing (const char *name,
             const char *version,
             GError **error)
{
  g_autofree char *shipped = assay_builtin_dup_models_dir ();
  g_autofree char *place = g_build_filename (shipped, name, version, NULL);

  if (g_file_test (place, G_FILE_TEST_IS_DIR))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN,
                 _("%s version %s comes with Assay and stays"), name, version);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 _("You have added no %s version %s"), name, version);
}

/**
 * assay_model_adding_remove:
 * @name: of a model
 * @version: of it
 * @error: %ASSAY_ERROR_USAGE, %ASSAY_ERROR_NOT_FOUND, %ASSAY_ERROR_FORBIDDEN for what comes
 *   with Assay, %ASSAY_ERROR_NOT_SAVED
 *
 * Removes a version that the user has added, as a whole; the built-in service sees it.
 * Blocks for a few system calls.
 *
 * Returns: whether it is gone
 */
gboolean
assay_model_adding_remove (const char *name,
                           const char *version,
                           GError **error)
{
  g_autofree char *root = assay_builtin_dup_own_models_dir ();
  g_autofree char *hidden = g_build_filename (root, HIDDEN "XXXXXX", NULL);
  g_autofree char *model = NULL;
  g_autofree char *place = NULL;

  g_return_val_if_fail (name != NULL && version != NULL, FALSE);

  if (!assay_model_adding_check_name (name, error) ||
      !assay_model_adding_check_name (version, error))
    return FALSE;
  model = g_build_filename (root, name, NULL);
  place = g_build_filename (model, version, NULL);
  if (!g_file_test (place, G_FILE_TEST_IS_DIR))
    {
      set_missing (name, version, error);
      return FALSE;
    }
  /* An empty folder gives way to the one that is renamed to it. */
  if (g_mkdtemp (hidden) == NULL || g_rename (place, hidden) != 0)
    {
      set_not_saved (error, errno);
      g_rmdir (hidden);
      return FALSE;
    }
  remove_folder (hidden);
  g_rmdir (model);
  return TRUE;
}
