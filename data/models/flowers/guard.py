#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the small drawings that guard both versions of the model "flowers" in the tests.

  guard.py [DIR]    write DIR/LABEL/LABEL-SEED.jpg and DIR/expected.json with both versions'
                    probabilities, as OpenCV gives them; DIR is tests/fixtures/drawings

Needs python3-opencv, python3-cairo, python3-pil, python3-numpy.
"""

import json
import pathlib
import sys

import cv2
import numpy as np

import engines
import flowers
from flowers import LABELS, SIZE

SIDE = 160
FOLDER = flowers.HERE.parent.parent.parent / "tests" / "fixtures" / "drawings"


def input_of(path):
    """A picture file as the model takes it, shrunk by OpenCV itself."""
    square = flowers.center_square(flowers.opened(path))
    small = cv2.resize(square, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    return (small.astype(np.float32) / 255).transpose(2, 0, 1)[None]


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    runs = {v: engines.opencv(flowers.HERE / v / "model.onnx") for v in ("1", "2")}
    rows = []
    for label in LABELS:
        (folder / label).mkdir(parents=True, exist_ok=True)
        for seed in flowers.samples.GUARD_SEEDS[label]:
            path = folder / label / f"{label}-{seed}.jpg"
            drawn = flowers.samples.draw(label, seed, 2 * SIDE, 2 * SIDE)
            drawn.resize((SIDE, SIDE), flowers.Image.Resampling.LANCZOS).save(path, quality=88)
            x = input_of(path)
            rows.append(json.dumps({
                "file": f"{label}/{path.name}", "label": label,
                **{version: [round(float(p), 6) for p in run(x)[0]]
                   for version, run in runs.items()}}))
    text = ",\n    ".join(rows)
    (folder / "expected.json").write_text(
        f'{{\n  "labels": {json.dumps(LABELS)},\n  "drawings": [\n    {text}\n  ]\n}}\n', "utf-8")


if __name__ == "__main__":
    main()
