# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets and tokens from one start of the app to the next, with a real keyring and
without one; and every byte that the program leaves behind is searched for them."""
import base64
import os
import shutil
import subprocess

import pytest
import ui

ROSES = "roses, 95.7\u202f%, next tulips, 3.97\u202f%"
CLIENT = "sb-9a93!b6427|foundation"
SECRET = "hush+/=:s3cret"
TOKEN = "t0ken-of-twelve-hours"
HIDDEN = [SECRET, TOKEN, base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()]
# What GTK 4.8 tells assistive technology of these is what was typed.
SECRET_ENTRIES = ("Token", "Client Secret", "API Key")
TALK = {"G_MESSAGES_DEBUG": "all"}


def has_keyring():
    return subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus",
                           "--object-path", "/org/freedesktop/DBus", "--method",
                           "org.freedesktop.DBus.GetNameOwner", "org.freedesktop.secrets"],
                          capture_output=True).returncode == 0


@pytest.fixture(params=["keyring", "memory"])
def keyring(fresh, request):
    """Whether a real keyring, unlocked, runs on the session bus."""
    if request.param == "memory":
        assert not has_keyring()
        yield False
        return
    daemon = ui.start("gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets",
                      stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    daemon.stdin.write(b"the keyring password")
    daemon.stdin.close()
    ui.wait_for("the keyring", has_keyring, 30)
    yield True
    ui.stop(daemon)
    shutil.rmtree(os.path.join(os.environ["XDG_DATA_HOME"], "keyrings"))


def write(app, title, text):
    """As assistive technology does."""
    assert app.find(role="text", name=title).call("EditableText", "SetTextContents", "(s)", text)[0]


def read_texts(app):
    found = []
    for node in app.tree().walk():
        found += [node.name, node.description]
        if "org.a11y.atspi.Text" in node.interfaces and not node.name.startswith(SECRET_ENTRIES):
            found.append(node.text())
    return "\n".join(found)


def files():
    for folder, _, names in os.walk(os.environ["HOME"]):
        for path in (os.path.join(folder, name) for name in names):
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    yield path, file.read()


def found_in(text):
    return [each for each in HIDDEN if each in text]


def answered(app, count):
    ui.wait_for(f"{count} answers", lambda: [said for _, said in ui.rows(app)] == [ROSES] * count,
                60, seen=lambda: ui.rows(app))


def end(app):
    app.quit()
    assert found_in(app.read_errors()) == []
    app.forgive_errors()


def test_nothing_secret_is_written(start, service, samples, keyring):
    service.token, service.client = TOKEN, (CLIENT, SECRET)
    place = "in your keyring" if keyring else "in memory until Assay closes: no keyring was found"
    app = start(**TALK)
    app.find(role="frame", name="Assay")
    app.act("win.add-connection")
    app.window("Connect to a Service")
    app.find(name=f"Secrets are kept {place}")
    write(app, "URL", f"http://127.0.0.1:{service.port}/classify")
    write(app, "Models URL (Optional)", f"http://127.0.0.1:{service.port}/list")
    write(app, "Client ID", CLIENT)
    write(app, "Client Secret", SECRET)
    write(app, "Token URL", f"http://127.0.0.1:{service.port}/oauth/token")
    app.press(role="push button", name="Test Connection")
    app.find(contains="tutorial: 1 version ready")
    app.find(contains="Token valid for 11 h 59 min")
    assert found_in(read_texts(app)) == []
    app.press(role="push button", name="Connect")
    app.find(contains="tutorial · v1, Ready")
    end(app)

    app = start(*samples[:2], **TALK)
    if keyring:
        answered(app, 2)
        app.press(name="Copy Result")
        assert found_in(ui.wait_for("the copied result", ui.clipboard)) == []
    else:
        app.find(contains="needs its client secret")
    app.act("win.edit-connection")
    dialog = app.window("Connection")
    app.find(role="text", name="Client Secret (One Is Kept)" if keyring else "Client Secret")
    assert found_in(read_texts(app)) == []
    app.key("Escape", window=dialog)
    ui.wait_for("the end of the dialog", lambda: not app.windows("Connection"), seen=app.texts)
    end(app)

    # The search finds what is there to be found.
    canary = os.path.join(os.environ["HOME"], "canary")
    with open(canary, "w", encoding="utf-8") as file:
        file.write(" ".join(HIDDEN))
    seen = list(files())
    os.remove(canary)
    assert any(path.endswith("connections.conf") for path, _ in seen)
    assert any(path.endswith(".keyring") for path, _ in seen) == keyring
    assert [path for path, content in seen
            if found_in(content.decode("utf-8", errors="replace"))] == [canary]
