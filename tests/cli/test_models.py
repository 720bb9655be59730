# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay-cli models list as a black box."""
import json

import pytest


def ask(service, mood="one"):
    return ["models", "list", "--url", service.url(), "--models-url", service.url(f"{mood}/list")]


def test_json_is_an_array(cli, service):
    result = cli(*ask(service), "--format", "json")
    assert result.status == 0, result
    assert result.err == ""
    versions = json.loads(result.out)
    assert [(v["model"], v["version"], v["state"]) for v in versions] == [
        ("flowers", "11", "PENDING"), ("flowers", "10", "SUCCEEDED"),
        ("flowers", "2", "SUCCEEDED"), ("flowers", "1", "SUCCEEDED")]


def test_table(cli, service):
    result = cli(*ask(service, "two"))
    assert result.status == 0, result
    lines = result.out.splitlines()
    assert lines[0].split() == ["MODEL", "VERSION", "STATE", "LABELS"]
    assert "not deployed" in result.out
    assert len(lines) == 6


def test_service_that_lists_nothing(cli, service):
    result = cli("models", "list", "--url", service.url())
    assert result.status == 2
    assert "--models-url" in result.err
    result = cli(*ask(service, "status-500"))
    assert result.status == 3
    assert result.out == ""


@pytest.mark.parametrize("arguments", [
    ["models"], ["models", "show"], ["models", "list", "a.jpg"], ["models", "add"],
    ["models", "add", "a.onnx", "b.onnx"], ["models", "add", "a.onnx", "--name", "a/b"],
    ["models", "add", "a.onnx", "--name", ".a"], ["models", "remove", "flowers"],
    ["models", "remove", "..", "models"], ["models", "remove", "flowers", "../1"],
    ["models", "list", "--format", "csv"]])
def test_usage(cli, arguments):
    result = cli(*arguments)
    assert result.status == 2, result
    assert result.out == ""
