# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""npm's sap-leonardo, written by others for the real sandbox, at the sandbox's old
path: only its base address is changed, which its constructor takes."""
import json
import os
import subprocess

import pytest

from service import PATIENCE, Service, expected, picture, put_version, scores

VERSION = "0.5.9"
FOLDER = os.environ["ASSAY_NPM"]

CALL = """
const leonardo = require('sap-leonardo');
const client = new leonardo.Imageclassification('an API key', process.argv[1]);
client.classification(process.argv[2]).then(
  answer => console.log(JSON.stringify(answer)),
  error => { console.error(error); process.exit(1); });
"""


@pytest.fixture(scope="module")
def client():
    package = os.path.join(FOLDER, "node_modules", "sap-leonardo", "package.json")
    if not os.path.exists(package):
        os.makedirs(FOLDER, exist_ok=True)
        done = subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", FOLDER,
             f"sap-leonardo@{VERSION}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
        if done.returncode != 0:
            pytest.skip("npm cannot install sap-leonardo: " + done.stdout.decode(errors="replace")[-200:])
    with open(package, encoding="utf-8") as file:
        assert json.load(file)["version"] == VERSION


def call(service, path):
    done = subprocess.run(["node", "-e", CALL, service.url, path], capture_output=True, cwd=FOLDER,
                          timeout=PATIENCE)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_sap_leonardo(client, tmp_path):
    put_version(tmp_path / "models")
    with Service(tmp_path / "models", auth=False) as service:
        for kind in ("PNG", "JPEG"):
            path = tmp_path / f"a.{kind.lower()}"
            path.write_bytes(picture((200, 40, 90), kind=kind))
            answer = call(service, str(path))
            assert answer["status"] == "DONE"
            assert [len(p["results"]) for p in answer["predictions"]] == [3]
            assert scores(answer) == pytest.approx(expected((200, 40, 90)), abs=0.02)

        text = tmp_path / "text.jpg"
        text.write_text("not a picture")
        error = call(service, str(text))["error"]
        assert error["code"] == "400"
        assert error["message"] == "Error when uploading files:: Invalid file type"
