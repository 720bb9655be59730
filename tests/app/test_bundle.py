# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence that another home has made is opened in the real window, checked, and kept once."""
import json
import os
import shutil
import sqlite3
import subprocess
import zipfile

import pytest
import ui

SHOTS = os.path.join(os.environ["ASSAY_BUILD"], "screenshots")
STYLES = {"light": {}, "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}}
CLI = os.path.join(os.environ["ASSAY_BUILD"], "src", "cli", "assay-cli")


class Elsewhere:
    """Another person's home; nothing of it is in the one of the window."""

    def __init__(self, root):
        self.root = root
        self.environment = dict(os.environ, HOME=str(root), LC_ALL="C.UTF-8")
        for name in ("CONFIG", "CACHE", "DATA", "STATE"):
            self.environment[f"XDG_{name}_HOME"] = str(root / name.lower())

    def __call__(self, *words):
        result = subprocess.run([CLI, *words], cwd=self.root, env=self.environment, check=False,
                                capture_output=True, text=True, timeout=120)
        assert result.returncode == 0, result.stderr
        return result.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A bundle of two versions over the samples, one of the second alone, and its figures; what
    they were made of is gone."""
    root = tmp_path_factory.mktemp("elsewhere")
    cli = Elsewhere(root)
    samples = os.path.join(os.environ["ASSAY_BUILD"], "data", "samples")
    for name in sorted(os.listdir(samples)):
        if name.endswith(("jpg", "jpeg", "png")):
            folder = root / "holdout" / name.partition("-")[0]
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.join(samples, name), folder)
    figures = [json.loads(cli("evaluate", "holdout", "--model", "flowers", "--model-version", version,
                              "--format", "json")) for version in ("1", "2")]
    cli("history", "export", "1", "2", "--bundle", "two.zip")
    cli("history", "export", "2", "--bundle", "one.zip")
    shutil.rmtree(root / "holdout")
    return root, figures


def kept_runs():
    path = os.path.join(os.environ["XDG_DATA_HOME"], "assay", "history.db")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        return base.execute("SELECT COUNT(*) FROM runs").fetchone()[0]


def shoot(app, screen, name):
    os.makedirs(SHOTS, exist_ok=True)
    left, top, width, height = app.size()
    screen.picture(os.path.join(SHOTS, name + ".png"), width, height, left, top)


@pytest.mark.parametrize("style", STYLES)
def test_two_versions_are_compared(start, screen, made, style):
    app = start(str(made[0] / "two.zip"), **STYLES[style])
    app.find(contains="Of the 15 with a known truth, version 2 is right on", seconds=60)
    app.find(contains="checked: every figure follows from its answers", seconds=60)
    app.resize(1200, 830)
    shoot(app, screen, f"bundle-compare-{style}")
    app.key("alt+1")
    ui.wait_for("the answers", lambda: sum("%" in said for _, said in ui.rows(app)) == 15,
                seen=lambda: ui.rows(app))
    shoot(app, screen, f"bundle-classify-{style}")


def test_dropped_it_has_the_same_figures_and_is_kept_once(start, made):
    root, figures = made
    app = start()
    ui.drag_files([str(root / "one.zip")], app)
    right = round(figures[1]["accuracy"] * figures[1]["images"]["judged"])
    app.find(contains=f"Version 2 is right on {right} of 15", seconds=60)
    assert kept_runs() == 1
    app.quit()

    app = start(str(root / "one.zip"))
    app.find(contains=f"Version 2 is right on {right} of 15", seconds=60)
    assert kept_runs() == 1


def test_a_flipped_byte_is_named(start, made, tmp_path):
    broken = tmp_path / "broken.zip"
    data = bytearray((made[0] / "one.zip").read_bytes())
    with zipfile.ZipFile(made[0] / "one.zip") as archive:
        place = archive.getinfo("answers-1.ndjson").header_offset
    data[place + 30 + len("answers-1.ndjson") + 40] ^= 1
    broken.write_bytes(data)
    app = start(str(broken))
    app.find(contains="“broken.zip” Is Not What Was Written", seconds=60)
    app.find(contains="answers-1.ndjson")
    app.find(contains="Nothing of it was added.")
    dialog = app.window("“broken.zip” Is Not What Was Written")
    app.key("Escape", window=dialog)
    ui.wait_for("one window", lambda: len(app.windows()) == 1, seen=app.windows)
    assert ui.rows(app) == []


def test_a_zip_of_pictures_is_one(start, samples, tmp_path):
    """Even one that begins with a manifest of its own."""
    path = tmp_path / "pictures.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", '{"format":"other"}')
        for sample in samples[:3]:
            archive.write(sample, os.path.basename(sample))
    app = start(str(path))
    ui.wait_for("three answers", lambda: sum("%" in said for _, said in ui.rows(app)) == 3, 60,
                seen=lambda: ui.rows(app))
