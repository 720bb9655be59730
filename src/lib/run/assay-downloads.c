/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-address.h"
#include "assay-downloads.h"
#include "assay-error.h"
#include "assay-fetch.h"
#include "assay-limits.h"

/* One item on its way here; in the list until it has arrived or nobody wants it. */
typedef struct {
  AssayDownloads *owner;      /* (owned) while it flies */
  AssayItem *item;
  GCancellable *cancellable;
  gboolean flies;
} Download;

/* Invariant: n_flying counts what flies, also what was canceled until it has really
 * landed; it never exceeds ASSAY_LIMIT_DOWNLOADS, and something flies whenever
 * something waits. */
struct _AssayDownloads {
  GObject parent_instance;

  GPtrArray *list;            /* (element-type Download), in order of arrival */
  guint n_flying;
};

G_DEFINE_FINAL_TYPE (AssayDownloads, assay_downloads, G_TYPE_OBJECT)

static guint arrived_signal;

static void
download_clear (gpointer data)
{
  Download *self = data;

  g_clear_object (&self->owner);
  g_clear_object (&self->item);
  g_clear_object (&self->cancellable);
}

static void
download_unref (gpointer data)
{
  g_rc_box_release_full (data, download_clear);
}

static void
assay_downloads_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_DOWNLOADS (object)->list);
  G_OBJECT_CLASS (assay_downloads_parent_class)->finalize (object);
}

static void
assay_downloads_class_init (AssayDownloadsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_downloads_finalize;

  arrived_signal = g_signal_new ("arrived", ASSAY_TYPE_DOWNLOADS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, ASSAY_TYPE_ITEM);
}

static void
assay_downloads_init (AssayDownloads *self)
{
  self->list = g_ptr_array_new_with_free_func (download_unref);
}

/**
 * assay_downloads_new:
 *
 * Returns: (transfer full): nothing on its way yet
 */
AssayDownloads *
assay_downloads_new (void)
{
  return g_object_new (ASSAY_TYPE_DOWNLOADS, NULL);
}

/**
 * assay_downloads_new_item:
 * @address: what assay_address_normalize() has made
 * @fallback: its name if the address has none in it
 *
 * Returns: (transfer full): a row for it; nothing is fetched yet
 */
AssayItem *
assay_downloads_new_item (const char *address,
                          const char *fallback)
{
  g_autofree char *name = NULL;
  g_autoptr (AssaySource) source = NULL;

  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (fallback != NULL, NULL);

  name = assay_address_dup_name (address);
  source = assay_source_new_remote (name != NULL ? name : fallback, address, NULL, NULL);
  return assay_item_new (source);
}

static void
set_source (AssayItem *item,
            GBytes *bytes,
            const GError *error)
{
  AssaySource *old = assay_item_get_source (item);
  const char *address = assay_source_get_path (old);
  g_autoptr (AssaySource) source = NULL;

  /* What holds its bytes itself need not hold them twice. */
  if (bytes != NULL && assay_address_is_data (address))
    address = NULL;
  source = assay_source_new_remote (assay_source_get_name (old), address, bytes, error);
  assay_item_set_source (item, source);
}

/* Compressed, more may come than was announced. */
static void
progress_cb (guint64 received,
             guint64 total,
             gpointer data)
{
  Download *download = data;

  if (total > 0 && !g_cancellable_is_cancelled (download->cancellable))
    assay_item_set_percent (download->item, MIN (100 * received / total, 100));
}

static void start_some (AssayDownloads *self);

static void
fetched_cb (GObject *object,
            GAsyncResult *result,
            gpointer data)
{
  Download *download = data;
  g_autoptr (AssayDownloads) self = g_steal_pointer (&download->owner);
  g_autoptr (AssayItem) item = g_object_ref (download->item);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = assay_fetch_finish (result, &error);
  gboolean wanted = g_ptr_array_remove (self->list, download);

  self->n_flying--;
  download_unref (download);
  if (wanted)
    {
      set_source (item, bytes, error);
      g_signal_emit (self, arrived_signal, 0, item);
    }
  start_some (self);
}

static void
start_some (AssayDownloads *self)
{
  for (guint i = 0; i < self->list->len && self->n_flying < ASSAY_LIMIT_DOWNLOADS; i++)
    {
      Download *download = g_ptr_array_index (self->list, i);

      if (download->flies)
        continue;
      download->flies = TRUE;
      download->owner = g_object_ref (self);
      self->n_flying++;
      assay_fetch_async (assay_source_get_path (assay_item_get_source (download->item)), NULL,
                         progress_cb, download, download->cancellable, fetched_cb,
                         g_rc_box_acquire (download));
    }
}

static Download *
find (AssayDownloads *self,
      AssayItem *item)
{
  for (guint i = 0; i < self->list->len; i++)
    {
      Download *download = g_ptr_array_index (self->list, i);

      if (download->item == item)
        return download;
    }
  return NULL;
}

/**
 * assay_downloads_add:
 * @item: an item that isn't here, assay_source_is_here()
 *
 * Fetches it when its turn comes, once more if that has failed before.  What is on
 * its way already stays there.
 */
void
assay_downloads_add (AssayDownloads *self,
                     AssayItem *item)
{
  Download *download;

  g_return_if_fail (ASSAY_IS_DOWNLOADS (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));
  g_return_if_fail (!assay_source_is_here (assay_item_get_source (item)));

  if (find (self, item) != NULL)
    return;
  if (!assay_source_is_awaited (assay_item_get_source (item)))
    set_source (item, NULL, NULL);
  download = g_rc_box_new0 (Download);
  download->item = g_object_ref (item);
  download->cancellable = g_cancellable_new ();
  g_ptr_array_add (self->list, download);
  start_some (self);
}

/* Takes it out of the list; what flies lands by itself. */
static void
stop (AssayDownloads *self,
      Download *download)
{
  g_rc_box_acquire (download);
  g_ptr_array_remove (self->list, download);
  g_cancellable_cancel (download->cancellable);
  download_unref (download);
}

/**
 * assay_downloads_drop:
 * @item: any item
 *
 * Stops fetching it, if it is on its way; it stays awaited, so that it can be given
 * back.
 */
void
assay_downloads_drop (AssayDownloads *self,
                      AssayItem *item)
{
  Download *download;

  g_return_if_fail (ASSAY_IS_DOWNLOADS (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  download = find (self, item);
  if (download != NULL)
    stop (self, download);
}

/**
 * assay_downloads_cancel:
 *
 * Stops everything; the items say so.
 */
void
assay_downloads_cancel (AssayDownloads *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (ASSAY_IS_DOWNLOADS (self));

  error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_CANCELED, _("The download was canceled"));
  while (self->list->len > 0)
    {
      Download *download = g_ptr_array_index (self->list, self->list->len - 1);
      g_autoptr (AssayItem) item = g_object_ref (download->item);

      stop (self, download);
      set_source (item, NULL, error);
    }
}

/**
 * assay_downloads_close:
 *
 * Stops everything and says nothing of it.
 */
void
assay_downloads_close (AssayDownloads *self)
{
  g_return_if_fail (ASSAY_IS_DOWNLOADS (self));

  while (self->list->len > 0)
    stop (self, g_ptr_array_index (self->list, self->list->len - 1));
}

guint
assay_downloads_get_n (AssayDownloads *self)
{
  g_return_val_if_fail (ASSAY_IS_DOWNLOADS (self), 0);

  return self->list->len;
}

/**
 * assay_downloads_get_item:
 * @index: below assay_downloads_get_n()
 *
 * Returns: (transfer none): an item that is on its way or waits for its turn
 */
AssayItem *
assay_downloads_get_item (AssayDownloads *self,
                          guint index)
{
  g_return_val_if_fail (ASSAY_IS_DOWNLOADS (self), NULL);
  g_return_val_if_fail (index < self->list->len, NULL);

  return ((Download *) g_ptr_array_index (self->list, index))->item;
}
