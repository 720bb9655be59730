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

WIDTH, HEIGHT = 1200, 830


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--screenshot")
    options = parser.parse_args()
    build = os.path.abspath(options.build)
    samples = sorted(glob.glob(os.path.join(build, "data", "samples", "*.*g")))
    if not samples:
        print("Assay: there are no samples in the build folder; build again.", file=sys.stderr)
        return 1
    ui.within_session_bus()

    with ui.screen(1400, 900) as screen:
        app = ui.App(os.path.join(build, "src", "app", "assay"))
        try:
            app.find(name="Try the Samples", seconds=60)
            x, y, width, height = app.size()
            ui.drag_files(samples, x + width // 2, y + height // 2)
            rows = ui.wait_for(f"{len(samples)} answers", lambda: answered(app, samples), 120)
            for name, label, percent in rows:
                print(f"{name:32} {label:12} {percent:>7}")
            if options.screenshot:
                ui.wait_for("the picture of the first row", lambda: app.all(role="level bar"), 20)
                screen.picture(options.screenshot, width, height, x, y)
                print(f"Assay: the window is in {options.screenshot}")
        finally:
            app.close()
    return 0


def answered(app, samples):
    """(name, label, percent) for each sample once every one has its answer, else None."""
    wanted = {os.path.basename(path) for path in samples}
    found = {}
    for row in app.all(role="list item"):
        parts = [part.strip() for part in (row.get_name() or "").split(",")]
        if len(parts) >= 3 and parts[0] in wanted:
            found[parts[0]] = (parts[0], parts[1], parts[2])
    return sorted(found.values()) if len(found) == len(wanted) else None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ui.Gone as gone:
        print(f"Assay: {gone}", file=sys.stderr)
        sys.exit(1)
