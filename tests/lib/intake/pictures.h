/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

/* Real pictures and a folder of the test's own to put them in. */

char   *pictures_make_folder   (void);
void    pictures_remove_folder (const char *path);
GBytes *pictures_encode        (const char *type, int width, int height, guint32 seed);
char   *pictures_write         (const char *folder, const char *name, const void *data, gssize length);
char   *pictures_write_picture (const char *folder, const char *name, const char *type, guint32 seed);
char   *pictures_make_below    (const char *folder, const char *name);
