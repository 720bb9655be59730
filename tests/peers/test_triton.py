# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli asks NVIDIA's Triton, which runs our own network by ONNX Runtime, and hears what
assay-serve says: the same labels, the scores within 1e-4."""
import pytest
import requests

import foreign
import peers
from peers import samples
from service import PATIENCE

PACKAGES = ["nvidia-pytriton==0.7.0", "onnxruntime==1.20.1", "pillow==11.3.0"]
OIP = ["--protocol", "oip"]
# How each of its models is asked.
WAYS = {
    "tensors": ["--labels", foreign.LABELS_FILE, "--preprocess", foreign.preprocessing()],
    "files": [],
}


@pytest.fixture(scope="module")
def addresses():
    python = peers.environment("triton", *PACKAGES)
    with foreign.serving(python, "triton_serves.py", *WAYS) as found:
        yield found


@pytest.fixture(scope="module")
def triton(addresses):
    """The address of the server."""
    return addresses[0]


@pytest.fixture(scope="module")
def cli(tmp_path_factory):
    return foreign.Cli(tmp_path_factory.mktemp("home"))


def ask(cli, url, paths, model, *options, version="1"):
    return cli.classify(paths, "--url", url, *OIP, "--model", model, "--model-version", version, *options)


@pytest.mark.parametrize("model", WAYS)
def test_samples(cli, triton, open_flowers, model):
    ours = ask(cli, open_flowers.url, samples(), "flowers", version="2")
    theirs = ask(cli, triton, samples(), model, *WAYS[model])
    print(f"{model}: scores within {foreign.compare(theirs, ours):.2g}")


@pytest.mark.parametrize("model", WAYS)
def test_photos(cli, triton, open_flowers, model):
    paths = foreign.photos()
    if not paths:
        pytest.skip("the photos are not part of the project: give their folder with -Dflowers")
    ours = ask(cli, open_flowers.url, paths, "flowers", version="2")
    theirs = ask(cli, triton, paths, model, *WAYS[model])
    print(f"{model}: scores of {len(paths)} photos within {foreign.compare(theirs, ours):.2g}")


def count(addresses, what):
    """One of Triton's own counts, of the model "tensors"."""
    text = requests.get(f"{addresses[2]}/metrics", timeout=PATIENCE).text
    lines = [line for line in text.splitlines() if line.startswith(f'{what}{{model="tensors"')]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


def test_batches(cli, addresses, triton):
    """Several pictures in a request, as many as its configuration takes."""
    def counts():
        return [count(addresses, f"nv_inference_{what}") for what in ("count", "request_success")]

    before = counts()
    ask(cli, triton, samples(), "tensors", *WAYS["tensors"], "--jobs", "1")
    pictures, asked = (after - earlier for after, earlier in zip(counts(), before))
    print(f"{pictures:.0f} pictures in {asked:.0f} requests")
    assert pictures == len(samples())
    assert len(samples()) / 8 <= asked < len(samples())


def test_classification(cli, triton):
    """Where nobody has said what the scores are of, Triton's extension says which they are."""
    paths = samples()
    plain = ask(cli, triton, paths, "tensors", *WAYS["tensors"])
    found = ask(cli, triton, paths, "tensors", *WAYS["tensors"][2:])
    for path in paths:
        wanted = {f"class {peers.LABELS.index(label)}": score
                  for label, score in foreign.scores(plain[path]).items()}
        assert foreign.scores(found[path]) == pytest.approx(wanted, abs=1e-6)


def test_comparison_says_same(cli, triton, open_flowers):
    for name, url, options in (("ours", open_flowers.url, []), ("theirs", triton, WAYS["tensors"])):
        done = cli("connection", "add", name, "--url", url, "--protocol", "oip", "--auth", "none", *options)
        assert done.returncode == 0, done.stderr
    paths = samples() + foreign.photos()
    found = cli.compare(paths, "ours:flowers/2", "theirs:tensors/1")
    assert (found["images"], found["agree"], found["changed"], found["flips"]) == \
        (len(paths), len(paths), 0, [])


def test_says_why_it_does_not_list(cli, triton):
    """PyTriton keeps the repository to itself."""
    done = cli("models", "list", "--url", triton, *OIP)
    assert done.returncode == 3 and "restricted" in done.stderr, done


@pytest.mark.parametrize("model, version, code, words", [
    ("nobody", "1", "not-found", "nobody"),
    ("files", "9", "not-found", "9"),
])
def test_errors_arrive_in_words(cli, triton, model, version, code, words):
    path = samples()[0]
    line = ask(cli, triton, [path], model, version=version)[path]
    assert line["status"] == "failed"
    assert line["error"]["code"] == code and words in line["error"]["message"]
