# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli classify as a black box against a real service."""
import base64
import csv
import hashlib
import io
import json
import os
import pty
import signal
import socket
import subprocess
import zipfile

import pytest
from conftest import PATIENCE, picture

MODEL = ["--model", "flowers", "--model-version", "2"]
FIELDS = ["path", "member", "sha256", "bytes", "status", "predictions", "model", "version",
          "attempts", "seconds", "error"]


def expected(content):
    share = hashlib.sha256(content).digest()[0] / 255
    return {"even": share, "odd": 1 - share}


# ---- formats ---------------------------------------------------------------

def test_ndjson_has_a_line_for_each_picture(cli, service, photos):
    result = cli("classify", "photos", "--url", service.url(), *MODEL, "--format", "ndjson")
    assert result.status == 0, result
    assert result.err == ""
    lines = {line["path"]: line for line in result.lines()}
    assert sorted(lines) == [f"photos/{number}.jpg" for number in range(1, 6)]
    for path, line in lines.items():
        content = (cli.folder / path).read_bytes()
        assert [name for name in FIELDS if name not in line] == []
        assert "sent_sha256" not in line
        assert line["sha256"] == hashlib.sha256(content).hexdigest()
        assert line["bytes"] == len(content)
        assert line["status"] == "ok" and line["error"] is None
        assert (line["model"], line["version"], line["attempts"]) == ("flowers", "2", 1)
        assert line["seconds"] > 0
        assert {p["label"]: p["score"] for p in line["predictions"]} == expected(content)
        scores = [p["score"] for p in line["predictions"]]
        assert scores == sorted(scores, reverse=True)
    assert service.stats()["models"] == [["models", "flowers", "versions", "2"]] * 5
    assert sorted(service.stats()["names"]) == [f"{number}.jpg" for number in range(1, 6)]


def test_json_is_an_array_in_the_order_given(cli, service, photos):
    result = cli("classify", "photos/3.jpg", "photos/1.jpg", "photos/2.jpg", "--url", service.url(),
                 *MODEL, "--format", "json")
    assert result.status == 0, result
    assert [line["path"] for line in json.loads(result.out)] == \
        ["photos/3.jpg", "photos/1.jpg", "photos/2.jpg"]


def test_csv_has_a_header(cli, service, photos):
    result = cli("classify", "photos", "--url", service.url(), *MODEL, "--format", "csv")
    assert result.status == 0, result
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert sorted(row["path"] for row in rows) == [f"photos/{number}.jpg" for number in range(1, 6)]
    for row in rows:
        scores = expected((cli.folder / row["path"]).read_bytes())
        assert row["label"] == max(scores, key=scores.get)
        assert float(row["score"]) == max(scores.values())
        assert row["status"] == "ok"


def test_table_is_aligned(cli, service, photos):
    (photos / "花.jpg").write_bytes(picture(9))
    result = cli("classify", "photos", "--url", service.url(), *MODEL)
    assert result.status == 0, result
    lines = result.out.splitlines()
    assert lines[0].split() == ["FILE", "LABEL", "SCORE", "STATUS"]
    assert [line.split()[0] for line in lines[1:]] == \
        [f"photos/{number}.jpg" for number in range(1, 6)] + ["photos/花.jpg"]
    column = lines[0].index("LABEL")
    for line in lines[1:]:
        name, label, score, status = line.split()
        wide = sum(ord(c) > 0x2e80 for c in name)  # two columns each
        assert line.index(label) == column - wide
        assert score.endswith("%") and status in ("ok", "unsure")


def test_table_says_unsure_below_the_threshold(cli, service, photos):
    words = {threshold: cli("classify", "photos/1.jpg", "--url", service.url(), *MODEL,
                            "--threshold", threshold).out.split()[-1]
             for threshold in ("0", "100%")}
    assert words == {"0": "ok", "100%": "unsure"}


def test_top_bounds_the_labels(cli, service, photos):
    result = cli("classify", "photos/1.jpg", "--url", service.url(), *MODEL, "--format", "ndjson",
                 "--top", "1")
    assert len(result.lines()[0]["predictions"]) == 1
    result = cli("classify", "photos/1.jpg", "--url", service.url(), *MODEL, "--top", "2")
    assert [line.split()[-2 if "%" in line.split()[-2] else -1][-1] for line in
            result.out.splitlines()[1:]] == ["%", "%"]


def test_output_goes_to_a_file(cli, service, photos):
    for kind in ("table", "json", "ndjson", "csv"):
        plain = cli("classify", "photos/1.jpg", "--url", service.url(), *MODEL, "--format", kind)
        result = cli("classify", "photos/1.jpg", "--url", service.url(), *MODEL, "--format", kind,
                     "--output", "results")
        assert (result.status, result.out, result.err) == (0, "", "")
        written = (cli.folder / "results").read_text()
        assert len(written.splitlines()) == len(plain.out.splitlines()) > 0


def test_output_that_cannot_be_written(cli, service, photos):
    result = cli("classify", "photos", "--url", service.url(), *MODEL,
                 "--output", "nowhere/results")
    assert result.status == 2
    assert "nowhere/results" in result.err
    assert service.stats()["requests"] == 0
    for kind in ("table", "json", "ndjson", "csv"):
        result = cli("classify", "photos", "--url", service.url(), *MODEL, "--format", kind,
                     "--output", "/dev/full")
        assert result.status == 1, result
        assert "/dev/full" in result.err


def test_reader_that_goes_away_ends_it(cli, service, photos):
    child = cli.start("classify", "photos", "--url", service.url("slow-50"), *MODEL, "--jobs", "1",
                      "--format", "ndjson")
    child.stdout.readline()
    child.stdout.close()
    assert child.wait(PATIENCE) in (1, -signal.SIGPIPE)
    child.stderr.close()


# ---- what is given ---------------------------------------------------------

def test_standard_input_is_a_picture(cli, service):
    content = picture(7, "PNG")
    result = cli("classify", "-", "--url", service.url(), *MODEL, "--format", "ndjson",
                 input=content)
    assert result.status == 0, result
    line, = result.lines()
    assert line["path"] == "-"
    assert line["sha256"] == hashlib.sha256(content).hexdigest()
    assert service.stats()["names"] == ["stdin.png"]


def test_standard_input_that_is_none(cli, service):
    result = cli("classify", "-", "--url", service.url(), *MODEL, "--format", "ndjson", input=b"")
    assert result.status == 1
    assert result.lines()[0]["status"] == "rejected"


def test_list_has_a_path_a_line(cli, service, photos):
    (photos / "a b.jpg").write_bytes(picture(11))
    (cli.folder / "list").write_text("photos/2.jpg\nphotos/a b.jpg\n\nphotos/1.jpg")
    result = cli("classify", "@list", "--url", service.url(), *MODEL, "--format", "json")
    assert result.status == 0, result
    assert [line["path"] for line in json.loads(result.out)] == \
        ["photos/2.jpg", "photos/a b.jpg", "photos/1.jpg"]


def test_list_ended_by_nul(cli, service, photos):
    (photos / "two\nlines.jpg").write_bytes(picture(12))
    listed = b"photos/two\nlines.jpg\0photos/1.jpg\0"
    (cli.folder / "list").write_bytes(listed)
    for arguments, given in ((["@list"], None), (["@-"], listed)):
        result = cli("classify", "-0", *arguments, "--url", service.url(), *MODEL,
                     "--format", "json", input=given)
        assert result.status == 0, result
        assert [line["path"] for line in json.loads(result.out)] == \
            ["photos/two\nlines.jpg", "photos/1.jpg"]


def test_paths_are_said_as_they_were_typed(cli, service, photos):
    os.symlink("photos", cli.folder / "link")
    (cli.folder / "elsewhere" / "deep").mkdir(parents=True)
    os.symlink("elsewhere/deep", cli.folder / "way")
    (cli.folder / "elsewhere" / "up.jpg").write_bytes(picture(13))
    given = ["./photos/1.jpg", "link/", "photos/../photos/2.jpg", str(photos / "3.jpg"),
             "way/../up.jpg"]
    result = cli("classify", *given, "--url", service.url(), *MODEL, "--format", "json")
    assert result.status == 0, result
    assert [line["path"] for line in json.loads(result.out)] == \
        ["./photos/1.jpg", *[f"link/{number}.jpg" for number in range(1, 6)],
         "photos/../photos/2.jpg", str(photos / "3.jpg"), "way/../up.jpg"]


def test_names_that_are_no_text(cli, service):
    name = b"caf\xe9.jpg"
    content = picture(14)
    with open(os.path.join(os.fsencode(cli.folder), name), "wb") as file:
        file.write(content)
    result = cli("classify", os.fsdecode(name), "--url", service.url(), *MODEL,
                 "--format", "ndjson")
    assert result.status == 0, result
    line, = result.lines()
    assert base64.b64decode(line["path_b64"]) == name
    assert "\x1b" not in cli("classify", "\x1b[31mred.jpg", "--url", service.url(), *MODEL).out


def test_same_file_given_twice_is_sent_twice(cli, service, photos):
    result = cli("classify", "photos/1.jpg", "photos/1.jpg", "--url", service.url(), *MODEL,
                 "--format", "ndjson")
    assert result.status == 0, result
    assert len(result.lines()) == 2
    assert service.stats()["requests"] == 2


def test_limit_takes_the_first(cli, service, photos):
    result = cli("classify", "photos", "--url", service.url(), *MODEL, "--limit", "2",
                 "--format", "json")
    assert result.status == 0, result
    assert [line["path"] for line in json.loads(result.out)] == ["photos/1.jpg", "photos/2.jpg"]
    assert service.stats()["requests"] == 2


def test_conversion(cli, service):
    content = picture(15, "PNG", mode="RGBA")
    (cli.folder / "glass.png").write_bytes(content)
    result = cli("classify", "glass.png", "--url", service.url(), *MODEL, "--format", "ndjson")
    assert result.status == 0, result
    line, = result.lines()
    assert line["sha256"] == hashlib.sha256(content).hexdigest()
    assert service.stats()["digests"] == [line["sent_sha256"]] != [line["sha256"]]
    assert (cli.folder / "glass.png").read_bytes() == content

    result = cli("classify", "glass.png", "--url", service.url(), *MODEL, "--format", "ndjson",
                 "--convert", "never")
    assert result.status == 1
    line, = result.lines()
    assert (line["status"], line["error"]["code"]) == ("rejected", "unsupported")
    assert service.stats()["requests"] == 1


def test_dry_run_sends_nothing(cli, service, photos):
    (photos / "broken.jpg").write_bytes(picture(16)[:200])
    result = cli("classify", "photos", "--url", service.url(), "--dry-run", "--format", "json")
    assert result.status == 1, result
    states = {os.path.basename(line["path"]): line["status"] for line in json.loads(result.out)}
    ready = {f"{number}.jpg": "ready" for number in range(1, 6)}
    assert states == {**ready, "broken.jpg": "rejected"}
    assert service.stats()["requests"] == 0
    result = cli("classify", "photos/1.jpg", "--url", "http://127.0.0.1:1", "--dry-run")
    assert result.status == 0, result
    assert result.out.split()[-1] == "ready"


def zoo(folder):
    """Twenty kinds of broken or hostile file, and the code of each one's reason."""
    jpeg, png = picture(20), picture(21, "PNG")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("notes.txt", "no picture")
    bomb = png[:16] + (60000).to_bytes(4, "big") * 2 + png[24:]
    files = {
        "empty.jpg": (b"", "not-an-image"),
        "text.jpg": (b"I am no picture.\n", "not-an-image"),
        "program.png": (b"\x7fELF" + bytes(60), "not-an-image"),
        "page.jpg": (b"<!DOCTYPE html><html></html>", "not-an-image"),
        "cut.jpg": (jpeg[:len(jpeg) // 2], "damaged"),
        "head.jpg": (jpeg[:20], "damaged"),
        "cut.png": (png[:-12], "damaged"),
        "crc.png": (png[:40] + bytes([png[40] ^ 1]) + png[41:], "damaged"),
        "bomb.png": (bomb, "too-large"),
        "cut.gif": (picture(22, "GIF")[:-1], "damaged"),
        "cut.bmp": (picture(23, "BMP")[:100], "damaged"),
        "cut.tif": (picture(24, "TIFF")[:100], None),
        "drawing.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unsupported"),
        "document.pdf": (b"%PDF-1.7\n1 0 obj\n", "not-an-image"),
        "archive.zip": (archive.getvalue(), "not-an-image"),
        "cut.zip": (archive.getvalue()[:40], "damaged"),
        "zeros.jpg": (bytes(5000), "not-an-image"),
        "huge.jpg": (jpeg, "too-large"),
    }
    for name, (content, _) in files.items():
        (folder / name).write_bytes(content)
    os.truncate(folder / "huge.jpg", 65 * 1024 * 1024)
    os.mkfifo(folder / "pipe.jpg")
    os.symlink("nowhere", folder / "dangling.jpg")
    os.symlink("loop.jpg", folder / "loop.jpg")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(os.path.relpath(folder / "socket.jpg"))
    codes = {name: code for name, (_, code) in files.items()}
    return {**codes, "pipe.jpg": "not-an-image", "dangling.jpg": "unreadable",
            "loop.jpg": "unreadable", "socket.jpg": "not-an-image", "missing.jpg": "unreadable",
            "/dev/zero": "not-an-image"}


def test_broken_and_hostile_files_have_each_their_reason(cli, service, photos):
    codes = zoo(cli.folder)
    assert len(codes) >= 20
    result = cli("classify", *codes, "photos", "--url", service.url(), *MODEL, "--format", "ndjson")
    assert result.status == 1, result
    lines = {line["path"]: line for line in result.lines()}
    assert len(result.lines()) == len(codes) + 5
    for name, code in codes.items():
        line = lines[name]
        assert line["status"] == "rejected", line
        assert line["predictions"] == [] and line["attempts"] == 0
        assert len(line["error"]["message"]) > 10
        assert code in (None, line["error"]["code"]), line
    for number in range(1, 6):
        assert lines[f"photos/{number}.jpg"]["status"] == "ok"
    assert service.stats()["requests"] == 5
    assert f"5 of {len(codes) + 5} answered, {len(codes)} rejected" in result.err


def test_table_says_reasons_on_standard_error(cli, service, photos):
    (cli.folder / "text.jpg").write_text("hello")
    result = cli("classify", "photos/1.jpg", "text.jpg", "--url", service.url(), *MODEL)
    assert result.status == 1
    assert result.out.splitlines()[2].split()[-1] == "rejected"
    assert any(line.startswith("assay-cli: text.jpg: ") for line in result.err.splitlines())


def test_other_files_are_counted(cli, service, photos):
    (photos / "notes.txt").write_text("hello")
    (photos / ".hidden.jpg").write_bytes(picture(17))
    result = cli("classify", "photos", "--url", service.url(), *MODEL, "--format", "ndjson")
    assert result.status == 0, result
    assert len(result.lines()) == 5
    assert "2 other files were left out" in result.err


# ---- the service -----------------------------------------------------------

def test_jobs_bound_what_flies(cli, service):
    for number in range(20):
        (cli.folder / f"{number}.jpg").write_bytes(picture(number))
    names = [f"{number}.jpg" for number in range(20)]
    result = cli("classify", *names, "--url", service.url("hold-3"), *MODEL, "--jobs", "3",
                 "--format", "ndjson")
    assert result.status == 0, result
    assert service.stats()["high_water"] == 3


@pytest.mark.parametrize("mood, code", [
    ("status-400", "refused"), ("status-404", "not-found"), ("status-413", "too-large"),
    ("status-429", "busy"), ("status-500", "service"), ("status-403", "forbidden"),
    ("garbage", "bad-answer")])
def test_what_the_service_refuses_has_failed(cli, service, photos, mood, code):
    result = cli("classify", "photos", "--url", service.url(mood), *MODEL, "--retries", "1",
                 "--format", "ndjson")
    assert result.status == 1, result
    assert [(line["status"], line["error"]["code"]) for line in result.lines()] == \
        [("failed", code)] * 5


@pytest.mark.parametrize("retries, attempts", [("0", 1), ("1", 2), ("2", 3), ("4", 4)])
def test_counts_the_attempts(cli, service, photos, retries, attempts):
    result = cli("classify", "photos/1.jpg", "--url", service.url("sick-425-3-0"), *MODEL,
                 "--retries", retries, "--format", "ndjson")
    assert [line["attempts"] for line in result.lines()] == [attempts], result
    assert result.status == (0 if attempts == 4 else 1), result
    assert service.stats()["requests"] == attempts


def test_no_answer_in_time(cli, service, photos):
    result = cli("classify", "photos/1.jpg", "--url", service.url("hang"), *MODEL, "--timeout", "1",
                 "--format", "ndjson")
    assert result.status == 1, result
    assert result.lines()[0]["error"]["code"] == "timed-out"


def test_no_service_there(cli, photos):
    with socket.socket() as taken:  # bound and not listening: nobody else gets the port
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        result = cli("classify", "photos", "--url", url, *MODEL, "--format", "ndjson")
    assert result.status == 3, result
    assert [(line["status"], line["error"]["code"]) for line in result.lines()] == \
        [("failed", "offline")] * 5
    assert result.err.count("127.0.0.1") <= 2


def test_token_from_file_input_and_environment(cli, service, photos):
    (cli.folder / "token").write_text("open-sesame\n")
    ask = ["classify", "photos/1.jpg", "--url", service.url("token"), *MODEL, "--format", "ndjson"]
    assert cli(*ask, "--token-file", "token").status == 0
    assert cli(*ask, "--token-file", "-", input=b"open-sesame\n").status == 0
    assert cli(*ask, env={"ASSAY_TOKEN": "open-sesame"}).status == 0
    result = cli(*ask, env={"ASSAY_TOKEN": "hunter2-secret"})
    assert result.status == 3, result
    assert result.lines()[0]["error"]["code"] == "unauthorized"
    assert "hunter2" not in result.out + result.err
    assert cli(*ask).status == 3


def test_token_never_goes_over_plain_http(cli, photos):
    result = cli("classify", "photos", "--url", "http://192.0.2.1/", *MODEL,
                 env={"ASSAY_TOKEN": "open-sesame"})
    assert result.status == 2, result
    assert "open-sesame" not in result.err


def test_model_is_found_where_it_is_listed(cli, service, photos):
    ask = ["classify", "photos/1.jpg", "--url", service.url(), "--format", "ndjson"]
    assert cli(*ask).status == 2
    listed = ["--models-url", service.url("one/list")]
    result = cli(*ask, *listed)
    assert result.status == 0, result
    line, = result.lines()
    assert (line["model"], line["version"]) == ("flowers", "10")
    assert cli(*ask, *listed, "--model", "flowers").lines()[0]["version"] == "10"
    result = cli(*ask, *listed, "--model", "flowers", "--model-version", "1")
    assert result.lines()[0]["version"] == "1"

    result = cli(*ask, "--models-url", service.url("two/list"))
    assert result.status == 2
    assert "flowers" in result.err and "cars" in result.err
    result = cli(*ask, *listed, "--model", "trees")
    assert result.status == 2
    assert "trees" in result.err and "flowers" in result.err


def test_stock_model_has_no_name(cli, service, photos):
    result = cli("classify", "photos/1.jpg", "--url", service.url(), "--model", "",
                 "--format", "ndjson")
    assert result.status == 0, result
    assert service.stats()["models"] == [[]]


# ---- interrupts ------------------------------------------------------------

@pytest.mark.parametrize("kind", ["ndjson", "json", "table", "csv"])
def test_interrupt_keeps_what_was_answered(cli, service, photos, kind):
    child = cli.start("classify", "photos", "--url", service.url("first-2"), *MODEL, "--jobs", "1",
                      "--format", kind)
    assert service.stats(requests=3)["requests"] == 3
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=PATIENCE)
    assert child.returncode == 130, err
    out = out.decode()
    if kind == "ndjson":
        states = [json.loads(line)["status"] for line in out.splitlines()]
    elif kind == "json":
        states = [line["status"] for line in json.loads(out)]
    elif kind == "csv":
        states = [row["status"] for row in csv.DictReader(io.StringIO(out))]
    else:
        states = [{"unsure": "ok"}.get(line.split()[-1], line.split()[-1])
                  for line in out.splitlines()[1:]]
    assert sorted(states) == ["canceled"] * 3 + ["ok"] * 2
    assert "2 of 5 answered, 3 canceled" in err.decode()


def test_interrupt_while_waiting_for_input(cli, service):
    child = cli.start("classify", "-", "--url", service.url(), *MODEL, "--format", "ndjson",
                      "--progress", "always", stdin=subprocess.PIPE)
    child.stderr.read(1)  # the first progress line: it has begun
    child.send_signal(signal.SIGINT)
    assert child.wait(PATIENCE) == 130
    child.communicate()


def test_interrupt_while_asking_for_models(cli):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        child = cli.start("models", "list", "--url", url, "--models-url", url)
        silent.settimeout(PATIENCE)
        connection, _ = silent.accept()
        child.send_signal(signal.SIGINT)
        assert child.wait(PATIENCE) == 130
        child.communicate()
        connection.close()


# ---- progress --------------------------------------------------------------

def test_progress_only_when_asked(cli, service, photos):
    ask = ["classify", "photos", "--url", service.url(), *MODEL, "--format", "ndjson"]
    assert cli(*ask, "--progress", "auto").err == ""
    assert cli(*ask, "--progress", "never").err == ""
    result = cli(*ask, "--progress", "always")
    assert result.status == 0 and " of " in result.err
    assert len(result.lines()) == 5


def test_progress_on_a_terminal(cli, service, photos):
    ours, theirs = pty.openpty()
    child = cli.start("classify", "photos", "--url", service.url("slow-300"), *MODEL, "--jobs", "1",
                      "--format", "ndjson", stderr=theirs)
    os.close(theirs)
    seen = b""
    try:
        while chunk := os.read(ours, 4096):
            seen += chunk
    except OSError:
        pass  # how a terminal says that nobody writes to it any more
    os.close(ours)
    assert child.wait(PATIENCE) == 0
    child.stdout.close()
    assert b"3 of 5" in seen and b"images/s" in seen
    assert seen.endswith(b"\r\x1b[K")


# ---- usage -----------------------------------------------------------------

@pytest.mark.parametrize("arguments", [
    [], ["--no-such-option"], ["--jobs", "0"], ["--jobs", "65"], ["--jobs", "many"],
    ["--retries", "-1"], ["--retries", "101"],
    ["--top", "-1"], ["--threshold", "2"], ["--threshold", "x"], ["--threshold", "nan"],
    ["--limit", "-1"], ["--format", "xml"], ["--convert", "always"], ["--progress", "often"],
    ["--timeout", "0"], ["--timeout", "4000"], ["--protocol", "smtp"], ["--url", "ftp://a/"],
    ["--url", "no address"], ["--connection", "nobody"], ["--ca-file", "nowhere"],
    ["--token-file", "nowhere"], ["--models-url", "http://a/"], ["--model-version", "2"],
    ["--labels", "/dev/zero"], ["--labels", "."], ["--preprocess", "imagenetz"],
    ["--url", "http://a/", "--preset", "nobody"], ["--batch", "0"],
    ["@nowhere"], ["-", "-"], ["--token-file", "-", "-"]])
def test_usage(cli, service, photos, arguments):
    paths = [] if arguments == [] else ["photos/1.jpg"]
    url = [] if {"--url", "--connection"} & set(arguments) else ["--url", service.url()]
    if arguments in (["--models-url", "http://a/"],):
        url = ["--connection", "builtin"]
    result = cli("classify", *paths, *url, *arguments, input=b"x")
    assert result.status == 2, result
    assert result.out == ""
    assert result.err.startswith("assay-cli: ")
    assert service.stats()["requests"] == 0


def test_url_and_connection_exclude_each_other(cli, service, photos):
    result = cli("classify", "photos", "--url", service.url(), "--connection", "builtin")
    assert result.status == 2


def test_help_and_version(cli):
    for arguments in (["--help"], ["classify", "--help"], ["models", "--help"], ["--version"]):
        result = cli(*arguments)
        assert result.status == 0, result
        assert "assay-cli" in result.out and result.err == ""
    for option in ("--model-version", "--token-file", "--dry-run", "--convert", "--ca-file"):
        assert option in cli("classify", "--help").out
    assert cli().status == 2
    assert cli("clasify", "a.jpg").status == 2
