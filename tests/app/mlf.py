# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small MLF service in the test's own process, whose mood can change while it
is asked."""
import base64
import contextlib
import http.server
import json
import os
import socket
import ssl
import threading

# The answer of the tutorial "Use machine learning to classify images", to the digit.
TUTORIAL = [("roses", .9573449492454529), ("tulips", .0396801233291626),
            ("sunflowers", .0027627646923065186), ("daisy", .00018524238839745522),
            ("dandelion", .0000269435749942204)]


def answer_of(version):
    """What a version says of any picture: 1 as in the tutorial, others the reverse."""
    labels = [label for label, _ in TUTORIAL]
    if version != "1":
        labels.reverse()
    return [(label, score) for label, (_, score) in zip(labels, TUTORIAL)]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, value, **headers):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(body)

    def permitted(self):
        service = self.server.service
        service.signed.append(self.headers[service.key_header])
        if service.forbidding:
            self.reply(403, {"error": {"code": "403", "message": "Not for you"}})
            return False
        scheme = "Bearer " if service.key_header == "Authorization" else ""
        if service.token is None or service.signed[-1] == scheme + service.token:
            return True
        self.reply(401, {"error": {"code": "401", "message": "Who are you?"}})
        return False

    def give_token(self):
        service = self.server.service
        pair = base64.b64encode(":".join(service.client).encode()).decode()
        if self.headers["Authorization"] != f"Basic {pair}":
            self.reply(401, {"error": "unauthorized", "error_description": "Bad credentials"})
            return
        self.reply(200, {"access_token": service.token, "token_type": "bearer",
                         "expires_in": service.lifetime})

    def do_GET(self):
        if not self.permitted():
            return
        versions = self.server.service.versions
        if self.path == "/list/models":
            self.reply(200, {"models": [{"versions": [{"modelName": "tutorial", "version": version}
                                                      for version in versions]}]})
        elif self.path == "/list/deployments":
            self.reply(200, {"deployments": [
                {"modelName": "tutorial", "modelVersion": version, "id": version,
                 "status": {"state": "SUCCEEDED"}} for version in versions]})
        else:
            self.reply(404, {"error": {"code": "404", "message": "Nothing here"}})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        service = self.server.service
        if self.path == "/oauth/token":
            self.give_token()
            return
        with service.changed:
            service.asked.append(self.path)
            number = len(service.asked)
            service.flying += 1
            service.most = max(service.most, service.flying)
            service.changed.notify_all()
            service.changed.wait_for(lambda: not service.is_silent(number) or service.closed, 60)
            service.flying -= 1  # before the answer, which may bring the next
        with contextlib.suppress(OSError):  # the client may have gone
            if service.cutting:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if not self.permitted():
                return
            if service.rests:
                self.reply(503, {"error": {"code": "503", "message": "Later"}},
                           Retry_After=str(service.rests.pop()))
            elif service.failing:
                self.reply(500, {"error": {"code": "500", "message": service.complaint}})
            else:
                service.count_down()
                scores = service.scores or answer_of(self.path.rpartition("/")[2])
                results = [{"label": label, "score": score} for label, score in scores]
                self.reply(200, {"id": "1", "status": "DONE",
                                 "processedTime": "2018-09-27T08:26:59.822949+00:00",
                                 "predictions": [{"name": "a", "results": results}]})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *arguments):
        self.connections = []
        super().__init__(*arguments)

    def get_request(self):
        connection, address = super().get_request()
        self.connections.append(connection)
        return connection, address

    def close_connections(self):
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Service:
    """Answers as the tutorial's service did; `token`, if set, is asked for in the
    header `key_header`, and given for `lifetime` seconds to the `client`, an id and a
    secret; while `forbidding` nothing is permitted, while `holding` no picture is
    answered, nor any after the first `answers`, if set; while `cutting` the connection
    is cut instead, and while `failing` each gets a 500 with the `complaint`.  `scores`,
    if set, are what it says of each.  Each of `rests` is asked for
    once, in seconds.  With `certificate`, the files of
    certificate and key, it speaks TLS."""

    def __init__(self, port=0, certificate=None):
        self.token = None
        self.key_header = "Authorization"
        self.client = ("", "")
        self.lifetime = 43199
        self.forbidding = False
        self.signed = []
        self.versions = ["1"]
        self.holding = False
        self.answers = None
        self.failing = False
        self.complaint = "Out of order"
        self.scores = None
        self.cutting = False
        self.rests = []
        self.next = (0, None)
        self.closed = False
        self.asked = []
        self.flying = self.most = 0
        self.changed = threading.Condition()
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.service = self
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """From now on connections are refused, and those that stand are cut."""
        self.release(closed=True)
        self.server.shutdown()
        self.server.close_connections()
        self.server.server_close()
        self.thread.join()

    def after(self, pictures, change):
        """Calls change() once it has answered so many pictures from now on."""
        with self.changed:
            self.next = (pictures, change)

    def count_down(self):
        with self.changed:
            left, change = self.next
            self.next = (left - 1, change)
            if left == 1:
                change()

    def is_silent(self, number):
        return self.holding or (self.answers is not None and number > self.answers)

    def release(self, closed=False):
        with self.changed:
            self.holding = False
            self.answers = None
            self.closed = closed
            self.changed.notify_all()

    def wait_asked(self, count, seconds=30):
        """Until so many pictures have arrived here."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.asked) >= count, seconds):
                raise AssertionError(f"asked {len(self.asked)} times, not {count}")

    def as_connection(self, auth="none", chosen=True, name="Tutorial"):
        """Writes this service among the saved connections, and chooses it."""
        folder = os.environ["XDG_CONFIG_HOME"]
        os.makedirs(os.path.join(folder, "assay"), exist_ok=True)
        with open(os.path.join(folder, "assay", "connections.conf"), "w", encoding="utf-8") as file:
            file.write(f"[connection tutorial]\nname={name}\nprotocol=mlf\nauth={auth}\n"
                       f"url=http://127.0.0.1:{self.port}/classify\n"
                       f"models-url=http://127.0.0.1:{self.port}/list\n")
        if chosen:
            os.makedirs(os.path.join(folder, "glib-2.0", "settings"), exist_ok=True)
            with open(os.path.join(folder, "glib-2.0", "settings", "keyfile"), "w",
                      encoding="utf-8") as file:
                file.write("[io/github/assay/Assay]\nconnection='tutorial'\n")
