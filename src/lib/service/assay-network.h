/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-flight.h"

G_BEGIN_DECLS

/* One network thread with its own session: it has one flight at a time, and
 * keeps its connections between flights. */
typedef struct _AssayNetwork AssayNetwork;

/* Called on the network thread at the end of each flight. */
typedef void (*AssayNetworkDone) (AssayFlight *flight, gpointer data);

AssayNetwork *assay_network_new  (guint max_conns, GTlsDatabase *anchors, AssayNetworkDone done, gpointer data);
void          assay_network_send (AssayNetwork *self, AssayFlight *flight);
void          assay_network_quit (AssayNetwork *self);
void          assay_network_free (AssayNetwork *self);

G_END_DECLS
