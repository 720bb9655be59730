/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-offer-text.h"

static void
check_decoded (const char *bytes,
               gsize size,
               const char *text)
{
  g_autoptr (GBytes) given = g_bytes_new (bytes, size);
  g_autofree char *decoded = assay_offer_text_decode (given);

  g_assert_cmpstr (decoded, ==, text);
}

static void
test_decode (void)
{
  check_decoded ("http", 4, "http");
  check_decoded ("", 0, "");
  check_decoded ("http\0junk", 9, "http");
  check_decoded ("h\0t\0\n\0", 6, "ht\n");
  check_decoded ("\xff\xfeh\0\xfc\0", 6, "h\xc3\xbc");
  check_decoded ("\xfe\xff\0h\0\xfc", 6, "h\xc3\xbc");
  check_decoded ("b\xc3\xbcro", 5, "b\xc3\xbcro");
  check_decoded ("b\xfcro", 4, "b\xc3\xbcro");
  /* Half a character of two. */
  check_decoded ("h\0t\0\0\xd8", 6, "");
}

typedef void (*Read) (const char *text, GPtrArray *files, GPtrArray *addresses);

static void
read_lines (const char *text,
            GPtrArray *files,
            GPtrArray *addresses)
{
  gboolean any = assay_offer_text_read_lines (text, files, addresses);

  g_assert_true (any == (files->len + addresses->len > 0));
}

static void
check_read (Read read,
            const char *text,
            const char *expected)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) found = g_string_new (NULL);

  read (text, files, addresses);
  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *uri = g_file_get_uri (g_ptr_array_index (files, i));

      g_string_append_printf (found, "F %s;", uri);
    }
  for (guint i = 0; i < addresses->len; i++)
    g_string_append_printf (found, "A %s;", (char *) g_ptr_array_index (addresses, i));
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_list (void)
{
  check_read (assay_offer_text_read_list,
              "# from somewhere\r\nfile:///a%20b.png\r\nhttps://example.org/c.png\r\n\r\n",
              "F file:///a%20b.png;A https://example.org/c.png;");
  /* Only a browser can open these. */
  check_read (assay_offer_text_read_list,
              "blob:https://example.org/1\r\nabout:blank\r\njavascript:alert(1)\r\nroses\r\n"
              "mailto:me@example.org\r\nHTTP://\r\n",
              "");
  check_read (assay_offer_text_read_list, "data:image/gif;base64,R0lG\r\n",
              "A data:image/gif;base64,R0lG;");
  check_read (assay_offer_text_read_list, "trash:///a.png\n", "F trash:///a.png;");
}

static void
test_lines (void)
{
  check_read (read_lines, "/a b.png\n  https://example.org/c.png \n\n",
              "F file:///a%20b.png;A https://example.org/c.png;");
  check_read (read_lines, "https://example.org/c.png\nand words", "");
  check_read (read_lines, "roses are red", "");
  check_read (read_lines, "a.png", "");
  check_read (read_lines, "", "");
}

static void
test_picture (void)
{
  static const struct {
    const char *html;
    const char *address;
  } table[] = {
    { "<img src=\"https://example.org/a.png\">", "https://example.org/a.png" },
    { "<IMG\nALT='a > b' SRC = 'https://example.org/a.png'/>", "https://example.org/a.png" },
    { "<a href=https://example.org/page><img src=https://example.org/a.png></a>",
      "https://example.org/a.png" },
    { "<img data-src=\"https://example.org/lazy.png\" src=\"https://example.org/a.png\">",
      "https://example.org/a.png" },
    { "<img src=\"https://example.org/a?b=1&amp;c=&quot;2&#39;\">",
      "https://example.org/a?b=1&c=%222'" },
    { "<img src=\"data:image/gif;base64,R0lG\">", "data:image/gif;base64,R0lG" },
    /* Nobody can say which. */
    { "<img src=\"https://example.org/a.png\"><img src=\"https://example.org/b.png\">", NULL },
    { "<img src=\"a.png\">", NULL },
    { "<img src=\"file:///etc/passwd\">", NULL },
    { "<img src=\"blob:https://example.org/1\">", NULL },
    { "<image src=\"https://example.org/a.png\">", NULL },
    { "<img alt=\"none\">", NULL },
    { "<p>roses are red", NULL },
    { "", NULL },
    /* Cut off anywhere. */
    { "<img", NULL },
    { "<img ", NULL },
    { "<img src", NULL },
    { "<img src=", NULL },
    { "<img src=\"", NULL },
    { "<img src=\"https://example.org/a.png", "https://example.org/a.png" },
    { "<img ==\"' src=https://example.org/a.png", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *address = assay_offer_text_find_picture (table[i].html);

      g_assert_cmpstr (address, ==, table[i].address);
    }
}

static void
test_name (void)
{
  static const struct {
    const char *type;
    const char *name;
  } table[] = {
    { "application/octet-stream;name=\"a b.jpg\"", "a b.jpg" },
    { "application/octet-stream", NULL },
    { "application/octet-stream;name=\"\"", NULL },
    { "application/octet-stream;name=\"../../a\"", NULL },
    { "application/octet-stream;name=\"\xff\"", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *name = assay_offer_text_find_name (table[i].type);

      g_assert_cmpstr (name, ==, table[i].name);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/offer-text/decode", test_decode);
  g_test_add_func ("/assay/offer-text/list", test_list);
  g_test_add_func ("/assay/offer-text/lines", test_lines);
  g_test_add_func ("/assay/offer-text/picture", test_picture);
  g_test_add_func ("/assay/offer-text/name", test_name);
  return g_test_run ();
}
