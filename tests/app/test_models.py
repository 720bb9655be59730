# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's own model: dropped on the window, looked at, added, chosen and compared."""
import json
import os
import shutil

import pytest
import ui
from test_heard import faults_of

BUILD = os.environ["ASSAY_BUILD"]
SHOTS = os.path.join(BUILD, "screenshots")
SHIPPED = os.path.join(BUILD, "data", "models", "flowers", "1")
STYLES = {"light": {}, "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}}
LABELS = "5 from the file of labels: daisy, dandelion, roses, sunflowers, tulips"


@pytest.fixture
def given(tmp_path):
    """A retrained model, as its training leaves it: the file, and its labels beside it."""
    folder = tmp_path / "trained"
    folder.mkdir()
    for name in "model.onnx", "labels.txt":
        shutil.copy(os.path.join(SHIPPED, name), folder)
    return shutil.move(folder / "model.onnx", folder / "flowers-v3.onnx")


def kept(*names):
    return os.path.join(os.environ["XDG_DATA_HOME"], "assay", "models", *names)


def shoot(app, screen, name, window=None):
    os.makedirs(SHOTS, exist_ok=True)
    screen.still(os.path.join(SHOTS, name + ".png"), app.size(window))


def looked_at(app):
    """The dialog's window, when the file has been looked at."""
    window = app.window("Add Model")
    app.find(contains=LABELS, seconds=60)
    return window


def press(app, name):
    """A button of the dialog: the window under it has an Add, too."""
    def button():
        return next((node for dialog in app.all(name="Add Model")
                     for node in app.all("push button", f"_{name} {name}", below=dialog)
                     if node.has("sensitive")), None)

    ui.wait_for(f"{name} that can be pressed", button, seen=app.texts).act()


def tab_to(app, window, name):
    """While an entry has the focus, GTK 4.8 says of nothing that it has."""
    for _ in range(20):
        try:
            ui.wait_for(f"the focus on {name}", lambda: any(
                node.has("focused") and node.name == name for node in app.tree().walk()), 0.5)
            return
        except ui.Gone:
            app.key("Tab", window=window)
    raise ui.Gone(f"the focus on {name}")


@pytest.mark.parametrize("style", STYLES)
def test_a_model_is_dropped_added_and_compared(start, screen, samples, given, style):
    app = start(*samples, **STYLES[style])
    app.find(contains="flowers · v2, Ready", seconds=60)
    invited = []
    ui.drag_files([str(given)], app, hover=lambda: invited.extend(app.texts()))
    assert "Add the Model flowers-v3.onnx" in invited
    window = looked_at(app)
    app.find(contains="3, after version 2")
    app.find(contains="As the model sees it: 112 × 112")
    assert not faults_of(app)
    shoot(app, screen, f"model-add-{style}", window)
    press(app, "Add")
    app.find(contains="flowers version 3 is ready", seconds=60)
    app.find(contains="flowers · v3, Ready")
    shoot(app, screen, f"model-ready-{style}")
    assert sorted(os.listdir(kept("flowers", "3"))) == ["labels.txt", "model.json", "model.onnx"]
    app.press(role="push button", contains="Compare with Version 2")
    app.find(contains="version 2", seconds=60)
    shoot(app, screen, f"model-compare-{style}")


def test_what_is_set_is_seen_and_kept(start, given):
    app = start()
    app.find(contains="flowers · v2, Ready", seconds=60)
    ui.drag_files([str(given)], app)
    window = looked_at(app)
    tab_to(app, window, "Crop")
    app.key("space", window=window)
    app.find(contains="Whole, Stretched")
    app.key("Down", "Return", window=window)
    app.find(name="Whole, Between Bars")
    app.gone(contains="the rest a guess")
    press(app, "Add")
    app.find(contains="flowers version 3 is ready", seconds=60)
    with open(kept("flowers", "3", "model.json"), encoding="utf-8") as file:
        assert "crop=fit" in json.load(file)["input"]["preprocess"].split(",")


def test_what_is_canceled_is_not_kept(start, screen, given):
    app = start()
    app.find(contains="flowers · v2, Ready", seconds=60)
    ui.drag_files([str(given)], app)
    window = looked_at(app)
    app.resize(360, 640, window)
    shoot(app, screen, "model-add-narrow", window)
    press(app, "Cancel")
    app.gone(name="Add Model")
    assert not os.path.exists(kept("flowers"))


def test_given_on_the_command_line_without_labels(start, given):
    os.remove(os.path.join(os.path.dirname(given), "labels.txt"))
    app = start(str(given))
    app.window("Add Model")
    app.find(contains="None were found: the scores are called class 0 … class 4", seconds=60)
    press(app, "Add")
    app.find(contains="flowers version 3 is ready", seconds=60)
    with open(kept("flowers", "3", "labels.txt"), encoding="utf-8") as file:
        assert file.read().splitlines() == [f"class {i}" for i in range(5)]
    with open(kept("flowers", "3", "model.json"), encoding="utf-8") as file:
        assert "size=112x112" in json.load(file)["input"]["preprocess"]


def test_what_cannot_run_is_refused_with_the_operator(start, screen, clipboard, given):
    with open(given, "rb") as file:
        data = file.read()
    bad = os.path.join(os.path.dirname(given), "<b>bad&.onnx")
    with open(bad, "wb") as file:
        file.write(data.replace(b"MaxPool", b"NonZero").replace(b"Flatten", b"NonZero"))
    app = start()
    app.find(contains="flowers · v2, Ready", seconds=60)
    clipboard("UTF8_STRING", text=bad)
    app.key("ctrl+v")
    window = app.window("Add Model")
    app.find(contains="This Model Can’t Be Added", seconds=60)
    app.find(contains="“<b>bad&.onnx” can’t be served. The operator “NonZero” can’t be run")
    shoot(app, screen, "model-refused", window)
    press(app, "Cancel")
    app.gone(name="Add Model")
    assert not os.path.exists(kept("bad"))
