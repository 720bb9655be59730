# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives that are sent as they are, and the offer to open those that can't be."""
import os
import zipfile

import pytest

import ui


@pytest.fixture
def sending(fresh):
    """As somebody has set it before."""
    folder = os.path.join(os.environ["XDG_CONFIG_HOME"], "glib-2.0", "settings")
    os.makedirs(folder)
    with open(os.path.join(folder, "keyfile"), "w", encoding="utf-8") as file:
        file.write("[io/github/assay/Assay]\narchives='send'\n")


def pack(path, samples, prefix=""):
    with zipfile.ZipFile(path, "w") as archive:
        for sample in samples:
            archive.write(sample, prefix + os.path.basename(sample))


def pictures(app):
    """The rows but those of the archives that they are grouped under."""
    return [(name, said) for name, said in ui.rows(app) if not name.startswith("Archive ")]


def answered(app, count):
    rows = pictures(app)
    return rows if len(rows) == count and all("next" in said for _, said in rows) else None


def test_sends_and_offers_to_open(sending, start, samples, clipboard, tmp_path):
    pack(tmp_path / "flat.zip", samples[:4])
    pack(tmp_path / "deep.zip", samples[4:7], "flowers/")
    app = start()
    app.find(contains="flowers · v2, Ready")
    clipboard("UTF8_STRING", text=str(tmp_path / "deep.zip"))
    app.key("ctrl+v")
    ui.wait_for("a row with the reason",
                lambda: [said for _, said in ui.rows(app) if "lies in a folder" in said], 60,
                seen=lambda: ui.rows(app))
    app.press(name="Open Archive Instead")
    opened = ui.wait_for("three answers", lambda: answered(app, 3), 60, seen=lambda: ui.rows(app))
    clipboard("UTF8_STRING", text=str(tmp_path / "flat.zip"))
    app.key("ctrl+v")
    rows = ui.wait_for("seven answers", lambda: answered(app, 7), 60, seen=lambda: ui.rows(app))
    assert rows[:3] == opened
    assert [os.path.basename(name) for name, _ in rows] == \
           [os.path.basename(path) for path in samples[4:7] + samples[:4]]
    for name, said in rows:
        assert said.startswith(os.path.basename(name).split("-")[0]), (name, said)
    assert app.quit() == 0
