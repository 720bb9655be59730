/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sys/stat.h>

#include "assay-payload.h"
#include "assay-probe.h"

G_BEGIN_DECLS

/* Which file it was, to see later whether it still is the same. */
typedef struct {
  dev_t device;
  ino_t inode;
  off_t size;
  struct timespec modified;
} AssayIdentity;

AssayIdentity assay_identity_of          (const struct stat *info);
gboolean      assay_identity_check       (const AssayIdentity *self, int fd, GError **error);
void          assay_identity_set_changed (GError **error);
AssayPayload *assay_identity_new_payload (const AssayIdentity *self, const char *path, const char *name,
                                          const char *media_type);

/* SHA-256 as 64 lower-case hexadecimal digits. */
void          assay_digest_bytes         (GBytes *bytes, char hex[65]);
gboolean      assay_digest_read          (AssayProbeRead read, gpointer data, guint64 size, char hex[65], GError **error);

G_END_DECLS
