/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-error-text.h"

/* What a person reads of an error besides its own sentence: a title, what to do,
 * and whether asking once more can help. */
typedef struct {
  const char *title;
  const char *advice;
  gboolean again;
} Text;

static const Text texts[] = {
  [ASSAY_ERROR_FAILED] = {
    N_("No answer"),
    N_("Try again."), TRUE },
  [ASSAY_ERROR_USAGE] = {
    N_("A setting is wrong"),
    N_("Correct the connection, then try again."), TRUE },
  [ASSAY_ERROR_OFFLINE] = {
    N_("The service was not reached"),
    N_("Check the network and the address of the connection, then try again."), TRUE },
  [ASSAY_ERROR_TIMED_OUT] = {
    N_("The service took too long"),
    N_("Try again when the service has less to do."), TRUE },
  [ASSAY_ERROR_CERTIFICATE] = {
    N_("The certificate is not trusted"),
    N_("Ask whoever runs the service for the file of its certificate authority."), TRUE },
  [ASSAY_ERROR_UNAUTHORIZED] = {
    N_("Not signed in"),
    N_("The token may have ended. Give the connection a new one, then try again."), TRUE },
  [ASSAY_ERROR_FORBIDDEN] = {
    N_("Not permitted"),
    N_("Ask whoever runs the service for permission to use this model."), TRUE },
  [ASSAY_ERROR_NOT_FOUND] = {
    N_("Not found at the service"),
    N_("Choose a model and a version that the service offers."), TRUE },
  [ASSAY_ERROR_BUSY] = {
    N_("The service is busy"),
    N_("Wait a moment, then try again."), TRUE },
  [ASSAY_ERROR_SERVICE] = {
    N_("The service failed"),
    N_("Try again. If it fails again, tell whoever runs the service."), TRUE },
  [ASSAY_ERROR_REFUSED] = {
    N_("Refused by the service"),
    N_("The service would refuse this image again. Try another one."), FALSE },
  [ASSAY_ERROR_BAD_ANSWER] = {
    N_("The answer makes no sense"),
    N_("See the response; the address may belong to another kind of service."), TRUE },
  [ASSAY_ERROR_NOT_AN_IMAGE] = {
    N_("Not an image"),
    N_("Only pictures can be classified."), FALSE },
  [ASSAY_ERROR_UNSUPPORTED] = {
    /* The reason says what to do: a drawing is saved, an archive is unpacked. */
    N_("This kind of file cannot be sent"),
    NULL, FALSE },
  [ASSAY_ERROR_DAMAGED] = {
    N_("The image is damaged"),
    N_("Get the image once more from where it came from."), FALSE },
  [ASSAY_ERROR_TOO_LARGE] = {
    N_("The image is too large"),
    N_("Save a smaller copy and add that file."), FALSE },
  [ASSAY_ERROR_UNREADABLE] = {
    N_("The file cannot be read"),
    N_("Check that the file is still there and that you may read it, then try again."), TRUE },
  [ASSAY_ERROR_NOT_SAVED] = {
    N_("Not saved"),
    N_("Make room on the disk, or allow Assay to write there."), TRUE },
  [ASSAY_ERROR_CANCELED] = {
    N_("Canceled"),
    N_("It can be asked again at any time."), TRUE },
};

static const Text *
find_text (const GError *error)
{
  if (error->domain != ASSAY_ERROR
      || error->code < 0 || (guint) error->code >= G_N_ELEMENTS (texts))
    return &texts[ASSAY_ERROR_FAILED];
  return &texts[error->code];
}

/**
 * assay_error_text_get_title:
 * @error: any error
 *
 * Returns: (transfer none): what happened in a few words, translated
 */
const char *
assay_error_text_get_title (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return _(find_text (error)->title);
}

/* Beginnings of errors that say what the title above them says already, as the
 * library writes them: up to what is put in. */
static const struct {
  int code;
  const char *format;
} leads[] = {
  { ASSAY_ERROR_NOT_AN_IMAGE, N_("Not an image: %s") },
  { ASSAY_ERROR_DAMAGED, N_("Damaged picture: %s") },
  { ASSAY_ERROR_TOO_LARGE, N_("Too large: %u × %u pixels") },
  { ASSAY_ERROR_UNREADABLE, N_("It can't be read: %s") },
};

/* What the error's sentence says that is new: without the words of the format @lead,
 * which may stand on both sides of what is put in; %NULL if it doesn't begin so. */
static char *
cut_lead (const char *message,
          const char *lead)
{
  gsize before = strcspn (lead, "%");
  const char *after = g_str_has_prefix (lead + before, "%s") ? lead + before + 2 : "";
  gsize length = strlen (message);

  if (strncmp (message, lead, before) != 0)
    return NULL;
  if (length >= before + strlen (after) && g_str_has_suffix (message, after))
    length -= strlen (after);
  return g_strndup (message + before, length - before);
}

static char *
dup_news (const GError *error)
{
  char *news = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (leads) && error->domain == ASSAY_ERROR && news == NULL; i++)
    if (error->code == leads[i].code)
      news = cut_lead (error->message, _(leads[i].format));
  return news != NULL ? news : g_strdup (error->message);
}

/* A sentence of its own begins with a capital letter. */
static char *
capitalize (const char *text)
{
  g_autofree char *first = g_utf8_strup (text, g_utf8_next_char (text) - text);

  return g_strconcat (first, g_utf8_next_char (text), NULL);
}

/**
 * assay_error_text_dup_reason:
 * @error: any error
 *
 * Returns: (transfer full): the error's own sentence without what its title says
 *   already, safe to show
 */
char *
assay_error_text_dup_reason (const GError *error)
{
  g_autofree char *news = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  news = dup_news (error);
  text = assay_display_text (news, -1, 0);
  return *text != '\0' ? capitalize (text) : g_steal_pointer (&text);
}

/**
 * assay_error_text_get_advice:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): what a person can do, translated; %NULL
 *   where the reason says that
 */
const char *
assay_error_text_get_advice (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return find_text (error)->advice != NULL ? _(find_text (error)->advice) : NULL;
}

/**
 * assay_error_text_can_try_again:
 * @error: any error
 *
 * Returns: whether asking once more can end otherwise
 */
gboolean
assay_error_text_can_try_again (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return find_text (error)->again;
}
