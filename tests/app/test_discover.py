# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connecting with an address alone: what is spoken there is found out, said, and kept
where a person has changed it."""
import contextlib
import http.server
import json
import os
import re
import subprocess
import sys
import threading

import pytest
import ui
from test_connect import BUILD, SHOTS, Form, saved, start  # noqa: F401

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import oip_server  # noqa: E402

STYLES = {"light": {}, "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}}
TOKEN = "t0ken/+="


@pytest.fixture(scope="module")
def address():
    """Of an assay-serve with the models that come with Assay."""
    child = subprocess.Popen([os.path.join(BUILD, "src", "serve", "assay-serve"), "--models",
                              os.path.join(BUILD, "data", "models"), "--listen", "127.0.0.1:0",
                              "--no-auth"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True)
    for line in child.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            break
    else:
        pytest.fail("it does not say where it listens")
    rest = threading.Thread(target=child.stderr.read, daemon=True)
    rest.start()
    yield found[0]
    ui.stop(child)
    rest.join()
    child.stderr.close()


class Plain(http.server.BaseHTTPRequestHandler):
    """Speaks what the path of its server says, and sees roses everywhere."""
    GET = {
        "kserve": {"/v1/models": {"models": ["flowers"]},
                   "/v1/models/flowers": {"name": "flowers", "ready": True}},
        "torchserve": {"/ping": {"status": "Healthy"}},
    }
    POST = {
        "kserve": ("/v1/models/flowers:predict",
                   {"predictions": [{"label": "roses", "score": .75}]}),
        "torchserve": ("/predictions/flowers", {"roses": .75, "tulips": .25}),
    }

    def log_message(self, *_):
        pass

    def reply(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        value = self.GET[self.server.kind].get(self.path)
        if value is None:
            self.send_error(404)
        else:
            self.reply(value)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        path, value = self.POST[self.server.kind]
        if self.path != path:
            self.send_error(404)
        else:
            self.reply(value)


class Empty(http.server.BaseHTTPRequestHandler):
    """What has nothing for us."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.send_error(404)

    do_POST = do_GET


@contextlib.contextmanager
def serving(handler, kind=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.kind = kind
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def empty():
    with serving(Empty) as url:
        yield url


def paste(app, form, clipboard, text):
    """Into the first entry, which has the keys."""
    clipboard("UTF8_STRING", text=text)
    ui.wait_for("the text on the clipboard", lambda: ui.clipboard() == text)
    app.key("ctrl+v", window=form.window)
    ui.wait_for("the address", lambda: form.text("URL") == text, seen=lambda: form.text("URL"))


def answered(app, n):
    return ui.wait_for(f"{n} answers", lambda: [said for _, said in ui.rows(app) if "%" in said][n - 1:],
                       60, seen=lambda: ui.rows(app))


@pytest.mark.parametrize("style", STYLES)
def test_a_pasted_address_is_all(start, screen, address, clipboard, samples, style):  # noqa: F811
    app = start(**STYLES[style])
    form = Form(app)
    paste(app, form, clipboard, address)
    form.shoot(screen, f"discover-pasted-{style}")
    app.key("Return", window=form.window)
    form.gone()
    app.find(contains="flowers · v2, Ready")
    assert "protocol=" in saved()
    ui.drag_files(samples[:3], app)
    answered(app, 3)

    # What was found stands in the form, and closing it by Return changes nothing.
    before = saved()
    form = Form(app, "Connection", "win.edit-connection")
    form.shoot(screen, f"discover-found-{style}")
    app.key("Return", window=form.window)
    form.gone()
    app.find(contains="flowers · v2, Ready")
    assert saved() == before


@pytest.mark.parametrize("behind", ["/v2/models/flowers/infer", "/v2/models/flowers/versions/1/infer"])
def test_an_address_from_a_manual_names_the_model(start, address, samples, behind):  # noqa: F811
    app = start()
    form = Form(app)
    app.type(address + behind, window=form.window)
    app.key("Return", window=form.window)
    form.gone()
    app.find(contains="flowers · v2, Ready")
    assert "protocol=oip" in saved() and f"url={address}" in saved() and "/infer" not in saved()
    ui.drag_files(samples[:1], app)
    answered(app, 1)


def test_testing_finds_it_out_too(start, screen, address):  # noqa: F811
    app = start()
    form = Form(app)
    app.type(address + "/v2/models/flowers/infer", window=form.window)
    form.test()
    app.find(contains="2 versions ready")
    assert form.text("URL").rstrip("/") == address
    app.find(contains="assay-serve")
    form.shoot(screen, "discover-tested")
    assert saved() == ""
    app.key("Escape", window=form.window)
    form.gone()


@pytest.mark.parametrize("style", STYLES)
def test_what_says_nothing_is_told_with_what_was_tried(start, screen, empty, style):  # noqa: F811
    app = start(**STYLES[style])
    form = Form(app)
    app.type(empty, window=form.window)
    app.key("Return", window=form.window)
    told = app.find(contains="Nothing there says what it speaks").name
    for tried in ("Open Inference Protocol", "404"):
        assert tried in told, told
    form.shoot(screen, f"discover-nothing-{style}")
    # A person may know better.
    app.find(role="push button", name="Save Anyway")
    assert saved() == ""
    app.key("Escape", window=form.window)
    form.gone()


def test_a_service_that_wants_a_token(start, screen, samples):  # noqa: F811
    with oip_server.Server([.7, .2, .1], token=TOKEN) as service:
        app = start()
        form = Form(app)
        app.type(service.url, window=form.window)
        app.key("Return", window=form.window)
        app.find(contains="The service wants a sign-in")
        ui.wait_for("the choice of sign-ins in focus",
                    lambda: form.focused() is not None and form.focused().name == "Authentication")
        form.shoot(screen, "discover-refused")
        form.choose("Bearer")
        form.write("Token", TOKEN)
        app.key("Return", window=form.window)
        form.gone()
        app.find(contains="flowers · v1, Ready")
        assert "protocol=oip" in saved() and TOKEN not in saved()
        ui.drag_files(samples[:2], app)
        answered(app, 2)


WANTED = ["protocol=oip", "labels=one;two;three;", "body=image:b64", "preprocess=imagenet,size=64x64,crop=fit",
          "softmax=true", "headers=X-Lab: 7;"]


def test_nothing_is_lost_when_a_connection_is_changed(start, screen):  # noqa: F811
    """Every row of how a service is spoken to, out of the file and back into it."""
    with oip_server.Server([2, 1, 0]) as service:
        service.as_connection(WANTED)
        app = start()
        app.find(contains="flowers · v1, Ready")
        form = Form(app, "Connection", "win.edit-connection")
        app.find(contains="3 labels: one, two, three")
        assert form.text("Input of the Model (Optional)") == "image:b64"
        form.write("Name (Optional)", "Other")
        form.shoot(screen, "discover-all-rows")
        app.key("Return", window=form.window)
        form.gone()
        app.find(contains="flowers · v1, Ready")
        kept = saved()
        for line in [*WANTED, "name=Other", f"url={service.url}"]:
            assert line in kept.splitlines(), (line, kept)

        # Each by itself, too.
        form = Form(app, "Connection", "win.edit-connection")
        form.write("Preprocessing in Words (Optional)", "size of a stamp")
        app.key("Return", window=form.window)
        app.find(contains="is not a way to prepare pictures")
        form.write("Preprocessing in Words (Optional)", "0..1")
        form.press("Use the Labels That the Service Says")
        app.key("Return", window=form.window)
        form.gone()
        app.find(contains="flowers · v1, Ready")
        assert "preprocess=0..1\n" in saved() and "labels=one" not in saved()


# ---- what the model sees ----

def pick(app, form, row, downs):
    form.focus("combo box", row)
    app.key("space", window=form.window)
    for key in ["Home"] + ["Down"] * downs + ["Return"]:
        app.key(key, window=form.window)


WORDS = "Preprocessing in Words (Optional)"


@pytest.mark.parametrize("style", STYLES)
def test_the_picture_follows_the_words(start, screen, style):  # noqa: F811
    with oip_server.Server([.7, .2, .1], input=oip_server.PIXELS) as service:
        service.as_connection(["preprocess=imagenet,size=64x64,crop=fit"])
        app = start(**STYLES[style])
        app.find(contains="flowers · v1, Ready")
        form = Form(app, "Connection", "win.edit-connection")
        app.resize(600, 900, form.window)
        app.find(name="ImageNet (torchvision)")
        app.find(name="As the model sees it: 64 × 64")
        form.shoot(screen, f"discover-sight-{style}")
        form.write(WORDS, "imagenet,size=6x")
        app.find(name="Nothing can be made of these words yet")
        form.write(WORDS, "mean=1:2:3,size=32x16,filter=box")
        app.find(name="As the model sees it: 32 × 16")
        app.find(name="Other Numbers")
        # A preset has numbers alone; the rest stays.
        pick(app, form, "Preprocessing of Pixels", 2)
        ui.wait_for("the words", lambda: form.text(WORDS) == "0..1,size=32x16,filter=box",
                    seen=lambda: form.text(WORDS))
        pick(app, form, "Preprocessing of Pixels", 0)
        ui.wait_for("no words", lambda: form.text(WORDS) == "")
        app.find(name="As a model of 224 × 224 sees it")
        app.key("Escape", window=form.window)
        form.gone()


def test_it_fits_a_phone(start, screen):  # noqa: F811
    with oip_server.Server([.7, .2, .1], input=oip_server.PIXELS) as service:
        service.as_connection(["preprocess=imagenet,size=64x64,crop=fit"])
        app = start()
        app.find(contains="flowers · v1, Ready")
        form = Form(app, "Connection", "win.edit-connection")
        app.resize(360, 960, form.window)
        app.find(name="As the model sees it: 64 × 64")
        form.shoot(screen, "discover-narrow")
        app.key("Escape", window=form.window)
        form.gone()


# ---- one address of each protocol ----

@pytest.mark.parametrize("kind, title", [
    ("kserve", "KServe v1 / TF Serving"), ("torchserve", "Generic HTTP"),
])
def test_an_address_of_each_protocol(start, screen, clipboard, samples, kind, title):  # noqa: F811
    with serving(Plain, kind) as url:
        app = start()
        form = Form(app)
        paste(app, form, clipboard, url)
        app.key("Return", window=form.window)
        form.gone()
        if kind == "torchserve":
            # It lists its models elsewhere; which is asked for is said by a person.
            app.press(role="push button", contains="Choose…")
            name = app.find(role="text", name="Model")
            assert name.call("EditableText", "SetTextContents", "(s)", "flowers")[0]
            app.press(role="push button", name="Use This Version")
        app.find(contains="flowers")
        ui.drag_files(samples[:2], app)
        answered(app, 2)
        left, top, width, height = app.size()
        screen.still(os.path.join(SHOTS, f"discover-{kind}-answers.png"), (left, top, width, height))
        form = Form(app, "Connection", "win.edit-connection")
        app.find(name=title)
        form.shoot(screen, f"discover-{kind}")
        app.key("Escape", window=form.window)
        form.gone()


# ---- plain HTTP, as kinds of servers want it ----

def test_a_kind_of_server_fills_the_form(start, screen):  # noqa: F811
    app = start()
    form = Form(app)
    app.type("http://127.0.0.1:9/", window=form.window)
    pick(app, form, "Protocol", 4)
    pick(app, form, "Kind of Server", 3)
    path = "Path, with {model} and {version}"
    ui.wait_for("the path", lambda: form.text(path).startswith("/customvision/"))
    assert form.text("How an Image Is Carried (Optional)") == "raw:application/octet-stream"
    assert form.text("Header Name") == "Prediction-Key"
    app.find(contains="Its URL is such as https://example.cognitiveservices.azure.com")
    form.shoot(screen, "discover-custom-vision")
    form.write(path, "/elsewhere")
    app.find(name="Another")
    app.key("Escape", window=form.window)
    form.gone()


# ---- scores that may be logits ----

@pytest.mark.parametrize("style", STYLES)
def test_a_softmax_is_offered_and_never_applied_unasked(start, screen, samples, style):  # noqa: F811
    with oip_server.Server([4, -1, 2]) as service:
        service.as_connection()
        app = start(*samples[:3], **STYLES[style])
        app.find(contains="These scores are not probabilities")
        ui.wait_for("the scores as they came", lambda: [said for _, said in ui.rows(app)
                                                        if said.startswith("daisy, 4")][2:],
                    seen=lambda: ui.rows(app))
        assert "softmax" not in saved()
        left, top, width, height = app.size()
        screen.still(os.path.join(SHOTS, f"logits-{style}.png"), (left, top, width, height))

        app.press(role="push button", contains="Apply Softmax")
        app.find(contains="Softmax is applied from now on")
        app.gone(contains="These scores are not probabilities")
        # e⁴ ÷ (e⁴ + e⁻¹ + e²) = 0.876
        ui.wait_for("probabilities", lambda: [said for _, said in ui.rows(app)
                                              if said.startswith("daisy, 87.6")][2:],
                    seen=lambda: ui.rows(app))
        assert "softmax=true" in saved() and len(service.asked) >= 2

        # It is switched off where it stands.
        form = Form(app, "Connection", "win.edit-connection")
        app.find(name="Logits, through a softmax")
        app.key("Escape", window=form.window)
        form.gone()


def test_the_offer_is_put_away(start, samples):  # noqa: F811
    """Scores between 0 and 1 that add up to more may be of a model with many labels."""
    with oip_server.Server([.9, .8, .1]) as service:
        service.as_connection()
        app = start(*samples[:2])
        app.find(contains="These scores are not probabilities")
        app.press(role="push button", name="Dismiss")
        app.gone(contains="These scores are not probabilities")
        app.key("F5")
        ui.wait_for("more questions", lambda: len(service.asked) > 1)
        answered(app, 2)
        assert not app.all(contains="These scores are not probabilities")
        assert "softmax" not in saved()


def test_probabilities_are_left_alone(start, samples):  # noqa: F811
    with oip_server.Server([.7, .2, .1]) as service:
        service.as_connection()
        app = start(*samples[:2])
        answered(app, 2)
        assert not app.all(contains="These scores are not probabilities")
