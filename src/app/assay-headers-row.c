/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-extra-header.h"
#include "assay-headers-row.h"
#include "assay-limits.h"

struct _AssayHeadersRow {
  AdwExpanderRow parent_instance;

  GtkWidget *add;

  GPtrArray *entries;            /* (element-type AdwEntryRow), which the expander owns */
};

G_DEFINE_FINAL_TYPE (AssayHeadersRow, assay_headers_row, ADW_TYPE_EXPANDER_ROW)

static void
show_count (AssayHeadersRow *self)
{
  guint n = self->entries->len;
  g_autofree char *text = NULL;

  if (n == 0)
    text = g_strdup (_("None"));
  else
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u header", "%u headers", n), n);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
  gtk_widget_set_sensitive (self->add, n < ASSAY_LIMIT_HEADERS);
}

static void
edited_cb (AdwEntryRow *entry,
           AssayHeadersRow *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  g_signal_emit_by_name (self, "edited");
}

static void
remove_cb (GtkButton *button,
           AssayHeadersRow *self)
{
  GtkWidget *entry = gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_ENTRY_ROW);

  /* The focus does not go with the row. */
  gtk_widget_grab_focus (self->add);
  g_ptr_array_remove (self->entries, entry);
  adw_expander_row_remove (ADW_EXPANDER_ROW (self), entry);
  show_count (self);
  g_signal_emit_by_name (self, "edited");
}

static GtkWidget *
make_remove_button (AssayHeadersRow *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_set_tooltip_text (button, _("Remove Header"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Remove Header"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, 0);
  return button;
}

/* Below those that are there and above "Add Header". */
static GtkWidget *
add_line (AssayHeadersRow *self,
          const char *line)
{
  GtkWidget *entry = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _("Name: Value"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), TRUE);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (entry), make_remove_button (self));
  gtk_editable_set_text (GTK_EDITABLE (entry), line);
  g_signal_connect_object (entry, "changed", G_CALLBACK (edited_cb), self, 0);
  g_ptr_array_add (self->entries, entry);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), entry);
  show_count (self);
  return entry;
}

static void
add_cb (AssayHeadersRow *self)
{
  GtkWidget *entry = add_line (self, "");

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), TRUE);
  gtk_widget_grab_focus (entry);
}

static void
assay_headers_row_dispose (GObject *object)
{
  g_ptr_array_set_size (ASSAY_HEADERS_ROW (object)->entries, 0);
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_HEADERS_ROW);
  G_OBJECT_CLASS (assay_headers_row_parent_class)->dispose (object);
}

static void
assay_headers_row_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_HEADERS_ROW (object)->entries);
  G_OBJECT_CLASS (assay_headers_row_parent_class)->finalize (object);
}

static void
assay_headers_row_class_init (AssayHeadersRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_headers_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_headers_row_finalize;
  g_signal_new ("edited", ASSAY_TYPE_HEADERS_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-headers-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayHeadersRow, add);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
}

static void
assay_headers_row_init (AssayHeadersRow *self)
{
  self->entries = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  show_count (self);
}

/**
 * assay_headers_row_set_lines:
 * @lines: (nullable): "Name: value" each
 */
void
assay_headers_row_set_lines (AssayHeadersRow *self,
                             const char *const *lines)
{
  g_return_if_fail (ASSAY_IS_HEADERS_ROW (self));

  for (guint i = 0; i < self->entries->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), self->entries->pdata[i]);
  g_ptr_array_set_size (self->entries, 0);
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    add_line (self, lines[i]);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), self->entries->len > 0);
  show_count (self);
}

/**
 * assay_headers_row_dup_lines:
 * @wrong: (out) (transfer none): the entry that @error is about
 * @error: as assay_extra_header_split()
 *
 * Returns: (transfer full) (nullable): the headers, those left empty left out
 */
char **
assay_headers_row_dup_lines (AssayHeadersRow *self,
                             GtkWidget **wrong,
                             GError **error)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  g_return_val_if_fail (ASSAY_IS_HEADERS_ROW (self), NULL);
  g_return_val_if_fail (wrong != NULL, NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      GtkWidget *entry = self->entries->pdata[i];
      g_autofree char *line = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

      if (*line == '\0')
        continue;
      if (!assay_extra_header_split (line, NULL, NULL, error))
        {
          adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), TRUE);
          *wrong = entry;
          return NULL;
        }
      g_strv_builder_add (lines, line);
    }
  return g_strv_builder_end (lines);
}
