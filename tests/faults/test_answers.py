# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Malformed answers on a real socket.  Of three pictures the second gets the bad
answer: it alone fails, with a sentence that says why, in bounded memory and time;
the others have their own answers; given = answered + failed + rejected + canceled."""
import collections
import functools
import gzip
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import zlib

import pytest
from PIL import Image

PROGRAM = os.environ["ASSAY_CLI"]
SANITIZED = "ASAN_OPTIONS" in os.environ
PATIENCE = 120  # seconds for anything; sanitizers are slow
MOST_KIB = (512 if SANITIZED else 64) * 1024  # resident, at the peak
# A child has its parent's peak for a start, so the parent must be a small one.
LAUNCHER = """import os, subprocess, sys
child = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(child.pid, 0)
with open(sys.argv[1], "w") as file:
    file.write(str(usage.ru_maxrss))
os._exit(os.waitstatus_to_exitcode(status))
"""
NAMES = ["first.png", "bad.png", "last.png"]
JSON = "application/json"


def predictions(*names, results=None):
    return {"predictions": [
        {"name": name, "results": results or [{"label": name, "score": 0.75},
                                              {"label": "other", "score": 0.25}]}
        for name in names]}


def head(*lines, status="200 OK", kind=JSON):
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *lines, "", ""]).encode()


def whole(body, *lines, **options):
    body = body if isinstance(body, bytes) else \
        (body if isinstance(body, str) else json.dumps(body)).encode()
    return head(f"Content-Length: {len(body)}", *lines, **options) + body


def packed(body, **options):
    return whole(body, "Content-Encoding: gzip", **options)


def chunks(*parts):
    return head("Transfer-Encoding: chunked") + b"".join(parts)


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


@functools.cache
def bomb():
    """Half a gigabyte of blanks in half a megabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * (1 << 20)) for _ in range(512)) + packer.flush()


def many_labels(size):
    """A valid answer of so many bytes, more or less, in pieces."""
    piece = b'{"label":"' + b"x" * 500 + b'","score":0.0},'
    yield b'{"predictions":[{"name":"bad.png","results":['
    for _ in range(size // len(piece)):
        yield piece
    yield b'{"label":"x","score":0}]}]}'


def long_answer():
    pieces = list(many_labels(50_000_000))
    yield head(f"Content-Length: {sum(map(len, pieces))}")
    yield from pieces


def long_chunks():
    yield head("Transfer-Encoding: chunked")
    yield from map(chunk, many_labels(50_000_000))


def endless(first, more):
    """As much of it as anybody takes."""
    yield first
    for _ in range(2000):
        yield more * (100_000 // len(more))


GOOD = json.dumps(predictions("bad.png")).encode()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
TEXT = GOOD.decode()


# What comes, "ok" or the code of the error (None for any), and what its sentence says.
# What comes as JSON that is whole is taken, however it came: JSON has its own end.
def carried(good):
    """What may become of any answer on its way."""
    text = good.decode()
    return {
        "cut off": (head("Content-Length: 4096") + good[:20], "offline", "closed the connection before"),
        "nothing of the body": (head("Content-Length: 4096"), "offline", "closed the connection before"),
        "length too short": (head("Content-Length: 20") + good, "bad-answer", "line 1"),
        "length too long": (head(f"Content-Length: {len(good) + 1}") + good, "offline", "closed"),
        "length negative": (head("Content-Length: -5") + good, None, None),
        "length absurd": (head("Content-Length: 99999999999999999999") + good, None, None),
        "length of words": (head("Content-Length: many") + good, None, None),
        "two lengths": (head("Content-Length: 3", f"Content-Length: {len(good)}") + good, "ok", None),
        "no length, then closed": (head() + good, "ok", None),
        "empty": (whole(""), "bad-answer", "empty"),
        "no content": (head(status="204 No Content"), "bad-answer", "empty"),
        "chunk of no number": (chunks(b"zz\r\n" + good), None, None),
        "chunk below zero": (chunks(b"-8\r\n" + good), None, None),
        "chunk beyond all bounds": (chunks(b"ffffffffffffffff\r\n" + good), None, None),
        "chunk longer than it says": (chunks(b"8\r\n" + good + b"\r\n0\r\n\r\n"), None, None),
        "chunk without an end": (chunks(b"%x\r\n" % (len(good) + 1) + good), "offline", "closed"),
        "chunks without a last": (chunks(chunk(good)), "ok", None),
        "chunks, one byte each": (chunks(*(chunk(bytes([byte])) for byte in good), b"0\r\n\r\n"), "ok", None),
        "gzip": (packed(gzip.compress(good)), "ok", None),
        "gzip bomb": (lambda: [packed(bomb())], "bad-answer", "longer than 8 MiB"),
        "gzip bomb in chunks": (lambda: [head("Content-Encoding: gzip", "Transfer-Encoding: chunked"),
                                         chunk(bomb()), b"0\r\n\r\n"], "bad-answer", "longer than 8 MiB"),
        "gzip in a gzip bomb": (lambda: [packed(gzip.compress(bomb()))], "bad-answer", "UTF-8"),
        "gzip cut off": (packed(gzip.compress(good)[:-12]), None, None),
        "gzip that is none": (packed(good), "ok", None),
        "an encoding that nobody knows": (whole(b"\x8b\x00\x80oops\x03", "Content-Encoding: oops"),
                                          "bad-answer", None),
        "a web page": (whole("<!DOCTYPE html><title>Sign in</title>", kind="text/html"),
                       "bad-answer", "web page"),
        "a web page that says it is JSON": (whole("\n <html>Welcome</html>"), "bad-answer", "web page"),
        "a picture": (whole(PNG, kind="image/png"), "bad-answer", "UTF-8"),
        "JSON that says it is text": (whole(good, kind="text/plain"), "ok", None),
        "JSON without a type": (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(good), good), "ok", None),
        "cut in its middle": (whole(good[:len(good) // 2]), "bad-answer", "line 1"),
        "depth of 100,000, closed": (whole("[" * 100_000 + "]" * 100_000), "bad-answer", "nested too deeply"),
        "objects 100,000 deep": (whole('{"a":' * 100_000 + "1" + "}" * 100_000), "bad-answer", "nested too deeply"),
        "a million values": (whole("[" + "1," * 1_000_000 + "1]"), "bad-answer", "too many values"),
        "100,000 members": (whole("{" + ",".join(f'"{i}":1' for i in range(100_000)) + "}"),
                            "bad-answer", "too many members"),
        "NaN": (whole(text.replace("0.75", "NaN")), "bad-answer", "a value is expected"),
        "Infinity": (whole(text.replace("0.75", "-Infinity")), "bad-answer", "a value is expected"),
        "half a character": (whole(text.replace("other", r"\ud800")), "bad-answer", "lone surrogate"),
        "halves in the wrong order": (whole(text.replace("other", r"\udc00\ud800")), "bad-answer", "lone surrogate"),
        "a null character": (whole(text.replace("other", r"\u0000")), "bad-answer", "null character"),
        "UTF-16": (whole(text.encode("utf-16")), "bad-answer", "UTF-8"),
        "UTF-32": (whole(text.encode("utf-32")), "bad-answer", None),
        "Latin 1": (whole(text.replace("other", "caf\u00e9").encode("latin-1")), "bad-answer", "UTF-8"),
        "a byte order mark": (whole(b"\xef\xbb\xbf" + good), "ok", None),
        "a comment": (whole("/* hello */" + text), "bad-answer", "byte 1"),
        "two documents": (whole(text + text), "bad-answer", "follows the end"),
        "no status line": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "bad-answer", "as a web service does"),
        "a head without an end": (lambda: endless(b"HTTP/1.1 200 OK\r\nX: ", b"x"), None, None),
        "head lines without an end": (lambda: endless(b"HTTP/1.1 200 OK\r\n", b"X-Line: x\r\n"), None, None),
    }


MLF_FAULTS = {
    "depth of 100,000": (whole('{"predictions":' + "[" * 100_000), "bad-answer", "nested too deeply"),
    "50 MB of labels": (long_answer, "bad-answer", "longer than 8 MiB"),
    "50 MB of labels in chunks": (long_chunks, "bad-answer", "longer than 8 MiB"),
    "8 MB of labels": (lambda: [whole(b"".join(many_labels(8_000_000)))], "ok", None),
    "too many labels": (whole(predictions("bad.png", results=[{"label": "x", "score": 0}] * 25_001)),
                        "bad-answer", "results[25000]"),
    "1e999": (whole(TEXT.replace("0.75", "1e999")), "bad-answer", "results[0].score is not a finite number"),
    "a score in words": (whole(TEXT.replace("0.75", '"0.75"')), "bad-answer", "not a finite number"),
    "a number of a million digits": (whole(TEXT.replace("0.75", "0." + "7" * 1_000_000)), "ok", None),
    "equal names": (whole('{"predictions":7,' + TEXT[1:]), "ok", None),
    "equal names, the last is wrong": (whole(TEXT[:-1] + ',"predictions":7}'), "bad-answer",
                                       "predictions is not a list"),
    "a list": (whole("[]"), "bad-answer", "not an object"),
    "null": (whole("null"), "bad-answer", "not an object"),
    "predictions missing": (whole({"status": "DONE"}), "bad-answer", "predictions is missing"),
    "only taken, not done": (whole({"status": "PENDING"}), "bad-answer", "PENDING"),
    "no predictions": (whole(predictions()), "bad-answer", "no prediction for \u201cbad.png\u201d"),
    "results missing": (whole({"predictions": [{"name": "bad.png"}]}), "bad-answer", "results is missing"),
    "results empty": (whole({"predictions": [{"name": "bad.png", "results": []}]}), "bad-answer", "results is empty"),
    "label missing": (whole(predictions("bad.png", results=[{"score": 1}])), "bad-answer", "label is missing"),
    "an extra prediction": (whole(predictions("stranger.png", "bad.png")), "ok", None),
    "predictions of strangers": (whole(predictions("x.png", "y.png")), "bad-answer", "no prediction for"),
    "an error with status 200": (whole({"error": {"message": "No quota"}}), "refused", "No quota"),
    "two answers to one question": (whole(GOOD) + whole(predictions("bad.png")), "ok", None),
}


def tensors(name, more=""):
    """What the Open Inference Protocol has in place of predictions."""
    return {"model_name": "m", "outputs": [
        {"name": "labels", "datatype": "BYTES", "shape": [1, 2], "data": [name, "other" + more]},
        {"name": "scores", "datatype": "FP32", "shape": [1, 2], "data": [0.75, 0.25]}]}


def tensor(kind, shape, data):
    return whole({"outputs": [{"name": "scores", "datatype": kind, "shape": shape, "data": data}]})


OIP_TEXT = json.dumps(tensors("bad.png"))
OIP_FAULTS = {
    "depth of 100,000": (whole('{"outputs":' + "[" * 100_000), "bad-answer", "nested too deeply"),
    "8 MB of a label": (whole(tensors("bad.png", "x" * 8_000_000)), "bad-answer", None),
    "too many labels": (tensor("FP32", [1, 25_001], [0.5] * 25_001), "bad-answer", None),
    "1e999": (whole(OIP_TEXT.replace("0.75", "1e999")), "bad-answer", "not FP32"),
    "a score in words": (whole(OIP_TEXT.replace("0.75", '"0.75"')), "bad-answer", "not FP32"),
    "a score that is null": (whole(OIP_TEXT.replace("0.75", "null")), "bad-answer", None),
    "a number of a million digits": (whole(OIP_TEXT.replace("0.75", "0." + "7" * 1_000_000)), "ok", None),
    "equal names": (whole('{"outputs":7,' + OIP_TEXT[1:]), "ok", None),
    "outputs missing": (whole({"model_name": "m"}), "bad-answer", "outputs is missing"),
    "no outputs": (whole({"outputs": []}), "bad-answer", "no output with scores"),
    "equal outputs": (whole({"outputs": 2 * tensors("bad.png")["outputs"]}), "bad-answer", None),
    "fewer values than its shape": (tensor("FP32", [1, 3], [0.5, 0.5]), "bad-answer", None),
    "more values than its shape": (tensor("FP32", [1, 1], [0.5, 0.5]), "bad-answer", None),
    "a shape beyond all bounds": (tensor("FP32", [1 << 32, 1 << 32], [0.5]), "bad-answer", None),
    "a shape below zero": (tensor("FP32", [-1, 2], [0.5, 0.5]), "bad-answer", "not a size"),
    "values 100,000 deep": (whole('{"outputs":[{"name":"s","datatype":"FP32","shape":[1],"data":'
                                  + "[" * 100_000 + "1" + "]" * 100_000 + "}]}"),
                            "bad-answer", "nested too deeply"),
    "neither scores nor labels": (tensor("INT64", [1], [3]), "bad-answer", "no output with scores"),
    "a text that is no score": (tensor("BYTES", [1, 1], ["rose"]), "bad-answer", "no score"),
    "a score that is no number": (tensor("BYTES", [1, 1], ["nan:0:rose"]), "bad-answer", None),
    "binary values that nobody wanted": (
        whole(json.dumps({"outputs": [{"name": "scores", "datatype": "FP32", "shape": [1, 1],
                                       "parameters": {"binary_data_size": 4}}]}).encode() + bytes(4)),
        "bad-answer", None),
    "an error with status 200": (whole({"error": "No quota"}), "refused", "No quota"),
    "a list": (whole("[]"), "bad-answer", "not an object"),
}
DESCRIPTIONS = {
    "/v2": {"name": "a server", "version": "1", "extensions": ["binary_tensor_data"]},
    "/v2/models/m/versions/1": {
        "name": "m", "inputs": [{"name": "image", "datatype": "BYTES", "shape": [1]}],
        "outputs": [{"name": "labels", "datatype": "BYTES", "shape": [1, 2]},
                    {"name": "scores", "datatype": "FP32", "shape": [1, 2]}]},
}

# By what is spoken: a good answer about a picture, and the bad ones.
SPOKEN = {
    "mlf": (predictions, {**carried(GOOD), **MLF_FAULTS}),
    "oip": (tensors, {**carried(OIP_TEXT.encode()), **OIP_FAULTS}),
}


def picture(name):
    data = io.BytesIO()
    Image.new("RGB", (8, 8), (NAMES.index(name), 0, 0)).save(data, "PNG")
    return data.getvalue()


class Service:
    """Answers each picture with its own name; bad.png as it is told to."""

    def __init__(self, answer, good):
        self.answer, self.good, self.asked = answer, good, []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            connection.settimeout(PATIENCE)
            try:
                while self.answer_one(connection):
                    pass
            except OSError:
                pass  # the client has had enough

    def answer_one(self, connection):
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return False
            data += more
        top, _, body = data.partition(b"\r\n\r\n")
        if top.startswith(b"GET "):
            connection.sendall(self.describe(top.split()[1].decode()))
            return True
        length = int(re.search(rb"content-length: *(\d+)", top, re.I).group(1))
        while len(body) < length:
            body += connection.recv(65536)
        name = next(name for name in NAMES if picture(name) in body)
        self.asked.append(name)
        if name != "bad.png":
            connection.sendall(whole(self.good(name)))
            return True
        for piece in self.answer() if callable(self.answer) else [self.answer]:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        return False

    @staticmethod
    def describe(path):
        found = DESCRIPTIONS.get(path)
        return whole(found) if found else whole("{}", status="404 Not Found")

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


@pytest.fixture
def run(tmp_path):
    """Asks about the three pictures: the lines by path, and the child's peak in KiB."""
    def ask(protocol, answer):
        for name in NAMES:
            (tmp_path / name).write_bytes(picture(name))
        service = Service(answer, SPOKEN[protocol][0])
        environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "c"),
                       "XDG_CACHE_HOME": str(tmp_path / "k"), "XDG_DATA_HOME": str(tmp_path / "d")}
        arguments = [sys.executable, "-c", LAUNCHER, "peak", PROGRAM, "classify", *NAMES, "--url", f"http://127.0.0.1:{service.port}/",
                     "--protocol", protocol, "--model", "m", "--model-version", "1", "--format", "ndjson",
                     "--jobs", "1", *ONCE]
        with open(tmp_path / "out", "wb") as out, open(tmp_path / "err", "wb") as err:
            child = subprocess.Popen(arguments, cwd=tmp_path, env=environment, stdout=out, stderr=err,
                                     stdin=subprocess.DEVNULL, start_new_session=True)
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                raise
            finally:
                service.close()
        peak = int((tmp_path / "peak").read_text())
        said = (tmp_path / "err").read_text()
        lines = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
        return child.returncode, lines, peak, said

    return ask


def has_retries():
    text = subprocess.run([PROGRAM, "classify", "--help"], capture_output=True, text=True,
                          timeout=PATIENCE, check=True).stdout
    return "--retries" in text


# A broken connection may be worth another try; here it would break again.
ONCE = ["--retries", "0"] if has_retries() else []


@pytest.mark.parametrize("protocol, fault", [(protocol, fault) for protocol in SPOKEN
                                             for fault in SPOKEN[protocol][1]])
def test_only_this_picture_fails(run, protocol, fault):
    answer, code, words = SPOKEN[protocol][1][fault]
    status, lines, peak, said = run(protocol, answer)
    print(fault, peak, said, [(line["path"], line["status"], line["error"]) for line in lines])
    counts = collections.Counter(line["status"] for line in lines)
    by_path = {line["path"]: line for line in lines}
    assert sorted(by_path) == sorted(NAMES) and len(lines) == len(NAMES)
    assert sum(counts[state] for state in ("ok", "failed", "rejected", "canceled")) == len(NAMES)
    for name in ("first.png", "last.png"):
        assert by_path[name]["status"] == "ok"
        assert by_path[name]["predictions"][0]["label"] == name
    bad = by_path["bad.png"]
    if code == "ok":
        assert bad["status"] == "ok" and bad["error"] is None
    else:
        assert bad["status"] == "failed"
        assert code in (None, bad["error"]["code"])
        assert (words or "") in bad["error"]["message"]
        assert len(bad["error"]["message"]) < 600
    assert status == (0 if code == "ok" else 1)
    assert peak < MOST_KIB
