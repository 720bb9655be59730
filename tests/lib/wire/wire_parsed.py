#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what the wire room writes with parsers that are not ours: Python's
email, json and csv.

usage: wire_parsed.py WRITER
Prints TAP.
"""
import base64
import csv
import email
import email.policy
import io
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import unicodedata

WRITER = sys.argv[1]
RANDOM = random.Random(2018)
LIMIT = 255

# The name given, and the name that a parser must find.
NAMES = [
    (b"rose.jpg", "rose.jpg"),
    ("röse 玫瑰 🌹.jpg".encode(), "röse 玫瑰 🌹.jpg"),
    (b"with space and ;semicolon=1, comma.jpg", "with space and ;semicolon=1, comma.jpg"),
    (b'say "rose".jpg', "say %22rose%22.jpg"),
    (b"back\\slash\\.jpg", "back%5Cslash%5C.jpg"),
    (b"ends in \\", "ends in %5C"),
    (b"line\r\nX-Forged: yes.jpg", "line%0D%0AX-Forged: yes.jpg"),
    (b'"\r\n\r\n--forged', "%22%0D%0A%0D%0A--forged"),
    (b"percent%22.jpg", "percent%22.jpg"),
    (b"tab\tbell\x07escape\x1b[31m\x7f.jpg", "tab_bell_escape_[31m_.jpg"),
    ("c1\x85\x9b.jpg".encode(), "c1__.jpg"),
    (b"caf\xe9.jpg", "caf�.jpg"),
    (b"cut off \xe2\x82", "cut off ��"),
    (b"surrogate \xed\xa0\x80.jpg", "surrogate ���.jpg"),
    (b"", "file"),
    (b"folder/", "file"),
    (b"some/folder/rose.jpg", "rose.jpg"),
    (b"../../etc/passwd", "passwd"),
    (b".hidden", ".hidden"),
    (b"x" * 300 + b".jpeg", "x" * (LIMIT - 5) + ".jpeg"),
    (b'"' * 300 + b".png", "%22" * ((LIMIT - 4) // 3) + ".png"),
    ("é".encode() * 300 + b".gif", "é" * ((LIMIT - 4) // 2) + ".gif"),
    ("🌹".encode() * 100, "🌹" * (LIMIT // 4)),
    (b"no extension at all " * 20, ("no extension at all " * 20)[:LIMIT]),
    (b"a." + b"b" * 300, ("a." + "b" * 300)[:LIMIT]),
]


def write(*args, data=b""):
    return subprocess.run([WRITER, *args], input=data, stdout=subprocess.PIPE, check=True, timeout=60).stdout


def read_message(whole):
    """email takes header bytes above 127 for broken mail; as text they are letters."""
    try:
        return email.message_from_string(whole.decode(), policy=email.policy.compat32)
    except UnicodeDecodeError:
        return email.message_from_bytes(whole, policy=email.policy.compat32)


def parse(names, types, contents):
    """Gives (header pairs, file name, content) of each part."""
    with tempfile.TemporaryDirectory() as folder:
        args = [b"multipart"]
        for number, (name, kind, content) in enumerate(zip(names, types, contents)):
            path = os.path.join(folder, str(number))
            with open(path, "wb") as file:
                file.write(content)
            args += [name, kind, os.fsencode(path)]
        whole = write(*args)
    head, body = whole.split(b"\r\n\r\n", 1)
    message = read_message(whole)
    assert int(message["Content-Length"]) == len(body), "the length is not the body's"
    assert message.get_content_type() == "multipart/form-data"
    assert not message.defects, message.defects
    # email's own reading of line ends is for mail; the content is cut out by the boundary it found.
    boundary = message.get_boundary().encode()
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    assert pieces[0] == b"" and pieces[-1] == b"--\r\n", "begin or end"
    parts = message.get_payload()
    assert len(parts) == len(pieces) - 2 == len(names), "number of parts"
    found = []
    for part, piece in zip(parts, pieces[1:-1]):
        assert part.get_param("name", header="Content-Disposition") == "files"
        name = part.get_param("filename", header="Content-Disposition")
        assert isinstance(name, str), "not plainly in filename"
        found.append((part.keys(), name.encode(), part.get_content_type(), piece.split(b"\r\n\r\n", 1)[1],
                      part.get_payload(decode=True)))
    return found


def check_names():
    for given, wanted in NAMES:
        (headers, name, _, _, _), = parse([given], [b"image/jpeg"], [b"x"])
        assert headers == ["Content-Disposition", "Content-Type"], (given, headers)
        assert name.decode() == wanted, (given, name, wanted)
        assert len(name) <= LIMIT, given


def check_any_name():
    for _ in range(60):
        names = [bytes(RANDOM.choice(b'\r\n"\\%:;=-./ \x01ab\x80\xc3\xa9\xff') for _ in range(RANDOM.randrange(40)))
                 for _ in range(5)]
        found = parse(names, [b"image/png"] * 5, [b"x"] * 5)
        sent = [part[1] for part in found]
        assert len(set(sent)) == 5, ("names are not told apart", names, sent)
        for headers, name, kind, _, _ in found:
            assert headers == ["Content-Disposition", "Content-Type"], (names, headers)
            assert kind == "image/png"
            name.decode()


def check_equal_names():
    found = parse([b"a/rose.jpg", b"b/rose.jpg", b"rose.jpg", b"rose (2).jpg", b"y" * 300 + b".jpg", b"y" * 300 + b".jpg"],
                  [b"image/jpeg"] * 6, [b"%d" % number for number in range(6)])
    names = [part[1].decode() for part in found]
    assert names == ["rose.jpg", "rose (2).jpg", "rose (3).jpg", "rose (2) (2).jpg",
                     "y" * 251 + ".jpg", "y" * 247 + " (2).jpg"], names
    assert [part[3] for part in found] == [b"%d" % number for number in range(6)]


def check_contents():
    contents = [b"", b"\r\n", b"\r\n--", b"--\r\n", b"\r\n\r\n--assay-boundary-\r\n", b"\0\xff\xd8\xff\xe0\r\r\n\n",
                bytes(range(256)) * 4, RANDOM.randbytes(200_000)]
    found = parse([b"%d" % number for number in range(len(contents))], [b"image/jpeg"] * len(contents), contents)
    for wanted, part in zip(contents, found):
        assert part[3] == wanted
        assert part[4] == wanted, "email reads another content"


def check_types():
    table = [(b"image/jpeg", "image/jpeg"), (b"image/svg+xml", "image/svg+xml"),
             (b"", "application/octet-stream"), (b"image", "application/octet-stream"),
             (b"image/", "application/octet-stream"), (b"/png", "application/octet-stream"),
             (b"image/png\r\nX-Forged: yes", "application/octet-stream"),
             (b"image/png; x=\"", "application/octet-stream"), (b"im\xffage/png", "application/octet-stream")]
    for given, wanted in table:
        (headers, _, kind, _, _), = parse([b"a"], [given], [b"x"])
        assert headers == ["Content-Disposition", "Content-Type"] and kind == wanted, (given, kind)


def random_text():
    pieces = ["a", ",", '"', "'", "\\", "\r", "\n", "\t", "=", "+", "-", "@", " ", "\x01", "\x7f", "é", "🌹",
              "\u2028", "\u202e"]
    text = "".join(RANDOM.choice(pieces) for _ in range(RANDOM.randrange(8))).encode()
    return text + RANDOM.choice([b"", b"", b"\xff", b"\xed\xa0\x80"])


RECORDS = [[random_text() for _ in range(3)] + [repr(RANDOM.random()).encode(), random_text()] for _ in range(400)]
for record in RECORDS:
    # A label is valid UTF-8, as the answer's reader sees to.
    record[2] = record[2].decode("utf-8", "ignore").encode()
INPUT = b"".join(field + b"\0" for record in RECORDS for field in record)


def strict(text):
    def refuse(name):
        raise ValueError(name)
    return json.loads(text, parse_constant=refuse)


def escaped(raw):
    return raw.decode("utf-8", "backslashreplace")


def is_utf8(raw):
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def check_ndjson():
    lines = write("ndjson", data=INPUT).decode("utf-8").split("\n")
    assert lines.pop() == "" and len(lines) == len(RECORDS), "lines"
    for record, line in zip(RECORDS, lines):
        path, member, label, score, message = record
        row = strict(line)
        assert [key for key in row if not key.endswith("_b64")] == [
            "path", "member", "sha256", "bytes", "status", "predictions", "model", "version", "attempts",
            "seconds", "error"], row
        for name, raw in ("path", path), ("member", member):
            assert row[name].lower() == escaped(raw).lower(), (name, raw, row)
            assert (name + "_b64" in row) == (not is_utf8(raw)), (name, raw, row)
            if name + "_b64" in row:
                assert base64.b64decode(row[name + "_b64"]) == raw
        assert row["predictions"] == [{"label": label.decode(), "score": float(score)}], row
        assert row["error"]["code"] == "refused"
        assert row["error"]["message"].rstrip("\ufffd") == message.decode("utf-8", "ignore"), row


# What begins a formula, the wide forms too.
FORMULA = set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def unescape(text):
    """Control characters and marks of direction are written like this."""
    return re.sub(r"\\u([0-9A-F]{4,6})", lambda match: chr(int(match[1], 16)), text)


def check_csv():
    text = write("csv", data=INPUT).decode("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    header = rows.pop(0)
    assert len(rows) == len(RECORDS), "rows"
    for record, row in zip(RECORDS, rows):
        assert len(row) == len(header), row
        cells = dict(zip(header, row))
        path, member, label, score, message = (field.decode("utf-8", "backslashreplace") for field in record)
        for name, wanted in (("path", path), ("member", member), ("label", label), ("model", label),
                             ("error_message", message)):
            guard = "'" if wanted[:1] in FORMULA and wanted else ""
            assert unescape(cells[name]).lower() == unescape(guard + wanted).lower(), (name, wanted, cells)
            assert cells[name][:1] not in FORMULA or not cells[name], cells
            assert not any(unicodedata.category(c) in ("Cc", "Cf") for c in cells[name]
                           if c not in "\t\r\n"), cells
        assert float(cells["score"]) == float(score)
        assert strict(cells["predictions"]) == [{"label": label, "score": float(score)}]


def check_answer():
    scores = [RANDOM.random() for _ in range(500)] + [RANDOM.random() * 10.0 ** -RANDOM.randrange(300) for _ in range(500)]
    scores += [0.0, 1.0, 5e-324, struct.unpack("<d", b"\1\0\0\0\0\0\0\0")[0], 0.1, 1 / 3]
    data = b"".join(b"%d\0%s\0" % (number, repr(score).encode()) for number, score in enumerate(scores))
    answer = strict(write("answer", data=data))
    results = answer["predictions"][0]["results"]
    assert {int(result["label"]): result["score"] for result in results} == dict(enumerate(scores))
    assert all(isinstance(result["score"], float) for result in results)
    assert [result["score"] for result in results] == sorted(scores, reverse=True)
    assert answer["processedTime"] == "1970-01-01T00:00:00.000000+00:00", answer["processedTime"]


CHECKS = [check_names, check_any_name, check_equal_names, check_contents, check_types, check_ndjson, check_csv,
          check_answer]


def main():
    failed = False
    print(f"1..{len(CHECKS)}")
    for number, check in enumerate(CHECKS, 1):
        fault = ""
        try:
            check()
        except Exception as error:  # every fault is a line of the report
            fault = f"{type(error).__name__}: {error!r}"
            print(f"# {fault}")
        failed = failed or bool(fault)
        print(f"{'not ok' if fault else 'ok'} {number} {check.__name__[6:].replace('_', '-')}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
