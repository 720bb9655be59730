# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TensorFlow Serving and SAP AI Core do, as their descriptions have it, on a real socket:
neither can be installed here.  KServe's own server is asked by tests/peers."""
import base64
import hashlib
import http.server
import io
import json
import re
import threading

import pytest
from PIL import Image

SECRET = "abc+/=:d"
ID = "sb-9a93!b6427|aicore"
PATH = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?(?::(predict|classify)|(/metadata))?")


def shares(data):
    """Three scores that belong to these bytes and no others."""
    digest = hashlib.sha256(data).digest()
    return [byte / sum(digest[:3]) for byte in digest[:3]]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, value):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def read(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_GET(self):
        self.answer(*self.server.handle("GET", self.path, self.headers, b""))

    def do_POST(self):
        self.answer(*self.server.handle("POST", self.path, self.headers, self.read()))


class Server(http.server.ThreadingHTTPServer):
    """A service on a port of its own; what it was asked is kept."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self.thread.start()

    def handle(self, method, path, headers, body):
        self.asked.append(f"{method} {path}")
        return self.reply(method, path, headers, body)

    def close(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


# ---- TensorFlow Serving ---------------------------------------------------

def tensor(kind, *sizes):
    return {"dtype": kind, "name": "x:0", "tensor_shape": {
        "dim": [{"size": str(size), "name": ""} for size in sizes], "unknown_rank": False}}


INPUTS = {
    "files": {"image": tensor("DT_STRING", -1)},
    "keyed": {"image_bytes": tensor("DT_STRING", -1), "key": tensor("DT_STRING", -1)},
    "pixels": {"input_1": tensor("DT_UINT8", -1, 8, 8, 3)},
    "planes": {"input_1": tensor("DT_FLOAT", -1, 3, 8, 8)},
    "classifier": {"inputs": tensor("DT_STRING", -1)},
    "broken": {"image": tensor("DT_STRING", -1)},
}


def flat(value):
    return [value] if not isinstance(value, list) else [number for part in value for number in flat(part)]


def sizes(value):
    return [] if not isinstance(value, list) else [len(value), *sizes(value[0])]


class TensorFlow(Server):
    def reply(self, method, path, headers, body):
        match = PATH.fullmatch(path)
        if not match or (method == "POST") != bool(match[3]):
            return 404, {"error": f"Malformed request: {method} {path}"}
        name, version, verb, metadata = match.groups()
        if name not in INPUTS or version not in (None, "1", "2"):
            return 404, {"error": f"Servable not found for request: Latest({name})"}
        if metadata:
            return 200, {"model_spec": {"name": name, "signature_name": "", "version": version or "2"},
                         "metadata": {"signature_def": {"signature_def": {
                             "serving_default": {"inputs": INPUTS[name], "outputs": {},
                                                 "method_name": f"tensorflow/serving/{verb}"}}}}}
        if method == "GET":
            return 200, {"model_version_status": [
                {"version": number, "state": state, "status": {"error_code": "OK", "error_message": ""}}
                for number, state in (("1", "AVAILABLE"), ("10", "LOADING"), ("2", "AVAILABLE"))]}
        return self.predict(name, verb, json.loads(body))

    def predict(self, name, verb, question):
        if (verb == "classify") != (name == "classifier"):
            return 400, {"error": "Expected classification signature method_name to be tensorflow/serving/classify"}
        if name == "broken":
            return 200, b'{\n    "predictions": [[NaN, 0.5, -Infinity]\n    ]\n}'
        if name == "classifier":
            return 200, {"results": [[[label, score] for label, score in zip("abc", of_file(example["image"]))]
                                     for example in question["examples"]]}
        if "inputs" in question:
            return 200, {"outputs": [of_file(picture) for picture in question["inputs"]["image"]]}
        if name == "keyed":
            return 200, {"predictions": [{"scores": of_file(instance["image_bytes"]), "key": instance["key"],
                                          "classes": list("abc")} for instance in question["instances"]]}
        if name == "files":
            return 200, {"predictions": [of_file(instance) for instance in question["instances"]]}
        wanted = [8, 8, 3] if name == "pixels" else [3, 8, 8]
        if any(sizes(instance) != wanted for instance in question["instances"]):
            return 400, {"error": f"an input has not the shape {wanted}"}
        return 200, {"predictions": [means(instance, name == "pixels") for instance in question["instances"]]}


def of_file(value):
    return shares(base64.b64decode(value["b64"], validate=True))


def means(picture, last):
    """Of each channel: of bytes with channels last, of shares with channels first."""
    numbers = flat(picture)
    planes = [numbers[i::3] for i in range(3)] if last else [numbers[64 * i:64 * i + 64] for i in range(3)]
    return [sum(plane) / len(plane) / (255 if last else 1) for plane in planes]


@pytest.fixture
def tensorflow():
    server = TensorFlow()
    yield server
    server.close()


def classify(cli, url, model, *options, env=None):
    return cli("classify", "--protocol", "kserve-v1", "--url", url, "--model", model, "--format", "ndjson",
               "--no-history", "--retries", "0", *options, "photos/1.jpg", env=env)


def scores(result):
    assert result.status == 0, result
    [line] = result.lines()
    return {entry["label"]: entry["score"] for entry in line["predictions"]}


def named(numbers, labels=("class 0", "class 1", "class 2")):
    return pytest.approx(dict(zip(labels, numbers)), abs=1e-12)


def test_newest_version(cli, photos, tensorflow):
    url = f"{tensorflow.url}/v1/models/files"
    assert scores(classify(cli, url, "files")) == named(shares((photos / "1.jpg").read_bytes()))
    assert tensorflow.asked == ["GET /v1/models/files", "GET /v1/models/files/versions/2/metadata",
                                "POST /v1/models/files/versions/2:predict"]


def test_is_found_out(cli, photos, tensorflow):
    result = cli("classify", "--protocol", "auto", "--url", f"{tensorflow.url}/v1/models/files:predict",
                 "--format", "ndjson", "--no-history", "photos/1.jpg")
    assert scores(result) == named(shares((photos / "1.jpg").read_bytes()))
    assert tensorflow.asked[-1] == "POST /v1/models/files/versions/2:predict"


def test_without_a_version(cli, photos, tensorflow):
    result = classify(cli, tensorflow.url, "files", "--model-version", "")
    assert scores(result) == named(shares((photos / "1.jpg").read_bytes()))
    assert tensorflow.asked == ["GET /v1/models/files/metadata", "POST /v1/models/files:predict"]


def test_model_that_nobody_lists(cli, photos, tensorflow):
    result = classify(cli, tensorflow.url, "files")
    assert scores(result) == named(shares((photos / "1.jpg").read_bytes()))
    assert tensorflow.asked == ["GET /v1/models", "GET /v1/models/files/metadata",
                                "POST /v1/models/files:predict"]


@pytest.mark.parametrize("model, labels, options", [
    ("keyed", "abc", ()),
    ("files", None, ("--body", "inputs:image")),
    ("classifier", "abc", ("--body", "examples:image")),
])
def test_forms(cli, photos, tensorflow, model, labels, options):
    found = scores(classify(cli, tensorflow.url, model, "--model-version", "2", *options))
    wanted = shares((photos / "1.jpg").read_bytes())
    assert found == (named(wanted, labels) if labels else named(wanted))


@pytest.mark.parametrize("model, options", [
    ("pixels", ()),
    ("planes", ("--preprocess", "0..1,crop=stretch")),
])
def test_pixels(cli, photos, tensorflow, model, options):
    data = io.BytesIO()
    Image.new("RGB", (8, 8), (51, 102, 204)).save(data, "PNG")
    (photos / "1.jpg").write_bytes(data.getvalue())
    found = scores(classify(cli, tensorflow.url, model, "--model-version", "1", *options))
    assert found == pytest.approx(dict(zip(("class 0", "class 1", "class 2"), (0.2, 0.4, 0.8))), abs=1e-6)


def test_each_picture_has_its_answer(cli, photos, tensorflow):
    result = cli("classify", "--protocol", "kserve-v1", "--url", tensorflow.url, "--model", "files",
                 "--format", "ndjson", "--no-history", "photos")
    assert result.status == 0, result
    lines = result.lines()
    assert len(lines) == 5
    for line in lines:
        found = {entry["label"]: entry["score"] for entry in line["predictions"]}
        assert found == named(shares((cli.folder / line["path"]).read_bytes()))


def test_versions_are_listed(cli, tensorflow):
    result = cli("models", "list", "--protocol", "kserve-v1", "--url", f"{tensorflow.url}/v1/models/files",
                 "--format", "json")
    assert result.status == 0, result
    assert [(row["version"], row["state"]) for row in json.loads(result.out)] == [
        ("10", "LOADING"), ("2", "AVAILABLE"), ("1", "AVAILABLE")]


def test_no_list(cli, tensorflow):
    result = cli("models", "list", "--protocol", "kserve-v1", "--url", tensorflow.url)
    assert result.status != 0 and "lists no models" in result.err


@pytest.mark.parametrize("model, code, words", [
    ("broken", "bad-answer", "NaN"),
    ("nope", "not-found", "Servable not found for request: Latest(nope)"),
    ("classifier", "refused", "classification signature"),
])
def test_errors(cli, photos, tensorflow, model, code, words):
    result = classify(cli, tensorflow.url, model, "--model-version", "")
    assert result.status == 1, result
    error = result.lines()[0]["error"]
    assert error["code"] == code and words in error["message"]


# ---- SAP AI Core ----------------------------------------------------------

class AiCore(Server):
    """Two deployments of one configuration; the second says what its model is called."""
    group = "default"

    def deployment(self, number, state="RUNNING"):
        return {"id": f"d{number}", "configurationName": "flowers", "scenarioId": "s", "status": state,
                "deploymentUrl": f"{self.url}/v2/inference/deployments/d{number}",
                "createdAt": f"2024-0{number}-01T06:40:21Z"}

    def reply(self, method, path, headers, body):
        if path.startswith("/oauth/token"):
            sign_in = "Basic " + base64.b64encode(f"{ID}:{SECRET}".encode()).decode()
            if headers.get("Authorization") != sign_in:
                return 401, {"error": "unauthorized", "error_description": "Bad credentials"}
            return 200, {"access_token": "t0ken-of-ai-core", "token_type": "bearer", "expires_in": 43199}
        if headers.get("Authorization") != "Bearer t0ken-of-ai-core":
            return 401, b""
        if headers.get("AI-Resource-Group") != self.group:
            return 403, {"error": {"code": "01020001", "message": "no such resource group", "requestId": "r",
                                   "target": path, "details": {}}}
        return self.reply_inside(method, path, body)

    def reply_inside(self, method, path, body):
        if path == "/v2/lm/deployments?status=RUNNING":
            return 200, {"count": 2, "resources": [self.deployment(1), self.deployment(2)]}
        for number, name in ((1, "flowers"), (2, "net")):
            base = f"/v2/inference/deployments/d{number}/v1/models"
            if path == f"/v2/lm/deployments/d{number}":
                return 200, self.deployment(number)
            if path == base and number == 2:
                return 200, {"models": [name]}
            if (method, path) == ("POST", f"{base}/{name}:predict"):
                [instance] = json.loads(body)["instances"]
                picture = base64.b64decode(instance["b64"], validate=True)
                return 200, {"predictions": [shares(picture if number == 2 else picture[::-1])]}
        return 404, {"error": {"code": "01010076", "message": f"no {path}", "requestId": "r", "target": path}}


@pytest.fixture
def ai_core():
    server = AiCore()
    yield server
    server.close()


@pytest.fixture
def saved(cli, ai_core):
    """What applying its service key makes of a connection, without its secret."""
    folder = cli.folder / "home" / "config" / "assay"
    folder.mkdir(parents=True)
    (folder / "connections.conf").write_text(
        f"[connection 1]\nname=SAP\nprotocol=kserve-v1\nauth=oauth\nclient-id={ID}\nurl={ai_core.url}\n"
        f"models-url={ai_core.url}/v2/lm\ntoken-url={ai_core.url}/oauth/token\n")
    return folder / "connections.conf"


def ask_deployment(cli, *options):
    return cli("classify", "--connection", "SAP", "--format", "ndjson", "--no-history", "--retries", "0",
               *options, "photos/1.jpg", env={"ASSAY_CLIENT_SECRET": SECRET})


def test_newest_deployment(cli, photos, ai_core, saved):
    result = ask_deployment(cli)
    assert scores(result) == named(shares((photos / "1.jpg").read_bytes()))
    assert (result.lines()[0]["model"], result.lines()[0]["version"]) == ("flowers", "d2")


def test_other_deployment(cli, photos, ai_core, saved):
    result = ask_deployment(cli, "--model", "flowers", "--model-version", "d1")
    assert scores(result) == named(shares((photos / "1.jpg").read_bytes()[::-1]))


def test_resource_group(cli, photos, ai_core, saved):
    ai_core.group = "garden"
    result = ask_deployment(cli)
    assert result.status != 0 and "no such resource group" in result.err
    with saved.open("a") as file:
        file.write("headers=AI-Resource-Group: garden;\n")
    assert scores(ask_deployment(cli)) == named(shares((photos / "1.jpg").read_bytes()))
