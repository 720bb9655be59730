# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever ends the process, what was kept stays, and the rest can be sent: on a
real disk, with a real signal."""
import collections
import json
import os
import random
import resource
import signal
import sqlite3
import time

import pytest
from conftest import GIVEN, PATIENCE, classify, finish, picture, run

KILLS = int(os.environ.get("ASSAY_TEST_KILLS", "50"))
MANY = 500


def call(folder, *arguments):
    child = run(folder, *arguments)
    out, err = child.communicate(timeout=PATIENCE)
    return child.returncode, out.decode(), err.decode()


def listed(folder):
    status, out, err = call(folder, "history", "list", "--format", "json")
    assert status == 0, err
    for kept in json.loads(out):
        assert kept["given"] == sum(kept[state] for state in (
            "answered", "failed", "rejected", "canceled", "left")), kept
    return json.loads(out)


def wait_given(folder, count):
    """Until so many items are on disk: a batch takes 50 ms."""
    for _ in range(10 * PATIENCE):
        kept = listed(folder)
        if kept and kept[0]["given"] == count:
            return
    raise AssertionError(kept)


def exported(folder, number):
    """What is kept of each picture, once."""
    status, out, err = call(folder, "history", "export", str(number), "--format", "ndjson")
    assert status == 0, err
    lines = {}
    for line in map(json.loads, out.splitlines()):
        name = os.path.basename(line["path"])
        assert name not in lines
        lines[name] = (line["sha256"], line["status"], line["predictions"])
    return lines


def check_file(folder):
    with sqlite3.connect(folder / "d" / "assay" / "history.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def count_asked(service):
    return collections.Counter(name for _, name in service.asked)


def answer(handler, number, earlier):
    """Something else for each picture, always the same."""
    share = random.Random(handler.name).random()
    handler.say(body={"id": "1", "status": "DONE", "processedTime": "2018-09-27T08:26:59Z",
                      "predictions": [{"name": handler.name, "results": [
                          {"label": "yes", "score": share}, {"label": "no", "score": 1 - share}]}]})


@pytest.fixture
def many(tmp_path):
    (tmp_path / "photos").mkdir()
    for number in range(MANY):
        (tmp_path / "photos" / f"{number:03}.png").write_bytes(picture(number))
    return tmp_path


def test_killed_at_random_moments(serve, many):
    service = serve(answer)
    start = time.monotonic()
    finish(classify(many, service, "photos"), MANY)
    whole = time.monotonic() - start
    undisturbed = exported(many, 1)
    assert len(undisturbed) == MANY
    chance = random.Random(5)
    interrupted = 0
    for _ in range(KILLS):
        service.asked.clear()
        child = classify(many, service, "photos")
        try:
            child.wait(chance.uniform(0, whole))
        except Exception:
            child.send_signal(signal.SIGKILL)
        child.communicate(timeout=PATIENCE)
        newest = listed(many)[0]
        if newest["run"] == 1 or newest["given"] < MANY and newest["state"] == "finished":
            continue  # before anything was given, or after the end
        kept = exported(many, newest["run"])
        sent = count_asked(service)
        if newest["state"] == "interrupted":
            interrupted += 1
            status, _, err = call(many, "history", "resume", str(newest["run"]))
            assert status == 0, err
        after = exported(many, newest["run"])
        assert kept.items() <= after.items()
        assert after == {name: undisturbed[name] for name in after}
        assert len(after) == newest["given"]
        # Twice only what was in the air, or in the last batch.
        again = {name for name, count in count_asked(service).items() if count > 1}
        assert not again & kept.keys()
        assert len(sent) <= MANY
        call(many, "history", "prune", str(newest["run"]))
    check_file(many)
    assert interrupted >= KILLS // 4


def stop(child):
    child.send_signal(signal.SIGSTOP)
    child.send_signal(signal.SIGCONT)


def kill(child):
    child.send_signal(signal.SIGKILL)
    child.wait(PATIENCE)


def terminate(child):
    child.send_signal(signal.SIGTERM)


def interrupt(child):
    child.send_signal(signal.SIGINT)


def hang_up(child):
    child.send_signal(signal.SIGHUP)
    child.wait(PATIENCE)


def close_pipe(child):
    child.stdout.close()


ENDS = {"stopped for a while": stop, "killed": kill, "asked to end": terminate,
        "interrupted": interrupt, "its terminal is gone": hang_up, "its reader is gone": close_pipe}


@pytest.mark.parametrize("end", ENDS)
def test_goes_on_after(serve, start, tmp_path, end):
    def slowly(handler, number, earlier):
        time.sleep(0.05)
        handler.say()

    service = serve(slowly)
    child = start(service, given=60)
    wait_given(tmp_path, 60)
    ENDS[end](child)
    child.wait(PATIENCE)
    for pipe in (child.stdout, child.stderr):
        pipe.close()
    kept = listed(tmp_path)[0]
    if kept["left"] > 0:
        status, _, err = call(tmp_path, "history", "resume", "1")
        assert status == 0, err
    kept = listed(tmp_path)[0]
    assert (kept["given"], kept["left"]) == (60, 0)
    assert kept["answered"] + kept["canceled"] == 60
    check_file(tmp_path)


# ---- the disk ----

def no_folder(folder):
    (folder / "d").write_text("a file stands in the way")


def no_file(folder):
    (folder / "d" / "assay" / "history.db").mkdir(parents=True)


def a_full_disk(folder):
    """No file may grow beyond this: what a full disk says, without one."""
    return {"preexec_fn": lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                                   resource.setrlimit(resource.RLIMIT_FSIZE, (24576, 24576)))}


def damaged(folder):
    (folder / "d" / "assay").mkdir(parents=True)
    (folder / "d" / "assay" / "history.db").write_bytes(random.Random(1).randbytes(20000))


def newer(folder):
    (folder / "d" / "assay").mkdir(parents=True)
    with sqlite3.connect(folder / "d" / "assay" / "history.db") as database:
        database.execute("CREATE TABLE runs (id)")
        database.execute("PRAGMA user_version = 1000")


DISKS = {"no folder can be made": no_folder, "no file can be made": no_file,
         "no room": a_full_disk, "damaged": damaged, "made by a newer one": newer}


@pytest.mark.parametrize("disk", DISKS)
def test_no_disk_keeps_answers_from_coming(serve, start, tmp_path, disk):
    service = serve(lambda handler, number, earlier: handler.say())
    child = start(service, **(DISKS[disk](tmp_path) or {}))
    code, counts, _ = finish(child)
    assert (code, counts["ok"]) == (0, GIVEN)
    assert len(service.asked) == GIVEN


@pytest.mark.parametrize("disk", [disk for disk in DISKS if disk != "damaged"])
def test_says_that_nothing_is_kept(serve, start, tmp_path, disk):
    service = serve(lambda handler, number, earlier: handler.say())
    child = start(service, **(DISKS[disk](tmp_path) or {}))
    _, err = child.communicate(timeout=PATIENCE)
    assert "history" in err.decode() or "kept" in err.decode()


def test_a_damaged_file_is_not_thrown_away(serve, start, tmp_path):
    damaged(tmp_path)
    before = (tmp_path / "d" / "assay" / "history.db").read_bytes()
    finish(start(serve(lambda handler, number, earlier: handler.say())))
    others = [path for path in (tmp_path / "d" / "assay").iterdir()
              if path.read_bytes() == before]
    assert len(others) == 1 and others[0].name != "history.db"
    assert listed(tmp_path)[0]["answered"] == GIVEN
