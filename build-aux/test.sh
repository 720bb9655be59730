#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs every test; the last line is "N passed, N failed".
set -u

if [ "$SANITIZE" != none ]; then
  export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp:print_suppressions=0"
  # GLib's slices and caches would hide leaks.
  export G_SLICE=always-malloc
fi

echo "Assay: testing"
meson test -C "$BUILD" --no-rebuild --print-errorlogs
exec /usr/bin/python3 build-aux/count.py "$BUILD/meson-logs/testlog.json"
