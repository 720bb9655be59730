# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The completions, sourced into a bash that asks them as a terminal would."""
import os
import re
import subprocess

import pytest
from conftest import BUILD, SOURCE, run

# Asks for what could stand in place of the last word.
ASK = r"""
compopt() { :; }  # only a completion that is under way has options
source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
"_${1//-/_}" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""


def complete(*words, cwd=None, **environment):
    file = os.path.join(SOURCE, "data", "completions", words[0])
    result = run("bash", "--norc", "-u", "-c", ASK, "bash", file, *words, cwd=cwd,
                 env={**os.environ, **environment})
    assert result.stderr == ""
    return [line for line in result.stdout.splitlines() if line]


def options(room, *call):
    said = run(os.path.join(BUILD, "src", room, call[0]), *call[1:], "--help").stdout
    found = set(re.findall(r"^  (?:-\w, )?(--[a-z0-9-]+)", said, re.M))
    assert "--help" in found
    return found


def test_commands():
    assert complete("assay-cli", "") == ["classify", "compare", "connection", "evaluate", "history",
                                        "models", "verify", "--help", "--version"]
    assert complete("assay-cli", "cl") == ["classify"]
    assert complete("assay-cli", "models", "") == ["list", "add", "remove"]


@pytest.mark.parametrize("command", ["classify", "evaluate", "compare", "verify", *(
    "models " + word for word in ("list", "add", "remove")), *(
    "connection " + word for word in ("list", "show", "add", "import", "test", "remove")), *(
    "history " + word for word in ("list", "show", "export", "import", "resume", "prune"))])
def test_every_option_of_a_command(command):
    words = command.split()
    assert set(complete("assay-cli", *words, "--")) == options("cli", "assay-cli", *words)


def test_every_option_of_the_service():
    assert set(complete("assay-serve", "--")) == options("serve", "assay-serve")


@pytest.mark.parametrize("words, offered", [
    (["classify", "--format", ""], ["table", "json", "ndjson", "csv"]),
    (["classify", "--format", "=", "nd"], ["ndjson"]),
    (["classify", "--format", "="], ["table", "json", "ndjson", "csv"]),
    (["models", "list", "--format", ""], ["table", "json"]),
    (["classify", "--convert", ""], ["auto", "never"]),
    (["classify", "--archives", ""], ["open", "send"]),
    (["history", ""], ["list", "show", "export", "import", "resume", "prune"]),
    (["history", "list", "--format", ""], ["table", "json"]),
    (["history", "export", "1", "--format", ""], ["table", "json", "ndjson", "csv"]),
    (["history", "prune", "--keep", ""], []),
    (["connection", ""], ["list", "show", "add", "import", "test", "remove"]),
    (["connection", "add", "--auth", ""], ["none", "bearer", "oauth", "api-key"]),
    (["connection", "add", "--client-id", ""], []),
    (["classify", "--progress", "a"], ["always", "auto"]),
    (["classify", "--protocol", ""], ["mlf", "oip", "kserve-v1", "generic", "auto"]),
    (["classify", "--jobs", ""], []),
    (["evaluate", "--format", ""], ["table", "json"]),
    (["compare", "--truth", "fol"], ["folders"]),
    (["compare", "-a", ""], []),
    (["compare", "--max-regressions", ""], []),
])
def test_values(words, offered):
    assert complete("assay-cli", *words) == offered


def test_values_that_are_taken():
    """What is offered is what the program takes, by its own word."""
    program = os.path.join(BUILD, "src", "cli", "assay-cli")
    for option in ("--format", "--convert", "--archives", "--progress"):
        refused = subprocess.run([program, "classify", "--dry-run", option, "x", "x"],
                                 capture_output=True, text=True, check=False)
        for value in complete("assay-cli", "classify", option, ""):
            assert re.search(rf"\b{value}\b", refused.stderr), (option, refused.stderr)


def test_files_and_lists(tmp_path):
    (tmp_path / "one picture.jpg").touch()
    (tmp_path / "folder").mkdir()
    assert sorted(complete("assay-cli", "classify", "", cwd=tmp_path)) == ["folder", "one picture.jpg"]
    assert complete("assay-cli", "classify", "@f", cwd=tmp_path) == ["@folder"]
    assert complete("assay-cli", "classify", "--output", "one", cwd=tmp_path) == ["one picture.jpg"]
    assert complete("assay-serve", "--models", "", cwd=tmp_path) == ["folder"]


def test_saved_connections(tmp_path):
    folder = tmp_path / "assay"
    folder.mkdir()
    (folder / "connections.conf").write_text(
        "[a]\nname=Our Server\nurl=https://example.com/\n\n[b]\nname=test\n")
    here = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert complete("assay-cli", "classify", "--connection", "", **here) == \
        ["builtin", "Our\\ Server", "test"]
    assert complete("assay-cli", "models", "--connection", "Our\\ S", **here) == ["Our\\ Server"]
    assert complete("assay-cli", "connection", "remove", "O", **here) == ["Our\\ Server"]
    assert complete("assay-cli", "models", "--connection", "", XDG_CONFIG_HOME="/nowhere") == \
        ["builtin"]
