/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayProfile:
 *
 * What a connection says that its protocol has to know: immutable, any thread.
 * Every string may be %NULL, and is never empty.
 */
typedef struct {
  char *url;                 /* where the service is, or where pictures go */
  char *models_url;          /* where models are listed, when that is elsewhere */
  char *template;            /* the path behind @url, with {model} and {version} */
  char *body;                /* how a picture is carried, in the protocol's own words */
  char *preprocess;          /* what becomes of a picture whose pixels are sent */
  char **labels;             /* in the order of the scores, as somebody has given them */
  gboolean softmax;          /* scores are made probabilities by a softmax */
  gboolean percent;          /* scores are 0…100 */
} AssayProfile;

AssayProfile *assay_profile_new   (const char *url, const char *models_url);
AssayProfile *assay_profile_copy  (const AssayProfile *self);
AssayProfile *assay_profile_ref   (AssayProfile *self);
void          assay_profile_unref (AssayProfile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayProfile, assay_profile_unref)

G_END_DECLS
