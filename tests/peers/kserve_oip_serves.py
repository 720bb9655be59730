# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""KServe's own server by its protocol of version 2, with one network: "tensors" takes its
pixels, "files" pictures.  Ends with its standard input.

usage: kserve_oip_serves.py MODEL LABELS HTTP-PORT …"""
import base64
import functools
import os
import signal
import sys
import threading

import kserve
import uvicorn
from kserve.protocol.infer_type import InferOutput, InferResponse

from networks import Network

NETWORK = Network(*sys.argv[1:3])
SCORES = {"name": "probabilities", "datatype": "FP32", "shape": [-1, len(NETWORK.labels)]}
LABELS = {"name": "labels", "datatype": "BYTES", "shape": [-1, len(NETWORK.labels)]}


class Answering(kserve.Model):
    def __init__(self, name, inputs, outputs):
        super().__init__(name)
        self.inputs, self.outputs, self.ready = inputs, outputs, True

    async def get_input_types(self):
        return self.inputs

    async def get_output_types(self):
        return self.outputs

    def answer(self, request, scores, *more):
        output = InferOutput("probabilities", list(scores.shape), "FP32", scores.flatten().tolist())
        return InferResponse(request.id or "none", self.name, [*more, output])


class Tensors(Answering):
    async def predict(self, payload, headers=None, response_headers=None):
        return self.answer(payload, NETWORK.run(payload.inputs[0].as_numpy()))


def unpack(tensor, element):
    """A file as it came behind the JSON, or as base64 within it."""
    if (tensor.parameters or {}).get("content_type") == "base64":
        return base64.b64decode(element, validate=True)
    return element


class Files(Answering):
    async def predict(self, payload, headers=None, response_headers=None):
        tensor = payload.inputs[0]
        files = [unpack(tensor, element) for element in tensor.as_numpy().flatten()]
        labels = InferOutput("labels", [len(files), len(NETWORK.labels)], "BYTES",
                             NETWORK.labels * len(files))
        return self.answer(payload, NETWORK.run_files(files), labels)


def end_with_input():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=end_with_input, daemon=True).start()
    # It would listen on every address of the machine, and has no option for another.
    create = uvicorn.Config.__init__
    uvicorn.Config.__init__ = functools.wraps(create)(
        lambda self, *arguments, **options: create(self, *arguments, **{**options, "host": "127.0.0.1"}))
    kserve.ModelServer(http_port=int(sys.argv[3]), workers=1, enable_grpc=False).start([
        Tensors("tensors", [{"name": "image", "datatype": "FP32", "shape": [-1, 3, NETWORK.side, NETWORK.side]}],
                [SCORES]),
        Files("files", [{"name": "picture", "datatype": "BYTES", "shape": [-1]}], [LABELS, SCORES]),
    ])
