/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A network that crashes, hangs or confuses the process that tries it.  Programs are found
 * beside the one that looks for them, so this test goes on as a copy in a folder of its own
 * and lays programs beside itself that end in every way.  What the real one says of real
 * networks is in tests/cli/test_models_add.py. */

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "assay-builtin.h"
#include "assay-error.h"
#include "assay-model-adding.h"

#define WAIT_SECONDS 40

static char *folder;      /* of the copy */

typedef struct {
  gboolean done;
  AssayAddedModel *added;
  GError *error;
} Waited;

static void
added_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  Waited *waited = data;

  waited->added = assay_model_adding_finish (result, &waited->error);
  g_assert_true ((waited->added != NULL) == (waited->error == NULL));
  waited->done = TRUE;
}

static gboolean
out_of_time_cb (gpointer data)
{
  g_error ("Nothing happened for %d seconds", WAIT_SECONDS);
  return G_SOURCE_REMOVE;
}

static char *
in_folder (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
lay (const char *script)
{
  g_autofree char *path = in_folder ("assay-serve");
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\ncd '%s'\n%s\n", folder, script);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_no_errno (g_chmod (path, 0755));
}

static void
add (Waited *waited,
     const char *name,
     GCancellable *cancellable)
{
  g_autofree char *path = in_folder ("given.onnx");
  g_autoptr (GFile) onnx = g_file_new_for_path (path);
  const AssayModelWish wish = { onnx, NULL, NULL, name };

  *waited = (Waited) { 0 };
  assay_model_adding_async (&wish, cancellable, added_cb, waited);
}

static void
wait_for (gboolean *done)
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);

  while (!*done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (bound);
}

/* How many entries there are, hidden ones included. */
static guint
count (const char *name)
{
  g_autofree char *root = assay_builtin_dup_own_models_dir ();
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

#define MODEL "\"model\":{\"input\":{\"preprocess\":\"0..1\"}}"
#define GOOD "{\"ok\":true,\"scores\":2,\"labels\":[\"a\",\"b\"],\"labels_from\":\"metadata\"," \
             "\"preprocess\":\"0..1\",\"guessed\":true,\"activation\":\"none\"," MODEL "}"

static void
test_every_end (void)
{
  static const struct {
    const char *script;
    const char *words;
  } ends[] = {
    { "kill -SEGV $$", "crashed on it" },
    { "echo '" GOOD "'; kill -ABRT $$", "crashed on it" },
    { "kill -KILL $$", "more memory than there is" },
    { "kill -XCPU $$", "takes more than" },
    { "exit 3", "exit status 3" },
    { "exit 0", "not understood" },
    { "echo hello", "not understood" },
    { "echo '[]'", "not understood" },
    { "echo '{\"ok\":true}'", "not understood" },
    { "echo '{\"ok\":false}'", "not understood" },
    { "echo '{\"ok\":true,\"scores\":2," MODEL ",\"labels\":[\"a\"]}'", "not understood" },
    { "echo '{\"ok\":true,\"scores\":1," MODEL ",\"labels\":[7],\"labels_from\":\"file\"}'",
      "not understood" },
    { "echo '{\"ok\":true,\"scores\":1," MODEL ",\"labels\":[\"a\\nb\"],\"labels_from\":\"file\"}'",
      "not understood" },
    { "echo '{\"ok\":true,\"scores\":1e300," MODEL "}'", "not understood" },
    { "echo '{\"ok\":false,\"reason\":\"operator\",\"message\":\"The operator X\"}'",
      "The operator X" },
    { "yes 2>/dev/null", "not understood" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      Waited waited;

      lay (ends[i].script);
      add (&waited, "m", NULL);
      wait_for (&waited.done);
      g_assert_nonnull (waited.error);
      g_test_message ("%s", waited.error->message);
      g_assert_nonnull (strstr (waited.error->message, ends[i].words));
      g_assert_nonnull (strstr (waited.error->message, "given.onnx"));
      g_clear_error (&waited.error);
      g_assert_cmpuint (count (""), ==, 0);
    }
}

static void
test_whole (void)
{
  g_autofree char *root = assay_builtin_dup_own_models_dir ();
  Waited waited[3];

  lay ("echo '" GOOD "'");
  /* At once, so that they want the same version. */
  for (guint i = 0; i < G_N_ELEMENTS (waited); i++)
    add (&waited[i], "m", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (waited); i++)
    {
      wait_for (&waited[i].done);
      g_assert_no_error (waited[i].error);
      g_assert_cmpstr (waited[i].added->name, ==, "m");
      g_assert_cmpuint (waited[i].added->exam->n_scores, ==, 2);
    }
  g_assert_cmpuint (count (""), ==, 1);
  g_assert_cmpuint (count ("m"), ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (waited); i++)
    {
      g_autofree char *version = g_strdup_printf ("%u", i + 1);
      g_autofree char *within = g_build_filename ("m", version, NULL);
      g_autofree char *labels = g_build_filename (root, within, "labels.txt", NULL);
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (count (within), ==, 3);
      g_assert_true (g_file_get_contents (labels, &text, NULL, NULL));
      g_assert_cmpstr (text, ==, "a\nb\n");
      g_assert_true (assay_model_adding_remove ("m", version, &error));
      g_assert_no_error (error);
      assay_added_model_free (waited[i].added);
    }
  g_assert_cmpuint (count (""), ==, 0);
}

static gboolean
look_cb (gpointer data)
{
  g_autofree char *path = in_folder ("began");

  *(gboolean *) data = g_file_test (path, G_FILE_TEST_EXISTS);
  return !*(gboolean *) data;
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean began = FALSE;
  Waited waited;

  lay ("echo > began; exec sleep 1000");
  add (&waited, "m", cancellable);
  g_timeout_add (20, look_cb, &began);
  wait_for (&began);
  g_assert_false (waited.done);
  g_cancellable_cancel (cancellable);
  wait_for (&waited.done);
  g_assert_error (waited.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&waited.error);
  g_assert_cmpuint (count (""), ==, 0);
}

/* A process that was killed in the middle leaves a hidden folder, which is swept away a day
 * later; a younger one may still be worked on. */
static void
test_sweeps (void)
{
  g_autofree char *root = assay_builtin_dup_own_models_dir ();
  g_autofree char *old = g_build_filename (root, ".adding-old", NULL);
  g_autofree char *new = g_build_filename (root, ".adding-new", NULL);
  g_autofree char *left = g_build_filename (old, "model.onnx", NULL);
  struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
  Waited waited;

  g_assert_no_errno (g_mkdir_with_parents (old, 0700));
  g_assert_no_errno (g_mkdir_with_parents (new, 0700));
  g_assert_true (g_file_set_contents (left, "", 0, NULL));
  g_assert_no_errno (utimensat (-1, old, times, 0));
  lay ("exit 3");
  add (&waited, "m", NULL);
  wait_for (&waited.done);
  g_clear_error (&waited.error);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (new, G_FILE_TEST_EXISTS));
  g_assert_no_errno (g_rmdir (new));
}

static void
test_names (void)
{
  static const char *const good[] = { "flowers", "a.b_c-d", "größe", "1", "花" };
  static const char *const bad[] = { "", ".", "..", ".a", "a/b", "a b", "a\nb", "a\\b", "\xff", "a:b",
                                     "\u202e" };
  g_autofree char *longest = g_strnfill (128, 'x');
  g_autofree char *longer = g_strnfill (129, 'x');
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (assay_model_adding_check_name (good[i], NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (assay_model_adding_check_name (bad[i], NULL));
  g_assert_true (assay_model_adding_check_name (longest, NULL));
  g_assert_false (assay_model_adding_check_name (longer, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
}

static void
test_proposals (void)
{
  static const struct {
    const char *path;
    const char *name;
  } files[] = {
    { "/t/flowers.onnx", "flowers" },   { "/t/a b (1).ONNX", "a-b-1" },
    { "/t/model.onnx", "t" },           { "/nets/cats/3/model.onnx", "cats" },
    { "/t/net-v2.onnx", "net-v2" },     { "/t/..x.onnx", "x" },
    { "/t/-.onnx", "model" },           { "/t/größe.onnx", "größe" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (files[i].path);
      g_autofree char *name = assay_model_adding_propose_name (file);

      g_assert_cmpstr (name, ==, files[i].name);
      g_assert_true (assay_model_adding_check_name (name, NULL));
    }
}

/* Goes on as a copy in a folder of its own. */
static void
move_out (char **argv)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *bin = g_dir_make_tmp ("assay-adding-XXXXXX", NULL);
  g_autofree char *copy = g_build_filename (bin, "test", NULL);
  g_autofree char *given = g_build_filename (bin, "given.onnx", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (self);
  g_autoptr (GFile) to = g_file_new_for_path (copy);
  g_autoptr (GError) error = NULL;

  g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (given, "a network", -1, NULL));
  g_setenv ("ASSAY_TEST_MOVED", "1", TRUE);
  g_setenv ("XDG_DATA_HOME", bin, TRUE);
  execv (copy, argv);
  g_error ("%s: %s", copy, g_strerror (errno));
}

static void
clean_up (void)
{
  g_autofree char *own = assay_builtin_dup_own_models_dir ();
  g_autofree char *data = g_path_get_dirname (own);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_rmdir (own);
  g_rmdir (data);
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = in_folder (name);

      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int argc,
      char **argv)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  int result;

  if (g_getenv ("ASSAY_TEST_MOVED") == NULL)
    move_out (argv);
  folder = g_path_get_dirname (self);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/model-adding/every-end", test_every_end);
  g_test_add_func ("/assay/model-adding/whole", test_whole);
  g_test_add_func ("/assay/model-adding/cancel", test_cancel);
  g_test_add_func ("/assay/model-adding/sweeps", test_sweeps);
  g_test_add_func ("/assay/model-adding/names", test_names);
  g_test_add_func ("/assay/model-adding/proposals", test_proposals);
  result = g_test_run ();
  clean_up ();
  g_free (folder);
  return result;
}
