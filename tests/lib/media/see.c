/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: see FOLDER < WISHES
 *
 * A wish is a line: a picture's path, a tab, and how to prepare it.  The nth, from 0
 * on, becomes three files of the folder: n.seen, the bytes of the RGB picture that the
 * model sees; n.floats and n.bytes, its tensors. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay-limits.h"
#include "assay-preprocess.h"
#include "assay-probe.h"
#include "assay-thumbnail.h"

static GdkPixbuf *
load (const char *path,
      GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, error);
  g_autoptr (GInputStream) stream = NULL;
  AssayFacts facts = { 0 };

  if (bytes == NULL || !assay_probe_bytes (bytes, &facts, error))
    return NULL;
  stream = g_memory_input_stream_new_from_bytes (bytes);
  return assay_thumbnail_load (stream, &facts, ASSAY_LIMIT_SIDE, NULL, error);
}

static gboolean
keep (const char *folder,
      guint n,
      const char *kind,
      gconstpointer data,
      gsize length,
      GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%u.%s", folder, n, kind);

  return g_file_set_contents (path, data, length, error);
}

static gboolean
fulfil (const AssayPreprocess *wish,
        GdkPixbuf *picture,
        const char *folder,
        guint n,
        GError **error)
{
  g_autoptr (GdkPixbuf) seen = assay_preprocess_see (wish, picture);
  gsize length = assay_preprocess_get_length (wish);
  g_autofree float *floats = g_new (float, length);
  g_autofree guint8 *bytes = g_new (guint8, length);

  assay_preprocess_run (wish, picture, floats);
  assay_preprocess_fill_bytes (wish, seen, bytes);
  return keep (folder, n, "seen", gdk_pixbuf_read_pixels (seen),
               (gsize) wish->width * wish->height * 3, error)
         && keep (folder, n, "floats", floats, length * sizeof *floats, error)
         && keep (folder, n, "bytes", bytes, length, error);
}

int
main (int argc,
      char **argv)
{
  char line[4096];

  for (guint n = 0; argc > 1 && fgets (line, sizeof line, stdin) != NULL; n++)
    {
      g_auto (GStrv) words = g_strsplit (g_strchomp (line), "\t", 2);
      g_autoptr (GdkPixbuf) picture = NULL;
      g_autoptr (GError) error = NULL;
      AssayPreprocess wish;

      assay_preprocess_init_default (&wish, 0, 0);
      if (!assay_preprocess_parse (&wish, words[1], &error)
          || (picture = load (words[0], &error)) == NULL
          || !fulfil (&wish, picture, argv[1], n, &error))
        {
          fprintf (stderr, "see: %s: %s\n", words[0], error->message);
          return EXIT_FAILURE;
        }
    }
  return EXIT_SUCCESS;
}
