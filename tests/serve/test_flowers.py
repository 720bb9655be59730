# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The models that come with the program, guarded through the whole service by a few
of the project's own drawings."""
import json
import os

import pytest
import requests

from flowers import LABELS, SOURCE, ask

DRAWINGS = os.path.join(SOURCE, "tests", "fixtures", "drawings")


@pytest.fixture(scope="module")
def expected():
    with open(os.path.join(DRAWINGS, "expected.json"), encoding="utf-8") as file:
        return json.load(file)


@pytest.mark.parametrize("version", ["1", "2"])
def test_drawings_have_the_scores_of_the_training_script(flowers, expected, version):
    far = []
    assert len(expected["drawings"]) >= 10
    with requests.Session() as session:
        for drawing in expected["drawings"]:
            found = ask(flowers, session, os.path.join(DRAWINGS, drawing["file"]), version)
            wanted = dict(zip(expected["labels"], drawing[version]))
            distance = max(abs(found[label] - wanted[label]) for label in LABELS)
            if distance > 1e-3:
                far.append(f"{drawing['file']}: off by {distance:.4f}")
    assert not far, far


def test_the_newest_version_names_the_drawings(flowers, expected):
    wrong = []
    with requests.Session() as session:
        for drawing in expected["drawings"]:
            found = ask(flowers, session, os.path.join(DRAWINGS, drawing["file"]))
            if max(found, key=found.get) != drawing["label"]:
                wrong.append(f"{drawing['file']}: {found}")
    assert not wrong, wrong
