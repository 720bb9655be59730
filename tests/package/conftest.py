# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assay installed into a folder of the test's own, and run from there."""
import glob
import os
import shutil
import subprocess
import sys

import pytest

BUILD = os.environ["ASSAY_BUILD"]
SOURCE = os.environ["ASSAY_SOURCE"]
VERSION = os.environ["ASSAY_VERSION"]
PATIENCE = 60 * float(os.environ.get("ASSAY_TEST_PATIENCE", "1"))

sys.path.insert(0, os.path.join(SOURCE, "tests", "app"))


def run(*words, **options):
    """Runs a tool; what it says is in the message when it fails."""
    options = {"capture_output": True, "text": True, "timeout": PATIENCE, **options}
    result = subprocess.run([str(word) for word in words], **options)
    assert result.returncode == 0, f"{' '.join(map(str, words))}\n{result.stdout}{result.stderr}"
    return result


class Prefix:
    """What `meson install` has laid below a folder."""

    def __init__(self, top, home):
        run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", top)
        found = glob.glob(os.path.join(top, "**", "bin", "assay-cli"), recursive=True)
        assert len(found) == 1, found
        self.path = os.path.dirname(os.path.dirname(found[0]))
        self.home = home
        # What an installation does at its end, and a package manager by a trigger.
        run("glib-compile-schemas", "--strict", self.share("glib-2.0", "schemas"))

    def share(self, *parts):
        return os.path.join(self.path, "share", *parts)

    def program(self, name):
        return os.path.join(self.path, "bin", name)

    def environment(self, **more):
        """Nothing that would tell where Assay is."""
        kept = ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "G_SLICE")
        return {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                **{name: os.environ[name] for name in kept if name in os.environ}, **more}

    def run(self, name, *words, **more):
        """Runs a program; what it says and how it ended is for the test to judge."""
        return subprocess.run([self.program(name), *map(str, words)], capture_output=True, text=True,
                              timeout=PATIENCE, stdin=subprocess.DEVNULL, cwd=self.home,
                              env=self.environment(**more))


@pytest.fixture(scope="session")
def prefix(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    top = tmp_path_factory.mktemp("installed")
    yield Prefix(top, home)
    shutil.rmtree(top)
