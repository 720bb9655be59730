/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a picture says of itself: in bounds, and the same whether it is in memory or
 * read in small pieces; nothing outside the file is read, and a few times of it at
 * most. */

#include <string.h>
#include <zlib.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-probe.h"
#include "fuzz.h"

#define PNG_MAGIC "\x89PNG\r\n\x1a\n"
#define TAIL 7

typedef struct {
  const uint8_t *data;
  size_t size;
  size_t step;                /* at most so many bytes at once */
} File;

static gssize
read_cb (gpointer data,
         guint64 offset,
         guint8 *buffer,
         gsize size,
         GError **error)
{
  File *self = data;
  gsize got;

  g_assert_cmpuint (size, >, 0);
  g_assert_cmpuint (offset, <=, self->size);
  g_assert_cmpuint (size, <=, self->size - offset);
  got = MIN (size, self->step);
  memcpy (buffer, self->data + offset, got);
  return got;
}

static void
check_facts (gboolean ok,
             const AssayFacts *facts,
             const GError *error)
{
  if (!ok)
    {
      g_assert_cmpint (facts->handling, ==, ASSAY_HANDLING_REJECT);
      fuzz_check_error (error);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (facts->handling, !=, ASSAY_HANDLING_REJECT);
  g_assert_cmpint (facts->format, !=, ASSAY_FORMAT_UNKNOWN);
  g_assert_false (assay_format_is_archive (facts->format));
  g_assert_true (facts->width >= 1 && facts->width <= ASSAY_LIMIT_SIDE);
  g_assert_true (facts->height >= 1 && facts->height <= ASSAY_LIMIT_SIDE);
  g_assert_cmpuint ((guint64) facts->width * facts->height, <=, ASSAY_LIMIT_PIXELS);
  g_assert_true (facts->orientation >= 1 && facts->orientation <= 8);
  g_assert_cmpuint (facts->channels, <=, 4);
  g_assert_cmpuint (facts->bits, <=, 64);
  if (facts->handling == ASSAY_HANDLING_SEND)
    g_assert_true (facts->channels >= 1 && facts->bits >= 1);
  g_assert_nonnull (assay_format_get_media_type (facts->format));
}

static void
check_same (const AssayFacts *facts,
            const AssayFacts *other)
{
  g_assert_cmpint (other->format, ==, facts->format);
  g_assert_cmpint (other->handling, ==, facts->handling);
  g_assert_cmpuint (other->width, ==, facts->width);
  g_assert_cmpuint (other->height, ==, facts->height);
  g_assert_cmpuint (other->channels, ==, facts->channels);
  g_assert_cmpuint (other->bits, ==, facts->bits);
  g_assert_cmpuint (other->orientation, ==, facts->orientation);
  g_assert_cmpint (other->palette, ==, facts->palette);
  g_assert_cmpint (other->alpha, ==, facts->alpha);
  g_assert_cmpint (other->cmyk, ==, facts->cmyk);
  g_assert_cmpint (other->animated, ==, facts->animated);
}

/* Telephones and cameras put more behind a picture's end. */
static void
check_with_tail (const uint8_t *data,
                 size_t size,
                 const AssayFacts *facts)
{
  g_autofree uint8_t *longer = g_malloc0 (size + TAIL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  AssayFacts other;

  memcpy (longer, data, size);
  bytes = g_bytes_new_static (longer, size + TAIL);
  g_assert_true (assay_probe_bytes (bytes, &other, &error));
  check_same (facts, &other);
}

static void
check_picture (const uint8_t *data,
               size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  File file = { data, size, size % 5 == 0 ? 1 : 61 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) walk_error = NULL;
  g_autoptr (GError) head_error = NULL;
  AssayFacts facts, walked, head;
  gboolean ok = assay_probe_bytes (bytes, &facts, &error);

  check_facts (ok, &facts, error);
  g_assert_cmpint (assay_probe_walk (read_cb, &file, size, &walked, &walk_error), ==, ok);
  check_same (&facts, &walked);
  g_assert_cmpstr (walk_error != NULL ? walk_error->message : NULL, ==,
                   error != NULL ? error->message : NULL);

  /* What is good as a whole is good by its head. */
  if (assay_probe_head (data, MIN (size, ASSAY_LIMIT_PROBE_HEAD), &head, &head_error))
    g_assert_no_error (head_error);
  else
    fuzz_check_error (head_error);
  g_assert_cmpint (head.format, ==, facts.format);
  g_assert_true (!ok || head_error == NULL);
  if (ok && facts.handling == ASSAY_HANDLING_SEND)
    check_with_tail (data, size, &facts);
}

/* No mutation would get past a PNG's checksums. */
static void
mend_checksums (uint8_t *data,
                size_t size)
{
  size_t at = 8;

  while (size - at >= 12)
    {
      guint32 length = (guint32) data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3];
      guint32 sum;

      if (length > size - at - 12)
        return;
      sum = GUINT32_TO_BE ((guint32) crc32 (0, data + at + 4, length + 4));
      memcpy (data + at + 8 + length, &sum, sizeof sum);
      at += 12 + length;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  check_picture (data, size);
  if (size > 8 && memcmp (data, PNG_MAGIC, 8) == 0)
    {
      g_autofree uint8_t *mended = g_memdup2 (data, size);

      mend_checksums (mended, size);
      check_picture (mended, size);
    }
  return 0;
}
