/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-certificate.h"
#include "assay-display.h"
#include "assay-error.h"

#define SHA256_HEX 64

static char *
dup_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr(GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL)
    return g_strdup ("");
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

static char *
dup_name (GTlsCertificate *certificate,
          const char *property)
{
  g_autofree char *raw = NULL;

  g_object_get (certificate, property, &raw, NULL);
  return assay_display_text (raw != NULL ? raw : "", -1, 255);
}

/**
 * assay_certificate_new:
 * @certificate: (transfer none): a service's own certificate
 * @flags: what is wrong with it
 *
 * Returns: (transfer full): what is to be shown of it
 */
AssayCertificate *
assay_certificate_new (GTlsCertificate *certificate,
                       GTlsCertificateFlags flags)
{
  AssayCertificate *self;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  self = g_new0 (AssayCertificate, 1);
  self->subject = dup_name (certificate, "subject-name");
  self->issuer = dup_name (certificate, "issuer-name");
  self->not_before = g_tls_certificate_get_not_valid_before (certificate);
  self->not_after = g_tls_certificate_get_not_valid_after (certificate);
  self->fingerprint = dup_fingerprint (certificate);
  self->flags = flags;
  return self;
}

void
assay_certificate_free (AssayCertificate *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->subject);
  g_free (self->issuer);
  g_clear_pointer (&self->not_before, g_date_time_unref);
  g_clear_pointer (&self->not_after, g_date_time_unref);
  g_free (self->fingerprint);
  g_free (self);
}

/**
 * assay_certificate_check:
 * @certificate: what a service has shown
 * @flags: what the system's store finds wrong with it
 * @anchors: (nullable): authorities to trust besides the system's, with the same
 *   checks of names and dates
 * @fingerprint: (nullable): of the one certificate that a person has accepted for
 *   this connection, whatever else is wrong with it
 * @identity: the host that was meant
 *
 * Any thread.
 *
 * Returns: what is still wrong with it; 0 when it is to be trusted
 */
GTlsCertificateFlags
assay_certificate_check (GTlsCertificate *certificate,
                         GTlsCertificateFlags flags,
                         GTlsDatabase *anchors,
                         const char *fingerprint,
                         GSocketConnectable *identity,
                         GCancellable *cancellable)
{
  if (flags != 0 && fingerprint != NULL && *fingerprint != '\0')
    {
      g_autofree char *shown = dup_fingerprint (certificate);

      if (g_str_equal (shown, fingerprint))
        return 0;
    }
  if (flags == 0 || anchors == NULL)
    return flags;
  return g_tls_database_verify_chain (anchors, certificate,
                                      G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                      G_TLS_DATABASE_VERIFY_NONE, cancellable, NULL);
}

/**
 * assay_fingerprint_normalize:
 * @text: a SHA-256 fingerprint as openssl, browsers or Assay show it: 64
 *   hexadecimal digits, with or without colons, blanks and capitals
 * @error: %ASSAY_ERROR_USAGE for anything else
 *
 * Returns: (transfer full) (nullable): 64 digits, small letters
 */
char *
assay_fingerprint_normalize (const char *text,
                             GError **error)
{
  char digits[SHA256_HEX + 1] = { 0 };
  gsize n = 0;
  gboolean good = TRUE;

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0' && good; p++)
    {
      if (strchr (": \t\n", *p) != NULL)
        continue;
      good = g_ascii_isxdigit (*p) && n < SHA256_HEX;
      if (good)
        digits[n++] = g_ascii_tolower (*p);
    }
  if (good && n == SHA256_HEX)
    return g_strdup (digits);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       _("A fingerprint has 64 hexadecimal digits (SHA-256). Copy it whole."));
  return NULL;
}

/**
 * assay_fingerprint_format:
 * @fingerprint: as assay_fingerprint_normalize() gives it
 *
 * Returns: (transfer full): as people compare it: pairs of capitals between colons
 */
char *
assay_fingerprint_format (const char *fingerprint)
{
  GString *shown = g_string_new (NULL);

  g_return_val_if_fail (fingerprint != NULL, NULL);

  for (gsize i = 0; fingerprint[i] != '\0'; i++)
    {
      if (i > 0 && i % 2 == 0)
        g_string_append_c (shown, ':');
      g_string_append_c (shown, g_ascii_toupper (fingerprint[i]));
    }
  return g_string_free (shown, FALSE);
}
