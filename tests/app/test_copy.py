# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images are copied into folders by their label, and taken back: in the real window."""
import os

import pytest
import ui


@pytest.fixture
def answered(start, samples):
    app = start(*samples)
    ui.wait_for("all answers", lambda: sum("%" in said for _, said in ui.rows(app)) == len(samples),
                60, seen=lambda: ui.rows(app))
    return app


def copy(app, folder):
    app.act("win.copy-by-label")
    chooser = app.window("Copy Images into Folders by Label")
    ui.wait_for("the chooser's focus", lambda: any(node.has("focused") for node in app.tree().walk()),
                seen=app.texts)
    # A path that is typed opens a field for it.
    app.type(str(folder), window=chooser)
    ui.wait_for("the path in its field",
                lambda: any(node.role == "text" and node.has("focused") for node in app.tree().walk()),
                seen=app.texts)
    app.key("Return", window=chooser)
    ui.wait_for("no chooser", lambda: not app.windows("Copy Images into Folders by Label"),
                seen=app.windows)


def find_copies(folder):
    return sorted(os.path.relpath(os.path.join(path, name), folder)
                  for path, _, names in os.walk(folder) for name in names)


def test_copied_and_taken_back(answered, samples, tmp_path):
    app = answered
    labels = {name: said.split(",")[0] for name, said in ui.rows(app)}
    folder = tmp_path / "sorted"
    folder.mkdir()
    wanted = sorted(os.path.join(labels[os.path.basename(path)], os.path.basename(path))
                    for path in samples)

    copy(app, folder)
    app.find(contains=f"{len(samples)} images copied into {len(set(labels.values()))} folders.")
    assert find_copies(folder) == wanted
    for path in samples:
        name = os.path.basename(path)
        assert (folder / labels[name] / name).read_bytes() == open(path, "rb").read()

    app.key("ctrl+z")
    app.find(contains="The copies are deleted")
    ui.wait_for("an empty folder", lambda: os.listdir(folder) == [], seen=lambda: os.listdir(folder))
    assert all(os.path.exists(path) for path in samples)
