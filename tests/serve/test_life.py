# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How it starts and how it ends."""
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests

from service import (CLIENT, PATIENCE, PROGRAM, SECRET, Service, network, picture, put_version)


def run(*arguments, stdin=b""):
    return subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, capture_output=True, timeout=PATIENCE)


# ---- the command line -----------------------------------------------------

def test_help_and_version():
    done = run("--help")
    assert done.returncode == 0
    for option in ("--models", "--listen", "--client", "--client-secret-file", "--no-auth", "--workers",
                   "--host", "--timeout", "--print-connection", "--version"):
        assert option in done.stdout.decode()
    done = run("--version")
    assert done.returncode == 0 and done.stdout.startswith(b"assay-serve ")


@pytest.mark.parametrize("arguments", [
    ["--nonsense"],
    ["positional"],
    [],
    ["--no-auth", "--models", "/nonexistent"],
    ["--no-auth", "--listen", "nowhere"],
    ["--no-auth", "--listen", "127.0.0.1"],
    ["--no-auth", "--listen", "127.0.0.1:65536"],
    ["--no-auth", "--listen", "example.org:80"],
    ["--no-auth", "--listen", "0.0.0.0:0"],
    ["--no-auth", "--listen", "[::]:0"],
    ["--no-auth", "--client", "me"],
    ["--no-auth", "--client-secret-file", "-"],
    ["--client", "with:colon", "--client-secret-file", "-"],
    ["--client", "me"],
    ["--client-secret-file", "/nonexistent"],
    ["--client-secret-file", "/dev/null"],
    ["--no-auth", "--workers", "-1"],
    ["--no-auth", "--workers", "1000"],
    ["--no-auth", "--timeout", "0"],
    ["--no-auth", "--timeout", "3601"],
    ["--no-auth", "--host", ""],
    ["--no-auth", "--host", ":80"],
    ["--no-auth", "--host", "http://models.example.org"],
    ["--no-auth", "--host", "two names"],
    ["--no-auth", *["--host", "a.example"] * 65],
])
def test_usage_errors(tmp_path, arguments):
    if "--models" not in arguments:
        arguments = ["--models", tmp_path, *arguments]
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(b"assay-serve: ")
    assert done.stdout == b""


def test_port_in_use(tmp_path):
    taken = socket.create_server(("127.0.0.1", 0))
    done = run("--models", tmp_path, "--no-auth", "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
    taken.close()
    assert done.returncode == 1
    assert done.stderr.startswith(b"assay-serve: ")


def test_secret_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("from a file\nsecond line\n")
    put_version(tmp_path / "models")
    process = subprocess.Popen(
        [PROGRAM, "--models", tmp_path / "models", "--listen", "127.0.0.1:0", "--print-connection",
         "--client", "me", "--client-secret-file", tmp_path / "secret"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    key = json.loads(process.stdout.readline())
    assert (key["clientid"], key["clientsecret"]) == ("me", "from a file")
    reply = requests.post(key["url"] + "/oauth/token", auth=("me", "from a file"), timeout=PATIENCE,
                          data={"grant_type": "client_credentials"})
    assert reply.status_code == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    process.stdout.close()


def test_made_up_secret(tmp_path):
    put_version(tmp_path)
    secrets = []
    for _ in range(2):
        with Service(tmp_path, secret=False) as service:
            secrets.append(service.key["clientsecret"])
            assert service.get("/models").status_code == 200
    assert secrets[0] != secrets[1]
    assert min(map(len, secrets)) == 43


def test_listens_on_ipv6_loopback(tmp_path):
    put_version(tmp_path)
    process = subprocess.Popen([PROGRAM, "--models", tmp_path, "--listen", "[::1]:0", "--print-connection",
                                "--no-auth"], stdout=subprocess.PIPE)
    line = process.stdout.readline()
    if not line:
        assert process.wait(PATIENCE) == 1
        pytest.skip("this machine has no IPv6 loopback")
    key = json.loads(line)
    assert key["url"].startswith("http://[::1]:")
    assert requests.get(key["serviceurls"]["IMAGE_RETRAIN_API_URL"] + "/models", timeout=PATIENCE).status_code == 200
    process.terminate()
    assert process.wait(PATIENCE) == 0
    process.stdout.close()


def test_listens_before_its_models_are_loaded(tmp_path):
    put_version(tmp_path, onnx=network(padding=80_000_000))
    with Service(tmp_path) as service:
        assert service.states() in ({}, {("colors", "1"): "PENDING"})
        print(f"service key after {service.seconds_to_listen:.3f} s")
        assert service.classify(picture()).status_code == 200


def test_connections_leave_nothing_open(tmp_path):
    """Clients that close between two requests, before the first, in one, or are cut off."""
    put_version(tmp_path)
    with Service(tmp_path) as service:
        service.wait_ready()
        folder = f"/proc/{service.process.pid}/fd"
        before = len(os.listdir(folder))
        for _ in range(50):
            service.get("/models")
            socket.create_connection(("127.0.0.1", service.port)).close()
            client = socket.create_connection(("127.0.0.1", service.port))
            client.sendall(b"POST / HTTP/1.1\r\nHost: ")
            client.close()
            requests.post(service.classify_url, data=b"x" * 200_000, timeout=PATIENCE)
        end = time.monotonic() + PATIENCE
        while len(os.listdir(folder)) > before + 2 and time.monotonic() < end:
            service.get("/models")
        assert len(os.listdir(folder)) <= before + 2


# ---- its end --------------------------------------------------------------

def test_end_of_standard_input_ends_it(tmp_path):
    put_version(tmp_path)
    service = Service(tmp_path)
    service.process.stdin.write(b"more on standard input is thrown away\n" * 10000)
    service.process.stdin.flush()
    assert service.get("/models").status_code == 200
    assert service.stop() == 0
    assert "end of standard input" in service.log[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it(tmp_path, number):
    put_version(tmp_path)
    service = Service(tmp_path)
    service.wait_ready()
    service.process.send_signal(number)
    assert service.wait() == 0


def test_ends_with_a_request_half_sent(tmp_path):
    put_version(tmp_path)
    service = Service(tmp_path)
    client = socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE)
    client.sendall(f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nAuthorization: "
                   f"{service.sign_in()['Authorization']}\r\nContent-Length: 1000\r\n\r\nhalf".encode())
    service.get("/models")
    assert service.stop() == 0
    assert client.recv(1000) == b""
    client.close()


def test_answers_what_is_under_way(tmp_path):
    """Told to stop with a request that waits for its model: it gets an answer."""
    put_version(tmp_path / "slow", onnx=network(padding=80_000_000))
    (tmp_path / "models").mkdir()
    service = Service(tmp_path / "models")
    os.rename(tmp_path / "slow" / "colors", tmp_path / "models" / "colors")
    service.wait_for(lambda s: s.get(("colors", "1")) == "PENDING")
    request = requests.Request("POST", service.classify_url + "/models/colors/versions/1",
                               files={"files": ("a.png", picture())}, headers=service.sign_in()).prepare()
    client = socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE)
    head = f"POST {request.path_url} HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n"
    head += "".join(f"{k}: {v}\r\n" for k, v in request.headers.items()) + "\r\n"
    client.sendall(head.encode() + request.body)
    service.states()
    service.process.terminate()
    answer = client.recv(20)
    client.close()
    assert answer.split()[1] in (b"200", b"503"), answer
    assert service.wait() == 0


PARENT = """
import subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdin.write(b"secret\\n")
child.stdin.flush()
child.stdout.readline()
print(child.pid, flush=True)
sys.stdin.read()
"""


def test_killed_parent_takes_it_along(tmp_path):
    """The parent is killed with SIGKILL and can clean up nothing."""
    put_version(tmp_path)
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, PROGRAM, "--models", str(tmp_path), "--listen", "127.0.0.1:0",
         "--print-connection", "--client-secret-file", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child = os.pidfd_open(int(parent.stdout.readline()))
    assert not select.select([child], [], [], 0)[0]
    parent.kill()
    parent.wait(PATIENCE)
    ended, _, _ = select.select([child], [], [], PATIENCE)
    os.close(child)
    assert ended, "it outlives its parent"
    parent.stdin.close()
    parent.stdout.close()


# ---- what it says ---------------------------------------------------------

def test_log_keeps_secrets_and_names(tmp_path, monkeypatch):
    monkeypatch.delenv("G_MESSAGES_DEBUG", raising=False)
    put_version(tmp_path)
    with Service(tmp_path) as service:
        service.classify([("files", ("private-name.png", picture()))])
        service.classify([("files", ("private-name.png", b"text"))])
        requests.get(service.url + "/oauth/token?client_secret=" + SECRET, timeout=PATIENCE)
        token = service.token
    log = "\n".join(service.log)
    assert all(line.startswith("assay-serve: ") for line in service.log), log
    assert "listening on http://127.0.0.1:" in log
    assert "model colors version 1 is ready" in log
    for private in (token, SECRET, CLIENT, "private-name", str(tmp_path)):
        assert private not in log
