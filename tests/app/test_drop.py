# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures dragged from another program's window: rows, bars, and what
assistive technology hears of them."""
import os
import re

import mlf
import ui

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
