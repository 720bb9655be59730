/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-archive.h"
#include "assay-bundle-reader.h"
#include "assay-bundle.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-zip-writer.h"

#define BLOCK (64 * 1024)

/* Texts, besides the thumbnails: of one run five, of two seven. */
#define MAX_MEMBERS (ASSAY_LIMIT_BUNDLE_THUMBNAILS + 16)

/* ---- findings ---- */

static void
finding_free (gpointer data)
{
  AssayFinding *self = data;

  g_free (self->member);
  g_free (self->words);
  g_free (self);
}

AssayFindings *
assay_findings_new (void)
{
  AssayFindings *self = g_new0 (AssayFindings, 1);

  self->list = g_ptr_array_new_with_free_func (finding_free);
  return self;
}

void
assay_findings_free (AssayFindings *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->list);
  g_free (self);
}

/**
 * assay_findings_add:
 * @member: (nullable): which it is about; none for the file
 * @words: the sentence, about whatever a stranger has written
 */
void
assay_findings_add (AssayFindings *self,
                    AssayFindingKind kind,
                    const char *member,
                    const char *words)
{
  AssayFinding *finding;

  if (self->n++ >= ASSAY_LIMIT_BUNDLE_FINDINGS)
    return;
  finding = g_new (AssayFinding, 1);
  finding->kind = kind;
  finding->member = assay_display_text (member != NULL ? member : "", -1, 0);
  finding->words = assay_display_text (words, -1, 0);
  g_ptr_array_add (self->list, finding);
}

/* ---- members ---- */

static gboolean
is_numbered (const char *name,
             const char *format)
{
  for (guint i = 1; i <= ASSAY_BUNDLE_RUNS; i++)
    {
      g_autofree char *own = NULL;

      if (strcmp (format, ASSAY_BUNDLE_ANSWERS) == 0)
        own = g_strdup_printf (ASSAY_BUNDLE_ANSWERS, i);
      else
        own = g_strdup_printf (ASSAY_BUNDLE_PREDICTIONS, i);
      if (strcmp (own, name) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_thumbnail (const char *name)
{
  g_autofree char *hash = NULL;

  if (!g_str_has_prefix (name, "thumbnails/") || strlen (name) != strlen ("thumbnails/.jpg") + 64)
    return FALSE;
  hash = g_strndup (name + strlen ("thumbnails/"), 64);
  return assay_bundle_is_hash (hash) && g_str_has_suffix (name, ".jpg");
}

/* How many bytes it may have; 0 for a name that no bundle has. */
static gsize
get_bound (const char *name)
{
  static const char *const texts[] = { ASSAY_BUNDLE_MANIFEST, ASSAY_BUNDLE_SETTINGS,
                                       ASSAY_BUNDLE_IMAGES, ASSAY_BUNDLE_FIGURES };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (texts[i], name) == 0)
      return ASSAY_LIMIT_BUNDLE_TEXT;
  if (is_numbered (name, ASSAY_BUNDLE_ANSWERS) || is_numbered (name, ASSAY_BUNDLE_PREDICTIONS))
    return ASSAY_LIMIT_BUNDLE_TEXT;
  return is_thumbnail (name) ? ASSAY_LIMIT_BUNDLE_THUMBNAIL : 0;
}

static void
tell_member (AssayFindings *findings,
             AssayFindingKind kind,
             const char *name,
             const char *words)
{
  g_autofree char *sentence = g_strdup_printf ("%s: %s", name, words);

  assay_findings_add (findings, kind, name, sentence);
}

/* What is damaged says nothing: whatever would follow from half of it is noise. */
static GBytes *
read_member (AssayArchive *archive,
             const char *name,
             gsize bound,
             AssayFindings *findings)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (BLOCK);
  g_autoptr (GError) reason = NULL;
  gssize got;

  while ((got = assay_archive_read (archive, block, BLOCK, &reason)) > 0)
    {
      if (all->len + (gsize) got > bound)
        {
          tell_member (findings, ASSAY_FINDING_CHANGED, name, _("it is larger than it can be"));
          return NULL;
        }
      g_byte_array_append (all, block, got);
    }
  if (got < 0)
    {
      g_autofree char *words = g_strdup_printf (_("a byte has changed: %s"), reason->message);

      tell_member (findings, ASSAY_FINDING_CHANGED, name, words);
      findings->broken = assay_archive_is_broken (archive);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

static gboolean
take_member (AssayArchive *archive,
             const AssayArchiveMember *member,
             GHashTable *members,
             AssayFindings *findings)
{
  g_autofree char *name = g_strdup (member->name);
  gsize bound = member->kind == ASSAY_ARCHIVE_FILE ? get_bound (name) : 0;
  GBytes *bytes;

  if (bound == 0)
    tell_member (findings, ASSAY_FINDING_EXTRA, name, _("no bundle has such a member"));
  else if (g_hash_table_contains (members, name))
    tell_member (findings, ASSAY_FINDING_EXTRA, name, _("it is there twice"));
  else if (g_hash_table_size (members) >= MAX_MEMBERS)
    {
      assay_findings_add (findings, ASSAY_FINDING_FILE, NULL, _("It has too many members."));
      return FALSE;
    }
  else
    {
      bytes = read_member (archive, name, bound, findings);
      if (bytes != NULL)
        g_hash_table_insert (members, g_steal_pointer (&name), bytes);
    }
  return TRUE;
}

static void
read_members (GInputStream *stream,
              GHashTable *members,
              AssayFindings *findings,
              GCancellable *cancellable)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (AssayArchive) archive =
    assay_archive_new (stream, "bundle.zip", ASSAY_FORMAT_ZIP, cancellable, &reason);
  const AssayArchiveMember *member;
  guint n = 0;

  while (archive != NULL && n++ <= 2 * MAX_MEMBERS
         && (member = assay_archive_next (archive, &reason)) != NULL)
    if (!take_member (archive, member, members, findings))
      return;
  if (reason != NULL && !findings->broken)
    assay_findings_add (findings, ASSAY_FINDING_FILE, NULL, reason->message);
  findings->broken = findings->broken || reason != NULL;
}

/**
 * assay_bundle_unpack:
 * @stream: can be sought
 * @findings: gets what is wrong with the zip and with single members
 * @cancellable: (nullable)
 * @error: %ASSAY_ERROR_TOO_LARGE, what the stream says, or %G_IO_ERROR_CANCELLED
 *
 * Reads a bundle from anybody: within bounds, names that a bundle has and no others, each
 * once, and nothing is written.  Blocks; any thread.
 *
 * Returns: (transfer full) (element-type utf8 GBytes) (nullable): the members that could
 *   be read to their end
 */
GHashTable *
assay_bundle_unpack (GInputStream *stream,
                     AssayFindings *findings,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GHashTable) members =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) seal = NULL;

  if (!assay_zip_check_seal (stream, cancellable, &seal)
      && !g_error_matches (seal, ASSAY_ERROR, ASSAY_ERROR_DAMAGED))
    {
      g_propagate_error (error, g_steal_pointer (&seal));
      return NULL;
    }
  if (!g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, cancellable, error))
    return NULL;
  read_members (stream, members, findings, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  /* Last, so that a member that has changed is named first. */
  if (seal != NULL)
    {
      g_autofree char *words = g_strdup_printf (_("A byte of the file has changed: %s."),
                                                seal->message);

      assay_findings_add (findings, ASSAY_FINDING_FILE, NULL, words);
    }
  return g_steal_pointer (&members);
}
