/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>
#include <math.h>

#include "assay-zoom.h"
#include "widget-support.h"

/* A picture of 1,000 × 500 in a place of 500 × 300, where it fits at half its size. */
static AssayZoom
new_zoom (void)
{
  AssayZoom zoom = { .whole = 1 };

  graphene_size_init (&zoom.place, 500, 300);
  graphene_size_init (&zoom.picture, 1000, 500);
  graphene_rect_init (&zoom.fitted, 0, 0, 500, 250);
  return zoom;
}

static const graphene_point_t middle = GRAPHENE_POINT_INIT (250, 125);

static void
assert_rect (const AssayZoom *zoom,
             float x,
             float y,
             float width,
             float height)
{
  graphene_rect_t rect;

  assay_zoom_get_rect (zoom, &rect);
  g_assert_cmpfloat_with_epsilon (rect.origin.x, x, 0.01);
  g_assert_cmpfloat_with_epsilon (rect.origin.y, y, 0.01);
  g_assert_cmpfloat_with_epsilon (rect.size.width, width, 0.01);
  g_assert_cmpfloat_with_epsilon (rect.size.height, height, 0.01);
}

static void
test_steps (void)
{
  AssayZoom zoom = new_zoom ();

  assert_rect (&zoom, 0, 0, 500, 250);
  g_assert_false (assay_zoom_can_pan (&zoom));
  g_assert_cmpfloat_with_epsilon (assay_zoom_get_scale (&zoom), 0.5, 1e-9);

  assay_zoom_step (&zoom, 1, &middle);
  g_assert_cmpfloat_with_epsilon (assay_zoom_get_scale (&zoom), 0.5 * G_SQRT2, 1e-6);
  g_assert_true (assay_zoom_can_pan (&zoom));
  /* Three at once would pass 100 %. */
  assay_zoom_step (&zoom, 3, &middle);
  g_assert_cmpfloat (assay_zoom_get_scale (&zoom), ==, 1);
  assert_rect (&zoom, -250, -125, 1000, 500);
  assay_zoom_step (&zoom, -9, &middle);
  g_assert_cmpfloat (zoom.scale, ==, 0);
  assay_zoom_step (&zoom, -1, &middle);
  g_assert_cmpfloat (zoom.scale, ==, 0);

  assay_zoom_set_scale (&zoom, 1000, &middle);
  g_assert_cmpfloat (assay_zoom_get_scale (&zoom), ==, 8);
}

static void
test_keeps_the_point (void)
{
  AssayZoom zoom = new_zoom ();

  assay_zoom_set_scale (&zoom, 1, &GRAPHENE_POINT_INIT (100, 50));
  assert_rect (&zoom, -100, -50, 1000, 500);
  assay_zoom_set_scale (&zoom, 2, &GRAPHENE_POINT_INIT (0, 0));
  assert_rect (&zoom, -200, -100, 2000, 1000);
}

static void
test_leaves_nothing_free (void)
{
  AssayZoom zoom = new_zoom ();

  assay_zoom_set_scale (&zoom, 1, &middle);
  assay_zoom_pan (&zoom, 9999, 9999);
  assert_rect (&zoom, 0, 0, 1000, 500);
  assay_zoom_pan (&zoom, -9999, -9999);
  assert_rect (&zoom, -500, -200, 1000, 500);
  /* The place has grown. */
  graphene_size_init (&zoom.place, 800, 600);
  zoom.align.y = 0.5;
  assay_zoom_keep_in (&zoom);
  assert_rect (&zoom, -200, 50, 1000, 500);
}

/* Smaller than its place, where it stands enlarged: 100 % is smaller then. */
static void
test_small (void)
{
  AssayZoom zoom = new_zoom ();

  graphene_size_init (&zoom.picture, 20, 10);
  assay_zoom_set_scale (&zoom, 1, &middle);
  assert_rect (&zoom, 0, 0, 20, 10);
  g_assert_false (assay_zoom_can_pan (&zoom));
  assay_zoom_step (&zoom, -1, &middle);
  g_assert_cmpfloat (assay_zoom_get_scale (&zoom), ==, 1);
  assay_zoom_step (&zoom, 30, &middle);
  g_assert_cmpfloat (zoom.scale, ==, 0);
  assay_zoom_step (&zoom, 30, &middle);
  g_assert_cmpfloat (assay_zoom_get_scale (&zoom), ==, 100);
}

int
main (int argc,
      char **argv)
{
  widget_support_init (&argc, &argv);
  g_test_add_func ("/assay/zoom/steps-stop-at-marks-and-bounds", test_steps);
  g_test_add_func ("/assay/zoom/keeps-the-point", test_keeps_the_point);
  g_test_add_func ("/assay/zoom/leaves-nothing-free", test_leaves_nothing_free);
  g_test_add_func ("/assay/zoom/small-picture", test_small);
  return g_test_run ();
}
