/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-label.h"

/* Labels are interned on network threads and released on the main thread.  Alone,
 * GLib's interned strings do not bear that: g_ref_string_release() counts down to
 * zero before it takes the lock of the table, and g_ref_string_new_intern() can
 * find the string there in between and hand it out, dead. */
static GMutex lock;

/**
 * assay_label_intern:
 * @label: a label as the service sent it
 *
 * Any thread.  g_ref_string_acquire() on the result is fine as it is.
 *
 * Returns: (transfer full): the one copy of @label that all predictions share;
 *   to be released with assay_label_release() and nothing else
 */
GRefString *
assay_label_intern (const char *label)
{
  GRefString *interned;

  g_return_val_if_fail (label != NULL, NULL);

  g_mutex_lock (&lock);
  interned = g_ref_string_new_intern (label);
  g_mutex_unlock (&lock);
  return interned;
}

/**
 * assay_label_release:
 * @label: (transfer full): what assay_label_intern() gave
 *
 * Any thread.
 */
void
assay_label_release (gpointer label)
{
  g_return_if_fail (label != NULL);

  g_mutex_lock (&lock);
  g_ref_string_release (label);
  g_mutex_unlock (&lock);
}

/**
 * assay_label_digest_set:
 * @sorted: (element-type utf8): the labels of a model, by strcmp()
 * @digest: (out): what identifies them, whatever order they come in
 *
 * The SHA-256 of the labels, each with the NUL that ends it.  Files have it: it stays
 * as it is.
 */
void
assay_label_digest_set (GPtrArray *sorted,
                        guint8 digest[ASSAY_LABEL_SET_BYTES])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = ASSAY_LABEL_SET_BYTES;

  g_return_if_fail (sorted != NULL);

  for (guint i = 0; i < sorted->len; i++)
    {
      const char *label = g_ptr_array_index (sorted, i);

      g_checksum_update (checksum, (const guchar *) label, strlen (label) + 1);
    }
  g_checksum_get_digest (checksum, digest, &length);
}
