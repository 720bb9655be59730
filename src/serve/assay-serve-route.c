/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-serve-route.h"

/**
 * assay_route_match:
 * @self: an address
 * @segments: (array zero-terminated=1): the decoded segments of a path
 * @captures: (out) (transfer full) (array zero-terminated=1): what stood for each “*”
 *
 * Returns: whether the path is this address
 */
gboolean
assay_route_match (const AssayRoute *self,
                   const char *const *segments,
                   char ***captures)
{
  g_auto (GStrv) wanted = NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  guint n;

  g_return_val_if_fail (self != NULL && segments != NULL && captures != NULL, FALSE);

  wanted = g_strsplit (self->pattern, "/", -1);
  n = g_strv_length (wanted);
  if (n != g_strv_length ((char **) segments))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      if (strcmp (wanted[i], "*") == 0)
        g_ptr_array_add (found, g_strdup (segments[i]));
      else if (strcmp (wanted[i], segments[i]) != 0)
        return FALSE;
    }
  g_ptr_array_add (found, NULL);
  *captures = (char **) g_ptr_array_free (g_steal_pointer (&found), FALSE);
  return TRUE;
}

/**
 * assay_route_dup_allow:
 * @self: an address
 *
 * Returns: (transfer full): its methods, as an Allow header has them
 */
char *
assay_route_dup_allow (const AssayRoute *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strconcat ((self->flags & ASSAY_ROUTE_GET) != 0 ? "GET, HEAD, " : "",
                      (self->flags & ASSAY_ROUTE_POST) != 0 ? "POST, " : "",
                      "OPTIONS", NULL);
}
