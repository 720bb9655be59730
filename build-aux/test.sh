#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs every test; the last line is "N passed, N failed".
set -u

# Bounds are for a machine that does nothing else; they never decide by a little.
patience=2

if [ "$SANITIZE" != none ]; then
  # Whole stacks, because suppressions match by functions deep inside libraries.
  export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:fast_unwind_on_malloc=0
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp:print_suppressions=0"
  # GLib's slices and caches would hide leaks.
  export G_SLICE=always-malloc
  patience=8
fi

echo "Assay: testing"
meson test -C "$BUILD" --no-rebuild --print-errorlogs --timeout-multiplier "$patience"
exec /usr/bin/python3 build-aux/count.py "$BUILD/meson-logs/testlog.json"
