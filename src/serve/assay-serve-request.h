/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "assay-serve-route.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SERVE_REQUEST (assay_serve_request_get_type ())

G_DECLARE_FINAL_TYPE (AssayServeRequest, assay_serve_request, ASSAY, SERVE_REQUEST, GObject)

/* What all requests together may keep of their bodies. */
typedef struct {
  gsize limit;
  gsize held;
} AssayServeRoom;

AssayServeRequest *assay_serve_request_new             (SoupServerMessage *message,
                                                        AssayServeRoom *room, guint64 received,
                                                        guint patience_ms);
SoupServerMessage *assay_serve_request_get_message     (AssayServeRequest *self);
const char        *assay_serve_request_get_method      (AssayServeRequest *self);
const char        *assay_serve_request_get_header      (AssayServeRequest *self, const char *name);
const char        *assay_serve_request_get_query       (AssayServeRequest *self);
GBytes            *assay_serve_request_get_body        (AssayServeRequest *self);
gboolean           assay_serve_request_is_answered     (AssayServeRequest *self);
GCancellable      *assay_serve_request_get_cancellable (AssayServeRequest *self);
char             **assay_serve_request_dup_segments    (AssayServeRequest *self);
void               assay_serve_request_set_route       (AssayServeRequest *self,
                                                        const AssayRoute *route, char **captures);
const AssayRoute  *assay_serve_request_get_route       (AssayServeRequest *self);
const char        *assay_serve_request_get_capture     (AssayServeRequest *self, guint index);

void               assay_serve_request_read_body       (AssayServeRequest *self, gsize limit);
void               assay_serve_request_end_body        (AssayServeRequest *self);
void               assay_serve_request_wait            (AssayServeRequest *self);
void               assay_serve_request_add_header      (AssayServeRequest *self, const char *name,
                                                        const char *value);
void               assay_serve_request_answer          (AssayServeRequest *self, guint status,
                                                        const char *json);
void               assay_serve_request_answer_bytes    (AssayServeRequest *self, const char *type,
                                                        GBytes *bytes);
void               assay_serve_request_refuse          (AssayServeRequest *self, guint status,
                                                        const char *message);
void               assay_serve_request_hang_up         (AssayServeRequest *self, guint status,
                                                        const char *message);
void               assay_serve_request_close           (AssayServeRequest *self);
void               assay_serve_request_let_go          (AssayServeRequest *self);

G_END_DECLS
