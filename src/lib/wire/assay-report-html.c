/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the parts of a report are written with.  The file is HTML that is well-formed XML
 * too, so that both kinds of parsers read the same. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-display.h"
#include "assay-report-private.h"

#define DASH "–"
#define NARROW_NO_BREAK_SPACE "\u202f"

/**
 * assay_html_add:
 * @format: markup, with %s for text and %d or %u for numbers
 *
 * Each text is escaped, so that none can become markup: neither in an element nor in an
 * attribute with double quotes.
 */
void
assay_html_add (GString *out,
                const char *format,
                ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_markup_vprintf_escaped (format, arguments);
  va_end (arguments);
  g_string_append (out, text);
}

/**
 * assay_html_add_length:
 * @attribute: of an element that is open
 * @value: finite
 *
 * The decimal separator is a point, whatever the language.
 */
void
assay_html_add_length (GString *out,
                       const char *attribute,
                       double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (out, " %s=\"%s\"", attribute,
                          g_ascii_formatd (buffer, sizeof buffer, "%.2f", value));
}

void
assay_html_add_base64 (GString *out,
                       GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_base64_encode (data, length);

  g_string_append (out, text);
}

/**
 * assay_html_get_language:
 *
 * The language of the translations that are in use, which is English where the user's has
 * none: gettext keeps it in the header of the catalog, as the translation of "".
 *
 * Returns: (transfer none): a language tag as BCP 47 has it, "de" or "pt-BR"
 */
const char *
assay_html_get_language (void)
{
  static const char name[] = "\nLanguage: ";
  const char *header = g_dgettext (GETTEXT_PACKAGE, "");
  const char *line = strstr (header, name);
  g_autofree char *tag = NULL;

  if (line == NULL)
    return "en";
  line += strlen (name);
  tag = g_strndup (line, strspn (line, G_CSET_a_2_z G_CSET_A_2_Z "_"));
  g_strdelimit (tag, "_", '-');
  return g_intern_string (*tag != '\0' ? tag : "en");
}

/**
 * assay_html_get_direction:
 * @language: a language tag
 *
 * Returns: (transfer none): "rtl" for a language that is written from the right
 */
const char *
assay_html_get_direction (const char *language)
{
  static const char *const leftward[] = { "ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi" };
  gsize length = strcspn (language, "-");

  for (guint i = 0; i < G_N_ELEMENTS (leftward); i++)
    if (strlen (leftward[i]) == length && strncmp (leftward[i], language, length) == 0)
      return "rtl";
  return "ltr";
}

/* ---- numbers ---- */

char *
assay_report_dup_count (guint64 n)
{
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, n);
}

/**
 * assay_report_dup_score:
 *
 * Returns: (transfer full): "95.7 %" or, where the scores are no probabilities, "8.21"
 */
char *
assay_report_dup_score (const AssayPrediction *prediction,
                        double score)
{
  if (assay_prediction_get_scale (prediction) == ASSAY_SCALE_OTHER)
    return g_strdup_printf ("%.6g", score);
  return assay_display_percent (score, ASSAY_DISPLAY_SCREEN);
}

/**
 * assay_report_dup_mark:
 * @share: one that a person chose, or a mark of an axis
 *
 * Returns: (transfer full): "60 %", with decimals only where it has some
 */
char *
assay_report_dup_mark (double share)
{
  return g_strdup_printf ("%.4g" NARROW_NO_BREAK_SPACE "%%", share * 100);
}

/**
 * assay_report_dup_shift:
 * @difference: of two shares
 *
 * Returns: (transfer full): "+47.4 pp", "–" for NaN
 */
char *
assay_report_dup_shift (double difference)
{
  return isnan (difference) ? g_strdup (DASH) : assay_display_shift (difference);
}
