#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs a program on a screen and a session bus of its own.
# usage: on-screen.sh PROGRAM [ARGUMENT]...
exec xvfb-run -a -s '-screen 0 1400x1000x24' dbus-run-session -- "$@"
