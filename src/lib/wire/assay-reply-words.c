/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds the sentence in whatever a service, a gateway or a proxy sends along
 * with a status that is no success. */

#include "config.h"

#include <math.h>

#include "assay-display.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-reply-words.h"

#define TEXT_CHARS 200                  /* of a body that is only text */
#define TEXT_BYTES (64 * 1024)          /* of it looked at */
#define DETAILS 3                       /* entries of a list of faults */
#define WORDS_BYTES (16 * 1024)         /* of any words worked on; people read less */
#define MIN_SECRET 12                   /* shorter is a word, not a token */

static char *
join_error (const char *error,
            const char *description)
{
  if (description == NULL || *description == '\0' || g_strcmp0 (error, description) == 0)
    return g_strdup (error);
  return g_strconcat (error, g_str_has_suffix (error, ":") ? " " : ": ", description, NULL);
}

/* The texts of a list. */
static char *
words_of_list (JsonArray *list)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < MIN (json_array_get_length (list), DETAILS); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_string_append_printf (out, "%s%s", out->len > 0 ? "; " : "", json_node_get_string (node));
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* error.message, or error with error_description (MLF of both generations,
 * OAuth, model servers), or error as a list of texts (Hugging Face). */
static char *
words_of_error (JsonObject *root)
{
  JsonObject *error = assay_json_get_object (root, "error");
  JsonArray *list = assay_json_get_array (root, "error");
  const char *text = assay_json_get_string (root, "error");
  const char *description = assay_json_get_string (root, "error_description");

  if (error != NULL)
    return g_strdup (assay_json_get_string (error, "message"));
  if (list != NULL)
    return words_of_list (list);
  if (text != NULL)
    return join_error (text, description);
  return g_strdup (description);
}

/* One entry of FastAPI's list: {"loc": ["body", "files"], "msg": "field required"}. */
static void
append_detail (GString *out,
               JsonObject *detail)
{
  const char *message = assay_json_get_string (detail, "msg");
  JsonArray *place = assay_json_get_array (detail, "loc");

  if (message == NULL)
    return;
  g_string_append_printf (out, "%s%s", out->len > 0 ? "; " : "", message);
  for (guint i = 0; place != NULL && i < json_array_get_length (place); i++)
    {
      JsonNode *node = json_array_get_element (place, i);
      double index;

      g_string_append (out, i == 0 ? " (" : ".");
      if (assay_json_get_double (node, &index))
        g_string_append_printf (out, "%.0f", index);
      else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_string_append (out, json_node_get_string (node));
      if (i + 1 == json_array_get_length (place))
        g_string_append_c (out, ')');
    }
}

static char *
words_of_detail (JsonObject *root)
{
  const char *text = assay_json_get_string (root, "detail");
  JsonArray *list = assay_json_get_array (root, "detail");
  g_autoptr (GString) out = g_string_new (NULL);

  if (text != NULL || list == NULL)
    return g_strdup (text);
  for (guint i = 0; i < MIN (json_array_get_length (list), DETAILS); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        append_detail (out, json_node_get_object (node));
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gboolean
has_words (const char *text)
{
  return text != NULL && text[strspn (text, " \t\r\n")] != '\0';
}

static char *
words_of_json (JsonObject *root)
{
  g_autofree char *error = words_of_error (root);
  g_autofree char *detail = words_of_detail (root);
  const char *fault = assay_json_get_string (assay_json_get_object (root, "fault"), "faultstring");
  const char *message = assay_json_get_string (root, "message");

  /* SageMaker writes it so, and what is made with ASP.NET. */
  if (!has_words (message))
    message = assay_json_get_string (root, "Message");
  if (has_words (error))
    return g_steal_pointer (&error);
  if (has_words (fault))
    return g_strdup (fault);
  if (has_words (detail))
    return g_steal_pointer (&detail);
  return has_words (message) ? g_strdup (message) : NULL;
}

static const char *
skip_past (const char *from,
           const char *end,
           const char *mark)
{
  const char *found = g_strstr_len (from, end - from, mark);

  return found != NULL ? found + strlen (mark) : end;
}

static gboolean
starts_tag (const char *p,
            const char *end,
            const char *name)
{
  gsize length = strlen (name);

  return (gsize) (end - p) > length + 1 && g_ascii_strncasecmp (p + 1, name, length) == 0
         && !g_ascii_isalnum (p[length + 1]);
}

/* Behind a tag at @p; behind its content too if that is no text for people. */
static const char *
skip_tag (const char *p,
          const char *end)
{
  static const char *const silent[] = { "script", "style" };

  if (end - p >= 4 && memcmp (p, "<!--", 4) == 0)
    return skip_past (p + 4, end, "-->");
  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    if (starts_tag (p, end, silent[i]))
      {
        const char *close = p + 1;

        while (close < end && !(close[0] == '<' && end - close > 1 && close[1] == '/'
                                && starts_tag (close + 1, end, silent[i])))
          close++;
        return skip_past (close, end, ">");
      }
  return skip_past (p, end, ">");
}

static gunichar
numeric_entity (const char *name)
{
  gboolean hex = name[1] == 'x' || name[1] == 'X';
  guint64 code = 0;

  if (!g_ascii_string_to_unsigned (name + (hex ? 2 : 1), hex ? 16 : 10, 1, 0x10FFFF, &code, NULL)
      || !g_unichar_validate (code))
    return 0;
  return code;
}

/* What "&…;" at @p stands for, 0 if nothing known; @next is set behind it. */
static gunichar
read_entity (const char *p,
             const char *end,
             const char **next)
{
  static const struct { const char *name; gunichar c; } known[] = {
    { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' },
    { "nbsp", ' ' }, { "ndash", 0x2013 }, { "mdash", 0x2014 }, { "hellip", 0x2026 },
    { "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "ldquo", 0x201C }, { "rdquo", 0x201D },
  };
  const char *semicolon = memchr (p, ';', MIN (end - p, 12));
  g_autofree char *name = NULL;

  if (semicolon == NULL)
    return 0;
  *next = semicolon + 1;
  name = g_strndup (p + 1, semicolon - p - 1);
  if (name[0] == '#')
    return numeric_entity (name);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (name, known[i].name) == 0)
      return known[i].c;
  return 0;
}

static char *
strip_markup (const char *html,
              gsize length)
{
  GString *out = g_string_new (NULL);
  const char *end = html + length;
  const char *p = html;

  while (p < end)
    {
      const char *next = p + 1;
      gunichar entity = *p == '&' ? read_entity (p, end, &next) : 0;

      if (*p == '<' && end - p > 1 && (g_ascii_isalpha (p[1]) || strchr ("/!?", p[1]) != NULL))
        {
          next = skip_tag (p, end);
          g_string_append_c (out, ' ');
        }
      else if (entity != 0)
        g_string_append_unichar (out, entity);
      else
        {
          g_string_append_c (out, *p);
          next = p + 1;
        }
      p = next;
    }
  return g_string_free (out, FALSE);
}

static char *
collapse_spaces (const char *text,
                 gsize length)
{
  GString *out = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      g_string_append_c (out, text[i]);
    else if (out->len > 0 && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

static char *
words_of_text (const AssayReply *reply,
               const char *data,
               gsize length)
{
  g_autofree char *text = NULL;
  g_autofree char *flat = NULL;
  gboolean html;

  /* A picture or an archive says nothing that can be read. */
  if (length == 0 || memchr (data, '\0', MIN (length, TEXT_BYTES)) != NULL)
    return NULL;
  length = MIN (length, TEXT_BYTES);
  html = (reply->content_type != NULL && strstr (reply->content_type, "html") != NULL)
         || g_strstr_len (data, MIN (length, 512), "<html") != NULL
         || g_strstr_len (data, MIN (length, 512), "<HTML") != NULL;
  text = html ? strip_markup (data, length) : g_strndup (data, length);
  flat = collapse_spaces (text, strlen (text));
  return has_words (flat) ? assay_display_text (flat, -1, TEXT_CHARS) : NULL;
}

static gboolean
is_token_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~+/=", c) != NULL);
}

/* A service that repeats the request's header in its complaint must not bring
 * the token onto a screen: what follows "Bearer " or "Basic ", and what looks
 * like a JSON Web Token, is left out. */
static char *
hide_secrets (const char *text)
{
  GString *out = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize lead = g_ascii_strncasecmp (text, "bearer ", 7) == 0 ? 7
                   : g_ascii_strncasecmp (text, "basic ", 6) == 0 ? 6 : 0;
      gsize length = lead;

      if (lead > 0 || g_str_has_prefix (text, "eyJ"))
        while (is_token_char (text[length]))
          length++;
      if (length - lead >= MIN_SECRET)
        {
          g_string_append_len (out, text, lead);
          g_string_append (out, "\u2026");
          text += length;
        }
      else
        g_string_append_c (out, *text++);
    }
  return g_string_free (out, FALSE);
}

/* Google wraps the same object in a list now and then. */
static JsonObject *
object_of (JsonNode *root)
{
  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root)
      && json_array_get_length (json_node_get_array (root)) == 1)
    root = json_array_get_element (json_node_get_array (root), 0);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}

/**
 * assay_reply_dup_words:
 * @reply: an answer
 *
 * The service's own words, in the order of protocols.md A4: error.message; error
 * and error_description; fault.faultstring; detail; message; the start of a text
 * body without its markup; the reason of the status line.
 *
 * Returns: (transfer full) (nullable): at most %ASSAY_LIMIT_ERROR_CHARS
 *   characters on one line, safe to show, without tokens; %NULL if it said
 *   nothing
 */
char *
assay_reply_dup_words (const AssayReply *reply)
{
  gsize length;
  const char *data = g_bytes_get_data (reply->body, &length);
  g_autoptr (JsonNode) root = length > 0 ? assay_json_parse (data, length, NULL) : NULL;
  g_autofree char *words = NULL;
  g_autofree char *hidden = NULL;
  g_autofree char *flat = NULL;

  if (object_of (root) != NULL)
    words = words_of_json (object_of (root));
  if (words == NULL)
    words = words_of_text (reply, data, length);
  if (words == NULL && has_words (reply->reason))
    words = g_strdup (reply->reason);
  if (words == NULL)
    return NULL;
  flat = collapse_spaces (words, MIN (strlen (words), WORDS_BYTES));
  hidden = hide_secrets (flat);
  return assay_display_text (hidden, -1, ASSAY_LIMIT_ERROR_CHARS);
}

/**
 * assay_reply_dup_retry_after:
 * @reply: an answer
 *
 * Hugging Face says in the body of a 503 how many seconds a model still takes to load:
 * "estimated_time" (protocols.md, B4).  The header counts before it.
 *
 * Returns: (transfer full) (nullable): when to come back, as the header Retry-After would
 *   have it; %NULL if the service doesn't say
 */
char *
assay_reply_dup_retry_after (const AssayReply *reply)
{
  gsize length;
  const char *data = g_bytes_get_data (reply->body, &length);
  g_autoptr (JsonNode) root = NULL;
  JsonNode *estimate;
  double seconds;

  if (reply->retry_after != NULL || reply->status != 503 || length == 0)
    return g_strdup (reply->retry_after);
  root = assay_json_parse (data, length, NULL);
  if (object_of (root) == NULL)
    return NULL;
  estimate = json_object_get_member (object_of (root), "estimated_time");
  if (!assay_json_get_double (estimate, &seconds) || seconds <= 0)
    return NULL;
  return g_strdup_printf ("%.0f", ceil (MIN (seconds, ASSAY_LIMIT_RETRY_AFTER_SECONDS)));
}
