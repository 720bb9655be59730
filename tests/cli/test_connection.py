# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli with a saved connection that signs in at assay-serve."""
import json
import os
import select
import subprocess

import pytest
from conftest import PATIENCE, picture

SECRET = "abc+/=:d"
CLIENT = "sb-9a93!b6427|foundation"


@pytest.fixture(scope="module")
def key():
    """The service key of an assay-serve with the models that come with Assay."""
    serve, models = os.environ["ASSAY_SERVE"], os.environ["ASSAY_MODELS"]
    child = subprocess.Popen([serve, "--models", models, "--listen", "127.0.0.1:0",
                              "--print-connection", "--client", CLIENT,
                              "--client-secret-file", "-"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    child.stdin.write(SECRET.encode() + b"\n")
    child.stdin.flush()
    assert select.select([child.stdout], [], [], PATIENCE)[0], "no service key"
    yield json.loads(child.stdout.readline())
    child.stdin.close()
    child.terminate()
    child.wait(PATIENCE)
    child.stdout.close()


@pytest.fixture
def saved(cli, key):
    """The file of saved connections, with one called "Lab"."""
    path = cli.folder / "home" / "config" / "assay" / "connections.conf"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join([
        "[connection lab-1]", "name=Lab", "protocol=mlf",
        "url=" + key["serviceurls"]["IMAGE_CLASSIFICATION_URL"],
        "models-url=" + key["serviceurls"]["IMAGE_RETRAIN_API_URL"],
        "token-url=" + key["url"] + "/oauth/token",
        "client-id=" + CLIENT, "auth=oauth", ""]))
    return path


def ask(cli, name="Lab", secret=SECRET):
    (cli.folder / "a.jpg").write_bytes(picture(1))
    return cli("classify", "a.jpg", "--connection", name, "--model", "flowers",
               "--model-version", "2", "--format", "ndjson",
               env={"ASSAY_CLIENT_SECRET": secret} if secret else {})


def test_signs_in_with_the_secret_from_the_environment(cli, saved):
    before = saved.read_bytes()
    for name in ("Lab", "lab-1"):
        result = ask(cli, name)
        assert result.status == 0, result
        assert result.lines()[0]["status"] == "ok"
        assert SECRET not in result.out + result.err
    assert saved.read_bytes() == before


@pytest.mark.parametrize("secret", ["wrong-s3cret", None])
def test_cannot_sign_in(cli, saved, secret):
    result = ask(cli, secret=secret)
    assert result.status == 3, result
    assert result.lines()[0]["error"]["code"] == "unauthorized"
    assert "wrong-s3cret" not in result.out + result.err


def test_every_picture_says_that_nobody_could_sign_in(cli, saved):
    names = [f"{number}.jpg" for number in range(20)]
    for number, name in enumerate(names):
        (cli.folder / name).write_bytes(picture(number))
    result = cli("classify", *names, "--connection", "Lab", "--model", "flowers",
                 "--model-version", "2", "--format", "ndjson",
                 env={"ASSAY_CLIENT_SECRET": "wrong-s3cret"})
    assert result.status == 3, result
    assert sorted(line["path"] for line in result.lines()) == sorted(names)
    assert {(line["status"], line["error"]["code"]) for line in result.lines()} == \
        {("failed", "unauthorized")}


def test_file_that_cannot_be_understood(cli, saved):
    saved.write_text("no key file\n")
    result = ask(cli)
    assert result.status == 2, result
    assert "connections" in result.err
