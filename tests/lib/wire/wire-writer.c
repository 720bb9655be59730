/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes what the room writes, for parsers that others wrote (wire_parsed.py).
 *
 *   wire-writer multipart NAME TYPE FILE…   a MIME message, its body on standard output
 *   wire-writer ndjson | csv                a line for each record on standard input
 *   wire-writer answer                      an MLF answer of one prediction
 *
 * A record is a number of texts, each ended by NUL: path, member, label, score and
 * error message for ndjson and csv; label and score for answer. */

#include <stdio.h>
#include <string.h>

#include "assay-error.h"
#include "assay-export.h"
#include "assay-multipart.h"
#include "assay-protocol-mlf.h"

static int
write_multipart (int n,
                 char **args)
{
  g_autoptr (GPtrArray) payloads = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_payload_unref);
  g_autoptr (AssayBody) body = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize length;
  gconstpointer data;

  for (int i = 0; i + 2 < n; i += 3)
    {
      char *content;
      gsize size;
      g_autoptr (GBytes) file = NULL;

      if (!g_file_get_contents (args[i + 2], &content, &size, NULL))
        return 1;
      file = g_bytes_new_take (content, size);
      g_ptr_array_add (payloads, assay_payload_new_bytes (args[i], args[i + 1], file));
    }
  body = assay_multipart_new ("files", (AssayPayload *const *) payloads->pdata, payloads->len);
  bytes = assay_body_get_bytes (body);
  data = g_bytes_get_data (bytes, &length);
  printf ("MIME-Version: 1.0\r\nContent-Type: %s\r\nContent-Length: %" G_GUINT64_FORMAT "\r\n\r\n",
          assay_body_get_media_type (body), assay_body_get_length (body));
  return fwrite (data, 1, length, stdout) == length && fflush (stdout) == 0 ? 0 : 1;
}

static char **
read_fields (void)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) field = g_string_new (NULL);
  int c;

  while ((c = getchar ()) != EOF)
    if (c != '\0')
      g_string_append_c (field, c);
    else
      {
        g_ptr_array_add (fields, g_strdup (field->str));
        g_string_truncate (field, 0);
      }
  g_ptr_array_add (fields, NULL);
  return (char **) g_ptr_array_steal (fields, NULL);
}

static AssayPrediction *
predict (char **pairs,
         gsize n)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  for (gsize i = 0; i + 1 < n; i += 2)
    if (!assay_prediction_builder_add (builder, pairs[i], g_ascii_strtod (pairs[i + 1], NULL), NULL))
      g_error ("a score is not finite");
  return assay_prediction_builder_end (builder);
}

static void
write_lines (gboolean csv)
{
  g_auto (GStrv) fields = read_fields ();

  if (csv)
    {
      g_autofree char *header = assay_export_csv_header ();

      printf ("%s\r\n", header);
    }
  for (gsize i = 0; i + 4 < g_strv_length (fields); i += 5)
    {
      g_autoptr (AssayPrediction) prediction = predict (fields + i + 2, 2);
      g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_REFUSED, fields[i + 4]);
      const AssayExportRow row = {
        .path = fields[i], .member = fields[i + 1], .state = ASSAY_ANSWER_ANSWERED, .prediction = prediction,
        .model = fields[i + 2], .version = "1", .attempts = 1, .seconds = 0.25, .error = error,
      };
      g_autofree char *line = csv ? assay_export_csv (&row) : assay_export_ndjson (&row);

      printf (csv ? "%s\r\n" : "%s\n", line);
    }
}

static void
write_answer (void)
{
  g_auto (GStrv) fields = read_fields ();
  g_autoptr (AssayPrediction) prediction = predict (fields, g_strv_length (fields));
  const AssayMlfResult result = { "rose.jpg", prediction };
  g_autofree char *text = assay_mlf_format_answer ("id", &result, 1, 0);

  puts (text);
}

int
main (int argc,
      char *argv[])
{
  const char *mode = argc > 1 ? argv[1] : "";

  if (strcmp (mode, "multipart") == 0)
    return write_multipart (argc - 2, argv + 2);
  if (strcmp (mode, "answer") == 0)
    write_answer ();
  else
    write_lines (strcmp (mode, "csv") == 0);
  return 0;
}
