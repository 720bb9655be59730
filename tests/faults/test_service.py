# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service does to requests on a real socket, and what must hold of each
picture: given = answered + failed + rejected + canceled, each exactly once."""
import email.utils
import signal
import time

import pytest
from conftest import GIVEN, Handler, finish


@pytest.fixture(params=["mlf", "oip"])
def protocol(request):
    """Each of them meets all of it."""
    return request.param


def first(action, count=1):
    """The first requests go wrong, then all is well."""
    return lambda handler, number, earlier: action(handler) if number <= count else handler.say()


def once(action):
    """Each picture goes wrong when it first comes."""
    return lambda handler, number, earlier: handler.say() if earlier else action(handler)


def always(action):
    return lambda handler, number, earlier: action(handler)


def status(code, **headers):
    return lambda handler: handler.say(code, {"error": {"message": "Not now"}}, **headers)


# What happens, and how many are answered, fail, and requests come.
FAULTS = {
    "reset once": (first(Handler.reset), GIVEN, 0, GIVEN + 1),
    "reset three times": (first(Handler.reset, 3), GIVEN, 0, GIVEN + 3),
    "closed once": (first(Handler.hang_up), GIVEN, 0, GIVEN + 1),
    "cut short once": (first(Handler.cut_short), GIVEN, 0, GIVEN + 1),
    "chunks broken off once": (first(Handler.break_chunks), GIVEN, 0, GIVEN + 1),
    "408 twice": (first(status(408), 2), GIVEN, 0, GIVEN + 2),
    "425 for each": (once(status(425)), GIVEN, 0, 2 * GIVEN),
    "429 twice": (first(status(429), 2), GIVEN, 0, GIVEN + 2),
    "500 for each once": (once(status(500)), GIVEN, 0, 2 * GIVEN),
    "500 always": (always(status(500)), 0, GIVEN, 2 * GIVEN),
    "502 twice": (first(status(502), 2), GIVEN, 0, GIVEN + 2),
    "503 three times": (first(status(503), 3), GIVEN, 0, GIVEN + 3),
    "504 twice": (first(status(504), 2), GIVEN, 0, GIVEN + 2),
    "501 always": (always(status(501)), 0, GIVEN, GIVEN),
    "400 always": (always(status(400)), 0, GIVEN, GIVEN),
    "413 always": (always(status(413)), 0, GIVEN, GIVEN),
    "422 with Retry-After": (always(status(422, Retry_After="600")), 0, GIVEN, GIVEN),
    "Retry-After that is none": (first(status(503, Retry_After="soon")), GIVEN, 0, GIVEN + 1),
    "Retry-After in the past": (first(status(503, Retry_After="Sun, 06 Nov 1994 08:49:37 GMT")),
                                GIVEN, 0, GIVEN + 1),
    "HTML with status 200": (always(lambda handler: handler.say(200, b"<html>Welcome</html>",
                                                                Content_Type="text/html")),
                             0, GIVEN, GIVEN),
    "an error that is no JSON": (first(lambda handler: handler.say(503, b"\xff\xfe<oops>")),
                                 GIVEN, 0, GIVEN + 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost(serve, start, fault):
    plan, answered, failed, requests = FAULTS[fault]
    service = serve(plan)
    code, counts, _ = finish(start(service))
    assert (counts["ok"], counts["failed"]) == (answered, failed), service.asked
    assert code == (0 if failed == 0 else 1)
    assert len(service.asked) == requests
    assert service.most <= 8


@pytest.mark.parametrize("code", [429, 503])
def test_a_hint_holds_all(serve, start, code):
    service = serve(first(status(code, Retry_After="2")))
    _, counts, _ = finish(start(service, "--jobs", "1"))
    assert counts["ok"] == GIVEN
    assert service.gaps()[0] >= 2


def test_a_hint_with_a_date(serve, start):
    def refuse(handler):
        handler.say(503, {}, Retry_After=email.utils.formatdate(time.time() + 3, usegmt=True))

    service = serve(first(refuse))
    _, counts, _ = finish(start(service, "--jobs", "1"))
    assert counts["ok"] == GIVEN
    assert service.gaps()[0] >= 1.9  # a date has whole seconds


def test_too_slow_once(serve, start):
    service = serve(first(Handler.wait_long, 2))
    _, counts, lines = finish(start(service, "--timeout", "1"))
    assert counts["ok"] == GIVEN
    assert sorted(line["attempts"] for line in lines.values())[-2:] == [2, 2]


def test_no_retries_when_none_are_wanted(serve, start):
    service = serve(first(status(503), 1))
    code, counts, lines = finish(start(service, "--retries", "0"))
    assert (code, counts["ok"], counts["failed"]) == (1, GIVEN - 1, 1)
    assert {line["attempts"] for line in lines.values()} == {1}


def test_a_service_that_restarts(serve, start):
    service = serve(always(lambda handler: (time.sleep(0.02), handler.say())))
    child = start(service, given=60)
    service.wait_asked(10)
    port = service.port
    service.early = True
    service.close()
    service.early = False
    service.open(port)
    code, counts, _ = finish(child, given=60)
    assert (code, counts["ok"]) == (0, 60)


def test_interrupted_while_it_waits(serve, start):
    service = serve(always(status(503, Retry_After="600")))
    child = start(service)
    service.wait_asked(1)
    child.send_signal(signal.SIGINT)
    code, counts, _ = finish(child)
    assert code == 130
    assert counts["canceled"] == GIVEN


# What happens when it is asked what it has to be asked first, how many are answered, and the
# code of the error of the others.
DESCRIPTION_FAULTS = {
    "reset once": (first(Handler.reset), GIVEN, None),
    "cut short once": (first(Handler.cut_short), GIVEN, None),
    "cut short thrice": (first(Handler.cut_short, 3), GIVEN, None),
    "429 twice": (first(status(429), 2), GIVEN, None),
    "503 with Retry-After": (first(status(503, Retry_After="1")), GIVEN, None),
    "400 always": (always(status(400)), 0, "refused"),
    "404 always": (always(status(404)), 0, "not-found"),
    "HTML with status 200": (always(lambda handler: handler.say(200, b"<html>Welcome</html>")),
                             0, "bad-answer"),
}


@pytest.mark.parametrize("protocol", ["oip"], indirect=True)
@pytest.mark.parametrize("fault", DESCRIPTION_FAULTS)
def test_a_description_goes_wrong(serve, start, fault):
    plan, answered, error = DESCRIPTION_FAULTS[fault]
    service = serve(always(lambda handler: handler.say()), plan)
    code, counts, lines = finish(start(service))
    assert (counts["ok"], counts["failed"]) == (answered, GIVEN - answered), lines
    assert code == (0 if answered == GIVEN else 1)
    assert len(service.asked) == answered
    assert {line["error"]["code"] for line in lines.values() if line["error"]} == \
        ({error} if error else set())


@pytest.mark.parametrize("protocol", ["oip"], indirect=True)
def test_described_once(serve, start):
    service = serve(first(status(429), 3))
    _, counts, _ = finish(start(service))
    assert counts["ok"] == GIVEN
    assert sorted(service.described) == \
        ["/v2", "/v2/models/m/versions/1", "/v2/models/m/versions/1/config"]
