# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be wrong with what is given, among pictures that are well: each thing has
its own state and reason, and the others are answered."""
import gzip
import hashlib
import io
import json
import os
import struct
import tarfile
import zipfile
import zlib

import pytest
from conftest import PATIENCE, classify, picture

WELL = 3


def zip_of(members, **options):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


def tar_of(members):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def locked_zip():
    """The bit that says so, in both headers."""
    data = bytearray(zip_of([("a.png", picture(1))]))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def png(width, height):
    """A head that claims so many pixels."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64))
            + chunk(b"IEND", b""))


ZIP = zip_of([("a.png", picture(11)), ("b.png", picture(12)), ("c.png", picture(13))])
STORED = zip_of([("a.png", picture(11)), ("b.png", picture(12))])
BOMB = zip_of([("a.png", b"\0" * (300 << 20))], compression=zipfile.ZIP_DEFLATED)

# A name, its bytes, and how many are answered, rejected.
FILES = {
    "an empty file": ("x.png", b"", 0, 1),
    "text with a picture's name": ("x.jpg", b"no picture", 0, 1),
    "only the first bytes": ("x.png", picture(1)[:20], 0, 1),
    "a JPEG without its end": ("x.jpg", picture(1, "JPEG", (64, 64))[:-200], 0, 1),
    "a picture with a tail": ("x.png", picture(1) + b"\0" * 5000, 1, 0),
    "a wrong name": ("x.jpg", picture(1, "PNG"), 1, 0),
    "a million by a million pixels": ("x.png", png(1 << 20, 1 << 20), 0, 1),
    "no pixels": ("x.png", png(0, 0), 0, 1),
    "an empty archive": ("x.zip", zip_of([]), 0, 1),
    "an archive without pictures": ("x.zip", zip_of([("notes.txt", b"words")]), 0, 1),
    "an archive without its directory": ("x.zip", ZIP[:ZIP.index(b"PK\1\2")], 3, 1),
    "an archive cut in a member": ("x.zip", STORED[:STORED.index(b"b.png") + 40], 1, 1),
    "an archive behind a password": ("x.zip", locked_zip(), 0, 1),
    "an archive that unpacks to too much": ("x.zip", BOMB, 0, 1),
    "an archive in an archive": ("x.zip", zip_of([("in.zip", ZIP), ("a.png", picture(1))]), 1, 0),
    "two members of one name": ("x.tar", tar_of([("a.png", picture(1)), ("a.png", picture(2))]),
                                2, 0),
    "members that lead out": ("x.tar", tar_of([("../a.png", picture(1)), ("/b.png", picture(2))]),
                              2, 0),
    "a damaged member among others": ("x.zip", zip_of([("a.png", picture(1)[:30]),
                                                       ("b.png", picture(2))]), 1, 1),
    "gzip cut short": ("x.tar.gz", gzip.compress(tar_of([("a.png", picture(1))] * 4))[:400], None,
                       None),
    "a tar without its end": ("x.tar", tar_of([("a.png", picture(1)),
                                               ("b.png", picture(2))])[:1200], None, None),
}


def states(child):
    out, err = child.communicate(timeout=PATIENCE)
    lines = [json.loads(line) for line in out.decode().splitlines()]
    keys = [(line["path"], line["member"], line["sha256"]) for line in lines]
    assert len(set(keys)) == len(keys)
    for line in lines:
        assert (line["error"] is None) == (line["status"] == "ok"), line
        assert line["error"] is None or line["error"]["message"], line
    return child.returncode, lines, err.decode()


@pytest.mark.parametrize("fault", FILES)
def test_each_has_its_reason(serve, tmp_path, fault):
    name, content, answered, rejected = FILES[fault]
    service = serve(lambda handler, number, earlier: handler.say())
    for number in range(WELL):
        (tmp_path / f"{number}.png").write_bytes(picture(100 + number))
    (tmp_path / name).write_bytes(content)
    code, lines, _ = states(classify(tmp_path, service, "0.png", name, "1.png", "2.png"))
    well = [line for line in lines if line["path"] != name]
    others = [line for line in lines if line["path"] == name]
    assert [line["status"] for line in well] == ["ok"] * WELL
    if answered is not None:
        assert sorted(line["status"] for line in others) == \
            ["ok"] * answered + ["rejected"] * rejected, others
    assert others
    failed = sum(line["status"] != "ok" for line in others)
    assert code == (1 if failed else 0)
    assert len(service.asked) == WELL + len(others) - failed


def gone(path):
    path.unlink(missing_ok=True)


def a_folder(path):
    path.mkdir()


def a_pipe(path):
    os.mkfifo(path)


def a_link_to_nowhere(path):
    path.symlink_to("nowhere.png")


def a_link_to_itself(path):
    path.symlink_to(path.name)


@pytest.mark.parametrize("make", [gone, a_folder, a_pipe, a_link_to_nowhere, a_link_to_itself])
def test_what_is_no_file_has_its_reason(serve, tmp_path, make):
    service = serve(lambda handler, number, earlier: handler.say())
    (tmp_path / "0.png").write_bytes(picture(1))
    make(tmp_path / "x.png")
    code, lines, _ = states(classify(tmp_path, service, "0.png", "x.png"))
    assert code == 1
    assert {line["path"]: line["status"] for line in lines} == {"0.png": "ok", "x.png": "rejected"}


def test_what_goes_away_before_its_turn_has_its_reason(serve, tmp_path):
    names = [f"{number}.png" for number in range(60)]
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(picture(number))

    def remove_the_last(handler, number, earlier):
        (tmp_path / names[-1]).unlink(missing_ok=True)
        handler.say()

    service = serve(remove_the_last)
    code, lines, _ = states(classify(tmp_path, service, *names, "--jobs", "1"))
    assert code == 1
    assert [line["status"] for line in lines].count("ok") == 59
    assert [line["path"] for line in lines if line["status"] == "rejected"] == [names[-1]]


def test_what_changes_before_its_turn_is_sent_as_it_is_then(serve, tmp_path):
    names = [f"{number}.png" for number in range(20)]
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(picture(number))

    def change_the_last(handler, number, earlier):
        if number == 1:
            (tmp_path / names[-1]).write_bytes(picture(777))
        handler.say()

    service = serve(change_the_last)
    code, lines, _ = states(classify(tmp_path, service, *names, "--jobs", "1"))
    assert code == 0
    (line,) = [line for line in lines if line["path"] == names[-1]]
    assert line["sha256"] == hashlib.sha256(picture(777)).hexdigest()
