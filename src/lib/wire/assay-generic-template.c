/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a picture goes: an address, and behind it a path in which model and version are
 * filled in as URI templates have it (RFC 6570, 3.2):
 *
 *   {model}    with everything encoded that means something in a path, slashes too
 *   {+model}   with slashes as they are, for names such as "google/vit-base"
 *   {/version} with a slash before it; nothing at all when no version is chosen
 *
 * and the same with the other name.  A query may follow. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-display.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-generic-private.h"

#define SHOWN_CHARS 80

/* What stands between the words in braces is a path already. */
#define LITERAL G_URI_RESERVED_CHARS_ALLOWED_IN_PATH "?%"

typedef struct {
  const char *model;
  const char *version;
  GString *out;
} Filling;

static gboolean
is_dots (const char *segment)
{
  return *segment == '\0' || strcmp (segment, ".") == 0 || strcmp (segment, "..") == 0;
}

/* A name can neither climb nor branch off, unless the template lets it have slashes. */
static gboolean
append_name (GString *out,
             const char *name,
             gboolean keep_slashes,
             GError **error)
{
  g_auto (GStrv) segments = g_strsplit (name, "/", keep_slashes ? -1 : 1);

  for (guint i = 0; segments[i] != NULL; i++)
    {
      if (is_dots (segments[i]))
        {
          g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                               _("A model or version named “.” or “..” cannot be asked for. Choose "
                                 "another."));
          return FALSE;
        }
      if (i > 0)
        g_string_append_c (out, '/');
      g_string_append_uri_escaped (out, segments[i], NULL, FALSE);
    }
  return TRUE;
}

static gboolean
set_missing (const Filling *self,
             gboolean version,
             GError **error)
{
  g_autofree char *shown = assay_display_name (self->model != NULL ? self->model : "");

  if (version)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("No version of “%s” is chosen. Choose a version."), shown);
  else
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("No model is chosen, and the path of the connection wants one. Choose a "
                           "model."));
  return FALSE;
}

/* @word is what stands in braces, @length long. */
static gboolean
append_word (Filling *self,
             const char *word,
             gsize length,
             GError **error)
{
  char operator = *word == '+' || *word == '/' ? *word : '\0';
  g_autofree char *name = g_strndup (word + (operator != '\0'), length - (operator != '\0'));
  gboolean version = strcmp (name, "version") == 0;
  const char *value = version ? self->version : self->model;

  if (!version && strcmp (name, "model") != 0)
    {
      g_autofree char *shown = assay_display_text (name, -1, SHOWN_CHARS);

      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("The path of the connection has “{%s}”, and only {model} and {version} are "
                     "filled in. Write there what it stands for."), shown);
      return FALSE;
    }
  if (value == NULL || *value == '\0')
    return operator == '/' || set_missing (self, version, error);
  if (operator == '/')
    g_string_append_c (self->out, '/');
  return append_name (self->out, value, operator == '+', error);
}

/* Appends @template to what is there. */
static gboolean
append_template (Filling *self,
                 const char *template,
                 GError **error)
{
  while (*template != '\0')
    {
      gsize length = strcspn (template, "{");
      g_autofree char *literal = g_strndup (template, length);
      const char *end;

      g_string_append_uri_escaped (self->out, literal, LITERAL, FALSE);
      template += length;
      if (*template == '\0')
        break;
      end = strchr (template, '}');
      if (end == NULL)
        {
          g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                               _("The path of the connection has a “{” without a “}”. Correct "
                                 "it."));
          return FALSE;
        }
      if (!append_word (self, template + 1, end - template - 1, error))
        return FALSE;
      template = end + 1;
    }
  return TRUE;
}

/* The query of an address is kept behind the path and before that of the template. */
static char *
join (const char *address,
      const char *path)
{
  const char *query = strchr (address, '?');
  const char *more = strchr (path, '?');
  g_autofree char *base = g_strndup (address, query != NULL ? (gsize) (query - address)
                                                            : strlen (address));
  g_autofree char *head = g_strndup (path, more != NULL ? (gsize) (more - path) : strlen (path));
  gboolean glued = *head == '\0' || *head == '/'
                   || (*head == ':' && strchr (strstr (base, "://") + 3, '/') != NULL);

  return g_strconcat (base, glued ? "" : "/", head, query != NULL ? query : "",
                      more == NULL ? "" : query != NULL ? "&" : "?", more != NULL ? more + 1 : "",
                      NULL);
}

/**
 * assay_generic_fill:
 * @address: (nullable): of the service
 * @template: (nullable): the path behind it
 * @model: (nullable): the model's name
 * @version: (nullable): its version
 * @error: %ASSAY_ERROR_USAGE, says what to correct or to choose
 *
 * Whatever @template holds, the result lies at the origin of @address, to which secrets
 * belong.
 *
 * Returns: (transfer full) (nullable): the whole address
 */
char *
assay_generic_fill (const char *address,
                    const char *template,
                    const char *model,
                    const char *version,
                    GError **error)
{
  g_autofree char *base = assay_endpoint_normalize (address, error);
  g_autoptr (GString) path = g_string_new (NULL);
  Filling filling = { .model = model, .version = version, .out = path };
  g_autofree char *whole = NULL;
  g_autofree char *origin = NULL;
  g_autofree char *expected = NULL;

  if (base == NULL || template == NULL)
    return g_steal_pointer (&base);
  if (!append_template (&filling, template, error))
    return NULL;
  whole = join (base, path->str);
  origin = assay_endpoint_dup_origin (whole);
  expected = assay_endpoint_dup_origin (base);
  if (g_strcmp0 (origin, expected) == 0)
    return g_steal_pointer (&whole);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       _("The path of the connection cannot be read. Look for a “%” that is not "
                         "followed by two hexadecimal digits."));
  return NULL;
}
