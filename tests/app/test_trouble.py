# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that cannot go on, or should not: what the window says of it, what a person
can do about it, and that nothing is lost."""
import os
import re

import ui

ANSWER = "roses, 95.7\u202f%, next tulips, 3.97\u202f%"
SHOTS = os.path.join(os.environ["ASSAY_BUILD"], "screenshots")


def answered(app):
    return sum(said == ANSWER for _, said in ui.rows(app))


def wait_answered(app, count):
    ui.wait_for(f"{count} answers", lambda: answered(app) == count, 40, seen=lambda: ui.rows(app))


def see_seconds(app, words):
    """A figure that runs."""
    seen = set()

    def runs():
        seen.update(re.findall(words + r" (\d+)\u202fs", "\n".join(app.texts())))
        return len(seen) > 1

    ui.wait_for("seconds that pass", runs, seen=app.texts)
    return {int(each) for each in seen}


def shoot(app, screen, name):
    for width, height in ((1080, 720), (360, 640)):
        app.resize(width, height)
        ui.wait_for("a window that has settled", lambda: app.all(role="list", name="Images"))
        x, y, width, height = app.size()
        screen.picture(os.path.join(SHOTS, f"trouble-{name}-{width}.png"), width, height, x, y)
    app.resize(1080, 720)


def test_throttled_and_told_at_the_end(start, screen, service, samples, desktop):
    service.as_connection()
    service.holding = True
    service.rests = [11]
    app = start(*samples)
    service.wait_asked(1)
    # Another window, out of the picture, has the focus.
    app.key("ctrl+n")
    other = ui.wait_for("a second window", lambda: app.windows()[1:])[0]
    ui.xdotool("windowmove", other, screen.width - 5, 0)
    service.release()
    assert see_seconds(app, "The service asked for a pause; going on in") <= set(range(1, 12))
    # It is the service's right: nothing is wrong, nothing is to be done.
    assert not app.all(role="push button", name="Try Now")
    shoot(app, screen, "throttled")
    wait_answered(app, len(samples))
    ui.wait_for("a notification", lambda: desktop.shown, seen=app.texts)
    assert [each[4] for each in desktop.shown] == [f"{len(samples)} images: {len(samples)} answered"]
    desktop.click(1)
    # Listed as they lie, the uppermost last.
    ui.wait_for("the window in front", lambda: ui.xdotool(
        "search", "--onlyvisible", "--name", "^Assay$").split()[-1] == app.windows()[0])


def test_gone_and_tried_at_once(start, screen, service, samples):
    service.as_connection()
    service.after(5, lambda: setattr(service, "cutting", True))
    app = start(*samples)
    seconds = see_seconds(app, "The service stopped answering; trying again in")
    assert seconds <= set(range(1, 34))
    # Not read out again with each second.
    app.find(role="panel", name="The service stopped answering; trying again soon")
    app.find(contains=f"of {len(samples)}  ·  waiting")
    shoot(app, screen, "gone")
    service.cutting = False
    app.press(role="push button", name="Try Now")
    wait_answered(app, len(samples))
    app.gone(contains="The service stopped answering")


def test_failed_and_retried(start, screen, service, samples):
    service.as_connection()
    service.failing = True
    app = start(*samples)
    app.find(role="label", name=f"{len(samples)} images: {len(samples)} failed")
    shoot(app, screen, "failed")
    service.failing = False
    app.press(role="push button", name="Retry Failed")
    wait_answered(app, len(samples))
    app.gone(contains=" failed")


def test_paused_and_canceled_by_hand(start, screen, service, samples, desktop):
    service.as_connection()
    service.holding = True
    total = len(samples)
    app = start(*samples)
    service.wait_asked(4)
    app.key("ctrl+p")
    app.find(name=f"Paused: {total} of {total} left")
    app.press(role="push button", name="Cancel This Image")
    app.find(name=f"Paused: {total - 1} of {total} left")
    assert ui.rows(app)[0][1] == "Canceled"
    service.release()
    app.find(name=f"Paused: {total - 4} of {total} left")
    shoot(app, screen, "paused")
    assert len(service.asked) == 4
    app.press(role="push button", name="Resume")
    wait_answered(app, total - 1)
    app.gone(name="Pause")
    assert len(service.asked) == total
    app.key("ctrl+r")
    wait_answered(app, total)
    # Whoever looks on need not be told.
    assert desktop.shown == []


def enter_token(app, button, token):
    app.press(role="push button", name=button)
    dialog = app.window("Connection")
    entry = app.find(role="text", contains="Token")
    assert entry.call("EditableText", "SetTextContents", "(s)", token)[0]
    app.key("Return", window=dialog)
    ui.wait_for("one window", lambda: len(app.windows()) == 1, seen=app.texts)


def test_signed_in_again(start, screen, service, samples):
    service.as_connection(auth="bearer")
    service.token = "t0ken"
    app = start(*samples)
    enter_token(app, "Enter Token…", "t0ken")
    wait_answered(app, len(samples))
    service.after(5, lambda: setattr(service, "token", "another"))
    app.key("ctrl+a", "F5")
    app.find(role="label", contains="Signing in was refused; ")
    shoot(app, screen, "sign-in")
    ui.wait_for("five answers", lambda: answered(app) == 5, seen=lambda: ui.rows(app))
    enter_token(app, "Sign In…", "another")
    wait_answered(app, len(samples))
    app.gone(contains="Signing in was refused")
    app.find(contains="tutorial · v1, Ready")
