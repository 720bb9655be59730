# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of pictures that other programs write.

Each case is a file name, the command or the function that writes it, and what
must come out: SENT (its own bytes), GRAY or RGB (converted to such an 8-bit PNG),
or Rejected (with a code and words).  A command is run in a folder that has
rgb.ppm, gray.pgm, bit.pbm, rgb.png, rgba.png, rgb.jpg, wide.png (16 bits),
moving.gif (three frames); "{}" stands for the file to be written.

What a converted picture must look like is what Pillow makes of the file, upright
and on white; `like` names another picture where Pillow cannot read it or reads it
otherwise.
"""
import dataclasses
import io
import os
import subprocess
import tempfile

from PIL import Image, ImageDraw, ImageOps

SENT, GRAY, RGB = "sent", "gray", "rgb"


@dataclasses.dataclass
class Rejected:
    code: str
    words: str


@dataclasses.dataclass
class Case:
    name: str
    write: object            # a command or a function of the path
    expected: object
    like: str = None
    tolerance: int = 2       # of one channel of one pixel, of 255
    loader: str = None       # rejected where GdkPixbuf has none for this media type


def drawing():
    """Corners that all differ, lines, and 16 flat colors, so that a palette fits."""
    picture = Image.new("RGB", (64, 40), (230, 200, 60))
    pen = ImageDraw.Draw(picture)
    for number in range(14):
        left, top = 4 + number % 7 * 8, 4 + number // 7 * 16
        pen.rectangle((left, top, left + 6, top + 12),
                      (18 * number, 255 - 17 * number, 40 + number * 97 % 200))
    pen.line((0, 39, 30, 34), (10, 20, 200), 2)
    return picture


def alpha(picture):
    picture = picture.convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return picture


def prepare(folder):
    """The pictures that the commands start from."""
    picture = drawing()
    picture.save(os.path.join(folder, "rgb.ppm"))
    picture.convert("L").save(os.path.join(folder, "gray.pgm"))
    picture.convert("1").save(os.path.join(folder, "bit.pbm"))
    picture.save(os.path.join(folder, "rgb.png"))
    picture.save(os.path.join(folder, "rgb.jpg"), quality=95)
    alpha(picture).save(os.path.join(folder, "rgba.png"))
    frames = [picture, ImageOps.flip(picture), ImageOps.mirror(picture)]
    frames[0].save(os.path.join(folder, "moving.gif"), save_all=True, append_images=frames[1:],
                   duration=90, loop=0)
    subprocess.run(["convert", os.path.join(folder, "rgb.png"), "-depth", "16",
                    "PNG48:" + os.path.join(folder, "wide.png")], check=True)


def pillow(mode="RGB", kind=None, frames=1, **options):
    """Written by Pillow, in a mode of its own."""
    def write(path):
        picture = drawing()
        if mode in ("RGBA", "LA"):
            picture = alpha(picture).convert(mode)
        elif mode == "I;16":
            picture = picture.convert("L").convert("I").point(lambda value: value * 257)
            picture = picture.convert("I;16")
        else:
            picture = picture.convert(mode)
        if frames > 1:
            options.update(save_all=True, append_images=[ImageOps.flip(picture)] * (frames - 1))
        picture.save(path, kind, **options)
    return write


def pasted(*makers):
    """Several pictures in one file, one after the other."""
    def write(path):
        parts = []
        for mode, kind in makers:
            part = io.BytesIO()
            drawing().convert(mode).save(part, kind)
            parts.append(part.getvalue())
        with open(path, "wb") as file:
            file.write(b"".join(parts))
    return write


def turned(orientation):
    exif = Image.Exif()
    exif[274] = orientation
    return exif


NO_PICTURE = "not-an-image"
NO_SENDING = "unsupported"

CASES = [
    # ---- JPEG: baseline and progressive, YCbCr, RGB and gray are sent as they are ----
    Case("cjpeg.jpg", "cjpeg -outfile {} rgb.ppm", SENT),
    Case("cjpeg-baseline.jpg", "cjpeg -baseline -quality 5 -outfile {} rgb.ppm", SENT),
    Case("cjpeg-progressive.jpg", "cjpeg -progressive -outfile {} rgb.ppm", SENT),
    Case("cjpeg-grayscale.jpg", "cjpeg -grayscale -outfile {} rgb.ppm", SENT),
    Case("cjpeg-gray-progressive.jpg", "cjpeg -progressive -outfile {} gray.pgm", SENT),
    Case("cjpeg-rgb.jpg", "cjpeg -rgb -outfile {} rgb.ppm", SENT),
    Case("cjpeg-restart.jpg", "cjpeg -restart 1 -outfile {} rgb.ppm", SENT),
    Case("cjpeg-restart-blocks.jpg", "cjpeg -restart 1B -optimize -outfile {} rgb.ppm", SENT),
    Case("cjpeg-sample.jpg", "cjpeg -sample 2x2,1x1,1x1 -dct float -outfile {} rgb.ppm", SENT),
    Case("cjpeg-sample-odd.jpg", "cjpeg -sample 1x2 -smooth 30 -outfile {} rgb.ppm", SENT),
    Case("cjpeg-worst.jpg", "cjpeg -quality 0 -outfile {} gray.pgm", GRAY),
    Case("jpegtran-progressive.jpg", "jpegtran -progressive -outfile {} rgb.jpg", SENT),
    Case("jpegtran-optimize.jpg", "jpegtran -optimize -copy all -outfile {} rgb.jpg", SENT),
    Case("jpegtran-rotate.jpg", "jpegtran -rotate 90 -trim -outfile {} rgb.jpg", SENT),
    Case("jpegtran-gray.jpg", "jpegtran -grayscale -outfile {} rgb.jpg", SENT),
    Case("jpegtran-crop.jpg", "jpegtran -crop 17x9+16+8 -outfile {} rgb.jpg", SENT),
    Case("magick.jpg", "convert rgb.png -quality 92 {}", SENT),
    Case("magick-plane.jpg", "convert rgb.png -interlace plane -sampling-factor 4:1:1 {}", SENT),
    Case("magick-gray.jpg", "convert rgb.png -colorspace gray {}", SENT),
    Case("magick-rgb.jpg", "convert rgb.png -colorspace RGB {}", SENT),
    Case("magick-bilevel.jpg", "convert rgb.png -type bilevel {}", SENT),
    Case("magick-comment.jpg", "convert rgb.png -set comment 'a comment' -density 300 {}", SENT),
    Case("pillow.jpg", pillow(quality=100, subsampling=0, optimize=True), SENT),
    Case("pillow-progressive.jpg", pillow(progressive=True, dpi=(72, 72)), SENT),
    Case("pillow-gray.jpg", pillow("L", quality=1), SENT),
    Case("pillow-turned.jpg", pillow(exif=turned(6)), SENT),
    Case("pillow-profile.jpg", pillow(icc_profile=b"profile " * 20000), SENT),
    Case("pillow-two.jpg", pasted(("RGB", "JPEG"), ("RGB", "PNG")), SENT),
    # Worse than quality 25 needs more than baseline JPEG has: it is extended sequential.
    # Arithmetic coding is JPEG, but few services' decoders know it.
    Case("cjpeg-arithmetic.jpg", "cjpeg -arithmetic -outfile {} rgb.ppm", RGB),
    Case("cjpeg-arithmetic-progressive.jpg", "cjpeg -arithmetic -progressive -outfile {} rgb.ppm",
         RGB),
    Case("cjpeg-arithmetic-gray.jpg", "cjpeg -arithmetic -grayscale -outfile {} rgb.ppm", GRAY),
    Case("jpegtran-arithmetic.jpg", "jpegtran -arithmetic -outfile {} rgb.jpg", RGB),
    # Inks; a gray picture among them stays a picture of inks.
    Case("magick-cmyk.jpg", "convert rgb.png -colorspace CMYK -quality 95 {}", RGB),
    Case("magick-cmyk-progressive.jpg", "convert rgb.png -colorspace CMYK -interlace plane {}",
         RGB),
    Case("pillow-cmyk.jpg", pillow("CMYK", quality=95), RGB),
    Case("pillow-cmyk-turned.jpg", pillow("CMYK", quality=95, exif=turned(8)), RGB),

    # ---- PNG: 8-bit RGB and gray as they are ----
    Case("magick.png", "convert rgb.png PNG24:{}", SENT),
    Case("magick-gray.png", "convert gray.pgm -define png:color-type=0 -define png:bit-depth=8 {}",
         SENT),
    Case("magick-interlaced.png", "convert rgb.png -interlace PNG PNG24:{}", SENT),
    Case("pillow.png", pillow(optimize=True), SENT),
    Case("pillow-gray.png", pillow("L"), SENT),
    Case("pillow-profile.png", pillow(icc_profile=b"profile " * 20000), SENT),
    Case("netpbm.png", "pnmtopng -force -interlace rgb.ppm > {}", SENT),
    Case("netpbm-gamma.png", "pnmtopng -force -gamma 0.45 -modtime '2020-01-01 00:00:00' rgb.ppm > {}", SENT),
    Case("optipng-interlaced.png", "optipng -quiet -nc -nb -np -i1 -out {} rgb.png", SENT),
    Case("pngcrush.png", "pngcrush -q -c 2 rgb.png {}", SENT),
    Case("pngcrush-brute.png", "pngcrush -q -brute -reduce -l 9 rgb.png {}", SENT),
    Case("djpeg-png.png", "djpeg -pnm rgb.jpg | pnmtopng > {}", SENT),
    # All else becomes so.
    Case("pillow-palette.png", pillow("P"), RGB),
    Case("pillow-bit.png", pillow("1"), GRAY),
    Case("pillow-16.png", pillow("I;16"), GRAY, like="gray.pgm"),
    Case("pillow-alpha.png", pillow("RGBA"), RGB),
    Case("pillow-gray-alpha.png", pillow("LA"), GRAY),
    Case("pillow-animated.png", pillow(frames=3), RGB, like="rgb.png"),
    Case("pillow-turned.png", pillow("RGBA", exif=turned(6)), RGB),
    Case("magick-palette.png", "convert rgb.png -type palette PNG8:{}", RGB),
    Case("magick-2.png", "convert gray.pgm -posterize 4 -define png:color-type=0 "
         "-define png:bit-depth=2 {}", GRAY),
    Case("magick-4.png", "convert gray.pgm -posterize 16 -define png:color-type=0 "
         "-define png:bit-depth=4 {}", GRAY),
    Case("magick-bit.png", "convert bit.pbm -define png:bit-depth=1 {}", GRAY),
    Case("magick-48.png", "convert rgb.png -depth 16 PNG48:{}", RGB, like="rgb.png"),
    Case("magick-64.png", "convert rgba.png -depth 16 PNG64:{}", RGB, like="rgba.png"),
    Case("magick-32.png", "convert rgba.png -interlace PNG PNG32:{}", RGB),
    Case("magick-opaque.png", "convert rgb.png -alpha set PNG32:{}", RGB),
    Case("netpbm-transparent.png", "pnmtopng -transparent '#E6C83C' rgb.ppm > {}", RGB),
    Case("netpbm-gray-key.png", "pnmtopng -transparent black gray.pgm > {}", RGB),
    Case("optipng-palette.png", "optipng -quiet -o3 -out {} rgb.png", RGB),
    Case("optipng-16.png", "optipng -quiet -i1 -nx -out {} wide.png", RGB, like="rgb.png"),
    Case("pngcrush-alpha.png", "pngcrush -q -m 7 rgba.png {}", RGB),

    # ---- GIF: always as it is ----
    Case("magick.gif", "convert rgb.png {}", SENT),
    Case("magick-87.gif", "convert rgb.png GIF87:{}", SENT),
    Case("magick-interlaced.gif", "convert rgb.png -interlace GIF {}", SENT),
    Case("magick-animated.gif", "convert -delay 9 rgb.png gray.pgm rgba.png -loop 0 {}", SENT),
    Case("magick-transparent.gif", "convert rgba.png {}", SENT),
    Case("magick-bit.gif", "convert bit.pbm {}", SENT),
    Case("pillow.gif", pillow("P"), SENT),
    Case("pillow-gray.gif", pillow("L", optimize=True), SENT),
    Case("pillow-animated.gif", pillow(frames=3, duration=50), SENT),
    Case("gifsicle.gif", "gifsicle -O3 moving.gif -o {}", SENT),
    Case("gifsicle-interlaced.gif", "gifsicle --interlace --colors 4 moving.gif -o {}", SENT),
    Case("gifsicle-uncompressed.gif", "gifsicle -Okeep-empty --no-extensions moving.gif -o {}", SENT),
    Case("gifsicle-first.gif", "gifsicle moving.gif '#0' --comment words -o {}", SENT),
    Case("netpbm.gif", "pnmquant 16 rgb.ppm | pamtogif > {}", SENT),
    Case("djpeg.gif", "djpeg -gif -outfile {} rgb.jpg", SENT),
    Case("giffix.gif", "giffix moving.gif > {}", SENT),

    # ---- BMP: 24 bits and 8-bit gray as they are ----
    Case("magick.bmp", "convert rgb.png -type truecolor BMP:{}", SENT),
    Case("magick-3.bmp", "convert rgb.png -type truecolor BMP3:{}", SENT),
    Case("magick-2.bmp", "convert rgb.png -type truecolor BMP2:{}", SENT),
    Case("pillow.bmp", pillow(), SENT),
    Case("pillow-gray.bmp", pillow("L"), SENT),
    Case("netpbm.bmp", "ppmtobmp -bpp=24 rgb.ppm > {}", SENT),
    Case("djpeg.bmp", "djpeg -bmp -outfile {} rgb.jpg", SENT),
    Case("djpeg-os2.bmp", "djpeg -os2 -outfile {} rgb.jpg", SENT),
    Case("djpeg-gray.bmp", "djpeg -bmp -grayscale -outfile {} rgb.jpg", SENT),
    Case("djpeg-gray-os2.bmp", "djpeg -os2 -grayscale -outfile {} rgb.jpg", SENT),
    Case("pillow-palette.bmp", pillow("P"), RGB),
    Case("pillow-bit.bmp", pillow("1"), RGB),
    Case("pillow-32.bmp", pillow("RGBA"), RGB, like="rgb.png"),
    Case("magick-palette.bmp", "convert rgb.png -type palette -compress none BMP3:{}", RGB),
    Case("magick-bit.bmp", "convert bit.pbm -type bilevel -compress none BMP3:{}", RGB),
    Case("magick-4.bmp", "convert rgb.png +dither -colors 16 -type palette -compress none BMP3:{}",
         RGB),
    Case("magick-rle.bmp", "convert rgb.png +dither -colors 64 -type palette -compress RLE BMP3:{}",
         RGB, like="rgb.png"),
    Case("magick-565.bmp", "convert rgb.png -define bmp:subtype=RGB565 {}", RGB, like="rgb.png",
         tolerance=9),
    Case("magick-555.bmp", "convert rgb.png -define bmp:subtype=RGB555 {}", RGB, like="rgb.png",
         tolerance=9),
    # GdkPixbuf doesn't look at the alpha of 16 bits.
    Case("magick-4444.bmp", "convert rgba.png -define bmp:subtype=ARGB4444 {}", RGB,
         like="rgb.png", tolerance=17),
    Case("magick-alpha.bmp", "convert rgba.png BMP:{}", RGB, like="rgba.png"),
    Case("netpbm-os2.bmp", "pnmquant 16 rgb.ppm | ppmtobmp -os2 > {}", RGB),
    Case("netpbm-8.bmp", "pnmquant 200 rgb.ppm | ppmtobmp -windows -bpp=8 > {}", RGB),
    Case("djpeg-palette.bmp", "djpeg -bmp -colors 20 -dither none -outfile {} rgb.jpg", RGB),
    Case("djpeg-palette-os2.bmp", "djpeg -os2 -colors 20 -dither none -outfile {} rgb.jpg", RGB),

    # ---- TIFF, WebP, AVIF, HEIC, JPEG XL: converted where GdkPixbuf has a loader ----
    Case("pillow.tif", pillow(), RGB, loader="image/tiff"),
    Case("pillow-gray.tif", pillow("L", compression="tiff_lzw"), GRAY, loader="image/tiff"),
    Case("pillow-palette.tif", pillow("P"), RGB, loader="image/tiff"),
    Case("pillow-bit.tif", pillow("1", compression="group4"), GRAY, loader="image/tiff"),
    Case("pillow-alpha.tif", pillow("RGBA", compression="tiff_adobe_deflate"), RGB,
         loader="image/tiff"),
    Case("pillow-cmyk.tif", pillow("CMYK"), RGB, loader="image/tiff", tolerance=4),
    Case("pillow-pages.tif", pillow(frames=3), RGB, loader="image/tiff"),
    Case("magick.tif", "convert rgb.png -compress zip {}", RGB, loader="image/tiff"),
    Case("magick-msb.tif", "convert rgb.png -endian MSB -compress none {}", RGB,
         loader="image/tiff"),
    Case("magick-16.tif", "convert rgb.png -depth 16 -compress lzw {}", RGB, like="rgb.png",
         loader="image/tiff"),
    Case("magick-gray-16.tif", "convert gray.pgm -depth 16 {}", GRAY, like="gray.pgm",
         loader="image/tiff"),
    Case("magick-jpeg.tif", "convert rgb.png -compress jpeg -quality 95 {}", RGB,
         loader="image/tiff", tolerance=8),
    Case("magick-alpha.tif", "convert rgba.png {}", RGB, like="rgba.png", loader="image/tiff"),
    Case("magick-planes.tif", "convert rgb.png -interlace plane -compress none {}", RGB,
         like="rgb.png", loader="image/tiff"),
    Case("magick-white-is-zero.tif", "convert gray.pgm -define quantum:polarity=min-is-white {}",
         GRAY, loader="image/tiff"),
    Case("tiffcp-packbits.tif", "convert rgb.png TIFF:{}.0 && tiffcp -c packbits {}.0 {} && rm {}.0", RGB,
         loader="image/tiff"),
    Case("tiffcp-tiles.tif", "convert rgb.png -compress none TIFF:{}.0 && tiffcp -t -w 16 -l 16 -c lzw:2 "
         "{}.0 {} && rm {}.0", RGB, loader="image/tiff"),
    Case("tiffcp-big-endian.tif", "convert rgb.png TIFF:{}.0 && tiffcp -B -r 1 -c zip {}.0 {} && "
         "rm {}.0", RGB, loader="image/tiff"),
    Case("tiffcp-g3.tif", "convert bit.pbm TIFF:{}.0 && tiffcp -c g3:2d:fill {}.0 {} && rm {}.0", GRAY,
         like="bit.pbm", loader="image/tiff"),
    Case("cwebp.webp", "cwebp -quiet -q 95 rgb.png -o {}", RGB, loader="image/webp", tolerance=6),
    Case("cwebp-lossless.webp", "cwebp -quiet -lossless rgba.png -exact -o {}", RGB,
         loader="image/webp"),
    Case("gif2webp.webp", "gif2webp -quiet moving.gif -o {}", RGB, like="rgb.png",
         loader="image/webp"),
    Case("pillow.webp", pillow(lossless=True), RGB, loader="image/webp"),
    Case("pillow-turned.webp", pillow(lossless=True, exif=turned(6)), RGB, loader="image/webp"),
    Case("magick.webp", "convert rgb.png -quality 90 {}", RGB, loader="image/webp", tolerance=6),
    Case("avifenc.avif", "avifenc --lossless rgb.png {} > /dev/null", RGB, like="rgb.png",
         loader="image/avif"),
    Case("avifenc-alpha.avif", "avifenc --min 0 --max 0 -y 444 rgba.png {} > /dev/null", RGB,
         like="rgba.png", loader="image/avif", tolerance=8),
    Case("heif-enc.heic", "heif-enc -L -p chroma=444 --matrix_coefficients=0 rgb.png -o {} "
         "> /dev/null", RGB, like="rgb.png", loader="image/heif", tolerance=8),
    Case("heif-enc.avif", "heif-enc -A -q 100 -p chroma=444 rgb.png -o {} > /dev/null", RGB,
         like="rgb.png", loader="image/avif", tolerance=12),
    Case("cjxl.jxl", "cjxl --quiet -d 0 rgb.png {} 2> /dev/null", RGB, like="rgb.png",
         loader="image/jxl"),
    Case("cjxl-jpeg.jxl", "cjxl --quiet --container=1 rgb.jpg {} 2> /dev/null", RGB, like="rgb.jpg",
         loader="image/jxl"),

    # ---- everything else: never ----
    Case("netpbm.svg", "pamtosvg rgb.ppm > {}", Rejected(NO_SENDING, "SVG")),
    Case("pillow.pdf", pillow(kind="PDF"), Rejected(NO_PICTURE, "PDF")),
    Case("magick.psd", "convert rgb.png {}", Rejected(NO_SENDING, "Photoshop")),
    Case("magick.ico", "convert rgb.png -resize 32x32 {}", Rejected(NO_SENDING, "ICO")),
    Case("magick.jp2", "convert rgb.png {}", Rejected(NO_SENDING, "JPEG 2000")),
    Case("magick.j2k", "convert rgb.png {}", Rejected(NO_SENDING, "JPEG 2000")),
    Case("magick.ppm", "convert rgb.png {}", Rejected(NO_SENDING, "Netpbm")),
    Case("magick.pgm", "convert rgb.png {}", Rejected(NO_SENDING, "Netpbm")),
    Case("magick.pcx", "convert rgb.png {}", Rejected(NO_PICTURE, "")),
    Case("magick.tga", "convert rgb.png {}", Rejected(NO_PICTURE, "")),
    Case("magick.dds", "convert rgb.png {}", Rejected(NO_PICTURE, "")),
    Case("magick.mng", "convert rgb.png {}", Rejected(NO_SENDING, "MNG")),
    Case("magick.xpm", "convert rgb.png {}", Rejected(NO_PICTURE, "text")),
    Case("netpbm.ps", "pnmtops rgb.ppm > {}", Rejected(NO_PICTURE, "")),
    Case("magick-big.tif", "convert rgb.png TIFF64:{}", Rejected(NO_SENDING, "BigTIFF")),
]

# GIMP starts slowly: all that it writes comes from one run.  Without it (200 MB with
# what it needs) these cases are left out, and the test says so.
GIMP_CASES = [
    Case("gimp.jpg", '(file-jpeg-save RUN-NONINTERACTIVE image layer "{}" "" 0.9 0 1 0 "by GIMP" '
         '2 1 0 0)', SENT),
    Case("gimp-progressive.jpg", '(file-jpeg-save RUN-NONINTERACTIVE image layer "{}" "" 0.5 0.4 1 '
         '1 "" 0 0 0 1)', SENT),
    Case("gimp-restart.jpg", '(file-jpeg-save RUN-NONINTERACTIVE image layer "{}" "" 1 0 0 0 "" '
         '1 1 2 2)', SENT),
    Case("gimp.png", '(file-png-save RUN-NONINTERACTIVE image layer "{}" "" 0 9 0 0 0 0 0)', SENT),
    Case("gimp-interlaced.png", '(file-png-save RUN-NONINTERACTIVE image layer "{}" "" 1 9 1 1 1 1 '
         '1)', SENT),
    Case("gimp-24.bmp", '(file-bmp-save RUN-NONINTERACTIVE image layer "{}" "")', SENT),
    Case("gimp.tif", '(file-tiff-save RUN-NONINTERACTIVE image layer "{}" "" 1)', RGB,
         loader="image/tiff"),
    Case("gimp.webp", '(file-webp-save RUN-NONINTERACTIVE image layer "{}" "" 0 1 100 100 0 0 0 0 0 '
         '0 0 0 0)', RGB, like="rgb.png", loader="image/webp"),
    Case("gimp.psd", '(file-psd-save RUN-NONINTERACTIVE image layer "{}" "" 1 0)',
         Rejected(NO_SENDING, "Photoshop")),
    Case("gimp.xcf", '(gimp-xcf-save 0 image layer "{}" "{}")', Rejected(NO_SENDING, "GIMP")),
    Case("gimp-alpha.png", '(gimp-layer-add-alpha layer) (gimp-layer-set-opacity layer 100) '
         '(file-png-save RUN-NONINTERACTIVE image layer "{}" "" 0 9 0 0 0 0 0)', RGB),
    Case("gimp-alpha.bmp", '(file-bmp-save RUN-NONINTERACTIVE image layer "{}" "")', RGB,
         like="rgb.png"),
    Case("gimp-palette.png", '(gimp-image-convert-indexed image 0 0 255 0 0 "") '
         '(file-png-save RUN-NONINTERACTIVE image (car (gimp-image-get-active-layer image)) "{}" '
         '"" 0 9 0 0 0 0 0)', RGB),
    Case("gimp.gif", '(file-gif-save RUN-NONINTERACTIVE image layer "{}" "" 1 0 0 0)', SENT),
    Case("gimp-palette.bmp", '(file-bmp-save RUN-NONINTERACTIVE image layer "{}" "")', RGB,
         like="rgb.png"),
]


def write_with_gimp(folder, cases):
    """Runs GIMP once over what `cases` say, in their order."""
    source = os.path.join(os.path.dirname(folder), "rgb.ppm")
    saves = " ".join(case.write.replace("{}", os.path.join(folder, case.name)) for case in cases)
    script = (f'(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{source}" "{source}")))'
              f" (layer (car (gimp-image-get-active-layer image)))) {saves})")
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run(["gimp", "-i", "-d", "-f", "-s", "-b", script, "-b", "(gimp-quit 0)"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=300, text=True, check=False,
                              env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home}).stdout
