# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from service import Service, put_version


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """A file of which every test was skipped has not passed: Meson calls it skipped."""
    stats = session.config.pluginmanager.get_plugin("terminalreporter").stats
    if exitstatus == 0 and stats.get("skipped") and not stats.get("passed"):
        session.exitstatus = 77


@pytest.fixture(scope="module")
def flowers():
    """The models that come with the program, found beside it."""
    with Service([]) as child:
        states = child.wait_ready()[-1]
        assert states == {("flowers", "1"): "SUCCEEDED", ("flowers", "2"): "SUCCEEDED"}
        yield child


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One service for a whole file: versions 1 and 10 of one network."""
    root = tmp_path_factory.mktemp("models")
    put_version(root, version="1")
    put_version(root, version="10")
    with Service(root) as child:
        child.wait_ready()
        yield child
