# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli over plain HTTP with servers that answer as TorchServe, Hugging Face's toolkit,
Custom Vision, Vertex AI and a home-made one do, over a real socket."""
import base64
import email
import email.policy
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import picture

PROJECT = "00000000-0000-0000-0000-000000000001"
TOKEN = "token-0123456789"
API_KEY = "prediction-key-0123456789"


def scores_of(content):
    """Scores that belong to these bytes and no others."""
    share = hashlib.sha256(content).digest()[0] / 255
    return {"daisy": share * 0.75, "rose": (1 - share) * 0.75, "tulip, red": 0.25}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.server.answer_get(self)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.seen.append((self.path, self.headers, body))
        self.server.answer_post(self, body)

    def say(self, status, value, type_="application/json", reason=None, headers=()):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status, reason)
        if type_ is not None:
            self.send_header("Content-Type", type_)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        self.lock = threading.Lock()
        self.seen = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def answer_get(self, handler):
        handler.say(404, b"Not Found", "text/plain")


class TorchServe(Server):
    old = False
    wants_token = False

    def answer_get(self, handler):
        if handler.path == "/ping":
            handler.say(200, {"status": "Healthy"})
        elif handler.path == "/models?limit=100":
            handler.say(200, {"models": [{"modelName": "flowers", "modelUrl": "flowers.mar"}]})
        else:
            super().answer_get(handler)

    def answer_post(self, handler, body):
        if self.wants_token and handler.headers["Authorization"] != f"Bearer {TOKEN}":
            self.fault(handler, 400, "InvalidKeyException",
                       "Token Authorization failed. Token either incorrect, expired, or not "
                       "provided correctly")
        elif handler.path not in ("/predictions/flowers", "/predictions/flowers/1.0"):
            self.fault(handler, 404, "ModelNotFoundException", "Model not found: nope")
        elif len(body) < 1000:
            self.fault(handler, 503, "InternalServerException", "Prediction failed")
        else:
            scores = scores_of(body)
            answer = [{label: score} for label, score in scores.items()] if self.old else scores
            # Neither a type nor a reason comes with a success.
            handler.say(200, json.dumps(answer, indent=2).encode(), None, "")

    @staticmethod
    def fault(handler, status, type_, message):
        handler.say(status, {"code": status, "type": type_, "message": message})


class HuggingFace(Server):
    loading = 0

    def answer_get(self, handler):
        handler.say(200, b"Ok", "text/plain; charset=utf-8")

    def answer_post(self, handler, body):
        with self.lock:
            self.loading -= 1
            loading = self.loading >= 0
        if loading:
            handler.say(503, {"error": "Model m is currently loading", "estimated_time": 0.4})
        elif handler.headers["Content-Type"] != "image/jpeg":
            handler.say(400, {"error": "\n Content type not supported.\n"})
        elif handler.headers["Accept"] != "application/json":
            handler.say(400, {"error": "Can only serialize PIL.Image.Image"})
        elif len(body) < 1000:
            handler.say(400, {"error": "cannot identify image file <_io.BytesIO object>"})
        else:
            handler.say(200, [{"label": label, "score": score}
                              for label, score in scores_of(body).items()])


class CustomVision(Server):
    def answer_post(self, handler, body):
        path = f"/customvision/v3.1/prediction/{PROJECT}/classify/iterations/It%201/image"
        if handler.headers["Prediction-Key"] != API_KEY:
            handler.say(401, {"error": {"code": "401", "message": "Access denied"}})
        elif handler.path != path:
            handler.say(404, {"code": "NotFoundIteration", "message": "Invalid iteration"})
        elif handler.headers["Content-Type"] != "application/octet-stream":
            handler.say(415, {"code": "UnsupportedMediaType", "message": "no"})
        else:
            handler.say(200, {"id": "1", "project": PROJECT, "predictions": [
                {"probability": score, "tagId": label[:2], "tagName": label, "tagType": "Regular"}
                for label, score in scores_of(body).items()]})


class Vertex(Server):
    def answer_post(self, handler, body):
        instance, = json.loads(body)["instances"]
        assert instance["mimeType"] == "image/jpeg"
        scores = scores_of(base64.b64decode(instance["content"], validate=True))
        handler.say(200, {"predictions": [{"ids": ["1", "2", "3"], "displayNames": list(scores),
                                           "confidences": list(scores.values())}]})


class HomeMade(Server):
    """Takes multipart/form-data, and gives 0…100 for classes that only it knows."""

    def answer_post(self, handler, body):
        head = f"Content-Type: {handler.headers['Content-Type']}\r\n\r\n".encode()
        message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        part, = message.iter_parts()
        assert part.get_param("name", header="Content-Disposition") == "photo"
        scores = scores_of(part.get_payload(decode=True))
        handler.say(200, {"success": True, "result": [100 * score for score in scores.values()]})


@pytest.fixture
def start():
    """Starts a server of a kind."""
    running = []

    def start_one(kind, **settings):
        server = kind()
        for name, value in settings.items():
            setattr(server, name, value)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running.append((server, thread))
        return server

    yield start_one
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def save(cli, **keys):
    path = cli.folder / "home" / "config" / "assay" / "connections.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{name.replace('_', '-')}={value}" for name, value in keys.items()]
    path.write_text("\n".join(["[connection g]", "name=G", "protocol=generic", *lines, ""]))


NO_MODEL = ["--model", ""]
FLOWERS = ["--model", "flowers", "--model-version", ""]


def ask(cli, *arguments, n=3, env=None):
    names = [f"{number}.jpg" for number in range(n)]
    for number, name in enumerate(names):
        (cli.folder / name).write_bytes(picture(number))
    return cli("classify", *names, "--connection", "G", *arguments, "--format", "ndjson", env=env)


def check(cli, result, n=3):
    assert result.status == 0, result
    lines = {line["path"]: line for line in result.lines()}
    assert len(lines) == n
    for path, line in lines.items():
        expected = scores_of((cli.folder / path).read_bytes())
        assert {p["label"]: p["score"] for p in line["predictions"]} == pytest.approx(expected)


def errors(result):
    return {line["error"]["code"] for line in result.lines()}, result.lines()[0]["error"]["message"]


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("version", ["", "1.0"])
def test_torchserve(cli, start, old, version):
    server = start(TorchServe, old=old)
    save(cli, url=server.url, template="/predictions/{model}{/version}", body="raw", auth="none")
    check(cli, ask(cli, "--model", "flowers", "--model-version", version))
    end = "/1.0" if version else ""
    assert {path for path, _, _ in server.seen} == {"/predictions/flowers" + end}


def test_torchserve_lists_its_models(cli, start):
    server = start(TorchServe)
    save(cli, url=server.url, models_url=server.url, template="/predictions/{model}{/version}",
         body="raw", auth="none")
    check(cli, ask(cli))
    assert {path for path, _, _ in server.seen} == {"/predictions/flowers"}


def test_torchserve_wants_a_key(cli, start):
    server = start(TorchServe, wants_token=True)
    save(cli, url=server.url, template="/predictions/{model}{/version}", body="raw", auth="bearer")
    check(cli, ask(cli, *FLOWERS, env={"ASSAY_TOKEN": TOKEN}))
    result = ask(cli, *FLOWERS, env={"ASSAY_TOKEN": "another-0123456789"})
    assert result.status == 3, result
    codes, message = errors(result)
    assert codes == {"unauthorized"}
    assert "Token Authorization failed" in message


def test_torchserve_cannot_read_a_picture(cli, start):
    server = start(TorchServe)
    save(cli, url=server.url, template="/predictions/{model}{/version}", body="raw", auth="none")
    (cli.folder / "small.jpg").write_bytes(picture(1, size=(8, 8)))
    result = cli("classify", "small.jpg", "--connection", "G", *FLOWERS, "--format", "ndjson")
    assert errors(result)[0] == {"refused"}, result
    assert "Prediction failed" in errors(result)[1]
    assert len(server.seen) == 1


def test_a_version_that_the_path_wants(cli, start):
    server = start(TorchServe)
    save(cli, url=server.url, template="/predictions/{model}/{version}", body="raw", auth="none")
    result = ask(cli, *FLOWERS, n=1)
    assert result.status != 0
    assert "Choose a version" in result.out + result.err
    assert server.seen == []


def test_hugging_face(cli, start):
    server = start(HuggingFace)
    save(cli, url=server.url, body="raw", auth="none")
    check(cli, ask(cli, *NO_MODEL))


def test_hugging_face_is_loading(cli, start):
    server = start(HuggingFace, loading=2)
    save(cli, url=server.url, body="raw", auth="none")
    result = ask(cli, *NO_MODEL, n=1)
    check(cli, result, n=1)
    assert result.lines()[0]["attempts"] == 3


def test_hugging_face_with_a_wrong_type(cli, start):
    server = start(HuggingFace)
    save(cli, url=server.url, body="raw:application/octet-stream", auth="none")
    result = ask(cli, *NO_MODEL, n=1)
    assert errors(result)[0] == {"refused"}, result
    assert "Content type not supported" in errors(result)[1]
    assert len(server.seen) == 1


def test_custom_vision(cli, start):
    server = start(CustomVision)
    save(cli, url=server.url, body="raw:application/octet-stream", auth="api-key",
         template=f"/customvision/v3.1/prediction/{PROJECT}/classify/iterations/{{model}}/image",
         api_key_header="Prediction-Key")
    check(cli, ask(cli, "--model", "It 1", "--model-version", "", env={"ASSAY_API_KEY": API_KEY}))
    result = ask(cli, "--model", "It 2", "--model-version", "", n=1, env={"ASSAY_API_KEY": API_KEY})
    assert errors(result)[0] == {"not-found"}, result
    assert "Invalid iteration" in errors(result)[1]


def test_vertex(cli, start):
    server = start(Vertex)
    save(cli, url=server.url + "/v1/projects/p/locations/l/endpoints/1", auth="none",
         template=":predict",
         body='json:{"instances": [{"content": "{image}", "mimeType": "{type}"}]}')
    check(cli, ask(cli, *NO_MODEL))
    assert {path for path, _, _ in server.seen} == {"/v1/projects/p/locations/l/endpoints/1:predict"}


def test_home_made(cli, start):
    server = start(HomeMade)
    save(cli, url=server.url + "/classify", body="multipart:photo", percent="true", auth="none",
         labels="daisy;rose;tulip, red;")
    check(cli, ask(cli, *NO_MODEL))


# ---- without a saved connection ---------------------------------------------

def test_says_all_on_the_command_line(cli, start):
    server = start(HomeMade)
    (cli.folder / "labels.txt").write_text("daisy\nrose\ntulip, red\n")
    (cli.folder / "0.jpg").write_bytes(picture(0))
    check(cli, cli("classify", "0.jpg", "--url", server.url, "--protocol", "generic",
                   "--template", "/v2/{model}?x={version}", "--model", "a/b", "--model-version", "1 0",
                   "--body", "multipart:photo", "--percent", "--labels", "labels.txt",
                   "--format", "ndjson"), n=1)
    assert [path for path, _, _ in server.seen] == ["/v2/a%2Fb?x=1%200"]


def test_finds_out_that_it_is_torchserve(cli, start):
    server = start(TorchServe)
    (cli.folder / "0.jpg").write_bytes(picture(0))
    result = cli("classify", "0.jpg", "--url", server.url, "--protocol", "auto",
                 *FLOWERS, "--format", "ndjson")
    check(cli, result, n=1)
    assert "TorchServe" in result.err


def test_finds_out_that_it_is_hugging_face(cli, start):
    server = start(HuggingFace)
    server.answer_get = lambda handler: (
        handler.say(200, b"Ok", "text/plain") if handler.path in ("/health", "/")
        else handler.say(404, b"Not Found", "text/plain"))
    (cli.folder / "0.jpg").write_bytes(picture(0))
    result = cli("classify", "0.jpg", "--url", server.url, "--protocol", "auto",
                 *NO_MODEL, "--format", "ndjson")
    check(cli, result, n=1)
    assert "Hugging Face" in result.err


def test_a_path_that_cannot_be_filled_in(cli):
    (cli.folder / "0.jpg").write_bytes(picture(0))
    result = cli("classify", "0.jpg", "--url", "http://127.0.0.1:1", "--protocol", "generic",
                 "--template", "/{project}/{model}", *FLOWERS)
    assert result.status != 0
    assert "{project}" in result.err
