/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-answer.h"
#include "assay-source.h"
#include "assay-truth.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_ITEM (assay_item_get_type ())

/**
 * AssayItem:
 *
 * One given thing and its row: where it came from, its facts, and its answers,
 * at most one for each target.  "answer" is the one of the target on show; "truth" is
 * what the picture really shows, in the labels of the model;
 * "source" changes only for what has to be fetched first, and "percent" while it is.
 * Main thread.
 */
G_DECLARE_FINAL_TYPE (AssayItem, assay_item, ASSAY, ITEM, GObject)

/**
 * AssayItemWatch:
 * @changed: called when the answer on show is another one or has changed its state, before
 *   "notify::answer" and the answer's "notify::state"
 * @data: passed to it
 *
 * Who follows all items of a collection, without a signal handler for each.
 */
typedef struct {
  void (*changed) (AssayItem *item, gpointer data);
  gpointer data;
} AssayItemWatch;

AssayItem        *assay_item_new            (AssaySource *source);
AssaySource      *assay_item_get_source     (AssayItem *self);
void              assay_item_set_source     (AssayItem *self, AssaySource *source);
int               assay_item_get_percent    (AssayItem *self);     /* of it is here, -1 while unknown */
void              assay_item_set_percent    (AssayItem *self, int percent);
const char       *assay_item_get_name       (AssayItem *self);     /* safe to show */
const char       *assay_item_get_group      (AssayItem *self);     /* safe to show, (nullable) */
guint             assay_item_get_serial     (AssayItem *self);     /* order of arrival in its collection */
const AssayFacts *assay_item_get_facts      (AssayItem *self);
guint64           assay_item_get_size       (AssayItem *self);
gboolean          assay_item_is_read        (AssayItem *self);     /* so that its hash is known */
char             *assay_item_dup_sha256     (AssayItem *self);     /* (nullable) until read */
char             *assay_item_dup_sent_sha256 (AssayItem *self);    /* (nullable) until read */
guint             assay_item_hash_bytes     (gconstpointer item);
gboolean          assay_item_has_same_bytes (gconstpointer a, gconstpointer b);
gboolean          assay_item_get_converted  (AssayItem *self);
guint             assay_item_get_fitted     (AssayItem *self);     /* 0, or pixels of the longer side that were sent */
void              assay_item_set_prepared   (AssayItem *self, const AssayPrepared *prepared);
guint64           assay_item_get_sent_bytes (AssayItem *self, guint64 *total);
void              assay_item_set_sent_bytes (AssayItem *self, guint64 sent, guint64 total);
AssayAnswer      *assay_item_get_answer     (AssayItem *self);     /* of the target on show, (nullable) */
AssayAnswer      *assay_item_find_answer    (AssayItem *self, AssayTarget *target);
guint             assay_item_get_n_answers  (AssayItem *self);
AssayAnswer      *assay_item_get_nth_answer (AssayItem *self, guint index);
AssayAnswer      *assay_item_ensure_answer  (AssayItem *self, AssayTarget *target);
void              assay_item_show_target    (AssayItem *self, AssayTarget *target);
void              assay_item_set_serial     (AssayItem *self, guint serial);
const char       *assay_item_get_truth      (AssayItem *self);     /* (nullable) */
AssayTruthOrigin  assay_item_get_truth_origin (AssayItem *self);
void              assay_item_set_truth      (AssayItem *self, const char *label, AssayTruthOrigin origin);
const char       *assay_item_get_mark       (AssayItem *self);     /* (nullable) said by hand */
void              assay_item_set_mark       (AssayItem *self, const char *label);
void              assay_item_set_watch      (AssayItem *self, const AssayItemWatch *watch);
const AssayItemWatch *assay_item_get_watch  (AssayItem *self);

G_END_DECLS
