/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* first-paint: starts a program and says after how many seconds the first pixels
 * of its window were on the X server, as seen from outside by the DAMAGE
 * extension; then ends it, and waits until its children have gone as well.
 *
 *   first-paint PROGRAM [ARGUMENT…]       writes for example "0.412"
 *
 * The screen must have no other program that opens windows. */

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_SECONDS 30
#define LEAST_SIDE 200   /* helper windows are smaller */

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int
ignore_error (Display *display,
              XErrorEvent *error)
{
  return 0;   /* a window may be gone before it is asked about */
}

/* Watches a window that was mapped; a damage report is its first pixels. */
static void
watch (Display *display,
       Window window)
{
  XWindowAttributes attributes;

  if (XGetWindowAttributes (display, window, &attributes) && attributes.width >= LEAST_SIDE
      && attributes.height >= LEAST_SIDE)
    XDamageCreate (display, window, XDamageReportNonEmpty);
}

/* The background that the server itself paints is of one color. */
static bool
is_painted (Display *display,
            Window window)
{
  XWindowAttributes attributes;
  XImage *image;
  bool painted = false;

  if (!XGetWindowAttributes (display, window, &attributes) || attributes.map_state != IsViewable)
    return false;
  image = XGetImage (display, window, 0, 0, attributes.width, attributes.height, AllPlanes, ZPixmap);
  if (image == NULL)
    return false;
  /* Each pixel as the one before: four bytes further on is the same. */
  for (int y = 0; y < image->height && !painted; y++)
    {
      const char *line = image->data + (size_t) y * image->bytes_per_line;
      size_t pixel = image->bits_per_pixel / 8;

      painted = memcmp (line, line + pixel, (image->width - 1) * pixel) != 0;
    }
  XDestroyImage (image);
  return painted;
}

static double
wait_for_paint (Display *display,
                int damage_event,
                double start)
{
  struct pollfd fd = { .fd = ConnectionNumber (display), .events = POLLIN };

  while (now () - start < LIMIT_SECONDS)
    {
      XEvent event;

      if (XPending (display) == 0)
        {
          poll (&fd, 1, 100);
          continue;
        }
      XNextEvent (display, &event);
      if (event.type == CreateNotify)
        watch (display, event.xcreatewindow.window);
      else if (event.type == MapNotify)
        watch (display, event.xmap.window);
      else if (event.type == damage_event + XDamageNotify)
        {
          XDamageNotifyEvent *damage = (XDamageNotifyEvent *) &event;
          double seconds = now () - start;

          /* Before the look: what comes after it is reported again. */
          XDamageSubtract (display, damage->damage, None, None);
          if (is_painted (display, damage->drawable))
            return seconds;
        }
    }
  return -1;
}

int
main (int argc,
      char **argv)
{
  Display *display = XOpenDisplay (NULL);
  int damage_event, damage_error;
  double start, seconds;
  pid_t child;

  if (argc < 2 || display == NULL || !XDamageQueryExtension (display, &damage_event, &damage_error))
    {
      fprintf (stderr, "first-paint: a display with DAMAGE and a program are needed\n");
      return 2;
    }
  XSetErrorHandler (ignore_error);
  XSelectInput (display, DefaultRootWindow (display), SubstructureNotifyMask);
  XSync (display, False);

  /* What the program leaves behind would be in the way of the next one. */
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  start = now ();
  child = fork ();
  if (child == 0)
    {
      execvp (argv[1], argv + 1);
      _exit (127);
    }
  seconds = wait_for_paint (display, damage_event, start);
  kill (child, SIGTERM);
  while (wait (NULL) > 0)
    continue;
  XCloseDisplay (display);
  if (seconds < 0)
    {
      fprintf (stderr, "first-paint: no window of %s within %d s\n", argv[1], LIMIT_SECONDS);
      return 1;
    }
  printf ("%.4f\n", seconds);
  return 0;
}
