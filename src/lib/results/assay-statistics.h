/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pure functions on counts.  Any thread. */

/* A figure and its 95 % interval; all NaN where nothing is known. */
typedef struct {
  double value;
  double low;
  double high;
} AssayInterval;

AssayInterval assay_wilson_interval (guint64 right, guint64 n);
double        assay_share           (guint64 part, guint64 whole);
double        assay_f1              (guint64 right, guint64 support, guint64 predicted);
double        assay_kappa           (guint64 right, guint64 n, double chance);
double        assay_mcc             (guint64 right, guint64 n, double chance, double support_squares,
                                     double predicted_squares);

G_END_DECLS
