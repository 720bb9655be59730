# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client generated from the protocol's own OpenAPI description, which checks
every answer against it, gets the answers that MLF's endpoint gives."""
import pytest

import peers
from peers import LABELS, ask, samples

VERSION = "2.0.0.1"
SCRIPT = "open_inference_asks.py"


@pytest.fixture(scope="module")
def client():
    return peers.environment("open-inference", f"open-inference-openapi=={VERSION}")


def infer(client, service, version, *pictures):
    image = {"name": "image", "datatype": "BYTES", "shape": [len(pictures)],
             "parameters": {"content_type": "base64"}, "data": list(pictures)}
    return ask(client, SCRIPT, service, what="infer", model="flowers", version=version,
               request={"id": "7", "inputs": [image]})


def test_describes(client, flowers):
    answer = ask(client, SCRIPT, flowers, what="describe", model="flowers", version="1")
    assert answer["server"]["name"] == "assay-serve"
    assert answer["model"]["versions"] == ["2", "1"]
    assert answer["version"]["inputs"][0] == {"name": "image", "datatype": "BYTES", "shape": [-1]}


@pytest.mark.parametrize("version", ["1", "2"])
def test_pictures(client, flowers, answers, version):
    answer = infer(client, flowers, version, *map(peers.read_base64, samples()[:5]))
    outputs = {output["name"]: output for output in answer["outputs"]}
    assert answer["id"] == "7"
    assert outputs["labels"]["data"] == LABELS * 5
    scores = outputs["probabilities"]["data"]
    for i in range(5):
        found = dict(zip(LABELS, scores[5 * i:5 * i + 5]))
        assert found == pytest.approx(answers[version][i], abs=1e-6)


def test_errors_arrive_in_words(client, flowers):
    answer = infer(client, flowers, "9", peers.read_base64(samples()[0]))
    assert answer["status"] == 404 and answer["error"]
    answer = infer(client, flowers, "1", "bm8gcGljdHVyZQ==")
    assert answer["status"] == 400 and "image[0] is no picture" in answer["error"]
