# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures that are made to fit what a connection sends."""
import hashlib
import io
import json
import zipfile

import pytest
from PIL import Image

from conftest import picture

MODEL = ["--model", "flowers", "--model-version", "2"]


def photo(size, kind="JPEG", orientation=None, **options):
    """Noise in the large, as photos are; the upper left corner is red."""
    image = Image.effect_noise((size[0] // 8, size[1] // 8), 120).convert("RGB").resize(size)
    image.paste((255, 0, 0), (0, 0, size[0] // 4, size[1] // 4))
    if orientation is not None:
        options["exif"] = Image.Exif()
        options["exif"][0x0112] = orientation
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


@pytest.fixture
def ask(cli, service):
    def ask(name, content, *arguments, mood="ok"):
        (cli.folder / name).write_bytes(content)
        result = cli("classify", name, "--url", service.url(mood), *MODEL, "--format", "json",
                     *arguments)
        [line] = json.loads(result.out)
        return line, service.stats()
    return ask


def assert_untouched(line, content):
    assert line["status"] == "ok", line
    assert line["sha256"] == hashlib.sha256(content).hexdigest()
    assert "sent_sha256" not in line and "fitted" not in line


def assert_fitted(line, seen, content, side):
    assert line["status"] == "ok", line
    assert line["fitted"] == side
    assert line["sha256"] == hashlib.sha256(content).hexdigest()
    assert seen["digests"] == [line["sent_sha256"]] != [line["sha256"]]
    assert seen["names"] == ["a.jpg"]


def test_larger_ones_get_smaller(ask):
    content = photo((1600, 1200))
    line, seen = ask("a.jpg", content, "--fit-pixels", "1024")
    assert_fitted(line, seen, content, 1024)


@pytest.mark.parametrize("arguments", [
    ["--fit-pixels", "400"], ["--fit-size", "1M"], ["--fit-pixels", "400", "--fit-size", "1M"],
    ["--fit-pixels", "0", "--fit-size", "0"], []])
def test_what_is_within_both_goes_as_it_is(ask, arguments):
    content = photo((400, 300))
    line, seen = ask("a.jpg", content, *arguments)
    assert_untouched(line, content)
    assert seen["digests"] == [line["sha256"]]


@pytest.mark.parametrize("size, limit", [("100K", 100000), ("20k", 20000), ("3000", 3000)])
def test_files_get_smaller(ask, service, size, limit):
    content = photo((1600, 1200), quality=95)
    assert len(content) > 100000
    line, seen = ask("a.jpg", content, "--fit-size", size, mood="keep")
    assert 16 <= line["fitted"] <= 1600
    assert_fitted(line, seen, content, line["fitted"])
    assert seen["lengths"][0] <= limit


def test_png_with_alpha_becomes_jpeg_on_white(ask):
    image = Image.new("RGBA", (800, 600), (0, 0, 255, 0))
    data = io.BytesIO()
    image.save(data, "PNG")
    line, seen = ask("a.png", data.getvalue(), "--fit-pixels", "200", mood="keep")
    assert_fitted(line, seen, data.getvalue(), 200)
    sent = Image.open(io.BytesIO(bytes.fromhex(seen["last"])))
    assert sent.format == "JPEG" and sent.size == (200, 150)
    assert min(sent.getpixel((100, 75))) > 250


@pytest.mark.parametrize("orientation, corner", [
    (1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)),
    (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))])
def test_is_turned_upright(ask, orientation, corner):
    content = photo((800, 400), orientation=orientation)
    line, seen = ask("a.jpg", content, "--fit-pixels", "200", mood="keep")
    assert_fitted(line, seen, content, 200)
    sent = Image.open(io.BytesIO(bytes.fromhex(seen["last"])))
    assert sent.size == ((100, 200) if orientation >= 5 else (200, 100))
    assert 0x0112 not in sent.getexif()
    red, green, blue = sent.convert("RGB").getpixel(
        (8 + corner[0] * (sent.width - 16), 8 + corner[1] * (sent.height - 16)))
    assert red > 200 and green < 60 and blue < 60


def test_conversion_that_fits_stays_png(ask, service):
    content = picture(5, "PNG", (300, 200), "P")
    line, seen = ask("a.png", content, "--fit-pixels", "300", "--fit-size", "1M")
    assert line["status"] == "ok" and "fitted" not in line
    assert seen["names"] == ["a.png"] and seen["digests"] == [line["sent_sha256"]]


@pytest.mark.parametrize("arguments", [["--fit-pixels", "100"], ["--fit-size", "1K"]])
def test_without_conversion_they_are_rejected(ask, arguments):
    line, seen = ask("a.jpg", photo((400, 300)), *arguments, "--convert", "never")
    assert line["status"] == "rejected" and line["error"]["code"] == "too-large"
    assert "conversion is switched off" in line["error"]["message"]
    assert seen["requests"] == 0


def test_what_cannot_fit_is_rejected(ask):
    line, seen = ask("a.jpg", photo((400, 300)), "--fit-size", "100")
    assert line["status"] == "rejected" and line["error"]["code"] == "too-large"
    assert "can't be made small enough" in line["error"]["message"]
    assert seen["requests"] == 0


def test_archive_with_a_larger_picture_is_not_sent_as_it_is(cli, service):
    with zipfile.ZipFile(cli.folder / "two.zip", "w") as archive:
        archive.writestr("a.jpg", photo((64, 64)))
        archive.writestr("b.jpg", photo((400, 300)))
    call = ["classify", "two.zip", "--url", service.url(), *MODEL, "--format", "json",
            "--fit-pixels", "300"]
    lines = json.loads(cli(*call, "--archives", "send").out)
    assert [line["status"] for line in lines] == ["rejected"] * 2
    assert all("larger than what this connection sends" in line["error"]["message"]
               for line in lines)
    assert service.stats()["requests"] == 0
    lines = json.loads(cli(*call).out)
    assert [line.get("fitted") for line in lines] == [None, 300]


def test_saved_connection_says_it(cli, service):
    added = cli("connection", "add", "small", "--url", service.url(), "--fit-pixels", "128",
                "--fit-size", "50K")
    assert added.status == 0, added
    shown = cli("connection", "show", "small").out
    assert "Longer side at most: 128 pixels" in shown and "File size at most: 50K" in shown
    assert "(128 pixels, 50K)" in cli("connection", "list").out
    saved = (cli.folder / "home" / "config" / "assay" / "connections.conf").read_text()
    assert "fit-pixels=128\n" in saved and "fit-bytes=50000\n" in saved
    (cli.folder / "a.jpg").write_bytes(photo((400, 300)))
    call = ["classify", "a.jpg", "--connection", "small", *MODEL, "--format", "json"]
    [line] = json.loads(cli(*call).out)
    assert line["fitted"] == 128
    [line] = json.loads(cli(*call, "--fit-pixels", "0").out)
    assert "fitted" not in line
    [line] = json.loads(cli(*call, "--dry-run").out)
    assert line["fitted"] == 128 and line["status"] == "ready"


@pytest.mark.parametrize("option, value", [
    ("--fit-pixels", "-1"), ("--fit-pixels", "30001"), ("--fit-pixels", "1k"), ("--fit-pixels", ""),
    ("--fit-size", "M"), ("--fit-size", "1G"), ("--fit-size", "-5"), ("--fit-size", "100M"),
    ("--fit-size", "5KB"), ("--fit-size", "18446744073709551615M")])
def test_usage(cli, service, option, value):
    for call in (["classify", "a.jpg", "--url", service.url(), *MODEL],
                 ["connection", "add", "x", "--url", service.url()]):
        result = cli(*call, f"{option}={value}")
        assert result.status == 2 and f"{option} takes" in result.err, result
