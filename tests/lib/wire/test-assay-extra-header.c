/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-error.h"
#include "assay-extra-header.h"
#include "assay-limits.h"

static void
check_split (const char *line,
             const char *name,
             const char *value)
{
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (assay_extra_header_split (line, &left, &right, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (left, ==, name);
  g_assert_cmpstr (right, ==, value);
}

static void
test_taken (void)
{
  check_split ("X-Tenant: blue", "X-Tenant", "blue");
  check_split ("x_tenant:\t blue and green\t ", "x_tenant", "blue and green");
  check_split ("AI-Resource-Group: a:b;c=\"d\"", "AI-Resource-Group", "a:b;c=\"d\"");
  check_split ("Accept: application/json", "Accept", "application/json");
}

static void
test_refused (void)
{
  static const char *const lines[] = {
    "", ":", "no colon", ": value", "X Y: 1", " X: 1", "X : 1", "X\n: 1", "Ü: 1", "X:", "X:  ",
    "X: a\r\nY: b", "X: a\n", "X: \x7f", "X: \xc3\xa4", "X: a\x01",
    "Host: a", "HOST: a", "Connection: close", "Keep-Alive: 1", "TE: a", "Trailer: a",
    "Transfer-Encoding: chunked", "Upgrade: a", "Content-Length: 1", "content-type: a/b",
    "Proxy-Connection: a", "Proxy-Authorization: a", "Expect: 100-continue",
    "Authorization: Basic hush", "Cookie: hush", "X-API-Key: hush", "apikey: hush",
    "Ocp-Apim-Subscription-Key: hush", "X-Auth-Token: hush", "X-My-Secret: hush",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(GError) error = NULL;

      if (assay_extra_header_split (lines[i], NULL, NULL, &error))
        g_error ("“%s” was taken", lines[i]);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      g_assert_null (strstr (error->message, "hush"));
      g_assert_null (strpbrk (error->message, "\r\n"));
    }
}

static void
test_lengths (void)
{
  g_autofree char *name = g_strnfill (ASSAY_LIMIT_HEADER_NAME_BYTES, 'n');
  g_autofree char *value = g_strnfill (ASSAY_LIMIT_HEADER_BYTES, 'v');
  g_autofree char *fits = g_strconcat (name, ": ", value, NULL);
  g_autofree char *long_name = g_strconcat (name, "n: ", value, NULL);
  g_autofree char *long_value = g_strconcat (name, ": ", value, "v", NULL);

  g_assert_true (assay_extra_header_split (fits, NULL, NULL, NULL));
  g_assert_false (assay_extra_header_split (long_name, NULL, NULL, NULL));
  g_assert_false (assay_extra_header_split (long_value, NULL, NULL, NULL));
}

static void
test_key_headers (void)
{
  g_assert_true (assay_key_header_check (ASSAY_DEFAULT_KEY_HEADER, NULL));
  g_assert_true (assay_key_header_check ("Ocp-Apim-Subscription-Key", NULL));
  g_assert_false (assay_key_header_check ("", NULL));
  g_assert_false (assay_key_header_check ("X-Key: a", NULL));
  g_assert_false (assay_key_header_check ("X-Key\r\nY", NULL));
  g_assert_false (assay_key_header_check ("Content-Type", NULL));
  g_assert_false (assay_key_header_check ("Host", NULL));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/extra-header/taken", test_taken);
  g_test_add_func ("/assay/extra-header/refused", test_refused);
  g_test_add_func ("/assay/extra-header/lengths", test_lengths);
  g_test_add_func ("/assay/extra-header/key-headers", test_key_headers);
  return g_test_run ();
}
