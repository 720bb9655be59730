#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds tests/fuzz for libFuzzer and runs each target for so many seconds, two at
# once: a line each, and a line of JSON each into build-fuzz/fuzzlog.json, as Meson
# writes them.  What breaks a target is written to build-fuzz/found, and belongs into
# tests/fuzz/corpus when it has been mended.
#
# usage: fuzz.sh [SECONDS [TARGET...]]
set -u
cd "$(dirname "$0")/.."

seconds=${1:-20}
if [ $# -gt 0 ]; then shift; fi
build=build-fuzz
log=$build/assay-fuzz.log

note() {
  echo "{\"name\": \"fuzz $1\", \"result\": \"$2\"}" >>"$build/fuzzlog.json"
}

mkdir -p "$build/found" "$build/corpus"
rm -f "$build/fuzzlog.json"
if ! command -v clang >/dev/null; then
  echo "Assay: nothing was fuzzed: clang is missing (build-aux/packages.sh test installs it)." >&2
  note build SKIP
  exit 0
fi
# The names that Meson shall not take over from elsewhere.
unset CFLAGS CXXFLAGS LDFLAGS CPPFLAGS
if [ ! -f "$build/build.ninja" ] &&
  ! CC=clang CXX=clang++ meson setup "$build" -Dfuzz=true -Db_sanitize=address,undefined \
    -Db_lundef=false >"$log" 2>&1; then
  tail -n 15 "$log" >&2
  echo "Assay: Meson could not configure the fuzzers (the reason is above)." >&2
  note build FAIL
  exit 1
fi
if ! ninja -C "$build" fuzzers >"$log" 2>&1; then
  cat "$log" >&2
  echo "Assay: the fuzzers could not be built (the reason is above)." >&2
  note build FAIL
  exit 1
fi

# GLib's slices would hide what runs over the end of a block.
export G_SLICE=always-malloc
export ASAN_OPTIONS=detect_leaks=1:intercept_tls_get_addr=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp:print_suppressions=0"
export LC_ALL=C.UTF-8 LANGUAGE=
# GIO's modules leak a little, and none is looked at here.
export GIO_MODULE_DIR="$PWD/tests/fuzz" GIO_USE_VFS=local

# What is new goes to build-fuzz/corpus and is begun with the next time.
run_one() {
  name=$1
  mkdir -p "$build/corpus/$name"
  "$build/tests/fuzz/fuzz-$name" -max_total_time="$seconds" -max_len=16384 -rss_limit_mb=1024 \
    -timeout=10 -print_final_stats=1 -artifact_prefix="$build/found/$name-" \
    "$build/corpus/$name" "tests/fuzz/corpus/$name" >"$build/$name.log" 2>&1
  status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log")
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$build/$name.log")
  result=OK
  if [ $status -ne 0 ]; then
    result=FAIL
    grep -aE 'ERROR|SUMMARY|runtime error|Test unit written' "$build/$name.log" >&2
  fi
  echo "fuzz $name: $result, ${runs:-0} inputs, ${rate:-0} a second"
  note "$name" "$result"
}

if [ $# -eq 0 ]; then
  set -- $(cd tests/fuzz/corpus && echo *)
fi
while [ $# -gt 0 ]; do
  run_one "$1" &
  if [ $# -gt 1 ]; then
    run_one "$2" &
    shift
  fi
  shift
  wait
done
! grep -q FAIL "$build/fuzzlog.json"
