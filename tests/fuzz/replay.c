/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a target without libFuzzer: every file of its corpus, then so many inputs
 * bent out of them, the same ones each time.
 *
 * usage: replay-TARGET CORPUS ROUNDS LAST
 *
 * LAST always holds the input at hand, so that it is there after a crash; it is
 * removed in the end. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

#define INPUT_BYTES (64 * 1024)
#define MAX_CHANGES 8
#define SEED 1809

typedef struct {
  GPtrArray *files;           /* (element-type GBytes) */
  GRand *random;
  uint8_t *last;              /* INPUT_BYTES bytes of the file LAST */
  int fd;                     /* of it */
} Replay;

static void
run (Replay *self,
     const uint8_t *data,
     size_t size)
{
  g_assert_cmpuint (size, <=, INPUT_BYTES);
  if (size > 0)
    memcpy (self->last, data, size);
  g_assert_cmpint (ftruncate (self->fd, size), ==, 0);
  {
    /* Of exactly this length, so that reading behind the end is found. */
    g_autofree uint8_t *copy = g_memdup2 (self->last, size);

    LLVMFuzzerTestOneInput (copy != NULL ? copy : (const uint8_t *) "", size);
  }
  g_assert_cmpint (ftruncate (self->fd, INPUT_BYTES), ==, 0);
}

static GBytes *
pick (Replay *self)
{
  return g_ptr_array_index (self->files, g_rand_int_range (self->random, 0, self->files->len));
}

static guint
below (Replay *self,
       guint end)
{
  return end > 0 ? (guint) g_rand_int_range (self->random, 0, end) : 0;
}

/* Puts a stretch of another file in the place of one of this. */
static void
mix (Replay *self,
     GByteArray *input)
{
  gsize length;
  const guint8 *other = g_bytes_get_data (pick (self), &length);
  guint from = below (self, length);
  guint taken = below (self, MIN (length - from, 64) + 1);
  guint at = below (self, input->len);
  guint dropped = below (self, MIN (input->len - at, 64) + 1);
  g_autoptr (GByteArray) rest = g_byte_array_new ();

  g_byte_array_append (rest, input->data + at + dropped, input->len - at - dropped);
  g_byte_array_set_size (input, at);
  g_byte_array_append (input, other + from, taken);
  g_byte_array_append (input, rest->data, rest->len);
}

static void
bend (Replay *self,
      GByteArray *input)
{
  static const guint8 odd[] = { 0x00, 0x01, 0x7F, 0x80, 0xFF, '"', '\\', '[', '{', '0' };
  guint at = below (self, input->len);

  if (input->len == 0)
    return;
  switch (below (self, 5))
    {
    case 0:
      input->data[at] ^= 1 << below (self, 8);
      break;
    case 1:
      input->data[at] = odd[below (self, G_N_ELEMENTS (odd))];
      break;
    case 2:
      g_byte_array_remove_range (input, at, 1 + below (self, MIN (input->len - at, 8)));
      break;
    case 3:
      g_byte_array_set_size (input, at);
      break;
    default:
      mix (self, input);
      break;
    }
}

static void
run_bent (Replay *self)
{
  g_autoptr (GByteArray) input = g_byte_array_new ();
  GBytes *file = pick (self);
  guint changes = 1 + below (self, MAX_CHANGES);

  g_byte_array_append (input, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  for (guint i = 0; i < changes; i++)
    bend (self, input);
  run (self, input->data, MIN (input->len, INPUT_BYTES));
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* In the order of their names: the same inputs on every machine. */
static GPtrArray *
load (const char *folder)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      char *contents;
      gsize length;

      g_assert_true (g_file_get_contents (names->pdata[i], &contents, &length, NULL));
      g_ptr_array_add (files, g_bytes_new_take (contents, length));
    }
  g_assert_cmpuint (files->len, >, 0);
  return files;
}

static void
open_last (Replay *self,
           const char *path)
{
  self->fd = g_open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  g_assert_cmpint (self->fd, >=, 0);
  g_assert_cmpint (ftruncate (self->fd, INPUT_BYTES), ==, 0);
  self->last = mmap (NULL, INPUT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, self->fd, 0);
  g_assert_true (self->last != MAP_FAILED);
}

int
main (int argc,
      char *argv[])
{
  Replay self = { 0 };
  guint64 rounds;

  g_assert_cmpint (argc, ==, 4);
  g_assert_true (g_ascii_string_to_unsigned (argv[2], 10, 0, G_MAXUINT, &rounds, NULL));
  LLVMFuzzerInitialize (&argc, &argv);
  self.files = load (argv[1]);
  self.random = g_rand_new_with_seed (SEED);
  open_last (&self, argv[3]);

  for (guint i = 0; i < self.files->len; i++)
    {
      gsize size;
      const uint8_t *data = g_bytes_get_data (self.files->pdata[i], &size);

      run (&self, data, size);
    }
  for (guint64 i = 0; i < rounds; i++)
    run_bent (&self);

  g_print ("%u files and %u bent inputs\n", self.files->len, (guint) rounds);
  munmap (self.last, INPUT_BYTES);
  close (self.fd);
  unlink (argv[3]);
  g_rand_free (self.random);
  g_ptr_array_unref (self.files);
  return 0;
}
