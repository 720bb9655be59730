#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Shows the page that evaluates in each style; each must come up in the room
# that it is given without a warning, and leaves its picture for a person to look at.
# usage: shoot-evaluate.sh SHOOT_EVALUATE FOLDER
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
  if G_DEBUG=fatal-warnings timeout 60 "$shoot" --output="$folder/evaluate-$name.png" "$@" >"$folder/evaluate-$name.log" 2>&1 &&
    [ -s "$folder/evaluate-$name.png" ]; then
    rm "$folder/evaluate-$name.log"
    echo "ok $number $name"
  else
    sed 's/^/# /' "$folder/evaluate-$name.log"
    echo "not ok $number $name"
    failed=1
  fi
}

check wide --state=flowers
check wide-dark --state=flowers --dark
check wide-contrast --state=flowers --contrast
check wide-right-to-left --state=flowers --right-to-left
check below --state=flowers --scroll=600
check middle --state=flowers --width=820
for scroll in 0 700 1400; do
  check narrow-$scroll --state=flowers --width=360 --height=700 --scroll=$scroll
  check narrow-large-text-$scroll --state=flowers --width=360 --height=700 --scroll=$scroll --text-scale=2
done
check many --state=many
check many-narrow --state=many --width=360 --height=700
for state in no-images no-answers no-truth; do
  check $state --state=$state
  check $state-narrow --state=$state --width=360 --height=400 --text-scale=2
done
echo "1..$number"
exit $failed
