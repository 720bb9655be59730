/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the same request is sent again. */
typedef enum {
  ASSAY_RETRY_NEVER,         /* it would get the same answer */
  ASSAY_RETRY_ONCE,          /* 500: perhaps an accident, more likely the item */
  ASSAY_RETRY_TRIES,         /* up to the limit of tries */
} AssayRetry;

/* What an outcome says about the service, not about the item. */
typedef enum {
  ASSAY_MOOD_ANSWERS,        /* it does its work, whatever it said about the item */
  ASSAY_MOOD_THROTTLES,      /* it answers, and asks for fewer requests */
  ASSAY_MOOD_OVERLOADED,     /* it could not answer in time, or asks to come back: fewer requests may help */
  ASSAY_MOOD_GONE,           /* nobody answered */
} AssayMood;

AssayRetry assay_retry_of   (int code, guint status);
AssayMood  assay_mood_of    (int code, guint status);

gint64     assay_backoff_us (GRand *random, guint tries);

/**
 * AssayBudget:
 *
 * What a whole run may spend on sending again: a bucket of tokens, one for each
 * request that is no first one.  By value; begins as { 0 }, which is full.
 */
typedef struct {
  double spent;              /* tokens missing from the full bucket */
  gint64 last;               /* when that was true, monotonic µs */
} AssayBudget;

#define ASSAY_BUDGET_TOKENS 20        /* at most; so many repeats may go at once */
#define ASSAY_BUDGET_A_SECOND 1.0     /* tokens that time brings, so that it never stays empty */
#define ASSAY_BUDGET_AN_ANSWER 0.2    /* tokens that an answer brings: a fifth of the requests may be repeats */

void       assay_budget_take        (AssayBudget *self, gint64 now);
void       assay_budget_give        (AssayBudget *self, gint64 now);
gint64     assay_budget_when        (const AssayBudget *self, gint64 now);

G_END_DECLS
