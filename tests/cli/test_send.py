# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives that are sent as they are, and answered member by member."""
import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zipfile

import pytest

from conftest import PATIENCE, picture

SAMPLES = os.environ["ASSAY_SAMPLES"]
MODEL = ["--model", "flowers", "--model-version", "2"]
SEND = ["--archives", "send", "--format", "json"]
NAMES = ["b.jpg", "a.png", "c c.gif", "ünal.bmp"]


def pictures():
    kinds = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "bmp": "BMP"}
    return {name: picture(60 + index, kinds[name.rsplit(".")[-1]])
            for index, name in enumerate(NAMES)}


def write_zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)


def write_tar(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


@pytest.fixture
def archive(cli):
    write_zip(cli.folder / "four.zip", pictures().items())
    return cli.folder / "four.zip"


def expected_share(content):
    return hashlib.sha256(content).digest()[0] / 255


def shares(line):
    return {p["label"]: p["score"] for p in line["predictions"]}


def assert_right(line, content):
    assert line["status"] == "ok", line
    assert shares(line)["even"] == pytest.approx(expected_share(content))
    assert line["sha256"] == hashlib.sha256(content).hexdigest()


def send(cli, service, mood, *arguments):
    return cli("classify", *arguments, *SEND, "--url", service.url(mood), *MODEL)


@pytest.mark.parametrize("name, write", [
    ("four.zip", write_zip), ("four.tar", write_tar),
    ("four.tgz", lambda path, members: write_tar(path, members, "w:gz")),
    ("four.tar.gz", lambda path, members: write_tar(path, members, "w:gz"))])
def test_one_request_answers_for_all(cli, service, name, write):
    write(cli.folder / name, pictures().items())
    whole = (cli.folder / name).read_bytes()
    result = send(cli, service, "ok", name)
    assert result.status == 0, result
    lines = json.loads(result.out)
    assert [line["member"] for line in lines] == NAMES
    for line in lines:
        assert_right(line, pictures()[line["member"]])
        assert line["path"] == name and line["bytes"] == len(pictures()[line["member"]])
        assert line["sent_sha256"] == hashlib.sha256(whole).hexdigest()
    seen = service.stats()
    assert seen["requests"] == 1 and seen["names"] == [name]
    assert seen["digests"] == [hashlib.sha256(whole).hexdigest()]
    opened = json.loads(cli("classify", name, "--format", "json", "--url", service.url(),
                            *MODEL).out)
    same = ("path", "member", "sha256", "bytes", "status", "predictions", "model", "version")
    assert [[line[key] for key in same] for line in opened] == \
           [[line[key] for key in same] for line in lines]
    assert service.stats()["requests"] == 1 + len(NAMES)


def test_lone_gz_is_an_archive_of_one(cli, service):
    content = picture(70)
    (cli.folder / "one.jpg.gz").write_bytes(gzip.compress(content))
    result = send(cli, service, "ok", "one.jpg.gz")
    assert result.status == 0, result
    [line] = json.loads(result.out)
    assert line["member"] == "one.jpg"
    assert_right(line, content)


def test_name_of_no_archive_gets_its_ending(cli, service, archive):
    os.rename(archive, cli.folder / "four.cbz")
    assert send(cli, service, "ok", "four.cbz").status == 0
    assert service.stats()["names"] == ["four.cbz.zip"]


@pytest.mark.parametrize("mood", ["ok", "reverse", "rename", "extra"])
def test_answers_find_their_members(cli, service, archive, mood):
    result = send(cli, service, mood, "four.zip")
    assert result.status == 0, result
    for line in json.loads(result.out):
        assert_right(line, pictures()[line["member"]])


@pytest.mark.parametrize("mood, word", [("drop-1", "no prediction for"),
                                        ("twice-1", "fewer or more predictions for")])
def test_member_without_its_answer_fails_alone(cli, service, archive, mood, word):
    result = send(cli, service, mood, "four.zip")
    assert result.status == 1, result
    for line in json.loads(result.out):
        if line["member"] == NAMES[1]:
            assert line["status"] == "failed" and line["error"]["code"] == "bad-answer"
            assert word in line["error"]["message"] and NAMES[1] in line["error"]["message"]
        else:
            assert_right(line, pictures()[line["member"]])


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("mood, good", [("ok", 3), ("drop-0", 1)])
def test_members_of_one_name(cli, service, mood, good):
    contents = [picture(80), picture(81), picture(82)]
    write_tar(cli.folder / "same.tar", zip(["a.jpg", "b.jpg", "a.jpg"], contents))
    lines = json.loads(send(cli, service, mood, "same.tar").out)
    assert [line["member"] for line in lines] == ["a.jpg", "b.jpg", "a.jpg"]
    answered = [(line, content) for line, content in zip(lines, contents)
                if line["status"] == "ok"]
    assert len(answered) == good
    for line, content in answered:
        assert_right(line, content)


def test_failed_request_fails_all_alike(cli, service, archive):
    lines = json.loads(send(cli, service, "status-500", "four.zip").out)
    assert {line["status"] for line in lines} == {"failed"} and len(lines) == len(NAMES)
    assert len({line["error"]["message"] for line in lines}) == 1
    # Sent once more, as a whole.
    assert service.stats()["requests"] == 2


def test_archive_is_sent_again_as_a_whole(cli, service, archive):
    lines = json.loads(send(cli, service, "sick-503-2-0", "four.zip").out)
    assert [line["status"] for line in lines] == ["ok"] * len(NAMES)
    assert [line["attempts"] for line in lines] == [3] * len(NAMES)
    assert service.stats()["requests"] == 3


JPEG = picture(90)
UNFIT = {
    "folder.zip": ([("d/", b""), ("a.jpg", JPEG)], "“d/” in it is a folder"),
    "deep.zip": ([("d/a.jpg", JPEG)], "“d/a.jpg” lies in a folder"),
    "up.zip": ([("../a.jpg", JPEG)], "“../a.jpg” lies in a folder"),
    "root.zip": ([("/a.jpg", JPEG)], "“/a.jpg” lies in a folder"),
    "mac.zip": ([("a.jpg", JPEG), ("__MACOSX/._a.jpg", b"notes")], "“__MACOSX/._a.jpg” lies in"),
    "text.zip": ([("a.jpg", JPEG), ("b.txt", b"words")], "“b.txt” in it is no picture"),
    "named.zip": ([("a.jpg", b"words")], "“a.jpg” in it is no picture"),
    "empty.zip": ([("a.jpg", b"")], "“a.jpg” in it is no picture"),
    "nested.zip": ([("b.gz", gzip.compress(JPEG))], "“b.gz” in it is an archive itself"),
    "cut.zip": ([("a.jpg", JPEG[:-100])], "the picture “a.jpg” in it is damaged"),
    "cmyk.zip": ([("a.jpg", picture(91, mode="CMYK"))], "services don't take"),
    "webp.zip": ([("a.webp", picture(92, "WEBP"))], "services don't take"),
    "none.zip": ([], "no pictures in this archive"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_is_not_fit_is_rejected_and_not_opened(cli, service, name):
    members, reason = UNFIT[name]
    write_zip(cli.folder / name, members)
    result = send(cli, service, "ok", name)
    assert result.status == 1, result
    [line] = json.loads(result.out)
    assert line["status"] == "rejected" and line["member"] is None and line["path"] == name
    assert reason in line["error"]["message"]
    if members:
        assert "can't be sent as it is" in line["error"]["message"]
    assert service.stats()["requests"] == 0


def test_damaged_archive_is_rejected(cli, service, archive):
    whole = archive.read_bytes()
    write_tar(cli.folder / "four.tgz", pictures().items(), "w:gz")
    packed = (cli.folder / "four.tgz").read_bytes()
    (cli.folder / "cut.zip").write_bytes(whole[:len(whole) * 6 // 10])
    (cli.folder / "end.zip").write_bytes(whole[:-22])
    (cli.folder / "cut.tgz").write_bytes(packed[:len(packed) * 6 // 10])
    for name in ("cut.zip", "end.zip", "cut.tgz"):
        [line] = json.loads(send(cli, service, "ok", name).out)
        assert line["status"] == "rejected" and line["error"]["code"] == "damaged"
        assert "it is damaged" in line["error"]["message"]
    assert service.stats()["requests"] == 0


def test_archives_in_a_folder_beside_pictures(cli, service, photos, archive):
    os.rename(archive, photos / "four.zip")
    write_zip(photos / "more.zip", [("x/a.jpg", JPEG)])
    result = send(cli, service, "ok", "photos")
    lines = json.loads(result.out)
    assert [line["status"] for line in lines].count("ok") == 9, result
    [bad] = [line for line in lines if line["status"] == "rejected"]
    assert bad["path"] == "photos/more.zip" and bad["member"] is None
    seen = service.stats()
    assert seen["requests"] == 6 and seen["names"].count("four.zip") == 1
    assert "9 of 10 answered, 1 rejected" in result.err


def test_many_members_come_in_one_request(cli, service):
    """More than intake hands over at once."""
    members = [(f"{number}.png", picture(number, "PNG", (2, 2))) for number in range(600)]
    write_zip(cli.folder / "many.zip", members)
    result = send(cli, service, "ok", "many.zip")
    assert result.status == 0, result.err
    lines = json.loads(result.out)
    assert [line["member"] for line in lines] == [name for name, _ in members]
    assert service.stats()["requests"] == 1


def test_limit_takes_the_first_answers(cli, service, archive):
    result = send(cli, service, "ok", "four.zip", "--limit", "2")
    assert result.status == 0, result
    assert [line["member"] for line in json.loads(result.out)] == NAMES[:2]


def test_dry_run_checks_and_sends_nothing(cli, service, archive):
    result = send(cli, service, "ok", "four.zip", "--dry-run")
    assert [line["status"] for line in json.loads(result.out)] == ["ready"] * 4, result
    assert service.stats()["requests"] == 0


def test_interrupt_cancels_all(cli, service, archive):
    child = cli.start("classify", "four.zip", *SEND, "--url", service.url("hang"), *MODEL)
    service.stats(1)
    child.send_signal(15)
    out, _ = child.communicate(timeout=PATIENCE)
    assert child.returncode == 130
    assert [line["status"] for line in json.loads(out)] == ["canceled"] * 4


def test_progress_says_how_much_is_sent(cli, service):
    """The service reads all of it before it answers late."""
    members = [(f"{n}.bmp", picture(n, "BMP", (600, 500))) for n in range(4)]
    with zipfile.ZipFile(cli.folder / "big.zip", "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    size = -(-os.path.getsize(cli.folder / "big.zip") // 1000000)
    result = cli("classify", "big.zip", *SEND, "--progress", "always",
                 "--url", service.url("slow-1500"), *MODEL)
    assert result.status == 0, result.err
    said = re.findall(r"0 of 4.*?, sending (\d+) of (\d+) MB", result.err)
    assert said and all(int(total) == size for _, total in said)
    assert max(int(sent) for sent, _ in said) >= size - 1


def test_built_in_service_takes_archives(cli):
    names = sorted(name for name in os.listdir(SAMPLES) if name.endswith((".jpg", ".png")))
    with zipfile.ZipFile(cli.folder / "drawn.zip", "w") as archive:
        for name in names:
            archive.write(os.path.join(SAMPLES, name), name)
    model = ["--model", "flowers", "--model-version", "2"]
    sent = cli("classify", "drawn.zip", *SEND, *model)
    opened = cli("classify", "drawn.zip", "--format", "json", *model)
    assert sent.status == opened.status, (sent, opened)
    assert [(line["member"], line["predictions"]) for line in json.loads(sent.out)] == \
           [(line["member"], line["predictions"]) for line in json.loads(opened.out)]
    assert len(json.loads(sent.out)) == len(names)
