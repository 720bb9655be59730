# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli asks two replicas of a server behind one address, of which each dies while it
does: every picture is answered, and as by one machine."""
import concurrent.futures
import contextlib
import os
import re

import pytest
from PIL import Image

import foreign
import peers
from peers import samples
from turns import Replica, Turns

MODEL = "tensors"
RUNTIME = ["onnxruntime==1.20.1", "pillow==11.3.0"]
# What is installed, what serves, and the version of its model.
SERVERS = {
    "triton": (["nvidia-pytriton==0.7.0", *RUNTIME], "triton_serves.py", "1"),
    "mlserver": (["mlserver==1.7.1", *RUNTIME], "mlserver_serves.py", "2"),
}


def manner():
    """How the page about clusters tells to ask."""
    with open(os.path.join(peers.SOURCE, "docs", "past-one-machine.md"), encoding="utf-8") as file:
        words, = set(re.findall(r"--preprocess (\S+)$", file.read(), re.M))
    return ["--protocol", "oip", "--labels", foreign.LABELS_FILE, "--preprocess", words]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A hundred and more: eight cuts of each sample."""
    folder, paths = tmp_path_factory.mktemp("pictures"), []
    for path in samples():
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
        for index in range(8):
            box = (3 * index, 2 * index, picture.width - index, picture.height - 3 * index)
            paths.append(str(folder / f"{index}-{os.path.basename(path)}"))
            picture.crop(box).save(paths[-1], quality=95)
    assert len(paths) >= 100
    return paths


@pytest.fixture(scope="module")
def cli(tmp_path_factory):
    return foreign.Cli(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def alone(cli, open_flowers, pictures):
    """What the service that comes with Assay says."""
    return cli.classify(pictures, "--url", open_flowers.url, "--protocol", "oip",
                        "--model", "flowers", "--model-version", "2")


@pytest.fixture(params=SERVERS)
def cluster(request):
    """Two replicas behind one address, and the version that they have."""
    packages, script, version = SERVERS[request.param]
    python = peers.environment(request.param, *packages)
    replicas = [Replica(python, script) for _ in range(2)]
    try:
        for replica in replicas:
            replica.start()
        for replica in replicas:
            replica.wait_until_ready(MODEL)
        with Turns(replicas, MODEL) as turns:
            yield turns, version
    finally:
        for replica in replicas:
            replica.stop()


def test_replicas_die_one_after_the_other(cli, cluster, pictures, alone):
    turns, version = cluster
    first, second = turns.replicas
    with concurrent.futures.ThreadPoolExecutor(1) as pool, contextlib.ExitStack() as stack:
        stack.callback(turns.let, float("inf"))     # whatever fails, the run ends
        run = pool.submit(cli.classify, pictures, "--url", turns.url, *manner(), "--model", MODEL,
                          "--model-version", version, "--batch", "1", "--timeout", "300")
        turns.let(40)
        turns.wait(lambda: turns.answered >= 30)
        assert first.answers and second.answers
        first.kill()
        turns.let(30)
        turns.wait(lambda: turns.broken > 0 and turns.room == 0)
        first.start()
        first.wait_until_ready(MODEL)
        turns.let(20)
        turns.wait(lambda: first.answers >= 5)
        broken = turns.broken
        second.kill()
        turns.let(float("inf"))
        found = run.result()
    print(f"{len(pictures)} pictures: {turns.answered} requests answered, {turns.broken} broken")
    assert turns.broken > broken > 0
    assert turns.answered == len(pictures)
    print(f"scores within {foreign.compare(found, alone):.2g}")
