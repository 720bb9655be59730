# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in the environments of foreign servers: one of our networks by ONNX Runtime, and
its preprocessing written once more, in numpy."""
import io

import numpy as np
import onnxruntime
from PIL import Image, ImageOps


class Network:
    def __init__(self, model, labels):
        self.session = onnxruntime.InferenceSession(model)
        self.input = self.session.get_inputs()[0]
        self.output = self.session.get_outputs()[0].name
        self.side = self.input.shape[2]
        with open(labels, encoding="utf-8") as file:
            self.labels = file.read().split()

    def run(self, tensor):
        """n × 3 × side × side floats to n × classes."""
        return self.session.run([self.output], {self.input.name: tensor})[0]

    def run_files(self, files):
        return self.run(np.stack([prepare(data, self.side) for data in files]))


def average(lines, target):
    """The first axis to so many lines: of each the mean of the area that it covers, with
    fractions of lines at the edges.  In the order in which assay_resample_area() adds, so that
    halves are rounded alike."""
    source, float32 = len(lines), np.float32
    out = []
    for index in range(target):
        start, end = index * source, (index + 1) * source
        first, last = start // target, (end - 1) // target
        head = float32((first + 1) * target - start) / float32(source)
        tail = float32(end - last * target) / float32(source)
        total = np.zeros(lines.shape[1:], float32)
        for line in lines[first + 1:last]:
            total += line
        out.append((head * lines[first], float32(target) / float32(source) * total, tail * lines[last])
                   if last > first else (lines[first], 0 * total, 0 * total))
    return [np.stack(parts) for parts in zip(*out)]


def prepare(data, side):
    """The middle square by areas, as levels of 255, then 0…1, channels first."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    short = min(image.size)
    left, top = (image.width - short) // 2, (image.height - short) // 2
    square = np.asarray(image)[top:top + short, left:left + short].astype(np.float32)
    head, middle, tail = average(square, side)
    head, middle, tail = average((head + middle + tail).swapaxes(0, 1), side)
    levels = np.floor(head + (middle + tail) + np.float32(0.5)).swapaxes(0, 1)
    return (levels.clip(0, 255) / np.float32(255)).transpose(2, 0, 1)
