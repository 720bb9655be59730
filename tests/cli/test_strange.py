# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli and services that keep something to themselves, or say odd things."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import picture

DESCRIPTION = {"name": "m", "inputs": [{"name": "image", "datatype": "BYTES", "shape": [-1]}],
               "outputs": [{"name": "scores", "datatype": "FP32", "shape": [-1, 2]}],
               "parameters": {"labels": "rose, red\ntulip"}}
ANSWER = {"model_name": "m", "outputs": [
    {"name": "scores", "datatype": "FP32", "shape": [1, 2], "data": [0.75, 0.25]}]}
OPEN_INFERENCE = {
    "/v2": (200, {"name": "odd", "version": "1", "extensions": []}),
    "/v2/repository/index": (200, [{"name": "m", "version": "1", "state": "READY"}]),
    "/v2/models/m": (200, DESCRIPTION),
    "/v2/models/m/versions/1": (200, DESCRIPTION),
    "/v2/models/m/infer": (200, ANSWER),
    "/v2/models/m/versions/1/infer": (200, ANSWER),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self):
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        with self.server.lock:
            self.server.paths.append(self.path)
        status, value = self.server.said.get(self.path, (404, {"error": "no such thing"}))
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        self.lock = threading.Lock()
        self.said = dict(OPEN_INFERENCE)
        self.paths = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def odd():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(picture())
    return path


def classify(cli, photo, *arguments):
    return cli("classify", "--format", "json", "--retries", "0", *arguments, photo)


def label_of(done):
    assert done.status == 0, done
    return json.loads(done.out)[0]["predictions"][0]["label"]


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_a_named_model_needs_no_list(cli, odd, photo, status):
    odd.said["/v2/repository/index"] = (status, {"error": "index is not allowed"})
    done = classify(cli, photo, "--url", odd.url, "--protocol", "oip", "--model", "m")
    assert label_of(done) == "rose, red"
    assert "/v2/models/m/infer" in odd.paths
    done = classify(cli, photo, "--url", odd.url, "--protocol", "oip")
    assert done.status != 0


def test_who_must_sign_in_is_told_so(cli, odd, photo):
    odd.said["/v2/repository/index"] = (401, {"error": "who are you?"})
    done = classify(cli, photo, "--url", odd.url, "--protocol", "oip", "--model", "m")
    assert done.status == 3, done
    assert "did not accept the sign-in" in done.err
    assert "/v2/models/m/infer" not in odd.paths


@pytest.mark.parametrize("protocol", ["oip", "auto"])
@pytest.mark.parametrize("path", ["/v2", "/v2/models/m/infer", "/v2/models/m/versions/1/infer"])
def test_a_whole_address(cli, odd, photo, protocol, path):
    done = classify(cli, photo, "--url", odd.url + path, "--protocol", protocol)
    assert label_of(done) == "rose, red"


def test_a_fault_in_place_of_an_answer(cli, odd, photo):
    odd.said["/v2/models/m/versions/1/infer"] = (200, {"error": "CUDA out of memory"})
    done = classify(cli, photo, "--url", odd.url, "--protocol", "oip")
    assert done.status == 1, done
    assert "CUDA out of memory" in done.out


def test_an_address_that_is_the_model(cli, odd, photo):
    odd.said["/judge"] = (200, [{"label": "rose", "score": 0.75}, {"label": "aster", "score": 0.25}])
    done = classify(cli, photo, "--url", odd.url + "/judge", "--protocol", "generic")
    assert label_of(done) == "rose"
    odd.said["/m/judge"] = odd.said["/judge"]
    done = classify(cli, photo, "--url", odd.url, "--protocol", "generic",
                    "--template", "/{model}/judge", "--model", "m")
    assert label_of(done) == "rose"
    done = classify(cli, photo, "--url", odd.url, "--protocol", "generic",
                    "--template", "/{model}/judge")
    assert done.status == 2, done
    assert "--model" in done.err


def test_a_gateway_forbids_what_it_does_not_know(cli, odd, photo):
    no = (403, {"message": "Missing Authentication Token"})
    odd.said = {"/v1/models": no, "/ping": no, "/health": no, **OPEN_INFERENCE}
    done = classify(cli, photo, "--url", odd.url, "--protocol", "auto")
    assert label_of(done) == "rose, red"
    odd.said = {"/v1/models": no, "/v2": no, "/ping": no, "/health": no}
    done = classify(cli, photo, "--url", odd.url, "--protocol", "auto")
    assert done.status != 0
    assert "Missing Authentication Token" in done.err, done


def test_what_was_tried_is_told_once(cli, odd, photo):
    odd.said = {}
    done = classify(cli, photo, "--url", odd.url, "--protocol", "auto")
    assert done.status != 0
    assert done.err.count("Generic HTTP: HTTP status 404") == 1, done
    # Of an answer that never ends there is no status that says it all.
    odd.said["/v2"] = (200, b"[" + b"0," * (5 << 20) + b"0]")
    done = classify(cli, photo, "--url", odd.url, "--protocol", "auto")
    assert done.status != 0
    assert "Open Inference Protocol v2: The answer is longer than" in done.err, done
