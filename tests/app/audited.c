/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The program itself, and something in it that looks at its widgets: whenever
 * SIGUSR1 comes, what stands on the screen is written as JSON to the file that
 * ASSAY_AUDIT names.
 *
 *   { "windows": [ { "title", "width", "height", "least": [width, height] } ],
 *     "texts": [ "…" ],
 *     "faults": [ { "kind", "text", "where", "seen" } ] }
 *
 * Kinds of faults: "shortened" (an ellipsis stands for a part), "cut" (a part lies
 * where nobody sees it and no scroll bar leads), "overlap" (two texts in one place).
 * Translations come from ASSAY_TEST_LOCALE, where it is set. */

#include "config.h"

#include <adwaita.h>
#include <glib-unix.h>
#include <json-glib/json-glib.h>
#include <libintl.h>
#include <math.h>

#include "assay-application.h"
#include "assay-locale.h"

/* Pixels by which round figures may differ. */
#define SLACK 1.5f

/* Whatever still moves after so many is looked at all the same. */
#define MOST_FRAMES 60

/* A text that stands on the screen, in the coordinates of its window. */
typedef struct {
  GtkWidget *widget;
  GtkWidget *native;
  graphene_rect_t ink;
} Standing;

typedef struct {
  JsonBuilder *texts;
  JsonBuilder *faults;
  GArray *standing;         /* (element-type Standing) */
} Audit;

static const char *
get_text (GtkWidget *widget)
{
  return GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget))
                               : gtk_widget_get_css_name (widget);
}

/* The CSS names from the window down, the nearest last. */
static char *
dup_place (GtkWidget *widget)
{
  GString *place = g_string_new (gtk_widget_get_css_name (widget));

  for (GtkWidget *above = gtk_widget_get_parent (widget); above != NULL;
       above = gtk_widget_get_parent (above))
    {
      const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (above));

      g_autofree char *name = NULL;

      if (id != NULL && *id != '\0' && !g_str_has_prefix (id, "___"))
        name = g_strdup_printf ("%s#%s ", gtk_widget_get_css_name (above), id);
      else
        name = g_strdup_printf ("%s ", gtk_widget_get_css_name (above));
      g_string_prepend (place, name);
    }
  return g_string_free (place, FALSE);
}

static void
add_fault (Audit *audit,
           const char *kind,
           GtkWidget *widget,
           const char *seen)
{
  g_autofree char *place = dup_place (widget);
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  json_builder_begin_object (audit->faults);
  json_builder_set_member_name (audit->faults, "kind");
  json_builder_add_string_value (audit->faults, kind);
  json_builder_set_member_name (audit->faults, "text");
  json_builder_add_string_value (audit->faults, get_text (widget));
  json_builder_set_member_name (audit->faults, "id");
  json_builder_add_string_value (audit->faults, id != NULL ? id : "");
  json_builder_set_member_name (audit->faults, "where");
  json_builder_add_string_value (audit->faults, place);
  json_builder_set_member_name (audit->faults, "seen");
  json_builder_add_string_value (audit->faults, seen);
  json_builder_end_object (audit->faults);
}

/* Where the letters are; all of it for anything but a label. */
static void
get_ink (GtkWidget *widget,
         graphene_rect_t *ink)
{
  int x, y, width, height;

  graphene_rect_init (ink, 0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  if (!GTK_IS_LABEL (widget))
    return;
  gtk_label_get_layout_offsets (GTK_LABEL (widget), &x, &y);
  pango_layout_get_pixel_size (gtk_label_get_layout (GTK_LABEL (widget)), &width, &height);
  if (gtk_label_get_xalign (GTK_LABEL (widget)) == 0.5f || width > ink->size.width)
    graphene_rect_init (ink, x, y, MIN (width, ink->size.width + 1000), height);
  else
    graphene_rect_init (ink, 0, y, ink->size.width, height);
}

static gboolean
scrolls (GtkWidget *widget,
         GtkOrientation orientation)
{
  GtkPolicyType across, down;

  if (!GTK_IS_SCROLLED_WINDOW (widget))
    return FALSE;
  gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (widget), &across, &down);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return across == GTK_POLICY_AUTOMATIC || across == GTK_POLICY_ALWAYS;
  return down == GTK_POLICY_AUTOMATIC || down == GTK_POLICY_ALWAYS;
}

/* Keeps only what can be brought into view; FALSE and @seen where a part cannot. */
static gboolean
fits_into (GtkWidget *above,
           graphene_rect_t *part,
           char **seen)
{
  float width = gtk_widget_get_width (above);
  float height = gtk_widget_get_height (above);

  if (scrolls (above, GTK_ORIENTATION_HORIZONTAL))
    part->origin.x = 0, part->size.width = MIN (part->size.width, width);
  if (scrolls (above, GTK_ORIENTATION_VERTICAL))
    part->origin.y = 0, part->size.height = MIN (part->size.height, height);
  /* What scrolls lies in a scrolled window, which knows how far it does. */
  if (GTK_IS_SCROLLABLE (above)
      || (gtk_widget_get_overflow (above) == GTK_OVERFLOW_VISIBLE && !GTK_IS_NATIVE (above)))
    return TRUE;
  if (part->origin.x >= -SLACK && part->origin.y >= -SLACK
      && part->origin.x + part->size.width <= width + SLACK
      && part->origin.y + part->size.height <= height + SLACK)
    return TRUE;
  *seen = g_strdup_printf ("%g…%g × %g…%g in a %s of %g × %g", part->origin.x,
                           part->origin.x + part->size.width, part->origin.y,
                           part->origin.y + part->size.height,
                           gtk_widget_get_css_name (above), width, height);
  return FALSE;
}

/* What of it is not scrolled out of view; the list view keeps rows ready beyond what
 * it shows. */
static gboolean
get_seen (GtkWidget *widget,
          const graphene_rect_t *ink,
          graphene_rect_t *seen)
{
  GtkWidget *scroller = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  graphene_rect_t view;

  *seen = *ink;
  if (scroller == NULL)
    return TRUE;
  return gtk_widget_compute_bounds (scroller, widget, &view)
         && graphene_rect_intersection (ink, &view, seen);
}

static void
look_for_cuts (Audit *audit,
               GtkWidget *widget)
{
  GtkWidget *above = widget;
  graphene_rect_t part;
  g_autofree char *seen = NULL;

  get_ink (widget, &part);
  if (part.size.width > gtk_widget_get_width (widget) + SLACK
      || part.size.height > gtk_widget_get_height (widget) + SLACK)
    {
      seen = g_strdup_printf ("%g × %g in a place of %d × %d", part.size.width, part.size.height,
                              gtk_widget_get_width (widget), gtk_widget_get_height (widget));
      add_fault (audit, "cut", widget, seen);
      return;
    }
  while (!GTK_IS_NATIVE (above) && gtk_widget_get_parent (above) != NULL)
    {
      GtkWidget *parent = gtk_widget_get_parent (above);
      graphene_point_t corner;

      if (!gtk_widget_compute_point (above, parent, &part.origin, &corner))
        return;
      part.origin = corner;
      above = parent;
      if (!fits_into (above, &part, &seen))
        {
          add_fault (audit, "cut", widget, seen);
          return;
        }
    }
}

static void
look_at_label (Audit *audit,
               GtkWidget *label)
{
  Standing standing = { label, GTK_WIDGET (gtk_widget_get_native (label)), { { 0 } } };
  graphene_rect_t ink;
  graphene_point_t corner;

  if (*gtk_label_get_text (GTK_LABEL (label)) == '\0')
    return;
  json_builder_add_string_value (audit->texts, gtk_label_get_text (GTK_LABEL (label)));
  if (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))))
    add_fault (audit, "shortened", label, "");
  get_ink (label, &ink);
  if (!get_seen (label, &ink, &standing.ink)
      || !gtk_widget_compute_point (label, standing.native, &standing.ink.origin, &corner))
    return;
  standing.ink.origin = corner;
  g_array_append_val (audit->standing, standing);
}

/* What a person would see as lying upon another by intent. */
static gboolean
lie_in_layers (GtkWidget *one,
               GtkWidget *other)
{
  GtkWidget *common = one;

  while (common != NULL && !gtk_widget_is_ancestor (other, common))
    common = gtk_widget_get_parent (common);
  return common == NULL || GTK_IS_OVERLAY (common) || ADW_IS_TOAST_OVERLAY (common);
}

static void
look_for_overlaps (Audit *audit)
{
  for (guint i = 0; i < audit->standing->len; i++)
    for (guint j = i + 1; j < audit->standing->len; j++)
      {
        Standing *one = &g_array_index (audit->standing, Standing, i);
        Standing *other = &g_array_index (audit->standing, Standing, j);
        graphene_rect_t both;

        if (one->native == other->native
            && graphene_rect_intersection (&one->ink, &other->ink, &both)
            && both.size.width > SLACK && both.size.height > 2 * SLACK
            && !lie_in_layers (one->widget, other->widget))
          add_fault (audit, "overlap", one->widget, get_text (other->widget));
      }
}

static void
look_at (Audit *audit,
         GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_child_visible (widget)
      || gtk_widget_get_opacity (widget) == 0)
    return;
  if (GTK_IS_LABEL (widget))
    look_at_label (audit, widget);
  if (GTK_IS_LABEL (widget) || GTK_IS_IMAGE (widget) || GTK_IS_TEXT (widget))
    {
      graphene_rect_t ink, seen;

      get_ink (widget, &ink);
      if (ink.size.width > 0 && get_seen (widget, &ink, &seen))
        look_for_cuts (audit, widget);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    look_at (audit, child);
}

static void
describe_window (JsonBuilder *builder,
                 GtkWidget *window)
{
  GtkRequisition least;
  const char *title = gtk_window_get_title (GTK_WINDOW (window));

  gtk_widget_get_preferred_size (window, &least, NULL);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "title");
  json_builder_add_string_value (builder, title != NULL ? title : "");
  json_builder_set_member_name (builder, "width");
  json_builder_add_int_value (builder, gtk_widget_get_width (window));
  json_builder_set_member_name (builder, "height");
  json_builder_add_int_value (builder, gtk_widget_get_height (window));
  json_builder_set_member_name (builder, "least");
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, least.width);
  json_builder_add_int_value (builder, least.height);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static char *
dup_report (JsonBuilder *windows,
            Audit *audit)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "windows");
  json_builder_add_value (builder, json_builder_get_root (windows));
  json_builder_set_member_name (builder, "texts");
  json_builder_add_value (builder, json_builder_get_root (audit->texts));
  json_builder_set_member_name (builder, "faults");
  json_builder_add_value (builder, json_builder_get_root (audit->faults));
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static char *
audit (void)
{
  g_autoptr (JsonBuilder) windows = json_builder_new ();
  g_autoptr (JsonBuilder) texts = json_builder_new ();
  g_autoptr (JsonBuilder) faults = json_builder_new ();
  g_autoptr (GArray) standing = g_array_new (FALSE, FALSE, sizeof (Standing));
  Audit found = { texts, faults, standing };
  GListModel *toplevels = gtk_window_get_toplevels ();

  json_builder_begin_array (windows);
  json_builder_begin_array (texts);
  json_builder_begin_array (faults);
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (!gtk_widget_get_mapped (window))
        continue;
      describe_window (windows, window);
      look_at (&found, window);
    }
  look_for_overlaps (&found);
  json_builder_end_array (windows);
  json_builder_end_array (texts);
  json_builder_end_array (faults);
  return dup_report (windows, &found);
}

typedef struct {
  char *last;                 /* (nullable): what was seen in the frame before */
  guint n_frames;
} Look;

static void
look_free (gpointer data)
{
  Look *self = data;

  g_free (self->last);
  g_free (self);
}

/* What has just changed has its place two frames later, and what a service says may
 * change something at any time: only what stands still for a frame is believed. */
static gboolean
frame_cb (GtkWidget *widget,
          GdkFrameClock *clock,
          gpointer data)
{
  Look *look = data;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (++look->n_frames < 3)
    return G_SOURCE_CONTINUE;
  text = audit ();
  if (g_strcmp0 (text, look->last) != 0 && look->n_frames < MOST_FRAMES)
    {
      g_free (look->last);
      look->last = g_steal_pointer (&text);
      return G_SOURCE_CONTINUE;
    }
  /* In one step, so that whoever waits for the file reads all of it. */
  if (!g_file_set_contents (g_getenv ("ASSAY_AUDIT"), text, -1, &error))
    g_warning ("%s", error->message);
  return G_SOURCE_REMOVE;
}

static gboolean
audit_cb (gpointer data)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (!gtk_widget_get_mapped (window))
        continue;
      gtk_widget_add_tick_callback (window, frame_cb, g_new0 (Look, 1), look_free);
      break;
    }
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (AssayApplication) application = NULL;
  const char *locale = g_getenv ("ASSAY_TEST_LOCALE");

  assay_locale_init ();
  if (locale != NULL)
    bindtextdomain (GETTEXT_PACKAGE, locale);
  g_set_application_name (dgettext (GETTEXT_PACKAGE, "Assay"));
  if (g_getenv ("ASSAY_AUDIT") != NULL)
    g_unix_signal_add (SIGUSR1, audit_cb, NULL);
  application = assay_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
