# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the black-box tests of assay-serve share: the program as a child, small
networks whose answers can be worked out by hand, and pictures to ask about."""
import contextlib
import io
import json
import math
import os
import select
import struct
import subprocess
import threading
import time

import requests
from PIL import Image

PROGRAM = os.environ["ASSAY_SERVE"]
PATIENCE = 60  # seconds for anything; sanitizers are slow
SECRET = "abc+/=:d"
CLIENT = "sb-9a93!b6427|foundation-std-mlftrial!b3410"
LABELS = ["red", "green", "blue"]


# ---- networks -------------------------------------------------------------

def _varint(value):
    data = b""
    while value > 127:
        data += bytes([value & 127 | 128])
        value >>= 7
    return data + bytes([value])


def _number(field, value):
    return _varint(field << 3) + _varint(value)


def _bytes(field, value):
    value = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _tensor(name, dims, values):
    raw = values if isinstance(values, bytes) else struct.pack(f"<{len(values)}f", *values)
    return b"".join(_number(1, d) for d in dims) + _number(2, 1) + _bytes(9, raw) + _bytes(8, name)


def _value(name, dims):
    shape = b"".join(_bytes(1, _number(1, d)) for d in dims)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, 1) + _bytes(2, shape)))


def _node(kind, inputs, output, attributes=()):
    return (b"".join(_bytes(1, i) for i in inputs) + _bytes(2, output) + _bytes(4, kind)
            + b"".join(_bytes(5, a) for a in attributes))


def network(size=8, sharpness=10.0, softmax=True, layout="NCHW", padding=0, left=False, gray=False):
    """ONNX bytes of a network that gives the mean of each channel, sharpened: a red
    picture is red.  With `left` only the left half counts.  With `gray` there is one
    channel, and light is red.  `padding` bytes make it slow to load."""
    channels = 1 if gray else 3
    dims = [1, channels, size, size] if layout == "NCHW" else [1, size, size, channels]
    identity = [sharpness if i == j else 0.0 for i in range(3) for j in range(channels)]
    nodes, image = [], "image"
    if layout == "NHWC":
        axes = _bytes(1, "perm") + b"".join(_number(8, a) for a in (0, 3, 1, 2)) + _number(20, 7)
        nodes.append(_node("Transpose", ["image"], "nchw", [axes]))
        image = "nchw"
    initializers = [_tensor("w", [3, channels], identity), _tensor("b", [3], [0.0] * 3)]
    if left:
        kernel = [2 / size ** 2 if i == j and x < size // 2 else 0.0
                  for i in range(3) for j in range(3) for _ in range(size) for x in range(size)]
        initializers.append(_tensor("half", [3, 3, size, size], kernel))
        shape = _bytes(1, "kernel_shape") + _number(8, size) * 2 + _number(20, 7)
        nodes.append(_node("Conv", [image, "half"], "mean", [shape]))
    else:
        nodes.append(_node("GlobalAveragePool", [image], "mean"))
    nodes.append(_node("Flatten", ["mean"], "flat", [_bytes(1, "axis") + _number(3, 1) + _number(20, 2)]))
    nodes.append(_node("Gemm", ["flat", "w", "b"], "logits" if softmax else "scores",
                       [_bytes(1, "transB") + _number(3, 1) + _number(20, 2)]))
    if softmax:
        nodes.append(_node("Softmax", ["logits"], "scores",
                           [_bytes(1, "axis") + _number(3, 1) + _number(20, 2)]))
    if padding:
        initializers.append(_tensor("padding", [padding // 4], bytes(padding // 4 * 4)))
    graph = (b"".join(_bytes(1, n) for n in nodes) + _bytes(2, "means")
             + b"".join(_bytes(5, i) for i in initializers)
             + _bytes(11, _value("image", dims)) + _bytes(12, _value("scores", [1, 3])))
    return _number(1, 7) + _bytes(7, graph) + _bytes(8, _number(2, 12))


def metadata(key, value):
    """An entry of metadata_props, to be put behind a network."""
    return _bytes(14, _bytes(1, key) + _bytes(2, value))


def put_version(root, model="colors", version="1", onnx=None, labels=LABELS, spec=None):
    """Writes a version, and moves it into place whole."""
    folder = os.path.join(root, model, version)
    hidden = os.path.join(root, f".{model}-{version}")
    os.makedirs(hidden)
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with open(os.path.join(hidden, "model.onnx"), "wb") as file:
        file.write(network() if onnx is None else onnx)
    if labels is not None:
        with open(os.path.join(hidden, "labels.txt"), "w", encoding="utf-8") as file:
            file.write("\n".join(labels) + "\n")
    if spec is not None:
        with open(os.path.join(hidden, "model.json"), "w", encoding="utf-8") as file:
            file.write(spec if isinstance(spec, str) else json.dumps(spec))
    os.rename(hidden, folder)
    return folder


def expected(color, sharpness=10.0, scale=1 / 255):
    """The distribution of a picture of one color."""
    powers = [math.exp(sharpness * value * scale) for value in color]
    return {label: power / sum(powers) for label, power in zip(LABELS, powers)}


# ---- pictures -------------------------------------------------------------

def picture(color=(200, 40, 90), size=(40, 30), kind="PNG", mode="RGB", **options):
    data = io.BytesIO()
    Image.new("RGB", size, color).convert(mode).save(data, kind, **options)
    return data.getvalue()


def scores(answer, index=0):
    return {r["label"]: r["score"] for r in answer["predictions"][index]["results"]}


# ---- the program ----------------------------------------------------------

class Service:
    """assay-serve as a child process, its service key read."""

    def __init__(self, models, *options, auth=True, secret=True):
        command = [PROGRAM, "--listen", "127.0.0.1:0", "--print-connection"]
        for folder in [models] if isinstance(models, (str, os.PathLike)) else models:
            command += ["--models", str(folder)]
        if not auth:
            command += ["--no-auth"]
        elif secret:
            command += ["--client", CLIENT, "--client-secret-file", "-"]
        self.auth, self.log, self.token = auth, [], None
        self.reads_stdin = auth and secret
        started = time.monotonic()
        self.process = subprocess.Popen(command + list(options), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.reader = threading.Thread(target=self._read_log, daemon=True)
        self.reader.start()
        if self.reads_stdin:
            self.process.stdin.write(SECRET.encode() + b"\n")
            self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if ready else b""
        self.seconds_to_listen = time.monotonic() - started
        if not line:
            raise AssertionError(f"no service key; the log says {self.log}")
        self.key = json.loads(line)
        self.url = self.key["url"]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.classify_url = self.key["serviceurls"]["IMAGE_CLASSIFICATION_URL"]
        self.retrain_url = self.key["serviceurls"]["IMAGE_RETRAIN_API_URL"]

    def _read_log(self):
        for line in self.process.stderr:
            self.log.append(line.decode(errors="replace").rstrip("\n"))

    def sign_in(self):
        if self.auth and self.token is None:
            secret = self.key.get("clientsecret", SECRET)
            reply = requests.post(self.url + "/oauth/token", timeout=PATIENCE,
                                  auth=(self.key["clientid"], secret),
                                  data={"grant_type": "client_credentials"})
            self.token = reply.json()["access_token"]
        return {"Authorization": f"Bearer {self.token}"} if self.auth else {}

    def get(self, path):
        return requests.get(self.retrain_url + path, headers=self.sign_in(), timeout=PATIENCE)

    def classify(self, files, path="", session=requests):
        if isinstance(files, bytes):
            files = [("files", ("a.png", files, "image/png"))]
        return session.post(self.classify_url + path, files=files, headers=self.sign_in(),
                            timeout=PATIENCE)

    def states(self):
        return {(d["modelName"], d["modelVersion"]): d["status"]["state"]
                for d in self.get("/deployments").json()["deployments"]}

    def wait_for(self, wanted):
        """Asks for the deployments until `wanted(states)`; returns all that was seen."""
        seen, end = [], time.monotonic() + PATIENCE
        while time.monotonic() < end:
            states = self.states()
            if not seen or seen[-1] != states:
                seen.append(states)
            if wanted(states):
                return seen
        raise AssertionError(f"waited in vain; seen: {seen}; the log says {self.log}")

    def wait_ready(self):
        return self.wait_for(lambda s: s and "PENDING" not in s.values())

    def stop(self):
        """Ends standard input, as a parent's death does, or where the service does not
        read it sends SIGTERM; returns the exit status."""
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        if not self.reads_stdin:
            self.process.terminate()
        return self.wait()

    def wait(self):
        try:
            status = self.process.wait(PATIENCE)
            self.reader.join(PATIENCE)
            return status
        finally:
            self.process.kill()
            self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        status = self.stop()
        assert status == 0, f"exit status {status}; the log says {self.log}"
