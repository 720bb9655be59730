/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-answer.h"
#include "assay-error.h"

G_BEGIN_DECLS

/* The format, and what tells it from other zips. */
#define ASSAY_BUNDLE_FORMAT "assay-bundle"
#define ASSAY_BUNDLE_VERSION 1

#define ASSAY_BUNDLE_RUNS 2

/* Its members, in their order; two of them once for each run. */
#define ASSAY_BUNDLE_MANIFEST "manifest.json"
#define ASSAY_BUNDLE_SETTINGS "settings.json"
#define ASSAY_BUNDLE_IMAGES "images.ndjson"
#define ASSAY_BUNDLE_ANSWERS "answers-%u.ndjson"
#define ASSAY_BUNDLE_PREDICTIONS "predictions-%u.ndjson"
#define ASSAY_BUNDLE_FIGURES "figures.json"
#define ASSAY_BUNDLE_THUMBNAIL "thumbnails/%s.jpg"

/* One image that was given. */
typedef struct {
  char *name;                 /* for people, UTF-8: its folder and its own, never a whole path */
  char *sha256;               /* (nullable) of its bytes, hex; unknown of what was not read */
  guint64 bytes;
  char *truth;                /* (nullable) the label that it really has */
  char *truth_source;         /* (nullable) exactly without truth: who says so */
} AssayBundleImage;

/* What one version said of an image, always a final state: a prediction exactly when
 * answered.  Of an error there is the code alone, because its words may name a host or a
 * path. */
typedef struct {
  AssayAnswerState state;
  AssayPrediction *prediction;
  AssayError code;
  char *sent_sha256;          /* (nullable) of what was sent, if that was something else */
  guint attempts;
  double seconds;
  gint64 when;                /* microseconds since 1970 (UTC) */
} AssayBundleAnswer;

/* One version that was asked. */
typedef struct {
  char *name;                 /* what was given, for people */
  char *service;              /* what people call it, "" if that would be its address */
  char *protocol;
  char *model;
  char *version;
  gint64 started;             /* microseconds since 1970 (UTC) */
  gint64 ended;
  guint given;
  GPtrArray *answers;         /* (element-type AssayBundleAnswer) by image; NULL for none */
} AssayBundleRun;

/**
 * AssayBundle:
 *
 * The evidence of one run, or of two that are compared: images with their hashes and
 * truth, what was answered, and how it was made.  Never a secret, a host, or a path of the
 * machine that made it.  One thread at a time; nobody but its maker changes it.
 */
typedef struct {
  char *program;              /* the Assay that made it */
  double threshold;           /* below it an answer is unsure */
  char *truth;                /* where truth was looked for, a word */
  char *seal;                 /* (nullable) of one that was read: SHA-256 of its manifest, hex */
  GPtrArray *images;          /* (element-type AssayBundleImage) */
  GPtrArray *runs;            /* (element-type AssayBundleRun): one or two, the baseline first */
  GHashTable *thumbnails;     /* (element-type utf8 GBytes): a JPEG by the image's SHA-256 */
  GHashTable *places;         /* of images by what they are, for assay_bundle_add_answer() */
  GHashTable *seen;           /* how often the last run has said something of the same bytes */
} AssayBundle;

AssayBundle       *assay_bundle_new         (const char *program, double threshold, const char *truth);
void               assay_bundle_free        (AssayBundle *self);
void               assay_bundle_take_run    (AssayBundle *self, AssayBundleRun *run);
guint              assay_bundle_add_answer  (AssayBundle *self, const char *path, const char *member, const char *sha256,
                                             guint64 bytes, AssayBundleAnswer *answer);
void               assay_bundle_set_truth   (AssayBundle *self, guint image, const char *label, const char *source);
AssayBundleAnswer *assay_bundle_get_answer  (AssayBundle *self, guint run, guint image);

AssayBundleRun    *assay_bundle_run_new     (void);
void               assay_bundle_run_free    (AssayBundleRun *self);
void               assay_bundle_answer_free (AssayBundleAnswer *self);
void               assay_bundle_image_free  (AssayBundleImage *self);
gboolean           assay_bundle_is_hash     (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBundle, assay_bundle_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBundleRun, assay_bundle_run_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBundleAnswer, assay_bundle_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBundleImage, assay_bundle_image_free)

/* Writing: the same values give the same bytes. */
char    *assay_bundle_dup_settings    (AssayBundle *self);
char    *assay_bundle_dup_images      (AssayBundle *self);
char    *assay_bundle_dup_answers     (AssayBundle *self, guint run);
char    *assay_bundle_dup_predictions (AssayBundle *self, guint run);
char    *assay_bundle_dup_figures     (AssayBundle *self);

/* Reading, in this order; the text ends in NUL. */
gboolean assay_bundle_read_settings   (AssayBundle *self, const char *text, gsize length, GError **error);
gboolean assay_bundle_read_images     (AssayBundle *self, const char *text, gsize length, GError **error);
gboolean assay_bundle_read_answers    (AssayBundle *self, guint run, const char *text, gsize length, GError **error);

/**
 * AssayBundleDifference:
 * @version: of which the figure is, from 1; 0 for one of the comparison
 * @name: of the figure
 * @claimed: what the bundle says
 * @computed: what follows from its answers
 */
typedef void (*AssayBundleDifference) (guint version, const char *name, const char *claimed, const char *computed,
                                       gpointer data);

gboolean assay_bundle_compare_figures (const char *claimed, gsize length, const char *computed,
                                       AssayBundleDifference difference, gpointer data, GError **error);

/* The list of members and their hashes. */
typedef struct {
  char *name;
  guint64 bytes;
  char *sha256;
} AssayBundleMember;

void       assay_bundle_member_free   (AssayBundleMember *self);
char      *assay_bundle_dup_manifest  (const char *program, GPtrArray *members);
GPtrArray *assay_bundle_read_manifest (const char *text, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBundleMember, assay_bundle_member_free)

G_END_DECLS
