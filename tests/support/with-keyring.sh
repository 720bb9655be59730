#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs a program on a session bus with an unlocked keyring of its own, in a home
# of its own that is gone afterwards.
# usage: with-keyring.sh PROGRAM [ARGUMENT]...
set -eu

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_CONFIG_HOME="$home/config" \
  XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache"
mkdir -m 700 "$XDG_RUNTIME_DIR"
# Nobody is there whom the keyring could ask.
unset DISPLAY WAYLAND_DISPLAY

dbus-run-session -- sh -c '
  printf "%s" "the keyring password" |
    gnome-keyring-daemon --unlock --foreground --components=secrets >"$HOME/keyring.log" 2>&1 &
  keyring=$!
  status=1
  if gdbus wait --session --timeout 30 org.freedesktop.secrets; then
    "$@" && status=0 || status=$?
  else
    cat "$HOME/keyring.log" >&2
  fi
  kill "$keyring"
  wait "$keyring" || :
  exit "$status"' with-keyring "$@"
