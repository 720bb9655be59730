# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""NVIDIA's client for Triton: one question as JSON on standard input, the answer on
standard output.  It knows nothing of Assay."""
import base64
import json
import sys

import numpy
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException


def describe(client, headers, model):
    return {
        "live": client.is_server_live(headers=headers),
        "ready": client.is_server_ready(headers=headers),
        "model_ready": [client.is_model_ready(model, version, headers=headers) for version in ("1", "2", "3")],
        "server": client.get_server_metadata(headers=headers),
        "model": client.get_model_metadata(model, headers=headers),
        "index": client.get_model_repository_index(headers=headers),
    }


def infer(client, headers, question):
    if "pictures" in question:
        data = numpy.array([base64.b64decode(p) for p in question["pictures"]], dtype=numpy.object_)
        name, datatype = "image", "BYTES"
    else:
        name, datatype = question["name"], question["datatype"]
        kind = {"FP32": numpy.float32, "UINT8": numpy.uint8}[datatype]
        data = numpy.frombuffer(base64.b64decode(question["data"]), kind).reshape(question["shape"])
    given = triton.InferInput(name, list(data.shape), datatype)
    given.set_data_from_numpy(data, binary_data=question["binary_in"])
    outputs = None
    if question.get("outputs", True):
        outputs = [triton.InferRequestedOutput("probabilities", binary_data=question["binary_out"],
                                               class_count=question.get("classes", 0)),
                   triton.InferRequestedOutput("labels", binary_data=question["binary_out"])]
    result = client.infer(question["model"], [given], question["version"], outputs, "7", headers=headers)
    return {name: [v.decode() if isinstance(v, bytes) else float(v) if not isinstance(v, str) else v
                   for v in result.as_numpy(name).ravel().tolist()]
            for name in ("probabilities", "labels")} | {
            "shape": list(result.as_numpy("probabilities").shape),
            "id": result.get_response()["id"], "version": result.get_response()["model_version"]}


def main():
    question = json.load(sys.stdin)
    headers = question["headers"]
    with triton.InferenceServerClient(question["host"], connection_timeout=60, network_timeout=60) as client:
        try:
            if question["what"] == "describe":
                answer = describe(client, headers, question["model"])
            else:
                answer = infer(client, headers, question)
        except InferenceServerException as error:
            answer = {"error": error.message(), "status": error.status()}
    json.dump(answer, sys.stdout)


main()
