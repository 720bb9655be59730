/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-service-key.h"

#define ID "sb-9a93abc8!b6427|foundation-std-mlftrial!b3410"
#define SECRET "abc+/="
#define CLIENT "\"clientid\":\"" ID "\",\"clientsecret\":\"abc+/=\",\"identityzone\":\"p19trial\"," \
  "\"url\":\"https://p19trial.authentication.example.com\""
#define URLS(classify) "\"serviceurls\":{\"" classify "\":" \
  "\"https://c.example.com/api/v2/image/classification\"," \
  "\"IMAGE_RETRAIN_API_URL\":\"https://r.example.com/api/v2/image/retraining\"," \
  "\"DEPLOYMENT_API_URL\":\"https://d.example.com\"}"
#define KEY "{" CLIENT "," URLS ("IMAGE_CLASSIFICATION_URL") "}"

static void
check_read (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AssayServiceKey) key = assay_service_key_read (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (key->protocol, ==, "mlf");
  g_assert_cmpstr (key->client_id, ==, ID);
  g_assert_cmpstr (key->client_secret, ==, SECRET);
  g_assert_cmpstr (key->name, ==, "p19trial");
  g_assert_cmpstr (key->url, ==, "https://c.example.com/api/v2/image/classification");
  g_assert_cmpstr (key->models_url, ==, "https://r.example.com/api/v2/image/retraining");
  g_assert_cmpstr (key->token_url, ==, "https://p19trial.authentication.example.com/oauth/token");
}

static void
test_wrappings (void)
{
  check_read (KEY);
  check_read ("\xef\xbb\xbf  \n" KEY "\n");
  check_read ("Getting key lab for service instance ml as me@example.com...\n\n" KEY "\nOK\n");
  check_read ("{\"credentials\":" KEY "}");
  check_read ("{\"ml-foundation\":[{\"name\":\"ml\",\"plan\":\"std\",\"credentials\":" KEY "}]}");
  check_read ("System-Provided:\n{\"VCAP_SERVICES\":{\"ml-foundation\":[{\"credentials\":" KEY
              "}]}}");
  /* Another service is bound first, with a client of its own. */
  check_read ("{\"xsuaa\":[{\"credentials\":{\"clientid\":\"x\",\"clientsecret\":\"y\","
              "\"url\":\"https://x.example.com\"}}],\"ml-foundation\":[{\"credentials\":" KEY "}]}");
}

static void
test_older_name (void)
{
  check_read ("{" CLIENT "," URLS ("IMAGE_CLASSIFIER_URL") "}");
}

static void
test_addresses_without_path (void)
{
  static const char text[] = "{\"clientid\":\"a\",\"clientsecret\":\"b\","
    "\"url\":\"https://u.example.com/oauth/token\",\"serviceurls\":{"
    "\"IMAGE_CLASSIFICATION_URL\":\"https://c.example.com/\"}}";
  g_autoptr(GError) error = NULL;
  g_autoptr(AssayServiceKey) key = assay_service_key_read (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (key->url, ==, "https://c.example.com/api/v2/image/classification");
  g_assert_cmpstr (key->token_url, ==, "https://u.example.com/oauth/token");
  g_assert_null (key->models_url);
  g_assert_null (key->name);
}

#define AI_CORE(url) "{" CLIENT ",\"identityzoneid\":\"a6\",\"appname\":\"b\"," \
  "\"serviceurls\":{\"AI_API_URL\":\"" url "\"}}"

static void
check_ai_core (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AssayServiceKey) key = assay_service_key_read (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (key->protocol, ==, "kserve-v1");
  g_assert_cmpstr (key->client_id, ==, ID);
  g_assert_cmpstr (key->client_secret, ==, SECRET);
  g_assert_cmpstr (key->name, ==, "p19trial");
  g_assert_cmpstr (key->url, ==, "https://api.ai.example.com");
  g_assert_cmpstr (key->models_url, ==, "https://api.ai.example.com/v2/lm");
  g_assert_cmpstr (key->token_url, ==, "https://p19trial.authentication.example.com/oauth/token");
}

static void
test_ai_core (void)
{
  check_ai_core (AI_CORE ("https://api.ai.example.com"));
  check_ai_core (AI_CORE ("https://api.ai.example.com/"));
  check_ai_core (AI_CORE ("https://api.ai.example.com/v2"));
  check_ai_core ("{\"aicore\":[{\"credentials\":" AI_CORE ("https://api.ai.example.com") "}]}");
  check_ai_core ("{\"xsuaa\":[{\"credentials\":{\"clientid\":\"x\",\"clientsecret\":\"y\","
                 "\"url\":\"https://x.example.com\"}}],\"aicore\":[{\"credentials\":"
                 AI_CORE ("https://api.ai.example.com") "}]}");
}

/* Signing in by a certificate is another way, which is named. */
static void
test_certificate (void)
{
  static const char text[] = "{\"clientid\":\"a\",\"certificate\":\"-----BEGIN hush\","
    "\"key\":\"hush\",\"certurl\":\"https://x.authentication.cert.example.com\","
    "\"serviceurls\":{\"AI_API_URL\":\"https://api.ai.example.com\"}}";
  g_autoptr(GError) error = NULL;

  g_assert_null (assay_service_key_read (text, strlen (text), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "client secret"));
  g_assert_null (strstr (error->message, "hush"));
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "", "{", "}{", "hush", "{}", "[]", "{\"hush\": 1}", "{\"clientsecret\":\"hush\"}",
    "{\"clientid\":\"a\",\"clientsecret\":\"hush\"}",
    "{\"clientid\":\"a\",\"clientsecret\":\"hush\",\"url\":\"https://u.example.com\"}",
    "{\"clientid\":\"a\",\"clientsecret\":\"hush\",\"url\":\"ftp://u\",\"serviceurls\":"
    "{\"IMAGE_CLASSIFICATION_URL\":\"https://c\"}}",
    "{\"clientid\":7,\"clientsecret\":\"hush\",\"url\":\"https://u.example.com\",\"serviceurls\":"
    "{\"IMAGE_CLASSIFICATION_URL\":\"https://c\"}}",
    "{\"clientid\":\"a\",\"clientsecret\":\"hush\",\"url\":\"https://u.example.com\","
    "\"serviceurls\":{\"IMAGE_CLASSIFICATION_URL\":\"javascript:1\"}}",
    "{\"clientid\":\"a\",\"clientsecret\":\"hush\",\"url\":\"https://u.example.com\","
    "\"serviceurls\":{\"AI_API_URL\":\"javascript:1\"}}",
    "{\"clientid\":\"a\",\"clientsecret\":\"hush\",\"url\":\"https://u.example.com\","
    "\"serviceurls\":{\"AI_API_URL\":\"\"}}",
    "{\"clientid\":\"a\",\"clientsecret\":\"hush\" oops}",
    "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":" KEY "}}}}}}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(AssayServiceKey) key = assay_service_key_read (texts[i], strlen (texts[i]), &error);

      if (key != NULL)
        g_error ("“%s” was taken", texts[i]);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      g_assert_null (strstr (error->message, "hush"));
    }
}

/* An address is kept where everybody reads it, and quoted when it is wrong. */
static void
test_secret_in_an_address (void)
{
  static const char *const places[][3] = {
    { "x://hush1234", "https://c", "url" },
    { "https://u/hush1234", "https://c", "url" },
    { "https://u", "hush1234", "IMAGE_CLASSIFICATION_URL" },
    { "https://u", "https://c/?key=hush1234", "IMAGE_CLASSIFICATION_URL" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *text = g_strdup_printf (
        "{\"clientid\":\"a\",\"clientsecret\":\"hush1234\",\"url\":\"%s\","
        "\"serviceurls\":{\"IMAGE_CLASSIFICATION_URL\":\"%s\"}}", places[i][0], places[i][1]);
      g_autoptr(GError) error = NULL;

      g_assert_null (assay_service_key_read (text, strlen (text), &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      g_assert_null (strstr (error->message, "hush1234"));
      g_assert_nonnull (strstr (error->message, places[i][2]));
    }
}

/* Every beginning of a key, as a hand that slipped copies it. */
static void
test_cut_off (void)
{
  for (gsize length = 0; length < strlen (KEY); length++)
    {
      g_autofree char *text = g_memdup2 (KEY, MAX (length, 1));
      g_autoptr(GError) error = NULL;

      g_assert_null (assay_service_key_read (text, length, &error));
      g_assert_nonnull (error);
      g_assert_null (strstr (error->message, SECRET));
    }
}

static void
test_too_long (void)
{
  g_autofree char *blanks = g_strnfill (ASSAY_LIMIT_SERVICE_KEY_BYTES, ' ');
  g_autofree char *text = g_strconcat (blanks, KEY, NULL);

  g_assert_null (assay_service_key_read (text, strlen (text), NULL));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/service-key/wrappings", test_wrappings);
  g_test_add_func ("/assay/service-key/older-name", test_older_name);
  g_test_add_func ("/assay/service-key/addresses-without-path", test_addresses_without_path);
  g_test_add_func ("/assay/service-key/ai-core", test_ai_core);
  g_test_add_func ("/assay/service-key/certificate", test_certificate);
  g_test_add_func ("/assay/service-key/refused", test_refused);
  g_test_add_func ("/assay/service-key/secret-in-an-address", test_secret_in_an_address);
  g_test_add_func ("/assay/service-key/cut-off", test_cut_off);
  g_test_add_func ("/assay/service-key/too-long", test_too_long);
  return g_test_run ();
}
