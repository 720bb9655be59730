# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the flowers stand: each setting paints a whole sheet and knows where its light is."""

import math

from .brush import TURN, Sheet, blade, hsl, linear, lit, mix, radial


def _discs(sheet, rng, count, colors, size, alpha, blur, low=0.0):
    layer = Sheet(sheet.width, sheet.height)
    for _ in range(count):
        x, y = rng.uniform(-0.05, 1.05) * sheet.aspect, rng.uniform(low, 1.05)
        r = rng.uniform(0.35, 1) * size
        color = lit(rng.choice(colors), rng.uniform(-0.2, 0.25))
        layer.c.arc(x, y, r, 0, TURN)
        layer.c.set_source(radial(x, y, 0, r, (0, color, alpha), (0.8, color, alpha),
                                  (0.95, lit(color, 0.25), alpha * 1.1), (1, color, 0)))
        layer.c.fill()
    layer.blur(blur)
    layer.lay_on(sheet)


def _glow(sheet, x, y, reach, color, strength):
    sheet.wash(radial(x, y, 0, reach, (0, color, strength), (0.35, color, strength * 0.45),
                      (1, color, 0)))


def _sun_side(sheet, rng):
    side = rng.choice((0.08, 0.92)) * sheet.aspect
    return side, math.atan2(-1, (side / sheet.aspect - 0.5) * 2.5)


def garden(sheet, rng, hue=None):
    """Foliage far out of focus, with spots of light."""
    hue = rng.uniform(80, 165) if hue is None else hue
    dark, bright = hsl(hue, 0.42, rng.uniform(0.17, 0.3)), hsl(hue - 18, 0.46, 0.56)
    sun, light = _sun_side(sheet, rng)
    sheet.wash(linear(sun, 0, sheet.aspect - sun, 1, (0, bright), (0.5, mix(bright, dark, 0.55)),
                      (1, dark)))
    accent = hsl(rng.uniform(0, 360), 0.45, 0.62)
    _discs(sheet, rng, 34, [dark, bright, hsl(hue + 20, 0.4, 0.35)], 0.26, 0.42, 0.035)
    _discs(sheet, rng, 16, [bright, lit(bright, 0.4), accent], 0.085, 0.3, 0.006)
    _glow(sheet, sun, 0, 1.1, (1, 0.97, 0.8), 0.5)
    return light


def meadow(sheet, rng, hour=None):
    """Sky, hills one behind the other, a meadow in front."""
    hour = hour or rng.choice(("noon", "morning", "evening"))
    top, low, hill, grass = {
        "noon": (hsl(208, 0.62, 0.6), hsl(200, 0.55, 0.86), hsl(150, 0.25, 0.52),
                 hsl(94, 0.42, 0.44)),
        "morning": (hsl(215, 0.45, 0.72), hsl(38, 0.75, 0.88), hsl(190, 0.2, 0.62),
                    hsl(82, 0.4, 0.5)),
        "evening": (hsl(262, 0.35, 0.55), hsl(24, 0.85, 0.76), hsl(285, 0.2, 0.45),
                    hsl(74, 0.36, 0.36)),
    }[hour]
    horizon = rng.uniform(0.46, 0.62)
    sheet.wash(linear(0, 0, 0, horizon, (0, top), (1, low)))
    clouds = Sheet(sheet.width, sheet.height)
    for _ in range(rng.randint(2, 5)):
        cx, cy = rng.uniform(0, sheet.aspect), rng.uniform(0.05, horizon - 0.15)
        for _ in range(9):
            x, y = cx + rng.gauss(0, 0.11), cy + rng.gauss(0, 0.018)
            clouds.c.arc(x, y, rng.uniform(0.02, 0.06), 0, TURN)
            clouds.c.set_source_rgba(*mix(low, (1, 1, 1), 0.75), 0.4)
            clouds.c.fill()
    clouds.blur(0.018)
    clouds.lay_on(sheet, 0.85)
    sun, light = _sun_side(sheet, rng)
    _glow(sheet, sun, horizon - 0.25, 0.7, (1, 0.94, 0.74), 0.6 if hour != "noon" else 0.3)
    land = Sheet(sheet.width, sheet.height)
    for i in range(4):
        y = horizon + 0.055 * i - 0.08
        phase, swing = rng.uniform(0, TURN), rng.uniform(0.015, 0.045)
        land.c.move_to(-0.1, 1.1)
        for k in range(41):
            x = -0.1 + k / 40 * (sheet.aspect + 0.2)
            land.c.line_to(x, y + swing * math.sin(phase + x * (2.2 + i)) +
                           swing * 0.3 * math.sin(7 * x + phase))
        land.c.line_to(sheet.aspect + 0.1, 1.1)
        land.c.close_path()
        shade = mix(hill, grass, i / 3)
        land.c.set_source(linear(0, y - 0.05, 0, y + 0.35, (0, lit(shade, 0.14)), (1, shade)))
        land.c.fill()
    land.c.rectangle(-0.1, horizon + 0.1, sheet.aspect + 0.2, 1)
    land.c.set_source(linear(0, horizon + 0.1, 0, 1, (0, grass, 0), (0.3, grass, 1),
                             (1, lit(grass, -0.45), 1)))
    land.c.fill()
    land.blur(0.008)
    land.lay_on(sheet)
    for depth in (0.012, 0.004):
        blades = Sheet(sheet.width, sheet.height)
        for _ in range(170):
            tall = rng.uniform(0.1, 0.26) * (1 if depth < 0.01 else 0.7)
            blade(blades.c, rng.uniform(-0.05, 1.05) * sheet.aspect,
                  1.03 if depth < 0.01 else rng.uniform(0.8, 0.95), tall,
                  rng.uniform(0.003, 0.007), rng.gauss(0, 0.05),
                  lit(grass, rng.uniform(-0.35, 0.2)))
        blades.blur(depth)
        blades.lay_on(sheet)
    return light


def studio(sheet, rng, hue=None):
    """A plain pastel wall with light that falls in from one side, and a hint of shade."""
    hue = rng.choice((18, 40, 95, 165, 200, 225, 290, 340)) if hue is None else hue
    sun, light = _sun_side(sheet, rng)
    pale = hsl(hue, rng.uniform(0.25, 0.5), rng.uniform(0.74, 0.86))
    sheet.wash(linear(sun, 0, sheet.aspect - sun, 1, (0, lit(pale, 0.35)), (0.55, pale),
                      (1, lit(pale, -0.28))))
    shade = Sheet(sheet.width, sheet.height)
    for _ in range(9):
        shade.c.save()
        shade.c.translate(rng.uniform(0, sheet.aspect), rng.uniform(0, 1))
        shade.c.rotate(rng.uniform(-0.9, -0.3) if sun > 0.5 else rng.uniform(0.3, 0.9))
        shade.c.scale(rng.uniform(0.2, 0.5), rng.uniform(0.03, 0.07))
        shade.c.arc(0, 0, 1, 0, TURN)
        shade.c.restore()
        shade.c.set_source_rgba(*lit(pale, -0.5), 0.16)
        shade.c.fill()
    shade.blur(0.03)
    shade.lay_on(sheet)
    return light


def dusk(sheet, rng, hue=None):
    """A low sun behind dark hills."""
    hue = rng.choice((-35, -10, 10, 22, 32, 40)) if hue is None else hue
    horizon = rng.uniform(0.56, 0.76)
    sheet.wash(linear(0, 0, 0, horizon, (0, hsl(hue + 225, 0.35, 0.32)),
                      (0.5, hsl(hue - 20, 0.5, 0.58)), (1, hsl(hue + 12, 0.9, 0.72))))
    sun, light = _sun_side(sheet, rng)
    sun = mix((sun,), (sheet.aspect / 2,), 0.4)[0]
    _glow(sheet, sun, horizon - 0.12, 0.65, hsl(46, 1, 0.82), 0.85)
    sheet.c.arc(sun, horizon - 0.12, 0.06, 0, TURN)
    sheet.c.set_source_rgba(*hsl(50, 1, 0.93), 0.9)
    sheet.c.fill()
    land = Sheet(sheet.width, sheet.height)
    for i in range(3):
        y, phase = horizon + 0.09 * i, rng.uniform(0, TURN)
        land.c.move_to(-0.1, 1.1)
        for k in range(41):
            x = -0.1 + k / 40 * (sheet.aspect + 0.2)
            land.c.line_to(x, y + 0.03 * math.sin(phase + 3 * x) + 0.01 * math.sin(9 * x))
        land.c.line_to(sheet.aspect + 0.1, 1.1)
        land.c.close_path()
        land.c.set_source_rgb(*mix(hsl(hue + 250, 0.25, 0.36), hsl(110, 0.25, 0.15), i / 2))
        land.c.fill()
    land.blur(0.008)
    land.lay_on(sheet)
    blades = Sheet(sheet.width, sheet.height)
    for _ in range(130):
        blade(blades.c, rng.uniform(-0.05, 1.05) * sheet.aspect, 1.03, rng.uniform(0.08, 0.3),
              rng.uniform(0.003, 0.006), rng.gauss(0, 0.06), hsl(95, 0.3, rng.uniform(0.1, 0.24)))
    blades.blur(0.005)
    blades.lay_on(sheet)
    return light


def shade(sheet, rng, hue=None):
    """Deep shade under leaves, a few shafts of light."""
    hue = rng.choice((150, 170, 195, 215, 130)) if hue is None else hue
    dark = hsl(hue, 0.38, 0.13)
    sun, light = _sun_side(sheet, rng)
    sheet.wash(linear(sun, 0, sheet.aspect - sun, 1, (0, hsl(hue - 25, 0.35, 0.34)), (1, dark)))
    _discs(sheet, rng, 26, [dark, hsl(hue - 20, 0.35, 0.26), hsl(hue + 15, 0.3, 0.2)], 0.24, 0.5,
           0.04)
    _discs(sheet, rng, 10, [hsl(hue - 40, 0.4, 0.5), hsl(hue - 10, 0.35, 0.45)], 0.06, 0.22, 0.005)
    shafts = Sheet(sheet.width, sheet.height)
    for _ in range(4):
        x = sun + rng.uniform(-0.3, 0.3)
        away = (0.7 if sun < sheet.aspect / 2 else -0.7) + rng.uniform(-0.15, 0.15)
        width = rng.uniform(0.02, 0.08)
        shafts.c.move_to(x, -0.05)
        shafts.c.line_to(x + width, -0.05)
        shafts.c.line_to(x + away + width * 3, 1.05)
        shafts.c.line_to(x + away, 1.05)
        shafts.c.close_path()
        shafts.c.set_source(linear(0, 0, 0, 1, (0, (1, 1, 0.85), 0.22), (1, (1, 1, 0.85), 0)))
        shafts.c.fill()
    shafts.blur(0.02)
    shafts.lay_on(sheet)
    return light


def room(sheet, rng, hue=None):
    """A wall, the light of a window on it, a table; its top is at 0.84."""
    hue = rng.choice((28, 45, 150, 200, 215, 350)) if hue is None else hue
    wall = hsl(hue, rng.uniform(0.18, 0.34), rng.uniform(0.66, 0.8))
    sun, light = _sun_side(sheet, rng)
    sheet.wash(linear(sun, 0, sheet.aspect - sun, 1, (0, lit(wall, 0.3)), (1, lit(wall, -0.22))))
    panes = Sheet(sheet.width, sheet.height)
    lean = 0.16 if sun < sheet.aspect / 2 else -0.16
    left = sheet.aspect * (0.1 if lean > 0 else 0.5)
    for row in range(2):
        for column in range(2):
            x, y = left + column * 0.25 + row * lean * 1.1, 0.06 + row * 0.34
            panes.c.move_to(x, y)
            panes.c.line_to(x + 0.22, y + 0.02)
            panes.c.line_to(x + 0.22 + lean, y + 0.33)
            panes.c.line_to(x + lean, y + 0.31)
            panes.c.close_path()
            panes.c.set_source_rgba(1, 0.97, 0.84, 0.42)
            panes.c.fill()
    panes.blur(0.014)
    panes.lay_on(sheet)
    table = hsl(rng.uniform(22, 36), 0.35, rng.uniform(0.36, 0.6))
    sheet.c.rectangle(-0.1, 0.84, sheet.aspect + 0.2, 0.3)
    sheet.c.set_source(linear(0, 0.84, 0, 1, (0, lit(table, 0.25)), (0.08, table),
                              (1, lit(table, -0.2))))
    sheet.c.fill()
    for _ in range(26):
        y = rng.uniform(0.86, 1)
        x = rng.uniform(-0.2, sheet.aspect)
        sheet.c.set_line_width(rng.uniform(0.001, 0.003))
        sheet.c.move_to(x, y)
        sheet.c.line_to(x + rng.uniform(0.2, 0.7), y + rng.uniform(-0.003, 0.003))
        sheet.c.set_source_rgba(*lit(table, rng.choice((-0.35, 0.2))), 0.3)
        sheet.c.stroke()
    return light


SETTINGS = {"garden": garden, "meadow": meadow, "studio": studio, "dusk": dusk, "shade": shade,
            "room": room}
