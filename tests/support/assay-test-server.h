/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AssayTestAnswer:
 *
 * What the server does with one request, once it has read it whole (unless it
 * says otherwise).
 */
typedef struct _AssayTestAnswer AssayTestAnswer;

AssayTestAnswer *assay_test_answer_new        (guint status, const char *media_type, const char *body);
AssayTestAnswer *assay_test_answer_new_bytes  (guint status, const char *media_type, GBytes *body);
/* Exactly these bytes, and then the connection is closed, or stays open and silent. */
AssayTestAnswer *assay_test_answer_new_raw    (const char *bytes, gsize length, gboolean close);
/* A byte every @milliseconds, and then the connection is closed. */
AssayTestAnswer *assay_test_answer_new_drip   (const char *bytes, guint milliseconds);
AssayTestAnswer *assay_test_answer_new_close  (void);
/* Closed after the head of the request, with its body unread. */
AssayTestAnswer *assay_test_answer_new_close_early (void);
AssayTestAnswer *assay_test_answer_new_silent (void);
void             assay_test_answer_add_header (AssayTestAnswer *self, const char *name, const char *value);
void             assay_test_answer_gzip       (AssayTestAnswer *self);
/* Not before assay_test_server_release(). */
void             assay_test_answer_hold       (AssayTestAnswer *self);
void             assay_test_answer_unref      (AssayTestAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTestAnswer, assay_test_answer_unref)

typedef struct {
  char *method;
  char *path;                 /* decoded */
  char *query;                /* (nullable) */
  GHashTable *headers;        /* lower-case name → value */
  char *sha256;               /* of the body */
  guint64 length;             /* of the body */
  GBytes *body;               /* its first 64 KiB */
  guint connection;           /* the client's port: equal for the same connection */
} AssayTestRequest;

/**
 * AssayTestServer:
 *
 * A real HTTP server on a free port of 127.0.0.1, in a thread of its own, that
 * misbehaves on command.  Any thread may call it.
 */
typedef struct _AssayTestServer AssayTestServer;

AssayTestServer *assay_test_server_new          (const char *cert_file, const char *key_file);
void             assay_test_server_free         (AssayTestServer *self);
guint            assay_test_server_get_port     (AssayTestServer *self);
char            *assay_test_server_dup_url      (AssayTestServer *self, const char *path);
/* Once, in the order pushed; a %NULL path is any path without answers of its own. */
void             assay_test_server_push         (AssayTestServer *self, const char *path, AssayTestAnswer *answer);
/* Always, when nothing was pushed. */
void             assay_test_server_set          (AssayTestServer *self, const char *path, AssayTestAnswer *answer);
void             assay_test_server_release      (AssayTestServer *self);
/* As long as it takes. */
void             assay_test_server_await_request (AssayTestServer *self, guint index);
/* Bounded waits; they fail the test in the end. */
void             assay_test_server_wait_requests (AssayTestServer *self, guint n);
void             assay_test_server_wait_held    (AssayTestServer *self, guint n);
guint            assay_test_server_get_n_requests (AssayTestServer *self);
guint            assay_test_server_get_n_connections (AssayTestServer *self);
guint            assay_test_server_get_high_water (AssayTestServer *self);
/* (transfer none), valid as long as the server */
const AssayTestRequest *assay_test_server_get_request (AssayTestServer *self, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTestServer, assay_test_server_free)

/* The answer of the tutorial: five flowers, sunflowers first. */
extern const char ASSAY_TEST_FLOWERS[];

G_END_DECLS
