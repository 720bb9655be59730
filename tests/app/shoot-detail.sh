#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Shows the detail pane in each of its states and styles; each must come up
# without a warning, and leaves its picture for a person to look at.
# usage: shoot-detail.sh SHOOT_DETAIL FOLDER
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
  if G_DEBUG=fatal-warnings timeout 60 "$shoot" --output="$folder/detail-$name.png" "$@" >"$folder/detail-$name.log" 2>&1 &&
    [ -s "$folder/detail-$name.png" ]; then
    rm "$folder/detail-$name.log"
    echo "ok $number $name"
  else
    sed 's/^/# /' "$folder/detail-$name.log"
    echo "not ok $number $name"
    failed=1
  fi
}

for state in nothing unasked queued reading sending canceled failed rejected \
  answered unsure close partial independent other many long; do
  check "$state" --state=$state
done
check answered-dark --state=answered --dark
check answered-contrast --state=answered --contrast
check unsure-contrast-dark --state=unsure --contrast --dark
check answered-right-to-left --state=answered --right-to-left
check answered-large-text --state=answered --text-scale=2 --height=1000
check answered-narrow --state=answered --compact --width=360 --height=674
check answered-narrow-large-text --state=answered --compact --width=360 --height=900 --text-scale=2
check failed-narrow --state=failed --compact --width=360 --height=674
check answered-smallest --state=answered --compact --width=360 --height=247
echo "1..$number"
exit $failed
