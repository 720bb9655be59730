# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""run.py measures what it says, and nobody who did only half the work."""
import os
import shutil
import subprocess
import sys
import types
import urllib.request

import pytest
import run

BUILD = os.environ["ASSAY_BUILD"]
PATIENCE = 120
OPTIONS = types.SimpleNamespace(build=BUILD, runs=1, no_newman=True)


def bench(*arguments):
    result = subprocess.run([sys.executable, run.__file__, "--build", BUILD, "--runs", "1", *arguments],
                            capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def rows(text):
    """What stands in each row after its name."""
    cells = [line.strip("| ").split("|") for line in text.splitlines() if line.startswith("|")]
    return {row[0].strip(" *"): [cell.strip() for cell in row[1:]] for row in cells}


@pytest.mark.parametrize("what", ["uploads", "tls", pytest.param("http2", marks=pytest.mark.skipif(
    not shutil.which("nghttpx"), reason="nghttp2-proxy is missing"))])
def test_uploads(what):
    found = rows(bench("--files", "20", "--no-newman", what))
    for program in ("assay-cli", "bare libsoup", "curl -Z"):
        wall, _, peak, connections = (float(cell.split()[0]) for cell in found[program])
        assert wall > 0 and peak > 1, program
        # Those of nghttpx are its own affair.
        assert what == "http2" or 1 <= connections <= run.JOBS, program
    for peer in ("bare libsoup", "curl -Z"):
        assert float(found[f"assay-cli ÷ {peer}"][0].split()[0]) > 0


def test_a_slow_sink():
    found = rows(bench("--files", "10", "slow"))
    for program in ("assay-cli", "assay-cli --no-history", "bare libsoup", "curl -Z"):
        # Twenty, eight at once, a tenth of a second each: three rounds at best.
        assert float(found[program][0].split()[0]) >= 0.3, program


def test_batches():
    found = bench("--files", "160", "batches")
    ours, sink = (rows(part) for part in found.split("###")[1:])
    for jobs, batch in run.BATCHES:
        assert float(ours[f"{jobs}, {batch}"][1].split()[0]) > 0
        filled = float(sink[f"{jobs}, {batch}"][0].split()[0])
        assert 1 <= filled <= batch, (jobs, batch)
    # Forty, one at a time, each a fiftieth of a second.
    assert float(sink["1, 1"][1].split()[0]) >= 0.8
    assert float(sink["1, 8"][0].split()[0]) > 1


def test_memory_of_many():
    found = rows(bench("--files", "10", "many"))
    assert len(found) == 7 and all(float(found[name][1].split()[0]) > 1 for name in (
        "10 in a folder", "20 in a folder", "50 in a folder", "100 in a folder"))


def test_judging():
    found = rows(bench("--files", "20", "judge"))
    assert set(found) >= {"20", "200", "2000"}
    assert all(float(cell.split()[0]) > 0 for cell in found["2000"][1:])


def test_resizing():
    found = rows(bench("resize"))
    assert all(len(found[size]) == 10 for size in ("500 × 375", "1024 × 768", "4000 × 3000"))
    assert all(float(cell.split()[0]) > 0 for cell in found["1024 × 768"])


def test_the_window_at_work():
    found = rows(bench("--files", "3", "--seconds", "1", "workbench"))
    assert set(found) >= {"3", "30", "300"}
    # The labels; for each of three pages what opening it took and two turns; the memory, and
    # its parts, of which a few items may take none that wasn't there.
    figures = [float(cell.split()[0]) for cell in found["300"]]
    assert figures[0] == 5 and len(figures) == 14 and all(figure > 0 for figure in figures[:11])


@pytest.mark.skipif(not os.path.exists(os.path.join(BUILD, "tests", "bench", "first-paint")),
                    reason="first-paint was not built: libxdamage-dev is missing")
def test_start():
    found = rows(bench("start"))
    for program in ("assay", "bare libadwaita window"):
        assert float(found[program][0].split()[0]) > 0, program
    assert float(found["assay ÷ bare"][0].split()[0]) > 0


def post(sink, body):
    urllib.request.urlopen(urllib.request.Request(sink.base + "/m", body), timeout=PATIENCE).read()


def test_the_sink_counts_each_run():
    with run.Sink(OPTIONS) as sink:
        post(sink, b"x" * 300000)
        post(sink, b"y" * 10)
        assert sink.count() == (2, 300010, 2)
        assert sink.count() == (0, 0, 0)


@pytest.mark.parametrize("bodies", [[1000], [1000, 1000, 1000], [1000, 10], [1000, 5000]],
                         ids=["one-missing", "one-twice", "one-cut", "one-padded"])
def test_less_than_all_is_no_result(bodies):
    with run.Sink(OPTIONS) as sink:
        for size in bodies:
            post(sink, b"x" * size)
        with pytest.raises(run.Failed, match="somebody sent"):
            sink.check("somebody", [900, 900])


def test_a_failing_program_is_no_result():
    with pytest.raises(run.Failed, match="ended with 3: why"):
        run.measure(OPTIONS, ["sh", "-c", "echo why; exit 3"])


def test_the_peak_is_that_of_the_program():
    ballast = bytearray(64 * 1024 * 1024)
    ballast[::4096] = b"\1" * len(ballast[::4096])
    assert run.measure(OPTIONS, ["true"])[2] < 16
