/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "assay-error.h"
#include "assay-file-private.h"
#include "assay-intake.h"
#include "assay-limits.h"
#include "assay-members-private.h"
#include "assay-parcel-private.h"

/* A batch that isn't full goes out after so long, so that the first pictures
 * of a slow disk show at once. */
#define BATCH_MICROSECONDS (50 * 1000)

#define CHILD_ATTRIBUTES \
  G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE "," \
  G_FILE_ATTRIBUTE_STANDARD_IS_SYMLINK

/* Where batches go.  The caller's function and its data are touched in the
 * caller's main context alone: the worker only hands over a reference. */
typedef struct {
  AssayIntakeBatch batch;
  gpointer data;
  GDestroyNotify destroy;
  GCancellable *cancellable;
} Sink;

/* One walk.  Belongs to the worker thread once that has started. */
typedef struct {
  GPtrArray *files;           /* (element-type GFile) */
  gboolean keep_archives;
  gboolean send_archives;
  AssaySpool *spool;          /* (nullable): the process's own */
  Sink *sink;                 /* (atomic rc box) */
  GMainContext *context;
  int priority;
  GCancellable *cancellable;
  GPtrArray *pending;         /* (element-type AssaySource) */
  gint64 flushed;
  AssayIntakeSummary *summary;
} Walk;

/* A folder being walked and, through parent, those that it is in. */
typedef struct Place Place;
struct Place {
  const Place *parent;
  const char *group;
  char *id;                   /* (nullable) the file system's own name for it */
  guint depth;
};

typedef struct {
  char *name;
  GFileType type;
  gboolean link;
} Child;

static void
sink_clear (gpointer data)
{
  Sink *self = data;

  /* Only unused data is left here: close_cb() has taken it otherwise. */
  g_clear_object (&self->cancellable);
}

static void
walk_free (gpointer data)
{
  Walk *self = data;

  g_ptr_array_unref (self->files);
  g_clear_pointer (&self->spool, assay_spool_unref);
  g_atomic_rc_box_release_full (self->sink, sink_clear);
  g_main_context_unref (self->context);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->pending);
  g_clear_pointer (&self->summary, assay_intake_summary_free);
  g_free (self);
}

static void
left_out_free (gpointer data)
{
  AssayLeftOut *self = data;

  g_free (self->path);
  g_free (self->reason);
  g_free (self);
}

void
assay_intake_summary_free (AssayIntakeSummary *self)
{
  g_ptr_array_unref (self->left_out);
  g_free (self);
}

static void
child_free (gpointer data)
{
  Child *self = data;

  g_free (self->name);
  g_free (self);
}

typedef struct {
  Sink *sink;
  GPtrArray *sources;
} Delivery;

static void
delivery_free (gpointer data)
{
  Delivery *self = data;

  g_atomic_rc_box_release_full (self->sink, sink_clear);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_free (self);
}

static gboolean
deliver_cb (gpointer data)
{
  Delivery *self = data;

  if (!g_cancellable_is_cancelled (self->sink->cancellable))
    self->sink->batch (self->sources, self->sink->data);
  return G_SOURCE_REMOVE;
}

static gboolean
close_cb (gpointer data)
{
  Delivery *self = data;

  if (self->sink->destroy != NULL)
    self->sink->destroy (g_steal_pointer (&self->sink->data));
  return G_SOURCE_REMOVE;
}

/* Never g_main_context_invoke(): that may run here, on the worker, when nobody
 * happens to be iterating the context. */
static void
post (Walk *self,
      GSourceFunc function,
      GPtrArray *sources)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Delivery *delivery = g_new0 (Delivery, 1);

  delivery->sink = g_atomic_rc_box_acquire (self->sink);
  delivery->sources = sources;
  g_source_set_priority (source, self->priority);
  g_source_set_callback (source, function, delivery, delivery_free);
  g_source_set_static_name (source, "[assay] intake");
  g_source_attach (source, self->context);
}

static void
flush (Walk *self)
{
  self->flushed = g_get_monotonic_time ();
  if (self->pending->len == 0)
    return;
  post (self, deliver_cb, g_steal_pointer (&self->pending));
  self->pending = g_ptr_array_new_with_free_func (g_object_unref);
}

/* Takes @source. */
static void
take_source (Walk *self,
             AssaySource *source)
{
  g_ptr_array_add (self->pending, source);
  self->summary->n_sources++;
  if (self->pending->len >= ASSAY_LIMIT_WALK_BATCH
      || g_get_monotonic_time () - self->flushed >= BATCH_MICROSECONDS)
    flush (self);
}

static void
add_source (Walk *self,
            GFile *file,
            const char *group,
            guint64 size,
            const AssayFacts *facts,
            const GError *error)
{
  take_source (self, assay_source_new_file (file, group, size, facts, error));
}

static void
note_left_out (Walk *self,
               const char *path,
               const char *reason)
{
  AssayLeftOut *left_out;

  self->summary->n_left_out++;
  if (self->summary->left_out->len >= ASSAY_LIMIT_LEFT_OUT)
    return;
  left_out = g_new0 (AssayLeftOut, 1);
  left_out->path = g_strdup (path);
  left_out->reason = g_strdup (reason);
  g_ptr_array_add (self->summary->left_out, left_out);
}

static void
leave_out (Walk *self,
           GFile *file,
           const char *reason)
{
  g_autofree char *path = assay_file_dup_path (file);

  note_left_out (self, path, reason);
}

static gssize
read_native_head (const char *path,
                  guint8 *head,
                  guint64 *size,
                  GError **error)
{
  struct stat info;
  gssize got;
  int fd = assay_file_open_native (path, &info, error);

  if (fd < 0)
    return -1;
  *size = info.st_size;
  got = assay_file_pread (fd, 0, head, ASSAY_LIMIT_PROBE_HEAD, error);
  close (fd);
  return got;
}

static gssize
read_foreign_head (GFile *file,
                   guint8 *head,
                   guint64 *size,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GFileInfo) info = NULL;
  GError *reason = NULL;
  gsize got = 0;

  stream = assay_file_open_foreign (file, cancellable, error);
  if (stream == NULL)
    return -1;
  if (!g_input_stream_read_all (stream, head, ASSAY_LIMIT_PROBE_HEAD, &got, cancellable, &reason))
    {
      assay_file_take_error (error, reason);
      return -1;
    }
  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
                            cancellable, NULL);
  *size = info != NULL ? (guint64) MAX (0, g_file_info_get_size (info)) : 0;
  return got;
}

/* What a look at the first bytes tells. */
typedef struct {
  AssayFacts facts;
  guint64 size;
  GError *error;              /* (nullable) why it can't be sent */
} Look;

static void
look_at (Walk *self,
         GFile *file,
         Look *look)
{
  guint8 head[ASSAY_LIMIT_PROBE_HEAD];
  gssize got;

  *look = (Look) { .facts.orientation = 1 };
  if (g_file_is_native (file))
    got = read_native_head (g_file_peek_path (file), head, &look->size, &look->error);
  else
    got = read_foreign_head (file, head, &look->size, self->cancellable, &look->error);
  if (got < 0)
    return;
  if (assay_file_judge_head (head, got, &look->facts, &look->error)
      && look->size > ASSAY_LIMIT_FILE_BYTES)
    look->error = assay_file_new_too_large ();
}

/* Inside a folder a file has a row when it is a picture by its content, or one
 * by its name (a broken picture must not vanish among the notes), or when it
 * can't be looked at. */
static gboolean
deserves_row (const Look *look,
              const char *name)
{
  return look->error == NULL || assay_file_is_picture (look->facts.format) || assay_file_claims_picture (name)
         || g_error_matches (look->error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
}

static void
give_member (gpointer walk,
             AssaySource *source)
{
  take_source (walk, source);
}

static void
leave_member_out (gpointer walk,
                  const char *path,
                  const char *reason)
{
  note_left_out (walk, path, reason);
}

/* An archive without a picture: what is named has a row, and in a folder it is
 * one more file that was left out, unless its members were. */
static void
take_empty_archive (Walk *self,
                    GFile *file,
                    const Place *place,
                    const Look *look,
                    const AssayMembersCount *count)
{
  g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE,
                                                  _("There are no pictures in this archive"));

  if (place == NULL)
    add_source (self, file, NULL, look->size, &look->facts, error);
  else if (count->n_left_out == 0)
    leave_out (self, file, error->message);
}

/* Its pictures are grouped under it; one that breaks has a row of its own, which
 * comes after what could be read. */
static void
take_archive (Walk *self,
              GFile *file,
              const char *name,
              const Place *place,
              const Look *look)
{
  const AssayMembersSink sink = { give_member, leave_member_out, self };
  const char *above = place != NULL ? place->group : NULL;
  g_autofree char *group = above != NULL ? g_build_filename (above, name, NULL) : g_strdup (name);
  AssaySpool *spool = self->spool != NULL ? self->spool : assay_spool_get_default (NULL);
  g_autoptr (GError) error = NULL;
  AssayMembersCount count;

  assay_members_walk (file, group, spool, &sink, &count, self->cancellable, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (error != NULL)
    add_source (self, file, count.n_given > 0 ? group : above, look->size, &look->facts, error);
  else if (count.n_given == 0)
    take_empty_archive (self, file, place, look, &count);
}

/* All of its members at once: whoever asks about them asks about all of them. */
static void
give_parcel (Walk *self,
             GPtrArray *sources)
{
  flush (self);
  self->summary->n_sources += sources->len;
  post (self, deliver_cb, g_ptr_array_ref (sources));
}

/* An archive that is sent as it is, or the reason why it can't be. */
static void
take_parcel (Walk *self,
             GFile *file,
             const char *name,
             const Place *place,
             const Look *look)
{
  const char *above = place != NULL ? place->group : NULL;
  g_autofree char *group = above != NULL ? g_build_filename (above, name, NULL) : g_strdup (name);
  AssaySpool *spool = self->spool != NULL ? self->spool : assay_spool_get_default (NULL);
  g_autoptr (GPtrArray) sources = NULL;
  g_autoptr (GError) error = NULL;
  AssaySource *source;

  sources = assay_parcel_check (file, look->facts.format, group, spool, self->cancellable, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (sources != NULL)
    {
      give_parcel (self, sources);
      return;
    }
  source = assay_source_new_file (file, above, look->size, &look->facts, error);
  assay_source_set_unfit (source);
  take_source (self, source);
}

static void
take_file (Walk *self,
           GFile *file,
           const Place *place)
{
  g_autofree char *name = assay_file_dup_name (file);
  Look look;

  look_at (self, file, &look);
  if (assay_format_is_archive (look.facts.format) && self->send_archives)
    take_parcel (self, file, name, place, &look);
  else if (assay_format_is_archive (look.facts.format) && !self->keep_archives)
    take_archive (self, file, name, place, &look);
  else if (place == NULL || deserves_row (&look, name))
    add_source (self, file, place != NULL ? place->group : NULL, look.size, &look.facts,
                look.error);
  else
    leave_out (self, file, look.error->message);
  g_clear_error (&look.error);
}

/* Orders names as people count: "img2" before "img10", else byte by byte; the
 * same in every language. */
static int
compare_names (const char *a,
               const char *b)
{
  const char *p = a;
  const char *q = b;

  while (*p != '\0' && *q != '\0')
    {
      gsize digits_p = strspn (p, "0123456789");
      gsize digits_q = strspn (q, "0123456789");

      if (digits_p > 0 && digits_q > 0)
        {
          gsize zeros_p = MIN (strspn (p, "0"), digits_p - 1);
          gsize zeros_q = MIN (strspn (q, "0"), digits_q - 1);
          int order;

          if (digits_p - zeros_p != digits_q - zeros_q)
            return digits_p - zeros_p < digits_q - zeros_q ? -1 : 1;
          order = memcmp (p + zeros_p, q + zeros_q, digits_p - zeros_p);
          if (order != 0)
            return order;
          p += digits_p;
          q += digits_q;
        }
      else if (*p != *q)
        return (guchar) *p < (guchar) *q ? -1 : 1;
      else
        {
          p++;
          q++;
        }
    }
  if (*p != '\0' || *q != '\0')
    return *p != '\0' ? 1 : -1;
  return strcmp (a, b);
}

static int
compare_children (gconstpointer a,
                  gconstpointer b)
{
  return compare_names ((*(Child *const *) a)->name, (*(Child *const *) b)->name);
}

/* The folder's entries in order.  What was read before an error is kept. */
static GPtrArray *
list_children (Walk *self,
               GFile *folder,
               GError **error)
{
  g_autoptr (GPtrArray) children = g_ptr_array_new_with_free_func (child_free);
  g_autoptr (GFileEnumerator) enumerator = NULL;
  GError *reason = NULL;

  enumerator = g_file_enumerate_children (folder, CHILD_ATTRIBUTES, G_FILE_QUERY_INFO_NONE,
                                          self->cancellable, &reason);
  while (reason == NULL)
    {
      GFileInfo *info;
      Child *child;

      if (!g_file_enumerator_iterate (enumerator, &info, NULL, self->cancellable, &reason)
          || info == NULL)
        break;
      child = g_new0 (Child, 1);
      child->name = g_strdup (g_file_info_get_name (info));
      child->type = g_file_info_get_file_type (info);
      child->link = g_file_info_get_is_symlink (info);
      g_ptr_array_add (children, child);
    }
  if (reason != NULL)
    assay_file_take_error (error, reason);
  g_ptr_array_sort (children, compare_children);
  return g_steal_pointer (&children);
}

static gboolean
is_inside_itself (const Place *place)
{
  if (place->id == NULL)
    return FALSE;
  for (const Place *above = place->parent; above != NULL; above = above->parent)
    if (g_strcmp0 (above->id, place->id) == 0)
      return TRUE;
  return FALSE;
}

static char *
dup_id (Walk *self,
        GFile *folder)
{
  g_autoptr (GFileInfo) info = NULL;

  info = g_file_query_info (folder, G_FILE_ATTRIBUTE_ID_FILE, G_FILE_QUERY_INFO_NONE,
                            self->cancellable, NULL);
  if (info == NULL)
    return NULL;
  return g_strdup (g_file_info_get_attribute_string (info, G_FILE_ATTRIBUTE_ID_FILE));
}

static void walk_folder (Walk *self, GFile *folder, const char *group, const Place *parent);

static void
take_child (Walk *self,
            GFile *folder,
            const Child *child,
            const Place *place)
{
  g_autoptr (GFile) file = g_file_get_child (folder, child->name);

  if (child->name[0] == '.')
    leave_out (self, file, _("It is hidden"));
  else if (child->type != G_FILE_TYPE_DIRECTORY)
    take_file (self, file, place);
  else if (child->link)
    leave_out (self, file, _("Links to folders aren't followed"));
}

static void
descend (Walk *self,
         GFile *folder,
         const Child *child,
         const Place *place)
{
  g_autoptr (GFile) below = g_file_get_child (folder, child->name);
  g_autofree char *group = g_build_filename (place->group, child->name, NULL);

  walk_folder (self, below, group, place);
}

/* Files first, then the folders inside, so that a folder's pictures stay
 * together. */
static void
walk_children (Walk *self,
               GFile *folder,
               GPtrArray *children,
               const Place *place)
{
  for (guint i = 0; i < children->len && !g_cancellable_is_cancelled (self->cancellable); i++)
    take_child (self, folder, g_ptr_array_index (children, i), place);

  for (guint i = 0; i < children->len && !g_cancellable_is_cancelled (self->cancellable); i++)
    {
      Child *child = g_ptr_array_index (children, i);

      if (child->name[0] != '.' && child->type == G_FILE_TYPE_DIRECTORY && !child->link)
        descend (self, folder, child, place);
    }
}

static void
add_folder_error (Walk *self,
                  GFile *folder,
                  const char *group,
                  int code,
                  const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, code, message);

  add_source (self, folder, group, 0, NULL, error);
}

static void
walk_folder (Walk *self,
             GFile *folder,
             const char *group,
             const Place *parent)
{
  g_autofree char *id = dup_id (self, folder);
  Place place = { parent, group, id, parent != NULL ? parent->depth + 1 : 1 };
  g_autoptr (GPtrArray) children = NULL;
  g_autoptr (GError) error = NULL;
  guint before = self->summary->n_sources;

  if (is_inside_itself (&place))
    {
      leave_out (self, folder, _("The folder contains itself"));
      return;
    }
  if (place.depth > ASSAY_LIMIT_WALK_DEPTH)
    {
      add_folder_error (self, folder, parent->group, ASSAY_ERROR_UNREADABLE,
                        _("Folders are nested too deep here; add this one by itself"));
      return;
    }

  children = list_children (self, folder, &error);
  walk_children (self, folder, children, &place);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (error != NULL)
    add_source (self, folder, parent != NULL ? parent->group : NULL, 0, NULL, error);
  else if (parent == NULL && self->summary->n_sources == before)
    add_folder_error (self, folder, NULL, ASSAY_ERROR_NOT_AN_IMAGE,
                      _("There are no pictures in this folder"));
}

static void
walk_named (Walk *self,
            GFile *file)
{
  GFileType type = g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, self->cancellable);
  g_autofree char *name = NULL;

  if (type != G_FILE_TYPE_DIRECTORY)
    {
      take_file (self, file, NULL);
      return;
    }
  name = assay_file_dup_name (file);
  walk_folder (self, file, name, NULL);
}

static void
walk_worker (GTask *task,
             gpointer source_object,
             gpointer task_data,
             GCancellable *cancellable)
{
  Walk *self = task_data;

  self->flushed = g_get_monotonic_time ();
  for (guint i = 0; i < self->files->len && !g_cancellable_is_cancelled (cancellable); i++)
    walk_named (self, g_ptr_array_index (self->files, i));

  flush (self);
  post (self, close_cb, NULL);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&self->summary),
                           (GDestroyNotify) assay_intake_summary_free);
}

static AssayIntakeSummary *
summary_new (void)
{
  AssayIntakeSummary *self = g_new0 (AssayIntakeSummary, 1);

  self->left_out = g_ptr_array_new_with_free_func (left_out_free);
  return self;
}

/**
 * assay_intake_walk_async:
 * @files: what a person names: files and folders, anywhere that GIO reaches
 * @n_files: how many
 * @batch: gets the sources as they are found
 * @batch_data: for @batch
 * @batch_destroy: (nullable): frees @batch_data, in the same context, when no
 *   batch follows
 * @cancellable: (nullable): stops the walk; no batch comes after it is canceled
 * @callback: called when the walk has ended, after the last batch
 * @data: for @callback
 *
 * Walks files, folders and archives on a worker thread and looks at the first
 * bytes of each file.
 *
 * What is named has a source even when it can't be sent: it then carries the
 * reason, an empty folder and an archive without a picture too.  A link that is named is
 * followed.  Inside folders, pictures have a source (also those that are
 * pictures only by their name, and what can't be read, each with its reason);
 * everything else is left out and counted: other files, hidden ones, links to
 * folders (links to files are followed), and a folder that contains itself.
 * Folders go down to %ASSAY_LIMIT_WALK_DEPTH.
 *
 * Order: as named; in a folder the files first and then the folders, each by
 * name, numbers by their value.  A source's group is the name of the folder
 * that was named and the way down from it ("holiday/beach"); what was named
 * itself has none.  Pipes, sockets and devices are never read.
 *
 * Archives (zip, tar, gzip; by content) are opened, wherever they are met, and
 * their members are taken as files in a folder are, in the archive's order and
 * with the archive as their group; they go to the spool as they are first read.
 * Left out and counted are also links, devices, members behind a password, what
 * macOS notes in `__MACOSX/`, and archives inside archives.  One that is
 * damaged, unpacks to too much, or is all behind a password has a source of its
 * own after what could be read, and that says where it broke; so has one that
 * was named and holds no picture.
 */
void
assay_intake_walk_async (GFile *const *files,
                         guint n_files,
                         AssayIntakeBatch batch,
                         gpointer batch_data,
                         GDestroyNotify batch_destroy,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  assay_intake_walk_full_async (files, n_files, NULL, batch, batch_data, batch_destroy,
                                cancellable, callback, data);
}

/**
 * assay_intake_walk_full_async:
 * @options: (nullable): what isn't as usual; only read here
 *
 * assay_intake_walk_async() with options.
 */
void
assay_intake_walk_full_async (GFile *const *files,
                              guint n_files,
                              const AssayIntakeOptions *options,
                              AssayIntakeBatch batch,
                              gpointer batch_data,
                              GDestroyNotify batch_destroy,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Walk *walk;

  g_return_if_fail (files != NULL || n_files == 0);
  g_return_if_fail (batch != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, assay_intake_walk_async);

  walk = g_new0 (Walk, 1);
  walk->files = g_ptr_array_new_full (n_files, g_object_unref);
  for (guint i = 0; i < n_files; i++)
    g_ptr_array_add (walk->files, g_object_ref (files[i]));
  walk->keep_archives = options != NULL && options->keep_archives;
  walk->send_archives = options != NULL && options->send_archives;
  if (options != NULL && options->spool != NULL)
    walk->spool = assay_spool_ref (options->spool);
  walk->sink = g_atomic_rc_box_new0 (Sink);
  walk->sink->batch = batch;
  walk->sink->data = batch_data;
  walk->sink->destroy = batch_destroy;
  walk->sink->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  walk->context = g_main_context_ref (g_task_get_context (task));
  walk->priority = g_task_get_priority (task);
  walk->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  walk->pending = g_ptr_array_new_with_free_func (g_object_unref);
  walk->summary = summary_new ();
  g_task_set_task_data (task, walk, walk_free);
  g_task_run_in_thread (task, walk_worker);
}

/**
 * assay_intake_walk_finish:
 * @error: %G_IO_ERROR_CANCELLED, and nothing else: what goes wrong with a file
 *   is that file's source
 *
 * Returns: (transfer full) (nullable): what was found and left out
 */
AssayIntakeSummary *
assay_intake_walk_finish (GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, assay_intake_walk_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
