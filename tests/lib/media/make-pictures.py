#!/usr/bin/python3
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures that the tests of the media room read.

They are written by Pillow and ImageMagick, so that what Assay says of a file is
held against programs that know nothing of Assay.  Beside each picture that is
converted stands NAME.ref.png: what Pillow sees in it, upright and on white.

usage: make-pictures.py FOLDER STAMP
"""
import os
import shutil
import struct
import subprocess
import sys
import zlib

from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

WIDTH, HEIGHT = 40, 24


def drawing(width=WIDTH, height=HEIGHT):
    """A picture whose corners all differ, so that no turn or mirror image is it."""
    picture = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            picture.putpixel((x, y), (255 * x // width, 255 * y // height,
                                      200 if x < width // 4 and y < height // 3 else 40))
    return picture


def exif(orientation, big):
    """An EXIF block of one entry in the given byte order."""
    order = ">" if big else "<"
    return b"Exif\0\0" + (b"MM" if big else b"II") + struct.pack(
        order + "HIHHHIHHI", 42, 8, 1, 274, 3, 1, orientation, 0, 0)


def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))


def png(width, height, bits, color, rows, before=b""):
    data = b"".join(b"\0" + row for row in rows)
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0))
            + before + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


class Maker:
    def __init__(self, folder):
        self.folder = folder
        self.rgb = drawing()
        self.gray = self.rgb.convert("L")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def reference(self, name, picture=None):
        if picture is None:
            picture = Image.open(self.path(name))
        picture = ImageOps.exif_transpose(picture)
        if picture.mode in ("RGBA", "LA", "P", "PA") or "transparency" in picture.info:
            picture = picture.convert("RGBA")
            white = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(white, picture)
        picture.convert("RGB").save(self.path(name + ".ref.png"))

    def magick(self, source, name, *options, kind=""):
        subprocess.run([shutil.which("convert") or "convert", self.path(source), *options,
                        kind + self.path(name)], check=True)

    def jpeg(self):
        self.rgb.save(self.path("rgb.jpg"), quality=90)
        self.rgb.save(self.path("progressive.jpg"), quality=90, progressive=True)
        self.gray.save(self.path("gray.jpg"), quality=90)
        self.magick("rgb.jpg", "optimized.jpg", "-interlace", "none", "-sampling-factor", "4:2:0")
        for orientation in range(1, 9):
            name = f"exif-{orientation}.jpg"
            self.rgb.save(self.path(name), quality=95, exif=exif(orientation, orientation % 2 == 1))
            self.reference(name)
        self.cmyk()
        # The same data under the names of other processes.
        frame = b"\xff\xc0\0\x11\x08"
        for name, source, other in (
                ("extended.jpg", "exif-6.jpg", b"\xff\xc1\0\x11\x08"),
                ("arithmetic.jpg", "rgb.jpg", b"\xff\xc9\0\x11\x08"),
                ("lossless.jpg", "rgb.jpg", b"\xff\xc3\0\x11\x08"),
                ("twelve.jpg", "rgb.jpg", b"\xff\xc1\0\x11\x0c")):
            self.write(name, self.read(source).replace(frame, other))
        self.reference("extended.jpg")
        # As cameras do it: orientation first, then a long block of other things.
        long = exif(6, True) + b"preview " * 2500
        self.rgb.save(self.path("camera.jpg"), quality=95, exif=long)
        self.write("trailing.jpg", self.read("rgb.jpg") + b"a film of three seconds")

    def cmyk(self):
        """Inks with black among them; the second file holds the same as YCCK."""
        cyan, magenta, yellow = self.rgb.split()
        black = self.gray.point(lambda value: value // 3)
        Image.merge("CMYK", (cyan, magenta, yellow, black)).save(self.path("cmyk.jpg"), quality=95)
        self.reference("cmyk.jpg")

        invert = lambda band: band.point(lambda value: 255 - value)
        # Adobe's files hold inverted inks c', and Y, Cb and Cr are those of 255 - c'.
        ycc = Image.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr").split()
        bands = [invert(band) for band in ycc] + [black]
        Image.merge("CMYK", bands).save(self.path("ycck.jpg"), quality=95, subsampling=0)
        data = bytearray(self.read("ycck.jpg"))
        at = data.index(b"Adobe")
        assert data[at + 11] == 0
        data[at + 11] = 2
        self.write("ycck.jpg", data)
        self.reference("ycck.jpg")

    def png(self):
        alpha = self.gray.point(lambda value: 255 - value)
        palette = self.rgb.quantize(200)
        self.rgb.save(self.path("rgb.png"))
        self.gray.save(self.path("gray.png"))
        self.magick("rgb.png", "interlaced.png", "-interlace", "PNG", "-define",
                    "png:color-type=2", kind="PNG24:")
        Image.merge("LA", (self.gray, alpha)).save(self.path("gray-alpha.png"))
        Image.merge("RGBA", (*self.rgb.split(), alpha)).save(self.path("rgba.png"))
        palette.save(self.path("palette.png"))
        self.rgb.quantize(4).save(self.path("palette-2.png"), bits=2)
        self.rgb.quantize(16).save(self.path("palette-4.png"), bits=4)
        self.gray.point(lambda value: 255 if value > 99 else 0).convert("1").save(
            self.path("bit.png"))
        Image.frombytes("I;16", self.gray.size, b"".join(
            struct.pack("<H", value * 257) for value in self.gray.tobytes())).save(
                self.path("gray-16.png"))
        self.reference("gray-16.png", self.gray)
        rows = [self.rgb.crop((0, y, WIDTH, y + 1)).tobytes() for y in range(HEIGHT)]
        wide = [b"".join(bytes((value, value)) for value in row) for row in rows]
        self.write("rgb-16.png", png(WIDTH, HEIGHT, 16, 2, wide))
        self.reference("rgb-16.png", self.rgb)
        self.write("key.png", png(WIDTH, HEIGHT, 8, 2, rows,
                                  chunk(b"tRNS", struct.pack(">HHH", 0, 0, 200))))
        self.rgb.save(self.path("animated.png"), save_all=True,
                      append_images=[ImageOps.flip(self.rgb)])
        self.reference("animated.png", self.rgb)
        text = PngInfo()
        text.add_text("Comment", "long " * 30000)
        self.rgb.save(self.path("text.png"), pnginfo=text)
        alpha_turned = Image.merge("RGBA", (*self.rgb.split(), alpha))
        alpha_turned.save(self.path("turned.png"), exif=exif(6, True)[6:])
        for name in ("gray-alpha.png", "rgba.png", "palette.png", "palette-2.png",
                     "palette-4.png", "bit.png", "key.png", "turned.png"):
            self.reference(name)
        self.write("bomb.png", png(20000, 20000, 1, 0, [b"\0"]))
        self.write("trailing.png", self.read("rgb.png") + b"more")

    def gif(self):
        self.rgb.quantize(64).save(self.path("still.gif"))
        frames = [self.rgb.quantize(32), ImageOps.flip(self.rgb).quantize(32)]
        frames[0].save(self.path("animated.gif"), save_all=True, append_images=frames[1:],
                       duration=80, loop=0)
        self.rgb.quantize(8).save(self.path("transparent.gif"), transparency=0)

    def bmp(self):
        self.rgb.save(self.path("rgb.bmp"))
        self.gray.save(self.path("gray.bmp"))
        self.rgb.quantize(256).save(self.path("palette.bmp"))
        self.gray.convert("1").save(self.path("bit.bmp"))
        self.rgb.convert("RGBA").save(self.path("rgba.bmp"))
        self.magick("rgb.png", "four.bmp", "+dither", "-colors", "16", "-type", "palette",
                    "-compress", "none", kind="bmp3:")
        self.magick("rgb.png", "rle.bmp", "+dither", "-colors", "64", "-type", "palette",
                    "-compress", "RLE", kind="bmp3:")
        self.magick("rgb.png", "high.bmp", "-define", "bmp:subtype=RGB565")
        self.magick("rgb.png", "old.bmp", "-type", "truecolor", kind="bmp2:")
        self.magick("rgb.png", "alpha.bmp", "-alpha", "set", "-channel", "A", "-evaluate", "set",
                    "40%", kind="bmp:")
        for name in ("palette.bmp", "bit.bmp"):
            self.reference(name)
        self.reference("rgba.bmp", self.rgb)
        for name in ("four.bmp", "rle.bmp", "high.bmp", "alpha.bmp"):
            self.magick(name, name + ".ref.png", "-background", "white", "-alpha", "remove",
                        kind="PNG24:")
        # The first row on top: a negative height, and the rows the other way round.
        data = bytearray(self.read("rgb.bmp"))
        row = WIDTH * 3
        rows = [data[54 + y * row:54 + (y + 1) * row] for y in range(HEIGHT)]
        data[22:26] = struct.pack("<i", -HEIGHT)
        self.write("top-down.bmp", data[:54] + b"".join(reversed(rows)))

    def tiff(self):
        self.rgb.save(self.path("rgb.tif"), compression="tiff_lzw")
        self.gray.save(self.path("gray.tif"))
        self.rgb.quantize(32).save(self.path("palette.tif"))
        self.gray.convert("1").save(self.path("fax.tif"), compression="group4")
        self.magick("rgb.png", "big.tif", "-define", "tiff:endian=msb",
                    "-compress", "none")
        self.magick("rgb.png", "deep.tif", "-depth", "16", "-compress", "none")
        for name in ("rgb.tif", "gray.tif", "palette.tif", "fax.tif", "big.tif"):
            self.reference(name)
        self.reference("deep.tif", self.rgb)
        for orientation in range(1, 9):
            name = f"turned-{orientation}.tif"
            self.rgb.save(self.path(name), tiffinfo={274: orientation})
            # Not what Pillow 9 reads in that file, which it turns twice.
            upright = self.rgb.copy()
            upright.getexif()[274] = orientation
            self.reference(name, upright)

    def webp(self):
        alpha = self.gray.point(lambda value: 255 - value)
        turned = exif(6, False)[6:]
        self.rgb.save(self.path("lossy.webp"), quality=90)
        self.rgb.save(self.path("lossless.webp"), lossless=True)
        Image.merge("RGBA", (*self.rgb.split(), alpha)).save(self.path("alpha.webp"), lossless=True)
        self.rgb.save(self.path("animated.webp"), save_all=True, lossless=True,
                      append_images=[ImageOps.flip(self.rgb)])
        self.rgb.save(self.path("turned.webp"), lossless=True, exif=turned)
        self.reference("lossless.webp")
        self.reference("lossy.webp")
        self.reference("alpha.webp")
        self.reference("turned.webp")

    def large(self):
        """What thumbnails and resizing are tried on, and what Pillow makes of it."""
        picture = drawing(600, 448)
        picture.save(self.path("large.jpg"), quality=92)
        picture.save(self.path("large.png"))
        # A fourth of the side, so that every filter of an area agrees.
        square = picture.crop((76, 0, 76 + 448, 448))
        square.resize((112, 112), Image.BOX).save(self.path("large-square.ref.png"))
        picture.resize((96, 72), Image.BOX).save(self.path("large-96.ref.png"))


def main(folder, stamp):
    os.makedirs(folder, exist_ok=True)
    maker = Maker(folder)
    for make in (maker.jpeg, maker.png, maker.gif, maker.bmp, maker.tiff, maker.webp, maker.large):
        make()
    with open(stamp, "w", encoding="utf-8") as file:
        file.write("made\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
