# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients and servers of others, each in an environment of its own in the build folder."""
import base64
import glob
import json
import os
import subprocess
import sys

import pytest

from service import PATIENCE

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.environ["ASSAY_PEERS"]
SOURCE = os.environ["ASSAY_SOURCE"]
INSTALLING = 300  # seconds, for one environment
LABELS = ["daisy", "dandelion", "roses", "sunflowers", "tulips"]


def environment(name, *packages, system=False):
    """A Python that has these packages, and Debian's where it says so; installed once, and
    skipped where it cannot be."""
    folder = os.path.join(FOLDER, name)
    python = os.path.join(folder, "bin", "python")
    stamp = os.path.join(folder, "assay-packages")
    wanted = "\n".join(packages)
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            if file.read() == wanted:
                return python
    for command in ([sys.executable, "-m", "venv", "--clear",
                     *(["--system-site-packages"] if system else []), folder],
                    [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]):
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=INSTALLING)
        except subprocess.TimeoutExpired:
            pytest.skip(f"{name} was not installed within {INSTALLING} s")
        if done.returncode != 0:
            pytest.skip(f"{name} cannot be installed: " + done.stdout.decode(errors="replace")[-300:])
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)
    return python


def ask(python, script, service, **question):
    """Runs a client with a question as JSON, and returns what it prints as JSON."""
    question.update(host=service.url.removeprefix("http://"), url=service.url,
                    headers=service.sign_in())
    done = subprocess.run([python, os.path.join(HERE, script)], input=json.dumps(question).encode(),
                          capture_output=True, timeout=2 * PATIENCE)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def samples():
    """The pictures that come with the program."""
    paths = sorted(glob.glob(os.path.join(SOURCE, "data/samples/*.jpg")))
    assert len(paths) >= 5
    return paths


def read_base64(path):
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode()
