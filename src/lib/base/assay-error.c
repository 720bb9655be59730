/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-error.h"

G_DEFINE_QUARK (assay-error-quark, assay_error)

/**
 * assay_error_code_name:
 * @code: a code of #AssayError
 *
 * The name of a code in files that other programs read ("error.code" of a
 * result line).  Never translated, never changed once released.
 *
 * Returns: (transfer none): a short ASCII name, "failed" for an unknown code
 */
const char *
assay_error_code_name (int code)
{
  switch ((AssayError) code)
    {
    case ASSAY_ERROR_USAGE:
      return "usage";
    case ASSAY_ERROR_OFFLINE:
      return "offline";
    case ASSAY_ERROR_TIMED_OUT:
      return "timed-out";
    case ASSAY_ERROR_CERTIFICATE:
      return "certificate";
    case ASSAY_ERROR_UNAUTHORIZED:
      return "unauthorized";
    case ASSAY_ERROR_FORBIDDEN:
      return "forbidden";
    case ASSAY_ERROR_NOT_FOUND:
      return "not-found";
    case ASSAY_ERROR_BUSY:
      return "busy";
    case ASSAY_ERROR_SERVICE:
      return "service";
    case ASSAY_ERROR_REFUSED:
      return "refused";
    case ASSAY_ERROR_BAD_ANSWER:
      return "bad-answer";
    case ASSAY_ERROR_NOT_AN_IMAGE:
      return "not-an-image";
    case ASSAY_ERROR_UNSUPPORTED:
      return "unsupported";
    case ASSAY_ERROR_DAMAGED:
      return "damaged";
    case ASSAY_ERROR_TOO_LARGE:
      return "too-large";
    case ASSAY_ERROR_UNREADABLE:
      return "unreadable";
    case ASSAY_ERROR_NOT_SAVED:
      return "not-saved";
    case ASSAY_ERROR_CANCELED:
      return "canceled";
    case ASSAY_ERROR_FAILED:
    default:
      return "failed";
    }
}

/**
 * assay_error_is_transient:
 * @error: (nullable): an error
 *
 * Returns: whether the same request may succeed later without anybody changing
 *   anything: network, time-out, a busy or failing service
 */
gboolean
assay_error_is_transient (const GError *error)
{
  if (error == NULL || error->domain != ASSAY_ERROR)
    return FALSE;
  return error->code == ASSAY_ERROR_OFFLINE || error->code == ASSAY_ERROR_TIMED_OUT
         || error->code == ASSAY_ERROR_BUSY || error->code == ASSAY_ERROR_SERVICE;
}
