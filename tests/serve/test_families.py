# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Families of networks as torch exports them: which run here, with torch's own numbers,
and which operator is named of those that don't.  docs/models.md has the table."""
import json
import os
import random
import subprocess
import warnings

import pytest

from service import PROGRAM, Service, put_version, scores

torch = pytest.importorskip("torch", reason="no torch: apt-get install python3-torch python3-onnx")
pytest.importorskip("onnx", reason="no onnx: apt-get install python3-torch python3-onnx")

import families  # noqa: E402
from PIL import Image  # noqa: E402
import io  # noqa: E402

OPSETS = (11, 13, 17)
# {(family, operator set): what stands in the way}
REFUSED = {("shufflenet", 11): "Add", ("shufflenet", 13): "Add", ("shufflenet", 17): "Add",
           ("vit", 11): "Gather", ("vit", 13): "Gather", ("vit", 17): "LayerNormalization",
           ("convnext", 17): "LayerNormalization"}
SERVED = [(name, opset) for name in families.FAMILIES for opset in OPSETS
          if (name, opset) not in REFUSED]
OTHERWISE = [name for name in families.FAMILIES if (name, 13) in SERVED]
LABELS = [f"class {i}" for i in range(families.CLASSES)]
PIXELS = random.Random(5).randbytes(families.SIZE ** 2 * 3)


def export(network, opset, open_batch=False):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return families.export(network, opset, open_batch)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    root = tmp_path_factory.mktemp("families")
    for name, opset in SERVED:
        put_version(root, name, str(opset), export(families.build(name), opset), LABELS)
    for name in OTHERWISE:
        put_version(root, name, "100", export(families.build(name), 13, open_batch=True), LABELS)
        put_version(root, name, "101", export(families.build(name, softmax=True), 13), LABELS)
    with Service(root) as served:
        served.wait_ready()
        yield served


@pytest.mark.parametrize("name, version", [
    *SERVED, *((name, version) for name in OTHERWISE for version in (100, 101))])
def test_answers_are_those_of_torch(service, name, version):
    data = io.BytesIO()
    Image.frombytes("RGB", (families.SIZE, families.SIZE), PIXELS).save(data, "PNG")
    reply = service.classify(data.getvalue(), f"/models/{name}/versions/{version}")
    assert reply.status_code == 200, (reply.text, service.log)
    found = scores(reply.json())
    values = torch.tensor(list(PIXELS), dtype=torch.float32) / 255
    image = values.reshape(1, families.SIZE, families.SIZE, 3).permute(0, 3, 1, 2)
    with torch.no_grad():
        wanted = torch.softmax(families.build(name)(image), 1)[0]
    assert max(wanted) - min(wanted) > 1e-3, "a network that says nothing shows nothing"
    for label, score in zip(LABELS, wanted.tolist()):
        assert abs(found[label] - score) < 1e-4, (label, found, wanted)


@pytest.mark.parametrize("name, opset", REFUSED)
def test_what_does_not_run_is_named(tmp_path, name, opset):
    path = os.path.join(tmp_path, "model.onnx")
    with open(path, "wb") as file:
        file.write(export(families.build(name), opset))
    said = json.loads(subprocess.run([PROGRAM, "--check", path], capture_output=True, check=True).stdout)
    assert (said["ok"], said["operator"]) == (False, REFUSED[name, opset]), said
