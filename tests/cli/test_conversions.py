# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent as it is, converted or rejected, of pictures that other programs
wrote: conversion_table.py says what, a service that keeps what came says whether."""
import hashlib
import io
import os
import shutil
import subprocess
import urllib.request

import conversion_table as table
import gi
import pytest
from conftest import Cli, Service
from PIL import Image, ImageChops, ImageOps

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf  # noqa: E402

LOADERS = {kind for loader in GdkPixbuf.Pixbuf.get_formats() for kind in loader.get_mime_types()}
HAS_GIMP = shutil.which("gimp") is not None
CASES = table.CASES + (table.GIMP_CASES if HAS_GIMP else [])


def write_all(folder):
    """Every case's picture, in a folder below the one that has what they start from."""
    pictures = os.path.join(folder, "pictures")
    os.makedirs(pictures)
    table.prepare(folder)
    for case in table.CASES:
        path = os.path.join(pictures, case.name)
        if callable(case.write):
            case.write(path)
            continue
        child = subprocess.run(["sh", "-ec", case.write.replace("{}", path)], cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               check=False)
        assert child.returncode == 0 and os.path.exists(path), (case.name, child.stdout)
    if HAS_GIMP:
        said = table.write_with_gimp(pictures, table.GIMP_CASES)
        missing = [case.name for case in table.GIMP_CASES
                   if not os.path.exists(os.path.join(pictures, case.name))]
        assert missing == [], said
    return pictures


def content(path):
    with open(path, "rb") as file:
        return file.read()


class Sent:
    """One command over all pictures: what it said of each, and what came."""

    def __init__(self, folder, run):
        self.folder = folder
        self.pictures = write_all(folder)
        before = {name: content(os.path.join(self.pictures, name))
                  for name in os.listdir(self.pictures)}
        self.service = Service()
        self.result = run("classify", *(os.path.join(self.pictures, case.name) for case in CASES), "--url", self.service.url("kept"), "--model",
                          "flowers", "--model-version", "2", "--format", "ndjson")
        self.lines = {os.path.basename(line["path"]): line for line in self.result.lines()}
        self.untouched = before == {name: content(os.path.join(self.pictures, name))
                                    for name in os.listdir(self.pictures)}

    def fetch(self, digest):
        with urllib.request.urlopen(self.service.url(f"sent/{digest}"), timeout=60) as reply:
            return reply.read()


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    folder = tmp_path_factory.mktemp("conversions")
    made = Sent(str(folder), Cli(folder))
    yield made
    made.service.close()


def as_pillow_sees(path, mode):
    """Upright, on white, the first frame."""
    with Image.open(path) as picture:
        picture = ImageOps.exif_transpose(picture)
        if picture.mode in ("RGBA", "LA", "P", "PA") or "transparency" in picture.info:
            picture = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
        return picture.convert("RGB").convert(mode)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(sent, case):
    line = sent.lines[case.name]
    own = content(os.path.join(sent.pictures, case.name))
    assert line["sha256"] in (hashlib.sha256(own).hexdigest(), None), line
    expected = case.expected
    if case.loader is not None and case.loader not in LOADERS:
        expected = table.Rejected("unsupported", "cannot be opened here")
    if isinstance(expected, table.Rejected):
        assert line["status"] == "rejected", line
        assert line["error"]["code"] == expected.code
        assert expected.words in line["error"]["message"], line
        return

    assert line["status"] == "ok", line
    if expected == table.SENT:
        assert "sent_sha256" not in line
        assert sent.fetch(line["sha256"]) == own
        return
    assert line["sent_sha256"] != line["sha256"]
    came = Image.open(io.BytesIO(sent.fetch(line["sent_sha256"])))
    assert (came.format, came.mode) == ("PNG", {"gray": "L", "rgb": "RGB"}[expected])
    assert "interlace" not in came.info and getattr(came, "n_frames", 1) == 1
    like = os.path.join(sent.folder, case.like) if case.like \
        else os.path.join(sent.pictures, case.name)
    wanted = as_pillow_sees(like, came.mode)
    assert came.size == wanted.size
    extrema = ImageChops.difference(came, wanted).getextrema()
    worst = max(high for _, high in (extrema if came.mode == "RGB" else [extrema]))
    assert worst <= case.tolerance


def test_every_picture_has_a_line_and_none_is_touched(sent):
    assert sorted(sent.lines) == sorted(case.name for case in CASES)
    assert sent.result.status == 1
    assert sent.untouched
    assert len(table.CASES) >= 140


def test_each_cell_of_the_table_has_cases():
    kinds = {}
    for case in CASES:
        kind = case.name.rpartition(".")[2]
        kinds.setdefault(kind, set()).add("converted" if case.expected in ("rgb", "gray") else
                                          "sent" if case.expected == "sent" else "rejected")
    assert all({"sent", "converted"} <= kinds[kind] for kind in ("jpg", "png", "bmp"))
    assert kinds["gif"] == {"sent"}
    assert all("converted" in kinds[kind] for kind in ("tif", "webp", "avif", "heic", "jxl"))
    assert all(kinds[kind] == {"rejected"} for kind in ("svg", "pdf", "psd"))


def test_without_a_loader_they_are_rejected(sent, cli, tmp_path):
    """GdkPixbuf is told of no loader but those built into it: PNG's and JPEG's."""
    (tmp_path / "loaders.cache").write_text("")
    cases = [case for case in CASES if case.loader is not None]
    result = cli("classify", *(os.path.join(sent.pictures, case.name) for case in cases), "--url",
                 sent.service.url("kept"), "--model", "flowers", "--model-version", "2", "--format",
                 "ndjson", env={"GDK_PIXBUF_MODULE_FILE": str(tmp_path / "loaders.cache")})
    assert result.status == 1, result
    said = {os.path.basename(line["path"]): line["error"] for line in result.lines()}
    assert sorted(said) == sorted(case.name for case in cases)
    for error in said.values():
        assert error["code"] == "unsupported" and "install GdkPixbuf's loader" in error["message"]


def test_nothing_is_converted_when_that_is_switched_off(sent, cli):
    names = [case.name for case in table.CASES if case.expected in ("rgb", "gray")]
    result = cli("classify", *(os.path.join(sent.pictures, name) for name in names), "--url",
                 sent.service.url("kept"), "--model", "flowers", "--model-version", "2", "--format",
                 "ndjson", "--convert", "never")
    assert result.status == 1, result
    lines = result.lines()
    assert len(lines) == len(names)
    assert {(line["status"], line["error"]["code"]) for line in lines} == {("rejected", "unsupported")}


@pytest.mark.skipif(HAS_GIMP, reason="GIMP is here: its cases run")
def test_gimp_is_missing():
    pytest.skip("GIMP isn't installed: what it writes is not tried")
