#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader hears of the charts that judge and compare, over the real
AT-SPI bus.

usage: test_charts_heard.py SHOOT_CHARTS
"""
import sys

import ui


def use_pointer_and_keys(app):
    """A click opens a cell, the arrows go on from there, Enter and the space bar open."""
    window = app.window("Charts")
    left, top, _, _ = app.size(window)
    x, y, width, height = app.find(name="1 of 12 roses was called tulips").extents()
    ui.xdotool("mousemove", left + x + width // 2, top + y + height // 2, "click", "1")
    app.find(name="opened row 2, column 4")
    app.key("Tab", "Home", window=window)
    app.find(name="1 of 12 roses was called daisy")
    app.key("Return", window=window)
    app.find(name="opened row 2, column 0")
    app.key("Down", "Right", "space", window=window)
    app.find(name="opened row 3, column 1")


def check_cells(program):
    """A button for each cell, whose name is its sentence, and that opens its images."""
    app = ui.App(program, "--chart=confusion", "--stay")
    try:
        cell = app.find(name="2 of 12 dandelion were called sunflowers", role="push button")
        heard = [node.name for node in app.all(role="push button") if " called " in node.name]
        cell.act()
        app.find(name="opened row 1, column 3")
        use_pointer_and_keys(app)
        return [] if len(heard) == 25 else [f"{len(heard)} cells: {heard}"]
    finally:
        app.close()


def check_bins(program):
    """A button for each bin with images, none for an empty one."""
    app = ui.App(program, "--chart=reliability", "--stay")
    try:
        app.find(name="Scores above 93.33\u202f%, up to 100\u202f%: "
                      "33 of 33 right, mean score 96.7\u202f%")
        heard = [node.name for node in app.all() if node.name.startswith("Scores above")]
        return [] if len(heard) == 10 else [f"{len(heard)} bins: {heard}"]
    finally:
        app.close()


def check_pairs(program):
    """Two bars for each label, with values on the bus."""
    app = ui.App(program, "--chart=paired", "--stay")
    try:
        app.find(role="level bar", name="version 1: tulips, 34.2 percent")
        heard = [(bar.name, bar.value()) for bar in app.all(role="level bar")][:4]
        wanted = [("version 1: tulips, 34.2 percent", .342),
                  ("version 2: tulips, 81.6 percent", .816),
                  ("version 1: roses, 58.3 percent", .583),
                  ("version 2: roses, 14.2 percent", .142)]
        return [] if heard == wanted else [f"bars: {heard}"]
    finally:
        app.close()


def check_threshold(program):
    """The slider has a name and a value, its sentence is read."""
    app = ui.App(program, "--chart=coverage", "--stay")
    try:
        slider = app.find(role="slider", name="Threshold")
        faults = [] if slider.value() == .8 else [f"slider at {slider.value()}"]
        texts = app.texts()
        if not any(text.startswith("Scores above 80\u202f%:") for text in texts):
            faults.append(f"no sentence among {texts}")
        return faults
    finally:
        app.close()


def main(program):
    ui.within_session_bus()
    faults = []
    with ui.screen():
        for check in (check_cells, check_bins, check_pairs, check_threshold):
            faults += check(program)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
