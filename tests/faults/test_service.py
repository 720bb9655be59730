# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service does to requests on a real socket, and what must hold of each
picture: given = answered + failed + rejected + canceled, each exactly once."""
import collections
import email.utils
import http.server
import io
import json
import os
import random
import re
import signal
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
ANSWER = {"id": "1", "status": "DONE", "processedTime": "2018-09-27T08:26:59.822949+00:00",
          "predictions": [{"name": "a", "results": [{"label": "yes", "score": 0.9},
                                                    {"label": "no", "score": 0.1}]}]}


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
        name = re.search(rb'filename="([^"]*)"', body).group(1).decode()
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

    def say(self, status=200, body=None, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body or ANSWER).encode()
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
    def __init__(self, plan):
        self.plan, self.early = plan, False
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
def serve():
    services = []

    def start(plan):
        services.append(Service(plan))
        return services[-1]

    yield start
    for service in services:
        service.close()


@pytest.fixture
def start(tmp_path):
    """Starts assay-cli on so many pictures, all different."""
    def begin(service, *options, given=GIVEN):
        for number in range(given):
            data = io.BytesIO()
            noise = random.Random(number).randbytes(16 * 12 * 3)
            Image.frombytes("RGB", (16, 12), noise).save(data, "PNG")
            (tmp_path / f"{number:03}.png").write_bytes(data.getvalue())
        environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "c"),
                       "XDG_CACHE_HOME": str(tmp_path / "k"), "XDG_DATA_HOME": str(tmp_path / "d")}
        return subprocess.Popen(
            [PROGRAM, "classify", *(f"{number:03}.png" for number in range(given)), "--url",
             f"http://127.0.0.1:{service.port}/", "--model", "m", "--model-version", "1",
             "--format", "ndjson", *options], cwd=tmp_path, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

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


def first(action, count=1):
    """The first requests go wrong, then all is well."""
    return lambda handler, number, earlier: action(handler) if number <= count else handler.say()


def once(action):
    """Each picture goes wrong when it first comes."""
    return lambda handler, number, earlier: handler.say() if earlier else action(handler)


def always(action):
    return lambda handler, number, earlier: action(handler)


def status(code, **headers):
    return lambda handler: handler.say(code, {"error": {"message": "Not now"}}, **headers)


# What happens, and how many are answered, fail, and requests come.
FAULTS = {
    "reset once": (first(Handler.reset), GIVEN, 0, GIVEN + 1),
    "reset three times": (first(Handler.reset, 3), GIVEN, 0, GIVEN + 3),
    "closed once": (first(Handler.hang_up), GIVEN, 0, GIVEN + 1),
    "cut short once": (first(Handler.cut_short), GIVEN, 0, GIVEN + 1),
    "chunks broken off once": (first(Handler.break_chunks), GIVEN, 0, GIVEN + 1),
    "408 twice": (first(status(408), 2), GIVEN, 0, GIVEN + 2),
    "425 for each": (once(status(425)), GIVEN, 0, 2 * GIVEN),
    "429 twice": (first(status(429), 2), GIVEN, 0, GIVEN + 2),
    "500 for each once": (once(status(500)), GIVEN, 0, 2 * GIVEN),
    "500 always": (always(status(500)), 0, GIVEN, 2 * GIVEN),
    "502 twice": (first(status(502), 2), GIVEN, 0, GIVEN + 2),
    "503 three times": (first(status(503), 3), GIVEN, 0, GIVEN + 3),
    "504 twice": (first(status(504), 2), GIVEN, 0, GIVEN + 2),
    "501 always": (always(status(501)), 0, GIVEN, GIVEN),
    "400 always": (always(status(400)), 0, GIVEN, GIVEN),
    "413 always": (always(status(413)), 0, GIVEN, GIVEN),
    "422 with Retry-After": (always(status(422, Retry_After="600")), 0, GIVEN, GIVEN),
    "Retry-After that is none": (first(status(503, Retry_After="soon")), GIVEN, 0, GIVEN + 1),
    "Retry-After in the past": (first(status(503, Retry_After="Sun, 06 Nov 1994 08:49:37 GMT")),
                                GIVEN, 0, GIVEN + 1),
    "HTML with status 200": (always(lambda handler: handler.say(200, b"<html>Welcome</html>",
                                                                Content_Type="text/html")),
                             0, GIVEN, GIVEN),
    "an error that is no JSON": (first(lambda handler: handler.say(503, b"\xff\xfe<oops>")),
                                 GIVEN, 0, GIVEN + 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost(serve, start, fault):
    plan, answered, failed, requests = FAULTS[fault]
    service = serve(plan)
    code, counts, _ = finish(start(service))
    assert (counts["ok"], counts["failed"]) == (answered, failed), service.asked
    assert code == (0 if failed == 0 else 1)
    assert len(service.asked) == requests
    assert service.most <= 8


@pytest.mark.parametrize("code", [429, 503])
def test_a_hint_holds_all(serve, start, code):
    service = serve(first(status(code, Retry_After="2")))
    _, counts, _ = finish(start(service, "--jobs", "1"))
    assert counts["ok"] == GIVEN
    assert service.gaps()[0] >= 2


def test_a_hint_with_a_date(serve, start):
    def refuse(handler):
        handler.say(503, {}, Retry_After=email.utils.formatdate(time.time() + 3, usegmt=True))

    service = serve(first(refuse))
    _, counts, _ = finish(start(service, "--jobs", "1"))
    assert counts["ok"] == GIVEN
    assert service.gaps()[0] >= 1.9  # a date has whole seconds


def test_too_slow_once(serve, start):
    service = serve(first(Handler.wait_long, 2))
    _, counts, lines = finish(start(service, "--timeout", "1"))
    assert counts["ok"] == GIVEN
    assert sorted(line["attempts"] for line in lines.values())[-2:] == [2, 2]


def test_no_retries_when_none_are_wanted(serve, start):
    service = serve(first(status(503), 1))
    code, counts, lines = finish(start(service, "--retries", "0"))
    assert (code, counts["ok"], counts["failed"]) == (1, GIVEN - 1, 1)
    assert {line["attempts"] for line in lines.values()} == {1}


def test_a_service_that_restarts(serve, start):
    service = serve(always(lambda handler: (time.sleep(0.02), handler.say())))
    child = start(service, given=60)
    service.wait_asked(10)
    port = service.port
    service.early = True
    service.close()
    service.early = False
    service.open(port)
    code, counts, _ = finish(child, given=60)
    assert (code, counts["ok"]) == (0, 60)


def test_interrupted_while_it_waits(serve, start):
    service = serve(always(status(503, Retry_After="600")))
    child = start(service)
    service.wait_asked(1)
    child.send_signal(signal.SIGINT)
    code, counts, _ = finish(child)
    assert code == 130
    assert counts["canceled"] == GIVEN
