/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A pasted service key: its values or a sentence that quotes no secret, and the
 * same values with other words around it.  The same bytes as an address that
 * somebody types: one form of it, or a reason. */

#include <string.h>

#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-service-key.h"
#include "fuzz.h"

#define MIN_SECRET 8            /* shorter is part of any sentence, and so are words */

static void
check_address (const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *again = assay_endpoint_normalize (address, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, address);
}

static void
check_key (const AssayServiceKey *key)
{
  check_address (key->url);
  check_address (key->token_url);
  if (key->models_url != NULL)
    check_address (key->models_url);
  g_assert_cmpuint (strlen (key->client_id), >, 0);
  g_assert_cmpuint (strlen (key->client_id), <=, ASSAY_LIMIT_SECRET_BYTES);
  g_assert_cmpuint (strlen (key->client_secret), >, 0);
  g_assert_cmpuint (strlen (key->client_secret), <=, ASSAY_LIMIT_SECRET_BYTES);
}

static void
check_same (const AssayServiceKey *key,
            const AssayServiceKey *other)
{
  g_assert_nonnull (other);
  g_assert_cmpstr (other->name, ==, key->name);
  g_assert_cmpstr (other->url, ==, key->url);
  g_assert_cmpstr (other->models_url, ==, key->models_url);
  g_assert_cmpstr (other->token_url, ==, key->token_url);
  g_assert_cmpstr (other->client_id, ==, key->client_id);
  g_assert_cmpstr (other->client_secret, ==, key->client_secret);
}

/* As "cf service-key" prints it, and bound to an app. */
static void
check_wrapped (const AssayServiceKey *key,
               const char *text)
{
  static const char *const wrappings[] = {
    "Getting key k for service instance i as someone...\n\n%s\n\nOK",
    "{\"credentials\":%s}",
    "{\"VCAP_SERVICES\":{\"foundation\":[{\"credentials\":%s}]}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrappings); i++)
    {
      g_auto (GStrv) halves = g_strsplit (wrappings[i], "%s", 2);
      g_autofree char *whole = g_strconcat (halves[0], text, halves[1], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayServiceKey) other = assay_service_key_read (whole, strlen (whole), &error);

      g_assert_no_error (error);
      check_same (key, other);
    }
}

static void
check_keeps_quiet (const char *text,
                   size_t size,
                   const GError *error)
{
  g_autoptr (JsonNode) root = assay_json_parse (text, size, NULL);
  const char *secret;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return;
  secret = assay_json_get_string (json_node_get_object (root), "clientsecret");
  if (secret != NULL && strlen (secret) >= MIN_SECRET && strpbrk (secret, "0123456789") != NULL)
    g_assert_null (strstr (error->message, secret));
}

static void
check_typed (const char *text)
{
  const char *const path[] = { "models", "a/b", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *address = assay_endpoint_normalize (text, &error);
  g_autofree char *longer = NULL;

  if (address == NULL)
    {
      fuzz_check_error (error);
      return;
    }
  fuzz_check_sentence (address);
  check_address (address);
  longer = assay_endpoint_append (address, path);
  g_assert_nonnull (longer);
  check_address (longer);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  const char *text = (const char *) data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayServiceKey) key = assay_service_key_read (text, size, &error);
  g_autofree char *copy = g_strndup (text, size);
  g_autoptr (JsonNode) root = NULL;

  check_typed (copy);
  if (key == NULL)
    {
      fuzz_check_error (error);
      g_assert_cmpint (error->code, ==, ASSAY_ERROR_USAGE);
      check_keeps_quiet (text, size, error);
      return 0;
    }
  g_assert_no_error (error);
  check_key (key);
  /* Only a bare key can be wrapped. */
  root = memchr (text, '\0', size) == NULL ? assay_json_parse (text, size, NULL) : NULL;
  if (root != NULL && copy[0] == '{'
      && assay_json_get_string (json_node_get_object (root), "clientid") != NULL)
    check_wrapped (key, copy);
  return 0;
}
