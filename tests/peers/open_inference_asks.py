# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client that the protocol's working group generates from its description: one
question as JSON on standard input, the answer on standard output."""
import json
import sys

import httpx
from open_inference.openapi.client import OpenInferenceClient
from open_inference.openapi.core.api_error import ApiError
from open_inference.openapi.types import InferenceRequest


def ask(client, question):
    model, version = question["model"], question["version"]
    if question["what"] == "describe":
        client.check_server_liveness()
        client.check_server_readiness()
        client.check_model_readiness(model)
        client.check_model_version_readiness(model, version)
        return {"server": json.loads(client.read_server_metadata().json()),
                "model": json.loads(client.read_model_metadata(model).json()),
                "version": json.loads(client.read_model_version_metadata(model, version).json())}
    request = InferenceRequest.parse_obj(question["request"])
    return json.loads(client.model_version_infer(model, version, request=request).json())


def main():
    question = json.load(sys.stdin)
    session = httpx.Client(headers=question["headers"], timeout=60)
    client = OpenInferenceClient(base_url=question["url"], httpx_client=session)
    try:
        answer = ask(client, question)
    except ApiError as error:
        # It makes objects of those errors only that its description names.
        body = error.body if isinstance(error.body, dict) else error.body.dict()
        answer = {"status": error.status_code, "error": body["error"]}
    json.dump(answer, sys.stdout)


main()
