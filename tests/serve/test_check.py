# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-serve --check: one line of JSON about a network, whatever it is."""
import json
import struct
import subprocess

import pytest

from service import (LABELS, PATIENCE, PROGRAM, _bytes, _node, _number, _tensor, _value, metadata,
                     network, scores, picture, put_version, Service)


def check(path, *options):
    done = subprocess.run([PROGRAM, "--check", path, *options], capture_output=True, timeout=PATIENCE,
                          check=False)
    assert done.returncode == 0 and done.stderr == b"" and done.stdout.count(b"\n") == 1, done
    return json.loads(done.stdout)


@pytest.fixture
def write(tmp_path):
    def put(data, name="given.onnx"):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name
    return put


def test_all_that_is_told(write):
    path = write(network(softmax=False) + metadata("labels", json.dumps(LABELS)))
    assert check(path) == {
        "ok": True, "scores": 3, "labels": LABELS, "labels_from": "metadata", "passed_over": None,
        "preprocess": "0..1,size=8x8,filter=area", "guessed": True, "activation": "softmax",
        "model": {"input": {"preprocess": "0..1,size=8x8,filter=area"},
                  "output": {"activation": "softmax"}}}


def test_layout_is_the_files(write):
    found = check(write(network(layout="NHWC")))
    assert "layout=nhwc" in found["preprocess"] and found["labels"] is None


@pytest.mark.parametrize("data, options, reason, operator", [
    (b"", [], "network", None),
    (network().replace(b"Flatten", b"NonZero"), [], "operator", "NonZero"),
    (network(size=4097), [], "input", None),
    (network(), ["--preprocess", "fancy"], "preprocess", None),
    (network(), ["--labels", "/dev/null"], "labels", None),
    (network(), ["--labels", "/nowhere"], "labels", None),
])
def test_what_is_wrong(write, data, options, reason, operator):
    said = check(write(data), *options)
    assert (said["ok"], said["reason"], said["operator"]) == (False, reason, operator)
    assert said["message"]


def test_it_is_for_a_check_alone():
    for option in "--labels", "--preprocess":
        done = subprocess.run([PROGRAM, option, "x"], capture_output=True, timeout=PATIENCE,
                              check=False)
        assert done.returncode == 2 and b"--check" in done.stderr, done


def scalar(value, name=None):
    return (_number(2, 1) + _bytes(9, struct.pack("<f", value))
            + (_bytes(8, name) if name is not None else b""))


def bent(low, high):
    """Means of the channels, held between two bounds by a Clip as it is today, and behind an
    Identity of a weight: 1, 2 and 3 times each."""
    constant = _bytes(1, "value") + _bytes(5, scalar(low)) + _number(20, 4)
    flatten = _bytes(1, "axis") + _number(3, 1) + _number(20, 2)
    nodes = [_node("Constant", [], "low", [constant]),
             _node("Identity", ["once"], "again"), _node("Identity", ["again"], "weight"),
             _node("GlobalAveragePool", ["image"], "mean"),
             _node("Flatten", ["mean"], "flat", [flatten]),
             _node("Clip", ["flat", "low", "high"], "held"),
             _node("Gemm", ["held", "weight"], "scores")]
    identity = [float(i + 1) if i == j else 0.0 for i in range(3) for j in range(3)]
    graph = (b"".join(_bytes(1, n) for n in nodes) + _bytes(2, "bent")
             + _bytes(5, _tensor("once", [3, 3], identity)) + _bytes(5, scalar(high, "high"))
             + _bytes(11, _value("image", [1, 3, 8, 8])) + _bytes(12, _value("scores", [1, 3])))
    return _number(1, 7) + _bytes(7, graph) + _bytes(8, _number(2, 13))


def test_what_opencv_takes_otherwise_alone_means_the_same(tmp_path):
    put_version(tmp_path, onnx=bent(0.2, 0.5), spec={
        "input": {"width": 8, "height": 8}, "output": {"activation": "softmax"}})
    with Service(tmp_path) as service:
        service.wait_ready()
        found = scores(service.classify(picture((0, 102, 255)), "/models/colors/versions/1").json())
    powers = [2.718281828459045 ** (place * min(max(value / 255, 0.2), 0.5))
              for place, value in enumerate((0, 102, 255), 1)]
    for label, power in zip(LABELS, powers):
        assert abs(found[label] - power / sum(powers)) < 1e-4
