# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli asks KServe's own server, whose models answer by the bytes that they get."""
import hashlib
import json
import os
import select
import subprocess

import pytest
from PIL import Image

import peers
from peers import samples
from service import PATIENCE

VERSION = "0.21.0"
PROGRAM = os.environ["ASSAY_CLI"]
MODELS = ["columns", "labeled", "means", "refusing", "shares", "words"]


@pytest.fixture(scope="module")
def kserve():
    """The address of the server."""
    python = peers.environment("kserve", f"kserve=={VERSION}")
    child = subprocess.Popen([python, os.path.join(peers.HERE, "kserve_serves.py")],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        ready, _, _ = select.select([child.stdout], [], [], PATIENCE)
        port = child.stdout.readline() if ready else b""
        assert port, f"the server was not ready within {PATIENCE} s (exit status {child.poll()})"
        yield f"http://127.0.0.1:{int(port)}"
    finally:
        child.terminate()
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()


@pytest.fixture
def cli(tmp_path):
    def run(*arguments):
        places = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "CACHE", "DATA")}
        return subprocess.run([PROGRAM, *arguments], env={**os.environ, **places, "HOME": str(tmp_path)},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=2 * PATIENCE)
    return run


def classify(cli, url, model, *options, protocol="kserve-v1"):
    done = cli("classify", "--protocol", protocol, "--url", url, "--model", model, "--no-history",
               "--format", "ndjson", "--retries", "0", *options, *samples())
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(samples()), done.stderr
    return {line["path"]: line for line in lines}


def shares(path):
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).digest()
    return [byte / sum(digest[:3]) for byte in digest[:3]]


def check_scores(line, labels, wanted, within=1e-12):
    assert line["status"] == "ok", line
    found = {entry["label"]: entry["score"] for entry in line["predictions"]}
    assert found == pytest.approx(dict(zip(labels, wanted)), abs=within)


def test_lists(cli, kserve):
    done = cli("models", "list", "--protocol", "kserve-v1", "--url", kserve, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert [(row["model"], row["version"]) for row in json.loads(done.stdout)] == [(name, "") for name in MODELS]


@pytest.mark.parametrize("model, labels, options", [
    ("shares", ("class 0", "class 1", "class 2"), ()),
    ("labeled", "abc", ("--body", "instances:image_bytes")),
    ("columns", ("class 0", "class 1", "class 2"), ("--body", "inputs:image")),
])
def test_files_arrive_whole(cli, kserve, model, labels, options):
    lines = classify(cli, kserve, model, *options)
    for path in samples():
        check_scores(lines[path], labels, shares(path))


def test_is_found_out(cli, kserve):
    """Although it says that it speaks the Open Inference Protocol too."""
    lines = classify(cli, kserve, "shares", protocol="auto")
    for path in samples():
        check_scores(lines[path], ("class 0", "class 1", "class 2"), shares(path))


def test_address_that_names_the_model(cli, kserve):
    lines = classify(cli, f"{kserve}/v1/models/shares:predict", "shares")
    for path in samples():
        check_scores(lines[path], ("class 0", "class 1", "class 2"), shares(path))


def test_labels_of_a_file(cli, kserve, tmp_path):
    (tmp_path / "labels.txt").write_text("daisy\nrose\ntulip\n")
    lines = classify(cli, kserve, "shares", "--labels", str(tmp_path / "labels.txt"))
    for path in samples():
        check_scores(lines[path], ("daisy", "rose", "tulip"), shares(path))


def test_pixels(cli, kserve):
    """Within a level of 255 of what Pillow makes of the picture."""
    lines = classify(cli, kserve, "means", "--preprocess", "0..1,size=8x8,crop=stretch")
    for path in samples():
        with Image.open(path) as image:
            small = image.convert("RGB").resize((8, 8), Image.BILINEAR)
        pixels = list(small.getdata())
        means = [sum(pixel[channel] for pixel in pixels) / 64 / 255 for channel in range(3)]
        check_scores(lines[path], ("class 0", "class 1", "class 2"), means, 1 / 255)


@pytest.mark.parametrize("model, version, code, words", [
    ("refusing", "", "refused", "this is no flower"),
    ("words", "", "bad-answer", "predictions[0]"),
    ("cold", "", "not-found", "Model with name cold does not exist."),
    ("shares", "1", "not-found", "Not Found"),
])
def test_errors_arrive_in_words(cli, kserve, model, version, code, words):
    for line in classify(cli, kserve, model, "--model-version", version).values():
        assert line["status"] == "failed"
        assert line["error"]["code"] == code and words in line["error"]["message"]


def test_wrong_form(cli, kserve):
    for line in classify(cli, kserve, "shares", "--body", "inputs:image").values():
        assert line["error"]["code"] == "service" and "'instances'" in line["error"]["message"]
