/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-limits.h"
#include "assay-serve-auth.h"

#define CLIENT "sb-9a93!b6427|foundation-std-mlftrial!b3410"
#define SECRET "abc+/=:d"

static char *
basic (const char *client,
       const char *secret)
{
  g_autofree char *pair = g_strconcat (client, ":", secret, NULL);
  g_autofree char *encoded = g_base64_encode ((const guchar *) pair, strlen (pair));

  return g_strconcat ("Basic ", encoded, NULL);
}

static gboolean
bears (AssayServeAuth *auth,
       const char *token,
       gint64 now)
{
  g_autofree char *header = g_strconcat ("Bearer ", token, NULL);

  return assay_serve_auth_check_bearer (auth, header, now);
}

static void
test_knows_its_client (void)
{
  g_autoptr (AssayServeAuth) auth = assay_serve_auth_new (CLIENT, SECRET);
  static const char *const wrong[][2] = {
    { CLIENT, "abc+/=:" }, { CLIENT, "abc+/=:dd" }, { CLIENT, "" }, { "", SECRET }, { "", "" },
    { CLIENT, "abc+/=:dabc+/=:d" }, { "SB-9a93!b6427|foundation-std-mlftrial!b3410", SECRET },
  };

  g_assert_true (assay_serve_auth_check_client (auth, CLIENT, SECRET));
  g_assert_false (assay_serve_auth_check_client (auth, CLIENT, NULL));
  g_assert_false (assay_serve_auth_check_client (auth, NULL, SECRET));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *header = basic (wrong[i][0], wrong[i][1]);

      g_assert_false (assay_serve_auth_check_client (auth, wrong[i][0], wrong[i][1]));
      g_assert_false (assay_serve_auth_check_basic (auth, header));
    }
}

static void
test_reads_basic_headers (void)
{
  g_autoptr (AssayServeAuth) auth = assay_serve_auth_new (CLIENT, SECRET);
  g_autofree char *header = basic (CLIENT, SECRET);
  g_autofree char *lower = g_strconcat ("basic   ", header + strlen ("Basic "), NULL);
  static const char *const wrong[] = {
    NULL, "", "Basic", "Basic ", "Basic !!!", "Basic YQ==", "Bearer x",
  };

  g_assert_true (assay_serve_auth_check_basic (auth, header));
  g_assert_true (assay_serve_auth_check_basic (auth, lower));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (assay_serve_auth_check_basic (auth, wrong[i]));
}

static void
test_ends_tokens (void)
{
  g_autoptr (AssayServeAuth) auth = assay_serve_auth_new (CLIENT, SECRET);
  gint64 now = 1000;
  gint64 end = now + ASSAY_TOKEN_SECONDS * G_USEC_PER_SEC;
  g_autofree char *first = assay_serve_auth_make_token (auth, now);
  g_autofree char *second = assay_serve_auth_make_token (auth, now + 1);
  g_autofree char *cut = g_strndup (first, strlen (first) - 1);

  g_assert_cmpuint (strlen (first), ==, 43);
  g_assert_cmpstr (first, !=, second);
  g_assert_true (bears (auth, first, now));
  g_assert_true (bears (auth, second, now));
  g_assert_false (bears (auth, cut, now));
  g_assert_false (bears (auth, "", now));
  g_assert_true (bears (auth, first, end - 1));
  g_assert_false (bears (auth, first, end));
  g_assert_true (bears (auth, second, end));
}

static void
test_bounds_tokens (void)
{
  g_autoptr (AssayServeAuth) auth = assay_serve_auth_new (CLIENT, SECRET);
  g_autofree char *first = assay_serve_auth_make_token (auth, 0);
  g_autofree char *second = assay_serve_auth_make_token (auth, 0);

  for (guint i = 2; i < ASSAY_LIMIT_TOKENS; i++)
    g_free (assay_serve_auth_make_token (auth, 0));
  g_assert_true (bears (auth, first, 0));
  g_free (assay_serve_auth_make_token (auth, 0));
  g_assert_false (bears (auth, first, 0));
  g_assert_true (bears (auth, second, 0));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/serve-auth/knows-its-client", test_knows_its_client);
  g_test_add_func ("/assay/serve-auth/reads-basic-headers", test_reads_basic_headers);
  g_test_add_func ("/assay/serve-auth/ends-tokens", test_ends_tokens);
  g_test_add_func ("/assay/serve-auth/bounds-tokens", test_bounds_tokens);
  return g_test_run ();
}
