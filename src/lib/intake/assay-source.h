/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-fit.h"
#include "assay-parcel.h"
#include "assay-payload.h"
#include "assay-probe.h"
#include "assay-spool.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SOURCE (assay_source_get_type ())

/**
 * AssaySource:
 *
 * Where the bytes of one given thing come from: a file, memory (pasted),
 * standard input, a member of an archive, or an address.  Immutable, any thread.  A source that cannot be sent carries
 * the reason as its error; it still has a name, and so a row.  One whose bytes are
 * still on their way is replaced by another when they are here.
 */
G_DECLARE_FINAL_TYPE (AssaySource, assay_source, ASSAY, SOURCE, GObject)

typedef enum {
  ASSAY_SOURCE_FILE,
  ASSAY_SOURCE_MEMORY,
  ASSAY_SOURCE_STDIN,
  ASSAY_SOURCE_MEMBER,
  ASSAY_SOURCE_REMOTE,        /* fetched from an address */
} AssaySourceKind;

AssaySource      *assay_source_new_file    (GFile *file, const char *group, guint64 size, const AssayFacts *facts, const GError *error);
AssaySource      *assay_source_new_member  (GFile *archive, const char *group, const char *name, guint index, const char *raw_name,
                                            guint64 size, const AssayFacts *facts, AssaySpoolRange *range, const GError *error);
AssaySource      *assay_source_new_bytes   (AssaySourceKind kind, const char *name, GBytes *bytes);
AssaySource      *assay_source_new_remote  (const char *name, const char *address, GBytes *bytes, const GError *error);
gboolean          assay_source_is_awaited  (AssaySource *self);
gboolean          assay_source_is_here     (AssaySource *self);
AssaySourceKind   assay_source_get_kind    (AssaySource *self);
const char       *assay_source_get_name    (AssaySource *self);
const char       *assay_source_get_path    (AssaySource *self);
const char       *assay_source_get_member  (AssaySource *self);
guint             assay_source_get_member_index (AssaySource *self);
GFile            *assay_source_get_file    (AssaySource *self);
const char       *assay_source_get_group   (AssaySource *self);
guint64           assay_source_get_size    (AssaySource *self);
const AssayFacts *assay_source_get_facts   (AssaySource *self);
const GError     *assay_source_get_error   (AssaySource *self);
AssayParcel      *assay_source_get_parcel  (AssaySource *self, guint *place);
gboolean          assay_source_is_unfit    (AssaySource *self);
GInputStream     *assay_source_open        (AssaySource *self, GCancellable *cancellable, GError **error);

/**
 * AssayPrepared:
 *
 * A source read, hashed, walked to its container's end and, where the service
 * needs it, converted: ready to be sent.
 */
typedef struct {
  AssayPayload *payload;      /* of what is sent */
  char sha256[65];            /* of the original bytes, hex */
  char sent_sha256[65];       /* of what is sent; equal unless converted or sent in an archive */
  gboolean converted;
  guint fitted;               /* 0, or the longer side in pixels of a copy that was made to fit */
  guint64 size;               /* of the original bytes */
  AssayFacts facts;           /* of the original */
} AssayPrepared;

AssayPrepared    *assay_source_prepare     (AssaySource *self, gboolean convert, GCancellable *cancellable, GError **error);
AssayPrepared    *assay_source_prepare_fit (AssaySource *self, gboolean convert, const AssayFit *fit,
                                            GCancellable *cancellable, GError **error);
void              assay_prepared_free      (AssayPrepared *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPrepared, assay_prepared_free)

G_END_DECLS
