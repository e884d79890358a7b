"""Trouble with the shot: angle, light, lens, hand, sensor.

Each function takes a random generator and a strength from 0 to 1, and returns pixels and texts.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.scanner.drawing import HEIGHT, WIDTH, Gray, Random, defocused, drawn, moved, noisy, place, scene, shot

Made = tuple[Gray, tuple[str, ...]]


def clean(random: Random, strength: float) -> Made:
    """Only a small turn, noise and JPEG."""
    frame, text, _ = shot(random)
    return noisy(random, frame), (text,)


def rotation(random: Random, strength: float) -> Made:
    """Any angle, small and a little soft."""
    frame, text, _ = shot(random, turn=360 * strength, module_px=3.2)
    return noisy(random, cv2.GaussianBlur(frame, (0, 0), 0.8).astype(np.uint8), 4), (text,)


def perspective(random: Random, strength: float) -> Made:
    """Seen from 20 to 65 degrees off axis."""
    way, size = random.uniform(0, 2 * math.pi), 20 + 45 * strength
    tilt = (size * math.cos(way), size * math.sin(way))
    frame, text, _ = shot(random, tilt=tilt, turn=float(random.uniform(-30, 30)), module_px=5.5)
    return noisy(random, frame), (text,)


def motion(random: Random, strength: float) -> Made:
    """Motion blur of up to 2.6 modules."""
    frame, text, module_px = shot(random)
    return noisy(random, moved(random, frame, module_px * (0.6 + 2.0 * strength))), (text,)


def defocus(random: Random, strength: float) -> Made:
    """Defocus of up to 1.2 modules."""
    frame, text, module_px = shot(random)
    return noisy(random, defocused(frame, module_px * (0.4 + 0.8 * strength))), (text,)


def low_light(random: Random, strength: float) -> Made:
    """Down to a twentieth of the light, with grain."""
    frame, text, _ = shot(random)
    light = frame * (0.18 - 0.13 * strength)
    grain = random.normal(0, 1, frame.shape) * (1.4 + 0.8 * np.sqrt(light)) * (0.8 + strength)
    return noisy(random, np.clip((light + grain) * 1.5 + 6, 0, 255).astype(np.uint8), 0.5, 80), (text,)


def jpeg(random: Random, strength: float) -> Made:
    """Quality 22 down to 8."""
    frame, text, _ = shot(random, module_px=float(random.uniform(2.4, 4)))
    return noisy(random, frame, 2, int(22 - 14 * strength)), (text,)


def moire(random: Random, strength: float) -> Made:
    """Photographed off a monitor: pixel grid and rolling bands."""
    pitch = int(random.integers(3, 6))

    def on_screen(dark: NDArray[np.bool_]) -> Gray:
        code = drawn(dark).astype(np.float32)
        code[:, ::pitch] *= 0.55
        code[::pitch, :] *= 0.65
        return np.asarray(np.clip(code * 1.2 + 15, 0, 255), np.uint8)

    frame, text, _ = shot(random, code=on_screen, tilt=(float(random.uniform(-20, 20)), float(random.uniform(-20, 20))))
    rows = np.arange(HEIGHT)[:, None]
    bands = 1 + 0.3 * (0.3 + strength) * np.sin(rows / random.uniform(10, 40) + random.uniform(0, 6))
    return noisy(random, np.clip(frame * bands, 0, 255).astype(np.uint8), 3, 80), (text,)


def glare(random: Random, strength: float) -> Made:
    """A lamp's reflection on the code."""
    frame, text, module_px = shot(random, tilt=(float(random.uniform(-20, 20)), 0.0), module_px=6)
    side = module_px * 40
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    u, v = (x - WIDTH / 2) / side - random.uniform(-0.3, 0.3), (y - HEIGHT / 2) / side - random.uniform(-0.3, 0.3)
    spot = np.exp(-(u * u + v * v * random.uniform(0.5, 2)) / (0.06 + 0.15 * strength) ** 2)
    return noisy(random, np.clip(frame + 330 * spot, 0, 255).astype(np.uint8)), (text,)


def shadow(random: Random, strength: float) -> Made:
    """The hard or soft edge of a shadow across the code."""
    frame, text, _ = shot(random)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    angle = random.uniform(0, math.pi)
    across = (x - WIDTH / 2) * math.cos(angle) + (y - HEIGHT / 2) * math.sin(angle)
    light = 1 / (1 + np.exp(-np.clip(across / random.uniform(2, 50), -50, 50)))
    dark = 0.5 - 0.38 * strength
    return noisy(random, (frame * (dark + (1 - dark) * light)).astype(np.uint8)), (text,)


def webcam(random: Random, strength: float) -> Made:
    """Tilted, soft, dim and grainy at once."""
    tilt = (float(random.uniform(-35, 35)), float(random.uniform(-35, 35)))
    frame, text, module_px = shot(random, module_px=3.6, turn=float(random.uniform(-25, 25)), tilt=tilt)
    frame = defocused(frame, module_px * (0.15 + 0.4 * strength))
    frame = moved(random, frame, module_px * (0.3 + 0.5 * strength)) if random.random() < 0.6 else frame
    dim = np.clip(frame * random.uniform(0.35, 0.9) + random.uniform(0, 30), 0, 255).astype(np.uint8)
    return noisy(random, dim, 3 + 6 * strength, int(75 - 30 * strength)), (text,)


def nothing(random: Random, strength: float) -> Made:
    """No code: a scene, and in about half of the pictures boxes of random modules."""
    frame = scene(random)
    if random.random() < 0.5:  # random black and white boxes resemble modules most
        cells = random.integers(0, 2, (40, 40)).astype(np.uint8) * 255
        place(frame, drawn(cells > 0, quiet=4), 6, 48, turn=float(random.uniform(-40, 40)))
    return noisy(random, frame, 2 + 10 * strength), ()
