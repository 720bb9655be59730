/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-figure-card.h"
#include "widget-support.h"

#define NB "\u202f"

/* Heard as one sentence, not as three pieces. */
static void
test_heard (void)
{
  const char *sentence = "Accuracy: 90.0" NB "%, 95" NB "% interval 79.9–95.3" NB "%";
  GtkWidget *card = g_object_ref_sink (assay_figure_card_new ("Accuracy"));
  AssayFigureCard *self = ASSAY_FIGURE_CARD (card);

  assay_figure_card_set_figure (self, "90.0" NB "%", "95" NB "% interval 79.9–95.3" NB "%");
  g_assert_cmpstr (assay_figure_card_get_figure (self), ==, "90.0" NB "%");
  g_assert_cmpstr (assay_figure_card_get_line (self), ==, "95" NB "% interval 79.9–95.3" NB "%");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (card), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       sentence);
  assay_figure_card_set_figure (self, "–", NULL);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (card), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Accuracy: –");
  g_assert_finalize_object (card);
}

/* In a window from right to left the sign stays behind its number. */
static void
test_right_to_left (void)
{
  GtkWidget *card;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  card = g_object_ref_sink (assay_figure_card_new ("Accuracy"));
  assay_figure_card_set_figure (ASSAY_FIGURE_CARD (card), "90.0" NB "%", NULL);
  g_assert_cmpstr (assay_figure_card_get_figure (ASSAY_FIGURE_CARD (card)), ==, "90.0" NB "%");
  g_assert_nonnull (widget_support_find_label (card, "\u2066" "90.0" NB "%" "\u2069"));
  g_assert_finalize_object (card);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

  g_test_add_func ("/assay/figure-card/heard", test_heard);
  g_test_add_func ("/assay/figure-card/right-to-left", test_right_to_left);
  return g_test_run ();
}
