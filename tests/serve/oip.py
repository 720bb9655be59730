# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bare client of the Open Inference Protocol: bytes over http.client, so that
the tests see what is on the wire."""
import base64
import http.client
import json
import struct

from service import LABELS, PATIENCE

LENGTH = "Inference-Header-Content-Length"


def elements(values):
    """BYTES in the binary extension's form."""
    return b"".join(struct.pack("<I", len(v)) + v for v in values)


def split_elements(data):
    values = []
    while data:
        (length,) = struct.unpack_from("<I", data)
        values.append(data[4:4 + length])
        data = data[4 + length:]
    return values


def image(*pictures):
    """An input of pictures in JSON."""
    return {"name": "image", "datatype": "BYTES", "shape": [len(pictures)],
            "parameters": {"content_type": "base64"},
            "data": [base64.b64encode(p).decode() for p in pictures]}


def binary(message, *data):
    """A body and its headers: JSON, and behind it what is binary."""
    head = json.dumps(message).encode()
    return head + b"".join(data), {LENGTH: str(len(head)), "Content-Type": "application/octet-stream"}


class Reply:
    """An answer taken apart: its JSON, and its tensors as lists by name."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        length = self.headers.get(LENGTH)
        head = self.body if length is None else self.body[:int(length)]
        self.json = json.loads(head) if head else None
        self.rest = b"" if length is None else self.body[int(length):]
        self.tensors = {}
        if isinstance(self.json, dict) and "model_name" in self.json:
            for output in self.json["outputs"]:
                self.tensors[output["name"]] = self._values(output)
        assert self.rest == b"", "every byte belongs to a tensor"

    def _values(self, output):
        size = output.get("parameters", {}).get("binary_data_size")
        if size is None:
            return output["data"]
        assert "data" not in output
        data, self.rest = self.rest[:size], self.rest[size:]
        if output["datatype"] == "FP32":
            return list(struct.unpack(f"<{size // 4}f", data))
        return [e.decode() for e in split_elements(data)]

    def output(self, name):
        (found,) = [o for o in self.json["outputs"] if o["name"] == name]
        return found

    def scores(self, index=0, labels=None):
        """A picture's distribution."""
        labels = labels or LABELS
        row = self.tensors["probabilities"][index * len(labels):(index + 1) * len(labels)]
        return dict(zip(labels, row))


def call(service, method, path, body=None, headers=None, sign_in=True):
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
    try:
        signed = service.sign_in() if sign_in else {}
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        connection.request(method, path, body, {**signed, **(headers or {})})
        return Reply(connection.getresponse())
    finally:
        connection.close()


def infer(service, message, model="colors", version=None, headers=None):
    path = f"/v2/models/{model}" + (f"/versions/{version}" if version else "") + "/infer"
    return call(service, "POST", path, message, headers)
