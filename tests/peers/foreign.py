# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of others that run our own network, and assay-cli asking them."""
import contextlib
import glob
import json
import os
import socket
import subprocess
import tempfile

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

import peers
from peers import HERE, SOURCE
from service import PATIENCE

PROGRAM = os.environ["ASSAY_CLI"]
MODEL = os.path.join(os.environ["ASSAY_MODELS"], "flowers", "2")
PHOTOS = os.environ["ASSAY_FLOWERS"]
LABELS_FILE = os.path.join(MODEL, "labels.txt")


def preprocessing():
    """What the network's model.json says, in the words of --preprocess."""
    with open(os.path.join(MODEL, "model.json"), encoding="utf-8") as file:
        said = json.load(file)["input"]

    def each(values):
        return ":".join(map(repr, values))

    return (f"size={said['width']}x{said['height']},crop={said['crop']},filter={said['resize']},"
            f"order={said['channels'].lower()},scale={said['scale']!r},mean={each(said['mean'])},"
            f"std={each(said['std'])}")


def photos():
    """The holdout pictures, where their folder was given; they are not part of the project."""
    return sorted(glob.glob(os.path.join(PHOTOS, "holdout", "*", "*.jpg"))) if PHOTOS else []


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


class Patience(Retry):
    """Asks again ten times a second, as long as somebody may answer."""
    child = None

    def get_backoff_time(self):
        assert self.child.poll() is None, f"the server has ended with {self.child.returncode}"
        return 0.1


def wait_until_ready(child, url):
    """Until the server says so; it may refuse connections, or not know its models yet."""
    Patience.child = child
    retry = Patience(total=10 * PATIENCE, status_forcelist=[400, 404, 500, 503])
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retry))
        session.get(url, timeout=PATIENCE)


@contextlib.contextmanager
def serving(python, script, *models):
    """Runs a script until its standard input ends; gives its addresses, for HTTP, gRPC and
    metrics, when all models are ready."""
    ports = free_ports(3)
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "log"), "w+b") as log:
        child = subprocess.Popen(
            [python, os.path.join(HERE, script), os.path.join(MODEL, "model.onnx"), LABELS_FILE,
             *map(str, ports)],
            cwd=folder, env={**os.environ, "HOME": folder, "PYTHONPATH": HERE},
            stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
        try:
            for model in models:
                wait_until_ready(child, f"http://127.0.0.1:{ports[0]}/v2/models/{model}/ready")
            yield tuple(f"http://127.0.0.1:{port}" for port in ports)
        finally:
            child.stdin.close()
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            log.seek(0)
            print(log.read().decode(errors="replace")[-4000:])


class Cli:
    """assay-cli with a home of its own."""

    def __init__(self, home):
        self.environment = {**os.environ, "HOME": str(home)}
        for kind in ("CONFIG", "CACHE", "DATA"):
            self.environment[f"XDG_{kind}_HOME"] = str(home / kind)

    def __call__(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=5 * PATIENCE)

    def classify(self, paths, *options):
        """{path: its line}, of each path one."""
        done = self("classify", *options, "--no-history", "--format", "ndjson", *paths)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert sorted(line["path"] for line in lines) == sorted(paths), done.stderr
        return {line["path"]: line for line in lines}

    def compare(self, paths, a, b):
        """What changed from a to b."""
        done = self("compare", "-a", a, "-b", b, "--no-history", "--format", "json", *paths)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def scores(line):
    assert line["status"] == "ok", line
    return {entry["label"]: entry["score"] for entry in line["predictions"]}


def compare(found, wanted):
    """Asserts that labels are equal and scores within 1e-4; returns the largest difference."""
    furthest = 0
    assert sorted(found) == sorted(wanted) and wanted
    for path, line in wanted.items():
        ours, theirs = scores(line), scores(found[path])
        assert sorted(ours) == sorted(theirs) == peers.LABELS
        assert found[path]["predictions"][0]["label"] == line["predictions"][0]["label"], path
        furthest = max(furthest, *(abs(theirs[label] - ours[label]) for label in ours))
    assert furthest <= 1e-4
    return furthest
