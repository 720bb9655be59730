/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "assay-test-certificates.h"

static const char CONFIG[] =
    "[ca]\ndefault_ca = authority\n"
    "[authority]\ndatabase = index.txt\nnew_certs_dir = .\nserial = serial\n"
    "default_md = sha256\npolicy = policy\nunique_subject = no\nemail_in_dn = no\n"
    "[policy]\ncommonName = supplied\n"
    "[here]\nsubjectAltName = DNS:localhost,IP:127.0.0.1\n"
    "[other]\nsubjectAltName = DNS:other.example\n"
    "[req]\ndistinguished_name = dn\n[dn]\n";

/* Everything that is made, in order; run in the folder, no shell. */
static const char *const COMMANDS[] = {
  "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=Authority "
  "-keyout ca.key -out ca.pem",
  "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server -keyout server.key "
  "-out server.csr",
  "openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in server.csr -days 20 "
  "-extensions here -out good.pem",
  "openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in server.csr -days 20 "
  "-extensions other -out other.pem",
  "openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in server.csr "
  "-startdate 20200101000000Z -enddate 20200201000000Z -extensions here -out expired.pem",
  "openssl req -x509 -key server.key -days 20 -subj /CN=alone "
  "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -out self-signed.pem",
};

static void
write_file (const char *folder,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
run (const char *folder,
     const char *command)
{
  g_auto(GStrv) argv = g_strsplit (command, " ", -1);
  g_autofree char *complaints = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (folder, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                NULL, &complaints, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s\n%s", command, error->message, complaints);
}

AssayTestCertificates *
assay_test_certificates_new (void)
{
  AssayTestCertificates *self = g_new0 (AssayTestCertificates, 1);
  g_autoptr(GError) error = NULL;

  self->folder = g_dir_make_tmp ("assay-certificates-XXXXXX", &error);
  g_assert_no_error (error);
  write_file (self->folder, "ca.cnf", CONFIG);
  write_file (self->folder, "index.txt", "");
  write_file (self->folder, "serial", "1000\n");
  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    run (self->folder, COMMANDS[i]);
  self->ca = g_build_filename (self->folder, "ca.pem", NULL);
  self->key = g_build_filename (self->folder, "server.key", NULL);
  self->good = g_build_filename (self->folder, "good.pem", NULL);
  self->other = g_build_filename (self->folder, "other.pem", NULL);
  self->expired = g_build_filename (self->folder, "expired.pem", NULL);
  self->self_signed = g_build_filename (self->folder, "self-signed.pem", NULL);
  return self;
}

void
assay_test_certificates_free (AssayTestCertificates *self)
{
  g_autoptr(GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->ca);
  g_free (self->key);
  g_free (self->good);
  g_free (self->other);
  g_free (self->expired);
  g_free (self->self_signed);
  g_free (self);
}
