# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks the Open Inference Protocol and takes a fixed time for each request, however many
pictures it has: the most that batches can gain.  Requests don't wait for each other.

usage: batch_sink.py MILLISECONDS

It listens on a free port of 127.0.0.1 and writes the port as its first line.  For each line on
standard input it writes "REQUESTS PICTURES", counted since the one before.  It ends with its
standard input."""
import http.server
import json
import socket
import sys
import threading
import time

LABELS = ["daisy", "dandelion", "roses", "sunflowers", "tulips"]
MODEL = {
    "name": "m", "versions": ["1"], "platform": "sink",
    "inputs": [{"name": "image", "datatype": "BYTES", "shape": [-1]}],
    "outputs": [{"name": "probabilities", "datatype": "FP32", "shape": [-1, len(LABELS)]}],
    "parameters": {"labels": "\n".join(LABELS), "max_batch_size": 64},
}
SERVER = {"name": "sink", "version": "1", "extensions": ["binary_tensor_data"]}
SCORES = [0.9375, 0.03125, 0.015625, 0.0078125, 0.0078125]
DELAY = float(sys.argv[1]) / 1000


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self):
        self.answer(SERVER if self.path == "/v2" else MODEL)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = json.loads(body[:int(self.headers.get("Inference-Header-Content-Length", len(body)))])
        pictures = said["inputs"][0]["shape"][0]
        self.server.count(pictures)
        time.sleep(DELAY)       # what the network takes
        self.answer({"model_name": "m", "model_version": "1", "outputs": [
            {"name": "probabilities", "datatype": "FP32", "shape": [pictures, len(LABELS)],
             "data": SCORES * pictures}]})

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    lock = threading.Lock()
    requests = pictures = 0

    def count(self, pictures):
        with self.lock:
            self.requests += 1
            self.pictures += pictures

    def report(self):
        with self.lock:
            print(self.requests, self.pictures, flush=True)
            self.requests = self.pictures = 0


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for _ in sys.stdin:
        server.report()
