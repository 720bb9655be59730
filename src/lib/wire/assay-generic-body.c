/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How a picture is carried, in the words of a connection:
 *
 *   multipart:files       multipart/form-data, the part's name behind the colon; "multipart"
 *                         and nothing at all mean this
 *   raw                   the file's bytes, with its own media type
 *   raw:image/x-any       the same, with that type
 *   json:/instances/0/b64 JSON with the picture in base64 where the pointer (RFC 6901) says,
 *                         in objects and lists made for it
 *   json:{"inputs": "{image}", "parameters": {"top_k": 5}}
 *                         this JSON, with the picture in base64 in the place of {image}, and
 *                         its media type in that of {type}, each inside a text */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-base64.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-generic-private.h"
#include "assay-json.h"

#define FIELD "files"
#define IMAGE "{image}"
#define TYPE "{type}"
#define SHOWN_CHARS 80

G_GNUC_PRINTF (2, 3)
static gpointer
refuse (GError **error,
        const char *format,
        ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (ASSAY_ERROR, ASSAY_ERROR_USAGE, format, args);
  va_end (args);
  return NULL;
}

/* ---- JSON ---- */

static char *
unescape_token (const char *token)
{
  g_autoptr (GString) out = g_string_new (token);

  /* In this order, as RFC 6901, 4, has it: "~01" is "~1". */
  g_string_replace (out, "~1", "/", 0);
  g_string_replace (out, "~0", "~", 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* The JSON in which the pointer finds the picture.  A list has one element, which is that. */
static char *
template_of_pointer (const char *pointer,
                     GError **error)
{
  g_auto (GStrv) tokens = g_strsplit (pointer, "/", -1);
  g_autoptr (GString) head = g_string_new (NULL);
  g_autoptr (GString) tail = g_string_new (NULL);

  for (guint i = 1; tokens[0] != NULL && tokens[i] != NULL; i++)
    {
      g_autofree char *token = unescape_token (tokens[i]);
      gboolean element = strcmp (token, "0") == 0 || strcmp (token, "-") == 0;

      if (!element && *token != '\0' && token[strspn (token, "0123456789")] == '\0')
        return refuse (error, _("A list that is made for one picture has no element %s. Write 0."),
                       token);
      g_string_append_c (head, element ? '[' : '{');
      if (!element)
        {
          assay_json_append_string (head, token);
          g_string_append_c (head, ':');
        }
      g_string_prepend_c (tail, element ? ']' : '}');
    }
  g_string_append (head, "\"" IMAGE "\"");
  g_string_append (head, tail->str);
  return g_string_free (g_steal_pointer (&head), FALSE);
}

static gboolean
check_template (const char *template,
                GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) root = assay_json_parse (template, strlen (template), &local);
  const char *image = strstr (template, IMAGE);

  if (root == NULL)
    refuse (error, _("The body of the connection is not JSON. %s"), local->message);
  else if (image == NULL || strstr (image + 1, IMAGE) != NULL)
    refuse (error, _("The JSON of the connection must have the text “{image}” once, where the "
                     "picture goes."));
  else
    return TRUE;
  return FALSE;
}

static void
append_text (AssayBody *body,
             const char *text,
             gsize length,
             const char *media_type)
{
  g_autoptr (GString) out = g_string_new_len (text, length);
  g_autoptr (GBytes) bytes = NULL;

  g_string_replace (out, TYPE, media_type, 0);
  bytes = g_string_free_to_bytes (g_steal_pointer (&out));
  assay_body_append_bytes (body, bytes);
}

static AssayBody *
make_json (AssayPayload *payload,
           const char *spec,
           GError **error)
{
  g_autofree char *template = *spec == '/' || *spec == '\0' ? template_of_pointer (spec, error)
                                                            : g_strdup (spec);
  g_autoptr (AssayPayload) encoded = NULL;
  g_autoptr (GString) type = NULL;
  const char *image;
  AssayBody *body;

  if (template == NULL || !check_template (template, error))
    return NULL;
  image = strstr (template, IMAGE);
  encoded = assay_base64_payload (payload);
  /* Within a text already: without the quotes. */
  type = g_string_new (NULL);
  assay_json_append_string (type, assay_payload_get_media_type (payload));
  g_string_erase (g_string_truncate (type, type->len - 1), 0, 1);
  body = assay_body_new ("application/json");
  append_text (body, template, image - template, type->str);
  assay_body_append_payload (body, encoded);
  append_text (body, image + strlen (IMAGE), strlen (image + strlen (IMAGE)), type->str);
  return body;
}

/* ---- the others ---- */

static AssayBody *
make_raw (AssayPayload *payload,
          const char *type,
          GError **error)
{
  AssayBody *body;

  for (const char *p = type; type != NULL && *p != '\0'; p++)
    if (*p <= ' ' || *p > '~')
      return refuse (error, _("The media type in the body of the connection cannot be sent. Write "
                              "it like “image/jpeg”."));
  body = assay_body_new (type != NULL ? type : assay_payload_get_media_type (payload));
  assay_body_append_payload (body, payload);
  return body;
}

/* What stands behind the colon; NULL if nothing does. */
static const char *
find_argument (const char *spec)
{
  const char *colon = strchr (spec, ':');

  return colon != NULL && colon[1] != '\0' ? colon + 1 : NULL;
}

static gboolean
is_kind (const char *spec,
         const char *kind)
{
  gsize length = strlen (kind);

  return strncmp (spec, kind, length) == 0 && (spec[length] == ':' || spec[length] == '\0');
}

/**
 * assay_generic_make_body:
 * @query: what is asked; several pictures only fit multipart/form-data
 * @error: %ASSAY_ERROR_USAGE, says what to correct in the connection
 *
 * Returns: (transfer full) (nullable): the body of the request
 */
AssayBody *
assay_generic_make_body (const AssayQuery *query,
                         GError **error)
{
  const char *spec = query->profile->body != NULL ? query->profile->body : "multipart";
  const char *argument = find_argument (spec);
  g_autofree char *shown = NULL;

  if (is_kind (spec, "multipart"))
    return assay_multipart_new (argument != NULL ? argument : FIELD, query->payloads,
                                query->n_payloads);
  g_return_val_if_fail (query->n_payloads == 1, NULL);
  if (is_kind (spec, "raw"))
    return make_raw (query->payloads[0], argument, error);
  if (is_kind (spec, "json"))
    return make_json (query->payloads[0], argument != NULL ? argument : "", error);
  shown = assay_display_text (spec, -1, SHOWN_CHARS);
  return refuse (error, _("“%s” is no way to carry a picture. Write “multipart:NAME”, “raw” or "
                          "“json:/POINTER”."), shown);
}
