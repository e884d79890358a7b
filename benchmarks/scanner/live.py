"""Measure the cost of a frame: with no code, in a cluttered scene, and until a code coming into focus is read.

    python -m benchmarks.scanner.live [--frames 60] [--codes 8] [--write docs/performance.md]

Frames are drawn at 1280x720, with an unsteady hand, sensor noise and JPEG artefacts. Times are CPU time of one core,
worker processes included, compared with zxing-cpp alone on the same frames in the same run.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import zxingcpp

from benchmarks.report import Goal, replace_section
from benchmarks.scanner.__main__ import cpu_ms
from benchmarks.scanner.drawing import Gray, Random, defocused, drawn, link, modules, noisy, place, scene
from mobile_app.scanner.engines.isolate import pool
from mobile_app.scanner.video.frames import FrameReader

WIDTH, HEIGHT = 1280, 720
_SWAY_PX = 40
NOTHING_GOAL_MS, CODE_GOAL_MS = 3, 12


@dataclass
class Watched:
    """A stream of frames: the cost per frame and the first frame whose text was read, for ours and for zxing-cpp."""

    name: str
    ours_ms: float
    zxing_ms: float
    ours_first: int | None = None
    zxing_first: int | None = None


def swaying(random: Random, picture: Gray, count: int) -> list[Gray]:
    """Return `count` frames of a larger picture, held by an unsteady hand."""
    frames, at, speed = [], np.full(2, _SWAY_PX / 2), np.zeros(2)
    for _ in range(count):
        speed = 0.7 * speed + random.normal(0, 2, 2)
        at = np.clip(at + speed, 0, _SWAY_PX)
        x, y = at.astype(int)
        frames.append(noisy(random, picture[y : y + HEIGHT, x : x + WIDTH], 3.0, 80))
    return frames


def cluttered(random: Random, count: int) -> list[Gray]:
    """Return frames of a busy scene without a code: boxes and shading, letters, a window blind."""
    picture = scene(random, WIDTH + _SWAY_PX, HEIGHT + _SWAY_PX)
    for _ in range(12):
        text = link(random)
        at = (int(random.uniform(-100, WIDTH)), int(random.uniform(0, HEIGHT)))
        size, ink = float(random.uniform(0.4, 1.4)), int(random.integers(0, 80))
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, ink, 2)
    x, y = int(random.uniform(0, WIDTH - 300)), int(random.uniform(0, HEIGHT - 200))
    picture[y : y + 200 : 9, x : x + 300] = 230
    return swaying(random, picture, count)


def focusing(random: Random, count: int) -> tuple[list[Gray], str]:
    """Return frames in which a small code comes into focus, and its text."""
    text = link(random)
    dark = modules(text)
    module_px, tilt = float(random.uniform(1.8, 3.2)), tuple(float(angle) for angle in random.uniform(-40, 40, 2))
    blur_px, fades = float(random.uniform(1.5, 4)), float(random.uniform(8, 25))
    background = scene(random, WIDTH, HEIGHT)
    at, speed, frames = np.array([WIDTH / 2, HEIGHT / 2]), np.zeros(2), []
    for number in range(count):
        speed = 0.7 * speed + random.normal(0, 3, 2)
        at = np.clip(at + speed, (400, 250), (880, 470))
        frame = background.copy()
        turn = float(random.uniform(-4, 4))
        place(frame, drawn(dark), module_px, len(dark) + 8, (float(at[0]), float(at[1])), turn, (tilt[0], tilt[1]))
        frame = defocused(frame, blur_px * float(np.exp(-number / fades)) + 0.5)
        frames.append(noisy(random, np.clip(0.6 * frame + 8, 0, 255).astype(np.uint8), 5.0, 75))
    return frames, text


def watched(name: str, frames: list[Gray], text: str = "") -> Watched:
    """Read `frames` with both readers until one finds `text` or the frames end."""
    reader = FrameReader()

    def zxing(frame: Gray) -> list[str]:
        qr, plain = zxingcpp.BarcodeFormat.QRCode, zxingcpp.TextMode.Plain
        return [barcode.text for barcode in zxingcpp.read_barcodes(frame, formats=qr, text_mode=plain)]

    ours = _until_read(lambda frame: [code.text for code in reader.read(frame)], frames, text)
    peer = _until_read(zxing, frames, text)
    return Watched(name, ours[0], peer[0], ours[1], peer[1])


def _until_read(read: Callable[[Gray], list[str]], frames: list[Gray], text: str) -> tuple[float, int | None]:
    began = cpu_ms()
    for number, frame in enumerate(frames):
        texts = read(frame)
        if set(texts) - {text}:
            raise AssertionError(f"read what is not there: {texts}")
        if text in texts:
            return (cpu_ms() - began) / (number + 1), number
    return (cpu_ms() - began) / len(frames), None


def measure(frames: int, codes: int) -> list[Watched]:
    """Read every stream with both readers."""
    cv2.setNumThreads(1)
    pool().read("zbar", np.zeros((64, 64), np.uint8))  # starting the pool does not count as a frame's cost
    random = np.random.default_rng(1)
    FrameReader().read(scene(random, WIDTH, HEIGHT))
    wall = np.full((HEIGHT + _SWAY_PX, WIDTH + _SWAY_PX), 120, np.uint8)
    dim = [noisy(random, frame, 7.0, 80) for frame in swaying(random, wall // 3, frames)]
    streams = [watched("a wall", swaying(random, wall, frames)), watched("a wall in dim light", dim)]
    for number in range(3):
        scene_frames = cluttered(np.random.default_rng((2, number)), frames)
        streams.append(watched(f"clutter {number + 1}", scene_frames))
    for number in range(codes):
        sharpening, text = focusing(np.random.default_rng((3, number)), 40)
        streams.append(watched(f"code {number + 1} coming into focus", sharpening, text))
    return streams


def report(streams: list[Watched]) -> str:
    """Return the table and the goals."""
    lines = [
        "| frames | ours, ms | zxing-cpp, ms | ratio | read in frame | zxing-cpp |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for seen in streams:
        firsts = ("" if not seen.name.startswith("code") else "-" if first is None else str(first + 1)
                  for first in (seen.ours_first, seen.zxing_first))  # fmt: skip
        ratio = seen.ours_ms / seen.zxing_ms
        lines.append(f"| {seen.name} | {seen.ours_ms:.1f} | {seen.zxing_ms:.1f} | {ratio:.1f} | {' | '.join(firsts)} |")
    codes = [seen for seen in streams if seen.name.startswith("code")]
    nothing = [seen.ours_ms for seen in streams if seen not in codes]
    goals = [
        Goal("a frame with nothing there, on average", float(np.mean(nothing)), NOTHING_GOAL_MS, "ms", at_most=True),
        Goal("a frame with a code, on average", _mean_ms(codes), CODE_GOAL_MS, "ms", at_most=True),
    ]
    return "\n".join(lines) + "\n\n" + "\n".join(goal.line() for goal in goals)


def _mean_ms(codes: list[Watched]) -> float:
    return float(np.mean([seen.ours_ms for seen in codes])) if codes else 0.0


def main() -> None:
    """Measure and print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--codes", type=int, default=8)
    parser.add_argument("--write", type=Path, help="replace the section of this Markdown file")
    options = parser.parse_args()
    began = time.perf_counter()
    text = report(measure(options.frames, options.codes))
    print(f"{text}\n\n{time.perf_counter() - began:.0f} s")
    if options.write:
        command = f"python -m benchmarks.scanner.live --frames {options.frames} --codes {options.codes}"
        replace_section(options.write, "Scanner, live", command, text)


if __name__ == "__main__":
    main()
