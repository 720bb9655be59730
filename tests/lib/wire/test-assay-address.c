/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-address.h"
#include "assay-error.h"
#include "assay-limits.h"

static void
test_normalize (void)
{
  static const struct {
    const char *text;
    const char *address;
  } table[] = {
    { "https://example.org/a.png", "https://example.org/a.png" },
    { "  HTTPS://Example.org/a.png\r\n", "https://Example.org/a.png" },
    { "http://example.org", "http://example.org/" },
    { "http://127.0.0.1:8080/a?b=c&d=%20", "http://127.0.0.1:8080/a?b=c&d=%20" },
    { "http://[::1]:80/a", "http://[::1]/a" },
    /* Whoever it was meant for, nobody is named. */
    { "https://user:secret@example.org/a.png#part", "https://example.org/a.png" },
    { "https://user@example.org/a.png", "https://example.org/a.png" },
    /* As people write them. */
    { "https://example.org/b\xc3\xbcro 1.png", "https://example.org/b%C3%BCro%201.png" },
    { "data:image/gif;base64,R0lG", "data:image/gif;base64,R0lG" },
    { "data:image/gif", NULL },
    { "ftp://example.org/a.png", NULL },
    { "file:///etc/passwd", NULL },
    { "javascript:alert(1)", NULL },
    { "blob:https://example.org/1-2", NULL },
    { "about:blank", NULL },
    { "https://", NULL },
    { "https:///a.png", NULL },
    { "http://example.org:99999/", NULL },
    { "example.org/a.png", NULL },
    { "/home/me/a.png", NULL },
    { "roses are red", NULL },
    { "", NULL },
    { "https://example.org/\xff", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *address = assay_address_normalize (table[i].text);

      g_assert_cmpstr (address, ==, table[i].address);
    }
}

static void
test_too_long (void)
{
  g_autofree char *tail = g_strnfill (ASSAY_LIMIT_ADDRESS_BYTES, 'a');
  g_autofree char *text = g_strconcat ("https://example.org/", tail, NULL);

  g_assert_null (assay_address_normalize (text));
}

/* Nothing gets in that could be a second line of a request. */
static void
test_no_control (void)
{
  g_autofree char *address =
    assay_address_normalize ("http://example.org/a\r\nCookie: b\tc\x7f");

  g_assert_cmpstr (address, ==, "http://example.org/a%0D%0ACookie:%20b%09c%7F");
}

static void
test_name (void)
{
  static const struct {
    const char *address;
    const char *name;
    const char *host;
  } table[] = {
    { "https://example.org/a/b.png?size=3", "b.png", "example.org" },
    { "https://example.org/a/b%C3%BCro.png", "b\xc3\xbcro.png", "example.org" },
    { "https://example.org/a/b.png/", "b.png", "example.org" },
    { "https://example.org/", "example.org", "example.org" },
    /* No stroke that would make a path of it. */
    { "https://example.org/..%2F..%2Fetc", "..%2F..%2Fetc", "example.org" },
    { "https://example.org/%FF%FE", "%FF%FE", "example.org" },
    { "http://127.0.0.1:8000/x", "x", "127.0.0.1" },
    { "data:image/png;base64,AAAA", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *name = assay_address_dup_name (table[i].address);
      g_autofree char *host = assay_address_dup_host (table[i].address);

      g_assert_cmpstr (name, ==, table[i].name);
      g_assert_cmpstr (host, ==, table[i].host);
    }
}

static void
check_data (const char *address,
            const char *content)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = assay_address_decode_data (address, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), content,
                   strlen (content));
}

static void
test_data (void)
{
  g_autoptr (GError) error = NULL;

  check_data ("data:image/gif;base64,R0lGODlh", "GIF89a");
  check_data ("DATA:image/gif;BASE64,R0lG%4FDlh", "GIF89a");
  check_data ("data:image/gif;base64,R0lG\nODlh", "GIF89a");
  check_data ("data:,GIF%38%39a", "GIF89a");
  check_data ("data:;base64,", "");
  g_assert_null (assay_address_decode_data ("data:image/gif;base64,%zz", &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
}

static void
test_large_data (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *content = g_strnfill (ASSAY_LIMIT_FILE_BYTES + 1, 'a');
  g_autofree char *address = g_strconcat ("data:,", content, NULL);

  g_assert_null (assay_address_decode_data (address, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/address/normalize", test_normalize);
  g_test_add_func ("/assay/address/too-long", test_too_long);
  g_test_add_func ("/assay/address/no-control", test_no_control);
  g_test_add_func ("/assay/address/name", test_name);
  g_test_add_func ("/assay/address/data", test_data);
  g_test_add_func ("/assay/address/large-data", test_large_data);
  return g_test_run ();
}
