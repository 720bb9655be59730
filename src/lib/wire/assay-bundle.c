/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-bundle.h"
#include "assay-error.h"

void
assay_bundle_image_free (AssayBundleImage *self)
{
  g_free (self->name);
  g_free (self->sha256);
  g_free (self->truth);
  g_free (self->truth_source);
  g_free (self);
}

/**
 * assay_bundle_answer_free:
 * @self: (nullable): an image may have none
 */
void
assay_bundle_answer_free (AssayBundleAnswer *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->prediction, assay_prediction_unref);
  g_free (self->sent_sha256);
  g_free (self);
}

/**
 * assay_bundle_run_new:
 *
 * Returns: (transfer full): a run without answers; its texts are to be set
 */
AssayBundleRun *
assay_bundle_run_new (void)
{
  AssayBundleRun *self = g_new0 (AssayBundleRun, 1);

  self->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_bundle_answer_free);
  return self;
}

void
assay_bundle_run_free (AssayBundleRun *self)
{
  g_free (self->name);
  g_free (self->service);
  g_free (self->protocol);
  g_free (self->model);
  g_free (self->version);
  g_ptr_array_unref (self->answers);
  g_free (self);
}

/**
 * assay_bundle_new:
 * @program: (nullable): version of the Assay that makes it
 * @threshold: below which an answer is unsure, 0…1
 * @truth: (nullable): where truth is looked for
 *
 * Returns: (transfer full): a bundle of nothing
 */
AssayBundle *
assay_bundle_new (const char *program,
                  double threshold,
                  const char *truth)
{
  AssayBundle *self = g_new0 (AssayBundle, 1);

  self->program = g_strdup (program);
  self->threshold = threshold;
  self->truth = g_strdup (truth);
  self->images = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_bundle_image_free);
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_bundle_run_free);
  self->thumbnails =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
assay_bundle_free (AssayBundle *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->program);
  g_free (self->truth);
  g_free (self->seal);
  g_ptr_array_unref (self->images);
  g_ptr_array_unref (self->runs);
  g_hash_table_unref (self->thumbnails);
  g_hash_table_unref (self->places);
  g_hash_table_unref (self->seen);
  g_free (self);
}

/**
 * assay_bundle_take_run:
 * @run: (transfer full): whose answers are added from now on
 */
void
assay_bundle_take_run (AssayBundle *self,
                       AssayBundleRun *run)
{
  g_return_if_fail (self->runs->len < ASSAY_BUNDLE_RUNS);

  g_ptr_array_set_size (run->answers, self->images->len);
  g_ptr_array_add (self->runs, run);
  g_hash_table_remove_all (self->seen);
}

/* A path tells more of a machine and its people than anybody needs to find a picture
 * again: its folder and its name are enough, and of a home folder the name is a person's. */
static char *
dup_short_path (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *last = g_path_get_basename (folder);

  if (strchr (path, '/') == NULL || g_strcmp0 (folder, g_get_home_dir ()) == 0
      || strcmp (last, ".") == 0 || strcmp (last, "..") == 0 || strcmp (last, "/") == 0)
    return g_steal_pointer (&base);
  return g_strconcat (last, "/", base, NULL);
}

static char *
dup_name (const char *path,
          const char *member)
{
  g_autofree char *archive = member != NULL ? g_path_get_basename (path) : NULL;
  g_autofree char *brief = dup_short_path (member != NULL ? member : path);
  g_autofree char *whole = archive != NULL ? g_strconcat (archive, "/", brief, NULL) : NULL;

  return g_utf8_make_valid (whole != NULL ? whole : brief, -1);
}

/* The bytes are what an image is; one that was never read is known by where it is. */
static char *
dup_key (const char *path,
         const char *member,
         const char *sha256,
         guint nth)
{
  if (sha256 != NULL)
    return g_strdup_printf ("%u %s", nth, sha256);
  return g_strdup_printf ("%u %s/%s", nth, path, member != NULL ? member : "");
}

/* How often the last run was here before. */
static guint
count_seen (AssayBundle *self,
            char *key)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->seen, key));

  g_hash_table_insert (self->seen, key, GUINT_TO_POINTER (n + 1));
  return n;
}

/* Of what was given twice, the second is the second of the other run. */
static guint
find_image (AssayBundle *self,
            const char *path,
            const char *member,
            const char *sha256,
            guint64 bytes)
{
  guint nth = count_seen (self, dup_key (path, member, sha256, 0));
  g_autofree char *key = dup_key (path, member, sha256, nth);
  AssayBundleImage *image;
  gpointer place;

  if (g_hash_table_lookup_extended (self->places, key, NULL, &place))
    return GPOINTER_TO_UINT (place);
  g_hash_table_insert (self->places, g_steal_pointer (&key), GUINT_TO_POINTER (self->images->len));
  image = g_new0 (AssayBundleImage, 1);
  image->name = dup_name (path, member);
  image->sha256 = g_strdup (sha256);
  image->bytes = bytes;
  g_ptr_array_add (self->images, image);
  for (guint i = 0; i < self->runs->len; i++)
    g_ptr_array_set_size (((AssayBundleRun *) g_ptr_array_index (self->runs, i))->answers,
                          self->images->len);
  return self->images->len - 1;
}

/**
 * assay_bundle_add_answer:
 * @path: of the image or its archive, any bytes; only its end is kept
 * @member: (nullable): its name in the archive
 * @sha256: (nullable): of the image's bytes, hex
 * @bytes: of the image, 0 if unknown
 * @answer: (transfer full): what the last run that was added said of it
 *
 * An image of the same bytes that another run has answered is the same image.
 *
 * Returns: the place of the image
 */
guint
assay_bundle_add_answer (AssayBundle *self,
                         const char *path,
                         const char *member,
                         const char *sha256,
                         guint64 bytes,
                         AssayBundleAnswer *answer)
{
  AssayBundleRun *run;
  guint image;

  g_return_val_if_fail (self->runs->len > 0, 0);

  run = g_ptr_array_index (self->runs, self->runs->len - 1);
  image = find_image (self, path, member, sha256, bytes);
  g_ptr_array_index (run->answers, image) = answer;
  return image;
}

/**
 * assay_bundle_set_truth:
 * @label: as the versions call it
 * @source: who says so, a word
 */
void
assay_bundle_set_truth (AssayBundle *self,
                        guint image,
                        const char *label,
                        const char *source)
{
  AssayBundleImage *about = g_ptr_array_index (self->images, image);

  g_free (about->truth);
  g_free (about->truth_source);
  about->truth = g_strdup (label);
  about->truth_source = g_strdup (source);
}

/**
 * assay_bundle_get_answer:
 *
 * Returns: (transfer none) (nullable): what the run said of the image
 */
AssayBundleAnswer *
assay_bundle_get_answer (AssayBundle *self,
                         guint run,
                         guint image)
{
  AssayBundleRun *asked = g_ptr_array_index (self->runs, run);

  return image < asked->answers->len ? g_ptr_array_index (asked->answers, image) : NULL;
}

/**
 * assay_bundle_is_hash:
 * @text: (nullable): anything
 *
 * Returns: whether it is a SHA-256 in small hex digits, which can be a file's name
 */
gboolean
assay_bundle_is_hash (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

void
assay_bundle_member_free (AssayBundleMember *self)
{
  g_free (self->name);
  g_free (self->sha256);
  g_free (self);
}
