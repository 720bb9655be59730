/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-model-sample.h"
#include "assay-pixels.h"
#include "assay-sight.h"

/* Invariant: the sample is read once the pictures are on the screen for the first time, and
 * what is seen of it is made when the main loop has nothing else to do. */
struct _AssaySight {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkPicture *sample;
  GtkPicture *seen;
  GtkLabel *sample_label;
  GtkLabel *seen_label;

  char *preprocess;              /* as it was typed; "" for what Assay would choose */
  GdkPixbuf *picture;            /* (nullable): the sample, once it is read */
  GCancellable *cancellable;     /* (nullable) until it is asked for */
  guint source;
};

G_DEFINE_FINAL_TYPE (AssaySight, assay_sight, GTK_TYPE_WIDGET)

/* Where nobody says a size, the model will; until then it is shown for the usual one. */
static gboolean
says_size (const char *text)
{
  AssayPreprocess preprocess;

  assay_preprocess_init_default (&preprocess, 0, 0);
  return *text != '\0' && assay_preprocess_parse (&preprocess, text, NULL) && preprocess.width > 0;
}

static char *
dup_seen_text (AssaySight *self,
               const AssayPreprocess *preprocess)
{
  if (says_size (self->preprocess))
    return g_strdup_printf (_("As the model sees it: %u × %u"), preprocess->width,
                            preprocess->height);
  return g_strdup_printf (_("As a model of %u × %u sees it"), preprocess->width,
                          preprocess->height);
}

/* The last picture stays while a word is being typed, but not as if it were true. */
static void
show_unknown (AssaySight *self)
{
  gtk_widget_set_opacity (GTK_WIDGET (self->seen), .3);
  gtk_label_set_text (self->seen_label, _("Nothing can be made of these words yet"));
}

static gboolean
show_seen_cb (gpointer data)
{
  AssaySight *self = data;
  const AssayPixelNeed need = { 0 };
  AssayPreprocess preprocess;
  g_autoptr (GdkPixbuf) seen = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *text = NULL;

  self->source = 0;
  if (!assay_pixels_choose (&preprocess, &need, self->preprocess, NULL))
    {
      show_unknown (self);
      return G_SOURCE_REMOVE;
    }
  text = dup_seen_text (self, &preprocess);
  seen = assay_preprocess_see (&preprocess, self->picture);
  texture = gdk_texture_new_for_pixbuf (seen);
  gtk_picture_set_paintable (self->seen, GDK_PAINTABLE (texture));
  gtk_widget_set_opacity (GTK_WIDGET (self->seen), 1);
  gtk_label_set_text (self->seen_label, text);
  return G_SOURCE_REMOVE;
}

static void
show_soon (AssaySight *self)
{
  if (self->picture != NULL && self->source == 0)
    self->source = g_idle_add (show_seen_cb, self);
}

static void
show_sample (AssaySight *self)
{
  g_autoptr (GdkTexture) texture = gdk_texture_new_for_pixbuf (self->picture);
  g_autofree char *text = g_strdup_printf (_("A sample: %d × %d"),
                                           gdk_pixbuf_get_width (self->picture),
                                           gdk_pixbuf_get_height (self->picture));

  gtk_picture_set_paintable (self->sample, GDK_PAINTABLE (texture));
  gtk_label_set_text (self->sample_label, text);
}

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssaySight) self = data;
  g_autoptr (GError) error = NULL;

  self->picture = assay_model_sample_load_finish (result, &error);
  if (self->picture == NULL)
    {
      g_debug ("No sample is shown: %s", error->message);
      return;
    }
  show_sample (self);
  if (self->box != NULL)
    show_soon (self);
}

static void
assay_sight_map (GtkWidget *widget)
{
  AssaySight *self = ASSAY_SIGHT (widget);

  GTK_WIDGET_CLASS (assay_sight_parent_class)->map (widget);
  if (self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  assay_model_sample_load_async (self->cancellable, loaded_cb, g_object_ref (self));
}

static void
assay_sight_dispose (GObject *object)
{
  AssaySight *self = ASSAY_SIGHT (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_SIGHT);
  G_OBJECT_CLASS (assay_sight_parent_class)->dispose (object);
}

static void
assay_sight_finalize (GObject *object)
{
  AssaySight *self = ASSAY_SIGHT (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->picture);
  g_free (self->preprocess);
  G_OBJECT_CLASS (assay_sight_parent_class)->finalize (object);
}

static void
assay_sight_class_init (AssaySightClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_sight_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_sight_finalize;
  widget_class->map = assay_sight_map;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-sight.ui");
  gtk_widget_class_bind_template_child (widget_class, AssaySight, box);
  gtk_widget_class_bind_template_child (widget_class, AssaySight, sample);
  gtk_widget_class_bind_template_child (widget_class, AssaySight, seen);
  gtk_widget_class_bind_template_child (widget_class, AssaySight, sample_label);
  gtk_widget_class_bind_template_child (widget_class, AssaySight, seen_label);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_sight_init (AssaySight *self)
{
  self->preprocess = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_sight_set_preprocess:
 * @text: what becomes of a picture, as assay_preprocess_parse() reads it, while it is being
 *   typed too; "" for what Assay would choose
 */
void
assay_sight_set_preprocess (AssaySight *self,
                            const char *text)
{
  g_return_if_fail (ASSAY_IS_SIGHT (self));
  g_return_if_fail (text != NULL);

  g_free (self->preprocess);
  self->preprocess = g_strstrip (g_strdup (text));
  show_soon (self);
}
