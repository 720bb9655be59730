# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page about clusters: its manifests hold together, they and its words say what the network
is, and its commands run, against a second service of ours in the cluster's place."""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
import yaml
from conftest import BUILD, PATIENCE, SOURCE, run

CLI = os.path.join(BUILD, "src", "cli", "assay-cli")
DEPLOY = os.path.join(SOURCE, "docs", "deploy")
FLOWERS = os.path.join(BUILD, "data", "models", "flowers")
READY = "/v2/health/ready"
ADDRESS = "https://triton.example.com"


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def manifests(name):
    """{kind: its document}"""
    documents = list(yaml.safe_load_all(read(DEPLOY, name)))
    found = {document["kind"]: document for document in documents}
    assert len(found) == len(documents)
    assert all(document["apiVersion"] and document["metadata"]["name"] for document in documents)
    return found


def page():
    return read(SOURCE, "docs", "past-one-machine.md")


def shell_lines():
    blocks = re.findall(r"^```sh\n(.*?)^```", page(), re.M | re.S)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def commands():
    """The page's calls of assay-cli, without its name."""
    return [line[1:] for line in shell_lines() if line[0] == "assay-cli"]


# ---- manifests ----

def test_deployment():
    found = manifests("triton-deployment.yaml")
    deployment, service = found["Deployment"]["spec"], found["Service"]["spec"]
    pod = deployment["template"]
    container, = pod["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert deployment["replicas"] > 1
    assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    labels = pod["metadata"]["labels"]
    assert deployment["selector"]["matchLabels"] == service["selector"] == labels
    assert [ports[port["targetPort"]] for port in service["ports"]] == [8000]
    for probe in ("startupProbe", "readinessProbe"):
        asked = container[probe]["httpGet"]
        assert asked["path"] == READY and ports[asked["port"]] == 8000
    assert container["livenessProbe"]["httpGet"]["path"] == "/v2/health/live"
    assert f"{found['Service']['metadata']['name']}:{service['ports'][0]['port']}" in page()


def test_deployment_reads_the_repository():
    found = manifests("triton-deployment.yaml")
    pod = found["Deployment"]["spec"]["template"]["spec"]
    volume, = pod["volumes"]
    mount, = pod["containers"][0]["volumeMounts"]
    assert volume["name"] == mount["name"] and mount["readOnly"]
    claim = found["PersistentVolumeClaim"]
    assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert f"--model-repository={mount['mountPath']}" in pod["containers"][0]["args"]


def test_inference_service():
    service = manifests("kserve-inferenceservice.yaml")["InferenceService"]
    predictor = service["spec"]["predictor"]
    model = predictor["model"]
    assert service["apiVersion"] == "serving.kserve.io/v1beta1"
    assert 1 < predictor["minReplicas"] <= predictor["maxReplicas"]
    assert model["modelFormat"]["name"] == "triton" and model["protocolVersion"] == "v2"
    assert model["readinessProbe"]["httpGet"]["path"] == READY
    claim = manifests("triton-deployment.yaml")["PersistentVolumeClaim"]
    assert model["storageUri"] == f"pvc://{claim['metadata']['name']}"


# ---- the network ----

def dimensions(port, body):
    found = re.search(rf'{port} \[\s*{{\s*name: "(.+)"\s*data_type: (\w+)\s*dims: \[([ \d,]+)\]',
                      body)
    assert found, f"no {port} in config.pbtxt"
    return found[1], found[2], [int(size) for size in found[3].split(",")]


def test_config_is_of_the_network():
    config = read(DEPLOY, "config.pbtxt")
    assert config.count("{") == config.count("}") and config.count("[") == config.count("]")
    assert re.search(r'^name: "(.+)"$', config, re.M)[1] == os.path.basename(FLOWERS)
    assert 'label_filename: "labels.txt"' in config
    versions = re.search(r"specific: { versions: \[([ \d,]+)\]", config)[1]
    for version in versions.split(","):
        folder = os.path.join(FLOWERS, version.strip())
        spec = json.loads(read(folder, "model.json"))
        image = spec["input"]
        assert image["layout"] == "NCHW" and image["channels"] == "RGB"
        assert dimensions("input", config) == \
            (image["name"], "TYPE_FP32", [3, image["height"], image["width"]])
        assert dimensions("output", config) == \
            (spec["output"]["name"], "TYPE_FP32", [len(read(folder, "labels.txt").split())])
        with open(os.path.join(folder, "model.onnx"), "rb") as file:
            network = file.read()
        for name in (image["name"], spec["output"]["name"]):
            assert name.encode() in network


def test_preprocessing_is_that_of_the_network():
    said, = {line[line.index("--preprocess") + 1] for line in commands() if "--preprocess" in line}
    preset, *differing = said.split(",")
    differing = dict(pair.split("=") for pair in differing)
    for version in ("1", "2"):
        image = json.loads(read(FLOWERS, version, "model.json"))["input"]
        assert preset == "0..1" and image["scale"] == pytest.approx(1 / 255)
        assert (image["mean"], image["std"]) == ([0, 0, 0], [1, 1, 1])
        assert differing == {"size": f"{image['width']}x{image['height']}", "crop": image["crop"],
                             "filter": image["resize"]}


# ---- the page ----

def test_names_what_there_is():
    """Options in code and in prose, files and links."""
    text = page()
    said = run(CLI, "compare", "--help").stdout + run(CLI, "connection", "add", "--help").stdout
    options = set(re.findall(r"(--[a-z0-9-]+)(?:=|\s)", said))
    assert set(re.findall(r"(?<![\w-])(--[a-z][a-z0-9-]*)", text)) <= options
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert os.path.exists(os.path.join(SOURCE, "docs", link)), link
    roots = {"docs": os.path.join(SOURCE, "docs"), "build": BUILD}
    for word in sum(shell_lines(), []):
        top, _, rest = word.partition("/")
        if top in roots:
            assert os.path.exists(os.path.join(roots[top], rest)), word


@pytest.fixture
def away(monkeypatch):
    """The address of a service of its own, without a sign-in."""
    monkeypatch.setenv("ASSAY_SERVE", os.path.join(BUILD, "src", "serve", "assay-serve"))
    monkeypatch.syspath_prepend(os.path.join(SOURCE, "tests", "serve"))
    from service import Service
    with Service([], auth=False) as child:
        child.wait_ready()
        yield child.url


@pytest.fixture
def desk(tmp_path):
    """A folder to work in, with pictures in a folder for each label."""
    samples = os.path.join(SOURCE, "data", "samples")
    for name in os.listdir(samples):
        if name.endswith((".jpg", ".png")):
            label = tmp_path / "holdout" / name.split("-")[0]
            label.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.join(samples, name), label)
    (tmp_path / "build").symlink_to(BUILD)
    return tmp_path


def test_its_commands_run(desk, away):
    environment = {**os.environ, "HOME": str(desk)}
    for kind in ("CONFIG", "CACHE", "DATA"):
        environment[f"XDG_{kind}_HOME"] = str(desk / kind)
    said = []
    for command in commands():
        words = [away if word == ADDRESS else word for word in command]
        done = subprocess.run([CLI, *words], cwd=desk, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
        if command[0] == "compare":
            said.append([line for line in done.stdout.splitlines() if " answered in " not in line])
    here, there, both = said
    assert here == there and len(here) > 4
    assert both[0].endswith("on all 15 images") or "15 of 15" in both[0], both
    for name in ("here.html", "there.html"):
        report = read(desk, name)
        assert away not in report and "127.0.0.1" not in report
