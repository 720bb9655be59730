# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sheets of paint, colours and the few strokes that everything is drawn with.

Lengths are picture heights: (0, 0) is the upper left corner, (aspect, 1) the lower right one.
"""

import colorsys
import math

import cairo
import numpy as np
from PIL import Image, ImageFilter

TURN = 2 * math.pi
GOLDEN = math.pi * (3 - math.sqrt(5))


def hsl(hue, saturation, lightness):
    """The colour of a hue in degrees, with saturation and lightness from 0 to 1."""
    return colorsys.hls_to_rgb(hue % 360 / 360, min(max(lightness, 0), 1),
                               min(max(saturation, 0), 1))


def mix(a, b, t):
    """The colour that lies the part t of the way from a to b."""
    return tuple(x + (y - x) * t for x, y in zip(a, b))


def lit(color, gain):
    """The colour in more light (gain above 0) or in shade (below 0)."""
    if gain >= 0:
        return mix(color, (1, 1, 0.94), min(gain, 1))
    return mix(color, (0.05, 0.04, 0.12), min(-gain, 1))


def linear(x0, y0, x1, y1, *stops):
    """A gradient along a line; a stop is (offset, colour) or (offset, colour, alpha)."""
    return _with_stops(cairo.LinearGradient(x0, y0, x1, y1), stops)


def radial(x, y, inner, outer, *stops):
    """A gradient around a point, from one radius to another."""
    return _with_stops(cairo.RadialGradient(x, y, inner, x, y, outer), stops)


def _with_stops(gradient, stops):
    for offset, color, *alpha in stops:
        gradient.add_color_stop_rgba(offset, *color, alpha[0] if alpha else 1)
    return gradient


class Sheet:
    """A transparent sheet of paint with its cairo context `c`."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.aspect = width / height
        self.surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
        self.c = cairo.Context(self.surface)
        self.c.scale(height, height)
        self.c.set_line_cap(cairo.LINE_CAP_ROUND)
        self.c.set_line_join(cairo.LINE_JOIN_ROUND)

    def pixels(self):
        """The bytes as an array (height, width, BGRA), color multiplied by alpha."""
        self.surface.flush()
        stride = self.surface.get_stride()
        flat = np.ndarray((self.height, stride // 4, 4), np.uint8, self.surface.get_data())
        return flat[:, :self.width]

    def blur(self, radius):
        """Put everything on the sheet out of focus, by a radius in picture heights."""
        array = self.pixels()
        sheet = Image.fromarray(array.copy(), "RGBA")
        array[:] = np.asarray(sheet.filter(ImageFilter.GaussianBlur(radius * self.height)))
        self.surface.mark_dirty()

    def lay_on(self, below, alpha=1):
        """Paint this sheet over another one."""
        below.c.save()
        below.c.identity_matrix()
        below.c.set_source_surface(self.surface, 0, 0)
        below.c.paint_with_alpha(alpha)
        below.c.restore()

    def wash(self, pattern):
        """Fill the whole sheet."""
        self.c.set_source(pattern)
        self.c.paint()

    def finished(self, rng, warmth, vignette=0.2, grain=0.007):
        """The sheet as a picture: bloom of the highlights, warmth, vignette, paper grain."""
        rgb = self.pixels()[:, :, 2::-1].astype(np.float32) / 255
        soft = Image.fromarray((rgb * 255).astype(np.uint8))
        soft = soft.filter(ImageFilter.GaussianBlur(self.height * 0.02))
        glow = np.clip(np.asarray(soft, np.float32) / 255 - 0.55, 0, 1) * 0.35
        rgb = 1 - (1 - rgb) * (1 - glow)
        rgb *= np.array([1 + warmth, 1, 1 - warmth], np.float32)
        y, x = np.mgrid[-1:1:self.height * 1j, -1:1:self.width * 1j].astype(np.float32)
        rgb *= (1 - vignette * np.clip((x * x + y * y) / 2, 0, 1) ** 1.5)[:, :, None]
        noise = np.random.RandomState(rng.randrange(1 << 30)).standard_normal(rgb.shape[:2])
        paper = Image.fromarray((noise * 30 + 128).clip(0, 255).astype(np.uint8))
        paper = np.asarray(paper.filter(ImageFilter.GaussianBlur(0.6)), np.float32) - 128
        rgb += (paper / 30 * grain * 1.6)[:, :, None]
        return Image.fromarray((rgb.clip(0, 1) * 255 + 0.5).astype(np.uint8), "RGB")


def petal_path(c, length, width, tip="round", belly=0.62):
    """The outline of a petal from the origin along +x, `width` being half of its breadth."""
    for side in (-1, 1):
        w = side * width
        points = {
            "round": ((length * 0.25, w * 0.55), (length * belly, w * 1.25), (length * 0.93, w)),
            "point": ((length * 0.2, w * 0.9), (length * belly, w * 1.5), (length, 0)),
            "blunt": ((length * 0.3, w * 0.6), (length * belly, w), (length * 0.98, w * 0.8)),
        }[tip]
        if side < 0:
            c.move_to(0, 0)
            c.curve_to(*points[0], *points[1], *points[2])
            if tip == "round":
                c.curve_to(length * 1.03, w * 0.5, length * 1.03, -w * 0.5, length * 0.93, -w)
            elif tip == "blunt":
                c.line_to(length, w * 0.3)
                c.line_to(length * 0.97, 0)
                c.line_to(length, -w * 0.3)
                c.line_to(length * 0.98, -w * 0.8)
        else:
            c.curve_to(*points[1], *points[0], 0, 0)
    c.close_path()


def petal(c, length, width, base, tip_color, tip="round", gain=0, veins=3, shadow=0.16,
          belly=0.62):
    """One petal from the origin along +x: shadow, gradient, a lit half, fine veins."""
    if shadow:
        c.save()
        c.translate(length * 0.015, length * 0.02)
        petal_path(c, length * 1.01, width * 1.1, tip, belly)
        c.set_source_rgba(0.05, 0.04, 0.12, shadow)
        c.fill()
        c.restore()
    base, tip_color = lit(base, gain), lit(tip_color, gain)
    petal_path(c, length, width, tip, belly)
    c.set_source(linear(0, 0, length, 0, (0, lit(base, -0.12)), (0.35, base),
                        (0.8, tip_color), (1, lit(tip_color, 0.1))))
    c.fill_preserve()
    c.save()
    c.clip()
    c.set_source(linear(0, -width, 0, width, (0, (1, 1, 1), 0.16), (0.5, (1, 1, 1), 0),
                        (0.52, (0, 0, 0.1), 0.1), (1, (0, 0, 0.1), 0.02)))
    c.paint()
    c.set_line_width(width * 0.06)
    for i in range(veins):
        y = (i + 1 - (veins + 1) / 2) / max(veins, 1) * width * 1.3
        c.move_to(length * 0.1, y * 0.3)
        c.curve_to(length * 0.4, y * 1.2, length * 0.7, y * 1.2, length * 0.95, y * 0.8)
        c.set_source_rgba(*lit(base, -0.45), 0.28)
        c.stroke()
    c.restore()


def stem(c, x0, y0, x1, y1, bend, thickness, color):
    """A stem from a bloom at (x0, y0) down to (x1, y1), bent sidewards."""
    mid = ((x0 + x1) / 2 + bend, (y0 + y1) / 2)
    for width, shift, shade in ((1, 0, -0.35), (0.72, -0.08, 0), (0.26, -0.2, 0.25)):
        dx = shift * thickness
        c.move_to(x0 + dx, y0)
        c.curve_to(x0 + (x1 - x0) * 0.2 + dx, (2 * y0 + y1) / 3, mid[0] + dx, (y0 + 2 * y1) / 3,
                   x1 + dx, y1)
        c.set_line_width(thickness * width)
        c.set_source_rgb(*lit(color, shade))
        c.stroke()


def blade(c, x, y, length, width, lean, color, ribs=0):
    """A long leaf or blade of grass that stands at (x, y) and leans to a side."""
    tip = (x + lean, y - length)
    knee = (x + lean * 0.15, y - length * 0.6)

    def outline():
        c.move_to(x - width * 0.35, y)
        c.curve_to(x - width, y - length * 0.35, knee[0] - width, knee[1], *tip)
        c.curve_to(knee[0] + width * 1.1, knee[1], x + width, y - length * 0.3, x + width * 0.35, y)
        c.close_path()

    outline()
    c.set_source(linear(x - width, 0, x + width, 0, (0, lit(color, 0.16)), (0.45, color),
                        (0.55, lit(color, -0.18)), (1, lit(color, -0.05))))
    c.fill()
    if not ribs:
        return
    c.save()
    outline()
    c.clip()
    c.set_line_width(width * 0.05)
    for i in range(ribs):
        shift = (i + 0.5 - ribs / 2) / ribs * width * 1.6
        c.move_to(x + shift * 0.3, y)
        c.curve_to(x + shift, y - length * 0.35, knee[0] + shift, knee[1], *tip)
        c.set_source_rgba(*lit(color, 0.35 if i % 2 else -0.35), 0.35)
        c.stroke()
    c.set_source(linear(0, y, 0, y - length, (0, (0, 0.08, 0.1), 0.35), (0.6, (0, 0, 0), 0)))
    c.paint()
    c.restore()
