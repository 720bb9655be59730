/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TEST_MONITOR (assay_test_monitor_get_type ())

/**
 * AssayTestMonitor:
 *
 * A network that comes and goes, as the system would tell it.
 */
G_DECLARE_FINAL_TYPE (AssayTestMonitor, assay_test_monitor, ASSAY, TEST_MONITOR, GObject)

AssayTestMonitor *assay_test_monitor_new           (void);
void              assay_test_monitor_set_available (AssayTestMonitor *self, gboolean available);
/* Every host, although there is no way to the rest of the world. */
void              assay_test_monitor_set_reaches   (AssayTestMonitor *self, gboolean reaches);
guint             assay_test_monitor_get_n_asked   (AssayTestMonitor *self);

G_END_DECLS
