# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window on a screen of its own, for each test file one screen."""
import functools
import glob
import os
import shutil
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import desktop as desktops  # noqa: E402
import mlf  # noqa: E402
import ui  # noqa: E402

BUILD = os.environ["ASSAY_BUILD"]


@pytest.fixture(scope="session")
def screen():
    ui.within_session_bus()
    with ui.screen(1400, 1000) as shown:
        yield shown


@pytest.fixture(scope="session")
def notifications(screen):
    """A desktop has somebody who shows them; without, GLib complains."""
    shown = desktops.Desktop()
    yield shown
    shown.close()


@pytest.fixture
def desktop(notifications):
    notifications.shown.clear()
    return notifications


@pytest.fixture
def fresh(screen, notifications):
    """As at the first start ever."""
    for folder in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        for name in ("assay", "glib-2.0"):
            shutil.rmtree(os.path.join(os.environ[folder], name), ignore_errors=True)
    return screen


@pytest.fixture
def start(start_program):
    """Starts the app; in the end each was quiet and has ended."""
    return functools.partial(start_program, os.path.join(BUILD, "src", "app", "assay"))


@pytest.fixture
def start_program(fresh):
    """Starts the app, or a program that is the app and more."""
    apps = []

    def begin(program, *arguments, **environment):
        app = ui.App(program, *arguments, environment=environment)
        apps.append(app)
        return app

    yield begin
    for app in apps:
        if app.process.poll() is None:
            try:
                app.quit()
            finally:
                app.close()
        assert app.process.returncode == 0, app.read_errors()
        assert app.read_errors() == ""


@pytest.fixture
def service():
    with mlf.Service() as served:
        yield served


@pytest.fixture
def clipboard(screen):
    """Puts the content of a file, or text, on the clipboard, as another program does."""
    owners = []

    def copy(kind, path=None, text=None):
        if text is not None:
            path = os.path.join(os.environ["HOME"], "copied")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        owners.append(ui.start("xclip", "-quiet", "-selection", "clipboard", "-t", kind, "-i", path,
                               stderr=subprocess.DEVNULL))
        ui.wait_for("the clipboard", lambda: ui.clipboard_kinds() == {kind}, seen=ui.clipboard_kinds)

    yield copy
    for owner in owners:
        ui.stop(owner)


@pytest.fixture
def samples():
    found = sorted(glob.glob(os.path.join(BUILD, "data", "samples", "*.*g")))
    assert len(found) >= 15
    return found
