# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole pictures: a setting, an arrangement of plants in it, the light over both."""

import math
import random

from . import blooms
from .brush import TURN, Sheet, blade, hsl, linear, lit, mix, radial, stem
from .settings import SETTINGS

LABELS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")

LAYOUTS = {
    "daisy": ("portrait", "group", "field", "patch", "vase"),
    "dandelion": ("portrait", "group", "field", "patch"),
    "roses": ("portrait", "group", "patch", "vase"),
    "sunflowers": ("portrait", "group", "field", "vase"),
    "tulips": ("portrait", "group", "field", "vase"),
}

PLACES = {
    "portrait": ("garden", "studio", "shade", "dusk", "meadow"),
    "group": ("garden", "studio", "shade", "dusk", "meadow"),
    "field": ("meadow", "dusk", "meadow"),
    "patch": ("garden", "shade"),
    "vase": ("room",),
}

COLORS = {
    "daisy": ((0, 0, 0.97), (48, 0.3, 0.95), (330, 0.5, 0.92), (260, 0.35, 0.93)),
    "dandelion": ((52, 0.98, 0.54), (48, 0.98, 0.53), (55, 0.95, 0.57)),
    "roses": ((352, 0.78, 0.44), (340, 0.7, 0.66), (18, 0.75, 0.72), (44, 0.7, 0.82),
              (46, 0.88, 0.62), (326, 0.62, 0.52), (4, 0.7, 0.55), (350, 0.5, 0.86)),
    "sunflowers": ((46, 0.97, 0.53), (42, 0.98, 0.5), (50, 0.96, 0.56), (36, 0.96, 0.5)),
    "tulips": ((0, 0.78, 0.5), (340, 0.68, 0.64), (50, 0.92, 0.58), (285, 0.38, 0.48),
               (18, 0.9, 0.56), (330, 0.3, 0.9), (312, 0.5, 0.52), (352, 0.75, 0.42)),
}


class Scene:
    """One picture in the making: its random numbers, its light, how each plant looks."""

    def __init__(self, label, seed, width, height, **wish):
        self.label = label
        self.rng = random.Random(f"{label}:{seed}")
        self.sheet = Sheet(width, height)
        self.layout = wish.get("layout") or self.rng.choice(LAYOUTS[label])
        self.setting = wish.get("setting") or self.rng.choice(PLACES[self.layout])
        self.hues = [hsl(*tone) for tone in
                     (wish.get("colors") or [self.rng.choice(COLORS[label])
                                             for _ in range(self.rng.choice((1, 1, 2)))])]
        self.rim = hsl(*wish["rim"]) if "rim" in wish else None
        self.clocks = wish.get("clocks", self.rng.choice((0, 0, 0.5, 1)))
        self.size = wish.get("size", self.rng.uniform(0.85, 1.15))
        self.warmth = wish.get("warmth", self.rng.uniform(-0.03, 0.05))
        where = {k: wish[k] for k in ("hue", "hour") if k in wish}
        self.light = SETTINGS[self.setting](self.sheet, self.rng, **where)
        self.green = hsl(self.rng.uniform(88, 128), self.rng.uniform(0.32, 0.46),
                         self.rng.uniform(0.3, 0.4))
        if self.setting in ("dusk", "shade"):
            self.green = lit(self.green, -0.25)

    def picture(self):
        """Draw everything; a PIL picture in RGB."""
        getattr(self, "_" + self.layout)()
        return self.sheet.finished(self.rng, self.warmth)

    def _layer(self):
        return Sheet(self.sheet.width, self.sheet.height)

    def _across(self, t):
        """A place in the middle square, where `t` goes from -1 to 1."""
        return self.sheet.aspect / 2 + t * 0.5

    def _bloom(self, c, x, y, r, tilt=1.0, turn=0.0):
        rng, color = self.rng, lit(self.rng.choice(self.hues), self.rng.uniform(-0.06, 0.06))
        c.save()
        c.translate(x, y)
        c.rotate(turn)
        c.scale(r, r * tilt)
        if self.label == "dandelion" and rng.random() < self.clocks:
            c.scale(1, 1 / tilt)
            blooms.clock(c, rng, (1, 1, 0.98), self.light,
                         rng.choice((0, 0, 0.25)) if self.layout != "portrait" else 0.0)
        else:
            extra = {"rim": self.rim} if self.label == "tulips" and self.rim else {}
            draw = {"daisy": blooms.daisy, "dandelion": blooms.dandelion, "roses": blooms.rose,
                    "sunflowers": blooms.sunflower, "tulips": blooms.tulip}[self.label]
            draw(c, rng, color, self.light, **extra)
        c.restore()

    def _leaves_on(self, c, x, y, foot, bend, r, down):
        """The leaves along a stem, as the kind of plant has them."""
        rng = self.rng
        if self.label == "roses":
            for i, t in enumerate((0.35, 0.62, 0.85)):
                side = -1 if i % 2 else 1
                px, py = x + (foot - x) * t + bend * 0.7 * math.sin(math.pi * t), y + (down - y) * t
                self._rose_leaf(c, px, py, side, r * rng.uniform(0.75, 1.0))
        elif self.label == "sunflowers":
            for i, t in enumerate((0.4, 0.6, 0.8)):
                side = -1 if i % 2 else 1
                px, py = x + (foot - x) * t + bend * 0.7 * math.sin(math.pi * t), y + (down - y) * t
                self._turned(c, px, py, math.pi / 2 - side * rng.uniform(1.0, 1.6),
                             lambda: blooms.leaf(c, r * 1.15, r * 0.42, lit(
                                 self.green, rng.uniform(-0.12, 0.1)), veins=6))
        elif self.label == "tulips":
            for side in (-1, 1):
                blade(c, foot + side * r * 0.15, down + 0.02,
                      (down - y) * rng.uniform(0.75, 1.05), r * rng.uniform(0.26, 0.36),
                      side * rng.uniform(0.5, 1.0) * r * 1.5,
                      lit(mix(self.green, hsl(150, 0.3, 0.42), 0.4), rng.uniform(-0.1, 0.1)),
                      ribs=9)
        elif self.label == "dandelion":
            for _ in range(4):
                self._turned(c, foot, down + 0.01, -math.pi / 2 + rng.uniform(-1.25, 1.25),
                             lambda: blooms.toothed_leaf(c, rng.uniform(0.24, 0.4), 0.06, lit(
                                 self.green, rng.uniform(-0.2, 0.08))))
        else:
            for _ in range(4):
                self._turned(c, foot, down + 0.01, -math.pi / 2 + rng.uniform(-1.2, 1.2),
                             lambda: blooms.leaf(c, rng.uniform(0.14, 0.26), 0.032, lit(
                                 self.green, rng.uniform(-0.2, 0.08)), veins=3))

    def _rose_leaf(self, c, x, y, side, length):
        """Five toothed leaflets on one stalk."""
        angle = math.pi / 2 - side * self.rng.uniform(1.0, 1.9)
        color = lit(self.green, self.rng.uniform(-0.22, 0.02))

        def leaflets():
            c.set_line_width(length * 0.035)
            c.move_to(0, 0)
            c.line_to(length * 0.6, 0)
            c.set_source_rgb(*lit(color, -0.15))
            c.stroke()
            for at, turn, size in ((0.3, -1.05, 0.42), (0.3, 1.05, 0.42), (0.55, -0.9, 0.5),
                                   (0.55, 0.9, 0.5), (0.58, 0, 0.62)):
                self._turned(c, length * at, 0, turn, lambda s=size: blooms.leaf(
                    c, length * s, length * s * 0.36, lit(color, self.rng.uniform(-0.08, 0.1)),
                    teeth=17))
        self._turned(c, x, y, angle, leaflets)

    @staticmethod
    def _turned(c, x, y, angle, draw):
        c.save()
        c.translate(x, y)
        c.rotate(angle)
        draw()
        c.restore()

    def _plant(self, c, x, y, r, leaves=True, foot=None, down=1.04, lean=0.0):
        """A bloom at (x, y) on its stem, with leaves."""
        rng = self.rng
        foot = x + rng.uniform(-0.09, 0.09) if foot is None else foot
        bend = rng.uniform(-0.05, 0.05)
        thick = r * {"daisy": 0.1, "dandelion": 0.13, "roses": 0.13, "sunflowers": 0.15,
                     "tulips": 0.2}[self.label]
        color = self.green
        if self.label == "dandelion":
            color = mix(hsl(78, 0.35, 0.5), hsl(10, 0.35, 0.45), rng.uniform(0, 0.6))
        hang = r * 0.55 if self.label == "tulips" else 0
        stem(c, x - hang * math.sin(lean), y + hang * math.cos(lean), foot, down, bend, thick,
             color)
        if leaves:
            self._leaves_on(c, x, y, foot, bend, r, down)
        if self.label == "roses":
            for angle in (0.4, 1.2, 1.9, 2.7):
                self._turned(c, x, y + r * 0.25, angle, lambda: blooms.leaf(
                    c, r * 1.0, r * 0.16, lit(self.green, -0.05), veins=2))
        tilt = {"tulips": 1.0, "roses": rng.uniform(0.84, 1)}.get(self.label,
                                                                rng.uniform(0.7, 1))
        turn = rng.uniform(-0.14, 0.14) if self.label == "tulips" else rng.uniform(-0.35, 0.35)
        self._bloom(c, x, y, r, tilt, turn + lean)

    def _radius(self, base):
        scale = {"daisy": 1, "dandelion": 0.88, "roses": 0.92, "sunflowers": 1.1, "tulips": 0.84}
        return base * scale[self.label] * self.size

    def _behind(self, count, low, high, r, blur):
        """Plants of the same kind out of focus."""
        layer = self._layer()
        for _ in range(count):
            y = self.rng.uniform(low, high)
            near = 0.6 + 0.8 * (y - low) / max(high - low, 0.01)
            self._plant(layer.c, self.rng.uniform(0, self.sheet.aspect), y, r * near,
                        leaves=False)
        layer.blur(blur)
        layer.lay_on(self.sheet)

    def _portrait(self):
        if self.rng.random() < 0.6:
            self._behind(self.rng.randint(1, 3), 0.3, 0.75, self._radius(0.13), 0.022)
        layer = self._layer()
        x, y = self._across(self.rng.uniform(-0.12, 0.12)), self.rng.uniform(0.42, 0.5)
        self._plant(layer.c, x, y, self._radius(0.34))
        if self.label == "dandelion" and self.clocks:
            self._wind(layer.c, x, y, self._radius(0.34))
        layer.lay_on(self.sheet)

    def _wind(self, c, x, y, r):
        """Seeds that drift away to one side."""
        side = self.rng.choice((-1, 1))
        for _ in range(self.rng.randint(2, 7)):
            far = self.rng.uniform(1.1, 2.6)
            blooms.drifting(c, self.rng, x + side * r * far,
                            y - r * self.rng.uniform(-0.3, 1.0), r * self.rng.uniform(0.12, 0.2),
                            side * self.rng.uniform(0.1, 0.9), (1, 1, 0.97))

    def _group(self):
        self._behind(self.rng.randint(2, 5), 0.3, 0.7, self._radius(0.1), 0.016)
        layer = self._layer()
        spots = [(-0.52, 0.5, 0.19), (0.5, 0.58, 0.18), (0.02, 0.34, 0.22)]
        if self.rng.random() < 0.5:
            spots = [(-s[0], *s[1:]) for s in spots]
        spots = spots if self.rng.random() < 0.75 else spots[1:]
        for t, y, r in spots:
            self._plant(layer.c, self._across(t + self.rng.uniform(-0.1, 0.1)),
                        y + self.rng.uniform(-0.06, 0.06),
                        self._radius(r * self.rng.uniform(0.9, 1.1)))
        layer.lay_on(self.sheet)

    def _field(self):
        for count, low, high, r, blur in ((46, 0.58, 0.66, 0.018, 0.004),
                                          (30, 0.64, 0.74, 0.036, 0.0035)):
            self._behind(count, low, high, self._radius(r), blur)
        layer = self._layer()
        for row, (count, y, r) in enumerate(((5, 0.64, 0.085), (4, 0.66, 0.13))):
            for i in range(count):
                t = ((i + 0.5) / count * 2 - 1) * self.sheet.aspect
                self._plant(layer.c, self._across(t + self.rng.uniform(-0.13, 0.13)),
                            y + self.rng.uniform(-0.1, 0.12),
                            self._radius(r * self.rng.uniform(0.85, 1.15)), leaves=row == 1)
        self._plant(layer.c, self._across(self.rng.uniform(-0.2, 0.2)),
                    self.rng.uniform(0.4, 0.5), self._radius(0.19))
        layer.lay_on(self.sheet)

    def _patch(self):
        """Seen from above: leaves all over the ground, blooms between them."""
        rng, ground = self.rng, self._layer()
        ground.wash(linear(0, 0, 0, 1, (0, lit(self.green, -0.55), 0.85),
                           (1, lit(self.green, -0.68), 0.9)))
        count = 620 if self.label == "daisy" else 150
        for i in range(count):
            x, y = rng.uniform(-0.1, self.sheet.aspect + 0.1), rng.uniform(-0.1, 1.1)
            color = lit(self.green, -0.5 + 0.5 * i / count + rng.uniform(-0.1, 0.12))
            if self.label == "roses":
                def one():
                    blooms.leaf(ground.c, rng.uniform(0.13, 0.2), rng.uniform(0.045, 0.06), color,
                                teeth=17)
            elif self.label == "dandelion":
                def one():
                    blooms.toothed_leaf(ground.c, rng.uniform(0.22, 0.36), 0.045, color)
            else:
                def one():
                    blade(ground.c, 0, 0, rng.uniform(0.14, 0.3), rng.uniform(0.006, 0.012),
                          rng.gauss(0, 0.05), color)
            self._turned(ground.c, x, y, rng.uniform(0, TURN), one)
        ground.blur(0.0025)
        ground.lay_on(self.sheet)
        layer, spots = self._layer(), []
        base = {"daisy": 0.15, "dandelion": 0.15, "roses": 0.19}[self.label] * self.size
        for _ in range(260):
            x, y = rng.uniform(0, self.sheet.aspect), rng.uniform(0.02, 0.98)
            r = base * rng.uniform(0.75, 1.2)
            if all(math.hypot(x - a, y - b) > (r + s) * 1.02 for a, b, s in spots):
                spots.append((x, y, r))
        for x, y, r in spots[:9]:
            layer.c.arc(x + r * 0.1, y + r * 0.16, r * 1.15, 0, TURN)
            layer.c.set_source(radial(x + r * 0.1, y + r * 0.16, r * 0.5, r * 1.15,
                                      (0, (0, 0.03, 0.05), 0.55), (1, (0, 0.03, 0.05), 0)))
            layer.c.fill()
            self._bloom(layer.c, x, y, r, rng.uniform(0.88, 1), rng.uniform(0, TURN))
        layer.lay_on(self.sheet)

    def _vase(self):
        rng, x = self.rng, self._across(self.rng.uniform(-0.06, 0.06))
        shadow, layer = self._layer(), self._layer()
        tint = hsl(rng.choice((200, 30, 160, 350, 220)), rng.uniform(0.1, 0.4),
                   rng.uniform(0.45, 0.85))
        shadow.c.save()
        shadow.c.translate(x - 0.12 * math.cos(self.light), 0.925)
        shadow.c.scale(0.22, 0.035)
        shadow.c.arc(0, 0, 1, 0, TURN)
        shadow.c.restore()
        shadow.c.set_source_rgba(0.1, 0.06, 0.05, 0.55)
        shadow.c.fill()
        shadow.blur(0.015)
        shadow.lay_on(self.sheet)
        count = rng.randint(5, 7) if self.label != "sunflowers" else 4
        order = [(i / (count - 1) * 2 - 1) for i in range(count)]
        order.sort(key=lambda t: -abs(t))
        for k, t in enumerate(order):
            y = 0.2 + 0.26 * abs(t) ** 1.5 + rng.uniform(-0.03, 0.05) + 0.1 * (k % 2)
            r = self._radius(rng.uniform(0.105, 0.13) if count > 4 else 0.145)
            self._plant(layer.c, x + t * 0.27, y, r, leaves=self.label in ("roses", "sunflowers"),
                        foot=x + t * 0.045, down=0.7, lean=t * 0.5)
        if self.label == "tulips":
            for t in (-1, -0.4, 0.5, 1):
                blade(layer.c, x + t * 0.04, 0.68, rng.uniform(0.22, 0.34), 0.026, t * 0.2,
                      lit(mix(self.green, hsl(150, 0.3, 0.42), 0.4), rng.uniform(-0.15, 0.1)),
                      ribs=7)
        self._pot(layer.c, x, tint)
        layer.lay_on(self.sheet)

    def _pot(self, c, x, tint):
        belly = self.rng.uniform(0.1, 0.14)
        neck = self.rng.uniform(0.06, 0.085)

        def outline():
            c.move_to(x - neck, 0.63)
            c.curve_to(x - neck * 0.8, 0.7, x - belly * 1.2, 0.7, x - belly, 0.82)
            c.curve_to(x - belly * 0.95, 0.9, x - belly * 0.7, 0.93, x - belly * 0.6, 0.93)
            c.line_to(x + belly * 0.6, 0.93)
            c.curve_to(x + belly * 0.7, 0.93, x + belly * 0.95, 0.9, x + belly, 0.82)
            c.curve_to(x + belly * 1.2, 0.7, x + neck * 0.8, 0.7, x + neck, 0.63)
            c.close_path()

        outline()
        c.set_source(linear(x - belly, 0, x + belly, 0, (0, lit(tint, 0.12)),
                            (0.3, lit(tint, 0.35)), (0.6, tint), (1, lit(tint, -0.4))))
        c.fill()
        c.save()
        outline()
        c.clip()
        for y, width in ((0.745, 0.008), (0.765, 0.003)):
            c.move_to(x - 0.2, y)
            c.curve_to(x - 0.08, y + 0.02, x + 0.08, y + 0.02, x + 0.2, y)
            c.set_line_width(width)
            c.set_source_rgba(*lit(tint, -0.4), 0.35)
            c.stroke()
        c.restore()
        c.save()
        c.translate(x, 0.63)
        c.scale(neck, neck * 0.18)
        c.arc(0, 0, 1, 0, TURN)
        c.restore()
        c.set_source_rgba(*lit(tint, -0.55), 0.35)
        c.fill()


def draw(label, seed, width=640, height=480, **wish):
    """The drawing of a label that belongs to a seed, as a PIL picture; `wish` pins choices."""
    return Scene(label, seed, width, height, **wish).picture()
