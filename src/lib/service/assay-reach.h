/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_REACH (assay_reach_get_type ())

/**
 * AssayReach:
 *
 * Whether it makes sense to send anything to a service, for all that this computer
 * knows: it may have no network, or be about to sleep.  Main thread.  Signal
 * "changed": ask again.
 */
G_DECLARE_FINAL_TYPE (AssayReach, assay_reach, ASSAY, REACH, GObject)

AssayReach *assay_reach_new          (GNetworkMonitor *monitor);
void        assay_reach_follow_sleep (AssayReach *self, GDBusConnection *bus);
gboolean    assay_reach_can_send     (AssayReach *self, const char *url);

G_END_DECLS
