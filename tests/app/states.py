# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every state of the window that is looked at: in pictures, through AT-SPI, and for
texts that are cut.  One more dialog is one more line in STATES.

States are visited in their order, in one program, in any language and at any width.
"""
import json
import os
import signal
from typing import NamedTuple

import ui

FOLDER = "holiday"


class Stage:
    """A program, what it is given, and the language that it speaks."""

    def __init__(self, app, given, say=str):
        self.app, self.given, self.say = app, given, say
        self.main = app.windows()[0] if app.windows() else app.window(say("Assay"))
        self.shown = self.main

    def act(self, action):
        self.app.find(role="frame", name=self.say("Assay")).act(action)

    def press(self, name):
        self.app.press(name=self.say(name))

    def key(self, *keys):
        self.app.key(*keys, window=self.main)

    def dialog(self, title):
        self.shown = self.app.window(self.say(title))

    def new_window(self, open_it):
        """For dialogs whose title is somebody else's."""
        before = self.app.windows()
        open_it()
        self.shown = ui.wait_for("one more window", lambda: next(
            (window for window in self.app.windows() if window not in before), None), 20)

    def close_dialog(self, key="Escape"):
        window, self.shown = self.shown, self.main
        self.app.key(key, window=window)
        ui.wait_for("the dialog gone", lambda: window not in self.app.windows(), 20)

    def menu(self, button):
        before = self.widgets()
        self.press(button)
        ui.wait_for("an open menu", lambda: self.widgets() > before, seen=self.app.texts)

    def close_menu(self):
        before = self.widgets()
        self.key("Escape")
        ui.wait_for("a closed menu", lambda: self.widgets() < before, seen=self.app.texts)

    def widgets(self):
        return sum(1 for _ in self.app.tree().walk())

    def is_narrow(self):
        return self.app.size(self.main)[2] < 600

    def rows(self):
        return [node.name for node in self.app.all(role="list item")
                if node.parent.name == self.say("Images")]

    def focused(self):
        return next((node for node in self.app.tree().walk() if node.has("focused")), None)

    def go_to(self, what):
        """Moves in the list by arrow keys to the first row of that name."""
        # Out of the search the focus goes to the list.
        self.act("win.search")
        self.key("Escape")
        ui.wait_for("the focus in the list", lambda: self.is_in_list(), seen=self.focused)
        self.key("Home")
        first = self.rows()[0]
        focus = ui.wait_for("the focus on the first row", lambda: (
            (now := self.focused()) and now.name == first and now), seen=self.focused)
        while what not in focus.name:
            self.key("Down")
            before = focus.path
            focus = ui.wait_for("the next row", lambda: (
                (now := self.focused()) and now.path != before and now), seen=self.focused)

    def is_in_list(self):
        focus = self.focused()
        return focus and self.say("Images") in (focus.parent.name, focus.parent.parent.name)

    def open_detail(self):
        """Where there is one pane at a time, the detail."""
        if self.is_narrow():
            self.key("Return")
            ui.wait_for("the way back", lambda: any(
                node.is_shown() for node in self.app.all(name=self.say("Back"))),
                seen=self.app.texts)

    def back(self):
        if any(node.is_shown() for node in self.app.all(name=self.say("Back"))):
            self.press("Back")
            ui.wait_for("the list", lambda: any(
                node.is_shown() for node in self.app.all(role="list", name=self.say("Images"))))

    def audit(self):
        """What the program itself sees of its widgets; only tests/app/audited.c does it."""
        path = self.app.report
        if os.path.exists(path):
            os.remove(path)
        os.kill(self.app.process.pid, signal.SIGUSR1)
        ui.wait_for("the report", lambda: os.path.exists(path))
        with open(path, encoding="utf-8") as file:
            return json.load(file)


def is_ready(stage):
    """The sample service answers; its name is a name in every language."""
    ui.wait_for("a service that is ready", lambda: any(
        stage.say("Ready") in text and "flowers" in text for text in stage.app.texts()), 60,
        seen=stage.app.texts)


def drop(stage, hover):
    ui.drag_files(stage.given, stage.app, hover=hover, say=stage.say, window=stage.main)
    # Where no tooltip opens.
    ui.xdotool("mousemove", 1399, 999)


def is_answered(stage):
    ui.wait_for("rows that all have an answer", lambda: (
        len(stage.rows()) >= 5 and not stage.app.all(role="progress bar")), 120, seen=stage.rows)
    ui.wait_for("an answer in most of them",
                lambda: sum("%" in name for name in stage.rows()) >= 3, 60, seen=stage.rows)


def show_detail(stage):
    stage.back()
    stage.go_to("daisy")
    ui.wait_for("its bars", lambda: len(stage.app.all(role="level bar", contains="2.82")) == 1
                or len(stage.app.all(role="level bar", contains="2,82")) == 1,
                seen=stage.app.texts)
    stage.open_detail()


def show_error(stage):
    stage.back()
    stage.go_to("broken.jpg")
    stage.open_detail()


def show_group(stage):
    stage.go_to(FOLDER)


def show_dialog(action, title):
    def show(stage):
        stage.act(action)
        stage.dialog(title)

    return show


def show_preferences(stage):
    stage.key("ctrl+comma")
    stage.dialog("Preferences")


def show_menu(button, before=Stage.back):
    def show(stage):
        before(stage)
        stage.menu(button)

    return show


def show_models(stage):
    before = stage.widgets()
    stage.act("win.choose-model")
    ui.wait_for("the menu of models", lambda: stage.widgets() > before, seen=stage.app.texts)


def show_add_menu(stage):
    stage.menu("Add" if stage.is_narrow() else "More Ways to Add")


def show_shortcuts(stage):
    stage.new_window(lambda: stage.act("win.show-help-overlay"))


def show_about(stage):
    stage.menu("Main Menu")
    stage.new_window(lambda: stage.press("About Assay"))


def show_image_menu(stage):
    if stage.is_narrow():
        stage.menu("Image Menu")


def close_image_menu(stage):
    if stage.is_narrow():
        stage.close_menu()


def turn_to(stage, page, what, seconds=60):
    stage.key({"classify": "alt+1", "compare": "alt+2", "evaluate": "alt+3"}[page])
    ui.wait_for(what, lambda: any(
        node.is_shown() for node in stage.app.tree().walk() if stage.say(what) in node.name),
        seconds, seen=stage.app.texts)


def show_no_truth(stage):
    stage.back()
    turn_to(stage, "evaluate", "Say What the Images Show")


def mark(stage):
    """All of them as daisies: some are, some aren't."""
    stage.key("alt+1")
    stage.go_to("daisy")
    stage.key("ctrl+a", "1")
    ui.wait_for("a mark", lambda: any(
        node.is_shown() for node in stage.app.all(name=stage.say("Undo"))), seen=stage.app.texts)


def show_compare(stage):
    turn_to(stage, "compare", "Images That Both Have Answered")
    stage.app.press(contains=stage.say("Same") + " ")
    ui.wait_for("images that both have answered", lambda: any(
        node.parent.name == stage.say("Images That Both Have Answered")
        for node in stage.app.all(role="list item", contains=stage.say("Same"))), 60,
        seen=stage.app.texts)


def show_evaluate(stage):
    stage.back()
    turn_to(stage, "evaluate", "Worst Mistakes")


def unmark(stage):
    """Marks are kept: the next window with these images has none either."""
    stage.key("alt+1")
    stage.go_to("daisy")
    stage.key("ctrl+a", "0", "alt+3")
    ui.wait_for("no truth", lambda: any(
        node.is_shown() for node in stage.app.all(name=stage.say("Say What the Images Show"))),
        seen=stage.app.texts)


def is_presented(stage, what):
    """What takes the place of something else is known only when it has been asked for."""
    for node in stage.app.all(name=stage.say("Presentation")):
        for child in node.children:
            child.call("Accessible", "GetChildren")
    return any(what in text for text in stage.app.texts())


def show_present(stage):
    show_dialog("win.present", "Presentation")(stage)
    stage.app.key("Home", window=stage.shown)
    ui.wait_for("bars of what is presented", lambda: any(
        node.name.count(";") == 4 for node in stage.app.all(role="image")),
        seen=stage.app.texts)


def show_present_by(key, what):
    def show(stage):
        show_present(stage)
        stage.app.key(key, window=stage.shown)
        ui.wait_for(what, lambda: is_presented(stage, stage.say(what)), seen=stage.app.texts)

    return show


def close_present(stage):
    """The first key ends what is over the picture."""
    stage.app.key("Escape", window=stage.shown)
    stage.close_dialog()


def nothing(_):
    pass


class State(NamedTuple):
    name: str
    enter: callable
    leave: callable = nothing


# In this order: each starts where the one before it was left.
EMPTY = [
    State("empty", is_ready),
    State("models", show_models, Stage.close_menu),
    State("add-menu", show_add_menu, Stage.close_menu),
    State("main-menu", show_menu("Main Menu", nothing), Stage.close_menu),
    State("connection", show_dialog("win.add-connection", "Connect to a Service"),
          Stage.close_dialog),
    State("preferences", show_preferences, Stage.close_dialog),
    State("shortcuts", show_shortcuts, Stage.close_dialog),
    State("about", show_about, Stage.close_dialog),
]
FILLED = [
    State("list", is_answered),
    State("group", show_group),
    State("sort-menu", show_menu("Sort"), Stage.close_menu),
    State("label-menu", show_menu("Label"), Stage.close_menu),
    State("detail", show_detail),
    State("image-menu", show_image_menu, close_image_menu),
    State("response", show_dialog("win.show-response", "Response"), Stage.close_dialog),
    State("error", show_error),
    State("left-out", show_dialog("win.show-left-out", "Left Out"), Stage.close_dialog),
    State("no-truth", show_no_truth),
    State("marked", mark),
    State("truth", show_dialog("win.show-truth", "Truth"), Stage.close_dialog),
    State("compare", show_compare),
    State("evaluate", show_evaluate, unmark),
    State("present", show_present, Stage.close_dialog),
    State("present-two", show_present_by("v", "flowers 1"), Stage.close_dialog),
    State("present-names", show_present_by("n", "daisy-lawn.jpg"), Stage.close_dialog),
    State("present-help", show_present_by("question", "Blank the screen; any key brings it back"),
          close_present),
    State("present-blank", show_present_by("b", "Blank screen"), close_present),
]
STATES = EMPTY + FILLED


def fill(folder, samples):
    """One thing of each kind to classify: three photos, a folder with two more and what
    is left out of it, and a picture that is broken."""
    os.makedirs(os.path.join(folder, FOLDER))
    for path in samples[6:8]:
        os.link(path, os.path.join(folder, FOLDER, os.path.basename(path)))
    for name in ("notes.txt", "prices.csv"):
        with open(os.path.join(folder, FOLDER, name), "w", encoding="utf-8") as file:
            file.write("words\n")
    broken = os.path.join(folder, "broken.jpg")
    with open(samples[0], "rb") as file, open(broken, "wb") as copy:
        copy.write(file.read()[:20000])
    return [*samples[:3], os.path.join(folder, FOLDER), broken]


def visit(stage, look, chosen=None, size=(1200, 830)):
    """Brings the window into one state after the other, all of them or those chosen, and
    calls look(name, stage)."""
    def wanted(state):
        return chosen is None or state in chosen

    stage.app.resize(*size, window=stage.main)
    for state in filter(wanted, EMPTY):
        state.enter(stage)
        look(state.name, stage)
        state.leave(stage)
    drop(stage, lambda: look("drop", stage))
    for state in filter(wanted, FILLED):
        state.enter(stage)
        look(state.name, stage)
        state.leave(stage)
