/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-address.h"
#include "assay-builtin.h"
#include "assay-limits.h"
#include "assay-offer-text.h"
#include "assay-session-private.h"

/* The values of the setting "archives". */
enum {
  ARCHIVES_OPEN,
  ARCHIVES_SEND,
};

/* ---- giving ---- */

static void
add_sources (AssaySession *self,
             GPtrArray *sources)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < sources->len; i++)
    g_ptr_array_add (items, assay_item_new (g_ptr_array_index (sources, i)));
  assay_collection_append (self->collection, items);
  assay_session_ask (self, items);
}

void
assay_session_walk_free (gpointer data)
{
  AssaySessionWalk *self = data;

  g_object_unref (self->session);
  g_object_unref (self->cancellable);
  g_free (self);
}

AssaySessionWalk *
assay_session_walk_new (AssaySession *session)
{
  AssaySessionWalk *self = g_new0 (AssaySessionWalk, 1);

  self->session = g_object_ref (session);
  self->cancellable = g_object_ref (session->cancellable);
  return self;
}

static void
walk_batch_cb (GPtrArray *sources,
               gpointer data)
{
  AssaySessionWalk *walk = data;

  if (!g_cancellable_is_cancelled (walk->cancellable))
    add_sources (walk->session, sources);
}

static void
walk_cb (GObject *object,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (AssaySessionWalk) walk = data;
  AssaySession *self = walk->session;
  g_autoptr (AssayIntakeSummary) summary = NULL;
  g_autoptr (GError) error = NULL;

  summary = assay_intake_walk_finish (result, &error);
  self->n_walks--;
  assay_session_rest_when_done (self);
  if (g_cancellable_is_cancelled (walk->cancellable))
    {
      assay_session_emit (self, ASSAY_SESSION_PROGRESS);
      return;
    }
  if (summary == NULL)
    assay_session_say (self, error->message);
  else if (summary->n_left_out > 0)
    {
      self->n_left_out += summary->n_left_out;
      g_ptr_array_add (self->left_out, g_steal_pointer (&summary));
      assay_session_emit (self, ASSAY_SESSION_LEFT_OUT);
    }
  assay_session_tell_progress (self);
}

static char *
dup_pasted_name (AssaySession *self)
{
  return g_strdup_printf (_("Pasted image %u"), ++self->n_pasted);
}

static void
walk_files (AssaySession *self,
            GFile *const *files,
            guint n_files,
            gboolean send_archives)
{
  const AssayIntakeOptions options = { .send_archives = send_archives };

  if (n_files == 0)
    return;
  assay_journal_name_files (self->journal, files, n_files);
  self->n_walks++;
  assay_intake_walk_full_async (files, n_files, &options, walk_batch_cb,
                                assay_session_walk_new (self), assay_session_walk_free,
                                self->cancellable, walk_cb, assay_session_walk_new (self));
  assay_session_emit (self, ASSAY_SESSION_PROGRESS);
}

/* A service that takes no archives gets their pictures one by one, whatever the
 * person likes best. */
static gboolean
sends_archives (AssaySession *self)
{
  if (g_settings_get_enum (self->settings, "archives") != ARCHIVES_SEND)
    return FALSE;
  return self->link == NULL
         || assay_connection_get_protocol (assay_link_get_connection (self->link))->read_archive
              != NULL;
}

static gboolean
is_of_archive (AssayItem *item,
               GFile *file)
{
  AssaySource *source = assay_item_get_source (item);
  GFile *own = assay_source_get_file (source);

  return own != NULL && g_file_equal (own, file)
         && (assay_source_is_unfit (source) || assay_source_get_parcel (source, NULL) != NULL);
}

/**
 * assay_session_can_open_archive:
 * @item: an item of the collection
 *
 * Returns: whether it is, or is of, an archive that was to be sent as it is
 */
gboolean
assay_session_can_open_archive (AssayItem *item)
{
  AssaySource *source;

  g_return_val_if_fail (ASSAY_IS_ITEM (item), FALSE);

  source = assay_item_get_source (item);
  return assay_source_is_unfit (source) || assay_source_get_parcel (source, NULL) != NULL;
}

/**
 * assay_session_open_archive:
 * @item: an item that assay_session_can_open_archive()
 *
 * Opens the archive that it is, or is of, in place of sending it as it is: its
 * rows make room for those of its members.
 */
void
assay_session_open_archive (AssaySession *self,
                            AssayItem *item)
{
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (AssayRemoval) removal = NULL;
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (assay_session_can_open_archive (item));

  file = g_object_ref (assay_source_get_file (assay_item_get_source (item)));
  items = assay_session_collect (self, NULL);
  for (guint i = items->len; i > 0; i--)
    if (!is_of_archive (g_ptr_array_index (items, i - 1), file))
      g_ptr_array_remove_index (items, i - 1);
  removal = assay_session_remove (self, items);
  walk_files (self, &file, 1, FALSE);
}

static char *
dup_address (GFile *file)
{
  g_autofree char *uri = NULL;

  if (!g_file_has_uri_scheme (file, "http") && !g_file_has_uri_scheme (file, "https"))
    return NULL;
  uri = g_file_get_uri (file);
  return assay_address_normalize (uri);
}

/**
 * assay_session_add_files:
 * @files: (array length=n_files): files and folders, of any kind
 * @n_files: how many
 *
 * Gives them to the session: folders are walked, and each thing becomes an item
 * and is asked about.  A file that is an address on the web is fetched as such, not
 * through whatever the desktop has for it, which may know passwords.
 */
void
assay_session_add_files (AssaySession *self,
                         GFile *const *files,
                         guint n_files)
{
  g_autoptr (GPtrArray) here = g_ptr_array_new ();
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (files != NULL || n_files == 0);

  for (guint i = 0; i < n_files; i++)
    {
      char *address = dup_address (files[i]);

      if (address != NULL)
        g_ptr_array_add (addresses, address);
      else
        g_ptr_array_add (here, files[i]);
    }
  assay_session_add_addresses (self, addresses);
  walk_files (self, (GFile *const *) here->pdata, here->len, sends_archives (self));
}

/**
 * assay_session_add_addresses:
 * @addresses: (element-type utf8): of pictures, as assay_address_normalize() makes
 *   them; at most %ASSAY_LIMIT_ADDRESSES are taken, and a person is told of the rest
 *
 * Gives them to the session: each has a row at once, is fetched, and is asked about
 * when it is here.
 */
void
assay_session_add_addresses (AssaySession *self,
                             GPtrArray *addresses)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (addresses != NULL);

  for (guint i = 0; i < MIN (addresses->len, ASSAY_LIMIT_ADDRESSES); i++)
    {
      const char *address = g_ptr_array_index (addresses, i);
      g_autofree char *name = NULL;

      if (assay_address_is_data (address))
        name = dup_pasted_name (self);
      g_ptr_array_add (items, assay_downloads_new_item (address, name != NULL ? name : address));
    }
  if (items->len == 0)
    return;
  assay_collection_append (self->collection, items);
  assay_session_ask (self, items);
  if (addresses->len > items->len)
    {
      g_autofree char *sentence =
        g_strdup_printf (_("Only the first %u web addresses were added"), items->len);

      assay_session_say (self, sentence);
    }
}

static void
encode_worker (GTask *task,
               gpointer source,
               gpointer data,
               GCancellable *cancellable)
{
  GdkTexture *texture = data;
  GBytes *bytes = gdk_texture_save_to_png_bytes (texture);

  g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
}

/**
 * assay_session_add_picture:
 * @bytes: (transfer none): a picture as it was copied or dropped
 * @name: (nullable): what it is called, one of ours if that isn't known
 */
void
assay_session_add_picture (AssaySession *self,
                           GBytes *bytes,
                           const char *name)
{
  g_autoptr (GPtrArray) sources = NULL;
  g_autofree char *ours = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (bytes != NULL);

  sources = g_ptr_array_new_with_free_func (g_object_unref);
  if (name == NULL)
    name = ours = dup_pasted_name (self);
  g_ptr_array_add (sources, assay_source_new_bytes (ASSAY_SOURCE_MEMORY, name, bytes));
  add_sources (self, sources);
}

static void
encode_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  AssaySession *self = ASSAY_SESSION (object);
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), NULL);

  self->n_walks--;
  if (bytes != NULL)
    assay_session_add_picture (self, bytes, NULL);
  assay_session_rest_when_done (self);
  assay_session_emit (self, ASSAY_SESSION_PROGRESS);
}

/**
 * assay_session_add_texture:
 * @texture: (transfer none): pasted or dropped pixels
 *
 * Gives it to the session as a PNG, encoded on a worker thread.
 */
void
assay_session_add_texture (AssaySession *self,
                           GdkTexture *texture)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (GDK_IS_TEXTURE (texture));

  task = g_task_new (self, self->cancellable, encode_cb, NULL);
  g_task_set_source_tag (task, assay_session_add_texture);
  g_task_set_task_data (task, g_object_ref (texture), g_object_unref);
  self->n_walks++;
  g_task_run_in_thread (task, encode_worker);
}

/**
 * assay_text_names_files:
 * @text: dropped or pasted text
 *
 * Returns: whether each of its lines is a path, a file address or one on the web
 */
gboolean
assay_text_names_files (const char *text)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (text != NULL, FALSE);

  return assay_offer_text_read_lines (text, files, addresses);
}

/**
 * assay_session_add_text:
 * @text: paths and addresses, one a line
 *
 * Returns: %FALSE when it isn't that, and nothing was added
 */
gboolean
assay_session_add_text (AssaySession *self,
                        const char *text)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (ASSAY_IS_SESSION (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (!assay_offer_text_read_lines (text, files, addresses))
    return FALSE;
  assay_session_add_files (self, (GFile *const *) files->pdata, files->len);
  assay_session_add_addresses (self, addresses);
  return TRUE;
}

/* The samples are given as files, so that each is a row of its own in no group. */
static void
samples_worker (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  g_autofree char *folder = assay_builtin_dup_samples_dir ();
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *type = g_content_type_guess (name, NULL, 0, NULL);

      if (g_content_type_is_a (type, "image/*"))
        g_ptr_array_add (files, g_file_new_build_filename (folder, name, NULL));
    }
  g_task_return_pointer (task, files, (GDestroyNotify) g_ptr_array_unref);
}

static int
compare_files (gconstpointer a,
               gconstpointer b)
{
  g_autofree char *left = g_file_get_basename (*(GFile *const *) a);
  g_autofree char *right = g_file_get_basename (*(GFile *const *) b);

  return strcmp (left, right);
}

static void
samples_cb (GObject *object,
            GAsyncResult *result,
            gpointer data)
{
  AssaySession *self = ASSAY_SESSION (object);
  g_autoptr (GPtrArray) files = g_task_propagate_pointer (G_TASK (result), NULL);

  if (files == NULL)
    return;
  if (files->len == 0)
    {
      assay_session_say (self, _("The sample pictures are not installed"));
      return;
    }
  g_ptr_array_sort (files, compare_files);
  assay_session_add_files (self, (GFile *const *) files->pdata, files->len);
}

/**
 * assay_session_add_samples:
 *
 * Gives the sample pictures that came with the program to the session, and
 * turns to the built-in service, which knows them.
 */
void
assay_session_add_samples (AssaySession *self)
{
  AssayConnections *connections;
  AssayConnection *builtin;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ASSAY_IS_SESSION (self));

  connections = assay_hub_get_connections (self->hub);
  builtin = assay_connections_find (connections, ASSAY_CONNECTION_BUILTIN);
  if (builtin != NULL)
    assay_session_choose_connection (self, builtin);

  task = g_task_new (self, self->cancellable, samples_cb, NULL);
  g_task_set_source_tag (task, assay_session_add_samples);
  g_task_run_in_thread (task, samples_worker);
}

/* ---- taking away ---- */

/* Takes the items that wait for a service out of the waiting ones; the rest
 * stays in order. */
static GHashTable *
steal_waiting (AssaySession *self,
               GPtrArray *items)
{
  g_autoptr (GHashTable) doomed = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTable *stolen = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);

  if (self->waiting->len == 0)
    return stolen;
  for (guint i = 0; i < items->len; i++)
    g_hash_table_add (doomed, g_ptr_array_index (items, i));
  for (guint i = 0; i < self->waiting->len; i++)
    {
      AssayItem *item = g_object_ref (g_ptr_array_index (self->waiting, i));

      if (g_hash_table_contains (doomed, item))
        g_hash_table_add (stolen, item);
      else
        g_ptr_array_add (kept, item);
    }
  g_ptr_array_unref (self->waiting);
  self->waiting = g_steal_pointer (&kept);
  return stolen;
}

static gboolean
is_on_its_way (AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);

  return assay_source_is_awaited (assay_item_get_source (item))
         || (answer != NULL && !assay_answer_state_is_final (assay_answer_get_state (answer)));
}

static GPtrArray *
new_left_out (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) assay_intake_summary_free);
}

static AssayRemoval *
removal_new (void)
{
  AssayRemoval *self = g_new0 (AssayRemoval, 1);

  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->unfinished = g_ptr_array_new_with_free_func (g_object_unref);
  self->left_out = new_left_out ();
  return self;
}

static AssayRemoval *
take_out (AssaySession *self,
          GPtrArray *items)
{
  g_autoptr (GHashTable) waiting = steal_waiting (self, items);
  AssayRemoval *removal = removal_new ();

  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);

      g_ptr_array_add (removal->items, g_object_ref (item));
      if (is_on_its_way (item) || g_hash_table_contains (waiting, item))
        g_ptr_array_add (removal->unfinished, g_object_ref (item));
      assay_downloads_drop (self->downloads, item);
    }
  assay_collection_remove (self->collection, removal->items);
  return removal;
}

/**
 * assay_session_remove:
 * @items: (element-type AssayItem): items of the collection
 *
 * Takes them out; what is on its way for them is canceled.
 *
 * Returns: (transfer full): what assay_session_restore() needs
 */
AssayRemoval *
assay_session_remove (AssaySession *self,
                      GPtrArray *items)
{
  AssayRemoval *removal;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);
  g_return_val_if_fail (items != NULL, NULL);

  removal = take_out (self, items);
  assay_session_cancel_items (self, removal->items);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
  return removal;
}

static void
take_left_out (AssaySession *self,
               AssayRemoval *removal)
{
  g_ptr_array_unref (removal->left_out);
  removal->left_out = g_steal_pointer (&self->left_out);
  removal->n_left_out = self->n_left_out;
  self->left_out = new_left_out ();
  self->n_left_out = 0;
  assay_session_emit (self, ASSAY_SESSION_LEFT_OUT);
}

/**
 * assay_session_remove_left_out:
 *
 * Forgets which files were left out.
 *
 * Returns: (transfer full): what assay_session_restore() needs
 */
AssayRemoval *
assay_session_remove_left_out (AssaySession *self)
{
  AssayRemoval *removal;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  removal = removal_new ();
  take_left_out (self, removal);
  return removal;
}

/**
 * assay_session_clear:
 *
 * Takes everything out and stops every run and walk.
 *
 * Returns: (transfer full): what assay_session_restore() needs
 */
AssayRemoval *
assay_session_clear (AssaySession *self)
{
  g_autoptr (GPtrArray) items = NULL;
  AssayRemoval *removal;

  g_return_val_if_fail (ASSAY_IS_SESSION (self), NULL);

  items = assay_session_collect (self, NULL);
  removal = take_out (self, items);
  assay_session_cancel (self);
  take_left_out (self, removal);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
  return removal;
}

/* What was left out since stays too, behind it. */
static void
restore_left_out (AssaySession *self,
                  AssayRemoval *removal)
{
  if (removal->n_left_out == 0)
    return;
  g_ptr_array_extend_and_steal (removal->left_out, g_steal_pointer (&self->left_out));
  self->left_out = g_steal_pointer (&removal->left_out);
  self->n_left_out += removal->n_left_out;
  removal->left_out = new_left_out ();
  removal->n_left_out = 0;
  assay_session_emit (self, ASSAY_SESSION_LEFT_OUT);
}

/**
 * assay_session_restore:
 * @removal: what was taken out
 *
 * Puts it back in its place, with its answers, and asks again about what was
 * on its way.
 */
void
assay_session_restore (AssaySession *self,
                       AssayRemoval *removal)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (removal != NULL);

  assay_collection_restore (self->collection, removal->items);
  restore_left_out (self, removal);
  assay_session_ask (self, removal->unfinished);
}

void
assay_removal_free (AssayRemoval *self)
{
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->unfinished);
  g_ptr_array_unref (self->left_out);
  g_free (self);
}
