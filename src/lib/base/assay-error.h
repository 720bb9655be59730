/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayError:
 *
 * Every error that Assay reports about an item, a service or an address.  The
 * codes are named for what the person can do about them, not for where in the
 * program they arose.
 */
typedef enum {
  ASSAY_ERROR_FAILED,        /* nothing better is known */
  ASSAY_ERROR_USAGE,         /* an address, option or setting is not usable: correct it */
  ASSAY_ERROR_OFFLINE,       /* the service could not be reached: check network and address */
  ASSAY_ERROR_TIMED_OUT,     /* the service took too long: try again, or allow more time */
  ASSAY_ERROR_CERTIFICATE,   /* the service's certificate is not trusted: give its CA file */
  ASSAY_ERROR_UNAUTHORIZED,  /* not signed in, or the token has expired: sign in again */
  ASSAY_ERROR_FORBIDDEN,     /* signed in, but not permitted: ask whoever runs the service */
  ASSAY_ERROR_NOT_FOUND,     /* no such model, version or address at the service */
  ASSAY_ERROR_BUSY,          /* the service asks to come back later (429, 503): try again */
  ASSAY_ERROR_SERVICE,       /* the service failed (5xx): try again, or tell whoever runs it */
  ASSAY_ERROR_REFUSED,       /* the service refuses this item (4xx): it would refuse it again */
  ASSAY_ERROR_BAD_ANSWER,    /* the answer cannot be understood: see the response */
  ASSAY_ERROR_NOT_AN_IMAGE,  /* the content is not a picture */
  ASSAY_ERROR_UNSUPPORTED,   /* a picture (or archive) of a kind that cannot be sent */
  ASSAY_ERROR_DAMAGED,       /* a picture, but broken or cut off */
  ASSAY_ERROR_TOO_LARGE,     /* over a limit of Assay or of the service */
  ASSAY_ERROR_UNREADABLE,    /* the file cannot be opened or read, or it changed meanwhile */
  ASSAY_ERROR_NOT_SAVED,     /* it could not be kept on disk: make room, or permit writing */
  ASSAY_ERROR_CANCELED,      /* a person stopped it */
} AssayError;

#define ASSAY_ERROR (assay_error_quark ())

GQuark      assay_error_quark       (void);
const char *assay_error_code_name   (int           code);
gboolean    assay_error_is_transient (const GError *error);

G_END_DECLS
