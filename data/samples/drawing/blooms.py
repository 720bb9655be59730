# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The five flowers and their leaves.

A bloom is drawn around the origin with radius 1; its caller moves, tilts and scales it. Each takes
the context, the random numbers, its main colour and the direction that the light comes from.
"""

import math

from .brush import GOLDEN, TURN, hsl, linear, lit, mix, petal, radial

SHADE = (0.05, 0.04, 0.12)


def _disc(c, radius, center, rim, light):
    lx, ly = math.cos(light) * radius * 0.35, math.sin(light) * radius * 0.35
    c.arc(0, 0.03, radius * 1.12, 0, TURN)
    c.set_source(radial(0, 0.03, radius * 0.8, radius * 1.12, (0, SHADE, 0.45), (1, SHADE, 0)))
    c.fill()
    c.arc(0, 0, radius, 0, TURN)
    c.set_source(radial(lx, ly, 0, radius * 1.3, (0, lit(center, 0.2)), (0.5, center), (1, rim)))
    c.fill()


def _rays(c, rng, count, turn, length, width, base, tip_color, light, **how):
    order = list(range(count))
    rng.shuffle(order)
    for i in order:
        angle = TURN * (i + turn + rng.uniform(-0.22, 0.22)) / count
        reach = length * rng.uniform(0.92, 1.04)
        breadth = width * rng.uniform(0.85, 1.12)
        c.save()
        c.rotate(angle)
        petal(c, reach, breadth, base, tip_color,
              gain=0.14 * math.cos(angle - light) + rng.uniform(-0.05, 0.05), **how)
        c.restore()


def daisy(c, rng, color, light):
    """A ring of many narrow pale rays around a yellow dome."""
    count = rng.randint(13, 19)
    base = mix(color, hsl(75, 0.2, 0.72), 0.45)
    slim = rng.uniform(1.25, 1.6) / count
    for row in (0, 1):
        _rays(c, rng, count, row * 0.5, 1 - 0.06 * row, slim, base, lit(color, -0.1 * (1 - row)),
              light, tip="round", veins=2, shadow=0.2 * row, belly=0.75)
    radius = rng.uniform(0.23, 0.29)
    _disc(c, radius, hsl(48, 0.95, 0.54), hsl(34, 0.9, 0.4), light)
    for i in range(170):
        r = radius * 0.97 * math.sqrt((i + 0.5) / 170)
        a = i * GOLDEN
        x, y = r * math.cos(a), r * math.sin(a)
        facing = (x * math.cos(light) + y * math.sin(light)) / radius
        c.arc(x, y, radius * 0.055, 0, TURN)
        c.set_source_rgba(*lit(hsl(46 - 8 * r / radius, 0.95, 0.52), 0.3 * facing), 0.9)
        c.fill()
        c.arc(x + 0.004, y + 0.006, radius * 0.03, 0, TURN)
        c.set_source_rgba(*hsl(36, 0.9, 0.34), 0.4)
        c.fill()


def sunflower(c, rng, color, light):
    """Two rows of pointed golden rays around a large dark disc of seeds in spirals."""
    radius = rng.uniform(0.38, 0.5)
    count = rng.randint(17, 23)
    deep = mix(color, hsl(26, 0.95, 0.42), 0.6)
    for row in (0, 1):
        _rays(c, rng, count, row * 0.5, 1 - 0.07 * row, 2.25 / count, deep,
              lit(color, -0.14 + 0.14 * row), light, tip="point", veins=3, shadow=0.22 * row,
              belly=0.7)
    _disc(c, radius, hsl(28, 0.55, 0.2), hsl(22, 0.6, 0.13), light)
    seeds = 420
    green = rng.random() < 0.35
    for i in range(seeds):
        part = math.sqrt((i + 0.5) / seeds)
        r, a = radius * part, i * GOLDEN
        x, y = r * math.cos(a), r * math.sin(a)
        facing = (x * math.cos(light) + y * math.sin(light)) / radius
        tone = hsl(74 if green else 36, 0.45, 0.34) if part < 0.36 else (
            hsl(24, 0.6, 0.17) if part < 0.72 else hsl(34, 0.75, 0.36))
        c.arc(x, y, radius * (0.022 + 0.018 * part), 0, TURN)
        c.set_source_rgb(*lit(tone, 0.28 * facing + rng.uniform(-0.08, 0.1)))
        c.fill()


def dandelion(c, rng, color, light):
    """A dense golden head of narrow straps, layer over layer."""
    deep = mix(color, hsl(32, 1, 0.45), 0.55)
    count = 300
    for i in range(count):
        part = 1 - i / count
        reach = (0.2 + 0.8 * part ** 0.7) * rng.uniform(0.86, 1.04)
        angle = i * GOLDEN + rng.uniform(-0.1, 0.1)
        c.save()
        c.rotate(angle)
        petal(c, reach, 0.036 + 0.012 * part, lit(deep, -0.1 * (1 - part)),
              mix(deep, color, 0.35 + 0.65 * part), tip="blunt", veins=1,
              shadow=0.16 if i > 50 else 0,
              gain=0.16 * math.cos(angle - light) + rng.uniform(-0.06, 0.06), belly=0.75)
        c.restore()
    for i in range(46):
        r, a = 0.2 * math.sqrt(i / 46), i * GOLDEN
        x, y = r * math.cos(a), r * math.sin(a)
        c.set_line_width(0.018)
        c.move_to(x * 0.6, y * 0.6)
        c.curve_to(x, y, x * 1.3, y * 1.2, x * 1.3 + rng.uniform(-0.03, 0.03), y * 1.3)
        c.set_source_rgb(*lit(hsl(42, 1, 0.52), rng.uniform(-0.25, 0.2)))
        c.stroke()


def _parachute(c, rng, x, y, dx, dy, depth, size, alpha, color):
    """One seed's umbrella of hairs at (x, y), seen from the side that (dx, dy, depth) gives."""
    norm = math.hypot(dx, dy) or 1
    across = (-dy / norm, dx / norm)
    along = (dx / norm, dy / norm)
    hairs = 15
    c.set_line_width(0.0085)
    for k in range(hairs):
        a = TURN * (k + rng.uniform(-0.3, 0.3)) / hairs
        u = math.cos(a) * size
        v = math.sin(a) * size * abs(depth) + size * 0.4 * (1 - abs(depth))
        c.move_to(x, y)
        c.line_to(x + across[0] * u + along[0] * v, y + across[1] * u + along[1] * v)
    c.set_source_rgba(*color, alpha)
    c.stroke()


def clock(c, rng, color, light, blown=0.0):
    """A dandelion's seed head, a ball of umbrellas; `blown` is the part already in the wind."""
    c.arc(0, 0, 1.0, 0, TURN)
    c.set_source(radial(0, 0, 0.1, 1.0,
                        (0, color, 0.3), (0.75, color, 0.18), (1, color, 0)))
    c.fill()
    seeds = []
    count = 150
    for i in range(count):
        z = 1 - 2 * (i + 0.5) / count
        r, a = math.sqrt(1 - z * z), i * GOLDEN
        seeds.append((z, r * math.cos(a), r * math.sin(a)))
    for z, x, y in sorted(seeds):
        if blown and x - 0.3 * y > 1.2 - 2 * blown and rng.random() < 0.85:
            continue
        near = 0.35 + 0.65 * (z + 1) / 2
        facing = 0.5 + 0.5 * (x * math.cos(light) + y * math.sin(light))
        c.set_line_width(0.010)
        c.move_to(x * 0.17, y * 0.17)
        c.line_to(x * 0.78, y * 0.78)
        c.set_source_rgba(*lit(color, -0.2), 0.4 * near)
        c.stroke()
        _parachute(c, rng, x * 0.78, y * 0.78, x, y, z, 0.27, (0.35 + 0.35 * facing) * near,
                   color)
    c.arc(0, 0, 0.15, 0, TURN)
    c.set_source(radial(-0.04, -0.05, 0, 0.17, (0, hsl(45, 0.35, 0.55)), (1, hsl(30, 0.45, 0.24))))
    c.fill()
    for i in range(60):
        r, a = 0.16 * math.sqrt(i / 60), i * GOLDEN
        c.set_line_width(0.02)
        c.move_to(r * math.cos(a), r * math.sin(a))
        c.line_to(r * 1.35 * math.cos(a), r * 1.35 * math.sin(a))
        c.set_source_rgba(*lit(hsl(28, 0.5, 0.32), rng.uniform(-0.3, 0.3)), 0.9)
        c.stroke()


def drifting(c, rng, x, y, size, angle, color):
    """One seed in the wind: the brown seed, its thread, its umbrella."""
    c.save()
    c.translate(x, y)
    c.rotate(angle)
    c.scale(size, size)
    c.set_line_width(0.045)
    c.move_to(0, 1.0)
    c.line_to(0, 0.1)
    c.set_source_rgba(*color, 0.75)
    c.stroke()
    for k in range(17):
        a = math.pi * (k + 0.5) / 17
        c.move_to(0, 0.1)
        c.curve_to(-0.3 * math.cos(a), -0.05, -0.62 * math.cos(a), -0.2 * math.sin(a),
                   -0.72 * math.cos(a), -0.1 - 0.42 * math.sin(a))
        c.set_line_width(0.03)
        c.set_source_rgba(*color, 0.6)
        c.stroke()
    c.set_line_width(0.12)
    c.move_to(0, 1.0)
    c.line_to(0, 1.25)
    c.set_source_rgb(*hsl(28, 0.5, 0.3))
    c.stroke()
    c.restore()


def _rose_petal(c, rng, reach, spread, color, gain, depth):
    """A broad petal around the origin's +x side, its rim rolled outwards."""
    wave = [rng.uniform(-0.05, 0.05) for _ in range(3)]

    def rim(scale):
        steps = 16
        for i in range(steps + 1):
            t = i / steps * 2 - 1
            a = t * spread
            r = reach * scale * (1 - 0.34 * abs(t) ** 3.2 + wave[0] * math.sin(3 * t)
                                 + wave[1] * math.cos(5 * t) + 0.045 * math.exp(-14 * t * t))
            yield r * math.cos(a), r * math.sin(a)

    def outline(scale):
        points = list(rim(scale))
        c.move_to(-0.12 * reach, 0)
        for x, y in points:
            c.line_to(x, y)
        c.close_path()

    if depth > 0.2:
        outline(1.06)
        c.set_source(radial(0, 0, reach * 0.5, reach * 1.08, (0, SHADE, 0.5), (0.8, SHADE, 0.3),
                            (1, SHADE, 0)))
        c.fill()
    outline(1)
    main = lit(color, gain)
    c.set_source(radial(0, 0, reach * 0.22, reach * 1.02, (0, lit(main, -0.62 - 0.1 * depth)),
                        (0.42, lit(main, -0.26)), (0.78, main), (0.93, lit(main, 0.16)),
                        (1, lit(main, 0.3))))
    c.fill_preserve()
    c.save()
    c.clip()
    c.set_line_width(0.007)
    for _ in range(9):
        a = rng.uniform(-0.85, 0.85) * spread
        c.move_to(reach * 0.3 * math.cos(a), reach * 0.3 * math.sin(a))
        c.line_to(reach * 0.95 * math.cos(a * 1.04), reach * 0.95 * math.sin(a * 1.04))
        c.set_source_rgba(*lit(main, -0.4), 0.16)
        c.stroke()
    c.restore()
    for width, shade, alpha in ((0.06, 0.2, 0.4), (0.016, 0.42, 0.6)):
        for i, (x, y) in enumerate(rim(0.985)):
            (c.move_to if i == 0 else c.line_to)(x, y)
        c.set_line_width(width * (0.35 + 0.65 * reach))
        c.set_source_rgba(*lit(main, shade), alpha)
        c.stroke()


def rose(c, rng, color, light, lift=0.18):
    """Broad petals in a spiral that closes towards a tight heart."""
    count = rng.randint(19, 24)
    turn = rng.uniform(0, TURN)
    for i in range(count):
        part = i / (count - 1)
        reach = (1 - part) ** 0.8 * 0.9 + 0.11
        spread = 0.72 + 0.62 * part
        angle = turn + i * GOLDEN
        gain = 0.16 * math.cos(angle - light) - 0.16 * part + rng.uniform(-0.04, 0.04)
        c.save()
        c.translate(0, -lift * part)
        c.rotate(angle)
        _rose_petal(c, rng, reach * rng.uniform(0.95, 1.04), spread, color, gain, part)
        c.restore()
    c.translate(0, -lift)
    heart = lit(color, -0.3)
    c.arc(0, 0, 0.095, 0, TURN)
    c.set_source(radial(0, 0, 0, 0.1, (0, lit(heart, -0.2)), (1, heart)))
    c.fill()
    for i in range(22):
        a = turn + i * 0.42
        r = 0.012 + 0.0042 * i
        c.set_line_width(0.02)
        c.arc(0, 0, r, a, a + 0.46)
        c.set_source_rgba(*lit(color, 0.16 + 0.1 * math.sin(a - light)), 0.9)
        c.stroke()


def _cup(c, points, base, main, tip_color, streak, rng, side):
    """One petal of a tulip: its outline, colours from bottom to tip, streaks, round shading."""
    (x0, y0), curves = points[0], points[1:]
    for shadow in (True, False):
        c.save()
        if shadow:
            c.translate(0.018, 0.022)
        c.move_to(x0, y0)
        for curve in curves:
            c.curve_to(*curve)
        c.close_path()
        if shadow:
            c.set_source_rgba(*SHADE, 0.22)
            c.fill()
            c.restore()
            continue
        c.set_source(linear(0, 0.55, 0, -1.0, (0, base), (0.22, mix(base, main, 0.75)),
                            (0.55, main), (1, tip_color)))
        c.fill_preserve()
        c.clip()
        c.set_line_width(0.016)
        for i in range(17):
            t = (i / 16 - 0.5) * 2
            c.move_to(t * 0.12, 0.62)
            c.curve_to(side * 0.2 + t * 0.62, 0.2, side * 0.3 + t * 0.55, -0.4,
                       side * 0.34 + t * 0.16, -1.1)
            c.set_source_rgba(*(lit(streak, 0.2) if i % 2 else lit(streak, -0.3)),
                              rng.uniform(0.1, 0.3))
            c.stroke()
        c.set_source(linear(side * 0.3 - 0.55, 0, side * 0.3 + 0.55, 0, (0, (1, 1, 1), 0.2),
                            (0.4, (1, 1, 1), 0.04), (0.65, SHADE, 0.06), (1, SHADE, 0.34)))
        c.paint()
        c.set_source(linear(0, 0.6, 0, 0, (0, SHADE, 0.25), (1, SHADE, 0)))
        c.paint()
        c.restore()
        c.move_to(x0, y0)
        for curve in curves:
            c.curve_to(*curve)
        c.set_line_width(0.014)
        c.set_source_rgba(*lit(tip_color, 0.4), 0.45)
        c.stroke()


def tulip(c, rng, color, light, rim=None):
    """A cup of six petals from the side, its bottom at (0, 0.6), its tips near (0, -1)."""
    del light
    flare = rng.uniform(-0.02, 0.16)
    rim = rim or lit(color, 0.22)
    base = mix(lit(color, 0.25), hsl(68, 0.55, 0.7), 0.45)
    back = lit(color, -0.22)
    for side in (-1, 1):
        tip = side * (0.2 + flare * 0.6)
        _cup(c, [(0, 0.6), (side * 0.5, 0.3, side * 0.5, -0.5, tip, -0.96),
                 (tip - side * 0.3, -0.6, -side * 0.2, 0.1, 0, 0.6)],
             lit(base, -0.2), back, lit(rim, -0.15), back, rng, side * 0.4)
    for side in (-1, 1):
        tip = side * (0.46 + flare)
        high = -0.84 + rng.uniform(-0.06, 0.06)
        _cup(c, [(0, 0.62),
                 (side * 0.62, 0.55, side * 0.78, -0.15, tip, high),
                 (side * 0.22, high + 0.28, side * 0.02, -0.15, 0, 0.62)],
             base, color, rim, color, rng, side)
    lean = rng.uniform(-0.08, 0.08)
    top = -0.8 + rng.uniform(-0.08, 0.08)
    _cup(c, [(0, 0.64), (-0.55, 0.5, -0.54, -0.28, lean, top),
             (0.54, -0.28, 0.55, 0.5, 0, 0.64)], base, lit(color, 0.06), rim, color, rng, 0)


def _leaf_outline(c, length, width, teeth):
    """An egg-shaped leaf along +x; with teeth, its edge is a saw."""
    steps = max(teeth, 14)
    for side in (-1, 1):
        for i in range(steps + 1):
            t = i / steps if side < 0 else 1 - i / steps
            w = width * 1.06 * math.sin(math.pi * t ** 0.75) ** 0.8
            x = length * t
            if i == 0 and side < 0:
                c.move_to(x, 0)
            c.line_to(x, side * w)
            if teeth and i < steps:
                nudge = length / steps * 0.35
                c.line_to(x - nudge * 0.4 * side * -1, side * w * 0.9)
    c.close_path()


def leaf(c, length, width, color, teeth=0, veins=5):
    """A broad leaf along +x with a midrib and side veins, one half in the light."""
    _leaf_outline(c, length, width, teeth)
    c.set_source(linear(0, -width, 0, width, (0, lit(color, 0.18)), (0.48, lit(color, 0.02)),
                        (0.52, lit(color, -0.2)), (1, lit(color, -0.08))))
    c.fill_preserve()
    c.save()
    c.clip()
    c.set_line_width(width * 0.055)
    c.set_source_rgba(*lit(color, 0.38), 0.6)
    c.move_to(0, 0)
    c.line_to(length, 0)
    c.stroke()
    c.set_line_width(width * 0.035)
    for i in range(1, veins + 1):
        x = length * i / (veins + 1.5)
        for side in (-1, 1):
            c.move_to(x, 0)
            c.curve_to(x + length * 0.08, side * width * 0.4, x + length * 0.14,
                       side * width * 0.7, x + length * 0.22, side * width)
            c.stroke()
    c.restore()


def toothed_leaf(c, length, width, color):
    """A dandelion's leaf along +x: lobes that point back to its root."""
    lobes = 5

    def half(side):
        points = []
        for i in range(lobes):
            t, step = (i + 0.3) / (lobes + 0.6), 1 / (lobes + 0.6)
            w = side * width * (0.5 + 0.75 * math.sin(math.pi * (i + 1.2) / (lobes + 1.6)))
            points += [(t * length, w * 0.22), ((t - 0.1 * step) * length, w),
                       ((t + 0.45 * step) * length, w * 0.74), ((t + 0.8 * step) * length, w * 0.3)]
        return points

    def outline():
        c.move_to(0, 0)
        for x, y in half(-1):
            c.line_to(x, y)
        c.curve_to(length * 0.94, -width * 0.95, length * 1.02, -width * 0.3, length, 0)
        c.curve_to(length * 1.02, width * 0.3, length * 0.94, width * 0.95, *half(1)[-1])
        for x, y in reversed(half(1)):
            c.line_to(x, y)
        c.close_path()

    outline()
    c.set_source(linear(0, -width, 0, width, (0, lit(color, 0.15)), (0.5, color),
                        (0.53, lit(color, -0.2)), (1, lit(color, -0.1))))
    c.fill()
    c.set_line_width(width * 0.1)
    c.move_to(0, 0)
    c.line_to(length * 0.96, 0)
    c.set_source_rgba(*lit(color, 0.4), 0.6)
    c.stroke()
