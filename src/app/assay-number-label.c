/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-number-label.h"

#define LEFT_TO_RIGHT_ISOLATE "\u2066"
#define POP_ISOLATE "\u2069"

/**
 * assay_number_label_set:
 * @label: a label that holds nothing but a number with its unit
 * @number: "95.7 %"
 *
 * Sets the text so that the sign stays behind its number where the window is
 * written from right to left: between U+202F and the sign the bidirectional
 * algorithm would turn them round.
 */
void
assay_number_label_set (GtkLabel *label,
                        const char *number)
{
  g_autofree char *isolated = NULL;

  g_return_if_fail (GTK_IS_LABEL (label));
  g_return_if_fail (number != NULL);

  if (gtk_widget_get_direction (GTK_WIDGET (label)) != GTK_TEXT_DIR_RTL)
    {
      gtk_label_set_text (label, number);
      return;
    }
  isolated = g_strconcat (LEFT_TO_RIGHT_ISOLATE, number, POP_ISOLATE, NULL);
  gtk_label_set_text (label, isolated);
}
