/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Models that a person gives to the window, among pictures and alone. */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-model-arrival.h"
#include "assay-model-dialog.h"
#include "assay-toast.h"
#include "assay-window-private.h"

#define COMPARE_ACTION "win.compare-added"
#define COMPARE_SECONDS 30   /* to think about it; the menu of models has both versions anyway */

/* A version that was added, until it can be asked. */
typedef struct {
  AssayWindow *window;       /* (owned) */
  char *model;
  char *version;
  char *before;              /* (nullable) */
} Added;

static void
added_free (Added *self)
{
  g_object_unref (self->window);
  g_free (self->model);
  g_free (self->version);
  g_free (self->before);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Added, added_free)

/**
 * assay_window_is_model:
 * @file: that was given
 *
 * Returns: whether it is a network, by its name
 */
gboolean
assay_window_is_model (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  gsize length = name != NULL ? strlen (name) : 0;

  return length > 5 && g_ascii_strcasecmp (name + length - 5, ".onnx") == 0;
}

static AssayConnection *
get_builtin (AssayWindow *self)
{
  AssayHub *hub = assay_session_get_hub (self->session);

  return assay_connections_find (assay_hub_get_connections (hub), ASSAY_CONNECTION_BUILTIN);
}

static void
say_ready (AssayWindow *self,
           const Added *added)
{
  g_autofree char *sentence = g_strdup_printf (_("%s version %s is ready"), added->model,
                                               added->version);
  AdwToast *toast = assay_toast_new (sentence);
  g_autofree char *button = NULL;

  if (added->before != NULL)
    {
      button = g_strdup_printf (_("Compare with Version %s"), added->before);
      adw_toast_set_button_label (toast, button);
      adw_toast_set_action_name (toast, COMPARE_ACTION);
      adw_toast_set_action_target (toast, "(sss)", added->model, added->version, added->before);
      adw_toast_set_timeout (toast, COMPARE_SECONDS);
    }
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
arrived_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (Added) added = data;
  AssayWindow *self = added->window;
  g_autoptr (GError) error = NULL;
  AssayConnection *builtin;
  gboolean arrived = assay_model_arrival_finish (ASSAY_LINK (source), result, &error);

  if (self->session == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  builtin = get_builtin (self);
  if (!arrived)
    assay_window_say (self, error->message);
  else if (builtin != NULL)
    {
      assay_session_choose_target (self->session, builtin, added->model, added->version);
      say_ready (self, added);
    }
}

static void
added_cb (AssayModelDialog *dialog,
          const char *model,
          const char *version,
          const char *before,
          AssayWindow *self)
{
  AssayConnection *builtin = self->session != NULL ? get_builtin (self) : NULL;
  Added *added;

  if (builtin == NULL)
    return;
  added = g_new0 (Added, 1);
  added->window = g_object_ref (self);
  added->model = g_strdup (model);
  added->version = g_strdup (version);
  added->before = g_strdup (before);
  assay_model_arrival_async (assay_hub_get_link (assay_session_get_hub (self->session), builtin),
                             model, version, self->cancellable, arrived_cb, added);
}

static void
open_dialog (AssayWindow *self,
             GFile *onnx)
{
  GtkWidget *dialog = assay_model_dialog_new (GTK_WINDOW (self), onnx);

  g_signal_connect_object (dialog, "added", G_CALLBACK (added_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * assay_window_take_models:
 * @files: (array length=n_files): files and folders, of any kind
 * @n_files: how many
 *
 * Of the first network among them a person is asked what it shall be.
 *
 * Returns: (transfer container) (element-type GFile): all that are no networks
 */
GPtrArray *
assay_window_take_models (AssayWindow *self,
                          GFile *const *files,
                          guint n_files)
{
  GPtrArray *others = g_ptr_array_new ();
  GFile *onnx = NULL;
  guint n_models = 0;

  for (guint i = 0; i < n_files; i++)
    if (!assay_window_is_model (files[i]))
      g_ptr_array_add (others, files[i]);
    else if (n_models++ == 0)
      onnx = files[i];
  if (n_models > 1)
    assay_window_say (self, _("Models are added one at a time"));
  if (onnx != NULL)
    open_dialog (self, onnx);
  return others;
}

static void
compare_added_action (GtkWidget *widget,
                      const char *name,
                      GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  AssayConnection *builtin = self->session != NULL ? get_builtin (self) : NULL;
  const char *model;
  const char *version;
  const char *before;

  if (builtin == NULL)
    return;
  g_variant_get (parameter, "(&s&s&s)", &model, &version, &before);
  assay_session_choose_target (self->session, builtin, model, version);
  assay_session_choose_baseline (self->session, builtin, model, before);
  assay_window_show_page (self, "compare");
}

/**
 * assay_window_install_model:
 * @widget_class: the window's class
 *
 * Installs what can be done with a model that was added.
 */
void
assay_window_install_model (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, COMPARE_ACTION, "(sss)", compare_added_action);
}
