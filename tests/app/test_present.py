# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Full screen for an audience: every key, what must not be on it, and pictures."""
import json
import os
import signal
import subprocess

import pytest
import ui
from PIL import Image

SHOTS = os.path.join(os.environ["ASSAY_BUILD"], "screenshots")
ASSAY = os.path.join(os.environ["ASSAY_BUILD"], "src", "app", "assay")
AUDITED = os.path.join(os.environ["ASSAY_BUILD"], "tests", "app", "audited")
STYLES = {"light": {}, "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}}
SIZES = {"1080p": (1920, 1080), "4k": (3840, 2160), "portrait": (1080, 1920)}
TITLE = "Presentation"


def wait_for_answers(app, count):
    ui.wait_for(f"{count} answers",
                lambda: sum("%" in said for _, said in ui.rows(app)) >= count, 60,
                seen=lambda: ui.rows(app))


class Talk:
    """The presentation of an app that has been started."""

    def __init__(self, app, by="F11"):
        self.app = app
        app.key(by)
        self.window = app.window(TITLE)
        ui.wait_for("the presentation", self.root, seen=app.texts)

    def root(self):
        """One child of the window's takes the place of another when the screen is blank:
        its count of children tells nobody, and only what has been asked for is known."""
        root = next(iter(self.app.all(name=TITLE)), None)
        if root is None or not root.children:
            return None
        root.children[0].call("Accessible", "GetChildren")
        return next(iter(self.app.all(name=TITLE)), None)

    def key(self, *keys):
        self.app.key(*keys, window=self.window)

    def texts(self):
        root = self.root()
        return [node.name for node in root.walk() if node.name] if root else []

    def find(self, role, contains):
        return next(node for node in self.root().walk()
                    if node.role == role and contains in node.name)

    def everything(self):
        """Names, descriptions and texts: all that is seen or heard."""
        found = []
        for node in self.root().walk():
            found += [node.name, node.description]
            if "org.a11y.atspi.Text" in node.interfaces:
                found.append(node.text())
        return "\n".join(found)

    def wait(self, text):
        ui.wait_for(f"“{text}” on the screen", lambda: any(text in seen for seen in self.texts()),
                    seen=self.texts)

    def wait_gone(self, text):
        ui.wait_for(f"“{text}” off the screen",
                    lambda: not any(text in seen for seen in self.texts()), seen=self.texts)

    def left(self):
        ui.wait_for("the presentation closed", lambda: not self.app.windows(TITLE),
                    seen=self.app.texts)


def is_black(screen):
    path = os.path.join(os.environ["HOME"], "screen.png")
    screen.picture(path)
    with Image.open(path) as picture:
        return picture.convert("L").getextrema()[1] == 0


def test_every_key(start, screen, samples):
    app = start(*samples[:5])
    wait_for_answers(app, 5)
    app.key("Home")
    talk = Talk(app)
    talk.wait("Image 1 of 5")
    for key, position in (("space", 2), ("Right", 3), ("Down", 4), ("Next", 5), ("space", 5),
                          ("Left", 4), ("Up", 3), ("Prior", 2), ("BackSpace", 1), ("Left", 1),
                          ("End", 5), ("Home", 1), ("End", 5), ("r", 1), ("space", 2)):
        talk.key(key)
        talk.wait(f"Image {position} of 5")

    # Blank, and whatever key brings it back does nothing else.
    talk.key("b")
    ui.wait_for("a black screen", lambda: is_black(screen))
    ui.wait_for("nothing to be heard", lambda: talk.everything().split() == [
        "Presentation", "GtkOverlay", "Blank", "screen"], seen=talk.texts)
    talk.key("space")
    ui.wait_for("the picture", lambda: not is_black(screen))
    talk.wait("Image 2 of 5")

    name = os.path.basename(samples[1])
    assert name not in talk.everything()
    talk.key("n")
    talk.wait(name)
    talk.key("n")
    talk.wait_gone(name)

    for key in ("question", "F1"):
        talk.key(key)
        talk.wait("Blank the screen")
        talk.key("Escape")
        talk.wait_gone("Blank the screen")

    # What was looked at last is what the window looks at.
    talk.key("Escape")
    talk.left()
    ui.wait_for("the same image in the window", lambda: any(
        node.name.startswith(name) and node.has("selected")
        for node in app.all(role="list item")), seen=lambda: ui.rows(app))
    talk = Talk(app, "space")
    talk.wait("Image 2 of 5")
    # What has asked twice has one, and when that has gone another.
    app.act("win.present")
    talk.wait("Image 2 of 5")
    assert len(app.windows(TITLE)) == 1
    talk.key("F11")
    talk.left()


def test_the_other_version(start, samples):
    app = start(*samples[:3])
    wait_for_answers(app, 3)
    talk = Talk(app)
    talk.key("v")
    talk.wait("flowers 1: ")
    talk.wait("flowers 2: ")
    ui.wait_for("what has changed", lambda: any(
        text.startswith(("Both say", "Changed", "Fixed", "Regressed")) for text in talk.texts()),
        seen=talk.texts)
    talk.key("v")
    talk.wait_gone("flowers 1: ")
    talk.key("Escape")
    talk.left()


def test_the_other_version_is_asked_about_what_is_near(start, service, samples):
    service.versions = ["1", "2"]
    service.as_connection()
    app = start(*samples[:12])
    wait_for_answers(app, 12)
    app.key("Home")
    talk = Talk(app)
    talk.wait("Image 1 of 12")

    def asked():
        return sum(path.endswith("/versions/1") for path in service.asked)

    # What is shown, and the one on each side of it.
    assert asked() == 0
    talk.key("v")
    talk.wait("tutorial 1: ")
    ui.wait_for("two to be asked about", lambda: asked() == 2, seen=asked)
    for position in (2, 3):
        talk.key("Right")
        talk.wait(f"Image {position} of 12")
        ui.wait_for("one more", lambda: asked() == position + 1, seen=asked)
    talk.key("v")
    talk.wait_gone("tutorial 1: ")
    talk.key("End")
    talk.wait("Image 12 of 12")
    talk.key("Escape")
    talk.left()
    app.quit()
    assert asked() == 4


class Secrets:
    """What an audience must not see, and images, a service and names that have it."""

    def __init__(self, service, tmp_path, samples):
        folder = tmp_path / "a-private-folder"
        folder.mkdir()
        self.images = [str(folder / name) for name in (
            "a-private-name.jpg", "b-private-broken.jpg", "c-private-name.jpg")]
        for image, sample, size in zip(self.images, samples, (None, 20000, None)):
            with open(sample, "rb") as file, open(image, "wb") as copy:
                copy.write(file.read()[:size])
        service.complaint = f"The private host {service.port} cannot read /private/path"
        service.versions = ["1", "2"]
        service.as_connection(name="a-private-connection")
        self.words = ["private", str(tmp_path), f"127.0.0.1:{service.port}", "127.0.0.1",
                      "localhost", "http", str(service.port)]

    def on_screen(self, talk):
        text = talk.everything()
        return [word for word in self.words if word in text]

    def assert_none(self, talk, *stations):
        """A station is a key, and what is on the screen when it has done its work."""
        for key, shown in stations:
            talk.key(key)
            talk.wait(shown)
            assert self.on_screen(talk) == [], key


HELP = (("question", "Blank the screen"), ("Escape", "roses"))
BLANK = (("b", "Blank screen"), ("b", "roses"))
BLANK_ERROR = (("b", "Blank screen"), ("b", "Could not be answered"))


def test_nothing_private_is_on_screen(start, service, tmp_path, samples):
    secrets = Secrets(service, tmp_path, samples)
    app = start(*secrets.images)
    wait_for_answers(app, 2)
    talk = Talk(app)
    secrets.assert_none(talk, ("Home", "roses"), *HELP, *BLANK, ("v", "tutorial 1: roses"), *HELP,
                        *BLANK)
    service.failing = True
    secrets.assert_none(talk, ("Right", "Could not be answered"), *BLANK_ERROR,
                        ("Right", "tutorial 1: Could not be answered"), ("v", "roses"),
                        ("r", "Image 1 of 3"))
    # Names are there when they are asked for: what looks for them would find them.
    talk.key("n")
    talk.wait("a-private-name.jpg")
    assert secrets.on_screen(talk) == ["private"]
    talk.key("n")
    talk.wait_gone("private")
    talk.key("Escape")
    talk.left()


def test_drop_and_paste(start, samples, clipboard):
    app = start(*samples[:2])
    app.resize(700, 500)
    wait_for_answers(app, 2)
    talk = Talk(app)
    app.resize(1000, 700, window=talk.window)
    ui.drag_files([samples[6]], app, window=talk.window)
    talk.wait("Image 3 of 3")
    ui.wait_for("its answer", lambda: any("percent" in text for text in talk.texts()), 60,
                seen=talk.texts)
    assert os.path.basename(samples[6]) not in talk.everything()
    clipboard("image/jpeg", samples[7])
    talk.key("ctrl+v")
    talk.wait("Image 4 of 4")
    ui.wait_for("its answer", lambda: any("percent" in text for text in talk.texts()), 60,
                seen=talk.texts)
    talk.key("Escape")
    talk.left()


MASHED = ("space", "v", "Right", "n", "b", "b", "question", "x", "v", "r", "End", "F1", "F1", "Home",
          "v", "r", "space", "Left", "v", "n", "Down", "v")


@pytest.mark.parametrize("how", ["Escape", "F11", "ctrl+w", "the window", "ctrl+q"])
def test_it_closes_in_the_middle_of_everything(start, samples, how):
    app = start(*samples)
    app.key("F11")
    window = app.window(TITLE)
    # Pictures are loaded, answers come and bars grow meanwhile.
    app.key(*MASHED, window=window)
    if how == "the window":
        app.act("window.close")
    else:
        app.key(how, window=window)
    if how in ("the window", "ctrl+q"):
        assert app.wait() == 0
    else:
        ui.wait_for("the presentation closed", lambda: not app.windows(TITLE), seen=app.texts)


def test_it_closes_while_something_is_pasted(start, samples):
    app = start(*samples[:2])
    wait_for_answers(app, 2)
    owner = ui.start("xclip", "-quiet", "-selection", "clipboard", "-t", "image/jpeg", "-i", samples[6],
                     stderr=subprocess.DEVNULL)
    try:
        ui.wait_for("the clipboard", lambda: ui.clipboard_kinds() == {"image/jpeg"})
        talk = Talk(app)
        owner.send_signal(signal.SIGSTOP)
        talk.key("ctrl+v", "Escape")
        talk.left()
        owner.send_signal(signal.SIGCONT)
        # Nobody sees it come; it isn't lost for that.
        ui.wait_for("what was pasted", lambda: len(ui.rows(app)) == 3, seen=lambda: ui.rows(app))
    finally:
        ui.stop(owner)


def test_a_kept_run_says_recorded(start, screen, service, tmp_path, samples):
    secrets = Secrets(service, tmp_path, samples)
    app = start(secrets.images[0], *samples[6:11])
    wait_for_answers(app, 6)
    app.quit()
    service.close()

    app = start()
    app.key("ctrl+h")
    dialog = app.window("History")
    app.find(contains="a-private-connection")
    app.key("Return", window=dialog)
    app.find(contains="From the history")
    wait_for_answers(app, 6)
    talk = Talk(app)
    talk.wait("recorded")
    secrets.assert_none(talk, ("Home", "roses"), *HELP, *BLANK)
    screen.still(os.path.join(SHOTS, "present-recorded.png"), app.size(talk.window))
    secrets.assert_none(talk, ("v", "No other version is known"), *HELP, *BLANK)
    talk.key("Escape")
    talk.left()


def test_a_stand_goes_on_by_itself(start, samples):
    subprocess.run(["gsettings", "--schemadir", os.path.join(os.environ["ASSAY_BUILD"], "data"),
                    "set", "io.github.assay.Assay", "present-seconds", "1"], check=True)
    app = start(*samples[:2])
    wait_for_answers(app, 2)
    app.key("Home")
    talk = Talk(app)
    talk.wait("Image 2 of 2")
    talk.wait("Image 1 of 2")
    talk.key("Escape")
    talk.left()


# As ImageNet has them.
LONGEST = ["cellular telephone, cellular phone, cellphone, cell, mobile phone",
           "hand-held computer, hand-held microcomputer, personal digital assistant",
           "electric switch, push button, electrical switch, rocker switch, contact",
           "dial telephone, dial phone, rotary dial telephone, desk telephone",
           "pay-phone, pay-station, coin-operated telephone, public telephone"]
SURE = [0.81, 0.1, 0.05, 0.03, 0.01]
UNSURE = [0.31, 0.3, 0.2, 0.1, 0.09]


SMALL = {"1080p": (1920, 1080), "portrait": (1080, 1920), "720p": (1280, 720)}
ANSWERS = {"sure": (LONGEST, SURE), "unsure": (LONGEST, UNSURE)}


def assert_nothing_is_cut(app, talk, report, width, height):
    """By what the program itself sees of its texts."""
    if os.path.exists(report):
        os.remove(report)
    os.kill(app.process.pid, signal.SIGUSR1)
    ui.wait_for("the report", lambda: os.path.exists(report))
    with open(report, encoding="utf-8") as file:
        seen = json.load(file)
    window = next(window for window in seen["windows"] if window["title"] == TITLE)
    # Each text may be whole in a window that is larger than the screen.
    assert (window["width"], window["height"]) == (width, height)
    assert [fault for fault in seen["faults"] if "box#stage" in fault["where"]] == []
    _, top, _, high = talk.find("label", "Space: next").extents()
    assert top + high <= height


@pytest.mark.parametrize("size", SMALL)
@pytest.mark.parametrize("answer", ANSWERS)
def test_long_labels_are_whole(fresh, service, samples, tmp_path, size, answer):
    width, height = SMALL[size]
    report = str(tmp_path / "audit")
    service.scores = list(zip(*ANSWERS[answer]))
    service.versions = ["1", "2"]
    service.as_connection()
    display = os.environ["DISPLAY"]
    try:
        with ui.screen(width, height) as screen:
            app = ui.App(AUDITED, *samples[:3], environment={"ASSAY_AUDIT": report})
            try:
                wait_for_answers(app, 3)
                talk = Talk(app)
                talk.wait("percent")
                assert_nothing_is_cut(app, talk, report, width, height)
                screen.still(os.path.join(SHOTS, f"present-{size}-{answer}.png"),
                             (0, 0, width, height))
                talk.key("v")
                talk.wait("tutorial 1: ")
                talk.wait("Both say ")
                assert_nothing_is_cut(app, talk, report, width, height)
                screen.still(os.path.join(SHOTS, f"present-{size}-{answer}-two.png"),
                             (0, 0, width, height))
                app.quit()
                assert app.read_errors() == ""
            finally:
                app.close()
    finally:
        os.environ["DISPLAY"] = display


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("style", STYLES)
def test_pictures(fresh, samples, style, size):
    width, height = SIZES[size]
    display = os.environ["DISPLAY"]
    try:
        with ui.screen(width, height) as screen:
            app = ui.App(ASSAY, *samples[:9], environment=STYLES[style])
            try:
                shoot(app, screen, f"present-{size}-{style}", width, height)
                app.quit()
                assert app.read_errors() == ""
            finally:
                app.close()
    finally:
        os.environ["DISPLAY"] = display


def assert_legible(talk, side):
    """A line of text is at least as high as its font, and that is the height at which
    capitals are a 45th of the shorter side (assay_present_get_em())."""
    heights = {node.name: node.extents()[3] for node in talk.root().walk()
               if node.role == "label" and node.name}
    assert heights and min(heights.values()) >= int(side / 45 / 0.68), heights


def overlap(*nodes):
    (x, y, width, height), (a, b, wide, high) = (node.extents() for node in nodes)
    return x < a + wide and a < x + width and y < b + high and b < y + height


def shoot(app, screen, name, width, height):
    def still(suffix=""):
        screen.still(os.path.join(SHOTS, name + suffix + ".png"), (0, 0, width, height))

    wait_for_answers(app, 9)
    app.key("Home", "Down", "Down", "Down", "Down")
    talk = Talk(app)
    talk.wait("Image 5 of 9")
    assert app.size(talk.window)[2:] == (width, height)
    assert_legible(talk, min(width, height))
    still()
    talk.key("v")
    talk.wait("flowers 1: ")
    ui.wait_for("what has changed", lambda: any(
        text.startswith(("Both say", "Changed", "Fixed", "Regressed")) for text in talk.texts()),
        seen=talk.texts)
    assert_legible(talk, min(width, height))
    still("-two")
    talk.key("v", "question")
    talk.wait("Blank the screen")
    assert_legible(talk, min(width, height))
    assert not overlap(talk.find("label", "Keys").parent, talk.find("image", " percent"))
    still("-help")
    talk.key("Escape", "Escape")
    talk.left()
