# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as people with other eyes, screens and languages have it: pictures of every
state are kept in the build folder's "screenshots" to be looked at."""
import contextlib
import glob
import os

import pytest
import states
import surroundings
import ui
from conftest import BUILD
from marked import HEBREW, LEFTWARD, make_catalog

WIDE, NARROW = (1200, 830), (360, 720)

# What is told to the program, the language and the window's size.
SHOWN = {
    "contrast": ("contrast", None, WIDE),
    "contrast-dark": ("contrast-dark", None, WIDE),
    "narrow": ("light", None, NARROW),
    "narrow-dark": ("dark", None, NARROW),
    "large": ("light", None, WIDE),
    "german": ("light", "de", WIDE),
    "french": ("light", "fr", WIDE),
    "japanese": ("light", "ja", WIDE),
    "leftward": ("light", LEFTWARD, WIDE),
    "leftward-narrow": ("light", LEFTWARD, NARROW),
}

# Enough of the states for the time that a test may take.
STATES = [state for state in states.STATES
          if state.name in ("empty", "models", "list", "detail", "error", "present")]


@pytest.fixture(scope="module")
def screen():
    ui.within_session_bus()
    with ui.screen(1400, 1000) as shown:
        yield shown


@pytest.fixture(scope="module")
def leftward(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locale")
    make_catalog(tmp_path_factory.mktemp("leftward"), folder, LEFTWARD, HEBREW)
    return folder


def middle(node):
    x, _, width, _ = node.extents()
    return x + width / 2


def is_mirrored(stage):
    """The list is on the right, and a bar grows from the right edge to the left."""
    images = stage.app.find(role="list", name=stage.say("Images"))
    bar = next(node for node in stage.app.all(role="level bar") if "82.6" in node.name)
    return middle(images) > stage.app.size(stage.main)[2] / 2 and middle(bar) < middle(images)


@pytest.mark.parametrize("name", SHOWN)
def test_pictures(screen, leftward, tmp_path, name):
    style, code, size = SHOWN[name]
    environment = dict(surroundings.STYLES[style])
    say = str
    if code is not None:
        catalogs = str(leftward) if code == LEFTWARD else os.path.join(BUILD, "po")
        environment.update(surroundings.language(code), ASSAY_TEST_LOCALE=catalogs)
        say = surroundings.speaker(catalogs, code)
    samples = sorted(glob.glob(os.path.join(BUILD, "data", "samples", "*.*g")))
    given = states.fill(tmp_path / "given", samples)

    def look(state, stage):
        screen.still(os.path.join(BUILD, "screenshots", f"{name}-{state}.png"),
                     stage.app.size(stage.shown))
        if code == LEFTWARD and size == WIDE and state == "detail":
            assert is_mirrored(stage)

    with contextlib.ExitStack() as stack:
        stack.enter_context(surroundings.gtk_settings(surroundings.NO_MOTION))
        stack.enter_context(surroundings.text_at(200 if name == "large" else 100))
        app = ui.App(os.path.join(BUILD, "tests", "app", "audited"), environment=environment)
        stack.callback(app.close)
        stage = states.Stage(app, given, say)
        states.visit(stage, look, STATES, size)
        app.key("ctrl+q", window=stage.main)
        assert app.wait(60) == 0
        assert app.read_errors() == ""
