/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "test-pictures.h"

enum {
  PALETTE = 1 << 0,
  ALPHA = 1 << 1,
  CMYK = 1 << 2,
  ANIMATED = 1 << 3,
};

typedef struct {
  const char *name;
  AssayFormat format;
  AssayHandling handling;
  guint channels;
  guint bits;
  guint orientation;
  guint flags;
} Row;

/* The table of what is sent and what is converted, cell by cell. */
static const Row rows[] = {
  { "rgb.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "optimized.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "progressive.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "gray.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 1, 8, 1, 0 },
  { "trailing.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "exif-1.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "exif-2.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 3, 8, 2, 0 },
  { "exif-3.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 3, 8, 3, 0 },
  { "exif-6.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 3, 8, 6, 0 },
  { "exif-7.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 3, 8, 7, 0 },
  { "exif-8.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_SEND, 3, 8, 8, 0 },
  { "cmyk.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_CONVERT, 4, 8, 1, CMYK },
  { "ycck.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_CONVERT, 4, 8, 1, CMYK },
  { "extended.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_CONVERT, 3, 8, 6, 0 },
  { "arithmetic.jpg", ASSAY_FORMAT_JPEG, ASSAY_HANDLING_CONVERT, 3, 8, 1, 0 },
  { "rgb.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "interlaced.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "gray.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_SEND, 1, 8, 1, 0 },
  { "text.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "trailing.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "gray-alpha.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 2, 8, 1, ALPHA },
  { "rgba.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 4, 8, 1, ALPHA },
  { "turned.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 4, 8, 6, ALPHA },
  { "key.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 3, 8, 1, ALPHA },
  { "palette.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 3, 8, 1, PALETTE },
  { "palette-2.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 3, 2, 1, PALETTE },
  { "palette-4.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 3, 4, 1, PALETTE },
  { "bit.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 1, 1, 1, 0 },
  { "gray-16.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 1, 16, 1, 0 },
  { "rgb-16.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 3, 16, 1, 0 },
  { "animated.png", ASSAY_FORMAT_PNG, ASSAY_HANDLING_CONVERT, 3, 8, 1, ANIMATED },
  { "still.gif", ASSAY_FORMAT_GIF, ASSAY_HANDLING_SEND, 3, 8, 1, PALETTE },
  { "animated.gif", ASSAY_FORMAT_GIF, ASSAY_HANDLING_SEND, 3, 8, 1, PALETTE | ANIMATED },
  { "transparent.gif", ASSAY_FORMAT_GIF, ASSAY_HANDLING_SEND, 3, 8, 1, PALETTE | ALPHA },
  { "rgb.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "top-down.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "old.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_SEND, 3, 8, 1, 0 },
  { "gray.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_SEND, 1, 8, 1, 0 },
  { "palette.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_CONVERT, 3, 8, 1, PALETTE },
  { "bit.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_CONVERT, 3, 8, 1, PALETTE },
  { "four.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_CONVERT, 3, 8, 1, PALETTE },
  { "rle.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_CONVERT, 3, 8, 1, PALETTE },
  { "high.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_CONVERT, 3, 5, 1, 0 },
  { "rgba.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_CONVERT, 3, 8, 1, 0 },
  { "alpha.bmp", ASSAY_FORMAT_BMP, ASSAY_HANDLING_CONVERT, 4, 8, 1, ALPHA },
  { "rgb.tif", ASSAY_FORMAT_TIFF, ASSAY_HANDLING_CONVERT, 3, 8, 1, 0 },
  { "big.tif", ASSAY_FORMAT_TIFF, ASSAY_HANDLING_CONVERT, 3, 8, 1, 0 },
  { "gray.tif", ASSAY_FORMAT_TIFF, ASSAY_HANDLING_CONVERT, 1, 8, 1, 0 },
  { "palette.tif", ASSAY_FORMAT_TIFF, ASSAY_HANDLING_CONVERT, 3, 8, 1, PALETTE },
  { "fax.tif", ASSAY_FORMAT_TIFF, ASSAY_HANDLING_CONVERT, 1, 1, 1, 0 },
  { "deep.tif", ASSAY_FORMAT_TIFF, ASSAY_HANDLING_CONVERT, 3, 16, 1, 0 },
  { "turned-6.tif", ASSAY_FORMAT_TIFF, ASSAY_HANDLING_CONVERT, 3, 8, 6, 0 },
  { "lossy.webp", ASSAY_FORMAT_WEBP, ASSAY_HANDLING_CONVERT, 3, 8, 1, 0 },
  { "lossless.webp", ASSAY_FORMAT_WEBP, ASSAY_HANDLING_CONVERT, 3, 8, 1, 0 },
  { "alpha.webp", ASSAY_FORMAT_WEBP, ASSAY_HANDLING_CONVERT, 4, 8, 1, ALPHA },
  { "animated.webp", ASSAY_FORMAT_WEBP, ASSAY_HANDLING_CONVERT, 3, 8, 1, ANIMATED },
  { "turned.webp", ASSAY_FORMAT_WEBP, ASSAY_HANDLING_CONVERT, 3, 8, 6, 0 },
};

/* A file that gives no more than @piece bytes at a time, and fails at @broken. */
typedef struct {
  const guint8 *bytes;
  gsize length;
  gsize piece;
  guint64 broken;
  guint64 furthest;
} File;

static gssize
read_cb (gpointer data,
         guint64 offset,
         guint8 *buffer,
         gsize size,
         GError **error)
{
  File *file = data;
  gsize got;

  if (offset >= file->broken)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, "the disk is gone");
      return -1;
    }
  if (offset >= file->length)
    return 0;
  got = MIN (MIN (size, file->piece), file->length - offset);
  memcpy (buffer, file->bytes + offset, got);
  file->furthest = MAX (file->furthest, offset + got);
  return got;
}

static gboolean
walk_file (GBytes *bytes,
           gsize piece,
           AssayFacts *facts,
           GError **error)
{
  File file = { .piece = piece, .broken = G_MAXUINT64 };

  file.bytes = g_bytes_get_data (bytes, &file.length);
  return assay_probe_walk (read_cb, &file, file.length, facts, error);
}

static gboolean
walk_data (gconstpointer data,
           gsize length,
           AssayFacts *facts,
           GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  return assay_probe_bytes (bytes, facts, error);
}

static void
assert_facts (const Row *row,
              const AssayFacts *facts)
{
  g_test_message ("%s", row->name);
  g_assert_cmpint (facts->format, ==, row->format);
  g_assert_cmpint (facts->handling, ==, row->handling);
  g_assert_cmpuint (facts->width, ==, PICTURE_WIDTH);
  g_assert_cmpuint (facts->height, ==, PICTURE_HEIGHT);
  g_assert_cmpuint (facts->channels, ==, row->channels);
  g_assert_cmpuint (facts->bits, ==, row->bits);
  g_assert_cmpuint (facts->orientation, ==, row->orientation);
  g_assert_cmpint (facts->palette, ==, (row->flags & PALETTE) != 0);
  g_assert_cmpint (facts->alpha, ==, (row->flags & ALPHA) != 0);
  g_assert_cmpint (facts->cmyk, ==, (row->flags & CMYK) != 0);
  g_assert_cmpint (facts->animated, ==, (row->flags & ANIMATED) != 0);
}

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = load_picture (rows[i].name);
      g_autoptr (GError) error = NULL;
      AssayFacts facts;

      if (has_loader (rows[i].format))
        {
          assay_probe_bytes (bytes, &facts, &error);
          g_assert_no_error (error);
          assert_facts (&rows[i], &facts);
        }
      else
        {
          Row unsupported = rows[i];

          unsupported.handling = ASSAY_HANDLING_REJECT;
          g_assert_false (assay_probe_bytes (bytes, &facts, &error));
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED);
          g_assert_nonnull (strstr (error->message, assay_format_get_name (rows[i].format)));
          assert_facts (&unsupported, &facts);
        }
    }
}

/* However the bytes come, the walk sees the same. */
static void
test_short_reads (void)
{
  static const gsize pieces[] = { 1, 7, 4096, 1024 * 1024 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint p = 0; p < G_N_ELEMENTS (pieces); p++)
      {
        g_autoptr (GBytes) bytes = load_picture (rows[i].name);
        g_autoptr (GError) error = NULL;
        AssayFacts facts;

        if (!has_loader (rows[i].format))
          continue;
        walk_file (bytes, pieces[p], &facts, &error);
        g_assert_no_error (error);
        assert_facts (&rows[i], &facts);
      }
}

static void
test_read_error (void)
{
  g_autoptr (GBytes) bytes = load_picture ("large.png");
  g_autoptr (GError) error = NULL;
  File file = { .piece = 100, .broken = 1200 };
  AssayFacts facts;

  file.bytes = g_bytes_get_data (bytes, &file.length);
  g_assert_false (assay_probe_walk (read_cb, &file, file.length, &facts, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_cmpstr (error->message, ==, "the disk is gone");
}

/* The size given is a bound, and the file may be shorter than it. */
static void
test_given_size (void)
{
  g_autoptr (GBytes) bytes = load_picture ("trailing.jpg");
  g_autoptr (GError) error = NULL;
  File file = { .piece = 4096, .broken = G_MAXUINT64 };
  AssayFacts facts;

  file.bytes = g_bytes_get_data (bytes, &file.length);
  g_assert_true (assay_probe_walk (read_cb, &file, file.length + 5000, &facts, NULL));

  file.furthest = 0;
  g_assert_false (assay_probe_walk (read_cb, &file, 300, &facts, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
  g_assert_cmpuint (file.furthest, ==, 300);
  g_clear_error (&error);

  g_assert_false (assay_probe_walk (read_cb, &file, ASSAY_LIMIT_FILE_BYTES + 1ull, &facts, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
}

/* What the first bytes say agrees with what the walk finds. */
static void
test_head (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = load_picture (rows[i].name);
      g_autoptr (GError) error = NULL;
      AssayFacts facts;
      gsize length;
      const guint8 *data = g_bytes_get_data (bytes, &length);
      gsize head = rows[i].format == ASSAY_FORMAT_TIFF ? length : MIN (length, 4096);

      if (!has_loader (rows[i].format))
        continue;
      g_assert_true (assay_probe_head (data, head, &facts, &error));
      g_assert_no_error (error);
      assert_facts (&rows[i], &facts);
      g_assert_true (assay_probe_head (data, 16, &facts, &error));
      g_assert_cmpint (facts.format, ==, rows[i].format);
    }
}

/* A camera's EXIF block is longer than the head; its orientation is in it all the
 * same, for the thumbnail. */
static void
test_head_of_camera (void)
{
  g_autoptr (GBytes) bytes = load_picture ("camera.jpg");
  AssayFacts facts;

  g_assert_true (assay_probe_head (g_bytes_get_data (bytes, NULL), 4096, &facts, NULL));
  g_assert_cmpuint (facts.orientation, ==, 6);
  g_assert_cmpuint (facts.width, ==, 0);
  g_assert_true (assay_probe_bytes (bytes, &facts, NULL));
  g_assert_cmpuint (facts.orientation, ==, 6);
  g_assert_cmpuint (facts.width, ==, PICTURE_WIDTH);
}

typedef struct {
  const char *content;
  gsize length;
  AssayError code;
  AssayFormat format;
  const char *words;
} Stranger;

#define STRANGER(content, code, format, words)                                                    \
  { content, sizeof content - 1, ASSAY_ERROR_##code, ASSAY_FORMAT_##format, words }

static const Stranger strangers[] = {
  STRANGER ("", NOT_AN_IMAGE, UNKNOWN, "empty"),
  STRANGER ("roses are red\n", NOT_AN_IMAGE, UNKNOWN, "text"),
  STRANGER ("BMW builds cars, and this is no bitmap at all", NOT_AN_IMAGE, UNKNOWN, "text"),
  STRANGER ("Gr\xc3\xbc\xc3\x9f" "e, cut in a character: \xc3", NOT_AN_IMAGE, UNKNOWN, "text"),
  STRANGER ("\xff\xfeh\0i\0", NOT_AN_IMAGE, UNKNOWN, "text"),
  STRANGER ("<!DOCTYPE html><title>404</title><svg/>", NOT_AN_IMAGE, UNKNOWN, "web page"),
  STRANGER ("<?xml version='1.0'?>\n<svg xmlns='x'/>", UNSUPPORTED, SVG, "SVG"),
  STRANGER ("%PDF-1.7\n%\xe2\xe3", NOT_AN_IMAGE, PDF, "PDF"),
  STRANGER ("PK\3\4\x14\0\0\0", UNSUPPORTED, ZIP, "n archive"),
  STRANGER ("PK\5\6\0\0\0\0", UNSUPPORTED, ZIP, "n archive"),
  STRANGER ("\x1f\x8b\x08\0\0\0\0\0", UNSUPPORTED, GZIP, "n archive"),
  STRANGER ("7z\xbc\xaf\x27\x1c\0\4", UNSUPPORTED, UNKNOWN, "7z"),
  STRANGER ("8BPS\0\1\0\0", UNSUPPORTED, UNKNOWN, "Photoshop"),
  STRANGER ("\0\0\1\0\1\0\x10\x10", UNSUPPORTED, UNKNOWN, "ICO"),
  STRANGER ("II\x2a\0\x10\0\0\0CR\2\0", UNSUPPORTED, UNKNOWN, "raw"),
  STRANGER ("\0\0\0\x18" "ftypmp42\0\0\0\0mp42isom", NOT_AN_IMAGE, UNKNOWN, "video"),
  STRANGER ("RIFF\x24\0\0\0WAVEfmt \x10", NOT_AN_IMAGE, UNKNOWN, "sound"),
  STRANGER ("\x7f" "ELF\2\1\1\0", NOT_AN_IMAGE, UNKNOWN, "program"),
  STRANGER ("\x89PNG\r\n\x1b\n", NOT_AN_IMAGE, UNKNOWN, "known kinds"),
  STRANGER ("\xff\xd8", NOT_AN_IMAGE, UNKNOWN, "known kinds"),
  STRANGER ("\0", NOT_AN_IMAGE, UNKNOWN, "known kinds"),
};

static void
test_strangers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      const Stranger *stranger = &strangers[i];
      g_autoptr (GError) head_error = NULL;
      g_autoptr (GError) error = NULL;
      AssayFacts facts;

      g_assert_false (assay_probe_head ((const guint8 *) stranger->content, stranger->length,
                                        &facts, &head_error));
      g_assert_error (head_error, ASSAY_ERROR, (int) stranger->code);
      g_assert_cmpint (facts.format, ==, stranger->format);
      g_assert_cmpint (facts.handling, ==, ASSAY_HANDLING_REJECT);
      g_assert_cmpuint (facts.orientation, ==, 1);

      g_assert_false (walk_data (stranger->content, stranger->length, &facts, &error));
      g_assert_error (error, ASSAY_ERROR, (int) stranger->code);
      g_assert_cmpstr (error->message, ==, head_error->message);
      if (strstr (error->message, stranger->words) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, stranger->words);
    }
}

static void
test_tar (void)
{
  guint8 tar[1024] = "name";
  g_autoptr (GError) error = NULL;
  AssayFacts facts;

  memcpy (tar + 257, "ustar\00000", 8);
  g_assert_false (walk_data (tar, sizeof tar, &facts, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED);
  g_assert_true (assay_format_is_archive (facts.format));
  g_assert_cmpstr (assay_format_get_name (facts.format), ==, "tar");
}

/* Cut anywhere, a picture is damaged or no picture any more, and never intact
 * (only bytes behind the end, or that nobody counts, may be missing). */
static void
test_cut_off (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = load_picture (rows[i].name);
      gsize length;
      const guint8 *data = g_bytes_get_data (bytes, &length);

      /* Containers that are converted anyway are judged whole by their decoder. */
      if (rows[i].format == ASSAY_FORMAT_TIFF || g_str_has_prefix (rows[i].name, "trailing")
          || !has_loader (rows[i].format) || length > 10000)
        continue;
      for (gsize cut = 0; cut < length; cut++)
        {
          g_autoptr (GError) error = NULL;
          AssayFacts facts;

          if (walk_data (data, cut, &facts, &error))
            g_error ("%s is said to be whole after %zu of %zu bytes", rows[i].name, cut, length);
          if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE))
            g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
          g_assert_cmpint (facts.handling, ==, ASSAY_HANDLING_REJECT);
        }
    }
}

/* A PNG's checksums cover every byte but the lengths, which show otherwise. */
static void
test_png_flipped (void)
{
  g_autoptr (GBytes) bytes = load_picture ("rgb.png");
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  for (gsize bit = 0; bit < length * 8; bit++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, length);
      AssayFacts facts;

      copy[bit / 8] ^= 1 << bit % 8;
      g_assert_false (walk_data (copy, length, &facts, NULL));
    }
}

/* Random damage, always the same: nothing crashes, nothing is read outside, and
 * the answer fits its error.  The sanitizers watch. */
static void
test_random_damage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240229);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = load_picture (rows[i].name);
      gsize length;
      gconstpointer data = g_bytes_get_data (bytes, &length);

      for (guint round = 0; round < 400; round++)
        {
          /* Exactly as large as the content, so that one byte too far is seen. */
          g_autofree guint8 *copy = g_memdup2 (data, length);
          gsize kept = round % 4 == 0 ? (gsize) g_rand_int_range (rand, 1, length) : length;
          g_autofree guint8 *damaged = NULL;
          g_autoptr (GBytes) content = NULL;
          g_autoptr (GError) error = NULL;
          AssayFacts facts;

          for (int n = g_rand_int_range (rand, 1, 9); n > 0; n--)
            copy[g_rand_int_range (rand, 0, MIN (length, round % 2 == 0 ? 64 : length))] =
              g_rand_int (rand);
          damaged = g_memdup2 (copy, kept);
          content = g_bytes_new_static (damaged, kept);
          if (!walk_file (content, 1 + round % 100, &facts, &error))
            g_assert_true (error->domain == ASSAY_ERROR);
          else
            g_assert_cmpint (facts.handling, !=, ASSAY_HANDLING_REJECT);
          g_assert_true (facts.orientation >= 1 && facts.orientation <= 8);
          if (error == NULL)
            g_assert_cmpuint ((guint64) facts.width * facts.height, <=, ASSAY_LIMIT_PIXELS);
        }
    }
}

static void
assert_rejected (gconstpointer data,
                 gsize length,
                 AssayError code,
                 const char *words)
{
  g_autoptr (GError) error = NULL;
  AssayFacts facts;

  g_assert_false (walk_data (data, length, &facts, &error));
  g_assert_error (error, ASSAY_ERROR, (int) code);
  if (strstr (error->message, words) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, words);
}

static void
assert_file_rejected (const char *name,
                      AssayError code,
                      const char *words)
{
  g_autoptr (GBytes) bytes = load_picture (name);

  assert_rejected (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), code, words);
}

static void
test_jpeg_kinds (void)
{
  assert_file_rejected ("lossless.jpg", ASSAY_ERROR_UNSUPPORTED, "Lossless");
  assert_file_rejected ("twelve.jpg", ASSAY_ERROR_UNSUPPORTED, "12 bits");
}

#define JPEG_START "\xff\xd8\xff\xdb\0\3\0"
#define JPEG_FRAME "\xff\xc0\0\x0b\x08\0\x10\0\x20\1\1\x11\0"
#define JPEG_SCAN "\xff\xda\0\x08\1\1\0\0\x3f\0"
#define REJECTED(data, code, words) assert_rejected (data, sizeof data - 1, code, words)

static void
test_jpeg_structure (void)
{
  static const char whole[] = JPEG_START JPEG_FRAME JPEG_SCAN
    "ab\xff\0c\xff\xd0" "d\xff\xd7\xff\0" "e\xff\xff\xff\xd9";
  AssayFacts facts;

  /* Stuffed bytes, restart markers and fill bytes belong to it. */
  g_assert_true (walk_data (whole, sizeof whole - 1, &facts, NULL));
  g_assert_cmpuint (facts.width, ==, 32);
  g_assert_cmpuint (facts.height, ==, 16);

  REJECTED (JPEG_START JPEG_FRAME JPEG_SCAN "ab\xff\0c", ASSAY_ERROR_DAMAGED, "cut off");
  REJECTED (JPEG_START JPEG_FRAME JPEG_SCAN "ab\xff", ASSAY_ERROR_DAMAGED, "cut off");
  REJECTED (JPEG_START JPEG_FRAME "\xff\xd9", ASSAY_ERROR_DAMAGED, "before any picture");
  REJECTED (JPEG_START JPEG_SCAN "ab\xff\xd9", ASSAY_ERROR_DAMAGED, "before its frame");
  REJECTED ("\xff\xd8" JPEG_FRAME JPEG_SCAN "ab\xff\xd9", ASSAY_ERROR_DAMAGED, "quantization");
  REJECTED (JPEG_START JPEG_FRAME JPEG_FRAME JPEG_SCAN "ab\xff\xd9", ASSAY_ERROR_DAMAGED, "two");
  REJECTED (JPEG_START "\0" JPEG_FRAME JPEG_SCAN "ab\xff\xd9", ASSAY_ERROR_DAMAGED, "follow");
  REJECTED (JPEG_START "\xff\xe1\0\1", ASSAY_ERROR_DAMAGED, "no length");
  REJECTED (JPEG_START "\xff\xd8\0\2", ASSAY_ERROR_DAMAGED, "none belongs");
  REJECTED (JPEG_START "\xff\xc0\0\x0b\x08\0\0\0\x20\1\1\x11\0", ASSAY_ERROR_DAMAGED, "no width");
  REJECTED (JPEG_START "\xff\xc0\0\x0b\x08\xff\xff\xff\xff\1\1\x11\0", ASSAY_ERROR_TOO_LARGE,
            "65535");
  REJECTED (JPEG_START "\xff\xc0\0\x0b\x08\0\x10\0\x20\1\1\x51\0", ASSAY_ERROR_DAMAGED, "frame");
  REJECTED (JPEG_START "\xff\xc0\0\x08\x08\0\x10\0\x20\0", ASSAY_ERROR_DAMAGED, "channel");
  REJECTED (JPEG_START "\xff\xc0\0\x0e\x08\0\x10\0\x20\2\1\x11\0\2\x11\0", ASSAY_ERROR_UNSUPPORTED,
            "channels");
}

/* Orientation out of blocks that lie: none of them spoils the picture. */
static void
test_jpeg_hostile_exif (void)
{
  static const struct {
    const char *block;
    gsize length;
    guint orientation;
  } blocks[] = {
#define BLOCK(bytes, orientation) { bytes, sizeof bytes - 1, orientation }
    BLOCK ("Exif\0\0II\x2a\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\5\0\0\0", 5),
    BLOCK ("Exif\0\0MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\7\0\0", 7),
    BLOCK ("Exif\0\0MM\0\x2a\0\0\0\x08\0\1\1\x12\0\4\0\0\0\1\0\0\0\3", 3),
    BLOCK ("Exif\0\0MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\x09\0\0", 1),
    BLOCK ("Exif\0\0MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\0\0\6\0\0", 1),
    BLOCK ("Exif\0\0MM\0\x2a\0\0\0\x08\0\1\1\x12\0\5\0\0\0\1\0\6\0\0", 1),
    BLOCK ("Exif\0\0MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\xff\xff\xff\xff\xff\xff\xff\xf0", 1),
    BLOCK ("Exif\0\0MM\0\x2a\xff\xff\xff\xff\0\1\1\x12\0\3\0\0\0\1\0\6\0\0", 1),
    BLOCK ("Exif\0\0MM\0\x2a\0\0\0\x08\xff\xff\1\x12\0\3\0\0\0\1\0\6\0\0", 6),
    BLOCK ("Exif\0\0XX\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0", 1),
    BLOCK ("Exif\0\0MM\0", 1),
    BLOCK ("Exif\0\0", 1),
    BLOCK ("Exif", 1),
#undef BLOCK
  };

  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      static const char tail[] = JPEG_FRAME JPEG_SCAN "ab\xff\xd9";
      g_autoptr (GByteArray) jpeg = g_byte_array_new ();
      g_autoptr (GError) error = NULL;
      guint8 head[] = { 0xff, 0xe1, 0, 2 + blocks[i].length };
      AssayFacts facts;

      g_byte_array_append (jpeg, (const guint8 *) JPEG_START, sizeof JPEG_START - 1);
      g_byte_array_append (jpeg, head, sizeof head);
      g_byte_array_append (jpeg, (const guint8 *) blocks[i].block, blocks[i].length);
      g_byte_array_append (jpeg, (const guint8 *) tail, sizeof tail - 1);
      walk_data (jpeg->data, jpeg->len, &facts, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (facts.orientation, ==, blocks[i].orientation);
    }
}

#define GIF_START "GIF89a\x10\0\x08\0\x80\0\0\0\0\0\xff\xff\xff"
#define GIF_FRAME ",\0\0\0\0\x10\0\x08\0\0\2\2\x44\1\0"

static void
test_gif_structure (void)
{
  AssayFacts facts;

  g_assert_true (walk_data (GIF_START GIF_FRAME ";", sizeof (GIF_START GIF_FRAME ";") - 1, &facts,
                            NULL));
  REJECTED (GIF_START GIF_FRAME, ASSAY_ERROR_DAMAGED, "cut off");
  REJECTED (GIF_START ";", ASSAY_ERROR_DAMAGED, "no picture");
  REJECTED (GIF_START "x", ASSAY_ERROR_DAMAGED, "follow");
  REJECTED (GIF_START ",\0\0\0\0\0\0\x08\0\0\2\2\x44\1\0;", ASSAY_ERROR_DAMAGED, "no width");
  REJECTED (GIF_START ",\0\0\0\0\xff\xff\x08\0\0\2\2\x44\1\0;", ASSAY_ERROR_TOO_LARGE, "65535");
  REJECTED (GIF_START ",\0\0\0\0\x10\0\x08\0\0\2\0;", ASSAY_ERROR_DAMAGED, "without data");
  REJECTED ("GIF89a\0\0\x08\0\x80\0\0\0\0\0\xff\xff\xff" GIF_FRAME ";", ASSAY_ERROR_DAMAGED,
            "no width");
  REJECTED ("GIF89a\x10\0\x08\0\0\0\0" GIF_FRAME ";", ASSAY_ERROR_DAMAGED, "no colors");
}

/* Millions of blocks of one byte each only burn time: the count ends it. */
static void
test_gif_of_crumbs (void)
{
  const gsize crumbs = ASSAY_LIMIT_CHUNKS + 10;
  g_autoptr (GByteArray) gif = g_byte_array_new ();
  const gsize start = sizeof GIF_START - 1;

  g_byte_array_append (gif, (const guint8 *) GIF_START, start);
  g_byte_array_append (gif, (const guint8 *) "!\xfe", 2);
  g_byte_array_set_size (gif, start + 2 + crumbs * 2);
  memset (gif->data + start + 2, 1, crumbs * 2);
  assert_rejected (gif->data, gif->len, ASSAY_ERROR_TOO_LARGE, "millions");
}

static void
put_le32 (guint8 *at,
          guint32 value)
{
  value = GUINT32_TO_LE (value);
  memcpy (at, &value, sizeof value);
}

/* Each field of a good BMP's header gets a value that doesn't fit. */
static void
test_bmp_sizes (void)
{
  static const struct {
    guint offset;
    guint32 value;
    AssayError code;
  } lies[] = {
    { 10, 0xffffffff, ASSAY_ERROR_DAMAGED },   /* pixels behind the end */
    { 10, 20, ASSAY_ERROR_DAMAGED },           /* pixels in the header */
    { 18, 0, ASSAY_ERROR_DAMAGED },            /* width */
    { 18, 41, ASSAY_ERROR_DAMAGED },
    { 18, 0x80000000, ASSAY_ERROR_DAMAGED },
    { 18, 0x7fffffff, ASSAY_ERROR_TOO_LARGE },
    { 22, 0, ASSAY_ERROR_DAMAGED },            /* height */
    { 22, 25, ASSAY_ERROR_DAMAGED },
    { 22, 0x80000000, ASSAY_ERROR_TOO_LARGE },
    { 26, 24 << 16 | 2, ASSAY_ERROR_DAMAGED }, /* planes and bits */
    { 26, 7 << 16 | 1, ASSAY_ERROR_DAMAGED },
    { 26, 8 << 16 | 1, ASSAY_ERROR_DAMAGED },  /* no room for its palette */
    { 30, 1, ASSAY_ERROR_DAMAGED },            /* RLE of 24 bits */
    { 30, 4, ASSAY_ERROR_UNSUPPORTED },        /* a JPEG inside */
    { 30, 99, ASSAY_ERROR_DAMAGED },
  };
  g_autoptr (GBytes) bytes = load_picture ("rgb.bmp");
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, length);

      put_le32 (copy + lies[i].offset, lies[i].value);
      assert_rejected (copy, length, lies[i].code, "");
    }
}

/* A bomb: few bytes, many pixels. */
static void
test_png_too_large (void)
{
  g_autoptr (GBytes) bytes = load_picture ("rgb.png");
  gsize length = g_bytes_get_size (bytes);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  AssayFacts facts;
  g_autoptr (GError) error = NULL;

  memcpy (copy + 16, "\0\0\x4e\x20\0\0\x4e\x20", 8);   /* 20,000 × 20,000 */
  assert_rejected (copy, length, ASSAY_ERROR_TOO_LARGE, "20000");
  g_assert_false (assay_probe_head (copy, length, &facts, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
  memcpy (copy + 16, "\0\0\x75\x31\0\0\0\1", 8);   /* one side of 30,001 */
  assert_rejected (copy, length, ASSAY_ERROR_TOO_LARGE, "30001");
  memcpy (copy + 16, "\0\0\0\0\0\0\0\1", 8);
  assert_rejected (copy, length, ASSAY_ERROR_DAMAGED, "no width");
}

/* Boxes as AVIF and HEIC have them: only the size is looked for. */
static const char heif[] =
  "\0\0\0\x18" "ftypavif\0\0\0\0" "avifmif1"
  "\0\0\0\x50" "meta\0\0\0\0"
  "\0\0\0\x0c" "hdlr\0\0\0\0"
  "\0\0\0\x38" "iprp"
  "\0\0\0\x30" "ipco"
  "\0\0\0\x14" "ispe\0\0\0\0\0\0\0\x10\0\0\0\x10"
  "\0\0\0\x14" "ispe\0\0\0\0\0\0\0\x30\0\0\0\x20";

/* Nobody has samples of thousands of bits, and the facts would say so. */
static void
test_tiff_absurd_bits (void)
{
  static const guint bits[] = { 8, 64, 65, 32639 };

  for (gsize i = 0; i < G_N_ELEMENTS (bits); i++)
    {
      guint8 tiff[] = { 'I', 'I', 42, 0, 8, 0, 0, 0, 3, 0,
                        0, 1, 3, 0, 1, 0, 0, 0, 9, 0, 0, 0,       /* width */
                        1, 1, 3, 0, 1, 0, 0, 0, 7, 0, 0, 0,       /* height */
                        2, 1, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0 };     /* bits */
      g_autoptr (GError) error = NULL;
      AssayFacts facts;

      tiff[42] = bits[i] & 0xFF;
      tiff[43] = bits[i] >> 8;
      if (bits[i] <= 64)
        {
          g_assert_true (walk_data (tiff, sizeof tiff, &facts, &error));
          g_assert_cmpuint (facts.bits, ==, bits[i]);
          continue;
        }
      g_assert_false (walk_data (tiff, sizeof tiff, &facts, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
    }
}

static void
test_heif (void)
{
  const gsize length = sizeof heif - 1;
  g_autoptr (GError) error = NULL;
  AssayFacts facts;
  gboolean ok = walk_data (heif, length, &facts, &error);

  g_assert_cmpint (facts.format, ==, ASSAY_FORMAT_AVIF);
  g_assert_cmpuint (facts.width, ==, 48);
  g_assert_cmpuint (facts.height, ==, 32);
  g_assert_cmpint (ok, ==, has_loader (ASSAY_FORMAT_AVIF));
  if (!ok)
    g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED);

  for (gsize cut = 12; cut < length; cut++)
    g_assert_false (walk_data (heif, cut, &facts, NULL));
}

static void
test_jxl (void)
{
  /* Sizes of pictures that cjxl has written: 40 × 24 (small, multiples of 8), and
   * a width told by a ratio: 3:2 of 408. */
  static const guint8 small[14] = { 0xff, 0x0a, 0x01 | 2 << 1, 4 << 1 };
  static const guint8 ratio[14] = { 0xff, 0x0a, (407 & 31) << 3, 407 >> 5 | 4 << 4 };
  AssayFacts facts;

  walk_data (small, sizeof small, &facts, NULL);
  g_assert_cmpint (facts.format, ==, ASSAY_FORMAT_JXL);
  g_assert_cmpuint (facts.height, ==, 24);
  g_assert_cmpuint (facts.width, ==, 40);
  walk_data (ratio, sizeof ratio, &facts, NULL);
  g_assert_cmpuint (facts.height, ==, 408);
  g_assert_cmpuint (facts.width, ==, 612);
}

static void
test_formats (void)
{
  g_assert_cmpstr (assay_format_get_name (ASSAY_FORMAT_JXL), ==, "JPEG XL");
  g_assert_cmpstr (assay_format_get_media_type (ASSAY_FORMAT_JPEG), ==, "image/jpeg");
  g_assert_cmpstr (assay_format_get_media_type ((AssayFormat) 1000), ==,
                   "application/octet-stream");
  g_assert_false (assay_format_is_archive (ASSAY_FORMAT_PNG));
  g_assert_true (assay_format_is_archive (ASSAY_FORMAT_GZIP));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/probe/table", test_table);
  g_test_add_func ("/assay/probe/short-reads", test_short_reads);
  g_test_add_func ("/assay/probe/read-error", test_read_error);
  g_test_add_func ("/assay/probe/given-size", test_given_size);
  g_test_add_func ("/assay/probe/head", test_head);
  g_test_add_func ("/assay/probe/head-of-camera", test_head_of_camera);
  g_test_add_func ("/assay/probe/strangers", test_strangers);
  g_test_add_func ("/assay/probe/tar", test_tar);
  g_test_add_func ("/assay/probe/cut-off", test_cut_off);
  g_test_add_func ("/assay/probe/png-flipped", test_png_flipped);
  g_test_add_func ("/assay/probe/random-damage", test_random_damage);
  g_test_add_func ("/assay/probe/jpeg-kinds", test_jpeg_kinds);
  g_test_add_func ("/assay/probe/jpeg-structure", test_jpeg_structure);
  g_test_add_func ("/assay/probe/jpeg-hostile-exif", test_jpeg_hostile_exif);
  g_test_add_func ("/assay/probe/gif-structure", test_gif_structure);
  g_test_add_func ("/assay/probe/gif-of-crumbs", test_gif_of_crumbs);
  g_test_add_func ("/assay/probe/bmp-sizes", test_bmp_sizes);
  g_test_add_func ("/assay/probe/png-too-large", test_png_too_large);
  g_test_add_func ("/assay/probe/tiff-absurd-bits", test_tiff_absurd_bits);
  g_test_add_func ("/assay/probe/heif", test_heif);
  g_test_add_func ("/assay/probe/jxl", test_jxl);
  g_test_add_func ("/assay/probe/formats", test_formats);

  return g_test_run ();
}
