/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-limits.h"
#include "assay-retry-after.h"

/* The header's grammar is that of RFC 9110, 10.2.3: delay-seconds or HTTP-date.
 * A date comes in one of three forms (RFC 9110, 5.6.7), always in UTC:
 *
 *   Sun, 06 Nov 1994 08:49:37 GMT     IMF-fixdate
 *   Sunday, 06-Nov-94 08:49:37 GMT    RFC 850, obsolete
 *   Sun Nov  6 08:49:37 1994          asctime(), obsolete
 */

#define MAX_US ((gint64) ASSAY_LIMIT_RETRY_AFTER_SECONDS * G_USEC_PER_SEC)

typedef struct {
  int year, month, day, hour, minute, second;
} Moment;

/* Takes exactly @n digits, the first of which may be a space if @padded. */
static gboolean
take_number (const char **text,
             guint n,
             gboolean padded,
             int *number)
{
  const char *p = *text;

  *number = 0;
  for (guint i = 0; i < n; i++, p++)
    {
      if (i == 0 && padded && *p == ' ')
        continue;
      if (!g_ascii_isdigit (*p))
        return FALSE;
      *number = *number * 10 + (*p - '0');
    }
  *text = p;
  return TRUE;
}

static gboolean
take_text (const char **text,
           const char *expected)
{
  if (!g_str_has_prefix (*text, expected))
    return FALSE;
  *text += strlen (expected);
  return TRUE;
}

static gboolean
take_month (const char **text,
            int *month)
{
  static const char *const names[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (take_text (text, names[i]))
      {
        *month = i + 1;
        return TRUE;
      }
  return FALSE;
}

static gboolean
take_clock (const char **text,
            Moment *moment)
{
  return take_number (text, 2, FALSE, &moment->hour) && take_text (text, ":")
         && take_number (text, 2, FALSE, &moment->minute) && take_text (text, ":")
         && take_number (text, 2, FALSE, &moment->second);
}

/* The day of the week says nothing that the date doesn't. */
static void
skip_letters (const char **text)
{
  while (g_ascii_isalpha (**text))
    (*text)++;
}

static gboolean
parse_fixdate (const char *text,
               Moment *moment)
{
  skip_letters (&text);
  return take_text (&text, ", ") && take_number (&text, 2, FALSE, &moment->day)
         && take_text (&text, " ") && take_month (&text, &moment->month) && take_text (&text, " ")
         && take_number (&text, 4, FALSE, &moment->year) && take_text (&text, " ")
         && take_clock (&text, moment) && take_text (&text, " GMT") && *text == '\0';
}

static gboolean
parse_asctime (const char *text,
               Moment *moment)
{
  skip_letters (&text);
  return take_text (&text, " ") && take_month (&text, &moment->month) && take_text (&text, " ")
         && take_number (&text, 2, TRUE, &moment->day) && take_text (&text, " ")
         && take_clock (&text, moment) && take_text (&text, " ")
         && take_number (&text, 4, FALSE, &moment->year) && *text == '\0';
}

/* Two digits mean the year with these last digits that is no more than 50 years
 * ahead (RFC 9110, 5.6.7). */
static int
find_century (int year,
              gint64 real_now)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (real_now / G_USEC_PER_SEC);
  int this_year = now != NULL ? g_date_time_get_year (now) : 1970;

  year += this_year - this_year % 100;
  return year > this_year + 50 ? year - 100 : year;
}

static gboolean
parse_rfc850 (const char *text,
              gint64 real_now,
              Moment *moment)
{
  skip_letters (&text);
  if (!(take_text (&text, ", ") && take_number (&text, 2, FALSE, &moment->day)
        && take_text (&text, "-") && take_month (&text, &moment->month) && take_text (&text, "-")
        && take_number (&text, 2, FALSE, &moment->year) && take_text (&text, " ")
        && take_clock (&text, moment) && take_text (&text, " GMT") && *text == '\0'))
    return FALSE;
  moment->year = find_century (moment->year, real_now);
  return TRUE;
}

static gboolean
parse_date (const char *text,
            gint64 real_now,
            gint64 *delay)
{
  Moment m = { 0 };
  g_autoptr (GDateTime) when = NULL;

  if (!parse_fixdate (text, &m) && !parse_rfc850 (text, real_now, &m) && !parse_asctime (text, &m))
    return FALSE;
  /* A leap second is the last one of its minute here. */
  when = g_date_time_new_utc (m.year, m.month, m.day, m.hour, m.minute, MIN (m.second, 59));
  if (when == NULL || m.second > 60)
    return FALSE;
  *delay = CLAMP (g_date_time_to_unix (when) * G_USEC_PER_SEC - real_now, 0, MAX_US);
  return TRUE;
}

/**
 * assay_retry_after_parse:
 * @text: (nullable): the value of a Retry-After header
 * @real_now: microseconds since 1970 (UTC), for dates
 * @delay: (out): microseconds from now, 0 for a moment that has passed, at most
 *   %ASSAY_LIMIT_RETRY_AFTER_SECONDS
 *
 * Reads both forms of RFC 9110, 10.2.3.  A date is as good as the two clocks
 * are: one that is ahead of ours costs waiting, never more than the bound.
 *
 * Returns: whether @text is one of them; if not, @delay is unchanged
 */
gboolean
assay_retry_after_parse (const char *text,
                         gint64 real_now,
                         gint64 *delay)
{
  g_autofree char *trimmed = NULL;
  gint64 seconds = 0;

  g_return_val_if_fail (delay != NULL, FALSE);

  if (text == NULL)
    return FALSE;
  trimmed = g_strstrip (g_strdup (text));
  if (!g_ascii_isdigit (*trimmed))
    return parse_date (trimmed, real_now, delay);
  for (const char *p = trimmed; *p != '\0'; p++)
    {
      if (!g_ascii_isdigit (*p))
        return FALSE;
      seconds = MIN (seconds * 10 + (*p - '0'), ASSAY_LIMIT_RETRY_AFTER_SECONDS);
    }
  *delay = seconds * G_USEC_PER_SEC;
  return TRUE;
}
