# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is dragged out of the window, into another program's: rows as files and as text,
and the card as a picture."""
import base64
import json
import os
import queue
import subprocess
import sys
import threading

import pytest
import ui


@pytest.fixture
def answered(start, samples):
    app = start(*samples[:4])
    ui.wait_for("four answers", lambda: sum("%" in said for _, said in ui.rows(app)) == 4, 60,
                seen=lambda: ui.rows(app))
    return app


class Elsewhere:
    """The window of another program, beside the app's."""

    def __init__(self, app, kind):
        left, _, width, _ = app.size()
        self.place = left + width + 10
        self.lines = queue.Queue()
        self.process = ui.start(sys.executable, os.path.join(ui.HERE, "drop_target.py"), kind,
                                stdout=subprocess.PIPE, text=True)
        ui.xdotool("windowmove", "--sync", self.process.stdout.readline().strip(), self.place, 5)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def hear(self, seconds):
        """What it says next, None if it says nothing."""
        try:
            return self.lines.get(timeout=seconds)
        except queue.Empty:
            return None

    def hover(self, step):
        ui.xdotool("mousemove", "--sync", self.place + 40 + step % 7, 50)


def drag(app, x, y, kind):
    """From a point of the window into another program's; what that has got."""
    left, top, _, _ = app.size()
    there = Elsewhere(app, kind)
    try:
        ui.xdotool("mousemove", "--sync", left + x, top + y, "mousedown", 1)
        for step in range(1, 8):
            ui.xdotool("mousemove", "--sync", left + x + 6 * step, top + y + 2 * step)
        steps = iter(range(1, 1000000))

        def seen():
            # Small movements, as of a hand.
            there.hover(next(steps))
            return there.hear(0.1) == "over"

        ui.wait_for("the drag over the other window", seen)
        for _ in range(5):
            there.hover(next(steps))
        ui.xdotool("mouseup", 1)
        return json.loads(ui.wait_for("what was dropped", lambda: there.hear(1)))
    finally:
        ui.xdotool("mouseup", 1)
        ui.stop(there.process)


def middle(node):
    x, y, width, height = node.extents()
    return x + width // 2, y + height // 2


def row(app, path):
    return app.find(role="list item", contains=os.path.basename(path))


def read_uris(data):
    return [urllib.parse.unquote(urllib.parse.urlsplit(line).path)
            for line in data.decode().splitlines() if line]


def test_a_row_is_its_file(answered, samples):
    app = answered
    assert drag(app, *middle(row(app, samples[1])), "files") == [samples[1]]


def test_selected_rows_are_lines_of_text(answered, samples):
    app = answered
    said = dict(ui.rows(app))
    app.key("ctrl+f")
    app.key("Escape")
    app.key("ctrl+a")
    text = drag(app, *middle(row(app, samples[2])), "text")
    lines = [line.split("\t") for line in text.splitlines()]
    assert [line[0] for line in lines] == [os.path.basename(path) for path in samples[:4]]
    for name, label, score in lines:
        assert said[name].startswith(f"{label}, {score}"), (said[name], label, score)


def test_the_card_is_a_picture(answered):
    app = answered
    x, y = middle(app.find(role="level bar"))
    assert base64.b64decode(drag(app, x, y, "picture")).startswith(b"\x89PNG")
    path, = drag(app, x, y, "files")
    assert os.path.splitext(os.path.basename(path))[1] == ".png"
    with open(path, "rb") as file:
        assert file.read().startswith(b"\x89PNG")
    app.quit()
    assert not os.path.exists(path)


def test_nothing_is_given_to_itself(answered, samples):
    """Dropped where it came from it would be there twice."""
    app = answered
    left, top, width, height = app.size()
    x, y = middle(row(app, samples[0]))
    ui.xdotool("mousemove", "--sync", left + x, top + y, "mousedown", 1)
    for step in range(1, 20):
        ui.xdotool("mousemove", "--sync", left + x + (width - 100 - x) * step // 20, top + height // 2)
    assert "Drop to classify" not in app.texts()
    ui.xdotool("mouseup", 1)
    # Something that comes after it.
    ui.drag_files(samples[4:5], app)
    ui.wait_for("five rows", lambda: len(ui.rows(app)) == 5, seen=lambda: ui.rows(app))
