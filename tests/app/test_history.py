# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed goes on where it was; runs that are kept are shown again."""
import os
import shutil
import sqlite3

import ui

ROSES = "roses, 95.7\u202f%, next tulips, 3.97\u202f%"
ASSAY = os.path.join(os.environ["ASSAY_BUILD"], "src", "app", "assay")


def said(app):
    """Of each picture; a folder has a row too."""
    return [text for _, text in ui.rows(app) if "expanded" not in text]


def kept(query):
    """What the file says; nobody else's is looked at."""
    path = os.path.join(os.environ["XDG_DATA_HOME"], "assay", "history.db")
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def kill_in_the_middle(service, pictures, answers):
    """A run of which so many are answered and on disk."""
    service.as_connection()
    service.answers = answers
    app = ui.App(ASSAY, *pictures)
    try:
        ui.wait_for("kept answers", lambda: kept("SELECT answered FROM runs") == [(answers,)]
                    if os.path.exists(os.path.join(os.environ["XDG_DATA_HOME"], "assay",
                                                   "history.db")) else False, 60)
    finally:
        app.process.kill()
        app.process.wait()
    service.release()


def activate(app, dialog, name):
    """Chooses a run in the list, by keys."""
    app.find(contains=name)
    app.key("Return", window=dialog)


def test_killed_and_resumed(start, service, samples):
    kill_in_the_middle(service, samples, 6)
    asked = len(service.asked)
    app = start()
    app.find(contains=f"was interrupted: {len(samples) - 6} of {len(samples)} left")
    app.press(name="Resume")
    ui.wait_for("all answers", lambda: said(app) == [ROSES] * len(samples),
                seen=lambda: said(app))
    # Only what was left was sent; the list is as it was given.
    assert len(service.asked) == asked + len(samples) - 6
    assert [name for name, _ in ui.rows(app)] == [os.path.basename(path) for path in samples]
    app.gone(contains="was interrupted")
    assert app.quit() == 0
    assert kept("SELECT state, items, answered FROM runs") == [("finished", len(samples),
                                                                len(samples))]
    # What has ended is not offered.
    app = start()
    app.find(contains="tutorial · v1, Ready")
    assert not app.all(contains="was interrupted")


def test_put_away(start, service, samples):
    kill_in_the_middle(service, samples[:3], 1)
    app = start()
    app.find(contains="was interrupted: 2 of 3 left")
    app.press(name="Dismiss")
    app.gone(contains="was interrupted")
    assert app.quit() == 0
    app = start()
    app.find(contains="tutorial · v1, Ready")
    assert not app.all(contains="was interrupted")
    # It can be gone on with all the same.
    app.key("ctrl+h")
    app.window("History")
    app.press(contains="Resume daisy-lawn.jpg")
    ui.wait_for("all answers", lambda: said(app) == [ROSES] * 3, seen=lambda: said(app))


def test_shown_again(start, service, samples):
    folder = os.path.join(os.environ["HOME"], "garden")
    os.makedirs(folder, exist_ok=True)
    for path in samples[:3]:
        shutil.copy(path, folder)
    service.as_connection()
    app = start(folder)
    ui.wait_for("all answers", lambda: said(app) == [ROSES] * 3, seen=lambda: said(app))
    assert app.quit() == 0
    os.remove(os.path.join(folder, os.path.basename(samples[0])))
    asked = len(service.asked)

    app = start()
    app.find(contains="tutorial · v1, Ready")
    app.key("ctrl+h")
    dialog = app.window("History")
    activate(app, dialog, "garden")
    ui.wait_for("all answers again", lambda: said(app) == [ROSES] * 3, seen=lambda: said(app))
    app.find(contains="“garden” from the history")
    app.find(contains="tutorial · v1, From the history")
    assert len(service.asked) == asked
    shutil.rmtree(folder)


def keep_copies(number):
    """Of the one run that is kept, each a second older than the one before."""
    path = os.path.join(os.environ["XDG_DATA_HOME"], "assay", "history.db")
    database = sqlite3.connect(path)
    columns = ("ended, state, connection_id, connection_name, url, protocol, options, model, "
               "version, given, items, answered, failed, rejected, canceled")
    with database:
        database.executemany(
            f"INSERT INTO runs (lock, name, started, {columns}) "
            f"SELECT lock + ?1, 'holiday ' || ?1, started - ?1 * 1000000, {columns} "
            "FROM runs WHERE id = 1", [(at,) for at in range(1, number + 1)])
    database.close()


def test_hundreds_of_runs(start, service, samples):
    """Rows are made for what is looked at; the keys reach all of them."""
    service.as_connection()
    app = start(samples[0])
    ui.wait_for("an answer", lambda: said(app) == [ROSES], seen=lambda: said(app))
    assert app.quit() == 0
    keep_copies(900)
    app = start()
    app.find(contains="tutorial · v1, Ready")
    app.key("ctrl+h")
    dialog = app.window("History")
    app.find(name="Remove holiday 1")
    assert len(app.all(contains="Remove ")) < 500
    app.key("End", window=dialog)
    app.find(name="Remove holiday 900")
    assert len(app.all(contains="Remove ")) < 500
    app.key("Home", window=dialog)
    app.find(name="Remove holiday 1")
    app.key("Escape", window=dialog)
    ui.wait_for("one window", lambda: len(app.windows()) == 1, seen=app.windows)


def test_removed(start, service, samples):
    service.as_connection()
    name = os.path.basename(samples[0])
    toast = f"“{name}” removed"
    app = start(samples[0])
    ui.wait_for("an answer", lambda: said(app) == [ROSES], seen=lambda: said(app))
    ui.wait_for("the end of the run", lambda: kept("SELECT state FROM runs") == [("finished",)])
    app.key("ctrl+h")
    dialog = app.window("History")
    app.press(name=f"Remove {name}")
    app.find(name=toast)
    assert not app.all(name=f"Remove {name}")
    app.press(contains="Undo")
    app.gone(name=toast)
    app.press(name=f"Remove {name}")
    app.find(name=toast)
    assert kept("SELECT count(*) FROM runs") == [(1,)]
    # First the Undo that has the focus is put away, then the list.
    app.key("Escape", window=dialog)
    ui.wait_for("nothing kept", lambda: kept("SELECT count(*) FROM runs") == [(0,)])
    app.gone(name=toast)
    app.key("Escape", window=dialog)
    ui.wait_for("one window", lambda: len(app.windows()) == 1, seen=app.windows)


def test_not_saved(start, service, samples):
    """Where the file should be there is another; answers come all the same."""
    service.as_connection()
    place = os.path.join(os.environ["XDG_DATA_HOME"], "assay")
    with open(place, "w", encoding="utf-8") as file:
        file.write("in the way")
    app = start(*samples[:2])
    ui.wait_for("answers", lambda: said(app) == [ROSES] * 2, seen=lambda: said(app))
    app.find(contains="Not saved. The history ")
    os.remove(place)
    app.press(name="Try Again")
    app.gone(contains="Not saved. The history ")
    ui.wait_for("kept answers", lambda: kept("SELECT answered FROM runs") == [(2,)])
