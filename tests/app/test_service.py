# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that hang, refuse or want a token: what the window says, what a person
can do, and that everything given is answered in the end."""
import os

import mlf
import pytest
import ui

ROSES = "roses, 95.7\u202f%, next tulips, 3.97\u202f%"
SECRET_ENTRIES = ("Token", "Client Secret", "API Key")
TOKEN = "s3cret-and-not-to-be-found"


def all_say(app, said, count):
    ui.wait_for(f"{count} rows that say {said}",
                lambda: [each for _, each in ui.rows(app)] == [said] * count, seen=lambda: ui.rows(app))


def test_one_that_hangs_is_canceled_and_asked_again(start, service, samples):
    service.as_connection()
    service.holding = True
    app = start(*samples[:12])
    service.wait_asked(4)
    app.find(contains="Uploading…")
    app.find(contains="0 of 12")
    app.press(role="push button", name="Cancel")
    all_say(app, "Canceled", 12)
    app.gone(contains="0 of 12")
    service.release()
    app.key("ctrl+r")
    all_say(app, ROSES, 12)


def test_one_that_refuses_is_found_again(start, service, samples):
    service.as_connection()
    service.close()
    app = start(*samples[:3])
    app.find(contains="Offline")
    app.find(contains="refuses connections")
    all_say(app, "Not asked yet", 3)
    with mlf.Service(service.port) as again:
        app.press(role="push button", name="Try Again")
        app.find(contains="tutorial · v1, Ready")
        all_say(app, ROSES, 3)
        app.gone(contains="refuses connections")
        assert len(again.asked) == 3


def test_one_that_goes_away_meanwhile(start, service, samples):
    service.as_connection()
    app = start(samples[0])
    all_say(app, ROSES, 1)
    service.close()
    app.key("F5")
    app.find(contains="refuses connections")
    with mlf.Service(service.port):
        app.press(role="push button", name="Try Again")
        app.find(contains="tutorial · v1, Ready")
        app.key("ctrl+r")
        all_say(app, ROSES, 1)


def read_texts(app):
    """Whatever assistive technology can read, but for what was typed as a secret: GTK
    4.8 gives it that as it is."""
    found = []
    for node in app.tree().walk():
        found += [node.name, node.description]
        if "org.a11y.atspi.Text" in node.interfaces and not node.name.startswith(SECRET_ENTRIES):
            found.append(node.text())
    return "\n".join(found)


def files_with(token):
    found = []
    for folder, _, names in os.walk(os.environ["HOME"]):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    if token.encode() in file.read():
                        found.append(path)
    return found


@pytest.mark.parametrize("debug", ["", "all"])
def test_a_token_is_asked_for_and_kept_in_memory_alone(start, service, samples, debug):
    service.token = TOKEN
    service.as_connection(auth="bearer")
    app = start(*samples[:2], **({"G_MESSAGES_DEBUG": debug} if debug else {}))
    app.find(contains="Not permitted")
    app.press(role="push button", name="Enter Token…")
    dialog = app.window("Connection")
    # The token has the focus: it is what is missing.
    app.type(TOKEN, window=dialog)
    assert TOKEN not in read_texts(app)
    app.press(role="push button", name="Connect")
    app.find(contains="tutorial · v1, Ready")
    ui.wait_for("two answers", lambda: len(ui.rows(app)) == 2, seen=lambda: ui.rows(app))
    if [said for _, said in ui.rows(app)] != [ROSES] * 2:
        app.key("ctrl+r")
    all_say(app, ROSES, 2)
    app.press(name="Show Response")
    app.window("Response")
    assert TOKEN not in read_texts(app)
    app.key("Escape", window=app.window("Response"))
    app.press(name="Copy Result")
    assert TOKEN not in ui.wait_for("the copied result", ui.clipboard)
    app.act("window.close")
    assert app.wait() == 0
    assert files_with(TOKEN) == []
    assert TOKEN not in app.read_errors()
    if debug:
        app.forgive_errors()
