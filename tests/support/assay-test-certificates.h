/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A certificate authority of the test's own and what it has signed, made anew by
 * openssl(1) in a temporary folder. */
typedef struct {
  char *folder;
  char *ca;               /* the authority's certificate */
  char *key;              /* of all of these: */
  char *good;             /* localhost, 127.0.0.1 */
  char *other;            /* other.example */
  char *expired;          /* localhost, 127.0.0.1, in 2020 */
  char *self_signed;      /* localhost, 127.0.0.1, by nobody else */
} AssayTestCertificates;

AssayTestCertificates *assay_test_certificates_new  (void);
void                   assay_test_certificates_free (AssayTestCertificates *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTestCertificates, assay_test_certificates_free)

G_END_DECLS
