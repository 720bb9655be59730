# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several files say of the same thing agrees."""
import configparser
import glob
import json
import os
import re
import xml.etree.ElementTree as ElementTree

from conftest import BUILD, SOURCE, VERSION, run

ID = "io.github.assay.Assay"


def metainfo():
    return ElementTree.parse(os.path.join(BUILD, "data", ID + ".metainfo.xml")).getroot()


def entry(path, group):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    assert parser.read(path) == [path]
    return parser[group]


def desktop():
    return entry(os.path.join(BUILD, "data", ID + ".desktop"), "Desktop Entry")


def test_releases_are_those_of_the_news():
    releases = [release.get("version") for release in metainfo().iter("release")]
    with open(os.path.join(SOURCE, "NEWS.md"), encoding="utf-8") as file:
        news = re.findall(r"^## (\S+)", file.read(), re.M)
    assert releases == news
    assert releases[0] == VERSION


def test_screenshots_are_there():
    found = [image.text for image in metainfo().iter("image") if image.get("type") == "source"]
    assert found
    for address in found:
        kept = re.search(r"/(data/screenshots/.*)", address).group(1)
        assert os.path.isfile(os.path.join(SOURCE, kept))


def test_every_program_is_named():
    binaries = {binary.text for binary in metainfo().iter("binary")}
    pages = {os.path.basename(page)[:-2] for page in glob.glob(os.path.join(SOURCE, "data/man/*.1"))}
    assert binaries == pages == {"assay", "assay-cli", "assay-serve"}


def test_the_bus_starts_what_the_desktop_entry_names():
    assert desktop()["DBusActivatable"] == "true"
    service = entry(os.path.join(BUILD, "data", ID + ".service"), "D-BUS Service")
    assert service["Name"] == ID
    program, *options = service["Exec"].split()
    assert os.path.isabs(program) and os.path.basename(program) == "assay"
    assert options == ["--gapplication-service"]


def test_types_are_those_that_the_program_knows():
    with open(os.path.join(SOURCE, "src/lib/media/assay-format.c"), encoding="utf-8") as file:
        known = set(re.findall(r'"(image/[a-z+]+)"', file.read()))
    # Drawings of lines are told apart, and refused; archives are opened.
    archives = {"application/zip", "application/x-tar", "application/x-compressed-tar",
                "application/gzip"}
    assert set(desktop()["MimeType"].strip(";").split(";")) \
        == known - {"image/svg+xml"} | archives


def test_open_with_takes_addresses_too():
    assert desktop()["Exec"].split()[1:] == ["%U"]


def test_the_flatpak_manifest_is_whole():
    path = os.path.join(SOURCE, "flatpak", ID + ".json")
    with open(path, encoding="utf-8") as file:
        manifest = json.load(file)
    assert manifest["id"] == ID
    assert os.path.basename(manifest["command"]) == "assay"
    assert manifest["modules"][-1]["name"] == "assay"
    for module in manifest["modules"]:
        for source in module["sources"]:
            if source["type"] in ("archive", "file"):
                assert re.fullmatch(r"[0-9a-f]{64}", source["sha256"]), module["name"]
            elif source["type"] == "git":
                assert source["tag"], module["name"]


def test_the_desktop_entry_is_translated():
    with open(os.path.join(SOURCE, "po", "LINGUAS"), encoding="utf-8") as file:
        languages = file.read().split()
    for language in languages:
        assert desktop()[f"Comment[{language}]"]
        summaries = metainfo().findall("summary")
        assert language in {summary.get("{http://www.w3.org/XML/1998/namespace}lang")
                            for summary in summaries}


def test_the_installed_tree_is_a_component(prefix):
    run("appstreamcli", "validate-tree", "--no-net", prefix.path)
