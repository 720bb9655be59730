# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What assistive technology meets in every state of the window: a name for each control,
a role for whatever takes the focus, words or silence for pictures, and sentences."""
import os
import re

import pytest
import states
import ui

PROGRAM = os.path.join(os.environ["ASSAY_BUILD"], "tests", "app", "audited")

# Roles that a person does something with, or that say a value.
CONTROLS = {"push button", "toggle button", "check box", "radio button", "switch", "slider",
            "spin button", "combo box", "entry", "text", "password text", "link", "list",
            "list item", "menu item", "check menu item", "radio menu item", "level bar",
            "progress bar", "page tab", "table", "tree table"}

# What GTK gives to a widget that never said what it is.
NO_ROLE = {"invalid", "unknown", "filler", "redundant object", "panel", "generic"}

# Widgets inside GTK's and libadwaita's own, which no program can give a name: a pattern
# of the node and those around it, and why nothing is lost.
NOT_OURS = [
    (r"in frame 'GtkShortcutsWindow'", "GTK's own window, whose parts have no ids"),
    (r"in frame '(AdwAboutWindow|About)'", "libadwaita's own window, whose parts have no ids"),
    (r"AdwViewSwitcher|AdwIndicatorBin",
     "how a preferences window shows its pages, of which there is one"),
    (r"entry 'GtkSearchEntry' in .* in frame 'Preferences'", "the search of preferences"),
    (r"in combo box '", "what a combo row shows inside; the row has a name and a value"),
    (r"no role: panel 'Folder ", "what is in a group's row, since GTK 4.8 gives the row no focus"),
    (r"table row 'GtkListItemWidget' in tree table '|list 'GtkColumnListView' in tree table '",
     "a table's header and what holds its rows; the table and its rows have names"),
    (r"push button 'GtkImage' in filler 'AdwToastWidget'", "the way to close a toast"),
    (r"list 'GtkListBox' in panel", "a preferences group's list; its rows have names"),
    (r"(push button|toggle button) .* in .*'Token'", "the eye that shows a password"),
]


def place(node):
    kinds = []
    while node is not None:
        kinds.append(repr(node))
        node = node.parent
    return " in ".join(kinds)


def is_named(node):
    return bool(node.name) and not node.name.startswith(("Gtk", "Adw", "Assay")) \
        or node.name == "Assay"


def faults_of(app):
    found = []
    for node in app.tree().walk():
        where = place(node)
        if node.has("focusable") and node.role != "scroll pane" and node.role in NO_ROLE:
            found.append(f"takes the focus and has no role: {where}")
        if node.role == "scroll pane" or is_named(node):
            continue
        if node.role in CONTROLS or node.has("focusable"):
            found.append(f"no name: {where}")
        if node.role in ("image", "icon") and not node.description:
            found.append(f"a picture without words: {where}")
    return [fault for fault in found
            if not any(re.search(pattern, fault) for pattern, _ in NOT_OURS)]


SANITIZED = os.environ.get("ASSAY_TEST_PATIENCE", "1") != "1"
SIZES = {"wide": (1200, 830), "narrow": (360, 720)}


# The two differ in where things stand, not in what they do.
@pytest.mark.parametrize("size", ["narrow"] if SANITIZED else list(SIZES))
def test_everything_has_a_name_and_a_role(start_program, samples, tmp_path, size):
    app = start_program(PROGRAM)
    faults = {}

    def look(name, stage):
        faults.update({f"{name}: {fault}": None for fault in faults_of(app)})
        if name in ("detail", "group", "error"):
            said.update({text: name for text in app.texts()})

    said = {}
    states.visit(states.Stage(app, states.fill(tmp_path, samples)), look, size=SIZES[size])
    assert not faults, "\n".join(faults)
    # The sentences that a screen reader says for them.
    for pattern in (r"daisy, 83 percent; next roses, 6 percent",
                    r"daisy, 82\.6 percent", r"dandelion, 2\.82 percent",
                    r"Folder holiday, 2 images, expanded",
                    r"broken\.jpg, Damaged picture: the file is cut off"):
        assert any(re.fullmatch(pattern, text) for text in said), (pattern, list(said))
