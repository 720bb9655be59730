#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another program's window, onto which something can be dropped.

usage: drop_target.py files|text|picture
Prints its X window, "over" whenever something that it would take comes over it, and for
each drop a line of JSON: the paths, the text, or the bytes of the picture as base64.
"""
import base64
import json
import sys

import gi

gi.require_version("Gdk", "4.0")
gi.require_version("Gtk", "4.0")
gi.require_version("GdkX11", "4.0")
from gi.repository import Gdk, GdkX11, GLib, Gtk  # noqa: E402


# What is taken, and how it is told.
KINDS = {
    "files": (Gdk.FileList, lambda files: [file.get_path() for file in files.get_files()]),
    "text": (str, str),
    "picture": (Gdk.Texture, lambda texture: base64.b64encode(
        texture.save_to_png_bytes().get_data()).decode("ascii")),
}


def main(kind):
    wanted, tell = KINDS[kind]
    loop = GLib.MainLoop()
    window = Gtk.Window(title="Elsewhere", default_width=100, default_height=100, decorated=False)
    label = Gtk.Label(label="Elsewhere", hexpand=True, vexpand=True)
    window.set_child(label)
    target = Gtk.DropTarget.new(wanted, Gdk.DragAction.COPY)

    def dropped(_target, value, _x, _y):
        print(json.dumps(tell(value)), flush=True)
        return True

    def entered(_target, _x, _y):
        print("over", flush=True)
        return Gdk.DragAction.COPY

    target.connect("enter", entered)
    target.connect("drop", dropped)
    label.add_controller(target)

    def mapped(_window):
        print(GdkX11.X11Surface.get_xid(window.get_surface()), flush=True)

    window.connect("map", mapped)
    window.connect("close-request", lambda *_: loop.quit())
    window.present()
    # Never outlives a test that forgot it.
    GLib.timeout_add_seconds(120, loop.quit)
    loop.run()


if __name__ == "__main__":
    main(sys.argv[1])
