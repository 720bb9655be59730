/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-toast.h"

/**
 * assay_toast_new:
 * @sentence: what has happened, as it is to be read: no markup
 *
 * What doesn't fit into its line can be read in a tooltip.
 *
 * Returns: (transfer full): a toast
 */
AdwToast *
assay_toast_new (const char *sentence)
{
  AdwToast *toast;
  GtkWidget *label;

  g_return_val_if_fail (sentence != NULL, NULL);

  toast = adw_toast_new ("");
  label = gtk_label_new (sentence);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, sentence);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  adw_toast_set_custom_title (toast, label);
  return toast;
}
