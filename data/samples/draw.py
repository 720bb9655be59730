#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the sample flowers, or a sheet of drawings for any seeds.

  draw.py                                              every shipped sample, into this folder
  draw.py --label roses --seeds 5000-5009 --out DIR    others

Needs python3-cairo, python3-pil and python3-numpy. The same seed gives the same picture.
"""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from drawing.scenes import LABELS, draw  # noqa: E402

# Seeds by purpose; no seed of a label serves two of them.
SAMPLE_SEEDS = range(1, 1000)
TRAINING_SEEDS = range(1000, 1100)
UNSEEN_SEEDS = range(5000, 5010)
GUARD_SEEDS = {"daisy": (7000, 7001, 7002), "dandelion": (7000, 7001, 7002),
               "roses": (7000, 7001, 7002), "sunflowers": (7000, 7001, 7002),
               "tulips": (7000, 7001, 7003)}

# The shipped samples: file name, label, seed, and what is pinned of the scene.
SAMPLES = (
    ("daisy-lawn.jpg", "daisy", 1, {"layout": "patch"}),
    ("daisy-meadow.jpg", "daisy", 4, {"layout": "field", "setting": "meadow", "hour": "noon"}),
    ("daisy-portrait.jpg", "daisy", 5, {"layout": "portrait", "setting": "garden", "hue": 190}),
    ("dandelion-clock.jpg", "dandelion", 4,
     {"layout": "portrait", "setting": "dusk", "hue": 22, "clocks": 1}),
    ("dandelion-garden.jpg", "dandelion", 12,
     {"layout": "group", "setting": "garden", "hue": 110, "clocks": 0}),
    ("dandelion-meadow.jpg", "dandelion", 6,
     {"layout": "field", "setting": "meadow", "hour": "morning", "clocks": 0.3}),
    ("roses-pink.jpg", "roses", 7,
     {"layout": "group", "setting": "garden", "colors": [(340, 0.7, 0.66), (326, 0.62, 0.52)]}),
    ("roses-red.jpg", "roses", 5,
     {"layout": "portrait", "setting": "shade", "hue": 150, "colors": [(352, 0.78, 0.44)]}),
    ("roses-vase.png", "roses", 6,
     {"layout": "vase", "hue": 200, "colors": [(18, 0.75, 0.72), (44, 0.7, 0.82)]}),
    ("sunflowers-evening.jpg", "sunflowers", 4,
     {"layout": "field", "setting": "dusk", "hue": 22}),
    ("sunflowers-portrait.png", "sunflowers", 6,
     {"layout": "portrait", "setting": "studio", "hue": 200}),
    ("sunflowers-vase.jpg", "sunflowers", 3, {"layout": "vase", "hue": 200}),
    ("tulips-field.jpg", "tulips", 4,
     {"layout": "field", "setting": "meadow", "hour": "morning",
      "colors": [(0, 0.78, 0.5), (50, 0.92, 0.58)]}),
    ("tulips-shade.jpg", "tulips", 7,
     {"layout": "group", "setting": "shade", "colors": [(285, 0.38, 0.48)]}),
    ("tulips-vase.jpg", "tulips", 12,
     {"layout": "vase", "hue": 45,
      "colors": [(50, 0.92, 0.58), (18, 0.9, 0.56), (340, 0.68, 0.64)]}),
)


def save(picture, path):
    """Write a drawing as 8-bit RGB, in the format that the name's ending says."""
    if path.suffix == ".png":
        picture.save(path, optimize=True)
    else:
        picture.save(path, quality=88)


def seeds_of(text):
    """The seeds that `5` or `5-9` means."""
    low, _, high = text.partition("-")
    return range(int(low), int(high or low) + 1)


def main():
    parser = argparse.ArgumentParser(description="Draw the sample flowers.")
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    parser.add_argument("--label", choices=LABELS, help="draw others of this label")
    parser.add_argument("--seeds", type=seeds_of, default=range(1), help="as in 5 or 5-9")
    parser.add_argument("--size", type=int, nargs=2, default=(640, 480))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.label:
        for seed in options.seeds:
            save(draw(options.label, seed, *options.size),
                 options.out / f"{options.label}-{seed}.jpg")
        return
    for name, label, seed, wish in SAMPLES:
        save(draw(label, seed, *options.size, **wish), options.out / name)


if __name__ == "__main__":
    main()
