/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's side of the contract that stands in assay-protocol-mlf.c. */

#include "config.h"

#include "assay-json.h"
#include "assay-protocol-mlf.h"

static void
append_member (GString *out,
               const char *name,
               const char *value)
{
  char last = out->len > 0 ? out->str[out->len - 1] : '{';

  if (last != '{' && last != '[')
    g_string_append_c (out, ',');
  g_string_append_printf (out, "\"%s\":", name);
  if (value != NULL)
    assay_json_append_string (out, value);
}

static void
append_results (GString *out,
                const AssayPrediction *prediction)
{
  g_string_append_c (out, '[');
  for (guint rank = 0; rank < assay_prediction_get_n (prediction); rank++)
    {
      g_string_append (out, rank > 0 ? ",{" : "{");
      append_member (out, "label", assay_prediction_get_label (prediction, rank));
      append_member (out, "score", NULL);
      assay_json_append_double (out, assay_prediction_get_score (prediction, rank));
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

static char *
format_time (gint64 time_us,
             const char *zone,
             guint decimals)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autofree char *seconds = NULL;
  guint fraction = time_us % G_USEC_PER_SEC;

  g_return_val_if_fail (time != NULL, g_strdup (""));

  seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  return decimals == 3 ? g_strdup_printf ("%s.%03u%s", seconds, fraction / 1000, zone)
                       : g_strdup_printf ("%s.%06u%s", seconds, fraction, zone);
}

/**
 * assay_mlf_format_answer:
 * @id: the job's id, a UUID
 * @results: (array length=n_results): a prediction for each picture, in the order received
 * @processed_time_us: microseconds since 1970 (UTC), not negative
 *
 * Returns: (transfer full): the body of a successful answer, on one line
 */
char *
assay_mlf_format_answer (const char *id,
                         const AssayMlfResult *results,
                         guint n_results,
                         gint64 processed_time_us)
{
  GString *out = g_string_new ("{");
  g_autofree char *time = format_time (processed_time_us, "+00:00", 6);

  append_member (out, "id", id != NULL ? id : "");
  append_member (out, "predictions", NULL);
  g_string_append_c (out, '[');
  for (guint i = 0; i < n_results; i++)
    {
      g_string_append (out, i > 0 ? ",{" : "{");
      append_member (out, "name", results[i].name);
      append_member (out, "results", NULL);
      append_results (out, results[i].prediction);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
  append_member (out, "processedTime", time);
  append_member (out, "status", "DONE");
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/**
 * assay_mlf_format_error:
 * @status: the HTTP status, written as text into "code"
 * @message: what is wrong
 * @request_id: (nullable): for the log
 *
 * Returns: (transfer full): the body of an error, on one line
 */
char *
assay_mlf_format_error (guint status,
                        const char *message,
                        const char *request_id)
{
  GString *out = g_string_new ("{\"error\":{");
  g_autofree char *code = g_strdup_printf ("%u", status);

  if (request_id != NULL)
    append_member (out, "requestId", request_id);
  append_member (out, "code", code);
  append_member (out, "message", message != NULL ? message : "");
  g_string_append (out, "}}");
  return g_string_free (out, FALSE);
}

static void
append_version (GString *out,
                const AssayModelVersion *version)
{
  g_autofree char *created = NULL;

  g_string_append_c (out, '{');
  append_member (out, "modelName", version->model);
  append_member (out, "version", version->version);
  if (version->created > 0)
    {
      created = format_time (version->created, "Z", 3);
      append_member (out, "createdAt", created);
      append_member (out, "updatedAt", created);
    }
  if (version->labels != NULL)
    {
      append_member (out, "labels", NULL);
      g_string_append_c (out, '[');
      for (guint i = 0; version->labels[i] != NULL; i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          assay_json_append_string (out, version->labels[i]);
        }
      g_string_append_c (out, ']');
    }
  g_string_append_c (out, '}');
}

static void
append_versions (GString *out,
                 AssayModelVersion *const *versions,
                 guint n_versions,
                 const char *model)
{
  gboolean first = TRUE;

  append_member (out, "versions", NULL);
  g_string_append_c (out, '[');
  for (guint i = 0; i < n_versions; i++)
    if (strcmp (versions[i]->model, model) == 0)
      {
        if (!first)
          g_string_append_c (out, ',');
        first = FALSE;
        append_version (out, versions[i]);
      }
  g_string_append_c (out, ']');
}

static gboolean
is_first_of_model (AssayModelVersion *const *versions,
                   guint index)
{
  for (guint i = 0; i < index; i++)
    if (strcmp (versions[i]->model, versions[index]->model) == 0)
      return FALSE;
  return TRUE;
}

/**
 * assay_mlf_format_models:
 * @versions: (array length=n_versions): every version, in the order to list them
 * @model: (nullable): %NULL for the list of all models (GET …/models), or one
 *   model's name for its versions alone (GET …/models/{name}/versions)
 *
 * Returns: (transfer full): the body of the answer, on one line
 */
char *
assay_mlf_format_models (AssayModelVersion *const *versions,
                         guint n_versions,
                         const char *model)
{
  GString *out = g_string_new ("{");

  if (model != NULL)
    append_versions (out, versions, n_versions, model);
  else
    {
      g_string_append (out, "\"models\":[");
      for (guint i = 0; i < n_versions; i++)
        if (is_first_of_model (versions, i))
          {
            g_string_append (out, i > 0 ? ",{" : "{");
            append_member (out, "name", versions[i]->model);
            append_versions (out, versions, n_versions, versions[i]->model);
            g_string_append_c (out, '}');
          }
      g_string_append_c (out, ']');
    }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/* The same model and version have the same id after a restart. */
static char *
deployment_id (const AssayModelVersion *version)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *hex;

  g_checksum_update (checksum, (const guchar *) version->model, strlen (version->model) + 1);
  g_checksum_update (checksum, (const guchar *) version->version, strlen (version->version));
  hex = g_checksum_get_string (checksum);
  return g_strdup_printf ("ms-%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
                          hex + 20);
}

/**
 * assay_mlf_format_deployments:
 * @versions: (array length=n_versions): versions with their states; those with
 *   the state "" were never deployed and are left out
 *
 * Returns: (transfer full): the body of the answer, on one line
 */
char *
assay_mlf_format_deployments (AssayModelVersion *const *versions,
                              guint n_versions)
{
  GString *out = g_string_new ("{\"deployments\":[");
  gboolean first = TRUE;

  for (guint i = 0; i < n_versions; i++)
    {
      g_autofree char *id = NULL;

      if (versions[i]->state == NULL || *versions[i]->state == '\0')
        continue;
      id = deployment_id (versions[i]);
      g_string_append (out, first ? "{" : ",{");
      first = FALSE;
      append_member (out, "id", id);
      append_member (out, "modelName", versions[i]->model);
      append_member (out, "modelVersion", versions[i]->version);
      append_member (out, "status", NULL);
      g_string_append_c (out, '{');
      append_member (out, "state", versions[i]->state);
      append_member (out, "description",
                     versions[i]->description != NULL ? versions[i]->description : "");
      g_string_append (out, "}}");
    }
  g_string_append (out, "]}");
  return g_string_free (out, FALSE);
}
