/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-report.h"
#include "assay-display.h"
#include "assay-limits.h"
#include "assay-report-file.h"

/* A picture that was called something else than it is. */
typedef struct {
  AssaySource *source;
  char *truth;
  AssayPrediction *prediction;
} Mistake;

struct _AssayCliReport {
  AssayReport *page;
  char *path;
  GPtrArray *worst;           /* (element-type Mistake): the highest scores first */
  guint n_mistakes;           /* in all */
};

static void
mistake_free (gpointer data)
{
  Mistake *self = data;

  g_object_unref (self->source);
  g_free (self->truth);
  assay_prediction_unref (self->prediction);
  g_free (self);
}

/**
 * assay_cli_report_new:
 * @path: (nullable): of the file, as typed
 * @threshold: below which an answer counts as unsure, 0…1
 *
 * Returns: (transfer full) (nullable): a report, if one is wanted
 */
AssayCliReport *
assay_cli_report_new (const char *path,
                      double threshold)
{
  AssayCliReport *self;

  if (path == NULL)
    return NULL;
  self = g_new0 (AssayCliReport, 1);
  self->page = assay_report_new (g_get_real_time () / G_USEC_PER_SEC, threshold);
  self->path = g_strdup (path);
  self->worst = g_ptr_array_new_with_free_func (mistake_free);
  return self;
}

void
assay_cli_report_free (AssayCliReport *self)
{
  assay_report_free (self->page);
  g_ptr_array_unref (self->worst);
  g_free (self->path);
  g_free (self);
}

AssayReport *
assay_cli_report_get_page (AssayCliReport *self)
{
  return self->page;
}

/* From what was given down, as the window has it: a report says nothing of the folders
 * above. */
static char *
dup_name (AssaySource *source)
{
  const char *group = assay_source_get_group (source);

  return group != NULL ? g_build_filename (group, assay_source_get_name (source), NULL)
                       : g_strdup (assay_source_get_name (source));
}

void
assay_cli_report_add_image (AssayCliReport *self,
                            AssayItem *item)
{
  g_autofree char *name = dup_name (assay_item_get_source (item));
  g_autofree char *sha256 = assay_item_dup_sha256 (item);

  assay_report_add_image (self->page, name, sha256);
}

static double
get_score (GPtrArray *mistakes,
           guint place)
{
  return assay_prediction_get_score (((Mistake *) g_ptr_array_index (mistakes, place))->prediction, 0);
}

/**
 * assay_cli_report_add_mistake:
 *
 * Keeps it if it is one of the worst so far; all are counted.
 */
void
assay_cli_report_add_mistake (AssayCliReport *self,
                              AssaySource *source,
                              const char *truth,
                              AssayPrediction *prediction)
{
  double score = assay_prediction_get_score (prediction, 0);
  guint place = self->worst->len;
  Mistake *mistake;

  self->n_mistakes++;
  while (place > 0 && get_score (self->worst, place - 1) < score)
    place--;
  if (place >= ASSAY_LIMIT_REPORT_MISTAKES)
    return;
  mistake = g_new (Mistake, 1);
  *mistake = (Mistake) { g_object_ref (source), g_strdup (truth), assay_prediction_ref (prediction) };
  g_ptr_array_insert (self->worst, place, mistake);
  if (self->worst->len > ASSAY_LIMIT_REPORT_MISTAKES)
    g_ptr_array_set_size (self->worst, ASSAY_LIMIT_REPORT_MISTAKES);
}

void
assay_cli_report_add_flip (AssayCliReport *self,
                           AssaySource *source,
                           const char *truth,
                           AssayChange change,
                           AssayPrediction *a,
                           AssayPrediction *b)
{
  g_autofree char *name = dup_name (source);

  assay_report_add_flip (self->page, name, truth, change, a, b, G_OBJECT (source));
}

/* Where the truth comes from, for people: of a table its name alone. */
static char *
dup_origin (const char *from)
{
  if (from == NULL)
    return NULL;
  if (g_str_equal (from, "folders"))
    return g_strdup (_("the names of the folders"));
  return g_path_get_basename (from);
}

/**
 * assay_cli_report_set_extent:
 * @from: (nullable): where the truth comes from, as typed
 */
void
assay_cli_report_set_extent (AssayCliReport *self,
                             guint n_given,
                             guint n_unanswered,
                             guint n_without_truth,
                             const char *from)
{
  g_autofree char *origin = dup_origin (from);
  const AssayReportExtent extent = { n_given, n_unanswered, n_without_truth, origin };

  assay_report_set_extent (self->page, &extent);
}

/**
 * assay_cli_report_get_service:
 * @connect: (nullable)
 *
 * Returns: (transfer none) (nullable): what the connection is called; of one whose name
 *   tells its address it is only said that it has one
 */
const char *
assay_cli_report_get_service (AssayCliConnect *connect)
{
  AssayConnection *connection = connect != NULL ? assay_cli_connect_get_connection (connect) : NULL;
  g_autofree char *host = NULL;
  const char *name;

  if (connection == NULL)
    return NULL;
  host = assay_connection_dup_host (connection);
  name = assay_connection_get_name (connection);
  if (strstr (name, "://") != NULL || (host != NULL && *host != '\0' && strstr (name, host) != NULL))
    return _("a service named by its address");
  return name;
}

/**
 * assay_cli_report_save:
 * @error: %ASSAY_ERROR_FAILED
 *
 * Adds the worst mistakes and writes the file.
 *
 * Returns: whether all of it is written
 */
gboolean
assay_cli_report_save (AssayCliReport *self,
                       GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (self->path);

  for (guint i = 0; i < self->worst->len; i++)
    {
      const Mistake *mistake = g_ptr_array_index (self->worst, i);
      g_autofree char *name = dup_name (mistake->source);

      assay_report_add_mistake (self->page, name, mistake->truth, mistake->prediction,
                                G_OBJECT (mistake->source));
    }
  assay_report_count_mistakes (self->page, self->n_mistakes);
  return assay_report_save (self->page, file, NULL, error);
}
