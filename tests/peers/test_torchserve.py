# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli asks a real TorchServe, and says what TorchServe says to another client."""
import json
import os
import shutil
import signal
import socket
import subprocess
import threading

import pytest
import requests

import peers
from peers import HERE, samples
from service import PATIENCE

PACKAGES = ["torchserve==0.12.0", "torch-model-archiver==0.12.0", "captum==0.7.0"]
LOADED = "WORKER_MODEL_LOADED"
LOADING = 120  # seconds until a worker of its has begun
PATH = "/predictions/{model}{/version}"


@pytest.fixture(scope="module")
def python():
    if shutil.which("java") is None:
        pytest.skip("TorchServe wants a Java runtime (default-jre-headless)")
    probe = subprocess.run(["/usr/bin/python3", "-c", "import torch, torchvision"],
                           stderr=subprocess.DEVNULL)
    if probe.returncode != 0:
        pytest.skip("TorchServe's image_classifier wants python3-torch and python3-torchvision")
    return peers.environment("torchserve", *PACKAGES, system=True)


def free_ports(n):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def make_archive(python, folder):
    tools = os.path.dirname(python)
    subprocess.run([python, os.path.join(HERE, "torchserve_makes.py")], cwd=folder, check=True,
                   timeout=PATIENCE)
    subprocess.run([python, os.path.join(tools, "torch-model-archiver"), "--model-name", "flowers",
                    "--version", "1.0", "--serialized-file", "flowers.pt",
                    "--handler", "image_classifier", "--extra-files", "index_to_name.json",
                    "--export-path", str(folder)], cwd=folder, check=True, timeout=PATIENCE)


class TorchServe:
    """A server with one model, in a group of processes of its own."""

    def __init__(self, python, folder):
        self.ports = free_ports(5)
        settings = {
            "inference_address": f"http://127.0.0.1:{self.ports[0]}",
            "management_address": f"http://127.0.0.1:{self.ports[1]}",
            "metrics_address": f"http://127.0.0.1:{self.ports[2]}",
            "grpc_inference_address": "127.0.0.1", "grpc_management_address": "127.0.0.1",
            "grpc_inference_port": self.ports[3], "grpc_management_port": self.ports[4],
            "default_workers_per_model": 1, "disable_system_metrics": "true"}
        (folder / "config.properties").write_text(
            "".join(f"{name}={value}\n" for name, value in settings.items()))
        tools = os.path.dirname(python)
        self.child = subprocess.Popen(
            [python, os.path.join(tools, "torchserve"), "--start", "--foreground", "--ncs",
             "--disable-token-auth", "--model-store", str(folder), "--models",
             "flowers=flowers.mar", "--ts-config", "config.properties"],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", start_new_session=True,
            env={**os.environ, "PATH": tools + ":" + os.environ["PATH"], "TMPDIR": str(folder),
                 "LOG_LOCATION": str(folder), "METRICS_LOCATION": str(folder)})
        self.ready = threading.Event()
        self.said = []
        self.listener = threading.Thread(target=self.listen)
        self.listener.start()

    def listen(self):
        for line in self.child.stdout:
            self.said = [*self.said[-30:], line]
            if LOADED in line:
                self.ready.set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def models_url(self):
        return f"http://127.0.0.1:{self.ports[1]}"

    def close(self):
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(PATIENCE)
        self.listener.join(PATIENCE)
        self.child.stdout.close()


@pytest.fixture(scope="module")
def server(python, tmp_path_factory):
    folder = tmp_path_factory.mktemp("torchserve")
    make_archive(python, folder)
    child = TorchServe(python, folder)
    try:
        assert child.ready.wait(LOADING), "".join(child.said)
        yield child
    finally:
        child.close()


@pytest.fixture
def ask(server, tmp_path):
    def run(*arguments):
        home = {name: str(tmp_path) for name in
                ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
        return subprocess.run([os.environ["ASSAY_CLI"], *arguments], capture_output=True, text=True,
                              env={**os.environ, **home, "DBUS_SESSION_BUS_ADDRESS": "disabled:"},
                              timeout=2 * PATIENCE)
    return run


def check_same(result, server):
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == len(samples())
    for line in lines:
        with open(line["path"], "rb") as file:
            theirs = requests.post(server.url + "/predictions/flowers", data=file.read(),
                                   headers={"Content-Type": "image/jpeg"}, timeout=PATIENCE).json()
        assert {p["label"]: p["score"] for p in line["predictions"]} == pytest.approx(theirs)
        assert len(theirs) == 5


@pytest.mark.parametrize("body", ["raw", "multipart:data"])
def test_pictures(server, ask, body):
    check_same(ask("classify", *samples(), "--url", server.url, "--models-url", server.models_url,
                   "--protocol", "generic", "--template", PATH, "--body", body,
                   "--format", "ndjson"), server)


def test_is_found_out(server, ask):
    result = ask("classify", *samples(), "--url", server.url, "--protocol", "auto",
                 "--model", "flowers", "--model-version", "1.0", "--format", "ndjson")
    check_same(result, server)
    assert "TorchServe" in result.stderr


# A wrong part is a picture that it can't read; it is said once, with its own words.
@pytest.mark.parametrize("body, model, version, code, words", [
    ("multipart:files", "flowers", "", "refused", "Prediction failed"),
    ("raw", "nope", "", "not-found", "Model not found: nope"),
    ("raw", "flowers", "9.9", "not-found", "9.9"),
])
def test_errors(server, ask, body, model, version, code, words):
    result = ask("classify", samples()[0], "--url", server.url, "--protocol", "generic",
                 "--template", PATH, "--body", body, "--model", model, "--model-version", version,
                 "--format", "ndjson")
    line = json.loads(result.stdout)
    assert line["error"]["code"] == code and words in line["error"]["message"]
    assert line["attempts"] == 1
