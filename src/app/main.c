/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-application.h"
#include "assay-locale.h"

int
main (int argc, char *argv[])
{
  g_autoptr(AssayApplication) application = NULL;

  assay_locale_init ();
  g_set_application_name (_("Assay"));

  application = assay_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
