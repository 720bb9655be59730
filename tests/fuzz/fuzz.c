/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-error.h"
#include "fuzz.h"

#define SENTENCE_BYTES (16 * 1024)

int
LLVMFuzzerInitialize (int *argc,
                      char ***argv)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  return 0;
}

void
fuzz_check_sentence (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpuint (strlen (text), <, SENTENCE_BYTES);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_assert_true (c >= 0x20 && (c < 0x7F || c > 0x9F));
      g_assert_true (c != 0x2028 && c != 0x2029 && c != 0x200E && c != 0x200F);
      g_assert_true (c < 0x202A || c > 0x202E);
      g_assert_true (c < 0x2066 || c > 0x2069);
    }
}

void
fuzz_check_error (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == ASSAY_ERROR);
  g_assert_cmpstr (error->message, !=, "");
  fuzz_check_sentence (error->message);
}

char *
fuzz_take_string (const uint8_t **data,
                  size_t *size)
{
  const uint8_t *end = *size > 0 ? memchr (*data, '\0', *size) : NULL;
  size_t length = end != NULL ? (size_t) (end - *data) : *size;
  char *text = g_malloc (length + 1);

  if (length > 0)
    memcpy (text, *data, length);
  text[length] = '\0';
  length += end != NULL;
  *data += length;
  *size -= length;
  return text;
}
