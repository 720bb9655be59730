/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* gauge: runs a program and writes "WALL CPU KIB": wall seconds, processor seconds
 * and peak resident memory, to file descriptor 3; its exit status is the program's.
 *
 *   gauge PROGRAM [ARGUMENT…] 3>FILE
 *
 * A process inherits the peak of the one that it was forked from, so a script
 * language can't measure programs that are smaller than itself; this one can. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REPORT_FD 3

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
  int status;
  pid_t child;

  if (argc < 2)
    {
      fprintf (stderr, "gauge: a program is needed\n");
      return 2;
    }
  start = now ();
  child = fork ();
  if (child == 0)
    {
      close (REPORT_FD);
      execvp (argv[1], argv + 1);
      fprintf (stderr, "gauge: %s: %s\n", argv[1], strerror (errno));
      _exit (127);
    }
  if (child < 0 || wait4 (child, &status, 0, &usage) < 0)
    {
      fprintf (stderr, "gauge: %s\n", strerror (errno));
      return 2;
    }
  dprintf (REPORT_FD, "%.4f %.4f %ld\n", now () - start,
           seconds (usage.ru_utime) + seconds (usage.ru_stime), usage.ru_maxrss);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}
