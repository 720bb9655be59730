/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: validate-ui FOLDER
 *
 * Validates the user interface files as gtk4-builder-tool does, which knows GTK's types
 * alone: here libadwaita's and Assay's own are known as well.  Handlers are left to the
 * compiler's own look at them: a template whose handler is missing ends the program that
 * opens it. */

#include "config.h"

#include <adwaita.h>

/* ---- any handler will do ---- */

typedef GtkBuilderCScope Scope;
typedef GtkBuilderCScopeClass ScopeClass;

static void
marshal_nothing (GClosure *closure,
                 GValue *result,
                 guint n_values,
                 const GValue *values,
                 gpointer hint,
                 gpointer data)
{
}

static GClosure *
create_closure (GtkBuilderScope *scope,
                GtkBuilder *builder,
                const char *name,
                GtkBuilderClosureFlags flags,
                GObject *object,
                GError **error)
{
  GClosure *closure = g_closure_new_simple (sizeof (GClosure), NULL);

  g_closure_set_marshal (closure, marshal_nothing);
  return closure;
}

static void
scope_iface_init (GtkBuilderScopeInterface *iface)
{
  iface->create_closure = create_closure;
}

static GType scope_get_type (void);

G_DEFINE_TYPE_WITH_CODE (Scope, scope, GTK_TYPE_BUILDER_CSCOPE,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDER_SCOPE, scope_iface_init))

static void
scope_class_init (ScopeClass *klass)
{
}

static void
scope_init (Scope *self)
{
}

/* ---- one file ---- */

/* What a template is filled in, which may not be one that has a template already; its
 * parent may be abstract. */
static GtkWidget *
make_stand_in (GType parent,
               const char *name)
{
  GTypeQuery query;
  GType type;

  g_type_query (parent, &query);
  type = g_type_register_static_simple (parent, name, query.class_size, NULL, query.instance_size,
                                        NULL, 0);
  return g_object_ref_sink (g_object_new (type, NULL));
}

static gboolean
find_type (GtkBuilder *builder,
           const char *name,
           GType *type,
           GError **error)
{
  *type = gtk_builder_get_type_from_name (builder, name);
  if (*type == G_TYPE_INVALID)
    g_set_error (error, GTK_BUILDER_ERROR, GTK_BUILDER_ERROR_INVALID_ATTRIBUTE,
                 "There is no type %s", name);
  return *type != G_TYPE_INVALID;
}

/* @text as a template of the stand-in. */
static char *
rename_class (const char *text,
              const char *class,
              const char *name)
{
  g_autofree char *from = g_strdup_printf ("\"%s\"", class);
  g_autofree char *to = g_strdup_printf ("\"%s\"", name);
  g_autoptr (GString) renamed = g_string_new (text);

  g_string_replace (renamed, from, to, 0);
  return g_string_free (g_steal_pointer (&renamed), FALSE);
}

static gboolean
check_template (GtkBuilder *builder,
                const char *class,
                const char *parent,
                const char *text,
                GError **error)
{
  static guint n;
  static GPtrArray *kept;
  g_autofree char *name = g_strdup_printf ("Checked%u", n++);
  g_autofree char *renamed = rename_class (text, class, name);
  GType type, parent_type;
  GtkWidget *widget;

  if (!find_type (builder, class, &type, error) || !find_type (builder, parent, &parent_type, error))
    return FALSE;
  if (g_type_parent (type) != parent_type)
    {
      g_set_error (error, GTK_BUILDER_ERROR, GTK_BUILDER_ERROR_INVALID_ATTRIBUTE,
                   "The parent of %s is %s", class, g_type_name (g_type_parent (type)));
      return FALSE;
    }
  widget = make_stand_in (parent_type, name);
  /* It doesn't know that it gets children, and so could not end. */
  if (kept == NULL)
    kept = g_ptr_array_new ();
  g_ptr_array_add (kept, widget);
  gtk_builder_set_current_object (builder, G_OBJECT (widget));
  return gtk_builder_extend_with_template (builder, G_OBJECT (widget), G_OBJECT_TYPE (widget),
                                           renamed, -1, error);
}

static gboolean
check (const char *text,
       GError **error)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();
  g_autoptr (GtkBuilderScope) scope = g_object_new (scope_get_type (), NULL);
  g_autoptr (GRegex) regex =
    g_regex_new ("<template class=\"(\\w+)\" parent=\"(\\w+)\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *class = NULL;
  g_autofree char *parent = NULL;

  gtk_builder_set_scope (builder, scope);
  if (!g_regex_match (regex, text, 0, &match))
    return gtk_builder_add_from_string (builder, text, -1, error);
  class = g_match_info_fetch (match, 1);
  parent = g_match_info_fetch (match, 2);
  return check_template (builder, class, parent, text, error);
}

static void
test_file (gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (data, &text, NULL, &error);
  g_assert_no_error (error);
  check (text, &error);
  g_assert_no_error (error);
}

/* It must not take just anything. */
static void
test_refused (void)
{
  static const char *const wrong[] = {
    "<interface><object class=\"GtkLabel\"><property name=\"labal\">x</property></object></interface>",
    "<interface><object class=\"AssayNothing\"/></interface>",
    "<interface><template class=\"AssayRow\" parent=\"GtkWidget\"><child>"
    "<object class=\"AssayThumb\"><property name=\"labal\">x</property></object>"
    "</child></template></interface>",
    "<interface><template class=\"AssayRow\" parent=\"GtkBox\"/></interface>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", wrong[i]);
      g_assert_false (check (wrong[i], &error));
      g_assert_nonnull (error);
    }
}

static void
add_files (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *test = g_strconcat ("/assay/ui/", name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        add_files (path);
      else if (g_str_has_suffix (name, ".ui"))
        g_test_add_data_func_full (test, g_steal_pointer (&path), test_file, g_free);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  adw_init ();
  add_files (argv[1]);
  g_test_add_func ("/assay/ui/refused", test_refused);
  return g_test_run ();
}
