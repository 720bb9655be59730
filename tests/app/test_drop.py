# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures dragged from another program's window: rows, bars, and what
assistive technology hears of them."""
import base64
import os
import re

import pytest

import mlf
import ui
import web

ANSWER = re.compile(r"(\w+), (\d+(?:\.\d+)?)\u202f%, next \w+, \d+(?:\.\d+)?\u202f%(, unsure)?")


def bars(app):
    """{label: (percent as it is said, value)} of the chosen picture."""
    found = {}
    for node in app.all(role="level bar"):
        label, comma, percent = node.name.partition(", ")
        if comma and percent.endswith(" percent"):
            found[label] = percent, node.value()
    return found


def test_samples_are_dropped_and_answered(start, samples):
    app = start()
    app.find(name="Try the Samples", seconds=60)
    invited = []
    ui.drag_files(samples, app, hover=lambda: invited.extend(app.texts()))
    assert f"Classify {len(samples)} images with flowers 2" in invited

    def answered():
        found = ui.rows(app)
        return found if len(found) == len(samples) and all(
            ANSWER.fullmatch(said) for _, said in found) else None

    rows = ui.wait_for("an answer in each row", answered, 120, seen=lambda: ui.rows(app))
    assert [name for name, _ in rows] == [os.path.basename(path) for path in samples]
    for name, said in rows:
        # A sample is named for what it shows.
        assert said.startswith(name.split("-")[0] + ", "), (name, said)

    shown = ui.wait_for("five bars", lambda: len(bars(app)) == 5 and bars(app), seen=app.texts)
    assert set(shown) == {"daisy", "dandelion", "roses", "sunflowers", "tulips"}
    assert abs(sum(value for _, value in shown.values()) - 1) < 1e-6
    for percent, value in shown.values():
        assert abs(float(percent.split()[0]) / 100 - value) < 0.0006
    assert app.quit() == 0


def test_the_tutorials_own_answer(start, service, samples):
    service.as_connection()
    app = start()
    app.find(contains="tutorial · v1, Ready")
    ui.drag_files(samples[:1], app)
    wanted = {"roses": ("95.7 %", "95.7 percent"), "tulips": ("3.97 %", "3.97 percent"),
              "sunflowers": ("0.28 %", "0.28 percent"), "daisy": ("0.019 %", "0.019 percent"),
              "dandelion": ("0.0027 %", "0.0027 percent")}
    heard = ui.wait_for("five bars", lambda: len(bars(app)) == 5 and bars(app), seen=app.texts)
    # The figures beside the bars are drawn and not told, the bars tell them; what
    # is copied has them as they are drawn.
    app.press(name="Copy Result")
    copied = ui.wait_for("the copied result", ui.clipboard)
    for label, score in mlf.TUTORIAL:
        shown, said = wanted[label]
        assert heard[label] == (said, score)
        assert shown.replace(" ", "\u202f") in copied, copied
    assert ui.rows(app)[0][1] == "roses, 95.7\u202f%, next tulips, 3.97\u202f%"
    assert service.asked == ["/classify/models/tutorial/versions/1"]


@pytest.fixture
def site(samples):
    made = web.Site()
    for path in samples:
        with open(path, "rb") as file:
            # Whatever a server calls it, the bytes say what it is.
            made.pages["/" + os.path.basename(path)] = "application/octet-stream", file.read()
    made.pages["/gallery"] = "text/html", b"<!DOCTYPE html><title>Gallery</title>"
    yield made
    made.close()


@pytest.fixture
def offer(tmp_path):
    """The words for drag(): {kind: bytes, or text in UTF-8}."""
    def make(kinds):
        words = ["--offer"]
        for index, (kind, content) in enumerate(kinds.items()):
            path = tmp_path / str(index)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            words.append(f"{kind}={path}")
        return words
    return make


def row_of(app, name, seconds=60):
    return ui.wait_for(f"a last word on {name}",
                       lambda: next((said for shown, said in reversed(ui.rows(app))
                                     if shown == name and "…" not in said
                                     and said not in ("Queued", "Not asked yet")),
                                    None), seconds, seen=lambda: ui.rows(app))


def drop(app, words, taken=True):
    """What the window said before it was dropped."""
    invited = []
    ui.drag(words, app, hover=lambda: invited.extend(app.texts()), taken=taken)
    return invited


def test_what_browsers_offer(start, samples, site, offer):
    """The picture, not the page behind it; fetched only after the drop, as nobody."""
    app = start()
    app.find(name="Try the Samples", seconds=60)
    daisy, rose = (os.path.basename(next(path for path in samples if name in path))
                   for name in ("daisy", "rose"))
    daisy_bytes = site.pages["/" + daisy][1]

    # Chromium: the file itself comes along, and nobody is asked for it.
    invited = drop(app, offer({
        "text/uri-list": site.url("/" + daisy) + "\r\n",
        "text/html": f'<img src="{site.url("/" + daisy)}" alt="A daisy"/>',
        "application/octet-stream": daisy_bytes}))
    assert f"Classify {daisy} with flowers 2" in invited
    assert row_of(app, daisy).startswith("daisy, ")
    assert site.asked == []

    # Firefox: a picture that is a link; the list has where a click would lead.
    page = f'<a href="{site.url("/gallery")}"><img alt="" src="{site.url("/" + rose)}?a=1&amp;b=2"></a>'
    site.pages[f"/{rose}?a=1&b=2"] = site.pages["/" + rose]
    invited = drop(app, offer({
        "text/x-moz-url": f'{site.url("/gallery")}\nGallery'.encode("utf-16-le"),
        "_NETSCAPE_URL": f'{site.url("/gallery")}\nGallery',
        "text/uri-list": site.url("/gallery") + "\r\n",
        "text/html": page.encode("utf-16-le"),
        "text/plain;charset=utf-8": site.url("/gallery")}))
    assert f"Classify {rose} with flowers 2" in invited
    assert "It is downloaded from 127.0.0.1 first" in invited
    assert row_of(app, rose).startswith("roses, ")
    assert [path for path, _ in site.asked] == [f"/{rose}?a=1&b=2"]

    # Only its own kind: and what a page is, is said.
    invited = drop(app, offer({
        "text/x-moz-url": f'{site.url("/gallery")}\nGallery'.encode("utf-16-le")}))
    assert "web page" in row_of(app, "gallery")

    for _, headers in site.asked:
        assert not {"cookie", "referer", "authorization"} & {name.lower() for name in headers}
    assert app.quit() == 0


def test_other_programs_offers(start, samples, site, offer):
    app = start()
    app.find(name="Try the Samples", seconds=60)
    tulip = os.path.basename(next(path for path in samples if "tulip" in path))
    kind = "image/png" if tulip.endswith("png") else "image/jpeg"
    content = site.pages["/" + tulip][1]

    assert "Classify 1 image with flowers 2" in drop(app, offer({kind: content}))
    assert row_of(app, "Pasted image 1").startswith("tulips, ")

    text = base64.b64encode(content).decode()
    drop(app, offer({"text/uri-list": f"data:{kind};base64,{text}\r\n"}))
    assert row_of(app, "Pasted image 2").startswith("tulips, ")

    # User and password stay here.
    drop(app, offer({"text/plain;charset=utf-8":
                     site.url("/" + tulip).replace("//", "//me:secret@", 1)}))
    assert row_of(app, tulip).startswith("tulips, ")
    assert "Authorization" not in site.asked[-1][1]

    several = "".join(site.url("/" + os.path.basename(path)) + "\r\n" for path in samples[:3])
    invited = drop(app, offer({"text/uri-list": several}))
    assert "Classify 3 images with flowers 2" in invited
    ui.wait_for("six rows", lambda: len(ui.rows(app)) == 6, seen=lambda: ui.rows(app))

    for refused in ({"text/plain;charset=utf-8": "roses are red"},
                    {"text/uri-list": "blob:https://example.org/1-2\r\n"}):
        assert "This can’t be classified" in drop(app, offer(refused), taken=False)
    assert len(ui.rows(app)) == 6
    assert app.quit() == 0


def test_a_download_can_be_taken_out_and_given_back(start, samples, site, offer):
    app = start()
    app.find(name="Try the Samples", seconds=60)
    name = os.path.basename(samples[0])
    site.held.add("/" + name)
    drop(app, offer({"text/uri-list": site.url("/" + name) + "\r\n"}))
    ui.wait_for("the row before its picture",
                lambda: ui.rows(app) == [(name, "Downloading…")], seen=lambda: ui.rows(app))
    app.find(name="The picture comes from 127.0.0.1.")
    app.act("win.remove-selected")
    ui.wait_for("no row", lambda: not ui.rows(app), seen=lambda: ui.rows(app))
    app.gone(name="Looking for images…")
    app.press(contains="Undo")
    ui.wait_for("asked again", lambda: len(site.asked) == 2, seen=lambda: site.asked)
    site.let_go()
    assert "%" in row_of(app, name)
    assert app.quit() == 0


def test_a_download_fails_and_is_tried_again(start, samples, site, offer):
    app = start()
    app.find(name="Try the Samples", seconds=60)
    name = os.path.basename(samples[0])
    page = site.pages.pop("/" + name)
    drop(app, offer({"text/uri-list": site.url("/" + name) + "\r\n"}))
    assert "has nothing at this address (HTTP 404)" in row_of(app, name)
    app.find(name="Not downloaded")
    site.pages["/" + name] = page
    app.press(name="Try Again")
    ui.wait_for("an answer", lambda: "%" in dict(ui.rows(app))[name], 60,
                seen=lambda: ui.rows(app))
    assert app.quit() == 0


def test_paste_takes_the_same(start, samples, site, clipboard):
    app = start()
    app.find(name="Try the Samples", seconds=60)
    name = os.path.basename(samples[0])
    clipboard("UTF8_STRING", text=site.url("/" + name))
    app.act("win.paste")
    assert "%" in row_of(app, name)
    assert len(site.asked) == 1
    assert app.quit() == 0


def test_open_over_the_bus(start, samples, site):
    """As a file manager's "Open With" and a browser's would."""
    from gi.repository import Gio, GLib
    app = start()
    app.find(name="Try the Samples", seconds=60)
    here, there = samples[0], os.path.basename(samples[1])
    site.pages[f"/{there}?size=1"] = site.pages["/" + there]
    Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
        "io.github.assay.Assay", "/io/github/assay/Assay", "org.freedesktop.Application", "Open",
        GLib.Variant("(asa{sv})", ([Gio.File.new_for_path(here).get_uri(),
                                    site.url("/" + there + "?size=1")], {})),
        None, Gio.DBusCallFlags.NONE, 60000, None)
    assert "%" in row_of(app, there)
    assert "%" in row_of(app, os.path.basename(here))
    assert app.quit() == 0


def test_address_on_the_command_line(start, samples, site):
    name = os.path.basename(samples[0])
    app = start(site.url("/" + name))
    assert "%" in row_of(app, name)
    assert [path for path, _ in site.asked] == ["/" + name]
    assert app.quit() == 0
