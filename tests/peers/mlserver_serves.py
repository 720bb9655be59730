# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""MLServer with runtimes for one network: "tensors" takes its pixels, "files" pictures, and
"pipeline" answers as MLServer's own runtime for Hugging Face does.  Ends with its standard
input.

usage: mlserver_serves.py MODEL LABELS HTTP-PORT GRPC-PORT METRICS-PORT"""
import json
import os
import signal
import sys
import threading

import numpy as np
from mlserver import MLModel
from mlserver.cli import main
from mlserver.codecs import Base64Codec, NumpyCodec, StringCodec
from mlserver.types import InferenceResponse

from networks import Network


class Runtime(MLModel):
    async def load(self):
        self.network = Network(self.settings.parameters.uri, self.settings.parameters.extra["labels"])
        return True

    def answer(self, *outputs):
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=list(outputs))


class Tensors(Runtime):
    async def predict(self, payload):
        pixels = NumpyCodec.decode_input(payload.inputs[0])
        return self.answer(NumpyCodec.encode_output("probabilities", self.network.run(pixels)))


class Files(Runtime):
    async def predict(self, payload):
        files = Base64Codec.decode_input(payload.inputs[0])
        labels = StringCodec.encode_output("labels", self.network.labels * len(files), use_bytes=False)
        labels.shape = [len(files), len(self.network.labels)]
        return self.answer(labels,
                           NumpyCodec.encode_output("probabilities", self.network.run_files(files)))


class Pipeline(Runtime):
    """One text of JSON for each picture (mlserver_huggingface/codecs/jsonlist.py)."""

    async def predict(self, payload):
        files = Base64Codec.decode_input(payload.inputs[0])
        texts = []
        for scores in self.network.run_files(files):
            order = np.argsort(-scores)
            texts.append(json.dumps([{"label": self.network.labels[i], "score": float(scores[i])}
                                     for i in order]))
        output = StringCodec.encode_output("output", texts, use_bytes=False)
        output.shape = [len(files), 1]
        output.parameters.content_type = "hg_jsonlist"
        return self.answer(output)


def describe(implementation, inputs, outputs):
    """A folder of MLServer's repository, which is where it is started."""
    name = implementation.__name__.lower()
    os.mkdir(name)
    with open(os.path.join(name, "model-settings.json"), "w", encoding="utf-8") as file:
        json.dump({"name": name, "implementation": f"mlserver_serves.{implementation.__name__}",
                   "inputs": inputs, "outputs": outputs,
                   "parameters": {"version": "2", "uri": sys.argv[1], "extra": {"labels": sys.argv[2]}}},
                  file)


def describe_all():
    side, classes = 112, 5
    scores = {"name": "probabilities", "datatype": "FP32", "shape": [-1, classes]}
    describe(Tensors, [{"name": "image", "datatype": "FP32", "shape": [-1, 3, side, side]}], [scores])
    describe(Files, [{"name": "picture", "datatype": "BYTES", "shape": [-1]}],
             [{"name": "labels", "datatype": "BYTES", "shape": [-1, classes]}, scores])
    describe(Pipeline, [], [])
    http, grpc, metrics = map(int, sys.argv[3:6])
    with open("settings.json", "w", encoding="utf-8") as file:
        json.dump({"host": "127.0.0.1", "http_port": http, "grpc_port": grpc, "metrics_port": metrics,
                   "parallel_workers": 0, "debug": False}, file)


def end_with_input():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    describe_all()
    threading.Thread(target=end_with_input, daemon=True).start()
    sys.argv = ["mlserver", "start", "."]
    main()
