/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Result lines: whatever names, labels and messages hold, NDJSON reads back the
 * same, and CSV has its columns and no formula. */

#include <string.h>

#include "assay-error.h"
#include "assay-export.h"
#include "assay-json.h"
#include "fuzz.h"

/* A label comes out of JSON, and so in UTF-8. */
static AssayPrediction *
make_prediction (const char *label)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();

  if (!g_utf8_validate (label, -1, NULL)
      || !assay_prediction_builder_add (builder, label, 0.75, NULL)
      || !assay_prediction_builder_add (builder, "other", 0.25, NULL))
    return NULL;
  return assay_prediction_builder_end (g_steal_pointer (&builder));
}

/* @name as it was, from itself or from its bytes in base64. */
static void
check_bytes (JsonObject *line,
             const char *name,
             const char *bytes)
{
  g_autofree char *b64_name = g_strconcat (name, "_b64", NULL);
  const char *base64 = assay_json_get_string (line, b64_name);
  g_autofree guchar *decoded = NULL;
  gsize length;

  g_assert_cmpint (base64 == NULL, ==, g_utf8_validate (bytes, -1, NULL));
  if (base64 == NULL)
    {
      g_assert_nonnull (assay_json_get_string (line, name));
      return;
    }
  decoded = g_base64_decode (base64, &length);
  g_assert_cmpmem (decoded, length, bytes, strlen (bytes));
}

static void
check_ndjson (const AssayExportRow *row)
{
  g_autofree char *text = assay_export_ndjson (row);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = assay_json_parse (text, strlen (text), &error);
  JsonObject *line, *first;

  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p != '\0'; p++)
    g_assert_true ((guchar) *p >= 0x20 && *p != 0x7F);
  line = json_node_get_object (root);
  check_bytes (line, "path", row->path);
  check_bytes (line, "member", row->member);
  if (g_utf8_validate (row->model, -1, NULL))
    g_assert_cmpstr (assay_json_get_string (line, "model"), ==, row->model);
  if (row->prediction == NULL)
    return;
  first = json_array_get_object_element (assay_json_get_array (line, "predictions"), 0);
  g_assert_cmpstr (assay_json_get_string (first, "label"), ==,
                   assay_prediction_get_label (row->prediction, 0));
}

/* The cells of one record by RFC 4180; no more and no less than that. */
static GPtrArray *
split_record (const char *record)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);
  const char *p = record;

  for (;;)
    {
      GString *cell = g_string_new (NULL);
      gboolean quoted = *p == '"';

      p += quoted;
      while (*p != '\0' && (quoted ? *p != '"' || p[1] == '"' : *p != ','))
        {
          g_assert_true (quoted || (*p != '"' && *p != '\r' && *p != '\n'));
          p += quoted && *p == '"';
          g_string_append_c (cell, *p++);
        }
      g_assert_true (!quoted || *p == '"');
      p += quoted;
      g_ptr_array_add (cells, g_string_free (cell, FALSE));
      if (*p == '\0')
        return cells;
      g_assert_true (*p == ',');
      p++;
    }
}

static gboolean
is_number (const char *text)
{
  char *end;

  g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static void
check_csv (const AssayExportRow *row)
{
  g_autofree char *header = assay_export_csv_header ();
  g_autofree char *record = assay_export_csv (row);
  g_autoptr (GPtrArray) columns = split_record (header);
  g_autoptr (GPtrArray) cells = split_record (record);

  g_assert_true (g_utf8_validate (record, -1, NULL));
  g_assert_cmpuint (cells->len, ==, columns->len);
  for (guint i = 0; i < cells->len; i++)
    {
      const char *cell = cells->pdata[i];

      g_assert_true (*cell == '\0' || strchr ("=+-@\t\r\n", *cell) == NULL || is_number (cell));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *path = fuzz_take_string (&data, &size);
  g_autofree char *member = fuzz_take_string (&data, &size);
  g_autofree char *label = fuzz_take_string (&data, &size);
  g_autofree char *model = fuzz_take_string (&data, &size);
  g_autofree char *message = fuzz_take_string (&data, &size);
  g_autoptr (AssayPrediction) prediction = make_prediction (label);
  g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_REFUSED, message);
  AssayExportRow row = {
    .path = path, .member = member, .sha256 = "00", .bytes = size, .model = model,
    .version = label, .attempts = 1, .seconds = size / 3.0, .state = ASSAY_ANSWER_ANSWERED,
    .prediction = prediction,
  };

  if (prediction == NULL)
    {
      row.state = ASSAY_ANSWER_FAILED;
      row.error = error;
    }
  check_ndjson (&row);
  check_csv (&row);
  return 0;
}
