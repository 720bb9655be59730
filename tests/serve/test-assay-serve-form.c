/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-serve-form.h"

#define TYPE "multipart/form-data; boundary=xx"

static GPtrArray *
parse (const char *type,
       const char *body,
       GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (body, strlen (body));

  return assay_form_parse_multipart (type, bytes, error);
}

static void
assert_part (GPtrArray *parts,
             guint index,
             const char *name,
             const char *filename,
             const char *content)
{
  const AssayFormPart *part = g_ptr_array_index (parts, index);

  g_assert_cmpstr (part->name, ==, name);
  g_assert_cmpstr (part->filename, ==, filename);
  g_assert_cmpmem (g_bytes_get_data (part->bytes, NULL), g_bytes_get_size (part->bytes),
                   content, strlen (content));
}

static void
test_takes_parts_apart (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = NULL;

  parts = parse (TYPE,
                 "a preamble\r\n--xx\r\n"
                 "Content-Type: image/png\r\n"
                 "content-disposition: form-data; name=\"files\"; filename=\"a.png\"\r\n\r\n"
                 "one\r\n--x\r\ntwo\r\n--xx  \r\n"
                 "Content-Disposition: form-data; name=options\r\n\r\n\r\n--xx\r\n"
                 "\r\nno headers\r\n--xx\r\n"
                 "Content-Disposition: form-data; name=\"empty\"\r\n\r\n--xx--\r\nan epilogue",
                 &error);
  g_assert_no_error (error);
  g_assert_cmpuint (parts->len, ==, 4);
  assert_part (parts, 0, "files", "a.png", "one\r\n--x\r\ntwo");
  assert_part (parts, 1, "options", NULL, "");
  assert_part (parts, 2, NULL, NULL, "no headers");
  assert_part (parts, 3, "empty", NULL, "");
}

/* What curl, browsers, python3-requests, npm request and hostile clients send. */
static void
test_keeps_file_names (void)
{
  static const char *const names[][2] = {
    { "filename=\"a b.jpg\"", "a b.jpg" },
    { "filename=plain.jpg", "plain.jpg" },
    { "FileName = \"spaced.jpg\"", "spaced.jpg" },
    { "filename=\"\"", "" },
    { "filename=\"a\\\"b.jpg\"", "a\"b.jpg" },
    { "filename=\"a%22b.jpg\"", "a%22b.jpg" },
    { "filename=\"C:\\photos\\a.jpg\"", "C:\\photos\\a.jpg" },
    { "filename=\"a;name=b.jpg\"", "a;name=b.jpg" },
    { "filename=\"Blüte.jpg\"", "Blüte.jpg" },
    { "filename*=utf-8''Bl%C3%BCte.jpg", "Blüte.jpg" },
    { "filename=\"ascii.jpg\"; filename*=UTF-8'de'Bl%C3%BCte.jpg", "Blüte.jpg" },
    { "filename=\"kept.jpg\"; filename*=broken", "kept.jpg" },
    { "filename=\"latin\xfc.jpg\"", "latin\xef\xbf\xbd.jpg" },
    { "filename=\"unended.jpg", "unended.jpg" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *body = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) parts = NULL;

      body = g_strconcat ("--xx\r\nContent-Disposition: form-data; name=\"files\"; ", names[i][0],
                          "\r\n\r\n.\r\n--xx--\r\n", NULL);
      parts = parse (TYPE, body, &error);
      g_assert_no_error (error);
      assert_part (parts, 0, "files", names[i][1], ".");
    }
}

static void
test_refuses_what_is_malformed (void)
{
  static const char *const bodies[] = {
    "",
    "--",
    "--xx",
    "--xx\r\n",
    "--xx\r\nContent-Disposition: form-data; name=\"files\"\r\n\r\nno end",
    "--xx\r\nContent-Disposition: form-data; name=\"files\"\r\n--xx--",
    "--xxtra\r\n\r\n\r\n--xx--",
    "--yy\r\n\r\n.\r\n--yy--\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) parts = parse (TYPE, bodies[i], &error);

      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED);
      g_assert_null (parts);
    }
}

/* Each cut of a good body is refused, and reads nothing beyond its end. */
static void
test_refuses_every_cut (void)
{
  static const char whole[] = "--xx\r\nContent-Disposition: form-data; name=\"files\"; "
                              "filename=\"a\"\r\n\r\nbytes\r\n--xx--";

  for (gsize length = 0; length < strlen (whole); length++)
    {
      g_autofree char *cut = g_memdup2 (whole, length);
      g_autoptr (GBytes) bytes = g_bytes_new (cut, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) parts = assay_form_parse_multipart (TYPE, bytes, &error);

      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED);
      g_assert_null (parts);
    }
}

static void
test_knows_forms_by_their_type (void)
{
  static const char body[] = "--a b\r\n\r\n.\r\n--a b--";
  static const char *const good[] = {
    "multipart/form-data; boundary=\"a b\"",
    "Multipart/Form-Data;charset=utf-8;BOUNDARY=a b",
  };
  static const char *const bad[] = {
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890"
    "123456789012345678901",
  };
  static const char *const other[] = { NULL, "", "image/jpeg", "multipart/mixed; boundary=xx" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GPtrArray) parts = parse (good[i], body, NULL);

      g_assert_nonnull (parts);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (bad[i], body, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED);
    }
  for (guint i = 0; i < G_N_ELEMENTS (other); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (other[i], body, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);
    }
}

static void
test_counts_parts (void)
{
  for (guint n = ASSAY_LIMIT_REQUEST_FILES; n <= ASSAY_LIMIT_REQUEST_FILES + 1; n++)
    {
      g_autoptr (GString) body = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) parts = NULL;

      for (guint i = 0; i < n; i++)
        g_string_append (body, "--xx\r\n\r\n.\r\n");
      g_string_append (body, "--xx--\r\n");
      parts = parse (TYPE, body->str, &error);
      if (n == ASSAY_LIMIT_REQUEST_FILES)
        g_assert_cmpuint (parts->len, ==, n);
      else
        g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED);
    }
}

static void
test_bounds_part_headers (void)
{
  g_autofree char *padding = g_strnfill (ASSAY_LIMIT_PART_HEADER_BYTES, 'x');
  g_autofree char *body = g_strconcat ("--xx\r\nX: ", padding, "\r\n\r\n.\r\n--xx--", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (TYPE, body, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED);
}

static void
test_reads_fields (void)
{
  static const char form[] = "grant_type=client_credentials&client_id=sb-a%21b%7Cc&client_secret="
                             "a+b%2B%2F%3D&empty=&flag&twice=1&twice=2&bad=%zz";
  static const char *const fields[][2] = {
    { "grant_type", "client_credentials" }, { "client_id", "sb-a!b|c" },
    { "client_secret", "a b+/=" }, { "empty", "" }, { "flag", "" }, { "twice", "1" },
    { "bad", NULL }, { "absent", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *value = assay_form_dup_field (form, strlen (form), fields[i][0]);

      g_assert_cmpstr (value, ==, fields[i][1]);
    }
  g_assert_null (assay_form_dup_field (NULL, 0, "absent"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/serve-form/takes-parts-apart", test_takes_parts_apart);
  g_test_add_func ("/assay/serve-form/keeps-file-names", test_keeps_file_names);
  g_test_add_func ("/assay/serve-form/refuses-what-is-malformed", test_refuses_what_is_malformed);
  g_test_add_func ("/assay/serve-form/refuses-every-cut", test_refuses_every_cut);
  g_test_add_func ("/assay/serve-form/knows-forms-by-their-type", test_knows_forms_by_their_type);
  g_test_add_func ("/assay/serve-form/counts-parts", test_counts_parts);
  g_test_add_func ("/assay/serve-form/bounds-part-headers", test_bounds_part_headers);
  g_test_add_func ("/assay/serve-form/reads-fields", test_reads_fields);
  return g_test_run ();
}
