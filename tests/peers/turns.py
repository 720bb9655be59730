# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several replicas of a foreign server behind one address, as behind the Service or the
gateway of a cluster: each request goes to the next that is ready."""
import contextlib
import http.client
import http.server
import os
import signal
import socket
import subprocess
import tempfile
import threading

import foreign
import peers
from service import PATIENCE

HOP_BY_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}


class Replica:
    """One of foreign's servers, which can be killed and started again at its address."""

    def __init__(self, python, script):
        self.command = [python, os.path.join(peers.HERE, script),
                        os.path.join(foreign.MODEL, "model.onnx"), foreign.LABELS_FILE]
        self.ports = foreign.free_ports(3)
        self.answers = 0            # classified since it was started
        self.is_in = False          # gets requests; one that broke is out until it is ready
        self.child = None

    def start(self):
        self.folder = tempfile.TemporaryDirectory()
        self.log = open(os.path.join(self.folder.name, "log"), "w+b")
        self.answers = 0
        # A group of its own: the server that PyTriton starts has to die with it.
        self.child = subprocess.Popen(
            [*self.command, *map(str, self.ports)], cwd=self.folder.name, start_new_session=True,
            env={**os.environ, "HOME": self.folder.name, "PYTHONPATH": peers.HERE},
            stdin=subprocess.PIPE, stdout=self.log, stderr=subprocess.STDOUT)

    def wait_until_ready(self, model):
        url = f"http://127.0.0.1:{self.ports[0]}/v2/models/{model}/ready"
        foreign.wait_until_ready(self.child, url)

    def kill(self):
        """As a node that loses its power."""
        os.killpg(self.child.pid, signal.SIGKILL)
        self.end()

    def stop(self):
        """By the end of its standard input, as all of them."""
        if self.child is None:
            return
        self.child.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.child.wait(PATIENCE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.end()

    def end(self):
        self.child.wait()
        self.child.stdin.close()
        self.child = None
        self.log.seek(0)
        print(self.log.read().decode(errors="replace")[-2000:])
        self.log.close()
        self.folder.cleanup()

    def ask(self, method, path, body=None, headers=()):
        """Status, headers and body; raises where the connection or the answer breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[0], timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body, dict(headers))
            reply = connection.getresponse()
            return reply.status, reply.getheaders(), reply.read()


class Turns(http.server.ThreadingHTTPServer):
    """The one address.  A request on which a replica breaks is answered with 502, and the
    replica is left out until it says that it is ready: it retries nothing itself.  Pictures
    pass as they are let, so that a test knows how far a run is."""
    daemon_threads = True

    def __init__(self, replicas, model):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replicas, self.model = replicas, model
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.changed = threading.Condition()
        self.next = 0
        self.room = 0               # so many requests for pictures may still pass
        self.answered = self.broken = 0
        self.thread = threading.Thread(target=self.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.let(float("inf"))
        self.shutdown()
        self.thread.join()
        self.server_close()

    def let(self, count):
        with self.changed:
            self.room += count
            self.changed.notify_all()

    def enter(self):
        with self.changed:
            self.changed.wait_for(lambda: self.room > 0)
            self.room -= 1

    def wait(self, reached):
        """Until it is so."""
        with self.changed:
            assert self.changed.wait_for(reached, PATIENCE), \
                (self.answered, self.broken, [replica.answers for replica in self.replicas])

    def choose(self):
        """Whose turn it is of those that are ready, or None."""
        for _ in self.replicas:
            with self.changed:
                replica = self.replicas[self.next % len(self.replicas)]
                self.next += 1
            if replica.is_in or self.is_ready(replica):
                replica.is_in = True
                return replica
        return None

    def is_ready(self, replica):
        try:
            return replica.ask("GET", f"/v2/models/{self.model}/ready")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def note(self, replica, works):
        with self.changed:
            replica.is_in = works
            if works:
                replica.answers += 1
            self.answered += works
            self.broken += not works
            self.changed.notify_all()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asks = self.path.endswith("/infer")
        if asks:
            self.server.enter()
        replica = self.server.choose()
        if replica is None:
            self.answer(503)
            return
        try:
            reply = replica.ask(self.command, self.path, body, self.keep(self.headers.items()))
        except (OSError, http.client.HTTPException):
            self.server.note(replica, False)
            self.answer(502)
            return
        if asks:
            self.server.note(replica, True)
        self.answer(*reply)

    do_GET = do_POST = pass_on

    @staticmethod
    def keep(headers):
        return [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]

    def answer(self, status, headers=(), body=b""):
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in self.keep(headers):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_):
        pass
