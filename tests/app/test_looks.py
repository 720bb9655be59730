# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes back at the next start, and pictures of the window, which are kept in the
build folder's "screenshots" to be looked at."""
import os

import pytest
import ui

ROSES = "roses, 95.7\u202f%, next tulips, 3.97\u202f%"
SHOTS = os.path.join(os.environ["ASSAY_BUILD"], "screenshots")
DARK = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}


def answered(app, count):
    ui.wait_for(f"{count} answers", lambda: sum("%" in said for _, said in ui.rows(app)) == count, 60,
                seen=lambda: ui.rows(app))


def choose_version_1(app):
    """By keyboard, from version 2: rows of a list have no action."""
    def focus_is_on(name):
        return any(node.has("focused") and node.name.startswith(name) for node in app.tree().walk())

    app.press(role="push button", contains="Model tutorial · v2")
    ui.wait_for("the focus on version 2", lambda: focus_is_on("Version 2"), seen=app.texts)
    app.key("Down")
    ui.wait_for("the focus on version 1", lambda: focus_is_on("Version 1"), seen=app.texts)
    app.key("Return")
    app.find(contains="tutorial · v1, Ready")


def shoot(app, screen, name, window=None):
    screen.still(os.path.join(SHOTS, name + ".png"), app.size(window))


def test_size_model_and_version_come_back(start, service, samples):
    service.versions = ["1", "2"]
    service.as_connection()
    app = start()
    app.find(contains="tutorial · v2, Ready")
    choose_version_1(app)
    app.resize(900, 640)
    assert app.quit() == 0

    again = start(samples[0])
    again.find(contains="tutorial · v1, Ready")
    assert again.size()[2:] == (900, 640)
    ui.wait_for("version 1's answer", lambda: [said for _, said in ui.rows(again)] == [ROSES],
                seen=lambda: ui.rows(again))
    assert service.asked == ["/classify/models/tutorial/versions/1"]


@pytest.mark.parametrize("style", ["light", "dark"])
def test_pictures_of_the_main_job(start, screen, samples, tmp_path, style):
    environment = DARK if style == "dark" else {}
    app = start(**environment)
    app.find(contains="flowers · v2, Ready", seconds=60)
    shoot(app, screen, f"empty-{style}")
    app.press(role="push button", contains="Model flowers")
    app.find(contains="Version 1")
    shoot(app, screen, f"menu-{style}")
    app.key("Escape")

    broken = tmp_path / "broken.jpg"
    with open(samples[0], "rb") as file:
        broken.write_bytes(file.read()[:20000])
    ui.drag_files([*samples, str(broken)], app, hover=lambda: shoot(app, screen, f"drop-{style}"))
    answered(app, len(samples))
    app.find(name="Errors 1")
    ui.wait_for("the bars", lambda: len(app.all(role="level bar", contains=" percent")) == 5)
    shoot(app, screen, f"classify-{style}")

    app.key("End")
    app.find(contains="cut off")
    ui.wait_for("no bars", lambda: not any(
        bar.is_shown() for bar in app.all(role="level bar", contains=" percent")))
    shoot(app, screen, f"error-{style}")

    app.act("win.add-connection")
    dialog = app.window("Connect to a Service")
    app.type("http://example.invalid/classify", window=dialog)
    shoot(app, screen, f"connection-{style}", dialog)
    app.key("Escape", window=dialog)


def test_pictures_of_a_narrow_window(start, screen, samples):
    app = start(*samples)
    answered(app, len(samples))
    app.resize(360, 720)
    shoot(app, screen, "narrow-list")
    app.key("Return")
    back = app.find(role="push button", name="Back")
    ui.wait_for("the way back", lambda: app.find(role="push button", name="Back").is_shown())
    assert back.has("focusable")
    shoot(app, screen, "narrow-detail")
    app.press(role="push button", name="Back")
    ui.wait_for("the list", lambda: app.find(role="list", name="Images").is_shown())
