# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What training and measuring share: labels, photos with their authors, drawings, preparation."""

import pathlib
import re
import sys

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "samples"))

import draw as samples  # noqa: E402

LABELS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
SIZE = 112
ROW = re.compile(r"^(\S+) CC-BY by (.*) - (\S+)$")


def authors(folder):
    """The author of each photo, by `label/file`, from the licence rows in the folder."""
    rows = (ROW.match(line) for line in (folder / "LICENSE.txt").read_text("utf-8").splitlines())
    return {row[1]: row[2] for row in rows if row}


def photos(folder):
    """The photos below a folder as (path, number of the label), in a fixed order."""
    found = [(path, number) for number, label in enumerate(LABELS)
             for path in sorted((folder / label).glob("*.jpg"))]
    if not found:
        sys.exit(f"{folder}: no photos found; expected {folder}/LABEL/*.jpg")
    return found


def drawings(seeds, width=320, height=240):
    """Drawings of each label for each seed, as (picture, number of the label)."""
    return [(samples.draw(label, seed, width, height), number)
            for number, label in enumerate(LABELS) for seed in seeds]


def _area_weights(length, size):
    """The share of each of `length` pixels in each of `size` cells; rows sum to 1."""
    step = length / size
    if step < 1:
        return _linear_weights(length, size)
    edges = np.arange(size + 1) * step
    low, high = edges[:-1, None], edges[1:, None]
    pixel = np.arange(length)[None, :]
    overlap = np.minimum(high, pixel + 1) - np.maximum(low, pixel)
    return (np.clip(overlap, 0, 1) / step).astype(np.float32)


def _linear_weights(length, size):
    """The same for enlarging: flat inside a pixel, blended where a cell meets the next one."""
    weights = np.zeros((size, length), np.float32)
    for cell in range(size):
        pixel = cell * length // size
        part = max(0.0, (cell + 1) - (pixel + 1) * size / length) % 1
        weights[cell, pixel] += 1 - part
        weights[cell, min(pixel + 1, length - 1)] += part
    return weights


def center_square(picture):
    """The largest square in the middle of a picture, as an array (side, side, RGB) of bytes."""
    array = np.asarray(picture.convert("RGB"))
    height, width = array.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return array[top:top + side, left:left + side]


def prepared(picture):
    """A picture as the model takes it: float32 (3, SIZE, SIZE), RGB from 0 to 1.

    The mean over each cell's area, rounded to bytes: within 1/255 of OpenCV's INTER_AREA for
    pictures that shrink.
    """
    square = center_square(picture).astype(np.float32)
    weights = _area_weights(square.shape[0], SIZE)
    small = np.einsum("ij,jkc,lk->cil", weights, square, weights, optimize=True)
    return np.clip(np.rint(small), 0, 255).astype(np.float32) / 255


def opened(path):
    """A picture file, decoded."""
    with Image.open(path) as picture:
        return picture.convert("RGB")
