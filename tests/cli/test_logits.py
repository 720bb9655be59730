# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores that may be logits: a softmax is offered in one line, and applied when asked for."""
import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import oip_server  # noqa: E402

OFFER = "assay-cli: The scores are not probabilities. If they are logits, --softmax makes " \
        "probabilities of them."


def where(service):
    return ["--url", service.url, "--protocol", "oip"]


def test_classify(cli, photos):
    with oip_server.Server([4, -1, 2]) as service:
        asking = ["classify", "photos", *where(service), "--model", "flowers", "--format", "ndjson"]
        raw = cli(*asking)
        assert raw.status == 0, raw
        assert raw.err.splitlines().count(OFFER) == 1, raw
        assert raw.lines()[0]["predictions"][0]["score"] == 4
        made = cli(*asking, "--softmax")
        assert made.status == 0 and OFFER not in made.err, made
        assert made.lines()[0]["predictions"][0]["score"] == pytest.approx(.875601, abs=1e-6)


@pytest.mark.parametrize("scores, offered", [
    ([.7, .2, .1], False), ([.3, .2, .1], False), ([.9, .8, .1], True), ([.5, .5, -.1], True),
])
def test_which_scores_may_be_logits(cli, photos, scores, offered):
    with oip_server.Server(scores) as service:
        result = cli("classify", "photos", *where(service), "--model", "flowers")
        assert result.status == 0, result
        assert (OFFER in result.err) == offered, result


def test_evaluate(cli, photos):
    (photos / "daisy").mkdir()
    (photos / "1.jpg").rename(photos / "daisy" / "1.jpg")
    with oip_server.Server([4, -1, 2]) as service:
        result = cli("evaluate", "photos/daisy", *where(service), "--model", "flowers")
        assert result.err.splitlines().count(OFFER) == 1, result
