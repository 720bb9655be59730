#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another program's window, from which something can be dragged.

usage: drag_source.py FILE...
       drag_source.py --list LIST            files whose paths are in LIST, a line each
       drag_source.py --offer KIND=FILE...   offers the bytes of each file as that kind
Prints its X window, "begun" when a drag has begun, and "dropped" or "refused" when it
has ended.
"""
import sys

import gi

gi.require_version("Gdk", "4.0")
gi.require_version("Gtk", "4.0")
gi.require_version("GdkX11", "4.0")
from gi.repository import Gdk, GdkX11, Gio, GLib, Gtk  # noqa: E402


def offer(words):
    if words[0] == "--list":
        with open(words[1], encoding="utf-8") as file:
            words = file.read().splitlines()
    if words[0] != "--offer":
        uris = "".join(Gio.File.new_for_path(path).get_uri() + "\r\n" for path in words)
        return Gdk.ContentProvider.new_for_bytes("text/uri-list", GLib.Bytes.new(uris.encode()))
    kinds = []
    for word in words[1:]:
        kind, _, path = word.rpartition("=")
        with open(path, "rb") as file:
            kinds.append(Gdk.ContentProvider.new_for_bytes(kind, GLib.Bytes.new(file.read())))
    return Gdk.ContentProvider.new_union(kinds)


def main(paths):
    provider = offer(paths)
    loop = GLib.MainLoop()

    window = Gtk.Window(title="Files", default_width=100, default_height=100, decorated=False)
    label = Gtk.Label(label="Files", hexpand=True, vexpand=True)
    window.set_child(label)
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
    source.connect("prepare", lambda *_: provider)
    source.connect("drag-begin", lambda *_: print("begun", flush=True))
    cancelled = []
    source.connect("drag-cancel", lambda *_: cancelled.append(True) or False)

    def ended(_source, _drag, _delete):
        print("refused" if cancelled else "dropped", flush=True)

    source.connect("drag-end", ended)
    label.add_controller(source)

    def mapped(_window):
        print(GdkX11.X11Surface.get_xid(window.get_surface()), flush=True)

    window.connect("map", mapped)
    window.connect("close-request", lambda *_: loop.quit())
    window.present()
    # Never outlives a test that forgot it.
    GLib.timeout_add_seconds(120, loop.quit)
    loop.run()


if __name__ == "__main__":
    main(sys.argv[1:])
