"""A seeded corpus of QR codes under 21 kinds of trouble, drawn from nothing: no picture is loaded.

Every picture is a scene, a code placed in it in perspective, and one kind of trouble whose strength grows from
the first picture of its kind to the last. The same seed gives the same bytes.
"""

import math
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import qrcode
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Random = np.random.Generator

_ALPHABET = list(string.ascii_letters + string.digits + "-_")
_LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}
_WIDTH, _HEIGHT = 800, 600


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture: its kind, its number within the kind, its pixels, and the texts that stand in it."""

    kind: str
    number: int
    gray: Gray
    texts: tuple[str, ...]


def corpus(per_kind: int = 12, seed: int = 20_260) -> Iterator[Sample]:
    """Yield `per_kind` pictures of every kind, then as many `nothing`, without a code."""
    for index, (kind, make) in enumerate(KINDS.items()):
        for number in range(per_kind):
            random = np.random.default_rng((seed, index, number))
            strength = (number + 0.5) / per_kind
            gray, texts = make(random, strength)
            yield Sample(kind, number, gray, texts)


# ---- building blocks


def link(random: Random) -> str:
    """Return a link of 60 to 110 characters with a random secret."""
    length = int(random.integers(30, 80))
    return "https://app.example.org/join/#" + "".join(random.choice(_ALPHABET, length))


def modules(text: str, level: str = "M") -> NDArray[np.bool_]:
    """Return the modules of a code, True dark."""
    code: Any = qrcode.QRCode(error_correction=_LEVELS[level], border=0)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return np.array(code.get_matrix(), bool)


def drawn(dark: NDArray[np.bool_], scale: int = 12, quiet: int = 4, black: int = 0, white: int = 255) -> Gray:
    """Return modules as pixels with their quiet zone."""
    padded = np.pad(dark, quiet)
    return np.kron(np.where(padded, black, white).astype(np.uint8), np.ones((scale, scale), np.uint8))


def scene(random: Random, width: int = _WIDTH, height: int = _HEIGHT) -> Gray:
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
    fine = 3  # drawn this many times larger and averaged down, as a sensor's pixels average
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
    """Return `gray` with sensor noise and what JPEG does to it."""
    grainy = np.clip(gray + random.normal(0, sigma, gray.shape), 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", grainy, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def defocused(gray: Gray, radius: float) -> Gray:
    """Return `gray` seen by a lens that spreads a point over a disk."""
    reach = math.ceil(radius)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    return np.asarray(cv2.filter2D(gray, -1, kernel / kernel.sum()), np.uint8)


def moved(random: Random, gray: Gray, length: float) -> Gray:
    """Return `gray` smeared by a hand that moves along a slight arc."""
    reach = math.ceil(length) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    angle, bend = random.uniform(0, math.pi), random.uniform(-0.15, 0.15)
    for t in np.linspace(-0.5, 0.5, 64):
        x = reach + length * t * math.cos(angle + bend * t)
        y = reach + length * t * math.sin(angle + bend * t)
        kernel[round(y), round(x)] += 1
    kernel = cv2.GaussianBlur(kernel, (0, 0), 0.5)
    return np.asarray(cv2.filter2D(gray, -1, kernel / kernel.sum()), np.uint8)


def _shot(random: Random, *, level: str = "M", module_px: float | None = None, **how: Any) -> tuple[Gray, str, float]:
    """Return a scene with one upright code in it, its text, and the width of a module in pixels."""
    text = link(random)
    dark = modules(text, level)
    frame = scene(random)
    module_px = module_px or float(random.uniform(3.5, 6))
    module_px = min(module_px, 0.96 * _HEIGHT / (len(dark) + 8))
    how.setdefault("turn", float(random.uniform(-12, 12)))
    spread = 0.5 * max(0.0, _HEIGHT - module_px * (len(dark) + 8) * 1.2)
    centre = (_WIDTH / 2 + random.uniform(-1, 1) * spread, _HEIGHT / 2 + random.uniform(-0.9, 0.9) * spread)
    code = how.pop("code", drawn)(dark)
    place(frame, code, module_px, len(dark) + 8, centre, **how)
    return frame, text, module_px


# ---- kinds of trouble: (random, strength 0 to 1) -> pixels and texts

Made = tuple[Gray, tuple[str, ...]]


def _clean(random: Random, strength: float) -> Made:
    frame, text, _ = _shot(random)
    return noisy(random, frame), (text,)


def _rotation(random: Random, strength: float) -> Made:
    frame, text, _ = _shot(random, turn=360 * strength, module_px=3.2)
    return noisy(random, cv2.GaussianBlur(frame, (0, 0), 0.8).astype(np.uint8), 4), (text,)


def _perspective(random: Random, strength: float) -> Made:
    way, size = random.uniform(0, 2 * math.pi), 20 + 45 * strength
    tilt = (size * math.cos(way), size * math.sin(way))
    frame, text, _ = _shot(random, tilt=tilt, turn=float(random.uniform(-30, 30)), module_px=5.5)
    return noisy(random, frame), (text,)


def _motion(random: Random, strength: float) -> Made:
    frame, text, module_px = _shot(random)
    return noisy(random, moved(random, frame, module_px * (0.6 + 2.0 * strength))), (text,)


def _defocus(random: Random, strength: float) -> Made:
    frame, text, module_px = _shot(random)
    return noisy(random, defocused(frame, module_px * (0.4 + 0.8 * strength))), (text,)


def _low_light(random: Random, strength: float) -> Made:
    frame, text, _ = _shot(random)
    light = frame * (0.18 - 0.13 * strength)
    grain = random.normal(0, 1, frame.shape) * (1.4 + 0.8 * np.sqrt(light)) * (0.8 + strength)
    return noisy(random, np.clip((light + grain) * 1.5 + 6, 0, 255).astype(np.uint8), 0.5, 80), (text,)


def _jpeg(random: Random, strength: float) -> Made:
    frame, text, _ = _shot(random, module_px=float(random.uniform(2.4, 4)))
    return noisy(random, frame, 2, int(22 - 14 * strength)), (text,)


def _moire(random: Random, strength: float) -> Made:
    pitch = int(random.integers(3, 6))

    def on_screen(dark: NDArray[np.bool_]) -> Gray:
        code = drawn(dark).astype(np.float32)
        code[:, ::pitch] *= 0.55
        code[::pitch, :] *= 0.65
        return np.clip(code * 1.2 + 15, 0, 255).astype(np.uint8)

    frame, text, _ = _shot(
        random, code=on_screen, tilt=(float(random.uniform(-20, 20)), float(random.uniform(-20, 20)))
    )
    rows = np.arange(_HEIGHT)[:, None]
    bands = 1 + 0.3 * (0.3 + strength) * np.sin(rows / random.uniform(10, 40) + random.uniform(0, 6))
    return noisy(random, np.clip(frame * bands, 0, 255).astype(np.uint8), 3, 80), (text,)


def _glare(random: Random, strength: float) -> Made:
    frame, text, module_px = _shot(random, tilt=(float(random.uniform(-20, 20)), 0.0), module_px=6)
    side = module_px * 40
    y, x = np.mgrid[:_HEIGHT, :_WIDTH]
    u, v = (x - _WIDTH / 2) / side - random.uniform(-0.3, 0.3), (y - _HEIGHT / 2) / side - random.uniform(-0.3, 0.3)
    spot = np.exp(-(u * u + v * v * random.uniform(0.5, 2)) / (0.06 + 0.15 * strength) ** 2)
    return noisy(random, np.clip(frame + 330 * spot, 0, 255).astype(np.uint8)), (text,)


def _logo(random: Random, strength: float) -> Made:
    def with_logo(dark: NDArray[np.bool_]) -> Gray:
        code = drawn(dark)
        middle, half = code.shape[0] // 2, int(code.shape[0] * (0.07 + 0.07 * strength))
        cv2.rectangle(code, (middle - half - 9, middle - half - 9), (middle + half + 9, middle + half + 9), 255, -1)
        cv2.circle(code, (middle, middle), half, int(random.integers(0, 200)), -1)
        return code

    frame, text, _ = _shot(random, level="H", code=with_logo)
    return noisy(random, frame), (text,)


def _damage(random: Random, strength: float) -> Made:
    def scratched(dark: NDArray[np.bool_]) -> Gray:
        code = drawn(dark)
        n = code.shape[0]
        for _ in range(int(2 + 6 * strength)):
            start = random.uniform(0.1, 0.9, 2) * n
            end = start + random.uniform(-0.3, 0.3, 2) * n
            ends = [(int(x), int(y)) for x, y in (start, end)]
            cv2.line(code, ends[0], ends[1], int(random.integers(0, 256)), int(5 + 12 * strength))
        return code

    frame, text, _ = _shot(random, level="Q" if random.random() < 0.5 else "M", code=scratched)
    return noisy(random, frame), (text,)


def _torn_finder(random: Random, strength: float) -> Made:
    def torn(dark: NDArray[np.bool_]) -> Gray:
        code = drawn(dark)
        n = code.shape[0]
        x, y = ((0.17, 0.17), (0.83, 0.17), (0.17, 0.83))[int(random.integers(3))]
        cv2.circle(code, (int(x * n), int(y * n)), int(n * (0.03 + 0.06 * strength)), 255, -1)
        return code

    frame, text, _ = _shot(random, level="Q", code=torn)
    return noisy(random, frame), (text,)


def _inverted(random: Random, strength: float) -> Made:
    black, white = int(random.integers(200, 256)), int(random.integers(0, 80))
    frame, text, _ = _shot(random, code=lambda dark: drawn(dark, black=black, white=white))
    return noisy(random, frame), (text,)


def _low_contrast(random: Random, strength: float) -> Made:
    black = int(random.integers(40, 190))
    white = min(255, black + int(70 - 52 * strength))
    frame, text, _ = _shot(random, code=lambda dark: drawn(dark, black=black, white=white))
    return noisy(random, frame, 2), (text,)


def _tiny(random: Random, strength: float) -> Made:
    frame, text, _ = _shot(random, module_px=2.8 - 1.3 * strength)
    return noisy(random, frame, 2), (text,)


def _huge(random: Random, strength: float) -> Made:
    text = link(random)
    dark = modules(text)
    frame = scene(random, 4000, 3000)
    module_px = float(random.uniform(12, 45)) if random.random() < 0.5 else float(random.uniform(3, 10))
    place(frame, drawn(dark, 20), module_px, len(dark) + 8, turn=float(random.uniform(-12, 12)))
    return noisy(random, defocused(frame, 1 + 1.5 * strength), 4, 85), (text,)


def _two(random: Random, strength: float) -> Made:
    texts = (link(random), link(random))
    frame = scene(random)
    for number, text in enumerate(texts):
        dark = modules(text)
        module_px = 0.44 * _WIDTH / (len(dark) + 8)
        centre = (_WIDTH * (0.26 + 0.48 * number), _HEIGHT / 2 + float(random.uniform(-90, 90)))
        place(frame, drawn(dark), module_px, len(dark) + 8, centre, float(random.uniform(-5, 5)))
    return noisy(random, frame), texts


def _stylised(random: Random, strength: float) -> Made:
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

    frame, text, _ = _shot(random, level="Q", code=dots)
    return noisy(random, frame), (text,)


def _curved(random: Random, strength: float) -> Made:
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

    frame, text, _ = _shot(random, code=round_a_can, module_px=5.5)
    return noisy(random, frame), (text,)


def _no_quiet_zone(random: Random, strength: float) -> Made:
    text = link(random)
    dark = modules(text)
    frame = (scene(random) * 0.25).astype(np.uint8)
    quiet = 0 if strength > 0.5 else 1
    module_px = float(random.uniform(3.5, 6))
    place(frame, drawn(dark, quiet=quiet), module_px, len(dark) + 2 * quiet, turn=float(random.uniform(-10, 10)))
    return noisy(random, frame), (text,)


def _shadow(random: Random, strength: float) -> Made:
    frame, text, _ = _shot(random)
    y, x = np.mgrid[:_HEIGHT, :_WIDTH]
    angle = random.uniform(0, math.pi)
    across = (x - _WIDTH / 2) * math.cos(angle) + (y - _HEIGHT / 2) * math.sin(angle)
    light = 1 / (1 + np.exp(-np.clip(across / random.uniform(2, 50), -50, 50)))
    dark = 0.5 - 0.38 * strength
    return noisy(random, (frame * (dark + (1 - dark) * light)).astype(np.uint8)), (text,)


def _webcam(random: Random, strength: float) -> Made:
    tilt = (float(random.uniform(-35, 35)), float(random.uniform(-35, 35)))
    frame, text, module_px = _shot(random, module_px=3.6, turn=float(random.uniform(-25, 25)), tilt=tilt)
    frame = defocused(frame, module_px * (0.15 + 0.4 * strength))
    frame = moved(random, frame, module_px * (0.3 + 0.5 * strength)) if random.random() < 0.6 else frame
    dim = np.clip(frame * random.uniform(0.35, 0.9) + random.uniform(0, 30), 0, 255).astype(np.uint8)
    return noisy(random, dim, 3 + 6 * strength, int(75 - 30 * strength)), (text,)


def _nothing(random: Random, strength: float) -> Made:
    frame = scene(random)
    if random.random() < 0.5:  # what most resembles modules: boxes of random grey
        cells = random.integers(0, 2, (40, 40)).astype(np.uint8) * 255
        place(frame, drawn(cells > 0, quiet=4), 6, 48, turn=float(random.uniform(-40, 40)))
    return noisy(random, frame, 2 + 10 * strength), ()


KINDS: dict[str, Callable[[Random, float], Made]] = {
    "clean": _clean,
    "rotation": _rotation,
    "perspective": _perspective,
    "motion": _motion,
    "defocus": _defocus,
    "low light": _low_light,
    "jpeg": _jpeg,
    "moire": _moire,
    "glare": _glare,
    "logo": _logo,
    "damage": _damage,
    "torn finder": _torn_finder,
    "inverted": _inverted,
    "low contrast": _low_contrast,
    "tiny": _tiny,
    "huge": _huge,
    "two": _two,
    "stylised": _stylised,
    "curved": _curved,
    "no quiet zone": _no_quiet_zone,
    "shadow": _shadow,
    "webcam": _webcam,
    "nothing": _nothing,
}
