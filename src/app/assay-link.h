/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-builtin.h"
#include "assay-client.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_LINK        (assay_link_get_type ())
#define ASSAY_TYPE_LINK_STATUS (assay_link_status_get_type ())

typedef enum {
  ASSAY_LINK_UNKNOWN,        /* not asked yet, and it cannot list its models */
  ASSAY_LINK_CONNECTING,     /* starting or signing in */
  ASSAY_LINK_READY,
  ASSAY_LINK_OFFLINE,
  ASSAY_LINK_NOT_PERMITTED,
  ASSAY_LINK_TROUBLED,       /* reached, but what it says of its models is of no use */
} AssayLinkStatus;

/**
 * AssayLink:
 *
 * A connection in use: its client and secrets, how it stands, and the versions
 * that it lists.  Shared by all windows.  Main thread.  Signals: "changed";
 * "restarted", the built-in service had stopped and goes on.
 */
G_DECLARE_FINAL_TYPE (AssayLink, assay_link, ASSAY, LINK, GObject)

GType             assay_link_status_get_type  (void);
AssayLink        *assay_link_new              (AssayConnection *connection, AssayBuiltin *builtin,
                                               AssaySecrets *secrets);
AssayConnection  *assay_link_get_connection   (AssayLink *self);
AssayClient      *assay_link_get_client       (AssayLink *self);
AssayLinkStatus   assay_link_get_status       (AssayLink *self);
const GError     *assay_link_get_error        (AssayLink *self);
GPtrArray        *assay_link_get_versions     (AssayLink *self);
gboolean          assay_link_can_list         (AssayLink *self);
gboolean          assay_link_can_ask          (AssayLink *self);
AssayModelVersion *assay_link_find_version    (AssayLink *self, const char *model, const char *version);
void              assay_link_set_secret       (AssayLink *self, const char *secret);
void              assay_link_set_bounds       (AssayLink *self, guint jobs, guint timeout_seconds);
void              assay_link_refresh          (AssayLink *self);
void              assay_link_report           (AssayLink *self, const GError *error);
const char       *assay_link_get_words        (AssayLink *self);
const char       *assay_link_get_dot          (AssayLink *self);
void              assay_link_close            (AssayLink *self);
gboolean          assay_link_version_is_pending (const AssayModelVersion *version);

G_END_DECLS
