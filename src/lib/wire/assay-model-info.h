/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-payload.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_PIXELS_FP32,         /* what preprocessing makes of them */
  ASSAY_PIXELS_UINT8,        /* 0…255 */
} AssayPixelType;

/* The tensor of pixels that a model wants of one picture: channels × height × width, or
 * height × width × channels. */
typedef struct {
  AssayPixelType type;
  gboolean channels_last;
  guint channels;            /* 3, or 1 for gray; 0 for either */
  guint width;               /* 0 for any */
  guint height;              /* 0 for any */
} AssayPixelNeed;

/**
 * AssayPixelMaker:
 * @picture: a picture's file
 * @need: (inout): what the model wants; what it says nothing about is decided here
 * @preprocess: (nullable): as somebody has written it
 * @error: %ASSAY_ERROR_USAGE when @preprocess does not fit @need
 *
 * Makes a payload of the tensor.  The picture is decoded each time that it is opened, on
 * the thread that does: a picture that can't be is an error then.
 *
 * Returns: (transfer full) (nullable): the tensor's bytes, least significant first
 */
typedef AssayPayload *(*AssayPixelMaker) (AssayPayload *picture, AssayPixelNeed *need,
                                          const char *preprocess, GError **error);

/**
 * AssayModelInfo:
 *
 * What a service says of one version of a model before it is asked, as far as its protocol
 * has words for it.  Immutable, any thread.
 */
typedef struct {
  char **labels;             /* (nullable): in the order of the scores */
  gboolean takes_pixels;     /* a tensor as @need says, not a picture's file */
  AssayPixelNeed need;
  guint max_batch;           /* pictures in one request, at least 1 */
  gpointer own;              /* (nullable): what else the protocol needs */
  GDestroyNotify own_free;
} AssayModelInfo;

AssayModelInfo *assay_model_info_new   (gpointer own, GDestroyNotify own_free);
AssayModelInfo *assay_model_info_ref   (AssayModelInfo *self);
void            assay_model_info_unref (AssayModelInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayModelInfo, assay_model_info_unref)

G_END_DECLS
