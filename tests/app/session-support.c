/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of session and window share: a real server and real pictures. */

#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

#include "assay-protocol-mlf.h"
#include "assay-settings.h"
#include "session-support.h"
#include "widget-support.h"

#define MODELS "/retraining/models"
#define DEPLOYMENTS "/retraining/deployments"

static void
add_connection (SessionSupport *self)
{
  g_autofree char *path = g_build_filename (self->folder, "connections", NULL);
  g_autofree char *url = assay_test_server_dup_url (self->server, "/classify");
  g_autofree char *models_url = assay_test_server_dup_url (self->server, "/retraining");
  g_autoptr (GError) error = NULL;

  self->hub = assay_hub_new (path);
  assay_hub_load (self->hub, &error);
  g_assert_no_error (error);
  self->connection = assay_connection_new ("test", "Test");
  g_object_set (self->connection, "url", url, "models-url", models_url, NULL);
  assay_connections_add (assay_hub_get_connections (self->hub), self->connection, &error);
  g_assert_no_error (error);
}

SessionSupport *
session_support_new (void)
{
  SessionSupport *self = g_new0 (SessionSupport, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("assay-session-XXXXXX", &error);
  g_assert_no_error (error);
  self->server = assay_test_server_new (NULL, NULL);
  session_support_list (self, "SUCCEEDED");
  add_connection (self);

  /* In memory, by the environment of the tests. */
  self->settings = assay_settings_new ();
  g_settings_set_string (self->settings, "connection", "test");
  g_settings_set_string (self->settings, "model", "flowers");
  g_settings_set_string (self->settings, "version", "2");
  return self;
}

static void
remove_folder (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_assert_cmpint (g_unlink (child), ==, 0);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

void
session_support_free (SessionSupport *self)
{
  assay_hub_close (self->hub);
  g_object_unref (self->connection);
  g_assert_finalize_object (self->hub);
  g_object_unref (self->settings);
  assay_test_server_free (self->server);
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self);
}

static AssayModelVersion
make_version (const char *version,
              const char *state)
{
  AssayModelVersion made = { 0 };

  made.model = (char *) "flowers";
  made.version = (char *) version;
  made.state = (char *) state;
  made.callable = strcmp (state, "SUCCEEDED") == 0;
  return made;
}

static void
make_listing (const char *state,
              AssayTestAnswer **models,
              AssayTestAnswer **deployments)
{
  AssayModelVersion newer = make_version ("2", state);
  AssayModelVersion older = make_version ("1", "SUCCEEDED");
  AssayModelVersion *versions[] = { &newer, &older };
  g_autofree char *models_json = assay_mlf_format_models (versions, 2, NULL);
  g_autofree char *deployments_json = assay_mlf_format_deployments (versions, 2);

  *models = assay_test_answer_new (200, "application/json", models_json);
  *deployments = assay_test_answer_new (200, "application/json", deployments_json);
}

/* From now on version 2 is listed in that state, version 1 as ready. */
void
session_support_list (SessionSupport *self,
                      const char *state)
{
  AssayTestAnswer *models;
  AssayTestAnswer *deployments;

  make_listing (state, &models, &deployments);
  assay_test_server_set (self->server, MODELS, models);
  assay_test_server_set (self->server, DEPLOYMENTS, deployments);
}

/* The same for the next listing alone. */
void
session_support_list_once (SessionSupport *self,
                           const char *state)
{
  AssayTestAnswer *models;
  AssayTestAnswer *deployments;

  make_listing (state, &models, &deployments);
  assay_test_server_push (self->server, MODELS, models);
  assay_test_server_push (self->server, DEPLOYMENTS, deployments);
}

/* A small picture in the folder; @name may lie in a folder of its own. */
GFile *
session_support_draw (SessionSupport *self,
                      const char *name)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 8, 8);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  gdk_pixbuf_fill (pixbuf, g_str_hash (name) << 8);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

void
session_support_add (SessionSupport *self,
                     AssaySession *session,
                     guint n_images)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_images; i++)
    {
      g_autofree char *name = g_strdup_printf ("image-%03u.png", i);

      g_ptr_array_add (files, session_support_draw (self, name));
    }
  assay_session_add_files (session, (GFile *const *) files->pdata, files->len);
}

typedef struct {
  AssaySession *session;
  int wanted;
  guint count;
} Wait;

static gboolean
has_count (gpointer data)
{
  Wait *wait = data;
  AssayCollection *collection = assay_session_get_collection (wait->session);

  return assay_collection_count_state (collection, wait->wanted) == wait->count;
}

gboolean
session_support_wait_count (AssaySession *session,
                            AssayAnswerState state,
                            guint count)
{
  Wait wait = { session, state, count };

  return widget_support_wait (has_count, &wait);
}

static gboolean
is_idle (gpointer data)
{
  return !assay_session_is_busy (data);
}

gboolean
session_support_wait_idle (AssaySession *session)
{
  return widget_support_wait (is_idle, session);
}

static gboolean
can_ask (gpointer data)
{
  return assay_session_can_ask (data);
}

gboolean
session_support_wait_target (AssaySession *session)
{
  return widget_support_wait (can_ask, session);
}

static gboolean
has_status (gpointer data)
{
  Wait *wait = data;
  AssayLink *link = assay_session_get_link (wait->session);

  return link != NULL && (int) assay_link_get_status (link) == wait->wanted;
}

gboolean
session_support_wait_status (AssaySession *session,
                             AssayLinkStatus status)
{
  Wait wait = { session, status, 0 };

  return widget_support_wait (has_status, &wait);
}

typedef struct {
  AssayTestServer *server;
  const char *path;
  guint count;
} Requests;

static gboolean
has_requests (gpointer data)
{
  Requests *wanted = data;
  guint n = assay_test_server_get_n_requests (wanted->server);
  guint found = 0;

  for (guint i = 0; i < n; i++)
    {
      const AssayTestRequest *request = assay_test_server_get_request (wanted->server, i);

      if (strcmp (request->path, wanted->path) == 0)
        found++;
    }
  return found >= wanted->count;
}

/* Waits with the main loop running, unlike the server's own waits. */
gboolean
session_support_wait_requests (SessionSupport *self,
                               const char *path,
                               guint count)
{
  Requests wanted = { self->server, path, count };

  return widget_support_wait (has_requests, &wanted);
}
