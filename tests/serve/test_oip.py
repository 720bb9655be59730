# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Open Inference Protocol, asked byte by byte, and beside MLF's endpoint."""
import base64
import glob
import io
import json
import os
import socket
import struct

import pytest
import requests
from PIL import Image

import flowers as flower_models
from oip import LENGTH, binary, call, elements, image, infer
from service import LABELS, PATIENCE, SECRET, Service, expected, network, picture, put_version

COLOR = (200, 40, 90)
COLORS = [(250, 0, 0), (0, 250, 0), (0, 0, 250)]
SAMPLES = sorted(glob.glob(os.path.join(os.environ["ASSAY_SOURCE"], "data/samples/**/*.*"), recursive=True)
                 + glob.glob(os.path.join(os.environ["ASSAY_SOURCE"], "tests/fixtures/drawings/**/*.*"),
                             recursive=True))


def level_bytes(color=COLOR, n=1, size=8):
    """A picture of one color, channel by channel."""
    return b"".join(bytes([value]) * size * size for value in color) * n


def tensor(color=COLOR, n=1, size=8):
    return struct.pack(f"<{n * 3 * size * size}f", *(value / 255 for value in level_bytes(color, n, size)))


def assert_error(reply, status, words=""):
    assert reply.status == status, reply.body
    assert reply.headers["Content-Type"].split(";")[0] == "application/json"
    assert set(reply.json) == {"error"}
    assert isinstance(reply.json["error"], str) and reply.json["error"]
    assert words in reply.json["error"]


# ---- what it says of itself -----------------------------------------------

def test_server(service):
    reply = call(service, "GET", "/v2")
    assert reply.status == 200
    assert reply.json["name"] == "assay-serve" and reply.json["version"]
    assert set(reply.json["extensions"]) == {"classification", "binary_tensor_data", "model_repository"}


@pytest.mark.parametrize("path, body", [
    ("/v2/health/live", {"live": True}), ("/v2/health/ready", {"ready": True}),
])
def test_health_needs_no_token(service, path, body):
    reply = call(service, "GET", path, sign_in=False)
    assert (reply.status, reply.json) == (200, body)
    assert call(service, "HEAD", path, sign_in=False).status == 200


@pytest.mark.parametrize("path", ["/v2/models/colors", "/v2/models/colors/versions/1", "/v2/models/c%6Flors/"])
def test_model(service, path):
    reply = call(service, "GET", path)
    assert reply.status == 200
    assert reply.json == {
        "name": "colors", "versions": ["10", "1"], "platform": "onnx_opencv",
        "inputs": [{"name": "image", "datatype": "BYTES", "shape": [-1]},
                   {"name": "tensor", "datatype": "FP32", "shape": [-1, 3, 8, 8]},
                   {"name": "pixels", "datatype": "UINT8", "shape": [-1, 3, 8, 8]}],
        "outputs": [{"name": "probabilities", "datatype": "FP32", "shape": [-1, 3]},
                    {"name": "labels", "datatype": "BYTES", "shape": [-1, 3]}],
        "parameters": {"labels": "red\ngreen\nblue", "max_batch_size": 64},
    }


def test_model_ready(service):
    for path in ("", "/versions/1", "/versions/10"):
        assert call(service, "GET", f"/v2/models/colors{path}/ready").status == 200
    assert_error(call(service, "GET", "/v2/models/colors/versions/2/ready"), 404)
    assert_error(call(service, "GET", "/v2/models/nope/ready"), 404)


@pytest.mark.parametrize("body", [None, {}, {"ready": True}, {"ready": False}])
def test_index(service, body):
    reply = call(service, "POST", "/v2/repository/index", body)
    assert reply.status == 200
    assert reply.json == [{"name": "colors", "version": v, "state": "READY", "reason": ""} for v in ("10", "1")]


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"ready": 1}', b'{"ready": null}'])
def test_index_refuses(service, body):
    assert_error(call(service, "POST", "/v2/repository/index", body), 400)


def test_broken_and_last(tmp_path):
    put_version(tmp_path, "broken", onnx=b"garbage" * 1000)
    put_version(tmp_path, "last", onnx=network(layout="NHWC"))
    with Service(tmp_path) as service:
        service.wait_ready()
        rows = {row["name"]: row for row in call(service, "POST", "/v2/repository/index", {}).json}
        assert rows["broken"]["state"] == "UNAVAILABLE" and "model.onnx" in rows["broken"]["reason"]
        assert rows["last"]["state"] == "READY"
        ready = call(service, "POST", "/v2/repository/index", {"ready": True}).json
        assert [row["name"] for row in ready] == ["last"]
        assert_error(call(service, "GET", "/v2/models/broken/ready"), 400)
        assert_error(infer(service, {"inputs": [image(picture(COLOR))]}, "broken"), 404)

        shape = call(service, "GET", "/v2/models/last").json["inputs"][1]["shape"]
        assert shape == [-1, 8, 8, 3]
        body, headers = binary({"inputs": [{"name": "pixels", "datatype": "UINT8", "shape": [1, 8, 8, 3],
                                            "parameters": {"binary_data_size": 192}}]}, bytes(COLOR) * 64)
        assert infer(service, body, "last", headers=headers).scores() == pytest.approx(expected(COLOR), abs=1e-5)


def test_nothing_is_ready(tmp_path):
    put_version(tmp_path, "broken", onnx=b"garbage" * 1000)
    with Service(tmp_path) as service:
        service.wait_ready()
        reply = call(service, "GET", "/v2/health/ready", sign_in=False)
        assert (reply.status, reply.json) == (400, {"ready": False})


# ---- who may ask ----------------------------------------------------------

@pytest.mark.parametrize("method, path", [
    ("GET", "/v2"), ("GET", "/v2/models/colors"), ("GET", "/v2/models/colors/ready"),
    ("POST", "/v2/models/colors/infer"), ("POST", "/v2/repository/index"),
])
def test_needs_a_token(service, method, path):
    for headers in ({}, {"Authorization": "Bearer nope"}, {"Authorization": f"Bearer {SECRET}"}):
        reply = call(service, method, path, {} if method == "POST" else None, headers, sign_in=False)
        assert_error(reply, 401, "token")
        assert reply.headers["WWW-Authenticate"].startswith("Bearer ")


def test_no_auth_is_open(tmp_path):
    put_version(tmp_path)
    with Service(tmp_path, auth=False) as service:
        service.wait_ready()
        reply = infer(service, {"inputs": [image(picture(COLOR))]})
        assert reply.scores() == pytest.approx(expected(COLOR), abs=1e-5)


def test_other_hosts_and_pages(service):
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        assert_error(call(service, "GET", "/v2/health/live", headers=headers), 403)


# ---- inference ------------------------------------------------------------

@pytest.mark.parametrize("version", [None, "1", "10"])
def test_json(service, version):
    reply = infer(service, {"id": "42", "inputs": [image(picture(COLOR))]}, version=version)
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"] == "application/json"
    assert LENGTH not in reply.headers
    assert reply.json["id"] == "42"
    assert (reply.json["model_name"], reply.json["model_version"]) == ("colors", version or "10")
    assert [(o["name"], o["datatype"], o["shape"]) for o in reply.json["outputs"]] == [
        ("probabilities", "FP32", [1, 3]), ("labels", "BYTES", [1, 3])]
    assert reply.tensors["labels"] == LABELS
    assert reply.scores() == pytest.approx(expected(COLOR), abs=1e-5)


def test_without_an_id(service):
    assert "id" not in infer(service, {"inputs": [image(picture(COLOR))]}).json
    assert "id" not in infer(service, {"id": None, "inputs": [image(picture(COLOR))]}).json


def test_binary(service):
    data = elements([picture(COLOR, kind="JPEG", quality=95)])
    body, headers = binary({"inputs": [{"name": "image", "datatype": "BYTES", "shape": [1],
                                        "parameters": {"binary_data_size": len(data)}}],
                            "parameters": {"binary_data_output": True}}, data)
    reply = infer(service, body, headers=headers)
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert int(reply.headers[LENGTH]) < len(reply.body)
    assert reply.scores() == pytest.approx(expected(COLOR), abs=0.02)
    assert reply.tensors["labels"] == LABELS


def test_binary_of_one_output(service):
    message = {"inputs": [image(picture(COLOR))], "parameters": {"binary_data_output": True},
               "outputs": [{"name": "labels", "parameters": {"binary_data": False}}, {"name": "probabilities"}]}
    reply = infer(service, message)
    assert [o["name"] for o in reply.json["outputs"]] == ["labels", "probabilities"]
    assert "data" in reply.output("labels") and "data" not in reply.output("probabilities")
    assert reply.scores() == pytest.approx(expected(COLOR), abs=1e-5)


def test_the_body_is_the_picture(service):
    """Triton's raw binary request: no JSON, one input, and all outputs binary."""
    reply = infer(service, picture(COLOR), headers={LENGTH: "0"})
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert reply.scores() == pytest.approx(expected(COLOR), abs=1e-5)


@pytest.mark.parametrize("name, datatype, data", [("tensor", "FP32", tensor()), ("pixels", "UINT8", level_bytes())])
def test_tensors(service, name, datatype, data):
    message = {"inputs": [{"name": name, "datatype": datatype, "shape": [1, 3, 8, 8],
                           "parameters": {"binary_data_size": len(data)}}]}
    body, headers = binary(message, data)
    reply = infer(service, body, headers=headers)
    assert reply.scores() == pytest.approx(expected(COLOR), abs=1e-5)

    values = list(struct.unpack("<192f", data)) if datatype == "FP32" else list(data)
    nested = [[[values[c * 64 + y * 8:c * 64 + y * 8 + 8] for y in range(8)] for c in range(3)]]
    for given in (values, nested):
        message = {"inputs": [{"name": name, "datatype": datatype, "shape": [1, 3, 8, 8], "data": given}]}
        again = infer(service, message)
        assert again.tensors["probabilities"] == pytest.approx(reply.tensors["probabilities"], abs=1e-6)


def test_scale_mean_and_deviation(tmp_path):
    """The same picture three ways through a network that wants it prepared."""
    spec = {"input": {"width": 8, "height": 8, "mean": [0.5, 0.25, 0.125], "std": [0.5, 0.25, 2.0],
                      "channels": "BGR"}, "output": {}}
    put_version(tmp_path, onnx=network(sharpness=0.5), spec=spec)
    prepared = [(c / 255 - m) / s for c, m, s in zip(COLOR[::-1], [0.5, 0.25, 0.125], [0.5, 0.25, 2.0])]
    with Service(tmp_path) as service:
        service.wait_ready()
        want = infer(service, {"inputs": [image(picture(COLOR))]}).scores()
        assert want == pytest.approx(expected([255 * p for p in prepared], 0.5), abs=1e-5)
        pixels = {"name": "pixels", "datatype": "UINT8", "shape": [1, 3, 8, 8],
                  "data": list(level_bytes(COLOR[::-1]))}
        assert infer(service, {"inputs": [pixels]}).scores() == pytest.approx(want, abs=1e-6)
        floats = {"name": "tensor", "datatype": "FP32", "shape": [1, 3, 8, 8],
                  "data": [p for p in prepared for _ in range(64)]}
        assert infer(service, {"inputs": [floats]}).scores() == pytest.approx(want, abs=1e-6)


@pytest.mark.parametrize("shape", [[3], [3, 1]])
def test_batch(service, shape):
    reply = infer(service, {"inputs": [dict(image(*map(picture, COLORS)), shape=shape)]})
    assert reply.output("probabilities")["shape"] == [3, 3]
    for i, color in enumerate(COLORS):
        assert reply.scores(i) == pytest.approx(expected(color), abs=1e-5)
    assert reply.tensors["labels"] == LABELS * 3


def test_batch_of_tensors(service):
    data = b"".join(map(tensor, COLORS))
    body, headers = binary({"inputs": [{"name": "tensor", "datatype": "FP32", "shape": [3, 3, 8, 8],
                                        "parameters": {"binary_data_size": len(data)}}]}, data)
    reply = infer(service, body, headers=headers)
    for i, color in enumerate(COLORS):
        assert reply.scores(i) == pytest.approx(expected(color), abs=1e-5)


@pytest.mark.parametrize("binary_data", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3, 1000])
def test_classification(service, n, binary_data):
    message = {"inputs": [image(picture(COLOR), picture(COLORS[1]))],
               "outputs": [{"name": "probabilities",
                            "parameters": {"classification": n, "binary_data": binary_data}}]}
    reply = infer(service, message)
    (output,) = reply.json["outputs"]
    k = min(n, 3)
    assert (output["datatype"], output["shape"]) == ("BYTES", [2, k])
    for row, color in ((0, COLOR), (1, COLORS[1])):
        found = [text.split(":", 2) for text in reply.tensors["probabilities"][row * k:(row + 1) * k]]
        want = sorted(expected(color).items(), key=lambda item: -item[1])
        if row == 0:
            assert [label for _, _, label in found] == [label for label, _ in want[:k]]
        assert [float(score) for score, _, _ in found] == pytest.approx([s for _, s in want[:k]], abs=1e-5)
        assert all(LABELS[int(index)] == label for _, index, label in found)


def test_equal_scores_keep_their_order(service):
    message = {"inputs": [image(picture((128, 128, 128)))],
               "outputs": [{"name": "probabilities", "parameters": {"classification": 3}}]}
    assert [t.split(":", 2)[2] for t in infer(service, message).tensors["probabilities"]] == LABELS


def test_labels_with_colons(tmp_path):
    labels = ["a:b", "c, d", "é:1"]
    put_version(tmp_path, labels=labels)
    with Service(tmp_path) as service:
        service.wait_ready()
        message = {"inputs": [image(picture(COLOR))],
                   "outputs": [{"name": "probabilities", "parameters": {"classification": 3}}]}
        texts = infer(service, message).tensors["probabilities"]
        assert sorted(t.split(":", 2)[2] for t in texts) == sorted(labels)
        assert call(service, "GET", "/v2/models/colors").json["parameters"]["labels"].split("\n") == labels


# ---- the same answer as MLF's ---------------------------------------------

@pytest.mark.parametrize("version", ["1", "2"])
def test_same_as_mlf(flowers, version):
    assert len(SAMPLES) >= 5
    data, want = [], []
    with requests.Session() as session:
        for path in SAMPLES:
            try:
                with Image.open(path) as file:
                    file.load()
            except OSError:
                continue
            want.append(flower_models.ask(flowers, session, path, version))
            with open(path, "rb") as file:
                data.append(file.read())
    assert len(data) >= 5
    for start in range(0, len(data), 16):
        part = data[start:start + 16]
        packed = elements(part)
        body, headers = binary({"inputs": [{"name": "image", "datatype": "BYTES", "shape": [len(part)],
                                            "parameters": {"binary_data_size": len(packed)}}]}, packed)
        for sent, extra in ((body, headers), ({"inputs": [image(*part)]}, None)):
            if extra is None and sum(map(len, part)) > 4 << 20:
                continue
            reply = infer(flowers, sent, "flowers", version, extra)
            assert reply.status == 200, reply.body
            for i in range(len(part)):
                found = reply.scores(i, flower_models.LABELS)
                assert found == pytest.approx(want[start + i], abs=1e-6), SAMPLES[start + i]


def test_prepared_as_the_server_prepares(flowers):
    """A picture that has the network's size already: three ways, one answer."""
    raw = io.BytesIO()
    Image.effect_noise((112, 112), 80).convert("RGB").save(raw, "PNG")
    with Image.open(io.BytesIO(raw.getvalue())) as file:
        planes = b"".join(band.tobytes() for band in file.split())
    floats = struct.pack(f"<{len(planes)}f", *(value / 255 for value in planes))
    want = infer(flowers, {"inputs": [image(raw.getvalue())]}, "flowers").tensors["probabilities"]
    for name, datatype, data in (("pixels", "UINT8", planes), ("tensor", "FP32", floats)):
        body, headers = binary({"inputs": [{"name": name, "datatype": datatype, "shape": [1, 3, 112, 112],
                                            "parameters": {"binary_data_size": len(data)}}]}, data)
        reply = infer(flowers, body, "flowers", headers=headers)
        assert reply.tensors["probabilities"] == pytest.approx(want, abs=1e-6), name


def test_gray_has_one_channel(tmp_path):
    put_version(tmp_path, onnx=network(gray=True))
    with Service(tmp_path) as service:
        service.wait_ready()
        (shape,) = {tuple(given["shape"]) for given in call(service, "GET", "/v2/models/colors").json["inputs"]
                    if given["name"] in ("pixels", "tensor")}
        assert shape == (-1, 1, 8, 8)
        given = {"name": "pixels", "datatype": "UINT8", "shape": [2, 1, 8, 8], "data": [180] * 64 + [9] * 64}
        reply = infer(service, {"inputs": [given]})
        assert reply.scores(0, LABELS) == pytest.approx(expected((180, 0, 0)), abs=1e-6)
        assert reply.scores(1, LABELS) == pytest.approx(expected((9, 0, 0)), abs=1e-6)


# ---- what is refused ------------------------------------------------------

GOOD = image(picture(COLOR))
PIXELS = {"name": "pixels", "datatype": "UINT8", "shape": [1, 3, 8, 8], "data": [0] * 192}
REFUSED = {
    "nothing": (b"", "It is empty"),
    "no-json": (b"\xff\xd8\xff", "UTF-8"),
    "half-json": (b'{"inputs": [', "line 1"),
    "array": (b"[]", "it is not an object"),
    "deep": (b"[" * 100000, "nested too deeply"),
    "no-inputs": ({}, "inputs is missing"),
    "empty": ({"inputs": []}, "one input"),
    "inputs": ({"inputs": {}}, "inputs is not a list"),
    "text-input": ({"inputs": ["image"]}, "inputs[0] is not an object"),
    "many-inputs": ({"inputs": [dict(GOOD, name=str(i)) for i in range(17)]}, "inputs has too many elements"),
    "twice": ({"inputs": [GOOD, GOOD]}, "inputs[1].name stands there twice"),
    "two": ({"inputs": [GOOD, PIXELS]}, "one input"),
    "unknown": ({"inputs": [dict(GOOD, name="picture")]}, "must be image, tensor or pixels"),
    "no-name": ({"inputs": [{k: v for k, v in GOOD.items() if k != "name"}]}, "inputs[0].name is missing"),
    "no-type": ({"inputs": [{k: v for k, v in GOOD.items() if k != "datatype"}]}, "datatype is missing"),
    "no-shape": ({"inputs": [{k: v for k, v in GOOD.items() if k != "shape"}]}, "shape is missing"),
    "no-data": ({"inputs": [{k: v for k, v in GOOD.items() if k != "data"}]}, "inputs[0].data is missing"),
    "type": ({"inputs": [dict(GOOD, datatype="JPEG")]}, "not a known data type"),
    "other-type": ({"inputs": [dict(PIXELS, datatype="INT32")]}, "The datatype of pixels is UINT8, not INT32"),
    "not-a-byte": ({"inputs": [dict(PIXELS, data=[256] + [0] * 191)]}, "not UINT8"),
    "negative": ({"inputs": [dict(PIXELS, data=[-1] + [0] * 191)]}, "not UINT8"),
    "fraction": ({"inputs": [dict(PIXELS, data=[0.5] + [0] * 191)]}, "not UINT8"),
    "few": ({"inputs": [dict(PIXELS, data=[0] * 191)]}, "does not have the shape"),
    "flat": ({"inputs": [dict(PIXELS, shape=[192])]}, "The shape of pixels is [n, 3, 8, 8]"),
    "other-shape": ({"inputs": [dict(PIXELS, shape=[1, 8, 8, 3])]}, "The shape of pixels is [n, 3, 8, 8]"),
    "none": ({"inputs": [dict(PIXELS, shape=[0, 3, 8, 8], data=[])]}, "1 to 64 pictures"),
    "no-images": ({"inputs": [image()]}, "1 to 64 pictures"),
    "many": ({"inputs": [dict(GOOD, shape=[65], data=[""] * 65)]}, "1 to 64 pictures"),
    "image-shape": ({"inputs": [dict(GOOD, shape=[1, 1, 1])]}, "The shape of image is [n]"),
    "negative-size": ({"inputs": [dict(GOOD, shape=[-1])]}, "not a size"),
    "half-size": ({"inputs": [dict(GOOD, shape=[1.5])]}, "not a size"),
    "overflow": ({"inputs": [dict(GOOD, shape=[1 << 32, 1 << 32, 1 << 32])]}, "shape is too large"),
    "zero-overflow": ({"inputs": [dict(GOOD, shape=[1 << 62, 1 << 62, 0])]}, "shape is too large"),
    "dimensions": ({"inputs": [dict(GOOD, shape=[1] * 9)]}, "too many sizes"),
    "infinite": (json.dumps({"inputs": [dict(PIXELS, name="tensor", datatype="FP32")]}).replace("[0,", "[1e39,")
                 .encode(), "not FP32"),
    "nan": ({"inputs": [dict(PIXELS, name="tensor", datatype="FP32", data=[None] * 192)]}, "not finite"),
    "no-base64": ({"inputs": [dict(GOOD, data=["/9j/*"])]}, "image[0] is not base64"),
    "number": ({"inputs": [dict(GOOD, data=[7])]}, "not BYTES"),
    "no-picture": ({"inputs": [image(picture(COLOR), b"text")]}, "image[1] is no picture"),
    "cut-picture": ({"inputs": [image(picture(COLOR, size=(300, 300))[:200])]}, "image[0]"),
    "output": ({"inputs": [GOOD], "outputs": [{"name": "scores"}]}, "The outputs are probabilities and labels"),
    "output-twice": ({"inputs": [GOOD], "outputs": [{"name": "labels"}] * 2}, "outputs[1].name stands there twice"),
    "classified": ({"inputs": [GOOD], "outputs": [{"name": "labels", "parameters": {"classification": 1}}]},
                   "Only probabilities"),
    "no-classes": ({"inputs": [GOOD], "outputs": [{"name": "probabilities", "parameters": {"classification": 0}}]},
                   "parameters.classification is not"),
    "flag": ({"inputs": [GOOD], "parameters": {"binary_data_output": 1}}, "binary_data_output is not true or false"),
    "id": ({"id": 42, "inputs": [GOOD]}, "id is not a text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(service, name):
    body, words = REFUSED[name]
    assert_error(infer(service, body), 400, words)


def packed(size=None, shape=(1,), name="image", datatype="BYTES"):
    return {"inputs": [{"name": name, "datatype": datatype, "shape": list(shape),
                        "parameters": {"binary_data_size": size}}]}


PICTURE = elements([picture(COLOR)])
CUT = {
    "cut": (binary(packed(len(PICTURE)), PICTURE[:-1]), "cut off"),
    "nothing": (binary(packed(len(PICTURE))), "cut off"),
    "more": (binary(packed(len(PICTURE)), PICTURE, b"x"), "something follows"),
    "negative": (binary(packed(-1), PICTURE), "not a size"),
    "text": (binary(packed("7"), PICTURE), "not a size"),
    "huge": (binary(packed(1 << 62), PICTURE), "cut off"),
    "prefix": (binary(packed(3), PICTURE[:3]), "does not have the shape"),
    "long-element": (binary(packed(8), struct.pack("<I", 0xFFFFFFFF) + b"1234"), "does not have the shape"),
    "two-elements": (binary(packed(len(PICTURE), shape=[2]), PICTURE), "does not have the shape"),
    "short-tensor": (binary(packed(764, [1, 3, 8, 8], "tensor", "FP32"), tensor()[:-4]), "does not have the shape"),
    "nan": (binary(packed(768, [1, 3, 8, 8], "tensor", "FP32"), struct.pack("<f", float("nan")) + tensor()[4:]),
            "not finite"),
    "length": ((b"{}", {LENGTH: "3"}), "no length within the body"),
    "negative-length": ((b"{}", {LENGTH: "-1"}), "no length within the body"),
    "word": ((b"{}", {LENGTH: "two"}), "no length within the body"),
    "long-number": ((b"{}", {LENGTH: "9" * 40}), "no length within the body"),
    "within": ((b'{"inputs": []}', {LENGTH: "5"}), "line 1"),
    "no-length": ((binary(packed(len(PICTURE)), PICTURE)[0], {}), ""),
    "raw-nothing": ((b"", {LENGTH: "0"}), "image[0]"),
    "raw-text": ((b"text", {LENGTH: "0"}), "image[0] is no picture"),
}


@pytest.mark.parametrize("name", CUT)
def test_refuses_binary(service, name):
    (body, headers), words = CUT[name]
    assert_error(infer(service, body, headers=headers), 400, words)


@pytest.mark.parametrize("path", [
    "/v2/models/nope/infer", "/v2/models/colors/versions/2/infer", "/v2/models/colors/versions/1%2F..%2F1/infer",
])
def test_unknown_model(service, path):
    assert_error(call(service, "POST", path, {"inputs": [GOOD]}), 404)


@pytest.mark.parametrize("path", ["/v2/nope", "/v2/models", "/v2/models/colors/nope", "/v2/repository"])
def test_unknown_address(service, path):
    assert_error(call(service, "GET", path), 404, "URL does not exist")


@pytest.mark.parametrize("method, path, allow", [
    ("GET", "/v2/models/colors/infer", "POST, OPTIONS"), ("DELETE", "/v2/models/colors", "GET, HEAD, OPTIONS"),
    ("GET", "/v2/repository/index", "POST, OPTIONS"),
])
def test_other_methods(service, method, path, allow):
    reply = call(service, method, path)
    assert_error(reply, 405)
    assert reply.headers["Allow"] == allow


def test_compressed_and_too_large(service):
    assert_error(infer(service, b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), 415)
    with socket.create_connection(("127.0.0.1", service.port), PATIENCE) as connection:
        connection.sendall((f"POST /v2/models/colors/infer HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n"
                            f"Authorization: {service.sign_in()['Authorization']}\r\n"
                            "Content-Length: 99999999999\r\n\r\n").encode())
        answer = connection.makefile("rb").read()
    assert b" 413 " in answer.split(b"\r\n", 1)[0]
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["error"].endswith("too large")


def test_json_that_is_too_large(service):
    padding = base64.b64encode(bytes(7 << 20)).decode()
    reply = infer(service, {"inputs": [dict(GOOD, data=[padding])]})
    assert_error(reply, 413, "binary data")


def test_goes_on_after_all_that(service):
    assert infer(service, {"inputs": [GOOD]}).scores() == pytest.approx(expected(COLOR), abs=1e-5)
    assert not [line for line in service.log if "CRITICAL" in line or "WARNING" in line]
