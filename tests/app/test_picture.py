# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts and cards as pictures, copied and saved: in the real window, by mouse and keys."""
import io
import os
import shutil
import subprocess

import pytest
import ui
from PIL import Image

SHOTS = os.path.join(os.environ["ASSAY_BUILD"], "screenshots")
STYLES = {"light": {}, "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}}


@pytest.fixture
def known(samples, tmp_path):
    """The samples in folders that are called after what they show."""
    for path in samples:
        folder = tmp_path / "known" / os.path.basename(path).partition("-")[0]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder)
    return str(tmp_path / "known")


def start_known(start, known, samples, style="light"):
    app = start(known, **STYLES[style])
    ui.wait_for("all answers", lambda: sum("%" in said for _, said in ui.rows(app)) == len(samples),
                60, seen=lambda: ui.rows(app))
    return app


def has_menu(app):
    return [node for node in app.all(contains="Save Picture…") if node.is_shown()]


def open_menu(app, node):
    """By the secondary button."""
    left, top, _, _ = app.size()
    x, y, width, height = node.extents()
    ui.xdotool("mousemove", "--sync", left + x + width // 2, top + y + height // 2, "click", 3)
    ui.wait_for("the menu", lambda: has_menu(app), seen=app.texts)


def choose(app, what):
    next(node for node in app.all(contains=what) if node.is_shown()).act()


def proposed(app, chooser):
    """What the chooser calls the file."""
    node = ui.wait_for("a field for the name", lambda: next(
        (node for node in app.tree().walk() if node.has("focused") and node.role == "text"), None),
        seen=app.texts)
    return node.text()


def save(app, path):
    """Where the menu is open; the name that was proposed."""
    choose(app, "Save Picture…")
    chooser = app.window("Save Picture")
    name = proposed(app, chooser)
    app.key("ctrl+a", window=chooser)
    app.type(str(path), window=chooser)
    app.key("Return", window=chooser)
    ui.wait_for("no chooser", lambda: not app.windows("Save Picture"), seen=app.windows)
    app.find(contains=f"The picture is written to “{os.path.basename(path)}”")
    return name


def check(data, style="light", least=(500, 500)):
    """It is twice as large as on screen, on the window's background, and something stands in
    all of it: above where a chart has its title, and below, where it is said what it is of."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = picture.size
    assert width >= least[0] and height >= least[1], picture.size
    background = picture.getpixel((2, 2))
    assert (min(background) > 200) == (style == "light"), background
    for top in (40, height // 2 - 40, height - 150):
        assert len(picture.crop((40, top, width - 40, top + 130)).getcolors(100000)) > 20, top


def keep(path, name):
    os.makedirs(SHOTS, exist_ok=True)
    shutil.copy(path, os.path.join(SHOTS, name + ".png"))


def copied():
    return subprocess.run(["xclip", "-selection", "clipboard", "-t", "image/png", "-o"],
                          stdout=subprocess.PIPE, check=True, timeout=20).stdout


@pytest.mark.parametrize("style", STYLES)
def test_what_is_on_the_pages_is_a_picture(start, known, samples, tmp_path, style):
    app = start_known(start, known, samples, style)
    open_menu(app, app.find(name="Scores"))
    name = save(app, tmp_path / "card.png")
    # What is looked at is called so in the detail and in the list.
    image = name.removeprefix("flowers-2-").removesuffix(".png")
    assert image in [os.path.splitext(os.path.basename(path))[0] for path in samples], name
    check((tmp_path / "card.png").read_bytes(), style)
    keep(tmp_path / "card.png", f"picture-card-{style}")

    app.key("alt+2")
    app.find(contains=f"Of the {len(samples)} with a known truth, version 2 is right on", seconds=60)
    open_menu(app, app.find(contains="Scores of Both Versions"))
    name = save(app, tmp_path / "change.png")
    assert name.startswith("flowers-1-2-") and name.endswith(".png"), name
    check((tmp_path / "change.png").read_bytes(), style)
    keep(tmp_path / "change.png", f"picture-change-{style}")

    app.key("alt+3")
    app.find(contains="Version 2 is right on ")
    for title, chart in (("Confusion", "confusion"), ("By Label", "by-label"),
                         ("Reliability", "reliability"), ("Threshold", "threshold")):
        open_menu(app, app.find(role="label", name=title))
        assert save(app, tmp_path / f"{chart}.png") == f"flowers-2-{chart}.png"
        check((tmp_path / f"{chart}.png").read_bytes(), style)
        keep(tmp_path / f"{chart}.png", f"picture-{chart}-{style}")


def focused(app):
    return next((node for node in app.tree().walk() if node.has("focused")), None)


def test_a_chart_is_copied_by_keys_alone(start, known, samples):
    app = start_known(start, known, samples)
    app.key("alt+3")
    app.find(contains="Version 2 is right on ")
    # Onto a cell of the confusion matrix, which says its truth and answer.
    for _ in range(40):
        node = focused(app)
        if node is not None and "daisy" in node.name and "3" in node.name:
            break
        app.key("Tab")
    for keys in (["shift+F10"], ["Menu"]):
        app.key(*keys)
        ui.wait_for("the menu", lambda: has_menu(app), seen=app.texts)
        # The first item has the focus already, or takes it.
        if focused(app) is None or "Copy Picture" not in focused(app).name:
            app.key("Down")
        app.key("Return")
        app.find(contains="Picture copied")
        ui.wait_for("no menu", lambda: not has_menu(app), seen=app.texts)
        check(copied())
        subprocess.run(["xclip", "-selection", "clipboard"], input=b"nothing", check=True, timeout=20)
        ui.wait_for("another clipboard", lambda: ui.clipboard() == "nothing")
        app.gone(contains="Picture copied")


def test_what_cannot_be_written_is_said(start, samples):
    app = start(samples[0])
    ui.wait_for("an answer", lambda: any("%" in said for _, said in ui.rows(app)), 60,
                seen=lambda: ui.rows(app))
    open_menu(app, app.find(name="Scores"))
    choose(app, "Save Picture…")
    chooser = app.window("Save Picture")
    proposed(app, chooser)
    app.key("ctrl+a", window=chooser)
    # Where nobody can make a file.
    app.type("/proc/card.png", window=chooser)
    app.key("Return", window=chooser)
    app.find(contains="“card.png” can’t be written: ")


def test_without_an_answer_there_is_no_picture(start, tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    app = start(str(tmp_path / "broken.jpg"))
    node = app.find(contains="broken.jpg")
    left, top, width, height = app.size()
    ui.xdotool("mousemove", "--sync", left + width * 2 // 3, top + height // 2, "click", 3)
    # Something that comes after it.
    app.key("alt+3")
    app.find(contains="Nothing Is Answered Yet")
    assert node and not has_menu(app)
