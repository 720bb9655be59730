/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-copier.h"
#include "assay-display.h"
#include "assay-error.h"

/* Of a folder's or file's name, without the number that tells it from another: most file
 * systems take 255. */
#define MAX_NAME_BYTES 200
#define MAX_ENDING_BYTES 10

/* "roses.jpg", "roses (2).jpg" and so on: then the folder is another one's. */
#define MAX_NUMBER 100000

#define BUFFER_BYTES (64 * 1024)

/* One image to be copied: the source is immutable, so that the thread may have it. */
typedef struct {
  AssaySource *source;
  char *folder;               /* its label, fit to be a name */
  char *name;
} Job;

/* A file that was made, and how it was left: what is otherwise now is somebody's work. */
typedef struct {
  GFile *file;
  guint64 size;
  guint64 modified;           /* µs since 1970 */
} Made;

struct _AssayCopies {
  GArray *files;              /* Made */
  GPtrArray *folders;         /* (element-type GFile): that were made, outer ones first */
  GHashTable *into;           /* names of the folders that got something */
  guint n_left_out;
  guint n_failed;
  char *reason;
};

typedef struct {
  GArray *jobs;
  GFile *folder;
  AssayCopies *copies;
} Copying;

static void
job_clear (gpointer data)
{
  Job *self = data;

  g_object_unref (self->source);
  g_free (self->folder);
  g_free (self->name);
}

static void
made_clear (gpointer data)
{
  g_object_unref (((Made *) data)->file);
}

static AssayCopies *
copies_new (void)
{
  AssayCopies *self = g_new0 (AssayCopies, 1);

  self->files = g_array_new (FALSE, FALSE, sizeof (Made));
  g_array_set_clear_func (self->files, made_clear);
  self->folders = g_ptr_array_new_with_free_func (g_object_unref);
  self->into = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
assay_copies_free (AssayCopies *self)
{
  g_array_unref (self->files);
  g_ptr_array_unref (self->folders);
  g_hash_table_unref (self->into);
  g_free (self->reason);
  g_free (self);
}

static void
copying_free (Copying *self)
{
  g_array_unref (self->jobs);
  g_object_unref (self->folder);
  g_clear_pointer (&self->copies, assay_copies_free);
  g_free (self);
}

/* ---- names ---- */

static gboolean
is_forbidden (char c)
{
  /* What Windows and its file systems refuse too: sticks and shares are often theirs. */
  return g_ascii_iscntrl (c) || strchr ("/\\:*?\"<>|", c) != NULL;
}

/* A picture keeps its ending, by which others know what it is. */
static char *
dup_short (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  const char *ending = strrchr (valid, '.');
  g_autofree char *kept = NULL;

  if (strlen (valid) <= MAX_NAME_BYTES)
    return g_steal_pointer (&valid);
  if (ending != NULL && strlen (ending) <= MAX_ENDING_BYTES)
    kept = g_strdup (ending);
  *g_utf8_find_prev_char (valid, valid + MAX_NAME_BYTES - MAX_ENDING_BYTES + 1) = '\0';
  return g_strconcat (valid, kept, NULL);
}

/* Whatever stands there becomes one name that every file system takes, and never one that
 * leads elsewhere or is hidden. */
static char *
dup_safe_name (const char *text)
{
  g_autofree char *valid = dup_short (text);
  char *name;

  for (char *c = valid; *c != '\0'; c++)
    if (is_forbidden (*c))
      *c = '_';
  g_strstrip (valid);
  for (gsize n = strlen (valid); n > 0 && valid[n - 1] == '.'; n--)
    valid[n - 1] = '_';
  name = g_strdup (*valid != '\0' ? valid : "_");
  if (*name == '.')
    *name = '_';
  return name;
}

/* "a.jpg", "a (2).jpg": the number stands before the ending. */
static char *
dup_numbered_name (const char *name,
                   guint number)
{
  const char *ending = strrchr (name, '.');

  if (number == 1)
    return g_strdup (name);
  if (ending == NULL || ending == name)
    return g_strdup_printf ("%s (%u)", name, number);
  return g_strdup_printf ("%.*s (%u)%s", (int) (ending - name), name, number, ending);
}

/* ---- copying, in the thread ---- */

static gboolean
write_all (GInputStream *input,
           GOutputStream *output,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree guint8 *buffer = g_malloc (BUFFER_BYTES);
  gssize got;

  while ((got = g_input_stream_read (input, buffer, BUFFER_BYTES, cancellable, error)) > 0)
    if (!g_output_stream_write_all (output, buffer, (gsize) got, NULL, cancellable, error))
      return FALSE;
  return got == 0 && g_output_stream_close (output, cancellable, error);
}

static gboolean
query_made (Made *made,
            GError **error)
{
  g_autoptr (GFileInfo) info =
    g_file_query_info (made->file,
                       G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_TIME_MODIFIED ","
                       G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC,
                       G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, error);

  if (info == NULL)
    return FALSE;
  made->size = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_STANDARD_SIZE);
  made->modified =
    g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED) * G_USEC_PER_SEC
    + g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC);
  return TRUE;
}

/* Whatever is there stays: opens a new one beside it. */
static GFileOutputStream *
create_file (GFile *folder,
             const char *name,
             GFile **file,
             GCancellable *cancellable,
             GError **error)
{
  for (guint number = 1; number <= MAX_NUMBER; number++)
    {
      g_autofree char *numbered = dup_numbered_name (name, number);
      g_autoptr (GFile) child = g_file_get_child (folder, numbered);
      g_autoptr (GError) reason = NULL;
      GFileOutputStream *stream = g_file_create (child, G_FILE_CREATE_NONE, cancellable, &reason);

      if (stream != NULL)
        {
          *file = g_steal_pointer (&child);
          return stream;
        }
      if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s", g_strerror (EEXIST));
  return NULL;
}

/* A half file is none. */
static gboolean
copy_into (Job *job,
           GFile *folder,
           AssayCopies *copies,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GInputStream) input = assay_source_open (job->source, cancellable, error);
  g_autoptr (GFileOutputStream) output = NULL;
  Made made = { 0 };

  if (input == NULL)
    return FALSE;
  output = create_file (folder, job->name, &made.file, cancellable, error);
  if (output == NULL)
    return FALSE;
  if (!write_all (input, G_OUTPUT_STREAM (output), cancellable, error)
      || !query_made (&made, error))
    {
      g_output_stream_close (G_OUTPUT_STREAM (output), NULL, NULL);
      g_file_delete (made.file, NULL, NULL);
      g_object_unref (made.file);
      return FALSE;
    }
  g_array_append_val (copies->files, made);
  return TRUE;
}

static gboolean
ensure_folder (GFile *folder,
               AssayCopies *copies,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (g_file_make_directory (folder, cancellable, &reason))
    {
      g_ptr_array_add (copies->folders, g_object_ref (folder));
      return TRUE;
    }
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_EXISTS))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
copy_one (Copying *self,
          Job *job,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GFile) folder = g_file_get_child (self->folder, job->folder);

  if (!ensure_folder (folder, self->copies, cancellable, error)
      || !copy_into (job, folder, self->copies, cancellable, error))
    return FALSE;
  g_hash_table_add (self->copies->into, g_strdup (job->folder));
  return TRUE;
}

/* Whether the others would meet with the same. */
static gboolean
is_of_place (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

static void
note_failure (AssayCopies *copies,
              Job *job,
              const GError *error)
{
  g_autofree char *shown = NULL;

  copies->n_failed++;
  if (copies->reason != NULL)
    return;
  shown = assay_display_name (job->name);
  copies->reason = g_strdup_printf (_("“%s” can’t be copied: %s"), shown, error->message);
}

static guint undo (AssayCopies *self);

static void
copy_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  Copying *self = data;

  for (guint i = 0; i < self->jobs->len; i++)
    {
      Job *job = &g_array_index (self->jobs, Job, i);
      g_autoptr (GError) error = NULL;

      if (copy_one (self, job, cancellable, &error))
        continue;
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          undo (self->copies);
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
      note_failure (self->copies, job, error);
      if (!is_of_place (error))
        continue;
      self->copies->n_failed += self->jobs->len - i - 1;
      break;
    }
  g_task_return_pointer (task, g_steal_pointer (&self->copies), (GDestroyNotify) assay_copies_free);
}

/* ---- from the main thread ---- */

static const char *
find_label (AssayItem *item,
            AssayTarget *target)
{
  AssayAnswer *answer = target != NULL ? assay_item_find_answer (item, target) : NULL;
  AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;

  return prediction != NULL ? assay_prediction_get_label (prediction, 0) : NULL;
}

static void
add_job (Copying *self,
         AssayItem *item,
         const char *label)
{
  Job job;

  if (label == NULL)
    {
      self->copies->n_left_out++;
      return;
    }
  job.source = g_object_ref (assay_item_get_source (item));
  job.folder = dup_safe_name (label);
  job.name = dup_safe_name (assay_item_get_name (item));
  g_array_append_val (self->jobs, job);
}

/**
 * assay_copier_copy_async:
 * @items: (element-type AssayItem) (transfer none): the images
 * @target: (nullable) (transfer none): whose most probable label counts
 * @folder: into which to copy; it must be there
 *
 * Copies the original bytes of each image, those of members of archives too, into a folder
 * within @folder that is named by its label.  A file that is there stays as it is: the new
 * one gets a number.  What is in the way of one image is noted, and the others are copied;
 * what would be in the way of all, as a disk that is full, ends it.  Cancelling takes back
 * what was copied.  The work is done in a thread, the call is the main thread's.
 */
void
assay_copier_copy_async (GPtrArray *items,
                         AssayTarget *target,
                         GFile *folder,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Copying *self;

  g_return_if_fail (items != NULL);
  g_return_if_fail (G_IS_FILE (folder));

  self = g_new0 (Copying, 1);
  self->jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  g_array_set_clear_func (self->jobs, job_clear);
  self->folder = g_object_ref (folder);
  self->copies = copies_new ();
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);

      add_job (self, item, find_label (item, target));
    }
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, assay_copier_copy_async);
  /* What was copied is told of, whatever was canceled after the last one. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, (GDestroyNotify) copying_free);
  g_task_run_in_thread (task, copy_in_thread);
}

/**
 * assay_copier_copy_finish:
 * @error: %G_IO_ERROR_CANCELLED alone
 *
 * Returns: (transfer full) (nullable): what was copied, and what was not
 */
AssayCopies *
assay_copier_copy_finish (GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

guint
assay_copies_get_n (AssayCopies *self)
{
  return self->files->len;
}

guint
assay_copies_get_n_folders (AssayCopies *self)
{
  return g_hash_table_size (self->into);
}

guint
assay_copies_get_n_left_out (AssayCopies *self)
{
  return self->n_left_out;
}

guint
assay_copies_get_n_failed (AssayCopies *self)
{
  return self->n_failed;
}

const char *
assay_copies_get_reason (AssayCopies *self)
{
  return self->reason;
}

/* ---- undo ---- */

/* Returns how many files stay because they are no longer what was copied. */
static guint
undo (AssayCopies *self)
{
  guint n_kept = 0;

  for (guint i = 0; i < self->files->len; i++)
    {
      const Made *made = &g_array_index (self->files, Made, i);
      Made now = { .file = made->file };

      if (!query_made (&now, NULL))
        continue;               /* somebody took it away already */
      if (now.size != made->size || now.modified != made->modified
          || !g_file_delete (made->file, NULL, NULL))
        n_kept++;
    }
  /* One in which something else lies stays by itself. */
  for (guint i = self->folders->len; i > 0; i--)
    g_file_delete (g_ptr_array_index (self->folders, i - 1), NULL, NULL);
  return n_kept;
}

static void
undo_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  g_task_return_int (task, undo (data));
}

/**
 * assay_copies_undo_async:
 * @self: (transfer full): what was copied
 *
 * Deletes the files that are still as they were copied, and the folders that were made for
 * them and are empty now.
 */
void
assay_copies_undo_async (AssayCopies *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, assay_copies_undo_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, (GDestroyNotify) assay_copies_free);
  g_task_run_in_thread (task, undo_in_thread);
}

/**
 * assay_copies_undo_finish:
 *
 * Returns: how many files stay, because they were changed since or can't be deleted
 */
guint
assay_copies_undo_finish (GAsyncResult *result)
{
  gssize n_kept;

  g_return_val_if_fail (g_task_is_valid (result, NULL), 0);

  n_kept = g_task_propagate_int (G_TASK (result), NULL);
  return (guint) MAX (n_kept, 0);
}
