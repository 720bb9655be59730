# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""NVIDIA's tritonclient gets the answers from assay-serve that MLF's endpoint gives."""
import base64
import io

import numpy
import pytest
from PIL import Image

import peers
from peers import LABELS, ask, samples

VERSION = "2.73.0"
SCRIPT = "tritonclient_asks.py"
BATCH = 8


@pytest.fixture(scope="module")
def triton():
    return peers.environment("tritonclient", f"tritonclient[http]=={VERSION}")


def infer(triton, service, version="2", binary=(True, True), **question):
    return ask(triton, SCRIPT, service, what="infer", model="flowers", version=version, binary_in=binary[0],
               binary_out=binary[1], **question)


def rows(values):
    return [values[i:i + len(LABELS)] for i in range(0, len(values), len(LABELS))]


def test_describes(triton, flowers):
    answer = ask(triton, SCRIPT, flowers, what="describe", model="flowers")
    assert answer["live"] and answer["ready"]
    assert answer["model_ready"] == [True, True, False]
    assert answer["server"]["name"] == "assay-serve"
    assert answer["model"]["versions"] == ["2", "1"]
    assert answer["model"]["parameters"]["labels"].split("\n") == LABELS
    assert [(row["name"], row["version"], row["state"]) for row in answer["index"]] == [
        ("flowers", "2", "READY"), ("flowers", "1", "READY")]


@pytest.mark.parametrize("version", ["1", "2"])
def test_pictures_in_batches(triton, flowers, answers, version):
    paths = samples()
    for start in range(0, len(paths), BATCH):
        part = [peers.read_base64(path) for path in paths[start:start + BATCH]]
        answer = infer(triton, flowers, version, pictures=part)
        assert answer["shape"] == [len(part), len(LABELS)]
        assert (answer["id"], answer["version"]) == ("7", version)
        assert answer["labels"] == LABELS * len(part)
        for found, want in zip(rows(answer["probabilities"]), answers[version][start:]):
            assert dict(zip(LABELS, found)) == pytest.approx(want, abs=1e-6)


def test_all_outputs_when_none_is_named(triton, flowers, answers):
    answer = infer(triton, flowers, pictures=[peers.read_base64(samples()[0])], outputs=False)
    assert dict(zip(answer["labels"], answer["probabilities"])) == pytest.approx(answers["2"][0], abs=1e-6)


def test_json_answer(triton, flowers, answers):
    answer = infer(triton, flowers, binary=(True, False), pictures=[peers.read_base64(samples()[0])])
    assert dict(zip(answer["labels"], answer["probabilities"])) == pytest.approx(answers["2"][0], abs=1e-6)


@pytest.mark.parametrize("binary_out", [True, False])
def test_classification(triton, flowers, answers, binary_out):
    answer = infer(triton, flowers, binary=(True, binary_out), classes=3,
                   pictures=[peers.read_base64(path) for path in samples()[:2]])
    assert answer["shape"] == [2, 3]
    for i in range(2):
        found = [text.split(":", 2) for text in answer["probabilities"][3 * i:3 * i + 3]]
        want = sorted(answers["2"][i].items(), key=lambda item: -item[1])[:3]
        assert [label for _, _, label in found] == [label for label, _ in want]
        assert [float(score) for score, _, _ in found] == pytest.approx([score for _, score in want], abs=1e-6)
        assert [LABELS[int(index)] for _, index, _ in found] == [label for label, _ in want]


@pytest.mark.parametrize("binary", [(True, True), (False, False)])
@pytest.mark.parametrize("name, datatype", [("pixels", "UINT8"), ("tensor", "FP32")])
def test_tensors(triton, flowers, name, datatype, binary):
    """A picture that needs no resizing, prepared by the client."""
    levels = numpy.random.default_rng(8).integers(0, 256, (112, 112, 3), numpy.uint8)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    want = infer(triton, flowers, pictures=[base64.b64encode(file.getvalue()).decode()])
    planes = levels.transpose(2, 0, 1)[None]
    data = planes if datatype == "UINT8" else (planes / 255).astype(numpy.float32)
    answer = infer(triton, flowers, binary=binary, name=name, datatype=datatype, shape=list(data.shape),
                   data=base64.b64encode(data.tobytes()).decode())
    assert answer["probabilities"] == pytest.approx(want["probabilities"], abs=1e-6)


def test_errors_arrive_in_words(triton, flowers):
    answer = infer(triton, flowers, version="9", pictures=[peers.read_base64(samples()[0])])
    assert answer["status"].startswith("404") and "version" in answer["error"].lower()
    answer = infer(triton, flowers, pictures=[base64.b64encode(b"no picture").decode()])
    assert answer["status"].startswith("400") and "image[0] is no picture" in answer["error"]
