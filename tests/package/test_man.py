# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The man pages have no fault that man can find, and name just the options that there are."""
import os
import re

import pytest
from conftest import BUILD, SOURCE, run

PROGRAMS = {
    "assay": ("app", [["--help-all"]]),
    "assay-cli": ("cli", [[*command.split(), "--help"] for command in (
        "classify", "evaluate", "compare", "models list", "models add", "connection add", "connection import", "connection test",
        "history list", "history export", "history resume", "history prune")]),
    "assay-serve": ("serve", [["--help"]]),
}
# Named in the usage text of assay-cli, not in a list of options.
OF_THE_USAGE = {"assay-cli": {"--version"}}


def page(program):
    return os.path.join(SOURCE, "data", "man", program + ".1")


def options_of(program):
    """{option: what it takes or ""} by the program's own help."""
    room, calls = PROGRAMS[program]
    found = {option: "" for option in OF_THE_USAGE.get(program, ())}
    for call in calls:
        said = run(os.path.join(BUILD, "src", room, program), *call).stdout
        found.update(re.findall(r"^  (?:-\w, )?(--[a-z0-9-]+)(?:=(\S+))?", said, re.M))
    assert len(found) > 3
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_without_warnings(program):
    result = run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page(program))
    assert result.stderr == ""
    assert result.stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_names_every_option(program):
    said = run("man", "-E", "UTF-8", "-l", page(program),
               env={**os.environ, "MANWIDTH": "200", "MAN_KEEP_FORMATTING": ""}).stdout
    listed = dict(re.findall(r"^ {7}(?:-\w, )?(--[a-z0-9-]+)(?:=(\S+))?(?: {2}.*)?$", said, re.M))
    assert listed == options_of(program)


def test_a_fault_is_found(tmp_path):
    bad = tmp_path / "bad.1"
    bad.write_text(".TH BAD 1\n.SH NAME\nbad \\- \\[nosuchglyph]\n")
    assert run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", bad).stderr != ""
