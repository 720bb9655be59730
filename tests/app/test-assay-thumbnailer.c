/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-limits.h"
#include "assay-thumb.h"
#include "assay-thumbnailer.h"
#include "item-support.h"
#include "widget-support.h"

/* What came back of some requests, in the order it came. */
typedef struct {
  AssayThumbnailer *thumbnailer;
  GString *order;
  guint pending;
  guint loaded;
  guint canceled;
  guint failed;
} Tally;

typedef struct {
  Tally *tally;
  char name;
} Ticket;

static Tally *
tally_new (guint limit)
{
  Tally *tally = g_new0 (Tally, 1);

  tally->thumbnailer = assay_thumbnailer_new (limit);
  tally->order = g_string_new (NULL);
  return tally;
}

static void
tally_end (Tally *tally)
{
  g_assert_finalize_object (tally->thumbnailer);
  g_string_free (tally->order, TRUE);
  g_free (tally);
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autofree Ticket *ticket = data;
  Tally *tally = ticket->tally;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture =
      assay_thumbnailer_load_finish (ASSAY_THUMBNAILER (object), result, &error);

  g_assert_true ((texture == NULL) == (error != NULL));
  tally->pending--;
  if (texture != NULL)
    {
      tally->loaded++;
      g_string_append_c (tally->order, ticket->name);
      g_assert_cmpint (gdk_texture_get_width (texture), ==, ASSAY_THUMBNAIL_SIZE);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tally->canceled++;
  else
    tally->failed++;
}

static void
request (Tally *tally,
         AssayItem *item,
         char name,
         GCancellable *cancellable)
{
  Ticket *ticket = g_new0 (Ticket, 1);

  ticket->tally = tally;
  ticket->name = name;
  tally->pending++;
  assay_thumbnailer_load_async (tally->thumbnailer, assay_item_get_source (item),
                                assay_item_get_facts (item), NULL, cancellable, loaded_cb, ticket);
}

static gboolean
is_done (gpointer data)
{
  return ((Tally *) data)->pending == 0;
}

static void
test_keeps_the_last_used (void)
{
  Tally *tally = tally_new (3);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  GdkTexture *texture;

  for (guint i = 0; i < 5; i++)
    g_ptr_array_add (items, item_support_new_drawing ("flower.png", 192, 192));
  for (guint i = 0; i < 3; i++)
    {
      request (tally, items->pdata[i], 'a' + i, NULL);
      g_assert_true (widget_support_wait (is_done, tally));
    }
  /* The first is looked at again, so that the second is the oldest now. */
  g_assert_true (assay_thumbnailer_lookup (tally->thumbnailer,
                                           assay_item_get_source (items->pdata[0]), &texture));
  g_assert_nonnull (texture);
  request (tally, items->pdata[3], 'd', NULL);
  g_assert_true (widget_support_wait (is_done, tally));

  g_assert_cmpuint (assay_thumbnailer_get_n_kept (tally->thumbnailer), ==, 3);
  g_assert_true (assay_thumbnailer_lookup (tally->thumbnailer,
                                           assay_item_get_source (items->pdata[0]), &texture));
  g_assert_false (assay_thumbnailer_lookup (tally->thumbnailer,
                                            assay_item_get_source (items->pdata[1]), &texture));
  g_assert_true (assay_thumbnailer_lookup (tally->thumbnailer,
                                           assay_item_get_source (items->pdata[3]), &texture));
  tally_end (tally);
}

/* Two decode at once; of those that wait the last asked for comes first, because
 * that is the row that is looked at. */
static void
test_last_asked_first (void)
{
  Tally *tally = tally_new (16);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 8; i++)
    {
      g_ptr_array_add (items, item_support_new_drawing ("flower.png", 192, 192));
      request (tally, items->pdata[i], 'a' + i, NULL);
    }
  g_assert_true (widget_support_wait (is_done, tally));
  g_assert_cmpuint (tally->loaded, ==, 8);
  g_assert_cmpuint (assay_thumbnailer_get_n_most (tally->thumbnailer), ==, 2);
  /* The first two had started at once; of the others "c" was asked for first and
   * "h" last.  Two threads finish their neighbors in any order. */
  g_assert_nonnull (strchr (tally->order->str, 'h'));
  g_assert_true (strchr (tally->order->str, 'h') < strchr (tally->order->str, 'c'));
  tally_end (tally);
}

static void
test_canceled (void)
{
  Tally *tally = tally_new (16);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  for (guint i = 0; i < 6; i++)
    {
      g_ptr_array_add (items, item_support_new_drawing ("flower.png", 192, 192));
      request (tally, items->pdata[i], 'a' + i, cancellable);
    }
  g_cancellable_cancel (cancellable);
  g_assert_true (widget_support_wait (is_done, tally));
  g_assert_cmpuint (tally->canceled, ==, 6);
  g_assert_cmpuint (assay_thumbnailer_get_n_kept (tally->thumbnailer), ==, 0);
  tally_end (tally);
}

/* What cannot be decoded is known as such and not tried again at every glance. */
static void
test_broken (void)
{
  Tally *tally = tally_new (16);
  g_autoptr (AssayItem) item =
    item_support_new_bytes ("broken.png", g_bytes_new_static ("\x89PNG\r\n\x1a\n and no more", 20));
  GdkTexture *texture;

  request (tally, item, 'a', NULL);
  g_assert_true (widget_support_wait (is_done, tally));
  g_assert_cmpuint (tally->failed, ==, 1);
  g_assert_true (
      assay_thumbnailer_lookup (tally->thumbnailer, assay_item_get_source (item), &texture));
  g_assert_null (texture);
  tally_end (tally);
}

static gboolean
has_paintable (gpointer data)
{
  return assay_thumb_get_paintable (data) != NULL;
}

/* A row is recycled while its picture loads: the late one must not show. */
static void
test_recycled_row (void)
{
  GtkWidget *thumb = g_object_ref_sink (assay_thumb_new ());
  g_autoptr (AssayItem) first = item_support_new_drawing ("first.png", 192, 96);
  g_autoptr (AssayItem) second = item_support_new_drawing ("second.png", 96, 192);
  g_autoptr (AssayItem) text =
      item_support_new_bytes ("notes.txt", g_bytes_new_static ("no picture", 10));

  assay_thumb_set_item (ASSAY_THUMB (thumb), first);
  assay_thumb_set_item (ASSAY_THUMB (thumb), second);
  g_assert_true (widget_support_wait (has_paintable, thumb));
  g_assert_cmpint (
      gdk_paintable_get_intrinsic_height (assay_thumb_get_paintable (ASSAY_THUMB (thumb))), ==, 96);
  g_assert_cmpint (
      gdk_paintable_get_intrinsic_width (assay_thumb_get_paintable (ASSAY_THUMB (thumb))), ==, 48);

  /* Known by now: shown at once. */
  assay_thumb_set_item (ASSAY_THUMB (thumb), NULL);
  g_assert_null (assay_thumb_get_paintable (ASSAY_THUMB (thumb)));
  assay_thumb_set_item (ASSAY_THUMB (thumb), second);
  g_assert_nonnull (assay_thumb_get_paintable (ASSAY_THUMB (thumb)));

  assay_thumb_set_item (ASSAY_THUMB (thumb), text);
  g_assert_null (assay_thumb_get_paintable (ASSAY_THUMB (thumb)));

  g_assert_finalize_object (thumb);
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

  g_test_add_func ("/assay/thumbnailer/keeps-the-last-used", test_keeps_the_last_used);
  g_test_add_func ("/assay/thumbnailer/last-asked-first", test_last_asked_first);
  g_test_add_func ("/assay/thumbnailer/canceled", test_canceled);
  g_test_add_func ("/assay/thumbnailer/broken", test_broken);
  g_test_add_func ("/assay/thumb/recycled-row", test_recycled_row);
  return g_test_run ();
}
