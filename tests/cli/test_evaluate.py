# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli evaluate as a black box: figures that scikit-learn agrees with, where the
truth comes from, gates and their exit statuses, the report for build servers."""
import hashlib
import json
import os
import re
import warnings
import xml.etree.ElementTree

import numpy as np
import pytest
from conftest import picture
from sklearn import metrics

MODEL = ["--model", "flowers", "--model-version", "2"]
FLOWERS = os.environ.get("ASSAY_FLOWERS")


def said(content):
    """What tests/support/mlf_server.py says of a picture."""
    even = hashlib.sha256(content).digest()[0] / 255
    return {"even": even, "odd": 1 - even}


def top(scores):
    return max(scores, key=scores.get)


@pytest.fixture
def folders(tmp_path):
    """{path: (truth, scores)}: folders even and odd, 20 pictures each."""
    found = {}
    for place, truth in enumerate(["even", "odd"]):
        os.makedirs(tmp_path / "set" / truth)
        for number in range(20):
            content = picture(100 * place + number)
            path = f"set/{truth}/{number}.jpg"
            (tmp_path / path).write_bytes(content)
            found[path] = (truth, said(content))
    return found


def assert_as_scikit_learn(ours, truths, scores, labels):
    """`scores`: a row for each truth, in the order of the labels."""
    def same(mine, theirs):
        assert mine == pytest.approx(theirs, rel=1e-12, abs=1e-12)

    answers = [labels[row.argmax()] for row in scores]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = metrics.classification_report(truths, answers, output_dict=True, zero_division=0)
    same(ours["accuracy"], metrics.accuracy_score(truths, answers))
    for mean in ("macro avg", "weighted avg"):
        same(ours[mean], report[mean])
    assert sorted(ours["labels"]) == sorted(set(truths) | set(answers))
    for name, row in ours["labels"].items():
        same(row, report[name])
    same(ours["balanced_accuracy"], metrics.balanced_accuracy_score(truths, answers))
    same(ours["kappa"], metrics.cohen_kappa_score(truths, answers))
    same(ours["mcc"], metrics.matthews_corrcoef(truths, answers))
    same(ours["log_loss"], metrics.log_loss(truths, scores, labels=labels))
    assert ours["confusion"]["labels"] == sorted(ours["labels"])
    assert ours["confusion"]["counts"] == metrics.confusion_matrix(
        truths, answers, labels=sorted(ours["labels"])).tolist()
    assert len(ours["mistakes"]) == sum(a != t for a, t in zip(answers, truths))


def test_by_folders(cli, service, folders):
    result = cli("evaluate", "set", "--url", service.url(), *MODEL, "--format", "json")
    assert (result.status, result.err) == (0, ""), result
    ours = json.loads(result.out)
    assert ours["images"] == {"given": 40, "answered": 40, "judged": 40, "without_truth": 0,
                              "unknown_label": 0}
    assert ours["target"] == {"connection": "url", "model": "flowers", "version": "2"}
    truths = [truth for truth, _ in folders.values()]
    scores = np.array([[row["even"], row["odd"]] for _, row in folders.values()])
    assert_as_scikit_learn(ours, truths, scores, ["even", "odd"])
    assert ours["top_k"]["2"] == 1
    for mistake in ours["mistakes"]:
        truth, row = folders[mistake["path"]]
        assert mistake["truth"] == truth and mistake["answer"] == top(row) != truth
        assert mistake["score"] == row[top(row)]
    worst = [mistake["score"] for mistake in ours["mistakes"]]
    assert worst == sorted(worst, reverse=True)


def test_for_people(cli, service, folders):
    result = cli("evaluate", "set", "--url", service.url(), *MODEL)
    right = sum(top(row) == truth for truth, row in folders.values())
    assert result.out.startswith(f"flowers 2 is right on {right} of 40 images\n")
    assert re.search(rf"^Accuracy +{100 * right / 40:.1f}%  95% interval [0-9.]+ to [0-9.]+%$", result.out,
                     re.M)
    assert "too few images to tell" in result.out
    assert "Worst mistakes" in result.out
    # Plain ASCII but for the typography of sentences.
    assert "\u202f" not in result.out


def test_by_a_table(cli, service, folders):
    lines = ["File;Label", *(f"{path.partition('/')[2]};{truth.upper()}s"
                             for path, (truth, _) in list(folders.items())[:30])]
    lines += ["even/0.jpg;odd", "set/nowhere.jpg;odd", "odd/19.jpg;elephant"]
    (cli.folder / "truth.csv").write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    result = cli("evaluate", "set", "--url", service.url(), *MODEL, "--truth", "truth.csv", "--format",
                 "json")
    assert result.status == 0, result
    ours = json.loads(result.out)
    assert ours["images"] == {"given": 40, "answered": 40, "judged": 30, "without_truth": 9,
                              "unknown_label": 1}
    truths = {path: truth for path, (truth, _) in list(folders.items())[:30]}
    truths["set/even/0.jpg"] = "odd"
    assert ours["accuracy"] == pytest.approx(
        sum(top(folders[path][1]) == truth for path, truth in truths.items()) / 30)
    for words in ("“EVENs” is read as “even”", "“ODDs” is read as “odd”",
                  "the model has no label “elephant”: 1 image is not judged",
                  "set/nowhere.jpg: line 33 of the table names a file that was not given",
                  "even/0.jpg: line 32 of the table says something else than one before it"):
        assert words in result.err, result


@pytest.mark.parametrize("gate, value, met", [
    ("--min-accuracy", "0", True), ("--min-accuracy", "100%", False), ("--min-f1", "0.01", True),
    ("--min-f1", "0.999", False), ("--max-ece", "1", True), ("--max-ece", "0", False)])
def test_gates(cli, service, folders, gate, value, met):
    result = cli("evaluate", "set", "--url", service.url(), *MODEL, gate, value, "--junit", "report.xml")
    assert result.status == (0 if met else 4), result
    assert (gate in result.err) == (not met)
    suite, = xml.etree.ElementTree.parse(cli.folder / "report.xml").getroot()
    cases = {(case.get("classname"), case.get("name")): case for case in suite}
    assert (cases["gates", gate].find("failure") is None) == met
    assert len(cases) == 41 == int(suite.get("tests"))
    wrong = [path for path, (truth, row) in folders.items() if top(row) != truth]
    assert int(suite.get("failures")) == len(wrong) + (not met)
    for path in folders:
        assert (cases["images", path].find("failure") is not None) == (path in wrong)
        assert float(cases["images", path].get("time")) > 0


def test_a_gate_with_unanswered_images_is_never_passed(cli, service, folders):
    (cli.folder / "set" / "even" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    result = cli("evaluate", "set", "--url", service.url(), *MODEL, "--min-accuracy", "0", "--junit", "r.xml")
    assert result.status == 1, result
    result = cli("evaluate", "set", "--url", service.url(), *MODEL, "--min-accuracy", "1")
    assert result.status == 4, result
    suite, = xml.etree.ElementTree.parse(cli.folder / "r.xml").getroot()
    assert suite.get("errors") == "1"


def test_nothing_to_judge_passes_no_gate(cli, service, photos):
    result = cli("evaluate", "photos", "--url", service.url(), *MODEL)
    assert result.status == 0 and "No image has both" in result.out
    assert "the model has no label “photos”: 5 images are not judged" in result.err
    result = cli("evaluate", "photos", "--url", service.url(), *MODEL, "--min-accuracy", "0")
    assert result.status == 4, result


def test_away(cli, photos):
    result = cli("evaluate", "photos", "--url", "http://127.0.0.1:9/", *MODEL, "--min-accuracy", "0.5")
    assert result.status == 3, result


def test_hostile_names(cli, service, tmp_path):
    folder = tmp_path / "set" / "even"
    folder.mkdir(parents=True)
    for name in (b"a<b>&\"'.jpg", b"\x1b[31m.jpg", b"\xff\xfe.jpg", "‮gpj.jpg".encode()):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(picture(7))
    result = cli("evaluate", "set", "--url", service.url(), *MODEL, "--junit", "r.xml")
    assert "\x1b" not in result.out + result.err and "‮" not in result.out
    suite, = xml.etree.ElementTree.parse(cli.folder / "r.xml").getroot()
    assert len(suite) == 4


@pytest.mark.parametrize("arguments, words", [
    (["--format", "csv"], "--format takes table or json here"),
    (["--min-accuracy", "2"], "--min-accuracy takes a share from 0 to 1"),
    (["--max-ece", "x"], "--max-ece takes a share from 0 to 1"),
    (["--truth", "nowhere.csv"], "--truth nowhere.csv: "),
    (["--truth", "photos/1.jpg"], "--truth photos/1.jpg: The table is no text"),
])
def test_usage(cli, photos, arguments, words):
    result = cli("evaluate", "photos", "--url", "http://127.0.0.1:9/", *MODEL, *arguments)
    assert result.status == 2 and words in result.err, result


@pytest.mark.skipif(not FLOWERS, reason="-Dflowers=DIR names no photos")
@pytest.mark.skipif(bool(os.environ["ASSAY_SANITIZED"]), reason="the same code runs on fewer pictures above")
def test_the_flowers(cli):
    holdout = os.path.join(FLOWERS, "holdout")
    asked = cli("classify", holdout, *MODEL, "--no-history", "--format", "ndjson")
    result = cli("evaluate", holdout, *MODEL, "--no-history", "--format", "json", "--min-accuracy", "0.8")
    assert (result.status, result.err) == (0, ""), result
    labels = sorted(os.listdir(holdout))
    truths, scores = [], []
    for line in asked.lines():
        truths.append(os.path.basename(os.path.dirname(line["path"])))
        row = {each["label"]: each["score"] for each in line["predictions"]}
        scores.append([row[label] for label in labels])
    assert_as_scikit_learn(json.loads(result.out), truths, np.array(scores), labels)
    result = cli("evaluate", holdout, *MODEL, "--no-history", "--min-accuracy", "0.99")
    assert result.status == 4, result
