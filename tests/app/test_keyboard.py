# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paste, and everything by keyboard alone."""
import os
import re
import subprocess

import ui

ROSES = "roses, 95.7\u202f%, next tulips, 3.97\u202f%"
REVERSE = "dandelion, 95.7\u202f%, next daisy, 3.97\u202f%"


def names(app):
    return [name for name, _ in ui.rows(app)]


def all_say(app, said, count):
    ui.wait_for(f"{count} rows that say {said}", lambda: [s for _, s in ui.rows(app)] == [said] * count,
                seen=lambda: ui.rows(app))


def chosen(app):
    """The name of the row that is selected, if it is one."""
    found = [node.name.partition(", ")[0] for node in app.all(role="list item") if node.has("selected")]
    return found[0] if len(found) == 1 else found


def focused(app):
    return next((node for node in app.tree().walk() if node.has("focused")), None)


def tab_to(app, start, key="Tab"):
    """Presses a key until the focus is on something whose name starts so."""
    def there():
        node = ui.wait_for("something with the focus", lambda: focused(app), seen=app.texts)
        if node.name.startswith(start):
            return node
        seen.append(node)
        assert len(seen) < 60, seen
        app.key(key)
        ui.wait_for("the focus elsewhere", lambda: (now := focused(app)) and now.path != node.path,
                    seen=lambda: node)
        return None

    seen = []
    return ui.wait_for(f"the focus on {start}", there, 60, seen=lambda: seen)


def test_an_image_a_path_and_files_are_pasted(start, service, samples, clipboard):
    service.as_connection()
    app = start()
    app.find(contains="tutorial · v1, Ready")
    png = next(path for path in samples if path.endswith(".png"))

    clipboard("image/png", png)
    app.key("ctrl+v")
    all_say(app, ROSES, 1)
    assert "asted" in names(app)[0]

    clipboard("UTF8_STRING", text=samples[0])
    app.key("ctrl+v")
    all_say(app, ROSES, 2)
    assert names(app)[1] == os.path.basename(samples[0])

    clipboard("text/uri-list", text="".join(f"file://{path}\r\n" for path in samples[1:4]))
    app.key("ctrl+v")
    all_say(app, ROSES, 5)
    assert names(app)[2:] == [os.path.basename(path) for path in samples[1:4]]

    clipboard("UTF8_STRING", text="neither a path nor a picture")
    app.key("ctrl+v")
    app.find(contains="clipboard holds no image")
    assert len(ui.rows(app)) == 5
    assert len(service.asked) == 5


def test_the_list_by_keyboard(start, service, samples):
    service.as_connection()
    given = [os.path.basename(path) for path in samples[:4]]
    app = start(*samples[:4])
    all_say(app, ROSES, 4)

    def moves(*steps):
        for key, index in steps:
            app.key(key)
            ui.wait_for(f"{given[index]} after {key}", lambda: chosen(app) == given[index],
                        seen=lambda: chosen(app))
            app.find(role="label", name=given[index])

    ui.wait_for("the focus on the list", lambda: focused(app) and focused(app).role == "list item",
                seen=lambda: focused(app))
    moves(("Down", 1), ("j", 2), ("k", 1), ("Right", 2), ("Left", 1), ("Up", 0), ("End", 3),
          ("Home", 0), ("j", 1))

    app.key("Delete")
    ui.wait_for("three rows", lambda: names(app) == [given[0], given[2], given[3]],
                seen=lambda: names(app))
    app.find(contains="1 image removed")
    tab_to(app, "Undo")
    app.key("Return")
    ui.wait_for("all four again, in their order", lambda: names(app) == given,
                seen=lambda: names(app))
    all_say(app, ROSES, 4)
    assert len(service.asked) == 4

    app.key("ctrl+shift+Delete")
    ui.wait_for("the empty page", lambda: app.find(name="Drop images here").is_shown())
    app.find(contains="4 images removed")


def test_search_and_chips_by_keyboard(start, service, samples):
    service.as_connection()
    app = start(*samples)
    all_say(app, ROSES, len(samples))

    app.key("ctrl+f")
    ui.wait_for("the search entry", lambda: focused(app) and focused(app).role == "entry",
                seen=lambda: focused(app))
    app.type("vase")
    wanted = [os.path.basename(path) for path in samples if "vase" in path]
    ui.wait_for("what fits", lambda: names(app) == wanted, seen=lambda: names(app))
    app.key("Escape")
    ui.wait_for("all again", lambda: len(names(app)) == len(samples), seen=lambda: names(app))

    app.key("ctrl+f")
    tab_to(app, "Errors 0")
    app.key("space")
    ui.wait_for("a page that says so", lambda: app.find(name="No image fits").is_shown())
    ui.wait_for("no row", lambda: not names(app), seen=lambda: names(app))
    tab_to(app, "All ", "shift+Tab")
    app.key("space")
    ui.wait_for("all again", lambda: len(names(app)) == len(samples), seen=lambda: names(app))


def test_asking_again_by_keyboard(start, service, samples):
    service.as_connection()
    service.failing = True
    app = start(*samples[:2])
    ui.wait_for("two refusals", lambda: sum("Out of order" in said for _, said in ui.rows(app)) == 2,
                seen=lambda: ui.rows(app))
    app.find(name="Errors 2")
    service.failing = False
    app.key("ctrl+r")
    all_say(app, ROSES, 2)
    app.find(name="Errors 0")
    asked = len(service.asked)
    # What has an answer is asked again when a person wants it, and only that.
    app.key("ctrl+r")
    app.key("F5")
    service.wait_asked(asked + 1)
    all_say(app, ROSES, 2)
    app.key("ctrl+a", "F5")
    service.wait_asked(asked + 3)
    all_say(app, ROSES, 2)
    assert len(service.asked) == asked + 3


def test_another_version_keeps_the_answers_of_both(start, service, samples):
    service.versions = ["1", "2"]
    service.as_connection()
    app = start(*samples[:5])
    app.find(contains="tutorial · v2, Ready")
    all_say(app, REVERSE, 5)

    def choose(version, key):
        tab_to(app, "Model tutorial", "shift+Tab")
        app.key("Return")
        app.find(role="list item", contains=f"Version {version}")
        tab_to(app, f"Version {version}", key)
        app.key("Return")
        app.find(contains=f"tutorial · v{version}, Ready")

    choose(1, "Down")
    all_say(app, ROSES, 5)
    assert len(service.asked) == 10
    choose(2, "Up")
    all_say(app, REVERSE, 5)
    choose(1, "Down")
    all_say(app, ROSES, 5)
    # Each was asked about each picture once.
    assert sorted(service.asked) == [f"/classify/models/tutorial/versions/{version}"
                                     for version in "12" for _ in range(5)]


def test_menus_and_dialogs_by_keyboard(start, service, samples):
    service.as_connection()
    app = start(*samples[:1])
    all_say(app, ROSES, 1)
    main = app.window()

    app.key("F10")
    tab_to(app, "About Assay", "Down")
    app.key("Return")
    about = ui.wait_for("the about window", lambda: [w for w in app.windows() if w != main])[0]
    app.key("Escape", window=about)
    ui.wait_for("one window", lambda: app.windows() == [main], seen=lambda: (main, app.windows()))

    tab_to(app, "Show Response")
    app.key("Return")
    dialog = app.window("Response")
    shown = ui.wait_for("its text", lambda: [node.text() for node in app.tree().walk()
                                             if node.role == "text"])
    assert re.search(r"0?\.9573449492454529", "".join(shown)), shown
    app.key("Escape", window=dialog)
    ui.wait_for("one window", lambda: app.windows() == [main], seen=lambda: (main, app.windows()))

    app.key("ctrl+question")
    help_ = ui.wait_for("the shortcuts", lambda: [w for w in app.windows() if w != main])[0]
    app.key("Escape", window=help_)
    ui.wait_for("one window", lambda: app.windows() == [main], seen=lambda: (main, app.windows()))
    app.key("ctrl+w")
    assert app.wait() == 0
    assert subprocess.run(["pgrep", "-P", str(os.getpid()), "assay"]).returncode == 1
