# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
import requests

import flowers as flower_models
from peers import samples
from service import Service


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """A file of which every test was skipped has not passed: Meson calls it skipped."""
    stats = session.config.pluginmanager.get_plugin("terminalreporter").stats
    if exitstatus == 0 and stats.get("skipped") and not stats.get("passed"):
        session.exitstatus = 77


@pytest.fixture(scope="module")
def flowers():
    """The models that come with the program."""
    with Service([]) as child:
        child.wait_ready()
        yield child


@pytest.fixture(scope="module")
def open_flowers():
    """The same for whoever asks, without a sign-in."""
    with Service([], auth=False) as child:
        child.wait_ready()
        yield child


@pytest.fixture(scope="module")
def answers(flowers):
    """What MLF's endpoint says of each sample, by version: distributions in the samples' order."""
    with requests.Session() as session:
        return {version: [flower_models.ask(flowers, session, path, version) for path in samples()]
                for version in ("1", "2")}
