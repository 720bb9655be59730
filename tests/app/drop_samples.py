#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job without a display: the samples are dropped on the real window.

usage: drop_samples.py --build DIR [--screenshot FILE.png]
Prints each picture's label and probability as the window's rows say them.
"""
import argparse
import glob
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ui  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--screenshot")
    options = parser.parse_args()
    build = os.path.abspath(options.build)
    samples = sorted(glob.glob(os.path.join(build, "data", "samples", "*.*g")))
    if not samples:
        raise ui.Gone("there are no samples in the build folder; build again")
    ui.within_session_bus()

    with ui.screen(1400, 900) as screen:
        app = ui.App(os.path.join(build, "src", "app", "assay"))
        try:
            app.find(name="Try the Samples", seconds=60)
            ui.drag_files(samples, app)
            names = [os.path.basename(path) for path in samples]
            answers = ui.wait_for(f"{len(samples)} answers", lambda: answered(app, names), 120,
                                  seen=lambda: ui.rows(app))
            for name in names:
                label, percent = answers[name]
                print(f"{name:32} {label:12} {percent:>7}")
            if options.screenshot:
                ui.wait_for("the bars of the first row", lambda: app.all(role="level bar"), 20)
                x, y, width, height = app.size()
                screen.picture(options.screenshot, width, height, x, y)
                print(f"Assay: the window is in {options.screenshot}")
        finally:
            app.close()
    return 0


def answered(app, names):
    """{name: (label, percent)} once every sample has its answer, else None."""
    found = {}
    for name, said in ui.rows(app):
        parts = said.split(", ")
        if name in names and len(parts) >= 2 and parts[1].endswith("%"):
            found[name] = parts[0], parts[1]
    return found if len(found) == len(names) else None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ui.Gone as gone:
        print(f"Assay: {gone}", file=sys.stderr)
        sys.exit(1)
