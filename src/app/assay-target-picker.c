/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-connection-text.h"
#include "assay-display.h"
#include "assay-past.h"
#include "assay-target-picker.h"

/* So many kept runs are offered, the newest. */
#define MAX_RUNS 20

/* What a row stands for: a version, a kept run, or a connection that hasn't said yet what
 * it has. */
typedef struct {
  char *section;
  char *title;
  char *note;
  AssayConnection *connection;   /* (nullable) */
  char *model;                   /* (nullable) */
  char *version;
  AssayKeptRun *run;             /* (nullable) (borrowed) */
  gboolean chosen;
} Choice;

/* Invariant: the rows stand for the choices, in their order. */
struct _AssayTargetPicker {
  GtkWidget parent_instance;

  GtkMenuButton *button;
  GtkLabel *title;
  GtkPopover *popover;
  GtkListBox *list;

  AssaySession *session;
  GPtrArray *choices;            /* (element-type Choice) */
  GPtrArray *runs;               /* (element-type AssayKeptRun) (nullable) until they are known */
  GPtrArray *links;              /* (element-type AssayLink): followed while the menu is open */
  GCancellable *cancellable;
  gboolean baseline;
};

G_DEFINE_FINAL_TYPE (AssayTargetPicker, assay_target_picker, GTK_TYPE_WIDGET)

static void
choice_free (gpointer data)
{
  Choice *self = data;

  g_free (self->section);
  g_free (self->title);
  g_free (self->note);
  g_free (self->model);
  g_free (self->version);
  g_clear_object (&self->connection);
  g_free (self);
}

static void
update (AssayTargetPicker *self)
{
  g_autofree char *name = assay_session_dup_side_name (self->session, self->baseline, FALSE);
  g_autofree char *spoken = NULL;

  gtk_label_set_text (self->title, name != NULL ? name : _("choose…"));
  spoken = g_strdup_printf (self->baseline ? _("Baseline: %s") : _("Candidate: %s"),
                            name != NULL ? name : _("none"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* ---- the choices ---- */

static AssayTarget *
get_chosen (AssayTargetPicker *self)
{
  return self->baseline ? assay_session_get_baseline (self->session)
                        : assay_session_get_target (self->session);
}

static Choice *
add_choice (AssayTargetPicker *self,
            const char *section)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->section = g_strdup (section);
  g_ptr_array_add (self->choices, choice);
  return choice;
}

static void
add_version (AssayTargetPicker *self,
             AssayConnection *connection,
             const char *section,
             const char *model,
             const char *version)
{
  Choice *choice = add_choice (self, section);
  g_autoptr (AssayTarget) target =
    assay_target_new (assay_connection_get_id (connection), model, version);
  AssayTarget *chosen = get_chosen (self);
  g_autofree char *shown_model = assay_display_name (model);
  g_autofree char *shown_version = assay_display_name (version);

  choice->title = g_strdup_printf ("%s %s", shown_model, shown_version);
  choice->note = g_strdup ("");
  choice->connection = g_object_ref (connection);
  choice->model = g_strdup (model);
  choice->version = g_strdup (version);
  choice->chosen = chosen != NULL && assay_target_equal (target, chosen);
}

/* Without a list, what was last used there. */
static void
add_unlisted (AssayTargetPicker *self,
              AssayConnection *connection,
              AssayLink *link,
              const char *section)
{
  const char *model = assay_connection_get_last_model (connection);
  const char *version = assay_connection_get_last_version (connection);
  Choice *choice;

  if (!assay_link_can_list (link))
    {
      if (model != NULL && *model != '\0')
        add_version (self, connection, section, model, version != NULL ? version : "");
      return;
    }
  choice = add_choice (self, section);
  choice->title = g_strdup (_("Connect"));
  choice->note = g_strdup (assay_link_get_words (link));
  choice->connection = g_object_ref (connection);
}

static void
follow_link (AssayTargetPicker *self,
             AssayLink *link);

static void
add_connection (AssayTargetPicker *self,
                AssayConnection *connection)
{
  AssayLink *link = assay_hub_get_link (assay_session_get_hub (self->session), connection);
  GPtrArray *versions = assay_link_get_versions (link);
  g_autofree char *section = assay_connection_text_dup_title (connection);

  follow_link (self, link);
  for (guint i = 0; versions != NULL && i < versions->len; i++)
    {
      AssayModelVersion *version = g_ptr_array_index (versions, i);

      if (version->callable)
        add_version (self, connection, section, version->model, version->version);
    }
  if (versions == NULL)
    add_unlisted (self, connection, link, section);
}

static void
add_runs (AssayTargetPicker *self)
{
  for (guint i = 0; self->runs != NULL && i < self->runs->len; i++)
    {
      AssayKeptRun *run = g_ptr_array_index (self->runs, i);
      AssayTarget *chosen = get_chosen (self);
      g_autofree char *id = g_strdup_printf ("history:%" G_GINT64_FORMAT, run->id);
      Choice *choice;

      if (run->n_answered == 0)
        continue;
      choice = add_choice (self, _("Kept runs"));
      choice->title = assay_past_dup_whom (run);
      choice->note = assay_past_dup_when (run);
      choice->run = run;
      choice->chosen = chosen != NULL
                       && strcmp (assay_target_get_connection_id (chosen), id) == 0;
      if (i + 1 >= MAX_RUNS)
        break;
    }
}

/* ---- the menu ---- */

static GtkWidget *
row_new (const Choice *choice)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (choice->title);
  GtkWidget *note = gtk_label_new (choice->note);
  GtkWidget *check = g_object_new (GTK_TYPE_IMAGE, "icon-name", "object-select-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  g_autofree char *spoken =
    g_strdup_printf (choice->chosen ? _("%s, %s, chosen") : "%s, %s", choice->title,
                     *choice->note != '\0' ? choice->note : choice->section);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (title), 30);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (note, "dim-label");
  gtk_widget_add_css_class (note, "caption");
  gtk_widget_add_css_class (note, "numeric");
  gtk_widget_set_opacity (check, choice->chosen ? 1 : 0);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), note);
  gtk_box_append (GTK_BOX (box), check);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer data)
{
  AssayTargetPicker *self = data;
  Choice *choice = g_ptr_array_index (self->choices, gtk_list_box_row_get_index (row));
  Choice *previous =
    before != NULL ? g_ptr_array_index (self->choices, gtk_list_box_row_get_index (before)) : NULL;
  GtkWidget *label;

  if (previous != NULL && strcmp (previous->section, choice->section) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  label = gtk_label_new (choice->section);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (label, "heading");
  gtk_list_box_row_set_header (row, label);
}

static void
empty_list (AssayTargetPicker *self)
{
  GtkListBoxRow *row;

  gtk_list_box_set_header_func (self->list, NULL, NULL, NULL);
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  g_ptr_array_set_size (self->choices, 0);
}

static void
fill (AssayTargetPicker *self)
{
  GListModel *connections =
    G_LIST_MODEL (assay_hub_get_connections (assay_session_get_hub (self->session)));

  empty_list (self);
  for (guint i = 0; i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (AssayConnection) connection = g_list_model_get_item (connections, i);

      add_connection (self, connection);
    }
  add_runs (self);
  for (guint i = 0; i < self->choices->len; i++)
    gtk_list_box_append (self->list, row_new (g_ptr_array_index (self->choices, i)));
  gtk_list_box_set_header_func (self->list, header_cb, self, NULL);
}

static void
focus_chosen (AssayTargetPicker *self)
{
  guint place = 0;

  for (guint i = 0; i < self->choices->len; i++)
    if (((Choice *) self->choices->pdata[i])->chosen)
      place = i;
  if (self->choices->len > 0)
    gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, place)));
}

static void
refill (AssayTargetPicker *self)
{
  if (!gtk_widget_get_visible (GTK_WIDGET (self->popover)) || self->session == NULL)
    return;
  fill (self);
  focus_chosen (self);
}

static void
follow_link (AssayTargetPicker *self,
             AssayLink *link)
{
  if (g_ptr_array_find (self->links, link, NULL))
    return;
  g_ptr_array_add (self->links, g_object_ref (link));
  g_signal_connect_object (link, "changed", G_CALLBACK (refill), self, G_CONNECT_SWAPPED);
}

static void
runs_cb (GObject *object,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (AssayTargetPicker) self = data;
  g_autoptr (GPtrArray) runs = assay_history_list_finish (ASSAY_HISTORY (object), result, NULL);

  if (runs == NULL || self->session == NULL)
    return;
  /* The choices borrow from the old ones. */
  empty_list (self);
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  self->runs = g_steal_pointer (&runs);
  refill (self);
}

static void
shown_cb (AssayTargetPicker *self)
{
  AssayHistory *history = assay_hub_get_history (assay_session_get_hub (self->session));

  fill (self);
  focus_chosen (self);
  if (history != NULL && g_file_test (assay_history_get_path (history), G_FILE_TEST_EXISTS))
    assay_history_list_async (history, self->cancellable, runs_cb, g_object_ref (self));
}

static void
choose (AssayTargetPicker *self,
        const Choice *choice)
{
  if (choice->run != NULL && self->baseline)
    assay_session_choose_kept_baseline (self->session, choice->run);
  else if (choice->run != NULL)
    assay_session_show_kept_answers (self->session, choice->run);
  else if (self->baseline)
    assay_session_choose_baseline (self->session, choice->connection, choice->model,
                                   choice->version);
  else
    assay_session_choose_target (self->session, choice->connection, choice->model,
                                 choice->version);
}

static void
activated_cb (GtkListBox *list,
              GtkListBoxRow *row,
              AssayTargetPicker *self)
{
  guint place = gtk_list_box_row_get_index (row);
  Choice *choice = g_ptr_array_index (self->choices, place);

  if (choice->run == NULL && choice->model == NULL)
    {
      assay_link_refresh (assay_hub_get_link (assay_session_get_hub (self->session),
                                              choice->connection));
      return;
    }
  /* Choosing may fill the menu anew. */
  g_ptr_array_set_free_func (self->choices, NULL);
  g_ptr_array_remove_index (self->choices, place);
  g_ptr_array_set_free_func (self->choices, choice_free);
  gtk_list_box_set_header_func (self->list, NULL, NULL, NULL);
  gtk_list_box_remove (self->list, GTK_WIDGET (row));
  gtk_popover_popdown (self->popover);
  choose (self, choice);
  choice_free (choice);
}

static void
assay_target_picker_dispose (GObject *object)
{
  AssayTargetPicker *self = ASSAY_TARGET_PICKER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);
  if (self->list != NULL)
    gtk_list_box_set_header_func (self->list, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_TARGET_PICKER);
  G_OBJECT_CLASS (assay_target_picker_parent_class)->dispose (object);
}

static void
assay_target_picker_finalize (GObject *object)
{
  AssayTargetPicker *self = ASSAY_TARGET_PICKER (object);

  g_ptr_array_unref (self->choices);
  g_ptr_array_unref (self->links);
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (assay_target_picker_parent_class)->finalize (object);
}

static void
assay_target_picker_class_init (AssayTargetPickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_target_picker_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_target_picker_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-target-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayTargetPicker, button);
  gtk_widget_class_bind_template_child (widget_class, AssayTargetPicker, title);
  gtk_widget_class_bind_template_child (widget_class, AssayTargetPicker, popover);
  gtk_widget_class_bind_template_child (widget_class, AssayTargetPicker, list);
  gtk_widget_class_bind_template_callback (widget_class, shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_set_css_name (widget_class, "targetpicker");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
assay_target_picker_init (AssayTargetPicker *self)
{
  self->choices = g_ptr_array_new_with_free_func (choice_free);
  self->links = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_target_picker_set_session:
 * @session: (transfer none): whose choice it is; once
 * @baseline: whether it is the baseline, else the target on show
 */
void
assay_target_picker_set_session (AssayTargetPicker *self,
                                 AssaySession *session,
                                 gboolean baseline)
{
  g_return_if_fail (ASSAY_IS_TARGET_PICKER (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->baseline = baseline;
  g_signal_connect_object (session, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
