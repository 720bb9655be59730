/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-bundle.h"
#include "assay-error.h"
#include "assay-export.h"
#include "assay-json.h"
#include "assay-limits.h"

/* Whole numbers up to here are doubles too. */
#define MAX_WHOLE 9007199254740992.0

/* In the order of the states that are final. */
static const struct {
  AssayAnswerState state;
  const char *name;
} STATES[] = {
  { ASSAY_ANSWER_ANSWERED, "ok" },
  { ASSAY_ANSWER_FAILED, "failed" },
  { ASSAY_ANSWER_REJECTED, "rejected" },
  { ASSAY_ANSWER_CANCELED, "canceled" },
};

/* ---- writing ---- */

/* The day for people; the microseconds beside it are what is read. */
static void
append_time (GString *out,
             const char *name,
             gint64 when)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (when / G_USEC_PER_SEC);
  g_autofree char *text = when != 0 && utc != NULL ? g_date_time_format_iso8601 (utc) : NULL;
  g_autofree char *exact = g_strconcat (name, "_us", NULL);

  assay_json_add_string (out, name, text != NULL ? text : "");
  assay_json_add_whole (out, exact, when);
}

static void
append_run (GString *out,
            const AssayBundleRun *run)
{
  g_string_append_c (out, '{');
  assay_json_add_string (out, "model", run->model);
  assay_json_add_string (out, "version", run->version);
  assay_json_add_string (out, "service", run->service);
  assay_json_add_string (out, "protocol", run->protocol);
  assay_json_add_string (out, "given_as", run->name);
  append_time (out, "started", run->started);
  append_time (out, "ended", run->ended);
  assay_json_add_whole (out, "given", run->given);
  g_string_append_c (out, '}');
}

/**
 * assay_bundle_dup_settings:
 *
 * Returns: (transfer full): how it was made, as settings.json has it
 */
char *
assay_bundle_dup_settings (AssayBundle *self)
{
  GString *out = g_string_new ("{");

  assay_json_add_string (out, "format", ASSAY_BUNDLE_FORMAT);
  assay_json_add_whole (out, "format_version", ASSAY_BUNDLE_VERSION);
  assay_json_add_string (out, "assay", self->program);
  assay_json_append_name (out, "threshold");
  assay_json_append_double (out, self->threshold);
  assay_json_add_string (out, "truth", self->truth);
  assay_json_add_whole (out, "images", self->images->len);
  assay_json_append_name (out, "versions");
  for (guint i = 0; i < self->runs->len; i++)
    {
      g_string_append (out, i > 0 ? ",\n" : "[\n");
      append_run (out, g_ptr_array_index (self->runs, i));
    }
  g_string_append (out, "]}\n");
  return g_string_free (out, FALSE);
}

/**
 * assay_bundle_dup_images:
 *
 * Returns: (transfer full): a line for each image
 */
char *
assay_bundle_dup_images (AssayBundle *self)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->images->len; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->images, i);

      g_string_append_c (out, '{');
      assay_json_add_whole (out, "image", i);
      assay_json_add_string (out, "name", image->name);
      assay_json_add_string (out, "sha256", image->sha256);
      assay_json_add_whole (out, "bytes", image->bytes);
      assay_json_add_string (out, "truth", image->truth);
      assay_json_add_string (out, "truth_source", image->truth_source);
      g_string_append (out, "}\n");
    }
  return g_string_free (out, FALSE);
}

static const char *
get_state_name (AssayAnswerState state)
{
  for (guint i = 0; i < G_N_ELEMENTS (STATES); i++)
    if (STATES[i].state == state)
      return STATES[i].name;
  return "canceled";
}

/* In the order in which they came, to the last bit. */
static void
append_predictions (GString *out,
                    const AssayPrediction *prediction)
{
  guint n = prediction != NULL ? assay_prediction_get_n (prediction) : 0;

  assay_json_append_name (out, "predictions");
  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++)
    {
      g_string_append (out, i > 0 ? ",{" : "{");
      assay_json_add_string (out, "label", assay_prediction_get_sent_label (prediction, i));
      assay_json_append_name (out, "score");
      assay_json_append_double (out, assay_prediction_get_sent_score (prediction, i));
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

static gboolean
has_error (AssayAnswerState state)
{
  return state == ASSAY_ANSWER_FAILED || state == ASSAY_ANSWER_REJECTED;
}

/**
 * assay_bundle_dup_answers:
 *
 * Returns: (transfer full): a line for each image that the version has an answer of, with
 *   labels and scores in the order in which the service sent them
 */
char *
assay_bundle_dup_answers (AssayBundle *self,
                          guint run)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->images->len; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->images, i);
      const AssayBundleAnswer *answer = assay_bundle_get_answer (self, run, i);

      if (answer == NULL)
        continue;
      g_string_append_c (out, '{');
      assay_json_add_whole (out, "image", i);
      assay_json_add_string (out, "sha256", image->sha256);
      assay_json_add_string (out, "sent_sha256", answer->sent_sha256);
      assay_json_add_string (out, "status", get_state_name (answer->state));
      append_predictions (out, answer->prediction);
      assay_json_add_string (out, "error",
                     has_error (answer->state) ? assay_error_code_name (answer->code) : NULL);
      assay_json_add_whole (out, "attempts", answer->attempts);
      assay_json_append_name (out, "seconds");
      assay_json_append_double (out, answer->seconds);
      assay_json_add_whole (out, "when_us", answer->when);
      g_string_append (out, "}\n");
    }
  return g_string_free (out, FALSE);
}

/**
 * assay_bundle_dup_predictions:
 *
 * Returns: (transfer full): the result lines of the version, ranked, as every export of
 *   Assay has them
 */
char *
assay_bundle_dup_predictions (AssayBundle *self,
                              guint run)
{
  const AssayBundleRun *asked = g_ptr_array_index (self->runs, run);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->images->len; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->images, i);
      const AssayBundleAnswer *answer = assay_bundle_get_answer (self, run, i);
      g_autofree char *line = NULL;
      AssayExportRow row;

      if (answer == NULL)
        continue;
      row = (AssayExportRow) {
        .path = image->name,
        .sha256 = image->sha256,
        .sent_sha256 = answer->sent_sha256,
        .bytes = image->bytes,
        .state = answer->state,
        .prediction = answer->prediction,
        .model = asked->model,
        .version = asked->version,
        .attempts = answer->attempts,
        .seconds = answer->seconds,
      };
      line = assay_export_ndjson (&row);
      g_string_append (out, line);
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}

/**
 * assay_bundle_dup_manifest:
 * @members: (element-type AssayBundleMember): all others, in their order
 *
 * Returns: (transfer full): manifest.json
 */
char *
assay_bundle_dup_manifest (const char *program,
                           GPtrArray *members)
{
  GString *out = g_string_new ("{");

  assay_json_add_string (out, "format", ASSAY_BUNDLE_FORMAT);
  assay_json_add_whole (out, "format_version", ASSAY_BUNDLE_VERSION);
  assay_json_add_string (out, "assay", program);
  assay_json_append_name (out, "members");
  g_string_append_c (out, '[');
  for (guint i = 0; i < members->len; i++)
    {
      const AssayBundleMember *member = g_ptr_array_index (members, i);

      g_string_append (out, i > 0 ? ",\n{" : "\n{");
      assay_json_add_string (out, "name", member->name);
      assay_json_add_whole (out, "bytes", member->bytes);
      assay_json_add_string (out, "sha256", member->sha256);
      g_string_append_c (out, '}');
    }
  g_string_append (out, "]}\n");
  return g_string_free (out, FALSE);
}

/* ---- reading ---- */

static gboolean
bad (GError **error,
     const char *name)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED, _("“%s” is missing, or not what it has to be"),
               name);
  return FALSE;
}

/* (transfer none) (nullable): a text that is not too long to be one. */
static const char *
need_string (JsonObject *object,
             const char *name,
             GError **error)
{
  const char *text = assay_json_get_string (object, name);

  if (text != NULL && strlen (text) <= ASSAY_LIMIT_MEMBER_NAME_BYTES)
    return text;
  bad (error, name);
  return NULL;
}

static gboolean
is_null (JsonObject *object,
         const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_NULL (node);
}

/* A text, or null. */
static gboolean
need_optional (JsonObject *object,
               const char *name,
               char **text,
               GError **error)
{
  if (!is_null (object, name))
    *text = g_strdup (need_string (object, name, error));
  return *text != NULL || is_null (object, name);
}

static gboolean
need_hash (JsonObject *object,
           const char *name,
           char **hash,
           GError **error)
{
  if (!need_optional (object, name, hash, error))
    return FALSE;
  return *hash == NULL || assay_bundle_is_hash (*hash) || bad (error, name);
}

static gboolean
need_whole (JsonObject *object,
            const char *name,
            double most,
            gint64 *number,
            GError **error)
{
  double value = 0;

  if (!assay_json_get_double (json_object_get_member (object, name), &value) || value < 0
      || value > most || floor (value) != value)
    return bad (error, name);
  *number = (gint64) value;
  return TRUE;
}

static gboolean
need_count (JsonObject *object,
            const char *name,
            guint *count,
            GError **error)
{
  gint64 number;

  if (!need_whole (object, name, G_MAXINT32, &number, error))
    return FALSE;
  *count = (guint) number;
  return TRUE;
}

/* (transfer full) (nullable): the root, which is an object. */
static JsonNode *
parse_object (const char *text,
              gsize length,
              GError **error)
{
  g_autoptr (JsonNode) root = assay_json_parse (text, length, error);

  if (root == NULL || JSON_NODE_HOLDS_OBJECT (root))
    return g_steal_pointer (&root);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED, _("it is no JSON object"));
  return NULL;
}

static gboolean
check_format (JsonObject *object,
              GError **error)
{
  gint64 version;

  if (g_strcmp0 (assay_json_get_string (object, "format"), ASSAY_BUNDLE_FORMAT) != 0)
    return bad (error, "format");
  if (!need_whole (object, "format_version", MAX_WHOLE, &version, error))
    return FALSE;
  if (version == ASSAY_BUNDLE_VERSION)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                       _("a newer Assay has made it; this one doesn't know its format"));
  return FALSE;
}

static AssayBundleMember *
read_member (JsonArray *array,
             guint index,
             GError **error)
{
  JsonNode *node = json_array_get_element (array, index);
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr (AssayBundleMember) member = g_new0 (AssayBundleMember, 1);
  gint64 bytes;

  if (object == NULL || !need_hash (object, "sha256", &member->sha256, error)
      || member->sha256 == NULL || !need_whole (object, "bytes", MAX_WHOLE, &bytes, error))
    {
      if (error != NULL && *error == NULL)
        bad (error, "members");
      return NULL;
    }
  member->name = g_strdup (need_string (object, "name", error));
  member->bytes = (guint64) bytes;
  return member->name != NULL ? g_steal_pointer (&member) : NULL;
}

/**
 * assay_bundle_read_manifest:
 * @text: manifest.json
 * @error: %ASSAY_ERROR_DAMAGED, or %ASSAY_ERROR_UNSUPPORTED for one of a newer Assay
 *
 * Returns: (transfer full) (element-type AssayBundleMember) (nullable): what it lists
 */
GPtrArray *
assay_bundle_read_manifest (const char *text,
                            gsize length,
                            GError **error)
{
  g_autoptr (JsonNode) root = parse_object (text, length, error);
  g_autoptr (GPtrArray) members =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_bundle_member_free);
  JsonArray *array;

  if (root == NULL || !check_format (json_node_get_object (root), error))
    return NULL;
  array = assay_json_get_array (json_node_get_object (root), "members");
  if (array == NULL)
    {
      bad (error, "members");
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      AssayBundleMember *member = read_member (array, i, error);

      if (member == NULL)
        return NULL;
      g_ptr_array_add (members, member);
    }
  return g_steal_pointer (&members);
}

static AssayBundleRun *
read_run (JsonObject *object,
          GError **error)
{
  g_autoptr (AssayBundleRun) run = assay_bundle_run_new ();

  run->model = g_strdup (need_string (object, "model", error));
  if (run->model == NULL)
    return NULL;
  run->version = g_strdup (need_string (object, "version", error));
  if (run->version == NULL)
    return NULL;
  run->service = g_strdup (need_string (object, "service", error));
  if (run->service == NULL)
    return NULL;
  run->protocol = g_strdup (need_string (object, "protocol", error));
  if (run->protocol == NULL)
    return NULL;
  run->name = g_strdup (need_string (object, "given_as", error));
  if (run->name == NULL || !need_whole (object, "started_us", MAX_WHOLE, &run->started, error)
      || !need_whole (object, "ended_us", MAX_WHOLE, &run->ended, error)
      || !need_count (object, "given", &run->given, error))
    return NULL;
  return g_steal_pointer (&run);
}

static gboolean
read_runs (AssayBundle *self,
           JsonArray *array,
           GError **error)
{
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n < 1 || n > ASSAY_BUNDLE_RUNS)
    return bad (error, "versions");
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      AssayBundleRun *run;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return bad (error, "versions");
      run = read_run (json_node_get_object (node), error);
      if (run == NULL)
        return FALSE;
      assay_bundle_take_run (self, run);
    }
  return TRUE;
}

/**
 * assay_bundle_read_settings:
 * @self: one of nothing
 * @error: %ASSAY_ERROR_DAMAGED, or %ASSAY_ERROR_UNSUPPORTED for one of a newer Assay
 *
 * Returns: whether it is as it has to be
 */
gboolean
assay_bundle_read_settings (AssayBundle *self,
                            const char *text,
                            gsize length,
                            GError **error)
{
  g_autoptr (JsonNode) root = parse_object (text, length, error);
  JsonObject *object;
  guint n;

  if (root == NULL)
    return FALSE;
  object = json_node_get_object (root);
  if (!check_format (object, error))
    return FALSE;
  self->program = g_strdup (need_string (object, "assay", error));
  if (self->program == NULL)
    return FALSE;
  self->truth = g_strdup (need_string (object, "truth", error));
  if (self->truth == NULL || !need_count (object, "images", &n, error))
    return FALSE;
  if (n > ASSAY_LIMIT_BUNDLE_IMAGES)
    return bad (error, "images");
  if (!assay_json_get_double (json_object_get_member (object, "threshold"), &self->threshold))
    return bad (error, "threshold");
  return read_runs (self, assay_json_get_array (object, "versions"), error);
}

typedef gboolean (*ReadLine) (AssayBundle *self, guint run, JsonObject *object, GError **error);

/* Each line is a document of its own; what is wrong with it is said with its number. */
static gboolean
read_lines (AssayBundle *self,
            guint run,
            const char *text,
            gsize length,
            ReadLine read,
            GError **error)
{
  const char *end = text + length;

  for (guint number = 1; text < end; number++)
    {
      const char *stop = memchr (text, '\n', end - text);
      g_autoptr (GError) reason = NULL;
      g_autoptr (JsonNode) root = parse_object (text, (stop != NULL ? stop : end) - text, &reason);

      if (root == NULL || !read (self, run, json_node_get_object (root), &reason))
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED, _("line %u: %s"), number,
                       reason->message);
          return FALSE;
        }
      text = stop != NULL ? stop + 1 : end;
    }
  return TRUE;
}

/* It may become a row of a list; nobody is led to a place of this machine by it. */
static gboolean
is_name (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);

  return *name != '\0' && !g_path_is_absolute (name)
         && !g_strv_contains ((const char *const *) parts, "..");
}

static gboolean
read_image (AssayBundle *self,
            guint run,
            JsonObject *object,
            GError **error)
{
  g_autoptr (AssayBundleImage) image = g_new0 (AssayBundleImage, 1);
  gint64 place;
  gint64 bytes;

  if (!need_whole (object, "image", ASSAY_LIMIT_BUNDLE_IMAGES, &place, error))
    return FALSE;
  if (place != self->images->len || self->images->len >= ASSAY_LIMIT_BUNDLE_IMAGES)
    return bad (error, "image");
  image->name = g_strdup (need_string (object, "name", error));
  if (image->name == NULL)
    return FALSE;
  if (!is_name (image->name))
    return bad (error, "name");
  if (!need_hash (object, "sha256", &image->sha256, error)
      || !need_whole (object, "bytes", MAX_WHOLE, &bytes, error)
      || !need_optional (object, "truth", &image->truth, error)
      || !need_optional (object, "truth_source", &image->truth_source, error))
    return FALSE;
  if ((image->truth == NULL) != (image->truth_source == NULL))
    return bad (error, "truth_source");
  image->bytes = (guint64) bytes;
  g_ptr_array_add (self->images, g_steal_pointer (&image));
  return TRUE;
}

/**
 * assay_bundle_read_images:
 * @error: %ASSAY_ERROR_DAMAGED, with the line
 *
 * Returns: whether all lines are as they have to be
 */
gboolean
assay_bundle_read_images (AssayBundle *self,
                          const char *text,
                          gsize length,
                          GError **error)
{
  if (!read_lines (self, 0, text, length, read_image, error))
    return FALSE;
  for (guint i = 0; i < self->runs->len; i++)
    g_ptr_array_set_size (((AssayBundleRun *) g_ptr_array_index (self->runs, i))->answers,
                          self->images->len);
  return TRUE;
}

static gboolean
read_prediction (AssayBundleAnswer *answer,
                 JsonObject *object,
                 GError **error)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  JsonArray *array = assay_json_get_array (object, "predictions");
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (array == NULL || (n > 0) != (answer->state == ASSAY_ANSWER_ANSWERED))
    return bad (error, "predictions");
  if (n == 0)
    return TRUE;
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *one = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *label = one != NULL ? assay_json_get_string (one, "label") : NULL;
      double score = 0;

      if (label == NULL || !assay_json_get_double (json_object_get_member (one, "score"), &score))
        return bad (error, "predictions");
      if (!assay_prediction_builder_add (builder, label, score, error))
        return FALSE;
    }
  answer->prediction = assay_prediction_builder_end (g_steal_pointer (&builder));
  return TRUE;
}

static gboolean
read_state (AssayBundleAnswer *answer,
            JsonObject *object,
            GError **error)
{
  const char *name = need_string (object, "status", error);
  g_autofree char *code = NULL;

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (STATES); i++)
    if (strcmp (STATES[i].name, name) == 0)
      {
        answer->state = STATES[i].state;
        if (!need_optional (object, "error", &code, error))
          return FALSE;
        if (has_error (answer->state) != (code != NULL))
          return bad (error, "error");
        for (int known = 0; code != NULL && known <= ASSAY_ERROR_CANCELED; known++)
          if (strcmp (assay_error_code_name (known), code) == 0)
            answer->code = known;
        return TRUE;
      }
  return name != NULL ? bad (error, "status") : FALSE;
}

static gboolean
read_answer (AssayBundle *self,
             guint run,
             JsonObject *object,
             GError **error)
{
  AssayBundleRun *asked = g_ptr_array_index (self->runs, run);
  g_autoptr (AssayBundleAnswer) answer = g_new0 (AssayBundleAnswer, 1);
  g_autofree char *sha256 = NULL;
  const AssayBundleImage *image;
  gint64 place;

  if (!need_whole (object, "image", ASSAY_LIMIT_BUNDLE_IMAGES, &place, error)
      || !need_hash (object, "sha256", &sha256, error))
    return FALSE;
  if (place >= self->images->len || g_ptr_array_index (asked->answers, place) != NULL)
    return bad (error, "image");
  image = g_ptr_array_index (self->images, place);
  if (g_strcmp0 (image->sha256, sha256) != 0)
    return bad (error, "sha256");
  if (!need_hash (object, "sent_sha256", &answer->sent_sha256, error)
      || !read_state (answer, object, error) || !read_prediction (answer, object, error)
      || !need_count (object, "attempts", &answer->attempts, error)
      || !need_whole (object, "when_us", MAX_WHOLE, &answer->when, error))
    return FALSE;
  if (!assay_json_get_double (json_object_get_member (object, "seconds"), &answer->seconds)
      || answer->seconds < 0)
    return bad (error, "seconds");
  g_ptr_array_index (asked->answers, place) = g_steal_pointer (&answer);
  return TRUE;
}

/**
 * assay_bundle_read_answers:
 * @error: %ASSAY_ERROR_DAMAGED, with the line
 *
 * Returns: whether all lines are as they have to be
 */
gboolean
assay_bundle_read_answers (AssayBundle *self,
                           guint run,
                           const char *text,
                           gsize length,
                           GError **error)
{
  return read_lines (self, run, text, length, read_answer, error);
}
