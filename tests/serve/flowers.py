# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the tests ask the models that come with the program."""
import os

from service import scores

SOURCE = os.environ["ASSAY_SOURCE"]
LABELS = ["daisy", "dandelion", "roses", "sunflowers", "tulips"]


def ask(service, session, path, version=None):
    with open(path, "rb") as file:
        files = [("files", (os.path.basename(path), file.read()))]
    address = f"/models/flowers/versions/{version}" if version else ""
    reply = service.classify(files, address, session)
    assert reply.status_code == 200, f"{path}: {reply.text}"
    found = scores(reply.json())
    assert sorted(found) == LABELS
    assert abs(sum(found.values()) - 1) < 1e-5
    return found
