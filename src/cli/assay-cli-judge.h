/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-answer.h"
#include "assay-statistics.h"

G_BEGIN_DECLS

/* What the commands that judge have in common: how figures are written, the gates, and
 * the JUnit report. */

#define ASSAY_CLI_JUDGE_DIGITS 3

/* Text for people. */
char    *assay_cli_judge_dup_number   (double value);
char    *assay_cli_judge_dup_percent  (double share);
char    *assay_cli_judge_dup_interval (const AssayInterval *interval);

/* JSON: each appends a member and what divides it from the one before. */
void     assay_cli_json_name          (GString *out, const char *name);
void     assay_cli_json_number        (GString *out, const char *name, double value);
void     assay_cli_json_count         (GString *out, const char *name, guint64 count);
void     assay_cli_json_string        (GString *out, const char *name, const char *text);
void     assay_cli_json_interval      (GString *out, const char *name, const AssayInterval *interval);
void     assay_cli_json_target        (GString *out, const char *name, AssayTarget *target);

gboolean assay_cli_judge_write        (const char *path, const char *text, GError **error);

/**
 * AssayCliGates:
 *
 * What a command was asked to reach, and a test report of it, with the pictures, if that
 * is wanted.
 */
typedef struct _AssayCliGates AssayCliGates;

AssayCliGates *assay_cli_gates_new         (const char *suite, const char *junit);
void           assay_cli_gates_free        (AssayCliGates *self);
void           assay_cli_gates_add         (AssayCliGates *self, const char *name, gboolean met, const char *words);
void           assay_cli_gates_add_picture (AssayCliGates *self, const char *path, double seconds,
                                            const char *failure, const char *error);
int            assay_cli_gates_judge       (AssayCliGates *self, int status);
gboolean       assay_cli_gates_write       (AssayCliGates *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliGates, assay_cli_gates_free)

G_END_DECLS
