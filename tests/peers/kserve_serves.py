# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""KServe's own server, with models whose answers can be worked out by hand from the bytes
that they get.  Prints its port as soon as it can be asked."""
import base64
import hashlib
import logging

import kserve
import uvicorn
from kserve.errors import InvalidInput


def shares(data):
    """Three scores that belong to these bytes and no others."""
    digest = hashlib.sha256(data).digest()
    return [byte / sum(digest[:3]) for byte in digest[:3]]


def files(instances, name=None):
    return [base64.b64decode((instance[name] if name else instance)["b64"], validate=True)
            for instance in instances]


class Answering(kserve.Model):
    """A model whose answer is a function of what it is asked."""

    def __init__(self, name, answer):
        super().__init__(name)
        self.answer = answer
        self.ready = answer is not None

    async def predict(self, payload, headers=None, response_headers=None):
        return self.answer(payload)


def labeled(payload):
    return {"predictions": [[{"label": label, "score": score} for label, score in zip("abc", shares(data))]
                            for data in files(payload["instances"], "image_bytes")]}


def columns(payload):
    return {"outputs": {"probabilities": [shares(data) for data in files(payload["inputs"]["image"])]}}


def means(payload):
    """The mean of each channel of a picture of 8 × 8 pixels, channels last."""
    answers = []
    for picture in payload["instances"]:
        assert len(picture) == 8 and all(len(row) == 8 for row in picture)
        pixels = [pixel for row in picture for pixel in row]
        assert all(len(pixel) == 3 for pixel in pixels)
        answers.append([sum(pixel[channel] for pixel in pixels) / 64 for channel in range(3)])
    return {"predictions": answers}


def refusing(payload):
    raise InvalidInput("this is no flower")


def not_numbers(payload):
    return {"predictions": [["much", "little"]]}


MODELS = {
    "shares": lambda payload: {"predictions": [shares(data) for data in files(payload["instances"])]},
    "labeled": labeled,
    "columns": columns,
    "means": means,
    "refusing": refusing,
    "words": not_numbers,
    "cold": None,
}

class Config(uvicorn.Config):
    """The server would listen on every address of the machine, and has no option for it."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **{**options, "host": "127.0.0.1"})


START = uvicorn.Server.startup


async def start(self, sockets=None):
    await START(self, sockets)
    print(self.servers[0].sockets[0].getsockname()[1], flush=True)


if __name__ == "__main__":
    logging.disable(logging.INFO)
    uvicorn.Config, uvicorn.Server.startup = Config, start
    kserve.ModelServer(http_port=0, workers=1, enable_grpc=False).start(
        [Answering(name, answer) for name, answer in MODELS.items()])
