/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-tooltip.h"
#include "widget-support.h"

/* As GTK does when the pointer rests. */
static gboolean
is_shown (GtkWidget *widget)
{
  g_autoptr (GtkTooltip) tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  gboolean shown = FALSE;

  if (gtk_widget_get_has_tooltip (widget))
    g_signal_emit_by_name (widget, "query-tooltip", 0, 0, FALSE, tooltip, &shown);
  return shown;
}

static void
test_changes (void)
{
  GtkWidget *widget = g_object_ref_sink (gtk_label_new ("ros…"));

  assay_tooltip_set (widget, NULL);
  g_assert_false (is_shown (widget));
  assay_tooltip_set (widget, "roses <b> & tulips");
  g_assert_true (is_shown (widget));
  g_assert_cmpstr (assay_tooltip_get (widget), ==, "roses <b> & tulips");
  assay_tooltip_set (widget, "");
  g_assert_false (is_shown (widget));
  assay_tooltip_set (widget, "daisy");
  g_assert_true (is_shown (widget));
  g_assert_cmpstr (assay_tooltip_get (widget), ==, "daisy");
  g_assert_finalize_object (widget);
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

  g_test_add_func ("/assay/tooltip/changes", test_changes);
  return g_test_run ();
}
