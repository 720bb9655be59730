# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli compare as a black box: what changed between two versions of the built-in
model, or since a file that was written before."""
import json
import os
import shutil
import xml.etree.ElementTree

import pytest
from conftest import picture
from scipy import stats

MODEL = ["--model", "flowers", "--model-version", "2"]
FLOWERS = os.environ.get("ASSAY_FLOWERS")
SAMPLES = os.environ["ASSAY_SAMPLES"]


@pytest.fixture
def samples(tmp_path):
    """Folders named after what the samples show."""
    for name in sorted(os.listdir(SAMPLES)):
        if name.endswith((".jpg", ".png")):
            folder = tmp_path / "set" / name.partition("-")[0]
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.join(SAMPLES, name), folder)
    return tmp_path / "set"


def answers(cli, version, *paths):
    """{path: the label} by classify."""
    result = cli("classify", *paths, "--model", "flowers", "--model-version", version, "--no-history",
                 "--format", "ndjson")
    return {line["path"]: line["predictions"][0]["label"] for line in result.lines()}


def truth_of(path):
    return os.path.basename(os.path.dirname(path))


def assert_counts(ours, a, b):
    """Of two versions' answers."""
    changed = {path for path in a if a[path] != b[path]}
    regressed = {path for path in changed if a[path] == truth_of(path)}
    fixed = {path for path in changed if b[path] == truth_of(path)}
    assert ours["images"] == ours["with_truth"] == len(a)
    assert (ours["agree"], ours["changed"]) == (len(a) - len(changed), len(changed))
    assert (ours["regressed"], ours["fixed"]) == (len(regressed), len(fixed))
    assert {flip["path"] for flip in ours["flips"]} == changed
    for flip in ours["flips"]:
        path = flip["path"]
        assert (flip["a"], flip["b"], flip["truth"]) == (a[path], b[path], truth_of(path))
        assert flip["change"] == ("regressed" if path in regressed else "fixed" if path in fixed
                                  else "changed")
    right_a = sum(a[path] == truth_of(path) for path in a)
    right_b = sum(b[path] == truth_of(path) for path in b)
    assert ours["accuracy"]["a"]["value"] == pytest.approx(right_a / len(a))
    assert ours["difference"]["value"] == pytest.approx((right_b - right_a) / len(a))
    assert ours["difference"]["low"] <= ours["difference"]["value"] <= ours["difference"]["high"]
    assert (ours["mcnemar"]["b"], ours["mcnemar"]["c"]) == (len(regressed), len(fixed))
    uneven = len(regressed) + len(fixed)
    assert ours["mcnemar"]["p"] == pytest.approx(
        stats.binomtest(len(fixed), uneven).pvalue if uneven else 1, rel=1e-9)
    return regressed


def test_two_versions(cli, samples):
    a, b = answers(cli, "1", "set"), answers(cli, "2", "set")
    result = cli("compare", "--model", "flowers", "-a", "1", "-b", "2", "--truth", "folders", "set",
                 "--no-history", "--format", "json")
    assert (result.status, result.err) == (0, ""), result
    ours = json.loads(result.out)
    assert_counts(ours, a, b)
    assert ours["a"] == {"connection": "builtin", "model": "flowers", "version": "1"}
    assert ours["b"] == {"connection": "builtin", "model": "flowers", "version": "2"}
    assert 0 < ours["seconds"]["a"]["p50"] <= ours["seconds"]["a"]["p95"]


def test_targets_are_found(cli, samples):
    whole = cli("compare", "-a", "builtin:flowers/1", "-b", "flowers/2", "set", "--no-history", "--format",
                "json")
    # The service's only model.
    short = cli("compare", "-a", "1", "-b", "2", "set", "--no-history", "--format", "json")
    assert whole.status == short.status == 0, (whole, short)
    assert json.loads(whole.out)["flips"] == json.loads(short.out)["flips"]
    result = cli("compare", "-a", "1", "-b", "77", "set", "--no-history")
    assert result.status in (1, 3) and "77" in result.err, result


def test_with_itself_nothing_changes(cli, samples):
    result = cli("compare", "-a", "2", "-b", "2", "set", "--no-history", "--min-agreement", "100%",
                 "--truth", "folders", "--max-regressions", "0")
    assert result.status == 0, result
    assert "flowers 2 agrees with flowers 2 on 15 of 15 images" in result.out


def test_since_a_file(cli, samples):
    for kind in ("json", "ndjson"):
        before = cli("classify", "set", "--model", "flowers", "--model-version", "1", "--no-history",
                     "--format", kind, "--output", f"before.{kind}")
        assert before.status == 0, before
    live = cli("compare", "-a", "1", "-b", "2", "set", "--no-history", "--format", "json", "--truth",
               "folders")
    for kind in ("json", "ndjson"):
        result = cli("compare", "--baseline", f"before.{kind}", "-b", "2", "set", "--no-history", "--format",
                     "json", "--truth", "folders")
        assert (result.status, result.err) == (0, ""), result
        ours = json.loads(result.out)
        assert ours["flips"] == json.loads(live.out)["flips"]
        assert ours["a"] == {"model": "flowers", "version": "1", "baseline": f"before.{kind}"}
    # By the bytes, wherever they lie now; and what is new is not compared, and no success.
    samples.rename(cli.folder / "elsewhere")
    (cli.folder / "elsewhere" / "new.jpg").write_bytes(picture(3))
    result = cli("compare", "--baseline", "before.json", "-b", "2", "elsewhere", "--no-history", "--format",
                 "json", "--min-agreement", "0")
    ours = json.loads(result.out)
    assert result.status == 1, result
    assert (ours["images"], ours["not_answered_by_both"]) == (15, 1)


def test_another_picture_in_the_same_place(cli, samples):
    before = cli("classify", "set", "--model", "flowers", "--model-version", "2", "--no-history",
                 "--format", "json", "--output", "before.json")
    assert before.status == 0, before
    path = next(samples.rglob("*.jpg"))
    path.write_bytes(picture(3))
    result = cli("compare", "--baseline", "before.json", "-b", "2", "set", "--no-history", "--format",
                 "json", "--min-agreement", "0")
    ours = json.loads(result.out)
    assert result.status == 1, result
    assert (ours["images"], ours["not_answered_by_both"], ours["flips"]) == (14, 1, [])


def test_gates(cli, samples):
    a, b = answers(cli, "1", "set"), answers(cli, "2", "set")
    agree = sum(a[path] == b[path] for path in a) / len(a)
    result = cli("compare", "-a", "1", "-b", "2", "set", "--no-history", "--min-agreement", str(agree))
    assert result.status == 0, result
    # Both backwards: what was fixed is broken again.
    fixed = sum(a[path] != truth_of(path) == b[path] for path in a)
    result = cli("compare", "-a", "2", "-b", "1", "set", "--no-history", "--truth", "folders",
                 "--max-regressions", str(fixed), "--junit", "r.xml")
    assert result.status == 0, result
    suite, = xml.etree.ElementTree.parse(cli.folder / "r.xml").getroot()
    assert int(suite.get("failures")) == fixed and int(suite.get("tests")) == 16
    if fixed > 0:
        result = cli("compare", "-a", "2", "-b", "1", "set", "--no-history", "--truth", "folders",
                     "--max-regressions", str(fixed - 1))
        assert result.status == 4, result


def test_both_runs_are_kept(cli, samples):
    assert cli("compare", "-a", "1", "-b", "2", "set").status == 0
    runs = json.loads(cli("history", "list", "--format", "json").out)
    assert sorted((run["version"], run["state"], run["answered"]) for run in runs) == [
        ("1", "finished", 15), ("2", "finished", 15)]


@pytest.mark.parametrize("arguments, words", [
    (["-a", "1"], "Give -b, and -a or --baseline"),
    (["-b", "1"], "Give -b, and -a or --baseline"),
    (["-a", "1", "-b", "2", "--baseline", "x"], "Give -b, and -a or --baseline"),
    (["-a", "1", "-b", "2", "--max-regressions", "0"], "--max-regressions needs --truth"),
    (["-a", "1", "-b", "2", "--min-agreement", "7"], "--min-agreement takes a share"),
    (["-a", "1", "-b", "2", "--model-version", "2"], "not by --model-version"),
    (["-a", "nobody:m/1", "-b", "2"], "There is no connection “nobody”"),
    (["--baseline", "photos/1.jpg", "-b", "2"], "--baseline photos/1.jpg: Line 1 is no answer"),
    (["--baseline", "empty.json", "-b", "2"], "--baseline empty.json: There is no answer in it"),
])
def test_usage(cli, photos, arguments, words):
    (cli.folder / "empty.json").write_text("[]\n")
    result = cli("compare", "photos", *arguments)
    assert result.status == 2 and words in result.err, result


def test_labels_that_differ(cli, service, photos):
    """A service that answers even or odd, beside the flowers."""
    before = cli("classify", "photos", "--url", service.url(), *MODEL, "--no-history", "--format", "json",
                 "--output", "before.json")
    assert before.status == 0, before
    result = cli("compare", "--baseline", "before.json", "-b", "flowers/2", "photos", "--no-history")
    assert "5 images are about such labels and not compared" in result.out, result
    assert "has the labels: even, odd" in result.out
    assert "has the labels: daisy, dandelion, roses, sunflowers, tulips" in result.out
    assert result.out.count("Set apart  ") == 5


def test_no_gate_is_passed_by_what_is_set_apart(cli, samples):
    """A baseline of the best labels alone, of pictures that it calls all the same, doesn't
    know the labels that regressions are to."""
    a, b = answers(cli, "2", "set"), answers(cli, "1", "set")
    label = next(truth_of(path) for path in a if a[path] == truth_of(path) != b[path])
    for path in a:
        if truth_of(path) == label and a[path] != label:
            (cli.folder / path).unlink()
    pictures = f"set/{label}"
    before = cli("classify", pictures, "--model", "flowers", "--model-version", "2", "--no-history",
                 "--format", "json", "--top", "1", "--output", "top.json")
    assert before.status == 0, before
    apart = {path for path in b if a[path] == truth_of(path) == label != b[path]}
    line = ["compare", "--baseline", "top.json", "-b", "1", pictures, "--no-history", "--truth", "folders",
            "--format", "json"]
    for gate in (["--max-regressions", "0"], ["--min-agreement", "100%"]):
        result = cli(*line, *gate, "--junit", "r.xml")
        ours = json.loads(result.out)
        assert result.status in (1, 4) and "set apart and no gate has judged" in result.err, result
        assert (ours["labels_differ"], ours["regressed"], ours["changed"]) == (len(apart), 0, 0)
        assert {flip["path"] for flip in ours["flips"] if flip["change"] == "set apart"} == apart
        suite, = xml.etree.ElementTree.parse(cli.folder / "r.xml").getroot()
        assert int(suite.get("errors")) == len(apart)
    assert cli(*line).status == 0


@pytest.mark.skipif(not FLOWERS, reason="-Dflowers=DIR names no photos")
@pytest.mark.skipif(bool(os.environ["ASSAY_SANITIZED"]), reason="the same code runs on fewer pictures above")
def test_the_flowers(cli):
    holdout = os.path.join(FLOWERS, "holdout")
    a, b = answers(cli, "2", holdout), answers(cli, "1", holdout)
    result = cli("compare", "--model", "flowers", "-a", "2", "-b", "1", "--truth", "folders",
                 "--max-regressions", "0", "--no-history", holdout)
    assert result.status == 4, result
    regressed = {path for path in a if b[path] != truth_of(path) == a[path]}
    named = {line.split("  ")[-1] for line in result.out.splitlines() if line.startswith("Regressed")}
    assert named == regressed and len(regressed) > 20
    assert "Version 1 is worse: " in result.out
    result = cli("compare", "--model", "flowers", "-a", "1", "-b", "2", "--truth", "folders",
                 "--no-history", "--format", "json", holdout)
    ours = json.loads(result.out)
    assert_counts(ours, b, a)
    assert ours["verdict"] == "better"
