/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "assay-limits.h"
#include "assay-serve-auth.h"

typedef struct {
  char *text;
  gint64 ends;  /* microseconds, on the clock that the caller passes in */
} Token;

struct _AssayServeAuth {
  char *client;
  char *secret;
  GQueue tokens;  /* (element-type Token) */
};

static void
token_free (Token *token)
{
  g_free (token->text);
  g_free (token);
}

/* Takes as long for a near miss as for a far one; only the length of what was
 * given shows. */
static gboolean
equal_in_constant_time (const char *kept,
                        const char *given)
{
  gsize n_kept = strlen (kept);
  gsize n_given = strlen (given);
  volatile guint8 difference = n_kept != n_given;

  for (gsize i = 0; i < n_given; i++)
    difference |= (guint8) given[i] ^ (guint8) kept[n_kept > 0 ? i % n_kept : 0];
  return difference == 0;
}

/**
 * assay_serve_auth_new:
 * @client: id of the client, as it stands in the service key
 * @secret: its secret, not empty
 *
 * Returns: (transfer full): what knows this client
 */
AssayServeAuth *
assay_serve_auth_new (const char *client,
                      const char *secret)
{
  AssayServeAuth *self;

  g_return_val_if_fail (client != NULL && client[0] != '\0', NULL);
  g_return_val_if_fail (secret != NULL && secret[0] != '\0', NULL);

  self = g_new0 (AssayServeAuth, 1);
  self->client = g_strdup (client);
  self->secret = g_strdup (secret);
  g_queue_init (&self->tokens);
  return self;
}

void
assay_serve_auth_free (AssayServeAuth *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->tokens, (GDestroyNotify) token_free);
  g_free (self->client);
  g_free (self->secret);
  g_free (self);
}

const char *
assay_serve_auth_get_client (const AssayServeAuth *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->client;
}

const char *
assay_serve_auth_get_secret (const AssayServeAuth *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->secret;
}

/**
 * assay_serve_auth_check_client:
 * @self: what knows the client
 * @client: (nullable): an id from outside
 * @secret: (nullable): a secret from outside
 *
 * Returns: whether they are the client's
 */
gboolean
assay_serve_auth_check_client (const AssayServeAuth *self,
                               const char *client,
                               const char *secret)
{
  gboolean known_client;
  gboolean known_secret;

  g_return_val_if_fail (self != NULL, FALSE);

  if (client == NULL || secret == NULL)
    return FALSE;
  known_client = equal_in_constant_time (self->client, client);
  known_secret = equal_in_constant_time (self->secret, secret);
  return known_client & known_secret;
}

static const char *
after_scheme (const char *authorization,
              const char *scheme)
{
  gsize length = strlen (scheme);

  if (authorization == NULL || g_ascii_strncasecmp (authorization, scheme, length) != 0 ||
      authorization[length] != ' ')
    return NULL;
  return authorization + length + strspn (authorization + length, " ");
}

/**
 * assay_serve_auth_check_basic:
 * @self: what knows the client
 * @authorization: (nullable): an Authorization header
 *
 * Client ids hold “!” and “|”, secrets “+”, “/” and “=”; they stand in the
 * header as they are, not form-encoded (protocols.md, A5).
 *
 * Returns: whether it is “Basic” with the client's id and secret
 */
gboolean
assay_serve_auth_check_basic (const AssayServeAuth *self,
                              const char *authorization)
{
  const char *encoded = after_scheme (authorization, "Basic");
  g_autofree guchar *decoded = NULL;
  g_autofree char *text = NULL;
  char *colon;
  gsize length;

  g_return_val_if_fail (self != NULL, FALSE);

  if (encoded == NULL || strlen (encoded) > 4 * ASSAY_LIMIT_SECRET_BYTES)
    return FALSE;
  decoded = g_base64_decode (encoded, &length);
  text = g_strndup ((const char *) decoded, length);
  colon = strchr (text, ':');
  if (colon == NULL)
    return FALSE;
  *colon = '\0';
  return assay_serve_auth_check_client (self, text, colon + 1);
}

/**
 * assay_serve_auth_dup_random:
 *
 * Returns: (transfer full) (nullable): 256 unguessable bits as 43 URL-safe
 *   characters; %NULL when the system has none to give
 */
char *
assay_serve_auth_dup_random (void)
{
  guint8 bits[32];
  gssize n;
  char *text;

  do
    n = getrandom (bits, sizeof bits, 0);
  while (n < 0 && errno == EINTR);
  if (n != sizeof bits)
    return NULL;
  text = g_base64_encode (bits, sizeof bits);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  g_strdelimit (text, "=", '\0');
  return text;
}

static void
drop_ended (AssayServeAuth *self,
            gint64 now)
{
  const Token *oldest;

  while ((oldest = g_queue_peek_head (&self->tokens)) != NULL &&
         (oldest->ends <= now || self->tokens.length >= ASSAY_LIMIT_TOKENS))
    token_free (g_queue_pop_head (&self->tokens));
}

/**
 * assay_serve_auth_make_token:
 * @self: what knows the client
 * @now: microseconds on a clock that never goes back
 *
 * Returns: (transfer full) (nullable): a new token, good for %ASSAY_TOKEN_SECONDS
 */
char *
assay_serve_auth_make_token (AssayServeAuth *self,
                             gint64 now)
{
  g_autofree char *text = assay_serve_auth_dup_random ();
  Token *token;

  g_return_val_if_fail (self != NULL, NULL);

  if (text == NULL)
    return NULL;
  drop_ended (self, now);
  token = g_new0 (Token, 1);
  token->text = g_strdup (text);
  token->ends = now + ASSAY_TOKEN_SECONDS * G_USEC_PER_SEC;
  g_queue_push_tail (&self->tokens, token);
  return g_steal_pointer (&text);
}

/**
 * assay_serve_auth_check_bearer:
 * @self: what knows the client
 * @authorization: (nullable): an Authorization header
 * @now: microseconds on the clock of assay_serve_auth_make_token()
 *
 * Returns: whether it is “Bearer” with a token that has not ended
 */
gboolean
assay_serve_auth_check_bearer (const AssayServeAuth *self,
                               const char *authorization,
                               gint64 now)
{
  const char *given = after_scheme (authorization, "Bearer");
  gboolean known = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  if (given == NULL || strlen (given) > ASSAY_LIMIT_SECRET_BYTES)
    return FALSE;
  for (const GList *link = self->tokens.head; link != NULL; link = link->next)
    {
      const Token *token = link->data;

      known |= equal_in_constant_time (token->text, given) & (token->ends > now);
    }
  return known;
}
