# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken and hostile files, dropped together with good ones: each has its row
and its reason, the good ones are answered, nothing hangs, nothing is lost."""
import io
import os
import re
import socket
import struct
import zipfile
import zlib

import pytest
import ui
from PIL import Image

ANSWERED = "answered"


def drawn(mode="RGB", size=(96, 64)):
    image = Image.new("RGB", size)
    image.putdata([(x * 255 // size[0], y * 255 // size[1], (x ^ y) & 255)
                   for y in range(size[1]) for x in range(size[0])])
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(size))
        return image
    return image.convert(mode)


def encoded(kind, mode="RGB", **options):
    out = io.BytesIO()
    drawn(mode).save(out, kind, **options)
    return out.getvalue()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def lying_png():
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))
            + chunk(b"IEND", b""))


def bad_crc_png():
    bytes_ = bytearray(encoded("PNG"))
    bytes_[-20] ^= 0xff
    return bytes(bytes_)


def lying_bmp():
    bytes_ = bytearray(encoded("BMP"))
    struct.pack_into("<ii", bytes_, 18, 9000, 9000)
    return bytes(bytes_)


def png_16_bit():
    out = io.BytesIO()
    Image.new("I;16", (64, 48), 30000).save(out, "PNG")
    return out.getvalue()


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes.txt", "No picture is in here.")
    return out.getvalue()


# name, content, and what the row has to say, as a pattern
FILES = [
    ("empty.jpg", b"", "empty"),
    ("text.jpg", b"These are words, not a picture.\n" * 9, "(?i)not an image"),
    ("cut.jpg", encoded("JPEG")[:-900], "(?i)damaged"),
    ("cut.png", encoded("PNG")[:-40], "(?i)damaged"),
    ("crc.png", bad_crc_png(), "checksum"),
    ("60000.png", lying_png(), "(?i)too large"),
    ("paper.pdf", b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF\n", "PDF"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "SVG"),
    ("words.zip", zipped(), "(?i)no pictures in this archive"),
    ("no-trailer.gif", encoded("GIF")[:-1], "(?i)damaged"),
    ("sizes.bmp", lying_bmp(), "(?i)damaged"),
    ("program.png", b"\x7fELF" + bytes(200), "program"),
    ("noise.jpg", bytes(range(256)) * 40, "(?i)not an image"),
    ("cmyk.jpg", encoded("JPEG", "CMYK"), ANSWERED),
    ("palette.png", encoded("PNG", "P"), ANSWERED),
    ("16-bit.png", png_16_bit(), ANSWERED),
    ("alpha.png", encoded("PNG", "RGBA"), ANSWERED),
    ("gray.jpg", encoded("JPEG", "L"), ANSWERED),
    ("good.gif", encoded("GIF"), ANSWERED),
    ("good.bmp", encoded("BMP"), ANSWERED),
    ("good.jpg", encoded("JPEG"), ANSWERED),
    ("progressive.jpg", encoded("JPEG", progressive=True), ANSWERED),
    ("really-a-png.jpg", encoded("PNG"), ANSWERED),
    # Names are the other half of what a stranger can choose.
    ("<b>bold&amp;\"'.png", encoded("PNG"), ANSWERED),
    ("line\nbreak\ttab.png", encoded("PNG"), ANSWERED),
    ("right\u202egpj.exe.png", encoded("PNG"), ANSWERED),
    ("escape\x1b[31mred\x07.png", encoded("PNG"), ANSWERED),
    ("x" * 251 + ".png", encoded("PNG"), ANSWERED),
    (b"latin-\xe4\xff.png", encoded("PNG"), ANSWERED),
    ("-rf --help.png", encoded("PNG"), ANSWERED),
    ("%41%00 %s%n.png", encoded("PNG"), ANSWERED),
    ("комната 花 🌷.png", encoded("PNG"), ANSWERED),
]


@pytest.fixture
def given(tmp_path):
    """[(path, pattern)], made in an order that mixes good and bad."""
    made = []
    for name, content, pattern in FILES:
        path = os.path.join(os.fsencode(tmp_path), os.fsencode(name))
        with open(path, "wb") as file:
            file.write(content)
        made.append((path, pattern))

    def add(name, make, pattern):
        path = os.path.join(os.fsencode(tmp_path), name)
        make(path)
        made.append((path, pattern))

    def make_loop(path):
        os.mkdir(path)
        os.symlink(b".", os.path.join(path, b"again"))

    def make_socket(path):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.close()

    add(b"pipe.jpg", os.mkfifo, "pipe")
    add(b"socket.jpg", make_socket, "socket")
    add(b"nowhere.jpg", lambda path: os.symlink(b"not-there", path), "isn't there")
    add(b"itself.jpg", lambda path: os.symlink(b"itself.jpg", path), "leads back to itself")
    add(b"zero.jpg", lambda path: os.symlink(b"/dev/zero", path), "device")
    add(b"loop", make_loop, "no pictures")
    add(b"vanishing.png", lambda path: open(path, "wb").close(), "no such file")
    return made


def plain(name):
    """What of a name any way of showing it keeps: its letters and digits."""
    return re.sub(r"[^0-9A-Za-zа-я]", "", os.fsdecode(name))


def test_twenty_kinds_and_more_in_one_drop(start, given):
    app = start()
    app.find(contains="flowers · v2, Ready", seconds=60)
    paths = [os.fsdecode(path) for path, _ in given]
    ui.drag_files(paths, app, hover=lambda: os.unlink(os.fsencode(paths[-1])))

    def settled():
        found = ui.rows(app)
        return found if len(found) >= len(given) and not any(
            said in ("Queued", "Reading…", "Uploading…", "Not asked yet") for _, said in found) else None

    rows = ui.wait_for(f"{len(given)} rows that are done", settled, 120, seen=lambda: ui.rows(app))
    for name, said in rows:
        print(f"{name[:40]!r:44} {said}")
    assert len(rows) == len(given)
    assert app.find(name=f"All {len(given)}")
    left = list(rows)
    for path, pattern in given:
        name = plain(os.path.basename(path))
        row = next((row for row in left if fits(plain(row[0]), name)), None)
        assert row is not None, (path, left)
        left.remove(row)
        if pattern == ANSWERED:
            assert "%" in row[1], row
        else:
            assert re.search(pattern, row[1].replace("’", "'")), (path, row)
    answered = sum(pattern == ANSWERED for _, pattern in given)
    assert len(given) - answered >= 20
    app.find(name=f"Errors {len(given) - answered}")
    # No name became markup, a new line, or turned the text around.
    for text in app.texts():
        assert not set(text) & set("\n\t\x1b\x07\u202e"), repr(text)


def fits(shown, name):
    """Whether a row's name can be of a file; a long one is cut, odd bytes are replaced."""
    if shown == name:
        return True
    if len(name) > 100:
        return shown.startswith("x" * 40)
    return name.isascii() is False and shown.startswith("latin") and name.startswith("latin") \
        or name[:6] == shown[:6] and name[:6] in ("escape", "rightg", "linebr")
