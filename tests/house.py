#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the house in order: the include rule, cycles, banned calls, POTFILES.

usage: house.py SOURCE_ROOT [includes|cycles|banned|potfiles|self-test]...
Prints TAP.  `house.py SOURCE_ROOT write-potfiles` writes po/POTFILES instead.
"""
import os
import re
import sys
import tempfile

# A room may include its own files and those of the rooms named here.
ALLOWED = {
    "lib/base": set(),
    "lib/results": {"lib/base"},
    "lib/media": {"lib/base", "lib/results"},
    "lib/wire": {"lib/base", "lib/results"},
    "lib/intake": {"lib/base", "lib/results", "lib/media"},
    "lib/service": {"lib/base", "lib/results", "lib/wire"},
    "lib/history": {"lib/base", "lib/results"},
    "lib/run": {"lib/base", "lib/results", "lib/media", "lib/wire", "lib/intake",
                "lib/service", "lib/history"},
    "serve": {"lib/base", "lib/results", "lib/media", "lib/wire"},
}
EVERY_LIB = {room for room in ALLOWED if room.startswith("lib/")}
ALLOWED["cli"] = set(EVERY_LIB)
ALLOWED["app"] = set(EVERY_LIB)

# Libraries that a room must not see, by how their includes begin.
FOREIGN = {
    r"gtk/|gdk/|adwaita|gsk/": {"app"},
    r"libsoup/": {"lib/service", "serve"},
    r"json-glib/": {"lib/wire", "lib/history", "serve"},
    r"archive": {"lib/media"},
    r"sqlite3": {"lib/history"},
    r"libsecret/": {"lib/service"},
    r"nettle/": {"lib/intake"},
    r"opencv2/": {"serve"},
}

BANNED = {
    r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok)\s*\(": "is not bounded",
    r"\bg_cancellable_reset\s*\(": "takes the object away from whoever else holds it",
    r"\bg_main_context_iteration\s*\(": "nests the main loop",
    r"\bg_object_set_(q?data|data_full)\s*\(": "parks pointers where nobody owns them",
    r"\bgoto\b": "hides the way out",
    r"\bsystem\s*\(|\bpopen\s*\(": "gives text to a shell",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
STRING = re.compile(r'"(?:\\.|[^"\\\n])*"')


def sources(root):
    """Yields (room, path below src, text) of every source file."""
    top = os.path.join(root, "src")
    for folder, _, names in sorted(os.walk(top)):
        for name in sorted(names):
            if name.endswith((".c", ".h", ".cpp")):
                path = os.path.relpath(os.path.join(folder, name), top)
                parts = path.split(os.sep)
                room = "/".join(parts[:2]) if parts[0] == "lib" else parts[0]
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    yield room, path, file.read()


def check_includes(root):
    files = list(sources(root))
    home = {os.path.basename(path): room for room, path, _ in files if path.endswith(".h")}
    faults = []
    for room, path, text in files:
        if room not in ALLOWED:
            faults.append(f"{path}: the room {room} is not in the house")
            continue
        for _, name in INCLUDE.findall(text):
            other = home.get(os.path.basename(name))
            if other is not None and other != room and other not in ALLOWED[room]:
                faults.append(f"{path} includes {name} of {other}: the arrow points up or across")
            for prefix, rooms in FOREIGN.items():
                if re.match(prefix, name) and room not in rooms:
                    faults.append(f"{path} includes {name}, which its room leaves alone")
    return faults


def check_cycles(root):
    graph = {}
    for _, path, text in sources(root):
        name = os.path.basename(path)
        if name.endswith(".h"):
            graph[name] = {os.path.basename(other) for _, other in INCLUDE.findall(text)}
    faults, done = [], set()

    def visit(name, way):
        if name in way:
            faults.append(" → ".join(way[way.index(name):] + [name]))
        elif name not in done:
            for other in sorted(graph[name] & graph.keys()):
                visit(other, way + [name])
            done.add(name)

    for name in sorted(graph):
        visit(name, [])
    return faults


def check_banned(root):
    faults = []
    for _, path, text in sources(root):
        code = STRING.sub('""', COMMENT.sub("", text))
        for pattern, reason in BANNED.items():
            for match in re.finditer(pattern, code):
                faults.append(f"{path}: {match.group(0).strip()} {reason}")
    return faults


def translatable(root):
    """The files that have something to translate, sorted."""
    wanted = set()
    for _, path, text in sources(root):
        if re.search(r'\b(_|N_|C_|NC_|ngettext|g_dngettext)\s*\(\s*(?:"|[A-Za-z_]+,\s*")', COMMENT.sub("", text)):
            wanted.add(os.path.join("src", path))
    marks = {".ui": 'translatable="', ".gschema.xml": "gettext-domain=", ".desktop.in": "",
             ".metainfo.xml.in": ""}
    for folder in ("ui", "ui/gtk", "data"):
        for name in os.listdir(os.path.join(root, folder)):
            for kind, mark in marks.items():
                if name.endswith(kind):
                    with open(os.path.join(root, folder, name), encoding="utf-8") as file:
                        if mark in file.read():
                            wanted.add(os.path.join(folder, name))
    return sorted(wanted)


def check_potfiles(root):
    with open(os.path.join(root, "po", "POTFILES"), encoding="utf-8") as file:
        listed = set(file.read().split())
    wanted = set(translatable(root))
    return [f"po/POTFILES lacks {name}" for name in sorted(wanted - listed)] + \
           [f"po/POTFILES names {name}, which has nothing to translate" for name in sorted(listed - wanted)]


def check_self_test(_root):
    """The checks must fail where there is something to find."""
    faults = []
    with tempfile.TemporaryDirectory() as root:
        def write(path, text):
            path = os.path.join(root, "src", path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)

        write("lib/base/assay-a.h", '#include "assay-b.h"\n')
        write("lib/base/assay-b.h", '#include "assay-a.h"\n')
        write("lib/base/assay-a.c", '#include "assay-run.h"\n#include <gtk/gtk.h>\n/* strcpy (x) */\nstrcpy (a, "goto");\n')
        write("lib/run/assay-run.h", '#include "assay-a.h"\n')
        if len(check_includes(root)) != 2:
            faults.append(f"includes: {check_includes(root)}")
        if check_cycles(root) != ["assay-a.h → assay-b.h → assay-a.h"]:
            faults.append(f"cycles: {check_cycles(root)}")
        if len(check_banned(root)) != 1:
            faults.append(f"banned: {check_banned(root)}")
    return faults


CHECKS = {
    "includes": check_includes,
    "cycles": check_cycles,
    "banned": check_banned,
    "potfiles": check_potfiles,
    "self-test": check_self_test,
}


def main(root, names):
    if names == ["write-potfiles"]:
        with open(os.path.join(root, "po", "POTFILES"), "w", encoding="utf-8") as file:
            file.writelines(name + "\n" for name in translatable(root))
        return 0
    failed = False
    print(f"1..{len(names)}")
    for number, name in enumerate(names, 1):
        faults = CHECKS[name](root)
        for fault in faults:
            print(f"# {fault}")
        failed = failed or bool(faults)
        print(f"{'not ok' if faults else 'ok'} {number} {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:] or list(CHECKS)))
