/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* json-glib is not a guard: it recurses (and crashes on deep nesting), takes
 * comments, hexadecimal numbers and single quotes, ends a string at \u0000, and
 * wraps integers of more than 64 bits around in silence.  So a pass of our own
 * goes over the bytes first, once, without recursion and without memory, and
 * holds them to RFC 8259 and to the limits.  Only what it lets through is read
 * by json-glib. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"

#define UTF8_BOM "\xEF\xBB\xBF"

G_STATIC_ASSERT (ASSAY_LIMIT_JSON_DEPTH <= 64);

typedef struct {
  const char *start;
  const char *end;
  const char *p;                             /* start ≤ p ≤ end */
  const char *fault;                         /* what is wrong at p, translated */
  guint depth;
  guint64 objects;                           /* bit n: the nth open container is an object */
  guint members[ASSAY_LIMIT_JSON_DEPTH];     /* of each open container */
  guint values;
  GArray *integers;                          /* (nullable): ends of those that json-glib would spoil */
} Scan;

static gboolean
fail (Scan *scan,
      const char *fault)
{
  if (scan->fault == NULL)
    scan->fault = fault;
  return FALSE;
}

static int
peek (const Scan *scan)
{
  return scan->p < scan->end ? (guchar) *scan->p : -1;
}

static gboolean
accept (Scan *scan,
        char c)
{
  if (peek (scan) != (guchar) c)
    return FALSE;
  scan->p++;
  return TRUE;
}

static void
skip_space (Scan *scan)
{
  while (scan->p < scan->end
         && (*scan->p == ' ' || *scan->p == '\t' || *scan->p == '\n' || *scan->p == '\r'))
    scan->p++;
}

static gboolean
skip_digits (Scan *scan)
{
  const char *before = scan->p;

  while (scan->p < scan->end && g_ascii_isdigit (*scan->p))
    scan->p++;
  return scan->p > before;
}

/* json-glib keeps integers as 64 bits with sign: "-0" loses its sign there, and
 * what is longer its value. */
static void
note_integer (Scan *scan,
              const char *number)
{
  g_autofree char *text = NULL;
  gsize offset = scan->p - scan->start;
  gsize length = scan->p - number;

  if (length < 19 && !(length == 2 && number[0] == '-' && number[1] == '0'))
    return;
  if (length >= 19 && length <= 20)
    {
      text = g_strndup (number, length);
      if (g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, NULL, NULL))
        return;
    }
  if (scan->integers == NULL)
    scan->integers = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_array_append_val (scan->integers, offset);
}

static gboolean
scan_number (Scan *scan)
{
  const char *number = scan->p;
  gboolean integer = TRUE;

  accept (scan, '-');
  if (!accept (scan, '0') && !skip_digits (scan))
    return fail (scan, _("a value is expected here"));
  if (accept (scan, '.'))
    {
      integer = FALSE;
      if (!skip_digits (scan))
        return fail (scan, _("a number has no digit behind its point"));
    }
  if (peek (scan) == 'e' || peek (scan) == 'E')
    {
      integer = FALSE;
      scan->p++;
      if (!accept (scan, '+'))
        accept (scan, '-');
      if (!skip_digits (scan))
        return fail (scan, _("a number has no digit in its exponent"));
    }
  if (integer)
    note_integer (scan, number);
  return TRUE;
}

static gboolean
scan_literal (Scan *scan,
              const char *literal)
{
  gsize length = strlen (literal);

  if ((gsize) (scan->end - scan->p) < length || memcmp (scan->p, literal, length) != 0)
    return fail (scan, _("a value is expected here"));
  scan->p += length;
  return TRUE;
}

static gboolean
scan_hex4 (Scan *scan,
           guint *unit)
{
  *unit = 0;
  if (scan->end - scan->p < 4)
    return fail (scan, _("a character escape is cut off"));
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (scan->p[i]);

      if (digit < 0)
        return fail (scan, _("a character escape is not hexadecimal"));
      *unit = *unit * 16 + digit;
    }
  scan->p += 4;
  return TRUE;
}

/* Behind "\u": half a surrogate pair is no character, and U+0000 would end the
 * string in C. */
static gboolean
scan_unicode_escape (Scan *scan)
{
  guint high, low;

  if (!scan_hex4 (scan, &high))
    return FALSE;
  if (high == 0)
    return fail (scan, _("a text holds a null character"));
  if (high >= 0xDC00 && high <= 0xDFFF)
    return fail (scan, _("a text holds half a character (a lone surrogate)"));
  if (high < 0xD800 || high > 0xDBFF)
    return TRUE;
  if (!accept (scan, '\\') || !accept (scan, 'u') || !scan_hex4 (scan, &low)
      || low < 0xDC00 || low > 0xDFFF)
    return fail (scan, _("a text holds half a character (a lone surrogate)"));
  return TRUE;
}

static gboolean
scan_string (Scan *scan)
{
  if (!accept (scan, '"'))
    return fail (scan, _("a name in double quotes is expected here"));
  for (;;)
    {
      int c = peek (scan);

      if (c == -1)
        return fail (scan, _("a text has no closing quote"));
      if (c < 0x20)
        return fail (scan, _("a text holds a control character"));
      scan->p++;
      if (c == '"')
        return TRUE;
      if (c != '\\')
        continue;
      c = peek (scan);
      if (c <= 0 || strchr ("\"\\/bfnrtu", c) == NULL)
        return fail (scan, _("a text holds an unknown escape"));
      scan->p++;
      if (c == 'u' && !scan_unicode_escape (scan))
        return FALSE;
    }
}

static gboolean
scan_open (Scan *scan,
           gboolean object)
{
  guint64 bit;

  if (scan->depth == ASSAY_LIMIT_JSON_DEPTH)
    return fail (scan, _("it is nested too deeply"));
  bit = G_GUINT64_CONSTANT (1) << scan->depth;
  scan->objects = object ? scan->objects | bit : scan->objects & ~bit;
  scan->members[scan->depth++] = 0;
  scan->p++;
  return TRUE;
}

static gboolean
in_object (const Scan *scan)
{
  return scan->depth > 0 && (scan->objects >> (scan->depth - 1) & 1) != 0;
}

/* What stands before the next value of an open container: a name and a colon in
 * an object, nothing in an array. */
static gboolean
scan_member (Scan *scan)
{
  skip_space (scan);
  if (!in_object (scan))
    return TRUE;
  if (++scan->members[scan->depth - 1] > ASSAY_LIMIT_JSON_OBJECT)
    return fail (scan, _("an object has too many members"));
  if (!scan_string (scan))
    return FALSE;
  skip_space (scan);
  if (!accept (scan, ':'))
    return fail (scan, _("a colon is expected here"));
  skip_space (scan);
  return TRUE;
}

static gboolean
scan_close (Scan *scan)
{
  if (!accept (scan, in_object (scan) ? '}' : ']'))
    return FALSE;
  scan->depth--;
  return TRUE;
}

/* A scalar, or the opening of a container; @opened says that its first value
 * comes next. */
static gboolean
scan_value (Scan *scan,
            gboolean *opened)
{
  *opened = FALSE;
  if (++scan->values > ASSAY_LIMIT_JSON_MEMBERS)
    return fail (scan, _("it holds too many values"));
  switch (peek (scan))
    {
    case '{':
    case '[':
      if (!scan_open (scan, *scan->p == '{'))
        return FALSE;
      skip_space (scan);
      *opened = !scan_close (scan);
      return TRUE;
    case '"':
      return scan_string (scan);
    case 't':
      return scan_literal (scan, "true");
    case 'f':
      return scan_literal (scan, "false");
    case 'n':
      return scan_literal (scan, "null");
    default:
      return scan_number (scan);
    }
}

static gboolean
scan_document (Scan *scan)
{
  gboolean opened;

  skip_space (scan);
  do
    {
      if (!scan_value (scan, &opened))
        return FALSE;
      while (!opened && scan->depth > 0)
        {
          skip_space (scan);
          if (accept (scan, ','))
            break;
          if (!scan_close (scan))
            return fail (scan, in_object (scan) ? _("a comma or } is expected here")
                                                : _("a comma or ] is expected here"));
        }
      if (scan->depth > 0 && !scan_member (scan))
        return FALSE;
    }
  while (scan->depth > 0);

  skip_space (scan);
  return scan->p == scan->end || fail (scan, _("something follows the end of the document"));
}

static void
set_fault (const Scan *scan,
           GError **error)
{
  const char *line_start = scan->start;
  guint line = 1;

  for (const char *p = scan->start; p < scan->p; p++)
    if (*p == '\n')
      {
        line++;
        line_start = p + 1;
      }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
               _("This is not JSON that can be read: line %u, byte %u: %s."),
               line, (guint) (scan->p - line_start) + 1, scan->fault);
}

static gboolean
check_bytes (Scan *scan,
             GError **error)
{
  const char *invalid;

  if (scan->start == scan->end)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER, _("It is empty."));
      return FALSE;
    }
  if (!g_utf8_validate_len (scan->start, scan->end - scan->start, &invalid))
    {
      scan->p = invalid;
      scan->fault = _("the text is not UTF-8");
      set_fault (scan, error);
      return FALSE;
    }
  return TRUE;
}

/* ".0" behind an integer makes json-glib read it as the double nearest to it. */
static char *
spell_as_doubles (const Scan *scan,
                  gsize *length)
{
  GString *out = g_string_sized_new (scan->end - scan->start + 2 * scan->integers->len);
  gsize from = 0;

  for (guint i = 0; i < scan->integers->len; i++)
    {
      gsize to = g_array_index (scan->integers, gsize, i);

      g_string_append_len (out, scan->start + from, to - from);
      g_string_append (out, ".0");
      from = to;
    }
  g_string_append_len (out, scan->start + from, scan->end - scan->start - from);
  *length = out->len;
  return g_string_free (out, FALSE);
}

static JsonNode *
read_scanned (const Scan *scan,
              GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) local = NULL;
  g_autofree char *copy = NULL;
  gsize length = scan->end - scan->start;
  JsonNode *root = NULL;

  if (scan->integers != NULL)
    copy = spell_as_doubles (scan, &length);
  if (json_parser_load_from_data (parser, copy != NULL ? copy : scan->start, length, &local))
    root = json_parser_steal_root (parser);
  if (root == NULL)
    {
      g_autofree char *reason = assay_display_text (local != NULL ? local->message : "", -1, 0);

      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                   _("This is not JSON that can be read: %s."), reason);
    }
  return root;
}

/**
 * assay_json_parse:
 * @data: the bytes as they came; need not end in NUL
 * @length: their number
 * @error: %ASSAY_ERROR_BAD_ANSWER with line and byte, or %ASSAY_ERROR_TOO_LARGE
 *
 * Reads a JSON text from outside (RFC 8259, strictly) within
 * %ASSAY_LIMIT_ANSWER_BYTES, %ASSAY_LIMIT_JSON_DEPTH, %ASSAY_LIMIT_JSON_MEMBERS
 * and %ASSAY_LIMIT_JSON_OBJECT.  A byte order mark at the start is skipped;
 * other encodings than UTF-8, lone surrogates and U+0000 are refused.  Of equal
 * names in one object the last counts.  Integers that don't fit 64 bits come as
 * doubles.
 *
 * Returns: (transfer full) (nullable): the root, free with json_node_unref()
 */
JsonNode *
assay_json_parse (const char *data,
                  gsize length,
                  GError **error)
{
  /* No bytes at all may come without an address, to which nothing may be added. */
  const char *start = data != NULL ? data : "";
  Scan scan = { start, start + length, start };
  JsonNode *root = NULL;

  g_return_val_if_fail (data != NULL || length == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (length > ASSAY_LIMIT_ANSWER_BYTES)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                   _("It has more than %u MB."), ASSAY_LIMIT_ANSWER_BYTES / 1024 / 1024);
      return NULL;
    }
  if (length >= 3 && memcmp (start, UTF8_BOM, 3) == 0)
    scan.p = scan.start = start + 3;
  if (!check_bytes (&scan, error))
    return NULL;

  if (scan_document (&scan))
    root = read_scanned (&scan, error);
  else
    set_fault (&scan, error);
  g_clear_pointer (&scan.integers, g_array_unref);
  return root;
}

/**
 * assay_json_get_object:
 * @object: (nullable): an object
 * @name: a member of it
 *
 * Returns: (transfer none) (nullable): the member if it is there and an object
 */
JsonObject *
assay_json_get_object (JsonObject *object,
                       const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * assay_json_get_array:
 *
 * Returns: (transfer none) (nullable): the member if it is there and an array
 */
JsonArray *
assay_json_get_array (JsonObject *object,
                      const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * assay_json_get_string:
 *
 * Returns: (transfer none) (nullable): the member if it is there and a string
 */
const char *
assay_json_get_string (JsonObject *object,
                       const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

/**
 * assay_json_get_double:
 * @node: (nullable): a value
 * @value: (out): the number as sent
 *
 * Returns: whether @node is a number, and a finite one: 1e999 is none
 */
gboolean
assay_json_get_double (JsonNode *node,
                       double *value)
{
  GType type;

  g_return_val_if_fail (value != NULL, FALSE);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  type = json_node_get_value_type (node);
  if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_double (node);
  return isfinite (*value);
}

static void
append_escaped (GString *out,
                gunichar c)
{
  switch (c)
    {
    case '"':
      g_string_append (out, "\\\"");
      break;
    case '\\':
      g_string_append (out, "\\\\");
      break;
    case '\n':
      g_string_append (out, "\\n");
      break;
    case '\r':
      g_string_append (out, "\\r");
      break;
    case '\t':
      g_string_append (out, "\\t");
      break;
    default:
      /* Line separators break lines in some readers, controls terminals, and marks of
       * direction turn around what a person reads. */
      if (assay_display_is_safe (c))
        g_string_append_unichar (out, c);
      else if (c > 0xFFFF)
        g_string_append_printf (out, "\\u%04x\\u%04x", 0xD7C0 + (c >> 10),
                                0xDC00 + (c & 0x3FF));
      else
        g_string_append_printf (out, "\\u%04x", c);
    }
}

/**
 * assay_json_append_string:
 * @out: what is being written
 * @text: (nullable): any bytes; %NULL is written as null
 *
 * Writes a JSON string in quotes: always valid JSON on one line.  Bytes that are
 * not UTF-8 (surrogates too) become U+FFFD.
 */
void
assay_json_append_string (GString *out,
                          const char *text)
{
  g_return_if_fail (out != NULL);

  if (text == NULL)
    {
      g_string_append (out, "null");
      return;
    }
  g_string_append_c (out, '"');
  while (*text != '\0')
    {
      gunichar c = g_utf8_get_char_validated (text, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append (out, "\uFFFD");
          text++;
        }
      else
        {
          append_escaped (out, c);
          text = g_utf8_next_char (text);
        }
    }
  g_string_append_c (out, '"');
}

/**
 * assay_json_append_double:
 * @out: what is being written
 * @value: a number; written as null if it is not finite
 *
 * Writes the shortest of 15, 16 or 17 digits that reads back as the same
 * double, with a point or an exponent, in no locale.
 */
void
assay_json_append_double (GString *out,
                          double value)
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_if_fail (out != NULL);

  if (!isfinite (value))
    {
      g_string_append (out, "null");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (buffer, sizeof buffer, formats[i], value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  g_string_append (out, buffer);
  if (strpbrk (buffer, ".e") == NULL)
    g_string_append (out, ".0");
}

/**
 * assay_json_append_name:
 * @out: an object that is being written, from its brace on
 * @name: plain, as our own names are
 *
 * Begins a member; its value is to be appended.
 */
void
assay_json_append_name (GString *out,
                        const char *name)
{
  g_return_if_fail (out != NULL && out->len > 0);

  g_string_append_printf (out, "%s\"%s\":", out->str[out->len - 1] == '{' ? "" : ",", name);
}

/**
 * assay_json_add_string:
 * @text: (nullable): the value of member @name
 */
void
assay_json_add_string (GString *out,
                       const char *name,
                       const char *text)
{
  assay_json_append_name (out, name);
  assay_json_append_string (out, text);
}

void
assay_json_add_whole (GString *out,
                      const char *name,
                      gint64 number)
{
  assay_json_append_name (out, name);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
}
