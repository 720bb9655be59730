# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The MLF contract, asked by clients that are not ours: python3-requests and curl."""
import base64
import gzip
import http.client
import io
import json
import re
import subprocess
import tarfile
import uuid
import zipfile
from datetime import datetime, timezone

import pytest
import requests

from service import (CLIENT, LABELS, PATIENCE, SECRET, Service, expected, picture, put_version,
                     scores)

COLOR = (200, 40, 90)
NO_FILES = "requires at least 1 file"


def assert_answers(answer, color=COLOR, name="a.png", tolerance=1e-5):
    assert set(answer) == {"id", "predictions", "processedTime", "status"}
    assert answer["status"] == "DONE"
    assert str(uuid.UUID(answer["id"])) == answer["id"]
    when = datetime.strptime(answer["processedTime"], "%Y-%m-%dT%H:%M:%S.%f%z")
    assert abs((datetime.now(timezone.utc) - when).total_seconds()) < PATIENCE
    (prediction,) = answer["predictions"]
    assert prediction["name"] == name
    got = [r["score"] for r in prediction["results"]]
    assert got == sorted(got, reverse=True)
    assert abs(sum(got) - 1) < 1e-6
    assert scores(answer) == pytest.approx(expected(color), abs=tolerance)


def assert_error(reply, status, message):
    assert reply.status_code == status, reply.text
    assert reply.headers["Content-Type"].split(";")[0] == "application/json"
    error = reply.json()["error"]
    assert error["code"] == str(status)
    assert message in error["message"]
    assert uuid.UUID(error["requestId"])


# ---- classification -------------------------------------------------------

def test_key_leads_to_everything(service):
    assert service.key["clientid"] == CLIENT
    assert "clientsecret" not in service.key, "whoever gave it on standard input knows it"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", service.url)


@pytest.mark.parametrize("path", [
    "/api/v2/image/classification", "/api/v2/image/classification/",
    "/api/v2/image/classification/models/colors/versions/1",
    "/api/v2/image/classification/models/colors/versions/10",
    "/", "", "/models/colors/versions/1", "/models/c%6Flors/versions/10",
])
def test_addresses_classify(service, path):
    reply = requests.post(service.url + path, files={"files": ("a.png", picture(COLOR))},
                          headers=dict(service.sign_in(), Accept="text/html"), timeout=PATIENCE)
    assert reply.status_code == 200, reply.text
    assert_answers(reply.json())


def test_curl_classifies(service, tmp_path):
    (tmp_path / "a.png").write_bytes(picture(COLOR))
    token = service.sign_in()["Authorization"]
    done = subprocess.run(
        ["curl", "-sS", "--fail-with-body", "-H", f"Authorization: {token}", "-F", "files=@a.png",
         service.classify_url + "/models/colors/versions/1"],
        cwd=tmp_path, stdout=subprocess.PIPE, check=True, timeout=PATIENCE)
    assert_answers(json.loads(done.stdout))


def test_curl_waits_to_be_asked_for_a_large_body(service, tmp_path):
    noise = bytes(range(256)) * 8192
    data = picture(COLOR, kind="BMP", size=(1000, 900))
    (tmp_path / "a.bmp").write_bytes(data)
    assert len(data) > len(noise)
    done = subprocess.run(
        ["curl", "-sS", "-v", "--fail-with-body", "-H", "Expect: 100-continue", "-H",
         "Authorization: " + service.sign_in()["Authorization"], "-F", "files=@a.bmp", service.classify_url],
        cwd=tmp_path, capture_output=True, check=True, timeout=PATIENCE)
    assert b"100 Continue" in done.stderr
    assert_answers(json.loads(done.stdout), name="a.bmp")


@pytest.mark.parametrize("kind, options", [
    ("PNG", {}), ("BMP", {}), ("GIF", {}), ("TIFF", {}), ("JPEG", {"quality": 95}),
    ("JPEG", {"quality": 95, "progressive": True}), ("PNG", {"mode": "P"}), ("PNG", {"mode": "RGBA"}),
    ("JPEG", {"quality": 95, "mode": "CMYK"}),
])
def test_kinds_of_picture(service, kind, options):
    reply = service.classify(picture(COLOR, kind=kind, **options))
    assert reply.status_code == 200, reply.text
    assert_answers(reply.json(), tolerance=0.02)


def test_gray_is_none_of_the_colors(service):
    reply = service.classify(picture((128, 128, 128), mode="L"))
    assert scores(reply.json()) == pytest.approx(expected((128, 128, 128)), abs=1e-5)


def test_several_files_in_order(service):
    colors = [(250, 0, 0), (0, 250, 0), (0, 0, 250)]
    files = [("files", (f"{i}.png", picture(c))) for i, c in enumerate(colors)]
    reply = service.classify(files)
    answer = reply.json()
    assert [p["name"] for p in answer["predictions"]] == ["0.png", "1.png", "2.png"]
    assert [p["results"][0]["label"] for p in answer["predictions"]] == LABELS


def test_the_same_name_twice(service):
    files = [("files", ("same.png", picture(c))) for c in [(250, 0, 0), (0, 250, 0)]]
    answer = service.classify(files).json()
    assert [p["name"] for p in answer["predictions"]] == ["same.png", "same.png"]
    assert [p["results"][0]["label"] for p in answer["predictions"]] == ["red", "green"]


@pytest.mark.parametrize("name", ["Blüte im Mai.png", "花.png", "a;b=c.png", "a'b.png", "a&lt;.png",
                                  "../../etc/passwd", "x" * 255])
def test_names_come_back(service, name):
    reply = service.classify([("files", (name, picture(COLOR)))])
    assert reply.json()["predictions"][0]["name"] == name


def test_other_parts_are_left_alone(service):
    reply = service.classify([("options", (None, '{"top": 1}')), ("files", ("a.png", picture(COLOR)))])
    assert_answers(reply.json())


def test_chunked_body(service):
    request = requests.Request("POST", service.classify_url,
                               files={"files": ("a.png", picture(COLOR))}).prepare()
    body, kind = request.body, request.headers["Content-Type"]
    parts = (body[i:i + 7] for i in range(0, len(body), 7))
    reply = requests.post(service.classify_url, data=parts, timeout=PATIENCE,
                          headers=dict(service.sign_in(), **{"Content-Type": kind}))
    assert_answers(reply.json())


# ---- models ---------------------------------------------------------------

def test_lists_models(service):
    models = service.get("/models").json()["models"]
    versions = [v for m in models for v in m["versions"]]
    assert sorted((v["modelName"], v["version"]) for v in versions) == [("colors", "1"), ("colors", "10")]
    own = service.get("/models/colors/versions").json()["versions"]
    assert sorted(v["version"] for v in own) == ["1", "10"]
    deployments = service.get("/deployments").json()["deployments"]
    assert len({d["id"] for d in deployments}) == 2
    for deployment in deployments:
        assert deployment["modelName"] == "colors"
        assert deployment["status"]["state"] == "SUCCEEDED"
        assert deployment["status"]["description"]


def test_head_and_options(service):
    head = requests.head(service.retrain_url + "/models", headers=service.sign_in(), timeout=PATIENCE)
    assert head.status_code == 200 and head.content == b""
    assert int(head.headers["Content-Length"]) == len(service.get("/models").content)
    options = requests.options(service.classify_url, timeout=PATIENCE)
    assert options.status_code == 204
    assert options.headers["Allow"] == "POST, OPTIONS"


# ---- errors ---------------------------------------------------------------

def archive(members=(("a.png", None),)):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, content in members:
            file.writestr(name, picture(COLOR) if content is None else content)
    return data.getvalue()


def tar(mode):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as file:
        info = tarfile.TarInfo("a.png")
        content = picture(COLOR)
        info.size = len(content)
        file.addfile(info, io.BytesIO(content))
    return data.getvalue()


@pytest.mark.parametrize("name, content", [("x.zip", archive()), ("x.tar", tar("w")),
                                           ("x.tgz", tar("w:gz")),
                                           ("a.png.gz", gzip.compress(picture(COLOR)))])
def test_takes_an_archive(service, name, content):
    reply = service.classify([("files", (name, content))])
    assert reply.status_code == 200, reply.text
    assert_answers(reply.json())


def test_answers_for_each_member_in_order(service):
    colors = {"z.png": (250, 10, 10), "a.png": (10, 250, 10), "m.png": (10, 10, 250)}
    content = archive([(name, picture(color)) for name, color in colors.items()])
    predictions = service.classify([("files", ("x.zip", content))]).json()["predictions"]
    assert [p["name"] for p in predictions] == list(colors)
    for prediction, color in zip(predictions, colors.values()):
        alone = service.classify(picture(color)).json()["predictions"][0]
        assert prediction["results"] == alone["results"]


FLAT = "Invalid request: Absolute path, or hierarchy in archive file is not allowed"


@pytest.mark.parametrize("members, message", [
    ([("a.png", None), ("d/", b"")], FLAT),
    ([("a.png", None), ("__MACOSX/", b"")], FLAT),
    ([("d/a.png", None)], FLAT),
    ([("/a.png", None)], FLAT),
    ([("a.png", None), ("b.txt", b"words")], "Error when uploading files:: Invalid file type"),
    ([("a.zip", archive())], "Error when uploading files:: Invalid file type"),
    ([("a.png", picture(COLOR)[:-20])], "Error when uploading files:: a.png: "),
    ([], "Invalid request: There is no image in the archive"),
    ([(f"{n}.png", picture(COLOR, size=(1, 1))) for n in range(1001)],
     "Invalid request: Too many images in one archive"),
])
def test_refuses_archives(service, members, message):
    assert_error(service.classify([("files", ("x.zip", archive(members)))]), 400, message)


def test_archive_comes_alone(service):
    files = [("files", ("x.zip", archive())), ("files", ("b.png", picture(COLOR)))]
    assert_error(service.classify(files), 400, "Must be either one archive file")


@pytest.mark.parametrize("content, message", [
    (b"Just text.\n", "Error when uploading files:: Invalid file type"),
    (b"", "Error when uploading files:: Invalid file type"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Error when uploading files:: Invalid file type"),
    (b"%PDF-1.4\n%%EOF\n", "Error when uploading files:: Invalid file type"),
    (picture(COLOR, kind="WEBP"), "Error when uploading files:: Invalid file type"),
    (archive()[:90], "Error when uploading files:: "),
    (b"\x1f\x8b\x08\x00" + bytes(20), "Error when uploading files:: "),
    (picture(COLOR)[:-20], "Error when uploading files:: a.png: "),
    (picture(COLOR, kind="JPEG")[:-20], "Error when uploading files:: a.png: "),
])
def test_refuses_content(service, content, message):
    reply = service.classify([("files", ("a.png", content, "image/png"))])
    assert_error(reply, 400, message)


def test_one_bad_picture_refuses_the_request(service):
    files = [("files", ("a.png", picture(COLOR))), ("files", ("b.png", b"text"))]
    assert_error(service.classify(files), 400, "Invalid file type")


def bomb():
    """A PNG that says it has 40,000 × 40,000 pixels, with good checksums."""
    import struct
    import zlib

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    head = struct.pack(">IIBBBBB", 40000, 40000, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
            + chunk(b"IDAT", zlib.compress(bytes(100000))) + chunk(b"IEND", b""))


def test_refuses_a_bomb(service):
    assert_error(service.classify(bomb()), 400, "Error when uploading files:: a.png: ")


@pytest.mark.parametrize("request_options", [
    {"files": {"file": ("a.png", picture(COLOR))}},
    {"files": {"files": (None, "no file")}},
    {"data": {"files": "a.png"}},
    {"data": picture(COLOR), "headers": {"Content-Type": "image/png"}},
    {},
])
def test_needs_files(service, request_options):
    headers = dict(service.sign_in(), **request_options.pop("headers", {}))
    reply = requests.post(service.classify_url, headers=headers, timeout=PATIENCE, **request_options)
    assert_error(reply, 400, NO_FILES)


def test_refuses_a_broken_form(service):
    reply = requests.post(service.classify_url, data=b"--x\r\nno end", timeout=PATIENCE,
                          headers=dict(service.sign_in(), **{"Content-Type": "multipart/form-data; boundary=x"}))
    assert_error(reply, 400, "Invalid request: ")


def test_refuses_too_many_files(service):
    files = [("files", (f"{i}.png", picture(COLOR, size=(2, 2)))) for i in range(65)]
    assert_error(service.classify(files), 400, "Invalid request: ")
    assert len(service.classify(files[:64]).json()["predictions"]) == 64


@pytest.mark.parametrize("path", [
    "/models/colors/versions/2", "/models/roses/versions/1", "/models/../versions/1",
    "/models/..%2F..%2Fetc/versions/1", "/models/%00/versions/1", "/models/colors/versions/%2e%2e",
    "/models//versions/1", "/models/colors/versions/" + "9" * 5000, "/models/%FF/versions/1",
])
def test_unknown_versions(service, path):
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
    request = requests.Request("POST", service.classify_url, files={"files": ("a.png", picture())}).prepare()
    connection.request("POST", "/api/v2/image/classification" + path, request.body,
                       dict(service.sign_in(), **{"Content-Type": request.headers["Content-Type"]}))
    reply = connection.getresponse()
    error = json.loads(reply.read())["error"]
    connection.close()
    assert reply.status == 404
    assert error["code"] == "404"
    assert "does not exist" in error["message"]


@pytest.mark.parametrize("path", [
    "/nowhere", "/api/v2/image/classification/models", "/api/v2/image/retraining/jobs",
    "/api/v2/image/classification/models/colors/versions/1/more", "/oauth/token/more",
    "/ml/imageclassification/classification", "//",
])
def test_unknown_addresses(service, path):
    for method in ("GET", "POST", "OPTIONS"):
        reply = requests.request(method, service.url + path, headers=service.sign_in(), timeout=PATIENCE)
        assert_error(reply, 404, "URL does not exist")


def test_unknown_model_has_no_versions(service):
    assert_error(service.get("/models/roses/versions"), 404, "does not exist")


@pytest.mark.parametrize("method, path, allow", [
    ("GET", "/api/v2/image/classification", "POST, OPTIONS"), ("GET", "/", "POST, OPTIONS"),
    ("PUT", "/models/colors/versions/1", "POST, OPTIONS"),
    ("POST", "/api/v2/image/retraining/deployments", "GET, HEAD, OPTIONS"),
    ("DELETE", "/api/v2/image/retraining/models", "GET, HEAD, OPTIONS"),
    ("PATCH", "/oauth/token", "GET, HEAD, POST, OPTIONS"),
])
def test_wrong_methods(service, method, path, allow):
    reply = requests.request(method, service.url + path, headers=service.sign_in(), timeout=PATIENCE)
    assert_error(reply, 405, "method")
    assert reply.headers["Allow"] == allow


# ---- sign-in --------------------------------------------------------------

@pytest.mark.parametrize("authorization", [
    None, "Bearer", "Bearer ", "Bearer wrong", "bearer", "Basic abc", "Bearer " + "x" * 6000,
])
def test_needs_a_token(service, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    for method, url in [("POST", service.classify_url), ("GET", service.retrain_url + "/models")]:
        reply = requests.request(method, url, headers=headers, timeout=PATIENCE,
                                 files={"files": ("a.png", picture())} if method == "POST" else None)
        assert_error(reply, 401, "token")
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_refusal_keeps_the_connection(service):
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
    for _ in range(3):
        connection.request("POST", "/", b"x" * 5000)
        reply = connection.getresponse()
        reply.read()
        assert reply.status == 401
        socket = connection.sock
        assert socket is not None
    connection.close()


def basic(client, secret):
    return {"Authorization": "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()}


GRANT = {"grant_type": "client_credentials"}


@pytest.mark.parametrize("method, options", [
    ("GET", {"params": GRANT, "headers": basic(CLIENT, SECRET)}),
    ("POST", {"params": GRANT, "headers": basic(CLIENT, SECRET)}),
    ("POST", {"data": GRANT, "headers": basic(CLIENT, SECRET)}),
    ("POST", {"data": dict(GRANT, client_id=CLIENT, client_secret=SECRET)}),
])
def test_gives_tokens(service, method, options):
    reply = requests.request(method, service.url + "/oauth/token", timeout=PATIENCE, **options)
    assert reply.status_code == 200, reply.text
    assert reply.headers["Cache-Control"] == "no-store"
    answer = reply.json()
    assert answer["token_type"] == "bearer"
    assert answer["expires_in"] == 43199
    assert {"scope", "jti"} <= set(answer)
    reply = requests.get(service.retrain_url + "/models", timeout=PATIENCE,
                         headers={"Authorization": "Bearer " + answer["access_token"]})
    assert reply.status_code == 200


@pytest.mark.parametrize("method, options", [
    ("POST", {"data": GRANT}),
    ("POST", {"data": GRANT, "headers": basic(CLIENT, "wrong")}),
    ("POST", {"data": GRANT, "headers": basic("wrong", SECRET)}),
    ("POST", {"data": dict(GRANT, client_id=CLIENT, client_secret="wrong")}),
    ("POST", {"data": dict(GRANT, client_id=CLIENT)}),
    ("GET", {"params": dict(GRANT, client_id=CLIENT, client_secret=SECRET)}),
    ("GET", {"params": GRANT}),
])
def test_refuses_wrong_clients(service, method, options):
    reply = requests.request(method, service.url + "/oauth/token", timeout=PATIENCE, **options)
    assert reply.status_code == 401
    assert reply.json() == {"error": "unauthorized", "error_description": "Bad credentials"}
    assert reply.headers["WWW-Authenticate"] == (
        'Basic realm="UAA/client", error="unauthorized", error_description="Bad credentials"')


@pytest.mark.parametrize("data, error", [
    ({}, "invalid_request"), ({"grant_type": "password"}, "unsupported_grant_type"),
])
def test_refuses_other_grants(service, data, error):
    reply = requests.post(service.url + "/oauth/token", timeout=PATIENCE, data=data,
                          headers=basic(CLIENT, SECRET))
    assert reply.status_code == 400
    assert reply.json()["error"] == error


# ---- whom it was meant for ------------------------------------------------

def ask(service, lines, method="POST", path="/oauth/token"):
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
    connection.putrequest(method, path, skip_host=True)
    for name, value in lines:
        connection.putheader(name, value)
    connection.endheaders()
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, body


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LocalHost:{port}"])
def test_takes_its_own_names(service, host):
    host = host.format(port=service.port)
    assert ask(service, [("Host", host)])[0] == 401
    assert ask(service, [("Host", host), ("Origin", "http://" + host)])[0] == 401


@pytest.mark.parametrize("host", [
    "evil.example", "evil.example:{port}", "127.0.0.1", "localhost", "127.0.0.1:1", "127.0.0.2:{port}",
    "localhost.evil.example:{port}", "[::1]:{port}",
])
def test_refuses_foreign_hosts(service, host):
    status, body = ask(service, [("Host", host.format(port=service.port))])
    assert status == 403
    assert json.loads(body)["error"]["code"] == "403"


def test_refuses_foreign_address_lines(service):
    assert ask(service, [("Host", f"127.0.0.1:{service.port}")],
               path=f"http://evil.example:{service.port}/oauth/token")[0] == 403


@pytest.mark.parametrize("origin", [
    "null", "http://evil.example", "https://127.0.0.1:{port}", "http://localhost:{port}", "http://127.0.0.1",
    "http://127.0.0.1:{port}.evil.example", "",
])
def test_refuses_foreign_origins(service, origin):
    lines = [("Host", f"127.0.0.1:{service.port}"), ("Origin", origin.format(port=service.port))]
    assert ask(service, lines)[0] == 403
    assert ask(service, lines, "OPTIONS")[0] == 403


def test_nobody_is_allowed_by_cors(service):
    reply = service.classify(picture(COLOR))
    assert not [name for name in reply.headers if name.lower().startswith("access-control")]


# ---- without sign-in ------------------------------------------------------

def test_sandbox_without_sign_in(tmp_path):
    put_version(tmp_path)
    with Service(tmp_path, auth=False) as service:
        assert set(service.key) == {"appname", "url", "serviceurls"}
        for path in ("/ml/imageclassification/classification", "/api/v2/image/classification"):
            reply = requests.post(service.url + path, files={"files": ("a.png", picture(COLOR))},
                                  headers={"APIKey": "anything"}, timeout=PATIENCE)
            assert_answers(reply.json())
        reply = requests.post(service.url + "/oauth/token", data=GRANT, timeout=PATIENCE)
        assert_error(reply, 404, "URL does not exist")
