/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-display.h"
#include "assay-endpoint.h"
#include "assay-limits.h"
#include "assay-report-draft.h"

/* A picture that was called something else than it is, or than before. */
typedef struct {
  AssaySource *source;
  char *name;
  char *truth;                /* (nullable) of a flip */
  AssayPrediction *a;         /* (nullable) of a mistake */
  AssayPrediction *b;
  AssayChange change;
  double shift;
} Picture;

struct _AssayReportDraft {
  AssayReport *page;          /* (nullable) once it has ended */
  GPtrArray *worst;           /* (element-type Picture): mistakes, the highest scores first */
  GPtrArray *flips;           /* (element-type Picture) */
  guint n_mistakes;           /* in all */
};

static void
picture_free (gpointer data)
{
  Picture *self = data;

  g_object_unref (self->source);
  g_free (self->name);
  g_free (self->truth);
  g_clear_pointer (&self->a, assay_prediction_unref);
  assay_prediction_unref (self->b);
  g_free (self);
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

static Picture *
picture_new (AssaySource *source,
             const char *truth,
             AssayPrediction *prediction)
{
  Picture *self = g_new0 (Picture, 1);

  self->source = g_object_ref (source);
  self->name = dup_name (source);
  self->truth = g_strdup (truth);
  self->b = assay_prediction_ref (prediction);
  return self;
}

/**
 * assay_report_draft_new:
 * @threshold: below which an answer counts as unsure, 0…1
 *
 * Returns: (transfer full): a report about nothing yet, dated now
 */
AssayReportDraft *
assay_report_draft_new (double threshold)
{
  AssayReportDraft *self = g_new0 (AssayReportDraft, 1);

  self->page = assay_report_new (g_get_real_time () / G_USEC_PER_SEC, threshold);
  self->worst = g_ptr_array_new_with_free_func (picture_free);
  self->flips = g_ptr_array_new_with_free_func (picture_free);
  return self;
}

void
assay_report_draft_free (AssayReportDraft *self)
{
  g_clear_pointer (&self->page, assay_report_free);
  g_ptr_array_unref (self->worst);
  g_ptr_array_unref (self->flips);
  g_free (self);
}

/**
 * assay_report_draft_add_version:
 * @version: the baseline first, if there is one
 * @evaluation: of what it said
 *
 * As assay_report_add_version().
 */
void
assay_report_draft_add_version (AssayReportDraft *self,
                                const AssayReportVersion *version,
                                AssayEvaluation *evaluation)
{
  g_return_if_fail (self != NULL && self->page != NULL);

  assay_report_add_version (self->page, version, evaluation);
}

void
assay_report_draft_set_extent (AssayReportDraft *self,
                               const AssayReportExtent *extent)
{
  g_return_if_fail (self != NULL && self->page != NULL);

  assay_report_set_extent (self->page, extent);
}

/**
 * assay_report_draft_add_image:
 * @item: one that was asked about, answered or not
 */
void
assay_report_draft_add_image (AssayReportDraft *self,
                              AssayItem *item)
{
  g_autofree char *name = NULL;
  g_autofree char *sha256 = NULL;

  g_return_if_fail (self != NULL && self->page != NULL);
  g_return_if_fail (ASSAY_IS_ITEM (item));

  name = dup_name (assay_item_get_source (item));
  sha256 = assay_item_dup_sha256 (item);
  assay_report_add_image (self->page, name, sha256);
}

static double
get_score (GPtrArray *mistakes,
           guint place)
{
  return assay_prediction_get_score (((Picture *) g_ptr_array_index (mistakes, place))->b, 0);
}

/**
 * assay_report_draft_add_mistake:
 * @truth: what @source shows
 * @prediction: (transfer none): which has another label first
 *
 * Keeps it if it is one of the worst so far; all are counted.
 */
void
assay_report_draft_add_mistake (AssayReportDraft *self,
                                AssaySource *source,
                                const char *truth,
                                AssayPrediction *prediction)
{
  double score;
  guint place;

  g_return_if_fail (self != NULL && self->page != NULL);
  g_return_if_fail (ASSAY_IS_SOURCE (source));
  g_return_if_fail (truth != NULL && prediction != NULL);

  score = assay_prediction_get_score (prediction, 0);
  place = self->worst->len;
  self->n_mistakes++;
  while (place > 0 && get_score (self->worst, place - 1) < score)
    place--;
  if (place >= ASSAY_LIMIT_REPORT_MISTAKES)
    return;
  g_ptr_array_insert (self->worst, place, picture_new (source, truth, prediction));
  if (self->worst->len > ASSAY_LIMIT_REPORT_MISTAKES)
    g_ptr_array_set_size (self->worst, ASSAY_LIMIT_REPORT_MISTAKES);
}

/**
 * assay_report_draft_add_flip:
 * @truth: (nullable)
 * @change: not %ASSAY_CHANGE_SAME
 * @a: (transfer none): what the baseline says
 * @b: (transfer none): what the candidate says
 */
void
assay_report_draft_add_flip (AssayReportDraft *self,
                             AssaySource *source,
                             const char *truth,
                             AssayChange change,
                             AssayPrediction *a,
                             AssayPrediction *b)
{
  Picture *flip;

  g_return_if_fail (self != NULL && self->page != NULL);
  g_return_if_fail (ASSAY_IS_SOURCE (source));
  g_return_if_fail (a != NULL && b != NULL);

  flip = picture_new (source, truth, b);
  flip->a = assay_prediction_ref (a);
  flip->change = change;
  flip->shift = fabs (assay_change_get_shift (truth, a, b));
  g_ptr_array_add (self->flips, flip);
}

/* What broke first, then what is mended, then the rest; the largest shift first. */
static int
compare_flips (gconstpointer a,
               gconstpointer b)
{
  const Picture *left = *(const Picture *const *) a;
  const Picture *right = *(const Picture *const *) b;

  if (left->change != right->change)
    return left->change < right->change ? 1 : -1;
  if (left->shift != right->shift)
    return left->shift < right->shift ? 1 : -1;
  return g_strcmp0 (left->name, right->name);
}

/* Which of them are set apart is only known when all have answered: the last answer may
 * bring the label that one of them lacked. */
static void
add_flips (AssayReportDraft *self,
           AssayComparison *comparison)
{
  g_ptr_array_sort (self->flips, compare_flips);
  for (guint i = 0; i < self->flips->len; i++)
    {
      const Picture *flip = g_ptr_array_index (self->flips, i);

      if (!assay_comparison_is_apart (comparison, flip->truth, flip->a, flip->b))
        assay_report_add_flip (self->page, flip->name, flip->truth, flip->change, flip->a, flip->b,
                               G_OBJECT (flip->source));
    }
}

/**
 * assay_report_draft_end:
 * @comparison: (nullable) (transfer none): of the two, if there are two
 *
 * Adds what is only known at the end.  Takes as long as there are flips to sort.
 *
 * Returns: (transfer full): the report, ready to be written; nothing can be added to @self
 *   any more
 */
AssayReport *
assay_report_draft_end (AssayReportDraft *self,
                        AssayComparison *comparison)
{
  g_return_val_if_fail (self != NULL && self->page != NULL, NULL);
  g_return_val_if_fail (comparison != NULL || self->flips->len == 0, NULL);

  if (comparison != NULL)
    {
      assay_report_set_comparison (self->page, comparison);
      add_flips (self, comparison);
    }
  for (guint i = 0; i < self->worst->len; i++)
    {
      const Picture *mistake = g_ptr_array_index (self->worst, i);

      assay_report_add_mistake (self->page, mistake->name, mistake->truth, mistake->b,
                                G_OBJECT (mistake->source));
    }
  assay_report_count_mistakes (self->page, self->n_mistakes);
  return g_steal_pointer (&self->page);
}

/**
 * assay_report_dup_title:
 * @model: (nullable): of the one that is to be named
 * @version: (nullable)
 * @service: (nullable): where it is asked
 * @other_model: (nullable): of the one that it is compared with
 * @other_version: (nullable)
 * @other_service: (nullable)
 * @begins: whether it stands at the beginning of a sentence
 *
 * Two versions of one model are told by their versions alone, if both have one: some
 * services know none.  The same in two places is told by the places.
 *
 * Returns: (transfer full): its name, safe to show
 */
char *
assay_report_dup_title (const char *model,
                        const char *version,
                        const char *service,
                        const char *other_model,
                        const char *other_version,
                        const char *other_service,
                        gboolean begins)
{
  g_autofree char *name = NULL;
  const char *known = version != NULL ? version : "?";
  gboolean elsewhere = service != NULL && other_service != NULL
                       && g_strcmp0 (model, other_model) == 0
                       && g_strcmp0 (version, other_version) == 0
                       && strcmp (service, other_service) != 0;

  if (g_strcmp0 (model, other_model) == 0 && g_strcmp0 (version, other_version) != 0
      && *known != '\0' && g_strcmp0 (other_version, "") != 0)
    /* Translators: at the beginning of a sentence, and within it */
    name = begins ? g_strdup_printf (_("Version %s"), known)
                  : g_strdup_printf (_("version %s"), known);
  else
    name = g_strdup_printf ("%s%s%s%s%s%s", model != NULL ? model : "", *known != '\0' ? " " : "",
                            known, elsewhere ? " (" : "", elsewhere ? service : "",
                            elsewhere ? ")" : "");
  return assay_display_text (name, -1, 0);
}

/**
 * assay_report_find_service:
 * @connection: (nullable) (transfer none)
 *
 * Returns: (nullable): what the connection is called; of one whose name tells its address
 *   it is only said that it has one
 */
const char *
assay_report_find_service (AssayConnection *connection)
{
  const char *name;

  if (connection == NULL)
    return NULL;
  name = assay_connection_get_name (connection);
  if (assay_endpoint_is_told (name, assay_connection_get_url (connection)))
    return _("a service named by its address");
  return name;
}
