# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli with the service that comes with Assay, and its models on photos."""
import json
import os

import pytest
from conftest import PATIENCE, picture

LABELS = ["daisy", "dandelion", "roses", "sunflowers", "tulips"]
FLOWERS = os.environ.get("ASSAY_FLOWERS")


def test_without_options_the_builtin_service_is_asked(cli):
    (cli.folder / "a.jpg").write_bytes(picture(1, size=(200, 200)))
    result = cli("classify", "a.jpg", "--format", "ndjson")
    assert result.status == 0, result
    line, = result.lines()
    assert (line["model"], line["version"]) == ("flowers", "2")
    assert sorted(p["label"] for p in line["predictions"]) == LABELS
    assert abs(sum(p["score"] for p in line["predictions"]) - 1) < 1e-6
    assert list((cli.folder / "home").rglob("connections*")) == []


def test_models_of_the_builtin_service(cli):
    result = cli("models", "list", "--format", "json")
    assert result.status == 0, result
    assert {(v["model"], v["version"], v["state"]) for v in json.loads(result.out)} == \
        {("flowers", "1", "SUCCEEDED"), ("flowers", "2", "SUCCEEDED")}


def test_one_version_is_enough_to_type(cli):
    (cli.folder / "a.jpg").write_bytes(picture(1))
    result = cli("classify", "a.jpg", "--connection", "builtin", "--model", "flowers",
                 "--model-version", "1", "--format", "ndjson")
    assert result.status == 0, result
    assert result.lines()[0]["version"] == "1"


@pytest.mark.skipif(not FLOWERS, reason="no photos: configure with -Dflowers=FOLDER")
@pytest.mark.parametrize("version, low, high", [("2", 0.83, 1), ("1", 0.68, 0.78)])
def test_accuracy_on_photos_that_were_never_seen(cli, version, low, high):
    holdout = os.path.join(FLOWERS, "holdout")
    wanted = sorted(os.path.join(folder, name) for folder, _, names in os.walk(holdout)
                    for name in names if name.endswith(".jpg"))
    child = cli.start("classify", holdout, "--model", "flowers", "--model-version", version,
                      "--format", "ndjson")
    out, err = child.communicate(timeout=10 * PATIENCE)
    assert child.returncode == 0, err
    lines = [json.loads(line) for line in out.splitlines()]
    assert sorted(line["path"] for line in lines) == wanted
    for line in lines:
        assert sorted(p["label"] for p in line["predictions"]) == LABELS
        assert abs(sum(p["score"] for p in line["predictions"]) - 1) < 1e-6
    right = sum(os.path.basename(os.path.dirname(line["path"])) == line["predictions"][0]["label"]
                for line in lines)
    assert low <= right / len(lines) <= high
