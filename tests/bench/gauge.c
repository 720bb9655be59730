/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* gauge: runs a program and writes "WALL CPU KIB": wall seconds, processor seconds
 * and peak resident memory, to a file descriptor that it was given; its exit status
 * is the program's.
 *
 *   gauge FD PROGRAM [ARGUMENT…]
 *
 * A process inherits the peak of the one that it was forked from, so a script
 * language can't measure programs that are smaller than itself; this one can. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static double
seconds (struct timeval time)
{
  return time.tv_sec + time.tv_usec / 1e6;
}

int
main (int argc,
      char **argv)
{
  struct rusage usage;
  double start;
  int status, report;
  pid_t child;

  if (argc < 3)
    {
      fprintf (stderr, "gauge: a file descriptor and a program are needed\n");
      return 2;
    }
  report = atoi (argv[1]);
  start = now ();
  child = fork ();
  if (child == 0)
    {
      close (report);
      execvp (argv[2], argv + 2);
      fprintf (stderr, "gauge: %s: %s\n", argv[2], strerror (errno));
      _exit (127);
    }
  if (child < 0 || wait4 (child, &status, 0, &usage) < 0)
    {
      fprintf (stderr, "gauge: %s\n", strerror (errno));
      return 2;
    }
  dprintf (report, "%.4f %.4f %ld\n", now () - start,
           seconds (usage.ru_utime) + seconds (usage.ru_stime), usage.ru_maxrss);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}
