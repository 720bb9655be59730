# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""50,000 files in one drop: each has its row, and the window goes on answering
while they come."""
import os

import pytest
import ui

MANY = 50000


@pytest.fixture
def many(tmp_path, samples):
    """A folder with many names of one picture."""
    folder = tmp_path / "many"
    folder.mkdir()
    first = os.path.join(folder, "00000")
    with open(samples[0], "rb") as source, open(first, "wb") as copy:
        copy.write(source.read())
    for number in range(1, MANY):
        os.link(first, os.path.join(folder, f"{number:05}"))
    return folder


@pytest.mark.parametrize("named", [False, True], ids=["folder", "files"])
def test_the_window_answers_while_many_come(start, service, many, tmp_path, named):
    service.as_connection()
    service.holding = True
    app = start(GSK_RENDERER="cairo")
    app.find(contains="tutorial · v1, Ready", seconds=60)
    empty = app.memory()
    words = [str(many)]
    if named:
        # More than a command line can hold.
        names = tmp_path / "names"
        names.write_text("".join(f"{many}/{number:05}\n" for number in range(MANY)))
        words = ["--list", str(names)]
    with ui.Pulse(app) as pulse:
        ui.drag(words, app)
        # A walk through the tree holds the window up itself, so the first is the last
        # that counts.
        while_dropped = pulse.longest
        ui.wait_for("all rows", lambda: f"All {MANY}" in app.texts(), 240, seen=app.texts)
        assert pulse.answers > 20
    print(f"{app.memory() - empty:.0f} MiB for {MANY:,} rows; longest wait for an answer "
          f"{while_dropped * 1000:.0f} ms until the drop was over, {pulse.longest * 1000:.0f} ms "
          f"with the tree being walked")
