/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-history-row.h"
#include "assay-past.h"
#include "assay-wrap-box.h"

struct _AssayHistoryRow {
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkLabel *name;
  GtkLabel *whom;
  GtkLabel *counts;
  GtkWidget *resume;
  GtkWidget *remove;

  AssayHistoryEntry *entry;      /* (nullable) */
};

G_DEFINE_FINAL_TYPE (AssayHistoryRow, assay_history_row, GTK_TYPE_WIDGET)

enum {
  SIGNAL_RESUME_WANTED,
  SIGNAL_REMOVE_WANTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
resume_cb (AssayHistoryRow *self)
{
  if (self->entry != NULL)
    g_signal_emit (self, signals[SIGNAL_RESUME_WANTED], 0, self->entry);
}

static void
remove_cb (AssayHistoryRow *self)
{
  if (self->entry != NULL)
    g_signal_emit (self, signals[SIGNAL_REMOVE_WANTED], 0, self->entry);
}

static void
assay_history_row_dispose (GObject *object)
{
  g_clear_object (&ASSAY_HISTORY_ROW (object)->entry);
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_HISTORY_ROW);
  G_OBJECT_CLASS (assay_history_row_parent_class)->dispose (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, ASSAY_TYPE_HISTORY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 1, ASSAY_TYPE_HISTORY_ENTRY);
}

static void
assay_history_row_class_init (AssayHistoryRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_history_row_dispose;
  signals[SIGNAL_RESUME_WANTED] = add_signal ("resume-wanted");
  signals[SIGNAL_REMOVE_WANTED] = add_signal ("remove-wanted");

  g_type_ensure (ASSAY_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-history-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryRow, content);
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryRow, name);
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryRow, whom);
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryRow, counts);
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryRow, resume);
  gtk_widget_class_bind_template_child (widget_class, AssayHistoryRow, remove);
  gtk_widget_class_bind_template_callback (widget_class, resume_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "assay-history-row");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_history_row_init (AssayHistoryRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
assay_history_row_new (void)
{
  return g_object_new (ASSAY_TYPE_HISTORY_ROW, NULL);
}

/* Of many buttons alike each says what it is for. */
static void
name_buttons (AssayHistoryRow *self,
              const char *name)
{
  g_autofree char *resume = g_strdup_printf (_("Resume %s"), name);
  g_autofree char *remove = g_strdup_printf (_("Remove %s"), name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->resume), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  resume, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  remove, -1);
}

static char *
dup_counts (const AssayKeptRun *run)
{
  g_autofree char *counts = assay_past_dup_counts (run);

  if (run->state == ASSAY_KEPT_RUNNING)
    return g_strdup_printf (_("Under way: %s"), counts);
  if (assay_past_can_go_on (run))
    return g_strdup_printf (_("Interrupted: %s"), counts);
  return g_steal_pointer (&counts);
}

static void
show (AssayHistoryRow *self,
      const AssayKeptRun *run)
{
  g_autofree char *name = assay_past_dup_name (run);
  g_autofree char *when = assay_past_dup_when (run);
  g_autofree char *whom = assay_past_dup_whom (run);
  g_autofree char *both = g_strdup_printf ("%s · %s", when, whom);
  g_autofree char *counts = dup_counts (run);

  gtk_label_set_text (self->name, name);
  gtk_label_set_text (self->whom, both);
  gtk_label_set_text (self->counts, counts);
  gtk_widget_set_visible (self->resume, assay_past_can_go_on (run));
  gtk_widget_set_visible (self->remove, run->state != ASSAY_KEPT_RUNNING);
  name_buttons (self, name);
}

/**
 * assay_history_row_set_entry:
 * @entry: (nullable) (transfer none): the run to show
 */
void
assay_history_row_set_entry (AssayHistoryRow *self,
                             AssayHistoryEntry *entry)
{
  g_return_if_fail (ASSAY_IS_HISTORY_ROW (self));

  if (g_set_object (&self->entry, entry) && entry != NULL)
    show (self, assay_history_entry_get_run (entry));
}
