# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from service import Service, put_version


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One service for a whole file: versions 1 and 10 of one network."""
    root = tmp_path_factory.mktemp("models")
    put_version(root, version="1")
    put_version(root, version="10")
    with Service(root) as child:
        child.wait_ready()
        yield child
