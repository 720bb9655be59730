# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that mean it ill: each row is one of them, on a socket of its own.  What it
gets is said, it gets it in time, and the service is as well afterwards as before."""
import gzip
import io
import json
import os
import select
import socket
import struct
import tarfile
import threading
import time
import zipfile
import zlib

import pytest
import requests

from oip import LENGTH, binary, infer
from service import PATIENCE, Service, network, picture, put_version

TIMEOUT = 6  # seconds that --timeout gives; a third of them without a byte
MIB = 1024 * 1024
BODY_LIMIT = 65 * MIB
BOUNDARY = "xx"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    root = tmp_path_factory.mktemp("models")
    put_version(root, onnx=network())
    with Service(root, "--timeout", str(TIMEOUT), "--workers", "4",
                 "--host", "models.example.org", "--host", "proxy.example.org:8443") as child:
        child.wait_ready()
        child.sign_in()
        assert child.classify(picture()).status_code == 200
        yield child


# ---- sockets --------------------------------------------------------------

def connect(service):
    return socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE)


def head(service, *lines, host=None, token=True, method="POST", path="/"):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{service.port}'}", *lines]
    if token:
        lines.append(f"Authorization: {service.sign_in()['Authorization']}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


FORM = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"


def form(*parts):
    """A multipart body; each part is (headers, content)."""
    data = b"".join(b"--xx\r\n" + headers + b"\r\n\r\n" + content + b"\r\n" for headers, content in parts)
    return data + b"--xx--\r\n"


def file_part(content, name=b"a.png"):
    return b'Content-Disposition: form-data; name="files"; filename="' + name + b'"', content


def listen(client):
    """All that the service says until it hangs up, and whether it did."""
    said = b""
    try:
        while True:
            data = client.recv(65536)
            if not data:
                return said, True
            said += data
    except ConnectionResetError:
        return said, True
    except socket.timeout:
        return said, False


def say(client, pieces, pause=0.0):
    """Sends what there is to send, until the service has had enough."""
    try:
        for piece in pieces:
            client.sendall(piece)
            if pause and client in select.select([client], [], [], pause)[0]:
                return
    except OSError:
        pass


def talk(service, pieces, pause=0.0):
    """One client: says @pieces and listens at the same time.  Returns status, body,
    whether it was hung up on, and after how many seconds."""
    began = time.monotonic()
    with connect(service) as client:
        speaker = threading.Thread(target=say, args=(client, pieces, pause), daemon=True)
        speaker.start()
        said, ended = listen(client)
        took = time.monotonic() - began
    speaker.join(PATIENCE)
    assert not speaker.is_alive()
    status = int(said.split()[1]) if said.startswith(b"HTTP/1.1 ") else None
    body = said.partition(b"\r\n\r\n")[2]
    return status, body, ended, took


def assert_refused(said, status):
    got, body, ended, _ = said
    assert got == status, (got, body)
    assert ended, "the connection stays open"
    error = json.loads(body)["error"]
    assert error["code"] == str(status)
    assert error["message"] and error["requestId"]


def resident(service):
    """MiB that it holds, and that it has held at most."""
    with open(f"/proc/{service.process.pid}/status", encoding="ascii") as file:
        facts = dict(line.split(":", 1) for line in file)
    return [int(facts[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")]


# A sanitizer keeps what was freed for a while, to see whether it is used.
SLACK = 4 if os.environ.get("ASSAY_TEST_SANITIZED") else 1


def begin_to_measure(service):
    with open(f"/proc/{service.process.pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")
    return resident(service)[0]


# ---- whom it was meant for ------------------------------------------------

CLOSE = "Connection: close"


@pytest.mark.parametrize("host, status", [
    ("127.0.0.1:{port}", 200),
    ("localhost:{port}", 200),
    ("models.example.org", 200),
    ("Models.Example.Org:{port}", 200),
    ("models.example.org:443", 200),
    ("proxy.example.org:8443", 200),
    ("proxy.example.org", 403),
    ("proxy.example.org:{port}", 403),
    ("evil.example", 403),
    ("evil.example:{port}", 403),
    ("models.example.org.evil.example", 403),
    ("evil.models.example.org", 403),
    ("192.0.2.1:{port}", 403),
    ("127.0.0.1:1", 403),
    ("127.0.0.1", 403),
])
def test_hosts(service, host, status):
    request = head(service, CLOSE, host=host.format(port=service.port), method="GET",
                   path="/api/v2/image/retraining/models")
    said = talk(service, [request])
    if status == 200:
        assert said[0] == 200, said
    else:
        assert_refused(said, status)


@pytest.mark.parametrize("listen_on, host, status", [
    ("0.0.0.0:0", "127.0.0.1:{port}", 200),
    ("0.0.0.0:0", "localhost:{port}", 200),
    ("0.0.0.0:0", "192.0.2.7:9000", 200),
    ("0.0.0.0:0", "[2001:db8::1]:9000", 200),
    ("0.0.0.0:0", "{name}:{port}", 200),
    ("0.0.0.0:0", "evil.example:{port}", 403),
    ("0.0.0.0:0", "127.0.0.1.evil.example:{port}", 403),
    ("127.0.0.2:0", "127.0.0.2:{port}", 200),
    ("127.0.0.2:0", "127.0.0.1:{port}", 403),
])
def test_hosts_where_it_listens(tmp_path, listen_on, host, status):
    put_version(tmp_path)
    with Service(tmp_path, "--listen", listen_on) as service:
        address = listen_on.split(":")[0].replace("0.0.0.0", "127.0.0.1")
        service.url = f"http://{address}:{service.port}"
        host = host.format(port=service.port, name=socket.gethostname())
        reply = requests.post(service.url + "/oauth/token", headers={"Host": host}, timeout=PATIENCE)
        assert reply.status_code == (401 if status == 200 else status)


@pytest.mark.parametrize("origin, status", [
    (None, 200),
    ("http://127.0.0.1:{port}", 200),
    ("http://evil.example", 403),
    ("http://evil.example:{port}", 403),
    ("https://127.0.0.1:{port}", 403),
    ("http://localhost:3000", 403),
    ("null", 403),
    ("file://", 403),
])
def test_origins(service, origin, status):
    lines = [CLOSE] if origin is None else [CLOSE, "Origin: " + origin.format(port=service.port)]
    said = talk(service, [head(service, *lines, method="GET", path="/api/v2/image/retraining/models")])
    if status == 200:
        assert said[0] == 200, said
        assert b"access-control" not in said[1].lower()
    else:
        assert_refused(said, status)


# ---- slow and large -------------------------------------------------------

def drip(service):
    """A body that comes a byte a second, for ever."""
    yield head(service, FORM, "Content-Length: 100000")
    while True:
        yield b"x"


def drip_head(service):
    yield b"POST / HTTP/1.1\r\n"
    while True:
        yield b"X-More: x\r\n"


def flood(service, *lines):
    """Without a length, and without an end."""
    yield head(service, FORM, "Transfer-Encoding: chunked", *lines)
    yield b"10000\r\n" + form(file_part(bytes(60000)))[:65000].ljust(65536, b"0") + b"\r\n"
    while True:
        yield b"100000\r\n" + bytes(MIB) + b"\r\n"


def endless_head(service):
    yield f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n".encode()
    while True:
        yield b"X-Filler: " + b"a" * 8000 + b"\r\n"


def endless_line(service):
    yield b"GET /"
    while True:
        yield b"a" * 65536


# who it is, what it says, the status that it gets (None: it is hung up on without a
# word), seconds that it may take
SLOW_AND_LARGE = [
    ("silence", lambda s: ([], 0), None, TIMEOUT),
    ("half a head", lambda s: ([b"POST / HTTP/1.1\r\nHost: "], 0), 408, TIMEOUT / 3),
    ("a head that drips", lambda s: (drip_head(s), 0.5), 408, TIMEOUT / 3),
    ("no body", lambda s: ([head(s, FORM, "Content-Length: 1000")], 0), 408, TIMEOUT / 3),
    ("half a body", lambda s: ([head(s, FORM, "Content-Length: 1000"), b"--xx\r\n"], 0), 408, TIMEOUT / 3),
    ("half a chunk", lambda s: ([head(s, FORM, "Transfer-Encoding: chunked"), b"10\r\nabc"], 0), 408, TIMEOUT / 3),
    ("a body that drips", lambda s: (drip(s), 0.5), 408, TIMEOUT),
    ("a length over the limit", lambda s: ([head(s, FORM, f"Content-Length: {BODY_LIMIT + 1}")], 0), 413, 0),
    ("a length without end", lambda s: ([head(s, FORM, "Content-Length: 9223372036854775807")], 0), 413, 0),
    ("a length of a list", lambda s: ([head(s, f"Content-Length: {2 * MIB}", CLOSE, method="GET",
                                            path="/api/v2/image/retraining/models")], 0), 413, 0),
    ("chunks without end", lambda s: (flood(s), 0), 413, 0),
    ("chunks without end or token", lambda s: (flood(s, "Origin: http://evil.example"), 0), 403, 0),
]


@pytest.mark.parametrize("make, status, seconds",
                         [row[1:] for row in SLOW_AND_LARGE], ids=[row[0] for row in SLOW_AND_LARGE])
def test_slow_and_large(service, make, status, seconds):
    before = begin_to_measure(service)
    pieces, pause = make(service)
    said = talk(service, pieces, pause)
    if status is None:
        assert said[:3] == (None, b"", True)
    else:
        assert_refused(said, status)
    assert said[3] >= seconds * 0.9
    assert resident(service)[1] - before < SLACK * 2.5 * BODY_LIMIT / MIB
    assert service.classify(picture()).status_code == 200


@pytest.mark.parametrize("make", [endless_head, endless_line])
def test_a_head_without_end(service, make):
    before = begin_to_measure(service)
    status, body, ended, _ = talk(service, make(service))
    assert ended
    assert status in (None, 400, 408, 414, 431), (status, body)
    assert resident(service)[1] - before < SLACK * 32
    assert service.classify(picture()).status_code == 200


def test_a_good_client_beside_many_slow_ones(service):
    """Slowloris: as many as may connect say half a head, and one after the other a
    byte more.  Others wait for their end, and no longer."""
    slow = []
    for _ in range(200):
        slow.append(connect(service))
        slow[-1].sendall(b"POST / HTTP/1.1\r\nX-A: ")
    assert service.classify(picture()).status_code == 200
    for client in slow:
        assert listen(client)[1]
        client.close()
    assert service.classify(picture()).status_code == 200


def test_more_connections_than_there_may_be(service):
    clients = []
    for _ in range(400):
        clients.append(connect(service))
    closed = [client for client in clients[256:] if listen(client) == (b"", True)]
    assert len(closed) >= 100, len(closed)
    for client in clients:
        client.close()
    end = time.monotonic() + PATIENCE
    while True:
        try:
            assert service.classify(picture()).status_code == 200
            break
        except requests.ConnectionError:
            assert time.monotonic() < end, "nobody gets in any more"


# ---- forms ----------------------------------------------------------------

PNG = picture()
MANY_PARTS = form(*[(b'Content-Disposition: form-data; name="x"', b"")] * 100_000)
LONG_HEADER = form((b"X: " + b"a" * 10000, b""))
FORMS = [
    ("an empty body", b"", FORM, 400),
    ("no parts", b"--xx--\r\n", FORM, 400),
    ("no end", b"--xx\r\n" + file_part(PNG)[0] + b"\r\n\r\n" + PNG, FORM, 400),
    ("no end of the headers", b"--xx\r\nContent-Disposition: form-data", FORM, 400),
    ("another boundary", form(file_part(PNG)).replace(b"--xx", b"--yy"), FORM, 400),
    ("no boundary", form(file_part(PNG)), "Content-Type: multipart/form-data", 400),
    ("an empty boundary", form(file_part(PNG)), 'Content-Type: multipart/form-data; boundary=""', 400),
    ("a long boundary", form(file_part(PNG)), "Content-Type: multipart/form-data; boundary=" + "x" * 200, 400),
    ("zeros", bytes(MIB), FORM, 400),
    ("line ends alone", b"--xx\n" + file_part(PNG)[0] + b"\n\n" + PNG + b"\n--xx--\n", FORM, 400),
    ("many parts", MANY_PARTS, FORM, 400),
    ("a long header", LONG_HEADER, FORM, 400),
    ("a name that is no text", form(file_part(b"text", b"\xff\xfe.png")), FORM, 400),
    ("a name with a zero", form(file_part(b"text", b"a\0b.png")), FORM, 400),
    ("no form", b'{"files": []}', "Content-Type: application/json", 400),
    ("gzip", gzip.compress(form(file_part(PNG))), FORM + "\r\nContent-Encoding: gzip", 415),
    ("a gzip bomb", gzip.compress(bytes(50 * MIB)), FORM + "\r\nContent-Encoding: gzip", 415),
    ("deflate", zlib.compress(form(file_part(PNG))), FORM + "\r\nContent-Encoding: deflate", 415),
    ("brotli", b"\x0b\x02\x80abc\x03", FORM + "\r\nContent-Encoding: br", 415),
]


@pytest.mark.parametrize("body, content_type, status", [row[1:] for row in FORMS], ids=[row[0] for row in FORMS])
def test_forms(service, body, content_type, status):
    before = begin_to_measure(service)
    request = head(service, content_type, f"Content-Length: {len(body)}", CLOSE)
    assert_refused(talk(service, [request, body]), status)
    assert resident(service)[1] - before < SLACK * 32
    assert service.classify(picture()).status_code == 200


# ---- bombs ----------------------------------------------------------------

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, data, depth=8, color=2):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))
            + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def blank_png(width, height):
    """A whole one, all black: a thousandth of its pixels."""
    packer = zlib.compressobj(9)
    row = bytes(1 + 3 * width)
    return png(width, height, b"".join(packer.compress(row) for _ in range(height)) + packer.flush())


def jpeg(width, height):
    data = bytearray(picture(kind="JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at:at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def gif(width, height):
    data = bytearray(picture(kind="GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    at = data.index(b",") + 5
    data[at:at + 4] = struct.pack("<HH", width, height)
    return bytes(data)


def bmp(width, height):
    data = bytearray(picture(kind="BMP"))
    data[18:26] = struct.pack("<ii", width, height)
    return bytes(data)


def tiff(width, height):
    data = bytearray(picture(kind="TIFF"))
    count_at = struct.unpack_from("<I", data, 4)[0]
    for i in range(struct.unpack_from("<H", data, count_at)[0]):
        at = count_at + 2 + 12 * i
        tag = struct.unpack_from("<H", data, at)[0]
        if tag in (256, 257, 278):
            struct.pack_into("<HII", data, at + 2, 4, 1, width if tag == 256 else height)
    return bytes(data)


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as file:
        for name, content in members:
            file.writestr(name, content)
    return data.getvalue()


def tgz(size):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as file:
        info = tarfile.TarInfo("a.png")
        info.size = size
        file.addfile(info, io.BytesIO(bytes(size)))
    return data.getvalue()


def long_text():
    """A PNG whose text inflates to much more than it is."""
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200 * MIB), 9))
    return PNG[:33] + text + PNG[33:]


def overlapping():
    """A zip whose members are all the same bytes (Fifield, "A better zip bomb", 2019)."""
    kernel = zipped(("a.png", bytes(32 * MIB)))
    end = kernel.rindex(b"PK\5\6")
    at = kernel.index(b"PK\1\2")
    entry = kernel[at:end]
    central = entry * 900
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 900, 900, len(central), at, 0)
    return kernel[:at] + central + tail




# what it is, its bytes, the status, MiB more that the service may hold at the worst
BOMBS = [
    ("a PNG of 65,535 × 65,535", lambda: png(65535, 65535, zlib.compress(bytes(100000))), 400, 32),
    ("a PNG of 2³¹ × 2³¹", lambda: png(2**31 - 1, 2**31 - 1, zlib.compress(bytes(100000))), 400, 32),
    ("a PNG without a side", lambda: png(0, 65535, zlib.compress(bytes(1000))), 400, 32),
    ("a JPEG of 65,535 × 65,535", lambda: jpeg(65535, 65535), 400, 32),
    ("a JPEG of 9,999 × 9,999 without data", lambda: jpeg(9999, 9999), (200, 400), 640),
    ("a GIF of 65,535 × 65,535", lambda: gif(65535, 65535), 400, 32),
    ("a BMP of 65,535 × 65,535", lambda: bmp(65535, 65535), 400, 32),
    ("a BMP of −2³¹ lines", lambda: bmp(30000, -2**31), 400, 32),
    ("a TIFF of 65,535 × 65,535", lambda: tiff(65535, 65535), 400, 32),
    ("a PNG that inflates to a gigabyte", lambda: png(8, 8, zlib.compress(bytes(1000 * MIB), 9)), (200, 400), 128),
    ("a PNG with a text of 200 MiB", long_text, (200, 400), 128),
    ("a PNG of 100 megapixels, all black", lambda: blank_png(10000, 9999), 200, 640),
    ("a zip of zeros", lambda: zipped(("a.png", bytes(500 * MIB))), 400, 200),
    ("a zip in a zip", lambda: zipped(("a.zip", zipped(("b.png", bytes(MIB))))), 400, 64),
    ("a zip of overlapping members", overlapping, 400, 200),
    ("a tar.gz of zeros", lambda: tgz(500 * MIB), 400, 200),
    ("a gzip of zeros", lambda: gzip.compress(bytes(500 * MIB)), 400, 200),
]


@pytest.mark.parametrize("make, status, more", [row[1:] for row in BOMBS], ids=[row[0] for row in BOMBS])
def test_bombs(service, make, status, more):
    content = make()
    before = begin_to_measure(service)
    reply = service.classify([("files", ("a.bin", content))])
    highest = resident(service)[1]
    print(f"{len(content)} bytes: {reply.status_code}, {highest - before:.0f} MiB more")
    assert reply.status_code in (status if isinstance(status, tuple) else (status,)), reply.text
    assert highest - before < more
    assert service.classify(picture()).status_code == 200


def tensor(name, datatype, shape, size):
    """A request of one input whose values, all zero, stand behind the JSON."""
    message = {"inputs": [{"name": name, "datatype": datatype, "shape": shape,
                           "parameters": {"binary_data_size": size}}]}
    return binary(message, bytes(size))


def plain(text):
    return text.encode(), {}


def json_tensor(data, shape="[1]"):
    return plain(f'{{"inputs":[{{"name":"pixels","datatype":"UINT8","shape":{shape},"data":{data}}}]}}')


# what it is, body and headers, the status, MiB more that the service may hold at the worst
TENSORS = [
    ("64 MiB of one row", lambda: tensor("pixels", "UINT8", [64 * MIB], 64 * MIB), 400, 200),
    ("16 million empty pictures", lambda: tensor("image", "BYTES", [16 * MIB], 64 * MIB), 400, 200),
    ("200,000 empty pictures", lambda: tensor("image", "BYTES", [200_000], 800_000), 400, 64),
    ("a batch of 65", lambda: tensor("pixels", "UINT8", [65, 3, 8, 8], 65 * 192), 400, 32),
    ("more values than there are", lambda: tensor("pixels", "UINT8", [1 << 26, 3, 8, 8], 192), 400, 32),
    ("a shape beyond 64 bits", lambda: tensor("pixels", "UINT8", [1 << 32] * 8, 192), 400, 32),
    ("64 MiB that are no picture", lambda: (bytes(64 * MIB), {LENGTH: "0"}), 400, 300),
    ("a PNG that inflates to a gigabyte",
     lambda: (png(8, 8, zlib.compress(bytes(1000 * MIB), 9)), {LENGTH: "0"}), (200, 400), 128),
    ("an archive", lambda: (zipped(("a.png", picture())), {LENGTH: "0"}), 400, 32),
    ("250,000 numbers", lambda: json_tensor("[" + "0," * 250_000 + "0]", "[250001]"), 400, 200),
    ("300,000 numbers", lambda: json_tensor("[" + "0," * 300_000 + "0]", "[300001]"), 400, 200),
    ("100,000 lists in lists", lambda: json_tensor("[" * 100_000 + "]" * 100_000), 400, 64),
    ("130,000 empty lists", lambda: json_tensor("[" + "[]," * 130_000 + "[]]", "[130001,0]"), 400, 200),
    ("8 MiB of JSON", lambda: plain('{"inputs":"' + "a" * (8 * MIB - 13) + '"}'), 400, 200),
    ("9 MiB of JSON", lambda: plain('{"inputs":"' + "a" * (9 * MIB) + '"}'), 413, 200),
    ("10,000 inputs", lambda: plain('{"inputs":[' + "{}," * 10_000 + "{}]}"), 400, 64),
    ("10,000 outputs", lambda: plain('{"inputs":[],"outputs":[' + "{}," * 10_000 + "{}]}"), 400, 64),
    ("20,000 parameters", lambda: plain('{"parameters":{' + ",".join(f'"{i}":0' for i in range(20_000)) + "}}"),
     400, 64),
]


@pytest.mark.parametrize("make, status, more", [row[1:] for row in TENSORS], ids=[row[0] for row in TENSORS])
def test_tensors(service, make, status, more):
    body, headers = make()
    before = begin_to_measure(service)
    began = time.monotonic()
    reply = infer(service, body, headers=headers)
    highest = resident(service)[1]
    print(f"{len(body)} bytes: {reply.status}, {highest - before:.0f} MiB more, {time.monotonic() - began:.2f} s")
    assert reply.status in (status if isinstance(status, tuple) else (status,)), reply.body
    assert reply.status == 200 or set(reply.json) == {"error"}
    assert highest - before < more
    assert service.classify(picture()).status_code == 200


def test_tensors_that_never_come(service):
    """Half of a body, and nothing more: gone at once, or told that it was too slow."""
    body, headers = tensor("pixels", "UINT8", [1, 3, 8, 8], 192)
    lines = [f"{name}: {value}" for name, value in headers.items()] + [f"Content-Length: {len(body)}"]
    start = head(service, *lines, path="/v2/models/colors/infer") + body[:-100]
    with connect(service) as client:
        client.sendall(start)
    status, answer, ended, _ = talk(service, [start])
    assert (status, ended) == (408, True)
    assert set(json.loads(answer)) == {"error"}
    assert infer(service, body, headers=headers).status == 200


def test_large_pictures_take_turns(service):
    """Four workers and four blank pictures of 100 megapixels: as much as for one."""
    content = blank_png(10000, 9999)
    before = begin_to_measure(service)
    replies = []
    clients = [threading.Thread(target=lambda: replies.append(service.classify(content).status_code))
               for _ in range(4)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(5 * PATIENCE)
    assert replies == [200] * 4
    assert resident(service)[1] - before < SLACK * 700


def test_it_gives_back_what_it_took(service):
    """After all that: no connection is left open, and its memory is what it was."""
    assert resident(service)[0] < 400
    end = time.monotonic() + PATIENCE
    folder = f"/proc/{service.process.pid}/fd"
    while len(os.listdir(folder)) > 40 and time.monotonic() < end:
        service.get("/models")
    assert len(os.listdir(folder)) <= 40
