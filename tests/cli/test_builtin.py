# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli with the service that comes with Assay, and its models on photos."""
import json
import os
import signal
import threading

import pytest
from conftest import PATIENCE, picture

LABELS = ["daisy", "dandelion", "roses", "sunflowers", "tulips"]
FLOWERS = os.environ.get("ASSAY_FLOWERS")


def test_without_options_the_builtin_service_is_asked(cli):
    (cli.folder / "a.jpg").write_bytes(picture(1, size=(200, 200)))
    result = cli("classify", "a.jpg", "--format", "ndjson")
    assert result.status == 0, result
    line, = result.lines()
    assert (line["model"], line["version"]) == ("flowers", "2")
    assert sorted(p["label"] for p in line["predictions"]) == LABELS
    assert abs(sum(p["score"] for p in line["predictions"]) - 1) < 1e-6
    assert list((cli.folder / "home").rglob("connections*")) == []


def test_models_of_the_builtin_service(cli):
    result = cli("models", "list", "--format", "json")
    assert result.status == 0, result
    assert {(v["model"], v["version"], v["state"]) for v in json.loads(result.out)} == \
        {("flowers", "1", "SUCCEEDED"), ("flowers", "2", "SUCCEEDED")}


def test_one_version_is_enough_to_type(cli):
    (cli.folder / "a.jpg").write_bytes(picture(1))
    result = cli("classify", "a.jpg", "--connection", "builtin", "--model", "flowers",
                 "--model-version", "1", "--format", "ndjson")
    assert result.status == 0, result
    assert result.lines()[0]["version"] == "1"


def find_service(child):
    """The process id of the service that belongs to a command, None if there is none."""
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        state, parent = rest.split()[:2]
        if name == "assay-serve" and int(parent) == child.pid and state not in "ZX":
            return int(entry)
    return None


def read_lines(stream, into):
    for line in stream:
        into.append(line.decode())


def classify_and_kill(cli, kill_at, *options, count=120):
    """Asks about many pictures, and kills the service when so many are answered."""
    folder = cli.folder / "many"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}.jpg").write_bytes(picture(number, size=(300, 200)))
    child = cli.start("classify", "many", "--format", "ndjson", *options)
    said = []
    listener = threading.Thread(target=read_lines, args=(child.stderr, said), daemon=True)
    listener.start()
    answers, killed = [], []
    for line in child.stdout:
        answers.append(json.loads(line))
        if len(killed) < len(kill_at) and len(answers) >= kill_at[len(killed)]:
            pid = find_service(child)
            if pid is not None and pid not in killed:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
    status = child.wait(PATIENCE)
    listener.join(PATIENCE)
    assert len(killed) == len(kill_at), (killed, said)
    return status, answers, "".join(said)


RESTARTED = "assay-cli: The built-in service stopped and was started again\n"


@pytest.mark.parametrize("kill_at", [[10], [10, 60]])
def test_a_killed_service_is_started_again(cli, kill_at):
    status, answers, said = classify_and_kill(cli, kill_at)
    assert status == 0, (answers, said)
    assert said == RESTARTED * len(kill_at)
    assert sorted(os.path.basename(line["path"]) for line in answers) == [f"{n:03}.jpg" for n in range(120)]
    for line in answers:
        assert sorted(p["label"] for p in line["predictions"]) == LABELS


def test_one_that_is_killed_again_and_again_is_left_alone(cli):
    status, answers, said = classify_and_kill(cli, [10, 30, 50])
    assert status == 3, (answers, said)
    assert said.startswith(RESTARTED * 2 + "assay-cli: The built-in service stopped three times within a "
                           "minute and was not started again\n"), said
    assert sorted(os.path.basename(line["path"]) for line in answers) == [f"{n:03}.jpg" for n in range(120)]
    failed = [line["error"] for line in answers if line["error"] is not None]
    assert 0 < len(failed) <= 70
    assert all("stopped three times" in json.dumps(error) for error in failed), failed


@pytest.mark.skipif(not FLOWERS, reason="no photos: configure with -Dflowers=FOLDER")
@pytest.mark.parametrize("version, low, high", [("2", 0.83, 1), ("1", 0.68, 0.78)])
def test_accuracy_on_photos_that_were_never_seen(cli, version, low, high):
    holdout = os.path.join(FLOWERS, "holdout")
    wanted = sorted(os.path.join(folder, name) for folder, _, names in os.walk(holdout)
                    for name in names if name.endswith(".jpg"))
    child = cli.start("classify", holdout, "--model", "flowers", "--model-version", version,
                      "--format", "ndjson")
    out, err = child.communicate(timeout=10 * PATIENCE)
    assert child.returncode == 0, err
    lines = [json.loads(line) for line in out.splitlines()]
    assert sorted(line["path"] for line in lines) == wanted
    for line in lines:
        assert sorted(p["label"] for p in line["predictions"]) == LABELS
        assert abs(sum(p["score"] for p in line["predictions"]) - 1) < 1e-6
    right = sum(os.path.basename(os.path.dirname(line["path"])) == line["predictions"][0]["label"]
                for line in lines)
    assert low <= right / len(lines) <= high
