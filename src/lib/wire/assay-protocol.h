/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-answer.h"
#include "assay-model-info.h"
#include "assay-multipart.h"
#include "assay-profile.h"

G_BEGIN_DECLS

/* One header line; part of a request. */
typedef struct {
  char *name;
  char *value;
} AssayHeader;

/**
 * AssayRequest:
 *
 * A request as values: nothing is opened and nothing is sent by it.
 */
typedef struct {
  const char *method;        /* "GET", "POST" */
  char *url;
  GPtrArray *headers;        /* (element-type AssayHeader), besides type, length and authorization */
  char *secret_header;       /* (nullable): which header carries the secret, NULL for Authorization */
  AssayBody *body;           /* (nullable) */
} AssayRequest;

AssayRequest *assay_request_new        (const char *method, const char *url);
void          assay_request_free       (AssayRequest *self);
void          assay_request_add_header (AssayRequest *self, const char *name, const char *value);
void          assay_request_set_header (AssayRequest *self, const char *name, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRequest, assay_request_free)

/**
 * AssayReply:
 *
 * An answer as values, read whole within ASSAY_LIMIT_ANSWER_BYTES.
 */
typedef struct {
  guint status;
  char *reason;              /* may be empty */
  char *content_type;        /* (nullable) */
  char *retry_after;         /* (nullable): the header as sent */
  GBytes *body;
} AssayReply;

AssayReply   *assay_reply_new  (guint status, const char *reason, const char *content_type,
                                const char *retry_after, GBytes *body);
void          assay_reply_free (AssayReply *self);
gboolean      assay_reply_is_success (const AssayReply *self);
gboolean      assay_reply_is_unknown (const AssayReply *self);
gboolean      assay_status_is_passing (guint status);
GBytes       *assay_reply_dup_start (const AssayReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReply, assay_reply_free)

typedef struct _AssayModelVersion AssayModelVersion;

/**
 * AssayModelVersion:
 *
 * One version of one model as a service lists it.
 */
struct _AssayModelVersion {
  char *model;
  char *version;
  char *state;               /* as the service says: "SUCCEEDED", "PENDING", …; "" when never deployed */
  char *description;         /* (nullable) */
  gboolean callable;
  char **labels;             /* (nullable) */
  gint64 created;            /* microseconds since 1970 (UTC), 0 when not known */
};

void assay_model_version_free (AssayModelVersion *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayModelVersion, assay_model_version_free)

/* What is asked about some pictures, and of whom. */
typedef struct {
  const AssayProfile *profile;
  const AssayModelInfo *info;          /* (nullable): of the model, where the protocol describes */
  const char *model;                   /* (nullable) */
  const char *version;                 /* (nullable) */
  AssayPayload *const *payloads;
  guint n_payloads;
  AssayPixelMaker pixels;              /* (nullable) */
} AssayQuery;

/**
 * AssayDiscovered:
 *
 * What an unknown address has turned out to be.
 */
typedef struct {
  char *service;             /* what it calls itself, with its version: "mlserver 1.6.0" */
  AssayProfile *profile;     /* how it is spoken to */
  char *model;               /* (nullable): when the address named one */
} AssayDiscovered;

AssayDiscovered *assay_discovered_new  (const char *service, AssayProfile *profile);
void             assay_discovered_free (AssayDiscovered *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayDiscovered, assay_discovered_free)

/**
 * AssayProtocol:
 *
 * How one kind of service is spoken to: data in, data out, no input or output,
 * callable on any thread.  Each protocol is one constant of this type in a file
 * of its own, with its contract in the comment at the top.  What an array of requests
 * asks is sent all at once; the replies come in the same order, none is %NULL.
 */
typedef struct {
  const char *id;            /* "mlf" */
  const char *title;         /* "SAP ML Foundation", untranslated */
  gboolean no_version;       /* a model may be asked without naming a version */

  /* (nullable): what has to be known of a model before it is asked: requests (element-type
   * AssayRequest), and what the replies tell. */
  GPtrArray      *(*describe) (const AssayProfile *profile, const char *model, const char *version,
                               GError **error);
  AssayModelInfo *(*read_describe) (const AssayProfile *profile, AssayReply *const *replies,
                                    guint n_replies, GError **error);

  AssayRequest   *(*classify) (const AssayQuery *query, GError **error);
  /* One outcome for each payload (element-type AssayOutcome), never NULL. */
  GPtrArray      *(*read_classify) (const AssayQuery *query, const AssayReply *reply);
  /* (nullable): when the one payload was an archive of pictures: one outcome for each of its members. */
  GPtrArray      *(*read_archive) (const AssayReply *reply, const char *const *names, guint n_names);

  gboolean        (*can_list) (const AssayProfile *profile);
  /* The requests that a listing takes (element-type AssayRequest); all are sent. */
  GPtrArray      *(*list) (const AssayProfile *profile, GError **error);
  /* Their replies in the same order, into (element-type AssayModelVersion), newest version first. */
  GPtrArray      *(*read_list) (const AssayProfile *profile, AssayReply *const *replies,
                                guint n_replies, GError **error);

  /* (nullable): what tells whether this is spoken at the addresses of a profile, which somebody
   * has typed: requests (element-type AssayRequest), none when these can't be such, and what
   * their replies say; NULL when it is something else. */
  GPtrArray       *(*probe) (const AssayProfile *profile);
  AssayDiscovered *(*read_probe) (const AssayProfile *profile, AssayReply *const *replies,
                                  guint n_replies);
} AssayProtocol;

const AssayProtocol *assay_protocol_find (const char *id);
const AssayProtocol *const *assay_protocol_get_all (guint *n_protocols);

/* What a service that is not in the mood says, in a form that fits all of them (protocols.md, A4). */
GError *assay_protocol_error_from_reply (const AssayReply *reply);
GError *assay_protocol_error_as         (const AssayReply *reply, int code);

G_END_DECLS
