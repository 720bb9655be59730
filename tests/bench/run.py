#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures Assay beside its peers, in one run, as ratios with their spread.

usage: run.py [--build DIR] [--runs N] [--files N] [--seconds N] [--no-newman]
              [uploads|tls|http2|slow|batches|many|judge|resize|workbench|start]...

uploads, tls  N pictures of about 100 KB to one local sink that reads each body
              whole: assay-cli, a bare libsoup client that reuses connections,
              curl -Z --parallel-max 8, newman. Wall seconds, processor seconds and
              peak resident memory of the client.
http2         the same through nghttpx, which speaks HTTP/2 over TLS to the client and
              HTTP/1.1 to the sink; the connections are those of nghttpx. Not newman,
              which speaks HTTP/1.1 alone.
slow          twice as many small pictures to a sink that takes 100 ms for each.
batches       a quarter as many small pictures over the Open Inference Protocol, 1, 8 and 32 in
              a request, one request and eight at a time: to assay-serve, which runs the
              flowers network, and to a service that takes 20 ms for a request however
              many pictures it has.
many          the peak memory of assay-cli with N, 2 N, 5 N and 10 N pictures in a
              folder, and with 10 N pictures of 100 KB in one archive.
judge         N, 10 N and 100 N items with a known truth and the answers of two targets:
              what one more answer costs, what all figures cost, and what judging all
              anew would, with 5 labels and (10 N items) with 1,000; and the memory.
resize        pictures of three sizes made 224 × 224, by each filter of ours, by GdkPixbuf's
              and by Pillow's bilinear one: milliseconds of one processor, decoded already.
workbench     the window over N and 100 N items with 5 labels, and 10 N with 1,000, each
              with the answers of two versions: what opening a page takes, and the turns
              of the main loop without what drawing took, while 1,000 answers a second
              come and the list is scrolled and filtered; cairo.  And the memory above the
              empty window, with the answers word by word, of which 8 MiB are kept.
start         from exec to the first pixels of the window on the X server, beside
              a bare libadwaita window.

The programs take turns (A B C A B C …), so that a slow minute of the machine hits
all; the ratio is taken turn by turn.  Quote the median and the range.  After each
run the sink says what it has read: as many requests as pictures, and as many bytes
as they have, besides what the form costs.
"""
import argparse
import io
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "app"))
JOBS = 8
DELAY = 100                     # milliseconds that the slow sink takes
BATCH_DELAY = 20                # and the one that takes batches
BATCHES = [(jobs, batch) for jobs in (1, JOBS) for batch in (1, 8, 32)]
MAX_FORM_BYTES = 600            # boundary lines and header of one part, with the longest name
LABELS = ("wall s", "processor s", "peak MiB", "connections")


class Failed(Exception):
    """A program did not do what was to be measured."""


def measure(options, command):
    """Runs a command; wall seconds, processor seconds, peak MiB."""
    read, write = os.pipe()
    line = [os.path.join(options.build, "tests", "bench", "gauge"), str(write), *command]
    # What is kept of the runs goes where the pictures go, not to the person's own.
    with tempfile.TemporaryDirectory(prefix="assay-bench-home-") as home:
        process = subprocess.run(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, pass_fds=[write], check=False,
                                 env={**os.environ, "XDG_DATA_HOME": home})
    os.close(write)
    with os.fdopen(read) as file:
        words = file.read().split()
    if process.returncode != 0 or len(words) != 3:
        raise Failed(f"{command[0]} ended with {process.returncode}: "
                     + process.stdout.decode(errors="replace")[-1500:])
    return float(words[0]), float(words[1]), int(words[2]) / 1024


def spread(values, digits=2):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def draw_pictures(count, size):
    """JPEG photos of noise; every one has its own bytes."""
    from PIL import Image
    rng = random.Random(5)
    data = rng.randbytes(size[0] * size[1] * 3)
    picture = Image.frombytes("RGB", size, data)
    for index in range(count):
        place = index % (size[0] * size[1])
        picture.putpixel((place % size[0], place // size[0]), (index & 255, index >> 8 & 255, 7))
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=70)
        yield f"picture-{index:05}.jpg", buffer.getvalue()


def make_pictures(folder, count, size=(512, 352)):
    """About 100 KB each unless they are smaller."""
    for name, content in draw_pictures(count, size):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))


def make_certificate(folder):
    paths = [os.path.join(folder, name) for name in ("cert.pem", "key.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1]],
                   check=True, capture_output=True)
    return paths


class Sink:
    """The server that everybody sends to; it counts."""

    def __init__(self, options, certificate=None, delay=0):
        command = [os.path.join(options.build, "tests", "bench", "sink"), "--delay", str(delay)]
        if certificate:
            command += ["--cert", certificate[0], "--key", certificate[1]]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = self.process.stdout.readline().strip()
        if not port:
            raise Failed("the sink did not start")
        self.base = f"https://localhost:{port}" if certificate else f"http://127.0.0.1:{port}"

        self.front = None

    def speak_http2(self, certificate):
        """Puts nghttpx in front."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        backend = self.base.rpartition(":")[2]
        self.front = subprocess.Popen(
            ["nghttpx", "--conf", "/dev/null", "--errorlog-file", "/dev/null", "--workers", "1",
             "--frontend", f"127.0.0.1,{port}", "--backend", f"127.0.0.1,{backend}",
             certificate[1], certificate[0]], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.base = f"https://localhost:{port}"
        for _ in range(1000):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.01)
        raise Failed("nghttpx did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.front is not None:
            self.front.terminate()
            self.front.wait()
        self.process.stdin.close()
        self.process.wait()

    def count(self):
        """Requests, bytes of bodies and connections since the last call."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return tuple(map(int, self.process.stdout.readline().split()))

    def check(self, name, sizes):
        """Everybody must have sent every picture, once, whole."""
        requests, size, connections = self.count()
        extra = size - sum(sizes)
        if requests != len(sizes) or not 0 < extra <= MAX_FORM_BYTES * len(sizes):
            raise Failed(f"{name} sent {requests} requests with {size} bytes, "
                         f"not {len(sizes)} with {sum(sizes)}")
        return connections


def newman_program(options):
    prefix = os.path.join(options.build, "newman")
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
    return ["curl", "--parallel", "--parallel-max", str(JOBS), "-K", config]


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


def assay_command(options, folder, base, *more):
    return [os.path.join(options.build, "src", "cli", "assay-cli"), "classify", "--url", base,
            "--model", "m", "--model-version", "1", "--jobs", str(JOBS), "--format", "ndjson",
            "--output", os.path.join(folder, "out.ndjson"), *more]


def upload_commands(options, folder, base, pictures, ca):
    url = f"{base}/models/m/versions/1"
    trust = ["--ca-file", ca] if ca else []
    given = [*trust, os.path.dirname(pictures[0])]
    commands = {
        "assay-cli": assay_command(options, folder, base, *given),
        "assay-cli --no-history": assay_command(options, folder, base, "--no-history", *given),
        "bare libsoup": [os.path.join(options.build, "tests", "bench", "bare-soup"), "--jobs", str(JOBS),
                         *trust, url, *pictures],
        "curl -Z": curl_command(folder, url, pictures, ca),
    }
    if not options.no_newman:
        commands["newman"] = newman_command(newman_program(options), folder, url, pictures, ca)
    return commands


def compare_uploads(options, protocol):
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        pictures_folder = os.path.join(folder, "pictures")
        os.mkdir(pictures_folder)
        pictures = make_pictures(pictures_folder, options.files)
        sizes = [os.path.getsize(path) for path in pictures]
        certificate = None if protocol == "plain HTTP" else make_certificate(folder)
        with Sink(options, certificate if protocol == "TLS" else None) as sink:
            if protocol == "HTTP/2":
                sink.speak_http2(certificate)
            commands = upload_commands(options, folder, sink.base, pictures, certificate and certificate[0])
            if protocol == "HTTP/2":
                commands.pop("newman", None)
            results = take_turns(options, commands, sink, sizes)
        print(f"\n### {len(sizes)} uploads of {statistics.mean(sizes) / 1000:.0f} KB, "
              f"{protocol}, {JOBS} in flight, {options.runs} turns\n")
        report(results)


def compare_slow(options):
    """What counts is how many are in the air, not how fast each is sent."""
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        pictures_folder = os.path.join(folder, "pictures")
        os.mkdir(pictures_folder)
        pictures = make_pictures(pictures_folder, 2 * options.files, (160, 110))
        sizes = [os.path.getsize(path) for path in pictures]
        with Sink(options, delay=DELAY) as sink:
            commands = upload_commands(options, folder, sink.base, pictures, None)
            commands.pop("newman", None)
            results = take_turns(options, commands, sink, sizes)
        print(f"\n### {len(sizes)} uploads of {statistics.mean(sizes) / 1000:.0f} KB to a service "
              f"that takes {DELAY} ms, {JOBS} in flight, {options.runs} turns\n")
        report(results)


class BatchSink:
    """What a request costs, whatever is in it; the most that batches can gain."""
    title = f"a service that takes {BATCH_DELAY} ms for a request"
    model = ["--model", "m", "--model-version", "1"]

    def __init__(self, _options):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "batch_sink.py"), str(BATCH_DELAY)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.base = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def pictures_a_request(self, count):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        requests, pictures = map(int, self.process.stdout.readline().split())
        if pictures != count:
            raise Failed(f"assay-cli sent {pictures} pictures, not {count}")
        return pictures / requests


class FlowersService:
    """assay-serve with a network that has work to do."""
    title = "assay-serve"
    model = ["--model", "flowers", "--model-version", "2"]

    def __init__(self, options):
        self.process = subprocess.Popen(
            [os.path.join(options.build, "src", "serve", "assay-serve"), "--models",
             os.path.join(options.build, "data", "models"), "--no-auth", "--listen", "127.0.0.1:0",
             "--print-connection"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.base = json.loads(self.process.stdout.readline())["url"]
        for _ in range(6000):
            try:
                urllib.request.urlopen(f"{self.base}/v2/models/flowers/versions/2/ready").close()
                return
            except urllib.error.HTTPError:
                time.sleep(0.01)
        raise Failed("assay-serve did not load its models")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def pictures_a_request(self, _count):
        """It doesn't count."""
        return None


def processor_seconds(process):
    """What a process has taken so far (proc(5), stat: utime and stime)."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        behind_name = file.read().rpartition(")")[2].split()
    return sum(map(int, behind_name[11:13])) / os.sysconf("SC_CLK_TCK")


def ask_in_batches(options, folder, service, jobs, batch, count):
    """Wall seconds; processor seconds of the client and the service; pictures in a request."""
    out = os.path.join(folder, "out.ndjson")
    before = processor_seconds(service.process)
    wall, processor, _ = measure(options, [
        os.path.join(options.build, "src", "cli", "assay-cli"), "classify", "--url", service.base,
        "--protocol", "oip", *service.model, "--jobs", str(jobs), "--batch", str(batch),
        "--no-history", "--format", "ndjson", "--output", out, os.path.join(folder, "pictures")])
    with open(out, encoding="utf-8") as file:
        answered = sum(json.loads(line)["status"] == "ok" for line in file)
    if answered != count:
        raise Failed(f"{answered} of {count} pictures were answered")
    taken = processor_seconds(service.process) - before
    return wall, processor, taken, service.pictures_a_request(count)


def compare_batches(options):
    """Whoever sends several pictures in a request saves what the others would have cost."""
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        os.mkdir(os.path.join(folder, "pictures"))
        pictures = make_pictures(os.path.join(folder, "pictures"), max(options.files // 4, 1), (160, 110))
        for kind in (FlowersService, BatchSink):
            results = {way: [] for way in BATCHES}
            with kind(options) as service:
                for turn in range(options.runs + 1):
                    for way in BATCHES:
                        row = ask_in_batches(options, folder, service, *way, len(pictures))
                        if turn:    # the first one warms the caches
                            results[way].append(row)
            size = statistics.mean(map(os.path.getsize, pictures)) / 1000
            print(f"\n### {len(pictures)} pictures of {size:.0f} KB in batches to {kind.title}, "
                  f"{options.runs} turns\n")
            report_batches(results, len(pictures))


def report_batches(results, count):
    """A ratio is one of the same turn; a busy machine moves processor seconds least."""
    print("| --jobs, --batch | pictures a request | wall s | pictures a second | processor s, client | "
          "processor s, service | times as fast as one by one | processors ÷ one by one |\n"
          "|---|---|---|---|---|---|---|---|")
    for (jobs, batch), rows in results.items():
        walls, clients, services, filled = zip(*rows)
        alone = results[jobs, 1]
        cells = [spread(filled, 1) if filled[0] else "–", spread(walls),
                 spread([count / wall for wall in walls], 0), spread(clients), spread(services),
                 spread([one[0] / wall for one, wall in zip(alone, walls)]),
                 spread([(client + service) / (one[1] + one[2])
                         for one, client, service in zip(alone, clients, services)])]
        print(f"| {jobs}, {batch} | " + " | ".join(cells) + " |")


def make_archive(path, count):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in draw_pictures(count, (512, 352)):
            archive.writestr(name, content)
    return os.path.getsize(path)


def weigh_many(options):
    """Memory must not grow with the number of pictures."""
    rows = []
    for factor in (1, 2, 5, 10):
        with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
            pictures_folder = os.path.join(folder, "pictures")
            os.mkdir(pictures_folder)
            count = len(make_pictures(pictures_folder, factor * options.files, (160, 110)))
            with Sink(options) as sink:
                rows.append((f"{count} in a folder", weigh(options, folder, sink, count, pictures_folder)))
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        path = os.path.join(folder, "many.zip")
        megabytes = make_archive(path, 10 * options.files) / 1e6
        with Sink(options) as sink:
            rows.append((f"{10 * options.files} in an archive of {megabytes:.0f} MB",
                         weigh(options, folder, sink, 10 * options.files, path)))
    print(f"\n### The memory of assay-cli over plain HTTP, {options.runs} turns\n")
    print("| pictures | wall s | peak MiB |\n|---|---|---|")
    for name, measured in rows:
        walls, _, peaks = zip(*measured)
        print(f"| {name} | {spread(walls)} | {spread(peaks)} |")


def weigh(options, folder, sink, count, path):
    measured = []
    for _ in range(options.runs):
        measured.append(measure(options, assay_command(options, folder, sink.base, path)))
        if (asked := sink.count()[0]) != count:
            raise Failed(f"assay-cli sent {asked} requests, not {count}")
    return measured


def take_turns(options, commands, sink, sizes):
    results = {name: [] for name in commands}
    for turn in range(options.runs + 1):
        for name, command in commands.items():
            row = measure(options, command)
            connections = sink.check(name, sizes)
            if turn:            # the first one warms the caches
                results[name].append((*row, connections))
    return results


def report(results):
    print("| program | " + " | ".join(LABELS) + " |\n|---|" + "---|" * len(LABELS))
    for name, rows in results.items():
        *measured, connections = zip(*rows)
        cells = [spread(column) for column in measured] + [spread(connections, 0)]
        print(f"| {name} | " + " | ".join(cells) + " |")
    for peer in results:
        if peer.startswith("assay-cli"):
            continue
        ratios = [[ours / theirs if theirs else float("nan") for ours, theirs in zip(our_row, their_row)]
                  for our_row, their_row in zip(results["assay-cli"], results[peer])]
        cells = [spread(column, 3 if peer == "newman" else 2) for column in list(zip(*ratios))[:3]]
        print(f"| **assay-cli ÷ {peer}** | " + " | ".join(cells) + " | |")
    if "newman" in results:
        times = [theirs[0] / ours[0] for ours, theirs in zip(results["assay-cli"], results["newman"])]
        print(f"\nassay-cli is {spread(times, 1)} times as fast as newman.")


def judge(options):
    """What an answer costs must not depend on how many there are."""
    program = os.path.join(options.build, "tests", "bench", "judge")
    sizes = [(options.files, 5), (10 * options.files, 5), (100 * options.files, 5), (10 * options.files, 1000)]
    results = {size: [] for size in sizes}
    for _ in range(options.runs):
        for items, labels in sizes:
            said = subprocess.run([program, str(items), str(labels)], capture_output=True, text=True, check=True)
            results[items, labels].append([float(word) for word in said.stdout.split()])
    print(f"\n### Judging items as answers come, {options.runs} turns\n")
    print("| items | labels | µs an answer | ms all figures | ms all anew | KiB an item | of it without answers |\n"
          "|---|---|---|---|---|---|---|")
    for (items, labels), rows in results.items():
        print(f"| {items} | {labels} | " + " | ".join(spread(column) for column in zip(*rows)) + " |")
    ratios = [many[0] / few[0] for many, few in zip(results[sizes[2]], results[sizes[0]])]
    print(f"\nOne of {sizes[2][0]} costs {spread(ratios)} times what one of {sizes[0][0]} does.")


def pillow_bilinear(width, height):
    """The best of seven, in milliseconds, as resize.c measures the others."""
    from PIL import Image
    picture = Image.frombytes("RGB", (width, height), random.Random(1).randbytes(3 * width * height))
    best = float("inf")
    for _ in range(7):
        began = time.perf_counter()
        picture.resize((224, 224), Image.Resampling.BILINEAR)
        best = min(best, time.perf_counter() - began)
    return 1000 * best


def compare_resize(options):
    """Our filters beside those of which two are at hand anyway."""
    program = os.path.join(options.build, "tests", "bench", "resize")
    names = ["area", "box", "bilinear", "bicubic", "lanczos", "nearest", "GdkPixbuf bilinear", "Pillow bilinear"]
    results = {size: [] for size in [(500, 375), (1024, 768), (4000, 3000)]}
    for _ in range(options.runs):
        for size, found in results.items():
            said = subprocess.run([program, *map(str, size)], capture_output=True, text=True, check=True)
            found.append([float(word) for word in said.stdout.split()] + [pillow_bilinear(*size)])
    print(f"\n### Pictures made 224 × 224, milliseconds, {options.runs} turns\n")
    print("| picture | " + " | ".join(names) + " | ours ÷ GdkPixbuf | ours ÷ Pillow |\n|---" + "|---" * 10 + "|")
    for (width, height), found in results.items():
        cells = [spread(column) for column in zip(*found)]
        cells += [spread([row[names.index("bilinear")] / row[column] for row in found]) for column in (-2, -1)]
        print(f"| {width} × {height} | " + " | ".join(cells) + " |")


def weigh_workbench(options):
    """The window with all pages, while a thousand answers a second come."""
    import ui
    ui.within_session_bus()
    program = os.path.join(options.build, "tests", "bench", "workbench")
    sizes = [(options.files, 5), (100 * options.files, 5), (10 * options.files, 1000)]
    results = {size: [] for size in sizes}
    with ui.screen():
        environment = dict(os.environ, GDK_BACKEND="x11", GSK_RENDERER="cairo",
                           GDK_DEBUG="gl-disable", GSETTINGS_BACKEND="memory")
        for _ in range(options.runs):
            for items, labels in sizes:
                said = subprocess.run([program, str(items), str(labels), str(options.seconds)],
                                      capture_output=True, text=True, check=False, env=environment)
                if said.returncode != 0:
                    raise Failed(said.stderr.strip()[-1500:])
                results[items, labels].append([float(word) for word in said.stdout.split()])
    print(f"\n### The window at 1,000 answers a second, cairo, {options.runs} turns\n")
    pages = ("Classify", "Compare", "Evaluate")
    print("| items | labels | " + " | ".join(f"{page}: ms to open | 99 % of turns, ms | longest, ms"
                                             for page in pages)
          + " | KiB an item | of it without answers | its answers | all pages |")
    print("|---|---|" + "---|" * 13)
    for (items, labels), rows in results.items():
        print(f"| {items} | {labels} | " + " | ".join(spread(column) for column in zip(*rows)) + " |")


def compare_start(options):
    import ui
    ui.within_session_bus()
    tool = os.path.join(options.build, "tests", "bench", "first-paint")
    if not os.path.exists(tool):
        raise Failed("first-paint was not built; install libx11-dev and libxdamage-dev, "
                     "then configure the build again")
    programs = {"assay": os.path.join(options.build, "src", "app", "assay"),
                "bare libadwaita window": os.path.join(options.build, "tests", "bench", "bare-window")}
    with ui.screen():
        times = {name: [] for name in programs}
        for turn in range(options.runs + 1):
            for name, program in programs.items():
                result = subprocess.run([tool, program], capture_output=True, text=True, check=False)
                if result.returncode != 0:
                    raise Failed(result.stderr.strip()[-1500:])
                seconds = float(result.stdout)
                if turn:
                    times[name].append(seconds)
    print(f"\n### From exec to the first pixels of the window, {options.runs} turns\n")
    print("| program | wall s |\n|---|---|")
    for name, values in times.items():
        print(f"| {name} | {spread(values, 3)} |")
    ratios = [a / b for a, b in zip(*times.values())]
    print(f"| **assay ÷ bare** | {spread(ratios)} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=14,
                        help="on each page of the window; all filters and orders take 13")
    parser.add_argument("--no-newman", action="store_true")
    parser.add_argument("what", nargs="*", default=[])
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    everything = ["uploads", "tls", "http2", "slow", "batches", "many", "judge", "resize", "workbench", "start"]
    what = options.what or everything
    if unknown := set(what) - set(everything):
        parser.error(f"there is nothing to measure by the name of {', '.join(sorted(unknown))}")
    if options.runs < 1 or options.files < 1:
        parser.error("at least one run and one file are needed")
    if not shutil.which("npm"):
        options.no_newman = True
    if os.environ.get("ASSAY_TEST_BUS") != "1":
        if "uploads" in what:
            compare_uploads(options, "plain HTTP")
        if "tls" in what:
            compare_uploads(options, "TLS")
        if "http2" in what:
            if not shutil.which("nghttpx"):
                raise Failed("nghttpx is missing; install nghttp2-proxy")
            compare_uploads(options, "HTTP/2")
        if "slow" in what:
            compare_slow(options)
        if "batches" in what:
            compare_batches(options)
        if "many" in what:
            weigh_many(options)
        if "judge" in what:
            judge(options)
        if "resize" in what:
            compare_resize(options)
    if "workbench" in what:
        weigh_workbench(options)
    if "start" in what:
        compare_start(options)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"run.py: {failure}")
