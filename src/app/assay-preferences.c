/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-preferences.h"

struct _AssayPreferences {
  AdwPreferencesWindow parent_instance;

  GtkSpinButton *threshold;
  GtkSpinButton *jobs;
  GtkSpinButton *timeout;
  AdwComboRow *archives;
  GtkSpinButton *present_seconds;
  AdwComboRow *present_monitor;
  GPtrArray *connectors;         /* (element-type utf8): of the row's list */
  GtkSwitch *keep_size;
  GtkSwitch *keep_choice;
  GtkSwitch *keep_history;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (AssayPreferences, assay_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* In the order of the row's list. */
static const char *const archive_nicks[] = { "open", "send" };

static gboolean
share_to_percent (GValue *value,
                  GVariant *share,
                  gpointer data)
{
  g_value_set_double (value, g_variant_get_double (share) * 100);
  return TRUE;
}

static GVariant *
percent_to_share (const GValue *value,
                  const GVariantType *type,
                  gpointer data)
{
  return g_variant_new_double (round (g_value_get_double (value)) / 100);
}

static gboolean
number_to_spin (GValue *value,
                GVariant *number,
                gpointer data)
{
  g_value_set_double (value, g_variant_get_uint32 (number));
  return TRUE;
}

static GVariant *
spin_to_number (const GValue *value,
                const GVariantType *type,
                gpointer data)
{
  return g_variant_new_uint32 ((guint32) round (g_value_get_double (value)));
}

static gboolean
nick_to_position (GValue *value,
                  GVariant *nick,
                  gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (archive_nicks); i++)
    if (strcmp (g_variant_get_string (nick, NULL), archive_nicks[i]) == 0)
      {
        g_value_set_uint (value, i);
        return TRUE;
      }
  return FALSE;
}

static GVariant *
position_to_nick (const GValue *value,
                  const GVariantType *type,
                  gpointer data)
{
  guint position = g_value_get_uint (value);

  return position < G_N_ELEMENTS (archive_nicks) ? g_variant_new_string (archive_nicks[position])
                                                 : NULL;
}

static void
bind_settings (AssayPreferences *self)
{
  g_settings_bind_with_mapping (self->settings, "threshold", self->threshold, "value",
                                G_SETTINGS_BIND_DEFAULT, share_to_percent, percent_to_share, NULL,
                                NULL);
  g_settings_bind_with_mapping (self->settings, "jobs", self->jobs, "value",
                                G_SETTINGS_BIND_DEFAULT, number_to_spin, spin_to_number, NULL,
                                NULL);
  g_settings_bind_with_mapping (self->settings, "timeout", self->timeout, "value",
                                G_SETTINGS_BIND_DEFAULT, number_to_spin, spin_to_number, NULL,
                                NULL);
  g_settings_bind_with_mapping (self->settings, "archives", self->archives, "selected",
                                G_SETTINGS_BIND_DEFAULT, nick_to_position, position_to_nick, NULL,
                                NULL);
  g_settings_bind_with_mapping (self->settings, "present-seconds", self->present_seconds, "value",
                                G_SETTINGS_BIND_DEFAULT, number_to_spin, spin_to_number, NULL,
                                NULL);
  g_settings_bind (self->settings, "keep-window-size", self->keep_size, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "keep-choice", self->keep_choice, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "keep-history", self->keep_history, "active",
                   G_SETTINGS_BIND_DEFAULT);
}

/* ---- where to present ---- */

static void
monitor_chosen_cb (AssayPreferences *self)
{
  guint selected = adw_combo_row_get_selected (self->present_monitor);

  if (self->connectors != NULL && selected < self->connectors->len)
    g_settings_set_string (self->settings, "present-monitor",
                           g_ptr_array_index (self->connectors, selected));
}

/* The first choice is none; one that was chosen and is not there now stays chosen. */
static void
list_monitors (AssayPreferences *self)
{
  GListModel *monitors = gdk_display_get_monitors (gtk_widget_get_display (GTK_WIDGET (self)));
  g_autofree char *wanted = g_settings_get_string (self->settings, "present-monitor");
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  gtk_widget_set_visible (GTK_WIDGET (self->present_monitor),
                          g_list_model_get_n_items (monitors) > 1);
  gtk_string_list_append (names, _("The window’s monitor"));
  self->connectors = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->connectors, g_strdup (""));
  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
      const char *connector = gdk_monitor_get_connector (monitor);
      const char *model = gdk_monitor_get_model (monitor);
      g_autofree char *name = NULL;

      if (connector == NULL)
        continue;
      name = model != NULL ? g_strdup_printf ("%s (%s)", model, connector) : g_strdup (connector);
      if (strcmp (connector, wanted) == 0)
        selected = self->connectors->len;
      gtk_string_list_append (names, name);
      g_ptr_array_add (self->connectors, g_strdup (connector));
    }
  adw_combo_row_set_model (self->present_monitor, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->present_monitor, selected);
  g_signal_connect_object (self->present_monitor, "notify::selected",
                           G_CALLBACK (monitor_chosen_cb), self, G_CONNECT_SWAPPED);
}

/* What is no longer to be kept is forgotten at once. */
static void
keep_size_cb (AssayPreferences *self)
{
  static const char *const keys[] = { "window-width", "window-height", "window-maximized" };

  if (self->settings == NULL || gtk_switch_get_active (self->keep_size))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (self->settings, keys[i]);
}

static void
keep_choice_cb (AssayPreferences *self)
{
  static const char *const keys[] = { "connection", "model", "version" };

  if (self->settings == NULL || gtk_switch_get_active (self->keep_choice))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (self->settings, keys[i]);
}

static void
assay_preferences_dispose (GObject *object)
{
  g_clear_object (&ASSAY_PREFERENCES (object)->settings);
  g_clear_pointer (&ASSAY_PREFERENCES (object)->connectors, g_ptr_array_unref);
  G_OBJECT_CLASS (assay_preferences_parent_class)->dispose (object);
}

static void
assay_preferences_class_init (AssayPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayPreferences, threshold);
  gtk_widget_class_bind_template_child (widget_class, AssayPreferences, jobs);
  gtk_widget_class_bind_template_child (widget_class, AssayPreferences, timeout);
  gtk_widget_class_bind_template_child (widget_class, AssayPreferences, archives);
  gtk_widget_class_bind_template_child (widget_class, AssayPreferences, present_seconds);
  gtk_widget_class_bind_template_child (widget_class, AssayPreferences, present_monitor);
  gtk_widget_class_bind_template_child (widget_class, AssayPreferences, keep_size);
  gtk_widget_class_bind_template_child (widget_class, AssayPreferences, keep_choice);
  gtk_widget_class_bind_template_child (widget_class, AssayPreferences, keep_history);
  gtk_widget_class_bind_template_callback (widget_class, keep_size_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_choice_cb);
}

static void
assay_preferences_init (AssayPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_preferences_new:
 * @parent: (nullable): the window to stand above
 * @settings: (transfer none): what is shown and changed
 *
 * Returns: (transfer none): the window; GTK owns it
 */
GtkWidget *
assay_preferences_new (GtkWindow *parent,
                       GSettings *settings)
{
  AssayPreferences *self;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (ASSAY_TYPE_PREFERENCES, "transient-for", parent, NULL);
  self->settings = g_object_ref (settings);
  bind_settings (self);
  list_monitors (self);
  return GTK_WIDGET (self);
}
