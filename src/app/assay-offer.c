/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-address.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-offer-text.h"
#include "assay-offer.h"
#include "assay-probe.h"

#define CHUNK (256 * 1024)

/* One offer being read. */
typedef struct {
  GObject *from;              /* a GdkDrop or a GdkClipboard */
  GdkContentFormats *formats;
  gboolean names_only;
  guint step;
  const char *type;           /* of what is being read */
  GByteArray *buffer;
  AssayOffer *offer;
} Reading;

/* Takes what was read into the offer; whether that is what the person wants. */
typedef gboolean (*Take) (Reading *self, GBytes *bytes);
typedef gboolean (*TakeValue) (Reading *self, const GValue *value);

typedef struct {
  const char *const *types;   /* the first that is offered is read */
  Take take;
  gboolean content;           /* a picture, not its name: left alone while it is only held over us */
  GType (*get_type) (void);   /* or what GTK makes of them */
  TakeValue take_value;
} Step;

static gboolean
take_value (Reading *self,
            const GValue *value)
{
  AssayOffer *offer = self->offer;

  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

      for (GSList *link = files; link != NULL; link = link->next)
        g_ptr_array_add (offer->files, g_object_ref (link->data));
    }
  else if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    {
      offer->texture = g_value_dup_object (value);
      offer->picture = TRUE;
    }
  else if (G_VALUE_HOLDS (value, G_TYPE_STRING) && g_value_get_string (value) != NULL)
    assay_offer_text_read_lines (g_value_get_string (value), offer->files, offer->addresses);
  return !assay_offer_is_empty (offer);
}

/* A file is the picture itself.  Addresses alone may be those of the page that a
 * picture leads to; several are what somebody has collected. */
static gboolean
take_list (Reading *self,
           GBytes *bytes)
{
  g_autofree char *text = assay_offer_text_decode (bytes);

  assay_offer_text_read_list (text, self->offer->files, self->offer->addresses);
  return self->offer->files->len > 0 || self->offer->addresses->len > 1;
}

/* The picture in the piece of the page that was dragged, rather than where a click
 * on it would lead. */
static gboolean
take_page (Reading *self,
           GBytes *bytes)
{
  g_autofree char *text = assay_offer_text_decode (bytes);
  char *address = assay_offer_text_find_picture (text);

  if (address == NULL)
    return FALSE;
  g_ptr_array_set_size (self->offer->addresses, 0);
  g_ptr_array_add (self->offer->addresses, address);
  return FALSE;
}

static void
name_bytes (AssayOffer *offer,
            const char *type)
{
  offer->name = assay_offer_text_find_name (type);
  if (offer->name == NULL && offer->addresses->len > 0)
    offer->name = assay_address_dup_name (g_ptr_array_index (offer->addresses, 0));
  g_ptr_array_set_size (offer->addresses, 0);
  offer->picture = TRUE;
}

static gboolean
take_picture (Reading *self,
              GBytes *bytes)
{
  if (g_bytes_get_size (bytes) == 0)
    return FALSE;
  self->offer->bytes = g_bytes_ref (bytes);
  name_bytes (self->offer, self->type);
  return TRUE;
}

/* Bytes of any kind: a browser's, of the file behind a picture, or of anything. */
static gboolean
take_octets (Reading *self,
             GBytes *bytes)
{
  AssayFacts facts;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return assay_probe_head (data, MIN (size, ASSAY_LIMIT_PROBE_HEAD), &facts, NULL)
         && take_picture (self, bytes);
}

static gboolean
take_addresses (Reading *self,
                GBytes *bytes)
{
  return self->offer->addresses->len > 0;
}

/* An address and, in the line below, what the page calls it. */
static gboolean
take_link (Reading *self,
           GBytes *bytes)
{
  g_autofree char *text = assay_offer_text_decode (bytes);

  *strchrnul (text, '\n') = '\0';
  assay_offer_text_read_list (text, self->offer->files, self->offer->addresses);
  return !assay_offer_is_empty (self->offer);
}

static GType
get_string_type (void)
{
  return G_TYPE_STRING;
}

static const char *const portal_types[] = { "application/vnd.portal.filetransfer",
                                            "application/vnd.portal.files", NULL };
static const char *const list_types[] = { "text/uri-list", NULL };
static const char *const page_types[] = { "text/html", NULL };
static const char *const picture_types[] = { "image/png",  "image/jpeg", "image/gif",  "image/bmp",
                                             "image/webp", "image/tiff", "image/avif", "image/heif",
                                             "image/heic", "image/jxl",  NULL };
static const char *const octet_types[] = { "application/octet-stream", NULL };
static const char *const mozilla_types[] = { "text/x-moz-url", NULL };
static const char *const netscape_types[] = { "_NETSCAPE_URL", NULL };
static const char *const no_types[] = { NULL };

/* The order in which an offer gives the person's picture:
 *
 * 1. Files, also those that a sandboxed program hands over through the portal: the
 *    original as it lies on the disk.
 * 2. Bytes of a picture, as the other program has them: nothing needs to be fetched,
 *    and nobody has to be signed in for it.  Browsers offer the file behind a dragged
 *    picture as application/octet-stream (Chromium), a copied one as image/png.
 * 3. The address in the `<img>` of the piece of page that comes along, because the
 *    list of addresses names the page that a click would lead to if the picture is a
 *    link; then that list; then the browsers' own kinds (text/x-moz-url,
 *    _NETSCAPE_URL) of programs that have no list.
 * 4. Whatever else GTK can make pixels of.
 * 5. Text, if each of its lines is a path or an address.
 *
 * Steps 1 and 3 are read first, for the names in them. */
static const Step steps[] = {
  { portal_types, NULL, FALSE, gdk_file_list_get_type, take_value },
  { list_types, take_list, FALSE, NULL, NULL },
  { page_types, take_page, FALSE, NULL, NULL },
  { picture_types, take_picture, TRUE, NULL, NULL },
  { octet_types, take_octets, TRUE, NULL, NULL },
  { no_types, take_addresses, FALSE, NULL, NULL },
  { mozilla_types, take_link, FALSE, NULL, NULL },
  { netscape_types, take_link, FALSE, NULL, NULL },
  { NULL, NULL, TRUE, gdk_texture_get_type, take_value },
  { NULL, NULL, FALSE, get_string_type, take_value },
};

static AssayOffer *
offer_new (void)
{
  AssayOffer *self = g_new0 (AssayOffer, 1);

  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  self->addresses = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
assay_offer_free (AssayOffer *self)
{
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->addresses);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->texture);
  g_free (self->name);
  g_free (self);
}

/**
 * assay_offer_is_empty:
 *
 * Returns: whether there is nothing in it that could be a picture
 */
gboolean
assay_offer_is_empty (const AssayOffer *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->files->len + self->addresses->len == 0 && !self->picture;
}

/**
 * assay_offer_dup_formats:
 *
 * Returns: (transfer full): what something to be dropped has to be offered as
 */
GdkContentFormats *
assay_offer_dup_formats (void)
{
  GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      for (guint t = 0; steps[i].types != NULL && steps[i].types[t] != NULL; t++)
        gdk_content_formats_builder_add_mime_type (builder, steps[i].types[t]);
      if (steps[i].get_type != NULL)
        gdk_content_formats_builder_add_gtype (builder, steps[i].get_type ());
    }
  return gdk_content_formats_union_deserialize_mime_types (
    gdk_content_formats_builder_free_to_formats (builder));
}

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_object_unref (self->from);
  gdk_content_formats_unref (self->formats);
  g_byte_array_unref (self->buffer);
  g_clear_pointer (&self->offer, assay_offer_free);
  g_free (self);
}

static void read_next (GTask *task);
static void read_chunk (GTask *task, GInputStream *stream);

/* Takes the task. */
static void
finish (GTask *task)
{
  Reading *self = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&self->offer), (GDestroyNotify) assay_offer_free);
  g_object_unref (task);
}

/* Takes the task.  What cannot be read in one way may be in the next; when nobody
 * waits for it any more, nothing is. */
static void
go_on (GTask *task,
       gboolean done)
{
  Reading *self = g_task_get_task_data (task);

  self->step++;
  if (done)
    finish (task);
  else if (g_task_return_error_if_cancelled (task))
    g_object_unref (task);
  else
    read_next (task);
}

static void
chunk_cb (GObject *object,
          GAsyncResult *result,
          gpointer data)
{
  GTask *task = data;
  Reading *self = g_task_get_task_data (task);
  const Step *step = &steps[self->step];
  guint limit = step->content ? ASSAY_LIMIT_FILE_BYTES : ASSAY_LIMIT_OFFER_BYTES;
  g_autoptr (GBytes) chunk =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);

  if (chunk == NULL)
    go_on (task, FALSE);
  else if (g_bytes_get_size (chunk) == 0)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (self->buffer->data, self->buffer->len);

      go_on (task, step->take (self, bytes));
    }
  else if (self->buffer->len + g_bytes_get_size (chunk) > limit)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                               _("The image is too large"));
      g_object_unref (task);
    }
  else
    {
      g_byte_array_append (self->buffer, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
      read_chunk (task, G_INPUT_STREAM (object));
    }
}

/* Takes the task. */
static void
read_chunk (GTask *task,
            GInputStream *stream)
{
  g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), chunk_cb, task);
}

static void
stream_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  GTask *task = data;
  g_autoptr (GInputStream) stream = NULL;

  if (GDK_IS_DROP (object))
    stream = gdk_drop_read_finish (GDK_DROP (object), result, NULL, NULL);
  else
    stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (object), result, NULL, NULL);
  if (stream != NULL)
    read_chunk (task, stream);
  else
    go_on (task, FALSE);
}

/* Takes the task. */
static void
read_bytes (GTask *task)
{
  Reading *self = g_task_get_task_data (task);
  const char *types[] = { self->type, NULL };
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_byte_array_set_size (self->buffer, 0);
  if (GDK_IS_DROP (self->from))
    gdk_drop_read_async (GDK_DROP (self->from), types, G_PRIORITY_DEFAULT, cancellable, stream_cb,
                         task);
  else
    gdk_clipboard_read_async (GDK_CLIPBOARD (self->from), types, G_PRIORITY_DEFAULT, cancellable,
                              stream_cb, task);
}

static void
value_cb (GObject *object,
          GAsyncResult *result,
          gpointer data)
{
  GTask *task = data;
  Reading *self = g_task_get_task_data (task);
  const GValue *value;

  if (GDK_IS_DROP (object))
    value = gdk_drop_read_value_finish (GDK_DROP (object), result, NULL);
  else
    value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (object), result, NULL);
  go_on (task, value != NULL && steps[self->step].take_value (self, value));
}

/* Takes the task. */
static void
read_value (GTask *task,
            GType type)
{
  Reading *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (GDK_IS_DROP (self->from))
    gdk_drop_read_value_async (GDK_DROP (self->from), type, G_PRIORITY_DEFAULT, cancellable,
                               value_cb, task);
  else
    gdk_clipboard_read_value_async (GDK_CLIPBOARD (self->from), type, G_PRIORITY_DEFAULT,
                                    cancellable, value_cb, task);
}

/* The kind of a step that is offered, maybe with parameters. */
static const char *
find_type (Reading *self,
           const Step *step)
{
  const char *const *offered = gdk_content_formats_get_mime_types (self->formats, NULL);

  for (guint t = 0; step->types != NULL && step->types[t] != NULL; t++)
    for (guint i = 0; offered != NULL && offered[i] != NULL; i++)
      {
        gsize length = strlen (step->types[t]);

        if (strncmp (offered[i], step->types[t], length) == 0
            && (offered[i][length] == '\0' || offered[i][length] == ';'))
          return offered[i];
      }
  return NULL;
}

static gboolean
is_offered (Reading *self,
            const Step *step)
{
  if (step->types == no_types)
    return TRUE;
  self->type = find_type (self, step);
  if (step->types != NULL && self->type == NULL)
    return FALSE;
  return step->get_type == NULL
         || gdk_content_formats_contain_gtype (self->formats, step->get_type ());
}

/* Takes the task. */
static void
read_next (GTask *task)
{
  Reading *self = g_task_get_task_data (task);
  const Step *step;

  while (self->step < G_N_ELEMENTS (steps) && !is_offered (self, &steps[self->step]))
    self->step++;
  if (self->step == G_N_ELEMENTS (steps))
    {
      finish (task);
      return;
    }
  step = &steps[self->step];
  if (step->content && self->names_only)
    {
      name_bytes (self->offer, self->type != NULL ? self->type : "");
      finish (task);
    }
  else if (step->types == no_types)
    go_on (task, step->take (self, NULL));
  else if (step->get_type != NULL)
    read_value (task, step->get_type ());
  else
    read_bytes (task);
}

/**
 * assay_offer_read_async:
 * @from: a #GdkDrop or a #GdkClipboard
 * @names_only: whether only names are read, and no picture: for what is still held
 *   over the window
 *
 * Reads what a person drags or has copied.  Nothing is fetched from the web and no
 * file is opened.
 */
void
assay_offer_read_async (GObject *from,
                        gboolean names_only,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  GdkContentFormats *formats;
  GTask *task;
  Reading *reading;

  g_return_if_fail (GDK_IS_DROP (from) || GDK_IS_CLIPBOARD (from));

  formats = GDK_IS_DROP (from) ? gdk_drop_get_formats (GDK_DROP (from))
                               : gdk_clipboard_get_formats (GDK_CLIPBOARD (from));
  task = g_task_new (from, cancellable, callback, data);
  g_task_set_source_tag (task, assay_offer_read_async);
  reading = g_new0 (Reading, 1);
  reading->from = g_object_ref (from);
  reading->formats =
    gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_ref (formats));
  reading->names_only = names_only;
  reading->buffer = g_byte_array_new ();
  reading->offer = offer_new ();
  g_task_set_task_data (task, reading, reading_free);
  read_next (task);
}

/**
 * assay_offer_read_finish:
 * @error: %ASSAY_ERROR_TOO_LARGE or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what it is, maybe nothing that is of use
 */
AssayOffer *
assay_offer_read_finish (GAsyncResult *result,
                         GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, assay_offer_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
