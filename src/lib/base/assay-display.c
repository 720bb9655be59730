/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "assay-display.h"
#include "assay-limits.h"

#define NARROW_NO_BREAK_SPACE "\u202f"
#define MINUS "\u2212"
#define ELLIPSIS "\u2026"
#define REPLACEMENT "\uFFFD"

/* Characters that change how their neighbors are shown, or that show as
 * nothing: the tools of text that says one thing and shows another.  The joiners
 * U+200C and U+200D stay: Persian, Indic scripts and emoji need them. */
static gboolean
is_deceptive (gunichar c)
{
  return c == 0x00AD || c == 0x034F || c == 0x061C || c == 0x115F || c == 0x1160
         || c == 0x17B4 || c == 0x17B5 || c == 0x180E || c == 0x3164 || c == 0xFFA0
         || c == 0x200B || c == 0x200E || c == 0x200F
         || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF
         || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F)
         || c == 0x2028 || c == 0x2029 || c == 0xFFFE || c == 0xFFFF;
}

static gboolean
is_control (gunichar c)
{
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/**
 * assay_display_is_safe:
 * @c: a character
 *
 * Returns: whether it shows as itself alone: it is no control character, is seen,
 *   and turns nothing around
 */
gboolean
assay_display_is_safe (gunichar c)
{
  return !is_control (c) && !is_deceptive (c);
}

static void
append_safe (GString *out,
             gunichar c)
{
  if (c == '\n' || c == '\r' || c == '\t')
    g_string_append_c (out, ' ');
  else if (!assay_display_is_safe (c))
    g_string_append (out, REPLACEMENT);
  else
    g_string_append_unichar (out, c);
}

/**
 * assay_display_text:
 * @bytes: any bytes; may hold NUL when @length is given
 * @length: number of bytes, or -1 if NUL-terminated
 * @max_chars: characters to show at most, 0 for %ASSAY_LIMIT_DISPLAY_CHARS
 *
 * Makes text of anything: invalid UTF-8, control and bidirectional control
 * characters become U+FFFD, line breaks and tabs a space, and what is too long
 * ends in an ellipsis.  Markup is not escaped: the text is for places that take
 * no markup, and g_markup_escape_text() is there for the others.
 *
 * Returns: (transfer full): valid UTF-8 on one line
 */
char *
assay_display_text (const char *bytes,
                    gssize length,
                    gsize max_chars)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *end;
  gsize count = 0;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  if (max_chars == 0)
    max_chars = ASSAY_LIMIT_DISPLAY_CHARS;
  end = bytes + (length < 0 ? strlen (bytes) : (gsize) length);

  for (const char *p = bytes; p < end; count++)
    {
      gunichar c = g_utf8_get_char_validated (p, end - p);

      if (count == max_chars)
        {
          g_string_append (out, ELLIPSIS);
          break;
        }
      /* A NUL inside counts as a control character; validated gives -2 for it at the end. */
      if (*p == '\0' || c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append (out, REPLACEMENT);
          p++;
          continue;
        }
      append_safe (out, c);
      p = g_utf8_next_char (p);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * assay_display_name:
 * @filename: a file name or path, any bytes but NUL
 *
 * Returns: (transfer full): the name as a person reads it, safe to show
 */
char *
assay_display_name (const char *filename)
{
  g_return_val_if_fail (filename != NULL, NULL);

  return assay_display_text (filename, -1, 0);
}

static void
append_percent_sign (GString *text,
                     AssayDisplayStyle style)
{
  g_string_append (text, style == ASSAY_DISPLAY_SCREEN ? NARROW_NO_BREAK_SPACE "%" : "%");
}

/* printf rounds correctly from the exact binary value, so decimals are chosen
 * by what the rounded text says, not by what the double was. */
static char *
format_fixed (double value,
              int decimals,
              AssayDisplayStyle style)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 64];
  char format[16];

  if (style == ASSAY_DISPLAY_SCREEN)
    return g_strdup_printf ("%.*f", decimals, value);
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, format, value));
}

static int
percent_decimals (double percent)
{
  int decimals;

  /* One decimal from 10 % up, two from 1 % up: 9.996 reads 10.0, 0.9996 reads 1.00. */
  if (percent >= 9.995)
    decimals = 1;
  else if (percent >= 0.995)
    decimals = 2;
  else
    {
      /* Two significant digits below; 0.0996 rounds to 0.10, so one step up. */
      int exponent = (int) floor (log10 (percent));

      if (percent >= 9.95 * pow (10, exponent))
        exponent++;
      decimals = 1 - exponent;
    }
  return decimals;
}

/* Adds decimals until the text no longer reads 100 for what is less. */
static int
decimals_below_hundred (double percent,
                        int decimals)
{
  while (decimals < 15 && percent < 100 && percent + 0.5 * pow (10, -decimals) >= 100)
    decimals++;
  return decimals;
}

/**
 * assay_display_percent:
 * @score: a share; 1 is 100 %
 * @style: for the screen or for a terminal or file
 *
 * A share as a percentage by the rules of the charts: one decimal from 10 % up,
 * two from 1 % up, two significant digits below, more where rounding would
 * reach 100 %; "0 %" and "100 %" only when exact; below 1e-9 "< 0.0000001 %".
 * On the screen the decimal separator is the locale's.
 *
 * Returns: (transfer full): the text
 */
char *
assay_display_percent (double score,
                       AssayDisplayStyle style)
{
  g_autoptr (GString) text = g_string_new (NULL);
  double percent = score * 100;

  if (!isfinite (score))
    return g_strdup (style == ASSAY_DISPLAY_SCREEN ? "\u2013" : "-");

  if (percent < 0)
    {
      g_string_append (text, style == ASSAY_DISPLAY_SCREEN ? MINUS : "-");
      percent = -percent;
    }

  if (percent == 0 || percent == 100)
    g_string_append (text, percent == 0 ? "0" : "100");
  else if (percent < 1e-7)
    {
      g_autofree char *limit = format_fixed (1e-7, 7, style);

      g_string_append_printf (text, "< %s", limit);
    }
  else
    {
      int decimals = decimals_below_hundred (percent, percent_decimals (percent));
      g_autofree char *number = format_fixed (percent, decimals, style);

      g_string_append (text, number);
    }

  append_percent_sign (text, style);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * assay_display_points:
 * @difference: a difference of shares; 0.01 is one percentage point
 * @style: for the screen or for a terminal or file
 *
 * Returns: (transfer full): the absolute difference in percentage points without
 *   unit, with one decimal, or two below one point ("91.8", "0.35"); a
 *   difference that is not zero never reads as zero ("< 0.01")
 */
char *
assay_display_points (double difference,
                      AssayDisplayStyle style)
{
  double points = fabs (difference) * 100;

  if (points == 0)
    return g_strdup ("0");
  if (points < 0.01)
    {
      g_autofree char *limit = format_fixed (0.01, 2, style);

      return g_strdup_printf ("< %s", limit);
    }
  return format_fixed (points, points < 0.995 ? 2 : 1, style);
}

/**
 * assay_display_shift:
 * @difference: of two shares; 0.01 is one percentage point
 *
 * Returns: (transfer full): "+47.4 pp", with a sign that is as wide as a plus
 */
char *
assay_display_shift (double difference)
{
  const char *sign = difference > 0 ? "+" : difference < 0 ? "−" : "";
  g_autofree char *points = assay_display_points (difference, ASSAY_DISPLAY_SCREEN);

  /* "< 0.01" has no sign: it says only that it isn't nothing. */
  if (g_str_has_prefix (points, "< "))
    sign = "";
  return g_strconcat (sign, points, NARROW_NO_BREAK_SPACE, C_("percentage points", "pp"), NULL);
}
