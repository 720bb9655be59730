/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AssayCertificate:
 *
 * What a person has to see of a certificate before accepting it.
 */
typedef struct {
  char *subject;              /* these two safe to show; "" where it has none */
  char *issuer;
  GDateTime *not_before;      /* (nullable) */
  GDateTime *not_after;       /* (nullable) */
  char *fingerprint;          /* SHA-256, as assay_fingerprint_normalize() writes it */
  GTlsCertificateFlags flags; /* what is wrong with it; 0 when it is trusted */
} AssayCertificate;

AssayCertificate *assay_certificate_new  (GTlsCertificate *certificate, GTlsCertificateFlags flags);
void              assay_certificate_free (AssayCertificate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCertificate, assay_certificate_free)

GTlsCertificateFlags assay_certificate_check (GTlsCertificate *certificate, GTlsCertificateFlags flags,
                                              GTlsDatabase *anchors, const char *fingerprint,
                                              GSocketConnectable *identity, GCancellable *cancellable);

char *assay_fingerprint_normalize (const char *text, GError **error);
char *assay_fingerprint_format    (const char *fingerprint);

G_END_DECLS
