/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-token-row.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)

struct _AssayTokenRow {
  AdwPreferencesRow parent_instance;

  GtkWidget *spinner;
  GtkImage *icon;
  GtkLabel *words;

  gint64 expires;                /* seconds since 1970, 0 when that is not known */
  guint countdown_source;        /* only while the row is on the screen */
};

G_DEFINE_FINAL_TYPE (AssayTokenRow, assay_token_row, ADW_TYPE_PREFERENCES_ROW)

/**
 * assay_token_row_dup_words:
 * @seconds: until a token ends
 *
 * Returns: (transfer full): that as a sentence, by minutes, and in the last minute by
 *   seconds
 */
char *
assay_token_row_dup_words (gint64 seconds)
{
  int hours = seconds / HOUR;
  int minutes = seconds % HOUR / MINUTE;

  if (seconds <= 0)
    return g_strdup (_("The token has ended"));
  if (seconds < MINUTE)
    return g_strdup_printf (_("Token valid for %d s"), (int) seconds);
  if (hours == 0)
    return g_strdup_printf (_("Token valid for %d min"), minutes);
  if (minutes == 0)
    return g_strdup_printf (_("Token valid for %d h"), hours);
  return g_strdup_printf (_("Token valid for %d h %d min"), hours, minutes);
}

/* Shows exactly one of spinner and icon, or none when @icon is "". */
static void
show (AssayTokenRow *self,
      const char *icon,
      const char *style,
      const char *words)
{
  const char *classes[] = { style, NULL };

  gtk_widget_set_visible (self->spinner, icon == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon != NULL && *icon != '\0');
  if (icon != NULL)
    gtk_image_set_from_icon_name (self->icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_label_set_text (self->words, words);
}

static void count_down (AssayTokenRow *self);

static gboolean
count_down_cb (gpointer data)
{
  AssayTokenRow *self = data;

  self->countdown_source = 0;
  count_down (self);
  return G_SOURCE_REMOVE;
}

/* Says what is left, and comes back when the words are no longer true: after a
 * minute at most, and in the last minute after a second. */
static void
count_down (AssayTokenRow *self)
{
  gint64 left = self->expires - g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *words = assay_token_row_dup_words (left);
  guint seconds = left > MINUTE ? left % MINUTE + 1 : 1;

  if (left > 0)
    show (self, "object-select-symbolic", "success", words);
  else
    show (self, "dialog-warning-symbolic", "warning", words);
  if (left > 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->countdown_source = g_timeout_add_seconds (MIN (seconds, MINUTE), count_down_cb, self);
}

static void
stop_counting (AssayTokenRow *self)
{
  g_clear_handle_id (&self->countdown_source, g_source_remove);
}

static void
mapped_cb (AssayTokenRow *self)
{
  stop_counting (self);
  if (self->expires != 0)
    count_down (self);
}

static void
refresh_cb (AssayTokenRow *self)
{
  g_signal_emit_by_name (self, "refresh");
}

static void
assay_token_row_dispose (GObject *object)
{
  stop_counting (ASSAY_TOKEN_ROW (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_TOKEN_ROW);
  G_OBJECT_CLASS (assay_token_row_parent_class)->dispose (object);
}

static void
assay_token_row_class_init (AssayTokenRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_token_row_dispose;
  g_signal_new ("refresh", ASSAY_TYPE_TOKEN_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-token-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayTokenRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, AssayTokenRow, icon);
  gtk_widget_class_bind_template_child (widget_class, AssayTokenRow, words);
  gtk_widget_class_bind_template_callback (widget_class, refresh_cb);
}

static void
assay_token_row_init (AssayTokenRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (mapped_cb), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (stop_counting), NULL);
  assay_token_row_set_none (self);
}

static void
forget (AssayTokenRow *self)
{
  stop_counting (self);
  self->expires = 0;
}

/**
 * assay_token_row_set_none:
 *
 * No token has been asked for with what stands in the form.
 */
void
assay_token_row_set_none (AssayTokenRow *self)
{
  g_return_if_fail (ASSAY_IS_TOKEN_ROW (self));

  forget (self);
  show (self, "", NULL, _("No token yet"));
}

void
assay_token_row_set_busy (AssayTokenRow *self)
{
  g_return_if_fail (ASSAY_IS_TOKEN_ROW (self));

  forget (self);
  show (self, NULL, NULL, _("Asking for a token…"));
}

/**
 * assay_token_row_set_expires:
 * @expires: when the token ends, in seconds since 1970; 0 when its service doesn't say
 */
void
assay_token_row_set_expires (AssayTokenRow *self,
                             gint64 expires)
{
  g_return_if_fail (ASSAY_IS_TOKEN_ROW (self));

  forget (self);
  self->expires = expires;
  if (expires != 0)
    count_down (self);
  else
    show (self, "object-select-symbolic", "success", _("Token received"));
}

/**
 * assay_token_row_set_error:
 * @sentence: why there is no token
 */
void
assay_token_row_set_error (AssayTokenRow *self,
                           const char *sentence)
{
  g_return_if_fail (ASSAY_IS_TOKEN_ROW (self));
  g_return_if_fail (sentence != NULL);

  forget (self);
  show (self, "dialog-warning-symbolic", "error", sentence);
}
