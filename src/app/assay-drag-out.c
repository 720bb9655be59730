/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "assay-card.h"
#include "assay-display.h"
#include "assay-drag-out.h"
#include "assay-item.h"
#include "assay-score-text.h"

/* What is dragged out of a window: a file manager or a browser takes the files, an editor
 * the text, a mail or a drawing the picture. */

/* There is one pointer: the drag that is under way, and the window that it began in. */
static GdkDrag *current_drag;
static GtkRoot *current_root;

typedef struct {
  AssayDragOutFunc func;
  gpointer data;
} Handle;

static void
handle_free (gpointer data,
             GClosure *closure)
{
  g_free (data);
}

static GdkContentProvider *
prepare_cb (GtkDragSource *source,
            double x,
            double y,
            gpointer data)
{
  Handle *self = data;
  GtkEventController *controller = GTK_EVENT_CONTROLLER (source);
  GtkWidget *widget = gtk_event_controller_get_widget (controller);
  GdkDevice *device = gtk_event_controller_get_current_event_device (controller);
  g_autoptr (GdkPaintable) icon = NULL;
  GdkContentProvider *content;

  /* A finger scrolls. */
  if (device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN)
    return NULL;
  content = self->func (widget, self->data);
  if (content == NULL)
    return NULL;
  icon = gtk_widget_paintable_new (widget);
  gtk_drag_source_set_icon (source, icon, (int) x, (int) y);
  return content;
}

static void
begin_cb (GtkDragSource *source,
          GdkDrag *drag,
          gpointer data)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source));

  current_drag = drag;
  current_root = gtk_widget_get_root (widget);
}

static void
end_cb (GtkDragSource *source,
        GdkDrag *drag,
        gboolean delete_data,
        gpointer data)
{
  current_drag = NULL;
  current_root = NULL;
}

/**
 * assay_drag_out_add:
 * @widget: what a person takes hold of; it is also what hangs at the pointer
 * @func: tells what is dragged
 * @data: for @func, valid as long as @widget is
 *
 * Lets something be dragged out of @widget with a mouse.
 */
void
assay_drag_out_add (GtkWidget *widget,
                    AssayDragOutFunc func,
                    gpointer data)
{
  GtkDragSource *source = gtk_drag_source_new ();
  Handle *handle = g_new (Handle, 1);

  *handle = (Handle) { func, data };
  g_signal_connect_data (source, "prepare", G_CALLBACK (prepare_cb), handle, handle_free, 0);
  g_signal_connect (source, "drag-begin", G_CALLBACK (begin_cb), NULL);
  g_signal_connect (source, "drag-end", G_CALLBACK (end_cb), NULL);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (source));
}

static void
append_row (GString *text,
            AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);
  AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;
  g_autofree char *name = assay_display_name (assay_item_get_name (item));
  g_autofree char *label = NULL;
  g_autofree char *score = NULL;

  g_string_append (text, name);
  if (prediction != NULL)
    {
      label = assay_display_name (assay_prediction_get_label (prediction, 0));
      score = assay_score_dup_text (assay_prediction_get_scale (prediction),
                                    assay_prediction_get_score (prediction, 0));
      g_string_append_printf (text, "\t%s\t%s", label, score);
    }
  g_string_append_c (text, '\n');
}

static GdkContentProvider *
new_files (GPtrArray *files)
{
  GdkFileList *list = gdk_file_list_new_from_array ((GFile **) files->pdata, files->len);
  GdkContentProvider *provider = gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, list);

  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  return provider;
}

/**
 * assay_drag_out_new_rows:
 * @items: (element-type AssayItem): at least one
 *
 * Returns: (transfer full): their files, as far as they are files of their own, and a line
 *   of text for each: its name, label and score with tabs between them
 */
GdkContentProvider *
assay_drag_out_new_rows (GPtrArray *items)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  GdkContentProvider *providers[2];

  g_return_val_if_fail (items != NULL && items->len > 0, NULL);

  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);
      AssaySource *source = assay_item_get_source (item);

      if (assay_source_get_kind (source) == ASSAY_SOURCE_FILE)
        g_ptr_array_add (files, assay_source_get_file (source));
      append_row (text, item);
    }
  /* Files alone would be their paths to an editor. */
  providers[0] = gdk_content_provider_new_typed (G_TYPE_STRING, text->str);
  if (files->len == 0)
    return providers[0];
  providers[1] = new_files (files);
  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

/* ---- a picture as a file ---- */

/* Whoever has taken it may read it long after the drag: it stays until the next one, or
 * until Assay ends. */
static char *last_folder;
static char *last_path;

/**
 * assay_drag_out_clean:
 *
 * Deletes the file that the last drag of a card has made.
 */
void
assay_drag_out_clean (void)
{
  if (last_path != NULL)
    g_unlink (last_path);
  if (last_folder != NULL)
    g_rmdir (last_folder);
  g_clear_pointer (&last_path, g_free);
  g_clear_pointer (&last_folder, g_free);
}

/* "roses-pink.jpg" becomes "roses-pink.png". */
static char *
dup_file_name (const char *name)
{
  g_autofree char *shown = assay_display_name (name);
  const char *ending = g_strrstr (shown, ".");
  gsize length = ending != NULL && ending != shown ? (gsize) (ending - shown) : strlen (shown);
  g_autofree char *stem = g_strndup (shown, length);
  char *file_name = g_strconcat (stem, ".png", NULL);

  return g_strdelimit (file_name, "/", '_');
}

static gboolean
write_card (const char *name,
            GdkTexture *texture)
{
  g_autofree char *file_name = dup_file_name (name);

  assay_drag_out_clean ();
  last_folder = g_dir_make_tmp ("assay-XXXXXX", NULL);
  if (last_folder == NULL)
    return FALSE;
  last_path = g_build_filename (last_folder, file_name, NULL);
  return gdk_texture_save_to_png (texture, last_path);
}

/**
 * assay_drag_out_new_card:
 * @name: of the image
 * @text: its result
 * @texture: (nullable): its result as a picture
 *
 * Returns: (transfer full): the picture, as one and as a file, and the text
 */
GdkContentProvider *
assay_drag_out_new_card (const char *name,
                         const char *text,
                         GdkTexture *texture)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  GdkContentProvider *providers[2];

  g_return_val_if_fail (name != NULL && text != NULL, NULL);

  if (texture == NULL || !write_card (name, texture))
    return assay_card_new_content (text, texture);
  g_ptr_array_add (files, g_file_new_for_path (last_path));
  providers[0] = assay_card_new_content (text, texture);
  providers[1] = new_files (files);
  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

/**
 * assay_drag_out_is_from:
 * @drop: what hangs over a window
 * @widget: in that window
 *
 * Returns: whether it comes from the same window
 */
gboolean
assay_drag_out_is_from (GdkDrop *drop,
                        GtkWidget *widget)
{
  GdkDrag *drag = gdk_drop_get_drag (drop);

  return drag != NULL && drag == current_drag && current_root == gtk_widget_get_root (widget);
}
