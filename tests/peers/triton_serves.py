# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""NVIDIA's Triton by PyTriton, with one network: "tensors" takes its pixels, "files"
pictures, both up to eight at once.  Ends with its standard input.

usage: triton_serves.py MODEL LABELS HTTP-PORT GRPC-PORT METRICS-PORT"""
import sys

import numpy as np
from pytriton.decorators import batch
from pytriton.model_config import ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

from networks import Network

NETWORK = Network(*sys.argv[1:3])
CLASSES = len(NETWORK.labels)
SCORES = Tensor(name="probabilities", dtype=np.float32, shape=(CLASSES,))


@batch
def tensors(image):
    return {"probabilities": NETWORK.run(image)}


@batch
def files(picture):
    labels = np.tile(np.char.encode(NETWORK.labels, "utf-8"), (len(picture), 1))
    return {"labels": labels, "probabilities": NETWORK.run_files([row[0] for row in picture])}


if __name__ == "__main__":
    http, grpc, metrics = map(int, sys.argv[3:6])
    config = TritonConfig(http_address="127.0.0.1", http_port=http, grpc_address="127.0.0.1", grpc_port=grpc,
                          metrics_address="127.0.0.1", metrics_port=metrics)
    with Triton(config=config) as triton:
        triton.bind("tensors", tensors,
                    [Tensor(name="image", dtype=np.float32, shape=(3, NETWORK.side, NETWORK.side))], [SCORES],
                    config=ModelConfig(max_batch_size=8))
        triton.bind("files", files, [Tensor(name="picture", dtype=np.bytes_, shape=(1,))],
                    [Tensor(name="labels", dtype=np.bytes_, shape=(CLASSES,)), SCORES],
                    config=ModelConfig(max_batch_size=8))
        triton.run()
        sys.stdin.buffer.read()
