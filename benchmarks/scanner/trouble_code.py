"""Trouble with the code itself: print, paper, size, surroundings.

Each function takes a random generator and a strength from 0 to 1, and returns pixels and texts.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.scanner.drawing import (
    HEIGHT,
    WIDTH,
    Gray,
    Random,
    defocused,
    drawn,
    link,
    modules,
    noisy,
    place,
    scene,
    shot,
)

Made = tuple[Gray, tuple[str, ...]]


def logo(random: Random, strength: float) -> Made:
    """A disc in the middle, up to 28 % of the side wide, on level H."""

    def with_logo(dark: NDArray[np.bool_]) -> Gray:
        code = drawn(dark)
        middle, half = code.shape[0] // 2, int(code.shape[0] * (0.07 + 0.07 * strength))
        cv2.rectangle(code, (middle - half - 9, middle - half - 9), (middle + half + 9, middle + half + 9), 255, -1)
        cv2.circle(code, (middle, middle), half, int(random.integers(0, 200)), -1)
        return code

    frame, text, _ = shot(random, level="H", code=with_logo)
    return noisy(random, frame), (text,)


def damage(random: Random, strength: float) -> Made:
    """Scratches across the code."""

    def scratched(dark: NDArray[np.bool_]) -> Gray:
        code = drawn(dark)
        n = code.shape[0]
        for _ in range(int(2 + 6 * strength)):
            start = random.uniform(0.1, 0.9, 2) * n
            end = start + random.uniform(-0.3, 0.3, 2) * n
            ends = [(int(x), int(y)) for x, y in (start, end)]
            cv2.line(code, ends[0], ends[1], int(random.integers(0, 256)), int(5 + 12 * strength))
        return code

    frame, text, _ = shot(random, level="Q" if random.random() < 0.5 else "M", code=scratched)
    return noisy(random, frame), (text,)


def torn_finder(random: Random, strength: float) -> Made:
    """A hole in one of the three finder patterns."""

    def torn(dark: NDArray[np.bool_]) -> Gray:
        code = drawn(dark)
        n = code.shape[0]
        x, y = ((0.17, 0.17), (0.83, 0.17), (0.17, 0.83))[int(random.integers(3))]
        cv2.circle(code, (int(x * n), int(y * n)), int(n * (0.03 + 0.06 * strength)), 255, -1)
        return code

    frame, text, _ = shot(random, level="Q", code=torn)
    return noisy(random, frame), (text,)


def inverted(random: Random, strength: float) -> Made:
    """Light modules on dark."""
    black, white = int(random.integers(200, 256)), int(random.integers(0, 80))
    frame, text, _ = shot(random, code=lambda dark: drawn(dark, black=black, white=white))
    return noisy(random, frame), (text,)


def low_contrast(random: Random, strength: float) -> Made:
    """Two similar greys."""
    black = int(random.integers(40, 190))
    white = min(255, black + int(70 - 52 * strength))
    frame, text, _ = shot(random, code=lambda dark: drawn(dark, black=black, white=white))
    return noisy(random, frame, 2), (text,)


def tiny(random: Random, strength: float) -> Made:
    """Down to 1.5 pixels per module."""
    frame, text, _ = shot(random, module_px=2.8 - 1.3 * strength)
    return noisy(random, frame, 2), (text,)


def huge(random: Random, strength: float) -> Made:
    """A slightly soft picture of 12 megapixels."""
    text = link(random)
    dark = modules(text)
    frame = scene(random, 4000, 3000)
    module_px = float(random.uniform(12, 45)) if random.random() < 0.5 else float(random.uniform(3, 10))
    place(frame, drawn(dark, 20), module_px, len(dark) + 8, turn=float(random.uniform(-12, 12)))
    return noisy(random, defocused(frame, 1 + 1.5 * strength), 4, 85), (text,)


def two(random: Random, strength: float) -> Made:
    """Two codes side by side."""
    texts = (link(random), link(random))
    frame = scene(random)
    for number, text in enumerate(texts):
        dark = modules(text)
        module_px = 0.44 * WIDTH / (len(dark) + 8)
        centre = (WIDTH * (0.26 + 0.48 * number), HEIGHT / 2 + float(random.uniform(-90, 90)))
        place(frame, drawn(dark), module_px, len(dark) + 8, centre, float(random.uniform(-5, 5)))
    return noisy(random, frame), texts


def stylised(random: Random, strength: float) -> Made:
    """Dots instead of squares, grey on off-white."""

    def dots(dark: NDArray[np.bool_]) -> Gray:
        n, scale = len(dark), 16
        code = np.full(((n + 8) * scale,) * 2, int(random.integers(225, 256)), np.uint8)
        ink, radius = int(random.integers(0, 100)), int(scale / 2 * (0.95 - 0.3 * strength))
        for y, x in np.argwhere(dark):
            centre = (int((x + 4.5) * scale), int((y + 4.5) * scale))
            if (y < 7 or y >= n - 7) and (x < 7 or x >= n - 7) and not (y >= n - 7 and x >= n - 7):
                corner = (centre[0] - scale // 2, centre[1] - scale // 2)
                cv2.rectangle(code, corner, (corner[0] + scale - 1, corner[1] + scale - 1), ink, -1)
            else:
                cv2.circle(code, centre, radius, ink, -1, cv2.LINE_AA)
        return code

    frame, text, _ = shot(random, level="Q", code=dots)
    return noisy(random, frame), (text,)


def curved(random: Random, strength: float) -> Made:
    """Wrapped around a can, over up to 120 degrees."""

    def round_a_can(dark: NDArray[np.bool_]) -> Gray:
        code = drawn(dark)
        n = code.shape[0]
        half = math.radians(20 + 40 * strength)
        u = np.linspace(-1, 1, n)
        across = np.arcsin(u * math.sin(half)) / half
        bow = (np.cos(np.arcsin(u * math.sin(half))) - math.cos(half)) * n * 0.12
        map_x = np.repeat((((across + 1) / 2) * (n - 1))[None].astype(np.float32), n, axis=0)
        map_y = (np.arange(n)[:, None] - bow[None] + n * 0.03).astype(np.float32)
        return np.asarray(cv2.remap(code, map_x, map_y, cv2.INTER_LINEAR, borderValue=255), np.uint8)

    frame, text, _ = shot(random, code=round_a_can, module_px=5.5)
    return noisy(random, frame), (text,)


def no_quiet_zone(random: Random, strength: float) -> Made:
    """A quiet zone of one module or none, on a dark scene."""
    text = link(random)
    dark = modules(text)
    frame = (scene(random) * 0.25).astype(np.uint8)
    quiet = 0 if strength > 0.5 else 1
    module_px = float(random.uniform(3.5, 6))
    place(frame, drawn(dark, quiet=quiet), module_px, len(dark) + 2 * quiet, turn=float(random.uniform(-10, 10)))
    return noisy(random, frame), (text,)
