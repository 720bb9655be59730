#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small MLF service on loopback that answers by the bytes it gets and
misbehaves by its path; written with Python's own HTTP and multipart parser.

usage: mlf_server.py
Prints its port; ends at the end of its standard input.

POST /<mood>/models/M/versions/V, where <mood> is
  ok             answers: labels "even" and "odd" by the picture's SHA-256; for an
                 archive as the one part, for each of its members
  hold-N         answers when N requests are there together, or after 10 s
  slow-MS        answers after MS milliseconds
  status-CODE    refuses with that status
  garbage        answers 200 with no JSON
  close          closes the connection instead
  hang           never answers, until the connection is closed
  token          answers whoever brings "Bearer open-sesame"
  token-N        the same, from the Nth request on, and before that everybody
  gated          answers once somebody has asked for GET /open, or after 30 s
  kept           answers, and keeps the bytes that came for GET /sent
  first-N        answers the first N requests and hangs from then on
  keep           answers, and keeps what the last part was, as hexadecimal digits
  drop-N         leaves the Nth prediction out, from 0
  twice-N        answers twice for the Nth
  reverse        answers in the reverse order
  rename         answers under names that nobody sent
  extra          answers for one picture more than there are
  each-CODE      refuses each picture with that status when it first comes; 0
                 closes the connection instead
  sick-CODE-N-S  refuses the first N requests with that status and, if S isn't 0,
                 Retry-After: S; 0 closes the connection instead
GET /stats       what was seen: requests, high_water, names, models, digests
GET /wait-N      the same, once N requests have come, or after 30 s
GET /open        lets the gated ones go
GET /sent/SHA256 the bytes that came in the kept mood
GET /<mood>/list/models, /<mood>/list/deployments
"""
import email.parser
import email.policy
import gzip
import hashlib
import http.server
import io
import json
import socket
import sys
import tarfile
import threading
import time
import urllib.parse
import zipfile


class Seen:
    def __init__(self):
        self.condition = threading.Condition()
        self.requests = 0
        self.flying = 0
        self.high_water = 0
        self.names = []
        self.models = []
        self.digests = []
        self.lengths = []
        self.last = None
        self.kept = {}
        self.open = False
        self.times = []  # monotonic, of each request

    def as_dict(self):
        with self.condition:
            return {name: value for name, value in vars(self).items()
                    if name not in ("condition", "kept", "open")}


SEEN = Seen()


def parse_parts(content_type, body):
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    return [(part.get_filename(), part.get_payload(decode=True)) for part in message.iter_parts()]


def unpack(name, content):
    """The members of an archive, or the one picture itself."""
    # By its first bytes: a picture may have an archive behind its end.
    if content[:4] == b"PK\3\4":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [(info.filename, archive.read(info)) for info in archive.infolist()]
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
        if not tarfile.is_tarfile(io.BytesIO(content)):
            return [(name.removesuffix(".gz"), content)]
    if content[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            return [(info.name, archive.extractfile(info).read()) for info in archive]
    return [(name, content)]


def distort(predictions, kind, value):
    number = int(value or 0)
    if kind == "drop":
        del predictions[number]
    elif kind == "twice":
        predictions.insert(0, predictions[number])
    elif kind == "reverse":
        predictions.reverse()
    elif kind == "rename":
        for index, prediction in enumerate(predictions):
            prediction["name"] = f"picture {index}"
    elif kind == "extra":
        predictions.insert(0, {**predictions[0], "name": "nobody.jpg"})


def answer(parts, kind="ok", value=""):
    if len(parts) == 1:
        parts = unpack(*parts[0])
    predictions = []
    for name, content in parts:
        share = hashlib.sha256(content).digest()[0] / 255
        predictions.append({"name": name, "results": [
            {"label": "even", "score": share}, {"label": "odd", "score": 1 - share}]})
    distort(predictions, kind, value)
    return {"id": "1", "predictions": predictions, "status": "DONE",
            "processedTime": "2018-09-27T08:26:59.822949+00:00"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, value, headers={}):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        mood, _, what = self.path.strip("/").partition("/list/")
        if mood == "stats" or mood.startswith("wait-"):
            wanted = int(mood.partition("-")[2] or 0)
            with SEEN.condition:
                SEEN.condition.wait_for(lambda: SEEN.requests >= wanted, 30)
            self.reply(200, SEEN.as_dict())
        elif mood.startswith("status-"):
            self.reply(int(mood.split("-")[1]), {"error": {"message": "No list today"}})
        elif mood == "open":
            with SEEN.condition:
                SEEN.open = True
                SEEN.condition.notify_all()
            self.reply(200, {})
        elif mood.startswith("sent/") and mood.partition("/")[2] in SEEN.kept:
            self.reply(200, SEEN.kept[mood.partition("/")[2]])
        elif what == "models":
            listed = [("flowers", version) for version in ("1", "2", "10", "11")]
            if mood == "two":
                listed.append(("cars", "1"))
            models = [{"versions": [{"modelName": model, "version": version}]}
                      for model, version in listed]
            self.reply(200, {"models": models})
        elif what == "deployments":
            states = {"1": "SUCCEEDED", "2": "SUCCEEDED", "10": "SUCCEEDED", "11": "PENDING"}
            self.reply(200, {"deployments": [
                {"modelName": "flowers", "modelVersion": version, "id": version,
                 "status": {"state": state}} for version, state in states.items()]})
        else:
            self.reply(404, {"error": {"message": "Nothing here"}})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(body) < int(self.headers["Content-Length"]):
            self.close_connection = True
            return  # the client gave up in the middle: nothing was sent
        parts = parse_parts(self.headers["Content-Type"], body)
        mood, *rest = self.path.strip("/").split("/")
        with SEEN.condition:
            SEEN.requests += 1
            SEEN.flying += 1
            SEEN.high_water = max(SEEN.high_water, SEEN.flying)
            repeated = [name for name, _ in parts if name in SEEN.names]
            SEEN.times.append(time.monotonic())
            SEEN.names += [name for name, _ in parts]
            SEEN.digests += [hashlib.sha256(content).hexdigest() for _, content in parts]
            SEEN.lengths += [len(content) for _, content in parts]
            SEEN.last = parts[-1][1].hex() if mood == "keep" else None
            SEEN.models.append([urllib.parse.unquote(part) for part in rest])
            number = SEEN.requests
            SEEN.condition.notify_all()
        try:
            self.behave(mood, number, parts, repeated)
        except OSError:
            pass  # the client has gone
        finally:
            with SEEN.condition:
                SEEN.flying -= 1

    def refuse(self, code, seconds="0"):
        if code == "0":
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        return self.reply(int(code), {"error": {"code": code, "message": "Not in the mood"}},
                          {"Retry-After": seconds} if seconds != "0" else {})

    def behave(self, mood, number, parts, repeated):
        kind, _, value = mood.partition("-")
        if kind == "each" and not repeated:
            return self.refuse(value)
        if kind == "sick":
            code, count, seconds = value.split("-")
            if number <= int(count):
                return self.refuse(code, seconds)
        if kind in ("each", "sick"):
            kind, value = "ok", ""
        if kind == "kept":
            SEEN.kept.update((hashlib.sha256(content).hexdigest(), content)
                             for _, content in parts)
        elif kind == "gated":
            with SEEN.condition:
                SEEN.condition.wait_for(lambda: SEEN.open, 30)
        elif kind == "hold":
            with SEEN.condition:
                SEEN.condition.wait_for(lambda: SEEN.high_water >= int(value), 10)
        elif kind == "slow":
            threading.Event().wait(int(value) / 1000)
        elif kind == "status":
            return self.reply(int(value), {"error": {"code": value, "message": "Not in the mood"}})
        elif kind == "garbage":
            return self.reply(200, b"<html>hello</html>")
        elif kind == "hang" or kind == "first" and number > int(value):
            self.close_connection = True
            return self.connection.recv(1)
        elif kind == "close":
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        elif (kind == "token" and number >= int(value or 0)
              and self.headers["Authorization"] != "Bearer open-sesame"):
            return self.reply(401, {"error": {"message": "Who are you?"}})
        return self.reply(200, answer(parts, kind, value))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
