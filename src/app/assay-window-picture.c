/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "assay-display.h"
#include "assay-facts-text.h"
#include "assay-picture-menu.h"
#include "assay-window-private.h"

/* What is written is the window's only as long as there is one.  The program stays until
 * it has ended. */
typedef struct {
  GWeakRef window;
  GApplication *application;
  GFile *file;
} Saving;

static void
saving_free (Saving *self)
{
  g_application_release (self->application);
  g_object_unref (self->application);
  g_weak_ref_clear (&self->window);
  g_object_unref (self->file);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static Saving *
saving_new (AssayWindow *window,
            GFile *file)
{
  Saving *self = g_new0 (Saving, 1);

  g_weak_ref_init (&self->window, window);
  self->application =
    G_APPLICATION (g_object_ref (gtk_window_get_application (GTK_WINDOW (window))));
  self->file = g_object_ref (file);
  g_application_hold (self->application);
  return self;
}

/* ---- what it is of ---- */

static gboolean
shows (AssayWindow *self,
       const char *page)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), page) == 0;
}

/* "flowers · version 2 · 60 images" */
static char *
dup_evaluated (AssayWindow *self)
{
  AssayJudge *judge = assay_session_get_judge (self->session);
  guint n = (guint) assay_evaluation_get_n (assay_judge_get_evaluation (judge));
  g_autofree char *target = assay_facts_dup_target (assay_session_get_target (self->session));
  g_autofree char *images =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u image", "%'u images", n), n);

  return g_strdup_printf ("%s · %s", target, images);
}

/* "flowers · version 1 → flowers · version 2" */
static char *
dup_compared (AssayWindow *self)
{
  g_autofree char *a = assay_facts_dup_target (assay_session_get_baseline (self->session));
  g_autofree char *b = assay_facts_dup_target (assay_session_get_target (self->session));

  return g_strdup_printf ("%s → %s", a, b);
}

/* The card says itself what it is of.  Model and version alone: where they were reached
 * is nobody's business who sees the picture. */
static char *
dup_caption (AssayWindow *self)
{
  if (assay_session_get_target (self->session) == NULL)
    return NULL;
  if (shows (self, "evaluate"))
    return dup_evaluated (self);
  if (shows (self, "compare") && assay_session_get_baseline (self->session) != NULL)
    return dup_compared (self);
  return NULL;
}

/* "roses-pink" of "roses-pink.jpg" */
static char *
dup_stem (const char *name)
{
  const char *dot = strrchr (name, '.');

  return dot != NULL && dot != name ? g_strndup (name, dot - name) : g_strdup (name);
}

/* A card is called after its image: there may be many of them. */
static char *
dup_subject (AssayWindow *self,
             GtkWidget *widget)
{
  AssayItem *item = shows (self, "evaluate") ? NULL : assay_window_get_item (self);

  return item != NULL ? dup_stem (assay_item_get_name (item))
                      : g_utf8_strdown (assay_picture_menu_get_title (widget), -1);
}

static char *
dup_file_name (AssayWindow *self,
               GtkWidget *widget)
{
  AssayTarget *target = assay_session_get_target (self->session);
  AssayTarget *baseline =
    shows (self, "compare") ? assay_session_get_baseline (self->session) : NULL;
  g_autofree char *subject = dup_subject (self, widget);
  const char *const words[] = {
    target != NULL ? assay_target_get_model (target) : "",
    baseline != NULL ? assay_target_get_version (baseline) : "",
    target != NULL ? assay_target_get_version (target) : "",
    subject,
    NULL,
  };

  return assay_picture_menu_dup_file_name (words);
}

/* ---- drawing ---- */

typedef void (*DrawnFunc) (AssayWindow *self, GtkWidget *widget, GdkTexture *texture);

typedef struct {
  AssayWindow *window;        /* alive as long as its frame clock ticks for it */
  char *name;
  DrawnFunc done;
  gulong handler;
} Drawing;

static void
drawing_free (gpointer data,
              GClosure *closure)
{
  Drawing *self = data;

  g_object_unref (self->window);
  g_free (self->name);
  g_free (self);
}

static void
painted_cb (GdkFrameClock *clock,
            Drawing *drawing)
{
  g_autoptr (AssayWindow) self = g_object_ref (drawing->window);
  DrawnFunc done = drawing->done;
  GtkWidget *page = gtk_stack_get_visible_child (self->pages);
  GtkWidget *widget = self->session != NULL && page != NULL
                        ? assay_picture_menu_find (page, drawing->name) : NULL;
  g_autoptr (GdkTexture) texture = NULL;

  g_signal_handler_disconnect (clock, drawing->handler);
  if (widget != NULL)
    {
      g_autofree char *caption = dup_caption (self);

      texture = assay_picture_menu_draw (widget, caption);
    }
  if (texture != NULL)
    done (self, widget, texture);
}

/* A menu that closes changes what is drawn below it, and what is to be drawn anew has no
 * picture until it is.  So it is taken when the next frame is complete. */
static void
draw (AssayWindow *self,
      GVariant *name,
      DrawnFunc done)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  Drawing *drawing;

  if (clock == NULL)
    return;
  drawing = g_new0 (Drawing, 1);
  drawing->window = g_object_ref (self);
  drawing->name = g_variant_dup_string (name, NULL);
  drawing->done = done;
  drawing->handler = g_signal_connect_data (clock, "after-paint", G_CALLBACK (painted_cb), drawing,
                                            drawing_free, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- copying ---- */

static void
copy (AssayWindow *self,
      GtkWidget *widget,
      GdkTexture *texture)
{
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (widget), texture);
  assay_window_say (self, _("Picture copied"));
}

static void
copy_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  draw (ASSAY_WINDOW (widget), parameter, copy);
}

/* ---- saving ---- */

static void
written_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (Saving) saving = data;
  g_autoptr (AssayWindow) window = g_weak_ref_get (&saving->window);
  g_autoptr (GError) error = NULL;
  gboolean written = g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
  g_autofree char *name = g_file_get_basename (saving->file);
  g_autofree char *shown = assay_display_name (name);
  g_autofree char *text = NULL;

  if (window == NULL || window->session == NULL)
    return;
  if (written)
    text = g_strdup_printf (_("The picture is written to “%s”"), shown);
  else
    text = g_strdup_printf (_("“%s” can’t be written: %s. Make room, or choose another place."),
                            shown, error->message);
  assay_window_say (window, text);
}

static void
save_to (AssayWindow *self,
         GFile *file,
         GdkTexture *texture)
{
  g_autoptr (GBytes) bytes = gdk_texture_save_to_png_bytes (texture);

  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       written_cb, saving_new (self, file));
}

static void
response_cb (GtkNativeDialog *chooser,
             int response,
             AssayWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    save_to (self, file, self->picture);
  g_clear_object (&self->picture);
  g_clear_object (&self->chooser);
}

/* The picture is what was to be seen when it was asked for, whatever happens while a person
 * looks for a place. */
static void
ask_where (AssayWindow *self,
           GtkWidget *widget,
           GdkTexture *texture)
{
  g_autoptr (GtkFileFilter) filter = NULL;
  g_autofree char *proposed = NULL;

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Save Picture"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, _("Picture (PNG)"));
  gtk_file_filter_add_pattern (filter, "*.png");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  proposed = dup_file_name (self, widget);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), proposed);
  g_set_object (&self->picture, texture);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
save_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  draw (ASSAY_WINDOW (widget), parameter, ask_where);
}

/**
 * assay_window_install_picture:
 * @widget_class: the window's class
 *
 * Installs "win.copy-picture" and "win.save-picture", of what has that name on the page on
 * show.
 */
void
assay_window_install_picture (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.copy-picture", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "win.save-picture", "s", save_action);
}
