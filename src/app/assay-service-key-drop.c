/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-service-key-drop.h"
#include "assay-weak.h"

struct _AssayServiceKeyDrop {
  AdwBin parent_instance;

  GtkWidget *done;
  GtkLabel *words;
  GtkWidget *keys;
  GtkLabel *trouble;

  GCancellable *cancellable;     /* of the file being read */
  GtkFileChooserNative *chooser; /* (nullable): nobody's child, so it is kept here */
};

G_DEFINE_FINAL_TYPE (AssayServiceKeyDrop, assay_service_key_drop, ADW_TYPE_BIN)

static void
use_key (AssayServiceKeyDrop *self,
         AssayServiceKey *key)
{
  gtk_label_set_text (self->words, _("Filled in from the service key"));
  gtk_widget_set_visible (self->keys, FALSE);
  gtk_widget_set_visible (self->done, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), FALSE);
  g_signal_emit_by_name (self, "key", key);
}

/**
 * assay_service_key_drop_complain:
 * @sentence: why what was given is no service key
 */
void
assay_service_key_drop_complain (AssayServiceKeyDrop *self,
                                 const char *sentence)
{
  g_return_if_fail (ASSAY_IS_SERVICE_KEY_DROP (self));
  g_return_if_fail (sentence != NULL);

  gtk_label_set_text (self->trouble, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), TRUE);
}

/**
 * assay_service_key_drop_try:
 * @text: what may be a service key, in any of its wrappings
 *
 * Returns: whether it was one, and was taken
 */
gboolean
assay_service_key_drop_try (AssayServiceKeyDrop *self,
                            const char *text)
{
  g_autoptr (AssayServiceKey) key = NULL;

  g_return_val_if_fail (ASSAY_IS_SERVICE_KEY_DROP (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  key = assay_service_key_read (text, strlen (text), NULL);
  if (key != NULL)
    use_key (self, key);
  return key != NULL;
}

/**
 * assay_service_key_drop_take:
 * @text: what should be a service key, in any of its wrappings
 *
 * As assay_service_key_drop_try(), and says why it is none.
 */
void
assay_service_key_drop_take (AssayServiceKeyDrop *self,
                             const char *text)
{
  g_autoptr (AssayServiceKey) key = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (ASSAY_IS_SERVICE_KEY_DROP (self));
  g_return_if_fail (text != NULL);

  key = assay_service_key_read (text, strlen (text), &error);
  if (key != NULL)
    use_key (self, key);
  else
    assay_service_key_drop_complain (self, error->message);
}

/* ---- files ---- */

/* No more is read than a key can have, and one byte, so that too much shows. */
static AssayServiceKey *
read_file (GFile *file,
           GCancellable *cancellable,
           GError **error)
{
  gsize room = ASSAY_LIMIT_SERVICE_KEY_BYTES + 1;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autofree char *buffer = NULL;
  AssayServiceKey *key = NULL;
  gsize length;

  /* A pipe would be waited for. */
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, cancellable) != G_FILE_TYPE_REGULAR)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("This is no file that holds a service key."));
      return NULL;
    }
  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return NULL;
  buffer = g_malloc0 (room);
  if (g_input_stream_read_all (G_INPUT_STREAM (stream), buffer, room, &length, cancellable, error))
    key = assay_service_key_read (buffer, length, error);
  explicit_bzero (buffer, room);
  return key;
}

static void
read_worker (GTask *task,
             gpointer source,
             gpointer data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  AssayServiceKey *key = read_file (data, cancellable, &error);

  if (key != NULL)
    g_task_return_pointer (task, key, (GDestroyNotify) assay_service_key_free);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (AssayServiceKeyDrop) self = assay_weak_take (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayServiceKey) key = g_task_propagate_pointer (G_TASK (result), &error);

  if (self == NULL || g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  if (key != NULL)
    use_key (self, key);
  else
    assay_service_key_drop_complain (self, error->message);
}

static void
stop_reading (AssayServiceKeyDrop *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
take_file (AssayServiceKeyDrop *self,
           GFile *file)
{
  g_autoptr (GTask) task = NULL;

  stop_reading (self);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, read_cb, assay_weak_new (self));
  g_task_set_source_tag (task, take_file);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_worker);
}

static void
open_response_cb (GtkNativeDialog *chooser,
                  int response,
                  AssayServiceKeyDrop *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    take_file (self, file);
  g_clear_object (&self->chooser);
}

static void
open_cb (AssayServiceKeyDrop *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Open a Service Key"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (open_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue *value,
         double x,
         double y,
         AssayServiceKeyDrop *self)
{
  g_autoptr (GSList) files = NULL;

  if (G_VALUE_HOLDS_STRING (value))
    {
      assay_service_key_drop_take (self, g_value_get_string (value));
      return TRUE;
    }
  if (!G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return FALSE;
  files = gdk_file_list_get_files (g_value_get_boxed (value));
  if (files != NULL && files->next == NULL)
    take_file (self, files->data);
  else
    assay_service_key_drop_complain (self, _("Drop one service key at a time."));
  return TRUE;
}

static void
add_drop_target (AssayServiceKeyDrop *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_STRING };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* ---- the widget ---- */

static void
assay_service_key_drop_dispose (GObject *object)
{
  AssayServiceKeyDrop *self = ASSAY_SERVICE_KEY_DROP (object);

  stop_reading (self);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_SERVICE_KEY_DROP);
  G_OBJECT_CLASS (assay_service_key_drop_parent_class)->dispose (object);
}

static void
assay_service_key_drop_class_init (AssayServiceKeyDropClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_service_key_drop_dispose;
  g_signal_new ("key", ASSAY_TYPE_SERVICE_KEY_DROP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_POINTER);

  gtk_widget_class_set_css_name (widget_class, "servicekeydrop");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-service-key-drop.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayServiceKeyDrop, done);
  gtk_widget_class_bind_template_child (widget_class, AssayServiceKeyDrop, words);
  gtk_widget_class_bind_template_child (widget_class, AssayServiceKeyDrop, keys);
  gtk_widget_class_bind_template_child (widget_class, AssayServiceKeyDrop, trouble);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
}

static void
assay_service_key_drop_init (AssayServiceKeyDrop *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_drop_target (self);
}
