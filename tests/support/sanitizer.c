/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the sanitizers have to know about a test program with a server in it. */

const char *__asan_default_options (void);
const char *__lsan_default_suppressions (void);

/* Most leaks begin in GLib, which has no frame pointers: with the fast unwinder
 * their stacks would end there, and no suppression could tell them apart. */
const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0";
}

/* libsoup 3.2's server forgets its listener's addresses, and connections that
 * their clients close between two requests (mended in 3.3); GIO forgets a module
 * that had nothing to offer, such as the proxies of a desktop that isn't there. */
const char *
__lsan_default_suppressions (void)
{
  return "leak:g_io_module_new\n"
         "leak:g_socket_accept\n"
         "leak:g_socket_get_local_address\n"
         "leak:g_socket_get_remote_address\n";
}
