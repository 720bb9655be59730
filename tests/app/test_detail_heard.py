#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader hears of the detail pane, over the real AT-SPI bus.

A unit test of a widget knows only what GTK was told; whether a value reaches the
bus is seen here.

usage: test_detail_heard.py SHOOT_DETAIL
"""
import sys

import ui

HEARD = [
    ("roses, 95.7 percent", .9573449492454529),
    ("tulips, 3.97 percent", .0396801233291626),
    ("sunflowers, 0.28 percent", .0027627646923065186),
    ("dandelion, 0.019 percent", .00018524238839745522),
    ("daisy, 0.0027 percent", .0000269435749942204),
]
VERDICT = "roses, 96 percent; next tulips, 4 percent"


def check(program):
    faults = []
    app = ui.App(program, "--state=answered", "--stay")
    try:
        app.find(role="level bar", name=HEARD[0][0])
        bars = app.all(role="level bar")
        heard = [bar.name for bar in bars]
        if heard != [name for name, _ in HEARD]:
            faults.append(f"bars in order: {heard}")
        for bar, (name, score) in zip(bars, HEARD):
            if "org.a11y.atspi.Value" not in bar.interfaces:
                faults.append(f"{name}: no value on the bus")
                continue
            said = (bar.get("Value", "MinimumValue"), bar.get("Value", "MaximumValue"), bar.value())
            if said != (0.0, 1.0, score):
                faults.append(f"{name}: {said}")
        texts = app.texts()
        if VERDICT not in texts:
            faults.append(f"the verdict's sentence is not among {texts}")
        for name, _ in HEARD:
            if texts.count(name.split(",")[0]) > 1:
                faults.append(f"{name} is read twice: {texts}")
        for name in ("Copy Result", "Show Response"):
            if not [node for node in app.all(name=name) if "button" in node.role]:
                faults.append(f"no button {name}: {texts}")
    finally:
        app.close()
    return faults


def main(program):
    ui.within_session_bus()
    with ui.screen():
        faults = check(program)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
