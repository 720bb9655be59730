# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli classify on archives, from outside."""
import json
import os
import tarfile
import zipfile

import pytest
from conftest import picture

SAMPLES = os.environ["ASSAY_SAMPLES"]
ARCHIVES = os.environ["ASSAY_ARCHIVES"]
MODEL = ["--model", "flowers", "--model-version", "2"]


def samples():
    return sorted(name for name in os.listdir(SAMPLES) if name.endswith((".jpg", ".png")))


def write_zip(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in samples():
            archive.write(os.path.join(SAMPLES, name), name)


def write_tgz(path):
    with tarfile.open(path, "w:gz") as archive:
        for name in samples():
            archive.add(os.path.join(SAMPLES, name), name)


@pytest.mark.parametrize("name, write", [("drawn.zip", write_zip), ("drawn.tgz", write_tgz)])
def test_members_get_the_answers_that_the_files_get(cli, name, write):
    write(cli.folder / name)
    folder = cli("classify", SAMPLES, *MODEL, "--format", "json")
    packed = cli("classify", name, *MODEL, "--format", "json")
    assert packed.status == 0, packed.err
    files = {os.path.basename(line["path"]): line for line in json.loads(folder.out)
             if os.path.dirname(line["path"]) == SAMPLES}
    members = json.loads(packed.out)
    assert [line["member"] for line in members] == samples() == sorted(files)
    for line in members:
        file = files[line["member"]]
        assert line["path"] == name
        assert line["status"] == "ok"
        assert line["sha256"] == file["sha256"]
        assert line["bytes"] == file["bytes"]
        assert line["predictions"] == file["predictions"]


def test_archives_in_folders_and_other_files(cli, service, photos):
    with zipfile.ZipFile(photos / "more.zip", "w") as archive:
        archive.writestr("roses/1.jpg", picture(30))
        archive.writestr("../2.jpg", picture(31))
        archive.writestr("notes.txt", "words")
        archive.writestr("__MACOSX/._1.jpg", "words")
    result = cli("classify", "photos", "--archives", "open", "--url", service.url(), *MODEL,
                 "--format", "ndjson")
    assert result.status == 0, result
    found = {(line["path"], line["member"]) for line in result.lines()}
    files = {(f"photos/{number}.jpg", None) for number in range(1, 6)}
    assert found == files | {("photos/more.zip", "roses/1.jpg"), ("photos/more.zip", "../2.jpg")}
    assert "2 other files were left out" in result.err
    assert service.stats()["requests"] == 7


def test_table_and_csv_name_the_member(cli, service):
    with zipfile.ZipFile(cli.folder / "two.zip", "w") as archive:
        archive.writestr("good.jpg", picture(32))
        archive.writestr("bad.jpg", "words")
    result = cli("classify", "two.zip", "--url", service.url(), *MODEL)
    assert result.status == 1, result
    assert "two.zip/good.jpg" in result.out
    assert any(line.startswith("assay-cli: two.zip/bad.jpg: ") for line in result.err.splitlines())
    result = cli("classify", "two.zip", "--url", service.url(), *MODEL, "--format", "csv")
    assert any(line.startswith("two.zip,good.jpg,") for line in result.out.splitlines())


def test_what_came_before_the_damage_is_sent(cli, service):
    write_zip(cli.folder / "drawn.zip")
    whole = (cli.folder / "drawn.zip").read_bytes()
    (cli.folder / "cut.zip").write_bytes(whole[:len(whole) * 6 // 10])
    result = cli("classify", "cut.zip", "--url", service.url(), *MODEL, "--format", "json")
    assert result.status == 1, result
    *members, last = json.loads(result.out)
    assert members and all(line["status"] == "ok" for line in members)
    assert [line["member"] for line in members] == samples()[:len(members)]
    assert last["member"] is None and last["error"]["code"] == "damaged"
    assert samples()[len(members)] in last["error"]["message"]
    assert f"{len(whole) * 6 // 10} bytes in" in last["error"]["message"]


def test_no_odd_archive_harms(cli):
    """All of them at once: nothing crashes, nothing is written beside the results."""
    names = sorted(os.listdir(ARCHIVES))
    assert len(names) >= 50
    before = sorted(os.listdir(cli.folder)), sorted(os.listdir(ARCHIVES))
    result = cli("classify", *(os.path.join(ARCHIVES, name) for name in names), "--dry-run",
                 "--format", "json")
    assert result.status == 1, result.err
    lines = json.loads(result.out)
    given = {os.path.basename(line["path"]) for line in lines}
    assert given == set(names)
    evil = {line["member"]: line["status"] for line in lines if "evil" in (line["member"] or "")}
    assert evil == {"../../evil.png": "ready", "/etc/evil.png": "ready", "../evil.png": "ready",
                    "C:/evil.png": "ready"}
    assert (sorted(os.listdir(cli.folder)), sorted(os.listdir(ARCHIVES))) == before
    assert not os.path.exists("/etc/evil.png")
    cache = cli.folder / "home" / "cache" / "assay"
    assert list(cache.iterdir()) == []


def test_archive_on_standard_input_is_told_what_to_do(cli, service):
    write_zip(cli.folder / "drawn.zip")
    result = cli("classify", "-", "--url", service.url(), *MODEL, "--format", "ndjson",
                 input=(cli.folder / "drawn.zip").read_bytes())
    assert result.status == 1
    [line] = result.lines()
    assert line["error"]["code"] == "unsupported" and "archive" in line["error"]["message"]


def test_usage(cli, service, photos):
    result = cli("classify", "photos", "--archives", "burn", "--url", service.url(), *MODEL)
    assert result.status == 2
    assert "--archives takes open or send" in result.err
