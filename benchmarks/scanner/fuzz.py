"""Feed damaged files to the scanner and look for crashes, hangs, memory growth and unexpected errors.

python -m benchmarks.scanner.fuzz [--files 10000] [--seed 1]
"""

import argparse
import io
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import qrcode
from PIL import Image

from mobile_app.scanner import UnreadableImage, scan_image
from mobile_app.scanner.engines.isolate import pool

TEXT = "https://app.example.org/l#AAECAwQFBgcICQoLDA0ODw"
_SAVED: tuple[tuple[str, dict[str, object]], ...] = (
    ("PNG", {}),
    ("PNG", {"mode": "RGBA"}),
    ("PNG", {"mode": "P"}),
    ("JPEG", {}),
    ("JPEG", {"progressive": True}),
    ("JPEG", {"mode": "CMYK"}),
    ("WEBP", {}),
    ("WEBP", {"lossless": True}),
    ("GIF", {}),
    ("GIF", {"frames": True}),
    ("BMP", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("TIFF", {"mode": "I;16"}),
    ("TIFF", {"mode": "CMYK"}),
    ("PNG", {"mode": "I;16"}),
    ("TIFF", {"compression": "jpeg"}),
    ("AVIF", {}),
)


@dataclass
class Outcome:
    """How the scanner coped with the damaged files."""

    results: Counter[str] = field(default_factory=Counter)
    slowest_ms: float = 0.0
    wrong: list[str] = field(default_factory=list)
    memory_mb: list[int] = field(default_factory=list)
    workers_mb: list[int] = field(default_factory=list)


def seeds() -> list[bytes]:
    """Return an undamaged file of every format, with a code in it."""
    code = qrcode.QRCode(border=4, box_size=5)
    code.add_data(TEXT)
    code.make(fit=True)
    picture = code.make_image().get_image().convert("RGB")
    files = []
    for file_format, options in _SAVED:
        settings = dict(options)
        image = converted(picture, str(settings.pop("mode", "RGB")))
        if settings.pop("frames", False):
            settings.update(save_all=True, append_images=[image.rotate(90), image.rotate(180)])
        out = io.BytesIO()
        image.save(out, file_format, **settings)
        files.append(out.getvalue())
    return files


def converted(picture: Image.Image, mode: str) -> Image.Image:
    """Return `picture` in another mode; Pillow itself does not scale values to 16 bit."""
    if mode != "I;16":
        return picture.convert(mode)
    return Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 200 + 3000)


def damaged(count: int, seed: int) -> Iterator[bytes]:
    """Yield `count` files with bits flipped, parts cut, repeated or swapped between files, or sizes inflated."""
    random = np.random.default_rng(seed)
    whole = seeds()
    for _ in range(count):
        data = bytearray(whole[int(random.integers(len(whole)))])
        how = int(random.integers(6))
        places = random.integers(0, len(data), int(2 ** random.integers(0, 8)))
        if how == 0:
            for place in places:
                data[place] ^= 1 << int(random.integers(8))
        elif how == 1:
            for place in places[:16]:
                data[place % min(len(data), 200)] = int(random.integers(256))
        elif how == 2:
            del data[int(random.integers(len(data))) :]
        elif how == 3:
            start = int(places[0])
            data[start:start] = data[start : start + int(random.integers(1, 400))] * int(random.integers(1, 8))
        elif how == 4:
            other = whole[int(random.integers(len(whole)))]
            data[int(places[0]) :] = other[int(random.integers(len(other))) :]
        else:
            start = int(random.integers(0, min(len(data) - 4, 60)))
            data[start : start + 4] = bytes(random.choice([0, 1, 0x7F, 0x80, 0xFF], 4).astype(np.uint8))
        yield bytes(data)


def attack(count: int, seed: int) -> Outcome:
    """Scan `count` damaged files and count the results; any error but UnreadableImage propagates."""
    outcome = Outcome()
    for number, data in enumerate(damaged(count, seed)):
        began = time.perf_counter()
        try:
            texts = [code.text for code in scan_image(data, budget_ms=100)]
            outcome.results["read" if texts else "no code"] += 1
            outcome.wrong += [text for text in texts if text != TEXT]
        except UnreadableImage as error:
            outcome.results[error.reason] += 1
        outcome.slowest_ms = max(outcome.slowest_ms, (time.perf_counter() - began) * 1e3)
        if number % max(1, count // 10) == 0:
            outcome.memory_mb.append(resident_mb(os.getpid()))
            outcome.workers_mb.append(max(map(resident_mb, pool().process_ids()), default=0))
    return outcome


def resident_mb(process_id: int) -> int:
    """Return the resident memory of a process in MB, or 0 if the system does not report it."""
    try:
        pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // (1024 * 1024)


def main() -> None:
    """Scan the damaged files and print the results; the exit code is 1 if the scanner made up a text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    Image.init()
    began = time.perf_counter()
    outcome = attack(options.files, options.seed)
    print(f"{options.files} files in {time.perf_counter() - began:.0f} s, slowest {outcome.slowest_ms:.0f} ms")
    print(", ".join(f"{reason} {count}" for reason, count in outcome.results.most_common()))
    print(f"wrong texts {len(outcome.wrong)}; memory by tenth, MB: {outcome.memory_mb}, a worker {outcome.workers_mb}")
    if outcome.wrong:
        sys.exit("The scanner read texts that no picture holds.")


if __name__ == "__main__":
    main()
