/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-tooltip.h"

/* GTK looks for the pointer whenever the tooltip of a widget on show is set, and under X
 * each look is a round trip to the server: for a chart of a dozen lines that took longer
 * than to make its widgets.  Here the text lies with the widget until the pointer asks. */

static GQuark
text_quark (void)
{
  static GQuark quark;

  if (quark == 0)
    quark = g_quark_from_static_string ("assay-tooltip");
  return quark;
}

static gboolean
query_cb (GtkWidget *widget,
          int x,
          int y,
          gboolean by_keyboard,
          GtkTooltip *tooltip,
          gpointer data)
{
  const char *text = assay_tooltip_get (widget);

  if (text != NULL)
    gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

/**
 * assay_tooltip_set:
 * @widget: without a tooltip by other means
 * @text: (nullable): plain text, %NULL or "" for no tooltip
 *
 * Like gtk_widget_set_tooltip_text(), for what changes with each image: it takes no
 * time.  One that is open at the time keeps its text until the pointer moves.  Unlike
 * there it is no name of the widget to assistive technologies.  Main thread.
 */
void
assay_tooltip_set (GtkWidget *widget,
                   const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  g_object_set_qdata_full (G_OBJECT (widget), text_quark (),
                           text != NULL && *text != '\0' ? g_strdup (text) : NULL, g_free);
  if (text == NULL || *text == '\0' || gtk_widget_get_has_tooltip (widget))
    return;
  g_signal_connect (widget, "query-tooltip", G_CALLBACK (query_cb), NULL);
  gtk_widget_set_has_tooltip (widget, TRUE);
}

/**
 * assay_tooltip_get:
 *
 * Returns: (transfer none) (nullable): what assay_tooltip_set() was given
 */
const char *
assay_tooltip_get (GtkWidget *widget)
{
  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  return g_object_get_qdata (G_OBJECT (widget), text_quark ());
}
