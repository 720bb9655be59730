#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure both versions of the model "flowers".

  evaluate.py                       on unseen drawings and on the shipped samples
  evaluate.py --photos DIR          also on DIR/holdout, which no choice was ever made on
  evaluate.py --photos DIR --record write the accuracies into 1/model.json and 2/model.json

Runs the models through OpenCV and through torch and says how far they differ. Needs
python3-opencv, python3-torch, python3-onnx, python3-cairo, python3-pil, python3-numpy.
"""

import argparse
import json
import math
import pathlib

import numpy as np

import engines
import flowers
from flowers import LABELS


def wilson(right, count, z=1.959963984540054):
    """Wilson's 95 % interval for a proportion."""
    p, square = right / count, z * z
    center = (p + square / (2 * count)) / (1 + square / count)
    half = z * math.sqrt(p * (1 - p) / count + square / (4 * count * count)) / (1 + square / count)
    return center - half, center + half


def ask(run, pictures):
    """The probabilities for prepared pictures, one picture at a time: (count, labels)."""
    return np.concatenate([run(picture[None]) for picture, _ in pictures])


def confusion(probabilities, pictures):
    """How often each label (row) was named as each label (column)."""
    table = np.zeros((len(LABELS), len(LABELS)), int)
    for row, (_, label) in zip(probabilities, pictures):
        table[label, int(row.argmax())] += 1
    return table


def tell(title, table):
    right, count = int(np.trace(table)), int(table.sum())
    low, high = wilson(right, count)
    print(f"  {title}: {right}/{count} = {right / count:.1%} ({low:.1%} to {high:.1%})")
    return right, count


def measure(version, sets):
    """Print the accuracy of one version on each set; (right, count) by the set's title."""
    path = flowers.HERE / version / "model.onnx"
    by_opencv, by_torch = engines.opencv(path), engines.torch(path)
    print(f"flowers {version}")
    results = {}
    for title, pictures in sets.items():
        answers, check = ask(by_opencv, pictures), ask(by_torch, pictures)
        table = confusion(answers, pictures)
        results[title] = tell(title, table)
        if not (table == confusion(check, pictures)).all():
            tell(f"{title}, by torch", confusion(check, pictures))
        fours = np.stack([picture for picture, _ in pictures[:4]])
        print(f"    OpenCV and torch differ by {np.abs(answers - check).max():.1e} at most, "
              f"batches of 4 and 1 by {np.abs(by_opencv(fours) - answers[:4]).max():.1e}")
        for label, row in zip(LABELS, table):
            print(f"    {label:<11}" + "".join(f"{n:5}" for n in row))
    return results


def record(version, results):
    """Write the accuracies into a version's model.json."""
    path = flowers.HERE / version / "model.json"
    about = json.loads(path.read_text("utf-8"))
    right, count = results["photos"]
    drawn_right, drawn_count = results["drawings"]
    about["accuracy"] = {
        "dataset": "flowers holdout, photos only",
        "images": count,
        "correct": right,
        "value": round(right / count, 4),
        "interval": [round(bound, 4) for bound in wilson(right, count)],
        "drawings": {"images": drawn_count, "correct": drawn_right},
    }
    path.write_text(json.dumps(about, indent=2) + "\n", "utf-8")


def main():
    parser = argparse.ArgumentParser(description="Measure both versions of the model flowers.")
    parser.add_argument("--photos", type=pathlib.Path, help="folder with holdout/LABEL/*.jpg")
    parser.add_argument("--record", action="store_true",
                        help="write the accuracies into the model.json files")
    options = parser.parse_args()
    if options.record and not options.photos:
        parser.error("--record needs --photos")
    tools = flowers.samples
    sets = {
        "drawings": [(flowers.prepared(p), label)
                     for p, label in flowers.drawings(tools.UNSEEN_SEEDS)],
        "samples": [(flowers.prepared(flowers.opened(tools.HERE / name)), LABELS.index(label))
                    for name, label, *_ in tools.SAMPLES],
    }
    if options.photos:
        sets["photos"] = [(flowers.prepared(flowers.opened(path)), label)
                          for path, label in flowers.photos(options.photos / "holdout")]
    for version in ("1", "2"):
        results = measure(version, sets)
        if options.record:
            record(version, results)


if __name__ == "__main__":
    main()
