/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-probe.h"

G_BEGIN_DECLS

/**
 * AssayPeek:
 *
 * A window of at most 64 KiB that is laid over a file and moves with the looks
 * that are taken at it.  Bytes in memory are looked at where they are.
 *
 * Invariants: @bytes is what the file has from @start on, @length bytes of it;
 * nothing at or behind @limit is ever looked at.
 */
typedef struct {
  AssayProbeRead read;   /* NULL for bytes in memory */
  gpointer data;
  guint64 limit;
  guint8 *buffer;
  const guint8 *bytes;
  guint64 start;
  gsize length;
} AssayPeek;

#define ASSAY_PEEK_MAX (64 * 1024)   /* the longest look: a whole JPEG segment */

void          assay_peek_init       (AssayPeek *self, AssayProbeRead read, gpointer data,
                                     guint64 limit);
void          assay_peek_init_bytes (AssayPeek *self, const guint8 *bytes, gsize length);
void          assay_peek_clear      (AssayPeek *self);
const guint8 *assay_peek_need       (AssayPeek *self, guint64 at, gsize size, GError **error);
const guint8 *assay_peek_some       (AssayPeek *self, guint64 at, gsize *length, GError **error);
const guint8 *assay_peek_head       (AssayPeek *self, gsize size, gsize *length, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayPeek, assay_peek_clear)

/**
 * AssayTiffTags:
 *
 * What one image file directory says; 0 where it says nothing.
 */
typedef struct {
  guint width;
  guint height;
  guint bits;
  guint photometric;
  guint orientation;
  guint samples;
  guint extra;
} AssayTiffTags;

gboolean assay_format_has_loader   (AssayFormat format);
gboolean assay_probe_identify      (const guint8 *head, gsize length, AssayFormat *format,
                                    GError **error);

/* One for each container: looks at all of it, fills in facts and handling. */
gboolean assay_probe_jpeg          (AssayPeek *peek, AssayFacts *facts, GError **error);
gboolean assay_probe_png           (AssayPeek *peek, AssayFacts *facts, GError **error);
gboolean assay_probe_gif           (AssayPeek *peek, AssayFacts *facts, GError **error);
gboolean assay_probe_bmp           (AssayPeek *peek, AssayFacts *facts, GError **error);
gboolean assay_probe_webp          (AssayPeek *peek, AssayFacts *facts, GError **error);
gboolean assay_probe_tiff          (AssayPeek *peek, AssayFacts *facts, GError **error);
gboolean assay_probe_heif          (AssayPeek *peek, AssayFacts *facts, GError **error);
gboolean assay_probe_jxl           (AssayPeek *peek, AssayFacts *facts, GError **error);

/* What they share. */
gboolean assay_probe_read_tags     (AssayPeek *peek, guint64 base, guint64 end,
                                    AssayTiffTags *tags, GError **error);
void     assay_probe_read_exif     (AssayPeek *peek, guint64 base, guint64 end, AssayFacts *facts);
gboolean assay_probe_set_size      (AssayFacts *facts, guint64 width, guint64 height,
                                    GError **error);
gboolean assay_probe_count         (guint *count, GError **error);
gboolean assay_probe_damaged       (GError **error, const char *reason);
gboolean assay_probe_unsupported   (GError **error, const char *reason);

static inline guint
assay_be16 (const guint8 *at)
{
  return (guint) at[0] << 8 | at[1];
}

static inline guint
assay_le16 (const guint8 *at)
{
  return (guint) at[1] << 8 | at[0];
}

static inline guint32
assay_be32 (const guint8 *at)
{
  return (guint32) assay_be16 (at) << 16 | assay_be16 (at + 2);
}

static inline guint32
assay_le32 (const guint8 *at)
{
  return (guint32) assay_le16 (at + 2) << 16 | assay_le16 (at);
}

G_END_DECLS
