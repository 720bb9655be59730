# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of services names tests that there are, and every protocol that there is."""
import json
import os
import re

SOURCE = os.environ["ASSAY_SOURCE"]


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def table():
    lines = [line for line in read("docs/services.md").splitlines() if line.startswith("| ")]
    start = next(i for i, line in enumerate(lines) if line.startswith("| | `mlf`"))
    return lines[start:]


def tests():
    with open(os.path.join(os.environ["ASSAY_BUILD"], "meson-info", "intro-tests.json"),
              encoding="utf-8") as file:
        return {test["name"] for test in json.load(file)}


def test_each_cell_names_tests_that_there_are():
    named = {name for line in table()[2:] for name in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", line)}
    named -= {"nvidia-pytriton"}
    assert len(named) > 20
    assert named - tests() == set()


def test_each_protocol_has_its_column():
    listed = re.findall(r"&assay_protocol_(\w+),", read("src/lib/wire/assay-protocol.c"))
    columns = re.findall(r"`([a-z0-9-]+)`", table()[0])
    assert [name.split("-")[0] for name in columns] == listed
    assert len(listed) == 4
    for line in table()[2:]:
        assert line.count("|") == len(listed) + 2, line
