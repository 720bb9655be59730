/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <gio/gio.h>
#include <string.h>

#include "assay-downloads.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-test-server.h"

#define WAIT_SECONDS 30

/* The smallest GIF: one point. */
static const guint8 dot[] = {
  'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2c, 0,
  0,   0,   0,   1,   0,   1,   0, 0, 2, 2, 0x44, 1, 0, 0x3b,
};

typedef struct {
  AssayTestServer *server;
  AssayDownloads *downloads;
  GPtrArray *arrived;         /* (element-type AssayItem) */
} Fixture;

static void
arrived_cb (AssayDownloads *downloads,
            AssayItem *item,
            GPtrArray *arrived)
{
  g_assert_false (assay_source_is_awaited (assay_item_get_source (item)));
  g_ptr_array_add (arrived, g_object_ref (item));
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->server = assay_test_server_new (NULL, NULL);
  fixture->downloads = assay_downloads_new ();
  fixture->arrived = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (fixture->downloads, "arrived", G_CALLBACK (arrived_cb), fixture->arrived);
}

static gboolean
out_of_time_cb (gpointer data)
{
  g_error ("Nothing happened for %d seconds", WAIT_SECONDS);
  return G_SOURCE_REMOVE;
}

static gboolean
is_alone (Fixture *fixture)
{
  return G_OBJECT (fixture->downloads)->ref_count == 1;
}

static gboolean
is_over (Fixture *fixture)
{
  return assay_downloads_get_n (fixture->downloads) == 0;
}

static void
wait_until (Fixture *fixture,
            gboolean (*condition) (Fixture *))
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);

  while (!condition (fixture))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (bound);
}

/* What was canceled lets go of it when it has really landed. */
static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  assay_downloads_close (fixture->downloads);
  wait_until (fixture, is_alone);
  g_assert_finalize_object (fixture->downloads);
  g_ptr_array_unref (fixture->arrived);
  assay_test_server_free (fixture->server);
}

static AssayTestAnswer *
new_picture (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (dot, sizeof dot);

  return assay_test_answer_new_bytes (200, "text/plain", bytes);
}

static AssayItem *
new_item (Fixture *fixture,
          const char *path)
{
  g_autofree char *address = assay_test_server_dup_url (fixture->server, path);

  return assay_downloads_new_item (address, "fallback");
}

static AssaySource *
get_source (AssayItem *item)
{
  return assay_item_get_source (item);
}

/* The row is there before its bytes, and the bytes say what they are, whatever the
 * server calls them. */
static void
test_arrives (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (AssayItem) item = new_item (fixture, "/pictures/a%20dot.gif?n=1");
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (assay_item_get_name (item), ==, "a dot.gif");
  g_assert_true (assay_source_is_awaited (get_source (item)));
  g_assert_false (assay_source_is_here (get_source (item)));
  g_assert_null (assay_source_prepare (get_source (item), TRUE, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_clear_error (&error);
  g_assert_null (assay_source_open (get_source (item), NULL, NULL));
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 0);

  assay_test_server_set (fixture->server, NULL, new_picture ());
  assay_downloads_add (fixture->downloads, item);
  assay_downloads_add (fixture->downloads, item);
  g_assert_cmpuint (assay_downloads_get_n (fixture->downloads), ==, 1);
  wait_until (fixture, is_over);
  g_assert_cmpuint (fixture->arrived->len, ==, 1);
  g_assert_true (assay_source_is_here (get_source (item)));
  g_assert_cmpstr (assay_item_get_name (item), ==, "a dot.gif");
  g_assert_cmpint (assay_item_get_facts (item)->format, ==, ASSAY_FORMAT_GIF);
  g_assert_cmpuint (assay_item_get_size (item), ==, sizeof dot);
  prepared = assay_source_prepare (get_source (item), TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (prepared->size, ==, sizeof dot);
}

static void
test_no_picture (Fixture *fixture,
                 gconstpointer data)
{
  static const char page[] = "\xef\xbb\xbf\n<!DOCTYPE html><title>Roses</title>";
  g_autoptr (AssayItem) item = new_item (fixture, "/rose.jpg");
  const GError *error;

  assay_test_server_set (fixture->server, NULL, assay_test_answer_new (200, "image/jpeg", page));
  assay_downloads_add (fixture->downloads, item);
  wait_until (fixture, is_over);
  error = assay_source_get_error (get_source (item));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE);
  g_assert_nonnull (strstr (error->message, "web page"));
  g_assert_true (assay_source_is_here (get_source (item)));
}

static void
test_fails_and_again (Fixture *fixture,
                      gconstpointer data)
{
  g_autoptr (AssayItem) item = new_item (fixture, "/rose.jpg");

  assay_test_server_push (fixture->server, NULL, assay_test_answer_new (503, "text/plain", ""));
  assay_test_server_push (fixture->server, NULL, new_picture ());
  assay_downloads_add (fixture->downloads, item);
  wait_until (fixture, is_over);
  g_assert_error (assay_source_get_error (get_source (item)), ASSAY_ERROR, ASSAY_ERROR_SERVICE);
  g_assert_false (assay_source_is_here (get_source (item)));

  assay_downloads_add (fixture->downloads, item);
  g_assert_true (assay_source_is_awaited (get_source (item)));
  wait_until (fixture, is_over);
  g_assert_true (assay_source_is_here (get_source (item)));
  g_assert_cmpuint (fixture->arrived->len, ==, 2);
}

static void
test_few_at_once (Fixture *fixture,
                  gconstpointer data)
{
  AssayTestAnswer *held = new_picture ();
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  assay_test_answer_hold (held);
  assay_test_server_set (fixture->server, NULL, held);
  for (guint i = 0; i < 3 * ASSAY_LIMIT_DOWNLOADS; i++)
    {
      g_ptr_array_add (items, new_item (fixture, "/dot.gif"));
      assay_downloads_add (fixture->downloads, g_ptr_array_index (items, i));
    }
  while (assay_test_server_get_n_requests (fixture->server) < ASSAY_LIMIT_DOWNLOADS)
    g_main_context_iteration (NULL, FALSE);
  assay_test_server_set (fixture->server, NULL, new_picture ());
  assay_test_server_wait_held (fixture->server, ASSAY_LIMIT_DOWNLOADS);
  assay_test_server_release (fixture->server);
  wait_until (fixture, is_over);
  g_assert_cmpuint (fixture->arrived->len, ==, 3 * ASSAY_LIMIT_DOWNLOADS);
  g_assert_cmpuint (assay_test_server_get_high_water (fixture->server), <=,
                    ASSAY_LIMIT_DOWNLOADS);
}

/* Dropped, it can be given back; canceled, it says so; the rest goes on. */
static void
test_stops (Fixture *fixture,
            gconstpointer data)
{
  g_autoptr (AssayItem) dropped = new_item (fixture, "/never");
  g_autoptr (AssayItem) canceled = new_item (fixture, "/never");

  assay_test_server_set (fixture->server, "/never", assay_test_answer_new_silent ());
  assay_downloads_add (fixture->downloads, dropped);
  assay_downloads_add (fixture->downloads, canceled);
  assay_downloads_drop (fixture->downloads, dropped);
  g_assert_cmpuint (assay_downloads_get_n (fixture->downloads), ==, 1);
  g_assert_true (assay_downloads_get_item (fixture->downloads, 0) == canceled);
  g_assert_true (assay_source_is_awaited (get_source (dropped)));

  assay_downloads_cancel (fixture->downloads);
  g_assert_true (is_over (fixture));
  g_assert_error (assay_source_get_error (get_source (canceled)), ASSAY_ERROR,
                  ASSAY_ERROR_CANCELED);
  wait_until (fixture, is_alone);
  g_assert_cmpuint (fixture->arrived->len, ==, 0);
}

static void
test_data (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *base64 = g_base64_encode (dot, sizeof dot);
  g_autofree char *address = g_strconcat ("data:image/png;base64,", base64, NULL);
  g_autoptr (AssayItem) item = assay_downloads_new_item (address, "Pasted image 1");

  assay_downloads_add (fixture->downloads, item);
  wait_until (fixture, is_over);
  g_assert_cmpstr (assay_item_get_name (item), ==, "Pasted image 1");
  g_assert_cmpint (assay_item_get_facts (item)->format, ==, ASSAY_FORMAT_GIF);
  g_assert_null (assay_source_get_path (get_source (item)));
}

static void
add_test (const char *path,
          void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/assay/downloads/arrives", test_arrives);
  add_test ("/assay/downloads/no-picture", test_no_picture);
  add_test ("/assay/downloads/fails-and-again", test_fails_and_again);
  add_test ("/assay/downloads/few-at-once", test_few_at_once);
  add_test ("/assay/downloads/stops", test_stops);
  add_test ("/assay/downloads/data", test_data);
  return g_test_run ();
}
