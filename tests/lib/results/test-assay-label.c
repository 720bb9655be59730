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

/* Files of every version have it. */
static void
test_digest (void)
{
  static const char known[] = "82077f29db6d69eea227e76cc77d4b050eac215aee670c6ddde707ab7d4ad87b";
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) hex = g_string_new (NULL);
  guint8 digest[ASSAY_LABEL_SET_BYTES];

  for (int i = 0; i < 5; i++)
    g_ptr_array_add (labels, g_strdup_printf ("label %d", i));
  assay_label_digest_set (labels, digest);
  for (gsize i = 0; i < sizeof digest; i++)
    g_string_append_printf (hex, "%02x", digest[i]);
  g_assert_cmpstr (hex->str, ==, known);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/label/shares", test_shares);
  g_test_add_func ("/assay/label/threads", test_threads);
  g_test_add_func ("/assay/label/digest", test_digest);
  return g_test_run ();
}
