/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"

/* Bytes with their number, so that they may hold NUL. */
#define TEXT(literal) literal, sizeof (literal) - 1

/* For the log, in which a line that is not ours would be read as TAP. */
static void
say (const char *text)
{
  g_autofree char *escaped = g_strescape (text != NULL ? text : "", NULL);

  g_test_message ("%s", escaped);
}

typedef struct {
  const char *data;
  gsize length;
  const char *place;         /* expected in the sentence; NULL if it must be read */
} Document;

static const Document documents[] = {
  { TEXT ("{}"), NULL },
  { TEXT ("[]"), NULL },
  { TEXT (" \t\r\n[ 1 , 2 ] \n"), NULL },
  { TEXT ("{\"a\":{\"b\":[true,false,null,-1.5e-3,\"x\"]},\"c\":[[],{}]}"), NULL },
  { TEXT ("0"), NULL },
  { TEXT ("\"text\""), NULL },
  { TEXT ("null"), NULL },
  { TEXT ("\xEF\xBB\xBF{\"a\":1}"), NULL },
  { TEXT ("[\"\\ud83c\\udf39\", \"\\/\\b\\f\\n\\r\\t\\\"\\\\\", \"\\u00e9\"]"), NULL },
  { TEXT ("[\"\xF0\x9F\x8C\xB9\x7F\"]"), NULL },
  { TEXT ("[0,-0,0.0,-0.0,1e5,1E+5,1e-5,12.5,-9223372036854775808,9223372036854775807]"), NULL },
  { TEXT ("{\"a\":1,\"a\":2}"), NULL },
  { TEXT ("{\"\":1}"), NULL },

  { TEXT (""), "empty" },
  { TEXT (" "), "byte 2" },
  { TEXT ("\xEF\xBB\xBF"), "empty" },
  { TEXT ("\xEF\xBB\xBF\xEF\xBB\xBF{}"), "byte 1" },
  { TEXT ("{"), "byte 2" },
  { TEXT ("["), "byte 2" },
  { TEXT ("[1"), "byte 3" },
  { TEXT ("[1,"), "byte 4" },
  { TEXT ("[1,]"), "byte 4" },
  { TEXT ("[,1]"), "byte 2" },
  { TEXT ("[1 2]"), "byte 4" },
  { TEXT ("[1}"), "byte 3" },
  { TEXT ("{\"a\":1]"), "byte 7" },
  { TEXT ("{\"a\":1,}"), "byte 8" },
  { TEXT ("{\"a\" 1}"), "byte 6" },
  { TEXT ("{\"a\"}"), "byte 5" },
  { TEXT ("{a:1}"), "byte 2" },
  { TEXT ("{1:1}"), "byte 2" },
  { TEXT ("[1] [2]"), "byte 5" },
  { TEXT ("[1]x"), "byte 4" },
  { TEXT ("{\n\"a\": 1,\n \"b\": x}"), "line 3, byte 7" },
  /* what json-glib would take */
  { TEXT ("/* c */[1]"), "byte 1" },
  { TEXT ("[1]//c"), "byte 4" },
  { TEXT ("#c\n[1]"), "byte 1" },
  { TEXT ("var x = [1];"), "byte 1" },
  { TEXT ("['a']"), "byte 2" },
  { TEXT ("[0x10]"), "byte 3" },
  { TEXT ("[01]"), "byte 3" },
  { TEXT ("[.5]"), "byte 2" },
  { TEXT ("[5.]"), "byte 4" },
  { TEXT ("[1e]"), "byte 4" },
  { TEXT ("[1e+]"), "byte 5" },
  { TEXT ("[+1]"), "byte 2" },
  { TEXT ("[-]"), "byte 3" },
  { TEXT ("[- 1]"), "byte 3" },
  { TEXT ("[--1]"), "byte 3" },
  { TEXT ("[NaN]"), "byte 2" },
  { TEXT ("[Infinity]"), "byte 2" },
  { TEXT ("[-Infinity]"), "byte 3" },
  { TEXT ("[TRUE]"), "byte 2" },
  { TEXT ("[tru]"), "byte 2" },
  { TEXT ("[truee]"), "byte 6" },
  { TEXT ("[\"a\nb\"]"), "control character" },
  { TEXT ("[\"a\tb\"]"), "control character" },
  { TEXT ("[\"\\q\"]"), "escape" },
  { TEXT ("[\"\\"), "escape" },
  { TEXT ("[\"\\u12"), "cut off" },
  { TEXT ("[\"\\u12G4\"]"), "hexadecimal" },
  { TEXT ("[\"a"), "closing quote" },
  { TEXT ("[\"\\u0000\"]"), "null character" },
  { TEXT ("[\"\\ud800\"]"), "half a character" },
  { TEXT ("[\"\\ud800x\"]"), "half a character" },
  { TEXT ("[\"\\ud800\\n\"]"), "half a character" },
  { TEXT ("[\"\\ud800\\u0041\"]"), "half a character" },
  { TEXT ("[\"\\ud800\\ud800\"]"), "half a character" },
  { TEXT ("[\"\\udc00\"]"), "half a character" },
  { TEXT ("[\"\\udc00\\ud800\"]"), "half a character" },
  /* what is no UTF-8 */
  { TEXT ("[\"\xff\"]"), "UTF-8" },
  { TEXT ("[\"\xed\xa0\x80\"]"), "UTF-8" },
  { TEXT ("[\"\xc0\x80\"]"), "UTF-8" },
  { TEXT ("[\"\xf4\x90\x80\x80\"]"), "UTF-8" },
  { TEXT ("[\"\xe2\x82"), "UTF-8" },
  { TEXT ("[\"caf\xe9\"]"), "byte 6: the text is not UTF-8" },
  { TEXT ("[1]\0"), "byte 4: the text is not UTF-8" },
  { TEXT ("[\"a\0b\"]"), "byte 4" },
  { TEXT ("\xff\xfe[\0]\0"), "UTF-8" },
  { TEXT ("\xfe\xff\0[\0]"), "UTF-8" },
  { TEXT ("[\0]\0"), "UTF-8" },
};

/* A copy of exactly the length given, so that reading behind the end is found. */
static JsonNode *
parse_exact (const char *data,
             gsize length,
             GError **error)
{
  g_autofree char *copy = g_memdup2 (data, length);

  return assay_json_parse (copy != NULL ? copy : "", length, error);
}

static void
test_documents (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      const Document *document = &documents[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = parse_exact (document->data, document->length, &error);

      say (document->data);
      if (document->place == NULL)
        {
          g_assert_no_error (error);
          g_assert_nonnull (root);
          continue;
        }
      g_assert_null (root);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
      say (error->message);
      g_assert_nonnull (strstr (error->message, document->place));
    }
}

/* Every prefix of a document is refused, every single wrong byte survived. */
static void
test_cut_and_bent (void)
{
  static const char whole[] =
    "{\"id\":\"\\ud83c\\udf39\",\"predictions\":[{\"name\":\"a.jpg\",\"results\":[{\"label\":\"r\xC3\xB6se\","
    "\"score\":-1.25e-3},{\"label\":\"\",\"score\":12345678901234567890}]}],\"x\":[true,false,null]}";
  gsize length = sizeof whole - 1;

  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_exact (whole, cut, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
    }
  for (gsize at = 0; at < length; at++)
    for (int byte = 0; byte < 256; byte++)
      {
        g_autofree char *bent = g_memdup2 (whole, length);
        g_autoptr (GError) error = NULL;
        g_autoptr (JsonNode) root = NULL;

        bent[at] = (char) byte;
        root = assay_json_parse (bent, length, &error);
        g_assert_true ((root == NULL) == (error != NULL));
      }
}

static char *
repeat (const char *open,
        gsize n,
        const char *middle,
        const char *close)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append (out, open);
  g_string_append (out, middle);
  for (gsize i = 0; i < n; i++)
    g_string_append (out, close);
  return g_string_free (out, FALSE);
}

static void
check_bound (char *text,
             const char *fault)
{
  g_autofree char *owned = text;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = assay_json_parse (owned, strlen (owned), &error);

  if (fault == NULL)
    {
      g_assert_no_error (error);
      g_assert_nonnull (root);
      return;
    }
  g_assert_null (root);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
  g_assert_nonnull (strstr (error->message, fault));
}

static void
test_depth (void)
{
  check_bound (repeat ("[", ASSAY_LIMIT_JSON_DEPTH, "", "]"), NULL);
  check_bound (repeat ("[", ASSAY_LIMIT_JSON_DEPTH + 1, "", "]"), "nested too deeply");
  check_bound (repeat ("{\"a\":", ASSAY_LIMIT_JSON_DEPTH, "1", "}"), NULL);
  check_bound (repeat ("{\"a\":", ASSAY_LIMIT_JSON_DEPTH + 1, "1", "}"), "nested too deeply");
  check_bound (repeat ("[{\"a\":", ASSAY_LIMIT_JSON_DEPTH / 2, "[]", "}]"), "nested too deeply");
  check_bound (repeat ("[", 100000, "", "]"), "nested too deeply");
  check_bound (repeat ("[", 100000, "", ""), "nested too deeply");
  check_bound (repeat ("{\"a\":", 100000, "1", "}"), "nested too deeply");
  /* brackets in texts are none */
  check_bound (repeat ("", 1, "[\"[[[[{{{{\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]", ""), NULL);
  /* what is closed does not count */
  check_bound (repeat ("", 1, "[[[]],[[]],[[]]]", ""), NULL);
}

static char *
list_of (gsize n,
         const char *value)
{
  GString *out = g_string_new ("[");

  for (gsize i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      g_string_append (out, value);
    }
  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

static char *
object_of (gsize n)
{
  GString *out = g_string_new ("{");

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (out, "%s\"%zu\":0", i > 0 ? "," : "", i);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static void
test_counts (void)
{
  g_autofree char *full = object_of (ASSAY_LIMIT_JSON_OBJECT);
  g_autofree char *few = object_of (3);

  check_bound (list_of (ASSAY_LIMIT_JSON_MEMBERS - 1, "1"), NULL);
  check_bound (list_of (ASSAY_LIMIT_JSON_MEMBERS, "1"), "too many values");
  check_bound (list_of (ASSAY_LIMIT_JSON_MEMBERS, "[]"), "too many values");
  check_bound (object_of (ASSAY_LIMIT_JSON_OBJECT), NULL);
  check_bound (object_of (ASSAY_LIMIT_JSON_OBJECT + 1), "too many members");
  /* each object has a count of its own */
  check_bound (g_strdup_printf ("[%s,%s]", full, few), NULL);
}

static void
test_size (void)
{
  gsize length = 50u * 1000 * 1000;
  g_autofree char *text = g_malloc (length);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;

  memset (text, ' ', length);
  memcpy (text, "[1]", 3);
  g_assert_null (assay_json_parse (text, length, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (assay_json_parse (text, ASSAY_LIMIT_ANSWER_BYTES + 1, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
  g_clear_error (&error);
  root = assay_json_parse (text, ASSAY_LIMIT_ANSWER_BYTES, &error);
  g_assert_no_error (error);
  g_assert_nonnull (root);
}

typedef struct {
  const char *text;
  double value;              /* not finite: refused */
} Number;

static const Number numbers[] = {
  { "0.9573449492454529", 0.9573449492454529 },
  { "0.95734494924545291", 0.95734494924545291 },
  { "0.8598214387893677", 0.8598214387893677 },
  { "5.775335765179079e-8", 5.775335765179079e-8 },
  { "-5.775335765179079E-08", -5.775335765179079e-8 },
  { "0.1", 0.1 },
  { "0.30000000000000004", 0.30000000000000004 },
  { "0.1000000000000000055511151231257827021181583404541015625", 0.1 },
  { "2.2250738585072011e-308", 2.2250738585072011e-308 },
  { "2.2250738585072014e-308", 2.2250738585072014e-308 },
  { "4.9406564584124654e-324", 4.9406564584124654e-324 },
  { "1.7976931348623157e308", 1.7976931348623157e308 },
  { "1e-400", 0 },
  { "1", 1 },
  { "9007199254740993", 9007199254740992 },
  { "9223372036854775807", 9223372036854775807.0 },
  { "9223372036854775808", 9223372036854775808.0 },
  { "-9223372036854775808", -9223372036854775808.0 },
  { "-9223372036854775809", -9223372036854775808.0 },
  { "18446744073709551616", 18446744073709551616.0 },
  { "100000000000000000000000000000000000000000000", 1e44 },
  { "-100000000000000000000000000000000000000000000", -1e44 },
  { "1e999", INFINITY },
  { "-1e999", INFINITY },
  { "1.8e308", INFINITY },
  { "\"0.5\"", INFINITY },
  { "null", INFINITY },
  { "true", INFINITY },
  { "[1]", INFINITY },
  { "{}", INFINITY },
};

static void
test_numbers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = g_strdup_printf ("[%s, %s]", numbers[i].text, numbers[i].text);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = assay_json_parse (text, strlen (text), &error);

      g_assert_no_error (error);
      for (guint at = 0; at < 2; at++)
        {
          JsonNode *node = json_array_get_element (json_node_get_array (root), at);
          double value = -1;
          gboolean finite = assay_json_get_double (node, &value);

          say (numbers[i].text);
          g_assert_cmpint (finite, ==, isfinite (numbers[i].value));
          if (finite)
            g_assert_true (memcmp (&value, &numbers[i].value, sizeof value) == 0);
        }
    }
  g_assert_false (assay_json_get_double (NULL, &(double) { 0 }));
}

static void
test_minus_zero (void)
{
  g_autoptr (JsonNode) root = assay_json_parse ("[-0,-0.0]", 9, NULL);

  for (guint i = 0; i < 2; i++)
    {
      double value = 1;

      g_assert_true (assay_json_get_double (json_array_get_element (json_node_get_array (root), i), &value));
      g_assert_true (value == 0 && signbit (value));
    }
}

/* A number of millions of digits takes no more than its length. */
static void
test_long_numbers (void)
{
  g_autofree char *digits = g_malloc (4u * 1000 * 1000 + 1);

  memset (digits, '7', 4000000);
  digits[4000000] = '\0';
  check_bound (g_strdup_printf ("[0.%s]", digits), NULL);
  check_bound (g_strdup_printf ("[%s]", digits), NULL);
}

static void
test_round_trip (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20180927);

  for (int i = 0; i < 20000; i++)
    {
      union { guint64 bits; double value; } number;
      g_autoptr (GString) text = g_string_new ("[");
      g_autoptr (JsonNode) root = NULL;
      g_autoptr (GError) error = NULL;
      double back = 0;

      number.bits = (guint64) g_rand_int (random) << 32 | g_rand_int (random);
      if (i % 2 == 0)
        number.value = g_rand_double (random);
      if (!isfinite (number.value))
        continue;
      assay_json_append_double (text, number.value);
      g_string_append_c (text, ']');
      root = assay_json_parse (text->str, text->len, &error);
      g_assert_no_error (error);
      g_assert_true (assay_json_get_double (json_array_get_element (json_node_get_array (root), 0), &back));
      g_assert_true (memcmp (&back, &number.value, sizeof back) == 0);
    }
}

typedef struct {
  double value;
  const char *text;
} Written;

static const Written written[] = {
  { 0.1, "0.1" }, { 0.9573449492454529, "0.9573449492454529" }, { 1, "1.0" }, { 0, "0.0" }, { -0.0, "-0.0" },
  { 5.775335765179079e-8, "5.775335765179079e-08" }, { 0.30000000000000004, "0.30000000000000004" },
  { 1e22, "1e+22" }, { 5e-324, "4.94065645841247e-324" }, { NAN, "null" }, { INFINITY, "null" },
};

static void
test_writes_doubles (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (written); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      assay_json_append_double (out, written[i].value);
      g_assert_cmpstr (out->str, ==, written[i].text);
    }
}

typedef struct {
  const char *text;
  const char *json;
} Quoted;

static const Quoted quoted[] = {
  { NULL, "null" },
  { "", "\"\"" },
  { "r\u00f6se \U0001F339", "\"r\u00f6se \U0001F339\"" },
  { "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
  { "\n\r\t\b\x1b\x7f", "\"\\n\\r\\t\\u0008\\u001b\\u007f\"" },
  { "\xC2\x85\u2028\u2029", "\"\\u0085\\u2028\\u2029\"" },
  { "gpj.\u202egnp\ufeff", "\"gpj.\\u202egnp\\ufeff\"" },
  { "\U000e0041\u2066", "\"\\udb40\\udc41\\u2066\"" },
  { "\xff", "\"\uFFFD\"" },
  { "\xed\xa0\x80", "\"\uFFFD\uFFFD\uFFFD\"" },
  { "a\xe2\x82", "\"a\uFFFD\uFFFD\"" },
};

static void
test_writes_strings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (quoted); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      assay_json_append_string (out, quoted[i].text);
      g_assert_cmpstr (out->str, ==, quoted[i].json);
    }
}

/* A getter asked for what is not there says so, and does not complain aloud. */
static void
test_getters (void)
{
  static const char text[] = "{\"object\":{},\"array\":[],\"string\":\"s\",\"number\":1,\"real\":1.5,\"null\":null,\"bool\":true}";
  static const char *const names[] = { "object", "array", "string", "number", "real", "null", "bool", "absent" };
  g_autoptr (JsonNode) root = assay_json_parse (text, strlen (text), NULL);
  JsonObject *object = json_node_get_object (root);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      double value;
      gboolean number = assay_json_get_double (json_object_get_member (object, names[i]), &value);

      g_assert_cmpint (assay_json_get_object (object, names[i]) != NULL, ==, i == 0);
      g_assert_cmpint (assay_json_get_array (object, names[i]) != NULL, ==, i == 1);
      g_assert_cmpint (assay_json_get_string (object, names[i]) != NULL, ==, i == 2);
      g_assert_cmpint (number, ==, i == 3 || i == 4);
      g_assert_null (assay_json_get_object (NULL, names[i]));
      g_assert_null (assay_json_get_array (NULL, names[i]));
      g_assert_null (assay_json_get_string (NULL, names[i]));
    }
}

static void
test_last_name_counts (void)
{
  g_autoptr (JsonNode) root = assay_json_parse ("{\"a\":\"first\",\"a\":\"last\"}", 24, NULL);

  g_assert_cmpstr (assay_json_get_string (json_node_get_object (root), "a"), ==, "last");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/json/reads-or-names-the-place", test_documents);
  g_test_add_func ("/assay/json/cut-and-bent", test_cut_and_bent);
  g_test_add_func ("/assay/json/depth", test_depth);
  g_test_add_func ("/assay/json/counts", test_counts);
  g_test_add_func ("/assay/json/size", test_size);
  g_test_add_func ("/assay/json/numbers-as-sent", test_numbers);
  g_test_add_func ("/assay/json/minus-zero", test_minus_zero);
  g_test_add_func ("/assay/json/long-numbers", test_long_numbers);
  g_test_add_func ("/assay/json/round-trip", test_round_trip);
  g_test_add_func ("/assay/json/writes-doubles", test_writes_doubles);
  g_test_add_func ("/assay/json/writes-strings", test_writes_strings);
  g_test_add_func ("/assay/json/getters", test_getters);
  g_test_add_func ("/assay/json/last-name-counts", test_last_name_counts);
  return g_test_run ();
}
