# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service that comes with Assay dies under the window: it is started again, that is
said, and it answers as before.  A run of many is in tests/cli/test_builtin.py."""
import io
import os
import random
import signal

import pytest
import ui
from PIL import Image

SHOTS = os.path.join(os.environ["ASSAY_BUILD"], "screenshots")
STYLES = {"light": {}, "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}}
COUNT = 4
RESTARTED = "The built-in service stopped and was started again"
GONE = "The built-in service stopped three times within a minute and was not started again"


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    data = io.BytesIO()
    noise = random.Random(1).randbytes(900 * 600 * 3)
    Image.frombytes("RGB", (900, 600), noise).save(data, "JPEG")
    for number in range(COUNT):
        (folder / f"{number:03}.jpg").write_bytes(data.getvalue())
    return sorted(map(str, folder.iterdir()))


def kill_service(app, killed=()):
    pid = ui.wait_for("a service that runs", lambda: next(
        (pid for pid in app.children("assay-serve") if pid not in killed), None))
    os.kill(pid, signal.SIGKILL)
    return pid


def answered(app):
    return [said for _, said in ui.rows(app) if "%" in said]


def shoot(app, screen, name):
    """At once: what is said for a moment does not wait until nothing moves."""
    os.makedirs(SHOTS, exist_ok=True)
    left, top, width, height = app.size()
    screen.picture(os.path.join(SHOTS, name + ".png"), width, height, left, top)


@pytest.mark.parametrize("style", STYLES)
def test_it_is_started_again(start, screen, clipboard, pictures, style):
    app = start(*pictures[:3], **STYLES[style])
    ui.wait_for("three answers", lambda: len(answered(app)) == 3, seen=lambda: ui.rows(app))
    killed = kill_service(app)
    app.find(contains=RESTARTED)
    shoot(app, screen, f"builtin-restarted-{style}")
    app.find(contains="Ready")
    assert app.children("assay-serve") != [killed]
    clipboard("UTF8_STRING", text=pictures[3])
    app.key("ctrl+v")
    ui.wait_for("four answers", lambda: len(answered(app)) == 4, 60, seen=lambda: ui.rows(app))


@pytest.mark.parametrize("style", STYLES)
def test_it_is_left_alone_in_the_end_until_asked(start, screen, clipboard, pictures, style):
    app = start(*pictures[:3], **STYLES[style])
    ui.wait_for("three answers", lambda: len(answered(app)) == 3, seen=lambda: ui.rows(app))
    killed = []
    for _ in range(3):
        killed.append(kill_service(app, killed))
    app.find(contains=GONE)
    app.find(contains="Offline")
    shoot(app, screen, f"builtin-gone-{style}")
    ui.wait_for("no service", lambda: not app.children("assay-serve"))
    app.press(role="push button", name="Try Again")
    app.find(contains="Ready")
    app.gone(contains=GONE)
    clipboard("UTF8_STRING", text=pictures[3])
    app.key("ctrl+v")
    ui.wait_for("four answers", lambda: len(answered(app)) == 4, 60, seen=lambda: ui.rows(app))
