/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Bodies of forms: multipart/form-data (RFC 7578 over RFC 2046) and
 * application/x-www-form-urlencoded.  The parts are stretches of the body, and
 * a file name comes out as it went in: the answer repeats it, and the client
 * finds its picture by it. */

#include "config.h"

#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-serve-form.h"

typedef struct {
  const char *at;
  const char *end;
} Text;

static void
part_free (AssayFormPart *part)
{
  g_free (part->name);
  g_free (part->filename);
  g_clear_pointer (&part->bytes, g_bytes_unref);
  g_free (part);
}

static gboolean
refuse (GError **error,
        const char *message)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED, message);
  return FALSE;
}

static void
skip_any (Text *text,
          const char *characters)
{
  while (text->at < text->end && *text->at != '\0' && strchr (characters, *text->at) != NULL)
    text->at++;
}

static void
skip_until (Text *text,
            const char *characters)
{
  while (text->at < text->end && (*text->at == '\0' || strchr (characters, *text->at) == NULL))
    text->at++;
}

static char *
read_until (Text *text,
            const char *characters)
{
  const char *start = text->at;

  skip_until (text, characters);
  return g_strndup (start, text->at - start);
}

/* Browsers and urllib3 escape a quote as %22, older curl as \"; a backslash
 * before anything else is part of the name (an old browser's whole path). */
static char *
read_quoted (Text *text)
{
  GString *value = g_string_new (NULL);

  text->at++;
  while (text->at < text->end && *text->at != '"')
    {
      if (*text->at == '\\' && text->end - text->at > 1 &&
          (text->at[1] == '"' || text->at[1] == '\\'))
        text->at++;
      g_string_append_c (value, *text->at++);
    }
  if (text->at < text->end)
    text->at++;
  return g_string_free (value, FALSE);
}

/* Moves to the next “; name=value”; FALSE at the end. */
static gboolean
next_parameter (Text *text,
                char **name,
                char **value)
{
  skip_until (text, ";");
  if (text->at >= text->end)
    return FALSE;
  skip_any (text, "; \t");
  *name = g_strchomp (read_until (text, "=;"));
  if (text->at >= text->end || *text->at == ';')
    {
      *value = g_strdup ("");
      return TRUE;
    }
  text->at++;
  skip_any (text, " \t");
  *value = text->at < text->end && *text->at == '"' ? read_quoted (text)
                                                    : g_strchomp (read_until (text, ";"));
  return TRUE;
}

static char *
dup_parameter (Text text,
               const char *wanted)
{
  char *name;
  char *value;

  while (next_parameter (&text, &name, &value))
    {
      gboolean found = g_ascii_strcasecmp (name, wanted) == 0;

      g_free (name);
      if (found)
        return value;
      g_free (value);
    }
  return NULL;
}

/* RFC 5987, which python3-requests uses for names that are not ASCII. */
static char *
decode_extended (const char *value)
{
  const char *quoted = strchr (value, '\'');

  quoted = quoted != NULL ? strchr (quoted + 1, '\'') : NULL;
  if (quoted == NULL || g_ascii_strncasecmp (value, "utf-8'", 6) != 0)
    return NULL;
  return g_uri_unescape_string (quoted + 1, NULL);
}

static char *
dup_filename (Text disposition)
{
  g_autofree char *extended = dup_parameter (disposition, "filename*");
  g_autofree char *name = extended != NULL ? decode_extended (extended) : NULL;

  if (name == NULL)
    name = dup_parameter (disposition, "filename");
  return name != NULL ? g_utf8_make_valid (name, -1) : NULL;
}

static void
read_disposition (AssayFormPart *part,
                  Text headers)
{
  static const char field[] = "content-disposition:";
  gsize field_length = strlen (field);

  while (headers.at < headers.end)
    {
      const char *stop = memmem (headers.at, headers.end - headers.at, "\r\n", 2);
      Text line = { headers.at, stop != NULL ? stop : headers.end };

      if ((gsize) (line.end - line.at) > field_length &&
          g_ascii_strncasecmp (line.at, field, field_length) == 0)
        {
          part->name = dup_parameter (line, "name");
          part->filename = dup_filename (line);
          return;
        }
      headers.at = stop != NULL ? stop + 2 : headers.end;
    }
}

static char *
dup_delimiter (const char *content_type,
               GError **error)
{
  static const char wanted[] = "multipart/form-data";
  g_autofree char *boundary = NULL;
  Text text;

  if (content_type == NULL || g_ascii_strncasecmp (content_type, wanted, strlen (wanted)) != 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "not a form with files");
      return NULL;
    }
  text = (Text) { content_type, content_type + strlen (content_type) };
  boundary = dup_parameter (text, "boundary");
  if (boundary == NULL || boundary[0] == '\0' || strlen (boundary) > ASSAY_LIMIT_BOUNDARY_BYTES)
    {
      refuse (error, "The form has no usable boundary");
      return NULL;
    }
  return g_strconcat ("\r\n--", boundary, NULL);
}

/* After a delimiter: CRLF before a part, or “--” after the last. */
static gboolean
enter_part (Text *rest,
            gboolean *last,
            GError **error)
{
  *last = rest->end - rest->at >= 2 && memcmp (rest->at, "--", 2) == 0;
  if (*last)
    return TRUE;
  skip_any (rest, " \t");
  if (rest->end - rest->at < 2 || memcmp (rest->at, "\r\n", 2) != 0)
    return refuse (error, "The form ends too early");
  return TRUE;
}

/* @rest stands on the CRLF behind a delimiter; afterwards behind the next one.
 * A part without headers begins with an empty line: that CRLF ends them too. */
static AssayFormPart *
read_part (Text *rest,
           GBytes *body,
           const char *delimiter,
           GError **error)
{
  const char *start = g_bytes_get_data (body, NULL);
  gsize window = MIN ((gsize) (rest->end - rest->at), ASSAY_LIMIT_PART_HEADER_BYTES);
  const char *blank = memmem (rest->at, window, "\r\n\r\n", 4);
  const char *content = blank != NULL ? blank + 4 : NULL;
  const char *stop = NULL;
  AssayFormPart *part;

  if (blank == NULL)
    {
      refuse (error, "The form has a part whose headers do not end");
      return NULL;
    }
  /* An empty part's content begins where its delimiter does. */
  stop = memmem (content - 2, rest->end - content + 2, delimiter, strlen (delimiter));
  if (stop == NULL)
    {
      refuse (error, "The form ends too early");
      return NULL;
    }
  part = g_new0 (AssayFormPart, 1);
  read_disposition (part, (Text) { MIN (rest->at + 2, blank), blank });
  content = MIN (content, stop);
  part->bytes = g_bytes_new_from_bytes (body, content - start, stop - content);
  rest->at = stop + strlen (delimiter);
  return part;
}

/* The first delimiter may open the body, without the CRLF before it. */
static gboolean
find_first (Text *rest,
            const char *delimiter,
            GError **error)
{
  gsize length = strlen (delimiter);
  const char *found;

  if ((gsize) (rest->end - rest->at) >= length - 2 &&
      memcmp (rest->at, delimiter + 2, length - 2) == 0)
    {
      rest->at += length - 2;
      return TRUE;
    }
  found = rest->at != NULL ? memmem (rest->at, rest->end - rest->at, delimiter, length) : NULL;
  if (found == NULL)
    return refuse (error, "The form has no parts");
  rest->at = found + length;
  return TRUE;
}

/**
 * assay_form_parse_multipart:
 * @content_type: (nullable): the request's header, as sent
 * @body: its body, in any state
 * @error: %ASSAY_ERROR_NOT_FOUND if it is no such form at all,
 *   %ASSAY_ERROR_REFUSED with an English sentence if it is malformed or has
 *   more parts than %ASSAY_LIMIT_REQUEST_FILES
 *
 * Takes a multipart/form-data body apart, in one pass.
 *
 * Returns: (transfer full) (element-type AssayFormPart) (nullable): its parts in order
 */
GPtrArray *
assay_form_parse_multipart (const char *content_type,
                            GBytes *body,
                            GError **error)
{
  g_autofree char *delimiter = dup_delimiter (content_type, error);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  gboolean last = FALSE;
  gsize length;
  Text rest;

  g_return_val_if_fail (body != NULL, NULL);

  if (delimiter == NULL)
    return NULL;
  rest.at = g_bytes_get_data (body, &length);
  rest.end = rest.at + length;
  if (!find_first (&rest, delimiter, error) || !enter_part (&rest, &last, error))
    return NULL;
  while (!last)
    {
      AssayFormPart *part = read_part (&rest, body, delimiter, error);

      if (part == NULL)
        return NULL;
      g_ptr_array_add (parts, part);
      if (parts->len > ASSAY_LIMIT_REQUEST_FILES)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED,
                       "At most %d files are taken in one request", ASSAY_LIMIT_REQUEST_FILES);
          return NULL;
        }
      if (!enter_part (&rest, &last, error))
        return NULL;
    }
  return g_steal_pointer (&parts);
}

static char *
decode_field (const char *start,
              const char *end)
{
  g_autofree char *copy = g_strndup (start, end - start);

  g_strdelimit (copy, "+", ' ');
  return g_uri_unescape_string (copy, NULL);
}

/**
 * assay_form_dup_field:
 * @encoded: (nullable) (array length=length): a query or a form body, in any state
 * @length: its bytes
 * @name: a field
 *
 * Finds the first field of that name in application/x-www-form-urlencoded.
 *
 * Returns: (transfer full) (nullable): its value, decoded, any bytes but NUL
 */
char *
assay_form_dup_field (const char *encoded,
                      gsize length,
                      const char *name)
{
  Text text = { encoded, encoded + length };

  g_return_val_if_fail (name != NULL, NULL);

  while (encoded != NULL && text.at < text.end)
    {
      const char *stop = memchr (text.at, '&', text.end - text.at);
      const char *end = stop != NULL ? stop : text.end;
      const char *equals = memchr (text.at, '=', end - text.at);
      g_autofree char *key = decode_field (text.at, equals != NULL ? equals : end);

      if (g_strcmp0 (key, name) == 0)
        return equals != NULL ? decode_field (equals + 1, end) : g_strdup ("");
      text.at = stop != NULL ? stop + 1 : text.end;
    }
  return NULL;
}
