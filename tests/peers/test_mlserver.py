# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli asks Seldon's MLServer, which runs our own network by ONNX Runtime, and hears
what assay-serve says: the same labels, the scores within 1e-4."""
import json

import pytest

import foreign
import peers
from peers import samples

PACKAGES = ["mlserver==1.7.1", "onnxruntime==1.20.1", "pillow==11.3.0"]
OIP = ["--protocol", "oip", "--model-version", "2"]
# How each of its models is asked.
WAYS = {
    "tensors": ["--labels", foreign.LABELS_FILE, "--preprocess", foreign.preprocessing()],
    "files": [],
    "pipeline": [],
}


@pytest.fixture(scope="module")
def mlserver():
    """The address of the server."""
    python = peers.environment("mlserver", *PACKAGES)
    with foreign.serving(python, "mlserver_serves.py", *WAYS) as addresses:
        yield addresses[0]


@pytest.fixture(scope="module")
def cli(tmp_path_factory):
    return foreign.Cli(tmp_path_factory.mktemp("home"))


def test_discovers(cli, mlserver):
    done = cli("models", "list", "--url", mlserver, "--protocol", "auto", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert [(row["model"], row["version"]) for row in json.loads(done.stdout)] == \
        [(name, "2") for name in sorted(WAYS)]


@pytest.mark.parametrize("model", WAYS)
def test_samples(cli, mlserver, open_flowers, model):
    ours = cli.classify(samples(), "--url", open_flowers.url, *OIP, "--model", "flowers")
    theirs = cli.classify(samples(), "--url", mlserver, *OIP, "--model", model, *WAYS[model])
    print(f"{model}: scores within {foreign.compare(theirs, ours):.2g}")


@pytest.mark.parametrize("model", ["tensors", "files"])
def test_photos(cli, mlserver, open_flowers, model):
    paths = foreign.photos()
    if not paths:
        pytest.skip("the photos are not part of the project: give their folder with -Dflowers")
    ours = cli.classify(paths, "--url", open_flowers.url, *OIP, "--model", "flowers")
    theirs = cli.classify(paths, "--url", mlserver, *OIP, "--model", model, *WAYS[model])
    print(f"{model}: scores of {len(paths)} photos within {foreign.compare(theirs, ours):.2g}")


def test_version_may_be_left_out(cli, mlserver):
    path = samples()[0]
    line = cli.classify([path], "--url", mlserver, "--protocol", "oip", "--model", "files",
                        "--model-version", "")[path]
    assert sorted(foreign.scores(line)) == peers.LABELS


def test_comparison_says_same(cli, mlserver, open_flowers):
    for name, url, options in (("ours", open_flowers.url, []), ("theirs", mlserver, WAYS["tensors"])):
        done = cli("connection", "add", name, "--url", url, "--protocol", "oip", "--auth", "none", *options)
        assert done.returncode == 0, done.stderr
    paths = samples() + foreign.photos()
    found = cli.compare(paths, "ours:flowers/2", "theirs:tensors/2")
    assert (found["images"], found["agree"], found["changed"], found["flips"]) == \
        (len(paths), len(paths), 0, [])


@pytest.mark.parametrize("model, version, code, words", [
    ("nobody", "2", "not-found", "nobody"),
    ("files", "9", "not-found", "9"),
])
def test_errors_arrive_in_words(cli, mlserver, model, version, code, words):
    path = samples()[0]
    line = cli.classify([path], "--url", mlserver, "--protocol", "oip", "--model", model,
                        "--model-version", version)[path]
    assert line["status"] == "failed"
    assert line["error"]["code"] == code and words in line["error"]["message"]
