#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Starts Assay from the build folder.  Without a display it does the main job
# under Xvfb instead: drops the sample pictures on the window, waits for the
# answers, saves a screenshot and prints them.
set -eu

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  echo "Assay: starting"
  exec "$BUILD/src/app/assay"
fi

echo "Assay: no display here, so the window opens under Xvfb and the samples are dropped on it"
# What is read from the window is read in English.
export LC_ALL=C.UTF-8
exec /usr/bin/python3 tests/app/drop_samples.py --build "$BUILD" --screenshot "$BUILD/assay.png"
