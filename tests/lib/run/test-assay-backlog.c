/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-backlog.h"

static const AssayFacts facts = {
  .format = ASSAY_FORMAT_JPEG,
  .width = 640,
  .height = 480,
  .channels = 3,
  .bits = 8,
  .orientation = 6,
};

static AssayItem *
make_file_item (const char *path,
                const char *group,
                guint serial)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (AssaySource) source = assay_source_new_file (file, group, 1000 + serial, &facts, NULL);
  AssayItem *item = assay_item_new (source);

  assay_item_set_serial (item, serial);
  return item;
}

/* @item is freed, and one that comes out must be like it. */
static void
push (AssayBacklog *backlog,
      AssayItem *item)
{
  assay_backlog_push (backlog, item);
  g_assert_finalize_object (item);
}

static void
gives_back_files (void)
{
  g_autoptr (AssayBacklog) backlog = assay_backlog_new ();
  g_autoptr (AssayItem) plain = NULL;
  g_autoptr (AssayItem) odd = NULL;
  AssaySource *source;

  push (backlog, make_file_item ("/a/b/rose.jpg", "b", 1));
  push (backlog, make_file_item ("/a/\xff\n.jpg", NULL, 2));
  g_assert_cmpuint (assay_backlog_get_length (backlog), ==, 2);

  plain = assay_backlog_pop (backlog);
  source = assay_item_get_source (plain);
  g_assert_cmpuint (assay_item_get_serial (plain), ==, 1);
  g_assert_cmpstr (assay_item_get_name (plain), ==, "rose.jpg");
  g_assert_cmpstr (assay_item_get_group (plain), ==, "b");
  g_assert_cmpstr (assay_source_get_path (source), ==, "/a/b/rose.jpg");
  g_assert_cmpuint (assay_source_get_size (source), ==, 1001);
  g_assert_cmpmem (assay_source_get_facts (source), sizeof (AssayFacts), &facts, sizeof (AssayFacts));

  odd = assay_backlog_pop (backlog);
  source = assay_item_get_source (odd);
  g_assert_cmpuint (assay_item_get_serial (odd), ==, 2);
  g_assert_null (assay_item_get_group (odd));
  g_assert_cmpstr (g_file_peek_path (assay_source_get_file (source)), ==, "/a/\xff\n.jpg");
  g_assert_null (assay_backlog_pop (backlog));
  g_assert_cmpuint (assay_backlog_get_length (backlog), ==, 0);
}

/* What is no plain file comes back with its own source. */
static void
keeps_other_sources (void)
{
  g_autoptr (AssayBacklog) backlog = assay_backlog_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\x89PNG", 4);
  g_autoptr (AssaySource) source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, "a.png", bytes);
  g_autoptr (AssayItem) item = assay_item_new (source);
  g_autoptr (AssayItem) back = NULL;

  assay_item_set_serial (item, 7);
  assay_backlog_push (backlog, item);
  assay_backlog_push (backlog, item);
  back = assay_backlog_pop (backlog);
  g_assert_true (assay_item_get_source (back) == source);
  g_assert_cmpuint (assay_item_get_serial (back), ==, 7);
  /* The other is freed with the backlog. */
}

/* In and out in turns, over many blocks, and with paths longer than a block. */
static void
keeps_the_order (void)
{
  g_autoptr (AssayBacklog) backlog = assay_backlog_new ();
  g_autofree char *longest = g_strnfill (40000, 'x');
  guint in = 0, out = 0;

  for (guint turn = 0; turn < 200; turn++)
    {
      for (guint i = 0; i < turn % 37; i++, in++)
        {
          g_autofree char *path = g_strdup_printf ("/%s/%u.jpg", in % 501 == 0 ? longest : "d", in);
          g_autofree char *group = g_strdup_printf ("%u", in % 5);

          push (backlog, make_file_item (path, group, in));
        }
      for (guint i = 0; i < turn % 31 && out < in; i++, out++)
        {
          g_autoptr (AssayItem) item = assay_backlog_pop (backlog);
          g_autofree char *name = g_strdup_printf ("%u.jpg", out);
          g_autofree char *group = g_strdup_printf ("%u", out % 5);

          g_assert_cmpuint (assay_item_get_serial (item), ==, out);
          g_assert_cmpstr (assay_item_get_name (item), ==, name);
          g_assert_cmpstr (assay_item_get_group (item), ==, group);
        }
      g_assert_cmpuint (assay_backlog_get_length (backlog), ==, in - out);
    }
  g_assert_cmpuint (out, >, 1000);
  g_assert_cmpuint (in - out, >, 100);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/backlog/gives-back-files", gives_back_files);
  g_test_add_func ("/assay/backlog/keeps-other-sources", keeps_other_sources);
  g_test_add_func ("/assay/backlog/keeps-the-order", keeps_the_order);
  return g_test_run ();
}
