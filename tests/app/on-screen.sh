#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs a program on a screen and a session bus of its own.
# usage: on-screen.sh PROGRAM [ARGUMENT]...

# Fontconfig, Pango and their like keep what they have: suppressing that needs
# whole stacks (no effect on a program without a sanitizer).
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}fast_unwind_on_malloc=0"
exec xvfb-run -a -s '-screen 0 1400x1000x24' dbus-run-session -- "$@"
