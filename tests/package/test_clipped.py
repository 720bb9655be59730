# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No text of the window is cut off, hidden under another or left in English: in a language
of longer words, and with text at 200 %, in a wide window and in a narrow one."""
import contextlib
import glob
import os
import re

import pytest
import states
import surroundings
import ui
from conftest import BUILD
from marked import LANGUAGE, make_catalog, unmarked

SIZES = {"wide": (1200, 830), "narrow": (360, 720)}

# The smallest window that there may be, and the width below which it is a narrow one.
LEAST = (360, 294)
NARROW = {"marked": 600, "large": 900}

# Windows that GTK and libadwaita lay out, with words of their own.
THEIRS = ("shortcuts", "about")

# Texts that are as long as somebody else made them: a part of the path of CSS names and
# ids down to the label, and where the whole text is.
MAY_SHORTEN = [
    (r"assay-row\S* .* label#name$", "a file's name, whole in its tooltip and in the detail"),
    (r"assay-row\S* .* label#group_name$", "a folder's name, whole in its tooltip"),
    (r"detail\S* .* label#name$", "a file's name, whole in the list's tooltip"),
    (r"headerbar .* label#item_title$", "a file's name, whole in the list's tooltip"),
    (r"assay-model-button\S* .* label#title$", "a model's name, whole in its menu"),
    (r"headerbar .* label#subtitle_label$", "a file's name, whole in the list's tooltip"),
    (r"toast#AdwToastWidget .* label$", "what has happened, whole in its tooltip"),
    (r"changerow\S* .* label#name$", "a file's name, whole in its tooltip and in the detail"),
    (r"changerow\S* .* label#note$", "the truth, whole in its tooltip and in the detail"),
    (r"targetpicker\S* .* label#title$", "a version's name, whole in its menu"),
    (r"labeltable\S* .* labelcell label$", "a line's name, whole in its tooltip"),
    (r"row#ca_row .* label#subtitle$", "the path of a file, whole in its tooltip"),
    (r"row#ca_row .* label$", "the path of a file, whole in its tooltip"),
    (r"row#(kind|archives) .* listview#current row box label$", "a choice, whole in its menu"),
]

# Names, kinds and keys, which are the same in every language; and what GTK and libadwaita
# say, in catalogs of their own.
NAMES = ["broken.jpg", "daisy-lawn.jpg", "daisy-meadow.jpg", "daisy-portrait.jpg", "roses-pink.jpg",
         "roses-red.jpg", "notes.txt", "prices.csv", states.FOLDER, "daisy", "dandelion", "roses",
         "sunflowers", "tulips", "flowers", "SHA", "JPEG", "PNG", "GIF", "BMP", "ZIP",
         "given", "samples", "(None)", "Close", "Search", "audited", "Scroll", "Ctrl", "Shift", "Delete", "Escape", "Right", "Left",
         "Shortcuts", "Search Results", "No Results Found", "Try a different search"]


@pytest.fixture(scope="module")
def screen():
    ui.within_session_bus()
    with ui.screen(1400, 1000) as shown:
        yield shown


@pytest.fixture(scope="module")
def catalogs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locale")
    make_catalog(tmp_path_factory.mktemp("marked"), folder)
    return folder


def faults_of(report):
    found = []
    for fault in report["faults"]:
        where = fault["where"] + (f"#{fault['id']}" if fault["id"] else "")
        if fault["kind"] == "shortened" and any(re.search(pattern, where)
                                                for pattern, _ in MAY_SHORTEN):
            continue
        found.append(f"{fault['kind']}: {fault['text']!r} ({fault['seen']}) in {where}")
    return found


def sizes_of(report, size, narrow):
    """A window can be made as small as it may be, and is as wide as it was told to be."""
    window = next(each for each in report["windows"] if each["width"] == size[0]
                  or each["least"][1] >= LEAST[1])
    found = []
    if window["width"] != size[0]:
        found.append(f"{window['width']} pixels wide instead of {size[0]}")
    if size[0] < narrow and window["least"][0] > LEAST[0]:
        found.append(f"the narrow window cannot be smaller than {window['least']}")
    if window["least"][0] >= narrow:
        found.append(f"the wide window never becomes narrow: {window['least']}")
    return found


def untranslated(texts):
    """Not the names of classes, which GTK gives to what has no other."""
    return [f"not translated: {text!r}" for text in texts
            if not re.fullmatch("(Gtk|Adw|Assay)[A-Z][A-Za-z]+", text) and unmarked(text, *NAMES)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", NARROW)
def test_no_text_is_cut(screen, catalogs, tmp_path, kind, size):
    samples = sorted(glob.glob(os.path.join(BUILD, "data", "samples", "*.*g")))
    environment = {"ASSAY_AUDIT": str(tmp_path / "report")}
    say = str
    if kind == "marked":
        environment.update(surroundings.language(LANGUAGE), ASSAY_TEST_LOCALE=str(catalogs))
        say = surroundings.speaker(catalogs, LANGUAGE)
    faults = {}

    def look(name, stage):
        report = stage.audit()
        found = faults_of(report) + sizes_of(report, SIZES[size], NARROW[kind])
        if kind == "marked":
            found += untranslated(report["texts"] + stage.app.texts())
        faults.update({f"{name}: {fault}": None for fault in found})

    with contextlib.ExitStack() as stack:
        stack.enter_context(surroundings.gtk_settings(surroundings.NO_MOTION))
        stack.enter_context(surroundings.text_at(200 if kind == "large" else 100))
        app = ui.App(os.path.join(BUILD, "tests", "app", "audited"), environment=environment)
        app.report = environment["ASSAY_AUDIT"]
        stack.callback(app.close)
        stage = states.Stage(app, states.fill(tmp_path / "given", samples), say)
        states.visit(stage, look, [state for state in states.STATES if state.name not in THEIRS],
                     SIZES[size])
        app.key("ctrl+q", window=stage.main)
        assert app.wait(60) == 0
        assert app.read_errors() == ""
    assert not faults, "\n".join(faults)
