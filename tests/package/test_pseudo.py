# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli and assay-serve in a marked language: nothing that they say went past gettext."""
import os
import re

import pytest
from marked import LANGUAGE, make_catalog, unmarked

# GLib's own words, in GLib's own catalog.
GLIB = ["Usage:", "Help Options:", "Application Options:", "Show help options", "[OPTION…]",
        "GApplication options", "Show all help options", "Show GApplication options",
        "Show GApplication Options"]
NAMES = ["assay-cli", "assay-serve", "assay", "classify", "compare", "connection", "evaluate", "history",
         "models list", "verify",
         "models", "flowers", "SUCCEEDED", "daisy", "dandelion", "roses", "sunflowers", "tulips"]
OPTION = re.compile(r"(?:-\w, )?--[a-z0-9-]+=?|(?<= )-[ab]\b")


@pytest.fixture(scope="module")
def say(prefix, tmp_path_factory):
    """Calls a program and gives back what it says, once nothing is unmarked in it."""
    make_catalog(tmp_path_factory.mktemp("marked"), prefix.share("locale"))

    def call(program, *words, status=0, names=()):
        result = prefix.run(program, *words, LANGUAGE=LANGUAGE)
        said = result.stdout + result.stderr
        assert result.returncode == status, said
        assert unmarked(OPTION.sub(" ", said), *NAMES, *GLIB, *names) == [], said
        return said

    return call


@pytest.fixture(scope="module")
def things(prefix):
    """One of each kind that cannot be sent, in the folder that programs run in."""
    home = prefix.home
    (home / "empty.jpg").touch()
    (home / "notes.txt").write_text("words\n")
    (home / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (home / "nothing").mkdir()
    (home / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    os.mkfifo(home / "pipe.jpg")
    os.symlink("nowhere", home / "link.jpg")
    return ["empty.jpg", "notes.txt", "cut.png", "nothing", "drawing.svg", "pipe.jpg", "link.jpg",
            "missing.jpg"]


def test_the_marks_work(say):
    assert unmarked("⟦à ⟦b⟧⟧ 3 % c") == []
    assert unmarked("⟦à⟧ left out") == ["left", "out"]
    assert "⟦" in say("assay-cli", "--help")


CONNECTION = ["list", "show", "add", "import", "test", "remove"]
HISTORY = ["list", "show", "export", "import", "resume", "prune"]
MODELS = ["list", "add", "remove"]


@pytest.mark.parametrize("words", [
    [], ["classify"], ["evaluate"], ["compare"], ["models"], ["connection"], ["history"], ["verify"],
    *(["connection", word] for word in CONNECTION), *(["history", word] for word in HISTORY),
    *(["models", word] for word in MODELS)])
def test_help(say, words):
    names = {"connection": CONNECTION, "history": HISTORY, "models": MODELS}.get("".join(words), words)
    say("assay-cli", *words, "--help", names=names)


def test_the_service(say):
    say("assay-serve", "--help")
    say("assay-serve", "surplus", status=2, names=["surplus"])
    say("assay-serve", "--listen", "nowhere", "--no-auth", status=2, names=["nowhere"])
    say("assay-serve", status=2)
    say("assay-serve", "--workers", "100000", "--no-auth", status=2)


def test_the_app(say):
    say("assay", "--help-all",
        names=["Enter GApplication service mode (use from D-Bus service files)"])


@pytest.mark.parametrize("words", [
    [], ["surplus"], ["models"], ["classify"], ["connection"], ["connection", "surplus"],
    ["connection", "show"], ["connection", "show", "x"], ["connection", "remove", "x"],
    ["connection", "add"], ["connection", "add", "x"], ["connection", "import", "missing"],
    ["connection", "add", "x", "--url", "x"], ["connection", "add", "x", "--auth", "x"],
    ["connection", "add", "x", "--url", "http://127.0.0.1/", "--auth", "oauth"],
    ["connection", "add", "x", "--url", "http://127.0.0.1/", "--header", "x"],
    ["connection", "add", "x", "--url", "http://127.0.0.1/", "--accept-certificate", "x"],
    ["history", "x"], ["history", "show"], ["history", "show", "x"], ["history", "show", "7"],
    ["history", "export", "7"], ["history", "resume"], ["history", "resume", "7"],
    ["history", "prune"], ["history", "prune", "7"], ["history", "prune", "--all", "7"],
    ["history", "prune", "--older-than", "40000"], ["history", "list", "--format", "csv"],
    ["connection", "test", "x"], ["classify", "--archives", "x", "p"],
    ["models", "list", "path"], ["models", "list", "--format", "csv"],
    ["classify", "--format", "x", "p"], ["classify", "--convert", "x", "p"],
    ["classify", "--jobs", "0", "p"], ["classify", "--top", "-1", "p"],
    ["classify", "--limit", "-1", "p"], ["classify", "--threshold", "2", "p"],
    ["classify", "--progress", "x", "p"], ["classify", "--connection", "x", "p"],
    ["classify", "--url", "x", "--connection", "x", "p"], ["classify", "--url", "x", "p"],
    ["classify", "--models-url", "x", "p"], ["classify", "--protocol", "x", "p"],
    ["classify", "--timeout", "0", "p"], ["classify", "--ca-file", "x", "p"],
    ["classify", "--token-file", "x", "--url", "http://127.0.0.1/", "p"],
    ["evaluate"], ["evaluate", "--format", "csv", "p"], ["evaluate", "--min-accuracy", "2", "p"],
    ["evaluate", "--truth", "missing", "p"], ["compare", "-b", "1", "p"],
    ["compare", "-a", "1", "-b", "2", "--max-regressions", "0", "p"],
    ["compare", "-a", "1", "-b", "2", "--min-agreement", "2", "p"],
    ["compare", "-a", "1", "-b", "2", "--model-version", "2", "p"],
    ["compare", "--baseline", "missing", "-b", "2", "p"],
])
def test_wrong_calls(say, words):
    say("assay-cli", *words, status=2,
        names=["surplus", "missing", "No such file or directory", *CONNECTION, *HISTORY, *words])


def test_answers(say, prefix):
    roses = prefix.share("assay", "samples", "roses-red.jpg")
    said = say("assay-cli", "classify", roses, names=[roses])
    assert said.count("⟦") >= 5
    say("assay-cli", "classify", "--threshold", "1", roses, names=[roses])
    say("assay-cli", "classify", "--dry-run", roses, names=[roses])
    say("assay-cli", "models", "list")


def test_what_is_judged(say, prefix):
    samples = prefix.share("assay", "samples")
    names = [*os.listdir(samples), samples, "daisy-lawn", "elephant", "nowhere", "pp", "p"]
    (prefix.home / "truth.csv").write_text(
        "daisy-lawn.jpg,Daisies\nroses-red.jpg,tulips\nnowhere.jpg,daisy\nroses-red.jpg,daisy\n"
        "tulips-vase.jpg,elephant\n")
    say("assay-cli", "evaluate", "--truth", "truth.csv", "--min-accuracy", "1", samples, status=4,
        names=[*names, "nowhere.jpg", "Daisies"])
    say("assay-cli", "compare", "-a", "1", "-b", "2", "--truth", "truth.csv", "--max-regressions", "0",
        samples, names=[*names, "nowhere.jpg", "Daisies"])
    say("assay-cli", "evaluate", samples, names=names)


def test_what_cannot_be_sent(say, things):
    say("assay-cli", "classify", "--dry-run", *things, status=1, names=things)


def test_no_service(say, prefix):
    roses = prefix.share("assay", "samples", "roses-red.jpg")
    say("assay-cli", "models", "list", "--url", "http://127.0.0.1:1/", "--models-url",
        "http://127.0.0.1:1/", status=3,
        names=["http", "127.0.0.1"])
    say("assay-cli", "classify", "--model", "unknown", roses, status=2, names=[roses, "unknown"])
