#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Train both versions of the model "flowers" on one processor core.

  train.py --photos DIR            train on DIR/train and write 1/ and 2/ beside this script
  train.py --photos DIR --aside    train without the photos of every seventh author and report
                                   the accuracy on them; writes nothing, every choice is made here

Version 2 is the network after all epochs; version 1 is the same run, stopped early. DIR/holdout
is never read here: see evaluate.py. Needs python3-torch, python3-cairo, python3-pil, python3-numpy.
"""

import argparse
import copy
import datetime
import hashlib
import json
import math
import pathlib
import random
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import flowers
from flowers import LABELS, SIZE

STORED = 160            # pixels of the shorter side that augmentation crops from
DRAWINGS_PER_EPOCH = 200
BATCH = 32
PEAK_RATE = 3e-3
DECAY = 0.05
SMOOTHING = 0.1
MIXUP = 0.2

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


class Normalize(nn.Module):
    """(x - mean) / deviation as a frozen batch normalization, which OpenCV runs on any batch."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN))
        self.register_buffer("variance", torch.tensor(DEVIATION) ** 2)

    def forward(self, x):
        return F.batch_norm(x, self.mean, self.variance, None, None, False, 0.0, 0.0)


class Residual(nn.Module):
    """Two 3x3 convolutions beside a 1x1 shortcut."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


class Network(nn.Module):
    """(batch, 3, 112, 112) from 0 to 1 to one score a label, before the softmax."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            Normalize(), nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16),
            nn.ReLU(inplace=True), nn.MaxPool2d(2),
            Residual(16, 24, 1), Residual(24, 40, 2), Residual(40, 64, 2), Residual(64, 96, 1))
        self.dropout = nn.Dropout(0.2)
        self.scores = nn.Linear(96, len(LABELS))

    def forward(self, x):
        return self.scores(self.dropout(self.features(x).mean(dim=(2, 3))))


class Probabilities(nn.Module):
    """The network with the softmax in the graph, as it is shipped."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return torch.softmax(self.network(x), dim=1)


def stored(picture):
    """A picture with its shorter side at STORED pixels, as bytes (3, height, width)."""
    scale = STORED / min(picture.size)
    size = [max(STORED, round(side * scale)) for side in picture.size]
    array = np.asarray(picture.resize(size, flowers.Image.Resampling.BOX if scale < 1
                                      else flowers.Image.Resampling.BILINEAR))
    return np.ascontiguousarray(array.transpose(2, 0, 1))


def square_of(array, rng):
    """A square at a random place along the longer side."""
    top = rng.randint(0, array.shape[1] - STORED)
    left = rng.randint(0, array.shape[2] - STORED)
    return array[:, top:top + STORED, left:left + STORED]


def augmented(batch):
    """Crop, stretch, mirror, turn and recolour each picture of a batch at random."""
    count = batch.shape[0]

    def uniform(low, high, *shape):
        return torch.rand(count, *shape) * (high - low) + low

    area = uniform(0.3, 1.0)
    aspect = torch.exp(uniform(math.log(3 / 4), math.log(4 / 3)))
    wide = torch.sqrt(area * aspect).clamp(max=1)
    high = torch.sqrt(area / aspect).clamp(max=1)
    turn = uniform(-math.pi / 12, math.pi / 12)
    mirror = torch.where(torch.rand(count) < 0.5, -1.0, 1.0)
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0] = torch.cos(turn) * wide * mirror
    theta[:, 0, 1] = -torch.sin(turn) * high
    theta[:, 1, 0] = torch.sin(turn) * wide * mirror
    theta[:, 1, 1] = torch.cos(turn) * high
    theta[:, 0, 2] = uniform(-1, 1) * (1 - wide)
    theta[:, 1, 2] = uniform(-1, 1) * (1 - high)
    grid = F.affine_grid(theta, (count, 3, SIZE, SIZE), align_corners=False)
    x = F.grid_sample(batch, grid, mode="bilinear", padding_mode="reflection",
                      align_corners=False)
    x = x * uniform(0.7, 1.3, 1, 1, 1)
    middle = x.mean(dim=(1, 2, 3), keepdim=True)
    x = (x - middle) * uniform(0.7, 1.3, 1, 1, 1) + middle
    gray = x.mean(dim=1, keepdim=True)
    x = (x - gray) * uniform(0.6, 1.4, 1, 1, 1) + gray
    return (x * uniform(0.93, 1.07, 3, 1, 1)).clamp(0, 1)


def loss_of(network, x, y, rng):
    """Cross entropy with smoothed labels, on mixed pictures in half of the batches."""
    if rng.random() >= 0.5:
        return F.cross_entropy(network(x), y, label_smoothing=SMOOTHING)
    part = float(np.random.beta(MIXUP, MIXUP))
    other = torch.randperm(len(y))
    scores = network(part * x + (1 - part) * x[other])
    return (part * F.cross_entropy(scores, y, label_smoothing=SMOOTHING)
            + (1 - part) * F.cross_entropy(scores, y[other], label_smoothing=SMOOTHING))


def follow(average, network, step):
    """Move the averaged weights a little towards the network's."""
    keep = min(0.995, (1 + step) / (10 + step))
    with torch.no_grad():
        for mine, its in zip(average.state_dict().values(), network.state_dict().values()):
            if mine.dtype.is_floating_point:
                mine.lerp_(its, 1 - keep)
            else:
                mine.copy_(its)


def rate_at(step, total, steps_per_epoch):
    """Two epochs of warm-up, then a cosine to 0."""
    warm = 2 * steps_per_epoch
    if step < warm:
        return PEAK_RATE * (step + 1) / warm
    return PEAK_RATE * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))


def train(photos, drawn, options, report):
    """Train on (picture bytes, label) pairs; the averaged networks at both stops."""
    torch.manual_seed(options.seed)
    np.random.seed(options.seed)
    rng = random.Random(options.seed)
    network = Network().to(memory_format=torch.channels_last)
    average = copy.deepcopy(network).eval()
    thick = [p for p in network.parameters() if p.ndim > 1]
    thin = [p for p in network.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": thick, "weight_decay": DECAY},
                                   {"params": thin, "weight_decay": 0}], lr=PEAK_RATE)
    per_epoch = (len(photos) + min(len(drawn), DRAWINGS_PER_EPOCH)) // BATCH
    total, step, early = per_epoch * options.epochs, 0, None
    for epoch in range(1, options.epochs + 1):
        network.train()
        items = photos + rng.sample(drawn, min(len(drawn), DRAWINGS_PER_EPOCH))
        rng.shuffle(items)
        for start in range(0, per_epoch * BATCH, BATCH):
            chosen = items[start:start + BATCH]
            x = torch.from_numpy(np.stack([square_of(a, rng) for a, _ in chosen])).float() / 255
            y = torch.tensor([label for _, label in chosen])
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step, total, per_epoch)
            x = augmented(x).contiguous(memory_format=torch.channels_last)
            loss = loss_of(network, x, y, rng)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            follow(average, network, step)
            step += 1
        if epoch == options.early_epochs:
            early = copy.deepcopy(average)
        report(epoch, float(loss.detach()), average)
    return early, average


def set_aside(folder):
    """The photos of about one author in seven, chosen by a hash of the name."""
    who = flowers.authors(folder.parent)
    rest, aside = [], []
    for path, label in flowers.photos(folder):
        author = who[f"{path.parent.name}/{path.name}"]
        number = int(hashlib.sha256(f"flowers-aside-1:{author}".encode()).hexdigest()[:8], 16)
        (aside if number % 7 == 0 else rest).append((path, label))
    return rest, aside


def accuracy(network, pictures):
    """The part of (prepared picture, label) pairs that a network names rightly."""
    right = 0
    with torch.no_grad():
        for start in range(0, len(pictures), 64):
            part = pictures[start:start + 64]
            x = torch.from_numpy(np.stack([picture for picture, _ in part]))
            right += sum(int(a) == b for a, (_, b) in zip(network(x).argmax(1), part))
    return right / len(pictures)


def write(network, version, epochs, photos, options):
    """Write one version's model.onnx, labels.txt and model.json; `photos` counts them."""
    folder = options.out / version
    folder.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(Probabilities(network).eval(), torch.zeros(1, 3, SIZE, SIZE),
                      str(folder / "model.onnx"), opset_version=11, input_names=["image"],
                      output_names=["probabilities"],
                      dynamic_axes={"image": {0: "batch"}, "probabilities": {0: "batch"}})
    (folder / "labels.txt").write_text("".join(f"{label}\n" for label in LABELS), "utf-8")
    described = "Five kinds of flower" if version == "2" else \
        "Five kinds of flower, an early and weaker version"
    drawings = len(flowers.samples.TRAINING_SEEDS)
    span = f"{epochs} epochs" if epochs == options.epochs else \
        f"stopped after {epochs} of {options.epochs} epochs"
    record = {
        "name": "flowers",
        "version": version,
        "description": described,
        "license": "GPL-3.0-or-later",
        "input": {"name": "image", "width": SIZE, "height": SIZE, "layout": "NCHW",
                  "channels": "RGB", "crop": "center", "resize": "area", "scale": 1 / 255,
                  "mean": [0, 0, 0], "std": [1, 1, 1]},
        "output": {"name": "probabilities", "activation": "none"},
        "training": {
            "recipe": f"data/models/flowers/train.py, {span}; residual network of 242,165 "
                      "parameters, AdamW, cosine rate, label smoothing, mixup, averaged weights",
            "data": f"{photos:,} photos of the TensorFlow flower set (CC-BY-2.0, Flickr authors as "
                    "listed in that set's LICENSE.txt) and "
                    f"{drawings * len(LABELS)} drawings of this project, "
                    f"{DRAWINGS_PER_EPOCH} of them in each epoch",
            "seed": options.seed,
            "epochs": epochs,
            "created": datetime.date.today().isoformat(),
        },
        "accuracy": None,
    }
    (folder / "model.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")


def main():
    parser = argparse.ArgumentParser(description="Train both versions of the model flowers.")
    parser.add_argument("--photos", type=pathlib.Path, required=True,
                        help="folder with train/LABEL/*.jpg and LICENSE.txt")
    parser.add_argument("--out", type=pathlib.Path, default=flowers.HERE)
    parser.add_argument("--aside", action="store_true",
                        help="keep photos aside by author and report on them; write nothing")
    parser.add_argument("--epochs", type=int, default=120)
    parser.add_argument("--early-epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    began = time.monotonic()
    folder = options.photos / "train"
    used, aside = set_aside(folder) if options.aside else (flowers.photos(folder), [])
    print(f"{len(used)} photos, {len(aside)} kept aside", flush=True)
    drawn = flowers.drawings(flowers.samples.TRAINING_SEEDS)
    check = [(flowers.prepared(flowers.opened(path)), label) for path, label in aside]
    unseen = [(flowers.prepared(p), label) for p, label in flowers.drawings(
        range(2000, 2006))] if options.aside else []
    pairs = [(stored(flowers.opened(path)), label) for path, label in used]
    print(f"{len(drawn)} drawings; ready after {time.monotonic() - began:.0f} s", flush=True)

    def report(epoch, loss, average):
        line = f"epoch {epoch:3} loss {loss:.3f} {time.monotonic() - began:5.0f} s"
        if check and (epoch <= 20 or epoch % 10 == 0):
            line += (f" aside {accuracy(average, check):.3f}"
                     f" drawings {accuracy(average, unseen):.3f}")
        print(line, flush=True)

    early, final = train(pairs, [(stored(p), label) for p, label in drawn], options, report)
    if not options.aside:
        write(early, "1", options.early_epochs, len(pairs), options)
        write(final, "2", options.epochs, len(pairs), options)


if __name__ == "__main__":
    main()
