# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every odd and hostile file of tests/fixtures in one command: each gives what is
written of it, the counts agree, and what the service got is what was hashed."""
import base64
import hashlib
import importlib.util
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile

import gi
import pytest
from conftest import PATIENCE, PROGRAM, Service, picture

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf  # noqa: E402

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures")
ARCHIVES = os.environ["ASSAY_ARCHIVES"]
MODEL = ["--model", "flowers", "--model-version", "2"]
LOADERS = {kind for loader in GdkPixbuf.Pixbuf.get_formats() for kind in loader.get_mime_types()}


def load_odd_files():
    spec = importlib.util.spec_from_file_location(
        "odd_files", os.path.join(FIXTURES, "make-odd-files.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


odd_files = load_odd_files()


def path_of(line):
    """The given path; folders too deep to be looked into are below one that was given."""
    path = base64.b64decode(line["path_b64"]) if "path_b64" in line else os.fsencode(line["path"])
    return path.partition(b"/d/d/")[0]


def content(path):
    with open(path, "rb") as file:
        return file.read()


def test_each_gives_what_is_written_of_it(cli, service):
    made = odd_files.write(cli.folder / "home")
    entries = [entry for entry in odd_files.ALL]
    child = cli.start("classify", "--url", service.url("kept"), *MODEL, "--format", "ndjson",
                      "--output", "lines", "--", *(path for path, _ in made),
                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stderr.close()
    assert child.returncode == 1, said
    lines = {}
    for line in map(json.loads, (cli.folder / "lines").read_text().splitlines()):
        assert path_of(line) not in lines, line
        lines[path_of(line)] = line
    print(f"{len(lines)} lines, peak memory {usage.ru_maxrss / 1024:.0f} MiB")

    wrong = []
    for path, entry in made:
        line = lines.pop(path)
        kind = {b".webp": "image/webp", b".avif": "image/avif"}.get(os.path.splitext(path)[1])
        by_loader = entry in odd_files.BY_LOADER and kind in LOADERS
        error = line["error"] or {"code": None, "message": ""}
        if by_loader:
            right = error["code"] == entry.loaded
        else:
            right = (line["status"], error["code"]) == (entry.status, entry.code) \
                and entry.words in error["message"] \
                and ("sent_sha256" in line) == entry.converted
        if not right:
            wrong.append((entry.name, entry.code, entry.words, line["status"], error))
        # No sentence carries what a terminal or a label would obey.
        assert not re.search("[\x00-\x1f\x7f\u202e]", error["message"]), line
    for each in wrong:
        print("WRONG", each)
    assert wrong == []
    assert lines == {}
    counts = [entry.status for entry in entries]
    assert len(made) == counts.count("ok") + counts.count("rejected") >= 100
    assert counts.count("rejected") >= 60
    stats = service.stats()
    assert stats["requests"] == sum(json.loads(line)["status"] == "ok" for line in
                                    (cli.folder / "lines").read_text().splitlines())
    # No path leaves the machine, and no header can be forged by a name.
    assert all("/" not in name and "\n" not in name for name in stats["names"]), stats["names"]


def test_with_all_archives_every_given_thing_is_counted_once(cli, service):
    """One command with all files and archives, as json in the order given."""
    made = [path for path, _ in odd_files.write(cli.folder / "home")]
    archives = [os.fsencode(os.path.join(ARCHIVES, name)) for name in sorted(os.listdir(ARCHIVES))]
    assert len(archives) >= 50
    child = cli.start("classify", "--url", service.url(), *MODEL, "--format", "json", "--",
                      *made, *archives)
    # A gigabyte is unpacked on the way.
    out, err = child.communicate(timeout=8 * PATIENCE)
    assert child.returncode == 1, err
    lines = json.loads(out)
    given = [path_of(line) for line in lines]
    assert list(dict.fromkeys(given)) == made + archives
    assert given[:len(made)] == made
    states = [line["status"] for line in lines]
    assert set(states) == {"ok", "rejected"}
    assert len(states) == states.count("ok") + states.count("rejected")
    assert states.count("ok") == service.stats()["requests"]
    assert all((line["error"] is None) == (line["status"] == "ok") for line in lines)


def test_readme_says_what_the_generator_makes():
    """The tables of README.md are those that the generator prints; the archives it
    lists are those that were written."""
    with open(os.path.join(FIXTURES, "README.md"), encoding="utf-8") as file:
        readme = file.read()
    assert odd_files.tables().strip() in readme, "make-odd-files.py --table prints what to put there"
    assert len({entry.name for entry in odd_files.ALL}) == len(odd_files.ALL)
    listed = set()
    for row in re.findall(r"^\| (`[^|]*\.(?:zip|tar|tgz|gz)`[^|]*) \|", readme, re.MULTILINE):
        listed |= set(re.findall(r"`([^`]+)`", row))
    assert listed == set(os.listdir(ARCHIVES))


# ---- what a file's owner does meanwhile ----

def test_what_is_not_permitted(tmp_path_factory):
    """As nobody: tests may run as root, who may read everything."""
    folder = tempfile.mkdtemp()
    try:
        os.chmod(folder, 0o755)
        program = shutil.copy(PROGRAM, folder)
        home = os.path.join(folder, "home")
        os.mkdir(home)
        secret = os.path.join(folder, "secret.png")
        with open(secret, "wb") as file:
            file.write(odd_files.PNG)
        closed = os.path.join(folder, "closed")
        os.mkdir(closed)
        shutil.copy(secret, closed)
        command = [program, "classify", "--url", "http://127.0.0.1:9", *MODEL, "--format", "ndjson",
                   secret, closed, os.path.join(closed, "secret.png")]
        if os.geteuid() == 0:
            os.chown(home, 65534, 65534)
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        os.chmod(secret, 0)
        os.chmod(closed, 0)
        child = subprocess.run(command, env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home,
                                             "XDG_CACHE_HOME": home, "XDG_DATA_HOME": home},
                               cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               timeout=PATIENCE, check=False)
        lines = [json.loads(line) for line in child.stdout.splitlines()]
        assert len(lines) == 3, (child.stdout, child.stderr)
        for line in lines:
            assert (line["status"], line["error"]["code"]) == ("rejected", "unreadable"), line
            assert "permitted" in line["error"]["message"], line
    finally:
        os.chmod(closed, stat.S_IRWXU)
        shutil.rmtree(folder)


def replace(path, data):
    """As a program does that saves safely: the old file never changes."""
    new = path.with_suffix(".new")
    new.write_bytes(data)
    os.rename(new, path)


@pytest.mark.parametrize("size", ["small", "large"])
def test_hash_is_of_what_was_sent(cli, service, size):
    """While the first is answered, the others are replaced, written over or removed."""
    pad = b"" if size == "small" else bytes(5 * 1024 * 1024)
    names = [f"{number:02}.jpg" for number in range(40)]
    for number, name in enumerate(names):
        (cli.folder / name).write_bytes(picture(number) + pad)
    child = cli.start("classify", "--url", service.url("gated"), *MODEL, "--jobs", "1",
                      "--format", "ndjson", *names)
    service.stats(1)
    for number, name in enumerate(names[1:], 1):
        path = cli.folder / name
        if number % 3 == 0:
            replace(path, picture(number + 100) + pad)
        elif number % 3 == 1:
            path.write_bytes(picture(number + 200) + pad)
        else:
            path.unlink()
    service.open()
    out, err = child.communicate(timeout=PATIENCE)
    lines = [json.loads(line) for line in out.splitlines()]
    assert sorted(line["path"] for line in lines) == names, err
    digests = service.stats()["digests"]
    sent = [line["sha256"] for line in lines if line["status"] == "ok"]
    assert sorted(sent) == sorted(digests)
    assert sent
    gone = [line for line in lines if line["status"] != "ok"]
    # Some had been read when they went; most had not.
    assert len(gone) >= 5
    for line in gone:
        assert line["error"]["code"] == "unreadable", line
    for name in names[1:]:
        if not (cli.folder / name).exists():
            continue
        line = next(line for line in lines if line["path"] == name)
        if line["status"] == "ok":
            assert line["sha256"] in digests


def test_a_file_that_grows_or_shrinks(cli, service):
    """Between the look at its first bytes and its upload."""
    (cli.folder / "first.jpg").write_bytes(picture(1))
    for number in range(30):
        (cli.folder / f"{number}.jpg").write_bytes(picture(number))
    child = cli.start("classify", "--url", service.url("gated"), *MODEL, "--jobs", "1", "--format",
                      "ndjson", "first.jpg", *(f"{number}.jpg" for number in range(30)))
    service.stats(1)
    for number in range(30):
        with open(cli.folder / f"{number}.jpg", "r+b") as file:
            if number % 2:
                file.truncate(200)
            else:
                file.seek(0, 2)
                file.write(b"more")
    service.open()
    out, err = child.communicate(timeout=PATIENCE)
    lines = [json.loads(line) for line in out.splitlines()]
    assert len(lines) == 31, err
    assert sorted(line["sha256"] for line in lines if line["status"] == "ok") \
        == sorted(service.stats()["digests"])
    bad = {line["error"]["code"] for line in lines if line["status"] != "ok"}
    assert bad and bad <= {"damaged", "unreadable"}, bad
    sizes = {line["sha256"]: line["bytes"] for line in lines if line["status"] == "ok"}
    for number in range(0, 30, 2):
        data = content(cli.folder / f"{number}.jpg")
        if hashlib.sha256(data).hexdigest() in sizes:
            assert sizes[hashlib.sha256(data).hexdigest()] == len(data)
