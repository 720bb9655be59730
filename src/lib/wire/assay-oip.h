/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-oip-tensor.h"

G_BEGIN_DECLS

/* What a request wants of one output. */
typedef struct {
  char *name;
  guint classification;  /* so many of the highest, as “score:index:label”; 0 for the tensor */
  gboolean binary;       /* behind the JSON */
} AssayOipOutput;

/**
 * AssayOipMessage:
 *
 * A request or a response of inference, as values.
 *
 * Invariants: no two of @tensors and no two of @outputs have the same name.
 */
typedef struct {
  char *id;              /* (nullable): a client's, which comes back */
  char *model_name;      /* (nullable): only of a response */
  char *model_version;   /* (nullable): likewise */
  GPtrArray *tensors;    /* (element-type AssayOipTensor): inputs of a request, outputs of a response */
  GPtrArray *outputs;    /* (element-type AssayOipOutput): what a request wants; none is all */
  gboolean raw;          /* the whole body is the one value of the one input, which has no name */
  gboolean binary_all;   /* outputs that a request doesn't name are wanted behind the JSON */
} AssayOipMessage;

AssayOipMessage *assay_oip_message_new        (void);
void             assay_oip_message_free       (AssayOipMessage *self);
AssayOipTensor  *assay_oip_message_find       (const AssayOipMessage *self, const char *name);
AssayOipOutput  *assay_oip_message_add_output (AssayOipMessage *self, const char *name);

AssayOipMessage *assay_oip_read_request       (GBytes *body, const char *json_length,
                                               GError **error);
AssayOipMessage *assay_oip_read_response      (GBytes *body, const char *json_length,
                                               GError **error);
GBytes          *assay_oip_write_request      (const AssayOipMessage *self, gsize *json_length);
GBytes          *assay_oip_write_response     (const AssayOipMessage *self, gsize *json_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOipMessage, assay_oip_message_free)

/* One input or output that a model has. */
typedef struct {
  char *name;
  AssayOipType type;
  guint n_dims;
  gint64 shape[ASSAY_LIMIT_TENSOR_DIMS];  /* -1 is any size */
  char *content_type;    /* (nullable): a word on what BYTES hold, as of MLServer */
} AssayOipPort;

/* What a model says of itself. */
typedef struct {
  char *name;
  char *platform;        /* may be empty */
  char **versions;       /* may be empty */
  GPtrArray *inputs;     /* (element-type AssayOipPort) */
  GPtrArray *outputs;    /* (element-type AssayOipPort) */
  char **labels;         /* (nullable): in the scores' order */
  guint max_batch_size;  /* 0 where it isn't said */
} AssayOipModel;

AssayOipModel *assay_oip_model_new      (const char *name);
void           assay_oip_model_free     (AssayOipModel *self);
void           assay_oip_model_add_port (GPtrArray *ports, const char *name, AssayOipType type,
                                         const gint64 *shape, guint n_dims);
AssayOipModel *assay_oip_read_model     (GBytes *body, GError **error);
char          *assay_oip_write_model    (const AssayOipModel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOipModel, assay_oip_model_free)

/* A version in a listing. */
typedef struct {
  char *name;
  char *version;         /* empty where the service has none */
  char *state;           /* “READY”, or another word; empty where it isn't said */
  char *reason;          /* may be empty */
} AssayOipEntry;

AssayOipEntry *assay_oip_entry_new      (const char *name, const char *version, const char *state,
                                         const char *reason);
void           assay_oip_entry_free     (AssayOipEntry *self);
GPtrArray     *assay_oip_read_index     (GBytes *body, GError **error);
char          *assay_oip_write_index    (GPtrArray *entries);

/* What a server says of itself. */
typedef struct {
  char *name;
  char *version;         /* may be empty */
  char **extensions;     /* may be empty */
} AssayOipServer;

void            assay_oip_server_free   (AssayOipServer *self);
AssayOipServer *assay_oip_read_server   (GBytes *body, GError **error);
char           *assay_oip_write_server  (const char *name, const char *version,
                                         const char *const *extensions);
char           *assay_oip_write_error   (const char *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOipServer, assay_oip_server_free)

G_END_DECLS
