/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-verifier.h"

#define LOCAL_HEADER 30       /* bytes before the name of a zip's member */
#define BEGINNING 256         /* bytes that are enough to see the format in */

/* What is looked at, for the functions below. */
typedef struct {
  GHashTable *members;        /* (element-type utf8 GBytes) */
  AssayFindings *findings;
  AssayBundle *bundle;        /* (nullable) once it can be read */
} Verifier;

void
assay_verification_free (AssayVerification *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->bundle, assay_bundle_free);
  assay_findings_free (self->findings);
  g_free (self);
}

static void tell (Verifier *self, AssayFindingKind kind, const char *member, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

static void
tell (Verifier *self,
      AssayFindingKind kind,
      const char *member,
      const char *format,
      ...)
{
  g_autofree char *words = NULL;
  g_autofree char *sentence = NULL;
  va_list args;

  va_start (args, format);
  words = g_strdup_vprintf (format, args);
  va_end (args);
  sentence = g_strdup_printf ("%s: %s", member, words);
  assay_findings_add (self->findings, kind, member, sentence);
}

/* (transfer none) (nullable): the text of a member; what is missing is told. */
static const char *
get_text (Verifier *self,
          const char *name,
          gsize *length)
{
  GBytes *bytes = g_hash_table_lookup (self->members, name);
  const char *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, length);
  return text != NULL ? text : "";
}

/* ---- hashes ---- */

static void
tell_size (Verifier *self,
           const AssayBundleMember *member,
           guint64 size)
{
  g_autofree char *has = g_strdup_printf ("%" G_GUINT64_FORMAT, size);
  g_autofree char *listed = g_strdup_printf ("%" G_GUINT64_FORMAT, member->bytes);

  tell (self, ASSAY_FINDING_CHANGED, member->name,
        _("its bytes have changed: it has %s of them, the manifest says %s"), has, listed);
}

/* What can't be read is there, or may be; why it can't has been told. */
static void
tell_missing (Verifier *self,
              const char *name)
{
  gboolean told = self->findings->broken;

  for (guint i = 0; i < self->findings->list->len; i++)
    told = told
           || strcmp (((AssayFinding *) g_ptr_array_index (self->findings->list, i))->member,
                      name) == 0;
  if (!told)
    tell (self, ASSAY_FINDING_MISSING, name, _("it is missing"));
}

static void
check_member (Verifier *self,
              const AssayBundleMember *member)
{
  GBytes *bytes = g_hash_table_lookup (self->members, member->name);
  g_autofree char *hash = NULL;

  if (bytes == NULL)
    {
      tell_missing (self, member->name);
      return;
    }
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  if (g_bytes_get_size (bytes) != member->bytes)
    tell_size (self, member, g_bytes_get_size (bytes));
  else if (strcmp (hash, member->sha256) != 0)
    tell (self, ASSAY_FINDING_CHANGED, member->name,
          _("a byte has changed: its SHA-256 is %.12s…, the manifest says %.12s…"), hash,
          member->sha256);
}

static void
check_listed (Verifier *self,
              GPtrArray *list)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) members = g_list_sort (g_hash_table_get_keys (self->members),
                                           (GCompareFunc) strcmp);

  for (guint i = 0; i < list->len; i++)
    {
      const AssayBundleMember *member = g_ptr_array_index (list, i);

      if (g_hash_table_add (names, member->name))
        check_member (self, member);
      else
        tell (self, ASSAY_FINDING_CHANGED, ASSAY_BUNDLE_MANIFEST, _("it lists %s twice"),
              member->name);
    }
  for (GList *l = members; l != NULL; l = l->next)
    if (strcmp (l->data, ASSAY_BUNDLE_MANIFEST) != 0 && !g_hash_table_contains (names, l->data))
      tell (self, ASSAY_FINDING_EXTRA, l->data, _("the manifest doesn't list it"));
}

/* One of a newer Assay is not judged by the rules of this one. */
static gboolean
is_newer (const GError *reason,
          GError **error)
{
  if (!g_error_matches (reason, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED))
    return FALSE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("This bundle can't be read: %s"),
               reason->message);
  return TRUE;
}

static gboolean
check_manifest (Verifier *self,
                GError **error)
{
  gsize length = 0;
  const char *text = get_text (self, ASSAY_BUNDLE_MANIFEST, &length);
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) reason = NULL;

  if (text == NULL)
    {
      tell_missing (self, ASSAY_BUNDLE_MANIFEST);
      return TRUE;
    }
  list = assay_bundle_read_manifest (text, length, &reason);
  if (list != NULL)
    check_listed (self, list);
  else if (self->findings->n == 0 && is_newer (reason, error))
    return FALSE;
  else
    tell (self, ASSAY_FINDING_CHANGED, ASSAY_BUNDLE_MANIFEST, "%s", reason->message);
  return TRUE;
}

/* ---- what it says ---- */

/* What is missing the manifest has told, unless it lists no such thing. */
static gboolean
need_text (Verifier *self,
           const char *name,
           const char **text,
           gsize *length)
{
  *text = get_text (self, name, length);
  if (*text == NULL && self->findings->n == 0)
    tell (self, ASSAY_FINDING_MISSING, name, _("it is missing"));
  return *text != NULL;
}

static gboolean
take (Verifier *self,
      const char *name,
      gboolean done,
      GError **reason)
{
  if (!done)
    tell (self, ASSAY_FINDING_CHANGED, name, "%s", (*reason)->message);
  return done;
}

static gboolean
read_answers (Verifier *self,
              guint run)
{
  g_autofree char *name = g_strdup_printf (ASSAY_BUNDLE_ANSWERS, run + 1);
  g_autoptr (GError) reason = NULL;
  const char *text;
  gsize length;

  return need_text (self, name, &text, &length)
         && take (self, name,
                  assay_bundle_read_answers (self->bundle, run, text, length, &reason), &reason);
}

static gboolean
read_settings (Verifier *self)
{
  g_autoptr (GError) reason = NULL;
  const char *text;
  gsize length;

  return need_text (self, ASSAY_BUNDLE_SETTINGS, &text, &length)
         && take (self, ASSAY_BUNDLE_SETTINGS,
                  assay_bundle_read_settings (self->bundle, text, length, &reason), &reason);
}

static gboolean
read_images (Verifier *self)
{
  g_autoptr (GError) reason = NULL;
  const char *text;
  gsize length;

  return need_text (self, ASSAY_BUNDLE_IMAGES, &text, &length)
         && take (self, ASSAY_BUNDLE_IMAGES,
                  assay_bundle_read_images (self->bundle, text, length, &reason), &reason);
}

/* Whoever shows it decodes it as one that a stranger has made. */
static gboolean
is_jpeg (GBytes *bytes)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  return length > 3 && memcmp (data, "\xFF\xD8\xFF", 3) == 0;
}

static void
take_thumbnails (Verifier *self)
{
  for (guint i = 0; i < self->bundle->images->len; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->bundle->images, i);
      g_autofree char *name = NULL;
      GBytes *bytes;

      if (image->sha256 == NULL)
        continue;
      name = g_strdup_printf (ASSAY_BUNDLE_THUMBNAIL, image->sha256);
      bytes = g_hash_table_lookup (self->members, name);
      if (bytes == NULL)
        continue;
      if (is_jpeg (bytes))
        g_hash_table_replace (self->bundle->thumbnails, g_strdup (image->sha256),
                              g_bytes_ref (bytes));
      else
        tell (self, ASSAY_FINDING_CHANGED, name, _("it is no JPEG"));
    }
}

static gboolean
read_bundle (Verifier *self)
{
  self->bundle = assay_bundle_new (NULL, 0, NULL);
  if (!read_settings (self) || !read_images (self))
    return FALSE;
  for (guint i = 0; i < self->bundle->runs->len; i++)
    if (!read_answers (self, i))
      return FALSE;
  take_thumbnails (self);
  return TRUE;
}

/* ---- what follows from it ---- */

static guint
count_lines (const char *text,
             const char *end)
{
  guint n = 1;

  for (; text < end; text++)
    n += *text == '\n';
  return n;
}

static void
check_predictions (Verifier *self,
                   guint run)
{
  g_autofree char *name = g_strdup_printf (ASSAY_BUNDLE_PREDICTIONS, run + 1);
  g_autofree char *computed = assay_bundle_dup_predictions (self->bundle, run);
  gsize length = 0;
  gsize same = 0;
  const char *text;

  if (!need_text (self, name, &text, &length))
    return;
  while (same < length && computed[same] != '\0' && computed[same] == text[same])
    same++;
  if (same < length || computed[same] != '\0')
    tell (self, ASSAY_FINDING_FIGURE, name, _("line %u is not what the service has answered"),
          count_lines (text, text + same));
}

static void
difference_cb (guint version,
               const char *name,
               const char *claimed,
               const char *computed,
               gpointer data)
{
  Verifier *self = data;

  if (version > 0)
    tell (self, ASSAY_FINDING_FIGURE, ASSAY_BUNDLE_FIGURES,
          _("%s of version %u is %s in the bundle, %s from its answers"), name, version, claimed,
          computed);
  else
    tell (self, ASSAY_FINDING_FIGURE, ASSAY_BUNDLE_FIGURES,
          _("%s of the comparison is %s in the bundle, %s from its answers"), name, claimed,
          computed);
}

static void
check_figures (Verifier *self)
{
  g_autofree char *computed = assay_bundle_dup_figures (self->bundle);
  g_autoptr (GError) reason = NULL;
  const char *text;
  gsize length = 0;

  if (need_text (self, ASSAY_BUNDLE_FIGURES, &text, &length)
      && !assay_bundle_compare_figures (text, length, computed, difference_cb, self, &reason))
    tell (self, ASSAY_FINDING_CHANGED, ASSAY_BUNDLE_FIGURES, "%s", reason->message);
}

/* The manifest has the hash of everything else. */
static void
seal (Verifier *self)
{
  gsize length = 0;
  const char *text = get_text (self, ASSAY_BUNDLE_MANIFEST, &length);

  if (text != NULL)
    self->bundle->seal = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text,
                                                      length);
}

/**
 * assay_verify:
 * @stream: a bundle from anybody; can be sought
 * @cancellable: (nullable)
 * @error: %ASSAY_ERROR_USAGE for one of a newer Assay; %ASSAY_ERROR_TOO_LARGE, what the
 *   stream says, or %G_IO_ERROR_CANCELLED
 *
 * Reads it, compares the hash of each member with the manifest, and computes every figure
 * again from the raw answers.  Blocks; any thread.
 *
 * Returns: (transfer full) (nullable): what was found
 */
AssayVerification *
assay_verify (GInputStream *stream,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (AssayFindings) findings = assay_findings_new ();
  g_autoptr (GHashTable) members = assay_bundle_unpack (stream, findings, cancellable, error);
  Verifier self = { members, findings, NULL };
  AssayVerification *verification;

  if (members == NULL || !check_manifest (&self, error))
    return NULL;
  if (!read_bundle (&self))
    g_clear_pointer (&self.bundle, assay_bundle_free);
  else
    {
      for (guint i = 0; i < self.bundle->runs->len; i++)
        check_predictions (&self, i);
      check_figures (&self);
      seal (&self);
    }
  verification = g_new (AssayVerification, 1);
  *verification = (AssayVerification) { self.bundle, g_steal_pointer (&findings) };
  return verification;
}

static void
verify_in_thread (GTask *task,
                  gpointer source,
                  gpointer data,
                  GCancellable *cancellable)
{
  g_autofree char *name = g_file_get_parse_name (data);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (data, cancellable, &reason);
  AssayVerification *verification = NULL;

  if (stream != NULL)
    verification = assay_verify (G_INPUT_STREAM (stream), cancellable, &reason);
  if (verification != NULL)
    g_task_return_pointer (task, verification, (GDestroyNotify) assay_verification_free);
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED)
           || g_error_matches (reason, ASSAY_ERROR, ASSAY_ERROR_USAGE))
    g_task_return_error (task, g_steal_pointer (&reason));
  else
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                             _("%s can't be read: %s"), name, reason->message);
}

static void
run_verify (GFile *file,
            gpointer tag,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, verify_in_thread);
}

/**
 * assay_verify_async:
 *
 * As assay_verify(), of a file, on a thread of its own.
 */
void
assay_verify_async (GFile *file,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer data)
{
  g_return_if_fail (G_IS_FILE (file));

  run_verify (file, assay_verify_async, cancellable, callback, data);
}

/**
 * assay_verify_finish:
 * @error: as assay_verify(); %ASSAY_ERROR_UNREADABLE
 *
 * Returns: (transfer full) (nullable): what was found
 */
AssayVerification *
assay_verify_finish (GAsyncResult *result,
                     GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Whether the local header of a zip's first member, and what is stored behind it, are those
 * that assay_bundle_save() writes. */
static gboolean
begins_like_bundle (const guint8 *bytes,
                    gsize n)
{
  const gsize length = strlen (ASSAY_BUNDLE_MANIFEST);
  gsize start;

  if (n < LOCAL_HEADER + length || memcmp (bytes, "PK\3\4", 4) != 0
      || (gsize) (bytes[26] | bytes[27] << 8) != length
      || memcmp (bytes + LOCAL_HEADER, ASSAY_BUNDLE_MANIFEST, length) != 0)
    return FALSE;
  start = LOCAL_HEADER + length + (gsize) (bytes[28] | bytes[29] << 8);
  return start < n
         && g_strstr_len ((const char *) bytes + start, (gssize) (n - start),
                          "\"" ASSAY_BUNDLE_FORMAT "\"") != NULL;
}

/**
 * assay_bundle_is_one:
 * @cancellable: (nullable)
 *
 * Looks at the beginning alone (APPNOTE.TXT 6.3.10, 4.3.7), so that an archive of pictures
 * costs one short read.  Blocks; any thread.
 *
 * Returns: whether it says that it is a bundle, which nobody has verified yet
 */
gboolean
assay_bundle_is_one (GFile *file,
                     GCancellable *cancellable)
{
  g_autoptr (GFileInputStream) stream = NULL;
  guint8 bytes[BEGINNING];
  gsize n = 0;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  /* A pipe would never end, and a device is nobody's evidence. */
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, cancellable) != G_FILE_TYPE_REGULAR)
    return FALSE;
  stream = g_file_read (file, cancellable, NULL);
  return stream != NULL
         && g_input_stream_read_all (G_INPUT_STREAM (stream), bytes, sizeof bytes, &n, cancellable,
                                     NULL)
         && begins_like_bundle (bytes, n);
}

/**
 * assay_bundle_read_async:
 *
 * Reads a bundle from anybody, on a thread of its own, and verifies it.
 */
void
assay_bundle_read_async (GFile *file,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_return_if_fail (G_IS_FILE (file));

  run_verify (file, assay_bundle_read_async, cancellable, callback, data);
}

/**
 * assay_bundle_read_finish:
 * @error: as assay_verify_finish(); %ASSAY_ERROR_DAMAGED for one that isn't whole, with
 *   the first reason
 *
 * Returns: (transfer full) (nullable): the bundle, whole
 */
AssayBundle *
assay_bundle_read_finish (GAsyncResult *result,
                          GError **error)
{
  g_autoptr (AssayVerification) verification = NULL;
  const AssayFinding *first;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  verification = g_task_propagate_pointer (G_TASK (result), error);
  if (verification == NULL || verification->findings->n == 0)
    return verification != NULL ? g_steal_pointer (&verification->bundle) : NULL;
  first = g_ptr_array_index (verification->findings->list, 0);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED, _("The bundle is not whole. %s"),
               first->words);
  return NULL;
}
