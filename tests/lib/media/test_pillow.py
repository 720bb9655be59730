# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures prepared for a network beside the same by Pillow: every filter, every crop,
from one pixel to pictures that are hardly ones.  Pillow may round otherwise by a level
of 255 one day; a pixel in another place is never allowed."""
import glob
import os
import subprocess

import numpy as np
import pytest
from PIL import Image, ImageOps

SEE = os.environ["ASSAY_SEE"]
PHOTOS = os.environ["ASSAY_FLOWERS"]

FILTERS = {"box": Image.Resampling.BOX, "bilinear": Image.Resampling.BILINEAR,
           "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS,
           "nearest": Image.Resampling.NEAREST}
CROPS = ["crop=center", "crop=center,resize=48", "crop=center,resize=20", "crop=fit",
         "crop=fit,pad=114:20:200", "crop=stretch"]
SIZES = [(1, 1), (2, 3), (33, 33), (31, 77), (50, 49), (64, 48), (97, 61), (200, 200), (640, 427)]
INPUTS = [(33, 33), (32, 24), (1, 1), (57, 91)]
MEAN, STD = np.array([.485, .456, .406]), np.array([.229, .224, .225])


# ---- what Pillow makes of it ----------------------------------------------

def center(image, size, resize, method, pad):
    """torchvision's Resize and CenterCrop: functional.py, resize() and center_crop()."""
    short = min(image.size)
    image = image.resize(tuple(int(resize * side / short) for side in image.size), method)
    borders = [max(wanted - side, 0) for side, wanted in zip(image.size, size)]
    if any(borders):
        left, top = (border // 2 for border in borders)
        right, bottom = ((border + 1) // 2 for border in borders)
        image = ImageOps.expand(image, (left, top, right, bottom), pad)
    left, top = (int(round((side - wanted) / 2.0)) for side, wanted in zip(image.size, size))
    return image.crop((left, top, left + size[0], top + size[1]))


def largest(image, size, method):
    """The largest part of the input's proportions, from the middle."""
    width = max(min(image.width, image.height * size[0] // size[1]), 1)
    height = max(min(image.height, image.width * size[1] // size[0]), 1)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height)).resize(size, method)


def fit(image, size, method, pad):
    """ImageOps.pad(), which leaves pictures without a row or column to their fate."""
    ratio = image.width / image.height
    if max(round(size[0] / ratio), 1) == 1 or max(round(size[1] * ratio), 1) == 1:
        wide = ratio > size[0] / size[1]
        small = ((size[0], max(round(image.height / image.width * size[0]), 1)) if wide else
                 (max(round(image.width / image.height * size[1]), 1), size[1]))
        frame = Image.new(image.mode, size, pad)
        frame.paste(image.resize(small, method),
                    tuple(round((a - b) / 2) for a, b in zip(size, small)))
        return frame
    return ImageOps.pad(image, size, method, pad)


def prepare(image, size, words, method):
    said = dict(word.split("=") for word in words.split(","))
    pad = tuple(int(level) for level in said.get("pad", "0:0:0").split(":"))
    if image.mode == "L":
        pad = Image.new("RGB", (1, 1), pad).convert("L").getpixel((0, 0))
    if said["crop"] == "stretch":
        return image.resize(size, method)
    if said["crop"] == "fit":
        return fit(image, size, method, pad)
    if "resize" in said:
        return center(image, size, int(said["resize"]), method, pad)
    return largest(image, size, method)


# ---- pictures --------------------------------------------------------------

def gradient(width, height):
    y, x = np.mgrid[0:height, 0:width]
    across, down = x * 255 / max(width - 1, 1), y * 255 / max(height - 1, 1)
    return np.stack([across, down, 255 - (across + down) / 2], 2).astype(np.uint8)


def noise(width, height):
    return np.random.default_rng(width * 1000 + height).integers(
        0, 256, (height, width, 3), np.uint8)


def edges(width, height):
    """Black on white, where curves that swing over are clipped."""
    y, x = np.mgrid[0:height, 0:width]
    board = ((x // 3 + y // 5) % 2 * 255).astype(np.uint8)
    return np.stack([board, 255 - board, board], 2)


KINDS = {"gradient": gradient, "noise": noise, "edges": edges}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Path and Pillow's picture of each, by name."""
    folder = tmp_path_factory.mktemp("pictures")
    found = {}
    for kind, draw in KINDS.items():
        for width, height in SIZES:
            name = f"{kind} {width}x{height}"
            path = str(folder / f"{name}.png")
            image = Image.fromarray(draw(width, height))
            image.save(path, compress_level=1)
            found[name] = path, image
    return found


class See:
    """Our own program, asked for many pictures at once."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.wishes = []

    def wish(self, path, text):
        self.wishes.append(f"{path}\t{text}\n")

    def run(self):
        done = subprocess.run([SEE, self.folder], input="".join(self.wishes), text=True,
                              capture_output=True, timeout=500, check=False)
        assert done.returncode == 0, done.stderr

    def read(self, index, kind, shape):
        path = os.path.join(self.folder, f"{index}.{kind}")
        array = np.fromfile(path, np.float32 if kind == "floats" else np.uint8).reshape(shape)
        os.unlink(path)
        return array


@pytest.fixture
def see(tmp_path):
    return See(tmp_path)


def compare(see, cases):
    """Every wish beside Pillow's picture; the largest difference of a level."""
    see.run()
    worst = 0
    for index, (name, expected) in enumerate(cases):
        wanted = np.asarray(expected.convert("RGB"), np.int16)
        found = see.read(index, "seen", wanted.shape).astype(np.int16)
        off = int(np.abs(found - wanted).max())
        assert off <= 1, f"{name}: {see.wishes[index]} is {off} levels off"
        worst = max(worst, off)
    print("at most", worst, "levels off")
    return worst


# ---- tests -----------------------------------------------------------------

@pytest.mark.parametrize("size", INPUTS, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("name", FILTERS)
def test_equals_pillow(pictures, see, name, size):
    cases = []
    for words in CROPS:
        for what, (path, image) in pictures.items():
            see.wish(path, f"0..1,size={size[0]}x{size[1]},filter={name},{words}")
            cases.append((what, prepare(image, size, words, FILTERS[name])))
    compare(see, cases)


@pytest.mark.parametrize("name", FILTERS)
def test_gray_equals_pillow(pictures, see, name):
    cases = []
    for words in CROPS:
        for what in ("noise 97x61", "gradient 31x77", "edges 200x200", "noise 1x1"):
            path, image = pictures[what]
            see.wish(path, f"0..1,size=40x30,order=gray,filter={name},{words}")
            cases.append((what, prepare(image.convert("L"), (40, 30), words, FILTERS[name])))
    compare(see, cases)


@pytest.mark.parametrize("size", [(1, 10000), (10000, 1), (10000, 3), (3, 10000)],
                         ids=lambda size: "x".join(map(str, size)))
def test_lines_equal_pillow(see, tmp_path, size):
    """Pictures that are hardly ones.  Scaled to their shorter side some would have
    millions of pixels, of which we compute those that are wanted."""
    path = str(tmp_path / "line.png")
    image = Image.fromarray(noise(*size))
    image.save(path)
    cases = []
    for name, method in FILTERS.items():
        for words in ("crop=stretch", "crop=fit", "crop=center", "crop=center,resize=36"):
            see.wish(path, f"0..1,size=32x32,filter={name},{words}")
            cases.append((f"{size}", prepare(image, (32, 32), words, method)))
    compare(see, cases)


@pytest.mark.parametrize("name", FILTERS)
def test_huge_growth_equals_pillow(see, tmp_path, name):
    cases = []
    for width, height in ((1, 1), (2, 2), (3, 2), (7, 5)):
        path = str(tmp_path / f"{width}.png")
        image = Image.fromarray(noise(width, height))
        image.save(path)
        see.wish(path, f"0..1,size=1501x1200,filter={name},crop=stretch")
        cases.append((f"{width}x{height}", image.resize((1501, 1200), FILTERS[name])))
    compare(see, cases)


def test_transparency_is_white(see, tmp_path):
    path = str(tmp_path / "alpha.png")
    levels = np.concatenate([noise(80, 60), noise(80, 61)[:60, :, :1]], 2)
    image = Image.fromarray(levels, "RGBA")
    image.save(path)
    white = Image.new("RGBA", image.size, "white")
    flat = Image.alpha_composite(white, image).convert("RGB")
    see.wish(path, "imagenet,size=40x40")
    compare(see, [("alpha", prepare(flat, (40, 40), "crop=center,resize=46",
                                    Image.Resampling.BILINEAR))])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(see, tmp_path, orientation):
    path = str(tmp_path / "turned.jpg")
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(gradient(80, 50)).save(path, quality=95, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(path))
    see.wish(path, "imagenet,size=40x40")
    compare(see, [("turned", prepare(upright, (40, 40), "crop=center,resize=46",
                                     Image.Resampling.BILINEAR))])


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
@pytest.mark.parametrize("order", ["rgb", "bgr"])
def test_tensors_are_torchvisions(pictures, see, layout, order):
    """ToTensor and Normalize: level ÷ 255, less the mean, by the deviation."""
    path, image = pictures["noise 640x427"]
    see.wish(path, f"imagenet,layout={layout},order={order}")
    see.run()
    levels = np.asarray(prepare(image, (224, 224), "crop=center,resize=256",
                                Image.Resampling.BILINEAR), np.float64)
    numbers = (levels / 255 - MEAN) / STD
    if order == "bgr":
        numbers, levels = numbers[:, :, ::-1], levels[:, :, ::-1]
    if layout == "nchw":
        numbers, levels = numbers.transpose(2, 0, 1), levels.transpose(2, 0, 1)
    found = see.read(0, "floats", numbers.shape)
    assert np.abs(found - numbers).max() <= 1 / 255 / STD.min() + 1e-5
    assert np.abs(see.read(0, "bytes", levels.shape) - levels).max() <= 1


@pytest.mark.skipif(not PHOTOS, reason="the photos are not part of the project: give their "
                                       "folder with -Dflowers")
def test_photos_equal_pillow(see):
    paths = sorted(glob.glob(os.path.join(PHOTOS, "holdout", "**", "*.jpg"), recursive=True))[::10]
    assert len(paths) >= 10, f"only {len(paths)} photos in {PHOTOS}"
    cases = []
    for path in paths:
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        for name, method in FILTERS.items():
            for words in ("crop=center,resize=256", "crop=fit", "crop=stretch"):
                see.wish(path, f"0..1,size=224x224,filter={name},{words}")
                cases.append((path, prepare(image, (224, 224), words, method)))
    compare(see, cases)
