#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Shows the charts that judge and compare in each style; each must come up in the room
# that it is given without a warning, and leaves its picture for a person to look at.
# usage: shoot-charts.sh SHOOT_CHARTS FOLDER
# Prints TAP.
shoot=$1
folder=$2
number=0
failed=0
mkdir -p "$folder"

check () {
  name=$1
  shift
  number=$((number + 1))
  if G_DEBUG=fatal-warnings timeout 60 "$shoot" --output="$folder/chart-$name.png" "$@" >"$folder/chart-$name.log" 2>&1 &&
    [ -s "$folder/chart-$name.png" ]; then
    rm "$folder/chart-$name.log"
    echo "ok $number $name"
  else
    sed 's/^/# /' "$folder/chart-$name.log"
    echo "not ok $number $name"
    failed=1
  fi
}

for chart in confusion reliability coverage paired; do
  check $chart --chart=$chart --width=560
  check $chart-dark --chart=$chart --width=560 --dark
  check $chart-contrast --chart=$chart --width=560 --contrast
  check $chart-right-to-left --chart=$chart --width=560 --right-to-left
done
for chart in confusion confusion-10 confusion-20 reliability reliability-many coverage paired-compact figures; do
  check $chart-narrow --chart=$chart --width=360
  check $chart-narrow-large-text --chart=$chart --width=360 --text-scale=2
done
for chart in confusion-empty reliability-empty coverage-empty coverage-few paired-many; do
  check $chart --chart=$chart --width=430
done
check confusion-20 --chart=confusion-20 --width=700
check confusion-20-rows-dark --chart=confusion-20-rows --width=700 --dark
check figures --chart=figures --width=1180
echo "1..$number"
exit $failed
