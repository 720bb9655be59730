# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What assay-cli keeps of its runs, in a real SQLite file: looked at, written,
gone on with and removed."""
import csv
import io
import json
import os
import signal
import sqlite3
import stat
import zipfile

import pytest
from conftest import PATIENCE, picture

MODEL = ["--model", "flowers", "--model-version", "2"]


def ask(cli, service, mood, *paths, **options):
    return cli("classify", *paths, "--url", service.url(mood), *MODEL, "--format", "ndjson",
               **options)


def runs(cli):
    result = cli("history", "list", "--format", "json")
    assert result.status == 0, result
    listed = json.loads(result.out)
    for run in listed:
        assert run["given"] == sum(run[state] for state in
                                   ("answered", "failed", "rejected", "canceled", "left")), run
    return listed


def wait_given(cli, count):
    """Until so many items of the newest run are on disk: a batch takes 50 ms."""
    for _ in range(10 * PATIENCE):
        listed = runs(cli)
        if listed and listed[0]["given"] == count:
            return listed[0]
    raise AssertionError(listed)


def export(cli, run, *options):
    result = cli("history", "export", str(run), *options)
    assert result.status == 0, result
    return result


def answers(text):
    return {(line["path"], line["member"]): (line["sha256"], line["status"], line["predictions"])
            for line in map(json.loads, text.splitlines())}


def interrupt(cli, service, mood, answered, *paths):
    child = cli.start("classify", *paths, "--url", service.url(mood), *MODEL, "--jobs", "1")
    service.stats(answered + 1)
    child.send_signal(signal.SIGTERM)
    _, err = child.communicate(timeout=PATIENCE)
    assert child.returncode == 130
    return err.decode()


def test_keeps_what_was_answered(cli, service, photos):
    (photos / "6.jpg").write_bytes(b"\xff\xd8\xff no picture")
    result = ask(cli, service, "ok", "photos")
    assert result.status == 1, result
    (run,) = runs(cli)
    assert (run["run"], run["name"], run["state"], run["model"], run["version"]) == \
        (1, "photos", "finished", "flowers", "2")
    assert (run["given"], run["answered"], run["rejected"]) == (6, 5, 1)
    kept = answers(export(cli, 1, "--format", "ndjson").out)
    assert kept == {(str(cli.folder / path), member): value
                    for (path, member), value in answers(result.out).items()}
    with sqlite3.connect(cli.folder / "home" / "data" / "assay" / "history.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_nobody_else_may_read_it(cli, service, photos):
    ask(cli, service, "ok", "photos/1.jpg")
    folder = cli.folder / "home" / "data" / "assay"
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert {stat.S_IMODE(os.stat(folder / name).st_mode) for name in os.listdir(folder)} == {0o600}


def test_keeps_nothing_when_told_so(cli, service, photos):
    assert ask(cli, service, "ok", "photos", "--no-history").status == 0
    assert not (cli.folder / "home" / "data").exists()


def test_says_what_is_known(cli, service, photos):
    ask(cli, service, "ok", "photos/1.jpg", "photos/2.jpg")
    listed = cli("history", "list").out.splitlines()
    assert listed[0].split() == ["RUN", "STARTED", "WHAT", "RESULT"]
    assert "1.jpg, …, flowers 2" in listed[1] and "2 of 2 answered" in listed[1]
    shown = cli("history", "show", "1").out.splitlines()
    assert shown[0] == "Run: 1" and "Model: flowers" in shown and "Result: 2 of 2 answered" in shown


def test_writes_a_run_in_each_format(cli, service, photos):
    ask(cli, service, "ok", "photos")
    assert len(json.loads(export(cli, 1, "--format", "json").out)) == 5
    rows = list(csv.DictReader(io.StringIO(export(cli, 1, "--format", "csv", "--top", "1").out)))
    assert [row["status"] for row in rows] == ["ok"] * 5
    assert len(export(cli, 1).out.splitlines()) == 6
    assert export(cli, 1, "--format", "ndjson", "--output", "kept.ndjson").out == ""
    assert len((cli.folder / "kept.ndjson").read_text().splitlines()) == 5


def test_goes_on_where_it_was_interrupted(cli, service, photos):
    said = interrupt(cli, service, "first-2", 2, "photos")
    assert "“assay-cli history resume 1” sends the 3 that are left" in said
    (run,) = runs(cli)
    assert (run["state"], run["answered"], run["left"]) == ("interrupted", 2, 3)
    before = service.stats()["requests"]
    result = cli("history", "resume", "--url", service.url(), "--format", "ndjson")
    assert result.status == 0, result
    assert [line["status"] for line in result.lines()] == ["ok"] * 3
    assert service.stats()["requests"] == before + 3
    (run,) = runs(cli)
    assert (run["state"], run["answered"], run["left"]) == ("finished", 5, 0)
    whole = ask(cli, service, "ok", str(photos))
    assert answers(export(cli, 1, "--format", "ndjson").out) == answers(whole.out)


def test_goes_on_with_gaps_as_a_window_leaves_them(cli, service, photos):
    interrupt(cli, service, "first-2", 2, "photos")
    path = cli.folder / "home" / "data" / "assay" / "history.db"
    with sqlite3.connect(path) as database:
        database.execute("UPDATE answers SET position = position + 1000 WHERE position > 0")
        database.execute("UPDATE items SET position = position + 1000 WHERE position > 0")
    assert cli("history", "resume", "--url", service.url()).status == 0
    assert (runs(cli)[0]["answered"], runs(cli)[0]["left"]) == (5, 0)


def test_asks_the_same_service_unless_told_otherwise(cli, service, photos):
    interrupt(cli, service, "first-2", 2, "photos")
    cli("history", "resume", "--timeout", "1", "--retries", "0")
    # It hung there as before.
    assert runs(cli)[0]["failed"] == 3
    assert {tuple(asked) for asked in service.stats()["models"]} == {("models", "flowers",
                                                                     "versions", "2")}


@pytest.mark.parametrize("how", ["open", "send"])
def test_goes_on_in_an_archive(cli, service, how):
    with zipfile.ZipFile(cli.folder / "a.zip", "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.jpg", picture(number))
    answered = 2 if how == "open" else 0
    interrupt(cli, service, f"first-{answered}", answered, "a.zip", "--archives", how)
    requests = service.stats()["requests"]
    result = cli("history", "resume", "--url", service.url(), "--format", "ndjson")
    assert result.status == 0, result
    assert sorted(line["member"] for line in result.lines()) == \
        [f"{number}.jpg" for number in range(answered, 4)]
    assert service.stats()["requests"] == requests + (2 if how == "open" else 1)
    assert runs(cli)[0]["answered"] == 4


def test_what_is_gone_meanwhile_has_its_reason(cli, service, photos):
    interrupt(cli, service, "first-2", 2, "photos")
    (photos / "5.jpg").unlink()
    result = cli("history", "resume", "--url", service.url(), "--format", "ndjson")
    assert result.status == 1, result
    lines = {os.path.basename(line["path"]): line for line in result.lines()}
    assert sorted(lines) == ["3.jpg", "4.jpg", "5.jpg"]
    assert lines["5.jpg"]["status"] == "rejected" and lines["5.jpg"]["error"]["message"]
    assert runs(cli)[0]["left"] == 0


def test_standard_input_can_not_be_found_again(cli, service, photos):
    child = cli.start("classify", "photos/1.jpg", "-", "--url", service.url("hang"), *MODEL,
                      stdin=(photos / "2.jpg").open("rb"))
    wait_given(cli, 2)
    child.kill()
    child.communicate(timeout=PATIENCE)
    result = cli("history", "resume", "--url", service.url(), "--format", "ndjson")
    assert sorted(line["status"] for line in result.lines()) == ["ok", "rejected"]
    assert "not the picture. Add it again" in result.out
    assert runs(cli)[0]["left"] == 0


def test_a_run_is_one_process_s_at_a_time(cli, service, photos):
    child = cli.start("classify", "photos", "--url", service.url("hang"), *MODEL)
    assert wait_given(cli, 5)["state"] == "running"
    assert cli("history", "resume", "1").status == 2
    assert cli("history", "prune", "--all").out == "0 runs were removed\n"
    child.kill()
    child.communicate(timeout=PATIENCE)
    assert runs(cli)[0]["state"] == "interrupted"


def test_a_second_interrupt_does_not_wait(cli, service, photos):
    child = cli.start("classify", "photos", "--url", service.url("hang"), *MODEL)
    service.stats(4)
    child.send_signal(signal.SIGINT)
    said = b""
    while b"Interrupt once more" not in said:
        said += child.stderr.readline()
    child.send_signal(signal.SIGINT)
    assert child.wait(PATIENCE) == 130
    child.communicate()
    assert runs(cli)[0]["left"] == 5


def test_removes_runs(cli, service, photos):
    for _ in range(4):
        ask(cli, service, "ok", "photos/1.jpg")
    assert cli("history", "prune", "2").out == "1 run was removed\n"
    assert cli("history", "prune", "--keep", "1").out == "2 runs were removed\n"
    assert [run["run"] for run in runs(cli)] == [4]
    assert cli("history", "prune", "--older-than", "1").out == "0 runs were removed\n"
    assert cli("history", "prune", "--all").out == "1 run was removed\n"
    assert runs(cli) == []


@pytest.mark.parametrize("line", [
    ["prune"], ["prune", "3"], ["prune", "--all", "3"], ["prune", "x"], ["show"], ["show", "x"],
    ["show", "7"], ["export", "7"], ["export", "1", "--format", "xml"], ["resume"], ["resume", "7"],
    ["resume", "x"], ["resume", "1", "2"], ["resume", "--model", "m"], ["list", "--format", "csv"],
    ["undo"], []])
def test_says_what_is_wrong_with_the_line(cli, line):
    result = cli("history", *line)
    assert result.status == 2 and result.err, result
    assert "assay-cli" in result.err


def test_a_folder_that_may_not_be_written_stops_nobody(cli, service, photos):
    """Root may write anywhere, so that a file stands in the way."""
    (cli.folder / "home" / "data").write_text("not a folder")
    result = ask(cli, service, "ok", "photos")
    assert result.status == 0, result
    assert len(result.lines()) == 5
    assert "history" in result.err or "kept" in result.err
