# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli connection …, with a real keyring (tests/support/with-keyring.sh)."""
import json
import os
import select
import socket
import subprocess

import pytest
from conftest import PATIENCE, picture

SECRET = "hush+/=:s3cret"
CLIENT = "sb-9a93!b6427|foundation"
NO_KEYRING = {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}


@pytest.fixture(scope="module")
def key():
    """The service key of an assay-serve with the models that come with Assay."""
    child = subprocess.Popen([os.environ["ASSAY_SERVE"], "--models", os.environ["ASSAY_MODELS"],
                              "--listen", "127.0.0.1:0", "--print-connection", "--client", CLIENT,
                              "--client-secret-file", "-"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    child.stdin.write(SECRET.encode() + b"\n")
    child.stdin.flush()
    assert select.select([child.stdout], [], [], PATIENCE)[0], "no service key"
    # A secret that was given is not printed.
    yield json.dumps({**json.loads(child.stdout.readline()), "clientsecret": SECRET}).encode()
    child.stdin.close()
    child.terminate()
    child.wait(PATIENCE)
    child.stdout.close()


@pytest.fixture
def lab(cli, key):
    """A connection "Lab", imported, and removed in the end with its secret."""
    result = cli("connection", "import", "-", "--name", "Lab", input=key)
    assert result.status == 0, result
    assert SECRET not in result.out + result.err
    yield "Lab"
    cli("connection", "remove", "Lab")


def settings(cli):
    return cli.folder / "home" / "config" / "assay" / "connections.conf"


def classify(cli, name, **options):
    (cli.folder / "a.jpg").write_bytes(picture(1))
    return cli("classify", "a.jpg", "--connection", name, "--model", "flowers", "--model-version", "2",
               "--format", "ndjson", **options)


def test_import_show_classify_remove(cli, key):
    assert cli("connection", "import", "-", "--name", "Lab", input=key).status == 0
    assert "Lab" in cli("connection", "list").out
    shown = cli("connection", "show", "Lab")
    assert shown.status == 0 and "Secret: kept in the keyring" in shown.out, shown
    assert SECRET not in shown.out + shown.err + settings(cli).read_text()
    assert classify(cli, "Lab").lines()[0]["status"] == "ok"
    saved = settings(cli).read_text()

    assert cli("connection", "remove", "Lab").status == 0
    assert cli("connection", "show", "Lab").status == 2
    assert classify(cli, "Lab").status == 2
    # The connection comes back with its id, but not its secret.
    settings(cli).write_text(saved)
    assert "Secret: not kept\n" in cli("connection", "show", "Lab").out


def test_import_from_a_file_with_words_around_it(cli, key):
    wrapped = {"ml-foundation": [{"name": "ml", "credentials": json.loads(key)}]}
    (cli.folder / "key.txt").write_text("Getting key …\n\n" + json.dumps(wrapped) + "\nOK\n")
    result = cli("connection", "import", "key.txt", "--name", "Wrapped")
    assert result.status == 0, result
    assert classify(cli, "Wrapped").status == 0
    again = cli("connection", "import", "key.txt", "--name", "Wrapped")
    assert again.status == 2 and "already" in again.err
    assert cli("connection", "remove", "Wrapped").status == 0


def test_import_what_is_none(cli):
    result = cli("connection", "import", "-", input=b'{"clientsecret": "' + SECRET.encode() + b'"}')
    assert result.status == 2, result
    assert SECRET not in result.err and not settings(cli).exists()
    assert cli("connection", "import", "missing.json").status == 2


def test_token_from_a_file(cli, service):
    (cli.folder / "token").write_text("open-sesame\n")
    result = cli("connection", "add", "Token", "--url", service.url("token"), "--secret-file", "token")
    assert result.status == 0, result
    assert "bearer" in cli("connection", "list").out
    assert classify(cli, "Token").lines()[0]["status"] == "ok"
    # What is given with the command comes first.
    assert classify(cli, "Token", env={"ASSAY_TOKEN": "wrong"}).status != 0
    assert "open-sesame" not in settings(cli).read_text()
    assert cli("connection", "remove", "Token").status == 0


def test_secret_from_the_environment(cli, service):
    result = cli("connection", "add", "Key", "--url", service.url("ok"), "--auth", "api-key",
                 "--api-key-header", "X-Own", "--header", "X-Tenant: blue",
                 env={"ASSAY_API_KEY": SECRET})
    assert result.status == 0, result
    shown = cli("connection", "show", "Key").out
    for line in ("Sign-in: api-key", "API key header: X-Own", "Header: X-Tenant: blue",
                 "Secret: kept in the keyring"):
        assert line in shown
    assert classify(cli, "Key").status == 0
    assert cli("connection", "remove", "Key").status == 0


@pytest.mark.parametrize("arguments", [
    ["Lab"],
    ["Lab", "--url", "ftp://example.com"],
    ["--url", "https://example.com"],
    ["Lab", "Other", "--url", "https://example.com"],
    ["builtin", "--url", "https://example.com"],
    ["Lab", "--url", "https://example.com", "--auth", "basic"],
    ["Lab", "--url", "https://example.com", "--auth", "oauth"],
    ["Lab", "--url", "https://example.com", "--client-id", "x"],
    ["Lab", "--url", "https://example.com", "--api-key-header", "X Y"],
    ["Lab", "--url", "https://example.com", "--header", "Authorization: Basic " + SECRET],
    ["Lab", "--url", "https://example.com", "--header", "X-A: b\r\nHost: c"],
    ["Lab", "--url", "https://example.com", "--accept-certificate", "12:34"],
    ["Lab", "--url", "https://example.com", "--ca-file", "missing.pem"],
    ["Lab", "--url", "http://example.com", "--auth", "bearer"],
    ["Lab", "--url", "https://example.com", "--secret-file", "missing"],
])
def test_usage(cli, arguments):
    result = cli("connection", "add", *arguments)
    assert result.status == 2, result
    assert SECRET not in result.out + result.err
    assert not settings(cli).exists()


@pytest.mark.parametrize("arguments", [[], ["rename", "a"], ["list", "x"], ["show"], ["remove"],
                                       ["show", "nobody"], ["remove", "nobody"],
                                       ["remove", "builtin"], ["test", "nobody"]])
def test_no_such_command_or_connection(cli, arguments):
    assert cli("connection", *arguments).status == 2


def test_without_a_keyring(cli, key):
    result = cli("connection", "import", "-", "--name", "Lab", input=key, env=NO_KEYRING)
    assert result.status == 1 and "was not kept" in result.err, result
    shown = cli("connection", "show", "Lab", env=NO_KEYRING)
    assert "Secret: not kept; the keyring can't be used" in shown.out, shown
    assert classify(cli, "Lab", env=NO_KEYRING).status == 3
    assert classify(cli, "Lab", env={**NO_KEYRING, "ASSAY_CLIENT_SECRET": SECRET}).status == 0
    removed = cli("connection", "remove", "Lab", env=NO_KEYRING)
    assert removed.status == 0 and removed.err == "", removed


def steps(result):
    """Each step's state, by its title."""
    lines = [line.split(": ") for line in result.out.splitlines() if not line.startswith("  ")]
    return {line[0]: line[1] for line in lines}


def assert_fails_at(result, title, status=3):
    seen = steps(result)
    assert result.status == status, result
    assert list(seen)[-1] == title and seen.pop(title) == "failed", result
    assert set(seen.values()) <= {"passed", "skipped"}, result
    assert result.out.splitlines()[-1].startswith("  "), "no remedy"
    assert SECRET not in result.out + result.err


def test_every_step_passes(cli, lab):
    result = cli("connection", "test", lab)
    assert result.status == 0, result
    assert list(steps(result)) == ["Name lookup", "Connection", "Certificate", "Sign-in",
                                   "Permission", "Model"]
    assert "failed" not in result.out


def test_wrong_secret(cli, lab):
    result = cli("connection", "test", lab, env={"ASSAY_CLIENT_SECRET": "wrong"})
    assert_fails_at(result, "Sign-in")
    assert "wrong" not in result.out + result.err


def test_model_that_is_not_there(cli, lab):
    result = cli("connection", "test", lab, "--model", "trees", "--model-version", "7")
    assert_fails_at(result, "Model", status=1)
    assert "flowers 2" in result.out


def test_name_that_is_unknown(cli):
    assert_fails_at(cli("connection", "test", "--url", "https://nowhere.invalid/x"), "Name lookup")


def test_port_that_refuses(cli):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert_fails_at(cli("connection", "test", "--url", f"http://127.0.0.1:{port}/x"), "Connection")


def test_not_permitted(cli, service):
    result = cli("connection", "test", "--url", service.url("status-403"), "--model", "a",
                 "--model-version", "1")
    assert_fails_at(result, "Permission")


@pytest.fixture
def secure(tmp_path):
    """The address of a server with a certificate that nobody else has signed."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj",
                    "/CN=alone", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem",
                    "-out", "cert.pem"], cwd=tmp_path, check=True, stderr=subprocess.DEVNULL)
    child = subprocess.Popen([os.environ["ASSAY_TEST_SERVER"], "--cert", "cert.pem", "--key",
                              "key.pem"], cwd=tmp_path, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)
    yield child.stdout.readline().decode().strip()
    child.stdin.close()
    child.wait(PATIENCE)
    child.stdout.close()


def test_certificate_that_is_shown_and_accepted(cli, secure):
    result = cli("connection", "test", "--url", secure)
    assert_fails_at(result, "Certificate")
    printed = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in",
                              "cert.pem"], cwd=cli.folder, capture_output=True, check=True)
    fingerprint = printed.stdout.decode().strip().partition("=")[2]
    assert f"SHA-256: {fingerprint}\n" in result.out
    assert "Subject: CN=alone" in result.out and "Issuer: CN=alone" in result.out

    cli("connection", "add", "Own", "--url", secure, "--accept-certificate", fingerprint)
    result = cli("connection", "test", "Own")
    assert steps(result)["Certificate"] == "passed", result
    other = fingerprint[:-2] + ("00" if not fingerprint.endswith("00") else "11")
    cli("connection", "add", "Other", "--url", secure, "--accept-certificate", other)
    assert_fails_at(cli("connection", "test", "Other"), "Certificate")


def files_below(*folders):
    for folder in folders:
        for top, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(top, name)
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        yield path, file.read()


def test_secret_is_written_nowhere(cli, key):
    """Whatever the programs say and write, most talkative, the secret is not in it."""
    talk = {"G_MESSAGES_DEBUG": "all"}
    said = [cli("connection", "import", "-", "--name", "Lab", input=key, env=talk)]
    (cli.folder / "home" / "canary").write_text(SECRET)
    for arguments in (["list"], ["show", "Lab"], ["test", "Lab"],
                      ["test", "Lab", "--model", "trees", "--model-version", "7"]):
        said.append(cli("connection", *arguments, env=talk))
    said.append(classify(cli, "Lab", env=talk))
    assert said[-1].status == 0, said[-1]
    said.append(cli("connection", "test", "Lab", env={**talk, **NO_KEYRING}))
    folders = [cli.folder, os.environ["HOME"]]
    seen = list(files_below(*folders))
    assert any(path.endswith("connections.conf") for path, _ in seen)
    assert any(path.endswith(".keyring") for path, _ in seen)
    said.append(cli("connection", "remove", "Lab", env=talk))
    for result in said:
        assert SECRET not in result.out + result.err
    # The search finds what is there to be found.
    found = [path for path, content in seen if SECRET.encode() in content]
    assert [os.path.basename(path) for path in found] == ["canary"]
