# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the list shows is written into a file: in the real window, by the keyboard."""
import csv
import json
import os
import re
import shutil
import subprocess

import pytest
import ui
from PIL import Image

CLI = os.path.join(os.environ["ASSAY_BUILD"], "src", "cli", "assay-cli")
SHOTS = os.path.join(os.environ["ASSAY_BUILD"], "screenshots")
STYLES = {"light": {}, "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}}


def choose(app, path, title):
    """Types the name of a file into the dialog that asks for one."""
    chooser = app.window(title)
    ui.wait_for("a field for the name", lambda: any(
        node.has("focused") and node.role == "text" for node in app.tree().walk()), seen=app.texts)
    app.key("ctrl+a", window=chooser)
    app.type(str(path), window=chooser)
    app.key("Return", window=chooser)
    ui.wait_for("no chooser", lambda: not app.windows(title), seen=app.windows)


def export(app, path):
    app.key("ctrl+s")
    choose(app, path, "Export Results")


def save_report(app, path):
    app.key("ctrl+shift+s")
    choose(app, path, "Save Report")


def shoot(app, screen, name):
    os.makedirs(SHOTS, exist_ok=True)
    left, top, width, height = app.size()
    screen.picture(os.path.join(SHOTS, name + ".png"), width, height, left, top)


def pieces(path):
    """All of a report in no order, as its images are listed as they were answered; without
    the time that it was made at."""
    text = re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d \w+)?", "", path.read_text(encoding="utf-8"))
    return sorted(re.split(r"(?=<)", text))


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


@pytest.fixture
def known(samples, tmp_path):
    """The samples in folders that are called after what they show."""
    for path in samples:
        folder = tmp_path / "known" / os.path.basename(path).partition("-")[0]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder)
    return str(tmp_path / "known")


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def told_by_cli(*line):
    """Of each image, by its name."""
    told = json.loads(subprocess.run([CLI, *line, "--no-history", "--format", "json"], check=True,
                                     timeout=120, stdout=subprocess.PIPE).stdout)
    listed = told["flips"] if "flips" in told else told["mistakes"]
    return {os.path.basename(image["path"]): image for image in listed}


def changes(app):
    """What the rows of the list on Compare say."""
    return {node.name for node in app.all(role="list item", contains=", truth ")}


def test_what_a_page_shows_is_written(start, known, samples, tmp_path):
    """What became of the images on Compare, and how right they are on Evaluate, as the
    command line has it."""
    app = start(known)
    wait_for_answers(app, len(samples))
    app.key("alt+2")
    app.find(contains=f"Of the {len(samples)} with a known truth, version 2 is right on", seconds=60)
    # At first the changed alone are listed; a chip that is pressed once more gives all.
    flips = told_by_cli("compare", "--model", "flowers", "-a", "1", "-b", "2", "--truth", "folders", known)
    app.press(contains=f"Changed {len(flips)}")
    ui.wait_for("all images", lambda: len(changes(app)) == len(samples), seen=app.texts)
    export(app, tmp_path / "comparison.csv")
    app.find(contains=f"{len(samples)} results written to “comparison.csv”")
    lines = read_csv(tmp_path / "comparison.csv")
    assert len(lines) == len(samples) and flips
    for line in lines:
        name = os.path.basename(line["path"])
        assert line["truth"] == name.partition("-")[0] and len(line["sha256"]) == 64
        assert [line[column] for column in ("model_a", "version_a", "model_b", "version_b")] == \
            ["flowers", "1", "flowers", "2"]
        assert (line["change"] == "same") == (line["a"] == line["b"]) == (name not in flips)
        if name in flips:
            assert [line[column] for column in ("a", "b", "change")] == \
                [flips[name][column] for column in ("a", "b", "change")]
            for column in ("score_a", "score_b", "shift"):
                assert abs(float(line[column]) - flips[name][column]) < 1e-5
    # What is worst stands first, as in the list.
    order = ["regressed", "fixed", "changed", "same"]
    assert [line["change"] for line in lines] == sorted((line["change"] for line in lines), key=order.index)

    fixed = [line for line in lines if line["change"] == "fixed"]
    app.press(contains=f"Fixed {len(fixed)}")
    ui.wait_for("the fixed alone", lambda: len(changes(app)) == len(fixed), seen=app.texts)
    export(app, tmp_path / "fixed.json")
    app.find(contains="written to “fixed.json”")
    with open(tmp_path / "fixed.json", encoding="utf-8") as file:
        array = json.load(file)
    assert [line["path"] for line in array] == [line["path"] for line in fixed] and fixed
    assert all(line["change"] == "fixed" and line["b"] == line["truth"] for line in array)

    app.key("alt+3")
    app.find(contains="Version 2 is right on ")
    export(app, tmp_path / "evaluation.ndjson")
    app.find(contains=f"{len(samples)} results written to “evaluation.ndjson”")
    with open(tmp_path / "evaluation.ndjson", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    mistakes = told_by_cli("evaluate", "--model", "flowers", "--model-version", "2", known)
    assert len(lines) == len(samples)
    for line in lines:
        name = os.path.basename(line["path"])
        assert (line["model"], line["version"]) == ("flowers", "2")
        assert line["right"] == (line["answer"] == line["truth"]) == (name not in mistakes)


def written_by_cli(path, *line):
    subprocess.run([CLI, *line, "--no-history", "--report", str(path)], check=True, timeout=120,
                   stdout=subprocess.DEVNULL)
    return pieces(path)


@pytest.mark.parametrize("style", STYLES)
def test_a_report_is_the_one_of_the_command_line(start, screen, known, samples, tmp_path, style):
    app = start(known, **STYLES[style])
    wait_for_answers(app, len(samples))
    # Classify has nothing to report.
    app.key("ctrl+shift+s")

    app.key("alt+2")
    app.find(contains=f"Of the {len(samples)} with a known truth, version 2 is right on", seconds=60)
    assert app.find(name="Save Report").is_shown()
    save_report(app, tmp_path / "compare.html")
    app.find(contains="The report is written to “compare.html”")
    assert app.find(name="Open").is_shown()
    shoot(app, screen, f"report-saved-{style}")
    assert pieces(tmp_path / "compare.html") == written_by_cli(
        tmp_path / "cli-compare.html", "compare", "--model", "flowers", "-a", "1", "-b", "2",
        "--truth", "folders", known)

    app.key("alt+3")
    app.find(contains="Version 2 is right on ")
    save_report(app, tmp_path / "evaluate.html")
    app.find(contains="The report is written to “evaluate.html”")
    assert pieces(tmp_path / "evaluate.html") == written_by_cli(
        tmp_path / "cli-evaluate.html", "evaluate", "--model", "flowers", "--model-version", "2", known)
    shoot(app, screen, f"report-evaluate-{style}")

    # Where nobody can make a file.
    save_report(app, "/proc/report.html")
    app.find(contains="The report can’t be written to /proc/report.html: ")


@pytest.fixture
def slow(tmp_path):
    """Mistakes that take a while to be made small: the same large picture in folders that
    call it by different names."""
    first = tmp_path / "noise.jpg"
    Image.effect_noise((2000, 2000), 60).convert("RGB").save(first, quality=95)
    for label in ("daisy", "dandelion", "roses", "sunflowers", "tulips"):
        folder = tmp_path / "slow" / label
        folder.mkdir(parents=True)
        for number in range(2):
            shutil.copy(first, folder / f"{label}-{number}.jpg")
    return str(tmp_path / "slow")


@pytest.fixture
def evaluated(start, slow):
    app = start(slow)
    ui.wait_for("10 answers", lambda: sum("%" in said for _, said in ui.rows(app)) == 10, 120,
                seen=lambda: ui.rows(app))
    app.key("alt+3")
    app.find(contains="Version 2 is right on ")
    return app


@pytest.mark.parametrize("how", ["ctrl+w", "ctrl+q"])
def test_closed_while_a_report_is_written(evaluated, tmp_path, how):
    out = tmp_path / "out"
    out.mkdir()
    save_report(evaluated, out / "report.html")
    evaluated.key(how)
    assert evaluated.wait() == 0
    # Nothing, or all of it where that was quicker: never a half.
    assert [name for name in os.listdir(out) if name != "report.html"] == []
    for path in out.iterdir():
        assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_two_reports_at_once(evaluated, tmp_path):
    app = evaluated
    save_report(app, tmp_path / "first.html")
    # There is half of it by now, which the chooser asks about.
    save_report(app, tmp_path / "second.html")
    for name in ("first", "second"):
        app.find(contains=f"The report is written to “{name}.html”", seconds=60)
    assert pieces(tmp_path / "first.html") == pieces(tmp_path / "second.html")


def test_what_nothing_opens_is_said(start, known, samples, tmp_path):
    # A desktop with all that GTK needs, and no program that shows web pages.
    for name in ("glib-2.0", "icons", "mime"):
        os.makedirs(tmp_path / "data", exist_ok=True)
        os.symlink(os.path.join("/usr/share", name), tmp_path / "data" / name)
    app = start(known, XDG_DATA_DIRS=str(tmp_path / "data"))
    wait_for_answers(app, len(samples))
    app.key("alt+3")
    app.find(contains="Version 2 is right on ")
    save_report(app, tmp_path / "report.html")
    app.find(contains="The report is written to “report.html”")
    # Only its text is among the accessibles.
    left, top, _, _ = app.size()
    x, y, width, height = app.find(name="Open").extents()
    ui.xdotool("mousemove", "--sync", left + x + width // 2, top + y + height // 2, "click", 1)
    app.find(contains="The report can’t be opened: ")
