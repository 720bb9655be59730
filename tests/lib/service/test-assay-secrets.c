/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs with a real keyring (ASSAY_TEST_KEYRING) or without any session bus; which
 * of them is said by tests/lib/service/meson.build. */

#include <string.h>

#include "assay-secret.h"
#include "assay-secrets.h"

#define WAIT_SECONDS 60
#define SECRET "hush+/=€ “quoted”"

typedef struct {
  gboolean done;
  gboolean succeeded;
  char *secret;
  AssaySecretsPlace place;
  GError *error;
} Asked;

static void
asked_clear (Asked *self)
{
  g_clear_pointer (&self->secret, assay_secret_free);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asked, asked_clear)

static gboolean
out_of_time_cb (gpointer user_data)
{
  g_error ("Nothing happened for %d seconds", WAIT_SECONDS);
  return G_SOURCE_REMOVE;
}

static void
wait_for (gboolean *what)
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);

  while (!*what)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (bound);
}

static void
stored_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  Asked *asked = user_data;

  asked->succeeded = assay_secrets_store_finish (ASSAY_SECRETS (source), result, &asked->place,
                                                 &asked->error);
  asked->done = TRUE;
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  Asked *asked = user_data;

  asked->succeeded = assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, &asked->secret,
                                                  &asked->place, &asked->error);
  asked->done = TRUE;
}

static void
cleared_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  Asked *asked = user_data;

  asked->succeeded = assay_secrets_clear_finish (ASSAY_SECRETS (source), result, &asked->error);
  asked->done = TRUE;
}

static void
store (AssaySecrets *secrets,
       const char *connection,
       AssaySecretRole role,
       const char *secret,
       AssaySecretsPlace place)
{
  g_auto(Asked) asked = { 0 };

  assay_secrets_store_async (secrets, connection, role, "Lab", secret, NULL, stored_cb, &asked);
  wait_for (&asked.done);
  g_assert_no_error (asked.error);
  g_assert_true (asked.succeeded);
  g_assert_cmpint (asked.place, ==, place);
  g_assert_cmpint (assay_secrets_get_place (secrets), ==, place);
}

static void
check_kept (AssaySecrets *secrets,
            const char *connection,
            AssaySecretRole role,
            const char *secret,
            AssaySecretsPlace place)
{
  g_auto(Asked) asked = { 0 };

  assay_secrets_lookup_async (secrets, connection, role, NULL, found_cb, &asked);
  wait_for (&asked.done);
  g_assert_no_error (asked.error);
  g_assert_cmpstr (asked.secret, ==, secret);
  g_assert_cmpint (asked.place, ==, place);
}

static void
clear (AssaySecrets *secrets,
       const char *connection)
{
  g_auto(Asked) asked = { 0 };

  assay_secrets_clear_async (secrets, connection, NULL, cleared_cb, &asked);
  wait_for (&asked.done);
  g_assert_no_error (asked.error);
  g_assert_true (asked.succeeded);
}

/* What both places have in common. */
static void
check_keeping (AssaySecretsPlace place)
{
  g_autoptr(AssaySecrets) secrets = assay_secrets_new ();

  g_assert_cmpint (assay_secrets_get_place (secrets), ==, ASSAY_SECRETS_NOWHERE);
  check_kept (secrets, "a", ASSAY_SECRET_TOKEN, NULL, ASSAY_SECRETS_NOWHERE);
  store (secrets, "a", ASSAY_SECRET_TOKEN, "first", place);
  store (secrets, "a", ASSAY_SECRET_TOKEN, SECRET, place);
  store (secrets, "a", ASSAY_SECRET_CLIENT, "another", place);
  store (secrets, "b", ASSAY_SECRET_TOKEN, "a stranger's", place);
  check_kept (secrets, "a", ASSAY_SECRET_TOKEN, SECRET, place);
  check_kept (secrets, "a", ASSAY_SECRET_CLIENT, "another", place);
  check_kept (secrets, "a", ASSAY_SECRET_API_KEY, NULL, ASSAY_SECRETS_NOWHERE);

  clear (secrets, "a");
  check_kept (secrets, "a", ASSAY_SECRET_TOKEN, NULL, ASSAY_SECRETS_NOWHERE);
  check_kept (secrets, "a", ASSAY_SECRET_CLIENT, NULL, ASSAY_SECRETS_NOWHERE);
  check_kept (secrets, "b", ASSAY_SECRET_TOKEN, "a stranger's", place);
  clear (secrets, "b");
  clear (secrets, "b");
}

/* A store, a clear and a lookup that nobody waited between. */
static void
check_order (AssaySecretsPlace place)
{
  g_autoptr(AssaySecrets) secrets = assay_secrets_new ();
  g_auto(Asked) stored = { 0 };
  g_auto(Asked) cleared = { 0 };
  g_auto(Asked) found = { 0 };

  assay_secrets_store_async (secrets, "o", ASSAY_SECRET_TOKEN, "Lab", SECRET, NULL, stored_cb,
                             &stored);
  assay_secrets_clear_async (secrets, "o", NULL, cleared_cb, &cleared);
  assay_secrets_lookup_async (secrets, "o", ASSAY_SECRET_TOKEN, NULL, found_cb, &found);
  wait_for (&found.done);
  g_assert_true (stored.done && stored.succeeded && stored.place == place);
  g_assert_true (cleared.done && cleared.succeeded);
  g_assert_null (found.secret);
}

static void
check_canceled (void)
{
  g_autoptr(AssaySecrets) secrets = assay_secrets_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Asked) stored = { 0 };

  assay_secrets_store_async (secrets, "c", ASSAY_SECRET_TOKEN, "Lab", SECRET, cancellable, stored_cb,
                             &stored);
  g_cancellable_cancel (cancellable);
  wait_for (&stored.done);
  g_assert_error (stored.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  check_kept (secrets, "c", ASSAY_SECRET_API_KEY, NULL, ASSAY_SECRETS_NOWHERE);
  clear (secrets, "c");
}

static void
test_keyring_keeps (void)
{
  check_keeping (ASSAY_SECRETS_KEYRING);
}

static void
test_keyring_in_order (void)
{
  check_order (ASSAY_SECRETS_KEYRING);
}

static void
test_keyring_canceled (void)
{
  check_canceled ();
}

/* What one has stored another finds, and can forget. */
static void
test_keyring_outlives (void)
{
  g_autoptr(AssaySecrets) first = assay_secrets_new ();
  g_autoptr(AssaySecrets) second = assay_secrets_new ();

  store (first, "d", ASSAY_SECRET_API_KEY, SECRET, ASSAY_SECRETS_KEYRING);
  check_kept (second, "d", ASSAY_SECRET_API_KEY, SECRET, ASSAY_SECRETS_KEYRING);
  g_assert_null (assay_secrets_get_reason (second));
  clear (second, "d");
  check_kept (first, "d", ASSAY_SECRET_API_KEY, NULL, ASSAY_SECRETS_NOWHERE);
}

/* As another program does it. */
static void
lock_keyring (void)
{
  const char *const argv[] = {
    "gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path",
    "/org/freedesktop/secrets", "--method", "org.freedesktop.Secret.Service.Lock",
    "['/org/freedesktop/secrets/collection/login']", NULL,
  };
  g_autofree char *out = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (out, "login"));
}

/* The last: nobody is there to unlock it again. */
static void
test_keyring_locked (void)
{
  g_autoptr(AssaySecrets) secrets = assay_secrets_new ();

  store (secrets, "e", ASSAY_SECRET_TOKEN, "kept", ASSAY_SECRETS_KEYRING);
  lock_keyring ();
  check_kept (secrets, "e", ASSAY_SECRET_TOKEN, NULL, ASSAY_SECRETS_NOWHERE);
  g_assert_cmpint (assay_secrets_get_place (secrets), ==, ASSAY_SECRETS_MEMORY);
  g_assert_nonnull (assay_secrets_get_reason (secrets));
  store (secrets, "e", ASSAY_SECRET_TOKEN, SECRET, ASSAY_SECRETS_MEMORY);
  check_kept (secrets, "e", ASSAY_SECRET_TOKEN, SECRET, ASSAY_SECRETS_MEMORY);
}

static void
count_cb (guint *count)
{
  ++*count;
}

static void
test_memory_keeps (void)
{
  check_keeping (ASSAY_SECRETS_MEMORY);
}

static void
test_memory_in_order (void)
{
  check_order (ASSAY_SECRETS_MEMORY);
}

static void
test_memory_canceled (void)
{
  check_canceled ();
}

static void
test_memory_says_so (void)
{
  g_autoptr(AssaySecrets) first = assay_secrets_new ();
  g_autoptr(AssaySecrets) second = assay_secrets_new ();
  guint count = 0;

  g_signal_connect_swapped (first, "notify::place", G_CALLBACK (count_cb), &count);
  store (first, "a", ASSAY_SECRET_TOKEN, SECRET, ASSAY_SECRETS_MEMORY);
  store (first, "b", ASSAY_SECRET_TOKEN, SECRET, ASSAY_SECRETS_MEMORY);
  g_assert_cmpuint (count, ==, 1);
  g_assert_nonnull (assay_secrets_get_reason (first));
  g_assert_null (strstr (assay_secrets_get_reason (first), SECRET));
  check_kept (second, "a", ASSAY_SECRET_TOKEN, NULL, ASSAY_SECRETS_NOWHERE);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("ASSAY_TEST_KEYRING") != NULL)
    {
      g_test_add_func ("/assay/secrets/keyring/keeps", test_keyring_keeps);
      g_test_add_func ("/assay/secrets/keyring/in-order", test_keyring_in_order);
      g_test_add_func ("/assay/secrets/keyring/canceled", test_keyring_canceled);
      g_test_add_func ("/assay/secrets/keyring/outlives", test_keyring_outlives);
      g_test_add_func ("/assay/secrets/keyring/locked", test_keyring_locked);
    }
  else
    {
      g_test_add_func ("/assay/secrets/memory/keeps", test_memory_keeps);
      g_test_add_func ("/assay/secrets/memory/in-order", test_memory_in_order);
      g_test_add_func ("/assay/secrets/memory/canceled", test_memory_canceled);
      g_test_add_func ("/assay/secrets/memory/says-so", test_memory_says_so);
    }
  return g_test_run ();
}
