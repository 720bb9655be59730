# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the images show, two versions side by side, and one against the truth: in the real
window, with the built-in service."""
import os
import shutil
import time

import pytest
import ui
from PIL import Image

SHOTS = os.path.join(os.environ["ASSAY_BUILD"], "screenshots")
LABELS = ["daisy", "dandelion", "roses", "sunflowers", "tulips"]
STYLES = {"light": {}, "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}}


@pytest.fixture
def twenty(tmp_path):
    """Pictures that differ, in no folder that says anything."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(20):
        Image.new("RGB", (32, 32), (number * 12, 90, 60)).save(folder / f"{number:02}.png")
    return sorted(map(str, folder.iterdir()))


@pytest.fixture
def sorted_samples(samples, tmp_path):
    """The samples in folders that are called after what they show."""
    root = tmp_path / "known"
    for path in samples:
        folder = root / os.path.basename(path).partition("-")[0]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder)
    return str(root)


def shoot(app, screen, name):
    os.makedirs(SHOTS, exist_ok=True)
    left, top, width, height = app.size()
    screen.picture(os.path.join(SHOTS, name + ".png"), width, height, left, top)


def answered(app):
    return [name for name, said in ui.rows(app) if "%" in said]


def wait_for_answers(app, count):
    ui.wait_for(f"{count} answers", lambda: len(answered(app)) == count, 60,
                seen=lambda: ui.rows(app))


def chosen(app):
    found = [node.name.partition(", ")[0] for node in app.all(role="list item") if node.has("selected")]
    return found[0] if len(found) == 1 else found


def truth(app):
    """What the menu of the image that is looked at says."""
    return next((node.name for node in app.all(contains="Truth") if node.is_shown()
                 and node.name.startswith("Truth: ")), None)


def wait_for_truth(app, wanted):
    ui.wait_for(f"the truth {wanted}", lambda: truth(app) == wanted, seen=lambda: truth(app))


def test_twenty_are_marked_by_keys_alone(start, service, twenty):
    service.as_connection()
    app = start(*twenty)
    wait_for_answers(app, 20)
    ui.wait_for("the first image", lambda: chosen(app) == "00.png", seen=lambda: chosen(app))

    # Digits for labels in their order, C for what the service says, which is roses.
    keys = [key for number in range(20) for key in ("c" if number % 6 == 5 else str(number % 6 + 1), "j")]
    began = time.monotonic()
    app.key(*keys)
    ui.wait_for("the last image", lambda: chosen(app) == "19.png", seen=lambda: chosen(app))
    wait_for_truth(app, f"Truth: {LABELS[19 % 6]}")
    print(f"# 20 images marked in {time.monotonic() - began:.1f} s")

    for number in (0, 5, 13):
        app.key("Home", *["j"] * number)
        ui.wait_for("the image", lambda: chosen(app) == f"{number:02}.png", seen=lambda: chosen(app))
        wait_for_truth(app, f"Truth: {'roses' if number % 6 == 5 else LABELS[number % 6]}")
    # Seven times roses: by 3 and by C.
    ui.wait_for("what is wrong", lambda: app.all(name=f"Wrong {20 - 6}"), seen=app.texts)

    app.key("0")
    ui.wait_for("no truth", lambda: truth(app) is None, seen=lambda: truth(app))
    app.key("ctrl+z")
    wait_for_truth(app, f"Truth: {LABELS[13 % 6]}")
    app.key("ctrl+a", "5")
    app.find(contains="20 images marked as tulips")
    app.key("ctrl+z")
    wait_for_truth(app, f"Truth: {LABELS[13 % 6]}")


def test_marks_are_there_the_next_time(start, service, twenty):
    service.as_connection()
    app = start(*twenty[:3])
    wait_for_answers(app, 3)
    app.key("Home", "2")
    wait_for_truth(app, "Truth: dandelion")
    # Once the labels have stopped growing.
    time.sleep(2)
    app.quit()
    assert app.process.returncode == 0

    app = start(*twenty[:3])
    wait_for_answers(app, 3)
    app.key("Home")
    wait_for_truth(app, "Truth: dandelion")


@pytest.mark.parametrize("style", STYLES)
def test_two_versions_and_the_truth(start, screen, sorted_samples, style):
    app = start(sorted_samples, **STYLES[style])
    app.resize(1200, 830)
    wait_for_answers(app, 15)
    shoot(app, screen, f"truth-{style}")

    app.key("alt+2")
    app.find(contains="Of the 15 with a known truth, version 2 is right on", seconds=60)
    for name in ("Regressed", "Fixed", "Changed", "Same"):
        assert app.all(contains=name + " "), name
    app.press(contains="Same 1")
    ui.wait_for("images that are called the same", lambda: [
        node for node in app.all(role="list item", contains=", Same: ")], seen=app.texts)
    shoot(app, screen, f"compare-{style}")

    app.key("ctrl+c")
    app.find(contains="Result copied")
    copied = ui.wait_for("the copied result", ui.clipboard).splitlines()
    assert copied[1] == "Same", copied
    assert copied[2].startswith("flowers, version 1: "), copied
    assert copied[3].startswith("flowers, version 2: "), copied
    assert copied[4].startswith("Truth: "), copied
    assert copied[6] == "\tflowers, version 1\tflowers, version 2\tdifference", copied
    assert [line.count("\t") for line in copied[7:12]] == [3] * 5, copied

    app.press(name="Swap")
    app.find(contains="Of the 15 with a known truth, version 1 is right on", seconds=60)
    app.press(name="Swap")
    app.find(contains="Of the 15 with a known truth, version 2 is right on", seconds=60)

    app.key("alt+3")
    app.find(contains="Version 2 is right on ")
    app.find(contains="15 images in the list, 15 have a known truth")
    for caption in ("Accuracy", "Macro F1", "Calibration error", "Balanced accuracy", "Cohen’s kappa"):
        assert app.all(contains=caption), caption
    shoot(app, screen, f"evaluate-{style}")
    app.resize(380, 700)
    ui.wait_for("a narrow window", lambda: app.size()[2] < 400, seen=app.size)
    shoot(app, screen, f"evaluate-narrow-{style}")
    app.key("alt+2")
    shoot(app, screen, f"compare-narrow-{style}")
