# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bundle of evidence: made in one home, checked and opened in another, and broken in
every member."""
import hashlib
import io
import json
import random
import re
import struct
import zipfile

import pytest
from PIL import Image
from conftest import Cli, picture

LABELS = ["first", "second"]


@pytest.fixture
def labeled(tmp_path):
    """Ten pictures whose folder is a label of the service."""
    for number in range(10):
        folder = tmp_path / "holdout" / LABELS[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        data = io.BytesIO()
        image = Image.open(io.BytesIO(picture(number, size=(200, 120))))
        exif = Image.Exif()
        exif[0x010F] = "Camera of Jane"
        image.save(data, "JPEG", exif=exif)
        (folder / f"{number}.jpg").write_bytes(data.getvalue())
    return tmp_path / "holdout"


@pytest.fixture
def elsewhere(tmp_path_factory):
    return Cli(tmp_path_factory.mktemp("elsewhere"))


def evaluate(cli, version):
    result = cli("evaluate", "holdout", "--model", "flowers", "--model-version", version,
                 "--format", "json")
    assert result.status == 0, result
    return json.loads(result.out)


@pytest.fixture
def made(cli, tmp_path):
    """Two versions of the built-in service over pictures called by its labels."""
    for number, label in enumerate(["roses", "sunflowers", "tulips"] * 3):
        folder = tmp_path / "holdout" / label
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.jpg").write_bytes(picture(number, size=(200, 120)))
    figures = [evaluate(cli, version) for version in ("1", "2")]
    result = cli("history", "export", "1", "2", "--bundle", "b.zip")
    assert result.status == 0, result
    return cli.folder / "b.zip", figures


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def reseal(data):
    """What somebody would write who knows the format and has changed something."""
    body = data[:-64]
    return body + hashlib.sha256(body).hexdigest().encode()


def write(path, contents):
    """A bundle of these members, with a manifest and a seal that fit them."""
    manifest = json.loads(contents["manifest.json"])
    manifest["members"] = [{"name": name, "bytes": len(data),
                            "sha256": hashlib.sha256(data).hexdigest()}
                           for name, data in contents.items() if name != "manifest.json"]
    contents = {**contents, "manifest.json": json.dumps(manifest).encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
        archive.comment = b"assay seal sha256 " + b"0" * 64
    path.write_bytes(reseal(path.read_bytes()))


def verify(cli, path):
    result = cli("verify", str(path), "--format", "json")
    assert result.status in (0, 4), result
    said = json.loads(result.out)
    assert said["whole"] == (result.status == 0)
    return said


def test_opens_in_another_home(cli, made, elsewhere):
    path, figures = made
    result = elsewhere("verify", str(path))
    assert (result.status, result.out) == \
        (0, "The bundle is whole: 9 images, 2 versions, every figure is the same\n"), result
    result = elsewhere("history", "import", str(path))
    assert result.status == 0, result
    assert result.out == "Version 1 of the bundle is run 1\nVersion 2 of the bundle is run 2\n"

    here, there = (json.loads(one("history", "list", "--format", "json").out)
                   for one in (cli, elsewhere))
    same = ("name", "started", "ended", "state", "model", "version", "given", "answered", "left")
    assert [[run[key] for key in same] for run in here] == \
        [[run[key] for key in same] for run in there]

    assert elsewhere("history", "export", "1", "2", "--bundle", "again.zip").status == 0
    first, again = members(path), members(elsewhere.folder / "again.zip")
    assert again["figures.json"] == first["figures.json"]
    assert {name: data for name, data in again.items() if name.startswith("thumb")} == \
        {name: data for name, data in first.items() if name.startswith("thumb")}
    for version, figure in zip(json.loads(first["figures.json"])["versions"], figures):
        assert version["accuracy"]["value"] == figure["accuracy"]
        assert version["kappa"] == figure["kappa"]
        assert version["ece"] == figure["ece"]
        assert version["macro"]["f1"] == figure["macro avg"]["f1-score"]


def test_same_runs_same_bytes(cli, made):
    path, _ = made
    for zone in ("UTC", "Asia/Tokyo"):
        result = cli("history", "export", "1", "2", "--bundle", "again.zip", env={"TZ": zone})
        assert result.status == 0, result
        assert (cli.folder / "again.zip").read_bytes() == path.read_bytes()


def test_has_the_figures_of_compare(cli, made):
    result = cli("compare", "holdout", "--model", "flowers", "-a", "1", "-b", "2", "--truth",
                 "folders", "--format", "json", "--no-history")
    assert result.status == 0, result
    said = json.loads(result.out)
    kept = json.loads(members(made[0])["figures.json"])["comparison"]
    found = {key: said[key] for key in said if key in kept and not isinstance(said[key], dict)}
    assert found and {key: kept[key] for key in found} == found


def test_tells_nothing_of_the_machine(cli, service, photos):
    (photos / "6.jpg").write_bytes(b"\xff\xd8\xff no picture")
    cli("classify", "photos", "--url", service.url(), "--model", "flowers", "--model-version", "2",
        env={"ASSAY_TOKEN": "very-secret"})
    # Nobody answers there; the reason names the host.
    cli("classify", "photos/1.jpg", "--url", "http://127.0.0.1:1/", "--model", "flowers",
        "--model-version", "2", "--retries", "0")
    for run in ("1", "2"):
        assert cli("history", "export", run, "--bundle", "b.zip").status == 0
        for name, data in members(cli.folder / "b.zip").items():
            for secret in (b"127.0.0.1", b"http:", b"very-secret", str(cli.folder).encode(),
                           str(service.port).encode() if service.port > 9999 else b"http:"):
                assert secret not in data, (name, secret)
        assert verify(cli, cli.folder / "b.zip")["whole"]


def test_thumbnails_are_small_and_bare(cli, labeled, service):
    cli("classify", "holdout", "--url", service.url(), "--model", "flowers", "--model-version", "2")
    assert cli("history", "export", "1", "--bundle", "b.zip").status == 0
    images = [json.loads(line)
              for line in members(cli.folder / "b.zip")["images.ndjson"].splitlines()]
    given = {hashlib.sha256(file.read_bytes()).hexdigest() for file in labeled.rglob("*.jpg")}
    assert {image["sha256"] for image in images} == given
    for name, data in members(cli.folder / "b.zip").items():
        if not name.startswith("thumbnails/"):
            continue
        with Image.open(io.BytesIO(data)) as thumbnail:
            assert (thumbnail.format, max(thumbnail.size)) == ("JPEG", 96)
            assert not thumbnail.getexif() and "icc_profile" not in thumbnail.info
        assert hashlib.sha256(data).hexdigest() not in given
        assert b"Jane" not in data


def test_a_picture_that_has_changed_has_no_thumbnail(cli, service, photos):
    cli("classify", "photos", "--url", service.url(), "--model", "flowers", "--model-version", "2")
    (photos / "1.jpg").write_bytes(picture(99))
    (photos / "2.jpg").unlink()
    assert cli("history", "export", "1", "--bundle", "b.zip").status == 0
    assert len([name for name in members(cli.folder / "b.zip") if "thumb" in name]) == 3
    assert verify(cli, cli.folder / "b.zip")["whole"]


def flips(path):
    """A byte of each part of each member, and of the zip around them."""
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        directory = archive.start_dir
    for info in infos:
        header = info.header_offset
        name, extra = struct.unpack("<HH", data[header + 26:header + 30])
        start = header + 30 + name + extra
        for place in (start, start + info.compress_size // 2, start + info.compress_size - 1):
            yield info.filename, place
        for place in random.Random(header).sample(range(header, start), 4):
            yield None, place
    for place in [*random.Random(1).sample(range(directory, len(data)), 40), len(data) - 1]:
        yield None, place


def test_a_flipped_byte_is_named(cli, made, tmp_path):
    path, _ = made
    data = path.read_bytes()
    broken = tmp_path / "broken.zip"
    for name, place in flips(path):
        broken.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1:])
        said = verify(cli, broken)
        assert not said["whole"] and said["findings"], (name, place)
        assert all(finding["message"] for finding in said["findings"])
        if name is not None:
            # And no other one is blamed for it, but for what doesn't follow any more.
            assert said["findings"][0]["member"] == name, (name, place, said)
            assert not {"missing", "extra"} & {finding["kind"] for finding in said["findings"]}
        result = cli("history", "import", str(broken))
        assert result.status != 0 and "The bundle is not whole" in result.err, result
    assert json.loads(cli("history", "list", "--format", "json").out)[0]["run"] == 2


def test_one_that_was_cut_off_is_not_whole(cli, made, tmp_path):
    data = made[0].read_bytes()
    broken = tmp_path / "broken.zip"
    for length in [0, 1, 3, 4, 30, 100, *range(200, len(data), len(data) // 40), len(data) - 1]:
        broken.write_bytes(data[:length])
        assert not verify(cli, broken)["whole"], length


def change(contents, name, pattern, replacement):
    text = contents[name].decode()
    changed = re.sub(pattern, replacement, text, count=1)
    assert changed != text
    return {**contents, name: changed.encode()}


def test_figures_are_computed_again(cli, made, tmp_path):
    contents = members(made[0])
    broken = tmp_path / "broken.zip"
    write(broken, contents)
    assert verify(cli, broken)["whole"]

    figures = json.loads(contents["figures.json"])
    figures["versions"][1]["accuracy"]["value"] = 0.873
    figures["comparison"]["regressed"] += 1
    write(broken, {**contents, "figures.json": json.dumps(figures).encode()})
    result = cli("verify", str(broken))
    assert result.status == 4
    assert "accuracy of version 2 is 0.873 in the bundle, 0." in result.out, result
    assert "regressed of the comparison is" in result.out, result

    # Whoever changes an answer has to change what follows from it.
    write(broken, change(contents, "answers-1.ndjson", r'"score":0\.\d', '"score":0.0'))
    said = verify(cli, broken)
    assert {finding["kind"] for finding in said["findings"]} == {"figure"}
    assert "predictions-1.ndjson" in {finding["member"] for finding in said["findings"]}


def test_members_that_are_missing_or_too_many(cli, made, tmp_path):
    contents = members(made[0])
    broken = tmp_path / "broken.zip"
    for name in contents:
        if name == "manifest.json":
            continue
        with zipfile.ZipFile(broken, "w") as archive:
            for other, data in contents.items():
                if other != name:
                    archive.writestr(other, data)
        assert ("missing", name) in {(finding["kind"], finding["member"])
                                     for finding in verify(cli, broken)["findings"]}
    for name in ("../../evil", "/etc/evil", "notes.txt", "thumbnails/../evil.jpg",
                 "thumbnails/" + "0" * 64 + ".jpg"):
        broken.write_bytes(made[0].read_bytes())
        with zipfile.ZipFile(broken, "a") as archive:
            archive.writestr(name, b"evil")
        found = {(finding["kind"], finding["member"])
                 for finding in verify(cli, broken)["findings"]}
        assert ("extra", name) in found, found
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("name, pattern, replacement", [
    ("images.ndjson", r'"name":"[^"]*"', '"name":"../../x.jpg"'),
    ("images.ndjson", r'"name":"[^"]*"', '"name":"/etc/x.jpg"'),
    ("images.ndjson", r'"image":0', '"image":7'),
    ("images.ndjson", r'"sha256":"....', '"sha256":"../.'),
    ("answers-1.ndjson", r'"image":0', '"image":4000000000'),
    ("answers-1.ndjson", r'"image":1,', '"image":0,'),
    ("answers-1.ndjson", r'"status":"ok"', '"status":"failed"'),
    ("answers-1.ndjson", r'"score":[^}]*', '"score":1e999'),
    ("answers-2.ndjson", r'"when_us":\d+', '"when_us":-1'),
    ("settings.json", r'"images":9', '"images":-9'),
    ("settings.json", r'"versions":\[', '"versions":[[],'),
    ("settings.json", r'"threshold":', '"threshold":null,"x":'),
])
def test_nothing_odd_is_believed(cli, made, tmp_path, name, pattern, replacement):
    broken = tmp_path / "broken.zip"
    write(broken, change(members(made[0]), name, pattern, replacement))
    said = verify(cli, broken)
    assert not said["whole"]
    assert cli("history", "import", str(broken)).status == 1


def test_a_thumbnail_is_a_jpeg(cli, made, tmp_path):
    contents = members(made[0])
    name = next(name for name in contents if name.startswith("thumbnails/"))
    broken = tmp_path / "broken.zip"
    write(broken, {**contents, name: b"<svg onload='x'/>"})
    assert ("changed", name) in {(finding["kind"], finding["member"])
                                 for finding in verify(cli, broken)["findings"]}


def test_one_of_a_newer_assay(cli, made, tmp_path):
    broken = tmp_path / "broken.zip"
    contents = members(made[0])
    for name in ("manifest.json", "settings.json"):
        contents = change(contents, name, r'"format_version":\s*1', '"format_version":2')
    write(broken, contents)
    result = cli("verify", str(broken))
    assert result.status == 2 and "newer Assay" in result.err, result


def test_lines_that_make_no_sense(cli, made):
    for line in (["verify"], ["verify", "nowhere.zip"], ["verify", "b.zip", "--format", "csv"],
                 ["history", "export", "1", "2"], ["history", "export", "1", "--truth", "folders"],
                 ["history", "export", "1", "2", "3", "--bundle", "c.zip"],
                 ["history", "export", "1", "--bundle", "c.zip", "--top", "1"],
                 ["history", "export", "9", "--bundle", "c.zip"], ["history", "import"]):
        result = cli(*line)
        assert result.status == 2 and result.err.startswith("assay-cli: "), (line, result)
    assert not (cli.folder / "c.zip").exists()


def test_a_table_of_truth(cli, made):
    rows = "".join(f"{number}.jpg,roses\n" for number in range(9))
    (cli.folder / "truth.csv").write_text("file,label\n" + rows)
    assert cli("history", "export", "1", "--bundle", "c.zip", "--truth", "truth.csv").status == 0
    images = [json.loads(line)
              for line in members(cli.folder / "c.zip")["images.ndjson"].splitlines()]
    assert {(image["truth"], image["truth_source"]) for image in images} == {("roses", "table")}
    assert json.loads(cli("verify", "c.zip", "--format", "json").out)["versions"] == 1


def test_of_what_was_just_judged(cli, made):
    model = ["--model", "flowers"]
    result = cli("evaluate", "holdout", *model, "--model-version", "2", "--bundle", "e.zip",
                 "--min-accuracy", "1", "--format", "json")
    assert result.status == 4, result
    said = json.loads(result.out)
    kept = json.loads(members(cli.folder / "e.zip")["figures.json"])["versions"]
    assert [version["accuracy"]["value"] for version in kept] == [said["accuracy"]]
    result = cli("compare", "holdout", *model, "-a", "1", "-b", "2", "--truth", "folders",
                 "--bundle", "c.zip", "--format", "json")
    assert result.status == 0, result
    said = json.loads(result.out)
    kept = json.loads(members(cli.folder / "c.zip")["figures.json"])["comparison"]
    assert (kept["fixed"], kept["regressed"]) == (said["fixed"], said["regressed"])
    result = cli("compare", "holdout", *model, "-a", "1", "-b", "2", "--bundle", "n.zip")
    assert result.status == 0, result
    assert json.loads(members(cli.folder / "n.zip")["settings.json"])["truth"] == "none"
    for name in ("e.zip", "c.zip", "n.zip"):
        assert verify(cli, cli.folder / name)["whole"]
    for line in (["evaluate", "holdout", "--bundle", "x.zip", "--no-history"],
                 ["compare", "holdout", "-b", "2", "--baseline", "a", "--bundle", "x.zip"]):
        assert cli(*line).status == 2, line
    assert not (cli.folder / "x.zip").exists()
