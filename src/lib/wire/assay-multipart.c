/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-limits.h"
#include "assay-multipart.h"

#define FALLBACK_NAME "file"
#define FALLBACK_TYPE "application/octet-stream"
#define EXTENSION_BYTES 16

/* One stretch: bytes or a payload, never both. */
typedef struct {
  GBytes *bytes;
  AssayPayload *payload;
} Part;

/* length is the sum of the parts'.  Appending happens before the body is shared;
 * from then on it is only read, on any thread. */
struct _AssayBody {
  char *media_type;
  GArray *parts;
  guint64 length;
};

static void
part_clear (gpointer data)
{
  Part *part = data;

  g_clear_pointer (&part->bytes, g_bytes_unref);
  g_clear_pointer (&part->payload, assay_payload_unref);
}

/**
 * assay_body_new:
 * @media_type: what the Content-Type header says
 *
 * Returns: (transfer full): an empty body to append to
 */
AssayBody *
assay_body_new (const char *media_type)
{
  AssayBody *self;

  g_return_val_if_fail (media_type != NULL, NULL);

  self = g_atomic_rc_box_new0 (AssayBody);
  self->media_type = g_strdup (media_type);
  self->parts = g_array_new (FALSE, TRUE, sizeof (Part));
  g_array_set_clear_func (self->parts, part_clear);
  return self;
}

/**
 * assay_body_append_bytes:
 * @bytes: (transfer none): what comes next
 *
 * Only before the body is handed on.
 */
void
assay_body_append_bytes (AssayBody *self,
                         GBytes *bytes)
{
  Part part = { 0 };

  g_return_if_fail (self != NULL);
  g_return_if_fail (bytes != NULL);

  part.bytes = g_bytes_ref (bytes);
  self->length += g_bytes_get_size (bytes);
  g_array_append_val (self->parts, part);
}

/**
 * assay_body_append_payload:
 * @payload: (transfer none): what comes next; opened only when it is sent
 *
 * Only before the body is handed on.
 */
void
assay_body_append_payload (AssayBody *self,
                           AssayPayload *payload)
{
  Part part = { 0 };

  g_return_if_fail (self != NULL);
  g_return_if_fail (payload != NULL);

  part.payload = assay_payload_ref (payload);
  self->length += assay_payload_get_length (payload);
  g_array_append_val (self->parts, part);
}

AssayBody *
assay_body_ref (AssayBody *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
body_clear (gpointer data)
{
  AssayBody *self = data;

  g_array_unref (self->parts);
  g_free (self->media_type);
}

void
assay_body_unref (AssayBody *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, body_clear);
}

const char *
assay_body_get_media_type (const AssayBody *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->media_type;
}

/**
 * assay_body_get_length:
 *
 * Returns: the bytes of all parts together: the Content-Length
 */
guint64
assay_body_get_length (const AssayBody *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}

guint
assay_body_get_n_parts (const AssayBody *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->parts->len;
}

/**
 * assay_body_open_part:
 * @part: below assay_body_get_n_parts()
 * @cancellable: (nullable): stops a slow open
 * @error: what opening the payload said
 *
 * Opens one stretch of the body from its start, as often as needed, on any
 * thread.
 *
 * Returns: (transfer full) (nullable): a stream
 */
GInputStream *
assay_body_open_part (const AssayBody *self,
                      guint part,
                      GCancellable *cancellable,
                      GError **error)
{
  const Part *found;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (part < self->parts->len, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  found = &g_array_index (self->parts, Part, part);
  if (found->payload != NULL)
    return assay_payload_open (found->payload, cancellable, error);
  return g_memory_input_stream_new_from_bytes (found->bytes);
}

static GBytes *
part_get_bytes (const Part *part)
{
  return part->payload != NULL ? assay_payload_get_bytes (part->payload) : part->bytes;
}

/**
 * assay_body_get_bytes:
 *
 * Copies a body that is held in memory into one piece.
 *
 * Returns: (transfer full) (nullable): the whole body; %NULL if some payload
 *   lies elsewhere and has to be opened
 */
GBytes *
assay_body_get_bytes (const AssayBody *self)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->parts->len; i++)
    {
      GBytes *bytes = part_get_bytes (&g_array_index (self->parts, Part, i));
      gsize length;
      gconstpointer data;

      if (bytes == NULL)
        return NULL;
      data = g_bytes_get_data (bytes, &length);
      if (length > 0)
        g_byte_array_append (all, data, length);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

/**
 * assay_multipart_dup_unique_boundary:
 *
 * 122 random bits: whoever made a picture cannot have put the boundary into it.
 *
 * Returns: (transfer full): a boundary (RFC 2046, 5.1.1), letters, digits and
 *   hyphens
 */
char *
assay_multipart_dup_unique_boundary (void)
{
  g_autofree char *uuid = g_uuid_string_random ();

  return g_strconcat ("assay-boundary-", uuid, NULL);
}

/* One character of a name as it stands between the quotes. */
static void
append_name_char (GString *out,
                  gunichar c)
{
  if (c == '"')
    g_string_append (out, "%22");
  else if (c == '\\')
    g_string_append (out, "%5C");
  else if (c == '\r')
    g_string_append (out, "%0D");
  else if (c == '\n')
    g_string_append (out, "%0A");
  else if (c < 0x20 || (c >= 0x7F && c < 0xA0))
    g_string_append_c (out, '_');
  else
    g_string_append_unichar (out, c);
}

/* As many whole characters of @name as fit @room, written as they are sent. */
static char *
encode_name (const char *name,
             gsize length,
             gsize room)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *end = name + length;

  while (name < end)
    {
      gunichar c = g_utf8_get_char_validated (name, end - name);
      gboolean valid = c != (gunichar) -1 && c != (gunichar) -2;
      gsize before = out->len;

      append_name_char (out, valid ? c : 0xFFFD);
      if (out->len > room)
        {
          g_string_truncate (out, before);
          break;
        }
      name = valid ? g_utf8_next_char (name) : name + 1;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Where ".jpg" begins; the end if there is no such thing. */
static const char *
find_extension (const char *name)
{
  const char *dot = strrchr (name, '.');

  if (dot == NULL || dot == name || strlen (dot) > EXTENSION_BYTES)
    return name + strlen (name);
  return dot;
}

/* The name to send: "stem", a number if it is not the first of its name, ".ext". */
static char *
compose_name (const char *name,
              guint number)
{
  const char *dot = find_extension (name);
  g_autofree char *extension = encode_name (dot, strlen (dot), G_MAXSIZE);
  g_autofree char *mark = number > 1 ? g_strdup_printf (" (%u)", number) : g_strdup ("");
  g_autofree char *stem = encode_name (name, dot - name,
                                       ASSAY_LIMIT_NAME_BYTES - strlen (mark) - strlen (extension));

  return g_strconcat (stem, mark, extension, NULL);
}

/**
 * assay_multipart_dup_names:
 * @payloads: (array length=n_payloads): what is sent
 *
 * The file names exactly as assay_multipart_new() writes them between the
 * quotes: the last component of the payload's name in UTF-8, with '"' as %22, CR
 * as %0D and LF as %0A as browsers do (HTML Standard, multipart form data), '\'
 * as %5C besides, because some parsers take it for an escape, other control
 * characters as '_' and what is not UTF-8 as U+FFFD; never empty, at most
 * %ASSAY_LIMIT_NAME_BYTES long, the extension kept.  Equal names get a number,
 * so that the answer can be told apart.
 *
 * Returns: (transfer full): a name for each payload
 */
char **
assay_multipart_dup_names (AssayPayload *const *payloads,
                           guint n_payloads)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  char **names = g_new0 (char *, n_payloads + 1);

  for (guint i = 0; i < n_payloads; i++)
    {
      const char *path = assay_payload_get_name (payloads[i]);
      const char *slash = strrchr (path, '/');
      const char *name = slash != NULL ? slash + 1 : path;

      if (*name == '\0')
        name = FALLBACK_NAME;
      names[i] = compose_name (name, 1);
      for (guint number = 2; g_hash_table_contains (taken, names[i]); number++)
        {
          g_free (names[i]);
          names[i] = compose_name (name, number);
        }
      g_hash_table_add (taken, names[i]);
    }
  return names;
}

/* A type that is not plainly one is not written: it could end the header. */
static const char *
safe_media_type (const char *type)
{
  const char *slash = strchr (type, '/');

  if (slash == NULL || slash == type || slash[1] == '\0')
    return FALLBACK_TYPE;
  for (const char *p = type; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("/.+-_!#$&^", *p) == NULL)
      return FALLBACK_TYPE;
  return type;
}

static void
append_text (AssayBody *self,
             char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  assay_body_append_bytes (self, bytes);
}

/**
 * assay_multipart_new:
 * @field: the name of every part, such as "files"
 * @payloads: (array length=n_payloads): one part each
 *
 * A multipart/form-data body (RFC 7578).  The part headers are written here,
 * because the file name must be in `filename` itself (many services read no
 * `filename*`) and because nothing in a name may end its header line.
 *
 * Returns: (transfer full): the body, its length known
 */
AssayBody *
assay_multipart_new (const char *field,
                     AssayPayload *const *payloads,
                     guint n_payloads)
{
  g_autofree char *boundary = assay_multipart_dup_unique_boundary ();
  g_autofree char *type = g_strconcat ("multipart/form-data; boundary=", boundary, NULL);
  g_autofree char *safe_field = NULL;
  g_auto (GStrv) names = NULL;
  AssayBody *self;

  g_return_val_if_fail (field != NULL, NULL);
  g_return_val_if_fail (payloads != NULL || n_payloads == 0, NULL);

  self = assay_body_new (type);
  safe_field = encode_name (field, strlen (field), G_MAXSIZE);
  names = assay_multipart_dup_names (payloads, n_payloads);
  for (guint i = 0; i < n_payloads; i++)
    {
      const char *part_type = safe_media_type (assay_payload_get_media_type (payloads[i]));

      append_text (self, g_strdup_printf ("%s--%s\r\n"
                                          "Content-Disposition: form-data; "
                                          "name=\"%s\"; filename=\"%s\"\r\n"
                                          "Content-Type: %s\r\n\r\n",
                                          i > 0 ? "\r\n" : "", boundary, safe_field, names[i],
                                          part_type));
      assay_body_append_payload (self, payloads[i]);
    }
  append_text (self, g_strdup_printf ("%s--%s--\r\n", n_payloads > 0 ? "\r\n" : "", boundary));
  return self;
}
