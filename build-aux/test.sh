#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs every test, or those of one suite; the last line is "N passed, N failed".
# usage: test.sh [SUITE]
set -u
suite=${1:-}

# Bounds are for a machine that does nothing else; they never decide by a little.
patience=2

if [ "$SANITIZE" != none ]; then
  # Whole stacks, because suppressions match by functions deep inside libraries.  Up to
  # GCC 13 the interceptor of __tls_get_addr takes a block for one with a header that
  # glibc has not had since 2.25, by where it happens to lie, and the search for leaks
  # then crashes ("Tracer caught signal 11", google/sanitizers issue 1322).
  export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:fast_unwind_on_malloc=0:intercept_tls_get_addr=0
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp:print_suppressions=0"
  # GLib's slices and caches would hide leaks.
  export G_SLICE=always-malloc
  patience=8
fi

echo "Assay: testing"
meson test -C "$BUILD" --no-rebuild --print-errorlogs --timeout-multiplier "$patience" \
  ${suite:+--suite "$suite" --logbase "testlog-$suite"}

# Its build is sanitized itself, so once is enough.
fuzzed=
if [ "$SANITIZE" = none ] && [ -z "$suite" ]; then
  echo "Assay: fuzzing"
  build-aux/fuzz.sh 6
  fuzzed=build-fuzz/fuzzlog.json
fi
exec /usr/bin/python3 build-aux/count.py "$BUILD/meson-logs/testlog${suite:+-$suite}.json" $fuzzed
