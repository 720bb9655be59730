# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each window closed while a request is in flight: a clean end, nothing said on
standard error (the fixture sees to both), nothing left running."""
import os
import signal
import subprocess

import pytest
import ui

ROSES = "roses, 95.7\u202f%, next tulips, 3.97\u202f%"


@pytest.fixture
def held(start, service, samples):
    """The app, with one answer and then three requests that get none."""
    service.as_connection()
    app = start(samples[0])
    ui.wait_for("the first answer", lambda: [said for _, said in ui.rows(app)] == [ROSES],
                seen=lambda: ui.rows(app))
    service.holding = True

    def hold():
        app.key("F5")
        service.wait_asked(2)
        app.find(contains="Uploading…")
        return app

    yield hold
    service.release()


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_ended(pids):
    ui.wait_for("the end of the service", lambda: not any(is_running(pid) for pid in pids), 10,
                seen=lambda: pids)


def test_the_window(held):
    app = held()
    app.key("ctrl+w")
    assert app.wait() == 0


@pytest.mark.parametrize("first", ["dialog", "window"])
def test_the_connection_dialog(held, first):
    app = held()
    main = app.window()
    app.act("win.add-connection")
    dialog = app.window("Connect to a Service")
    app.type("http://127.0.0.1:9/", window=dialog)
    if first == "dialog":
        app.key("Escape", window=dialog)
        ui.wait_for("one window", lambda: app.windows() == [main], seen=app.windows)
    app.act("window.close")
    assert app.wait() == 0


@pytest.mark.parametrize("first", ["dialog", "window"])
def test_the_response_dialog(start, service, samples, first):
    service.as_connection()
    app = start(*samples[:2])
    ui.wait_for("two answers", lambda: [said for _, said in ui.rows(app)] == [ROSES] * 2,
                seen=lambda: ui.rows(app))
    service.holding = True
    app.key("F5", "Down")
    service.wait_asked(3)
    app.press(name="Show Response")
    dialog = app.window("Response")
    if first == "dialog":
        app.key("Escape", window=dialog)
        ui.wait_for("one window", lambda: len(app.windows()) == 1, seen=app.windows)
    app.act("window.close")
    assert app.wait() == 0
    service.release()


@pytest.fixture
def many(start, service, samples, tmp_path):
    """The app in the middle of 24 images, of which two are answered."""
    folder = tmp_path / "holiday"
    folder.mkdir()
    for number in range(24):
        os.link(samples[0], folder / f"{number:02}.jpg")
    service.as_connection()
    service.answers = 2

    def begin():
        app = start(str(folder))
        ui.wait_for("two answers", lambda: any("2 of 24" in text for text in app.texts()),
                    seen=app.texts)
        return app

    yield begin
    service.release()


def ask(app, *keys):
    """The question, and its window."""
    before = app.windows()
    app.key(*keys)
    window = ui.wait_for("a question", lambda: [window for window in app.windows()
                                                if window not in before], seen=app.windows)[0]
    app.find(name="22 Images Are Not Answered Yet")
    return window


def test_in_the_middle_it_asks(many):
    app = many()
    main = app.window()
    question = ask(app, "ctrl+w")
    app.find(contains="offers to go on with them")
    # The harmless way out has the focus.
    app.key("Return", window=question)
    ui.wait_for("one window", lambda: app.windows() == [main], seen=app.windows)
    question = ask(app, "ctrl+q")
    app.key("Escape", window=question)
    ui.wait_for("one window", lambda: app.windows() == [main], seen=app.windows)
    ask(app, "ctrl+w")
    app.press(contains="Close Window")
    assert app.wait() == 0


def test_what_is_answered_meanwhile_is_no_question(many, service):
    app = many()
    main = app.window()
    ask(app, "ctrl+w")
    service.release()
    ui.wait_for("one window", lambda: app.windows() == [main], seen=app.windows)
    ui.wait_for("all answers", lambda: sum(said == ROSES for _, said in ui.rows(app)) > 5,
                seen=lambda: ui.rows(app))
    app.key("ctrl+w")
    assert app.wait() == 0


def test_asked_once(many, start):
    app = many()
    ask(app, "ctrl+w")
    app.act("window.close")
    assert app.wait() == 0
    # Nothing is lost by that.
    app = start()
    app.find(contains="was interrupted: 22 of 24 left")


@pytest.fixture
def two(many):
    """That, and a window in front of it that has nothing to do."""
    def begin():
        app = many()
        app.key("ctrl+n")
        ui.wait_for("two windows", lambda: len(app.windows("Assay")) == 2, seen=app.windows)
        return app

    return begin


def test_quit_asks_once_for_all(two):
    app = two()
    before = app.windows()
    question = ask(app, "ctrl+q")
    app.find(contains="If you quit now, Assay offers to go on")
    app.key("Escape", window=question)
    # Nothing has gone before the answer.
    ui.wait_for("both windows", lambda: app.windows() == before, seen=app.windows)
    ask(app, "ctrl+q")
    app.press(contains="_Quit")
    assert app.wait() == 0


def test_quit_twice(two):
    app = two()
    ask(app, "ctrl+q")
    # As a dock does; the question takes the keys.
    subprocess.run(["gdbus", "call", "--session", "--dest", "io.github.assay.Assay",
                    "--object-path", "/io/github/assay/Assay",
                    "--method", "org.gtk.Actions.Activate", "quit", "[]", "{}"],
                   check=True, stdout=subprocess.DEVNULL, timeout=60)
    assert app.wait() == 0


def test_quit_is_no_question_when_all_has_ended(two, service):
    app = two()
    before = app.windows()
    ask(app, "ctrl+q")
    service.release()
    ui.wait_for("both windows", lambda: app.windows() == before, seen=app.windows)
    assert app.quit() == 0


def test_told_that_nothing_is_kept(many, fresh):
    path = os.path.join(os.environ["XDG_CONFIG_HOME"], "glib-2.0", "settings", "keyfile")
    with open(path, "a", encoding="utf-8") as file:
        file.write("keep-history=false\n")
    app = many()
    ask(app, "ctrl+w")
    app.find(contains="the answers that have come are lost")
    app.press(contains="Close Window")
    assert app.wait() == 0


def test_one_of_two_windows(start, service, samples, clipboard):
    service.as_connection()
    app = start()
    first = app.window()
    app.find(contains="tutorial · v1, Ready")
    app.key("ctrl+n")
    second = ui.wait_for("a second window", lambda: app.windows()[1:])[0]
    service.holding = True
    clipboard("UTF8_STRING", text=samples[0])
    ui.wait_for("two ready windows", lambda: len({node.path for node in app.all(
        role="push button", contains="tutorial · v1, Ready") if node.has("focusable")}) >= 2)
    app.key("ctrl+v", window=second)
    service.wait_asked(1)
    app.key("ctrl+w", window=second)
    ui.wait_for("one window", lambda: app.windows() == [first], seen=app.windows)
    service.release()
    # The other one works on.
    app.key("ctrl+v", window=first)
    ui.wait_for("an answer", lambda: [said for _, said in ui.rows(app)] == [ROSES],
                seen=lambda: ui.rows(app))
    assert app.quit() == 0


def test_the_builtin_service_ends_with_the_app(start, samples):
    app = start(*samples)
    service = ui.wait_for("the built-in service", lambda: app.children("assay-serve"), 60)
    assert len(service) == 1
    ui.wait_for("a first answer", lambda: any("%" in said for _, said in ui.rows(app)), 60,
                seen=lambda: ui.rows(app))
    app.key("ctrl+a", "F5")
    app.key("ctrl+w")
    assert app.wait() == 0
    wait_ended(service)


def test_killed_it_leaves_nothing_behind(fresh, samples):
    app = ui.App(os.path.join(os.environ["ASSAY_BUILD"], "src", "app", "assay"), *samples)
    try:
        service = ui.wait_for("the built-in service", lambda: app.children("assay-serve"), 60)
        app.process.send_signal(signal.SIGKILL)
        assert app.wait() == -signal.SIGKILL
        wait_ended(service)
    finally:
        app.close()
