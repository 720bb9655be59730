/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-probe.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_ARCHIVE_FILE,
  ASSAY_ARCHIVE_FOLDER,
  ASSAY_ARCHIVE_LINK,         /* symbolic or hard; its bytes are elsewhere, so it has none */
  ASSAY_ARCHIVE_SPECIAL,      /* device, pipe, socket */
} AssayArchiveKind;

/**
 * AssayArchiveMember:
 *
 * What an archive says of one of its members; nothing of it is to be believed.
 * The name is a label and never a path: "../" and a leading "/" stay in it and
 * mean nothing.
 */
typedef struct {
  guint index;                /* position in the archive, from 0; names may repeat */
  char *name;                 /* UTF-8, whatever the archive holds; may be "" */
  char *raw_name;             /* the archive's own bytes */
  AssayArchiveKind kind;
  gboolean encrypted;
  gboolean size_known;
  guint64 size;               /* as the header claims; 0 if unknown */
} AssayArchiveMember;

/**
 * AssayArchive:
 *
 * A zip, a tar, or either a tar or a single file in gzip, as a stream of members
 * that goes forward once.  Nothing is ever written.  What is decided about the
 * odd ones:
 *
 * - Bytes are counted as they come out of the unpacker, those that are skipped
 *   too, and set against the bytes of the archive: above
 *   ASSAY_LIMIT_ARCHIVE_RATIO (once ASSAY_LIMIT_ARCHIVE_SLACK is used up), above
 *   ASSAY_LIMIT_ARCHIVE_BYTES, or after ASSAY_LIMIT_ARCHIVE_MEMBERS, it stops
 *   with %ASSAY_ERROR_TOO_LARGE.  Sizes in headers are never trusted.
 * - An encrypted member is named; reading it is %ASSAY_ERROR_UNSUPPORTED.  The same
 *   goes for one packed in a way that takes as much memory as its header says.
 * - Links and devices are named with their kind and have no bytes.
 * - Names that repeat, hidden ones, `__MACOSX/`, `../`, `/` and archives inside
 *   are members like all others: whoever reads decides what to leave out.  No
 *   archive inside an archive is opened here, nor gzip inside gzip.
 * - A member whose checksum is wrong is %ASSAY_ERROR_DAMAGED when it is read to
 *   its end; those after it can still be read.  (libarchive doesn't compare the
 *   checksum of a gzip: there only the picture's own end tells.)
 * - A zip is read by its directory at the end where the stream can be sought
 *   and the directory is there; else from its start, so that a zip that was cut
 *   off gives the members before the cut.
 * - Where the archive itself breaks, one error says after or in which member
 *   and how many bytes in (in a gzip, to within 64 KiB).  A tar that was cut exactly between two members
 *   can't be told from a whole one by an archiver that wrote no end mark.
 * - Names are UTF-8 where they are marked or valid as that; else code page 437
 *   in a zip and ISO 8859-1 in a tar or gzip, so that they are always readable.
 *
 * One thread at a time.
 */
typedef struct _AssayArchive AssayArchive;

AssayArchive             *assay_archive_new       (GInputStream *stream, const char *name, AssayFormat format,
                                                   GCancellable *cancellable, GError **error);
void                      assay_archive_free      (AssayArchive *self);
gboolean                  assay_archive_is_broken (AssayArchive *self);
const AssayArchiveMember *assay_archive_next      (AssayArchive *self, GError **error);
gssize                    assay_archive_read      (AssayArchive *self, guint8 *buffer, gsize size, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayArchive, assay_archive_free)

G_END_DECLS
