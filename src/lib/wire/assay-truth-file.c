/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A table "file,label" as a person types it or a spreadsheet writes it.
 *
 * Text: UTF-8 with or without a byte order mark, UTF-16 with one (what Excel calls
 * "Unicode Text"), or else Windows-1252 (what it calls "CSV" in the west).  Records end
 * at CR, LF or both; fields are divided by a comma, a semicolon, a tab or a bar,
 * whichever the first record has most of; a field that begins with a quotation mark ends
 * at the next single one, and holds whatever stands in between (RFC 4180).  A first
 * record that names its columns says which of them count; otherwise the first is the
 * file and the second the label.  What assay_export_csv() writes is read too: there a
 * picture in an archive has the archive's path and a "member". */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-truth-file.h"

static const char dividers[] = { ',', ';', '\t', '|' };

static const char *const file_names[] = { "file", "filename", "file name", "file_name", "path",
                                          "image", "picture", "name", NULL };
static const char *const label_names[] = { "truth", "label", "true label", "true_label", "class",
                                           "category", "target", NULL };

static const char *const member_names[] = { "member", NULL };

/* Which fields of a record count. */
typedef struct {
  guint file;
  guint label;
  int member;                 /* of the file, an archive, as what is exported has it; -1 for none */
} Columns;

/* Where in the text, and what the first record said. */
typedef struct {
  const char *at;
  const char *end;
  guint line;                 /* of @at */
  guint record_line;          /* where the record began */
  char divider;
} Scan;

void
assay_truth_row_free (AssayTruthRow *self)
{
  g_free (self->file);
  g_free (self->label);
  g_free (self);
}

/* ---- text ---- */

static char *
convert (const char *data,
         gsize size,
         const char *from,
         GError **error)
{
  g_autoptr (GError) reason = NULL;
  gsize length;
  g_autofree char *text = g_convert (data, size, "UTF-8", from, NULL, &length, &reason);

  if (text != NULL && memchr (text, '\0', length) == NULL)
    return g_steal_pointer (&text);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               _("The table is no text that can be read. Save it as CSV in UTF-8."));
  return NULL;
}

static char *
dup_text (GBytes *bytes,
          GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  /* Of no bytes there is no address. */
  if (size == 0)
    return g_strdup ("");
  if (size > ASSAY_LIMIT_TRUTH_BYTES)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                   _("The table has more than %u MB. Divide it into several."),
                   ASSAY_LIMIT_TRUTH_BYTES / 1000 / 1000);
      return NULL;
    }
  if (size >= 2 && memcmp (data, "\xff\xfe", 2) == 0)
    return convert (data + 2, size - 2, "UTF-16LE", error);
  if (size >= 2 && memcmp (data, "\xfe\xff", 2) == 0)
    return convert (data + 2, size - 2, "UTF-16BE", error);
  if (size >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      data += 3;
      size -= 3;
    }
  if (size > 0 && memchr (data, '\0', size) != NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("The table is no text that can be read. Save it as CSV in UTF-8."));
      return NULL;
    }
  if (g_utf8_validate (data, size, NULL))
    return g_strndup (data, size);
  return convert (data, size, "WINDOWS-1252", error);
}

/* ---- records ---- */

static gboolean
at_record_end (const Scan *scan)
{
  return scan->at == scan->end || *scan->at == '\n' || *scan->at == '\r';
}

static void
pass_record_end (Scan *scan)
{
  if (scan->at == scan->end)
    return;
  if (*scan->at == '\r' && scan->at + 1 < scan->end && scan->at[1] == '\n')
    scan->at++;
  scan->at++;
  scan->line++;
}

/* From behind the opening quotation mark to behind the closing one. */
static gboolean
read_quoted (Scan *scan,
             GString *field,
             GError **error)
{
  guint line = scan->line;

  for (scan->at++; scan->at < scan->end; scan->at++)
    {
      if (*scan->at == '"')
        {
          scan->at++;
          if (scan->at == scan->end || *scan->at != '"')
            return TRUE;
        }
      else if (*scan->at == '\n' || (*scan->at == '\r' && scan->at[1] != '\n'))
        scan->line++;
      g_string_append_c (field, *scan->at);
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               _("Line %u: a quotation mark opens a field that never ends."), line);
  return FALSE;
}

static char *
read_field (Scan *scan,
            GError **error)
{
  g_autoptr (GString) field = g_string_new (NULL);

  if (scan->at < scan->end && *scan->at == '"' && !read_quoted (scan, field, error))
    return NULL;
  /* What follows a closing mark belongs to the field, as spreadsheets read it. */
  for (; !at_record_end (scan) && *scan->at != scan->divider; scan->at++)
    g_string_append_c (field, *scan->at);
  return g_strstrip (g_string_free (g_steal_pointer (&field), FALSE));
}

/* Returns: (transfer full): NULL on error, no fields at the end of the text. */
static GPtrArray *
read_record (Scan *scan,
             GError **error)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);

  scan->record_line = scan->line;
  while (scan->at < scan->end)
    {
      char *field = read_field (scan, error);

      if (field == NULL)
        return NULL;
      if (fields->len < ASSAY_LIMIT_TRUTH_COLUMNS)
        g_ptr_array_add (fields, field);
      else
        g_free (field);
      if (at_record_end (scan))
        {
          pass_record_end (scan);
          break;
        }
      scan->at++;
      /* A divider at the very end has an empty field behind it. */
      if (scan->at == scan->end)
        g_ptr_array_add (fields, g_strdup (""));
    }
  return g_steal_pointer (&fields);
}

/* Of the first line that is not empty, outside of quotation marks. */
static char
find_divider (const char *text)
{
  guint counts[G_N_ELEMENTS (dividers)] = { 0 };
  guint best = 0;
  gboolean quoted = FALSE;

  text += strspn (text, "\r\n");
  for (; *text != '\0' && (quoted || (*text != '\n' && *text != '\r')); text++)
    {
      if (*text == '"')
        quoted = !quoted;
      for (guint i = 0; i < G_N_ELEMENTS (dividers) && !quoted; i++)
        counts[i] += *text == dividers[i];
    }
  for (guint i = 1; i < G_N_ELEMENTS (dividers); i++)
    if (counts[i] > counts[best])
      best = i;
  return dividers[best];
}

/* ---- columns ---- */

static int
find_column (GPtrArray *fields,
             const char *const *names)
{
  for (; *names != NULL; names++)
    for (guint i = 0; i < fields->len; i++)
      if (g_ascii_strcasecmp (g_ptr_array_index (fields, i), *names) == 0)
        return i;
  return -1;
}

/* Whether the record names the columns; they are the first two otherwise. */
static gboolean
take_header (GPtrArray *fields,
             Columns *columns)
{
  int file = find_column (fields, file_names);
  int label = find_column (fields, label_names);

  /* Of two columns the other one is the label, however it is called. */
  if (file >= 0 && label < 0 && fields->len == 2)
    label = 1 - file;
  if (file < 0 || label < 0 || file == label)
    return FALSE;
  columns->file = file;
  columns->label = label;
  columns->member = find_column (fields, member_names);
  return TRUE;
}

static gboolean
is_blank (GPtrArray *fields)
{
  for (guint i = 0; i < fields->len; i++)
    if (*(const char *) g_ptr_array_index (fields, i) != '\0')
      return FALSE;
  return TRUE;
}

static char *
dup_file (GPtrArray *fields,
          const Columns *columns)
{
  const char *file = g_ptr_array_index (fields, columns->file);
  const char *member = NULL;

  if (columns->member >= 0 && (guint) columns->member < fields->len)
    member = g_ptr_array_index (fields, columns->member);
  return member != NULL && *member != '\0' ? g_strconcat (file, "/", member, NULL) : g_strdup (file);
}

static gboolean
take_row (GPtrArray *rows,
          GPtrArray *fields,
          const Columns *columns,
          guint line,
          GError **error)
{
  AssayTruthRow *row;
  const char *label;

  if (MAX (columns->file, columns->label) >= fields->len)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("Line %u: a file and a label are needed, divided by a comma."), line);
      return FALSE;
    }
  label = g_ptr_array_index (fields, columns->label);
  if (*(const char *) g_ptr_array_index (fields, columns->file) == '\0')
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("Line %u: the file has no name."), line);
      return FALSE;
    }
  /* Not yet known, like a file that isn't named at all. */
  if (*label == '\0')
    return TRUE;
  if (rows->len >= ASSAY_LIMIT_TRUTH_ROWS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                   _("The table has more than %u lines. Divide it into several."),
                   ASSAY_LIMIT_TRUTH_ROWS);
      return FALSE;
    }
  row = g_new (AssayTruthRow, 1);
  row->file = dup_file (fields, columns);
  row->label = g_strdup (label);
  row->line = line;
  g_ptr_array_add (rows, row);
  return TRUE;
}

/**
 * assay_truth_file_parse:
 * @bytes: of the whole file
 * @error: %ASSAY_ERROR_USAGE, with the line, or %ASSAY_ERROR_TOO_LARGE
 *
 * Reads which files show what.  Lines without anything, and files without a label, are
 * passed over.
 *
 * Returns: (transfer full) (element-type AssayTruthRow) (nullable): in their order, at
 *   least one
 */
GPtrArray *
assay_truth_file_parse (GBytes *bytes,
                        GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *text = NULL;
  Scan scan = { .line = 1 };
  Columns columns = { .file = 0, .label = 1, .member = -1 };
  gboolean first = TRUE;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = dup_text (bytes, error);
  if (text == NULL)
    return NULL;
  rows = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_truth_row_free);
  scan.at = text;
  scan.end = text + strlen (text);
  scan.divider = find_divider (text);
  while (scan.at < scan.end)
    {
      g_autoptr (GPtrArray) fields = read_record (&scan, error);

      if (fields == NULL)
        return NULL;
      if (is_blank (fields))
        continue;
      if (!(first && take_header (fields, &columns))
          && !take_row (rows, fields, &columns, scan.record_line, error))
        return NULL;
      first = FALSE;
    }
  if (rows->len > 0)
    return g_steal_pointer (&rows);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               _("The table names no file with a label. A line is “file,label”."));
  return NULL;
}
