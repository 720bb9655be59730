/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-facts-text.h"
#include "assay-limits.h"
#include "assay-response-dialog.h"

/* A text view lays out a line at once, and a megabyte in one line stops the
 * window for seconds: longer lines are broken for the eye, never for the copy. */
#define LINE_BYTES 4000

struct _AssayResponseDialog {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkTextView *view;
  GtkLabel *cut;

  char *text;               /* valid UTF-8, otherwise as it came */
};

G_DEFINE_FINAL_TYPE (AssayResponseDialog, assay_response_dialog, ADW_TYPE_WINDOW)

static void
copy_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AssayResponseDialog *self = ASSAY_RESPONSE_DIALOG (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->text);
}

static void
assay_response_dialog_finalize (GObject *object)
{
  g_free (ASSAY_RESPONSE_DIALOG (object)->text);
  G_OBJECT_CLASS (assay_response_dialog_parent_class)->finalize (object);
}

static void
assay_response_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_RESPONSE_DIALOG);
  G_OBJECT_CLASS (assay_response_dialog_parent_class)->dispose (object);
}

static void
assay_response_dialog_class_init (AssayResponseDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_response_dialog_dispose;
  object_class->finalize = assay_response_dialog_finalize;

  gtk_widget_class_install_action (widget_class, "response.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-response-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayResponseDialog, title);
  gtk_widget_class_bind_template_child (widget_class, AssayResponseDialog, view);
  gtk_widget_class_bind_template_child (widget_class, AssayResponseDialog, cut);
}

static void
assay_response_dialog_init (AssayResponseDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Where a long line can be broken before limit: after a comma or a space, else
 * between two characters. */
static const char *
find_break (const char *start,
            const char *limit)
{
  const char *end = limit;

  for (const char *p = limit - 1; p > start + LINE_BYTES / 2; p--)
    if (*p == ',' || *p == ' ')
      return p + 1;
  while (end > start && ((guchar) *end & 0xC0) == 0x80)
    end--;
  return end;
}

static char *
break_lines (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *line = text; *line != '\0';)
    {
      gsize length = strcspn (line, "\n");
      const char *end = line + length;

      while (end - line > LINE_BYTES)
        {
          const char *cut = find_break (line, line + LINE_BYTES);

          g_string_append_len (out, line, cut - line);
          g_string_append_c (out, '\n');
          line = cut;
        }
      g_string_append_len (out, line, end - line);
      if (*end == '\n')
        g_string_append_c (out, '\n');
      line = *end == '\n' ? end + 1 : end;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Nothing in it turns around what a person reads; the copy has all of it. */
static char *
replace_unsafe (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean blank = c == '\n' || c == '\r' || c == '\t';

      g_string_append_unichar (out, blank || assay_display_is_safe (c) ? c : 0xFFFD);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * assay_response_dialog_new:
 * @raw: (transfer none): what the service sent
 * @name: the item's name, safe to show
 *
 * Returns: (transfer floating): a window that is not shown yet
 */
GtkWidget *
assay_response_dialog_new (GBytes *raw,
                           const char *name)
{
  AssayResponseDialog *self;
  g_autofree char *size = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *safe = NULL;
  g_autofree char *shown = NULL;
  const char *bytes;
  gsize length;

  g_return_val_if_fail (raw != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_RESPONSE_DIALOG, NULL);
  bytes = g_bytes_get_data (raw, &length);
  self->text = g_utf8_make_valid (length > 0 ? bytes : "", (gssize) length);
  safe = replace_unsafe (self->text);
  shown = break_lines (safe);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), shown, -1);

  size = assay_facts_dup_bytes (length);
  subtitle = g_strdup_printf ("%s · %s", name, size);
  adw_window_title_set_subtitle (self->title, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->cut), length >= ASSAY_LIMIT_RAW_BYTES);
  return GTK_WIDGET (self);
}

/**
 * assay_response_dialog_dup_text:
 *
 * Returns: (transfer full): what is shown
 */
char *
assay_response_dialog_dup_text (AssayResponseDialog *self)
{
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  g_return_val_if_fail (ASSAY_IS_RESPONSE_DIALOG (self), NULL);

  buffer = gtk_text_view_get_buffer (self->view);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}
