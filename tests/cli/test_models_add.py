# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli models add and remove, with the real assay-serve."""
import json
import os
import signal
import sys

import pytest

# The networks of the service's own tests, whose answers can be worked out by hand.
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "serve"))
from service import LABELS, expected, metadata, network, picture

COLOR = (200, 40, 90)


@pytest.fixture
def onnx(tmp_path):
    """Writes the file that is to be added."""
    def write(data=None, name="colors.onnx", labels=None):
        folder = tmp_path / "given"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(network() if data is None else data)
        if labels is not None:
            (folder / "labels.txt").write_text("\n".join(labels) + "\n", encoding="utf-8")
        return folder / name
    return write


def own(cli):
    """{MODEL/VERSION: its files}, hidden folders included."""
    root = os.path.join(cli.environment["XDG_DATA_HOME"], "assay", "models")
    return {os.path.relpath(folder, root): sorted(files)
            for folder, _, files in os.walk(root) if files}


WHOLE = ["labels.txt", "model.json", "model.onnx"]


def text(cli, version, name):
    path = os.path.join(cli.environment["XDG_DATA_HOME"], "assay", "models", version, name)
    with open(path, encoding="utf-8") as file:
        return file.read()


def test_a_new_model_is_served(cli, onnx, tmp_path):
    result = cli("models", "add", onnx(labels=LABELS), "--name", "colors")
    assert result.status == 0, result
    assert result.out.startswith("colors version 1 is ready\n  3 labels, from labels.txt beside it\n")
    assert "0..1,size=8x8" in result.out and "a guess" in result.out
    assert own(cli) == {"colors/1": WHOLE}
    (tmp_path / "a.png").write_bytes(picture(COLOR))
    result = cli("classify", "--model", "colors", "a.png", "--format", "json", "--top", "3")
    assert result.status == 0, result
    answer, = json.loads(result.out)
    wanted = expected(COLOR)
    for prediction in answer["predictions"]:
        assert abs(prediction["score"] - wanted[prediction["label"]]) < 1e-4


def test_versions_go_on_after_those_that_come_with_assay(cli, onnx):
    for version in "3", "4":
        result = cli("models", "add", onnx(labels=LABELS), "--name", "flowers", "--format", "json")
        assert result.status == 0, result
        assert json.loads(result.out) == {
            "model": "flowers", "version": version, "scores": 3, "labels_from": "beside",
            "preprocess": "0..1,size=8x8,filter=area", "guessed": True, "activation": "none"}
    assert own(cli) == {"flowers/3": WHOLE, "flowers/4": WHOLE}
    listed = json.loads(cli("models", "list", "--format", "json").out)
    assert [(v["model"], v["version"], v["state"]) for v in listed] == [
        ("flowers", v, "SUCCEEDED") for v in "4321"]
    # A number that was used is not used again while a higher one is there.
    assert cli("models", "remove", "flowers", "3").status == 0
    assert "version 5 is ready" in cli("models", "add", onnx(), "--name", "flowers").out


def test_the_hint_is_a_command_that_works(cli, onnx, tmp_path):
    result = cli("models", "add", onnx(labels=LABELS), "--name", "colors")
    result = cli("models", "add", onnx(network(sharpness=0.0)), "--name", "colors")
    assert "assay-cli compare -a colors/1 -b colors/2 PATH" in result.out
    (tmp_path / "a.png").write_bytes(picture(COLOR))
    result = cli("compare", "-a", "colors/1", "-b", "colors/2", "a.png")
    assert result.status == 0, result


NAMES = [("colors.onnx", "colors"), ("flowers-v3.onnx", "flowers"), ("flowers_2.onnx", "flowers"),
         ("a b (1).ONNX", "a-b-1"), ("colors-v2.onnx", "colors-v2"), ("model.onnx", "given"),
         ("größer.onnx", "größer"), (".onnx", "given"), ("...onnx", "model")]


@pytest.mark.parametrize("file, name", NAMES[:7])
def test_a_name_is_proposed(cli, onnx, file, name):
    result = cli("models", "add", onnx(name=file), "--format", "json")
    assert result.status == 0, result
    assert json.loads(result.out)["model"] == name


LISTS = {
    "json": json.dumps(LABELS), "python": repr(LABELS), "lines": "\n".join(LABELS),
    "words": ", ".join(LABELS), "object": json.dumps(dict(enumerate(LABELS))),
    "dictionary": repr(dict(enumerate(LABELS))), "tuple": repr(tuple(LABELS)),
}


@pytest.mark.parametrize("form", LISTS)
@pytest.mark.parametrize("key", ["labels", "names"])
def test_labels_from_the_file(cli, onnx, form, key):
    data = network() + metadata("author", "somebody") + metadata(key, LISTS[form])
    result = cli("models", "add", onnx(data, labels=["a", "b", "c"]))
    assert result.status == 0, result
    assert "3 labels, from the model’s file" in result.out
    assert text(cli, "colors/1", "labels.txt") == "red\ngreen\nblue\n"


@pytest.mark.parametrize("value, labels", [
    (r'["caf\u00e9", "a\"b", "x\ny"]', ["café", 'a"b', "x y"]),
    (r"['l\'eau', 'b', 'c',]", ["l'eau", "b", "c"]),
])
def test_odd_labels_from_the_file(cli, onnx, value, labels):
    result = cli("models", "add", onnx(network() + metadata("labels", value)))
    assert result.status == 0, result
    assert text(cli, "colors/1", "labels.txt").splitlines() == labels


@pytest.mark.parametrize("value", ["", "[", "['a', 'b'", "[1, 2, 3]", "['a', 'b', 'b']", "{1: 'a'}",
                                   "{'a': 0, 'b': 1, 'c': 2}", "[['a'], ['b'], ['c']]", "a,b"])
def test_without_labels_that_is_said_plainly(cli, onnx, value):
    result = cli("models", "add", onnx(network() + metadata("labels", value)))
    assert result.status == 0, result
    assert "No labels were found: the scores are called class 0 … class 2" in result.out
    assert text(cli, "colors/1", "labels.txt") == "class 0\nclass 1\nclass 2\n"


def test_labels_beside_that_do_not_fit_are_named(cli, onnx):
    result = cli("models", "add", onnx(labels=["a", "b"]))
    assert result.status == 0, result
    assert "labels.txt beside it has 2 labels for 3 scores" in result.out
    assert "class 0 … class 2" in result.out


def test_labels_of_a_person_have_to_fit(cli, onnx, tmp_path):
    (tmp_path / "mine.txt").write_text("a\nb\n")
    result = cli("models", "add", onnx(labels=LABELS), "--labels", "mine.txt")
    assert result.status == 2, result
    assert result.err == ("assay-cli: “colors.onnx” can’t be served. The network gives 3 scores, "
                          "but there are 2 labels\n")
    (tmp_path / "mine.txt").write_text("a\nb\nc\n")
    assert cli("models", "add", onnx(labels=LABELS), "--labels", "mine.txt").status == 0
    assert text(cli, "colors/1", "labels.txt") == "a\nb\nc\n"
    assert own(cli) == {"colors/1": WHOLE}


def test_preprocessing_is_kept(cli, onnx):
    result = cli("models", "add", onnx(network(size=4097)))
    assert result.status == 2, result
    assert "size=224x224" in result.err
    result = cli("models", "add", onnx(), "--preprocess", "fancy")
    assert result.status == 2 and "“fancy”" in result.err, result
    result = cli("models", "add", onnx(), "--preprocess", "-1..1,order=bgr,filter=bicubic")
    assert result.status == 0, result
    assert "guess" not in result.out
    spec = json.loads(text(cli, "colors/1", "model.json"))["input"]
    words = spec["preprocess"].split(",")
    assert words[0] == "-1..1" and set(words[1:]) >= {"size=8x8", "order=bgr", "filter=bicubic"}
    # What was written is what is served.
    listed = json.loads(cli("models", "list", "--format", "json").out)
    assert listed[0]["state"] == "SUCCEEDED", listed


REFUSED = {
    "unknown": (network().replace(b"Flatten", b"NonZero"), "The operator “NonZero” can’t be run"),
    "garbage": (b"garbage" * 1000, "can’t be run as a network"),
    "empty": (b"", "can’t be run as a network"),
    "cut": (network()[:200], "can’t be served"),
    "nan": (network(sharpness=float("nan"), softmax=False), "are no numbers"),
    "text": (b"\x1b[2J<b>hello</b>", "can’t be served"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_run_leaves_nothing(cli, onnx, case):
    data, words = REFUSED[case]
    result = cli("models", "add", onnx(data))
    assert result.status == 1, result
    assert words in result.err and "\x1b" not in result.err
    assert result.out == ""
    assert own(cli) == {}


def test_what_is_no_file(cli, tmp_path):
    for path in "missing.onnx", ".", "/dev/zero":
        result = cli("models", "add", path, "--name", "x")
        assert result.status == 1, result
    assert own(cli) == {}


def test_a_file_that_is_too_large_is_not_read(cli, tmp_path):
    with open(tmp_path / "large.onnx", "wb") as file:
        file.truncate(600 * 1024 * 1024)
    result = cli("models", "add", "large.onnx")
    assert result.status == 1 and "larger than 512 MiB" in result.err, result
    assert own(cli) == {}


def test_an_interrupt_leaves_nothing(cli, onnx):
    child = cli.start("models", "add", onnx(network(padding=64 * 1024 * 1024)))
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    # It may have been done before, or not have listened yet.
    assert child.returncode in (0, 130, -signal.SIGINT), out
    assert (own(cli) == {}) == (child.returncode != 0)


def test_only_what_was_added_can_be_removed(cli, onnx):
    result = cli("models", "remove", "flowers", "2")
    assert result.status == 2 and "comes with Assay" in result.err, result
    result = cli("models", "remove", "flowers", "7")
    assert result.status == 2 and "added no flowers version 7" in result.err, result
    cli("models", "add", onnx(), "--name", "colors")
    assert cli("models", "remove", "colors", "1").out == "colors version 1 is removed\n"
    assert own(cli) == {}
    assert cli("models", "remove", "colors", "1").status == 2
