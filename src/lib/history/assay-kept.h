/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-answer.h"

G_BEGIN_DECLS

/* What the history keeps, as plain values.  Whoever makes one owns it and frees
 * it with its function; a value that the history gave belongs to the caller. */

typedef enum {
  ASSAY_KEPT_RUNNING,         /* some process is at it now */
  ASSAY_KEPT_INTERRUPTED,     /* its process is gone, or has left it: it can be resumed */
  ASSAY_KEPT_FINISHED,        /* nothing more was meant to come */
} AssayKeptState;

/**
 * AssayKeptRun:
 *
 * One run.  A secret has no place in it: a run that is resumed signs in anew.
 * answered + failed + rejected + canceled + left = given.
 */
typedef struct {
  gint64 id;                  /* never given out twice; 0 before it is kept */
  char *name;                 /* for people */
  gint64 started;             /* microseconds since 1970 (UTC) */
  gint64 ended;               /* the same; 0 while it has not */
  AssayKeptState state;
  AssayTarget *target;        /* connection id, model, version */
  char *connection_name;
  char *url;
  char *protocol;
  char *options;              /* whatever else resuming needs, as its maker wrote it */
  guint given;                /* as told at the start, or what came since, if that is more */
  guint n_items;              /* of those given, the ones whose origin is kept */
  guint n_answered;
  guint n_failed;
  guint n_rejected;
  guint n_canceled;
} AssayKeptRun;

/**
 * AssayKeptAnswer:
 *
 * What was said of one item: always a final state; a prediction exactly when
 * answered, an error exactly when failed or rejected.
 */
typedef struct {
  guint position;             /* of its item */
  AssayAnswerState state;
  AssayPrediction *prediction;
  GError *error;              /* ASSAY_ERROR */
  char *sha256;               /* (nullable) of the original bytes, hex */
  char *sent_sha256;          /* (nullable) of what was sent, hex */
  guint attempts;
  double seconds;
  gint64 when;                /* microseconds since 1970 (UTC) */
  gboolean again;             /* the item was asked again: see assay_history_keep_async() */
} AssayKeptAnswer;

/**
 * AssayKeptItem:
 *
 * One given thing: how it is called and how it is found again.
 */
typedef struct {
  guint position;             /* in the order given, from 0 */
  char *path;                 /* as it was given; any bytes but NUL */
  char *member;               /* (nullable) name in an archive; any bytes but NUL */
  guint member_index;         /* its place in the archive */
  char *group;                /* (nullable) any bytes but NUL */
  char *uri;                  /* (nullable) of the file or the archive; none: cannot be resumed */
  guint64 bytes;              /* 0 while unknown */
  AssayKeptAnswer *answer;    /* (nullable) when loaded: what is kept of it */
} AssayKeptItem;

/**
 * AssayKeptTruth:
 *
 * What a picture really shows, by its bytes and the labels of a model: the same in every
 * run.
 */
typedef struct {
  char *label;
  char *source;               /* who says so */
  gint64 when;                /* microseconds since 1970 (UTC) */
} AssayKeptTruth;

guint            assay_kept_run_get_left   (const AssayKeptRun *self);
void             assay_kept_run_free       (AssayKeptRun *self);

AssayKeptItem   *assay_kept_item_copy      (const AssayKeptItem *self);
void             assay_kept_item_free      (AssayKeptItem *self);

AssayKeptAnswer *assay_kept_answer_new     (guint position, AssayAnswer *answer,
                                            const char *sha256, const char *sent_sha256);
AssayKeptAnswer *assay_kept_answer_copy    (const AssayKeptAnswer *self);
void             assay_kept_answer_free    (AssayKeptAnswer *self);
gboolean         assay_kept_answer_restore (const AssayKeptAnswer *self, AssayAnswer *answer);

void             assay_kept_truth_free     (AssayKeptTruth *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayKeptRun, assay_kept_run_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayKeptItem, assay_kept_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayKeptAnswer, assay_kept_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayKeptTruth, assay_kept_truth_free)

G_END_DECLS
