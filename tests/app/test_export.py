# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the list shows is written into a file: in the real window, by the keyboard."""
import csv
import json
import os

import pytest
import ui


def export(app, path):
    app.key("ctrl+s")
    chooser = app.window("Export Results")
    ui.wait_for("a field for the name", lambda: any(
        node.has("focused") and node.role == "text" for node in app.tree().walk()), seen=app.texts)
    app.key("ctrl+a", window=chooser)
    app.type(str(path), window=chooser)
    app.key("Return", window=chooser)
    ui.wait_for("no chooser", lambda: not app.windows("Export Results"), seen=app.windows)


def wait_for_answers(app, count):
    ui.wait_for(f"{count} answers", lambda: sum("%" in said for _, said in ui.rows(app)) == count,
                60, seen=lambda: ui.rows(app))


@pytest.fixture
def answered(start, samples):
    app = start(*samples)
    wait_for_answers(app, len(samples))
    return app


def test_what_is_filtered_and_sorted_is_written(answered, samples, tmp_path):
    app = answered
    app.key("ctrl+f")
    app.type("roses")
    wanted = [path for path in samples if "roses" in os.path.basename(path)]
    ui.wait_for("the roses alone", lambda: len(ui.rows(app)) == len(wanted),
                seen=lambda: ui.rows(app))
    shown = [name for name, _ in ui.rows(app)]

    export(app, tmp_path / "results.csv")
    app.find(contains=f"{len(wanted)} results written to “results.csv”")
    with open(tmp_path / "results.csv", newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [os.path.basename(line["path"]) for line in lines] == shown
    assert sorted(line["path"] for line in lines) == sorted(wanted)
    for line in lines:
        assert line["status"] == "ok" and line["model"] == "flowers"
        assert line["label"] and 0 < float(line["score"]) <= 1

    export(app, tmp_path / "results.json")
    app.find(contains=f"{len(wanted)} results written to “results.json”")
    with open(tmp_path / "results.json", encoding="utf-8") as file:
        array = json.load(file)
    assert [line["path"] for line in array] == [line["path"] for line in lines]
    assert all(len(line["predictions"]) == 5 for line in array)


def test_what_cannot_be_written_is_said(answered, samples, tmp_path):
    app = answered
    export(app, tmp_path / "results.ndjson")
    app.find(contains=f"{len(samples)} results written to “results.ndjson”")
    with open(tmp_path / "results.ndjson", encoding="utf-8") as file:
        assert len([json.loads(line) for line in file]) == len(samples)
    # Where nobody can make a file.
    export(app, "/proc/results.csv")
    app.find(contains="“results.csv” can’t be written: ")
