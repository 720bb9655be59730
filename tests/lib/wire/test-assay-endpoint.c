/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-endpoint.h"
#include "assay-error.h"

/* For the log, in which a line that is not ours would be read as TAP. */
static void
say (const char *text)
{
  g_autofree char *escaped = g_strescape (text != NULL ? text : "", NULL);

  g_test_message ("%s", escaped);
}

typedef struct {
  const char *typed;
  const char *normal;        /* or NULL: refused … */
  const char *hint;          /* … with these words in the sentence */
} Address;

static const Address addresses[] = {
  { "https://example.com", "https://example.com", NULL },
  { "  https://example.com/\n", "https://example.com", NULL },
  { "https://example.com///", "https://example.com", NULL },
  { "HTTPS://Example.COM/Api/V2/", "https://example.com/Api/V2", NULL },
  { "https://example.com:443/a", "https://example.com/a", NULL },
  { "http://example.com:80", "http://example.com", NULL },
  { "http://example.com:443", "http://example.com:443", NULL },
  { "https://example.com:8443/a", "https://example.com:8443/a", NULL },
  { "https://example.com.", "https://example.com", NULL },
  { "https://example.com/a%2Fb", "https://example.com/a%2Fb", NULL },
  { "https://example.com/caf\u00e9", "https://example.com/caf%C3%A9", NULL },
  { "https://example.com/a/./../b/..c", "https://example.com/b/..c", NULL },
  { "https://example.com/a/%2E%2e/%2e/b", "https://example.com/b", NULL },
  { "https://example.com/../../b", "https://example.com/b", NULL },
  { "https://example.com/a//b", "https://example.com/a//b", NULL },
  { "https://example.com/a/?api-version=3&x=%20", "https://example.com/a?api-version=3&x=%20", NULL },
  { "https://example.com/a?", "https://example.com/a", NULL },
  { "https://b\u00fccher.example/", "https://xn--bcher-kva.example", NULL },
  { "https://xn--bcher-kva.example", "https://xn--bcher-kva.example", NULL },
  { "http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api", NULL },
  { "http://[::1]:8080/", "http://[::1]:8080", NULL },
  { "http://[0:0:0:0:0:0:0:1]", "http://[::1]", NULL },
  /* full-width digits are digits to name preparation: they must not hide an address */
  { "http://\uFF11\uFF12\uFF17.0.0.1", "http://127.0.0.1", NULL },

  { NULL, NULL, "Give the address" },
  { "", NULL, "Give the address" },
  { "   ", NULL, "Give the address" },
  { "example.com/api", NULL, "write “https://example.com/api”" },
  { "localhost:8080", NULL, "write “http://localhost:8080”" },
  { "127.0.0.1:8080/x", NULL, "write “http://127.0.0.1:8080/x”" },
  { "ftp://example.com", NULL, "https://" },
  { "file:///etc/passwd", NULL, "https://" },
  { "javascript://example.com/%0aalert(1)", NULL, "https://" },
  { "https://", NULL, "names no computer" },
  { "https:///path", NULL, "names no computer" },
  { "https://user@example.com", NULL, "user name" },
  { "https://user:secret@example.com", NULL, "user name" },
  { "https://@example.com", NULL, "user name" },
  { "https://example.com/#part", NULL, "#" },
  { "https://example.com:0/", NULL, "port" },
  { "https://example.com:65536/", NULL, "port" },
  { "https://example.com:port/", NULL, "port" },
  { "https://example.com/a b", NULL, "space" },
  { "https://example.com/a\tb", NULL, "space" },
  { "https://example.com/a\r\nHost: x", NULL, "space" },
  { "https://example.com\\@evil.example", NULL, "character" },
  { "https://example.com/\xff", NULL, "not readable" },
  { "https://example.com/%zz", NULL, "%" },
  { "https://exa mple.com", NULL, "space" },
  { "https://exa$mple.com", NULL, "not the name" },
  { "https://a..b.example", NULL, "not the name" },
  { "https://.example", NULL, "not the name" },
  { "https://example..", NULL, "not the name" },
  { "http://127..", NULL, "not the name" },
  { "https://256.1.1.1", NULL, "not the name" },
  { "http://127.1", NULL, "not the name" },
  { "http://2130706433", NULL, "not the name" },
  { "http://0x7f.0x1", NULL, "not the name" },
  { "https://exam%2Fple.com", NULL, "not the name" },
};

static void
test_normalize (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      const Address *address = &addresses[i];
      g_autoptr (GError) error = NULL;
      g_autofree char *normal = assay_endpoint_normalize (address->typed, &error);

      say (address->typed);
      g_assert_cmpstr (normal, ==, address->normal);
      if (address->normal != NULL)
        {
          g_autofree char *again = assay_endpoint_normalize (normal, NULL);

          g_assert_no_error (error);
          g_assert_cmpstr (again, ==, normal);
        }
      else
        {
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
          g_assert_nonnull (strstr (error->message, address->hint));
        }
    }
}

/* What must not be repeated on a screen is not in the sentence that refuses it. */
static void
test_keeps_passwords_quiet (void)
{
  static const char *const typed[] = {
    "https://user:hunter2@example.com", "user:hunter2@example.com/x", "https://user:hunter2@example.com/#a b",
    "https://user:hunter2@256.1.1.1/",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (assay_endpoint_normalize (typed[i], &error));
      g_assert_null (strstr (error->message, "hunter2"));
    }
}

typedef struct {
  const char *base;
  const char *segments[5];
  const char *whole;
} Append;

static const Append appends[] = {
  { "https://h.example/api", { "models", "flowers", "versions", "2" },
    "https://h.example/api/models/flowers/versions/2" },
  { "https://h.example/", { "models" }, "https://h.example/models" },
  { "https://h.example", { NULL }, "https://h.example" },
  { "https://h.example/a?x=1", { "b" }, "https://h.example/a/b?x=1" },
  { "https://h.example", { "a/b" }, "https://h.example/a%2Fb" },
  { "https://h.example", { "../../x" }, "https://h.example/..%2F..%2Fx" },
  { "https://h.example", { "..." }, "https://h.example/..." },
  { "https://h.example", { "%2e%2e" }, "https://h.example/%252e%252e" },
  { "https://h.example", { "a?b#c&d=e+f;g" }, "https://h.example/a%3Fb%23c%26d%3De%2Bf%3Bg" },
  { "https://h.example", { "a b\r\nX: y" }, "https://h.example/a%20b%0D%0AX%3A%20y" },
  { "https://h.example", { "bl\u00fcten \u82b1" }, "https://h.example/bl%C3%BCten%20%E8%8A%B1" },
  { "https://h.example", { "\xff\xfe" }, "https://h.example/%FF%FE" },
  { "https://h.example", { "a-b_c.d~e" }, "https://h.example/a-b_c.d~e" },
  { "https://h.example", { "." }, NULL },
  { "https://h.example", { "models", "..", "x" }, NULL },
  { "https://h.example", { "models", "", "x" }, NULL },
  { "nonsense", { "a" }, NULL },
};

static void
test_append (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (appends); i++)
    {
      g_autofree char *whole = assay_endpoint_append (appends[i].base, appends[i].segments);

      g_assert_cmpstr (whole, ==, appends[i].whole);
    }
}

/* Every byte comes back as it was, whatever a model is called. */
static void
test_append_keeps_every_byte (void)
{
  for (int byte = 1; byte < 256; byte++)
    {
      const char name[] = { 'x', (char) byte, 'y', '\0' };
      const char *segments[] = { "models", name, NULL };
      g_autofree char *whole = assay_endpoint_append ("https://h.example", segments);
      const char *last = strrchr (whole, '/') + 1;
      g_autoptr (GBytes) back = g_uri_unescape_bytes (last, -1, NULL, NULL);
      g_autoptr (GBytes) sent = g_bytes_new (name, 3);

      g_assert_true (g_str_has_prefix (whole, "https://h.example/models/"));
      g_assert_true (last == whole + strlen ("https://h.example/models/"));
      g_assert_true (g_bytes_equal (back, sent));
    }
}

typedef struct {
  const char *address;
  const char *host;
  const char *origin;
  gboolean loopback;
  gboolean secret;
} Facts;

static const Facts facts[] = {
  { "https://Example.com:8443/a?b", "example.com", "https://example.com:8443", FALSE, TRUE },
  { "https://example.com:443", "example.com", "https://example.com", FALSE, TRUE },
  { "http://example.com", "example.com", "http://example.com", FALSE, FALSE },
  { "http://localhost:8080/", "localhost", "http://localhost:8080", TRUE, TRUE },
  { "http://LOCALHOST", "localhost", "http://localhost", TRUE, TRUE },
  { "http://127.0.0.1", "127.0.0.1", "http://127.0.0.1", TRUE, TRUE },
  { "http://127.9.8.7", "127.9.8.7", "http://127.9.8.7", TRUE, TRUE },
  { "http://[::1]:90", "::1", "http://[::1]:90", TRUE, TRUE },
  { "https://[2001:db8::1]", "2001:db8::1", "https://[2001:db8::1]", FALSE, TRUE },
  { "http://[2001:db8::1]", "2001:db8::1", "http://[2001:db8::1]", FALSE, FALSE },
  { "http://128.0.0.1", "128.0.0.1", "http://128.0.0.1", FALSE, FALSE },
  { "http://0.0.0.0", "0.0.0.0", "http://0.0.0.0", FALSE, FALSE },
  { "http://localhost.example.com", "localhost.example.com", "http://localhost.example.com", FALSE, FALSE },
  { "http://127.0.0.1.example.com", "127.0.0.1.example.com", "http://127.0.0.1.example.com", FALSE, FALSE },
  { "http://notlocalhost", "notlocalhost", "http://notlocalhost", FALSE, FALSE },
  { "https://b\u00fccher.example", "b\u00fccher.example (xn--bcher-kva.example)",
    "https://xn--bcher-kva.example", FALSE, TRUE },
  /* Cyrillic letters that look Latin are betrayed by the form behind them */
  { "https://\u0430\u0440\u0440l\u0435.example", "\u0430\u0440\u0440l\u0435.example (xn--l-7sbq6ba.example)",
    "https://xn--l-7sbq6ba.example", FALSE, TRUE },
  { "nonsense", "", NULL, FALSE, FALSE },
  { "https://user@localhost", "", NULL, FALSE, FALSE },
};

static void
test_facts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      g_autofree char *host = assay_endpoint_dup_host (facts[i].address);
      g_autofree char *origin = assay_endpoint_dup_origin (facts[i].address);
      g_autoptr (GError) error = NULL;

      say (facts[i].address);
      g_assert_cmpstr (host, ==, facts[i].host);
      g_assert_cmpstr (origin, ==, facts[i].origin);
      g_assert_cmpint (assay_endpoint_is_loopback (facts[i].address), ==, facts[i].loopback);
      g_assert_cmpint (assay_endpoint_may_carry_secret (facts[i].address, &error), ==, facts[i].secret);
      if (facts[i].secret)
        g_assert_no_error (error);
      else
        g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
    }
}

static void
test_told (void)
{
  static const struct {
    const char *name;
    const char *address;
    gboolean told;
  } cases[] = {
    { "Lab", "https://lab.example.com/v2", FALSE },
    { "Lab", NULL, FALSE },
    { "Lab", "nonsense", FALSE },
    { "https://lab.example.com", NULL, TRUE },
    { "the one at lab.example.com", "https://lab.example.com/v2", TRUE },
    { "LAB.Example.com", "https://lab.example.com/v2", TRUE },
    { "lab.example.com", "https://other.example.com", FALSE },
    { "Bücher.example", "https://b\u00fccher.example", TRUE },
    { "xn--bcher-kva.example", "https://b\u00fccher.example", TRUE },
    { "192.0.2.7", "http://192.0.2.7:8080", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (assay_endpoint_is_told (cases[i].name, cases[i].address), ==,
                       cases[i].told);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/endpoint/told", test_told);
  g_test_add_func ("/assay/endpoint/one-form-or-a-reason", test_normalize);
  g_test_add_func ("/assay/endpoint/keeps-passwords-quiet", test_keeps_passwords_quiet);
  g_test_add_func ("/assay/endpoint/append", test_append);
  g_test_add_func ("/assay/endpoint/append-keeps-every-byte", test_append_keeps_every_byte);
  g_test_add_func ("/assay/endpoint/host-origin-loopback-secret", test_facts);
  return g_test_run ();
}
