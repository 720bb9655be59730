#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another program's window, from which files can be dragged.

usage: drag_source.py FILE...
Prints its X window, then "dropped" or "refused" when a drag has ended.
"""
import sys

import gi

gi.require_version("Gdk", "4.0")
gi.require_version("Gtk", "4.0")
gi.require_version("GdkX11", "4.0")
from gi.repository import Gdk, GdkX11, Gio, GLib, Gtk  # noqa: E402


def main(paths):
    uris = "".join(Gio.File.new_for_path(path).get_uri() + "\r\n" for path in paths)
    provider = Gdk.ContentProvider.new_for_bytes("text/uri-list", GLib.Bytes.new(uris.encode()))
    loop = GLib.MainLoop()

    window = Gtk.Window(title="Files", default_width=100, default_height=100, decorated=False)
    label = Gtk.Label(label="Files", hexpand=True, vexpand=True)
    window.set_child(label)
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
    source.connect("prepare", lambda *_: provider)
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
