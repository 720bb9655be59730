# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The models that come with the program, measured through the whole service on
photos that they were not trained on.  The photos are not part of the project."""
import glob
import json
import os

import pytest
import requests

from flowers import LABELS, SOURCE, ask

PHOTOS = os.environ["ASSAY_FLOWERS"]

pytestmark = pytest.mark.skipif(
    not PHOTOS, reason="the photos are not part of the project: give their folder with -Dflowers")


def measure(service, version):
    right = images = 0
    with requests.Session() as session:
        for label in LABELS:
            for path in sorted(glob.glob(os.path.join(PHOTOS, "holdout", label, "*.jpg"))):
                found = ask(service, session, path, version)
                right += max(found, key=found.get) == label
                images += 1
    assert images >= 100, f"only {images} photos in {PHOTOS}"
    return right, images


@pytest.mark.parametrize("version, low, high", [("1", 0.68, 0.78), ("2", 0.83, 1)])
def test_photos_are_named_as_promised(flowers, version, low, high):
    right, images = measure(flowers, version)
    print(f"flowers {version}: {right} of {images} photos right")
    assert low <= right / images <= high, f"{right} of {images}"
    with open(os.path.join(SOURCE, "data", "models", "flowers", version, "model.json"), encoding="utf-8") as file:
        said = json.load(file)["accuracy"]
    if said["images"] == images:
        assert abs(said["correct"] - right) <= 2, f"model.json says {said['correct']}, the service {right}"
