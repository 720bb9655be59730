# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs as child processes, a service for each test, and pictures."""
import io
import json
import os
import random
import subprocess
import sys
import urllib.request

import pytest
from PIL import Image

PROGRAM = os.environ["ASSAY_CLI"]
PATIENCE = 60  # seconds for anything; sanitizers are slow


class Service:
    """tests/support/mlf_server.py as a child process."""

    def __init__(self):
        script = os.path.join(os.path.dirname(__file__), "..", "support", "mlf_server.py")
        self.process = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def url(self, mood="ok"):
        return f"http://127.0.0.1:{self.port}/{mood}"

    def stats(self, requests=0):
        """What was seen, once so many requests have come."""
        with urllib.request.urlopen(self.url(f"wait-{requests}"), timeout=PATIENCE) as reply:
            return json.load(reply)

    def open(self):
        """Lets those go that wait in the gated mood."""
        with urllib.request.urlopen(self.url("open"), timeout=PATIENCE):
            pass

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


@pytest.fixture
def service():
    child = Service()
    yield child
    child.close()


class Cli:
    """Runs assay-cli in a folder, with a home in it."""

    def __init__(self, folder):
        home = folder / "home"
        home.mkdir()
        self.folder = folder
        self.environment = {
            **os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(home / "cache"), "XDG_DATA_HOME": str(home / "data")}

    def start(self, *arguments, env=None, **options):
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE, **options}
        return subprocess.Popen([PROGRAM, *arguments], cwd=self.folder,
                                env={**self.environment, **(env or {})}, **options)

    def __call__(self, *arguments, input=None, env=None):
        options = {"stdin": subprocess.PIPE} if input is not None else {}
        child = self.start(*arguments, env=env, **options)
        out, err = child.communicate(input, timeout=PATIENCE)
        return Result(child.returncode, out, err)


@pytest.fixture
def cli(tmp_path):
    """A folder and a home of the test's own."""
    return Cli(tmp_path)


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out.decode(), err.decode()

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __repr__(self):
        return f"exit {self.status}\n{self.out}\n--- standard error\n{self.err}"


def picture(seed=1, kind="JPEG", size=(32, 24), mode="RGB", **options):
    noise = random.Random(seed).randbytes(size[0] * size[1] * 3)
    data = io.BytesIO()
    Image.frombytes("RGB", size, noise).convert(mode).save(data, kind, **options)
    return data.getvalue()


@pytest.fixture
def photos(tmp_path):
    """photos/1.jpg … photos/5.jpg, all different."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(1, 6):
        (folder / f"{number}.jpg").write_bytes(picture(number))
    return folder
