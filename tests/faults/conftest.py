# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service on a real socket that does what a test plans, and assay-cli asking it."""
import collections
import hashlib
import http.server
import io
import json
import os
import random
import re
import socket
import struct
import subprocess
import threading
import time

import pytest
from PIL import Image

PROGRAM = os.environ["ASSAY_CLI"]
PATIENCE = 120  # seconds for anything; sanitizers are slow
GIVEN = 12
# A good answer, by what the service speaks.
ANSWERS = {
    "mlf": {"id": "1", "status": "DONE", "processedTime": "2018-09-27T08:26:59.822949+00:00",
            "predictions": [{"name": "a", "results": [{"label": "yes", "score": 0.9},
                                                      {"label": "no", "score": 0.1}]}]},
    "oip": {"model_name": "m", "model_version": "1", "outputs": [
        {"name": "scores", "datatype": "FP32", "shape": [1, 2], "data": [0.9, 0.1]}]},
}
# What else it says of itself, by its address.
DESCRIPTIONS = {
    "/v2": {"name": "a server", "version": "1", "extensions": ["binary_tensor_data"]},
    "/v2/models/m/versions/1": {
        "name": "m", "versions": ["1"], "platform": "",
        "inputs": [{"name": "image", "datatype": "BYTES", "shape": [1]}],  # one at a time
        "outputs": [{"name": "scores", "datatype": "FP32", "shape": [-1, 2]}],
        "parameters": {"labels": "yes\nno"}},
}


def picture(seed, kind="PNG", size=(16, 12)):
    data = io.BytesIO()
    noise = random.Random(seed).randbytes(size[0] * size[1] * 3)
    Image.frombytes("RGB", size, noise).save(data, kind)
    return data.getvalue()


def run(folder, *arguments, **options):
    """Starts assay-cli in a folder that is its home too."""
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "c"),
                   "XDG_CACHE_HOME": str(folder / "k"), "XDG_DATA_HOME": str(folder / "d")}
    return subprocess.Popen([PROGRAM, *arguments], cwd=folder, env=environment,
                            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                               "stderr": subprocess.PIPE, **options})


def classify(folder, service, *arguments, **options):
    return run(folder, "classify", *arguments, "--url", f"http://127.0.0.1:{service.port}/",
               "--protocol", service.protocol, "--model", "m", "--model-version", "1",
               "--format", "ndjson", **options)


def name_of(body):
    """What a picture that was sent is called, or where that isn't said, other pictures are not."""
    named = re.search(rb'filename="([^"]*)"', body)
    return named.group(1).decode() if named else hashlib.sha256(body).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # the client has gone

    def do_POST(self):
        service = self.server.service
        if service.early:
            return self.reset()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.name = name = name_of(body)
        with service.changed:
            service.asked.append((time.monotonic(), name))
            earlier = sum(1 for _, other in service.asked if other == name) - 1
            number = len(service.asked)
            service.flying += 1
            service.most = max(service.most, service.flying)
        try:
            service.plan(self, number, earlier)
        finally:
            with service.changed:
                service.flying -= 1
                service.changed.notify_all()

    def do_GET(self):
        service = self.server.service
        if service.early:
            return self.reset()
        with service.changed:
            service.described.append(self.path)
            number = len(service.described)
        return service.describe(self, number, 0)

    def say(self, status=200, body=None, **headers):
        if self.command == "GET" and body is None:
            status = status if self.path in DESCRIPTIONS else 404
            body = DESCRIPTIONS.get(self.path)
        answer = body or ANSWERS[self.server.service.protocol]
        data = body if isinstance(body, bytes) else json.dumps(answer).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(data)),
                   **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def reset(self):
        """RST instead of FIN."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def hang_up(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def cut_short(self):
        self.say(Content_Length="4096")
        self.hang_up()

    def break_chunks(self):
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n40\r\n{\"id\"")
        self.hang_up()

    def wait_long(self):
        """Until the client gives up."""
        self.close_connection = True
        self.connection.settimeout(PATIENCE)
        self.connection.recv(1)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True


class Service:
    def __init__(self, plan, protocol, describe):
        self.plan, self.early = plan, False
        self.protocol, self.describe, self.described = protocol, describe, []
        self.asked, self.flying, self.most = [], 0, 0
        self.changed = threading.Condition()
        self.open(0)

    def open(self, port):
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.service = self
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def wait_asked(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.asked) >= count, PATIENCE), self.asked

    def gaps(self):
        times = [when for when, _ in self.asked]
        return [after - before for before, after in zip(times, times[1:])]


@pytest.fixture
def protocol():
    """What the service speaks."""
    return "mlf"


@pytest.fixture
def serve(protocol):
    services = []

    def start(plan, describe=lambda handler, number, earlier: handler.say()):
        services.append(Service(plan, protocol, describe))
        return services[-1]

    yield start
    for service in services:
        service.close()


@pytest.fixture
def start(tmp_path):
    """Starts assay-cli on so many pictures, all different."""
    def begin(service, *options, given=GIVEN, **more):
        for number in range(given):
            (tmp_path / f"{number:03}.png").write_bytes(picture(number))
        return classify(tmp_path, service, *(f"{number:03}.png" for number in range(given)),
                        *options, **more)

    return begin


def finish(child, given=GIVEN):
    """The exit status, how many ended in which state, and each one's line."""
    out, err = child.communicate(timeout=PATIENCE)
    lines = {}
    for line in map(json.loads, out.decode().splitlines()):
        assert line["path"] not in lines, "said twice"
        assert (line["error"] is None) == (line["status"] in ("ok", "canceled"))
        lines[line["path"]] = line
    counts = collections.Counter(line["status"] for line in lines.values())
    assert len(lines) == given, err
    assert sum(counts[state] for state in ("ok", "failed", "rejected", "canceled")) == given
    return child.returncode, counts, lines
