/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pictures.h"

char *
pictures_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("assay-test-XXXXXX", &error);

  g_assert_no_error (error);
  return path;
}

/* Never follows a link. */
void
pictures_remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);
      struct stat info;

      if (lstat (below, &info) == 0 && S_ISDIR (info.st_mode))
        pictures_remove_folder (below);
      else
        g_unlink (below);
    }
  g_rmdir (path);
}

/* Colored noise, so that two seeds are two pictures and a PNG is as large as
 * its pixels. */
GBytes *
pictures_encode (const char *type,
                 int width,
                 int height,
                 guint32 seed)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GError) error = NULL;
  guchar *pixels = gdk_pixbuf_get_pixels (pixbuf);
  char *data;
  gsize size;

  for (gsize i = 0; i < gdk_pixbuf_get_byte_length (pixbuf); i++)
    pixels[i] = g_rand_int (random) >> 24;
  gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, type, &error, NULL);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}

char *
pictures_write (const char *folder,
                const char *name,
                const void *data,
                gssize length)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (folder, name, NULL);

  g_file_set_contents (path, data, length, &error);
  g_assert_no_error (error);
  return path;
}

char *
pictures_write_picture (const char *folder,
                        const char *name,
                        const char *type,
                        guint32 seed)
{
  g_autoptr (GBytes) bytes = pictures_encode (type, 16, 12, seed);
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  return pictures_write (folder, name, data, size);
}

char *
pictures_make_below (const char *folder,
                     const char *name)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  return path;
}
