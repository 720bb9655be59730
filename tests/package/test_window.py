# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed window: started by the bus as the desktop does, and in a marked language."""
import glob
import os
import re

import pytest
import ui
from conftest import PATIENCE, run
from marked import LANGUAGE, mark, make_catalog, unmarked

ID = "io.github.assay.Assay"


@pytest.fixture(scope="module")
def screen(prefix, tmp_path_factory):
    """A desktop whose bus knows the service file, with its program where it was installed."""
    services = tmp_path_factory.mktemp("data") / "dbus-1" / "services"
    services.mkdir(parents=True)
    with open(prefix.share("dbus-1", "services", ID + ".service"), encoding="utf-8") as file:
        text, moved = re.subn(r"^Exec=/\S*/bin/", f"Exec={prefix.program('')}", file.read(),
                              flags=re.M)
    assert moved == 1
    (services / (ID + ".service")).write_text(text)
    os.environ["XDG_DATA_DIRS"] = f"{services.parent.parent}:/usr/share"
    ui.within_session_bus()
    with ui.screen(1400, 1000) as shown:
        yield shown


class Owner:
    """The process behind the application's name on the session bus."""

    def __init__(self):
        from gi.repository import Gio, GLib
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.pid, = bus.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                  "GetConnectionUnixProcessID", GLib.Variant("(s)", (ID,)), None,
                                  Gio.DBusCallFlags.NONE, -1, None).unpack()
        with open(f"/proc/{self.pid}/cmdline", encoding="utf-8") as file:
            self.words = file.read().rstrip("\0").split("\0")

    def poll(self):
        try:
            with open(f"/proc/{self.pid}/stat", encoding="utf-8") as file:
                return None if file.read().rpartition(")")[2].split()[0] != "Z" else 0
        except FileNotFoundError:
            return 0


class Activated(ui.App):
    """An app that somebody else has started."""

    def __init__(self):
        self.program = "assay"
        self.errors = os.devnull
        self.process = Owner()
        self.bus = ui.Bus()
        self.bus_name = ui.wait_for("assay on the accessibility bus", self._find_name, 60)


def test_the_bus_starts_it_with_files(prefix, screen):
    roses, tulips = (prefix.share("assay", "samples", name)
                     for name in ("roses-red.jpg", "tulips-field.jpg"))
    # A desktop's session tells its bus so.
    run("dbus-update-activation-environment", "DISPLAY", "GDK_BACKEND", "GSK_RENDERER")
    run("gapplication", "launch", ID, roses)
    app = Activated()
    assert app.process.words == [prefix.program("assay"), "--gapplication-service"]
    ui.wait_for("the answer", lambda: [said[:5] for _, said in ui.rows(app)] == ["roses"], 60,
                seen=lambda: ui.rows(app))

    # "Open With": the program that already runs takes the files.
    run(prefix.program("assay"), tulips, timeout=PATIENCE)
    ui.wait_for("both", lambda: [name for name, _ in ui.rows(app)] ==
                ["roses-red.jpg", "tulips-field.jpg"], 60, seen=lambda: ui.rows(app))
    app.key("ctrl+q")
    ui.wait_for("the end", lambda: app.process.poll() is not None, 60)


@pytest.fixture
def marked_app(prefix, screen, tmp_path):
    if not os.path.isdir(prefix.share("locale", LANGUAGE)):
        make_catalog(tmp_path, prefix.share("locale"))
    broken = tmp_path / "broken.jpg"
    broken.write_text("words\n")
    samples = sorted(glob.glob(prefix.share("assay", "samples", "*.*g")))[:3]
    app = ui.App(prefix.program("assay"), broken, *samples, environment={"LANGUAGE": LANGUAGE})
    yield app
    run("gapplication", "action", ID, "quit")
    assert app.wait(60) == 0
    assert app.read_errors() == ""


# Names, kinds and keys, which are the same in every language; and what GTK and libadwaita
# say, in catalogs of their own.
NAMES = ["broken.jpg", "daisy-lawn.jpg", "daisy-meadow.jpg", "daisy-portrait.jpg", "daisy",
         "dandelion", "roses", "sunflowers", "tulips", "flowers", "SHA", "JPEG", "PNG", "GIF", "BMP",
         "Close", "Search", "assay", "Scroll"]


def judge(app, *names):
    texts = app.texts()
    assert len(texts) > 10
    found = {text: unmarked(text, *NAMES, *names) for text in texts}
    assert {text: words for text, words in found.items() if words} == {}
    return texts


def test_every_text_is_marked(marked_app):
    app = marked_app
    ui.wait_for("the answers", lambda: len({text for text in app.texts()
                                            if re.match(r"daisy-\S+, .*%", text)}) == 3,
                60, seen=app.texts)
    judge(app)
    # The detail of an answer, with its chart.
    app.key("j", "j", window=app.window(mark("Assay")))
    app.find(name=mark("Scores"))
    judge(app)

    main = app.find(role="frame")
    main.act("win.add-connection")
    dialog = app.window(mark("Connect to a Service"))
    judge(app)
    app.key("Escape", window=dialog)
    ui.wait_for("the dialog gone", lambda: not app.windows(mark("Connect to a Service")), 20)

    main.act("win.show-help-overlay")
    ui.wait_for("the shortcuts", lambda: mark("Select all") in app.texts(), 20, seen=app.texts)
    # GTK's own words: the keys, and the shortcuts window's search.
    judge(app, "Ctrl", "Alt", "Shift", "Menu", "Pause", "Delete", "Escape", "Right", "Left",
          "Shortcuts", "Search Results", "No Results Found", "Try a different search")
