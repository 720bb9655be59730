/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What each target is: any bytes, and what must hold of what is made of them.
 * libFuzzer calls it, or replay.c.  A broken promise ends the process. */
int LLVMFuzzerInitialize   (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What holds of every sentence for a person: UTF-8 on one line, of bounded
 * length, without anything that a terminal or a text layout acts upon. */
void fuzz_check_sentence (const char *text);
void fuzz_check_error    (const GError *error);

/* A NUL-terminated string of the bytes up to the next NUL, which is skipped. */
char *fuzz_take_string   (const uint8_t **data, size_t *size);

G_END_DECLS
