/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-certificate.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CERTIFICATE_DIALOG (assay_certificate_dialog_get_type ())

/**
 * AssayCertificateDialog:
 *
 * Shows a certificate that isn't trusted, and asks whether the connection is to
 * accept it: the response is then %ASSAY_RESPONSE_ACCEPT_CERTIFICATE.
 */
G_DECLARE_FINAL_TYPE (AssayCertificateDialog, assay_certificate_dialog, ASSAY, CERTIFICATE_DIALOG, AdwMessageDialog)

#define ASSAY_RESPONSE_ACCEPT_CERTIFICATE "accept"

GtkWidget *assay_certificate_dialog_new (GtkWindow *parent, const AssayCertificate *certificate, const char *reason);

G_END_DECLS
