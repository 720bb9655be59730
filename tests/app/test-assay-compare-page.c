/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-change-head.h"
#include "assay-change-row.h"
#include "assay-compare-page.h"
#include "session-support.h"
#include "widget-support.h"

#define BASELINE "/classify/models/flowers/versions/1"
#define CANDIDATE "/classify/models/flowers/versions/2"
#define N_IMAGES 20

/* Two labels, of which one has no room in its column. */
#define ANSWER \
  "{\"predictions\":[{\"name\":\"a.png\",\"results\":[" \
  "{\"label\":\"a label of many words that has no room\",\"score\":%s}," \
  "{\"label\":\"sunflowers\",\"score\":%s}]}],\"status\":\"DONE\"}"

typedef struct {
  SessionSupport *support;
  AssaySession *session;
  GtkWidget *page;
  GtkWidget *window;
} Fixture;

static gboolean
is_the_last (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static guint
count_compared (Fixture *fixture)
{
  AssayComparisonFigures figures;

  assay_comparison_get_figures (
    assay_judge_get_comparison (assay_session_get_judge (fixture->session)), &figures);
  return (guint) figures.n;
}

static gboolean
have_both_answered (gpointer data)
{
  return count_compared (data) == N_IMAGES;
}

static void
set_answer (Fixture *fixture,
            const char *path,
            const char *first,
            const char *second)
{
  g_autofree char *json = g_strdup_printf (ANSWER, first, second);

  assay_test_server_set (fixture->support->server, path,
                         assay_test_answer_new (200, "application/json", json));
}

/* The page with images that two versions have answered otherwise. */
static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->support = session_support_new ();
  fixture->session = assay_session_new (fixture->support->hub, fixture->support->settings);
  fixture->page = g_object_new (ASSAY_TYPE_COMPARE_PAGE, NULL);
  assay_compare_page_set_session (ASSAY_COMPARE_PAGE (fixture->page), fixture->session);
  fixture->window = widget_support_show (fixture->page, 1180, 700);
  set_answer (fixture, BASELINE, "0.9", "0.1");
  set_answer (fixture, CANDIDATE, "0.2", "0.8");
  assay_session_start (fixture->session);
  g_assert_true (session_support_wait_target (fixture->session));
  session_support_add (fixture->support, fixture->session, N_IMAGES);
  assay_session_set_comparing (fixture->session, TRUE);
  g_assert_true (widget_support_wait (have_both_answered, fixture));
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  assay_session_close (fixture->session);
  g_assert_true (widget_support_wait (is_the_last, fixture->session));
  g_assert_finalize_object (fixture->session);
  session_support_free (fixture->support);
}

/* The first widget of that type below @widget that is seen. */
static GtkWidget *
find_type (GtkWidget *widget,
           GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && gtk_widget_get_mapped (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
get_child (GtkWidget *widget,
           guint place)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  for (guint i = 0; i < place; i++)
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static void
get_bounds (Fixture *fixture,
            GtkWidget *widget,
            graphene_rect_t *bounds)
{
  g_assert_true (gtk_widget_compute_bounds (widget, fixture->page, bounds));
}

static gboolean
has_row (gpointer data)
{
  Fixture *fixture = data;
  GtkWidget *row = find_type (fixture->page, ASSAY_TYPE_CHANGE_ROW);

  return row != NULL && gtk_widget_get_width (row) > 0;
}

/* Every row that is seen has its columns where the headings stand. */
static void
assert_aligned (Fixture *fixture)
{
  GtkWidget *head = find_type (fixture->page, ASSAY_TYPE_CHANGE_HEAD);
  GtkWidget *first = find_type (fixture->page, ASSAY_TYPE_CHANGE_ROW);
  GtkWidget *list = gtk_widget_get_parent (gtk_widget_get_parent (first));
  static const guint of_head[] = { 1, 2, 3 };
  static const guint of_row[] = { 2, 4, 5 };

  for (GtkWidget *cell = gtk_widget_get_first_child (list); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    for (guint i = 0; i < G_N_ELEMENTS (of_head); i++)
      {
        GtkWidget *row = gtk_widget_get_first_child (cell);
        graphene_rect_t above, below;

        if (!gtk_widget_get_child_visible (cell))
          continue;
        get_bounds (fixture, get_child (head, of_head[i]), &above);
        get_bounds (fixture, get_child (row, of_row[i]), &below);
        g_assert_cmpfloat (above.origin.x, ==, below.origin.x);
        g_assert_cmpfloat (above.size.width, ==, below.size.width);
      }
}

/* They have room enough, and what stands beside them does too. */
static void
assert_apart (Fixture *fixture)
{
  GtkWidget *row = find_type (fixture->page, ASSAY_TYPE_CHANGE_ROW);
  float end = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (row); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t bounds;

      g_assert_true (gtk_widget_compute_bounds (child, row, &bounds));
      g_assert_cmpfloat (bounds.origin.x, >=, end);
      end = bounds.origin.x + bounds.size.width;
    }
  g_assert_cmpfloat (end, <=, gtk_widget_get_width (row));
}

typedef struct {
  GtkWidget *page;
  int width;
} Resized;

static gboolean
is_as_wide (gpointer data)
{
  Resized *resized = data;

  return gtk_widget_get_width (resized->page) == resized->width;
}

static void
resize (Fixture *fixture,
        int width)
{
  Resized resized = { fixture->page, width };

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, 700);
  g_assert_true (widget_support_wait (is_as_wide, &resized));
}

/* They are told a few times a second. */
static gboolean
has_names (gpointer data)
{
  return widget_support_find_label (((Fixture *) data)->page, "Version 1") != NULL;
}

static void
test_headings (Fixture *fixture,
               gconstpointer data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  int dpi;

  g_assert_true (widget_support_wait (has_row, fixture));
  g_assert_true (widget_support_wait (has_names, fixture));
  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  for (int percent = 100; percent <= 150; percent += 25)
    {
      g_object_set (settings, "gtk-xft-dpi", dpi * percent / 100, NULL);
      for (int width = 1350; width >= 1200; width -= 25)
        {
          resize (fixture, width);
          assert_aligned (fixture);
          assert_apart (fixture);
        }
    }
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
}

static gboolean
is_aligned (gpointer data)
{
  Fixture *fixture = data;
  GtkWidget *head = find_type (fixture->page, ASSAY_TYPE_CHANGE_HEAD);
  GtkWidget *row = find_type (fixture->page, ASSAY_TYPE_CHANGE_ROW);
  graphene_rect_t above, below;

  get_bounds (fixture, get_child (head, 3), &above);
  get_bounds (fixture, get_child (row, 5), &below);
  return above.origin.x == below.origin.x;
}

static gboolean
is_beside_scrollbar (gpointer data)
{
  Fixture *fixture = data;
  GtkWidget *row = find_type (fixture->page, ASSAY_TYPE_CHANGE_ROW);
  GtkWidget *list = gtk_widget_get_ancestor (row, GTK_TYPE_LIST_VIEW);
  GtkWidget *scroller = gtk_widget_get_ancestor (row, GTK_TYPE_SCROLLED_WINDOW);

  graphene_rect_t bounds;

  get_bounds (fixture, list, &bounds);
  return bounds.size.width < gtk_widget_get_width (scroller);
}

/* Some people want to see scrollbars always. */
static void
test_scrollbars (Fixture *fixture,
                 gconstpointer data)
{
  GtkWidget *scroller;

  g_assert_true (widget_support_wait (has_row, fixture));
  scroller = gtk_widget_get_ancestor (find_type (fixture->page, ASSAY_TYPE_CHANGE_ROW),
                                      GTK_TYPE_SCROLLED_WINDOW);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (scroller), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1300, 500);
  g_assert_true (widget_support_wait (is_beside_scrollbar, fixture));
  g_assert_true (widget_support_wait (is_aligned, fixture));
  assert_aligned (fixture);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (scroller), TRUE);
  g_assert_true (widget_support_wait (is_aligned, fixture));
}

/* They are read with the list, and are not there where the answers stand below the name. */
static void
test_narrow (Fixture *fixture,
             gconstpointer data)
{
  GtkWidget *head;

  g_assert_true (widget_support_wait (has_row, fixture));
  head = find_type (fixture->page, ASSAY_TYPE_CHANGE_HEAD);
  assay_compare_page_set_narrow (ASSAY_COMPARE_PAGE (fixture->page), TRUE);
  resize (fixture, 380);
  g_assert_false (gtk_widget_get_mapped (head));
}

int
main (int argc,
      char **argv)
{
  widget_support_init (&argc, &argv);
  g_test_add ("/assay/compare-page/headings", Fixture, NULL, set_up, test_headings, tear_down);
  g_test_add ("/assay/compare-page/scrollbars", Fixture, NULL, set_up, test_scrollbars, tear_down);
  g_test_add ("/assay/compare-page/narrow", Fixture, NULL, set_up, test_narrow, tear_down);
  return g_test_run ();
}
