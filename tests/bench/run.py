#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures Assay beside its peers, in one run, as ratios with their spread.

usage: run.py --build DIR [--runs N] [--files N] [--no-newman] [uploads|tls|start]...

uploads, tls  N pictures of about 100 KB to one local sink that reads each body
              whole: assay-cli, a bare libsoup client that reuses connections,
              curl -Z --parallel-max 8, newman. Wall seconds, CPU seconds, peak
              resident memory of the client.
start         from exec to the first pixels of the window on the X server, beside
              a bare libadwaita window.

The programs take turns (A B C A B C …), so that a slow minute of the machine hits
all; the ratio is taken turn by turn.  Quote the median and the range.
"""
import argparse
import contextlib
import io
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "app"))
LABELS = ("wall s", "CPU s", "peak MiB")


def measure(command, env=None):
    """Runs a command; wall seconds, CPU seconds, peak MiB."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}: {errors.decode(errors='replace')[-1500:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def spread(values, digits=2):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def make_pictures(folder, count):
    """JPEG photos of noise, about 100 KB each; every one has its own bytes."""
    from PIL import Image
    rng = random.Random(5)
    data = rng.randbytes(384 * 256 * 3)
    picture = Image.frombytes("RGB", (384, 256), data)
    for index in range(count):
        picture.putpixel((index % 384, index // 384), (index & 255, index >> 8, 7))
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=70)
        with open(os.path.join(folder, f"picture-{index:04}.jpg"), "wb") as file:
            file.write(buffer.getvalue())
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))


def make_certificate(folder):
    paths = [os.path.join(folder, name) for name in ("cert.pem", "key.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1]],
                   check=True, capture_output=True)
    return paths


@contextlib.contextmanager
def sink(build, certificate=None):
    command = [os.path.join(build, "tests", "bench", "sink")]
    if certificate:
        command += ["--cert", certificate[0], "--key", certificate[1]]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    port = process.stdout.readline().strip()
    try:
        yield f"{'https' if certificate else 'http'}://{'localhost' if certificate else '127.0.0.1'}:{port}"
    finally:
        process.stdin.close()
        print("  sink:", process.stdout.read().strip())
        process.wait()


def newman_program(build):
    prefix = os.path.join(build, "newman")
    program = os.path.join(prefix, "node_modules", ".bin", "newman")
    if not os.path.exists(program):
        os.makedirs(prefix, exist_ok=True)
        subprocess.run(["npm", "install", "--prefix", prefix, "--ignore-scripts", "--no-audit", "--no-fund",
                        "--silent", "newman@6"], check=True)
    return program


def curl_command(folder, url, pictures, ca):
    config = os.path.join(folder, "curl.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write("\nnext\n".join(
            f'url = "{url}"\nform = "files=@{path}"\noutput = "/dev/null"\nsilent\nfail'
            + (f'\ncacert = "{ca}"' if ca else "") for path in pictures))
    return ["curl", "--parallel", "--parallel-max", "8", "-K", config]


def newman_command(program, folder, url, pictures, ca):
    collection = os.path.join(folder, "collection.json")
    items = [{"name": os.path.basename(path), "request": {
        "method": "POST", "url": url,
        "body": {"mode": "formdata", "formdata": [{"key": "files", "type": "file", "src": path}]}}}
        for path in pictures]
    with open(collection, "w", encoding="utf-8") as file:
        json.dump({"info": {"name": "bench", "schema":
                            "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
                   "item": items}, file)
    command = [program, "run", collection, "--silent", "--working-dir", os.path.dirname(pictures[0])]
    return command + (["--ssl-extra-ca-certs", ca] if ca else [])


def compare_uploads(options, tls):
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        pictures_folder = os.path.join(folder, "pictures")
        os.mkdir(pictures_folder)
        pictures = make_pictures(pictures_folder, options.files)
        size = sum(map(os.path.getsize, pictures)) / len(pictures)
        certificate = make_certificate(folder) if tls else None
        ca = certificate[0] if tls else None
        print(f"\n{len(pictures)} uploads of {size / 1000:.0f} KB, {'TLS' if tls else 'plain HTTP'}, 8 in flight")
        with sink(options.build, certificate) as base:
            url = f"{base}/models/m/versions/1"
            cli = [os.path.join(options.build, "src", "cli", "assay-cli"), "classify", "--url", base,
                   "--model", "m", "--model-version", "1", "--format", "ndjson", "--output",
                   os.path.join(folder, "out.ndjson"), pictures_folder]
            bare = [os.path.join(options.build, "tests", "bench", "bare-soup"), "--jobs", "8"]
            programs = {
                "assay-cli": cli + (["--ca-file", ca] if ca else []),
                "bare libsoup": bare + (["--ca-file", ca] if ca else []) + [url] + pictures,
                "curl -Z": curl_command(folder, url, pictures, ca),
            }
            results = take_turns(programs, options.runs)
            if not options.no_newman:
                newman = {"assay-cli": programs["assay-cli"],
                          "newman": newman_command(newman_program(options.build), folder, url, pictures, ca)}
                slow = take_turns(newman, min(3, options.runs))
                report(results, ["bare libsoup", "curl -Z"])
                report(slow, ["newman"])
            else:
                report(results, ["bare libsoup", "curl -Z"])


def take_turns(programs, runs):
    results = {name: [] for name in programs}
    for command in programs.values():
        measure(command)
    for _ in range(runs):
        for name, command in programs.items():
            results[name].append(measure(command))
    return results


def report(results, peers):
    print("| program | " + " | ".join(LABELS) + " |\n|---|" + "---|" * len(LABELS))
    for name, rows in results.items():
        print(f"| {name} | " + " | ".join(spread(column) for column in zip(*rows)) + " |")
    for peer in peers:
        ratios = [[a / b for a, b in zip(ours, theirs)]
                  for ours, theirs in zip(results["assay-cli"], results[peer])]
        print(f"| **assay-cli ÷ {peer}** | " + " | ".join(spread(column) for column in zip(*ratios)) + " |")


def compare_start(options):
    import ui
    ui.within_session_bus()
    tool = os.path.join(options.build, "tests", "bench", "first-paint")
    programs = {"assay": os.path.join(options.build, "src", "app", "assay"),
                "bare libadwaita window": os.path.join(options.build, "tests", "bench", "bare-window")}
    with ui.screen():
        times = {name: [] for name in programs}
        for turn in range(options.runs + 1):
            for name, program in programs.items():
                seconds = float(subprocess.run([tool, program], check=True, capture_output=True, text=True).stdout)
                if turn:
                    times[name].append(seconds)
    print("\nFrom exec to the first pixels of the window\n| program | wall s |\n|---|---|")
    for name, values in times.items():
        print(f"| {name} | {spread(values, 3)} |")
    ratios = [a / b for a, b in zip(*times.values())]
    print(f"| **assay ÷ bare** | {spread(ratios)} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--no-newman", action="store_true")
    parser.add_argument("what", nargs="*", default=[])
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    what = options.what or ["uploads", "tls", "start"]
    if not shutil.which("npm"):
        options.no_newman = True
    if os.environ.get("ASSAY_TEST_BUS") != "1":
        if "uploads" in what:
            compare_uploads(options, False)
        if "tls" in what:
            compare_uploads(options, True)
    if "start" in what:
        compare_start(options)


if __name__ == "__main__":
    main()
