/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a service says when it says no, and what a token endpoint says: one safe
 * sentence of bounded length, without a token. */

#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-reply-words.h"
#include "assay-token.h"
#include "fuzz.h"

#define TOKEN "abcdefghijkl0123456789"
#define URL "https://h.example/oauth/token"
#define MAX_LIFETIME (10.0 * 365 * 24 * 3600)

static const char *const types[] = { NULL, "application/json", "text/html; charset=utf-8" };
static const guint statuses[] = { 302, 400, 401, 404, 429, 503, 999 };

static void
check_words (GBytes *body,
             const char *type,
             const char *secret)
{
  g_autoptr (AssayReply) reply = assay_reply_new (400, "Bad", type, NULL, body);
  g_autofree char *words = assay_reply_dup_words (reply);

  if (words == NULL)
    return;
  fuzz_check_sentence (words);
  g_assert_cmpint (g_utf8_strlen (words, -1), <=, ASSAY_LIMIT_ERROR_CHARS + 1);
  g_assert_true (secret == NULL || strstr (words, secret) == NULL);
}

static void
check_refusal (GBytes *body,
               const char *type,
               guint status)
{
  g_autoptr (AssayReply) reply = assay_reply_new (status, NULL, type, NULL, body);
  g_autoptr (GError) error = assay_protocol_error_from_reply (reply);

  fuzz_check_error (error);
}

static void
check_token (GBytes *body,
             guint status)
{
  g_autoptr (AssayReply) reply = assay_reply_new (status, NULL, "application/json", NULL, body);
  g_autoptr (AssayToken) token = assay_token_read (reply, URL);

  g_assert_true ((token->token == NULL) != (token->error == NULL));
  if (token->error != NULL)
    fuzz_check_error (token->error);
  /* Nothing of an answer that may hold a token. */
  if (token->error != NULL && status == 200)
    g_assert_true (g_str_has_prefix (token->error->message, "The sign-in at h.example:443 answered")
                   || g_str_has_prefix (token->error->message, "h.example:443 did not answer"));
  if (token->token == NULL)
    return;
  g_assert_cmpint (status, ==, 200);
  g_assert_true (token->lifetime >= 0 && token->lifetime <= MAX_LIFETIME);
}

/* A token in the words of a service stays there. */
static GBytes *
repeat_header (const uint8_t *data,
               size_t size)
{
  static const char header[] = " Authorization: Bearer " TOKEN;
  g_autoptr (GByteArray) body = g_byte_array_new ();

  g_byte_array_append (body, data, size);
  g_byte_array_append (body, (const guint8 *) header, strlen (header));
  return g_byte_array_free_to_bytes (g_steal_pointer (&body));
}

/* The length chooses status and type, which costs no byte of the input. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  g_autoptr (GBytes) telling = repeat_header (data, size);
  const char *type = types[size % G_N_ELEMENTS (types)];
  guint status = statuses[size % G_N_ELEMENTS (statuses)];

  check_words (body, type, NULL);
  if (memmem (data, size, TOKEN, strlen (TOKEN)) == NULL)
    check_words (telling, type, TOKEN);
  check_refusal (body, type, status);
  check_token (body, 200);
  if (status >= 400)
    check_token (body, status);
  return 0;
}
