#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Configures the build folder with the Makefile's settings, and builds.
# usage: build.sh programs|all
set -eu

options="-Dwerror=$WERROR -Db_sanitize=$SANITIZE"
if [ "$SANITIZE" != none ]; then options="$options -Db_lundef=false"; fi
if [ -n "$FLOWERS" ]; then options="$options -Dflowers=$(cd "$FLOWERS" && pwd)"; fi

log="$BUILD/assay-setup.log"
mkdir -p "$BUILD"
stamp="$BUILD/assay-options"
if [ ! -f "$BUILD/build.ninja" ]; then
  echo "Assay: configuring $BUILD"
  if ! meson setup "$BUILD" $options >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "Assay: Meson could not configure the build (the reason is above)." >&2
    exit 1
  fi
  echo "$options" >"$stamp"
elif [ "$(cat "$stamp" 2>/dev/null)" != "$options" ]; then
  meson configure "$BUILD" $options
  echo "$options" >"$stamp"
fi

echo "Assay: building"
if ! ninja -C "$BUILD" "$1" >"$log" 2>&1; then
  cat "$log" >&2
  echo "Assay: the build failed (the reason is above)." >&2
  exit 1
fi
grep -E 'warning:' "$log" >&2 || true
