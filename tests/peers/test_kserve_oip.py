# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli asks KServe's own server by its protocol of version 2, which runs our own network
by ONNX Runtime, and hears what assay-serve says: the same labels, the scores within 1e-4."""
import json

import pytest

import foreign
import peers
from peers import samples

PACKAGES = ["kserve==0.21.0", "onnxruntime==1.20.1", "pillow"]  # it wants one of its own
# How each of its models is asked: it has no versions.
WAYS = {
    "tensors": ["--labels", foreign.LABELS_FILE, "--preprocess", foreign.preprocessing()],
    "files": [],
}


@pytest.fixture(scope="module")
def kserve():
    """The address of the server."""
    python = peers.environment("kserve-oip", *PACKAGES)
    with foreign.serving(python, "kserve_oip_serves.py", *WAYS) as addresses:
        yield addresses[0]


@pytest.fixture(scope="module")
def cli(tmp_path_factory):
    return foreign.Cli(tmp_path_factory.mktemp("home"))


def ask(cli, url, paths, model, *options, version=""):
    return cli.classify(paths, "--url", url, "--protocol", "oip", "--model", model,
                        "--model-version", version, *options)


def test_lists(cli, kserve):
    done = cli("models", "list", "--url", kserve, "--protocol", "oip", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert [(row["model"], row["version"]) for row in json.loads(done.stdout)] == \
        [(name, "") for name in sorted(WAYS)]


@pytest.mark.parametrize("model", WAYS)
def test_samples(cli, kserve, open_flowers, model):
    ours = ask(cli, open_flowers.url, samples(), "flowers", version="2")
    theirs = ask(cli, kserve, samples(), model, *WAYS[model])
    print(f"{model}: scores within {foreign.compare(theirs, ours):.2g}")


@pytest.mark.parametrize("model", WAYS)
def test_photos(cli, kserve, open_flowers, model):
    paths = foreign.photos()
    if not paths:
        pytest.skip("the photos are not part of the project: give their folder with -Dflowers")
    ours = ask(cli, open_flowers.url, paths, "flowers", version="2")
    theirs = ask(cli, kserve, paths, model, *WAYS[model])
    print(f"{model}: scores of {len(paths)} photos within {foreign.compare(theirs, ours):.2g}")


@pytest.mark.parametrize("model, version, words", [
    ("nobody", "", "nobody"),
    ("files", "2", "versioning"),
])
def test_errors_arrive_in_words(cli, kserve, model, version, words):
    path = samples()[0]
    line = ask(cli, kserve, [path], model, version=version)[path]
    assert line["status"] == "failed" and words in line["error"]["message"], line
