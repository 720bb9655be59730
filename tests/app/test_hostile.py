# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken and hostile files, dropped together with good ones: each has its row
and its reason, the good ones are answered, nothing hangs, nothing is lost.

The files are those of tests/fixtures/make-odd-files.py."""
import importlib.util
import json
import os
import re
import subprocess

import pytest
import ui
from conftest import BUILD

ANSWERED = "answered"
FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures")
ARCHIVES = os.path.join(BUILD, "tests", "fixtures", "archives")
SANITIZED = os.environ.get("ASSAY_TEST_PATIENCE", "1") != "1"


def load_odd_files():
    spec = importlib.util.spec_from_file_location(
        "odd_files", os.path.join(FIXTURES, "make-odd-files.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


odd_files = load_odd_files()

# One row of each is on the screen at once.
FEW = [
    "empty.jpg", "text.jpg", "zero-frame.gif", "cut-eoi.jpg", "cut-scan.jpg", "cut-data.png", "crc.png", "bomb.png", "paper.pdf",
    "drawing.svg", "cut-trailer.gif", "sizes.bmp", "program.png", "noise.jpg", "cmyk.jpg",
    "16-bit.png", "animated.gif", "os2.bmp", "progressive.jpg", "really-a-png.jpg", "pipe.jpg",
    "socket.jpg", "nowhere.jpg", "itself.jpg", "zero-device.jpg", "loop",
    *(os.fsdecode(entry.name) for entry in odd_files.NAMES[:9]),
]


@pytest.fixture
def given(tmp_path):
    """[(path, pattern)], made in an order that mixes good and bad."""
    by_name = {os.fsdecode(entry.name): entry for entry in odd_files.ALL}
    made = [(path, re.escape(entry.words) if entry.code else ANSWERED)
            for path, entry in odd_files.write(tmp_path, [by_name[name] for name in FEW])]
    vanishing = os.path.join(os.fsencode(tmp_path), b"vanishing.png")
    with open(vanishing, "wb"):
        made.append((vanishing, "no such file"))
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


# Each says something of its own when it is taken for more than words.
LABELS = ["<b>bold</b>", "&amp; <a href='x:y'>link</a", "=cmd|' /C calc'!A0", "\x1b[31mred\x07",
          "photo\u202egpj.exe", "two\nlines", "hid\u200bden\u2066", "\x9b2Jclear", "%s%n", "x" * 300]


def check_texts(app):
    """Nothing that turns, hides or commands is shown, and all is said as it stands."""
    texts = app.texts()
    for text in texts:
        assert not set(text) & set("\n\t\x1b\x07\x9b\u202e\u2066\u200b"), repr(text)
    return texts


def test_what_a_service_says_stays_words(start, service, samples):
    service.scores = [(label, 1 / 2 ** rank) for rank, label in enumerate(LABELS, 1)]
    service.as_connection()
    app = start(samples[0])
    app.find(contains="<b>bold</b>, 50", seconds=60)
    texts = " ".join(check_texts(app))
    for words in ("&amp; <a href='x:y'>link</a", "=cmd|' /C calc'!A0", "%s%n"):
        assert words in texts, texts
    service.failing = True
    service.complaint = "<b>no</b> \x1b]0;mine\x07 \u202eback\n&amp;" + "y" * 5000
    app.key("F5", window=app.window())
    app.find(contains="<b>no</b>", seconds=60)
    check_texts(app)
    assert app.quit() == 0
    assert app.read_errors() == ""


def count_rows(paths):
    """Rows that must come, and those with an error, as the command line says it."""
    child = subprocess.run(
        [os.path.join(BUILD, "src", "cli", "assay-cli"), "classify", "--dry-run", "--format",
         "ndjson", "--", *paths], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    lines = [json.loads(line) for line in child.stdout.splitlines()]
    return len(lines), sum(line["status"] == "rejected" for line in lines)


@pytest.mark.skipif(SANITIZED, reason="takes minutes; cli-odd-files reads the same files")
def test_one_drop_of_all_files_and_archives(start, service, tmp_path):
    paths = [path for path, _ in odd_files.write(tmp_path)]
    paths += [os.fsencode(os.path.join(ARCHIVES, name)) for name in sorted(os.listdir(ARCHIVES))]
    n_rows, n_errors = count_rows(paths)
    assert n_rows > 2000 + len(paths) - 20 and n_errors > 100
    service.as_connection()
    app = start(GSK_RENDERER="cairo")
    app.find(contains="tutorial · v1, Ready", seconds=60)
    empty = app.memory()
    with ui.Pulse(app) as pulse:
        ui.drag_files([os.fsdecode(path) for path in paths], app)
        peak = 0

        def settled():
            nonlocal peak
            peak = max(peak, app.memory())
            names = app.texts()
            return f"All {n_rows}" in names and f"Errors {n_errors}" in names \
                and len(service.asked) == n_rows - n_errors \
                and not any(name.endswith(("Queued", "Reading…", "Uploading…")) for name in names)

        ui.wait_for(f"{n_rows} rows, {n_errors} of them errors", settled, 240,
                    seen=lambda: (len(service.asked), app.texts()))
        assert pulse.answers > 20
    # What is let go for good is let go a little later.
    bound = empty + 80
    ui.wait_for(f"memory below {bound:.0f} MiB", lambda: app.memory() < bound, 30, seen=app.memory)
    print(f"{len(paths)} things, {n_rows} rows; memory {empty:.0f} MiB empty, {peak:.0f} at most, "
          f"{app.memory():.0f} after; longest wait for an answer {pulse.longest * 1000:.0f} ms")
