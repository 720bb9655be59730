/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-connection-text.h"
#include "assay-display.h"
#include "assay-model-menu.h"

/* The rows stand for versions and connections by their index; both lists are
 * made when the menu opens, and again when the link has changed meanwhile. */
struct _AssayModelMenu {
  GtkPopover parent_instance;

  GtkWidget *dot;
  GtkLabel *title;
  GtkLabel *place;
  GtkLabel *words;
  GtkWidget *trouble;
  GtkLabel *reason;
  GtkWidget *versions_page;
  GtkListBox *versions;
  GtkWidget *typed_page;
  GtkEditable *model;
  GtkEditable *version;
  GtkWidget *connections_page;
  GtkListBox *connections;
  GtkWidget *edit;

  AssaySession *session;
  GPtrArray *listed;             /* (element-type AssayModelVersion) (nullable) */
};

G_DEFINE_FINAL_TYPE (AssayModelMenu, assay_model_menu, GTK_TYPE_POPOVER)

/* Rows stay where they are, and so does the keyboard's focus: only what they say
 * is new. */
static void
trim_list (GtkListBox *list,
           guint       n)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, n)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static GtkListBoxRow *
append_row (GtkListBox *list)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *name = gtk_label_new (NULL);
  GtkWidget *note = gtk_label_new (NULL);
  /* The row's own name says it. */
  GtkWidget *check = g_object_new (GTK_TYPE_IMAGE,
                                  "icon-name", "object-select-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                  NULL);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 32);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (note, "dim-label");
  gtk_widget_add_css_class (note, "caption");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), note);
  gtk_box_append (GTK_BOX (box), check);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_append (list, row);
  return GTK_LIST_BOX_ROW (row);
}

static GtkWidget *
set_row (GtkListBox *list,
         guint       index,
         const char *title,
         const char *state,
         gboolean    chosen,
         gboolean    sensitive)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, index);
  GtkWidget *name;
  GtkWidget *note;
  g_autofree char *spoken = NULL;

  if (row == NULL)
    row = append_row (list);
  name = gtk_widget_get_first_child (gtk_list_box_row_get_child (row));
  note = gtk_widget_get_next_sibling (name);
  gtk_label_set_text (GTK_LABEL (name), title);
  gtk_label_set_text (GTK_LABEL (note), state);
  gtk_widget_set_opacity (gtk_widget_get_next_sibling (note), chosen ? 1 : 0);
  gtk_widget_set_sensitive (GTK_WIDGET (row), sensitive);
  gtk_list_box_row_set_activatable (row, sensitive);

  spoken = g_strdup_printf (chosen ? _("%s, %s, chosen") : "%s, %s", title, state);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return GTK_WIDGET (row);
}

/* The service's own word where the person may know it from there. */
static char *
dup_state (AssayModelVersion *version)
{
  if (version->callable)
    return g_strdup (_("ready"));
  if (*version->state == '\0')
    return g_strdup (_("not deployed"));
  if (assay_link_version_is_pending (version))
    return g_strdup (_("being deployed"));
  if (g_ascii_strcasecmp (version->state, "FAILED") == 0)
    return g_strdup (_("failed to deploy"));
  return assay_display_text (version->state, -1, 40);
}

static gboolean
is_chosen (AssayModelMenu *self,
           AssayModelVersion *version)
{
  AssayTarget *target = assay_session_get_target (self->session);

  return target != NULL
         && strcmp (assay_target_get_model (target), version->model) == 0
         && strcmp (assay_target_get_version (target), version->version) == 0;
}

static void
set_version (AssayModelMenu *self,
             guint index,
             AssayModelVersion *version)
{
  g_autofree char *number = assay_display_text (version->version, -1, 0);
  g_autofree char *title = g_strdup_printf (_("Version %s"), number);
  g_autofree char *state = dup_state (version);
  g_autofree char *description = NULL;
  GtkWidget *row;

  row = set_row (self->versions, index, title, state, is_chosen (self, version),
                 version->callable);
  if (version->description != NULL && *version->description != '\0')
    description = assay_display_text (version->description, -1, 300);
  gtk_widget_set_tooltip_text (row, description);
}

/* The model's name stands above its first version. */
static void
version_header_cb (GtkListBoxRow *row,
                   GtkListBoxRow *before,
                   gpointer data)
{
  AssayModelMenu *self = data;
  AssayModelVersion *version;
  AssayModelVersion *previous = NULL;
  g_autofree char *name = NULL;
  GtkWidget *label;

  version = g_ptr_array_index (self->listed, gtk_list_box_row_get_index (row));
  if (before != NULL)
    previous = g_ptr_array_index (self->listed, gtk_list_box_row_get_index (before));
  if (previous != NULL && strcmp (previous->model, version->model) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  name = assay_display_text (version->model, -1, 0);
  label = gtk_label_new (name);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (label, "heading");
  gtk_list_box_row_set_header (row, label);
}

static void
show_versions (AssayModelMenu *self,
               AssayLink *link)
{
  GPtrArray *versions = assay_link_get_versions (link);
  guint n = versions != NULL ? versions->len : 0;

  /* The rows that go do so first: their headers are made from what they stand for. */
  trim_list (self->versions, n);
  g_clear_pointer (&self->listed, g_ptr_array_unref);
  self->listed = versions != NULL ? g_ptr_array_ref (versions) : NULL;
  for (guint i = 0; i < n; i++)
    set_version (self, i, g_ptr_array_index (versions, i));
  gtk_list_box_invalidate_headers (self->versions);
  gtk_widget_set_visible (self->versions_page, n > 0);
}

/* Where the service doesn't tell what it has, a person does. */
static void
show_typed (AssayModelMenu *self,
            AssayLink *link)
{
  AssayTarget *target = assay_session_get_target (self->session);
  gboolean typed = assay_link_get_versions (link) == NULL
                   && (!assay_link_can_list (link)
                       || assay_link_get_status (link) == ASSAY_LINK_TROUBLED
                       || assay_link_get_status (link) == ASSAY_LINK_NOT_PERMITTED);

  if (typed && !gtk_widget_get_visible (self->typed_page))
    {
      const char *model = target != NULL ? assay_target_get_model (target) : "";
      const char *version = target != NULL ? assay_target_get_version (target) : "";

      gtk_editable_set_text (self->model, model);
      gtk_editable_set_text (self->version, version);
    }
  gtk_widget_set_visible (self->typed_page, typed);
}

static void
show_standing (AssayModelMenu *self,
               AssayLink *link)
{
  const char *classes[] = { "dot", assay_link_get_dot (link), NULL };
  const GError *error = assay_link_get_error (link);
  AssayConnection *connection = assay_link_get_connection (link);
  g_autofree char *title = assay_connection_text_dup_title (connection);
  g_autofree char *place = assay_connection_text_dup_place (connection);

  gtk_widget_set_css_classes (self->dot, classes);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->place, place);
  gtk_label_set_text (self->words, assay_link_get_words (link));
  gtk_widget_set_visible (self->trouble, error != NULL);
  if (error != NULL)
    gtk_label_set_text (self->reason, error->message);
}

static void
show_connections (AssayModelMenu *self,
                  AssayLink *link)
{
  GListModel *connections =
    G_LIST_MODEL (assay_hub_get_connections (assay_session_get_hub (self->session)));
  guint n = g_list_model_get_n_items (connections);

  trim_list (self->connections, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayConnection) connection = g_list_model_get_item (connections, i);
      g_autofree char *title = assay_connection_text_dup_title (connection);
      g_autofree char *place = assay_connection_text_dup_place (connection);

      set_row (self->connections, i, title, place,
               connection == assay_link_get_connection (link), TRUE);
    }
  gtk_widget_set_visible (self->connections_page, n > 1);
  gtk_widget_set_visible (self->edit,
                          !assay_connection_is_builtin (assay_link_get_connection (link)));
}

static void
update (AssayModelMenu *self)
{
  AssayLink *link;

  if (!gtk_widget_get_visible (GTK_WIDGET (self)) || self->session == NULL)
    return;
  link = assay_session_get_link (self->session);
  if (link == NULL)
    return;
  show_standing (self, link);
  show_versions (self, link);
  show_typed (self, link);
  show_connections (self, link);
}

static void
focus_chosen (AssayModelMenu *self)
{
  guint n = self->listed != NULL ? self->listed->len : 0;

  for (guint i = 0; i < n; i++)
    if (is_chosen (self, g_ptr_array_index (self->listed, i)))
      gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (self->versions, i)));
}

static void
shown_cb (AssayModelMenu *self)
{
  AssayLink *link = assay_session_get_link (self->session);

  /* Filled from what is known; what has changed at the service follows. */
  gtk_widget_set_visible (self->typed_page, FALSE);
  update (self);
  focus_chosen (self);
  if (link != NULL && assay_link_get_status (link) == ASSAY_LINK_READY)
    assay_link_refresh (link);
}

static void
version_activated_cb (GtkListBox *list,
                      GtkListBoxRow *row,
                      AssayModelMenu *self)
{
  AssayModelVersion *version = g_ptr_array_index (self->listed, gtk_list_box_row_get_index (row));
  g_autofree char *model = g_strdup (version->model);
  g_autofree char *number = g_strdup (version->version);

  gtk_popover_popdown (GTK_POPOVER (self));
  assay_session_choose_version (self->session, model, number);
}

static void
connection_activated_cb (GtkListBox *list,
                         GtkListBoxRow *row,
                         AssayModelMenu *self)
{
  AssayConnections *connections = assay_hub_get_connections (assay_session_get_hub (self->session));
  g_autoptr (AssayConnection) connection =
    g_list_model_get_item (G_LIST_MODEL (connections), gtk_list_box_row_get_index (row));

  /* The menu stays: which version comes next is seen in it. */
  if (connection != NULL)
    assay_session_choose_connection (self->session, connection);
}

static void
use_typed_cb (AssayModelMenu *self)
{
  g_autofree char *model = g_strstrip (g_strdup (gtk_editable_get_text (self->model)));
  g_autofree char *version = g_strstrip (g_strdup (gtk_editable_get_text (self->version)));

  gtk_popover_popdown (GTK_POPOVER (self));
  assay_session_choose_version (self->session, model, version);
}

static void
assay_model_menu_dispose (GObject *object)
{
  AssayModelMenu *self = ASSAY_MODEL_MENU (object);

  g_clear_object (&self->session);
  /* The list may live a little longer, and asks for a header with each row it loses. */
  if (self->versions != NULL)
    gtk_list_box_set_header_func (self->versions, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_MODEL_MENU);
  g_clear_pointer (&self->listed, g_ptr_array_unref);
  G_OBJECT_CLASS (assay_model_menu_parent_class)->dispose (object);
}

static void
assay_model_menu_class_init (AssayModelMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_model_menu_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-model-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, dot);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, title);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, place);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, words);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, trouble);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, reason);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, versions_page);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, versions);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, typed_page);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, model);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, version);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, connections_page);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, connections);
  gtk_widget_class_bind_template_child (widget_class, AssayModelMenu, edit);
  gtk_widget_class_bind_template_callback (widget_class, shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, version_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, connection_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_typed_cb);
}

static void
assay_model_menu_init (AssayModelMenu *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->versions, version_header_cb, self, NULL);
}

/**
 * assay_model_menu_set_session:
 * @session: (transfer none): whose choice it is; once
 */
void
assay_model_menu_set_session (AssayModelMenu *self,
                              AssaySession *session)
{
  g_return_if_fail (ASSAY_IS_MODEL_MENU (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}
