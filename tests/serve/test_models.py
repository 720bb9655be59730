# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks as they come: what model.json says of them, and what is wrong with some."""
import io
import os
import random
import shutil
import threading

import pytest
import requests
from PIL import Image

from service import (LABELS, Service, expected, network, picture, put_version, scores)

COLOR = (200, 40, 90)


def spec(output=None, **members):
    size = {"width": 8, "height": 8}
    return {"input": {**size, **members}, "output": output or {}}


def ask(service, model, data=None):
    reply = service.classify(data or picture(COLOR), f"/models/{model}/versions/1")
    assert reply.status_code == 200, reply.text
    return scores(reply.json())


MEAN, STD = [0.5, 0.25, 0.125], [0.5, 0.25, 2.0]
LUMA = Image.new("RGB", (1, 1), COLOR).convert("L").getpixel((0, 0))
SHIFTED = [255 * (c / 255 - m) / s for c, m, s in zip(COLOR, MEAN, STD)]
VARIANTS = {
    "guessed": (network(), None, expected(COLOR)),
    "guessed-logits": (network(softmax=False), None, expected(COLOR)),
    "guessed-last": (network(layout="NHWC"), None, expected(COLOR)),
    "named": (network(), spec(name="image", output={"name": "scores", "activation": "none"}),
              expected(COLOR)),
    "logits": (network(softmax=False), spec(output={"activation": "softmax"}), expected(COLOR)),
    "last": (network(layout="NHWC"), spec(layout="NHWC"), expected(COLOR)),
    "bgr": (network(), spec(channels="BGR"), expected(COLOR[::-1])),
    "scaled": (network(sharpness=0.02), spec(scale=1), expected(COLOR, 0.02, 1)),
    "shifted": (network(sharpness=0.5), spec(mean=MEAN, std=STD), expected(SHIFTED, 0.5)),
    "no-crop": (network(), spec(crop="none", resize="area"), expected(COLOR)),
    "filter": (network(), spec(crop="stretch", filter="bicubic"), expected(COLOR)),
    "resized": (network(), spec(resize=12, filter="bilinear"), expected(COLOR)),
    "gray": (network(gray=True), spec(channels="GRAY"), expected((LUMA, 0, 0))),
    "guessed-gray": (network(gray=True, layout="NHWC"), None, expected((LUMA, 0, 0))),
    "in-words": (network(sharpness=0.5), {"input": {"preprocess": "-1..1,size=8x8"}},
                 expected([2 * c - 255 for c in COLOR], 0.5)),
    "more": (network(), {**spec(), "recipe": {"any": ["thing"]}, "license": None}, expected(COLOR)),
}

BROKEN = {
    "garbage": ({"onnx": b"garbage" * 1000}, "model.onnx: "),
    "empty": ({"onnx": b""}, "model.onnx: "),
    "cut": ({"onnx": network()[:200]}, "model.onnx: "),
    "picture": ({"onnx": picture(COLOR)}, "model.onnx: "),
    "unknown-layer": ({"onnx": network().replace(b"Flatten", b"Flotten")}, "layer"),
    "wrong-input": ({"onnx": network().replace(b"logits", b"logjts", 1)}, "logits"),
    "no-labels": ({"labels": None}, "labels.txt is missing"),
    "few-labels": ({"labels": ["red", "green"]}, "3 scores, but labels.txt has 2 lines"),
    "twice": ({"labels": ["red", "green", "red"]}, "labels.txt: a label comes twice"),
    "long-label": ({"labels": ["red", "green", "x" * 2000]}, "labels.txt: a label has more"),
    "no-json": ({"spec": "{"}, "model.json"),
    "no-object": ({"spec": "[]"}, "model.json"),
    "deep-json": ({"spec": "[" * 100000}, "model.json"),
    "no-size": ({"spec": {"input": {"width": 8}}}, "“height” must be given"),
    "zero": ({"spec": spec(width=0)}, "“width” must be a number of pixels"),
    "huge": ({"spec": spec(width=1e9)}, "“width” must be a number of pixels"),
    "half": ({"spec": spec(width=8.5)}, "“width” must be a number of pixels"),
    "other-size": ({"onnx": network(left=True), "spec": spec(width=4, height=4)}, "model.onnx"),
    "layout": ({"spec": spec(layout="CHW")}, "“layout” must be NCHW or NHWC"),
    "resize": ({"spec": spec(resize="nearest")}, "“resize” must be area"),
    "std": ({"spec": spec(std=[1, 0, 1])}, "“std” must be three numbers"),
    "mean": ({"spec": spec(mean=[1, 2])}, "“mean” must be three numbers"),
    "scale": ({"spec": spec(scale="1/255")}, "“scale” must be a number"),
    "activation": ({"spec": spec(output={"activation": "sigmoid"})}, "“activation” must be none or softmax"),
    "input": ({"spec": spec(name="picture")}, "model.onnx"),
    "size-unknown": ({"onnx": network(size=4097)}, "say it in model.json"),
}


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    """Good and broken networks beside each other in one service."""
    root = tmp_path_factory.mktemp("zoo")
    for name, (onnx, json, _) in VARIANTS.items():
        put_version(root, name, onnx=onnx, spec=json)
    for name, (parts, _) in BROKEN.items():
        put_version(root, name, **parts)
    put_version(root, "left", onnx=network(left=True))
    with Service(root, "--workers", "3") as service:
        service.wait_ready()
        yield service


@pytest.mark.parametrize("name", VARIANTS)
def test_prepares_pictures(zoo, name):
    assert ask(zoo, name) == pytest.approx(VARIANTS[name][2], abs=1e-5)


@pytest.mark.parametrize("name", BROKEN)
def test_broken_versions_say_why(zoo, name):
    (deployment,) = [d for d in zoo.get("/deployments").json()["deployments"] if d["modelName"] == name]
    assert deployment["status"]["state"] == "FAILED"
    assert BROKEN[name][1] in deployment["status"]["description"]
    assert "/" not in deployment["status"]["description"].replace("model/", ""), "no paths"
    reply = zoo.classify(picture(COLOR), f"/models/{name}/versions/1")
    assert reply.status_code == 404
    assert reply.json()["error"]["code"] == "404"


def test_the_first_model_that_works_is_the_default(zoo):
    """By name, "activation" comes first, but is broken; "bgr" is the first that is not."""
    assert scores(zoo.classify(picture(COLOR)).json()) == pytest.approx(VARIANTS["bgr"][2], abs=1e-5)


@pytest.mark.parametrize("orientation, label", [
    (None, "red"), (1, "red"), (2, "blue"), (3, "blue"), (4, "red"), (9, "red"),
])
def test_sets_pictures_upright(zoo, orientation, label):
    """Left red, right blue, before it is turned or mirrored."""
    image, data = Image.new("RGB", (32, 32), (250, 0, 0)), io.BytesIO()
    image.paste((0, 0, 250), (16, 0, 32, 32))
    options = {}
    if orientation is not None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    image.save(data, "JPEG", quality=95, **options)
    found = ask(zoo, "left", data.getvalue())
    assert max(found, key=found.get) == label


def test_looks_at_the_center(zoo):
    """A wide picture with red ends and a blue center square."""
    image, data = Image.new("RGB", (90, 30), (250, 0, 0)), io.BytesIO()
    image.paste((0, 0, 250), (30, 0, 60, 30))
    image.save(data, "PNG")
    assert ask(zoo, "guessed", data.getvalue()) == pytest.approx(expected((0, 0, 250)), abs=1e-5)
    found = ask(zoo, "no-crop", data.getvalue())
    assert found == pytest.approx(expected((250 * 2 / 3, 0, 250 / 3)), abs=0.02)
    # The shorter side becomes 12, of which 8 are cut out.
    assert ask(zoo, "resized", data.getvalue()) == pytest.approx(expected((0, 0, 250)), abs=1e-5)


def test_lays_alpha_on_white(zoo):
    data = io.BytesIO()
    Image.new("RGBA", (20, 20), (250, 0, 0, 0)).save(data, "PNG")
    assert ask(zoo, "guessed", data.getvalue()) == pytest.approx(expected((255, 255, 255)), abs=1e-5)


def test_parallel_clients_get_the_same_answers(zoo):
    """Eight clients at once, each with its own pictures on its own connection."""
    generator = random.Random(1)
    pictures = []
    for _ in range(24):
        image, data = Image.new("RGB", (50, 40)), io.BytesIO()
        image.putdata([tuple(generator.randrange(256) for _ in range(3)) for _ in range(2000)])
        image.save(data, "JPEG", quality=90)
        pictures.append(data.getvalue())
    alone = [ask(zoo, "left", data) for data in pictures]
    together = [[None] * len(pictures) for _ in range(8)]

    def run(index):
        session = requests.Session()
        for i in random.Random(index).sample(range(len(pictures)), len(pictures)):
            reply = zoo.classify(pictures[i], "/models/left/versions/1", session)
            together[index][i] = scores(reply.json())
        session.close()
    threads = [threading.Thread(target=run, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == [alone] * 8


def test_cut_and_flipped_networks_never_end_it(tmp_path):
    """Every tenth cut of a network, and as many with one byte changed."""
    whole, generator = network(), random.Random(2)
    for i, length in enumerate(range(0, len(whole), 10)):
        put_version(tmp_path, "cut", str(i), onnx=whole[:length])
        flipped = bytearray(whole)
        flipped[generator.randrange(len(whole))] ^= 1 << generator.randrange(8)
        put_version(tmp_path, "flipped", str(i), onnx=bytes(flipped))
    put_version(tmp_path, "whole")
    with Service(tmp_path) as service:
        states = service.wait_ready()[-1]
        assert states["whole", "1"] == "SUCCEEDED"
        assert ask(service, "whole") == pytest.approx(expected(COLOR), abs=1e-5)


# ---- versions come and go -------------------------------------------------

def test_versions_come_change_and_go(tmp_path):
    put_version(tmp_path, version="1")
    with Service(tmp_path) as service:
        service.wait_for(lambda s: s == {("colors", "1"): "SUCCEEDED"})
        put_version(tmp_path, version="2", onnx=network(left=True))
        service.wait_for(lambda s: s.get(("colors", "2")) == "SUCCEEDED")
        put_version(tmp_path, "new", "a b", onnx=b"garbage")
        service.wait_for(lambda s: s.get(("new", "a b")) == "FAILED")
        assert service.classify(picture(COLOR), "/models/new/versions/a%20b").status_code == 404

        with open(tmp_path / "new" / "a b" / "model.onnx", "wb") as file:
            file.write(network())
        service.wait_for(lambda s: s.get(("new", "a b")) == "SUCCEEDED")
        assert service.classify(picture(COLOR), "/models/new/versions/a%20b").status_code == 200

        shutil.rmtree(tmp_path / "colors" / "1")
        service.wait_for(lambda s: ("colors", "1") not in s)
        assert service.classify(picture(COLOR), "/models/colors/versions/1").status_code == 404
        os.rename(tmp_path / "new", tmp_path / "newer")
        service.wait_for(lambda s: set(s) == {("colors", "2"), ("newer", "a b")})
        assert "model colors version 1 is gone" in "\n".join(service.log)


def test_empty_folder_fills(tmp_path):
    with Service(tmp_path) as service:
        assert service.states() == {}
        assert service.classify(picture(COLOR)).status_code == 404
        put_version(tmp_path)
        service.wait_for(lambda s: s == {("colors", "1"): "SUCCEEDED"})
        assert service.classify(picture(COLOR)).status_code == 200


def test_pending_while_it_loads(tmp_path):
    """A network that takes a while: seen as pending, and asked meanwhile it answers."""
    slow = tmp_path / "slow"
    put_version(slow, onnx=network(padding=80_000_000))
    models = tmp_path / "models"
    models.mkdir()
    with Service(models) as service:
        os.rename(slow / "colors", models / "colors")
        service.wait_for(lambda s: s.get(("colors", "1")) == "PENDING")
        reply = service.classify(picture(COLOR), "/models/colors/versions/1")
        assert scores(reply.json()) == pytest.approx(expected(COLOR), abs=1e-5)
        assert service.states() == {("colors", "1"): "SUCCEEDED"}


def test_two_folders(tmp_path):
    put_version(tmp_path / "a", version="2", onnx=network(sharpness=1))
    put_version(tmp_path / "b", version="2", onnx=network(sharpness=5))
    put_version(tmp_path / "b", version="10", onnx=network(sharpness=7))
    with Service([tmp_path / "a", tmp_path / "b"]) as service:
        assert set(service.wait_ready()[-1]) == {("colors", "2"), ("colors", "10")}
        first = service.classify(picture(COLOR), "/models/colors/versions/2").json()
        assert scores(first) == pytest.approx(expected(COLOR, 1), abs=1e-5)
        newest = service.classify(picture(COLOR)).json()
        assert scores(newest) == pytest.approx(expected(COLOR, 7), abs=1e-5)
        assert [r["label"] for r in newest["predictions"][0]["results"]] == [LABELS[0], LABELS[2], LABELS[1]]
