/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-session.h"
#include "assay-test-server.h"

G_BEGIN_DECLS

/* A real service with two versions of one model, a connection to it in a key
 * file of the test's own, and a folder for pictures. */
typedef struct {
  AssayTestServer *server;
  AssayHub *hub;
  AssayConnection *connection;
  GSettings *settings;
  char *folder;
} SessionSupport;

SessionSupport *session_support_new           (void);
void            session_support_free          (SessionSupport *self);
void            session_support_list          (SessionSupport *self, const char *state);
void            session_support_list_once     (SessionSupport *self, const char *state);
GFile          *session_support_draw          (SessionSupport *self, const char *name);
void            session_support_add           (SessionSupport *self, AssaySession *session, guint n_images);
gboolean        session_support_wait_count    (AssaySession *session, AssayAnswerState state, guint count);
gboolean        session_support_wait_idle     (AssaySession *session);
gboolean        session_support_wait_target   (AssaySession *session);
gboolean        session_support_wait_status   (AssaySession *session, AssayLinkStatus status);
gboolean        session_support_wait_requests (SessionSupport *self, const char *path, guint count);

G_END_DECLS
