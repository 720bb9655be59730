/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-address.h"
#include "assay-offer-text.h"

static gboolean
looks_wide (const char *text,
            gsize size)
{
  return size >= 2 && size % 2 == 0 && text[0] != '\0' && text[1] == '\0';
}

/**
 * assay_offer_text_decode:
 * @bytes: text as it was offered
 *
 * Firefox writes addresses, and pages in a drag, in UTF-16; the rest of the world in
 * UTF-8, and what is older in Latin-1.
 *
 * Returns: (transfer full): it as UTF-8, up to its first NUL
 */
char *
assay_offer_text_decode (GBytes *bytes)
{
  const char *text;
  const char *encoding = "ISO-8859-1";
  gsize size;
  char *decoded;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = g_bytes_get_data (bytes, &size);
  if (size == 0)
    return g_strdup ("");
  if (size >= 2 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0))
    encoding = "UTF-16";
  else if (looks_wide (text, size))
    encoding = "UTF-16LE";
  else
    {
      gsize length = strnlen (text, size);

      if (g_utf8_validate (text, length, NULL))
        return g_strndup (text, length);
    }
  decoded = g_convert (text, size, "UTF-8", encoding, NULL, NULL, NULL);
  return decoded != NULL ? decoded : g_strdup ("");
}

static gboolean
line_is_blank (const char *line)
{
  return *line == '\0' || *line == '#';
}

/* Adds what a line names to one of the two. */
static gboolean
read_line (const char *line,
           GPtrArray *files,
           GPtrArray *addresses)
{
  char *address = assay_address_normalize (line);

  if (address != NULL)
    g_ptr_array_add (addresses, address);
  else if (g_str_has_prefix (line, "file://"))
    g_ptr_array_add (files, g_file_new_for_uri (line));
  else if (g_path_is_absolute (line))
    g_ptr_array_add (files, g_file_new_for_path (line));
  else if (g_str_has_prefix (line, "~/"))
    g_ptr_array_add (files, g_file_new_build_filename (g_get_home_dir (), line + 2, NULL));
  else
    return FALSE;
  return TRUE;
}

/* What only a browser knows how to open. */
static gboolean
is_foreign (const char *address)
{
  static const char *const schemes[] = {
    "http", "https", "data", "blob", "about", "javascript", "chrome", "resource", "mailto", "cid",
  };
  g_autofree char *scheme = g_uri_parse_scheme (address);

  for (guint i = 0; scheme != NULL && i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strcasecmp (scheme, schemes[i]) == 0)
      return TRUE;
  return scheme == NULL;
}

/**
 * assay_offer_text_read_list:
 * @text: a list as RFC 2483 describes it (text/uri-list)
 * @files: (element-type GFile): gets what GIO can open, wherever it is
 * @addresses: (element-type utf8): gets what is fetched from the web
 *
 * Leaves out what is neither, such as what lives in a browser alone.
 */
void
assay_offer_text_read_list (const char *text,
                            GPtrArray *files,
                            GPtrArray *addresses)
{
  g_auto (GStrv) lines = NULL;

  g_return_if_fail (text != NULL);
  g_return_if_fail (files != NULL && addresses != NULL);

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (line_is_blank (line) || read_line (line, files, addresses) || is_foreign (line))
        continue;
      g_ptr_array_add (files, g_file_new_for_uri (line));
    }
}

/**
 * assay_offer_text_read_lines:
 * @text: text that a person dragged or copied
 * @files: (element-type GFile): gets paths and file addresses
 * @addresses: (element-type utf8): gets addresses on the web
 *
 * Every line must name something, or none of it is taken for names.
 *
 * Returns: whether the text names anything
 */
gboolean
assay_offer_text_read_lines (const char *text,
                             GPtrArray *files,
                             GPtrArray *addresses)
{
  g_auto (GStrv) lines = NULL;
  gboolean ok = TRUE;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (files != NULL && addresses != NULL, FALSE);

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; ok && lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);

      ok = line_is_blank (line) || read_line (line, files, addresses);
    }
  if (!ok)
    {
      g_ptr_array_set_size (files, 0);
      g_ptr_array_set_size (addresses, 0);
    }
  return files->len + addresses->len > 0;
}

/* The few entities that programs put into an address. */
static char *
decode_entities (const char *text,
                 gsize length)
{
  static const struct {
    const char *entity;
    char character;
  } table[] = {
    { "&amp;", '&' },  { "&quot;", '"' }, { "&#39;", '\'' },
    { "&apos;", '\'' }, { "&lt;", '<' },   { "&gt;", '>' },
  };
  GString *decoded = g_string_sized_new (length);
  const char *end = text + length;

  while (text < end)
    {
      guint i = 0;

      while (i < G_N_ELEMENTS (table) && !g_str_has_prefix (text, table[i].entity))
        i++;
      g_string_append_c (decoded, i < G_N_ELEMENTS (table) ? table[i].character : *text);
      text += i < G_N_ELEMENTS (table) ? strlen (table[i].entity) : 1;
    }
  return g_string_free (decoded, FALSE);
}

/* Reads one attribute and moves past it; @value and @length are those of its value.
 * At the end of the tag there is none. */
static gboolean
read_attribute (const char **position,
                gboolean *is_src,
                const char **value,
                gsize *length)
{
  const char *p = *position + strspn (*position, " \t\r\n\f/");
  gsize name = strcspn (p, " \t\r\n\f/=>");

  *length = 0;
  if (*p == '\0' || *p == '>')
    return FALSE;
  *is_src = name == 3 && g_ascii_strncasecmp (p, "src", 3) == 0;
  p += MAX (name, 1);
  p += strspn (p, " \t\r\n\f");
  if (*p == '=')
    {
      p += 1 + strspn (p + 1, " \t\r\n\f");
      if (*p == '"' || *p == '\'')
        {
          *value = p + 1;
          *length = strcspn (*value, *p == '"' ? "\"" : "'");
          p = *value + *length;
          p += *p != '\0';
        }
      else
        {
          *value = p;
          *length = strcspn (p, " \t\r\n\f>");
          p += *length;
        }
    }
  *position = p;
  return TRUE;
}

static char *
dup_src (const char **position)
{
  const char *value;
  gsize length;
  gboolean is_src;
  char *src = NULL;

  while (read_attribute (position, &is_src, &value, &length))
    if (is_src && length > 0 && src == NULL)
      src = decode_entities (value, length);
  return src;
}

static const char *
find_image (const char *html)
{
  for (const char *p = strchr (html, '<'); p != NULL; p = strchr (p + 1, '<'))
    if (g_ascii_strncasecmp (p, "<img", 4) == 0 && p[4] != '\0' && strchr (" \t\r\n\f/", p[4]))
      return p + 4;
  return NULL;
}

/**
 * assay_offer_text_find_picture:
 * @html: a piece of a page
 *
 * Returns: (transfer full) (nullable): the address of the one picture in it; %NULL
 *   if there is none, if it is not on the web, or if there are several, of which
 *   nobody can say which was meant
 */
char *
assay_offer_text_find_picture (const char *html)
{
  const char *image;
  g_autofree char *src = NULL;

  g_return_val_if_fail (html != NULL, NULL);

  image = find_image (html);
  if (image == NULL)
    return NULL;
  src = dup_src (&image);
  if (src == NULL || find_image (image) != NULL)
    return NULL;
  return assay_address_normalize (src);
}

/**
 * assay_offer_text_find_name:
 * @media_type: what bytes are offered as, maybe with their file's name
 *
 * Returns: (transfer full) (nullable): the name, without a folder
 */
char *
assay_offer_text_find_name (const char *media_type)
{
  const char *parameter;
  g_autofree char *name = NULL;

  g_return_val_if_fail (media_type != NULL, NULL);

  parameter = strstr (media_type, "name=\"");
  if (parameter == NULL)
    return NULL;
  parameter += strlen ("name=\"");
  name = g_strndup (parameter, strcspn (parameter, "\""));
  if (*name == '\0' || strpbrk (name, "/\\") != NULL || !g_utf8_validate (name, -1, NULL))
    return NULL;
  return g_steal_pointer (&name);
}
