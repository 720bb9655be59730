/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-protocol.h"
#include "assay-reply-words.h"

/* For the log, in which a line that is not ours would be read as TAP. */
static void
say (const char *text)
{
  g_autofree char *escaped = g_strescape (text != NULL ? text : "", NULL);

  g_test_message ("%s", escaped);
}

static AssayReply *
new_reply (guint status,
           const char *reason,
           const char *type,
           const char *body)
{
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;

  return assay_reply_new (status, reason, type, NULL, bytes);
}

typedef struct {
  guint status;
  AssayError code;
} Status;

static const Status statuses[] = {
  { 300, ASSAY_ERROR_USAGE }, { 301, ASSAY_ERROR_USAGE }, { 302, ASSAY_ERROR_USAGE }, { 308, ASSAY_ERROR_USAGE },
  { 400, ASSAY_ERROR_REFUSED }, { 401, ASSAY_ERROR_UNAUTHORIZED }, { 402, ASSAY_ERROR_REFUSED },
  { 403, ASSAY_ERROR_FORBIDDEN }, { 404, ASSAY_ERROR_NOT_FOUND }, { 405, ASSAY_ERROR_REFUSED },
  { 407, ASSAY_ERROR_FORBIDDEN }, { 408, ASSAY_ERROR_TIMED_OUT }, { 410, ASSAY_ERROR_NOT_FOUND },
  { 413, ASSAY_ERROR_TOO_LARGE }, { 415, ASSAY_ERROR_REFUSED }, { 422, ASSAY_ERROR_REFUSED },
  { 425, ASSAY_ERROR_BUSY }, { 429, ASSAY_ERROR_BUSY }, { 499, ASSAY_ERROR_REFUSED },
  { 500, ASSAY_ERROR_SERVICE }, { 502, ASSAY_ERROR_SERVICE }, { 503, ASSAY_ERROR_BUSY },
  { 504, ASSAY_ERROR_TIMED_OUT }, { 507, ASSAY_ERROR_SERVICE }, { 599, ASSAY_ERROR_SERVICE },
  { 0, ASSAY_ERROR_BAD_ANSWER }, { 101, ASSAY_ERROR_BAD_ANSWER }, { 204, ASSAY_ERROR_BAD_ANSWER },
  { 600, ASSAY_ERROR_BAD_ANSWER }, { G_MAXUINT, ASSAY_ERROR_BAD_ANSWER },
};

static void
test_codes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (AssayReply) reply = new_reply (statuses[i].status, NULL, NULL, NULL);
      g_autoptr (GError) error = assay_protocol_error_from_reply (reply);
      g_autofree char *status = g_strdup_printf ("(HTTP status %u)", statuses[i].status);

      g_assert_error (error, ASSAY_ERROR, (int) statuses[i].code);
      g_assert_true (g_str_has_suffix (error->message, status));
      g_assert_null (strstr (error->message, "It says"));
    }
}

typedef struct {
  const char *type;
  const char *body;
  const char *words;         /* what stands in quotes; NULL for nothing */
} Words;

#define JSON "application/json"
#define HTML "text/html; charset=utf-8"

static const Words words[] = {
  /* published captures */
  { JSON, "{ \"error\": { \"requestId\": \"1\", \"code\": \"400\", \"message\": \"Error when uploading files:: Invalid file type\", \"details\": [ { \"code\": \"1\", \"message\": \"no\" } ] } }",
    "Error when uploading files:: Invalid file type" },
  { JSON, "{\"error\":{\"code\":\"400\",\"message\":\"Invalid request: Absolute path, or hierarchy in archive file is not allowed\"}}",
    "Invalid request: Absolute path, or hierarchy in archive file is not allowed" },
  { JSON, "{\"error\":\"Error when uploading files:\",\"error_description\":\"Invalid file type\",\"status_code\":400}",
    "Error when uploading files: Invalid file type" },
  { JSON, "{\"error\":\"Invalid Archive Input\",\"error_description\":\"Only archive without hierarchy is accepted. __MACOSX/ is a folder. \",\"status_code\":400}",
    "Invalid Archive Input: Only archive without hierarchy is accepted. __MACOSX/ is a folder." },
  { JSON, "{\"error_description\": \"This service requires at least 1 file.\"}", "This service requires at least 1 file." },
  { JSON, "{\"fault\":{\"faultstring\":\"Invalid ApiKey\",\"detail\":{\"errorcode\":\"oauth.v2.InvalidApiKey\"}}}", "Invalid ApiKey" },
  { JSON, "{\"error\":\"unauthorized\",\"error_description\":\"Bad credentials\"}", "unauthorized: Bad credentials" },
  { JSON, "{\"error\":\"unauthorized\",\"error_description\":\"unauthorized\"}", "unauthorized" },
  { JSON, "{\"error\":\"unauthorized\",\"error_description\":\"\"}", "unauthorized" },
  { JSON, "{\"error\":\"Model not found\"}", "Model not found" },
  { JSON, "{\"detail\":\"Not authenticated\"}", "Not authenticated" },
  { JSON, "{\"error\":[\"a\",5,\"b\"]}", "a; b" },
  { JSON, "{\"Message\":\"m\"}", "m" },
  { JSON, "[{\"error\":{\"code\":403,\"message\":\"m\"}}]", "m" },
  { JSON, "{\"detail\":[{\"loc\":[\"body\",\"files\",0],\"msg\":\"field required\",\"type\":\"value_error.missing\"},{\"msg\":\"and more\"}]}",
    "field required (body.files.0); and more" },
  { JSON, "{\"code\":404,\"type\":\"ModelNotFoundException\",\"message\":\"Model not found: x\"}", "Model not found: x" },
  /* the order among them */
  { JSON, "{\"message\":\"m\",\"detail\":\"d\",\"fault\":{\"faultstring\":\"f\"},\"error\":{\"message\":\"e\"}}", "e" },
  { JSON, "{\"message\":\"m\",\"detail\":\"d\",\"fault\":{\"faultstring\":\"f\"},\"error\":\"s\"}", "s" },
  { JSON, "{\"message\":\"m\",\"detail\":\"d\",\"fault\":{\"faultstring\":\"f\"}}", "f" },
  { JSON, "{\"message\":\"m\",\"detail\":\"d\"}", "d" },
  { JSON, "{\"message\":\"m\",\"detail\":[],\"error\":\" \",\"fault\":{\"faultstring\":\"\"}}", "m" },
  /* wrong types are passed over */
  { JSON, "{\"error\":{\"message\":5},\"message\":\"m\"}", "m" },
  { JSON, "{\"error\":null,\"fault\":[],\"detail\":{\"a\":1},\"message\":\"m\"}", "m" },
  { JSON, "{\"detail\":[1,null,\"x\",{\"msg\":\"m\",\"loc\":{}}]}", "{\"detail\":[1,null,\"x\",{\"msg\":\"m\",\"loc\":{}}]}" },
  { JSON, "{\"detail\":[1,{\"msg\":\"m\",\"loc\":{}}]}", "m" },
  { JSON, "{\"detail\":[{\"msg\":\"m\",\"loc\":[null,{},true]}]}", "m (..)" },
  /* text and HTML */
  { "text/plain", "404 Not Found: Requested route ('x.example') does not exist.\n", "404 Not Found: Requested route ('x.example') does not exist." },
  { HTML, "<!DOCTYPE html><html><head><title>502 Bad Gateway</title><style>body { color: red }</style></head><body><script>alert('<b>')</script><h1>502&nbsp;Bad Gateway</h1><!-- <p>secret</p> --><p>nginx &amp; &lt;co&gt; &#8211; &#x1F339; &bogus; &</p></body></html>",
    "502 Bad Gateway 502 Bad Gateway nginx & <co> \u2013 \U0001F339 &bogus; &" },
  { NULL, "<html><body>no type <b>at</b> all</body></html>", "no type at all" },
  { HTML, "1 < 2 and 3 <4", "1 < 2 and 3 <4" },
  { HTML, "<p>cut <b", "cut" },
  { HTML, "<script>never closed", NULL },
  { HTML, "&#0;&#xD800;&#99999999;x", "&#0;&#xD800;&#99999999;x" },
  { JSON, "{\"errors\":[\"odd\"]}", "{\"errors\":[\"odd\"]}" },
  { JSON, "not JSON at all", "not JSON at all" },
  { "image/png", "\x89PNG\r\n", "\uFFFDPNG" },
  /* what is not safe to show */
  { JSON, "{\"error\":\"a\\u001b[31mred\\u202Egpj\\n\\nb\"}", "a\uFFFD[31mred\uFFFDgpj b" },
  { "text/plain", "caf\xe9", "caf\uFFFD" },
  { "text/plain", " \n\t ", NULL },
  { "text/plain", "", NULL },
  /* a token that is said back stays out of sight */
  { JSON, "{\"message\":\"no: Authorization: Bearer abcDEF123456._-~+/==, sorry\"}", "no: Authorization: Bearer \u2026, sorry" },
  { JSON, "{\"message\":\"no: BASIC c2I6c2VjcmV0c2VjcmV0 basic rules\"}", "no: BASIC \u2026 basic rules" },
  { "text/plain", "token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln is bad", "token \u2026 is bad" },
  { JSON, "{\"message\":\"the bearer of bad news\"}", "the bearer of bad news" },
};

static void
test_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (AssayReply) reply = new_reply (400, "", words[i].type, words[i].body);
      g_autoptr (GError) error = assay_protocol_error_from_reply (reply);
      g_autofree char *quoted = g_strdup_printf (" It says: “%s” (HTTP status 400)", words[i].words);

      say (words[i].body);
      say (error->message);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      if (words[i].words != NULL)
        g_assert_true (g_str_has_suffix (error->message, quoted));
      else
        g_assert_null (strstr (error->message, "It says"));
    }
}

static void
test_reason_last (void)
{
  g_autoptr (AssayReply) silent = new_reply (502, "Bad\x1b Gateway", NULL, NULL);
  g_autoptr (AssayReply) talking = new_reply (502, "Bad Gateway", NULL, "sorry");
  g_autoptr (GError) reason = assay_protocol_error_from_reply (silent);
  g_autoptr (GError) body = assay_protocol_error_from_reply (talking);

  g_assert_nonnull (strstr (reason->message, "“Bad\uFFFD Gateway”"));
  g_assert_nonnull (strstr (body->message, "“sorry”"));
}

/* The header, or what a body says of the same. */
static void
test_retry_after (void)
{
  static const struct {
    guint status;
    const char *header;
    const char *body;
    const char *expected;
  } cases[] = {
    { 503, "7", "{\"estimated_time\": 44.49}", "7" },
    { 503, NULL, "{\"error\": \"loading\", \"estimated_time\": 44.49}", "45" },
    { 503, NULL, "{\"estimated_time\": 20}", "20" },
    { 503, NULL, "{\"estimated_time\": 1e300}", "3600" },
    { 503, NULL, "{\"estimated_time\": -1}", NULL },
    { 503, NULL, "{\"estimated_time\": \"20\"}", NULL },
    { 503, NULL, "{\"error\": \"busy\"}", NULL },
    { 503, NULL, "busy", NULL },
    { 503, NULL, "", NULL },
    { 200, NULL, "{\"estimated_time\": 20}", NULL },
    { 429, "Fri, 27 Nov 2026 02:00:00 GMT", "", "Fri, 27 Nov 2026 02:00:00 GMT" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (cases[i].body, strlen (cases[i].body));
      g_autoptr (AssayReply) reply = assay_reply_new (cases[i].status, "", JSON, cases[i].header, bytes);
      g_autofree char *got = assay_reply_dup_retry_after (reply);

      g_assert_cmpstr (got, ==, cases[i].expected);
    }
}

/* However much is said, a person gets a sentence. */
static void
test_long_words (void)
{
  static const char *const openings[] = { "{\"message\":\"", "", "<html>", "<html><script>", "<html>&#", "Bearer ", "{\"error\":\"eyJ" };
  static const char *const endings[] = { "\"}", "", "", "", "", "", "\"}" };

  for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autoptr (GString) body = g_string_new (openings[i]);
      g_autoptr (AssayReply) reply = NULL;
      g_autoptr (GError) error = NULL;

      while (body->len < 4 * 1024 * 1024)
        g_string_append (body, "aaaa<aaaa&aaaa\u00e9");
      g_string_append (body, endings[i]);
      reply = new_reply (500, "", NULL, body->str);
      error = assay_protocol_error_from_reply (reply);
      g_assert_cmpint (g_utf8_strlen (error->message, -1), <, ASSAY_LIMIT_ERROR_CHARS + 200);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_binary_body (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("PK\3\4\0\0rubbish", 13);
  g_autoptr (AssayReply) reply = assay_reply_new (500, "Internal Server Error", "application/zip", "30", bytes);
  g_autoptr (GError) error = assay_protocol_error_from_reply (reply);

  g_assert_nonnull (strstr (error->message, "“Internal Server Error”"));
  g_assert_cmpstr (reply->retry_after, ==, "30");
}

static void
test_registry (void)
{
  guint n;
  const AssayProtocol *const *all = assay_protocol_get_all (&n);

  g_assert_cmpuint (n, >=, 1);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (assay_protocol_find (all[i]->id) == all[i]);
      g_assert_nonnull (all[i]->title);
      g_assert_nonnull (all[i]->classify);
      g_assert_nonnull (all[i]->read_classify);
    }
  g_assert_true (assay_protocol_find ("mlf") == all[0]);
  g_assert_null (assay_protocol_find ("carrier-pigeon"));
  g_assert_null (assay_protocol_find (NULL));
}

static void
test_request (void)
{
  g_autoptr (AssayRequest) request = assay_request_new ("GET", "https://h.example");
  AssayHeader *header;

  assay_request_add_header (request, "Accept", "application/json");
  g_assert_cmpstr (request->method, ==, "GET");
  g_assert_cmpuint (request->headers->len, ==, 1);
  header = g_ptr_array_index (request->headers, 0);
  g_assert_cmpstr (header->name, ==, "Accept");
  g_assert_cmpstr (header->value, ==, "application/json");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/protocol/code-of-each-status", test_codes);
  g_test_add_func ("/assay/protocol/words-of-a-service", test_words);
  g_test_add_func ("/assay/protocol/reason-comes-last", test_reason_last);
  g_test_add_func ("/assay/protocol/when-to-come-back", test_retry_after);
  g_test_add_func ("/assay/protocol/long-words", test_long_words);
  g_test_add_func ("/assay/protocol/binary-body", test_binary_body);
  g_test_add_func ("/assay/protocol/registry", test_registry);
  g_test_add_func ("/assay/protocol/request", test_request);
  return g_test_run ();
}
