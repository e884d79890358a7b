"""Draw the seeded corpus: codes, scenes, perspective, and the effects of lenses, hands and JPEG."""

import math
import string
from typing import Any

import cv2
import numpy as np
import qrcode
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Random = np.random.Generator

WIDTH, HEIGHT = 800, 600
_ALPHABET = list(string.ascii_letters + string.digits + "-_")
_LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}


def link(random: Random) -> str:
    """Return a link of 60 to 110 characters with a random secret."""
    length = int(random.integers(30, 80))
    return "https://app.example.org/join/#" + "".join(random.choice(_ALPHABET, length))


def modules(text: str, level: str = "M") -> NDArray[np.bool_]:
    """Return the modules of a code; True is dark."""
    code: Any = qrcode.QRCode(error_correction=_LEVELS[level], border=0)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return np.array(code.get_matrix(), bool)


def drawn(dark: NDArray[np.bool_], scale: int = 12, quiet: int = 4, black: int = 0, white: int = 255) -> Gray:
    """Return modules as pixels with their quiet zone."""
    padded = np.pad(dark, quiet)
    return np.kron(np.where(padded, black, white).astype(np.uint8), np.ones((scale, scale), np.uint8))


def scene(random: Random, width: int = WIDTH, height: int = HEIGHT) -> Gray:
    """Return a background: soft shading, boxes, strokes and text-like texture."""
    small = random.normal(0, 1, (height // 40 + 2, width // 40 + 2)).astype(np.float32)
    shading = cv2.resize(cv2.GaussianBlur(small, (0, 0), 2), (width, height), interpolation=cv2.INTER_CUBIC)
    picture = 140 + 60 * shading / max(0.1, float(np.abs(shading).max()))
    for _ in range(int(random.integers(3, 9))):
        x, y = int(random.uniform(0, width)), int(random.uniform(0, height))
        size = (int(random.uniform(20, width / 3)), int(random.uniform(20, height / 3)))
        cv2.rectangle(picture, (x, y), (x + size[0], y + size[1]), float(random.uniform(20, 240)), -1)
    smooth = np.clip(picture, 0, 255).astype(np.uint8)
    for _ in range(int(random.integers(0, 60))):
        at = (int(random.uniform(0, width)), int(random.uniform(0, height)))
        letter, size, ink = str(random.choice(_ALPHABET)), float(random.uniform(0.4, 1.5)), int(random.integers(0, 90))
        cv2.putText(smooth, letter, at, cv2.FONT_HERSHEY_SIMPLEX, size, ink, 2)
    return np.asarray(cv2.GaussianBlur(smooth, (0, 0), 0.8), np.uint8)


def place(
    frame: Gray,
    code: Gray,
    module_px: float,
    code_modules: int,
    centre: tuple[float, float] | None = None,
    turn: float = 0.0,
    tilt: tuple[float, float] = (0.0, 0.0),
) -> None:
    """Draw `code`, `code_modules` wide with its quiet zone, into `frame`; angles in degrees."""
    height, width = frame.shape
    side = min(module_px * code_modules, 0.96 * min(height, width))
    x0, y0 = centre or (width / 2, height / 2)
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    sines = [math.sin(math.radians(angle)) for angle in tilt]
    cosines = [math.cos(math.radians(angle)) for angle in tilt]
    corners = []
    for u, v in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
        x, y = (u * cos - v * sin) * side, (u * sin + v * cos) * side
        depth = 1 + (x * sines[0] + y * sines[1]) / (2.2 * side)
        corners.append((x0 + x * cosines[0] / depth, y0 + y * cosines[1] / depth))
    n = code.shape[0]
    fine = 3  # draw this many times larger and average down, as a sensor's pixels do
    source = np.array([[0, 0], [n, 0], [n, n], [0, n]], np.float32)
    target = np.array(corners, np.float32)
    low = np.maximum(0, np.floor(target.min(axis=0)).astype(int) - 1)
    high = np.minimum((width, height), np.ceil(target.max(axis=0)).astype(int) + 1)
    matrix = cv2.getPerspectiveTransform(source, ((target - low) * fine).astype(np.float32))
    size = tuple(int(v) for v in (high - low) * fine)
    sheet = cv2.warpPerspective(code, matrix, size, flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(np.full_like(code, 255), matrix, size, flags=cv2.INTER_LINEAR)
    small = tuple(int(v) for v in high - low)
    sheet = cv2.resize(sheet, small, interpolation=cv2.INTER_AREA).astype(np.float32)
    share = cv2.resize(cover, small, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    part = frame[low[1] : high[1], low[0] : high[0]]
    part[:] = np.clip(sheet + part * (1 - share), 0, 255).astype(np.uint8)


def noisy(random: Random, gray: Gray, sigma: float = 3.0, quality: int = 88) -> Gray:
    """Return `gray` with sensor noise and JPEG artefacts."""
    grainy = np.clip(gray + random.normal(0, sigma, gray.shape), 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", grainy, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def defocused(gray: Gray, radius: float) -> Gray:
    """Return `gray` seen through a lens that spreads each point over a disk."""
    reach = math.ceil(radius)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    return np.asarray(cv2.filter2D(gray, -1, kernel / kernel.sum()), np.uint8)


def moved(random: Random, gray: Gray, length: float) -> Gray:
    """Return `gray` smeared by a hand moving along a slight arc."""
    reach = math.ceil(length) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    angle, bend = random.uniform(0, math.pi), random.uniform(-0.15, 0.15)
    for t in np.linspace(-0.5, 0.5, 64):
        x = reach + length * t * math.cos(angle + bend * t)
        y = reach + length * t * math.sin(angle + bend * t)
        kernel[round(y), round(x)] += 1
    kernel = cv2.GaussianBlur(kernel, (0, 0), 0.5)
    return np.asarray(cv2.filter2D(gray, -1, kernel / kernel.sum()), np.uint8)


def shot(random: Random, *, level: str = "M", module_px: float | None = None, **how: Any) -> tuple[Gray, str, float]:
    """Return a scene with one upright code in it, its text, and the width of a module in pixels."""
    text = link(random)
    dark = modules(text, level)
    frame = scene(random)
    module_px = module_px or float(random.uniform(3.5, 6))
    module_px = min(module_px, 0.96 * HEIGHT / (len(dark) + 8))
    how.setdefault("turn", float(random.uniform(-12, 12)))
    spread = 0.5 * max(0.0, HEIGHT - module_px * (len(dark) + 8) * 1.2)
    centre = (WIDTH / 2 + random.uniform(-1, 1) * spread, HEIGHT / 2 + random.uniform(-0.9, 0.9) * spread)
    code = how.pop("code", drawn)(dark)
    place(frame, code, module_px, len(dark) + 8, centre, **how)
    return frame, text, module_px
