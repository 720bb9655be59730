/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-label.h"

#define THREADS 4
#define ROUNDS 100000

static void
test_shares (void)
{
  GRefString *one = assay_label_intern ("daisy");
  GRefString *two = assay_label_intern ("daisy");
  GRefString *other = assay_label_intern ("Daisy");

  g_assert_true (one == two);
  g_assert_true (one != other);
  g_assert_cmpstr (one, ==, "daisy");
  assay_label_release (one);
  assay_label_release (two);
  assay_label_release (other);
}

static gpointer
come_and_go_worker (gpointer data)
{
  for (int i = 0; i < ROUNDS; i++)
    {
      GRefString *label = assay_label_intern ("roses");

      g_assert_cmpstr (label, ==, "roses");
      assay_label_release (label);
    }
  return NULL;
}

/* The last release on one thread meets the first use on another. */
static void
test_threads (void)
{
  GThread *threads[THREADS];

  for (int i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("label", come_and_go_worker, NULL);
  for (int i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/label/shares", test_shares);
  g_test_add_func ("/assay/label/threads", test_threads);
  return g_test_run ();
}
