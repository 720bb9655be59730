/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connection.h"

G_BEGIN_DECLS

/**
 * AssayCliManner:
 *
 * The options that say how a service is spoken to, as they were typed; nothing that was
 * not.
 */
typedef struct {
  char *protocol;
  char *preset;
  char *template;
  char *body;
  char *labels;               /* a file */
  char *preprocess;
  gboolean softmax;
  gboolean percent;
} AssayCliManner;

/* For an array of GOptionEntry. */
#define ASSAY_CLI_MANNER_ENTRIES(self)                                                      \
  { "protocol", 0, 0, G_OPTION_ARG_STRING, &(self)->protocol,                               \
    N_("What it speaks: mlf (default), oip, kserve-v1, generic, or auto to find out"),      \
    N_("P") },                                                                                          \
  { "preset", 0, 0, G_OPTION_ARG_STRING, &(self)->preset,                                   \
    N_("Speak as to one of these: torchserve, hugging-face, custom-vision, vertex, …"),     \
    N_("NAME") },                                                                           \
  { "template", 0, 0, G_OPTION_ARG_STRING, &(self)->template,                               \
    N_("The path behind the address, with {model} and {version}"), N_("PATH") },            \
  { "body", 0, 0, G_OPTION_ARG_STRING, &(self)->body,                                       \
    N_("How an image is carried, as the protocol has it"), N_("FORM") },                    \
  { "labels", 0, 0, G_OPTION_ARG_FILENAME, &(self)->labels,                                 \
    N_("What the scores are of: a label on each line"), N_("FILE") },                       \
  { "preprocess", 0, 0, G_OPTION_ARG_STRING, &(self)->preprocess,                           \
    N_("What becomes of an image whose pixels are sent: “imagenet”, “0..1”, …"),            \
    N_("TEXT") },                                                                           \
  { "softmax", 0, 0, G_OPTION_ARG_NONE, &(self)->softmax,                                   \
    N_("The scores are logits: make probabilities of them"), NULL },                        \
  { "percent", 0, 0, G_OPTION_ARG_NONE, &(self)->percent,                                   \
    N_("The scores are 0 to 100"), NULL }

gboolean assay_cli_manner_is_auto (const AssayCliManner *self);
gboolean assay_cli_manner_check (const AssayCliManner *self, GError **error);
gboolean assay_cli_manner_apply (const AssayCliManner *self, AssayConnection *connection,
                                 GError **error);
void     assay_cli_manner_clear (AssayCliManner *self);

G_END_DECLS
