/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "assay-cli-input.h"
#include "assay-error.h"
#include "assay-limits.h"

/* What standard input is called where a name is needed. */
#define STDIN_NAME "stdin"

/* Steps are taken one after the other: a walk over the files between two "-",
 * or standard input.  named maps each GFile to the path as it was typed. */
struct _AssayCliInput {
  GPtrArray *steps;           /* (element-type GPtrArray) of GFile; an empty one is stdin */
  GHashTable *named;          /* (element-type GFile filename) */
  guint n_left_out;
  gboolean nul;
  gboolean stdin_taken;
  gboolean send_archives;
};

typedef struct {
  AssayCliInput *input;
  AssayIntakeBatch batch;
  gpointer batch_data;
  guint step;
} Reading;

static void read_next (GTask *task);

/* The absolute path as the kernel sees it.  GFile takes ".." away by its letters,
 * which is another folder where a link was on the way. */
static char *
resolve_path (const char *path)
{
  g_autofree char *parent = NULL;
  g_autofree char *base = NULL;
  char *real, *resolved;

  if (strstr (path, "..") == NULL)
    return g_strdup (path);
  base = g_path_get_basename (path);
  if (g_str_equal (base, "..") || g_str_equal (base, "."))
    {
      real = realpath (path, NULL);
      resolved = g_strdup (real != NULL ? real : path);
    }
  else
    {
      parent = g_path_get_dirname (path);
      real = realpath (parent, NULL);
      resolved = real != NULL ? g_build_filename (real, base, NULL) : g_strdup (path);
    }
  free (real);
  return resolved;
}

static GFile *
new_file (const char *argument)
{
  g_autofree char *path = NULL;

  if (strstr (argument, "://") != NULL && !g_file_test (argument, G_FILE_TEST_EXISTS))
    return g_file_new_for_uri (argument);
  path = resolve_path (argument);
  return g_file_new_for_path (path);
}

static void
add_path (AssayCliInput *self,
          const char *path)
{
  GPtrArray *last = NULL;
  GFile *file = new_file (path);

  if (self->steps->len > 0)
    last = g_ptr_array_index (self->steps, self->steps->len - 1);
  if (last == NULL || last->len == 0)
    {
      last = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (self->steps, last);
    }
  g_ptr_array_add (last, file);
  g_hash_table_insert (self->named, g_object_ref (file), g_strdup (path));
}

static gboolean
take_stdin (AssayCliInput *self,
            GError **error)
{
  if (self->stdin_taken)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("Standard input can be read only once"));
  else if (isatty (STDIN_FILENO))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("“-” reads standard input: send a file or a pipe into it"));
  else
    {
      self->stdin_taken = TRUE;
      return TRUE;
    }
  return FALSE;
}

static gboolean
add_stdin (AssayCliInput *self,
           GError **error)
{
  if (!take_stdin (self, error))
    return FALSE;
  g_ptr_array_add (self->steps, g_ptr_array_new_with_free_func (g_object_unref));
  return TRUE;
}

/* A path a line; what ends a line may not be in a path, so that there is -0. */
static void
add_lines (AssayCliInput *self,
           FILE *file)
{
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  int end = self->nul ? '\0' : '\n';

  while ((length = getdelim (&line, &size, end, file)) > 0)
    {
      if (line[length - 1] == end)
        line[--length] = '\0';
      if (length > 0 && strlen (line) == (size_t) length)
        add_path (self, line);
    }
  free (line);
}

static gboolean
add_list (AssayCliInput *self,
          const char *path,
          GError **error)
{
  gboolean from_stdin = g_str_equal (path, "-");
  FILE *file;
  int code;

  if (from_stdin && !take_stdin (self, error))
    return FALSE;
  file = from_stdin ? stdin : fopen (path, "re");
  code = errno;
  if (file != NULL)
    {
      errno = 0;
      add_lines (self, file);
      code = ferror (file) ? errno : 0;
      if (!from_stdin)
        fclose (file);
      if (code == 0)
        return TRUE;
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("The list “%s” can't be read: %s"), path,
               g_strerror (code));
  return FALSE;
}

/**
 * assay_cli_input_new:
 * @arguments: (nullable): what was typed, any bytes
 * @nul: whether the paths in a list are ended by NUL
 * @stdin_taken: whether standard input is needed for something else
 * @error: %ASSAY_ERROR_USAGE
 *
 * Reads the lists; looks at no picture.
 *
 * Returns: (transfer full) (nullable): the input
 */
AssayCliInput *
assay_cli_input_new (char **arguments,
                     gboolean nul,
                     gboolean stdin_taken,
                     GError **error)
{
  g_autoptr (AssayCliInput) self = g_new0 (AssayCliInput, 1);

  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->named = g_hash_table_new_full (g_file_hash, (GEqualFunc) g_file_equal, g_object_unref,
                                       g_free);
  self->nul = nul;
  self->stdin_taken = stdin_taken;
  if (arguments == NULL || arguments[0] == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Give the pictures: files, folders, archives, “-” or “@LIST”"));
      return NULL;
    }

  for (guint i = 0; arguments[i] != NULL; i++)
    {
      if (g_str_equal (arguments[i], "-"))
        {
          if (!add_stdin (self, error))
            return NULL;
        }
      else if (arguments[i][0] == '@')
        {
          if (!add_list (self, arguments[i] + 1, error))
            return NULL;
        }
      else
        add_path (self, arguments[i]);
    }
  return g_steal_pointer (&self);
}

void
assay_cli_input_free (AssayCliInput *self)
{
  g_ptr_array_unref (self->steps);
  g_hash_table_unref (self->named);
  g_free (self);
}

static void
end_step (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  reading->step++;
  read_next (task);
}

static void
walked_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (AssayIntakeSummary) summary = NULL;
  GError *error = NULL;

  summary = assay_intake_walk_finish (result, &error);
  if (summary == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  reading->input->n_left_out += summary->n_left_out;
  end_step (g_steal_pointer (&task));
}

/* One byte more than may be sent is enough to see that it is too much. */
static void
read_stdin_worker (GTask *task,
                   gpointer source_object,
                   gpointer task_data,
                   GCancellable *cancellable)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (64 * 1024);

  while (bytes->len <= ASSAY_LIMIT_FILE_BYTES)
    {
      gssize got = read (STDIN_FILENO, block, 64 * 1024);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                                   _("Standard input can't be read: %s"), g_strerror (errno));
          return;
        }
      if (got == 0)
        break;
      g_byte_array_append (bytes, block, got);
    }
  g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&bytes)),
                         (GDestroyNotify) g_bytes_unref);
}

static void
stdin_read_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  g_autoptr (GTask) task = data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;

  bytes = g_task_propagate_pointer (G_TASK (result), &error);
  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_ptr_array_add (sources, assay_source_new_bytes (ASSAY_SOURCE_STDIN, STDIN_NAME, bytes));
  reading->batch (sources, reading->batch_data);
  end_step (g_steal_pointer (&task));
}

/* Takes the task. */
static void
read_next (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  const AssayIntakeOptions options = { .send_archives = reading->input->send_archives };
  GPtrArray *files;

  if (reading->step == reading->input->steps->len)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  files = g_ptr_array_index (reading->input->steps, reading->step);
  if (files->len > 0)
    assay_intake_walk_full_async ((GFile *const *) files->pdata, files->len, &options,
                                  reading->batch, reading->batch_data, NULL, cancellable,
                                  walked_cb, task);
  else
    {
      g_autoptr (GTask) reader = g_task_new (NULL, cancellable, stdin_read_cb, task);

      /* Who sends may never end; an interrupt doesn't wait for it. */
      g_task_set_return_on_cancel (reader, TRUE);
      g_task_run_in_thread (reader, read_stdin_worker);
    }
}

/**
 * assay_cli_input_set_send_archives:
 * @send_archives: whether archives are sent as they are, and not opened
 */
void
assay_cli_input_set_send_archives (AssayCliInput *self,
                                   gboolean send_archives)
{
  self->send_archives = send_archives;
}

/**
 * assay_cli_input_read_async:
 * @batch: gets the sources, in the order typed
 *
 * Walks everything that was given.
 */
void
assay_cli_input_read_async (AssayCliInput *self,
                            AssayIntakeBatch batch,
                            gpointer batch_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Reading *reading = g_new0 (Reading, 1);

  g_task_set_source_tag (task, assay_cli_input_read_async);
  reading->input = self;
  reading->batch = batch;
  reading->batch_data = batch_data;
  g_task_set_task_data (task, reading, g_free);
  read_next (task);
}

gboolean
assay_cli_input_read_finish (AssayCliInput *self,
                             GAsyncResult *result,
                             GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * assay_cli_input_get_n_left_out:
 *
 * Returns: files in folders that are no pictures
 */
guint
assay_cli_input_get_n_left_out (AssayCliInput *self)
{
  return self->n_left_out;
}

/**
 * assay_cli_input_dup_path:
 * @source: a source that came from here
 *
 * The path as a person would type it here: what was typed, and from there down;
 * the archive's for a member.
 *
 * Returns: (transfer full): any bytes; "-" for standard input
 */
char *
assay_cli_input_dup_path (AssayCliInput *self,
                          AssaySource *source)
{
  GFile *file = assay_source_get_file (source);
  g_autoptr (GFile) above = NULL;

  if (file == NULL)
    return g_strdup ("-");

  above = g_object_ref (file);
  while (above != NULL)
    {
      const char *typed = g_hash_table_lookup (self->named, above);
      GFile *parent;

      if (typed != NULL)
        {
          g_autofree char *below = g_file_get_relative_path (above, file);

          return below != NULL ? g_build_filename (typed, below, NULL) : g_strdup (typed);
        }
      parent = g_file_get_parent (above);
      g_set_object (&above, parent);
      g_clear_object (&parent);
    }
  return g_strdup (assay_source_get_path (source));
}

/**
 * assay_cli_input_dup_label:
 * @source: a source that came from here
 *
 * Returns: (transfer full): its path, and for a member its name after that, any
 *   bytes
 */
char *
assay_cli_input_dup_label (AssayCliInput *self,
                           AssaySource *source)
{
  g_autofree char *path = assay_cli_input_dup_path (self, source);
  const char *member = assay_source_get_member (source);

  return member != NULL ? g_strconcat (path, "/", member, NULL) : g_steal_pointer (&path);
}
