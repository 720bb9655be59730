/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-application.h"
#include "assay-window.h"
#include "widget-support.h"

/* What GTK itself listens to, the preview's own keys and those for the menu of a chart, which
 * are no shortcuts of an action: the shortcuts window names them, and no table of ours does. */
static const char *const others[] = { "F10", "<Control>a", "Up", "Down", "<Shift>F10", "Menu" };

/* Named like "<Control>plus", whatever way it was written. */
static char *
dup_name (const char *accelerator)
{
  GdkModifierType modifiers;
  guint key;

  g_assert_true (gtk_accelerator_parse (accelerator, &key, &modifiers));
  return gtk_accelerator_name (key, modifiers);
}

static void
add_accelerator (GHashTable *accelerators,
                 const char *accelerator,
                 const char *action)
{
  g_hash_table_insert (accelerators, dup_name (accelerator), g_strdup (action));
}

static void
add_of_application (GHashTable *accelerators,
                    GtkApplication *application)
{
  g_auto (GStrv) actions = gtk_application_list_action_descriptions (application);

  for (guint i = 0; actions[i] != NULL; i++)
    {
      g_auto (GStrv) accels = gtk_application_get_accels_for_action (application, actions[i]);

      for (guint k = 0; accels[k] != NULL; k++)
        add_accelerator (accelerators, accels[k], actions[i]);
    }
}

/* "win.undo", "" for a function of ours, or NULL for what is none of ours. */
static const char *
get_action (GtkShortcut *shortcut)
{
  GtkShortcutAction *action = gtk_shortcut_get_action (shortcut);
  const char *name;

  if (GTK_IS_CALLBACK_ACTION (action))
    return "";
  if (!GTK_IS_NAMED_ACTION (action))
    return NULL;
  name = gtk_named_action_get_action_name (GTK_NAMED_ACTION (action));
  return g_str_has_prefix (name, "win.") || g_str_has_prefix (name, "app.") ? name : NULL;
}

static void
add_of_controller (GHashTable *accelerators,
                   GListModel *shortcuts)
{
  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);
      GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);
      const char *action = get_action (shortcut);
      g_autofree char *accelerator = NULL;

      if (action == NULL || !GTK_IS_KEYVAL_TRIGGER (trigger))
        continue;
      accelerator =
        gtk_accelerator_name (gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)),
                              gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)));
      if (*action != '\0' || !g_hash_table_contains (accelerators, accelerator))
        add_accelerator (accelerators, accelerator, action);
    }
}

/* A widget and what is in it. */
static void
add_of_widget (GHashTable *accelerators,
               GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller))
        add_of_controller (accelerators, G_LIST_MODEL (controller));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_of_widget (accelerators, child);
}

/* GTK's own widgets have functions too; ours is the one that undoes. */
static gboolean
is_of_gtk (gpointer accelerator,
           gpointer action,
           gpointer data)
{
  return *(char *) action == '\0' && strcmp (accelerator, "<Control>z") != 0;
}

static void
add_of_shortcut (GHashTable *accelerators,
                 GtkWidget *shortcut,
                 GtkApplication *application)
{
  g_autofree char *list = NULL;
  g_autofree char *action = NULL;
  g_autofree char *title = NULL;
  g_auto (GStrv) accels = NULL;

  g_object_get (shortcut, "accelerator", &list, "action-name", &action, "title", &title, NULL);
  if (action != NULL)
    accels = gtk_application_get_accels_for_action (application, action);
  else
    accels = g_strsplit (list, " ", -1);
  g_assert_nonnull (accels[0]);
  for (guint i = 0; accels[i] != NULL; i++)
    add_accelerator (accelerators, accels[i], title);
}

static void
add_of_overlay (GHashTable *accelerators,
                GtkWidget *widget,
                GtkApplication *application)
{
  if (GTK_IS_SHORTCUTS_SHORTCUT (widget))
    {
      add_of_shortcut (accelerators, widget, application);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_of_overlay (accelerators, child, application);
}

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* Whether any key of an action stands in the shortcuts window: the same on the keypad
 * need not. */
static gboolean
is_shown (GHashTable *real,
          GHashTable *shown,
          const char *action)
{
  GHashTableIter iter;
  gpointer accelerator;
  gpointer other;

  g_hash_table_iter_init (&iter, real);
  while (g_hash_table_iter_next (&iter, &accelerator, &other))
    if (strcmp (other, action) == 0 && g_hash_table_contains (shown, accelerator))
      return TRUE;
  return FALSE;
}

static void
compare (GHashTable *real,
         GHashTable *shown)
{
  GHashTableIter iter;
  gpointer accelerator;
  gpointer what;

  g_assert_cmpuint (g_hash_table_size (real), >, 20);
  g_hash_table_iter_init (&iter, real);
  while (g_hash_table_iter_next (&iter, &accelerator, &what))
    if (!is_shown (real, shown, what))
      g_error ("%s (%s) is missing in the shortcuts window", (char *) accelerator, (char *) what);

  g_hash_table_iter_init (&iter, shown);
  while (g_hash_table_iter_next (&iter, &accelerator, &what))
    if (!g_hash_table_contains (real, accelerator))
      g_error ("“%s” is in the shortcuts window, but nothing listens to %s", (char *) what,
               (char *) accelerator);
}

static gboolean
look_cb (gpointer data)
{
  GtkApplication *application = data;
  GtkWindow *window = gtk_application_get_windows (application)->data;
  GtkWidget *overlay =
    GTK_WIDGET (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)));
  g_autoptr (GHashTable) real = new_table ();
  g_autoptr (GHashTable) shown = new_table ();

  g_assert_true (ASSAY_IS_WINDOW (window));
  g_assert_nonnull (overlay);
  add_of_application (real, application);
  add_of_widget (real, GTK_WIDGET (window));
  g_hash_table_foreach_remove (real, is_of_gtk, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    add_accelerator (real, others[i], others[i]);
  add_of_overlay (shown, overlay, application);
  compare (real, shown);
  gtk_window_close (window);
  return G_SOURCE_REMOVE;
}

static void
activated_cb (GApplication *application)
{
  g_idle_add (look_cb, application);
}

/* Either way: what works is shown, and what is shown works. */
static void
test_complete (void)
{
  g_autoptr (AssayApplication) application = assay_application_new ();

  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_signal_connect_after (application, "activate", G_CALLBACK (activated_cb), NULL);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), 0, NULL), ==, 0);
}

int
main (int argc,
      char **argv)
{
  widget_support_init (&argc, &argv);
  g_test_add_func ("/assay/shortcuts/window-is-complete-and-true", test_complete);
  return g_test_run ();
}
