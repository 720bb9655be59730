# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installed into some prefix, Assay runs from there without being told where it is."""
import glob
import json
import os

import pytest
from conftest import SOURCE, VERSION

ID = "io.github.assay.Assay"


@pytest.mark.parametrize("program", ["assay", "assay-cli", "assay-serve"])
def test_tells_its_version(prefix, program):
    result = prefix.run(program, "--version")
    assert (result.returncode, result.stdout) == (0, f"{program} {VERSION}\n"), result.stderr


def test_classifies_a_sample(prefix):
    samples = sorted(glob.glob(prefix.share("assay", "samples", "*.*g")))
    assert len(samples) >= 15
    roses = next(sample for sample in samples if "roses" in sample)
    result = prefix.run("assay-cli", "classify", "--format", "ndjson", roses)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["predictions"][0]["label"] == "roses"


def test_takes_nothing_from_the_build(prefix):
    models, away = prefix.share("assay", "models"), prefix.share("assay", "away")
    os.rename(models, away)
    try:
        result = prefix.run("assay-cli", "models", "list")
    finally:
        os.rename(away, models)
    assert result.returncode == 3, result.stdout


@pytest.mark.parametrize("language, word", [
    ("de", "Befehle:"), ("es", "Órdenes:"), ("fr", "Commandes\u202f:"), ("ja", "コマンド:")])
def test_speaks_the_language(prefix, language, word):
    result = prefix.run("assay-cli", "--help", LANGUAGE=language)
    assert word in result.stdout.splitlines()


def test_everything_is_there(prefix):
    for parts in (("applications", ID + ".desktop"), ("metainfo", ID + ".metainfo.xml"),
                  ("dbus-1", "services", ID + ".service"),
                  ("glib-2.0", "schemas", ID + ".gschema.xml"),
                  ("icons", "hicolor", "scalable", "apps", ID + ".svg"),
                  ("icons", "hicolor", "symbolic", "apps", ID + "-symbolic.svg"),
                  ("man", "man1", "assay.1"), ("man", "man1", "assay-cli.1"),
                  ("man", "man1", "assay-serve.1"),
                  ("bash-completion", "completions", "assay-cli"),
                  ("bash-completion", "completions", "assay-serve")):
        assert os.path.isfile(prefix.share(*parts)), parts
    with open(os.path.join(SOURCE, "po", "LINGUAS"), encoding="utf-8") as file:
        languages = file.read().split()
    assert languages
    for language in languages:
        assert os.path.isfile(prefix.share("locale", language, "LC_MESSAGES", "assay.mo"))
