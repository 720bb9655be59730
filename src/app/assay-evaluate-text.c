/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-display.h"
#include "assay-evaluate-text.h"
#include "assay-score-text.h"

static char *
dup_number (guint64 n)
{
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, n);
}

/* Swallows the sentence. */
static char *
capitalize (char *sentence)
{
  g_autofree char *owned = sentence;
  char first[7] = "";

  if (*sentence == '\0')
    return g_steal_pointer (&owned);
  g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (sentence)), first);
  return g_strconcat (first, g_utf8_next_char (sentence), NULL);
}

/**
 * assay_evaluate_dup_headline:
 * @title: how the candidate is called in a sentence, "version 2", safe to show
 *
 * Returns: (transfer full): "Version 2 is right on 54 of 60 images"
 */
char *
assay_evaluate_dup_headline (const char *title,
                             const AssayFigures *figures)
{
  g_autofree char *n_right = dup_number (figures->n_right);
  g_autofree char *n = dup_number (figures->n);

  /* Translators: the first is what is judged, "version 2", then how many of how many */
  return capitalize (g_strdup_printf (ngettext ("%s is right on %s of %s image",
                                                "%s is right on %s of %s images", figures->n),
                                      title, n_right, n));
}

/* Adds one more kind of images; swallows what is said of them. */
static void
append_kind (GString *text,
             char *kind)
{
  g_autofree char *owned = kind;

  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, owned);
}

/* Those of the known that were not judged. */
static guint
count_unanswered (const AssayExtent *extent)
{
  return extent->n_known > extent->n_judged ? extent->n_known - extent->n_judged : 0;
}

static void
append_failed (GString *text,
               guint n)
{
  g_autofree char *number = dup_number (n);

  if (n > 0)
    append_kind (text, g_strdup_printf (ngettext ("%s failed", "%s failed", n), number));
}

static void
append_unanswered (GString *text,
                   guint n)
{
  g_autofree char *number = dup_number (n);

  if (n > 0)
    append_kind (text, g_strdup_printf (ngettext ("%s of them has no answer",
                                                  "%s of them have no answer", n),
                                        number));
}

/**
 * assay_evaluate_dup_extent:
 *
 * Returns: (transfer full): "128 images in the list, 60 have a known truth", and how
 *   many of those have no answer, or failed
 */
char *
assay_evaluate_dup_extent (const AssayExtent *extent)
{
  g_autofree char *n = dup_number (extent->n);
  g_autofree char *known = dup_number (extent->n_known);
  g_autofree char *images =
    g_strdup_printf (ngettext ("%s image in the list", "%s images in the list", extent->n), n);
  g_autofree char *truths = g_strdup_printf (ngettext ("%s has a known truth",
                                                       "%s have a known truth", extent->n_known),
                                             known);
  GString *text = g_string_new (NULL);

  /* Translators: "128 images in the list, 60 have a known truth" */
  g_string_append_printf (text, _("%s, %s"), images, truths);
  append_unanswered (text, count_unanswered (extent));
  append_failed (text, extent->n_failed);
  return g_string_free (text, FALSE);
}

/**
 * assay_evaluate_dup_unscored:
 * @threshold: below which an answer counts as unsure, 0…1
 *
 * Returns: (transfer full) (nullable): the images that aren't scored, and those that are
 *   though their answers are below the threshold; %NULL for none
 */
char *
assay_evaluate_dup_unscored (const AssayExtent *extent,
                             double threshold)
{
  guint n_unscored = extent->n > extent->n_judged ? extent->n - extent->n_judged : 0;
  g_autofree char *unscored = dup_number (n_unscored);
  g_autofree char *below = dup_number (extent->n_below);
  g_autofree char *limit = assay_share_dup_text (threshold);
  GString *text = g_string_new (NULL);

  if (n_unscored > 0)
    append_kind (text,
                 g_strdup_printf (ngettext ("%s image without truth or answer is not counted",
                                            "%s images without truth or answer are not counted",
                                            n_unscored),
                                  unscored));
  /* Translators: how many of the answers, and the threshold, "60 %" */
  if (extent->n_below > 0)
    append_kind (text, g_strdup_printf (ngettext ("%s answer is below the threshold of %s",
                                                  "%s answers are below the threshold of %s",
                                                  extent->n_below),
                                        below, limit));
  return g_string_free (text, text->len == 0);
}

/**
 * assay_evaluate_dup_support:
 * @labels: (element-type AssayLabelFigures)
 *
 * Returns: (transfer full): "12 per label", "10–14 per label"
 */
char *
assay_evaluate_dup_support (GArray *labels)
{
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;
  guint64 least = G_MAXUINT64, most = 0;

  for (guint i = 0; i < labels->len; i++)
    {
      least = MIN (least, g_array_index (labels, AssayLabelFigures, i).support);
      most = MAX (most, g_array_index (labels, AssayLabelFigures, i).support);
    }
  if (labels->len == 0)
    return g_strdup ("");
  low = dup_number (least);
  high = dup_number (most);
  if (least == most)
    return g_strdup_printf (_("%s per label"), low);
  return g_strdup_printf (_("%s–%s per label"), low, high);
}

/* ---- what the images behind a place are ---- */

static char *
dup_label (const char *label)
{
  return label != NULL ? assay_display_text (label, -1, 0) : g_strdup (_("another label"));
}

/**
 * assay_evaluate_dup_cell:
 * @truth: (nullable): what the images show; %NULL for a label that has no row
 * @answer: (nullable): what they were called
 *
 * Returns: (transfer full): "dandelion called sunflowers"
 */
char *
assay_evaluate_dup_cell (const char *truth,
                         const char *answer)
{
  g_autofree char *is = dup_label (truth);
  g_autofree char *said = dup_label (answer);

  /* Translators: images that show the one and were called the other */
  return g_strdup_printf (_("%s called %s"), is, said);
}

/**
 * assay_evaluate_dup_bin:
 * @bin: from 0
 *
 * Returns: (transfer full): "Scores above 80 %, up to 86.67 %"
 */
char *
assay_evaluate_dup_bin (guint bin)
{
  g_autofree char *from = assay_share_dup_text (bin / (double) ASSAY_EVALUATION_BINS);
  g_autofree char *to = assay_share_dup_text ((bin + 1) / (double) ASSAY_EVALUATION_BINS);

  return g_strdup_printf (_("Scores above %s, up to %s"), from, to);
}

/**
 * assay_evaluate_dup_row:
 * @supported: whether there are images of it; otherwise some were called so
 *
 * Returns: (transfer full): "Images of daisy"
 */
char *
assay_evaluate_dup_row (const char *label,
                        gboolean supported)
{
  g_autofree char *safe = dup_label (label);

  return g_strdup_printf (supported ? _("Images of %s") : _("Images called %s"), safe);
}
