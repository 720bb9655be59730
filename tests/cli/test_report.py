# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""--report of assay-cli evaluate and compare: one page that is well-formed, loads nothing,
says nothing of where it was made, stays small, and that a browser shows without a
complaint in light, in dark and on paper."""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import xml.etree.ElementTree

import chromium
import pytest
from conftest import PATIENCE, picture

FLOWERS = os.environ.get("ASSAY_FLOWERS")
SAMPLES = os.environ["ASSAY_SAMPLES"]
MODEL = ["--model", "flowers", "--model-version", "2"]
OLDER = ["--model", "flowers", "--model-version", "1"]  # makes mistakes, even of the samples
MOST = 20 * 1000 * 1000  # bytes of a report about 1,000 images


def gather(folder, above):
    """Folders named after what the samples show."""
    for name in sorted(os.listdir(SAMPLES)):
        if name.endswith((".jpg", ".png")):
            into = above / folder / name.partition("-")[0]
            into.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.join(SAMPLES, name), into)


def read(path):
    """The root of a page that is well-formed and fit to be handed on."""
    text = path.read_text(encoding="utf-8")
    # A picture's base64 has strokes too, and may have two of them.
    page = re.sub(r'"data:image/[a-z]+;base64,[A-Za-z0-9+/=]+"', "", text)
    for address in ("http:", "https:", "file:", "ftp:", "//", "url(", "@import", "<script", "<link", "<iframe"):
        assert address not in page, address
    for secret in (str(path.parent), os.path.expanduser("~") + "/", "127.0.0.1", "localhost", "open-sesame"):
        assert secret not in text, secret
    assert not re.search(r'["> ]/(?:home|tmp|root|usr|mnt|var)/', page)
    return xml.etree.ElementTree.fromstring(text)


def texts(root, tag, attribute=None, value=None):
    return ["".join(found.itertext()) for found in root.iter(tag)
            if attribute is None or value in found.get(attribute, "").split()]


def assert_sound(root):
    """What every page has."""
    levels = [int(found.tag[1]) for found in root.iter() if re.fullmatch("h[1-6]", str(found.tag))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    for table in root.iter("table"):
        assert table.find("caption") is not None
        assert all(head.get("scope") for head in table.iter("th"))
    for drawing in root.iter("svg"):
        if drawing.get("aria-hidden") != "true":
            assert drawing.get("role") == "img" and drawing.find("title").text
    for image in root.iter("img"):
        assert image.get("src").startswith("data:image/jpeg;base64,") and image.get("alt") == ""
    policy, = [meta.get("content") for meta in root.iter("meta")
               if meta.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert root.get("lang") == "en" and root.get("dir") == "ltr"


@pytest.fixture
def samples(cli):
    gather("set", cli.folder)
    return cli.folder / "set"


def test_two_versions(cli, samples):
    line = ["compare", "--model", "flowers", "-a", "1", "-b", "2", "--truth", "folders", str(samples),
            "--no-history", "--report", "report.html", "--format", "json"]
    result = cli(*line)
    assert (result.status, result.err) == (0, ""), result
    said = json.loads(result.out)
    root = read(cli.folder / "report.html")
    assert_sound(root)
    words = cli(*line[:-2]).out.splitlines()
    assert texts(root, "h1") == [words[1]]
    assert texts(root, "p", "class", "lead") == [words[0]]
    flips = [item for item in root.iter("li") if item.get("class") == "flip"]
    assert len(flips) == len(said["flips"]) > 0
    for item, flip in zip(flips, said["flips"]):
        assert texts(item, "span", "class", "badge") == [flip["change"].capitalize()]
        assert texts(item, "p", "class", "said") == [f"{flip['a']} → {flip['b']}"]
        # From what was given down, and no folder above it.
        assert texts(item, "p", "class", "name") == ["/".join(flip["path"].split("/")[-3:])]
        assert item.find("img") is not None
    made = dict(zip(texts(root, "dt")[-7:], texts(root, "dd")[-7:]))
    assert made["Baseline"] == "flowers 1 · Built-in" and made["Candidate"] == "flowers 2 · Built-in"
    assert made["Truth"] == "the names of the folders" and made["Threshold"] == "60\u202f%"
    assert len(set(texts(root, "code"))) == 15
    assert all(re.fullmatch("[0-9a-f]{64}", code) for code in texts(root, "code"))


def test_one_version(cli, samples):
    line = ["evaluate", "set", *OLDER, "--no-history", "--report", "report.html"]
    result = cli(*line)
    assert (result.status, result.err) == (0, ""), result
    root = read(cli.folder / "report.html")
    assert_sound(root)
    assert texts(root, "h1") == [result.out.splitlines()[0]]
    said = json.loads(cli(*line, "--format", "json").out)
    matrix, = [table for table in root.iter("table") if "matrix" in table.get("class", "")]
    counts = [[int(cell.text.replace("·", "0")) for cell in row.iter("td")] for row in matrix.find("tbody")]
    assert counts == said["confusion"]["counts"]
    assert texts(matrix.find("tbody"), "th") == said["confusion"]["labels"]
    mistakes = [item for item in root.iter("li") if item.get("class") == "mistake"]
    assert len(mistakes) == len(said["mistakes"]) > 0


def test_without_a_truth(cli, samples):
    result = cli("compare", "--model", "flowers", "-a", "1", "-b", "2", "set", "--no-history", "--report",
                 "report.html")
    assert result.status == 0, result
    root = read(cli.folder / "report.html")
    assert_sound(root)
    assert texts(root, "h1") == [result.out.splitlines()[0]]
    assert "Confusion" not in texts(root, "h2")


def test_an_address_a_token_and_names_stay_out(cli, service):
    """Nothing of the service but that it has an address; hostile names as text."""
    folder = cli.folder / "set" / 'even<script>alert("1")'
    folder.mkdir(parents=True)
    for number, name in enumerate(['a"onload="b', "<img src=x>", "\u202egpj.exe", "two\nlines", "100%"]):
        (folder / f"{name}.jpg").write_bytes(picture(number))
    (cli.folder / "token").write_text("open-sesame")
    (cli.folder / "table.csv").write_text("file,label\n" + "100%.jpg,even\n")
    result = cli("evaluate", "set", "--url", service.url("token"), "--token-file", "token", *MODEL,
                 "--no-history", "--truth", str(cli.folder / "table.csv"), "--report", "report.html")
    assert result.status == 0, result
    root = read(cli.folder / "report.html")
    assert_sound(root)
    names = [row[0] for row in ([*map("".join, (cell.itertext() for cell in row.iter("td")))]
                                for table in root.iter("table") if table.get("class") == "hashes"
                                for row in table.find("tbody"))]
    assert len(names) == 5 and all(name.startswith('set/even<script>alert("1")/') for name in names)
    assert not any("\u202e" in name or "\n" in name for name in names)
    assert "flowers 2 · a service named by its address" in texts(root, "dd")
    assert "table.csv" in texts(root, "dd")


def test_gates_and_statuses_are_the_same(cli, service, samples):
    (samples / "daisy" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    line = ["evaluate", "set", "--url", service.url(), *MODEL, "--no-history", "--report", "report.html"]
    assert cli(*line).status == 1
    root = read(cli.folder / "report.html")
    assert "1 without an answer" in " ".join(texts(root, "dd"))
    assert texts(root, "h1") == ["No image has both an answer and a known truth."]
    result = cli("evaluate", "set", *MODEL, "--no-history", "--report", "gate.html", "--min-accuracy", "1.0",
                 "--max-ece", "0")
    assert result.status == 4, result
    assert_sound(read(cli.folder / "gate.html"))


def test_a_failure_leaves_the_old_file_whole(cli, service, samples):
    old = b"the old report\n" * 1000
    (cli.folder / "report.html").write_bytes(old)

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    line = ["evaluate", "set", "--url", service.url(), *MODEL, "--no-history", "--report"]
    child = cli.start(*line, "report.html", preexec_fn=little_room)
    _, said = child.communicate(timeout=PATIENCE)
    said = said.decode()
    assert child.returncode == 1, said
    assert "report.html" in said and "can’t be written" in said and "Choose another place" in said
    assert (cli.folder / "report.html").read_bytes() == old
    child = cli.start(*line, "new.html", preexec_fn=little_room)
    child.communicate(timeout=PATIENCE)
    assert sorted(os.listdir(cli.folder)) == ["home", "report.html", "set"]
    result = cli(*line, "nowhere/report.html")
    assert result.status == 1 and "nowhere/report.html" in result.err, result


def test_in_the_users_language(cli, samples):
    result = cli("evaluate", "set", *MODEL, "--no-history", "--report", "report.html",
                 env={"LANGUAGE": "de"})
    assert result.status == 0, result
    root = read(cli.folder / "report.html")
    assert root.get("lang") == "de" and root.get("dir") == "ltr"
    assert "Genauigkeit" in texts(root, "dt")


@pytest.fixture
def turned(cli, service):
    """1,000 pictures, and a baseline that said the opposite of each."""
    for number in range(1000):
        into = cli.folder / "set" / ("even" if number % 2 else "odd")
        into.mkdir(parents=True, exist_ok=True)
        # Noise: nothing that a camera takes is as hard to make small.
        (into / f"{number:04}.jpg").write_bytes(picture(number, size=(96, 96), quality=60))
    result = cli("classify", "set", "--url", service.url(), *MODEL, "--no-history", "--format", "ndjson")
    assert result.status == 0, result
    with open(cli.folder / "before.ndjson", "w", encoding="utf-8") as file:
        for row in result.lines():
            first, second = row["predictions"]
            first["label"], second["label"] = second["label"], first["label"]
            file.write(json.dumps(row) + "\n")


def test_a_thousand_images_stay_small(cli, service, turned):
    result = cli("compare", "--baseline", "before.ndjson", "--url", service.url(), "-b", "flowers/2",
                 "--truth", "folders", "set", "--no-history", "--report", "report.html")
    assert result.status == 0, result
    root = read(cli.folder / "report.html")
    assert_sound(root)
    flips = [item for item in root.iter("li") if item.get("class") == "flip"]
    assert len(flips) == 1000 == len(texts(root, "code"))
    assert all(item.find("img") is not None for item in flips)
    kinds = [texts(item, "span", "class", "badge")[0] for item in flips]
    assert kinds == sorted(kinds, key=["Regressed", "Fixed", "Changed"].index)
    assert os.path.getsize(cli.folder / "report.html") < MOST


# ---- in a browser ----

@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if chromium.PROGRAM is None:
        pytest.skip("no chromium: install Debian's package to see the report in a browser")
    page = chromium.Browser(tmp_path_factory.mktemp("browser"))
    yield page
    page.close()


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """The accessibility checker of npm, as text; nothing of it is kept."""
    if shutil.which("npm") is None:
        pytest.skip("no npm, which brings axe-core")
    folder = tmp_path_factory.mktemp("axe")
    try:
        subprocess.run(["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund",
                        "--silent", "axe-core@4"], check=True, timeout=PATIENCE)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as reason:
        pytest.skip(f"npm brings no axe-core: {reason}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def reports(cli):
    """A short one, and a long one if there are photos."""
    gather("set", cli.folder)
    folder = os.path.join(FLOWERS, "holdout") if FLOWERS else "set"
    for line in (["compare", "--model", "flowers", "-a", "1", "-b", "2", "--truth", "folders", folder],
                 ["evaluate", *OLDER, "set"]):
        child = cli.start(*line, "--no-history", "--report", line[0] + ".html")
        _, said = child.communicate(timeout=10 * PATIENCE)
        assert child.returncode == 0, said
        assert_sound(read(cli.folder / (line[0] + ".html")))
    return [cli.folder / "compare.html", cli.folder / "evaluate.html"]


def open_quietly(browser, path):
    browser.open(path)
    assert browser.requests() == [path.as_uri()]
    assert browser.complaints() == []


def test_in_a_browser(browser, reports):
    for path in reports:
        for scheme in ("light", "dark"):
            browser.look(scheme)
            open_quietly(browser, path)
            # The policy lets the style in, and each picture is one.
            paper = browser.evaluate("getComputedStyle(document.body).backgroundColor")
            assert paper == {"light": "rgb(250, 250, 250)", "dark": "rgb(36, 36, 36)"}[scheme]
            assert browser.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
            assert browser.evaluate("document.images.length") > 0
        browser.look(width=320, height=700)
        open_quietly(browser, path)
        assert browser.evaluate("document.documentElement.scrollWidth") <= 320


def test_on_paper(browser, reports):
    for path in reports:
        browser.look("dark")
        open_quietly(browser, path)
        for size in ("A4", "Letter"):
            paper = path.with_suffix(f".{size}.pdf")
            browser.print(paper, size)
            assert paper.read_bytes().startswith(b"%PDF")
        assert browser.complaints() == []
        # As wide as A4 without its margins, nothing is cut at the side.
        browser.ask("Emulation.setEmulatedMedia", media="print")
        browser.ask("Emulation.setDeviceMetricsOverride", width=703, height=1000, deviceScaleFactor=1,
                    mobile=False)
        assert browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        wide = browser.evaluate("""[...document.querySelectorAll("td, th, img, svg, p")]
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML)""")
        assert wide == []


def test_for_everybody(browser, axe, reports):
    for path in reports:
        for scheme in ("light", "dark"):
            browser.look(scheme)
            open_quietly(browser, path)
            browser.evaluate(axe)
            faults = browser.evaluate("""axe.run().then(result => result.violations.map(
                fault => [fault.id, fault.nodes.map(node => node.html.slice(0, 200))]))""")
            assert faults == []
