# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small service of the Open Inference Protocol in the test's own process, which says of
each picture the scores that it is told to.

with oip_server.Server([4.5, -1.0, 0.5]) as service: ask(service.url)
"""
import http.server
import json
import os
import threading

LABELS = ["daisy", "roses", "tulips"]
IMAGE = {"name": "image", "datatype": "BYTES", "shape": [-1]}
PIXELS = {"name": "pixels", "datatype": "FP32", "shape": [-1, 3, 64, 64]}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def permitted(self):
        token = self.server.service.token
        if token is None or self.headers["Authorization"] == "Bearer " + token:
            return True
        self.reply({"error": "Who are you?"}, 401)
        return False

    def do_GET(self):
        service = self.server.service
        if not self.permitted():
            return
        if self.path == "/v2":
            self.reply({"name": "lab", "version": "1.0", "extensions": ["model_repository"]})
        elif self.path in ("/v2/models/flowers", "/v2/models/flowers/versions/1"):
            self.reply({"name": "flowers", "versions": ["1"], "platform": "test",
                        "inputs": [service.input], "parameters": {"labels": "\n".join(LABELS)},
                        "outputs": [{"name": "scores", "datatype": "FP32",
                                     "shape": [-1, len(LABELS)]}]})
        elif self.path.endswith("/ready"):
            self.reply({"ready": True})
        else:
            self.reply({"error": "Nothing here"}, 404)

    def do_POST(self):
        service = self.server.service
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.permitted():
            return
        if self.path == "/v2/repository/index":
            self.reply([{"name": "flowers", "version": "1", "state": "READY"}])
            return
        if not self.path.startswith("/v2/models/flowers/") or not self.path.endswith("/infer"):
            self.reply({"error": "Nothing here"}, 404)
            return
        service.asked.append(self.path)
        # What stands behind the JSON is not looked at.
        length = int(self.headers.get("Inference-Header-Content-Length", len(body)))
        n = json.loads(body[:length])["inputs"][0]["shape"][0]
        self.reply({"model_name": "flowers", "model_version": "1", "outputs": [
            {"name": "scores", "datatype": "FP32", "shape": [n, len(LABELS)],
             "data": service.scores * n}]})


class Server:
    """Invariant: what it was asked about stands in .asked, in the order of its coming."""

    def __init__(self, scores, token=None, input=IMAGE):
        self.scores, self.token, self.input = list(scores), token, input
        self.asked = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.service = self
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def as_connection(self, lines=()):
        """Writes this service among the saved connections, with more in it, and chooses it."""
        folder = os.environ["XDG_CONFIG_HOME"]
        lines = ["name=Lab", "protocol=oip", "auth=none"] + [
            line for line in lines if not line.startswith(("url=", "name=", "protocol=", "auth="))]
        os.makedirs(os.path.join(folder, "assay"), exist_ok=True)
        with open(os.path.join(folder, "assay", "connections.conf"), "w", encoding="utf-8") as file:
            file.write("\n".join(["[connection lab]", f"url={self.url}", *lines, ""]))
        os.makedirs(os.path.join(folder, "glib-2.0", "settings"), exist_ok=True)
        with open(os.path.join(folder, "glib-2.0", "settings", "keyfile"), "w",
                  encoding="utf-8") as file:
            file.write("[io/github/assay/Assay]\nconnection='lab'\n")
